//! What was found, beside what should have been.

use care::hours::WorkCalendar;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use reading::when::{self, Found, Meaning};
use serde_json::Value;

/// What we found, in local time: from, and to (the moment after).
pub(super) struct Ours {
    pub(super) from: DateTime,
    pub(super) to: DateTime,
}

/// The firm's calendar and the moment of a row.
pub(super) struct Scene {
    pub(super) calendar: WorkCalendar,
    pub(super) said: DateTime,
    pub(super) said_at: Timestamp,
}

impl Scene {
    pub(super) fn new(zone: TimeZone, said: DateTime) -> Option<Scene> {
        let said_at = zone.to_ambiguous_timestamp(said).compatible().ok()?;
        Some(Scene { calendar: WorkCalendar::office_hours(zone), said, said_at })
    }

    pub(super) fn local(&self, at: Timestamp) -> DateTime {
        at.to_zoned(self.calendar.zone().clone()).datetime()
    }

    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        when::find(text, self.said_at, &self.calendar)
    }

    pub(super) fn ours(&self, found: &Found) -> Option<Ours> {
        let midnight = |d: Date| d.to_datetime(jiff::civil::Time::midnight());
        Some(match found.meaning {
            Meaning::Day(d) => Ours { from: midnight(d), to: midnight(d.tomorrow().ok()?) },
            Meaning::Days { from, to } => Ours { from: midnight(from), to: midnight(to.tomorrow().ok()?) },
            Meaning::At(at) => Ours { from: self.local(at), to: self.local(at) },
            Meaning::Between { from, to } => Ours { from: self.local(from), to: self.local(to) },
            _ => return None,
        })
    }
}

pub(super) fn stamp(value: &Value) -> Option<DateTime> {
    let text = value.as_str()?.replace(' ', "T");
    text.parse()
        .ok()
        .or_else(|| text.parse::<Date>().ok().map(|d| d.to_datetime(jiff::civil::Time::midnight())))
}

pub(super) fn same_day(a: DateTime, b: DateTime) -> bool {
    a.date() == b.date()
}

pub(super) fn is_days(found: &Found) -> bool {
    matches!(found.meaning, Meaning::Day(_) | Meaning::Days { .. })
}

pub(super) fn new_york() -> TimeZone {
    TimeZone::get("America/New_York").unwrap_or(TimeZone::UTC)
}

/// Taste 6: one edge the same, one within the other.
pub(super) fn edge(ours: &Ours, start: DateTime, end: DateTime) -> bool {
    let inside = (start <= ours.from && ours.to <= end) || (ours.from <= start && end <= ours.to);
    inside && (ours.from == start || ours.to == end)
}

/// Taste 4: of one day, and half of the shorter in both.
pub(super) fn overlap(ours: &Ours, start: DateTime, end: DateTime) -> bool {
    let minutes = |a: DateTime, b: DateTime| a.duration_until(b).as_secs() / 60;
    let common = minutes(ours.from.max(start), ours.to.min(end));
    let shorter = minutes(ours.from, ours.to).min(minutes(start, end));
    same_day(ours.from, start) && shorter <= 2 * common.max(0)
}
