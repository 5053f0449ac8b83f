//! Words of time: what holds for any text and any moment.

use care::hours::{Period, WorkCalendar};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use reading::when::{Limit, Meaning, find};

const WORDS: &[&str] = &[
    "by",
    "before",
    "after",
    "until",
    "from",
    "to",
    "between",
    "and",
    "in",
    "within",
    "the",
    "next",
    "last",
    "this",
    "a",
    "of",
    "on",
    "at",
    "for",
    "or",
    "first",
    "second",
    "third",
    "end",
    "early",
    "mid",
    "late",
    "week",
    "weeks",
    "day",
    "days",
    "month",
    "year",
    "years",
    "quarter",
    "hour",
    "hours",
    "minutes",
    "working",
    "business",
    "fortnight",
    "weekend",
    "Monday",
    "Tuesday",
    "Friday",
    "Sat",
    "January",
    "Feb",
    "March",
    "May",
    "December",
    "today",
    "tomorrow",
    "tonight",
    "yesterday",
    "morning",
    "afternoon",
    "noon",
    "midnight",
    "EOD",
    "COB",
    "close",
    "play",
    "Christmas",
    "Easter",
    "Thanksgiving",
    "every",
    "each",
    "ago",
    "later",
    "now",
    "since",
    "half",
    "past",
    "quarter",
    "couple",
    "few",
    "two",
    "twenty",
    "hundred",
    "thousand",
    "nineteen",
    "1",
    "2",
    "3",
    "5",
    "12",
    "28",
    "29",
    "30",
    "31",
    "99",
    "2025",
    "9999",
    "0001",
    "2000",
    "999999999",
    "3pm",
    "14:30",
    "3/14",
    "31/12/9999",
    "2025-02-30",
    "1st",
    "31st",
    "99th",
    "Q1",
    "Q4",
    "H2",
    "-",
    "–",
    "/",
    ".",
    ",",
    ":",
    "(",
    ")",
    "'s",
    "’",
    "½",
    "\n",
    "\n\n",
    "é",
    "年",
    "🗓",
    "will",
    "sent",
    "starting",
    "commencing",
    "week of the",
    "first day of the week of",
    "hearing",
    "asap",
    "decades",
];

fn calendars() -> Vec<WorkCalendar> {
    let period = |from, to| Period { from: Time::constant(from, 0, 0, 0), to: Time::constant(to, 0, 0, 0) };
    let two: [Vec<Period>; 7] =
        std::array::from_fn(|i| if i < 6 { vec![period(8, 12), period(13, 23)] } else { Vec::new() });
    let holidays = (1..=31).filter_map(|d| Date::new(2025, 12, d).ok());
    ["Pacific/Kiritimati", "America/New_York", "Pacific/Niue"]
        .iter()
        .map(|name| TimeZone::get(name).unwrap())
        .flat_map(|zone| {
            let firm = WorkCalendar::new(zone.clone(), two.clone(), holidays.clone()).unwrap();
            [WorkCalendar::office_hours(zone), firm]
        })
        .collect()
}

/// From year 1 to the end of year 9999.
fn moments() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (-62_135_596_800_i64, 253_402_207_200_i64);
    prop_oneof![
        first..=last,
        Just(first),
        Just(last),
        last - 900_000..=last,
        1_700_000_000_i64..1_800_000_000
    ]
    .prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn phrases() -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS);
    let gap = prop::sample::select(&[" ", " ", " ", " ", "", "-", "  ", "\n"][..]);
    prop::collection::vec((word, gap), 0..24)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, gap)| [word, gap]).collect())
}

fn holds(text: &str, said_at: Timestamp, calendar: &WorkCalendar) -> Result<(), TestCaseError> {
    let found = find(text, said_at, calendar);
    let mut end = 0;
    for one in &found {
        prop_assert!(end <= one.start && one.start < one.end && one.end <= text.len(), "{one:?}");
        prop_assert!(text.is_char_boundary(one.start) && text.is_char_boundary(one.end), "{one:?}");
        end = one.end;
        let due = one.due(said_at, calendar);
        prop_assert!(due.is_none_or(|due| said_at <= due), "{one:?} is due {due:?}");
        let open = matches!(one.limit, Limit::After | Limit::From | Limit::Until);
        let timeless = matches!(one.meaning, Meaning::Every | Meaning::Lasting(_) | Meaning::Unresolved);
        prop_assert!(due.is_none() || !(one.past || open || timeless), "{one:?} is due {due:?}");
        match one.meaning {
            Meaning::Days { from, to } => prop_assert!(from <= to, "{one:?}"),
            Meaning::Between { from, to } => prop_assert!(from <= to, "{one:?}"),
            _ => {}
        }
    }
    Ok(())
}

/// A span of time holds no more than so many months: reading such a letter once stopped the program.
#[test]
fn numbers_without_end_are_no_time() {
    let said_at: Timestamp = "2025-07-02T09:00:00Z".parse().unwrap();
    for text in [
        "past 999999999 quarter",
        "the last 999999999 quarters",
        "the next 999999999 months",
        "999999999 years ago",
        "within 999999999 weeks",
        "by the 999999999th quarter",
    ] {
        for calendar in calendars() {
            find(text, said_at, &calendar);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_words_of_time(text in phrases(), said_at in moments(), which in 0..6_usize) {
        holds(&text, said_at, &calendars()[which])?;
    }

    #[test]
    fn any_text(text in "\\PC{0,200}", said_at in moments(), which in 0..6_usize) {
        holds(&text, said_at, &calendars()[which])?;
    }

    #[test]
    fn the_text_around_does_not_move_the_words(before in "[a-z ]{0,80}[.] ", after in "[.] [a-z ]{0,80}") {
        let calendar = &calendars()[2];
        let said_at = Timestamp::from_second(1_751_450_400).unwrap();
        let alone = find("by 18 July 2025", said_at, calendar)[0].clone();
        let text = format!("{before}by 18 July 2025{after}");
        let found = find(&text, said_at, calendar);
        prop_assert!(found.iter().any(|f| f.meaning == alone.meaning && f.start == before.len()), "{text:?} {found:?}");
    }
}

/// A line as long as programs write them, in bytes; a test without optimisation has less patience.
const LINE: usize = if cfg!(debug_assertions) { 40_000 } else { 1_000_000 };

#[test]
fn time_grows_with_the_length_of_a_line_and_not_faster() {
    let calendar = &calendars()[0];
    let said_at = Timestamp::from_second(1_751_450_400).unwrap();
    let units = [
        "x",
        "next ",
        "first day of the week of ",
        "from ",
        "12:",
        "1-",
        "in two years since ",
        "by ",
        "the ",
        "3 days after ",
        "Monday ",
        "between 3 and ",
        "twenty ",
        "week of the weekend of ",
        "é",
        " ",
        "\n",
        "'",
        ".",
        "31/12/",
        "2025-",
        "half past ",
        "last last ",
        "a week on a week on ",
        "every every ",
        "as soon as we ",
    ];
    for unit in units {
        let took = |length: usize| {
            let text = unit.repeat(length / unit.len());
            let started = std::time::Instant::now();
            let found = find(&text, said_at, calendar).len();
            (started.elapsed().as_secs_f64(), found)
        };
        let (quarter, _) = took(LINE / 4);
        let (whole, found) = took(LINE);
        // Linear is 4 times; quadratic would be 16. What is over in a blink is not measured.
        assert!(
            whole < 0.5 || whole < quarter * 11.0,
            "{unit:?}: {quarter} s, then {whole} s; found {found}"
        );
    }
}
