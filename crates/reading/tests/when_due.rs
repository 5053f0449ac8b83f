//! "Words of time": each sentence of the rule as rows of a table, and each taste beside it.

use care::hours::{Period, WorkCalendar};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use reading::when::{Found, Meaning, find};

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn period(from: &str, to: &str) -> Period {
    Period { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

/// Monday to Friday, nine to half past twelve and half past one to half past five; Fridays until four.
fn two_periods(holidays: &[&str]) -> WorkCalendar {
    let day = vec![period("09:00", "12:30"), period("13:30", "17:30")];
    let friday = vec![period("09:00", "12:30"), period("13:30", "16:00")];
    let week = [day.clone(), day.clone(), day.clone(), day, friday, vec![], vec![]];
    let holidays: Vec<Date> = holidays.iter().map(|d| d.parse().unwrap()).collect();
    WorkCalendar::new(zone("Europe/London"), week, holidays).unwrap()
}

fn office() -> WorkCalendar {
    WorkCalendar::office_hours(zone("Europe/London"))
}

fn read(calendar: &WorkCalendar, said: &str, text: &str) -> Vec<Found> {
    let said: DateTime = said.parse().unwrap();
    find(text, calendar.instant(said.date(), said.time()), calendar)
}

/// The latest due date that the words name, as local time to the minute; "-" for none.
fn due(calendar: &WorkCalendar, said: &str, text: &str) -> String {
    let at: DateTime = said.parse().unwrap();
    let said_at = calendar.instant(at.date(), at.time());
    let found = find(text, said_at, calendar);
    let due = found.iter().filter_map(|f| f.due(said_at, calendar)).max();
    due.map_or("-".to_owned(), |due| {
        due.to_zoned(calendar.zone().clone()).strftime("%Y-%m-%d %H:%M").to_string()
    })
}

fn table(calendar: &WorkCalendar, rows: &[(&str, &str, &str)]) {
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

#[test]
fn what_has_been_is_never_due() {
    table(
        &office(),
        &[
            ("2025-07-02T10:00", "I sent it on Tuesday", "-"),
            ("2025-07-02T10:00", "On Tuesday I sent you the draft", "-"),
            ("2025-07-02T10:00", "As we discussed last Friday", "-"),
            ("2025-07-02T10:00", "two weeks ago", "-"),
            ("2025-07-02T10:00", "your letter of 12 June 2025", "-"),
            ("2025-07-02T10:00", "Thank you for your e-mail, which we received on Monday.", "-"),
            ("2025-07-02T10:00", "We spoke on 30 June.", "-"),
            ("2025-07-02T10:00", "We met on Monday and I will send the notes by Friday", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "I will send what you asked for on Thursday", "-"),
            ("2025-07-02T10:00", "You will get the signed copy on Friday", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "It will be delivered Friday", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "earlier this week", "-"),
        ],
    );
    let found = read(&office(), "2025-07-02T10:00", "I sent it on Tuesday");
    assert_eq!(found[0].meaning, Meaning::Day("2025-07-01".parse().unwrap()));
    assert!(found[0].past);
}

#[test]
fn durations_sets_beginnings_and_states_are_not_due() {
    table(
        &office(),
        &[
            ("2025-07-02T10:00", "it takes three hours", "-"),
            ("2025-07-02T10:00", "every Friday", "-"),
            ("2025-07-02T10:00", "weekly", "-"),
            ("2025-07-02T10:00", "after Friday", "-"),
            ("2025-07-02T10:00", "from Monday", "-"),
            ("2025-07-02T10:00", "I am away until Thursday", "-"),
            ("2025-07-02T10:00", "before the hearing", "-"),
            ("2025-07-02T10:00", "as soon as we have heard from the bank", "-"),
            ("2025-07-02T10:00", "ASAP", "-"),
            ("2025-07-02T10:00", "at the moment", "-"),
            ("2025-07-02T10:00", "in due course", "-"),
        ],
    );
    let text = "We will file it before the preliminary hearing, I think.";
    let found = read(&office(), "2025-07-02T10:00", text);
    assert_eq!(found[0].meaning, Meaning::Unresolved);
    assert_eq!(&text[found[0].start..found[0].end], "before the preliminary hearing");
}

#[test]
fn nothing_is_read_where_nothing_is_said() {
    let texts = [
        "This may take longer than expected.",
        "You may be right; we march on.",
        "He sat by the sun for a bit.",
        "May I ask what this is for?",
        "Call me on 020 7946 0958.",
        "Tel: +44 (0)20 7946 0018",
        "The fee is $1,200.50 plus 20%.",
        "Matter 2024-118 refers, ref. AB-12/44.",
        "the 3rd party and the second opinion",
        "See clause 4.2 and page 12 of 30.",
        "We came second in a field of seven.",
        "Version 3.1 beats version 2.14.1",
        "Please find enclosed the signed agreement and our invoice.",
        "Thanks for nothing.",
        "10.0.0.1 and fe80::1",
    ];
    for text in texts {
        let found = read(&office(), "2025-07-02T10:00", text);
        assert!(found.is_empty(), "{text:?}: {found:?}");
    }
}

#[test]
fn the_words_are_cut_where_they_begin_and_end() {
    let cases = [
        ("I'll send it by Friday, I promise", "by Friday"),
        ("Können wir — say — next Tuesday at 3pm?", "next Tuesday at 3pm"),
        ("Due: no later than close of business tomorrow.", "no later than close of business tomorrow"),
        ("we’ll talk in a fortnight’s time about it", "in a fortnight’s time"),
        ("hard wrapped by\nthe end of the\nweek and so on", "by\nthe end of the\nweek"),
        ("(18 July 2025)", "18 July 2025"),
    ];
    for (text, want) in cases {
        let found = read(&office(), "2025-07-02T10:00", text);
        let words: Vec<&str> = found.iter().map(|f| &text[f.start..f.end]).collect();
        assert!(words.contains(&want), "{text:?}: {words:?}");
    }
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
