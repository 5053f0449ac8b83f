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

use std::fs;
use std::io::Read;
use std::path::Path;

use care::hours::WorkCalendar;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};
use reading::when::{self, Found, Grain, Limit, Meaning};
use serde_json::Value;

use super::Row;
use super::measure::wilson;

/// The rows of the table.
pub fn rows(data: &Path) -> Vec<Row> {
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

/// What we found, in local time: from, and to (the moment after).
struct Ours {
    from: DateTime,
    to: DateTime,
}

/// The firm's calendar and the moment of a row.
struct Scene {
    calendar: WorkCalendar,
    said: DateTime,
    said_at: Timestamp,
}

impl Scene {
    fn new(zone: TimeZone, said: DateTime) -> Option<Scene> {
        let said_at = zone.to_ambiguous_timestamp(said).compatible().ok()?;
        Some(Scene { calendar: WorkCalendar::office_hours(zone), said, said_at })
    }

    fn local(&self, at: Timestamp) -> DateTime {
        at.to_zoned(self.calendar.zone().clone()).datetime()
    }

    fn find(&self, text: &str) -> Vec<Found> {
        when::find(text, self.said_at, &self.calendar)
    }

    fn ours(&self, found: &Found) -> Option<Ours> {
        let midnight = |d: Date| d.to_datetime(jiff::civil::Time::midnight());
        Some(match found.meaning {
            Meaning::Day(d) => Ours { from: midnight(d), to: midnight(d.tomorrow().ok()?) },
            Meaning::Days { from, to } => Ours { from: midnight(from), to: midnight(to.tomorrow().ok()?) },
            Meaning::At(at) => Ours { from: self.local(at), to: self.local(at) },
            Meaning::Between { from, to } => Ours { from: self.local(from), to: self.local(to) },
            _ => return None,
        })
    }
}

fn stamp(value: &Value) -> Option<DateTime> {
    let text = value.as_str()?.replace(' ', "T");
    text.parse()
        .ok()
        .or_else(|| text.parse::<Date>().ok().map(|d| d.to_datetime(jiff::civil::Time::midnight())))
}

fn same_day(a: DateTime, b: DateTime) -> bool {
    a.date() == b.date()
}

fn is_days(found: &Found) -> bool {
    matches!(found.meaning, Meaning::Day(_) | Meaning::Days { .. })
}

/// A row of `phrases`.
fn phrase(row: &Value) -> Vec<Item> {
    let text = row["text"].as_str().unwrap_or_default();
    let zoned = [" CET", " CST", " GMT", " PST"].iter().any(|z| text.contains(z));
    let zone = if zoned { Offset::constant(-2).to_time_zone() } else { new_york() };
    let Some(scene) = stamp(&row["ref"]).and_then(|said| Scene::new(zone, said)) else { return Vec::new() };
    let found = scene.find(text);
    let value = &row["value"];
    let right = match found.as_slice() {
        [] => value.is_null(),
        [one] => !value.is_null() && is_value(&scene, one, value).unwrap_or(false),
        _ => false,
    };
    let words = format!("{text:?} is {value}, read as {found:?}");
    vec![Item { set: "phrases", right, due_words: !value.is_null() && is_due_words(text), words }]
}

fn new_york() -> TimeZone {
    TimeZone::get("America/New_York").unwrap_or(TimeZone::UTC)
}

fn is_value(scene: &Scene, found: &Found, value: &Value) -> Option<bool> {
    let start = stamp(&value["start"])?;
    let grain = value["grain"].as_str().unwrap_or_default();
    if value["kind"] == "open" || value["direction"].is_string() {
        let soon = found.meaning == Meaning::Unresolved && start == scene.said;
        let before = value["direction"] == "before";
        let limit = if before {
            matches!(found.limit, Limit::By | Limit::Before | Limit::Until)
        } else {
            matches!(found.limit, Limit::After | Limit::From)
        };
        let same = scene
            .ours(found)
            .is_some_and(|o| if is_days(found) { same_day(o.from, start) } else { o.from == start });
        return Some(soon || (limit && same));
    }
    let ours = scene.ours(found)?;
    match value["end_exclusive"].as_str() {
        Some(_) => is_interval(scene, found, &ours, start, stamp(&value["end_exclusive"])?, grain),
        None => is_instant(scene, found, &ours, start, grain),
    }
}

fn unit_end(start: DateTime, grain: &str) -> Option<DateTime> {
    let span = match grain {
        "second" => 1.second(),
        "minute" => 1.minute(),
        "hour" => 1.hour(),
        "day" => 1.day(),
        "week" => 1.week(),
        "month" => 1.month(),
        "quarter" => 3.months(),
        "year" => 1.year(),
        _ => return None,
    };
    start.checked_add(span).ok()
}

fn is_instant(scene: &Scene, found: &Found, ours: &Ours, start: DateTime, grain: &str) -> Option<bool> {
    let end = unit_end(start, grain)?;
    let within = |at: DateTime| start <= at && at < end;
    let last = ours.to.checked_sub(1.minute()).ok()?;
    if matches!(grain, "second" | "minute" | "hour") {
        let kept_hour = start.time().minute() / 60 == 0 && start.hour() == scene.said.hour();
        return Some(match found.meaning {
            Meaning::At(_) => {
                ours.from == start
                    || (grain == "second"
                        && (ours.from.duration_until(start)).abs().as_secs() < 60
                        && ours.from == start)
            }
            // taste 1
            Meaning::Day(_) => kept_hour && same_day(ours.from, start),
            _ => false,
        });
    }
    if !is_days(found) {
        return Some(false);
    }
    let whole = ours.from == start && ours.to == end;
    // tastes 2 and 3
    let counted = found.grain == Grain::Day && within(last);
    let multiple = matches!(found.meaning, Meaning::Days { .. }) || grain == "month" || grain == "year";
    Some(whole || (counted && multiple))
}

fn is_interval(
    scene: &Scene,
    found: &Found,
    ours: &Ours,
    start: DateTime,
    end: DateTime,
    grain: &str,
) -> Option<bool> {
    if found.limit == Limit::By {
        // from now until that; taste 7
        let closes = found.grain == Grain::PartOfDay && same_day(ours.to, end.yesterday_moment()?);
        return Some(start == scene.said && (ours.to == end || closes));
    }
    if !is_days(found) {
        let (from, to) = (ours.from, ours.to);
        if found.grain == Grain::PartOfDay {
            return Some(overlap(ours, start, end));
        }
        let counted = from == scene.said || to == scene.said;
        let exact = from == start && (to == end || unit_end(to, grain)? == end);
        return Some(exact || (counted && near_by(ours, start, end, grain)));
    }
    if ours.from == start && ours.to == end {
        return Some(true);
    }
    match found.grain {
        Grain::Weekend => Some(ours.to == end && start <= ours.from),
        Grain::Part | Grain::Week => Some(edge(ours, start, end)),
        // taste 6 for parts of a week, taste 2 for counts
        Grain::Day => {
            Some(if grain == "day" { edge(ours, start, end) } else { near_by(ours, start, end, grain) })
        }
        _ => Some(false),
    }
}

trait Yesterday {
    fn yesterday_moment(self) -> Option<DateTime>;
}

impl Yesterday for DateTime {
    fn yesterday_moment(self) -> Option<DateTime> {
        self.checked_sub(1.minute()).ok()
    }
}

/// Taste 2: both edges less than a unit apart.
fn near_by(ours: &Ours, start: DateTime, end: DateTime, grain: &str) -> bool {
    let Some(unit) = unit_end(start, grain).map(|next| start.duration_until(next)) else { return false };
    ours.from.duration_until(start).abs() <= unit && ours.to.duration_until(end).abs() <= unit
}

/// Taste 6: one edge the same, one within the other.
fn edge(ours: &Ours, start: DateTime, end: DateTime) -> bool {
    let inside = (start <= ours.from && ours.to <= end) || (ours.from <= start && end <= ours.to);
    inside && (ours.from == start || ours.to == end)
}

/// Taste 4: of one day, and half of the shorter in both.
fn overlap(ours: &Ours, start: DateTime, end: DateTime) -> bool {
    let minutes = |a: DateTime, b: DateTime| a.duration_until(b).as_secs() / 60;
    let common = minutes(ours.from.max(start), ours.to.min(end));
    let shorter = minutes(ours.from, ours.to).min(minutes(start, end));
    same_day(ours.from, start) && shorter <= 2 * common.max(0)
}

/// A row of `sentences`.
fn sentence(row: &Value) -> Vec<Item> {
    let text = row["text"].as_str().unwrap_or_default();
    let said = stamp(&row["ref"]).unwrap_or_else(|| DateTime::constant(2016, 11, 7, 0, 0, 0, 0));
    let Some(scene) = Scene::new(new_york(), said) else { return Vec::new() };
    let found = scene.find(text);
    let places: Vec<(usize, usize)> = found.iter().map(|f| chars(text, f)).collect();
    let mut used = vec![false; found.len()];
    let mut items = Vec::new();
    let expected = row["found"].as_array().map(Vec::as_slice).unwrap_or_default();
    for one in expected {
        let (start, end) =
            (one["start"].as_u64().unwrap_or(0) as usize, one["end"].as_u64().unwrap_or(0) as usize + 1);
        let over: Vec<usize> =
            (0..found.len()).filter(|k| places[*k].0 < end && start < places[*k].1).collect();
        over.iter().for_each(|k| used[*k] = true);
        let values = one["values"].as_array().map(Vec::as_slice).unwrap_or_default();
        let unresolved = values.iter().all(|v| v["value"] == "not resolved" && v["type"] != "set");
        let right = match over.as_slice() {
            [] => unresolved && !values.is_empty(),
            [k] => is_expected(&scene, &found[*k], one),
            _ => false,
        };
        let read: Vec<&Found> = over.iter().map(|k| &found[*k]).collect();
        let words = format!("{said} {text:?}: {} is {}, read as {read:?}", one["text"], one["values"]);
        items.push(Item {
            set: "sentences",
            right,
            due_words: is_due_words(one["text"].as_str().unwrap_or("")),
            words,
        });
    }
    let extra: Vec<&Found> = found
        .iter()
        .zip(&used)
        .filter(|(f, used)| !**used && f.meaning != Meaning::Unresolved)
        .map(|(f, _)| f)
        .collect();
    if expected.is_empty() || !extra.is_empty() {
        let words = format!("{said} {text:?}: nothing there, read as {extra:?}");
        items.push(Item { set: "sentences", right: extra.is_empty(), due_words: false, words });
    }
    items
}

fn chars(text: &str, found: &Found) -> (usize, usize) {
    let start = text[..found.start].chars().count();
    (start, start + text[found.start..found.end].chars().count())
}

fn is_expected(scene: &Scene, found: &Found, one: &Value) -> bool {
    let values = one["values"].as_array().map(Vec::as_slice).unwrap_or_default();
    values.iter().any(|value| {
        is_reading(scene, found, value).unwrap_or(false)
            || week_later(scene, value).is_some_and(|later| is_reading(scene, found, &later).unwrap_or(false))
    })
}

/// Taste 10: a bare weekday given as the day of writing, a week later.
fn week_later(scene: &Scene, value: &Value) -> Option<Value> {
    let bare = value["timex"].as_str()?.trim_start_matches('(').starts_with("XXXX-WXX");
    let mut later = value.clone();
    for name in ["value", "start", "end"] {
        let Some(at) = stamp(&value[name]) else { continue };
        if !bare || at.date() != scene.said.date() {
            return None;
        }
        later[name] = Value::String(at.checked_add(7.days()).ok()?.to_string());
    }
    Some(later)
}

fn is_reading(scene: &Scene, found: &Found, value: &Value) -> Option<bool> {
    let kind = value["type"].as_str().unwrap_or_default();
    let timex = value["timex"].as_str().unwrap_or_default();
    match kind {
        "set" => return Some(found.meaning == Meaning::Every),
        "duration" => {
            let seconds: f64 = value["value"].as_str()?.parse().ok()?;
            return Some(
                matches!(found.meaning, Meaning::Lasting(l) if (l.as_secs_f64() - seconds).abs() < 1.0),
            );
        }
        _ => {}
    }
    // times are given in the zone that the words name
    let named = value["utcOffsetMins"].as_str().and_then(|m| m.parse::<i32>().ok());
    let there = named.and_then(|minutes| Offset::from_seconds(60 * minutes).ok()).map(Offset::to_time_zone);
    let scene = &match there {
        Some(zone) => {
            Scene { calendar: WorkCalendar::office_hours(zone), said: scene.said, said_at: scene.said_at }
        }
        None => Scene { calendar: scene.calendar.clone(), said: scene.said, said_at: scene.said_at },
    };
    // "around 1pm" is called a range there, with one value
    let kind = match kind {
        _ if !value["value"].is_string() => kind,
        "timerange" => "time",
        "daterange" => "date",
        "datetimerange" => "datetime",
        _ => kind,
    };
    let ours = scene.ours(found)?;
    if kind == "time" {
        let time: jiff::civil::Time = value["value"].as_str()?.parse().ok()?;
        return Some(matches!(found.meaning, Meaning::At(_)) && ours.from.time() == time);
    }
    if kind == "timerange" {
        return is_time_range(found, &ours, value);
    }
    let (start, end) = (stamp(&value["start"]), stamp(&value["end"]));
    // taste 9
    let latest = end.or(start).or_else(|| stamp(&value["value"]))?;
    if timex.contains("XXXX") && latest.date() < scene.said.date() && !found.past {
        return Some(false);
    }
    match kind {
        "date" => Some(matches!(found.meaning, Meaning::Day(_)) && ours.from == stamp(&value["value"])?),
        "datetime" => {
            let at = stamp(&value["value"])?;
            let closes = at.hour() == 23 && at.second() == 59 && found.grain == Grain::PartOfDay;
            Some(
                matches!(found.meaning, Meaning::At(_))
                    && (ours.from == at || (closes && same_day(ours.from, at))),
            )
        }
        "daterange" | "datetimerange" => Some(is_range(found, &ours, start, end)),
        _ => None,
    }
}

fn is_range(found: &Found, ours: &Ours, start: Option<DateTime>, end: Option<DateTime>) -> bool {
    let days = is_days(found);
    let last = if days { ours.to.checked_sub(1.day()).unwrap_or(ours.to) } else { ours.to };
    let first_of_last = match found.grain {
        Grain::Month => last.first_of_month(),
        Grain::Year => last.first_of_year(),
        Grain::Quarter => last.first_of_month().checked_sub(2.months()).unwrap_or(last),
        _ => last,
    };
    let ends = |end: DateTime| end == ours.to || end == last || end == first_of_last;
    match (start, end) {
        (Some(start), None) => {
            let limit = matches!(found.limit, Limit::After | Limit::From);
            limit && (start == ours.to || start == ours.from)
        }
        (None, Some(end)) => {
            let limit = matches!(found.limit, Limit::By | Limit::Before | Limit::Until);
            limit && (end == ours.from || end == ours.to || (days && end == last))
        }
        (Some(start), Some(end)) if found.limit == Limit::On || found.limit == Limit::From => {
            match found.grain {
                Grain::PartOfDay => overlap(ours, start, end),
                Grain::Part | Grain::Week => (ours.from == start && ends(end)) || edge(ours, start, end),
                _ => {
                    let now = ours.from == start || (days && same_day(ours.from, start));
                    // "within 9 months" and "next 3 days" begin today or tomorrow
                    let near = |a: DateTime, b: DateTime| a.duration_until(b).as_hours().abs() <= 24;
                    let soon = days && near(ours.from, start) && near(ours.to, end);
                    (now && ends(end)) || (soon && found.grain == Grain::Day)
                }
            }
        }
        _ => false,
    }
}

fn is_time_range(found: &Found, ours: &Ours, value: &Value) -> Option<bool> {
    let time = |name: &str| value[name].as_str().and_then(|t| t.parse::<jiff::civil::Time>().ok());
    if found.grain == Grain::PartOfDay {
        let (from, to) = (time("start")?, time("end")?);
        return Some(overlap(ours, ours.from.date().to_datetime(from), ours.from.date().to_datetime(to)));
    }
    Some(match (time("start"), time("end")) {
        (Some(from), Some(to)) => ours.from.time() == from && ours.to.time() == to,
        (Some(from), None) => matches!(found.limit, Limit::After | Limit::From) && ours.from.time() == from,
        (None, Some(to)) => {
            !matches!(found.limit, Limit::After | Limit::From | Limit::On) && ours.from.time() == to
        }
        (None, None) => false,
    })
}

/// The days of promises in `enron-message-acts`: the words as they stand in the message, in the sender's zone.
fn promises(messages: &[Value]) -> Row {
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
    Some(due.last().map(|due| calendar.date_of(due)))
}
