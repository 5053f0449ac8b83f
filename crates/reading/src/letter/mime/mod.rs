//! From bytes to headers, text and files: drives the MIME reader, and keeps it from work that nobody needs.

mod calendar;
mod guard;
mod headers;
mod opened;
mod plain;
mod unclosed;

use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use rustc_hash::FxHashSet;

pub(super) use headers::{Clues, Headers};
pub use opened::{File, Opened, open};

use super::Unreadable;
use super::cut;
use super::html;
use super::mend;
use super::model::{Attachment, Calendar, Note, Quoted};

/// More text than this is no letter; the rest is not read.
const MOST_TEXT: usize = 4 << 20;
/// Enclosed messages that are looked into; a digest may hold thousands.
const MOST_ENCLOSED: usize = 30;
/// Borders that are looked for in the text of a message.
const MOST_LOOKED_FOR: usize = 20;
/// Offsets inside the MIME reader are 32 bits.
const MOST_BYTES: usize = 1 << 31;

/// A message, taken apart.
pub(super) struct Parts {
    pub(super) headers: Headers,
    pub(super) text: String,
    pub(super) attachments: Vec<Attachment>,
    pub(super) calendar: Option<Calendar>,
    pub(super) enclosed: Vec<Quoted>,
    pub(super) notes: Vec<Note>,
    pub(super) clues: Clues,
}

impl Parts {
    pub(super) fn read(raw: &[u8]) -> Result<Parts, Unreadable> {
        let start = guard::start(raw);
        let body = &raw[start..];
        if body.is_empty() {
            return Err(Unreadable::Empty);
        }
        if MOST_BYTES < body.len() {
            return Err(Unreadable::TooLarge { bytes: body.len() as u64 });
        }
        let guarded = guard::tame(body);
        let bytes: &[u8] = &guarded.bytes;
        // The reader is not ours; a fault in it must not end an import of a hundred thousand messages.
        catch_unwind(AssertUnwindSafe(|| {
            if let Some(parts) = plain::read(bytes) {
                return Some(parts);
            }
            let Some(message) = MessageParser::new().parse(bytes) else { return plain::headless(bytes) };
            match mended(&message, bytes).as_ref().and_then(|mended| MessageParser::new().parse(mended)) {
                Some(message) => Some(Parts::of(&message, &guarded)),
                None => Some(Parts::of(&message, &guarded)),
            }
        }))
        .map_err(|_| Unreadable::Broken { bytes: raw.len() })?
        .ok_or(Unreadable::NoHeaders { at: start })
    }

    fn of(message: &Message<'_>, guarded: &guard::Tamed<'_>) -> Parts {
        let (headers, mut clues) = Headers::read(message.headers(), &message.raw_message);
        let mut notes = Vec::new();
        if guarded.too_deep {
            notes.push(Note::TooDeep);
        }
        let mut body = Body::default();
        body.read(message);
        let mut parts = Parts {
            headers,
            text: body.text,
            attachments: Vec::new(),
            calendar: None,
            enclosed: Vec::new(),
            notes,
            clues: Clues::default(),
        };
        let mut bodies: FxHashSet<u32> =
            message.text_body.iter().chain(&message.html_body).copied().collect();
        bodies.extend(unclosed::find(message).map(|unclosed| unclosed.part));
        for (id, part) in message.parts.iter().enumerate() {
            parts.take(part, bodies.contains(&(id as u32)), guarded, &mut clues);
        }
        parts.notes.extend(body.notes);
        parts.notes.sort_unstable();
        parts.notes.dedup();
        parts.clues = clues;
        parts
    }

    /// A message passed on, and those passed on in it. No message is nested deeper than the guard lets it be.
    fn enclose(&mut self, message: &Message<'_>) {
        if MOST_ENCLOSED <= self.enclosed.len() {
            return;
        }
        self.enclosed.push(enclosed(message));
        for part in &message.parts {
            if let PartType::Message(inner) = &part.body {
                self.enclose(inner);
            }
        }
    }

