//! What came into a record since it was packed or folded whole.

use care::entry::Entry;
use care::fold::Step;
use care::obligation::{Obligation, ObligationId};
use rustc_hash::FxHashSet;

use super::Known;

/// What steps added to a record, and what they changed of what is owed.
#[derive(Debug, Default)]
pub(in crate::record) struct Later {
    pub(super) entries: Vec<Entry>,
    changed: Vec<Obligation>,
    gone: Vec<ObligationId>,
}

impl Later {
    /// What one step did.
    pub(in crate::record) fn of(entries: Vec<Entry>, step: Step) -> Later {
        Later { entries, changed: step.changed, gone: step.gone }
    }

    pub(super) fn is_none(&self) -> bool {
        self.entries.is_empty() && self.changed.is_empty() && self.gone.is_empty()
    }

    /// Then this came.
    pub(super) fn then(&mut self, next: Later) {
        let is_told: FxHashSet<ObligationId> = next.told().collect();
        self.changed.retain(|owed| !is_told.contains(&owed.id));
        self.gone.retain(|id| !is_told.contains(id));
        self.entries.extend(next.entries);
        self.changed.extend(next.changed);
        self.gone.extend(next.gone);
    }

    /// The record with it.
    pub(super) fn put_into(self, known: &mut Known) {
        let is_told: FxHashSet<ObligationId> = self.told().collect();
        known.owed.retain(|owed| !is_told.contains(&owed.id));
        known.entries.extend(self.entries);
        known.owed.extend(self.changed);
    }

    fn told(&self) -> impl Iterator<Item = ObligationId> + '_ {
        self.changed.iter().map(|owed| owed.id).chain(self.gone.iter().copied())
    }
}
