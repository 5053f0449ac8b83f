//! What a passage of a message does.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a passage does. The first six are found in what others write to us, the last three in what we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum ActKind {
    /// Asks us to do, send, decide or answer something.
    Request,
    /// Asks where something already asked for or promised has got to.
    Chase,
    /// Says that our service, work, price or conduct fell short.
    Complaint,
    /// Thanks or praises us for something; never a closing formula.
    Thanks,
    /// Says that they leave, stop, move to another, or ask for their file.
    Departure,
    /// Says why they chose us, why not, what they like or miss.
    Comment,
    /// Binds us to a future act towards them.
    Promise,
    /// Says when they will hear, without the answer.
    Hold,
    /// Explains a delay or lapse by our own load, absence or forgetfulness, or by others.
    Excuse,
}

/// Whether a message came to the firm or left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From outside to the firm.
    In,
    /// From the firm to somebody outside.
    Out,
    /// Between people of the firm.
    Internal,
}

impl ActKind {
    /// All acts, in the order of their definition.
    pub const ALL: [ActKind; 9] = [
        ActKind::Request,
        ActKind::Chase,
        ActKind::Complaint,
        ActKind::Thanks,
        ActKind::Departure,
        ActKind::Comment,
        ActKind::Promise,
        ActKind::Hold,
        ActKind::Excuse,
    ];

    /// The direction in which this act has a meaning.
    pub fn direction(self) -> Direction {
        match self {
            ActKind::Promise | ActKind::Hold | ActKind::Excuse => Direction::Out,
            _ => Direction::In,
        }
    }

    /// The word for this act in tables, pages and JSON.
    pub fn name(self) -> &'static str {
        match self {
            ActKind::Request => "request",
            ActKind::Chase => "chase",
            ActKind::Complaint => "complaint",
            ActKind::Thanks => "thanks",
            ActKind::Departure => "departure",
            ActKind::Comment => "comment",
            ActKind::Promise => "promise",
            ActKind::Hold => "hold",
            ActKind::Excuse => "excuse",
        }
    }
}

/// An act as the fold needs it: where in the message's new text it stands, how sure the reader is, and by when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// What the passage does.
    pub kind: ActKind,
    /// Where the passage begins in the message's new text, in Unicode scalar values.
    pub start: u32,
    /// Where it ends (exclusive), in Unicode scalar values.
    pub end: u32,
    /// How sure the reader is, 0 to 1.
    pub confidence: f32,
    /// For a promise or a hold: the last moment at which it is kept in time, where a date was said.
    pub due: Option<Timestamp>,
    /// For a promise: hashes of the words that name the thing promised ("draft", "lease"); empty where it names none.
    pub things: Box<[u32]>,
    /// For a promise: it is only to be in touch ("I'll get back to you"), so any answer keeps it.
    pub in_touch: bool,
}
