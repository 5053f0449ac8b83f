//! Phrases that are a time as a whole.

use jiff::ToSpan;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use reading::when::{Found, Grain, Limit, Meaning};
use serde_json::Value;

use super::scene::{Ours, Scene, edge, is_days, new_york, overlap, same_day, stamp};
use super::{Item, is_due_words};

/// A row of `phrases`.
pub(super) fn phrase(row: &Value) -> Vec<Item> {
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
        let kept_hour = start.hour() == scene.said.hour();
        return Some(match found.meaning {
            Meaning::At(_) => ours.from == start,
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
        let closes = found.grain == Grain::PartOfDay && same_day(ours.to, end.checked_sub(1.minute()).ok()?);
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

/// Taste 2: both edges less than a unit apart.
fn near_by(ours: &Ours, start: DateTime, end: DateTime, grain: &str) -> bool {
    let Some(unit) = unit_end(start, grain).map(|next| start.duration_until(next)) else { return false };
    ours.from.duration_until(start).abs() <= unit && ours.to.duration_until(end).abs() <= unit
}
