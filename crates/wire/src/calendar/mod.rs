//! Calendars as iCalendar files: what was when, and who was asked to come.
//!
//! Every event is given once for each time it takes place, up to a moment: what repeats is unrolled, moved and
//! cancelled occurrences heeded. Events that were cancelled are left out. What cannot be read is reported by line, and
//! the others are read.

mod event;
pub mod feed;
mod times;

use std::collections::BTreeSet;

use calcard::icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty};
use calcard::{Entry, Parser};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::csv::RowError;

/// A calendar, or several that lie in one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// What its owner calls it, where the file says so.
    pub name: Option<String>,
    /// Everything in it, in the order of time.
    pub events: Vec<Event>,
    /// The marks of all events that it speaks of, those that were cancelled among them.
    pub uids: BTreeSet<String>,
}

/// One event, at one of the times it takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// The same in every calendar that holds it, and another for each time that it takes place: its mark in the file
    /// ([`Calendar::uids`]), a space, and when it begins.
    pub uid: String,
    /// When.
    pub when: When,
    /// What it is called.
    pub summary: String,
    /// What is said about it.
    pub description: String,
    /// The categories it was put into.
    pub categories: Vec<String>,
    /// Who asked to come.
    pub organiser: Option<Guest>,
    /// Who was asked to come; rooms and things left out.
    pub guests: Vec<Guest>,
    /// Its owner marked it as private or confidential.
    pub private: bool,
    /// Its owner is shown as out of the office meanwhile.
    pub away: bool,
    /// It comes back every day or week.
    pub routine: bool,
}

/// When an event takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// Whole days, the first and the last included.
    Days(Date, Date),
    /// From one moment to another.
    Time(Timestamp, Timestamp),
}

/// Somebody who was asked to come, or who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// The mail address, lower case.
    pub address: String,
    /// The name, where it is given.
    pub name: Option<String>,
    /// They said that they will not come.
    pub declined: bool,
}

/// Reads a file. Times without a zone are in the given one; what repeats without an end is unrolled up to `until`.
pub fn read(bytes: &[u8], zone: &TimeZone, until: Timestamp) -> (Calendar, Vec<RowError>) {
    let text = String::from_utf8_lossy(bytes);
    let lines = beginnings(&text);
    let (mut calendar, mut errors) = (Calendar::default(), Vec::new());
    let mut before = 0;
    let mut parser = Parser::new(&text);
    let mut met = false;
    loop {
        match parser.entry() {
            Entry::ICalendar(parsed) => {
                met = true;
                let at = |component: usize| lines.get(before + component).copied().unwrap_or(1);
                calendar.name = calendar.name.or_else(|| name_of(&parsed));
                let unrolled = times::Unrolled::of(&parsed, zone, until);
                for (component, why) in unrolled.errors {
                    errors.push(RowError::of_row(at(component), why));
                }
                for (component, when) in unrolled.times {
                    let Some(source) = parsed.components.get(component) else { continue };
                    calendar.events.extend(event::event(source, at(component), when));
                }
                let events = parsed.components.iter();
                let events = events.filter(|one| one.component_type == ICalendarComponentType::VEvent);
                calendar.uids.extend(events.filter_map(|one| one.uid()).map(|uid| uid.trim().to_owned()));
                before += parsed.components.len();
            }
            Entry::Eof => break,
            _ => {}
        }
    }
    if !met {
        errors.push(RowError::of_row(1, "this is no calendar; export it as iCalendar (.ics)"));
    }
    calendar.events.sort_by(|a, b| (a.when, &a.uid).cmp(&(b.when, &b.uid)));
    (calendar, errors)
}

/// The lines on which parts of the file begin, in order.
fn beginnings(text: &str) -> Vec<u64> {
    let begins = |line: &str| {
        let line = line.trim_start_matches('\u{feff}').as_bytes();
        line.get(..6).is_some_and(|begin| begin.eq_ignore_ascii_case(b"BEGIN:"))
    };
    text.lines().zip(1..).filter(|(line, _)| begins(line)).map(|(_, number)| number).collect()
}

/// What a calendar is called, by the property of the standard or the one that programs used before.
fn name_of(calendar: &ICalendar) -> Option<String> {
    let named = calendar.components.first()?.entries.iter().find(|entry| match &entry.name {
        ICalendarProperty::Name => true,
        ICalendarProperty::Other(name) => name.eq_ignore_ascii_case("X-WR-CALNAME"),
        _ => false,
    })?;
    named.values.first()?.as_text().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}
