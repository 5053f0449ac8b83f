//! Text as it was meant: one kind of line end, no NULs, and quoted-printable that nobody decoded.

use super::address::hex_pair;

/// Appends `text` with `\n` line ends and without NULs; says whether NULs were dropped.
pub(super) fn push_lines(out: &mut String, text: &str) -> bool {
    let mut nul = false;
    let mut rest = text;
    out.reserve(text.len());
    while let Some(at) = memchr::memchr2(b'\r', 0, rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if rest.as_bytes()[at] == 0 {
            nul = true;
        } else if !after.starts_with('\n') {
            // A lone CR ends a line; the second CR of "\r\r\n" does not.
            if !after.starts_with("\r\n") {
                out.push('\n');
            }
        }
        rest = after;
    }
    out.push_str(rest);
    nul
}

/// Whether a text still holds quoted-printable: escapes of control or non-ASCII bytes at a rate that no prose or
/// address has, or soft line ends together with an escape.
pub(super) fn looks_quoted_printable(text: &str) -> bool {
    // What was encoded by uuencode holds such pairs by chance.
    if text.contains("\nbegin 6") {
        return false;
    }
    let bytes = text.as_bytes();
    let mut sure = 0;
    let mut soft = 0;
    for at in memchr::memchr_iter(b'=', bytes) {
        match (bytes.get(at + 1), bytes.get(at + 2)) {
            (Some(b'\n'), _) | (None, _) => soft += 1,
            // "=20" before a line's end, "=09", "=3D", "=A0" and the lead bytes of UTF-8 are what encoders write.
            (Some(b'2'), Some(b'0')) if matches!(bytes.get(at + 3), Some(b'\n' | b' ') | None) => sure += 1,
            (Some(b'0'), Some(b'9' | b'A' | b'D')) | (Some(b'3'), Some(b'D')) => sure += 1,
            (Some(b'8'..=b'9' | b'A'..=b'F'), Some(b'0'..=b'9' | b'A'..=b'F')) if !is_in_link(bytes, at) => {
                sure += 1
            }
            _ => {}
        }
    }
    2 <= sure || (1 <= sure && 1 <= soft) || 3 <= soft
}

/// Web addresses hold `=A1` by nature.
fn is_in_link(bytes: &[u8], at: usize) -> bool {
    let start = at.saturating_sub(200);
    let word = bytes[start..at].rsplit(|b| b.is_ascii_whitespace()).next().unwrap_or_default();
    memchr::memmem::find(word, b"://").is_some() || word.contains(&b'?')
}

/// Decodes quoted-printable; what is no escape stays. Bytes that are no UTF-8 are read as Windows-1252.
pub(super) fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'=', rest) {
        out.extend_from_slice(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(byte) = hex_pair(after.get(..2)) {
            out.push(byte);
            rest = &after[2..];
        } else if let Some(next) = soft_break(after) {
            rest = next;
        } else {
            out.push(b'=');
            rest = after;
        }
    }
    out.extend_from_slice(rest);
    out
}

/// What follows a soft line end: blanks, then the end of the line or of the text.
fn soft_break(after: &[u8]) -> Option<&[u8]> {
    let blanks = after.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
    match after.get(blanks) {
        Some(b'\n') => Some(&after[blanks + 1..]),
        None => Some(&[]),
        _ => None,
    }
}

/// Text from bytes of no said character set: UTF-8 where it is, else Windows-1252. Says whether it guessed.
pub(super) fn guess_charset(bytes: Vec<u8>) -> (String, bool) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, false),
        Err(error) => {
            let bytes = error.into_bytes();
            match mail_parser::decoders::charsets::map::charset_decoder(b"windows-1252") {
                Some(decode) => (decode(&bytes), true),
                None => (String::from_utf8_lossy(&bytes).into_owned(), true),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_kind_of_line_end() {
        let mut out = String::new();
        assert!(push_lines(&mut out, "a\r\nb\rc\r\r\nd\0\n"));
        assert_eq!(out, "a\nb\nc\nd\n");
    }

    #[test]
    fn tells_quoted_printable_from_links_and_sums() {
        assert!(looks_quoted_printable("Dear Ada,=20\n=20\nthe lease=\n is here"));
        assert!(looks_quoted_printable("caf=E9 cr=E8me"));
        assert!(!looks_quoted_printable("https://x.example/?a=A0&b=B1 and a=b"));
        assert!(!looks_quoted_printable("2+2=20 is wrong"));
        assert_eq!(quoted_printable(b"caf=C3=A9 =\nbar=zz="), "café bar=zz".as_bytes());
    }
}
