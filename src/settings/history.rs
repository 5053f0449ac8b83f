//! What the firm's settings were before each change, so that a change can be taken back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, query, query_as};

use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::firm::store::{json, parse};
use crate::firm::{self, Firm, Hours};
use crate::ids::{FirmId, StaffId};

const NOTE: &str = "INSERT INTO setting_change (firm_id, change_id, what, earlier, changed_by_id, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const ALL: &str = "SELECT change_id, what, earlier, changed_by_id, changed_at FROM setting_change
    WHERE firm_id = $1 ORDER BY change_id DESC LIMIT 50";
const ONE: &str = "SELECT change_id, what, earlier, changed_by_id, changed_at FROM setting_change
    WHERE firm_id = $1 AND change_id = $2";

/// A change, as a list shows it.
#[derive(Debug, Clone, FromRow)]
pub struct Change {
    /// Its id.
    pub change_id: i64,
    /// `firm` or `standards`.
    pub what: String,
    earlier: String,
    /// Who made it.
    pub changed_by_id: i64,
    /// When.
    pub changed_at: Ts,
}

/// What of a firm is set by its owners.
#[derive(Serialize, Deserialize)]
struct Earlier {
    name: String,
    zone: String,
    hours: Option<Hours>,
    region: Option<String>,
    holidays: std::collections::BTreeSet<jiff::civil::Date>,
    named_domains: std::collections::BTreeSet<String>,
    standards: Option<care::standard::Standards>,
    /// None in what was noted before it could be set.
    #[serde(default)]
    currency: Option<String>,
}

/// Saves the firm as it is to be, and notes what it was.
pub async fn save(tx: &mut Tx, what: &str, firm: &Firm, by: StaffId, now: Timestamp) -> Result<()> {
    let was = firm::store::load(tx, firm.id).await?;
    let earlier = json(&Earlier {
        name: was.name,
        zone: was.zone,
        hours: was.hours,
        region: was.region,
        holidays: was.holidays,
        named_domains: was.named_domains,
        standards: was.standards,
        currency: Some(was.currency),
    })?;
    let id = tx.new_id();
    run!(tx, query(NOTE).bind(firm.id.0).bind(id).bind(what).bind(&earlier).bind(by.0).bind(Ts::from(now)))?;
    firm::store::save(tx, firm, now).await
}

/// The last changes, the newest first.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Change>> {
    sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)
}

/// Makes the settings as they were before a change; that is a change as well.
pub async fn bring_back(
    tx: &mut Tx,
    firm: FirmId,
    change: i64,
    by: StaffId,
    now: Timestamp,
) -> Result<String> {
    let found: Option<Change> =
        sql!(tx, c => query_as(ONE).bind(firm.0).bind(change).fetch_optional(c).await)?;
    let found = found.ok_or(Error::NotFound)?;
    let earlier: Earlier = parse(&found.earlier)?;
    let mut now_is = firm::store::load(tx, firm).await?;
    if found.what == "standards" {
        now_is.standards = earlier.standards;
    } else {
        now_is.name = earlier.name;
        now_is.zone = earlier.zone;
        now_is.hours = earlier.hours;
        now_is.region = earlier.region;
        now_is.holidays = earlier.holidays;
        now_is.named_domains = earlier.named_domains;
        now_is.currency = earlier.currency.unwrap_or(now_is.currency);
    }
    save(tx, &found.what, &now_is, by, now).await?;
    Ok(found.what)
}
