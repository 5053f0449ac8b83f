//! What happened: the facts of a record, as the fold needs them.
//!
//! An entry holds no text. Passages are given by place, and the program looks the words up where it shows them.

mod decision;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::acts::Act;
use crate::ids::{AddressId, ClientId, EntryId, NaturalKey, StaffId};
use crate::people::{Directory, Who};

pub use decision::{Decision, Means, Subject, Verdict};

/// One fact of the record.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// An e-mail.
    Message(Message),
    /// A telephone call, answered or missed.
    Call(Call),
    /// What somebody of the firm wrote down after a call or a meeting.
    Note(Note),
    /// What somebody of the firm decided.
    Decision(Decision),
}

impl Entry {
    /// When it happened: sent, rang, was talked about, was decided.
    pub fn at(&self) -> Timestamp {
        match self {
            Entry::Message(message) => message.at,
            Entry::Call(call) => call.at,
            Entry::Note(note) => note.at,
            Entry::Decision(decision) => decision.at,
        }
    }

    /// What makes it the same one wherever and whenever it is imported.
    pub fn key(&self) -> NaturalKey {
        self.of().key()
    }

    /// Its row in the record.
    pub fn id(&self) -> EntryId {
        match self {
            Entry::Message(message) => message.entry,
            Entry::Call(call) => call.entry,
            Entry::Note(note) => note.entry,
            Entry::Decision(decision) => decision.entry,
        }
    }

    /// How others point at it.
    pub fn of(&self) -> Of {
        match self {
            Entry::Message(message) => Of::Message(message.key),
            Entry::Call(call) => Of::Call(call.key),
            Entry::Note(note) => Of::Note(note.key),
            Entry::Decision(decision) => Of::Decision(decision.key),
        }
    }

    /// The order of a record: by time, then by natural key, so that the order of arrival does not matter.
    pub fn order(&self) -> (Timestamp, Of) {
        (self.at(), self.of())
    }
}

/// Points at an entry by its natural key, and so also at one that has not arrived yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// A message.
    Message(NaturalKey),
    /// A call.
    Call(NaturalKey),
    /// A note.
    Note(NaturalKey),
    /// A decision.
    Decision(NaturalKey),
}

impl Of {
    /// The natural key of what it points at.
    pub fn key(self) -> NaturalKey {
        match self {
            Of::Message(key) | Of::Call(key) | Of::Note(key) | Of::Decision(key) => key,
        }
    }
}

/// One message, as the fold needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its entry in the record.
    pub entry: EntryId,
    /// The same wherever and whenever it is imported.
    pub key: NaturalKey,
    /// When it was sent, as its header says, mended where the header cannot be right.
    pub at: Timestamp,
    /// Its thread.
    pub thread: u64,
    /// The hash of its subject without Re: and Fw:; 0 where it has none.
    pub subject: u64,
    /// Who wrote it.
    pub from: AddressId,
    /// To, in order.
    pub to: Box<[AddressId]>,
    /// Cc and Bcc.
    pub cc: Box<[AddressId]>,
    /// In whose mailbox it was found (the first of them).
    pub mailbox: Option<AddressId>,
    /// The message that it answers or quotes, where that can be told.
    pub answers: Option<NaturalKey>,
    /// Clients that an internal message is about by its words, though none of them is written to.
    pub mentions: Box<[ClientId]>,
    /// Sent by a machine: auto-reply, bounce, list, no-reply, calendar. Opens and ends nothing.
    pub automatic: bool,
    /// How likely it needs a reply, 0 to 1. Complaint, chase and departure always do.
    pub needs_reply: f32,
    /// It is in another language than the reader reads: whether it needs a reply is told by its form alone.
    pub by_form: bool,
    /// After greeting, apology and closing, it is nothing but promise or hold.
    pub only_holds: bool,
    /// What it carries or states, for telling whether a promise was delivered.
    pub delivers: Delivery,
    /// What its passages do, in the order of the text.
    pub acts: Box<[Act]>,
}

impl Message {
    /// Everyone it was sent to: To, then Cc.
    pub fn recipients(&self) -> impl Iterator<Item = AddressId> + '_ {
        self.to.iter().chain(self.cc.iter()).copied()
    }

    /// How likely it needs a reply of ours, 0 to 1. To the form belongs to whom it is addressed: what could not be read and
    /// has us only in Cc is for somebody else.
    pub fn asks_us(&self, directory: &Directory) -> f32 {
        let ours = |address: &AddressId| matches!(directory.who(*address), Who::Staff(_));
        let only_copied = !self.to.iter().any(ours) && self.cc.iter().any(ours);
        if self.by_form && only_copied { 0.0 } else { self.needs_reply }
    }
}

/// What a message of ours brings to the client.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Delivery {
    /// It carries a file, or says that it does ("attached", "enclosed", "here is").
    pub carries: bool,
    /// It states something of substance: more than promise, hold, thanks, or a question of our own.
    pub states: bool,
    /// Hashes of its content words and attachment names, for comparing with [`Act::things`]; sorted.
    pub things: Box<[u32]>,
}

/// One telephone call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Its entry in the record.
    pub entry: EntryId,
    /// The same wherever and whenever it is imported.
    pub key: NaturalKey,
    /// When it rang.
    pub at: Timestamp,
    /// Who rang.
    pub from: AddressId,
    /// Who was rung.
    pub to: AddressId,
    /// How long they spoke; none where nobody answered (or only voicemail did).
    pub talked: Option<SignedDuration>,
}

/// What somebody of the firm wrote down: after a call, after a meeting, or for the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Its entry in the record.
    pub entry: EntryId,
    /// The same wherever and whenever it is imported.
    pub key: NaturalKey,
    /// When the call or meeting was, or the note was written.
    pub at: Timestamp,
    /// Who wrote it; what it promises is theirs to keep.
    pub by: StaffId,
    /// What it is a note of.
    pub kind: NoteKind,
    /// The client it is about.
    pub client: ClientId,
    /// Who of the client took part.
    pub with: Box<[AddressId]>,
    /// What its passages do, in the order of the text; a promise in it was given to those who took part.
    pub acts: Box<[Act]>,
    /// What it asks colleagues, in the order of the text.
    pub asks: Box<[Ask]>,
}

/// A colleague is asked something in a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Who is asked.
    pub staff: StaffId,
    /// Where the question begins, in Unicode scalar values. The questions of one note do not overlap.
    pub start: u32,
    /// Where it ends (exclusive).
    pub end: u32,
}

/// What a note was written of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// A telephone call with the client.
    Call,
    /// A meeting with the client.
    Meeting,
    /// A thought for the record; nobody of the client took part.
    Text,
}
