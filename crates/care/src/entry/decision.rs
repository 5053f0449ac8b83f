//! What people of the firm decide: facts of the record like any other.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Of;
use crate::acts::{Act, ActKind};
use crate::ids::{AddressId, ClientId, EntryId, NaturalKey, StaffId};
use crate::obligation::Kind;
use crate::people::Who;

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
    /// Upkeep of a client (check-in, cover, second tie, record gap) was done in a way that the record does not show.
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
    /// An earlier decision no longer counts, or a note: a meeting that was cancelled. Taking back a taking-back restores it.
    TakenBack {
        /// The decision or note.
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
