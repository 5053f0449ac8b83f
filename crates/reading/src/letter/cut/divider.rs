//! Lines that part one message from another: `-----Original Message-----`, `Begin forwarded message:`, a rule of
//! underscores above copied headers.

use std::sync::LazyLock;

use super::super::words::Prefixes;
use super::lines::{self, Line};
use super::{Intro, fields, notes};

/// Between dashes: an answer follows these.
static ORIGINAL: LazyLock<Prefixes> = LazyLock::new(|| Prefixes::new(include_str!("../words/original.txt")));
/// Between dashes: something passed on follows these.
static FORWARDED: LazyLock<Prefixes> =
    LazyLock::new(|| Prefixes::new(include_str!("../words/forwarded.txt")));
/// Alone on a line, with a colon.
static BEGINS: LazyLock<Prefixes> = LazyLock::new(|| Prefixes::new(include_str!("../words/begins.txt")));

/// The divider at a line, with the headers below it.
pub(super) fn read(lines: &[Line<'_>], at: usize) -> Option<Intro> {
    let text = lines[at].text.trim_start();
    let first = text.chars().next()?;
    if matches!(first, '-' | '_' | '=' | '*' | '–' | '—' | '+' | '~' | '#') {
        return ruled(lines, at, text);
    }
    let may_begin = lines[at].may_end || text.starts_with('O') || text.starts_with('o');
    if !may_begin || 90 < text.len() {
        return None;
    }
    let lower = text.to_lowercase();
    if BEGINS.begin(&lower) && (lines[at].may_end || lower.starts_with("original")) {
        return Some(with_headers(lines, at, at + 1, true));
    }
    None
}

/// A line that begins with a rule: words of the tables inside it, or none and copied headers below.
fn ruled(lines: &[Line<'_>], at: usize, text: &str) -> Option<Intro> {
    let is_rule =
        |c: char| matches!(c, '-' | '_' | '=' | '*' | '–' | '—' | '+' | '~' | '#' | ' ' | '\t' | '>' | '<');
    let words = text.trim_start_matches(is_rule);
    let rule = text.len() - words.len();
    if words.is_empty() {
        return bare_rule(lines, at, text);
    }
    if rule < 2 || 200 < words.len() {
        return None;
    }
    let lower = words.trim_end_matches(is_rule).to_lowercase();
    let ends_ruled = words.ends_with(['-', '_', '=', '*', '—', '–', '+', '~']);
    if FORWARDED.begin(&lower) {
        // "Forwarded by Ada Moss on 03/03/2026 11:00 ⏎ AM ---": the rule's end may stand on the next line.
        let mut end = at + 1;
        if !ends_ruled
            && let Some(next) = lines.get(end)
            && next.text.ends_with("--")
            && next.text.len() < 80
        {
            end += 1;
        }
        return Some(with_headers(lines, at, end, true));
    }
    let short = lower.len() < 60;
    if short && ORIGINAL.begin(&lower) {
        return Some(with_headers(lines, at, at + 1, false));
    }
    // "---- On Wed, 24 Feb 2021 14:02:50 +0530 ada@moss.example wrote ----"
    let inner = words.trim_end_matches(is_rule);
    super::attribution::of_words(inner, ends_ruled).map(|intro| Intro { lines: 1, ..intro })
}

/// A rule without words: a divider where copied headers follow it.
fn bare_rule(lines: &[Line<'_>], at: usize, text: &str) -> Option<Intro> {
    if text.len() < 3 {
        return None;
    }
    let next = lines::skip_blank(lines, at + 1);
    if 3 < next - at || next == lines.len() {
        return None;
    }
    let first = fields::field(&lines[next])?;
    if first.0 == fields::Field::Subject || first.0 == fields::Field::Other {
        return None;
    }
    let intro = fields::block(lines, next, false)?;
    Some(Intro { lines: intro.lines + next - at, ..intro })
}

/// A sure divider: whatever headers follow belong to it.
fn with_headers(lines: &[Line<'_>], at: usize, end: usize, forwarded: bool) -> Intro {
    let next = lines::skip_blank(lines, end);
    let found = (next < lines.len() && next - end <= 5)
        .then(|| {
            fields::block(lines, next, true)
                .or_else(|| notes::block(lines, next))
                .or_else(|| lone_name(lines, next))
        })
        .flatten();
    match found {
        Some(intro) => Intro { lines: next + intro.lines - at, forwarded, ..intro },
        None => Intro { lines: end - at, forwarded, ..Intro::default() },
    }
}

/// Outlook sometimes leaves an empty line or a name between its divider and the headers.
fn lone_name(lines: &[Line<'_>], at: usize) -> Option<Intro> {
    let next = lines::skip_blank(lines, at + 1);
    if 80 < lines[at].text.len() || 2 < next - at || next == lines.len() {
        return None;
    }
    let intro = fields::block(lines, next, true)?;
    Some(Intro { lines: next + intro.lines - at, ..intro })
}
