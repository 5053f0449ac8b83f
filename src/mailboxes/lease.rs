//! One process at a time looks after a mailbox, or after anything else that is asked on servers: it takes it for a
//! time, and says meanwhile that it still has it.

use jiff::{SignedDuration, Timestamp};
use sqlx::{query, query_scalar};

use super::holder::is_gone;
use crate::db::{Db, Durability, Tx, run, sql};
use crate::error::Result;
use crate::ids::FirmId;

/// The rows of one table, of which one process has each at a time.
#[derive(Debug)]
pub struct Leases {
    /// Takes one, or keeps it: firm, row, process, until when, now, and false for those that rest.
    pub take: &'static str,
    /// Which process has one, or had it last: firm, row.
    pub holder: &'static str,
    /// Gives one back: firm, row, process.
    pub free: &'static str,
}

impl Leases {
    /// Takes one for a process, for a time, or keeps it; false where another has it, or it rests.
    pub async fn take(
        &self,
        tx: &mut Tx,
        firm: FirmId,
        id: i64,
        holder: i64,
        time: SignedDuration,
        now: Timestamp,
    ) -> Result<bool> {
        let (until, now) = ((now + time).as_microsecond(), now.as_microsecond());
        let sql = self.take;
        let taken =
            run!(tx, query(sql).bind(firm.0).bind(id).bind(holder).bind(until).bind(now).bind(false))?;
        Ok(taken == 1)
    }

    /// The same, in a transaction of its own; what a process had that is known to run no more is free at once.
    pub async fn take_over(
        &self,
        db: &Db,
        firm: FirmId,
        id: i64,
        holder: i64,
        time: SignedDuration,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = db.write(Durability::Import).await?;
        let mut taken = self.take(&mut tx, firm, id, holder, time, now).await?;
        if !taken
            && let Some(other) = self.holder(&mut tx, firm, id).await?
            && is_gone(db, other)
        {
            self.free(&mut tx, firm, id, other).await?;
            taken = self.take(&mut tx, firm, id, holder, time, now).await?;
        }
        tx.commit().await?;
        Ok(taken)
    }

    async fn holder(&self, tx: &mut Tx, firm: FirmId, id: i64) -> Result<Option<i64>> {
        sql!(tx, c => query_scalar(self.holder).bind(firm.0).bind(id).fetch_optional(c).await)
    }

    /// Gives one back.
    pub async fn free(&self, tx: &mut Tx, firm: FirmId, id: i64, holder: i64) -> Result<()> {
        run!(tx, query(self.free).bind(firm.0).bind(id).bind(holder)).map(drop)
    }
}
