//! Mail on its way out: what was written, when it leaves, and what became of it.
//!
//! ```text
//!     waiting ──► sending ──► sent        in the record at once, a copy in the folder of sent mail
//!        │           ├──────► waiting     not now: tried again, less and less often, for two days
//!        │           ├──────► unsure      it may have left: a person says which
//!        │           └──────► failed      refused, with the reason
//!        └──► cancelled                   taken back in time, or the client wrote first
//! ```
//!
//! A message has its Message-ID before the first attempt, so that every attempt sends the same one.

pub mod compose;
pub mod send;
pub mod store;

use jiff::{SignedDuration, Timestamp};

use crate::ids::{MailboxId, NaturalKey, OutgoingId, StaffId};

/// How long a message can be taken back before it leaves.
pub const UNDO: SignedDuration = SignedDuration::from_secs(15);
/// After so many attempts, which take two days, it is given up.
const MOST_TRIES: u32 = 53;

/// Where a message stands on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It leaves at its time.
    Waiting,
    /// A process is handing it in.
    Sending,
    /// It left.
    Sent,
    /// It may have left.
    Unsure,
    /// It was refused.
    Failed,
    /// It was taken back.
    Cancelled,
}

impl State {
    const ALL: [State; 6] =
        [State::Waiting, State::Sending, State::Sent, State::Unsure, State::Failed, State::Cancelled];

    /// The word in tables and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Sending => "sending",
            State::Sent => "sent",
            State::Unsure => "unsure",
            State::Failed => "failed",
            State::Cancelled => "cancelled",
        }
    }

    fn named(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A message on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its id.
    pub id: OutgoingId,
    /// The mailbox it is sent from.
    pub mailbox: MailboxId,
    /// Who wrote it.
    pub by: Option<StaffId>,
    /// Where it stands.
    pub state: State,
    /// Its Message-ID, with angle brackets.
    pub message_id: String,
    /// Who sends it.
    pub sender: String,
    /// Everybody who gets it.
    pub recipients: Vec<String>,
    /// About what.
    pub subject: String,
    /// The message.
    pub bytes: Vec<u8>,
    /// The message that it answers.
    pub answers: Option<NaturalKey>,
    /// It is of no use once the client has written again.
    pub only_if_quiet: bool,
    /// When it was written.
    pub made: Timestamp,
    /// When it leaves, or is tried again.
    pub next: Timestamp,
    /// How often it was tried.
    pub tries: u32,
    /// What went wrong.
    pub trouble: Option<String>,
    /// When it left.
    pub sent: Option<Timestamp>,
    /// It is in the record.
    pub recorded: bool,
    /// A copy is in the folder of sent mail.
    pub copied: bool,
}

/// When a message that could not be sent now is tried again; none where it is given up.
fn next_try(outgoing: &Outgoing, now: Timestamp) -> Option<Timestamp> {
    let minutes = 1_i64 << outgoing.tries.min(6);
    let next = now + SignedDuration::from_mins(minutes.min(60));
    (outgoing.tries < MOST_TRIES).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_less_and_less_often_and_given_up() {
        let start: Timestamp = "2026-11-20T09:00:00Z".parse().expect("a moment");
        let mut outgoing = Outgoing {
            id: OutgoingId(1),
            mailbox: MailboxId(1),
            by: None,
            state: State::Waiting,
            message_id: String::new(),
            sender: String::new(),
            recipients: Vec::new(),
            subject: String::new(),
            bytes: Vec::new(),
            answers: None,
            only_if_quiet: false,
            made: start,
            next: start,
            tries: 0,
            trouble: None,
            sent: None,
            recorded: false,
            copied: false,
        };
        let mut now = start;
        let mut waits = Vec::new();
        while let Some(next) = next_try(&outgoing, now) {
            waits.push(next.duration_since(now).as_mins());
            (now, outgoing.tries) = (next, outgoing.tries + 1);
        }
        assert!(waits.is_sorted() && waits[0] == 1 && waits.last() == Some(&60), "{waits:?}");
        let hours = now.duration_since(start).as_hours();
        assert!((46..=48).contains(&hours), "{hours}");
    }
}
