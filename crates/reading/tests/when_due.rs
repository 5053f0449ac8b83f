//! "Words of time": each sentence of the rule about days as rows of a table, and each taste beside it.

mod support;

use care::hours::WorkCalendar;
use support::when::{office, table, two_periods, zone};

// 2025-07-02 is a Wednesday, 2025-07-04 a Friday.

#[test]
fn calendar_words_mean_calendar_days() {
    table(
        &office(),
        &[
            ("2025-07-02T10:00", "I'll send it in three days", "2025-07-05 23:59"),
            ("2025-07-02T10:00", "You will have it in two days.", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "within 3 days", "2025-07-05 23:59"),
            ("2025-07-02T10:00", "in a week", "2025-07-09 17:00"),
            ("2025-07-02T10:00", "in a fortnight", "2025-07-16 17:00"),
            ("2025-07-02T10:00", "in two weeks' time", "2025-07-16 17:00"),
            ("2025-07-02T10:00", "within the next 10 days", "2025-07-12 23:59"),
            ("2025-01-31T10:00", "in a month", "2025-02-28 17:00"),
            ("2025-07-02T10:00", "in the next couple of days", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "over the next few days", "2025-07-05 23:59"),
            ("2025-07-02T10:00", "in a day or two", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "in two or three days", "2025-07-05 23:59"),
            ("2025-07-02T10:00", "a week from Friday", "2025-07-11 17:00"),
            ("2025-07-02T10:00", "three days before 18 July", "2025-07-15 17:00"),
        ],
    );
}

#[test]
fn only_working_days_skip_weekends_and_holidays_and_count_from_the_day_after() {
    table(
        &two_periods(&["2025-07-07"]),
        &[
            ("2025-07-02T10:00", "within 5 working days", "2025-07-10 17:30"),
            ("2025-07-02T10:00", "within five (5) business days", "2025-07-10 17:30"),
            ("2025-07-02T10:00", "in 2 business days", "2025-07-04 16:00"),
            ("2025-07-04T10:00", "in 1 working day", "2025-07-08 17:30"),
            ("2025-07-05T10:00", "in the next 3 working days", "2025-07-10 17:30"),
            ("2025-07-02T10:00", "3 to 5 working days from now", "2025-07-10 17:30"),
            ("2025-07-02T10:00", "in 5 days", "2025-07-07 23:59"),
        ],
    );
}

#[test]
fn tomorrow_is_the_next_calendar_day() {
    table(
        &office(),
        &[
            ("2025-07-04T10:00", "I'll do it tomorrow", "2025-07-05 23:59"),
            ("2025-07-02T10:00", "I'll do it tomorrow", "2025-07-03 17:00"),
            ("2025-07-02T10:00", "by tomorrow", "2025-07-03 17:00"),
            ("2025-07-02T10:00", "the day after tomorrow", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "tomorrow at 3pm", "2025-07-03 15:00"),
            ("2025-07-02T10:00", "by noon tomorrow", "2025-07-03 12:00"),
            ("2025-07-02T10:00", "tomorrow morning", "2025-07-03 12:00"),
            ("2025-07-02T10:00", "tomorrow afternoon", "2025-07-03 17:00"),
            ("2025-07-02T10:00", "first thing tomorrow", "2025-07-03 10:00"),
            ("2025-07-02T10:00", "tomorrow first thing", "2025-07-03 10:00"),
            ("2025-07-02T10:00", "tomorrow evening", "2025-07-03 23:59"),
            ("2025-07-02T10:00", "yesterday", "-"),
        ],
    );
}

