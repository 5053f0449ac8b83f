//! The line above a quote that says who wrote it and when: `On … wrote:` and what other languages and clients say.

use std::sync::LazyLock;

use super::super::address::Mailbox;
use super::super::words::{Anywhere, Exact, Prefixes, Suffixes};
use super::Intro;
use super::lines::Line;

/// How lines begin that go on to say who wrote: words, then a blank.
static STARTS: LazyLock<Exact> =
    LazyLock::new(|| Exact::new(include_str!("../words/attribution-starts.txt")));
/// The same, of several words.
static LONG_STARTS: LazyLock<Prefixes> =
    LazyLock::new(|| Prefixes::new(include_str!("../words/attribution-starts-long.txt")));
/// The verb at the end, before the colon.
static ENDS: LazyLock<Suffixes> =
    LazyLock::new(|| Suffixes::new(include_str!("../words/attribution-ends.txt")));
/// The verb in the middle, before the name.
static MIDDLES: LazyLock<Anywhere> =
    LazyLock::new(|| Anywhere::new(include_str!("../words/attribution-middles.txt")));

/// An attribution wraps over at most this many lines.
const MOST_LINES: usize = 4;
/// And is no longer than this.
const LONGEST: usize = 400;

/// The attribution that begins at a line.
pub(super) fn read(lines: &[Line<'_>], at: usize) -> Option<Intro> {
    let near = &lines[at..lines.len().min(at + MOST_LINES)];
    let last = near.iter().position(|l| l.may_end || l.text.is_empty() || l.marked)?;
    if !near[last].may_end || near[last].marked {
        return None;
    }
    let next = super::lines::skip_blank(lines, at + last + 1);
    let is_followed = next < lines.len() && super::lines::is_marked(lines, next);
    let intro = if last == 0 {
        of_words(lines[at].text, is_followed)?
    } else {
        if !starts(lines[at].text) {
            return None;
        }
        let mut words = String::with_capacity(200);
        for line in &near[..=last] {
            words.push_str(line.text.trim());
            words.push(' ');
        }
        of_words(words.trim_end(), is_followed)?
    };
    Some(Intro { lines: last + 1, ..intro })
}

/// Whether words, on one line, say who wrote something and when.
pub(super) fn of_words(words: &str, is_followed: bool) -> Option<Intro> {
    let words = words.trim();
    if LONGEST < words.len() {
        return None;
    }
    let said = words.trim_end_matches([':', '：', ' ', '*', '-', '\u{a0}', '\u{202f}']);
    let lower = said.to_lowercase();
    let verb = verb_at_end(&lower);
    let evidence = Evidence::of(said);
    let middle = || MIDDLES.is_in(&lower);
    let begins =
        || starts(said) || said.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '"' | '<' | '\''));
    let is_one = if verb.is_some() {
        let alone = is_followed && said.len() < 160;
        alone
            || (evidence.address && (evidence.date || begins() || evidence.bracketed))
            || (evidence.date && evidence.time && begins())
            || (evidence.date && begins() && said.len() < 100)
    } else {
        let dated = evidence.date && evidence.time;
        words.ends_with([':', '：'])
            && ((evidence.ends_bracketed && (dated || (evidence.date && begins())))
                || (middle() && begins() && evidence.date && (evidence.time || evidence.address)))
    };
    is_one.then(|| {
        let (name, when) = parties(said, verb.unwrap_or(0));
        Intro { lines: 1, from: name, sent_words: when, subject: None, forwarded: false }
    })
}

/// The length of the verb with which the words end; a word of its own, where the language parts words.
fn verb_at_end(lower: &str) -> Option<usize> {
    let found = ENDS.longest(lower)?;
    let before = lower[..lower.len() - found].chars().next_back();
    let is_word = before.is_none_or(|c| !c.is_alphabetic() || !c.is_ascii());
    is_word.then_some(found)
}

