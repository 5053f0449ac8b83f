//! Walls: somebody is kept out of a client or a matter, and then cannot find it anywhere.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as};

use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{ClientId, FirmId, MatterId, StaffId};
use crate::record::changes;

/// Stands in the place of a matter for the whole client.
const WHOLE_CLIENT: i64 = 0;

const RAISE: &str = "INSERT INTO wall (firm_id, staff_id, client_id, matter_id, reason, set_by_id, set_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (firm_id, staff_id, client_id, matter_id) DO UPDATE SET reason = excluded.reason";
const LOWER: &str =
    "DELETE FROM wall WHERE firm_id = $1 AND staff_id = $2 AND client_id = $3 AND matter_id = $4";
const ALL: &str =
    "SELECT staff_id, client_id, matter_id, reason, set_by_id, set_at FROM wall WHERE firm_id = $1
    ORDER BY set_at, staff_id";

/// Somebody is kept out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wall {
    /// Who is kept out.
    pub staff: StaffId,
    /// Of which client.
    pub client: ClientId,
    /// Of one matter only; none for the whole client.
    pub matter: Option<MatterId>,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub set_by: StaffId,
    /// When.
    pub set_at: Timestamp,
}

#[derive(FromRow)]
struct WallRow {
    staff_id: i64,
    client_id: i64,
    matter_id: i64,
    reason: String,
    set_by_id: i64,
    set_at: Ts,
}

/// Keeps somebody out from now on.
pub async fn raise(tx: &mut Tx, firm: FirmId, wall: &Wall) -> Result<()> {
    let reason = crate::text::storable(&wall.reason);
    run!(
        tx,
        query(RAISE)
            .bind(firm.0)
            .bind(wall.staff.0)
            .bind(wall.client.0)
            .bind(wall.matter.map_or(WHOLE_CLIENT, |matter| matter.0))
            .bind(reason.as_ref())
            .bind(wall.set_by.0)
            .bind(Ts::from(wall.set_at))
    )?;
    changes::note_everything(tx, firm).await
}

/// Lets somebody in again.
pub async fn lower(
    tx: &mut Tx,
    firm: FirmId,
    staff: StaffId,
    client: ClientId,
    matter: Option<MatterId>,
) -> Result<()> {
    let matter = matter.map_or(WHOLE_CLIENT, |matter| matter.0);
    if run!(tx, query(LOWER).bind(firm.0).bind(staff.0).bind(client.0).bind(matter))? == 0 {
        return Err(Error::NotFound);
    }
    changes::note_everything(tx, firm).await
}

/// All walls of a firm.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Wall>> {
    let rows: Vec<WallRow> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    let wall = |row: WallRow| Wall {
        staff: StaffId(row.staff_id),
        client: ClientId(row.client_id),
        matter: (row.matter_id != WHOLE_CLIENT).then_some(MatterId(row.matter_id)),
        reason: row.reason,
        set_by: StaffId(row.set_by_id),
        set_at: row.set_at.into(),
    };
    Ok(rows.into_iter().map(wall).collect())
}
