//! Laws that hold for any history, whatever the order in which it arrives.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use care::acts::{Act, ActKind};
use care::book::FirmBook;
use care::entry::{Call, Decision, Delivery, Entry, Means, Message, Note, NoteKind, Of, Subject, Verdict};
use care::fold::fold;
use care::ids::{AddressId, ClientId, EntryId, NaturalKey, StaffId};
use care::obligation::{Ending, Kind, Obligation, Role, state};
use care::people::{Absence, Directory, Staff, Who};
use care::record::{affected, in_force, records};
use common::*;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;

/// What is owed to each client to whom anything ever was.
type Projection = BTreeMap<ClientId, Vec<Obligation>>;

fn addresses() -> impl Strategy<Value = AddressId> {
    prop::sample::select(vec![
        AMY_MAIL, BOB_MAIL, CAT_MAIL, JO, JO_HOME, KIM, ZED, COUNSEL, STRANGER, PARTNER, AMY_PHONE, JO_PHONE,
        ACME_PHONE,
    ])
}

fn clients() -> impl Strategy<Value = ClientId> {
    prop::sample::select(vec![ACME, ZETA, ClientId(40), ClientId(50)])
}

fn people() -> impl Strategy<Value = StaffId> {
    prop::sample::select(vec![AMY, BOB, CAT])
}

/// Whole hours of about three months, so that moments often coincide.
fn moments() -> impl Strategy<Value = Timestamp> {
    (0i64..24 * 90).prop_map(|hours| at("1 00:00") + SignedDuration::from_hours(hours))
}

fn acts() -> impl Strategy<Value = Box<[Act]>> {
    let act = (
        prop::sample::select(ActKind::ALL.to_vec()),
        0u32..60,
        1u32..20,
        0.3f32..1.0,
        prop::option::of(moments()),
        prop::collection::vec(0u32..4, 0..3),
        any::<bool>(),
    );
    let act = act.prop_map(|(kind, start, length, confidence, due, things, in_touch)| Act {
        kind,
        start,
        end: start + length,
        confidence,
        due,
        things: things.into(),
        in_touch,
    });
    prop::collection::vec(act, 0..3).prop_map(Into::into)
}

/// An entry before it has a key: points at others by their place in the history.
#[derive(Debug, Clone)]
enum Step {
    Message(Message, Option<Index>),
    Call(Call),
    Note(Note),
    Decision(Timestamp, StaffId, Plan),
}

#[derive(Debug, Clone)]
enum Plan {
    Judge(u8, Index, Option<Index>, Timestamp, StaffId),
    Upkeep(u8, ClientId, Kind, Timestamp, StaffId),
    Placed(AddressId, Who),
    Merged(ClientId, ClientId),
    Split(ClientId, ClientId, AddressId),
}

const NO_KEY: NaturalKey = NaturalKey(0);

fn message_step() -> impl Strategy<Value = Step> {
    let people =
        (addresses(), prop::collection::vec(addresses(), 0..3), prop::collection::vec(addresses(), 0..2));
    let place = (moments(), 0u64..4, 0u64..3, prop::option::weighted(0.2, any::<Index>()));
    let content = (prop::bool::weighted(0.1), 0.0f32..1.0, prop::bool::weighted(0.2), acts());
    let brings = (any::<bool>(), any::<bool>(), prop::collection::btree_set(0u32..4, 0..3));
    let mentions = prop::option::weighted(0.1, clients());
    (people, place, content, brings, mentions).prop_map(
        |((from, to, cc), (at, thread, subject, answers), content, (carries, states, things), mentions)| {
            let (automatic, needs_reply, only_holds, acts) = content;
            let message = Message {
                entry: EntryId(0),
                key: NO_KEY,
                at,
                thread,
                subject,
                from,
                to: to.into(),
                cc: cc.into(),
                mailbox: None,
                answers: None,
                mentions: mentions.into_iter().collect(),
                automatic,
                needs_reply,
                only_holds,
                delivers: Delivery { carries, states, things: things.into_iter().collect() },
                acts,
            };
            Step::Message(message, answers)
        },
    )
}