#[test]
fn a_weekday_is_its_next_occurrence_after_the_day_of_sending() {
    table(
        &office(),
        &[
            ("2025-07-02T10:00", "I'll call on Friday", "2025-07-04 17:00"),
            ("2025-07-04T10:00", "I'll call on Friday", "2025-07-11 17:00"),
            ("2025-07-04T10:00", "Friday it is then", "2025-07-11 17:00"),
            ("2025-07-02T10:00", "on Wednesday", "2025-07-09 17:00"),
            ("2025-07-02T10:00", "this Friday", "2025-07-04 17:00"),
            ("2025-07-04T10:00", "this Friday", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "next Friday", "2025-07-11 17:00"),
            ("2025-07-04T10:00", "next Tuesday", "2025-07-08 17:00"),
            ("2025-07-01T10:00", "next Thursday", "2025-07-10 17:00"),
            ("2025-07-02T10:00", "the coming Thursday", "2025-07-03 17:00"),
            ("2025-07-02T10:00", "Tuesday week", "2025-07-15 17:00"),
            ("2025-07-02T10:00", "a week on Friday", "2025-07-11 17:00"),
            ("2025-07-02T10:00", "Friday of next week", "2025-07-11 17:00"),
            ("2025-07-02T10:00", "Monday next week", "2025-07-07 17:00"),
            ("2025-07-02T10:00", "next week on Tuesday", "2025-07-08 17:00"),
            ("2025-07-02T10:00", "Monday morning", "2025-07-07 12:00"),
            ("2025-07-02T10:00", "on Monday at 10", "2025-07-07 10:00"),
            ("2025-07-02T10:00", "Friday at 3.30pm", "2025-07-04 15:30"),
            ("2025-07-02T10:00", "before Friday", "2025-07-03 17:00"),
            ("2025-07-04T10:00", "before Monday", "2025-07-06 23:59"),
            ("2025-07-02T10:00", "Friday after next", "2025-07-11 17:00"),
        ],
    );
}

#[test]
fn by_friday_said_on_a_friday_is_today_until_closing() {
    table(
        &two_periods(&[]),
        &[
            ("2025-07-04T10:00", "by Friday", "2025-07-04 16:00"),
            ("2025-07-04T15:59", "by Friday", "2025-07-04 16:00"),
            ("2025-07-04T16:00", "by Friday", "2025-07-11 16:00"),
            ("2025-07-04T13:00", "no later than Friday", "2025-07-04 16:00"),
            ("2025-07-04T10:00", "by close of play on Friday", "2025-07-04 16:00"),
            ("2025-07-04T10:00", "by Friday noon", "2025-07-04 12:00"),
            ("2025-07-04T10:00", "Friday at the latest", "2025-07-11 16:00"),
        ],
    );
}

#[test]
fn the_end_of_the_week_is_friday() {
    table(
        &office(),
        &[
            ("2025-07-02T10:00", "by the end of the week", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "by end of week", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "EOW", "2025-07-04 17:00"),
            ("2025-07-04T10:00", "by the end of the week", "2025-07-04 17:00"),
            ("2025-07-04T18:00", "by the end of the week", "2025-07-04 23:59"),
            ("2025-07-05T10:00", "by the end of the week", "2025-07-11 17:00"),
            ("2025-07-02T10:00", "the end of next week", "2025-07-11 17:00"),
            ("2025-07-02T10:00", "this week", "2025-07-04 17:00"),
            ("2025-07-06T20:00", "this week", "2025-07-11 17:00"),
            ("2025-07-02T10:00", "next week", "2025-07-11 17:00"),
            ("2025-07-05T10:00", "sometime next week", "2025-07-11 17:00"),
            ("2025-07-02T10:00", "later this week", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "early next week", "2025-07-08 17:00"),
            ("2025-07-02T10:00", "mid next week", "2025-07-09 17:00"),
            ("2025-07-01T10:00", "mid-week", "2025-07-02 17:00"),
            ("2025-07-02T10:00", "late next week", "2025-07-11 17:00"),
            ("2025-07-02T10:00", "the week after next", "2025-07-18 17:00"),
            ("2025-07-02T10:00", "before next week", "2025-07-06 23:59"),
            ("2025-07-02T10:00", "in the week commencing 14 July", "2025-07-18 17:00"),
            ("2025-07-02T10:00", "w/c 14 July", "2025-07-18 17:00"),
            ("2025-07-02T10:00", "over the weekend, this weekend", "2025-07-06 23:59"),
        ],
    );
}

