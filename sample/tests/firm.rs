//! The sample firm, seen from outside: whole, readable, and the same every time.
use jiff::civil::date;
use jiff::tz::TimeZone;

#[test]
fn the_same_day_gives_the_same_firm() {
    let zone = TimeZone::get("Europe/London").unwrap();
    assert_eq!(sample::firm(date(2026, 3, 2), &zone), sample::firm(date(2026, 3, 2), &zone));
}