fn starts(words: &str) -> bool {
    let words = words.trim_start_matches([' ', '\t', '*', '-', '_']);
    if words.starts_with(|c: char| c.is_ascii_digit()) {
        return true;
    }
    let end = words
        .char_indices()
        .take(16)
        .find(|(_, c)| matches!(c, ' ' | ',' | '.' | '\u{a0}' | ':'))
        .map_or(words.len().min(16), |(at, _)| at);
    let Some(first) = words.get(..end) else { return false };
    let first = first.to_lowercase();
    if STARTS.has(&first) {
        return true;
    }
    let lower: String = words.chars().take(24).flat_map(char::to_lowercase).collect();
    LONG_STARTS.begin(&lower)
}

/// What in the words speaks of a date and a person.
struct Evidence {
    address: bool,
    /// `<…>` or `[…]` around an address.
    bracketed: bool,
    ends_bracketed: bool,
    /// Three digits or more, or a month's or weekday's digits with a name.
    date: bool,
    time: bool,
}

impl Evidence {
    fn of(words: &str) -> Evidence {
        let bytes = words.as_bytes();
        let address = bytes.contains(&b'@');
        let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let time = (1..bytes.len()).any(|at| {
            matches!(bytes[at], b':' | b'.' | b'h')
                && is_digit(at - 1)
                && is_digit(at + 1)
                && is_digit(at + 2)
        }) || words.contains('時');
        Evidence {
            address,
            bracketed: address && (words.contains('<') || words.contains('[') || words.contains('(')),
            ends_bracketed: address && words.ends_with(['>', ']', ')']),
            date: 3 <= digits,
            time,
        }
    }
}

/// Who wrote, and when, as well as the words say.
fn parties(said: &str, verb: usize) -> (Option<Mailbox>, Option<String>) {
    let body = said[..said.len() - verb].trim_end();
    if let Some(open) = body.rfind(['<', '[']).filter(|open| body[*open..].contains('@')) {
        let before = body[..open].trim_end();
        let name_start = name_start(before);
        let mailbox = Mailbox::new(
            Some(&before[name_start..]),
            Some(body[open..].trim_matches(['<', '>', '[', ']', ' '])),
        );
        return (mailbox, when(&before[..name_start]));
    }
    let name_start = name_start(body);
    (Mailbox::from_words(&body[name_start..]), when(&body[..name_start]))
}

/// Where the name begins: after the last word that holds a digit or belongs to a time.
fn name_start(before: &str) -> usize {
    let mut start = 0;
    let mut at = 0;
    for word in before.split_inclusive(char::is_whitespace) {
        at += word.len();
        let bare = word.trim().trim_end_matches([',', '.', ':', ')']).trim_start_matches('(').to_lowercase();
        let is_time = bare.bytes().any(|b| b.is_ascii_digit())
            || matches!(
                bare.as_str(),
                "am" | "pm"
                    | "a.m"
                    | "p.m"
                    | "uhr"
                    | "schrieb"
                    | "schreef"
                    | "skrev"
                    | "wrote"
                    | "gmt"
                    | "utc"
                    | "cet"
                    | "cest"
                    | "est"
                    | "edt"
                    | "pst"
                    | "pdt"
                    | "użytkownik"
                    | "from"
                    | "heeft"
            );
        if is_time && !bare.contains('@') {
            start = at;
        }
    }
    start
}

fn when(words: &str) -> Option<String> {
    let words = words.trim().trim_end_matches([',', ' ']);
    // "… schrieb" before the name: the verb is no part of the date.
    let verb = words.rsplit(' ').next().unwrap_or_default();
    let words =
        if verb.chars().all(char::is_alphabetic) && 5 <= verb.len() && verb.chars().all(char::is_lowercase) {
            words.strip_suffix(verb).unwrap_or(words).trim_end()
        } else {
            words
        };
    words.bytes().any(|b| b.is_ascii_digit()).then(|| words.to_owned())
}
