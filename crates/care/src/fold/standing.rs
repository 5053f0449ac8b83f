//! A fold that goes on: what is remembered of a record between its last entry and the next.
//!
//! Of thousands of entries a letter can touch what is open, and a few sums. So a [`Standing`] holds these and nothing of
//! what has ended, and one letter more is a step. It is never more than a shorter way: a step gives exactly what folding
//! the whole record gives, and where it could not (a decision, an entry that is not the latest, one that others point
//! at already) there is none. It holds for the book by which it was folded.

use jiff::Timestamp;
use rustc_hash::FxHashSet;

use super::order::Event;
use super::out::{Out, Places};
use super::rulings::Rulings;
use super::{Fold, answer, callback, check_in, decisions, promise, question, second_tie, sorted};
use crate::book::FirmBook;
use crate::entry::{Decision, Entry};
use crate::ids::{ClientId, NaturalKey, StaffId};
use crate::obligation::{Obligation, ObligationId};
use crate::record::Record;

/// Those that have ended are forgotten once they are more than those that are open, and more than so many.
const FEW: usize = 16;

/// Where the fold of a record stands after its last entry.
#[derive(Debug)]
pub struct Standing {
    client: ClientId,
    /// The moments of its first and last event.
    first: Timestamp,
    last: Timestamp,
    /// What is answered or judged in the record, and has not come.
    awaited: FxHashSet<NaturalKey>,
    remembered: Remembered,
    /// Decisions about the client as such, at the moment they take effect.
    upkeep: Vec<(Timestamp, Decision)>,
    /// What later entries may touch.
    open: Vec<Obligation>,
    /// What followed from the record as a whole.
    whole: Vec<Obligation>,
}

/// What one step changed of what is owed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Step {
    /// What is new or another than it was.
    pub changed: Vec<Obligation>,
    /// What never was: a check-in that would have opened, had nobody written.
    pub gone: Vec<ObligationId>,
}

/// Everything that is or was owed to a client, as [`super::fold`] gives it, and where the fold stands; it stands nowhere
/// where nothing has happened yet.
pub fn fold_and_stand(record: &Record<'_>, book: &FirmBook) -> (Vec<Obligation>, Option<Standing>) {
    let decided = decisions(record);
    let (mut fold, events) = Fold::of(record, book, &decided);
    let Some((first, last)) = events.first().map(|e| e.at).zip(events.last().map(|e| e.at)) else {
        fold.finish(None);
        return (sorted(fold.out.into_all()), None);
    };
    let judged = decided.iter().filter_map(|(_, decision)| Some(decision.what.judges()?.key()));
    let mut awaited: FxHashSet<NaturalKey> = judged.collect();
    awaited.extend(record.entries().iter().filter_map(|entry| answers(entry)));
    for entry in record.entries() {
        awaited.remove(&entry.key());
    }
    awaited.shrink_to_fit();

    let whole = fold.finish_apart(first);
    let upkeep = fold.upkeep.iter().map(|(at, decision)| (*at, (*decision).clone())).collect();
    let mut owed = std::mem::take(&mut fold.out).into_all();
    let places = Places::of(owed.iter().map(|owed| owed.ended.is_none()));
    let open = owed.iter().filter(|owed| owed.ended.is_none()).cloned().collect();
    owed.extend(whole.iter().cloned());
    let mut remembered = Remembered::of(fold);
    remembered.forget(&places);
    let standing = Standing { client: record.client, first, last, awaited, remembered, upkeep, open, whole };
    (sorted(owed), Some(standing))
}

/// What a message answers.
fn answers(entry: &Entry) -> Option<NaturalKey> {
    match entry {
        Entry::Message(message) => message.answers,
        _ => None,
    }
}

impl Standing {
    /// How many obligations it holds, most of them open.
    pub fn size(&self) -> usize {
        self.open.len() + self.whole.len()
    }

    /// Goes on with entries that came into the record and were not in it, by the same book. None where the record is to
    /// be folded whole: one of them is a decision, is not later than all before it, or is one that others point at.
    pub fn step(mut self, entries: &[&Entry], book: &FirmBook) -> Option<(Standing, Step)> {
        let mut entries = entries.to_vec();
        entries.sort_unstable_by_key(|entry| entry.order());
        for entry in &entries {
            let follows = self.last < entry.at() && !self.awaited.contains(&entry.key());
            if !follows || matches!(entry, Entry::Decision(_)) {
                return None;
            }
            self.last = entry.at();
            self.awaited.extend(answers(entry));
        }
        let Standing { client, first, remembered, upkeep, .. } = self;
        let mut fold = remembered.go_on(Fold::new(client, book, &[]));
        fold.out = Out::standing(self.open);
        fold.upkeep = upkeep.iter().map(|(at, decision)| (*at, decision)).collect();
        for entry in entries {
            fold.take(&Event::of(entry));
        }
        let changed = fold.out.take_changed();
        let whole = fold.finish_apart(first);
        let step = Step::of(changed, &self.whole, &whole);
        let mut open = std::mem::take(&mut fold.out).into_all();
        let mut remembered = Remembered::of(fold);
        let ended = open.iter().filter(|owed| owed.ended.is_some()).count();
        if FEW.max(open.len() - ended) < ended {
            let places = Places::of(open.iter().map(|owed| owed.ended.is_none()));
            open.retain(|owed| owed.ended.is_none());
            remembered.forget(&places);
        }
        Some((Standing { client, first, remembered, upkeep, open, whole, ..self }, step))
    }
}

impl Step {
    /// `changed` is what entries changed; `before` and `whole` are what followed from the record as a whole.
    fn of(mut changed: Vec<Obligation>, before: &[Obligation], whole: &[Obligation]) -> Step {
        changed.extend(whole.iter().filter(|owed| !before.contains(owed)).cloned());
        let is = |id: ObligationId| changed.iter().chain(whole).any(|owed| owed.id == id);
        let gone = before.iter().map(|owed| owed.id).filter(|id| !is(*id)).collect();
        Step { changed, gone }
    }
}

/// What each kind of obligation remembers.
#[derive(Debug)]
struct Remembered {
    point_person: Option<StaffId>,
    rulings: Rulings<'static>,
    answers: answer::Answers,
    promises: promise::Promises,
    callbacks: callback::Callbacks,
    questions: question::Questions,
    silence: check_in::Silence,
    ties: second_tie::Ties,
}

impl Remembered {
    fn of(fold: Fold<'_>) -> Remembered {
        let Fold { point_person, answers, promises, callbacks, questions, silence, ties, .. } = fold;
        let rulings = fold.rulings.about_endings();
        Remembered { point_person, rulings, answers, promises, callbacks, questions, silence, ties }
    }

    fn go_on<'a>(self, begun: Fold<'a>) -> Fold<'a> {
        let Remembered { point_person, rulings, answers, promises, callbacks, questions, silence, ties } =
            self;
        Fold { point_person, rulings, answers, promises, callbacks, questions, silence, ties, ..begun }
    }

    /// Forgets what has ended; `places` tells where each obligation is now.
    fn forget(&mut self, places: &Places) {
        self.answers.forget(places);
        self.promises.forget(places);
        self.callbacks.forget(places);
        self.questions.forget(places);
        self.silence.forget(places);
    }
}

impl Fold<'_> {
    /// What follows from the record as a whole, without remembering it: the next entry changes it.
    fn finish_apart(&mut self, first: Timestamp) -> Vec<Obligation> {
        let begun = self.out.len();
        self.finish(Some(first));
        self.out.split_off(begun)
    }
}
