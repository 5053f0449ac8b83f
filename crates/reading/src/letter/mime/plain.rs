//! The short way for a message of one text part: the reader parses its headers, and the body is taken as it stands.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::{Header, HeaderName, HeaderValue, Message, MessageParser};

use super::{Body, Clues, Headers, Parts};
use crate::letter::mend;
use crate::letter::model::Note;

/// None where the message is not one plain or HTML text.
pub(super) fn read(raw: &[u8]) -> Option<Parts> {
    if may_be_multipart(raw) {
        return None;
    }
    let message = MessageParser::new().parse_headers(raw)?;
    let body = body_of(raw, &message)?;
    let mut is_html = false;
    let mut charset = None;
    let mut encoding = "";
    for header in message.headers() {
        match (&header.name, &header.value) {
            (HeaderName::ContentType, HeaderValue::ContentType(kind)) => {
                let subtype = kind.subtype().unwrap_or_default();
                is_html = subtype.eq_ignore_ascii_case("html");
                let is_text = kind.ctype().eq_ignore_ascii_case("text");
                if !is_text
                    || !(is_html || subtype.eq_ignore_ascii_case("plain"))
                    || kind.has_attribute("name")
                {
                    return None;
                }
                charset = kind.attribute("charset");
            }
            (HeaderName::ContentDisposition, HeaderValue::ContentType(kind)) if !kind.is_inline() => {
                return None;
            }
            (HeaderName::ContentTransferEncoding, HeaderValue::Text(said)) => encoding = said.trim(),
            _ => {}
        }
    }
    let mut text = Body::default();
    stray(raw, message.headers()).for_each(|line| text.push_text(line));
    let decoded;
    let bytes = if encoding.eq_ignore_ascii_case("quoted-printable") {
        decoded = mend::quoted_printable(body);
        &decoded
    } else if encoding.eq_ignore_ascii_case("base64") {
        decoded = base64_decode(body)?;
        &decoded
    } else {
        body
    };
    push_decoded(&mut text, bytes, charset, is_html);
    let (headers, clues) = Headers::read(message.headers(), raw);
    Some(parts_of(headers, clues, text))
}

/// Lines among the headers that are none: whoever forgot the blank line after them has begun to write. Shorter ones are
/// what is left of a header that was broken in two.
fn stray<'r>(raw: &'r [u8], headers: &[Header<'_>]) -> impl Iterator<Item = &'r str> {
    const FEWEST_WORDS: usize = 3;
    let ends = headers.iter().map(|header| header.offset_end as usize);
    let starts = headers.iter().skip(1).map(|header| header.offset_field as usize);
    let between = ends.zip(starts).filter_map(|(end, start)| str::from_utf8(raw.get(end..start)?).ok());
    let plain = |line: &&str| !line.contains(['@', '=', '<']) && !line.starts_with("From ");
    between.flat_map(str::lines).filter(plain).filter(|line| FEWEST_WORDS <= line.split_whitespace().count())
}

/// A text without a single header, as somebody may have saved it; none where the bytes are no text.
pub(super) fn headless(raw: &[u8]) -> Option<Parts> {
    /// A longer text without headers is some other file.
    const LONGEST: usize = 1 << 20;
    let text = str::from_utf8(raw)
        .ok()
        .filter(|t| t.len() <= LONGEST && !t.contains('\0') && !t.trim().is_empty())?;
    let mut body = Body::default();
    body.push_text(text);
    let (headers, clues) = Headers::read(&[], raw);
    Some(parts_of(headers, clues, body))
}

fn parts_of(headers: Headers, clues: Clues, mut body: Body) -> Parts {
    body.notes.sort_unstable();
    body.notes.dedup();
    Parts {
        headers,
        text: body.text,
        attachments: Vec::new(),
        calendar: None,
        enclosed: Vec::new(),
        notes: body.notes,
        clues,
    }
}

fn push_decoded(body: &mut Body, bytes: &[u8], charset: Option<&str>, is_html: bool) {
    let mut push = |text: &str| if is_html { body.push_html(text) } else { body.push_text(text) };
    let is_other = charset.is_some_and(|c| !(is_utf8(c) || (bytes.is_ascii() && keeps_ascii(c))));
    let decoder = charset.filter(|_| is_other).and_then(|c| charset_decoder(c.as_bytes()));
    if let Some(decoder) = decoder {
        return push(&decoder(bytes));
    }
    match str::from_utf8(bytes) {
        Ok(text) => push(text),
        Err(_) => {
            push(&mend::guess_charset(bytes.to_vec()).0);
            body.notes.push(Note::BrokenCharset);
        }
    }
}

fn is_utf8(charset: &str) -> bool {
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// Whether ASCII bytes mean themselves in a character set: not where seven-bit escapes or wide units are used.
fn keeps_ascii(charset: &str) -> bool {
    let starts = |with: &str| charset.get(..with.len()).is_some_and(|c| c.eq_ignore_ascii_case(with));
    !["utf-7", "utf-16", "utf-32", "iso-2022", "hz-", "ucs", "iso-10646", "unicode", "csiso2022"]
        .iter()
        .any(|w| starts(w))
}

/// Whether the headers speak of a multipart or a message, in any case of letters.
fn may_be_multipart(raw: &[u8]) -> bool {
    let end = memchr::memmem::find(raw, b"\n\n")
        .or_else(|| memchr::memmem::find(raw, b"\n\r\n"))
        .unwrap_or(raw.len());
    let headers = &raw[..end.min(64 << 10)];
    memchr::memchr2_iter(b'u', b'U', headers)
        .any(|at| headers.get(at..at + 8).is_some_and(|w| w.eq_ignore_ascii_case(b"ultipart")))
}

/// What follows the blank line after the last header; none where something else stands between.
fn body_of<'r>(raw: &'r [u8], message: &Message<'_>) -> Option<&'r [u8]> {
    let mut at = message.headers().last()?.offset_end as usize;
    loop {
        match raw.get(at) {
            Some(b'\n') => return Some(&raw[at + 1..]),
            Some(b) if b.is_ascii_whitespace() => at += 1,
            Some(_) => return None,
            None => return Some(&[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::letter::parse;

    #[test]
    fn what_stands_among_the_headers_is_not_lost() {
        let raw =
            b"From: a@b.example\nCould you call me today?\nX-Mailer: x\nleft over\nSubject: y\n\nThanks\n";
        assert_eq!(parse(raw).unwrap().text.trim(), "Could you call me today?\nThanks");
    }
}
