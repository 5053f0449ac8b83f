//! Sentences with times in them.

use care::hours::WorkCalendar;
use jiff::ToSpan;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use reading::when::{Found, Grain, Limit, Meaning};
use serde_json::Value;

use super::scene::{Ours, Scene, edge, is_days, new_york, overlap, same_day, stamp};
use super::{Item, is_due_words};

/// A row of `sentences`.
pub(super) fn sentence(row: &Value) -> Vec<Item> {
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
            [k] => is_expected(&scene, &found[*k], one, text),
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

fn is_expected(scene: &Scene, found: &Found, one: &Value, text: &str) -> bool {
    let values = one["values"].as_array().map(Vec::as_slice).unwrap_or_default();
    values.iter().any(|value| {
        is_reading(scene, found, value).unwrap_or(false)
            || elsewhere(scene, text).is_some_and(|there| is_reading(&there, found, value).unwrap_or(false))
            || week_later(scene, value).is_some_and(|later| is_reading(scene, found, &later).unwrap_or(false))
    })
}

/// Taste 11: the same moment, seen from the zone that the text names.
fn elsewhere(scene: &Scene, text: &str) -> Option<Scene> {
    const ZONES: &[(&str, &str)] = &[
        ("GMT", "Etc/UTC"),
        ("cst", "America/Chicago"),
        ("PST", "America/Los_Angeles"),
        ("PT", "America/Los_Angeles"),
        ("CET", "Europe/Paris"),
        ("mountain", "America/Denver"),
    ];
    let mut words = text.split(|c: char| !c.is_alphabetic());
    let zone = words.find_map(|w| ZONES.iter().find(|(name, _)| *name == w))?.1;
    let calendar = WorkCalendar::office_hours(TimeZone::get(zone).ok()?);
    Some(Scene { calendar, said: scene.said, said_at: scene.said_at })
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
            let part = found.grain == Grain::Part
                && start.date().first_of_month() == ours.from.date().first_of_month();
            limit && (start == ours.to || start == ours.from || part)
        }
        (None, Some(end)) => {
            let limit = matches!(found.limit, Limit::By | Limit::Before | Limit::Until);
            limit && (end == ours.from || end == ours.to || (days && end == last))
        }
        (Some(start), Some(end)) if matches!(found.limit, Limit::On | Limit::From | Limit::Until) => {
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
