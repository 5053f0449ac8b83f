//! Laws that hold for any history, whatever the order in which it arrives.

#[path = "../common/mod.rs"]
mod common;
mod generate;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use care::book::FirmBook;
use care::entry::{Call, Decision, Entry, Message, Note, Of, Verdict};
use care::fold::fold;
use care::ids::{AddressId, ClientId, EntryId, NaturalKey};
use care::obligation::{Ending, Kind, Obligation, Role, state};
use care::particular::{Particular, Told};
use care::people::{Absence, Client, Directory, Staff};
use care::record::{affected, in_force, records};
use common::*;
use generate::histories;
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;

/// What is owed to each client to whom anything ever was.
type Projection = BTreeMap<ClientId, Vec<Obligation>>;

/// A firm in which everything can open: short rhythms, an absence, a valued tier, records that lack something.
fn busy_book() -> FirmBook {
    let mut book = book();
    book.standards.default.check_in = care::standard::Rhythm { wanted_days: 8, worst_days: 15 };
    book.standards.default.valued = true;
    book.standards.default.record = [Particular::WhyCame, Particular::Channel].into_iter().collect();
    let absence = Absence { from: date(2025, 7, 7), to: date(2025, 7, 11), cover: None };
    book.add_staff(Staff { absences: vec![absence], ..staff(BOB) });
    book.add_client(client(ClientId(50), None));
    let told = |what, from, until: Option<&str>| Told {
        what,
        from: Some(at(from)),
        until: until.map(at),
        by: Some(AMY),
    };
    let why = told(Particular::WhyCame, "20 11:00", Some("07-20 11:00"));
    let acme = book.client(ACME).cloned().expect("Acme");
    book.add_client(Client { told: vec![Told::listed(Particular::Channel), why], ..acme });
    book
}

fn decisions(entries: &[Entry]) -> impl Iterator<Item = &Decision> {
    entries.iter().filter_map(|entry| match entry {
        Entry::Decision(decision) => Some(decision),
        _ => None,
    })
}

fn book_after(base: &FirmBook, entries: &[Entry]) -> FirmBook {
    let mut book = base.clone();
    book.directory = base.directory.decided(in_force(decisions(entries)));
    book
}

fn fold_all(base: &FirmBook, entries: &[Entry]) -> Projection {
    let book = book_after(base, entries);
    let mut projection: Projection =
        records(entries, &book).iter().map(|record| (record.client, fold(record, &book))).collect();
    projection.retain(|_, owed| !owed.is_empty());
    projection
}

/// The incremental path: after each entry, only the clients that it affects are folded anew.
fn arrive(base: &FirmBook, entries: &[Entry]) -> Projection {
    let mut here: Vec<Entry> = Vec::new();
    let mut projection = fold_all(base, &[]);
    for entry in entries {
        let before = book_after(base, &here);
        here.push(entry.clone());
        let after = book_after(base, &here);
        let near = neighbours(entry, &here, [&before.directory, &after.directory]);
        let mut touched: BTreeSet<ClientId> = BTreeSet::new();
        for directory in [&before.directory, &after.directory] {
            touched.extend(affected(near.iter().copied(), directory));
        }
        let records = records(&here, &after);
        for client in touched {
            match records.iter().find(|record| record.client == client) {
                Some(record) => projection.insert(client, fold(record, &after)),
                None => projection.remove(&client),
            };
        }
    }
    projection.retain(|_, owed| !owed.is_empty());
    projection
}

/// Entries of the same thread, or that point at each other, and theirs in turn; for a decision about who is who, those
/// with its addresses and clients too.
fn neighbours<'a>(entry: &Entry, here: &'a [Entry], directories: [&Directory; 2]) -> Vec<&'a Entry> {
    let mut near: BTreeSet<usize> =
        here.iter().enumerate().filter(|(_, e)| e.of() == entry.of()).map(|(i, _)| i).collect();
    loop {
        let before = near.len();
        for (i, other) in here.iter().enumerate() {
            if near
                .iter()
                .any(|&n| are_near(&here[n], other, directories) || are_near(other, &here[n], directories))
            {
                near.insert(i);
            }
        }
        if near.len() == before {
            return near.into_iter().map(|i| &here[i]).collect();
        }
    }
}

