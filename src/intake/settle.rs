//! Who is who, and what is owed, once all mail is in the record.
//!
//! What a list or a person said stands; the rest is told by the whole record's traffic, in the same way as a scan
//! tells it, and stored as proposed: staff, correspondents that stand in for clients, robots. Done again after every
//! import, with what came before in mind: who was proposed already keeps the same id.

pub(super) mod few;
mod pace;
pub(super) mod stored;
mod write;

use care::entry::Entry;
use jiff::Timestamp;

use super::own::Told;
use super::place::place;
use crate::db::{Db, Durability, Tx};
use crate::error::Result;
use crate::ids::FirmId;
use crate::record::{changes, project, threads};

pub use pace::{MoreToCome, Pace};
use stored::Stored;

/// What came of it.
#[derive(Debug, Clone)]
pub struct Settled {
    /// How the firm's own people were told from others.
    pub told: Told,
    /// The firm's own domains.
    pub domains: Vec<String>,
    /// People of the firm.
    pub staff: usize,
    /// Clients, and correspondents that stand in for them.
    pub clients: usize,
    /// Of these, only proposed.
    pub proposed: usize,
    /// What is and was owed.
    pub obligations: usize,
}

/// Finds out who is who and makes what is owed anew.
pub async fn settle(db: &Db, firm: FirmId, now: Timestamp) -> Result<Settled> {
    settle_in(changes::begin(db, firm, Durability::Import).await?, firm, now).await
}

/// The same where something is behind, once it is this one's turn: another process may have settled meanwhile.
pub async fn settle_where_behind(db: &Db, firm: FirmId, now: Timestamp) -> Result<Option<Settled>> {
    // Asked first without keeping anybody waiting who writes.
    if !project::is_behind(&mut db.read().await?, firm).await? {
        return Ok(None);
    }
    let mut tx = changes::begin(db, firm, Durability::Import).await?;
    if !project::is_behind(&mut tx, firm).await? {
        return Ok(None);
    }
    settle_in(tx, firm, now).await.map(Some)
}

async fn settle_in(mut tx: Tx, firm: FirmId, now: Timestamp) -> Result<Settled> {
    if project::is_behind(&mut tx, firm).await? {
        let known = threads::load(&mut tx, firm).await?;
        threads::retie(&mut tx, firm, &known).await?;
    }
    let mut stored = Stored::load(&mut tx, firm).await?;
    let own = stored.own();
    let placed = place(&own, &stored.roster, &stored.traffic, &mut stored.addresses);
    let numbers = write::people(&mut tx, firm, &stored, &placed, now).await?;
    write::placements(&mut tx, firm, &stored, &placed, &numbers, now).await?;
    write::firm(&mut tx, firm, &own, now).await?;
    write::mailboxes(&mut tx, firm, &stored, &placed, &numbers).await?;
    write::quiet_lists(&mut tx, firm, &mut stored, &placed.directory).await?;
    write::directions(&mut tx, firm, &stored, &placed.directory).await?;
    let settled = Settled {
        told: own.told,
        domains: own.domains.iter().cloned().collect(),
        staff: placed.staff.len(),
        clients: placed.clients.len() + stored.confirmed,
        proposed: if placed.clients_are_known { 0 } else { placed.clients.len() },
        obligations: 0,
    };
    let entries: Vec<Entry> = std::mem::take(&mut stored.entries);
    drop(stored);
    let obligations = project::renew_from(&mut tx, firm, &entries).await?;
    project::mark_behind(&mut tx, firm, false).await?;
    tx.commit().await?;
    Ok(Settled { obligations, ..settled })
}
