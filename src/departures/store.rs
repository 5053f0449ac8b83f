//! Departures, as rows.

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sqlx::{FromRow, query_as, query_scalar};

use super::{Departure, Evidence, Reason};
use crate::db::{Ts, Tx, sql};
use crate::error::Result;
use crate::firm::store::{json, parse};
use crate::firm::{day, day_text};
use crate::ids::{ClientId, DepartureId, FirmId};

const SAVE: &str =
    "INSERT INTO departure (firm_id, departure_id, client_id, noticed_day, left_day, reason, evidence, words,
        custom, made_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (firm_id, client_id, noticed_day) DO UPDATE SET left_day = excluded.left_day,
        reason = excluded.reason, evidence = excluded.evidence, words = excluded.words, custom = excluded.custom
    RETURNING departure_id";
const ALL: &str =
    "SELECT departure_id, client_id, noticed_day, left_day, reason, evidence, words, custom FROM departure
    WHERE firm_id = $1 ORDER BY noticed_day, departure_id";

const LAST_OF: &str =
    "SELECT departure_id, client_id, noticed_day, left_day, reason, evidence, words, custom FROM departure
    WHERE firm_id = $1 AND client_id = $2 ORDER BY noticed_day DESC, departure_id DESC LIMIT 1";

#[derive(FromRow)]
struct DepartureRow {
    departure_id: i64,
    client_id: i64,
    noticed_day: String,
    left_day: Option<String>,
    reason: Option<String>,
    evidence: Option<String>,
    words: String,
    custom: String,
}

/// Notes a departure; one of that client noticed on that day is changed.
pub async fn save(tx: &mut Tx, firm: FirmId, departure: &Departure, now: Timestamp) -> Result<DepartureId> {
    let (noticed, left) = (departure.noticed.to_string(), day_text(departure.left));
    let (reason, evidence) = departure.reason.map(|(why, how)| (why.name(), how.name())).unzip();
    let custom = json(&departure.custom)?;
    let id: i64 = sql!(tx, c => query_scalar(SAVE).bind(firm.0).bind(departure.id.0).bind(departure.client.0)
        .bind(&noticed).bind(&left).bind(reason).bind(evidence).bind(&departure.words).bind(&custom)
        .bind(Ts::from(now)).fetch_one(c).await)?;
    Ok(DepartureId(id))
}

/// All departures, by the day on which they were noticed.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Departure>> {
    let rows: Vec<DepartureRow> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    rows.into_iter().map(departure).collect()
}

/// The last departure of each client who left.
pub async fn last(tx: &mut Tx, firm: FirmId) -> Result<FxHashMap<ClientId, Departure>> {
    Ok(all(tx, firm).await?.into_iter().map(|departure| (departure.client, departure)).collect())
}

/// The last departure of a client.
pub async fn last_of(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Option<Departure>> {
    let row: Option<DepartureRow> =
        sql!(tx, c => query_as(LAST_OF).bind(firm.0).bind(client.0).fetch_optional(c).await)?;
    row.map(departure).transpose()
}

fn departure(row: DepartureRow) -> Result<Departure> {
    let reason = row.reason.as_deref().and_then(Reason::named);
    Ok(Departure {
        id: DepartureId(row.departure_id),
        client: ClientId(row.client_id),
        noticed: day(Some(&row.noticed_day))?.unwrap_or_default(),
        left: day(row.left_day.as_deref())?,
        reason: reason.zip(row.evidence.as_deref().and_then(Evidence::named)),
        words: row.words,
        custom: parse(&row.custom)?,
    })
}
