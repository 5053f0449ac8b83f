//! One message: from its bytes to who wrote what to whom, and which words are new.
//!
//! Read in this order: [`parse`] is the story; [`Letter`] what comes of it; `mime` drives the MIME reader;
//! `address`, `subject`, `sent` read the headers; `html` and `mend` make text; `cut` tells new words from
//! quoted ones; `passed_on` finds the originals of what was forwarded; `signature` what only closes them; `automatic` and `bounce` tell machines from people.

mod address;
mod automatic;
mod bounce;
mod cut;
mod fingerprint;
mod html;
mod mend;
mod mime;
mod model;
mod passed_on;
mod sent;
mod signature;
mod subject;
mod words;

pub use address::{Mailbox, person_name};
pub use automatic::Automatic;
pub use bounce::{Bounce, BounceKind, Failure, Reason};
pub use fingerprint::Fingerprint;
pub use mime::{File, Opened, open};
pub use model::{Attachment, Block, BlockKind, Calendar, Letter, Note, Quoted};
pub use passed_on::{is_journal_report, originals};
pub use sent::{DateProblem, Sent};
pub use subject::{base_subject, is_forward_subject, is_reply_subject, subject_hash};

use mime::Parts;

/// Why a message could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// There are no bytes, or none but white space.
    #[error("the message is empty")]
    Empty,
    /// Larger than any mail can be.
    #[error("the message is too large: {bytes} bytes")]
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// Not one header line was found where the message begins.
    #[error("no headers at byte {at}")]
    NoHeaders {
        /// Where the headers were looked for.
        at: usize,
    },
    /// The MIME reader gave up.
    #[error("the MIME reader failed on this message ({bytes} bytes)")]
    Broken {
        /// Its size.
        bytes: usize,
    },
}

/// Reads one raw message. Never panics, whatever the bytes; time and memory grow with the message's size.
///
/// A single `From ` separator line of an mbox, if it stands first, is passed over.
pub fn parse(raw: &[u8]) -> Result<Letter, Unreadable> {
    let parts = Parts::read(raw)?;
    let headers = parts.headers;
    let mut letter = headers.into_letter();
    letter.text = parts.text;
    letter.attachments = parts.attachments;
    letter.notes = parts.notes;
    letter.calendar = parts.calendar;
    let cut = cut::cut(&letter.text);
    letter.fingerprint = cut.fingerprint;
    letter.quoted = cut.quoted;
    letter.quoted.extend(parts.enclosed);
    let sender = letter.from.as_ref();
    let closing = signature::find(&cut.new_text, &cut.stretches, sender);
    letter.signature = closing.signature;
    letter.new_text = closing.body;
    letter.blocks = cut.blocks;
    letter.bounce = bounce::find(&letter, &parts.clues);
    letter.automatic = automatic::find(&letter, &parts.clues);
    Ok(letter)
}
