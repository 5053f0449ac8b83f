//! What could make the MIME reader slow, huge or overflow its stack is tamed before it reads.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem};

/// Levels of messages within messages that are followed.
const MOST_NESTED: usize = 50;
/// Multiparts whose borders are looked for, in a message of up to a megabyte.
const MOST_BORDERS: usize = 2_000;
/// A run of base64 longer than this is a file; its middle is left out, since only its size is wanted.
const LONG_RUN: usize = 512 << 10;
/// What is kept at each end of such a run.
const KEPT: usize = 64 << 10;

/// The bytes to read, and what was changed in them.
pub(super) struct Tamed<'r> {
    pub(super) bytes: Cow<'r, [u8]>,
    /// Where base64 was left out (an offset in `bytes`), and how many decoded bytes.
    elided: Vec<(u32, u64)>,
    pub(super) too_deep: bool,
}

impl Tamed<'_> {
    pub(super) fn elided_between(&self, start: u32, end: u32) -> u64 {
        self.elided.iter().filter(|(at, _)| start <= *at && *at <= end).map(|(_, bytes)| bytes).sum()
    }
}

/// Where the message begins: after blank lines, a byte order mark and an mbox separator.
pub(super) fn start(raw: &[u8]) -> usize {
    let mut at = if raw.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    at += raw[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    for separator in [&b"From "[..], b">From "] {
        if raw[at..].starts_with(separator) {
            at = memchr(b'\n', &raw[at..]).map_or(raw.len(), |end| at + end + 1);
        }
    }
    at
}

/// Leaves ordinary messages as they are.
pub(super) fn tame(raw: &[u8]) -> Tamed<'_> {
    let mut tamed = Tamed { bytes: joined(raw), elided: Vec::new(), too_deep: false };
    if LONG_RUN < raw.len() {
        leave_out_files(&mut tamed);
    }
    limit_nesting(&mut tamed);
    tamed
}

/// Some programs forget the white space with which a field goes on in its next line: `Content-Type: multipart/mixed;`,
/// and then `boundary=…` as if it were a field. The line end between the two becomes white space.
pub(super) fn joined(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut bytes = Cow::Borrowed(raw);
    for line in [&b"\nboundary="[..], b"\nBoundary="] {
        for end in memmem::find_iter(raw, line) {
            let before = raw[..end].trim_ascii_end();
            if before.ends_with(b";") && end - before.len() <= 2 {
                bytes.to_mut()[before.len()..=end].fill(b' ');
            }
        }
    }
    bytes
}

fn leave_out_files(tamed: &mut Tamed<'_>) {
    let raw: &[u8] = &tamed.bytes;
    let mut shorter: Vec<u8> = Vec::new();
    let mut elided = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while at < raw.len() {
        let end = run_end(raw, at);
        if LONG_RUN < end - at {
            let from = line_start(raw, at + KEPT);
            let until = line_start(raw, end - KEPT);
            shorter.extend_from_slice(&raw[copied..from]);
            let letters = raw[from..until].iter().filter(|b| !b.is_ascii_whitespace()).count();
            // Whole groups of four letters must go, or what follows would decode to something else.
            let odd = letters % 4;
            let until = skip_back(raw, until, odd);
            elided.push((shorter.len() as u32, (letters - odd) as u64 / 4 * 3));
            copied = until;
        }
        at = memchr(b'\n', &raw[end.max(at)..]).map_or(raw.len(), |line| end.max(at) + line + 1);
    }
    if 0 < copied {
        shorter.extend_from_slice(&raw[copied..]);
        tamed.bytes = Cow::Owned(shorter);
    }
    tamed.elided = elided;
}

/// Where the base64 that begins at `at` ends: the first line with any other byte.
fn run_end(raw: &[u8], mut at: usize) -> usize {
    loop {
        let line_end = memchr(b'\n', &raw[at..]).map_or(raw.len(), |line| at + line + 1);
        let is_base64 = raw[at..line_end]
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'\r' | b'\n'));
        if !is_base64 || at == raw.len() {
            return at;
        }
        at = line_end;
    }
}

