//! What the tests of words of time share: calendars, and tables of what is said when with what falls due.

use care::hours::{Period, WorkCalendar};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use reading::when::{Found, find};

pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

pub fn period(from: &str, to: &str) -> Period {
    Period { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

/// Monday to Friday, nine to half past twelve and half past one to half past five; Fridays until four.
pub fn two_periods(holidays: &[&str]) -> WorkCalendar {
    let day = vec![period("09:00", "12:30"), period("13:30", "17:30")];
    let friday = vec![period("09:00", "12:30"), period("13:30", "16:00")];
    let week = [day.clone(), day.clone(), day.clone(), day, friday, vec![], vec![]];
    let holidays: Vec<Date> = holidays.iter().map(|d| d.parse().unwrap()).collect();
    WorkCalendar::new(zone("Europe/London"), week, holidays).unwrap()
}

pub fn office() -> WorkCalendar {
    WorkCalendar::office_hours(zone("Europe/London"))
}

pub fn read(calendar: &WorkCalendar, said: &str, text: &str) -> Vec<Found> {
    let said: DateTime = said.parse().unwrap();
    find(text, calendar.instant(said.date(), said.time()), calendar)
}

/// The latest due date that the words name, as local time to the minute; "-" for none.
pub fn due(calendar: &WorkCalendar, said: &str, text: &str) -> String {
    let at: DateTime = said.parse().unwrap();
    let said_at = calendar.instant(at.date(), at.time());
    let found = find(text, said_at, calendar);
    let due = found.iter().filter_map(|f| f.due(said_at, calendar)).max();
    due.map_or("-".to_owned(), |due| {
        due.to_zoned(calendar.zone().clone()).strftime("%Y-%m-%d %H:%M").to_string()
    })
}

pub fn table(calendar: &WorkCalendar, rows: &[(&str, &str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(said, text, want)| {
            let got = due(calendar, said, text);
            (got != *want)
                .then(|| format!("{text:?} said {said}: {got}, not {want}: {:?}", read(calendar, said, text)))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
