//! Builds messages and hands them in for sending.
//!
//! [`Draft`] is what somebody wrote; [`Draft::build`] makes the bytes of it, with an id that is made before the first
//! attempt, so that a second attempt sends the same message. [`hand_in()`] gives it to the server of the mailbox, and
//! sorts what goes wrong by what can be done about it.

mod build;
mod hand_in;

pub use build::{
    Attachment, Built, Draft, Person, Unbuildable, hold_id, is_hold, is_notice, message_id, notice_id,
};
pub(crate) use hand_in::without_bcc;
pub use hand_in::{Refusal, hand_in, try_login};
