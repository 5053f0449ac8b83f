//! What the tests of the reader share.

#![allow(dead_code, reason = "each of the tests uses a part of it")]
#![allow(unreachable_pub, reason = "a module of each test alone")]

pub mod when;

use care::acts::ActKind;
use care::hours::WorkCalendar;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reading::acts::{Reader, Reading};

/// Reads a text as if it had been sent on a Wednesday morning.
pub fn read(text: &str) -> Reading {
    let said_at: Timestamp = "2025-07-02T09:00:00Z".parse().expect("a fixed moment");
    Reader::shipped().read(text, Some(said_at), &WorkCalendar::office_hours(TimeZone::UTC))
}

/// Whether the reader finds an act of this kind.
pub fn finds(text: &str, kind: ActKind) -> bool {
    read(text).acts.iter().any(|act| act.kind == kind)
}

/// Every sentence of `yes` does it, none of `no` does; all that fail are named at once.
pub fn hold_table(kind: ActKind, yes: &[&str], no: &[&str]) {
    let missed = yes.iter().filter(|text| !finds(text, kind)).map(|text| format!("missed: {text}"));
    let wrong = no.iter().filter(|text| finds(text, kind)).map(|text| format!("wrongly found: {text}"));
    let failures: Vec<String> = missed.chain(wrong).collect();
    assert!(failures.is_empty(), "{}\n{}", kind.name(), failures.join("\n"));
}
