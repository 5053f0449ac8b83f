//! What `scan` found, in the form that `--json` prints: a contract that others build on. `docs/scan.schema.json`
//! states it, and a test holds the two together.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

pub use crate::intake::tally::{Counts, Unreadable};

/// A moment in the zone of the reader; printed as RFC 3339 with that zone's offset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub Zoned);

impl Moment {
    /// An instant as seen in a zone.
    pub fn new(at: Timestamp, zone: &TimeZone) -> Moment {
        Moment(at.to_zoned(zone.clone()))
    }
}

impl Display for Moment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.strftime("%Y-%m-%dT%H:%M:%S%:z").fmt(f)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Everything one scan says. Times are RFC 3339 in the zone of the reader.
#[derive(Debug, Clone, Serialize)]
pub struct Findings {
    /// The moment at which all this is true.
    pub as_of: Moment,
    /// How much was read.
    pub counts: Counts,
    /// What is owed and what was, the most pressing first.
    pub obligations: Vec<Owed>,
    /// What passages do, in the order of sending.
    pub acts: Vec<FoundAct>,
    /// Every client, the one most likely to feel forgotten first.
    pub clients: Vec<ClientOutlook>,
    /// What could not be read, and why.
    pub unreadable: Vec<Unreadable>,
    /// Names of people by address, for pages; not part of the contract.
    #[serde(skip)]
    pub names: HashMap<String, String>,
    /// What the reader should know about how this was found ("no client list was given …"); not part of the contract.
    #[serde(skip)]
    pub notes: Vec<String>,
    /// Whether a client list was given; without one, correspondents stand in. Not part of the contract.
    #[serde(skip)]
    pub clients_are_known: bool,
}

/// One obligation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Owed {
    /// Its id, the same in every scan of the same mail.
    pub id: String,
    /// What kind of thing is owed: `answer`, `promise`, `callback` …
    pub kind: &'static str,
    /// `open`, `kept`, `kept_late`, `moved`, `moved_late`, `broken` or `released`.
    pub state: &'static str,
    /// Open and past its due moment.
    pub overdue: bool,
    /// Whether its ending, or the reading that opened it, waits for a person's word.
    pub proposed: bool,
    /// How sure the reader is, 0 to 1.
    pub confidence: f64,
    /// The client's id in the client list, else a stable slug.
    pub client: String,
    /// The address or number of the person who waits.
    pub contact: Option<String>,
    /// The e-mail address of the person of the firm who owes it.
    pub owner: Option<String>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Moment,
    /// When it falls due.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Moment,
    /// When it ended; null while it is open.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Moment>,
    /// How often the client came back for it.
    pub chases: u32,
    /// The messages and calls that opened, joined, moved or ended it, in order of time.
    pub evidence: Vec<EvidenceItem>,
    /// The subject of the message that opened it; for pages, not part of the contract.
    #[serde(skip)]
    pub subject: String,
}

impl Owed {
    /// The words that opened it, where a message did.
    pub fn words(&self) -> Option<&str> {
        self.evidence.iter().find_map(|item| match item {
            EvidenceItem::Message { role: "opened", passage, .. } => passage.as_deref(),
            _ => None,
        })
    }
}

/// One piece of evidence: a message with its passage, or a call.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum EvidenceItem {
    /// A message.
    Message {
        /// `opened`, `joined`, `moved` or `ended`.
        role: &'static str,
        /// Its Message-ID with angle brackets; empty where it has none.
        message_id: String,
        /// The words that count.
        #[serde(skip_serializing_if = "Option::is_none")]
        passage: Option<String>,
    },
    /// A call.
    Call {
        /// `opened`, `joined`, `moved` or `ended`.
        role: &'static str,
        /// The call.
        call: CallItem,
    },
}

/// A call as evidence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CallItem {
    /// When it rang.
    #[schema(value_type = String, format = DateTime)]
    pub at: Moment,
    /// Who rang.
    pub from: String,
    /// Who was rung.
    pub to: String,
}

/// What one passage does.
#[derive(Debug, Clone, Serialize)]
pub struct FoundAct {
    /// The message's Message-ID with angle brackets.
    pub message_id: String,
    /// The act.
    pub act: &'static str,
    /// The words.
    pub passage: String,
    /// Where they begin in the message's new text, in Unicode scalar values.
    pub start: u32,
    /// Where they end (exclusive).
    pub end: u32,
    /// How sure the reader is, 0 to 1.
    pub confidence: f64,
    /// For a promise or hold with a date: the last moment at which it is kept in time.
    pub due: Option<Moment>,
}

/// One client's outlook.
#[derive(Debug, Clone, Serialize)]
pub struct ClientOutlook {
    /// The client's id in the client list, else a stable slug.
    pub client: String,
    /// The client's name.
    pub name: String,
    /// `high`, `medium` or `low`.
    pub risk: &'static str,
    /// Why, the heaviest first.
    pub reasons: Vec<OutlookReason>,
    /// When the client last wrote or rang.
    pub last_in: Option<Moment>,
    /// When the firm last wrote to the client or reached them.
    pub last_out: Option<Moment>,
    /// How many pairs of people, one there and one here, really talk to each other.
    pub ties: u32,
}

/// One reason of an outlook.
#[derive(Debug, Clone, Serialize)]
pub struct OutlookReason {
    /// `unanswered`, `chased`, `broken_promise`, `quiet` …
    pub reason: &'static str,
    /// Since when it holds.
    pub since: Moment,
    /// How heavy it is, 0 to 1.
    pub weight: f64,
    /// The Message-IDs that prove it.
    pub evidence: Vec<String>,
}
