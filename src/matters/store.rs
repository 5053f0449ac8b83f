//! Matters, as rows.

use jiff::Timestamp;
use sqlx::{FromRow, query_as, query_scalar};

use super::Matter;
use crate::db::{Ts, Tx, sql};
use crate::error::Result;
use crate::firm::store::{json, parse};
use crate::firm::{day, day_text};
use crate::ids::{ClientId, FirmId, MatterId, StaffId};

const SAVE: &str =
    "INSERT INTO matter (firm_id, matter_id, external_key, client_id, name, kind, handler_id, opened_day,
        closed_day, custom, made_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (firm_id, external_key) DO UPDATE SET client_id = excluded.client_id, name = excluded.name,
        kind = excluded.kind, handler_id = excluded.handler_id, opened_day = excluded.opened_day,
        closed_day = excluded.closed_day, custom = excluded.custom
    RETURNING matter_id";
const ALL: &str =
    "SELECT matter_id, external_key, client_id, name, kind, handler_id, opened_day, closed_day, custom
    FROM matter WHERE firm_id = $1 ORDER BY matter_id";
const OF_CLIENT: &str =
    "SELECT matter_id, external_key, client_id, name, kind, handler_id, opened_day, closed_day, custom
    FROM matter WHERE firm_id = $1 AND client_id = $2 ORDER BY matter_id";

#[derive(FromRow)]
struct MatterRow {
    matter_id: i64,
    external_key: String,
    client_id: i64,
    name: String,
    kind: String,
    handler_id: Option<i64>,
    opened_day: Option<String>,
    closed_day: Option<String>,
    custom: String,
}

/// Makes a matter, or changes the one with that external key; gives its id, which is the old one then.
pub async fn save(tx: &mut Tx, firm: FirmId, matter: &Matter, now: Timestamp) -> Result<MatterId> {
    let (custom, opened, closed) = (json(&matter.custom)?, day_text(matter.opened), day_text(matter.closed));
    let id: i64 = sql!(tx, c => query_scalar(SAVE).bind(firm.0).bind(matter.id.0).bind(&matter.external_key)
        .bind(matter.client.0).bind(&matter.name).bind(&matter.kind).bind(matter.handler.map(|staff| staff.0))
        .bind(&opened).bind(&closed).bind(&custom).bind(Ts::from(now)).fetch_one(c).await)?;
    Ok(MatterId(id))
}

/// All matters, by id.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Matter>> {
    let rows: Vec<MatterRow> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    rows.into_iter().map(of_row).collect()
}

/// The matters of one client, by id.
pub async fn of_client(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Vec<Matter>> {
    let rows: Vec<MatterRow> =
        sql!(tx, c => query_as(OF_CLIENT).bind(firm.0).bind(client.0).fetch_all(c).await)?;
    rows.into_iter().map(of_row).collect()
}

fn of_row(row: MatterRow) -> Result<Matter> {
    Ok(Matter {
        id: MatterId(row.matter_id),
        external_key: row.external_key,
        client: ClientId(row.client_id),
        name: row.name,
        kind: row.kind,
        handler: row.handler_id.map(StaffId),
        opened: day(row.opened_day.as_deref())?,
        closed: day(row.closed_day.as_deref())?,
        custom: parse(&row.custom)?,
    })
}
