//! The bytes of a message.

use std::fmt::Write;

use jiff::Zoned;
use jiff::fmt::rfc2822;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{self, Attachment as AttachedFile, Body, Mailbox, Message, MultiPart, SinglePart};
use lettre::{Address, message::MessageBuilder};

/// Somebody with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name, where there is one.
    pub name: Option<String>,
    /// The address.
    pub address: String,
}

/// A file that goes with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type: `application/pdf`.
    pub media: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A message that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who writes.
    pub from: Person,
    /// To whom.
    pub to: Vec<Person>,
    /// Who gets a copy.
    pub cc: Vec<Person>,
    /// Who gets a copy that nobody else knows of.
    pub bcc: Vec<Person>,
    /// About what.
    pub subject: String,
    /// The letter.
    pub text: String,
    /// The same with formatting.
    pub html: Option<String>,
    /// Put under both.
    pub signature: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// The id of the message that is answered, with angle brackets.
    pub in_reply_to: Option<String>,
    /// The ids of those before it, the oldest first.
    pub references: Vec<String>,
    /// The id of this message, with angle brackets.
    pub message_id: String,
    /// When it was written, in the writer's zone: words like "tomorrow" are read by it.
    pub date: Zoned,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy)]
enum Writer {
    Person,
    Machine,
    Replier,
}

/// A message, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Who sends it.
    pub from: String,
    /// Everybody who gets it.
    pub recipients: Vec<String>,
}

/// Why no message could be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unbuildable {
    /// Not an address.
    #[error("{0:?} is not an address")]
    Address(String),
    /// Nobody to send it to.
    #[error("it is addressed to nobody")]
    Nobody,
    /// Not an id.
    #[error("{0:?} is not the id of a message")]
    Id(String),
    /// Not a media type.
    #[error("{0:?} is not a media type")]
    Media(String),
    /// The parts do not make a message.
    #[error("{0}")]
    Other(String),
}

/// An id for a message: random digits at the sender's domain. `random` must come from a good source.
pub fn message_id(random: u128, from: &str) -> String {
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let plain = domain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
    let domain = if plain && !domain.is_empty() { domain } else { "localhost" };
    format!("<{random:032x}@{domain}>")
}

/// An id for what a program tells the people who use it: [`is_notice`] knows it again.
pub fn notice_id(random: u128, from: &str) -> String {
    message_id(random, from).replacen('<', &format!("<{NOTICE}"), 1)
}

/// Whether a message with this id, with or without angle brackets, is what a program told the people who use it.
pub fn is_notice(message_id: &str) -> bool {
    message_id.trim_start_matches('<').starts_with(NOTICE)
}

/// An id for what a program says by itself to somebody outside: [`is_hold`] knows it again, at whichever end of a talk.
pub fn hold_id(random: u128, from: &str) -> String {
    message_id(random, from).replacen('<', &format!("<{HOLD}"), 1)
}

/// Whether a message with this id, with or without angle brackets, is one that a program sent by itself.
pub fn is_hold(message_id: &str) -> bool {
    message_id.trim_start_matches('<').starts_with(HOLD)
}

/// Begins the ids of what a program says by itself.
const HOLD: &str = "regard-hold.";
/// Begins the ids of what a program tells the people who use it.
const NOTICE: &str = "regard-notice.";

impl Draft {
    /// The same as [`Draft::build`] for what a machine wrote: programs that answer by themselves leave it alone.
    pub fn build_automatic(&self) -> Result<Built, Unbuildable> {
        self.made(Writer::Machine)
    }

    /// The same for what a machine answers (RFC 3834): programs that answer by themselves leave it alone, also those that
    /// are older than that.
    pub fn build_automatic_reply(&self) -> Result<Built, Unbuildable> {
        self.made(Writer::Replier)
    }

    /// Makes the bytes, with a Bcc header where somebody gets a copy that nobody else knows of: so it stands in one's own
    /// folder of sent mail. [`hand_in`](super::hand_in()) gives it to nobody. The same draft always gives the same message,
    /// but for the marks between its parts.
    pub fn build(&self) -> Result<Built, Unbuildable> {
        self.made(Writer::Person)
    }

