//! One pass over a text: words and marks, in lower case and with contractions undone ("I'll" is "i", "will").

use super::classes::{Classes, NUMBERS};
use super::lexicon::{Known, Lexicon, WordId};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Letters, or letters and digits.
    Word,
    /// Digits, with what belongs to them: 10/5, 3.14, 5:00, 20%.
    Number,
    /// An address of the web or of mail.
    Link,
    /// One mark of punctuation, or a run of the same one.
    Mark,
}

/// One word or mark of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// First byte.
    pub start: u32,
    /// Past the last byte.
    pub end: u32,
    /// Hash of the word in lower case.
    pub hash: u32,
    /// Its number in the lexicon; 0 for a word that no rule names.
    pub word: WordId,
    /// Its classes.
    pub classes: Classes,
    /// What it is.
    pub shape: Shape,
    /// For a mark: which; for a word: its first letter.
    pub first: char,
    /// How many line ends stand before it since the last token.
    pub lines_before: u8,
    /// White space stands before it.
    pub spaced: bool,
    /// How many of the same mark stand together; a long dash counts as two, three dots in one as three.
    pub run: u8,
}

impl Token {
    /// Begins with a capital letter.
    pub fn is_capital(&self) -> bool {
        self.shape == Shape::Word && self.first.is_uppercase()
    }

    /// Joins two clauses.
    pub fn is_joiner(&self) -> bool {
        const JOINERS: [u32; 9] = hash_words("and but so or then because also since that");
        JOINERS.contains(&self.hash)
    }

    /// Is a mark that parts more than a single one does: "--", "–", "...".
    pub fn is_long(&self) -> bool {
        self.shape == Shape::Mark && 2 <= self.run
    }

    /// Is this mark.
    pub fn is_mark(&self, mark: char) -> bool {
        self.shape == Shape::Mark && self.first == mark
    }
}

/// FNV-1a over the bytes of a word: fast for short words, and the same on every machine.
pub(super) const HASH_SEED: u32 = 0x811c_9dc5;

/// Adds one byte to a hash.
pub(super) const fn hash_byte(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}

/// The hash of a word that is in lower case already.
pub(super) const fn hash_word(word: &str) -> u32 {
    let bytes = word.as_bytes();
    let mut hash = HASH_SEED;
    let mut i = 0;
    while i < bytes.len() {
        hash = hash_byte(hash, bytes[i]);
        i += 1;
    }
    hash
}

/// The hashes of words in lower case that stand in one text, parted by single spaces.
pub(super) const fn hash_words<const N: usize>(words: &str) -> [u32; N] {
    let bytes = words.as_bytes();
    let mut hashes = [HASH_SEED; N];
    let mut word = 0;
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] == b' ' {
            word += 1;
        } else {
            hashes[word] = hash_byte(hashes[word], bytes[i]);
        }
        i += 1;
    }
    assert!(word + 1 == N, "there are as many words as hashes");
    hashes
}

/// Stands for every number, so that no rule or weight hangs on a figure.
pub(super) const NUMBER: u32 = hash_word("<number>");
/// Stands for every address of the web or of mail.
pub(super) const LINK: u32 = hash_word("<link>");

/// Splits `text` into tokens, appended to `out`.
pub(super) fn split(text: &str, lexicon: &Lexicon, out: &mut Vec<Token>) {
    let mut splitter = Splitter { text, bytes: text.as_bytes(), lexicon, at: 0, lines: 0, spaced: true };
    while splitter.at < splitter.bytes.len() {
        splitter.step(out);
    }
}

struct Splitter<'t> {
    text: &'t str,
    bytes: &'t [u8],
    lexicon: &'t Lexicon,
    at: usize,
    lines: u8,
    spaced: bool,
}

