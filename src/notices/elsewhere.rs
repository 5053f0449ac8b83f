//! What stands here, for a calendar or an address book of somebody's elsewhere: what they owe, and whom they know.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use wire::calendar::feed::Due;
use wire::contacts::Card;

use super::web_address;
use crate::board::{Asker, Boards};
use crate::clients::cards;
use crate::db::Db;
use crate::error::Result;
use crate::firm;
use crate::ids::{FirmId, StaffId};
use crate::record::changes;
use crate::subscriptions::write::Thing;
use crate::subscriptions::{Kind, Subscription};
use crate::today::due::{Readers, dues};

/// The number of the firm's last change: as long as it is the same, so is what stands here.
pub async fn revision(db: &Db, firm: FirmId) -> Result<i64> {
    changes::revision(&mut db.read().await?, firm).await
}

/// Whether what stands in a calendar or an address book may be another since a revision. Whom somebody knows at clients
/// changes only with who is who, so no letter makes another address book.
pub async fn may_differ(db: &Db, firm: FirmId, kind: Kind, known: i64, revision: i64) -> Result<bool> {
    if kind != Kind::AddressBooks {
        return Ok(known != revision);
    }
    let changed = changes::since(&mut db.read().await?, firm, known, revision).await?;
    Ok(changed == changes::Changed::Everything)
}

/// What stands here, in memory from one question to the next: what changed meanwhile is read, and no more.
#[derive(Debug, Default)]
pub struct Elsewhere {
    boards: Boards,
}

impl Elsewhere {
    /// What is to stand in a calendar or an address book at this moment; nothing where nobody wants that.
    pub async fn things(
        &self,
        db: &Db,
        firm: FirmId,
        of: &Subscription,
        now: Timestamp,
    ) -> Result<Vec<Thing>> {
        if of.writes_to.is_none() {
            return Ok(Vec::new());
        }
        Ok(match of.kind {
            Kind::AddressBooks => {
                let cards = self.contacts(db, firm, of.staff, now).await?;
                cards.iter().filter_map(Thing::contact).collect()
            }
            Kind::Calendars | Kind::Feed => {
                let dues = self.owed(db, firm, of.staff, now).await?;
                dues.iter().map(|due| Thing::owed(due, now)).collect()
            }
        })
    }

    /// What somebody owes at this moment; nothing where they work here no more.
    pub async fn owed(&self, db: &Db, firm: FirmId, staff: StaffId, now: Timestamp) -> Result<Vec<Due>> {
        let pages = web_address(&mut db.read().await?, firm).await?.unwrap_or_default();
        let Some(asker) = self.asker(db, firm, staff, now).await? else { return Ok(Vec::new()) };
        dues(&mut db.read().await?, &asker, Readers::Others, &pages, now).await
    }

    /// The contacts of the clients that somebody may see, as cards; none where they work here no more. Others may look into
    /// an address book as well, so of clients from whom a wall keeps anybody there is none.
    pub async fn contacts(&self, db: &Db, firm: FirmId, staff: StaffId, now: Timestamp) -> Result<Vec<Card>> {
        let Some(asker) = self.asker(db, firm, staff, now).await? else { return Ok(Vec::new()) };
        let house = &asker.board.firm;
        let seen = house.clients.values().filter(|card| asker.sees_client(card) && !house.has_wall(card.id));
        let seen: BTreeMap<_, _> = seen.map(|card| (card.id, card.name.clone())).collect();
        let mut cards = cards::of_clients(&mut db.read().await?, firm, &seen, &house.book.directory).await?;
        cards.iter_mut().for_each(|card| card.written_for = Some(staff.0.to_string()));
        Ok(cards)
    }

    /// Somebody, as who they may see what at this moment; none where they work here no more.
    async fn asker(&self, db: &Db, firm: FirmId, staff: StaffId, now: Timestamp) -> Result<Option<Asker>> {
        let settings = firm::store::load(&mut db.read().await?, firm).await?;
        let zone = TimeZone::get(&settings.zone).unwrap_or(TimeZone::UTC);
        let board = self.boards.now(db, firm).await?;
        Ok(Asker::new(firm, staff, board, now.to_zoned(zone).date()))
    }
}
