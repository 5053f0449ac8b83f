//! Words of time: the set `time-expressions`, and the days of the promises in `enron-message-acts`.
//!
//! An item is one expected time, or one text in which there is none; whatever is found besides counts as one more item
//! missed. The set's two makers disagree with each other, and with us, in taste. These readings count as the same
//! (nothing else does):
//! 1. Counted days ("in a day") are days for us; one maker keeps the hour of writing.
//! 2. A count of coming or past units ("next three weeks") runs from now for us; one maker rounds to whole units. The
//!    same where both edges are less than a unit apart. "Upcoming two days" names the last of them there.
//! 3. A count of months or years back is a day for us, a whole month for one maker: the same where the day is in it.
//! 4. Parts of a day begin at different hours: the same where they are of one day and overlap by half of the shorter.
//! 5. A weekend is Saturday and Sunday for us; one maker begins it on Friday evening.
//! 6. "Early", "mid" and "late" take different shares: the same where one edge is the same and one lies in the other.
//! 7. A day's end is closing time for us, midnight for them.
//! 8. The end of a range may be named and left out ("2014 to 2018"): its first or last day, or the day after.
//! 9. Bare weekdays and dates without a year are given to both sides of the day of writing: the coming one counts, or
//!    the past one where we say it is past.
//! 10. A bare weekday said on that day is the next one for us, today for one maker.
//! 11. A zone said with a time is left out of some values there: the time as it is on the clocks of that zone.

mod phrases;
mod promises;
mod scene;
mod sentences;

use std::fs;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use self::phrases::phrase;
use self::promises::promises;
use self::sentences::sentence;
use super::measure::wilson;
use super::{Asked, Row};

/// The rows of the table.
pub fn rows(asked: &Asked) -> Vec<Row> {
    let data = &asked.data;
    let mut rows = Vec::new();
    let phrases = lines(&data.join("time-expressions/phrases.jsonl.gz"));
    let sentences = lines(&data.join("time-expressions/sentences.jsonl.gz"));
    match (phrases, sentences) {
        (Some(phrases), Some(sentences)) => {
            let mut items: Vec<Item> = phrases.iter().flat_map(phrase).collect();
            items.extend(sentences.iter().flat_map(sentence));
            rows.extend(time_rows(&items));
        }
        _ => eprintln!("SKIPPED: no time-expressions under {}", data.display()),
    }
    match lines(&data.join("enron-message-acts/messages.jsonl")) {
        Some(messages) => rows.push(promises(&messages)),
        None => eprintln!("SKIPPED: no enron-message-acts under {}", data.display()),
    }
    rows
}

/// One thing to be got right.
struct Item {
    set: &'static str,
    right: bool,
    due_words: bool,
    words: String,
}

fn time_rows(items: &[Item]) -> Vec<Row> {
    let row = |measure: &str, floor: f64, goal: f64, keep: &dyn Fn(&Item) -> bool| {
        let kept: Vec<&Item> = items.iter().filter(|item| keep(item)).collect();
        let right = kept.iter().filter(|item| item.right).count() as u32;
        let all = kept.len() as u32;
        let (low, high) = wilson(right, all);
        let share = f64::from(right) / f64::from(all.max(1));
        Row {
            task: "time phrases resolved (time-expressions)",
            measure: format!("{measure}, {all} items"),
            plain: "—",
            floor: "85 %",
            goal: "95 %",
            figure: format!(
                "{:.1} % ({right} of {all}; {:.1}–{:.1})",
                100.0 * share,
                100.0 * low,
                100.0 * high
            ),
            met_floor: floor <= share,
            met_goal: goal <= share,
            mistakes: kept.iter().filter(|item| !item.right).map(|item| item.words.clone()).collect(),
        }
    };
    vec![
        row("all", 0.85, 0.95, &|_| true),
        row("words of due dates", 0.85, 0.95, &|item| item.due_words),
        row("sentences", 0.85, 0.95, &|item| item.set == "sentences"),
        row("phrases", 0.85, 0.95, &|item| item.set == "phrases"),
    ]
}

fn lines(path: &Path) -> Option<Vec<Value>> {
    let bytes = fs::read(path).ok()?;
    let mut text = String::new();
    if path.extension().is_some_and(|e| e == "gz") {
        flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).ok()?;
    } else {
        text = String::from_utf8(bytes).ok()?;
    }
    text.lines().map(|line| serde_json::from_str(line).ok()).collect()
}

/// Words in which people say until when: near, ahead, no feast and nothing past.
fn is_due_words(text: &str) -> bool {
    const YES: &[&str] = &[
        "today",
        "tomorrow",
        "tonight",
        "day",
        "week",
        "month",
        "eod",
        "cob",
        "eom",
        "end of",
        "by ",
        "before",
        "within",
        "morning",
        "afternoon",
        "evening",
        "noon",
        "in ",
        "on the ",
        "later",
        "quarter",
        "fortnight",
    ];
    const NO: &[&str] = &[
        "ago",
        "last",
        "past",
        "yesterday",
        "previous",
        "since",
        "every",
        "each",
        "easter",
        "xmas",
        "christmas",
        "s day",
        "holi",
        "diwali",
        "puja",
        "jayanti",
        "19",
        "year",
        "season",
        "summer",
        "sec",
    ];
    let low = text.to_lowercase();
    YES.iter().any(|w| low.contains(w)) && !NO.iter().any(|w| low.contains(w))
}
