//! How much is in the record.

use care::people::ClientKind;
use sqlx::{query_as, query_scalar};

use crate::clients::kind_name;
use crate::db::{Tx, sql};
use crate::error::Result;
use crate::ids::FirmId;

const ENTRIES: &str = "SELECT kind, COUNT(*) FROM entry WHERE firm_id = $1 GROUP BY kind ORDER BY kind";
const CLIENTS: &str =
    "SELECT kind, COUNT(*) FROM client WHERE firm_id = $1 AND erased_at IS NULL GROUP BY kind";
const STAFF: &str = "SELECT COUNT(*) FROM staff WHERE firm_id = $1";
const UNREADABLE: &str = "SELECT COUNT(*) FROM unreadable WHERE firm_id = $1";
const SOURCES: &str = "SELECT COUNT(*) FROM source_file WHERE firm_id = $1 AND done = $2";
const OPEN: &str = "SELECT COUNT(*) FROM obligation WHERE firm_id = $1 AND ended_at IS NULL";

const MAIL: &str = "SELECT entry_id FROM entry WHERE firm_id = $1 LIMIT 1";

/// Whether a letter, call or note was ever read here.
pub async fn has_any(tx: &mut Tx, firm: FirmId) -> Result<bool> {
    let found: Option<i64> = sql!(tx, c => query_scalar(MAIL).bind(firm.0).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// How much is in the record of a firm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entries by kind: `message`, `call`, `note`, `decision`.
    pub entries: Vec<(String, i64)>,
    /// Clients, prospects, partners.
    pub clients: i64,
    /// Correspondents that nobody has placed.
    pub proposed: i64,
    /// People of the firm.
    pub staff: i64,
    /// Items that could not be read.
    pub unreadable: i64,
    /// Files that were read to their end.
    pub sources: i64,
    /// Files that were not.
    pub unfinished: i64,
    /// What has not ended.
    pub open: i64,
}

/// Counts what is in the record.
pub async fn counts(tx: &mut Tx, firm: FirmId) -> Result<Counts> {
    let clients: Vec<(String, i64)> = sql!(tx, c => query_as(CLIENTS).bind(firm.0).fetch_all(c).await)?;
    let is_proposed = |kind: &str| kind == kind_name(ClientKind::Correspondent);
    let sum = |proposed: bool| {
        clients.iter().filter(|(kind, _)| is_proposed(kind) == proposed).map(|(_, count)| count).sum()
    };
    Ok(Counts {
        entries: sql!(tx, c => query_as(ENTRIES).bind(firm.0).fetch_all(c).await)?,
        clients: sum(false),
        proposed: sum(true),
        staff: sql!(tx, c => query_scalar(STAFF).bind(firm.0).fetch_one(c).await)?,
        unreadable: sql!(tx, c => query_scalar(UNREADABLE).bind(firm.0).fetch_one(c).await)?,
        sources: sql!(tx, c => query_scalar(SOURCES).bind(firm.0).bind(true).fetch_one(c).await)?,
        unfinished: sql!(tx, c => query_scalar(SOURCES).bind(firm.0).bind(false).fetch_one(c).await)?,
        open: sql!(tx, c => query_scalar(OPEN).bind(firm.0).fetch_one(c).await)?,
    })
}
