//! When a firm is open: working time with several periods a day, holidays and a zone.

mod working;

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// One opening period of a day; `from` is before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Opening time.
    pub from: Time,
    /// Closing time.
    pub to: Time,
}

/// The opening hours of a firm, or of a person, in one zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkCalendar {
    zone: TimeZone,
    /// Monday first; the periods of each day in order, not touching.
    week: [Vec<Period>; 7],
    holidays: BTreeSet<Date>,
}

/// Why opening hours were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// A period ends before or when it begins.
    #[error("{day}: the period {from}-{to} ends before it begins")]
    Backwards {
        /// The day's name.
        day: &'static str,
        /// Opening time.
        from: Time,
        /// Closing time.
        to: Time,
    },
    /// Two periods of one day overlap.
    #[error("{day}: two opening periods overlap at {at}")]
    Overlap {
        /// The day's name.
        day: &'static str,
        /// Where the second begins.
        at: Time,
    },
    /// No day has an opening period: no clock could ever run out.
    #[error("no opening hours on any day of the week")]
    NeverOpen,
}

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl WorkCalendar {
    /// Opening hours by weekday (Monday first), with the dates on which the firm is closed.
    pub fn new(
        zone: TimeZone,
        mut week: [Vec<Period>; 7],
        holidays: impl IntoIterator<Item = Date>,
    ) -> Result<WorkCalendar, HoursError> {
        for (periods, day) in week.iter_mut().zip(DAYS) {
            periods.sort_by_key(|p| p.from);
            if let Some(p) = periods.iter().find(|p| p.to <= p.from) {
                return Err(HoursError::Backwards { day, from: p.from, to: p.to });
            }
            if let Some(pair) = periods.windows(2).find(|pair| pair[1].from < pair[0].to) {
                return Err(HoursError::Overlap { day, at: pair[1].from });
            }
        }
        if week.iter().all(Vec::is_empty) {
            return Err(HoursError::NeverOpen);
        }
        Ok(WorkCalendar { zone, week, holidays: holidays.into_iter().collect() })
    }

    /// Monday to Friday, 09:00 to 17:00, no holidays.
    pub fn office_hours(zone: TimeZone) -> WorkCalendar {
        let day = vec![Period { from: Time::constant(9, 0, 0, 0), to: Time::constant(17, 0, 0, 0) }];
        let week = std::array::from_fn(|i| if i < 5 { day.clone() } else { Vec::new() });
        WorkCalendar { zone, week, holidays: BTreeSet::new() }
    }

    /// Closes the firm on more dates.
    pub fn close_on(&mut self, holidays: impl IntoIterator<Item = Date>) {
        self.holidays.extend(holidays);
    }

    /// The same hours, meant in another zone: what "by Friday" means to somebody who writes from there.
    pub fn in_zone(&self, zone: TimeZone) -> WorkCalendar {
        WorkCalendar { zone, ..self.clone() }
    }

    /// The zone in which these hours are meant.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The local date of an instant.
    pub fn date_of(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// The opening periods of a date; none on a holiday or a free weekday.
    pub fn periods(&self, date: Date) -> &[Period] {
        if self.holidays.contains(&date) {
            return &[];
        }
        &self.week[usize::from(date.weekday().to_monday_zero_offset() as u8)]
    }

    /// Whether the firm opens at all on a date.
    pub fn is_working_day(&self, date: Date) -> bool {
        !self.periods(date).is_empty()
    }

    /// Closing time of a date as an instant; none where the firm is closed that day.
    pub fn closing(&self, date: Date) -> Option<Timestamp> {
        self.periods(date).last().map(|p| self.instant(date, p.to))
    }

    /// A local date and time as an instant. In a gap of the clocks the later reading is taken, in a fold the earlier;
    /// beyond the range of instants the first or last of them.
    pub fn instant(&self, date: Date, time: Time) -> Timestamp {
        let beyond = if date.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
        self.zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible().unwrap_or(beyond)
    }

    /// The last moment at which a thing due on `date`, without an hour, said at `said_at`, is in time: closing of
    /// that day, or 23:59 where the firm is closed that day or closing has passed when it was said.
    pub fn end_of_day(&self, date: Date, said_at: Timestamp) -> Timestamp {
        match self.closing(date) {
            Some(closing) if said_at < closing => closing,
            _ => self.instant(date, Time::constant(23, 59, 0, 0)),
        }
    }

    /// The date `n` working days after `date`, not counting `date` itself. `n` = 0 gives `date`.
    pub fn working_days_after(&self, date: Date, n: u32) -> Date {
        let mut day = date;
        let mut left = n;
        while 0 < left && day < Date::MAX {
            day = day.saturating_add(1.day());
            if self.is_working_day(day) {
                left -= 1;
            }
        }
        day
    }

    /// The longest opening time of any weekday: what "one working day" means in hours.
    pub fn working_day(&self) -> SignedDuration {
        let lengths = self.week.iter().map(|periods| {
            periods.iter().fold(SignedDuration::ZERO, |sum, p| sum + p.from.duration_until(p.to))
        });
        lengths.max().unwrap_or_default()
    }

    /// The weekday of an instant in this zone.
    pub fn weekday_of(&self, at: Timestamp) -> Weekday {
        self.date_of(at).weekday()
    }
}