    fn made(&self, writer: Writer) -> Result<Built, Unbuildable> {
        if self.to.is_empty() && self.cc.is_empty() && self.bcc.is_empty() {
            return Err(Unbuildable::Nobody);
        }
        let builder = self.headers()?;
        let mut message = self.body(builder)?;
        // The builder knows only UTC.
        let date = rfc2822::to_string(&self.date).map_err(|e| Unbuildable::Other(e.to_string()))?;
        message.headers_mut().insert_raw(raw("Date", date));
        let marks: &[(&'static str, &str)] = match writer {
            Writer::Person => &[],
            Writer::Machine => &[("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")],
            Writer::Replier => &[
                ("Auto-Submitted", "auto-replied"),
                ("Precedence", "bulk"),
                ("X-Auto-Response-Suppress", "All"),
            ],
        };
        for (name, value) in marks {
            message.headers_mut().insert_raw(raw(name, (*value).to_owned()));
        }
        let everybody = self.to.iter().chain(&self.cc).chain(&self.bcc);
        let mut recipients: Vec<String> = everybody.map(|person| person.address.clone()).collect();
        recipients.sort_unstable();
        recipients.dedup();
        Ok(Built { bytes: message.formatted(), from: self.from.address.clone(), recipients })
    }

    fn headers(&self) -> Result<MessageBuilder, Unbuildable> {
        let mut builder = Message::builder()
            .keep_bcc()
            .date(self.date.timestamp().into())
            .from(mailbox(&self.from)?)
            .message_id(Some(id(&self.message_id)?))
            .subject(one_line(&self.subject));
        for person in &self.to {
            builder = builder.to(mailbox(person)?);
        }
        for person in &self.cc {
            builder = builder.cc(mailbox(person)?);
        }
        for person in &self.bcc {
            builder = builder.bcc(mailbox(person)?);
        }
        if let Some(parent) = &self.in_reply_to {
            builder = builder.in_reply_to(id(parent)?);
        }
        if !self.references.is_empty() {
            let all: Result<Vec<String>, _> = self.references.iter().map(|parent| id(parent)).collect();
            builder = builder.references(all?.join(" "));
        }
        // The envelope is made from this list, not from the headers.
        let everybody = self.to.iter().chain(&self.cc).chain(&self.bcc);
        let everybody: Result<Vec<Address>, _> = everybody.map(address).collect();
        let envelope = lettre::address::Envelope::new(Some(address(&self.from)?), everybody?)
            .map_err(|e| Unbuildable::Other(e.to_string()))?;
        Ok(builder.envelope(envelope))
    }

    fn body(&self, builder: MessageBuilder) -> Result<Message, Unbuildable> {
        let text = match &self.signature {
            Some(signature) => format!("{}\n\n-- \n{}\n", self.text.trim_end(), signature.trim_end()),
            None => format!("{}\n", self.text.trim_end()),
        };
        let text = SinglePart::plain(with_crlf(&text));
        let html = self.html.as_ref().map(|html| {
            let mut html = html.clone();
            if let Some(signature) = &self.signature {
                let _ = write!(html, "<p>-- <br>{}</p>", escaped(signature.trim_end()).replace('\n', "<br>"));
            }
            SinglePart::html(html)
        });
        let letter = html.map(|html| MultiPart::alternative().singlepart(text.clone()).singlepart(html));
        if self.attachments.is_empty() {
            return match letter {
                Some(both) => builder.multipart(both),
                None => builder.singlepart(text),
            }
            .map_err(|e| Unbuildable::Other(e.to_string()));
        }
        let mut whole = match letter {
            Some(both) => MultiPart::mixed().multipart(both),
            None => MultiPart::mixed().singlepart(text),
        };
        for file in &self.attachments {
            let media =
                ContentType::parse(&file.media).map_err(|_| Unbuildable::Media(file.media.clone()))?;
            // A file is never text to be mended on its way, whatever its bytes look like.
            let bytes = Body::new_with_encoding(file.bytes.clone(), ContentTransferEncoding::Base64)
                .map_err(|_| Unbuildable::Other(format!("{} cannot be attached", file.name)))?;
            whole = whole.singlepart(AttachedFile::new(one_line(&file.name)).body(bytes, media));
        }
        builder.multipart(whole).map_err(|e| Unbuildable::Other(e.to_string()))
    }
}

fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

fn address(person: &Person) -> Result<Address, Unbuildable> {
    person.address.parse().map_err(|_| Unbuildable::Address(person.address.clone()))
}

fn mailbox(person: &Person) -> Result<Mailbox, Unbuildable> {
    Ok(message::Mailbox::new(person.name.as_deref().map(one_line), address(person)?))
}

/// An id as a header holds it. What would begin another header is no id.
fn id(text: &str) -> Result<String, Unbuildable> {
    let inside = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    let good = |inside: &&str| {
        !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>')
    };
    match inside.filter(good) {
        Some(_) => Ok(text.to_owned()),
        None => Err(Unbuildable::Id(text.to_owned())),
    }
}

/// A header is one line.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