fn are_near(a: &Entry, b: &Entry, directories: [&Directory; 2]) -> bool {
    match (a, b) {
        (Entry::Message(a), Entry::Message(b)) => a.thread == b.thread,
        (Entry::Decision(decision), _) => {
            decision.what.judges() == Some(b.of())
                || match &decision.what {
                    // A note is taken back by its key, as a decision is.
                    Verdict::TakenBack { decision } => {
                        matches!(b, Entry::Note(note) if note.key == *decision)
                    }
                    Verdict::Placed { address, .. } => bears(b, |one| one == *address),
                    Verdict::Split { addresses, .. } => bears(b, |one| addresses.contains(&one)),
                    Verdict::Merged { from, into } => {
                        let moved = |client| client == *from || client == *into;
                        bears(b, |one| directories.iter().any(|d| d.who(one).client().is_some_and(moved)))
                            || names(b, moved)
                    }
                    _ => false,
                }
        }
        _ => false,
    }
}

fn bears(entry: &Entry, wanted: impl Fn(AddressId) -> bool) -> bool {
    match entry {
        Entry::Message(message) => wanted(message.from) || message.recipients().any(wanted),
        Entry::Call(call) => wanted(call.from) || wanted(call.to),
        Entry::Note(note) => note.with.iter().copied().any(wanted),
        Entry::Decision(_) => false,
    }
}

