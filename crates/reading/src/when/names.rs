//! Names of months and weekdays, and the look around that tells "May" from "may" and "Sat" from "sat".

use jiff::civil::Weekday;

use super::lead::{To, leads};
use super::read::Reader;
use super::token::Kind;

impl Reader<'_> {
    /// A month's name, with the full stop of an abbreviation.
    pub(super) fn month(&self, i: usize) -> Option<(i8, usize)> {
        let month = Some(self.entry(i).month as i8).filter(|m| 0 < *m)?;
        if self.glued(i) && 0 < i && self.is(i - 1, &["$", "#", "_", "'"]) {
            return None;
        }
        let short = self.word(i).len() <= 4;
        let stop = short && self.word(i + 1) == "." && self.glued(i + 1) && i + 2 < self.tokens.len();
        Some((
            month,
            if stop && (self.kind(i + 2) != Some(Kind::Word) || self.is(i + 2, &["on", "of", "the"])) {
                i + 2
            } else {
                i + 1
            },
        ))
    }

    /// Whether a month's name standing alone is meant as the month.
    pub(super) fn month_alone(&self, i: usize) -> bool {
        if !matches!(self.word(i), "may" | "march" | "mar" | "jan" | "dec" | "jun" | "sept" | "sep") {
            return true;
        }
        let before = |j: usize| leads(self.word(j), To::Month) || self.word(j) == "-";
        let named = 0 < i && (before(i - 1) || (self.word(i - 1) == "the" && 1 < i && before(i - 2)));
        let range = self.is(i + 1, &["to", "-", "through", "until", "till"]) && 0 < self.entry(i + 2).month;
        if range && (self.word(i) != "may" || self.capital(i) || named) {
            return true;
        }
        // "this may take", and "in may" as people write it
        let this = 0 < i && self.word(i - 1) == "this" && self.word(i) == "may";
        if this && !self.capital(i) {
            return false;
        }
        named && !(self.word(i) == "may" && self.is(i + 1, &["be", "not", "have", "well", "need", "want"]))
    }

    /// A weekday's name, with the full stop of an abbreviation.
    pub(super) fn weekday(&self, i: usize) -> Option<(Weekday, usize)> {
        let word = self.word(i);
        let day = self.entry(i).weekday?;
        if matches!(word, "sat" | "sun" | "mon" | "wed" | "fri") && !self.weekday_alone(i) {
            return None;
        }
        let stop = word.len() <= 5 && self.word(i + 1) == "." && self.glued(i + 1);
        // The full stop of a sentence stays outside.
        Some((
            day,
            if stop && i + 2 < self.tokens.len() && self.kind(i + 2) == Some(Kind::Digits) {
                i + 2
            } else {
                i + 1
            },
        ))
    }

    fn weekday_alone(&self, i: usize) -> bool {
        if self.tokens.len() <= 2 || matches!(self.kind(i + 1), Some(Kind::Digits)) {
            return true;
        }
        let near = |j: usize| {
            leads(self.word(j), To::Weekday)
                || self.is(j, &["for", "week", "monday", "closest", "-", "(", "/", ","])
        };
        let follows = self.month(i + 1).is_some()
            || self.is(i + 1, &["morning", "afternoon", "evening", "night", "next", "at", "the", "week"])
            || (self.word(i + 1) == "," && (self.month(i + 2).is_some() || self.digits(i + 2).is_some()));
        let capital = self.capital(i) && 0 < i && !self.is(i - 1, &["the", "."]);
        (0 < i && near(i - 1)) || capital || (follows && (0 == i || self.word(i - 1) != "the"))
    }

    /// The plural of a weekday's name: "Fridays".
    pub(super) fn weekdays(&self, i: usize) -> Option<(Weekday, usize)> {
        Some((self.entry(i).weekdays?, i + 1))
    }
}
