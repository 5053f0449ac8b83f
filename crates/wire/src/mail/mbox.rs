//! Splits a stream in mbox form into its messages.
//!
//! A separator is a line that begins with `From `, looks like an envelope (a sender and a date), and comes after an
//! empty line or before a header field. `Content-Length` is not believed. One `>` is taken off each body line that
//! begins with `>`s and `From `. The buffer holds one message at most, up to [`MESSAGE_CAP`].

use std::io::{self, Read};
use std::mem;

use memchr::memmem;

use super::MESSAGE_CAP;
use super::pack::Stream;
use super::recognise::{header_name, is_envelope, is_lone_address, line_at};

/// How much is read at once; measured: smaller costs system calls, larger leaves the cache.
const CHUNK: usize = 1 << 20;
/// How far a separator is looked at: its line and the name of the header field after it.
const LOOK_AHEAD: usize = 2 << 10;
/// Enough before a place to see whether an empty line, or a run of `>`, comes before it.
const LOOK_BEHIND: usize = 64;
/// A message from this size on is given the buffer itself, and not a copy.
const LARGE: usize = 8 << 20;
const FROM: &[u8] = b"From ";

/// What an mbox holds, in order; offsets are those of the separator, in bytes.
#[derive(Debug)]
pub(super) enum Piece {
    /// A message; `cut` where the file ends inside it.
    Message { offset: u64, raw: Vec<u8>, cut: bool },
    /// Bytes before the first separator.
    Garbage { offset: u64, bytes: u64 },
    /// A message above the cap.
    TooLarge { offset: u64, bytes: u64 },
    /// A separator with nothing after it.
    Empty { offset: u64 },
    /// The stream failed here; what came before was given.
    Broken { offset: u64, error: io::Error },
}

/// What the bytes from `start` on belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Before the first separator, whose bytes are let go.
    Lead,
    /// A message.
    Message,
    /// A message too large, whose bytes are let go.
    TooLarge,
}

pub(super) struct Splitter {
    stream: Stream,
    finder: memmem::Finder<'static>,
    cap: usize,
    buffer: Vec<u8>,
    /// How much of the buffer is filled.
    filled: usize,
    /// Where the current piece begins in the buffer; of one that is let go, what is left of it.
    start: usize,
    /// Up to where the buffer has been searched.
    searched: usize,
    /// Where the buffer begins in the file.
    base: u64,
    /// Where the stream begins in the file.
    origin: u64,
    inside: Inside,
    /// Where a piece began that is let go, and whether it held more than white space.
    let_go_from: u64,
    let_go_any: bool,
    /// Whether a line of the current message has a `>` to take off.
    quoted: bool,
    /// The stream has ended, and then: the last piece has been given.
    ended: bool,
    done: bool,
    error: Option<io::Error>,
}

impl Splitter {
    /// Splits a stream that begins `base` bytes into its file.
    pub(super) fn new(stream: Stream, base: u64) -> Splitter {
        Splitter::with_cap(stream, base, MESSAGE_CAP)
    }

    fn with_cap(stream: Stream, base: u64, cap: usize) -> Splitter {
        Splitter {
            stream,
            finder: memmem::Finder::new(FROM),
            cap,
            buffer: Vec::new(),
            filled: 0,
            start: 0,
            searched: 0,
            base,
            origin: base,
            inside: Inside::Lead,
            let_go_from: base,
            let_go_any: false,
            quoted: false,
            ended: false,
            done: false,
            error: None,
        }
    }

    /// The next piece; none at the end.
    pub(super) fn next(&mut self) -> Option<Piece> {
        while !self.done {
            let piece = match self.find_separator() {
                Some(at) => self.end_piece(at),
                None if !self.ended => {
                    self.fill();
                    None
                }
                None => {
                    self.done = true;
                    self.end_piece(self.filled)
                }
            };
            if piece.is_some() {
                return piece;
            }
        }
        let offset = self.base + self.filled as u64;
        self.error.take().map(|error| Piece::Broken { offset, error })
    }

    /// Finds the next separator in what is filled. None where there is none, or more must be read to tell.
    fn find_separator(&mut self) -> Option<usize> {
        loop {
            let Some(hit) = self.finder.find(&self.buffer[self.searched..self.filled]) else {
                let straddling = self.filled.saturating_sub(FROM.len() - 1);
                self.searched = self.searched.max(straddling);
                return None;
            };
            let at = self.searched + hit;
            if !self.ended && self.filled < at + LOOK_AHEAD {
                self.searched = at;
                return None;
            }
            self.searched = at + FROM.len();
            let before = &self.buffer[..at];
            match before.last() {
                // The file says itself that it is an mbox, whatever the rest of its first line looks like.
                _ if self.base == self.origin && !has_text(before) => return Some(at),
                Some(b'\n') if self.is_separator(at) => return Some(at),
                Some(b'>') => self.quoted |= is_quoted(before),
                _ => {}
            }
        }
    }

    /// Whether a line that begins with `From ` parts two messages.
    fn is_separator(&self, at: usize) -> bool {
        let seen = &self.buffer[..self.filled.min(at + LOOK_AHEAD)];
        let Some(length) = memchr::memchr(b'\n', &seen[at..]).or(self.ended.then(|| seen.len() - at)) else {
            return false;
        };
        let line = line_at(seen, at);
        if !is_envelope(line) {
            return false;
        }
        let before = &self.buffer[self.start..at];
        let after_empty_line = before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n");
        let after_separator =
            self.inside == Inside::Message && memchr::memchr(b'\n', before) == Some(before.len() - 1);
        let before_header = header_name(line_at(seen, at + length + 1)).is_some();
        if is_lone_address(&line[FROM.len()..]) {
            return (after_empty_line || after_separator) && before_header;
        }
        after_empty_line || after_separator || before_header
    }

