//! Alarms, as rows.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as};

use super::alarms::{Alarm, Kind, Wanted};
use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::ids::{FirmId, StaffId};

const OPEN: &str = "SELECT alarm_id, kind, about_id, staff_id, words, begun_at, over_at, told FROM alarm
    WHERE firm_id = $1 AND over_at IS NULL ORDER BY alarm_id";
const KNOWN: &str = "SELECT alarm_id, kind, about_id, staff_id, words, begun_at, over_at, told FROM alarm
    WHERE firm_id = $1 AND kind = $2 AND about_id = $3 ORDER BY alarm_id";
const UNTOLD: &str = "SELECT alarm_id, kind, about_id, staff_id, words, begun_at, over_at, told FROM alarm
    WHERE firm_id = $1 AND ((over_at IS NULL AND told = $2) OR (over_at IS NOT NULL AND told = $3 AND told_over = $2))
    ORDER BY alarm_id";
const ADD: &str =
    "INSERT INTO alarm (firm_id, alarm_id, kind, about_id, staff_id, words, begun_at, told, told_over)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
const OVER: &str = "UPDATE alarm SET over_at = $3, told_over = $4
    WHERE firm_id = $1 AND alarm_id = $2 AND over_at IS NULL";
const TOLD: &str = "UPDATE alarm SET told = $3, told_over = $4 WHERE firm_id = $1 AND alarm_id = $2";

#[derive(FromRow)]
struct Row {
    alarm_id: i64,
    kind: String,
    about_id: i64,
    staff_id: Option<i64>,
    words: String,
    begun_at: Ts,
    over_at: Option<Ts>,
    told: bool,
}

/// Those that are not over.
pub(super) async fn open(tx: &mut Tx, firm: FirmId) -> Result<Vec<Alarm>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(OPEN).bind(firm.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(alarm).collect())
}

/// Those about one thing, over or not.
pub(super) async fn known(tx: &mut Tx, firm: FirmId, kind: Kind, about: i64) -> Result<Vec<Alarm>> {
    let rows: Vec<Row> =
        sql!(tx, c => query_as(KNOWN).bind(firm.0).bind(kind.name()).bind(about).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(alarm).collect())
}

/// Those of which nobody was told by mail yet: that it began, or that it is over.
pub(super) async fn untold(tx: &mut Tx, firm: FirmId) -> Result<Vec<Alarm>> {
    let rows: Vec<Row> =
        sql!(tx, c => query_as(UNTOLD).bind(firm.0).bind(false).bind(true).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(alarm).collect())
}

pub(super) async fn add(tx: &mut Tx, firm: FirmId, wanted: &Wanted) -> Result<()> {
    let id = tx.new_id();
    run!(
        tx,
        query(ADD)
            .bind(firm.0)
            .bind(id)
            .bind(wanted.kind.name())
            .bind(wanted.about)
            .bind(wanted.staff.map(|staff| staff.0))
            .bind(crate::text::storable(&wanted.words))
            .bind(Ts::from(wanted.since))
            .bind(false)
    )
    .map(drop)
}

/// Notes that it is over; nobody is told where that is not worth a word.
pub(super) async fn over(tx: &mut Tx, firm: FirmId, id: i64, is_told: bool, now: Timestamp) -> Result<bool> {
    Ok(run!(tx, query(OVER).bind(firm.0).bind(id).bind(Ts::from(now)).bind(!is_told))? == 1)
}

/// Notes that somebody was told that it began, and, where it is over, of that too.
pub(super) async fn told(tx: &mut Tx, firm: FirmId, alarm: &Alarm) -> Result<()> {
    let over = alarm.over.is_some();
    run!(tx, query(TOLD).bind(firm.0).bind(alarm.id).bind(true).bind(over)).map(drop)
}

fn alarm(row: Row) -> Option<Alarm> {
    Some(Alarm {
        id: row.alarm_id,
        // A word that a later version wrote is passed over.
        kind: Kind::named(&row.kind)?,
        about: row.about_id,
        staff: row.staff_id.map(StaffId),
        words: row.words,
        begun: row.begun_at.into(),
        over: row.over_at.map(Into::into),
        told: row.told,
    })
}
