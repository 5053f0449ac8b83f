//! What people did last that can be taken back: decisions and notes that stand.

use care::record::taking_back;
use jiff::Timestamp;
use sqlx::query_as;

use super::read;
use crate::db::{Ts, Tx, sql};
use crate::error::Result;
use crate::ids::{FirmId, NaturalKey, StaffId};

const DECISIONS: &str = "SELECT e.natural_key, d.kind, d.decided_by_id, e.at FROM decision d
    JOIN entry e ON e.firm_id = d.firm_id AND e.entry_id = d.entry_id
    WHERE d.firm_id = $1 AND d.kind <> 'taken_back' ORDER BY d.entry_id DESC LIMIT $2";
const NOTES: &str = "SELECT e.natural_key, n.kind, n.written_by_id, e.at FROM note n
    JOIN entry e ON e.firm_id = n.firm_id AND e.entry_id = n.entry_id
    WHERE n.firm_id = $1 ORDER BY n.entry_id DESC LIMIT $2";

/// A decision or a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Its key; taking it back names it.
    pub key: NaturalKey,
    /// What it is, in a word or two.
    pub what: String,
    /// Who did it.
    pub by: Option<StaffId>,
    /// When; a note of a call or a meeting when that was.
    pub at: Timestamp,
}

/// The last decisions and the last notes, so many of each at most, without those that were taken back.
pub async fn last(tx: &mut Tx, firm: FirmId, most: u32) -> Result<Vec<Act>> {
    type Row = (i64, String, Option<i64>, Ts);
    let mut acts = Vec::new();
    for (text, before) in [(DECISIONS, ""), (NOTES, "note: ")] {
        let rows: Vec<Row> =
            sql!(tx, c => query_as(text).bind(firm.0).bind(i64::from(most)).fetch_all(c).await)?;
        acts.extend(rows.into_iter().map(|(key, kind, by, at)| Act {
            key: NaturalKey(key.cast_unsigned()),
            what: format!("{before}{}", kind.replace('_', " ")),
            by: by.map(StaffId),
            at: at.into(),
        }));
    }
    let keys: Vec<NaturalKey> = acts.iter().map(|act| act.key).collect();
    let against = read::decisions_about(tx, firm, &keys).await?;
    acts.retain(|act| taking_back(act.key, &against).next().is_none());
    Ok(acts)
}
