//! A fold that goes on from where it stood gives what folding everything gives, at every point of any history.

use std::collections::BTreeMap;

use care::book::FirmBook;
use care::entry::{Entry, Of};
use care::fold::{Standing, fold, fold_and_stand};
use care::ids::ClientId;
use care::obligation::{Kind, Obligation};
use care::record::{Record, records};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::generate::histories;
use crate::{book_after, busy_book};

/// What is known of one client between two entries.
struct Known {
    entries: Vec<Of>,
    owed: Vec<Obligation>,
    standing: Option<Standing>,
}

impl Known {
    fn whole(record: &Record<'_>, book: &FirmBook) -> Known {
        let (owed, standing) = fold_and_stand(record, book);
        Known { entries: record.entries().iter().map(|entry| entry.of()).collect(), owed, standing }
    }

    /// With what came into the record; none where something left it, or where the fold takes no step.
    fn with(mut self, record: &Record<'_>, book: &FirmBook, taken: &mut Taken) -> Option<Known> {
        let new: Vec<&Entry> =
            record.entries().iter().copied().filter(|entry| !self.entries.contains(&entry.of())).collect();
        if record.entries().len() != self.entries.len() + new.len() {
            return None;
        }
        let (standing, step) = self.standing?.step(&new, book)?;
        taken.steps += usize::from(!new.is_empty());
        self.owed.retain(|owed| !step.gone.contains(&owed.id));
        for changed in step.changed {
            let ended = changed.ended.is_some();
            match self.owed.iter_mut().find(|owed| owed.id == changed.id) {
                Some(owed) => {
                    *taken.changed.entry((changed.kind, ended)).or_default() += 1;
                    *owed = changed;
                }
                None => {
                    *taken.opened.entry(changed.kind).or_default() += 1;
                    self.owed.push(changed);
                }
            }
        }
        self.owed.sort_by_key(|owed| (owed.opened_at, owed.kind, owed.id));
        self.entries.extend(new.iter().map(|entry| entry.of()));
        Some(Known { standing: Some(standing), ..self })
    }
}

/// What steps did.
#[derive(Debug, Default)]
struct Taken {
    steps: usize,
    opened: BTreeMap<Kind, usize>,
    changed: BTreeMap<(Kind, bool), usize>,
}

/// Lets entries arrive one after the other, `at_once` at a time, and holds each client's obligations against the whole
/// fold after each.
fn arrive(base: &FirmBook, entries: &[Entry], at_once: usize, taken: &mut Taken) {
    let mut known: BTreeMap<ClientId, Known> = BTreeMap::new();
    let mut book = base.clone();
    for end in (0..entries.len()).step_by(at_once).map(|from| entries.len().min(from + at_once)) {
        let here = &entries[..end];
        let after = book_after(base, here);
        if after != book {
            known.clear();
            book = after;
        }
        for record in records(here, &book) {
            let stepped = known.remove(&record.client).and_then(|known| known.with(&record, &book, taken));
            let now = stepped.unwrap_or_else(|| Known::whole(&record, &book));
            assert_eq!(now.owed, fold(&record, &book));
            known.insert(record.client, now);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn going_on_gives_what_folding_everything_gives(
        (entries, shuffled) in histories().prop_flat_map(|h| (Just(h.clone()), Just(h).prop_shuffle())),
        at_once in 1usize..4,
    ) {
        let (book, mut taken) = (busy_book(), Taken::default());
        let mut in_order = entries;
        in_order.sort_by_key(Entry::order);
        arrive(&book, &in_order, at_once, &mut taken);
        arrive(&book, &shuffled, at_once, &mut taken);
    }
}

#[test]
fn the_steps_are_rich() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut taken = Taken::default();
    for _ in 0..400 {
        let mut entries = histories().new_tree(&mut runner).expect("a history").current();
        entries.sort_by_key(Entry::order);
        arrive(&busy_book(), &entries, 1, &mut taken);
    }
    assert!(400 < taken.steps, "{taken:?}");
    for kind in [Kind::Answer, Kind::Callback, Kind::Promise, Kind::Question, Kind::CheckIn, Kind::SecondTie]
    {
        assert!(taken.opened.contains_key(&kind), "never opened by a step: {kind:?}\n{taken:#?}");
        assert!(taken.changed.contains_key(&(kind, true)), "never ended by a step: {kind:?}\n{taken:#?}");
    }
    println!("{taken:?}");
}
