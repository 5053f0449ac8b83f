//! Mail that no person wrote for its reader, or that came through a list.

use super::Letter;
use super::mime::Clues;

/// How a machine had its hand in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Automatic {
    /// Out of office, "we have received your message".
    AutoReply,
    /// Came through a list. A person's own words where `personal`.
    List {
        /// A person wrote it to the list.
        personal: bool,
    },
    /// A report that mail did not arrive.
    Bounce,
    /// From an address that nobody reads: notices, receipts of orders, tickets.
    NoReply,
    /// An invitation, or an answer to one.
    Calendar,
    /// Advertising or news to many.
    Newsletter,
    /// "Your message was read" or "was delivered".
    Receipt,
    /// A report or alert of a system.
    System,
}

impl Automatic {
    /// Whether a person's words are in it all the same.
    pub fn is_personal(self) -> bool {
        matches!(self, Automatic::List { personal: true })
    }
}

pub(super) fn find(_letter: &Letter, _clues: &Clues) -> Option<Automatic> {
    None
}
