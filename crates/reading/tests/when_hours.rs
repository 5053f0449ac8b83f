//! "Words of time": hours, closing time, and clocks that change.

mod support;

use care::hours::WorkCalendar;
use jiff::Timestamp;
use jiff::civil::DateTime;
use reading::when::{begins, find};
use support::when::{office, period, table, two_periods, zone};

// 2025-07-02 is a Wednesday, 2025-07-04 a Friday.

#[test]
fn close_of_play_is_closing_time() {
    let rows = [
        ("2025-07-02T10:00", "by close of play", "2025-07-02 17:30"),
        ("2025-07-02T10:00", "by COB", "2025-07-02 17:30"),
        ("2025-07-02T10:00", "by EOD today", "2025-07-02 17:30"),
        ("2025-07-02T10:00", "close of business tomorrow", "2025-07-03 17:30"),
        ("2025-07-02T10:00", "by COB Friday", "2025-07-04 16:00"),
        ("2025-07-02T10:00", "by the end of play on Friday", "2025-07-04 16:00"),
        ("2025-07-02T10:00", "by the end of the day", "2025-07-02 17:30"),
        ("2025-07-02T10:00", "by the end of the working day", "2025-07-02 17:30"),
        ("2025-07-02T10:00", "by end of business Thursday", "2025-07-03 17:30"),
        ("2025-07-02T10:00", "Thursday EOD", "2025-07-03 17:30"),
        ("2025-07-02T18:00", "by COB", "2025-07-02 23:59"),
        ("2025-07-05T10:00", "by EOD", "2025-07-05 23:59"),
        ("2025-07-02T10:00", "by the end of tomorrow", "2025-07-03 17:30"),
        ("2025-07-02T10:00", "by the end of Friday", "2025-07-04 16:00"),
    ];
    table(&two_periods(&[]), &rows);
}

#[test]
fn a_day_without_an_hour_is_due_at_closing_or_at_the_end_of_a_closed_day() {
    table(
        &two_periods(&["2025-07-10"]),
        &[
            ("2025-07-02T10:00", "today", "2025-07-02 17:30"),
            ("2025-07-02T17:30", "today", "2025-07-02 23:59"),
            ("2025-07-02T10:00", "on Saturday", "2025-07-05 23:59"),
            ("2025-07-02T10:00", "by 10 July", "2025-07-10 23:59"),
            ("2025-07-02T10:00", "by 11 July", "2025-07-11 16:00"),
            ("2025-07-02T23:59", "today", "2025-07-02 23:59"),
        ],
    );
}

#[test]
fn hours() {
    table(
        &office(),
        &[
            ("2025-07-02T10:00", "by noon", "2025-07-02 12:00"),
            ("2025-07-02T13:00", "by noon", "2025-07-03 12:00"),
            ("2025-07-02T10:00", "by 5pm", "2025-07-02 17:00"),
            ("2025-07-02T10:00", "by 5", "2025-07-02 17:00"),
            ("2025-07-02T08:00", "at 9", "2025-07-02 09:00"),
            ("2025-07-02T10:00", "before 4pm today", "2025-07-02 16:00"),
            ("2025-07-02T10:00", "within the hour", "2025-07-02 11:00"),
            ("2025-07-02T10:00", "within 24 hours", "2025-07-03 10:00"),
            ("2025-07-02T10:00", "in half an hour", "2025-07-02 10:30"),
            ("2025-07-02T10:00", "in the next hour or two", "2025-07-02 12:00"),
            ("2025-07-02T10:00", "this morning", "2025-07-02 12:00"),
            ("2025-07-02T10:00", "this afternoon", "2025-07-02 17:00"),
            ("2025-07-02T17:30", "this afternoon", "2025-07-02 18:00"),
            ("2025-07-02T10:00", "tonight", "2025-07-02 23:59"),
            ("2025-07-02T10:00", "this evening", "2025-07-02 23:59"),
            ("2025-07-02T10:00", "later today", "2025-07-02 17:00"),
            ("2025-07-02T10:00", "after lunch", "2025-07-02 17:00"),
            ("2025-07-02T14:00", "first thing in the morning", "2025-07-03 10:00"),
            ("2025-07-02T10:00", "by midnight", "2025-07-03 00:00"),
            ("2025-07-02T10:00", "between 2 and 4pm on Friday", "2025-07-04 16:00"),
            ("2025-07-02T10:00", "straight away", "2025-07-02 17:00"),
        ],
    );
}

