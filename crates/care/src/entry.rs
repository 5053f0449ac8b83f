//! What happened: the facts of a record, as the fold needs them.
//!
//! An entry holds no text. Passages are given by place, and the program looks the words up where it shows them.

use jiff::{SignedDuration, Timestamp};

use crate::acts::Act;
use crate::ids::{AddressId, EntryId, NaturalKey};

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
    /// Sent by a machine: auto-reply, bounce, list, no-reply, calendar. Opens and ends nothing.
    pub automatic: bool,
    /// How likely it needs a reply, 0 to 1. Complaint, chase and departure always do.
    pub needs_reply: f32,
    /// After greeting, apology and closing, it is nothing but promise or hold.
    pub only_holds: bool,
    /// What it carries or states, for telling whether a promise was delivered.
    pub delivers: Delivery,
    /// What its passages do, in the order of the text.
    pub acts: Box<[Act]>,
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
