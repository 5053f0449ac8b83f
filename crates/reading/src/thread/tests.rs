use care::ids::{AddressId, NaturalKey};
use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

const DAY: i64 = 86_400;

/// A message with nothing that ties it to others.
fn plain(key: u64, day: i64, from: u32, to: u32) -> Facts {
    Facts {
        key: NaturalKey(key),
        parents: Vec::new(),
        subject: 0,
        is_reply: false,
        from: Some(AddressId(from)),
        people: vec![AddressId(from), AddressId(to)],
        sent: Timestamp::from_second(1_700_000_000 + day * DAY).ok(),
        fingerprint: Fingerprint::default(),
        quoted: Vec::new(),
        automatic: false,
    }
}

fn threads_of(all: &[Facts]) -> Threads {
    let mut threads = Threads::new();
    all.iter().for_each(|facts| threads.add(facts));
    threads
}

fn together(threads: &Threads, a: u64, b: u64) -> bool {
    threads.thread(NaturalKey(a)) == threads.thread(NaturalKey(b))
}

#[test]
fn headers_tie_also_through_a_missing_parent_and_in_circles() {
    let child = Facts { parents: vec![99], ..plain(1, 1, 1, 2) };
    let sibling = Facts { parents: vec![99], ..plain(2, 2, 2, 1) };
    let circle = Facts { parents: vec![4], ..plain(3, 3, 1, 2) };
    let other = Facts { parents: vec![3], ..plain(4, 4, 2, 1) };
    let threads = threads_of(&[child, sibling, circle, other]);
    assert!(together(&threads, 1, 2) && together(&threads, 3, 4) && !together(&threads, 1, 3));
    assert_eq!(threads.answers(NaturalKey(1)), None);
    assert_eq!(threads.answers(NaturalKey(3)), Some(NaturalKey(4)));
    assert_eq!(threads.thread(NaturalKey(99)), None);
}

#[test]
fn a_quote_ties_only_where_a_person_is_shared() {
    let words = Fingerprint::from_value(77);
    let original = Facts { fingerprint: words, ..plain(1, 0, 1, 2) };
    let answer = Facts { quoted: vec![words], ..plain(2, 1, 2, 1) };
    let stranger = Facts { quoted: vec![words], ..plain(3, 1, 8, 9) };
    let early = Facts { quoted: vec![words], ..plain(4, -9, 2, 1) };
    let threads = threads_of(&[answer, stranger, early, original]);
    assert!(together(&threads, 1, 2) && !together(&threads, 1, 3) && !together(&threads, 1, 4));
    assert_eq!(threads.answers(NaturalKey(2)), Some(NaturalKey(1)));
}

#[test]
fn a_subject_ties_answers_without_headers_for_thirty_days() {
    let opener = Facts { subject: 5, ..plain(1, 0, 1, 2) };
    let again = Facts { subject: 5, ..plain(2, 3, 1, 2) };
    let answer = Facts { subject: 5, is_reply: true, ..plain(3, 20, 2, 1) };
    let late = Facts { subject: 5, is_reply: true, ..plain(4, 70, 2, 1) };
    let headed = Facts { subject: 5, is_reply: true, parents: vec![50], ..plain(5, 21, 9, 1) };
    let openers = threads_of(&[opener.clone(), again.clone()]);
    assert!(!together(&openers, 1, 2), "two openings of one subject are two matters");
    let threads = threads_of(&[late, headed, answer, again, opener]);
    assert!(together(&threads, 1, 3) && !together(&threads, 1, 4));
    assert_eq!(threads.answers(NaturalKey(3)), Some(NaturalKey(2)));
    assert_eq!(threads.answers(NaturalKey(5)), None);
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let links = (prop::collection::vec(1u64..30, 0..3), 0u64..4, any::<bool>());
    let people = (0u32..5, prop::collection::vec(0u32..5, 0..3));
    let words = (0u64..5, prop::collection::vec(0u64..5, 0..3));
    (1u64..30, links, people, words, prop::option::of(0i64..120), prop::bool::weighted(0.1)).prop_map(
        |(key, (parents, subject, is_reply), (from, to), (words, quoted), day, automatic)| Facts {
            parents: parents.into_iter().filter(|p| *p != key).collect(),
            subject,
            is_reply,
            people: std::iter::once(from).chain(to).map(AddressId).collect(),
            fingerprint: Fingerprint::from_value(words),
            quoted: quoted.into_iter().map(Fingerprint::from_value).collect(),
            automatic,
            sent: day.and_then(|day| Timestamp::from_second(day * DAY).ok()),
            ..plain(key, 0, from, 0)
        },
    )
}

fn shuffled() -> impl Strategy<Value = (Vec<Facts>, Vec<Facts>)> {
    prop::collection::vec(any_facts(), 0..25).prop_flat_map(|mut all| {
        all.sort_by_key(|facts| facts.key);
        all.dedup_by_key(|facts| facts.key);
        (Just(all.clone()), Just(all).prop_shuffle())
    })
}

proptest! {
    #[test]
    fn order_of_arrival_changes_nothing((one, other) in shuffled()) {
        let (a, b) = (threads_of(&one), threads_of(&other));
        for facts in &one {
            prop_assert_eq!(a.thread(facts.key), b.thread(facts.key));
            prop_assert_eq!(a.answers(facts.key), b.answers(facts.key));
        }
    }

    #[test]
    fn threads_only_merge((all, _) in shuffled()) {
        let mut threads = Threads::new();
        for (count, facts) in all.iter().enumerate() {
            let before: Vec<_> = all[..count].iter().map(|f| threads.thread(f.key)).collect();
            threads.add(facts);
            for (i, a) in before.iter().enumerate() {
                for (j, b) in before.iter().enumerate() {
                    if a == b {
                        prop_assert_eq!(threads.thread(all[i].key), threads.thread(all[j].key));
                    }
                }
            }
        }
    }
}

#[test]
fn a_million_messages_take_little_room() {
    let mut threads = Threads::new();
    for i in 0..50_000u64 {
        let hash = |n: u64| NaturalKey::of(&n.to_le_bytes()).0;
        let parents = (i % 4 != 0).then(|| hash(i - 1)).into_iter().collect();
        let quoted = (i % 2 == 1).then(|| Fingerprint::from_value(hash(i - 1) ^ 1)).into_iter().collect();
        let people = (0..4).map(|p| AddressId((i / 4 % 500 + p) as u32)).collect();
        let words = Fingerprint::from_value(hash(i) ^ 1);
        let facts = plain(hash(i), (i / 100) as i64, 1, 2);
        threads.add(&Facts { parents, quoted, people, fingerprint: words, subject: hash(i / 4), ..facts });
    }
    assert!(threads.bytes() / threads.len() <= 150, "{} bytes a message", threads.bytes() / threads.len());
}