    fn take(&mut self, part: &MessagePart<'_>, is_body: bool, guarded: &guard::Tamed<'_>, clues: &mut Clues) {
        let media_type = media_type(part);
        if part.is_encoding_problem && !matches!(part.body, PartType::Multipart(_)) {
            self.notes.push(Note::BrokenEncoding);
        }
        match &part.body {
            PartType::Multipart(_) => {
                if media_type == "multipart/encrypted" {
                    self.notes.push(Note::Encrypted);
                }
                return;
            }
            PartType::Text(text) if media_type == "text/calendar" => {
                self.calendar = Some(calendar::read(text, part))
            }
            PartType::Text(text) if is_report(&media_type) => clues.add_report(&media_type, text),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) if is_report(&media_type) => {
                clues.add_report(&media_type, &String::from_utf8_lossy(bytes));
            }
            PartType::Message(message) => {
                clues.add_enclosed(message);
                self.enclose(message);
            }
            _ => {}
        }
        if is_body && !matches!(part.body, PartType::Binary(_) | PartType::InlineBinary(_)) {
            return;
        }
        if media_type == "application/ms-tnef"
            || part.attachment_name().is_some_and(|n| n.eq_ignore_ascii_case("winmail.dat"))
        {
            self.notes.push(Note::Tnef);
        }
        if matches!(media_type.as_str(), "application/pkcs7-mime" | "application/x-pkcs7-mime") {
            self.notes.push(Note::Encrypted);
        }
        let elided = guarded.elided_between(part.offset_body, part.offset_end);
        self.attachments.push(Attachment {
            name: part.attachment_name().map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()),
            size: part.body_len() as u64 + elided,
            inline: part.content_disposition().is_some_and(|d| d.is_inline()) || part.content_id().is_some(),
            media_type,
        });
    }
}

/// The border that the headers name, where the body does not hold it: the whole message was read as one text.
fn wrong_border<'m>(message: &'m Message<'_>) -> Option<&'m str> {
    let root = message.parts.first()?;
    let kind = root.content_type()?;
    let is_text = matches!(root.body, PartType::Text(_));
    let is_multipart = kind.ctype().eq_ignore_ascii_case("multipart");
    if message.parts.len() == 1 && is_text && is_multipart { kind.attribute("boundary") } else { None }
}

/// The bytes of a message with another border, where the reader was led astray by the one it has.
fn mended(message: &Message<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
    wrong_border(message).and_then(|border| guard::right_border(bytes, border)).or_else(|| {
        borders(message).take(MOST_LOOKED_FOR).find_map(|border| guard::unlike_text(bytes, border))
    })
}

/// The borders of a message and of the multiparts in it.
fn borders<'m>(message: &'m Message<'_>) -> impl Iterator<Item = &'m str> {
    message.parts.iter().filter_map(|part| match part.body {
        PartType::Multipart(_) => part.content_type()?.attribute("boundary"),
        _ => None,
    })
}

trait BodyLen {
    fn body_len(&self) -> usize;
}

impl BodyLen for MessagePart<'_> {
    fn body_len(&self) -> usize {
        match &self.body {
            PartType::Text(text) | PartType::Html(text) => text.len(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.len(),
            PartType::Message(_) => self.offset_end.saturating_sub(self.offset_body) as usize,
            PartType::Multipart(_) => 0,
        }
    }
}

fn is_report(media_type: &str) -> bool {
    matches!(
        media_type,
        "message/delivery-status"
            | "message/global-delivery-status"
            | "message/feedback-report"
            | "message/disposition-notification"
            | "text/rfc822-headers"
            | "message/rfc822-headers"
    )
}

/// Lower case; what the standard takes where nothing is said.
fn media_type(part: &MessagePart<'_>) -> String {
    let Some(said) = part.content_type() else {
        return match part.body {
            PartType::Message(_) => "message/rfc822".to_owned(),
            _ => "text/plain".to_owned(),
        };
    };
    let mut name = String::with_capacity(24);
    name.push_str(said.ctype());
    name.push('/');
    name.push_str(said.subtype().unwrap_or_default());
    name.make_ascii_lowercase();
    name
}

/// The text of a message's body.
#[derive(Default)]
struct Body {
    text: String,
    notes: Vec<Note>,
}

impl Body {
    fn read(&mut self, message: &Message<'_>) {
        for id in &message.text_body {
            self.push(message.parts.get(*id as usize));
        }
        if self.text.trim().is_empty() && message.html_body.is_empty() && message.parts.len() == 1 {
            self.push(message.parts.first());
        }
        // "This message needs an HTML viewer": the HTML says more.
        if self.text.trim().is_empty() || (self.text.len() < 200 && says_only_html(&self.text)) {
            let mut other = Body::default();
            for id in &message.html_body {
                other.push(message.parts.get(*id as usize));
            }
            if self.text.trim().len() < other.text.trim().len() {
                *self = other;
            }
        }
        match unclosed::find(message) {
            Some(end) if !end.is_html => self.push_text(&end.text),
            Some(end) if self.text.trim().is_empty() || !end.is_alternative => self.push_html(&end.text),
            _ => {}
        }
    }

