//! What people decided about entries of a record, ready to be asked while it is folded.

use std::borrow::Cow;

use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::acts::{Act, ActKind};
use crate::entry::{Decision, Of, Verdict};
use crate::ids::{NaturalKey, StaffId};

/// The decisions in force that change how entries are read, and what others point at.
#[derive(Debug, Default)]
pub(super) struct Rulings<'a> {
    needed: FxHashSet<NaturalKey>,
    readings: FxHashMap<Of, Vec<&'a Decision>>,
    confirmed: FxHashSet<(Of, Of)>,
    barred: FxHashSet<(Of, Of)>,
}

/// A passage that the reader took for a promise, and a person did not.
pub(super) struct Denied<'a> {
    pub(super) act: &'a Act,
    pub(super) at: Timestamp,
    pub(super) by: StaffId,
    pub(super) decision: Of,
}

impl<'a> Rulings<'a> {
    pub(super) fn new(decisions: impl Iterator<Item = &'a Decision>) -> Rulings<'a> {
        let mut rulings = Rulings::default();
        for decision in decisions {
            match &decision.what {
                Verdict::AnswerNeeded { message } => {
                    rulings.needed.insert(*message);
                }
                Verdict::NotThatAct { of, .. } | Verdict::ThatAct { of, .. } => {
                    rulings.readings.entry(*of).or_default().push(decision);
                }
                Verdict::Confirmed { opened, ended } => {
                    rulings.confirmed.insert((*opened, *ended));
                }
                Verdict::NotTheEnd { opened, ended } => {
                    rulings.barred.insert((*opened, *ended));
                }
                _ => {}
            }
        }
        rulings
    }

    /// What was decided about how entries ended others, which a later entry may do as well.
    pub(super) fn about_endings(self) -> Rulings<'static> {
        Rulings { confirmed: self.confirmed, barred: self.barred, ..Rulings::default() }
    }

    /// A person said that this message needs an answer.
    pub(super) fn is_needed(&self, message: NaturalKey) -> bool {
        self.needed.contains(&message)
    }

    /// A person said that `ended` really ended what `opened` opened.
    pub(super) fn is_confirmed(&self, mut opened: impl Iterator<Item = Of>, ended: Of) -> bool {
        !self.confirmed.is_empty() && opened.any(|opened| self.confirmed.contains(&(opened, ended)))
    }

    /// A person said that `ended` did not end what `opened` opened.
    pub(super) fn is_barred(&self, mut opened: impl Iterator<Item = Of>, ended: Of) -> bool {
        !self.barred.is_empty() && opened.any(|opened| self.barred.contains(&(opened, ended)))
    }

    /// The acts of an entry as the reader saw them and people corrected them.
    pub(super) fn acts(&self, of: Of, acts: &'a [Act]) -> Cow<'a, [Act]> {
        let Some(readings) = self.readings.get(&of) else { return Cow::Borrowed(acts) };
        let mut corrected: Vec<Act> =
            acts.iter().filter(|act| denial(readings, act).is_none()).cloned().collect();
        for decision in readings {
            if let Verdict::ThatAct { act, .. } = &decision.what {
                corrected.push(Act { confidence: 1.0, ..act.clone() });
            }
        }
        corrected.sort_by_key(|act| (act.start, act.end, act.kind));
        Cow::Owned(corrected)
    }

    /// What the reader took for promises or holds, and people did not.
    pub(super) fn denied(&self, of: Of, acts: &'a [Act]) -> Vec<Denied<'a>> {
        let Some(readings) = self.readings.get(&of) else { return Vec::new() };
        let words = acts.iter().filter(|act| act.kind == ActKind::Promise);
        words
            .filter_map(|act| {
                let decision = denial(readings, act)?;
                Some(Denied { act, at: decision.at, by: decision.by, decision: Of::Decision(decision.key) })
            })
            .collect()
    }
}

/// The decision that a passage is not this act. A hold over a denied promise is denied with it, and the reverse.
fn denial<'a>(readings: &[&'a Decision], act: &Act) -> Option<&'a Decision> {
    let is_word = |kind| matches!(kind, ActKind::Promise | ActKind::Hold);
    readings.iter().copied().find(|decision| match decision.what {
        Verdict::NotThatAct { passage: (start, end), kind, .. } => {
            (kind == act.kind || is_word(kind) && is_word(act.kind)) && start < act.end && act.start < end
        }
        _ => false,
    })
}
