//! The headers that Lotus Notes copies: a name, a line with the date, then To:, cc: and Subject:.

use super::super::address::Mailbox;
use super::Intro;
use super::fields::{self, Field};
use super::lines::{self, Line};

/// Longer than any name with its path.
const LONGEST_NAME: usize = 100;

pub(super) fn block(lines: &[Line<'_>], at: usize) -> Option<Intro> {
    let line = lines[at].text.trim();
    if LONGEST_NAME < line.len() {
        return None;
    }
    if let Some((name, date)) = date_behind(line) {
        return headers(lines, at, at + 1, name, date);
    }
    let mut next = at + 1;
    let mut date = lines.get(next)?.text.trim();
    if date.starts_with("Sent by:") {
        next += 1;
        date = lines.get(next)?.text.trim();
    }
    if !is_date(date) || !is_name(line) {
        return None;
    }
    headers(lines, at, next + 1, line, date)
}

/// To: must follow, and cc: or Subject: after it.
fn headers(lines: &[Line<'_>], at: usize, after: usize, name: &str, date: &str) -> Option<Intro> {
    let mut next = lines::skip_blank(lines, after);
    // "Please respond to ada@moss.example" stands here at times.
    if lines.get(next)?.text.trim_start().starts_with("Please respond") {
        next = lines::skip_blank(lines, next + 1);
    }
    if 4 < next - after || fields::field(lines.get(next)?)?.0 != Field::To {
        return None;
    }
    let intro = fields::block(lines, next, true)?;
    Some(Intro {
        lines: next + intro.lines - at,
        from: Mailbox::from_words(name),
        sent_words: Some(date.to_owned()),
        ..intro
    })
}

fn is_name(line: &str) -> bool {
    let ends_as_text = line.ends_with(['.', ',', ':', ';', '!', '?']);
    !ends_as_text && line.split_whitespace().count() <= 8 && line.contains(char::is_alphabetic)
}

/// `03/14/2001 10:22 AM`, `14-09-2001 13:38`, `14.09.2001 13:38:07`.
fn is_date(line: &str) -> bool {
    if !(8..=32).contains(&line.len()) || !line.as_bytes()[0].is_ascii_digit() {
        return false;
    }
    let mut words = line.split_whitespace();
    let (Some(date), Some(time)) = (words.next(), words.next()) else { return false };
    let is_date = date
        .split(['/', '-', '.'])
        .filter(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
        .count()
        == 3;
    is_date && time.contains(':') && time.as_bytes()[0].is_ascii_digit()
}

/// `Ada Moss@ACME on 12/01/2000 09:36 AM`: the name, and the date.
pub(super) fn date_behind(line: &str) -> Option<(&str, &str)> {
    if !line.ends_with(|c: char| c.is_ascii_digit() || c == 'M') {
        return None;
    }
    let (name, date) = line.rsplit_once(" on ")?;
    is_date(date.trim()).then(|| (name.trim(), date.trim()))
}
