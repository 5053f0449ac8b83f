//! What people did that leaves no other trace: erased, exported, restored.

use jiff::Timestamp;
use sqlx::{query, query_as};

use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::ids::{FirmId, StaffId};

const NOTE: &str =
    "INSERT INTO audit (firm_id, audit_id, at, staff_id, act, detail) VALUES ($1, $2, $3, $4, $5, $6)";
const LAST: &str =
    "SELECT act, detail FROM audit WHERE firm_id = $1 ORDER BY at DESC, audit_id DESC LIMIT $2";

/// What was done last, the newest first: act and detail.
pub async fn last(tx: &mut Tx, firm: FirmId, most: u32) -> Result<Vec<(String, String)>> {
    sql!(tx, c => query_as(LAST).bind(firm.0).bind(i64::from(most)).fetch_all(c).await)
}

/// Notes what somebody did; nobody is named who did not say who they are.
pub async fn note(
    tx: &mut Tx,
    firm: FirmId,
    by: StaffId,
    act: &str,
    detail: &str,
    now: Timestamp,
) -> Result<()> {
    let (id, by) = (tx.new_id(), (by.0 != 0).then_some(by.0));
    let detail = super::storable(detail);
    run!(tx, query(NOTE).bind(firm.0).bind(id).bind(Ts::from(now)).bind(by).bind(act).bind(detail.as_ref()))
        .map(drop)
}
