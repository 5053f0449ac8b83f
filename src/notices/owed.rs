//! What somebody owes, for a calendar of theirs elsewhere.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use wire::calendar::feed::Due;

use super::web_address;
use crate::board::{Asker, Boards};
use crate::db::Db;
use crate::error::Result;
use crate::firm;
use crate::ids::{FirmId, StaffId};
use crate::record::changes;
use crate::today::due::{Readers, dues};

/// The number of the firm's last change: as long as it is the same, so is what is owed.
pub async fn revision(db: &Db, firm: FirmId) -> Result<i64> {
    changes::revision(&mut db.read().await?, firm).await
}

/// What people owe, in memory from one question to the next: what changed meanwhile is read, and no more.
#[derive(Debug, Default)]
pub struct Owed {
    boards: Boards,
}

impl Owed {
    /// What somebody owes at this moment; nothing where they work here no more.
    pub async fn of(&self, db: &Db, firm: FirmId, staff: StaffId, now: Timestamp) -> Result<Vec<Due>> {
        let mut tx = db.read().await?;
        let settings = firm::store::load(&mut tx, firm).await?;
        let pages = web_address(&mut tx, firm).await?.unwrap_or_default();
        tx.commit().await?;
        let zone = TimeZone::get(&settings.zone).unwrap_or(TimeZone::UTC);
        let board = self.boards.now(db, firm).await?;
        let Some(asker) = Asker::new(firm, staff, board, now.to_zoned(zone).date()) else {
            return Ok(Vec::new());
        };
        dues(&mut db.read().await?, &asker, Readers::Others, &pages, now).await
    }
}
