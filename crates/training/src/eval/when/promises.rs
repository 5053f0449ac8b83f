//! The days of promises in real mail.

use care::hours::WorkCalendar;
use jiff::civil::Date;
use reading::when;
use serde_json::Value;

use super::Row;
use super::wilson;

/// The days of promises in `enron-message-acts`: the words as they stand in the message, in the sender's zone.
pub(super) fn promises(messages: &[Value]) -> Row {
    let mut mistakes = Vec::new();
    let (mut right, mut all, mut false_days) = (0u32, 0u32, 0u32);
    for message in messages.iter().filter(|m| m["promise"].is_object()) {
        let promise = &message["promise"];
        let phrase = promise["due_phrase"].as_str().unwrap_or_default();
        let Some(given) = due_of(message, phrase) else { continue };
        let day: Option<Date> = promise["due_day"].as_str().and_then(|d| d.parse().ok());
        match day {
            Some(day) => {
                all += 1;
                right += u32::from(given == Some(day));
            }
            None => false_days += u32::from(given.is_some()),
        }
        if given != day {
            mistakes.push(format!("{} {phrase:?} is {day:?}, read as {given:?}", message["sent"]));
        }
    }
    let (low, high) = wilson(right, all);
    Row {
        task: "promise's day (enron-message-acts)",
        measure: format!("{all} promises with a day; of the others {false_days} were given one"),
        plain: "—",
        floor: "11 of 14",
        goal: "14",
        figure: format!("{right} of {all} ({:.0}–{:.0} %)", 100.0 * low, 100.0 * high),
        met_floor: 11 <= right,
        met_goal: 14 <= right,
        mistakes,
    }
}

/// The day that words of a promise fall due on, as we read the whole message.
fn due_of(message: &Value, phrase: &str) -> Option<Option<Date>> {
    let text = message["text"].as_str()?;
    let sent = jiff::fmt::rfc2822::parse(message["sent"].as_str()?).ok()?;
    let calendar = WorkCalendar::office_hours(sent.time_zone().clone());
    let start = text.find(phrase).filter(|_| !phrase.is_empty());
    let Some(start) = start else { return Some(None) };
    let end = start + phrase.len();
    let found = when::find(text, sent.timestamp(), &calendar);
    let due = found
        .iter()
        .filter(|f| f.start < end && start < f.end)
        .filter_map(|f| f.due(sent.timestamp(), &calendar));
    Some(due.max().map(|due| calendar.date_of(due)))
}
