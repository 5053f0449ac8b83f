//! Sessions: somebody signed in with one browser.

use jiff::{SignedDuration, Timestamp};
use sqlx::{FromRow, query, query_as};

use super::secret::Secret;
use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::ids::{FirmId, StaffId};

/// A session ends so long after it was last used.
pub const LASTS: SignedDuration = SignedDuration::from_hours(24 * 14);
/// When a session was used is written at most so often.
const NOTED: SignedDuration = SignedDuration::from_hours(1);

const OPEN: &str = "INSERT INTO session (firm_id, session_hash, staff_id, agent, made_at, seen_at, until_at)
    VALUES ($1, $2, $3, $4, $5, $5, $6)";
const FIND: &str = "SELECT s.staff_id, s.seen_at, f.revision FROM session s
    JOIN firm f ON f.firm_id = s.firm_id WHERE s.firm_id = $1 AND s.session_hash = $2 AND $3 < s.until_at";
const SEEN: &str = "UPDATE session SET seen_at = $3, until_at = $4 WHERE firm_id = $1 AND session_hash = $2";
const CLOSE: &str = "DELETE FROM session WHERE firm_id = $1 AND session_hash = $2";
const CLOSE_ALL: &str = "DELETE FROM session WHERE firm_id = $1 AND staff_id = $2";
const FORGET: &str = "DELETE FROM session WHERE firm_id = $1 AND until_at <= $2";
const ALL: &str = "SELECT agent, made_at, seen_at FROM session
    WHERE firm_id = $1 AND staff_id = $2 AND $3 < until_at ORDER BY seen_at DESC";

/// A session that was found.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// Who signed in.
    pub staff: StaffId,
    /// The firm's revision at this moment: saves asking again.
    pub revision: i64,
    /// It should be noted that it is in use.
    pub unnoted: bool,
}

/// Opens a session; ended ones of the firm are forgotten.
pub async fn open(tx: &mut Tx, firm: FirmId, staff: StaffId, agent: &str, now: Timestamp) -> Result<Secret> {
    run!(tx, query(FORGET).bind(firm.0).bind(Ts::from(now)))?;
    let secret = Secret::new()?;
    let agent: String = crate::text::storable(agent).chars().take(200).collect();
    let (hash, until) = (secret.hash(), until(now));
    run!(
        tx,
        query(OPEN)
            .bind(firm.0)
            .bind(hash.as_slice())
            .bind(staff.0)
            .bind(&agent)
            .bind(Ts::from(now))
            .bind(until)
    )?;
    Ok(secret)
}

fn until(now: Timestamp) -> Ts {
    now.saturating_add(LASTS).unwrap_or(Timestamp::MAX).into()
}

/// The session of a secret, where it has not ended.
pub async fn find(tx: &mut Tx, firm: FirmId, secret: &Secret, now: Timestamp) -> Result<Option<Session>> {
    let hash = secret.hash();
    let found: Option<(i64, Ts, i64)> = sql!(tx, c => query_as(FIND).bind(firm.0).bind(hash.as_slice())
        .bind(Ts::from(now)).fetch_optional(c).await)?;
    Ok(found.map(|(staff, seen, revision)| Session {
        staff: StaffId(staff),
        revision,
        unnoted: NOTED <= now.duration_since(seen.into()),
    }))
}

/// Notes that a session is in use, so that it lasts on.
pub async fn note(tx: &mut Tx, firm: FirmId, secret: &Secret, now: Timestamp) -> Result<()> {
    let hash = secret.hash();
    run!(tx, query(SEEN).bind(firm.0).bind(hash.as_slice()).bind(Ts::from(now)).bind(until(now))).map(drop)
}

/// Ends one session.
pub async fn close(tx: &mut Tx, firm: FirmId, secret: &Secret) -> Result<()> {
    let hash = secret.hash();
    run!(tx, query(CLOSE).bind(firm.0).bind(hash.as_slice())).map(drop)
}

/// Ends all sessions of somebody; gives how many there were.
pub async fn close_all(tx: &mut Tx, firm: FirmId, staff: StaffId) -> Result<u64> {
    run!(tx, query(CLOSE_ALL).bind(firm.0).bind(staff.0))
}

/// A session, for the list of one's own.
#[derive(Debug, Clone, FromRow)]
pub struct Listed {
    /// What the browser called itself.
    pub agent: String,
    /// When it signed in.
    pub made_at: Ts,
    /// When it was last seen, to the hour.
    pub seen_at: Ts,
}

/// The sessions of somebody, the last used first.
pub async fn all(tx: &mut Tx, firm: FirmId, staff: StaffId, now: Timestamp) -> Result<Vec<Listed>> {
    sql!(tx, c => query_as(ALL).bind(firm.0).bind(staff.0).bind(Ts::from(now)).fetch_all(c).await)
}
