//! What happened: the facts of a record, as the fold needs them.
//!
//! An entry holds no text. Passages are given by place, and the program looks the words up where it shows them.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::acts::{Act, ActKind};
use crate::ids::{AddressId, ClientId, EntryId, NaturalKey, StaffId};
use crate::obligation::Kind;
use crate::people::Who;

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

/// What somebody of the firm decided. The words that go with it (a reason) stay with its row in the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Its entry in the record.
    pub entry: EntryId,
    /// The same wherever and whenever it is imported.
    pub key: NaturalKey,
    /// When it was decided.
    pub at: Timestamp,
    /// Who decided.
    pub by: StaffId,
    /// What was decided.
    pub what: Verdict,
}

/// What a decision judges: an entry or one passage of it, never an obligation, so that mail which arrives
/// late and changes the obligations orphans no decision. Without a passage, it means all that the entry opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The message, call, note, or (for a promise told as a new date) decision.
    pub of: Of,
    /// The passage, from and to (exclusive) in Unicode scalar values.
    pub passage: Option<(u32, u32)>,
}

impl From<Of> for Subject {
    fn from(of: Of) -> Subject {
        Subject { of, passage: None }
    }
}

/// How a thing was done outside the mail that Regard sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// By telephone.
    Phone,
    /// In person.
    Meeting,
    /// By a message that Regard does not see: another mailbox, a chat, a letter.
    Message,
    /// In another way; the words of the decision say how.
    Other,
}

/// What was decided. Every one can be taken back.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The message needs no answer. What waits in its thread up to and including it is released.
    NoAnswerNeeded {
        /// The message, the last of the wait that was looked at.
        message: NaturalKey,
    },
    /// The message needs an answer, although the reader did not think so.
    AnswerNeeded {
        /// The message.
        message: NaturalKey,
    },
    /// The passage is not that act ("this is not a promise"). What it opened is released.
    NotThatAct {
        /// The message or note.
        of: Of,
        /// The passage, from and to (exclusive).
        passage: (u32, u32),
        /// The act that it is not.
        kind: ActKind,
    },
    /// The passage is this act, although the reader did not see it.
    ThatAct {
        /// The message or note.
        of: Of,
        /// The act.
        act: Act,
    },
    /// What the subject opened was done, in a way that the record does not show.
    Done {
        /// What opened it.
        subject: Subject,
        /// When it was done, which may be before it was told.
        at: Timestamp,
        /// How.
        means: Means,
    },
    /// The client was told, in a way that the record does not show, when they will hear.
    NewDate {
        /// What opened the obligation that moves.
        subject: Subject,
        /// When the client was told.
        at: Timestamp,
        /// What they were told.
        due: Timestamp,
    },
    /// What the subject opened is not needed.
    Released {
        /// What opened it.
        subject: Subject,
    },
    /// What the subject opened is now this person's to do.
    Owner {
        /// What opened it.
        subject: Subject,
        /// The new owner.
        staff: StaffId,
    },
    /// The proposed ending by this message or call is right.
    Confirmed {
        /// What opened the obligation.
        opened: Of,
        /// What ended it.
        ended: Of,
    },
    /// This message or call did not end that: the proposed ending is wrong.
    NotTheEnd {
        /// What opened the obligation.
        opened: Of,
        /// What did not end it.
        ended: Of,
    },
    /// Upkeep of a client (check-in, cover, second tie) was done in a way that the record does not show.
    Kept {
        /// The client.
        client: ClientId,
        /// Which upkeep.
        kind: Kind,
        /// When.
        at: Timestamp,
    },
    /// Upkeep of a client that is open is not needed this time.
    Spared {
        /// The client.
        client: ClientId,
        /// Which upkeep.
        kind: Kind,
    },
    /// Upkeep of a client that is open is planned to a date.
    Planned {
        /// The client.
        client: ClientId,
        /// Which upkeep.
        kind: Kind,
        /// The new date.
        due: Timestamp,
    },
    /// The client's one face is from now on this person.
    PointPerson {
        /// The client.
        client: ClientId,
        /// The new point person.
        staff: StaffId,
    },
    /// Who stands in at this client while somebody is away.
    Cover {
        /// The client.
        client: ClientId,
        /// Who is away.
        away: StaffId,
        /// Who stands in.
        cover: StaffId,
    },
    /// This address or number belongs to that one. Holds for all entries, also earlier ones.
    Placed {
        /// The address or number.
        address: AddressId,
        /// Whom it belongs to.
        who: Who,
    },
    /// Two clients are one: all that is filed under the first belongs to the second.
    Merged {
        /// The client that is no more.
        from: ClientId,
        /// The client that stays.
        into: ClientId,
    },
    /// Part of a client is a client of its own: these addresses move there.
    Split {
        /// The client that they leave.
        from: ClientId,
        /// The client that they go to.
        into: ClientId,
        /// Addresses and numbers that move.
        addresses: Box<[AddressId]>,
    },
    /// An earlier decision no longer counts. Taking back a taking-back restores it.
    TakenBack {
        /// The decision.
        decision: NaturalKey,
    },
}

impl Verdict {
    /// The entry that it judges; none where it is about a client, an address or a person as such.
    pub fn judges(&self) -> Option<Of> {
        match self {
            Verdict::NoAnswerNeeded { message } | Verdict::AnswerNeeded { message } => {
                Some(Of::Message(*message))
            }
            Verdict::NotThatAct { of, .. } | Verdict::ThatAct { of, .. } => Some(*of),
            Verdict::Done { subject, .. }
            | Verdict::NewDate { subject, .. }
            | Verdict::Released { subject }
            | Verdict::Owner { subject, .. } => Some(subject.of),
            Verdict::Confirmed { opened, .. } | Verdict::NotTheEnd { opened, .. } => Some(*opened),
            Verdict::TakenBack { decision } => Some(Of::Decision(*decision)),
            _ => None,
        }
    }

    /// The client whose upkeep or people it is about.
    pub fn client(&self) -> Option<ClientId> {
        match self {
            Verdict::Kept { client, .. }
            | Verdict::Spared { client, .. }
            | Verdict::Planned { client, .. }
            | Verdict::PointPerson { client, .. }
            | Verdict::Cover { client, .. } => Some(*client),
            _ => None,
        }
    }

    /// It changes who is who for the whole firm.
    pub fn places(&self) -> bool {
        matches!(self, Verdict::Placed { .. } | Verdict::Merged { .. } | Verdict::Split { .. })
    }
}
