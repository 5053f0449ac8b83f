//! When a digest is due: at the begin of somebody's working day, in their zone, and never out of hours.

use care::hours::WorkCalendar;
use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp};

/// A server that was away when the day began still tells for so long; after that the day has begun without it.
const LATE: SignedDuration = SignedDuration::from_hours(4);

/// A morning on which a digest is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Morning {
    /// The day.
    pub(super) day: Date,
    /// It is the first working day of its week.
    pub(super) begins_week: bool,
}

/// Whether the firm is open at this moment, by a calendar in the zone of whoever is told.
pub(super) fn is_open(calendar: &WorkCalendar, now: Timestamp) -> bool {
    let time = now.to_zoned(calendar.zone().clone()).time();
    let periods = calendar.periods(calendar.date_of(now));
    periods.iter().any(|period| period.from <= time && time < period.to)
}

/// The morning that it is at this moment, by a calendar in the zone of whoever is told; none at any other time.
pub(super) fn morning(calendar: &WorkCalendar, now: Timestamp) -> Option<Morning> {
    let day = calendar.date_of(now);
    let periods = calendar.periods(day);
    let opens = calendar.instant(day, periods.first()?.from);
    let is_soon = opens <= now && now < opens + LATE;
    let before = |weekday: Weekday| {
        let back = i64::from(day.weekday().since(weekday));
        day.checked_sub(jiff::Span::new().days(back)).is_ok_and(|date| calendar.is_working_day(date))
    };
    let earlier = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
    ];
    let mut earlier = earlier.into_iter().take_while(|weekday| *weekday != day.weekday());
    let begins_week = !earlier.any(before);
    (is_open(calendar, now) && is_soon).then_some(Morning { day, begins_week })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    fn calendar(zone: &str) -> WorkCalendar {
        WorkCalendar::office_hours(TimeZone::get(zone).expect("a zone"))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn a_digest_is_due_when_the_day_begins_and_never_out_of_hours() {
        let london = calendar("Europe/London");
        // Office hours begin at nine.
        assert_eq!(morning(&london, at("2026-11-18T08:59:00Z")), None);
        let due = morning(&london, at("2026-11-18T09:00:00Z")).expect("a Wednesday morning");
        assert_eq!((due.day, due.begins_week), (jiff::civil::date(2026, 11, 18), false));
        assert!(morning(&london, at("2026-11-18T12:59:00Z")).is_some(), "the server was away");
        assert_eq!(morning(&london, at("2026-11-18T13:00:00Z")), None, "the day has begun without it");
        assert_eq!(morning(&london, at("2026-11-22T09:30:00Z")), None, "a Sunday");
        assert!(morning(&london, at("2026-11-16T09:30:00Z")).expect("a Monday").begins_week);
    }

    #[test]
    fn a_day_begins_in_the_zone_of_whoever_is_told() {
        let york = calendar("America/New_York");
        assert_eq!(morning(&york, at("2026-11-18T09:30:00Z")), None, "it is night there");
        assert!(morning(&york, at("2026-11-18T14:00:00Z")).is_some());
        // The clocks there went back on 1 November: nine is another moment the Monday after.
        assert!(morning(&york, at("2026-10-30T13:00:00Z")).is_some());
        assert_eq!(morning(&york, at("2026-11-02T13:00:00Z")), None);
        assert!(morning(&york, at("2026-11-02T14:00:00Z")).expect("a Monday").begins_week);
    }

    #[test]
    fn after_a_holiday_the_week_begins_on_the_next_working_day() {
        let mut london = calendar("Europe/London");
        london.close_on([jiff::civil::date(2026, 12, 28)]);
        assert_eq!(morning(&london, at("2026-12-28T09:30:00Z")), None);
        assert!(morning(&london, at("2026-12-29T09:30:00Z")).expect("a Tuesday").begins_week);
        assert!(!morning(&london, at("2026-12-30T09:30:00Z")).expect("a Wednesday").begins_week);
    }
}