fn steps() -> impl Strategy<Value = Step> {
    let call = (moments(), addresses(), addresses(), prop::option::of(0i64..100)).prop_map(
        |(at, from, to, talked)| {
            let talked = talked.map(SignedDuration::from_secs);
            Step::Call(Call { entry: EntryId(0), key: NO_KEY, at, from, to, talked })
        },
    );
    let kinds = prop::sample::select(vec![NoteKind::Call, NoteKind::Meeting, NoteKind::Text]);
    let note = (moments(), people(), kinds, clients(), prop::collection::vec(addresses(), 0..2), acts())
        .prop_map(|(at, by, kind, client, with, acts)| {
            Step::Note(Note { entry: EntryId(0), key: NO_KEY, at, by, kind, client, with: with.into(), acts })
        });
    let judge = (0u8..9, any::<Index>(), prop::option::of(any::<Index>()), moments(), people())
        .prop_map(|(what, on, other, at, staff)| Plan::Judge(what, on, other, at, staff));
    let upkeep_kinds = prop::sample::select(vec![Kind::CheckIn, Kind::Cover, Kind::SecondTie]);
    let upkeep = (0u8..5, clients(), upkeep_kinds, moments(), people())
        .prop_map(|(what, client, kind, at, staff)| Plan::Upkeep(what, client, kind, at, staff));
    let who = prop_oneof![
        clients().prop_map(|client| Who::Client { client, contact: None }),
        people().prop_map(Who::Staff),
        Just(Who::ThirdParty),
        Just(Who::Private),
    ];
    let plan = prop_oneof![
        8 => judge,
        3 => upkeep,
        1 => (addresses(), who).prop_map(|(address, who)| Plan::Placed(address, who)),
        1 => (clients(), clients()).prop_map(|(from, into)| Plan::Merged(from, into)),
        1 => (clients(), clients(), addresses()).prop_map(|(from, into, one)| Plan::Split(from, into, one)),
    ];
    let decision = (moments(), people(), plan).prop_map(|(at, by, plan)| Step::Decision(at, by, plan));
    prop_oneof![10 => message_step(), 2 => call, 1 => note, 4 => decision]
}

fn histories() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec(steps(), 0..40).prop_map(|steps| {
        let kinds: Vec<Of> = steps.iter().enumerate().map(|(i, step)| of(i, step)).collect();
        steps.into_iter().enumerate().map(|(i, step)| entry(i, step, &kinds)).collect()
    })
}

fn of(i: usize, step: &Step) -> Of {
    let key = NaturalKey(1000 + i as u64);
    match step {
        Step::Message(..) => Of::Message(key),
        Step::Call(_) => Of::Call(key),
        Step::Note(_) => Of::Note(key),
        Step::Decision(..) => Of::Decision(key),
    }
}

fn entry(i: usize, step: Step, all: &[Of]) -> Entry {
    let key = all[i].key();
    let entry = EntryId(i as i64);
    match step {
        Step::Message(message, answers) => {
            let answers = answers.map(|index| index.get(all).key());
            Entry::Message(Message { entry, key, answers, ..message })
        }
        Step::Call(call) => Entry::Call(Call { entry, key, ..call }),
        Step::Note(note) => Entry::Note(Note { entry, key, ..note }),
        Step::Decision(at, by, plan) => {
            Entry::Decision(Decision { entry, key, at, by, what: verdict(plan, all) })
        }
    }
}

fn verdict(plan: Plan, all: &[Of]) -> Verdict {
    match plan {
        Plan::Judge(what, on, other, at, staff) => {
            let opened = *on.get(all);
            let subject = Subject { of: opened, passage: other.map(|_| (0, 30)) };
            let ended = other.map_or(opened, |other| *other.get(all));
            match what {
                0 => Verdict::NoAnswerNeeded { message: opened.key() },
                1 => Verdict::AnswerNeeded { message: opened.key() },
                2 => Verdict::NotThatAct { of: opened, passage: (0, 30), kind: ActKind::Promise },
                3 => Verdict::Done { subject, at, means: Means::Phone },
                4 => Verdict::NewDate { subject, at, due: at + SignedDuration::from_hours(50) },
                5 => Verdict::Released { subject },
                6 => Verdict::Owner { subject, staff },
                7 => Verdict::NotTheEnd { opened, ended },
                _ => Verdict::TakenBack { decision: opened.key() },
            }
        }
        Plan::Upkeep(what, client, kind, at, staff) => match what {
            0 => Verdict::Kept { client, kind, at },
            1 => Verdict::Spared { client, kind },
            2 => Verdict::Planned { client, kind, due: at },
            3 => Verdict::PointPerson { client, staff },
            _ => Verdict::Cover { client, away: BOB, cover: staff },
        },
        Plan::Placed(address, who) => Verdict::Placed { address, who },
        Plan::Merged(from, into) => Verdict::Merged { from, into },
        Plan::Split(from, into, address) => Verdict::Split { from, into, addresses: Box::new([address]) },
    }
}

/// A firm in which everything can open: short rhythms, an absence, a valued tier.
fn busy_book() -> FirmBook {
    let mut book = book();
    book.standards.default.check_in = care::standard::Rhythm { wanted_days: 8, worst_days: 15 };
    book.standards.default.valued = true;
    let absence = Absence { from: date(2025, 7, 7), to: date(2025, 7, 11), cover: None };
    book.add_staff(Staff { absences: vec![absence], ..staff(BOB) });
    book.add_client(client(ClientId(50), None));
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
    ] {
        assert!(seen.contains_key(&wanted), "never seen: {wanted:?}\n{seen:#?}");
    }
    println!("{seen:?}");
}
