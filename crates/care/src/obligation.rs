//! What is owed, and how it ended.

use std::cmp::Ordering;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::entry::Of;
use crate::ids::{AddressId, ClientId, FirmId, NaturalKey, StaffId, first_u64};

/// What kind of thing is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Kind {
    /// A contact's message needs a reply.
    Answer,
    /// A call was missed.
    Callback,
    /// We said that we would.
    Promise,
    /// By when the client hears from us next about a matter.
    NextWord,
    /// The client has been quiet for too long.
    CheckIn,
    /// A personal word of thanks.
    Thanks,
    /// A complaint, until the client is content.
    Complaint,
    /// A colleague asked about a client.
    Question,
    /// A step of a process run.
    Step,
    /// The client says that the result fits what was agreed.
    Acceptance,
    /// A contract or engagement nears its end.
    Renewal,
    /// Somebody who stands in.
    Cover,
    /// A second pair of people who know each other.
    SecondTie,
    /// The record lacks what its tier demands.
    RecordGap,
    /// A skill or a matter to be checked by another person.
    Verify,
    /// Why a client left.
    DepartureReason,
}

impl Kind {
    /// All kinds, in the order of the design.
    pub const ALL: [Kind; 16] = [
        Kind::Answer,
        Kind::Callback,
        Kind::Promise,
        Kind::NextWord,
        Kind::CheckIn,
        Kind::Thanks,
        Kind::Complaint,
        Kind::Question,
        Kind::Step,
        Kind::Acceptance,
        Kind::Renewal,
        Kind::Cover,
        Kind::SecondTie,
        Kind::RecordGap,
        Kind::Verify,
        Kind::DepartureReason,
    ];

    /// The word for this kind in tables, pages and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Answer => "answer",
            Kind::Callback => "callback",
            Kind::Promise => "promise",
            Kind::NextWord => "next_word",
            Kind::CheckIn => "check_in",
            Kind::Thanks => "thanks",
            Kind::Complaint => "complaint",
            Kind::Question => "question",
            Kind::Step => "step",
            Kind::Acceptance => "acceptance",
            Kind::Renewal => "renewal",
            Kind::Cover => "cover",
            Kind::SecondTie => "second_tie",
            Kind::RecordGap => "record_gap",
            Kind::Verify => "verify",
            Kind::DepartureReason => "departure_reason",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// A word was given to the client, and can be broken.
    pub fn is_word(self) -> bool {
        matches!(self, Kind::Promise | Kind::NextWord)
    }

    /// No client waits for it, so it may be planned to a date.
    pub fn is_upkeep(self) -> bool {
        matches!(
            self,
            Kind::CheckIn | Kind::Thanks | Kind::Cover | Kind::SecondTie | Kind::RecordGap | Kind::Verify
        )
    }
}

/// The identity of an obligation: the hash of (firm, kind, natural key of what opened it).
/// The same whenever and in whatever order the record is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObligationId(pub u64);

impl ObligationId {
    /// The id of what `key` opened. `part` tells apart several of one kind that one entry opened: for a promise
    /// the start of its passage, for what is owed to a client as such the client's own natural key, else 0.
    pub fn of(firm: FirmId, kind: Kind, key: NaturalKey, part: u64) -> ObligationId {
        let mut bytes = [0; 25];
        bytes[..8].copy_from_slice(&firm.0.to_le_bytes());
        bytes[8] = kind as u8;
        bytes[9..17].copy_from_slice(&key.0.to_le_bytes());
        bytes[17..].copy_from_slice(&part.to_le_bytes());
        ObligationId(first_u64(blake3::hash(&bytes)))
    }
}

