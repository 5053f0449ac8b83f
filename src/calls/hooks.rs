//! Telephone systems that may tell of calls, as rows.

use jiff::{SignedDuration, Timestamp};
use sqlx::{FromRow, query, query_as, query_scalar};

use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, StaffId};
use crate::mailboxes::seals::Seals;

/// What was heard is remembered for longer than it would be taken.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(20);

const ADD: &str = "INSERT INTO call_hook (firm_id, hook_id, name, secret, made_by_id, made_at)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (firm_id, hook_id) DO NOTHING";
const ALL: &str = "SELECT hook_id, name, secret, made_at, heard_at FROM call_hook
    WHERE firm_id = $1 ORDER BY name, hook_id";
const REMOVE: &str = "DELETE FROM call_hook WHERE firm_id = $1 AND hook_id = $2 RETURNING name";
/// Their secrets.
pub const SEALS: Seals = Seals {
    all: "SELECT hook_id, secret FROM call_hook WHERE firm_id = $1",
    one: "SELECT secret FROM call_hook WHERE firm_id = $1 AND hook_id = $2",
    put: "UPDATE call_hook SET secret = $3 WHERE firm_id = $1 AND hook_id = $2 AND secret = $4",
};
const HEARD: &str = "UPDATE call_hook SET heard_at = $3 WHERE firm_id = $1 AND hook_id = $2";
const MARK: &str = "INSERT INTO call_heard (firm_id, hook_id, mark, heard_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (firm_id, hook_id, mark) DO NOTHING";
const FORGET: &str = "DELETE FROM call_heard WHERE firm_id = $1 AND hook_id = $2 AND heard_at < $3";

/// A telephone system that may tell of calls.
#[derive(Debug, Clone, FromRow)]
pub struct Hook {
    /// Its id.
    pub hook_id: i64,
    /// What the firm calls it.
    pub name: String,
    /// Its secret, sealed.
    pub secret: Vec<u8>,
    /// When it was made.
    pub made_at: Ts,
    /// When it was heard of last.
    pub heard_at: Option<Ts>,
}

/// Keeps one that was made. False where it is kept already.
pub async fn add(
    tx: &mut Tx,
    firm: FirmId,
    id: i64,
    name: &str,
    secret: &[u8],
    by: StaffId,
    now: Timestamp,
) -> Result<bool> {
    let made =
        run!(tx, query(ADD).bind(firm.0).bind(id).bind(name).bind(secret).bind(by.0).bind(Ts::from(now)))?;
    Ok(made == 1)
}

/// All of a firm, by name.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Hook>> {
    sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)
}

/// Takes one away: it tells nothing any more. Gives what it was called.
pub async fn remove(tx: &mut Tx, firm: FirmId, id: i64) -> Result<String> {
    let name: Option<String> =
        sql!(tx, c => query_scalar(REMOVE).bind(firm.0).bind(id).fetch_optional(c).await)?;
    name.ok_or(Error::NotFound)
}

/// Notes that something was heard; false where the same was heard before.
pub async fn hear(tx: &mut Tx, firm: FirmId, id: i64, mark: &[u8], now: Timestamp) -> Result<bool> {
    let is_new = run!(tx, query(MARK).bind(firm.0).bind(id).bind(mark).bind(Ts::from(now)))? == 1;
    run!(tx, query(FORGET).bind(firm.0).bind(id).bind(Ts::from(now - REMEMBERED)))?;
    run!(tx, query(HEARD).bind(firm.0).bind(id).bind(Ts::from(now)))?;
    Ok(is_new)
}