fn names(entry: &Entry, wanted: impl Fn(ClientId) -> bool) -> bool {
    match entry {
        Entry::Message(message) => message.mentions.iter().copied().any(wanted),
        Entry::Note(note) => wanted(note.client),
        Entry::Decision(decision) => decision.what.client().is_some_and(wanted),
        Entry::Call(_) => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arriving_in_any_order_gives_what_folding_everything_gives(
        (entries, shuffled) in histories().prop_flat_map(|h| (Just(h.clone()), Just(h).prop_shuffle())),
    ) {
        let book = busy_book();
        let whole = fold_all(&book, &entries);
        prop_assert_eq!(&arrive(&book, &entries), &whole);
        prop_assert_eq!(&arrive(&book, &shuffled), &whole);
        prop_assert_eq!(&fold_all(&book, &shuffled), &whole);
    }

    #[test]
    fn copies_change_nothing(entries in histories(), again in prop::collection::vec(any::<Index>(), 0..9)) {
        let book = busy_book();
        let mut twice = entries.clone();
        if !entries.is_empty() {
            twice.extend(again.iter().map(|index| index.get(&entries).clone()));
        }
        prop_assert_eq!(fold_all(&book, &twice), fold_all(&book, &entries));
    }

    #[test]
    fn what_is_taken_back_never_was(entries in histories()) {
        let book = busy_book();
        for decision in decisions(&entries) {
            let mut back = entries.clone();
            let what = Verdict::TakenBack { decision: decision.key };
            back.push(decided("back", "09-30 11:00", what));
            let without: Vec<Entry> =
                entries.iter().filter(|entry| entry.of() != Of::Decision(decision.key)).cloned().collect();
            // A decision that took back another is itself gone either way.
            prop_assert_eq!(fold_all(&book, &back), fold_all(&book, &without));
        }
    }

    #[test]
    fn what_is_owed_is_well_formed(entries in histories()) {
        let owed: Vec<Obligation> = fold_all(&busy_book(), &entries).into_values().flatten().collect();
        let ids: BTreeSet<_> = owed.iter().map(|o| o.id).collect();
        prop_assert_eq!(ids.len(), owed.len(), "ids are unique in the firm");
        for o in &owed {
            prop_assert!((0.0..=1.0).contains(&o.confidence));
            let joined = o.evidence.iter().filter(|e| e.role == Role::Joined).count();
            prop_assert!(o.chases as usize <= joined);
            prop_assert!(o.evidence.iter().skip(1).all(|e| e.role != Role::Opened));
            let ends = o.evidence.iter().filter(|e| matches!(e.role, Role::Ended | Role::Moved)).count();
            prop_assert!(ends <= 1, "one entry ends it, the last: {:?}", o.evidence);
            if ends == 1 {
                prop_assert!(matches!(o.evidence.last().map(|e| e.role), Some(Role::Ended | Role::Moved)));
            }
            prop_assert!(state(o, o.opened_at).is_some());
            if let Some(ended) = o.ended {
                prop_assert!(o.opened_at <= ended.at, "{o:?}");
                prop_assert_eq!(ended.how == Ending::Moved, ended.continued_by.is_some());
            }
            if let Some(old) = o.continues {
                let old = owed.iter().find(|other| other.id == old);
                prop_assert_eq!(old.and_then(|old| old.ended?.continued_by), Some(o.id));
            }
            if let Some(next) = o.ended.and_then(|ended| ended.continued_by) {
                prop_assert_eq!(owed.iter().filter(|other| other.id == next).count(), 1, "{:?}", o);
            }
        }
    }

    #[test]
    fn no_clock_breaks_it(entries in histories(), wild in prop::collection::vec(0usize..5, 40)) {
        let extremes = [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX];
        let mut entries = entries;
        for (entry, wild) in entries.iter_mut().zip(wild) {
            let (Some(&extreme), Entry::Message(Message { at, .. }) | Entry::Call(Call { at, .. }) |
                Entry::Note(Note { at, .. }) | Entry::Decision(Decision { at, .. })) = (extremes.get(wild), entry)
            else { continue };
            *at = extreme;
        }
        let mut book = busy_book();
        book.record_from = None;
        for o in fold_all(&book, &entries).into_values().flatten() {
            prop_assert!(o.ended.is_none_or(|ended| o.opened_at <= ended.at));
        }
    }

    #[test]
    fn evidence_is_in_time_order(entries in histories()) {
        // Replies with mended clocks stand after what they answer; without such links, time alone orders.
        let unlinked: Vec<Entry> = entries.into_iter().map(|entry| match entry {
            Entry::Message(message) => Entry::Message(Message { answers: None, ..message }),
            other => other,
        }).collect();
        let when: BTreeMap<Of, Timestamp> = unlinked.iter().map(|entry| (entry.of(), entry.at())).collect();
        for o in fold_all(&busy_book(), &unlinked).into_values().flatten() {
            let facts = o.evidence.iter().filter(|e| !matches!(e.of, Of::Decision(_)));
            let times: Vec<_> = facts.map(|e| when[&e.of]).collect();
            prop_assert!(times.is_sorted(), "{o:?}");
        }
    }
}

#[test]
fn decisions_are_taken_back_in_chains_and_circles() {
    let back = |i: u64, of: u64| {
        let what = Verdict::TakenBack { decision: NaturalKey(of) };
        Decision { entry: EntryId(0), key: NaturalKey(i), at: at("2 11:00"), by: BOB, what }
    };
    let first = Decision { what: Verdict::NoAnswerNeeded { message: key("a") }, ..back(0, 0) };
    for long in [0, 1, 2, 3, 100_001] {
        let chain: Vec<Decision> = (1..=long).map(|i| back(i, i - 1)).collect();
        let stands = in_force(chain.iter().chain([&first])).len();
        assert_eq!(stands, usize::from(long % 2 == 0), "{long} takings-back");
    }
    let circle = [back(1, 2), back(2, 3), back(3, 1)];
    assert_eq!(in_force(circle.iter().chain([&first])), [&first]);
}

#[test]
fn the_histories_are_rich() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen: BTreeMap<(Kind, &str, bool), usize> = BTreeMap::new();
    for _ in 0..400 {
        let entries = histories().new_tree(&mut runner).expect("a history").current();
        for o in fold_all(&busy_book(), &entries).into_values().flatten() {
            if let Some((state, _)) = state(&o, at("08-31 00:00")) {
                *seen.entry((o.kind, state.name(), 0 < o.chases)).or_default() += 1;
            }
        }
    }
    for wanted in [
        (Kind::Answer, "kept_late", true),
        (Kind::Answer, "moved_late", true),
        (Kind::Answer, "released", false),
        (Kind::Callback, "kept", false),
        (Kind::Promise, "moved", false),
        (Kind::Promise, "broken", true),
        (Kind::Promise, "kept_late", false),
        (Kind::Question, "kept_late", false),
        (Kind::CheckIn, "kept_late", false),
        (Kind::SecondTie, "kept", false),
        (Kind::Cover, "kept", false),
        (Kind::RecordGap, "open", false),
        (Kind::RecordGap, "kept_late", false),
        (Kind::RecordGap, "released", false),
    ] {
        assert!(seen.contains_key(&wanted), "never seen: {wanted:?}\n{seen:#?}");
    }
    println!("{seen:?}");
}
