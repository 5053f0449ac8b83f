//! What a client is called and its tier, as people change them: what it was before is kept, so that each change can be
//! taken back.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as};

use super::store;
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{ClientId, FirmId, StaffId};
use crate::record::{changes, project};

/// What people say of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// What it is called.
    pub name: String,
    /// Its tier.
    pub tier: Option<String>,
}

/// A change of a client's details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its id; taking it back names it.
    pub id: i64,
    /// Whose details.
    pub client: ClientId,
    /// What they were.
    pub old: Details,
    /// What they are since.
    pub new: Details,
    /// Who said so.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// It was taken back.
    pub is_undone: bool,
}

const ADD: &str =
    "INSERT INTO client_change (firm_id, change_id, client_id, old_name, old_tier, new_name, new_tier,
        changed_by_id, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const ONE: &str =
    "SELECT change_id, client_id, old_name, old_tier, new_name, new_tier, changed_by_id, changed_at, undone_at
    FROM client_change WHERE firm_id = $1 AND change_id = $2";
const LAST: &str =
    "SELECT change_id, client_id, old_name, old_tier, new_name, new_tier, changed_by_id, changed_at, undone_at
    FROM client_change WHERE firm_id = $1 AND client_id = $2 AND undone_at IS NULL
    ORDER BY change_id DESC LIMIT 1";
const UNDO: &str = "UPDATE client_change SET undone_at = $3 WHERE firm_id = $1 AND change_id = $2";

#[derive(FromRow)]
struct Row {
    change_id: i64,
    client_id: i64,
    old_name: String,
    old_tier: Option<String>,
    new_name: String,
    new_tier: Option<String>,
    changed_by_id: i64,
    changed_at: Ts,
    undone_at: Option<Ts>,
}

impl From<Row> for Change {
    fn from(row: Row) -> Change {
        Change {
            id: row.change_id,
            client: ClientId(row.client_id),
            old: Details { name: row.old_name, tier: row.old_tier },
            new: Details { name: row.new_name, tier: row.new_tier },
            by: StaffId(row.changed_by_id),
            at: row.changed_at.into(),
            is_undone: row.undone_at.is_some(),
        }
    }
}

/// Changes a client's details; none where they are these already. The caller holds the firm, and commits.
pub async fn change(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    new: Details,
    by: StaffId,
    now: Timestamp,
) -> Result<Option<Change>> {
    let old = now_are(tx, firm, client).await?;
    if old == new {
        return Ok(None);
    }
    let change = Change { id: tx.new_id(), client, old, new, by, at: now, is_undone: false };
    run!(
        tx,
        query(ADD)
            .bind(firm.0)
            .bind(change.id)
            .bind(client.0)
            .bind(&change.old.name)
            .bind(&change.old.tier)
            .bind(&change.new.name)
            .bind(&change.new.tier)
            .bind(by.0)
            .bind(Ts::from(now))
    )?;
    set(tx, firm, client, &change.old, &change.new).await?;
    Ok(Some(change))
}

/// Makes a client's details as they were before a change; false where they are others by now, or were taken back already,
/// and then nothing is changed. The caller holds the firm, and commits.
pub async fn undo(tx: &mut Tx, firm: FirmId, change: &Change, now: Timestamp) -> Result<bool> {
    if change.is_undone || now_are(tx, firm, change.client).await? != change.new {
        return Ok(false);
    }
    run!(tx, query(UNDO).bind(firm.0).bind(change.id).bind(Ts::from(now)))?;
    set(tx, firm, change.client, &change.new, &change.old).await?;
    Ok(true)
}

/// A change of that id.
pub async fn one(tx: &mut Tx, firm: FirmId, change: i64) -> Result<Change> {
    let row: Option<Row> = sql!(tx, c => query_as(ONE).bind(firm.0).bind(change).fetch_optional(c).await)?;
    row.map(Change::from).ok_or(Error::NotFound)
}

/// The last change of a client's details that stands and can be taken back.
pub async fn last(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Option<Change>> {
    let row: Option<Row> = sql!(tx, c => query_as(LAST).bind(firm.0).bind(client.0).fetch_optional(c).await)?;
    let Some(change) = row.map(Change::from) else { return Ok(None) };
    // A list that came again may have said something else since.
    let stands = now_are(tx, firm, client).await? == change.new;
    Ok(stands.then_some(change))
}

async fn now_are(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Details> {
    let found = store::one(tx, firm, client).await?;
    Ok(Details { name: found.name, tier: found.tier })
}

async fn set(tx: &mut Tx, firm: FirmId, client: ClientId, was: &Details, is: &Details) -> Result<()> {
    store::rename(tx, firm, client, &is.name, is.tier.as_deref()).await?;
    changes::note_everything(tx, firm).await?;
    if was.tier != is.tier {
        // Another tier was promised other times.
        project::renew_clients(tx, firm, &[client]).await?;
    }
    Ok(())
}
