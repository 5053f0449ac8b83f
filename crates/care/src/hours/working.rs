//! Working time: how much of it passes between two instants, and when so much of it has passed.
//!
//! It is real time while the firm is open: where the clocks change inside an opening period, that period is an hour
//! shorter or longer. Short spans go day by day; long ones take whole weeks at a time and mend the holidays and the
//! days on which clocks change, so that a span of years costs about as much as one of weeks.

use jiff::civil::{Date, Time};
use jiff::tz::AmbiguousOffset;
use jiff::{SignedDuration, Span, Timestamp, ToSpan};

use super::{Period, WorkCalendar};

/// Up to so many days are gone through one by one.
const DAYS_ONE_BY_ONE: i32 = 14;

impl WorkCalendar {
    /// The first instant at which the firm has been open for `span` since `at`; `at` itself for a span of nothing.
    /// A message that arrives after closing counts from the next opening.
    pub fn add_working(&self, at: Timestamp, span: SignedDuration) -> Timestamp {
        if span <= SignedDuration::ZERO {
            return at;
        }
        let mut left = span;
        let mut date = self.date_of(at);
        let mut days_left = DAYS_ONE_BY_ONE;
        while date < Date::MAX {
            for (opens, closes) in self.open_on(date) {
                let worked = closes.duration_since(opens.max(at));
                if left <= worked {
                    return opens.max(at).checked_add(left).unwrap_or(Timestamp::MAX);
                }
                left -= worked.max(SignedDuration::ZERO);
            }
            date = date.saturating_add(1.day());
            days_left -= 1;
            if days_left <= 0
                && let Some((later, worked)) = self.weeks_within(date, left)
            {
                date = later;
                left -= worked;
            }
        }
        Timestamp::MAX
    }

    /// How long the firm is open between two instants; negative where `b` is before `a`.
    pub fn working_between(&self, a: Timestamp, b: Timestamp) -> SignedDuration {
        if b < a {
            return -self.working_between(b, a);
        }
        let (first, last) = (self.date_of(a), self.date_of(b));
        if days_between(first, last) <= DAYS_ONE_BY_ONE {
            return dates(first, last).map(|date| self.worked_within(date, a, b)).sum();
        }
        let middle = self.worked_on_days(first.saturating_add(1.day()), last);
        self.worked_within(first, a, b) + middle + self.worked_within(last, a, b)
    }

    /// The opening periods of a date as instants. A time that the clocks skip is the moment of the skip.
    fn open_on(&self, date: Date) -> impl Iterator<Item = (Timestamp, Timestamp)> + '_ {
        self.periods(date).iter().map(move |p| (self.edge(date, p.from), self.edge(date, p.to)))
    }

    fn edge(&self, date: Date, time: Time) -> Timestamp {
        let wall = date.to_datetime(time);
        let ambiguous = self.zone.to_ambiguous_timestamp(wall);
        let AmbiguousOffset::Gap { before, .. } = ambiguous.offset() else {
            return ambiguous.compatible().unwrap_or_else(|_| self.instant(date, time));
        };
        // With the offset from before the skip, a skipped time reads as a moment at or after it.
        let skip = before.to_timestamp(wall).ok().and_then(|after| {
            let just_after = after.checked_add(1.nanosecond()).ok()?;
            self.zone.preceding(just_after).next()
        });
        skip.map_or_else(|| self.instant(date, time), |skip| skip.timestamp())
    }

    /// How long the firm is open on a date, between two instants.
    fn worked_within(&self, date: Date, a: Timestamp, b: Timestamp) -> SignedDuration {
        self.open_on(date)
            .map(|(opens, closes)| closes.min(b).duration_since(opens.max(a)).max(SignedDuration::ZERO))
            .sum()
    }

    /// Whole weeks from `date` that surely fit into `left`: where they end, and how long the firm is open in them.
    fn weeks_within(&self, date: Date, left: SignedDuration) -> Option<(Date, SignedDuration)> {
        let week: SignedDuration = self.week.iter().map(|periods| length(periods)).sum();
        let room = i64::from(days_between(date, Date::MAX) / 7);
        let weeks = (left.as_secs() / week.as_secs().max(1) - 1).min(room);
        if weeks < 2 {
            return None;
        }
        let later = date.checked_add(Span::new().weeks(weeks)).ok()?;
        let worked = self.worked_on_days(date, later);
        (worked < left).then_some((later, worked))
    }

    /// How long the firm is open from the beginning of `from` to the beginning of `to`.
    fn worked_on_days(&self, from: Date, to: Date) -> SignedDuration {
        let days = days_between(from, to);
        if days <= 0 {
            return SignedDuration::ZERO;
        }
        let week: SignedDuration = self.week.iter().map(|periods| length(periods)).sum();
        let odd_days = dates(from, to).take((days % 7) as usize);
        let closed = self.holidays.range(from..to);
        week * (days / 7) + odd_days.map(|date| self.planned(date)).sum::<SignedDuration>()
            - closed.map(|&date| self.planned(date)).sum::<SignedDuration>()
            + self.gained_by_clock_changes(from, to)
    }

    /// How much longer the firm is really open, from `from` to the beginning of `to`, than by its times on the wall.
    fn gained_by_clock_changes(&self, from: Date, to: Date) -> SignedDuration {
        let midnight = Time::midnight();
        let start = self.instant(from, midnight);
        let end = self.instant(to, midnight);
        let mut gained = SignedDuration::ZERO;
        let mut next = from;
        // One nanosecond earlier, so that a change at the very start of the first day counts.
        let before = start.checked_sub(1.nanosecond()).unwrap_or(start);
        for change in self.zone.following(before) {
            let at = change.timestamp();
            if end < at {
                break;
            }
            let eve = self.date_of(at.checked_sub(1.nanosecond()).unwrap_or(at));
            let day = self.date_of(at);
            for date in dates(eve.min(day).max(next), eve.max(day)).filter(|&date| date < to) {
                let planned = length(self.periods(date));
                gained += self.worked_within(date, Timestamp::MIN, Timestamp::MAX) - planned;
                next = date.saturating_add(1.day());
            }
        }
        gained
    }

    /// The opening time of a date by its weekday, holiday or not.
    fn planned(&self, date: Date) -> SignedDuration {
        length(&self.week[usize::from(date.weekday().to_monday_zero_offset() as u8)])
    }
}

fn length(periods: &[Period]) -> SignedDuration {
    periods.iter().map(|p| p.from.duration_until(p.to)).sum()
}

fn days_between(from: Date, to: Date) -> i32 {
    // Dates span less than 8 million days.
    from.duration_until(to).as_hours() as i32 / 24
}

/// The dates from `first` to `last`, both included.
fn dates(first: Date, last: Date) -> impl Iterator<Item = Date> {
    let mut next = Some(first).filter(|&date| date <= last);
    std::iter::from_fn(move || {
        let date = next?;
        next = date.tomorrow().ok().filter(|&date| date <= last);
        Some(date)
    })
}