fn line_start(raw: &[u8], at: usize) -> usize {
    memchr(b'\n', &raw[at..]).map_or(at, |line| at + line + 1)
}

fn skip_back(raw: &[u8], mut until: usize, mut letters: usize) -> usize {
    while 0 < letters && 0 < until {
        until -= 1;
        if !raw[until].is_ascii_whitespace() {
            letters -= 1;
        }
    }
    until
}

/// Makes the types of messages within messages, and the borders of multiparts, unknown to the reader beyond a count.
fn limit_nesting(tamed: &mut Tamed<'_>) {
    let mut borders = MOST_BORDERS;
    if (1 << 20) < tamed.bytes.len() {
        borders = (MOST_BORDERS << 20) / tamed.bytes.len();
    }
    let mut budget = [
        (&b"rfc822"[..], MOST_NESTED),
        (b"global", MOST_NESTED),
        (b"digest", MOST_NESTED),
        (b"boundary", borders.max(50)),
    ];
    let mut changes = Vec::new();
    let bytes: &[u8] = &tamed.bytes;
    let mut counted = 0;
    for dash in memchr_iter(b'-', bytes) {
        if counted <= dash && is_content_type(bytes, dash) {
            counted = field_end(bytes, dash);
            count_field(bytes, dash..counted, &mut budget, &mut changes);
        }
    }
    if !changes.is_empty() {
        tamed.too_deep = true;
        let owned = tamed.bytes.to_mut();
        for at in changes {
            owned[at] = b'x';
        }
    }
}

/// Whether the dash is that of the words `Content-Type`, whatever their capitals.
fn is_content_type(bytes: &[u8], dash: usize) -> bool {
    let is = |place: Range<usize>, word: &[u8]| {
        bytes.get(place).is_some_and(|found| found.eq_ignore_ascii_case(word))
    };
    is(dash + 1..dash + 5, b"type") && 7 <= dash && is(dash - 7..dash, b"content")
}

/// Looks at one header field. Each word counts once in it; beyond its count it is made unknown wherever it stands.
fn count_field(
    bytes: &[u8],
    place: Range<usize>,
    budget: &mut [(&[u8], usize); 4],
    changes: &mut Vec<usize>,
) {
    let field = &bytes[place.clone()];
    for (word, left) in budget.iter_mut() {
        let mut found = field.windows(word.len()).enumerate().filter(|(_, w)| w.eq_ignore_ascii_case(word));
        if *left == 0 {
            changes.extend(found.map(|(at, _)| place.start + at));
        } else if found.next().is_some() {
            *left -= 1;
        }
    }
}

/// Where the header field ends that stands at `at`, its folded lines included.
fn field_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(line) = memchr(b'\n', &bytes[at..]) {
        at += line + 1;
        if !matches!(bytes.get(at), Some(b' ' | b'\t')) {
            return at;
        }
    }
    bytes.len()
}

/// The message with another border in place of one that also stands inside a line of its text, where it parts nothing.
pub(super) fn unlike_text(raw: &[u8], border: &str) -> Option<Vec<u8>> {
    let border = border.as_bytes();
    let line = [b"--", border].concat();
    let inside = |at: usize| {
        let before = raw[..at].last();
        before.is_some_and(|b| !matches!(b, b'\n' | b'\r' | b'-')) && !is_indent(&raw[..at])
    };
    if border.len() < 4 || !memmem::find_iter(raw, &line).any(inside) {
        return None;
    }
    // Of the same length, so that every place stays where it is.
    let mut others = (b'A'..=b'Z').map(|first| [&[first], &border[1..]].concat());
    let other = others.find(|other| memmem::find(raw, other).is_none())?;
    let mut mended = raw.to_vec();
    for at in memmem::find_iter(raw, border) {
        let (before, after) = (&raw[..at], &raw[at + border.len()..]);
        let begins = before.ends_with(b"\n--");
        let ends =
            matches!(after.strip_prefix(b"--").unwrap_or(after).first(), None | Some(b'\r' | b'\n' | b' '));
        let unquoted = before.strip_suffix(b"\"").unwrap_or(before);
        let named = unquoted.len() >= 9 && unquoted[unquoted.len() - 9..].eq_ignore_ascii_case(b"boundary=");
        if (begins && ends) || named {
            mended[at..at + border.len()].copy_from_slice(&other);
        }
    }
    Some(mended)
}

