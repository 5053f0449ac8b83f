//! What a firm's people correct changes its reader, and nothing else.

use care::acts::ActKind;
use care::hours::WorkCalendar;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use reading::acts::{Corrections, Reader, Reading};

fn read(reader: &Reader, text: &str) -> Reading {
    reader.read(text, None, &WorkCalendar::office_hours(TimeZone::UTC))
}

fn finds(reader: &Reader, text: &str, kind: ActKind) -> bool {
    read(reader, text).acts.iter().any(|act| act.kind == kind)
}

fn whole(text: &str) -> (u32, u32) {
    (0, text.chars().count() as u32)
}

/// Sentences of many kinds, no two alike in wording.
const SENTENCES: [&str; 12] = [
    "Could you send me the signed lease before noon?",
    "Nobody returns my calls, and I am very disappointed.",
    "We have decided to move our work to another firm.",
    "Thank you so much for staying late, you saved the deal.",
    "I'll send you the draft by Friday.",
    "Any news on the planning application?",
    "The roof is blue and the garden faces south.",
    "Sorry, I was in court all week and could not get to this.",
    "We chose you because a neighbour spoke well of your people.",
    "I will let you know on Thursday where we stand.",
    "My mother was born in Lyon in 1931.",
    "Please find the bank statements attached.",
];

#[test]
fn without_corrections_it_is_the_shipped_reader() {
    let shipped = Reader::shipped();
    let plain = shipped.with_corrections(&Corrections::new());
    for text in SENTENCES {
        assert_eq!(read(&shipped, text), read(&plain, text));
    }
}

#[test]
fn what_shares_only_part_moves_within_the_bound() {
    let shipped = Reader::shipped();
    let said = "Could you send me the signed lease before noon?";
    let like = "Could you send me the signed transfer and the plan, when you are next at the office?";
    let mut corrections = Corrections::new();
    corrections.act(&shipped, said, whole(said), ActKind::Request, false);
    let firm = shipped.with_corrections(&corrections);
    assert!(!finds(&firm, said, ActKind::Request));
    let confidence =
        |reader| read(reader, like).acts.iter().find(|a| a.kind == ActKind::Request).map(|a| a.confidence);
    let (before, after) = (confidence(&shipped).expect("a request"), confidence(&firm).unwrap_or(0.37));
    let odds = |p: f32| (p / (1.0 - p)).ln();
    assert!(odds(before) - odds(after) <= reading::acts::corrections::MOST + 0.01, "{before} {after}");
}

#[test]
fn names_and_figures_may_differ() {
    let shipped = Reader::shipped();
    let said = "As every month, the figures for Bramley will follow from our partner on the 3rd.";
    let like = "As every month, the figures for Hadfield will follow from our partner on the 12th.";
    let mut corrections = Corrections::new();
    corrections.act(&shipped, said, whole(said), ActKind::Promise, true);
    assert!(finds(&shipped.with_corrections(&corrections), like, ActKind::Promise));
    corrections.act(&shipped, said, whole(said), ActKind::Promise, false);
    let firm = shipped.with_corrections(&corrections);
    assert!(!finds(&firm, like, ActKind::Promise) && !finds(&firm, like, ActKind::Hold));
}

#[test]
fn only_the_sentence_that_was_meant_is_corrected() {
    let shipped = Reader::shipped();
    let text = "Could you send me the signed lease before noon? Any news on the planning application?";
    let chase = read(&shipped, text).acts.into_iter().find(|a| a.kind == ActKind::Chase).expect("a chase");
    let mut corrections = Corrections::new();
    corrections.act(&shipped, text, (chase.start, chase.end), ActKind::Chase, false);
    let firm = shipped.with_corrections(&corrections);
    assert!(!finds(&firm, text, ActKind::Chase));
    assert!(finds(&firm, text, ActKind::Request), "the first sentence still asks");
}

#[test]
fn strange_bytes_are_refused() {
    assert_eq!(Corrections::from_bytes(b""), None);
    assert_eq!(Corrections::from_bytes(b"rgc\x01\x00\x01\xff\xff"), None);
    assert_eq!(Corrections::from_bytes(b"rgc\x01\xc8\x01\x01\x00\x01\x00\x00\x00"), None);
    assert!(Corrections::from_bytes(b"rgc\x01").is_some_and(|c| c.is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_corrected_passage_is_read_as_corrected(at in 0usize..12, kind in 0usize..9, is in any::<bool>()) {
        let (text, kind) = (SENTENCES[at], ActKind::ALL[kind]);
        let shipped = Reader::shipped();
        let mut corrections = Corrections::new();
        corrections.act(&shipped, text, whole(text), kind, !is);
        corrections.act(&shipped, text, whole(text), kind, is);
        prop_assert_eq!(finds(&shipped.with_corrections(&corrections), text, kind), is);
        corrections.needs_reply(&shipped, text, is);
        prop_assert_eq!(read(&shipped.with_corrections(&corrections), text).needs_reply > 0.5, is);
    }

    #[test]
    fn what_shares_nothing_reads_the_same(
        told in proptest::collection::vec((0usize..12, 0usize..9, any::<bool>()), 1..6),
    ) {
        let shipped = Reader::shipped();
        let mut corrections = Corrections::new();
        for &(at, kind, is) in &told {
            corrections.act(&shipped, SENTENCES[at], whole(SENTENCES[at]), ActKind::ALL[kind], is);
            corrections.needs_reply(&shipped, SENTENCES[at], is);
        }
        let firm = shipped.with_corrections(&corrections);
        for (at, text) in SENTENCES.iter().enumerate().filter(|(at, _)| told.iter().all(|t| t.0 != *at)) {
            prop_assert_eq!(read(&shipped, text), read(&firm, text), "{}", at);
        }
    }

    #[test]
    fn bytes_order_and_reset(
        told in proptest::collection::vec((0usize..12, 0usize..9, any::<bool>()), 0..8),
        raw in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let shipped = Reader::shipped();
        let mut corrections = Corrections::new();
        let mut turned = Corrections::new();
        // Of two on the same passage the later one holds; here each passage has one.
        let mut seen = Vec::new();
        let told: Vec<_> = told.into_iter().filter(|t| !seen.contains(&t.0) && { seen.push(t.0); true }).collect();
        let tell = |into: &mut Corrections, &(at, kind, is): &(usize, usize, bool)| {
            into.act(&shipped, SENTENCES[at], whole(SENTENCES[at]), ActKind::ALL[kind], is);
        };
        told.iter().for_each(|t| tell(&mut corrections, t));
        told.iter().rev().for_each(|t| tell(&mut turned, t));
        let back = Corrections::from_bytes(&corrections.to_bytes());
        prop_assert_eq!(back.as_ref(), Some(&corrections));
        let (one, other) = (shipped.with_corrections(&corrections), shipped.with_corrections(&turned));
        for text in SENTENCES {
            prop_assert_eq!(read(&one, text), read(&other, text));
        }
        corrections.reset();
        let fresh = one.with_corrections(&corrections);
        for text in SENTENCES {
            prop_assert_eq!(read(&shipped, text), read(&fresh, text));
        }
        // Whatever the bytes are, they are read or refused.
        let mut bytes = b"rgc\x01".to_vec();
        bytes.extend(raw);
        if let Some(odd) = Corrections::from_bytes(&bytes) {
            read(&shipped.with_corrections(&odd), SENTENCES[0]);
        }
    }
}