impl fmt::Display for ObligationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Something owed: who owes what to whom by when, why, and how it ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Obligation {
    /// Its identity.
    pub id: ObligationId,
    /// What is owed.
    pub kind: Kind,
    /// To whom.
    pub client: ClientId,
    /// The address or number of the person there, where it is one person who waits.
    pub contact: Option<AddressId>,
    /// Who owes it. Stays the same while they are away: see [`crate::book::FirmBook::covering`] for who stands in.
    pub owner: Option<StaffId>,
    /// Since when.
    pub opened_at: Timestamp,
    /// The last moment at which it is kept in time.
    pub due_at: Timestamp,
    /// How it ended, if it has.
    pub ended: Option<Ended>,
    /// How often the client had to ask again.
    pub chases: u32,
    /// How sure we are of it and of its ending, 0 to 1.
    pub confidence: f32,
    /// Follows a late answer: had half the time, and comes before all others.
    pub first: bool,
    /// The entries that show it, in time order.
    pub evidence: Vec<Evidence>,
    /// For a promise: the obligation that it continues, which was moved (the oldest, where it continues several).
    pub continues: Option<ObligationId>,
}

/// How an obligation ended.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    /// In which way; whether in time follows from the dates.
    pub how: Ending,
    /// When.
    pub at: Timestamp,
    /// It follows from reading or from a call of unknown content, and awaits a person's word; it counts meanwhile.
    pub proposed: bool,
    /// Who ended it: who wrote, rang or decided, where that is known.
    pub by: Option<StaffId>,
    /// For a moved one: the promise that continues it.
    pub continued_by: Option<ObligationId>,
}

/// In which way an obligation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It was done.
    Kept,
    /// The client was told a new date; a promise continues it.
    Moved,
    /// A person said that it is not needed.
    Released,
}

/// An entry that shows an obligation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What part it plays.
    pub role: Role,
    /// The entry.
    pub of: Of,
    /// The passage of it, from and to (exclusive) in Unicode scalar values.
    pub passage: Option<(u32, u32)>,
}

/// What part an entry plays in an obligation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It opened it.
    Opened,
    /// A later message or call of the client in the same wait.
    Joined,
    /// It told the client a new date.
    Moved,
    /// It ended it.
    Ended,
}

impl Role {
    /// The word for this role in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Role::Opened => "opened",
            Role::Joined => "joined",
            Role::Moved => "moved",
            Role::Ended => "ended",
        }
    }
}

/// How an obligation stands at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not done yet.
    Open,
    /// Done in time.
    Kept,
    /// Done after it fell due.
    KeptLate,
    /// The client was told a new date before it fell due.
    Moved,
    /// The client was told a new date only after it fell due.
    MovedLate,
    /// A given word is past its date and not kept. It can still be.
    Broken,
    /// A person said that it is not needed.
    Released,
}

impl State {
    /// The word for this state in tables, pages and JSON.
    pub fn name(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Kept => "kept",
            State::KeptLate => "kept_late",
            State::Moved => "moved",
            State::MovedLate => "moved_late",
            State::Broken => "broken",
            State::Released => "released",
        }
    }

    /// Somebody still has to do it: open or broken.
    pub fn is_owed(self) -> bool {
        matches!(self, State::Open | State::Broken)
    }
}

/// How an obligation stands at `now`, and whether it is still owed although its date has passed.
/// None where it has not opened yet. What ended after `now` is still open at `now`.
pub fn state(obligation: &Obligation, now: Timestamp) -> Option<(State, bool)> {
    if now < obligation.opened_at {
        return None;
    }
    let Some(ended) = obligation.ended.filter(|ended| ended.at <= now) else {
        let overdue = obligation.due_at < now;
        let state = if overdue && obligation.kind.is_word() { State::Broken } else { State::Open };
        return Some((state, overdue));
    };
    let late = obligation.due_at < ended.at;
    let state = match ended.how {
        Ending::Kept if late => State::KeptLate,
        Ending::Kept => State::Kept,
        Ending::Moved if late => State::MovedLate,
        Ending::Moved => State::Moved,
        Ending::Released => State::Released,
    };
    Some((state, false))
}

/// The order in which owed things are shown: what follows a late answer first, then by date.
pub fn by_urgency(a: &Obligation, b: &Obligation) -> Ordering {
    b.first.cmp(&a.first).then(a.due_at.cmp(&b.due_at)).then(a.id.cmp(&b.id))
}
