//! Days with a name, and how dates without a year or with another order are taken.

use care::hours::WorkCalendar;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use reading::when::{Meaning, find};

/// First and last day that the words mean, said on Wednesday, 2 July 2025 at ten in London.
fn days(text: &str) -> Option<(Date, Date)> {
    let calendar = WorkCalendar::office_hours(TimeZone::get("Europe/London").unwrap());
    let said_at = "2025-07-02T09:00:00Z".parse().unwrap();
    let found = find(text, said_at, &calendar);
    match found.first()?.meaning {
        Meaning::Day(day) => Some((day, day)),
        Meaning::Days { from, to } => Some((from, to)),
        _ => None,
    }
}

fn table(rows: &[(&str, &str, &str)]) {
    for (text, from, to) in rows {
        let want = Some((from.parse().unwrap(), to.parse().unwrap()));
        assert_eq!(days(text), want, "{text:?}");
    }
}

fn single(rows: &[(&str, &str)]) {
    for (text, day) in rows {
        let day: Date = day.parse().unwrap();
        assert_eq!(days(text), Some((day, day)), "{text:?}");
    }
}

#[test]
fn feasts_that_the_sun_dates() {
    single(&[
        ("Easter 2024", "2024-03-31"),
        ("Easter 2038", "2038-04-25"),
        ("Orthodox Easter 2024", "2024-05-05"),
        ("Good Friday 2027", "2027-03-26"),
        ("Whit Monday 2026", "2026-05-25"),
        ("Thanksgiving 2026", "2026-11-26"),
        ("Black Friday 2024", "2024-11-29"),
        ("the day after Christmas", "2025-12-26"),
        ("Memorial Day", "2026-05-25"),
        ("St Patrick's Day", "2026-03-17"),
        ("last Halloween", "2024-10-31"),
        ("August bank holiday", "2025-08-25"),
        ("Mothering Sunday 2026", "2026-03-15"),
    ]);
}

#[test]
fn feasts_that_the_moon_dates() {
    single(&[
        ("Chinese New Year 2024", "2024-02-10"),
        ("Chinese New Year 2025", "2025-01-29"),
        ("Lunar New Year 2026", "2026-02-17"),
        ("Diwali 2023", "2023-11-12"),
        ("Diwali 2024", "2024-10-31"),
        ("Holi 2024", "2024-03-25"),
        ("Raksha Bandhan 2022", "2022-08-11"),
        ("Ganesh Chaturthi 2023", "2023-09-19"),
        ("Eid al-Fitr 2024", "2024-04-10"),
        ("Eid al-Adha 2023", "2023-06-28"),
        ("Ashura 2023", "2023-07-28"),
        ("Yom Kippur 2025", "2025-10-01"),
        ("Purim 2024", "2024-03-23"),
        ("Purim 2023", "2023-03-06"),
    ]);
    table(&[
        ("Ramadan 2024", "2024-03-11", "2024-04-09"),
        ("Passover 2024", "2024-04-22", "2024-04-30"),
        ("Hanukkah 2025", "2025-12-14", "2025-12-21"),
        ("Rosh Hashanah", "2025-09-22", "2025-09-24"),
    ]);
    assert_eq!(days("Diwali 1700"), days("in 1700"), "no moons are known so far back");
}

#[test]
fn weeks_months_and_their_parts() {
    table(&[
        ("next week", "2025-07-07", "2025-07-13"),
        ("the week after next", "2025-07-14", "2025-07-20"),
        ("week 30", "2025-07-21", "2025-07-27"),
        ("the week of the 18th", "2025-07-14", "2025-07-20"),
        ("this weekend", "2025-07-05", "2025-07-06"),
        ("the weekend of 9 August", "2025-08-09", "2025-08-10"),
        ("next month", "2025-08-01", "2025-08-31"),
        ("late August", "2025-08-21", "2025-08-31"),
        ("the first half of September", "2025-09-01", "2025-09-15"),
        ("the first week of August", "2025-08-04", "2025-08-10"),
        ("the last week of July", "2025-07-28", "2025-08-03"),
        ("the last two weeks of August", "2025-08-18", "2025-08-31"),
        ("Q4 2025", "2025-10-01", "2025-12-31"),
        ("the second quarter of next year", "2026-04-01", "2026-06-30"),
        ("H1 2026", "2026-01-01", "2026-06-30"),
        ("from Monday to Thursday", "2025-07-07", "2025-07-10"),
        ("12-16 August", "2025-08-12", "2025-08-16"),
        ("28 December to 3 January", "2025-12-28", "2026-01-03"),
        ("between 3 and 9 October 2025", "2025-10-03", "2025-10-09"),
        ("from November to February", "2025-11-01", "2026-02-28"),
        ("for two weeks from 14 July", "2025-07-14", "2025-07-27"),
    ]);
}

#[test]
fn days_without_a_year_or_month() {
    single(&[
        ("1 July", "2026-07-01"),
        ("2 July", "2025-07-02"),
        ("29 February", "2028-02-29"),
        ("the 31st", "2025-07-31"),
        ("Friday the 13th", "2026-02-13"),
        ("Saturday 28 June", "2025-06-28"),
        ("03/04/25", "2025-04-03"),
        ("12/25/2025", "2025-12-25"),
        ("5-Aug-2025", "2025-08-05"),
        ("20250805", "2025-08-05"),
        ("August the fifth, two thousand and twenty-five", "2025-08-05"),
        ("the third of August", "2025-08-03"),
    ]);
    for none in ["31/02/2025", "32 July", "2025-13-01", "31.11.2025"] {
        assert_eq!(days(none).filter(|(from, to)| from == to), None, "{none:?}");
    }
}
