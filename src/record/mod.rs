//! The record: everything that happened, append-only, and what is owed because of it.
//!
//! [`store`] is the only writer of entries; [`addresses`] numbers who wrote; [`raw`] keeps what arrived as it arrived;
//! [`sources`] says how far each file was imported, and [`accounts`] each mailbox that is read as one; [`threads`] ties messages together; [`book`] gathers what the
//! fold must know, [`read`] reads a record for it, [`project`] folds, [`owed`] keeps the obligations that it gave,
//! [`outlook`] what is known of the contact with each client, and [`whose`] says who alone sees letters of those whom
//! nobody has placed.

pub mod accounts;
pub mod addresses;
pub mod audit;
pub mod book;
pub mod changes;
pub mod counts;
pub mod done;
mod entry_rows;
pub mod erase;
pub mod excluded;
pub mod facts;
pub mod lately;
pub mod others;
pub mod outlook;
pub mod owed;
pub mod project;
pub mod raw;
pub mod read;
pub mod sources;
mod stand;
pub mod store;
pub mod texts;
pub mod threads;
pub mod timeline;
pub mod verify;
pub mod warm;
pub mod whose;

use care::acts::Direction;
use care::entry::Message;
use jiff::Timestamp;
use sqlx::query;

use crate::db::{Ts, Tx, run};
use crate::error::Result;
use crate::ids::{EntryId, FirmId, FolderId, NaturalKey, SourceId};
pub(crate) use crate::text::storable;

/// A message as it comes into the record.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// What the fold needs. Its `entry` is given when it is added; times are kept to the microsecond.
    pub facts: Message,
    /// What threading needs.
    pub tie: reading::thread::Facts,
    /// The hash of its content: equal for copies that were given other Message-IDs.
    pub content: NaturalKey,
    /// Its Message-ID with angle brackets, as in the header; empty where it has none.
    pub message_id: String,
    /// Its subject, decoded.
    pub subject: String,
    /// Who wrote to whom, for lists and searching: the writer and then each receiver on a line of their own, as
    /// `Name <address>` or an address alone.
    pub people: String,
    /// The text that its writer wrote, without quotes and signature: what the passages of acts count in.
    pub body: String,
    /// Which way it went.
    pub direction: Direction,
    /// What kind of machine sent it; none for a person.
    pub automatic: Option<String>,
    /// How many files it carries.
    pub attachments: u32,
    /// What arrived.
    pub raw: raw::Packed,
    /// The version of the reader that found its acts.
    pub reader_version: u32,
    /// Where it lay.
    pub found: Found,
}

/// Where a message was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The folder, and by it the mailbox whose owner may see it.
    pub folder: FolderId,
    /// The file it was imported from, where it was one.
    pub source: Option<SourceId>,
    /// Where in that file it begins.
    pub position: Option<u64>,
}

/// What became of a message that was to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// Its entry: a new one, or the one that was there.
    pub entry: EntryId,
    /// It was not in the record before.
    pub new: bool,
}

/// What stands as `automatic` with a message that a person wrote to a mailing list.
pub const THROUGH_LIST: &str = "list_personal";

/// The word for a direction in tables.
pub(crate) fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "in",
        Direction::Out => "out",
        Direction::Internal => "internal",
    }
}

const BEGINS_AT: &str = "UPDATE firm SET record_from_at = $2
    WHERE firm_id = $1 AND (record_from_at IS NULL OR $2 < record_from_at)";

/// The record begins with its first entry: before it, silence means nothing.
async fn begins_at(tx: &mut Tx, firm: FirmId, at: Option<Timestamp>) -> Result<()> {
    let Some(at) = at else { return Ok(()) };
    run!(tx, query(BEGINS_AT).bind(firm.0).bind(Ts::from(at))).map(drop)
}
