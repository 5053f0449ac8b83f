//! Words, digits and marks of a stretch of text.

use super::lexicon::{DIGITS, Entry, look_up, mark};

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Digits,
    Mark,
}

/// One word, run of digits or mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
    /// Nothing stands between this token and the one before.
    pub(super) glued: bool,
    /// In lower case; curly quotes and long dashes as plain ones.
    pub(super) text: &'a str,
    /// What a word can be.
    pub(super) entry: Entry,
    /// The number in digits, where it has at most nine.
    pub(super) value: Option<u32>,
}

/// Cuts text in lower case into tokens. A blank line is a mark of its own, so that no pattern reaches across it.
pub(super) fn cut(low: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token> = Vec::with_capacity(low.len() / 4);
    let mut chars = low.char_indices().peekable();
    let mut newlines = 0;
    let mut last_end = usize::MAX;
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            newlines += usize::from(c == '\n');
            if newlines == 2 {
                tokens.push(token(low, start, start + 1, Kind::Mark, false));
                newlines = 3;
            }
            continue;
        }
        newlines = 0;
        let kind = kind_of(c);
        let mut end = start + c.len_utf8();
        while let Some((at, next)) = chars.next_if(|(_, c)| kind != Kind::Mark && kind_of(*c) == kind) {
            end = at + next.len_utf8();
        }
        tokens.push(token(low, start, end, kind, last_end == start));
        last_end = end;
    }
    tokens
}

fn token(low: &str, start: usize, end: usize, kind: Kind, glued: bool) -> Token<'_> {
    let text = match &low[start..end] {
        "\u{2019}" | "\u{2018}" | "`" => "'",
        "\u{2013}" | "\u{2014}" | "\u{2012}" | "\u{2010}" | "\u{2011}" => "-",
        text => text,
    };
    let entry = match kind {
        Kind::Word => look_up(text),
        Kind::Digits => DIGITS,
        Kind::Mark => mark(text),
    };
    let value = if kind == Kind::Digits && text.len() <= 9 { text.parse().ok() } else { None };
    Token { start, end, kind, glued, text, entry, value }
}

fn kind_of(c: char) -> Kind {
    if c.is_ascii_digit() {
        Kind::Digits
    } else if c.is_alphabetic() {
        Kind::Word
    } else {
        Kind::Mark
    }
}
