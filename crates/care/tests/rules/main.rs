//! Every row of the design's table 3a, as a table of cases; then the further cases that the fold's module names.

#[path = "../common/mod.rs"]
mod common;

mod answers;
mod calls;
mod decisions;
mod promises;
mod replies;

use care::entry::Entry;
use care::obligation::{Kind, Obligation};
use common::*;

/// A case: its name, what happened, the moment one looks, and what is owed then of the kinds of the test.
struct Case {
    name: &'static str,
    entries: Vec<Entry>,
    now: &'static str,
    owed: &'static [&'static str],
}

const NAMES: &[&str] = &["a", "b", "c", "d", "e", "f", "g", "h"];
const ALL: &[Kind] = &[Kind::Answer, Kind::Callback, Kind::Promise, Kind::Question];

fn check(cases: Vec<Case>) {
    let book = book();
    for case in cases {
        let found = owed(&case.entries, &book, ACME);
        assert_eq!(lines(&found, ALL, case.now, NAMES), case.owed, "{}", case.name);
        well_formed(case.name, &found);
        let mut reversed = case.entries.clone();
        reversed.reverse();
        assert_eq!(owed(&reversed, &book, ACME), found, "{}: in another order of arrival", case.name);
    }
}

/// Each moved obligation has one promise that continues it.
fn well_formed(name: &str, obligations: &[Obligation]) {
    for o in obligations {
        let Some(next) = o.ended.and_then(|ended| ended.continued_by) else { continue };
        let next: Vec<_> = obligations.iter().filter(|other| other.id == next).collect();
        assert!(matches!(next[..], [p] if p.kind == Kind::Promise), "{name}: continued by one promise");
    }
}

macro_rules! case {
    ($name:literal, $now:literal, [$($entry:expr),* $(,)?], [$($owed:literal),* $(,)?]) => {
        $crate::Case { name: $name, entries: vec![$(care::entry::Entry::from($entry)),*], now: $now, owed: &[$($owed),*] }
    };
}

use case;
