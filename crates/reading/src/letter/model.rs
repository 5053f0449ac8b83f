//! What a message says, once read.

use care::ids::NaturalKey;

use super::address::Mailbox;
use super::automatic::Automatic;
use super::bounce::Bounce;
use super::fingerprint::Fingerprint;
use super::sent::{DateProblem, Sent};
use super::subject;

/// One message, read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Letter {
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// In-Reply-To, without angle brackets.
    pub in_reply_to: Vec<String>,
    /// References, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// When it was sent: the Date header, or where that cannot be right the newest Received header.
    pub sent: Option<Sent>,
    /// What is wrong with the Date header, if anything is.
    pub sent_problem: Option<DateProblem>,
    /// Who wrote it.
    pub from: Option<Mailbox>,
    /// Who sent it for the writer.
    pub sender: Option<Mailbox>,
    /// Where answers are wanted.
    pub reply_to: Vec<Mailbox>,
    /// To.
    pub to: Vec<Mailbox>,
    /// Cc.
    pub cc: Vec<Mailbox>,
    /// Bcc, where kept.
    pub bcc: Vec<Mailbox>,
    /// Delivered-To and its kin: in whose mailbox it was put. Lower case.
    pub delivered_to: Vec<String>,
    /// Subject, decoded, on one line.
    pub subject: String,
    /// The whole body as text, lines ending in `\n`.
    pub text: String,
    /// What this writer wrote anew: without quotes, forwarded parts, signature, disclaimer.
    pub new_text: String,
    /// Name, closing and disclaimer below the new words.
    pub signature: Option<String>,
    /// The blocks of `text` in order: new words and quoted ones.
    pub blocks: Vec<Block>,
    /// Other messages quoted or forwarded in this one, nearest first.
    pub quoted: Vec<Quoted>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// An invitation or an answer to one.
    pub calendar: Option<Calendar>,
    /// Odd parts, and what was mended.
    pub notes: Vec<Note>,
    /// Sent by a machine, or through one.
    pub automatic: Option<Automatic>,
    /// A message that did not arrive, or a report about one.
    pub bounce: Option<Bounce>,
    /// Of the new words, signature included.
    pub fingerprint: Fingerprint,
}

impl Letter {
    /// The subject without Re:, Fw: and list tags.
    pub fn base_subject(&self) -> &str {
        subject::base_subject(&self.subject)
    }

    /// Whether the subject says that this answers something.
    pub fn is_reply(&self) -> bool {
        subject::is_reply_subject(&self.subject)
    }

    /// Whether the subject says that this passes something on.
    pub fn is_forward(&self) -> bool {
        subject::is_forward_subject(&self.subject)
    }

    /// What makes this message the same one wherever it is found: the hash of its Message-ID, or of its content.
    pub fn key(&self) -> NaturalKey {
        match &self.message_id {
            Some(id) => NaturalKey::of(id.as_bytes()),
            None => self.content_key(),
        }
    }

    /// The hash of writer, moment, recipients, subject and first words: equal for copies that were given other Message-IDs,
    /// and another for each letter of a round that says the same to many.
    pub fn content_key(&self) -> NaturalKey {
        let mut bytes = Vec::with_capacity(160);
        if let Some(from) = &self.from {
            bytes.extend_from_slice(from.address.as_bytes());
        }
        bytes.push(0);
        if let Some(sent) = self.sent {
            bytes.extend_from_slice(&sent.at.as_second().to_le_bytes());
        }
        let mut to: Vec<&str> = self.to.iter().chain(&self.cc).map(|one| one.address.as_str()).collect();
        to.sort_unstable();
        to.dedup();
        for address in to {
            bytes.extend_from_slice(address.as_bytes());
            bytes.push(0);
        }
        bytes.extend_from_slice(self.subject.as_bytes());
        bytes.push(0);
        // Letters alone: copies differ in white space and line ends.
        bytes.extend(self.text.bytes().filter(u8::is_ascii_alphanumeric).take(2_000));
        NaturalKey::of(&bytes)
    }

    /// All who were written to: To, Cc and Bcc.
    pub fn recipients(&self) -> impl Iterator<Item = &Mailbox> {
        self.to.iter().chain(&self.cc).chain(&self.bcc)
    }
}

/// A stretch of [`Letter::text`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Whose words they are.
    pub kind: BlockKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Whose words a block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// This writer's, written for this message.
    New,
    /// Another message's, with the line that introduces it.
    Quoted,
}

/// Another message inside this one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Quoted {
    /// Who wrote it, as far as it is said.
    pub from: Option<Mailbox>,
    /// When, in the words found there.
    pub sent_words: Option<String>,
    /// Its subject, where the quote names one.
    pub subject: Option<String>,
    /// The lines that introduce it.
    pub header: String,
    /// Its new words.
    pub text: String,
    /// 1 for a message quoted by this one, 2 for one quoted by that, and so on.
    pub depth: u8,
    /// Passed on rather than answered.
    pub forwarded: bool,
    /// Of its new words: equals the [`Letter::fingerprint`] of the message quoted, where it is quoted from its start.
    pub fingerprint: Fingerprint,
}

/// A file sent along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Such as `application/pdf`; lower case.
    pub media_type: String,
    /// Bytes, decoded.
    pub size: u64,
    /// Shown in the text (a picture of the signature, say) rather than hung on it.
    pub inline: bool,
}

/// A text/calendar part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// METHOD in upper case: REQUEST, REPLY, CANCEL…; empty where none is said.
    pub method: String,
    /// PARTSTAT of a reply in upper case: ACCEPTED, DECLINED, TENTATIVE.
    pub answer: Option<String>,
    /// SUMMARY.
    pub summary: Option<String>,
}

/// Something odd about the message that a person may want to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Note {
    /// A winmail.dat (TNEF) part, whose content is not read.
    Tnef,
    /// An encrypted body (S/MIME or PGP).
    Encrypted,
    /// Bytes that fit no character set were replaced.
    BrokenCharset,
    /// A part's encoding was broken; it was read as far as it went.
    BrokenEncoding,
    /// Quoted-printable that nobody had decoded was decoded.
    QuotedPrintableMended,
    /// NUL bytes were dropped.
    Nul,
    /// Nested or divided so deeply that some parts were left unread.
    TooDeep,
    /// So long that the text was cut off.
    TextCut,
}