/// Nothing but white space stands on the last line.
fn is_indent(before: &[u8]) -> bool {
    before.iter().rev().take_while(|b| **b != b'\n').all(|b| b.is_ascii_whitespace())
}

/// The message with the border that its body really holds, where its headers name another.
pub(super) fn right_border(raw: &[u8], wrong: &str) -> Option<Vec<u8>> {
    let named = memmem::find(raw, wrong.as_bytes())?;
    let body =
        memmem::find(&raw[named..], b"\n\n").or_else(|| memmem::find(&raw[named..], b"\n\r\n"))? + named;
    let border = memmem::find_iter(&raw[body..], b"\n--").take(50).find_map(|at| {
        let start = body + at + 3;
        let end = start + memchr(b'\n', &raw[start..])?;
        let line = raw[start..end].trim_ascii_end();
        let headed = raw.get(end + 1..end + 9).is_some_and(|next| next.eq_ignore_ascii_case(b"content-"));
        (headed && (1..=100).contains(&line.len())).then_some(line)
    })?;
    let mut mended = Vec::with_capacity(raw.len() + border.len());
    mended.extend_from_slice(&raw[..named]);
    mended.extend_from_slice(border);
    mended.extend_from_slice(&raw[named + wrong.len()..]);
    Some(mended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_after_separators() {
        assert_eq!(start(b"From a Mon\nSubject: x\n"), 11);
        assert_eq!(start(b"\xef\xbb\xbf\r\nSubject: x\n"), 5);
        assert_eq!(start(b"From "), 5);
    }

    #[test]
    fn leaves_out_the_middle_of_files_and_keeps_their_size() {
        let line = [b'A'; 76];
        let mut raw =
            b"Subject: x\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                .to_vec();
        for _ in 0..20_000 {
            raw.extend_from_slice(&line);
            raw.extend_from_slice(b"\r\n");
        }
        let tamed = tame(&raw);
        assert!(tamed.bytes.len() < 200_000);
        let message = mail_parser::MessageParser::new().parse(&*tamed.bytes).unwrap();
        let part = &message.parts[0];
        let size = part.contents().len() as u64 + tamed.elided_between(part.offset_body, part.offset_end);
        assert_eq!(size, 20_000 * 57);
    }

    #[test]
    fn stops_following_messages_within_messages() {
        for name in ["Content-Type", "content-type", "CONTENT-TYPE", "cOnTeNt-tYpE"] {
            let raw = format!("{name}: message/rfc822\n\n").repeat(100_000);
            let tamed = tame(raw.as_bytes());
            assert!(tamed.too_deep);
            assert_eq!(memmem::find_iter(&tamed.bytes, "rfc822").count(), MOST_NESTED);
            mail_parser::MessageParser::new().parse(&*tamed.bytes);
        }
    }

    #[test]
    fn no_border_hides_behind_others_or_in_a_long_field() {
        for before in ["x-boundary=y;".to_string(), "\n ".to_string(), "x=y; ".repeat(1_000)] {
            let part = format!("--b\nContent-Type: multipart/mixed; {before}boundary=b\n\n");
            let raw = part.repeat(MOST_BORDERS + 300);
            let tamed = tame(raw.as_bytes());
            let last = &tamed.bytes[tamed.bytes.len() - part.len()..];
            assert!(tamed.too_deep && memmem::find(last, b"boundary").is_none(), "{before}");
        }
    }

    #[test]
    fn leaves_what_is_no_deeper_than_mail_is() {
        let raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nCONTENT-TYPE: message/rfc822\n\nrfc822"
            .repeat(40);
        let tamed = tame(&raw);
        assert!(!tamed.too_deep && *tamed.bytes == raw[..]);
    }
}
