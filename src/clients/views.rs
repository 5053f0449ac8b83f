//! Views of a list that somebody keeps for themselves: a name, and what the list is asked for.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as};

use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, StaffId};

/// Nobody finds their way among more.
const MOST: usize = 30;

const OF_STAFF: &str = "SELECT view_id, name, query FROM saved_view
    WHERE firm_id = $1 AND staff_id = $2 AND page = $3 ORDER BY made_at, view_id";
const SAVE: &str = "INSERT INTO saved_view (firm_id, staff_id, view_id, page, name, query, made_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const FORGET: &str = "DELETE FROM saved_view WHERE firm_id = $1 AND staff_id = $2 AND view_id = $3";

/// A kept view.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct View {
    /// Its id.
    #[sqlx(rename = "view_id")]
    pub id: i64,
    /// What its keeper calls it.
    pub name: String,
    /// What the list is asked for: the part of an address after the question mark.
    pub query: String,
}

/// The views that somebody keeps of a page.
pub async fn of_staff(tx: &mut Tx, firm: FirmId, staff: StaffId, page: &str) -> Result<Vec<View>> {
    sql!(tx, c => query_as(OF_STAFF).bind(firm.0).bind(staff.0).bind(page).fetch_all(c).await)
}

/// Keeps a view; one of the same name takes the place of the earlier one.
pub async fn keep(
    tx: &mut Tx,
    firm: FirmId,
    staff: StaffId,
    page: &str,
    (name, asked): (&str, &str),
    now: Timestamp,
) -> Result<()> {
    let kept = of_staff(tx, firm, staff, page).await?;
    if MOST <= kept.len() {
        return Err(Error::invalid("the view", format!("is one too many: forget one of the {MOST} first")));
    }
    for same in kept.iter().filter(|view| view.name == name) {
        forget(tx, firm, staff, same.id).await?;
    }
    let id = tx.new_id();
    run!(
        tx,
        query(SAVE).bind(firm.0).bind(staff.0).bind(id).bind(page).bind(name).bind(asked).bind(Ts::from(now))
    )
    .map(drop)
}

/// Forgets a view of one's own.
pub async fn forget(tx: &mut Tx, firm: FirmId, staff: StaffId, view: i64) -> Result<()> {
    match run!(tx, query(FORGET).bind(firm.0).bind(staff.0).bind(view))? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
