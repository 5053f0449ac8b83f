//! Voicemails that take no more messages: until one was left there again, or somebody says that it is emptied.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as};
use wire::calls::CallRow;

use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, StaffId};
use crate::record::addresses;
use crate::staff;

const FULL: &str = "INSERT INTO full_voicemail (firm_id, voicemail_id, line, staff_id, since_at, last_at)
    VALUES ($1, $2, $3, $4, $5, $5)
    ON CONFLICT (firm_id, line) DO UPDATE SET last_at = excluded.last_at
        WHERE full_voicemail.last_at < excluded.last_at";
const LEFT: &str = "DELETE FROM full_voicemail WHERE firm_id = $1 AND line = $2 AND last_at < $3";
const EMPTIED: &str = "DELETE FROM full_voicemail WHERE firm_id = $1 AND voicemail_id = $2";
const ALL: &str = "SELECT voicemail_id, line, staff_id, since_at FROM full_voicemail
    WHERE firm_id = $1 ORDER BY line";

/// A voicemail that takes no more messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Full {
    /// Its id.
    pub id: i64,
    /// The extension or number whose it is.
    pub line: String,
    /// Whose extension that is, where the staff list tells.
    pub staff: Option<StaffId>,
    /// Since when callers cannot leave word.
    pub since: Timestamp,
}

#[derive(FromRow)]
struct Row {
    voicemail_id: i64,
    line: String,
    staff_id: Option<i64>,
    since_at: Ts,
}

/// Notes what calls tell of voicemails.
pub async fn note(tx: &mut Tx, firm: FirmId, rows: &[CallRow]) -> Result<()> {
    let mut rows: Vec<&CallRow> = rows.iter().filter(|row| row.mailbox_full || row.voicemail).collect();
    rows.sort_by_key(|row| row.at);
    for row in rows {
        let line = crate::text::storable(&row.to).into_owned();
        if row.voicemail {
            // A message was left: there is room again.
            run!(tx, query(LEFT).bind(firm.0).bind(&line).bind(Ts::from(row.at)))?;
            continue;
        }
        let owner = owner(tx, firm, &line).await?;
        let id = tx.new_id();
        run!(
            tx,
            query(FULL)
                .bind(firm.0)
                .bind(id)
                .bind(&line)
                .bind(owner.map(|staff| staff.0))
                .bind(Ts::from(row.at))
        )?;
    }
    Ok(())
}

/// All that are full, by line.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Full>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    let full = |row: Row| Full {
        id: row.voicemail_id,
        line: row.line,
        staff: row.staff_id.map(StaffId),
        since: row.since_at.into(),
    };
    Ok(rows.into_iter().map(full).collect())
}

/// Somebody emptied it.
pub async fn emptied(tx: &mut Tx, firm: FirmId, id: i64) -> Result<()> {
    match run!(tx, query(EMPTIED).bind(firm.0).bind(id))? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Whose line it is, where the staff list tells.
async fn owner(tx: &mut Tx, firm: FirmId, line: &str) -> Result<Option<StaffId>> {
    let key = wire::calls::number_key(line);
    let Some(address) = addresses::find(tx, firm, key.as_deref().unwrap_or(line)).await? else {
        return Ok(None);
    };
    let people = staff::store::all(tx, firm).await?;
    let has = |person: &&staff::Person| person.left.is_none() && person.addresses.contains(&address);
    Ok(people.iter().find(has).map(|person| person.id))
}
