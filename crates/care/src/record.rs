//! The record of a client: its entries in time order, whoever they were filed under.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::entry::{Decision, Entry, Verdict};
use crate::ids::{ClientId, NaturalKey};

/// All entries about one client, in the order of [`Entry::order`], each once.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    /// Whose record it is.
    pub client: ClientId,
    entries: Vec<&'a Entry>,
}

impl<'a> Record<'a> {
    /// The record of a client from entries in any order; of copies of one entry the first is kept.
    pub fn new(client: ClientId, entries: impl IntoIterator<Item = &'a Entry>) -> Record<'a> {
        let mut entries: Vec<&Entry> = entries.into_iter().collect();
        entries.sort_unstable_by_key(|entry| (entry.order(), entry.id()));
        let mut seen = FxHashSet::with_capacity_and_hasher(entries.len(), Default::default());
        entries.retain(|entry| seen.insert(entry.of()));
        Record { client, entries }
    }

    /// Its entries in time order.
    pub fn entries(&self) -> &[&'a Entry] {
        &self.entries
    }
}

/// The decisions that nobody has taken back, in their order; takings-back themselves are left out.
pub fn in_force<'a>(decisions: impl IntoIterator<Item = &'a Decision>) -> Vec<&'a Decision> {
    let mut decisions: Vec<&Decision> = decisions.into_iter().collect();
    decisions.sort_unstable_by_key(|decision| (decision.at, decision.key, decision.entry));
    let mut seen = FxHashSet::default();
    decisions.retain(|decision| seen.insert(decision.key));
    let mut against: FxHashMap<NaturalKey, Vec<NaturalKey>> = FxHashMap::default();
    for decision in &decisions {
        if let Verdict::TakenBack { decision: target } = decision.what {
            against.entry(target).or_default().push(decision.key);
        }
    }
    let mut known = FxHashMap::default();
    decisions.retain(|decision| {
        stands(decision.key, &against, &mut known) && !matches!(decision.what, Verdict::TakenBack { .. })
    });
    decisions
}

/// A decision stands unless a taking-back that stands points at it.
fn stands(
    key: NaturalKey,
    against: &FxHashMap<NaturalKey, Vec<NaturalKey>>,
    known: &mut FxHashMap<NaturalKey, bool>,
) -> bool {
    if let Some(&stands) = known.get(&key) {
        return stands;
    }
    // Until it is known, it does not stand: so two that take each other back end here.
    known.insert(key, false);
    let result =
        against.get(&key).is_none_or(|backs| !backs.iter().any(|&back| stands(back, against, known)));
    known.insert(key, result);
    result
}
