//! A message opened for a person: its HTML as it was sent, and its files with what is in them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use rustc_hash::FxHashSet;

use super::{MOST_BYTES, guard, media_type, mended};
use crate::letter::Unreadable;

/// What a person opens beside the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opened {
    /// The HTML of its body, as it was sent: never to be shown as it is. None where it is text alone.
    pub html: Option<String>,
    /// Its files, in the order in which they lie.
    pub files: Vec<File>,
}

/// A file that a message carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, as the sender wrote it; none where it has none.
    pub name: Option<String>,
    /// Its media type, lower case, as the sender says.
    pub media_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Opens a raw message. Never panics; what is nested too deeply to be taken apart is refused.
pub fn open(raw: &[u8]) -> Result<Opened, Unreadable> {
    let start = guard::start(raw);
    let body = &raw[start..];
    if body.is_empty() {
        return Err(Unreadable::Empty);
    }
    if MOST_BYTES < body.len() {
        return Err(Unreadable::TooLarge { bytes: body.len() as u64 });
    }
    let broken = || Unreadable::Broken { bytes: raw.len() };
    if guard::tame(body).too_deep {
        return Err(broken());
    }
    // The reader is not ours; a fault in it must not end the program.
    let body = &*guard::joined(body);
    let opened = catch_unwind(AssertUnwindSafe(|| {
        let message = MessageParser::new().parse(body)?;
        let mended = mended(&message, body);
        let again = mended.as_ref().and_then(|mended| MessageParser::new().parse(mended));
        Some(of(again.as_ref().unwrap_or(&message)))
    }));
    opened.map_err(|_| broken())?.ok_or(Unreadable::NoHeaders { at: start })
}

fn of(message: &Message<'_>) -> Opened {
    let bodies: FxHashSet<u32> = message.text_body.iter().chain(&message.html_body).copied().collect();
    let mut opened = Opened::default();
    for id in &message.html_body {
        if let Some(PartType::Html(html)) = message.parts.get(*id as usize).map(|part| &part.body) {
            opened.html.get_or_insert_default().push_str(html);
        }
    }
    for (id, part) in message.parts.iter().enumerate() {
        let bytes = match &part.body {
            PartType::Text(text) | PartType::Html(text) if !bodies.contains(&(id as u32)) => text.as_bytes(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes,
            PartType::Message(enclosed) => raw_of(enclosed),
            _ => continue,
        };
        opened.files.push(File {
            name: part.attachment_name().map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()),
            media_type: media_type(part),
            bytes: bytes.to_vec(),
        });
    }
    opened
}

/// The bytes of a message in a message: the reader gives with it those of the whole, where it was not encoded.
fn raw_of<'m>(enclosed: &'m Message<'_>) -> &'m [u8] {
    let whole = &*enclosed.raw_message;
    let own = enclosed
        .parts
        .first()
        .and_then(|root| whole.get(root.raw_header_offset() as usize..root.raw_end_offset() as usize));
    own.unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_and_files_are_opened_and_nothing_hostile_breaks_it() {
        let raw =
            b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
            --x\r\nContent-Type: text/html\r\n\r\n<p>Dear all</p>\r\n\
            --x\r\nContent-Type: application/pdf; name=\"lease.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\
            Content-Disposition: attachment; filename=\"lease.pdf\"\r\n\r\nAAEC\r\n--x--\r\n";
        let opened = open(raw).unwrap();
        assert_eq!(opened.html.as_deref().map(str::trim), Some("<p>Dear all</p>"));
        let file = &opened.files[0];
        assert_eq!((file.name.as_deref(), file.bytes.as_slice()), (Some("lease.pdf"), &[0, 1, 2][..]));
        assert_eq!(file.media_type, "application/pdf");
        for length in 0..raw.len() {
            let _ = open(&raw[..length]);
        }
        let mut deep = String::new();
        for n in 0..5000 {
            deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"));
        }
        let _ = open(deep.as_bytes());
    }
}
