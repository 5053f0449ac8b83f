//! What several targets share: moments, calendars, and what must hold of every reading.

pub mod history;
pub mod server;

use care::hours::{Period, WorkCalendar};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use reading::acts::Reading;

/// A moment from any eight bytes: half of them anywhere in time, half within some years of 2025.
pub fn moment(bytes: i64) -> Timestamp {
    if bytes & 1 == 0 {
        let span = Timestamp::MAX.as_second().abs_diff(Timestamp::MIN.as_second());
        let within = (bytes as u64 >> 1) % span;
        let first = Timestamp::MIN.as_second();
        return Timestamp::from_second(first.saturating_add_unsigned(within)).unwrap_or(Timestamp::MAX);
    }
    let hours = (bytes >> 1) % (24 * 365 * 5);
    Timestamp::constant(1_748_855_700, 0) + SignedDuration::from_hours(hours)
}

/// One of several calendars: office hours, a night shift, one short day a week with holidays, in zones of all sorts.
pub fn calendar(choice: u8) -> WorkCalendar {
    const ZONES: [&str; 8] = [
        "UTC",
        "Europe/London",
        "America/New_York",
        "Pacific/Apia",
        "Australia/Lord_Howe",
        "Africa/Monrovia",
        "Pacific/Kiritimati",
        "America/Nuuk",
    ];
    let zone = TimeZone::get(ZONES[usize::from(choice % 8)]).unwrap_or(TimeZone::UTC);
    let period = |from: (i8, i8), to: (i8, i8)| Period {
        from: Time::constant(from.0, from.1, 0, 0),
        to: Time::constant(to.0, to.1, 0, 0),
    };
    let week: [Vec<Period>; 7] = match choice / 8 % 3 {
        0 => return WorkCalendar::office_hours(zone),
        1 => std::array::from_fn(|_| vec![period((0, 0), (6, 30)), period((22, 0), (23, 59))]),
        _ => std::array::from_fn(|day| if day == 6 { vec![period((12, 0), (12, 1))] } else { Vec::new() }),
    };
    let holidays = (1..28).map(|day| Date::constant(2025, 12, day));
    WorkCalendar::new(zone, week, holidays).unwrap_or_else(|error| panic!("{error}"))
}

/// Acts lie inside the text they were read from, in its order, and nothing is due before it was said.
pub fn check_reading(text: &str, reading: &Reading, said_at: Option<Timestamp>) {
    let length = text.chars().count() as u32;
    let mut last = 0;
    for act in &reading.acts {
        assert!(act.start < act.end, "an empty passage: {act:?}");
        assert!(act.end <= length, "a passage outside the text: {act:?}, {length}");
        assert!(last <= act.start, "out of order: {act:?}");
        last = act.start;
        assert!((0.0..=1.0).contains(&act.confidence), "{act:?}");
        if let Some(due) = act.due {
            assert!(said_at.is_some_and(|said_at| said_at <= due), "due before it was said: {act:?}");
        }
    }
    assert!((0.0..=1.0).contains(&reading.needs_reply), "{}", reading.needs_reply);
    assert!((0.0..=1.0).contains(&reading.bulk), "{}", reading.bulk);
    if let Some(leaving) = reading.leaving {
        assert!(leaving.start < leaving.end && leaving.end <= length, "{leaving:?}");
    }
}