#[test]
fn days_of_the_month_and_dates() {
    table(
        &office(),
        &[
            ("2025-07-02T10:00", "by the 3rd", "2025-07-03 17:00"),
            ("2025-07-02T10:00", "by the 1st", "2025-08-01 17:00"),
            ("2025-07-02T10:00", "on the 14th", "2025-07-14 17:00"),
            ("2025-07-02T10:00", "by the 2nd", "2025-07-02 17:00"),
            ("2025-07-02T10:00", "by the 15th of next month", "2025-08-15 17:00"),
            ("2025-07-02T10:00", "by 14 March", "2026-03-14 23:59"),
            ("2025-07-02T10:00", "by July 21st", "2025-07-21 17:00"),
            ("2025-07-02T10:00", "by 14/8", "2025-08-14 17:00"),
            ("2025-07-02T10:00", "by 8/14", "2025-08-14 17:00"),
            ("2025-07-02T10:00", "by 8/9", "2025-09-08 17:00"),
            ("2025-07-02T10:00", "by 14.8.", "2025-08-14 17:00"),
            ("2025-07-02T10:00", "by 14.08.2025", "2025-08-14 17:00"),
            ("2025-07-02T10:00", "by 2025-08-14", "2025-08-14 17:00"),
            ("2025-07-02T10:00", "Friday 18 July", "2025-07-18 17:00"),
            ("2025-07-02T10:00", "Friday the 18th", "2025-07-18 17:00"),
            ("2025-07-02T10:00", "by the end of the month", "2025-07-31 17:00"),
            ("2025-07-02T10:00", "by month end, EOM", "2025-07-31 17:00"),
            ("2025-07-02T10:00", "by mid-August", "2025-08-20 17:00"),
            ("2025-07-02T10:00", "in early August", "2025-08-10 23:59"),
            ("2025-07-02T10:00", "in August", "2025-08-31 23:59"),
            ("2025-07-02T10:00", "before August", "2025-07-31 17:00"),
            ("2025-07-02T10:00", "in Q3", "2025-09-30 17:00"),
            ("2025-07-02T10:00", "by the end of Q4", "2025-12-31 17:00"),
            ("2025-07-02T10:00", "by the end of the year", "2025-12-31 17:00"),
            ("2025-07-02T10:00", "the first Monday in August", "2025-08-04 17:00"),
            ("2025-07-02T10:00", "by the last Friday of July", "2025-07-25 17:00"),
            ("2025-07-02T10:00", "between the 7th and the 9th of July", "2025-07-09 17:00"),
            ("2025-07-02T10:00", "7-9 July", "2025-07-09 17:00"),
        ],
    );
}

#[test]
fn americans_write_the_month_first() {
    let calendar = WorkCalendar::office_hours(zone("America/Chicago"));
    table(
        &calendar,
        &[
            ("2025-07-02T10:00", "by 8/9", "2025-08-09 23:59"),
            ("2025-07-02T10:00", "by 14/8", "2025-08-14 17:00"),
            ("2025-07-02T10:00", "by 8/9/25", "2025-08-09 23:59"),
            ("2025-07-02T10:00", "by 5pm Eastern time", "2025-07-02 16:00"),
            ("2025-07-02T10:00", "by 12:00 our time", "2025-07-02 12:00"),
        ],
    );
}

#[test]
fn holidays_by_name() {
    table(
        &office(),
        &[
            ("2025-07-02T10:00", "by Christmas", "2025-12-25 17:00"),
            ("2025-07-02T10:00", "before Christmas", "2025-12-24 17:00"),
            ("2025-07-02T10:00", "by New Year's Eve", "2025-12-31 17:00"),
            ("2025-07-02T10:00", "by Easter", "2026-04-05 23:59"),
            ("2025-07-02T10:00", "by Good Friday", "2026-04-03 17:00"),
            ("2025-07-02T10:00", "by Thanksgiving", "2025-11-27 17:00"),
            ("2025-07-02T10:00", "by Labor Day", "2025-09-01 17:00"),
            (
                "2025-07-02T10:00",
                "the day before Thanksgiving, or two days before Christmas",
                "2025-12-23 17:00",
            ),
        ],
    );
}
