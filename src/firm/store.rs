//! The firm's row.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as, query_scalar};
use wire::calls::Columns;

use super::Firm;
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, StaffId};

/// The first firm of a database. A scan takes the same number, so that both give what is owed the same ids.
pub const FIRST: FirmId = FirmId(1);

const SAVE: &str = "INSERT INTO firm (firm_id, name, zone, currency, hours, holidays, domains, standards, lead_id,
        region, named_domains, next_address, behind, made_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $11, $12, 0, FALSE, $10)
    ON CONFLICT (firm_id) DO UPDATE SET name = excluded.name, zone = excluded.zone, currency = excluded.currency,
        hours = excluded.hours, holidays = excluded.holidays, domains = excluded.domains,
        standards = excluded.standards, lead_id = excluded.lead_id, region = excluded.region,
        named_domains = excluded.named_domains";
const FIRMS: &str =
    "SELECT firm_id, name, zone, currency, hours, holidays, domains, standards, lead_id, region,
        named_domains FROM firm ORDER BY firm_id";
const FIRM: &str =
    "SELECT firm_id, name, zone, currency, hours, holidays, domains, standards, lead_id, region,
        named_domains FROM firm WHERE firm_id = $1";

const BEGAN: &str = "SELECT made_at FROM firm WHERE firm_id = $1";

#[derive(FromRow)]
struct FirmRow {
    firm_id: i64,
    name: String,
    zone: String,
    currency: String,
    hours: Option<String>,
    holidays: String,
    domains: String,
    standards: Option<String>,
    lead_id: Option<i64>,
    region: Option<String>,
    named_domains: String,
}

/// The moment before which a wait must have opened to stand apart: the firm's mail was first read when it was made.
pub async fn before_regard(tx: &mut Tx, firm: FirmId) -> Result<Timestamp> {
    let began: Ts = sql!(tx, c => query_scalar(BEGAN).bind(firm.0).fetch_one(c).await)?;
    Ok(care::today::before_regard(began.into()))
}

const COLUMNS: &str = "SELECT call_columns FROM firm WHERE firm_id = $1";
const SET_COLUMNS: &str = "UPDATE firm SET call_columns = $2 WHERE firm_id = $1";

/// What the firm's telephone system calls the columns of its lists; nothing where nobody said.
pub async fn call_columns(tx: &mut Tx, firm: FirmId) -> Result<Columns> {
    let text: Option<String> = sql!(tx, c => query_scalar(COLUMNS).bind(firm.0).fetch_one(c).await)?;
    // What an older or newer program wrote and this one does not know is as if nobody had said it.
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or_default())
}

/// Says what they are called.
pub async fn set_call_columns(tx: &mut Tx, firm: FirmId, columns: &Columns) -> Result<()> {
    let text = Some(columns.to_string()).filter(|text| !text.is_empty());
    run!(tx, query(SET_COLUMNS).bind(firm.0).bind(text)).map(drop)
}

/// Makes a firm, or changes the one of that id.
pub async fn save(tx: &mut Tx, firm: &Firm, now: Timestamp) -> Result<()> {
    let hours = firm.hours.as_ref().map(json).transpose()?;
    let standards = firm.standards.as_ref().map(json).transpose()?;
    let (holidays, domains, named) =
        (json(&firm.holidays)?, json(&firm.domains)?, json(&firm.named_domains)?);
    run!(
        tx,
        query(SAVE)
            .bind(firm.id.0)
            .bind(&firm.name)
            .bind(&firm.zone)
            .bind(&firm.currency)
            .bind(&hours)
            .bind(&holidays)
            .bind(&domains)
            .bind(&standards)
            .bind(firm.lead.map(|staff| staff.0))
            .bind(Ts::from(now))
            .bind(&firm.region)
            .bind(&named)
    )
    .map(drop)
}

/// The firm of that id.
pub async fn load(tx: &mut Tx, firm: FirmId) -> Result<Firm> {
    let row: Option<FirmRow> = sql!(tx, c => query_as(FIRM).bind(firm.0).fetch_optional(c).await)?;
    read(row.ok_or(Error::NotFound)?)
}

/// All firms of this database, the oldest first. The only question that names no firm.
pub async fn all(tx: &mut Tx) -> Result<Vec<Firm>> {
    let rows: Vec<FirmRow> = sql!(tx, c => query_as(FIRMS).fetch_all(c).await)?;
    rows.into_iter().map(read).collect()
}

fn read(row: FirmRow) -> Result<Firm> {
    Ok(Firm {
        id: FirmId(row.firm_id),
        name: row.name,
        zone: row.zone,
        currency: row.currency,
        hours: row.hours.as_deref().map(parse).transpose()?,
        holidays: parse(&row.holidays)?,
        domains: parse(&row.domains)?,
        standards: row.standards.as_deref().map(parse).transpose()?,
        lead: row.lead_id.map(StaffId),
        region: row.region,
        named_domains: parse(&row.named_domains)?,
    })
}

pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Unexpected(e.into()))
}

pub(crate) fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::Unexpected(e.into()))
}