    fn push(&mut self, part: Option<&MessagePart<'_>>) {
        match part.map(|p| &p.body) {
            Some(PartType::Text(text)) => self.push_text(text),
            Some(PartType::Html(text)) => self.push_html(text),
            _ => {}
        }
    }

    fn push_text(&mut self, text: &str) {
        if MOST_TEXT <= self.text.len() {
            self.notes.push(Note::TextCut);
            return;
        }
        self.separate();
        let text = self.cut(text);
        if text.contains('\u{fffd}') {
            self.notes.push(Note::BrokenCharset);
        }
        let mended;
        let text = if mend::looks_quoted_printable(text) {
            self.notes.push(Note::QuotedPrintableMended);
            mended = mend::guess_charset(mend::quoted_printable(text.as_bytes())).0;
            &mended
        } else {
            text
        };
        if mend::push_lines(&mut self.text, text) {
            self.notes.push(Note::Nul);
        }
    }

    fn push_html(&mut self, text: &str) {
        self.separate();
        let text = self.cut(text);
        if text.contains('\u{fffd}') {
            self.notes.push(Note::BrokenCharset);
        }
        html::push_text(&mut self.text, text);
    }

    fn separate(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn cut<'t>(&mut self, text: &'t str) -> &'t str {
        let room = MOST_TEXT.saturating_sub(self.text.len());
        if text.len() <= room {
            return text;
        }
        self.notes.push(Note::TextCut);
        &text[..text.floor_char_boundary(room)]
    }
}

fn says_only_html(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("html")
        && ["view", "display", "support", "format", "read", "anzeig", "affich"]
            .iter()
            .any(|w| lower.contains(w))
}

/// A message passed on as an attachment.
fn enclosed(message: &Message<'_>) -> Quoted {
    let (headers, _) = Headers::read(message.headers(), &message.raw_message);
    let mut body = Body::default();
    body.read(message);
    let cut = cut::cut(&body.text);
    Quoted {
        from: headers.from.clone(),
        sent_words: headers.date_words.clone(),
        subject: Some(headers.subject.clone()).filter(|s| !s.is_empty()),
        header: String::new(),
        fingerprint: cut.fingerprint,
        text: cut.new_text,
        depth: 1,
        forwarded: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Would take minutes if each part were looked for among all others.
    #[test]
    fn a_message_of_very_many_parts_is_read() {
        let part = "--b\n\nA part.\n";
        let raw = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", part.repeat(200_000));
        let parts = Parts::read(raw.as_bytes()).unwrap();
        assert_eq!(parts.text.matches("A part.").count(), 200_000);
        assert!(parts.attachments.is_empty());
    }

    #[test]
    fn a_border_inside_a_line_parts_nothing() {
        let raw = "Content-Type: multipart/mixed; boundary=\"limit\"\n\n--limit\nContent-Type: text/plain\n\n\
                   I wrote --limit\nand went on.\n\n--limit--\nafter\n";
        let parts = Parts::read(raw.as_bytes()).unwrap();
        assert_eq!(parts.text.trim(), "I wrote --limit\nand went on.");
        assert!(parts.attachments.is_empty());
        assert!(open(raw.as_bytes()).unwrap().files.is_empty());
    }

    #[test]
    fn a_border_named_on_a_line_of_its_own_is_found() {
        for end in ["\n", "\r\n"] {
            let raw = format!(
                "From: a@b.example{end}Content-Type: multipart/mixed;{end}boundary=limit{end}{end}--limit{end}{end}One.{end}\
                 --limit{end}Content-Type: application/pdf{end}{end}x{end}--limit--{end}"
            );
            let parts = Parts::read(raw.as_bytes()).unwrap();
            assert_eq!((parts.text.trim(), parts.attachments.len()), ("One.", 1));
        }
    }

    #[test]
    fn a_message_passed_on_in_a_message_passed_on_is_read() {
        let raw = b"From: a@b.example\nContent-Type: message/rfc822\n\nFrom: b@c.example\nContent-Type: message/rfc822\n\n\
                    From: c@d.example\n\nCould you call?\n";
        let texts: Vec<String> = Parts::read(raw).unwrap().enclosed.into_iter().map(|e| e.text).collect();
        assert_eq!(texts.concat().trim(), "Could you call?");
    }
}