impl Splitter<'_> {
    fn step(&mut self, out: &mut Vec<Token>) {
        let byte = self.bytes[self.at];
        match byte {
            b'\n' => {
                self.lines = self.lines.saturating_add(1);
                self.spaced = true;
                self.at += 1;
            }
            b' ' | b'\t' | b'\r' | 0..=8 | 11..=12 | 14..=31 => {
                self.spaced = true;
                self.at += 1;
            }
            b'0'..=b'9' => self.number(out),
            b'a'..=b'z' | b'A'..=b'Z' => self.word(out),
            0x80.. => self.wide(out),
            _ => self.mark(out),
        }
    }

    fn char_at(&self, at: usize) -> char {
        self.text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ')
    }

    fn push(&mut self, out: &mut Vec<Token>, token: (usize, usize), hash: u32, shape: Shape, first: char) {
        let known = match shape {
            Shape::Number => Known { word: self.lexicon.number(), classes: [NUMBERS, 0], ..Known::default() },
            _ => self.lexicon.known(hash),
        };
        self.push_known(out, token, hash, shape, first, known);
    }

    fn push_known(
        &mut self,
        out: &mut Vec<Token>,
        token: (usize, usize),
        hash: u32,
        shape: Shape,
        first: char,
        known: Known,
    ) {
        out.push(Token {
            start: token.0 as u32,
            end: token.1 as u32,
            hash,
            word: known.word,
            classes: if shape == Shape::Mark { [0, 0] } else { known.classes },
            shape,
            first,
            lines_before: self.lines,
            spaced: self.spaced,
            run: 1,
        });
        self.lines = 0;
        self.spaced = false;
    }

    /// A character beyond ASCII: a letter begins a word, white space and invisible marks part or join.
    fn wide(&mut self, out: &mut Vec<Token>) {
        let c = self.char_at(self.at);
        if c.is_whitespace() {
            self.spaced = true;
            if matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}') {
                self.lines = self.lines.saturating_add(1);
            }
            self.at += c.len_utf8();
        } else if is_invisible(c) {
            self.at += c.len_utf8();
        } else if c.is_alphanumeric() {
            self.word(out);
        } else {
            let start = self.at;
            self.at += c.len_utf8();
            let mark = plain_mark(c);
            // The weights were learnt with all signs of money but the dollar's as marks without a name.
            let learnt = if mark == '$' { '~' } else { mark };
            self.push(out, (start, self.at), hash_byte(HASH_SEED, learnt as u8), Shape::Mark, mark);
            set_run(out, run_of(c));
        }
    }

    fn mark(&mut self, out: &mut Vec<Token>) {
        let start = self.at;
        // Mail that was once HTML may still have its marks written out: "&gt; Could you …" is a quoted line.
        let written = WRITTEN.iter().find(|(name, _)| self.bytes[start..].starts_with(name));
        let (name, byte) = written.copied().unwrap_or((&self.bytes[start..=start], self.bytes[start]));
        let mut run = 0usize;
        while self.bytes[self.at..].starts_with(name) {
            self.at += name.len();
            run += 1;
        }
        self.push(out, (start, self.at), hash_byte(HASH_SEED, byte), Shape::Mark, byte as char);
        set_run(out, u8::try_from(run).unwrap_or(u8::MAX));
    }

    fn number(&mut self, out: &mut Vec<Token>) {
        let start = self.at;
        while let Some(&byte) = self.bytes.get(self.at) {
            let inner = matches!(byte, b'.' | b',' | b':' | b'/' | b'-')
                && self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit);
            if !byte.is_ascii_alphanumeric() && !inner && byte != b'%' {
                break;
            }
            self.at += 1;
        }
        self.push(out, (start, self.at), NUMBER, Shape::Number, self.bytes[start] as char);
    }

    fn word(&mut self, out: &mut Vec<Token>) {
        let start = self.at;
        let first = self.char_at(start);
        let mut hash = HASH_SEED;
        // Where the apostrophe of a contraction stands, and the hash of what is before it.
        let mut apostrophe: Option<(usize, u32)> = None;
        let mut link = false;
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            if byte.is_ascii_alphanumeric() {
                hash = hash_byte(hash, byte.to_ascii_lowercase());
                self.at += 1;
                continue;
            }
            let c = if byte < 0x80 { byte as char } else { self.char_at(self.at) };
            let next = self.at + c.len_utf8();
            match c {
                '\'' | '\u{2019}' | '\u{2018}' | '`' if self.letter_follows(next) => {
                    apostrophe = Some((self.at, hash));
                    hash = hash_byte(hash, b'\'');
                }
                '-' | '\u{2011}' if self.letter_follows(next) => {}
                '.' | ':' | '/' | '@' | '_' | '=' | '&' | '#' | '~' if link && !self.space_follows(next) => {}
                '@' if self.letter_follows(next) => link = true,
                ':' if self.text[next..].starts_with("//") => link = true,
                '.' if self.letter_follows(next) && self.looks_like_host(start) => link = true,
                '_' => hash = hash_byte(hash, b'_'),
                c if is_invisible(c) => {}
                c if !c.is_ascii() && c.is_alphanumeric() => {
                    for lower in c.to_lowercase() {
                        let mut utf8 = [0; 4];
                        for &byte in lower.encode_utf8(&mut utf8).as_bytes() {
                            hash = hash_byte(hash, byte);
                        }
                    }
                }
                _ => break,
            }
            self.at = next;
        }
        if link {
            self.push(out, (start, self.at), LINK, Shape::Link, first);
        } else if let Some((at, before)) = apostrophe {
            self.contraction(out, start, at, before, hash, first);
        } else {
            let known = self.lexicon.known(hash);
            match known.joined {
                Some((one, two)) => self.pair(out, start, self.at, one, two, first),
                None => self.push_known(out, (start, self.at), known.plain, Shape::Word, first, known),
            }
        }
    }

    fn letter_follows(&self, at: usize) -> bool {
        self.bytes.get(at).is_some_and(|b| b.is_ascii_alphabetic() || *b >= 0xc3)
    }

    fn space_follows(&self, at: usize) -> bool {
        self.bytes.get(at).is_none_or(|b| b.is_ascii_whitespace())
    }

    /// "www." and "name.example.com" are links; "week.Please" is two sentences without a space.
    fn looks_like_host(&self, start: usize) -> bool {
        let rest = &self.bytes[start..];
        let end = rest.iter().position(|b| b.is_ascii_whitespace()).unwrap_or(rest.len()).min(80);
        let word = &rest[..end];
        word.starts_with(b"www.")
            || word.contains(&b'@')
            || [&b".com"[..], b".org", b".net", b".co.uk", b".pdf", b".doc", b".xls", b".example"]
                .iter()
                .any(|tail| word.windows(tail.len()).any(|w| w.eq_ignore_ascii_case(tail)))
    }

    /// "I'll", "don't", "we've": two words over the two parts of the span; "Anna's" is one word.
    fn contraction(
        &mut self,
        out: &mut Vec<Token>,
        start: usize,
        at: usize,
        before: u32,
        whole: u32,
        first: char,
    ) {
        if let Some((one, two)) = self.lexicon.known(whole).joined {
            return self.pair(out, start, at, one, two, first);
        }
        // The possessive is cut off; other words keep their apostrophe in the hash.
        let possessive = self.bytes[at..self.at].ends_with(b"s") && self.at - at <= 4;
        let hash = if possessive { before } else { whole };
        self.push(out, (start, self.at), hash, Shape::Word, first);
    }

    fn pair(&mut self, out: &mut Vec<Token>, start: usize, middle: usize, one: u32, two: u32, first: char) {
        self.push(out, (start, middle), one, Shape::Word, first);
        self.push(out, (middle, self.at), two, Shape::Word, '\'');
    }
}

/// Marks as HTML writes them.
const WRITTEN: [(&[u8], u8); 4] = [(b"&gt;", b'>'), (b"&lt;", b'<'), (b"&quot;", b'"'), (b"&amp;", b'&')];

fn set_run(out: &mut [Token], run: u8) {
    if let Some(mark) = out.last_mut() {
        mark.run = run;
    }
}

/// As how many of its ASCII mark a character counts. Its length in bytes says nothing: "£" has two and "€" three.
fn run_of(c: char) -> u8 {
    match c {
        '\u{2013}'..='\u{2015}' | '\u{3002}' => 2,
        '\u{2026}' => 3,
        _ => 1,
    }
}

/// Characters that are not seen: a word goes on across them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The ASCII mark that means the same.
fn plain_mark(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => '"',
        '\u{2012}'..='\u{2015}' => '-',
        '\u{2026}' => '.',
        '\u{2022}' | '\u{b7}' | '\u{25cf}' => '*',
        '\u{ff1f}' | '\u{61f}' => '?',
        '\u{ff01}' => '!',
        '\u{3002}' => '.',
        '\u{a2}'..='\u{a5}' | '\u{20a0}'..='\u{20c0}' => '$',
        _ => '~',
    }
}