    /// Ends the current piece at a place in the buffer, and begins a message there.
    fn end_piece(&mut self, at: usize) -> Option<Piece> {
        let (offset, bytes) = (self.let_go_from, self.base + at as u64 - self.let_go_from);
        let (piece, at) = match self.inside {
            Inside::Message => self.message(at),
            Inside::TooLarge => (Some(Piece::TooLarge { offset, bytes }), at),
            Inside::Lead => {
                let any = self.let_go_any || has_text(&self.buffer[self.start..at]);
                (any.then_some(Piece::Garbage { offset, bytes }), at)
            }
        };
        self.start = at;
        self.searched = (at + FROM.len()).min(self.filled);
        self.inside = Inside::Message;
        self.quoted = false;
        piece
    }

    /// The message that ends at a place in the buffer, and where that place is then.
    fn message(&mut self, at: usize) -> (Option<Piece>, usize) {
        let offset = self.base + self.start as u64;
        let whole = &self.buffer[self.start..at];
        let body_at = memchr::memchr(b'\n', whole).map_or(whole.len(), |end| end + 1);
        let cut = self.done && (self.error.is_some() || whole.last() != Some(&b'\n'));
        let text = without_last_empty_line(&whole[body_at..]);
        if text.is_empty() {
            return (Some(Piece::Empty { offset }), at);
        }
        if LARGE < text.len() && !self.quoted {
            let (from, to) = (self.start + body_at, self.start + body_at + text.len());
            let raw = self.give_buffer(from, to, at);
            return (Some(Piece::Message { offset, raw, cut }), 0);
        }
        let raw = if self.quoted { unquote(text) } else { text.to_vec() };
        (Some(Piece::Message { offset, raw, cut }), at)
    }

    /// Gives the buffer itself away as a large message, and goes on with a new one that begins with what is at `at`.
    fn give_buffer(&mut self, from: usize, to: usize, at: usize) -> Vec<u8> {
        let rest = &self.buffer[at..self.filled];
        let mut fresh = vec![0; CHUNK.max(rest.len())];
        fresh[..rest.len()].copy_from_slice(rest);
        self.base += at as u64;
        self.filled -= at;
        let mut raw = mem::replace(&mut self.buffer, fresh);
        raw.truncate(to);
        raw.drain(..from);
        raw
    }

    /// Reads on, after letting go of what is no longer needed.
    fn fill(&mut self) {
        if self.inside != Inside::Message {
            self.let_go();
        }
        self.buffer.copy_within(self.start..self.filled, 0);
        self.base += self.start as u64;
        self.filled -= self.start;
        self.searched = self.searched.saturating_sub(self.start);
        self.start = 0;
        if self.inside == Inside::Message && self.cap < self.filled {
            self.inside = Inside::TooLarge;
            self.let_go_from = self.base;
            return self.fill();
        }
        if self.filled == self.buffer.len() {
            let more = self.buffer.len().max(CHUNK).min(self.cap + CHUNK);
            self.buffer.resize(self.buffer.len() + more, 0);
        } else if 2 * LARGE < self.buffer.len() && self.filled < CHUNK {
            self.buffer.truncate(CHUNK);
            self.buffer.shrink_to_fit();
        }
        while self.filled < self.buffer.len() {
            match self.stream.read(&mut self.buffer[self.filled..]) {
                Ok(0) => return self.ended = true,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.error = Some(error);
                    return self.ended = true;
                }
            }
        }
    }

    /// Forgets the bytes of a piece that is not given, save those that tell whether a separator follows.
    fn let_go(&mut self) {
        let upto = self.searched.saturating_sub(LOOK_BEHIND).max(self.start);
        self.let_go_any |= has_text(&self.buffer[self.start..upto]);
        self.start = upto;
    }
}

/// A message without the empty line that parts it from the next.
fn without_last_empty_line(text: &[u8]) -> &[u8] {
    match text {
        b"\n" | b"\r\n" => &[],
        [rest @ .., b'\n', b'\r', b'\n'] => &text[..rest.len() + 1],
        [rest @ .., b'\n', b'\n'] => &text[..rest.len() + 1],
        _ => text,
    }
}

/// Whether the text before a `From ` is a run of `>` at the beginning of a line.
fn is_quoted(before: &[u8]) -> bool {
    let line = before.len() - before.iter().rev().take_while(|b| **b == b'>').count();
    line == 0 || before[line - 1] == b'\n'
}

/// Takes one `>` off each quoted line of the body; the headers stay as they are.
fn unquote(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let ends = [memmem::find(text, b"\n\n"), memmem::find(text, b"\n\r\n")];
    let headers = ends.into_iter().flatten().min().map_or(0, |end| end + 2);
    let mut copied = 0;
    for at in memmem::find_iter(text, b">From ") {
        if headers <= at && is_quoted(&text[..at]) {
            out.extend_from_slice(&text[copied..at]);
            copied = at + 1;
        }
    }
    out.extend_from_slice(&text[copied..]);
    out
}

fn has_text(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.iter().any(|b| !b.is_ascii_whitespace())
}

#[cfg(test)]
mod tests;
