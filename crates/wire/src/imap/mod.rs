//! Looks after the folders of a mailbox on an IMAP server.
//!
//! A [`Session`] signs in, lists [folders](crate::folders), says what is new in one of them against what the caller knows of it
//! ([`FolderState`]), fetches messages in bounded batches, waits for changes, and puts copies into folders. It stores
//! nothing: the caller does. Whatever the server says is bounded in time and size, and what breaks the rules of the
//! protocol ends in a plain error, never in a loop.

mod append;
mod fetch;
mod folders;
mod line;
mod login;
mod look;
mod name;
mod quota;
mod session;
mod state;
mod wait;

pub use append::Appended;
pub use fetch::{Batch, Fetched, Part};
pub use login::Mechanism;
pub use look::News;
pub use session::{Offers, Session};
pub use state::{FolderState, UidSet};
pub use wait::Woken;
