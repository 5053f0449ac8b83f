//! Working time: tables of known answers, and laws that hold for all hours, zones and instants.

use care::hours::{Period, WorkCalendar};
use jiff::civil::{Date, Time, date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn period(from: i8, to: i8) -> Period {
    let to = if to == 24 { Time::MAX } else { time(to, 0, 0, 0) };
    Period { from: time(from, 0, 0, 0), to }
}

/// Monday to Friday 9 to 12:30 and 14 to 18, Saturday 10 to 13; closed over Christmas.
fn shop(zone_name: &str) -> WorkCalendar {
    let day = vec![Period { from: time(9, 0, 0, 0), to: time(12, 30, 0, 0) }, period(14, 18)];
    let week = std::array::from_fn(|i| match i {
        0..5 => day.clone(),
        5 => vec![period(10, 13)],
        _ => Vec::new(),
    });
    let closed = [date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1)];
    WorkCalendar::new(zone(zone_name), week, closed).unwrap()
}

#[test]
fn spans_end_when_the_firm_has_been_open_for_so_long() {
    let office = WorkCalendar::office_hours(zone("Europe/London"));
    let shop = shop("Europe/Berlin");
    let night = {
        let week = std::array::from_fn(|_| vec![period(0, 6)]);
        WorkCalendar::new(zone("Europe/London"), week, []).unwrap()
    };
    let table: &[(&WorkCalendar, &str, i64, &str, &str)] = &[
        (&office, "2025-01-06T11:00Z", 480, "2025-01-07T11:00Z", "one day later, same hour"),
        (
            &office,
            "2025-01-06T09:00Z",
            480,
            "2025-01-06T17:00Z",
            "a whole day ends at closing, not next opening",
        ),
        (
            &office,
            "2025-01-06T20:00Z",
            480,
            "2025-01-07T17:00Z",
            "after closing counts from the next opening",
        ),
        (&office, "2025-01-10T16:00Z", 120, "2025-01-13T10:00Z", "over a weekend"),
        (&office, "2025-01-11T12:00Z", 60, "2025-01-13T10:00Z", "from a weekend"),
        (&office, "2025-03-28T16:00Z", 120, "2025-03-31T09:00Z", "over the change to summer time"),
        (&office, "2025-10-24T15:00Z", 120, "2025-10-27T10:00Z", "over the change to winter time"),
        (&office, "2025-01-06T11:00Z", 0, "2025-01-06T11:00Z", "nothing"),
        (&office, "2025-01-06T11:00Z", -60, "2025-01-06T11:00Z", "less than nothing"),
        (&office, "2025-01-06T09:00Z", 480 * 260, "2026-01-02T17:00Z", "260 days of 8 hours are 52 weeks"),
        (&shop, "2025-12-24T11:00Z", 60, "2025-12-24T13:30Z", "over the midday break"),
        (&shop, "2025-12-24T11:30Z", 60, "2025-12-24T14:00Z", "during the midday break"),
        (&shop, "2025-12-24T16:30Z", 90, "2025-12-27T10:00Z", "over two holidays into a Saturday"),
        (&night, "2025-03-30T00:00Z", 300, "2025-03-30T05:00Z", "a night with a skipped hour has five"),
        (&night, "2025-03-30T00:00Z", 301, "2025-03-30T23:01Z", "and no sixth"),
        (&night, "2025-10-25T23:00Z", 420, "2025-10-26T06:00Z", "a night with an hour twice has seven"),
    ];
    for (calendar, from, minutes, expected, case) in table {
        let span = SignedDuration::from_mins(*minutes);
        assert_eq!(calendar.add_working(at(from), span), at(expected), "{case}");
        let back = calendar.working_between(at(from), at(expected));
        assert_eq!(back, span.max(SignedDuration::ZERO), "{case}, measured back");
    }
}

#[test]
fn a_day_that_never_was_has_no_working_time() {
    // Samoa went over the date line: after the 29th of December 2011 came the 31st.
    let week = std::array::from_fn(|_| vec![period(9, 17)]);
    let samoa = WorkCalendar::new(zone("Pacific/Apia"), week, []).unwrap();
    let eve = samoa.instant(date(2011, 12, 29), time(16, 0, 0, 0));
    assert_eq!(
        samoa.add_working(eve, SignedDuration::from_hours(2)),
        samoa.instant(date(2011, 12, 31), time(10, 0, 0, 0))
    );
    let year = (
        samoa.instant(date(2011, 6, 1), Time::midnight()),
        samoa.instant(date(2012, 6, 1), Time::midnight()),
    );
    assert_eq!(samoa.working_between(year.0, year.1), SignedDuration::from_hours(8 * 365));
}

