//! Mail on its way out: what was written, when it leaves, and what became of it.
//!
//! ```text
//!     waiting ──► sending ──► sent ──► returned    in the record at once, a copy in the folder of sent mail; it
//!        │           │                             ends nothing where a mail server sends it back
//!        │           ├──────► placed      in the drafts of one's own mailbox, to be sent from there
//!        │           ├──────► waiting     not now: tried again, less and less often, for two days
//!        │           ├──────► unsure      it may have left: a person says which
//!        │           └──────► failed      refused, with the reason
//!        ├──► held                        it was for later and the client wrote first, or a wall came between: a person
//!        │                               looks at it again
//!        └──► cancelled                   taken back in time
//! ```
//!
//! A message has its Message-ID before the first attempt, so that every attempt sends the same one.

pub mod compose;
pub mod html;
mod returned;
pub mod send;
pub mod store;
pub mod walls;

use care::obligation::ObligationId;
use jiff::{SignedDuration, Timestamp};
use wire::smtp::{Built, Draft};

use crate::ids::{ClientId, DraftId, MailboxId, NaturalKey, OutgoingId, StaffId};

/// How long a message can be taken back before it leaves.
pub const UNDO: SignedDuration = SignedDuration::from_secs(15);
/// Why a letter for later is held back where the client wrote first.
pub const WROTE_FIRST: &str = "they wrote again before it left";
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
    /// It lies among the drafts of the mailbox, to be sent from its owner's own program.
    Placed,
    /// It left, and a mail server on its way sent it back.
    Returned,
    /// It may have left.
    Unsure,
    /// It was refused.
    Failed,
    /// It was for later and the client wrote first, or a wall came between its writer and whom it goes to.
    Held,
    /// It was taken back.
    Cancelled,
}

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// To whom it is addressed.
    #[default]
    Out,
    /// Into the drafts of the mailbox.
    Drafts,
}

impl Way {
    /// The word in tables and forms.
    pub fn name(self) -> &'static str {
        match self {
            Way::Out => "smtp",
            Way::Drafts => "drafts",
        }
    }

    /// The way of that name; what is not known goes out.
    pub fn named(name: &str) -> Way {
        if name == Way::Drafts.name() { Way::Drafts } else { Way::Out }
    }
}

impl State {
    const ALL: [State; 9] = [
        State::Waiting,
        State::Sending,
        State::Sent,
        State::Placed,
        State::Returned,
        State::Unsure,
        State::Failed,
        State::Held,
        State::Cancelled,
    ];

    /// The word in tables and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Sending => "sending",
            State::Sent => "sent",
            State::Placed => "placed",
            State::Returned => "returned",
            State::Unsure => "unsure",
            State::Failed => "failed",
            State::Held => "held",
            State::Cancelled => "cancelled",
        }
    }

    /// The state of that name.
    pub fn named(name: &str) -> Option<State> {
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
    /// The draft that it was made from; taken back, it is one again.
    pub draft: Option<DraftId>,
    /// What it was written about.
    pub owed: Option<ObligationId>,
    /// To whom.
    pub client: Option<ClientId>,
    /// Where it goes.
    pub way: Way,
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

impl Outgoing {
    /// What the log says of it: to which client, and which message.
    pub fn for_the_log(&self) -> String {
        match self.client {
            Some(client) => format!("client {} {}", client.0, self.message_id),
            None => self.message_id.clone(),
        }
    }

    /// A message that waits to leave at once, by nobody and about nothing: whoever makes it says what else is known.
    pub fn new(id: OutgoingId, mailbox: MailboxId, draft: Draft, built: Built, now: Timestamp) -> Outgoing {
        Outgoing {
            id,
            mailbox,
            by: None,
            state: State::Waiting,
            message_id: draft.message_id,
            sender: built.from,
            recipients: built.recipients,
            subject: draft.subject,
            bytes: built.bytes,
            answers: None,
            draft: None,
            owed: None,
            client: None,
            way: Way::Out,
            only_if_quiet: false,
            made: now,
            next: now,
            tries: 0,
            trouble: None,
            sent: None,
            recorded: false,
            copied: false,
        }
    }
}

/// When a message that could not be sent now, after so many tries before, is tried again; none where it is given up.
fn next_try(tries: u32, now: Timestamp) -> Option<Timestamp> {
    let minutes = 1_i64 << tries.min(6);
    let next = now + SignedDuration::from_mins(minutes.min(60));
    (tries < MOST_TRIES).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_less_and_less_often_and_given_up() {
        let start: Timestamp = "2026-11-20T09:00:00Z".parse().expect("a moment");
        let (mut now, mut tries) = (start, 0);
        let mut waits = Vec::new();
        while let Some(next) = next_try(tries, now) {
            waits.push(next.duration_since(now).as_mins());
            (now, tries) = (next, tries + 1);
        }
        assert!(waits.is_sorted() && waits[0] == 1 && waits.last() == Some(&60), "{waits:?}");
        let hours = now.duration_since(start).as_hours();
        assert!((46..=48).contains(&hours), "{hours}");
    }
}