#[test]
fn hours_begin_before_they_end_and_nothing_else_has_a_beginning() {
    let calendar = office();
    let rows = [
        ("I'll call you on Tuesday between 2 and 4.", "2025-07-08 14:00"),
        ("I will ring between 10am and 11:30am on Friday", "2025-07-04 10:00"),
        ("I will ring on Friday from 10 to 11:30, as agreed", "2025-07-04 10:00"),
        ("I'll call you on Tuesday at 4.", "-"),
        ("I'll call you by Tuesday.", "-"),
        ("I'll call you on Tuesday afternoon.", "-"),
        ("I'll send it between Monday and Friday.", "-"),
    ];
    let said_at = "2025-07-02T09:00:00Z".parse().unwrap();
    for (text, want) in rows {
        let due =
            find(text, said_at, &calendar).iter().filter_map(|found| found.due(said_at, &calendar)).max();
        let due = due.expect("it falls due");
        let local =
            |at: Timestamp| at.to_zoned(calendar.zone().clone()).strftime("%Y-%m-%d %H:%M").to_string();
        assert_eq!(begins(text, said_at, due, &calendar).map_or("-".to_owned(), local), want, "{text}");
        // Another moment than the one at which they end is none of theirs.
        assert_eq!(
            begins(text, said_at, due + jiff::SignedDuration::from_mins(1), &calendar),
            None,
            "{text}"
        );
    }
}

#[test]
fn across_the_change_of_clocks() {
    // In London the clocks go forward on 2025-03-30 and back on 2025-10-26.
    table(
        &office(),
        &[
            ("2025-03-29T10:00", "in 24 hours", "2025-03-30 11:00"),
            ("2025-03-29T10:00", "tomorrow at 10am", "2025-03-30 10:00"),
            ("2025-03-28T10:00", "by Monday", "2025-03-31 17:00"),
            ("2025-10-25T10:00", "in 24 hours", "2025-10-26 09:00"),
            ("2025-10-24T10:00", "by Monday noon", "2025-10-27 12:00"),
            ("2025-10-24T10:00", "by Sunday", "2025-10-26 23:59"),
            ("2025-03-28T10:00", "by 1:30am on Sunday", "2025-03-30 02:30"),
        ],
    );
    let wednesday = "2025-10-22T10:00";
    let calendar = office();
    let said: DateTime = wednesday.parse().unwrap();
    let said_at = calendar.instant(said.date(), said.time());
    let due = find("by Monday", said_at, &calendar)[0].due(said_at, &calendar).unwrap();
    assert_eq!(due.to_string(), "2025-10-27T17:00:00Z", "closing is in winter time");
}

#[test]
fn a_firm_open_on_saturdays_is_due_at_closing_there() {
    let day = vec![period("09:00", "17:00")];
    let week =
        [day.clone(), day.clone(), day.clone(), day.clone(), day, vec![period("09:00", "12:00")], vec![]];
    let calendar = WorkCalendar::new(zone("Europe/Paris"), week, []).unwrap();
    table(
        &calendar,
        &[
            ("2025-07-04T10:00", "tomorrow", "2025-07-05 12:00"),
            ("2025-07-04T10:00", "in 2 working days", "2025-07-07 17:00"),
            ("2025-07-02T10:00", "by the end of the week", "2025-07-04 17:00"),
        ],
    );
}
