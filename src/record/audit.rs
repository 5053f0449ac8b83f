//! What people did that leaves no other trace: erased, exported, restored.

use jiff::Timestamp;
use sqlx::query;

use crate::db::{Ts, Tx, run};
use crate::error::Result;
use crate::ids::{FirmId, StaffId};

const NOTE: &str =
    "INSERT INTO audit (firm_id, audit_id, at, staff_id, act, detail) VALUES ($1, $2, $3, $4, $5, $6)";

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
