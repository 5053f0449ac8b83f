//! The reader that the grammar hangs on: tokens, the moment, and what a pattern gives back.

use care::hours::WorkCalendar;
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Span, Timestamp, ToSpan};

use super::lexicon::Entry;
use super::token::{Kind, Token};
use super::{Grain, Limit};

/// Reads patterns out of tokens. Cheap to copy, so that a part can be read again from another day.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// The text as it was written.
    pub(super) raw: &'a str,
    pub(super) tokens: &'a [Token<'a>],
    pub(super) said_at: Timestamp,
    /// The moment of writing in the calendar's zone.
    pub(super) now: DateTime,
    pub(super) calendar: &'a WorkCalendar,
    /// 3/4 is the 4th of March.
    pub(super) month_first: bool,
    /// The words around speak of what has been, so "Tuesday" is the last one.
    pub(super) looks_back: bool,
    /// A limit stands before ("by Friday"), so that today may be meant.
    pub(super) by: bool,
    /// How many patterns this one stands inside of, for those that may hold themselves.
    pub(super) depth: u8,
}

/// No one nests times deeper ("the first Monday of the week of the 3rd").
const DEEPEST: u8 = 2;

/// What a pattern means, in local time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    /// From the first day to the last.
    Days(Date, Date),
    At(DateTime),
    Between(DateTime, DateTime),
    /// Counted from the moment of writing, or said in another zone.
    Exact(Timestamp),
    ExactBetween(Timestamp, Timestamp),
    Lasting(SignedDuration),
    Every,
    Unresolved,
}

/// A pattern that was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// The token after it.
    pub(super) next: usize,
    pub(super) value: Value,
    pub(super) grain: Grain,
    pub(super) limit: Limit,
    /// The words leave open which one is meant: the coming or the last.
    pub(super) floating: bool,
    /// No year was said.
    pub(super) yearless: bool,
    /// The words themselves look back ("last", "ago").
    pub(super) past: bool,
}

impl Node {
    pub(super) fn new(next: usize, value: Value, grain: Grain) -> Node {
        Node { next, value, grain, limit: Limit::On, floating: false, yearless: false, past: false }
    }

    pub(super) fn day(next: usize, date: Date) -> Node {
        Node::new(next, Value::Days(date, date), Grain::Day)
    }

    pub(super) fn floating(self) -> Node {
        Node { floating: true, ..self }
    }

    pub(super) fn yearless(self) -> Node {
        Node { floating: true, yearless: true, ..self }
    }

    pub(super) fn ending(self, next: usize) -> Node {
        Node { next, ..self }
    }

    pub(super) fn limited(self, limit: Limit) -> Node {
        Node { limit, ..self }
    }

    /// The day it names, where it names one.
    pub(super) fn one_day(&self) -> Option<Date> {
        match self.value {
            Value::Days(from, to) if from == to => Some(from),
            _ => None,
        }
    }
}

/// The longer of two readings; the first where they are of one length.
pub(super) fn longer(a: Option<Node>, b: Option<Node>) -> Option<Node> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if a.next < b.next { b } else { a }),
        (a, b) => a.or(b),
    }
}

impl<'a> Reader<'a> {
    pub(super) fn today(&self) -> Date {
        self.now.date()
    }

    /// This reader for a pattern inside another; none where that goes too deep.
    pub(super) fn inside(&self) -> Option<Reader<'a>> {
        (self.depth < DEEPEST).then_some(Reader { depth: self.depth + 1, ..*self })
    }

    /// The word, digits or mark at `i`, in lower case; curly quotes and long dashes as plain ones; empty past the end.
    pub(super) fn word(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |t| t.text)
    }

    /// What the word at `i` can be.
    pub(super) fn entry(&self, i: usize) -> Entry {
        self.tokens.get(i).map(|t| t.entry).unwrap_or_default()
    }

    /// Whether a pattern of these kinds may begin at `i`.
    pub(super) fn begins(&self, i: usize, kinds: u16) -> bool {
        self.tokens.get(i).is_some_and(|t| t.entry.begins & kinds != 0)
    }

    pub(super) fn is(&self, i: usize, words: &[&str]) -> bool {
        words.contains(&self.word(i))
    }

    /// Skips one of these words.
    pub(super) fn skip(&self, i: usize, words: &[&str]) -> usize {
        if self.is(i, words) { i + 1 } else { i }
    }

    /// Skips the words in a row; the place before them where they do not stand there.
    pub(super) fn after(&self, i: usize, words: &[&str]) -> Option<usize> {
        words.iter().enumerate().all(|(k, word)| self.word(i + k) == *word).then_some(i + words.len())
    }

    /// Skips "'s", or an apostrophe alone.
    pub(super) fn possessive(&self, i: usize) -> usize {
        if self.word(i) != "'" || !self.glued(i) {
            return i;
        }
        if self.word(i + 1) == "s" && self.glued(i + 1) { i + 2 } else { i + 1 }
    }

    pub(super) fn glued(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|t| t.glued)
    }

    /// Whether the word begins with a capital letter.
    pub(super) fn capital(&self, i: usize) -> bool {
        self.tokens
            .get(i)
            .is_some_and(|t| self.raw.as_bytes().get(t.start).is_some_and(u8::is_ascii_uppercase))
    }

    pub(super) fn kind(&self, i: usize) -> Option<Kind> {
        self.tokens.get(i).map(|t| t.kind)
    }

    /// The digits at `i`: their number and how many.
    pub(super) fn digits(&self, i: usize) -> Option<(u32, usize)> {
        let token = self.tokens.get(i)?;
        Some((token.value?, token.text.len()))
    }

    /// This date `span` later; none beyond the calendar.
    pub(super) fn add(&self, date: Date, span: Span) -> Option<Date> {
        date.checked_add(span).ok().filter(|d| 0 < d.year() && *d <= super::due::LAST_DAY)
    }

    pub(super) fn days_on(&self, date: Date, days: i64) -> Option<Date> {
        if days.abs() < 4_000_000 { self.add(date, days.days()) } else { None }
    }

    /// None where there are more months than a span can hold: "the past 999999999 quarters".
    pub(super) fn months_on(&self, date: Date, months: i64) -> Option<Date> {
        if months.abs() < 120_000 { self.add(date, months.months()) } else { None }
    }

    /// Monday of the week of `date`.
    pub(super) fn monday(&self, date: Date) -> Option<Date> {
        self.days_on(date, -i64::from(date.weekday().to_monday_zero_offset()))
    }
}
