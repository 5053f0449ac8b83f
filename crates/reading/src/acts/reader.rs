//! The reader: from the new text of a message to its acts.

use care::acts::Act;
use care::entry::Delivery;
use care::hours::WorkCalendar;
use jiff::Timestamp;

/// Reads what messages do. Holds the model; cheap to share, made once.
#[derive(Debug, Default)]
pub struct Reader {}

/// What one message does.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// Its acts, of both directions, in the order of the text. Offsets count Unicode scalar values.
    pub acts: Vec<Act>,
    /// How likely it needs a reply, 0 to 1.
    pub needs_reply: f32,
    /// After greeting, apology, thanks and closing, it is nothing but promise or hold.
    pub only_holds: bool,
    /// What it carries or states, as far as its words tell; the caller adds attachments.
    pub delivers: Delivery,
    /// Says that a contact leaves a job.
    pub leaving: Option<Leaving>,
    /// How much it reads like a newsletter or a notice of a system, 0 to 1.
    pub bulk: f32,
    /// Says sorry.
    pub apology: bool,
    /// A request in it asks for a date ("when can I have it?").
    pub asks_when: bool,
}

/// Somebody leaves a job.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leaving {
    /// First character of the passage, in Unicode scalar values.
    pub start: u32,
    /// Past its last character.
    pub end: u32,
    /// How sure the reader is, 0 to 1.
    pub confidence: f32,
}

impl Reader {
    /// The reader with the weights that come with the program.
    pub fn shipped() -> Reader {
        Reader {}
    }

    /// Reads the new text of one message.
    ///
    /// `said_at` and `calendar` resolve words of time; without `said_at` no act has a date.
    pub fn read(&self, _text: &str, _said_at: Option<Timestamp>, _calendar: &WorkCalendar) -> Reading {
        Reading::default()
    }
}
