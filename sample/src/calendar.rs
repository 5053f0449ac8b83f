//! The firm's days: when it works, and how people there say a date.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The days around today, in the firm's zone.
#[derive(Debug, Clone)]
pub(crate) struct Days {
    pub(crate) today: Date,
    pub(crate) zone: TimeZone,
    holidays: BTreeSet<Date>,
}

impl Days {
    pub(crate) fn new(today: Date, zone: &TimeZone) -> Days {
        let holidays = (today.year() - 1..=today.year() + 1).flat_map(bank_holidays).collect();
        Days { today, zone: zone.clone(), holidays }
    }

    pub(crate) fn holidays(&self) -> impl Iterator<Item = Date> + '_ {
        let (first, last) = (self.today - 12.months(), self.today + 12.months());
        self.holidays.iter().copied().filter(move |day| (first..=last).contains(day))
    }

    pub(crate) fn works(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.holidays.contains(&day)
    }

    /// The day so many working days before (negative) or after (positive) `day`; 0 is the next working day from it on.
    pub(crate) fn working(&self, day: Date, n: i64) -> Date {
        let (mut day, step) = (day, if n < 0 { -1 } else { 1 });
        let mut left = n.abs();
        if left == 0 {
            while !self.works(day) {
                day += 1.day();
            }
        }
        while 0 < left {
            day += step.days();
            left -= i64::from(self.works(day));
        }
        day
    }

    pub(crate) fn at(&self, day: Date, hour: i8, minute: i8, second: i8) -> Timestamp {
        let time = day.at(hour, minute, second, 0);
        self.zone.to_ambiguous_timestamp(time).compatible().unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The moment the whole firm is looked at.
    pub(crate) fn now(&self) -> Timestamp {
        self.at(self.today, 9, 0, 0)
    }

    pub(crate) fn date_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }
}

/// How somebody writing on `on` says `day`: today, tomorrow, Thursday, Thursday 14 May.
pub(crate) fn said(day: Date, on: Date) -> String {
    match (day - on).get_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        2..=6 => weekday(day).to_owned(),
        _ => format!("{} {}", weekday(day), plain(day)),
    }
}

/// 14 May.
pub(crate) fn plain(day: Date) -> String {
    format!("{} {}", day.day(), month(day))
}

pub(crate) fn weekday(day: Date) -> &'static str {
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        [day.weekday().to_monday_zero_offset() as usize % 7]
}

pub(crate) fn month(day: Date) -> &'static str {
    MONTHS[(day.month() as usize).saturating_sub(1) % 12]
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The bank holidays of England in a year, with the days given in lieu.
fn bank_holidays(year: i16) -> Vec<Date> {
    let day = |month, day| Date::new(year, month, day).unwrap_or(Date::MIN);
    let easter = easter(year);
    let mut days = vec![easter - 2.days(), easter + 1.day()];
    days.push(monday_from(day(5, 1)));
    days.push(monday_from(day(5, 25)));
    days.push(monday_from(day(8, 25)));
    let new_year = day(1, 1);
    days.push(if is_weekend(new_year) { monday_from(new_year) } else { new_year });
    let (christmas, boxing) = (day(12, 25), day(12, 26));
    days.extend(match christmas.weekday() {
        Weekday::Friday => [christmas, day(12, 28)],
        Weekday::Saturday => [day(12, 27), day(12, 28)],
        Weekday::Sunday => [boxing, day(12, 27)],
        _ => [christmas, boxing],
    });
    days
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn monday_from(mut day: Date) -> Date {
    while day.weekday() != Weekday::Monday {
        day += 1.day();
    }
    day
}

/// Easter Sunday, by the anonymous Gregorian reckoning.
fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, (n / 31) as i8, (n % 31 + 1) as i8).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn easter_is_found() {
        for day in [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28)] {
            assert_eq!(easter(day.year()), day);
        }
    }

    #[test]
    fn working_days_step_over_weekends_and_holidays() {
        let days = Days::new(date(2026, 4, 7), &TimeZone::UTC);
        assert_eq!(days.working(date(2026, 4, 7), -1), date(2026, 4, 2));
        assert_eq!(days.working(date(2026, 4, 3), 0), date(2026, 4, 7));
        assert_eq!(days.working(date(2026, 12, 24), 1), date(2026, 12, 29));
    }

    #[test]
    fn dates_are_said_as_people_say_them() {
        let on = date(2026, 5, 11);
        assert_eq!(said(date(2026, 5, 14), on), "Thursday");
        assert_eq!(said(date(2026, 5, 12), on), "tomorrow");
        assert_eq!(said(date(2026, 5, 22), on), "Friday 22 May");
    }
}