#[test]
fn the_ends_of_time_are_no_trouble() {
    let office = WorkCalendar::office_hours(zone("America/New_York"));
    let long = SignedDuration::MAX;
    assert_eq!(office.add_working(Timestamp::MAX, long), Timestamp::MAX);
    assert_eq!(office.add_working(Timestamp::MIN, long), Timestamp::MAX);
    assert!(SignedDuration::ZERO < office.working_between(Timestamp::MIN, Timestamp::MAX));
    assert_eq!(office.working_days_after(date(2025, 1, 1), u32::MAX), Date::MAX);
    for day in [Date::MIN, Date::MAX] {
        office.closing(day);
        office.end_of_day(day, Timestamp::MAX);
    }
}

fn calendars() -> impl Strategy<Value = WorkCalendar> {
    let zones = prop_oneof![
        Just("Europe/London"),
        Just("America/New_York"),
        Just("Australia/Lord_Howe"),
        Just("Pacific/Apia"),
        Just("Asia/Kolkata"),
        Just("UTC"),
    ];
    let periods = prop_oneof![
        2 => Just(Vec::new()),
        4 => Just(vec![period(9, 17)]),
        2 => Just(vec![period(8, 12), period(13, 19)]),
        1 => Just(vec![period(0, 6), period(20, 23)]),
    ];
    let week = proptest::array::uniform7(periods);
    let closed = proptest::collection::vec((2010i16..2027, 1i8..=12, 1i8..=28), 0..12);
    (zones, week, closed).prop_filter_map("never open", |(name, week, closed)| {
        let closed = closed.into_iter().map(|(y, m, d)| date(y, m, d));
        WorkCalendar::new(zone(name), week, closed).ok()
    })
}

/// Instants on a grid of five minutes, 2010 to 2026.
fn instants() -> impl Strategy<Value = Timestamp> {
    (1_262_304_000i64 / 300..1_798_761_600 / 300).prop_map(|n| Timestamp::from_second(n * 300).unwrap())
}

fn open_at(calendar: &WorkCalendar, at: Timestamp) -> bool {
    let local = calendar.zone().to_datetime(at);
    calendar.periods(local.date()).iter().any(|p| p.from <= local.time() && local.time() < p.to)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn measuring_gives_back_what_was_added(
        calendar in calendars(), from in instants(), minutes in prop_oneof![1i64..3000, 1i64..300_000],
    ) {
        let span = SignedDuration::from_mins(minutes);
        let to = calendar.add_working(from, span);
        prop_assert_eq!(calendar.working_between(from, to), span);
        prop_assert_eq!(calendar.working_between(to, from), -span);
        // The earliest such instant: a second before, the span had not passed.
        let before = to - SignedDuration::from_secs(1);
        prop_assert!(calendar.working_between(from, before) < span);
    }

    #[test]
    fn adding_twice_is_adding_the_sum(
        calendar in calendars(), from in instants(), a in 1i64..5000, b in 1i64..60_000,
    ) {
        let (a, b) = (SignedDuration::from_mins(a), SignedDuration::from_mins(b));
        prop_assert_eq!(calendar.add_working(calendar.add_working(from, a), b), calendar.add_working(from, a + b));
    }

    #[test]
    fn later_in_is_later_out(calendar in calendars(), a in instants(), b in instants(), minutes in 0i64..5000) {
        let (a, b) = (a.min(b), a.max(b));
        let span = SignedDuration::from_mins(minutes);
        prop_assert!(calendar.add_working(a, span) <= calendar.add_working(b, span));
        prop_assert!(calendar.add_working(a, span) <= calendar.add_working(a, span + SignedDuration::from_mins(1)));
    }

    #[test]
    fn stretches_add_up(calendar in calendars(), mut three in proptest::array::uniform3(instants())) {
        three.sort();
        let [a, b, c] = three;
        prop_assert_eq!(
            calendar.working_between(a, b) + calendar.working_between(b, c),
            calendar.working_between(a, c)
        );
    }

    #[test]
    fn it_is_what_a_clerk_would_count(calendar in calendars(), from in instants(), steps in 0i64..8000) {
        let step = SignedDuration::from_mins(5);
        let counted = (0..steps).filter(|&i| open_at(&calendar, from + step * (i as i32))).count();
        prop_assert_eq!(
            calendar.working_between(from, from + step * (steps as i32)),
            step * (counted as i32)
        );
    }
}

#[test]
#[ignore = "a measurement: cargo test -p care --release --test hours -- --ignored --nocapture"]
fn how_long_a_million_take() {
    let shop = shop("Europe/London");
    let start = at("2025-01-06T11:00Z");
    for (name, span) in [("a day", 450), ("a year", 450 * 280)] {
        let clock = std::time::Instant::now();
        let mut last = start;
        for i in 0..1_000_000i64 {
            last = shop
                .add_working(start + SignedDuration::from_mins(i % 500_000), SignedDuration::from_mins(span));
        }
        println!("add {name}: {:?} for a million, last {last}", clock.elapsed());
        let clock = std::time::Instant::now();
        let mut sum = SignedDuration::ZERO;
        for i in 0..1_000_000i64 {
            sum += shop.working_between(start, start + SignedDuration::from_mins(span * 3 + i % 500));
        }
        println!("measure about {name}: {:?} for a million, sum {sum}", clock.elapsed());
    }
}
