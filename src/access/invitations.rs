//! One-time links with which somebody sets the password of their account.

use jiff::{SignedDuration, Timestamp};
use sqlx::{query, query_as};

use super::secret::Secret;
use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::ids::{FirmId, StaffId};

/// A link that nobody used is worth nothing after this time.
pub const LASTS: SignedDuration = SignedDuration::from_hours(24 * 7);

const MAKE: &str =
    "INSERT INTO invitation (firm_id, invitation_hash, staff_id, email, made_by_id, made_at, until_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const FIND: &str =
    "SELECT staff_id, email FROM invitation WHERE firm_id = $1 AND invitation_hash = $2 AND $3 < until_at";
const FORGET: &str = "DELETE FROM invitation WHERE firm_id = $1 AND staff_id = $2";

/// Makes a link for somebody; earlier ones of theirs are worth nothing from now on.
pub async fn make(
    tx: &mut Tx,
    firm: FirmId,
    staff: StaffId,
    email: &str,
    by: StaffId,
    now: Timestamp,
) -> Result<Secret> {
    forget(tx, firm, staff).await?;
    let secret = Secret::new()?;
    let (hash, until) = (secret.hash(), now.saturating_add(LASTS).unwrap_or(Timestamp::MAX));
    run!(
        tx,
        query(MAKE)
            .bind(firm.0)
            .bind(hash.as_slice())
            .bind(staff.0)
            .bind(email)
            .bind(by.0)
            .bind(Ts::from(now))
            .bind(Ts::from(until))
    )?;
    Ok(secret)
}

/// Who is invited by a link, and the mail address they will sign in with.
pub async fn find(
    tx: &mut Tx,
    firm: FirmId,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<(StaffId, String)>> {
    let hash = secret.hash();
    let found: Option<(i64, String)> = sql!(tx, c => query_as(FIND).bind(firm.0).bind(hash.as_slice())
        .bind(Ts::from(now)).fetch_optional(c).await)?;
    Ok(found.map(|(staff, email)| (StaffId(staff), email)))
}

/// The links of somebody are worth nothing from now on.
pub async fn forget(tx: &mut Tx, firm: FirmId, staff: StaffId) -> Result<()> {
    run!(tx, query(FORGET).bind(firm.0).bind(staff.0)).map(drop)
}
