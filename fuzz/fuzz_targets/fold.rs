//! Any history folded: the same in whatever order it arrives, every id once, and a state at every moment.
#![no_main]

use std::collections::{BTreeMap, HashSet};

use care::book::FirmBook;
use care::entry::{Decision, Entry};
use care::fold::fold;
use care::ids::ClientId;
use care::obligation::{Ending, Obligation, state};
use care::record::{affected, in_force, records};
use libfuzzer_sys::fuzz_target;
use regard_fuzz::history::History;

fuzz_target!(|history: History| {
    let owed = fold_all(&history.book, &history.entries);
    let mut ids = HashSet::new();
    for o in owed.values().flatten() {
        assert!(ids.insert(o.id), "an id twice: {o:?}");
        assert!((0.0..=1.0).contains(&o.confidence), "{o:?}");
        assert!(state(o, o.opened_at).is_some(), "{o:?}");
        for now in history.moments {
            assert_eq!(state(o, now).is_some(), o.opened_at <= now, "{o:?}");
        }
        if let Some(ended) = o.ended {
            assert!(o.opened_at <= ended.at, "ended before it opened: {o:?}");
            assert_eq!(ended.how == Ending::Moved, ended.continued_by.is_some(), "{o:?}");
        }
    }
    let mut shuffled = history.entries.clone();
    shuffle(&mut shuffled, history.seed);
    assert_eq!(owed, fold_all(&history.book, &shuffled), "another order of arrival");
    let _ = affected(&history.entries, &history.book.directory);
});

fn fold_all(base: &FirmBook, entries: &[Entry]) -> BTreeMap<ClientId, Vec<Obligation>> {
    let decisions = entries.iter().filter_map(|entry| match entry {
        Entry::Decision(decision) => Some(decision),
        _ => None,
    });
    let standing: Vec<&Decision> = in_force(decisions);
    let mut book = base.clone();
    book.directory = base.directory.decided(standing);
    records(entries, &book).iter().map(|record| (record.client, fold(record, &book))).collect()
}

/// Fisher and Yates's shuffle, its chance from a linear congruence.
fn shuffle(entries: &mut [Entry], mut seed: u64) {
    for last in (1..entries.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        entries.swap(last, (seed >> 33) as usize % (last + 1));
    }
}
