//! What the firm has open and who is who, in memory: what every page needs, read once and kept in step.
//!
//! A [`Board`] is of one revision of the record. [`Boards`] gives the one that is true now: where only some clients
//! changed, only theirs is read again. Who may see what is answered here, from the same facts for page, list, search,
//! count, export and API.

mod load;
pub mod openings;
mod outlook;
mod seen;

use std::sync::Arc;

use care::book::FirmBook;
use care::obligation::Obligation;
use care::people::ClientKind;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use tokio::sync::{Mutex, RwLock};

use crate::access::Access;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::firm::Firm;
use crate::ids::{AddressId, ClientId, FirmId, MatterId, NaturalKey, StaffId};
use crate::record::changes;
use crate::record::lately::Lately;

use openings::Openings;
use outlook::Known;
pub use seen::{Asker, Sight};

/// The firm at one revision of its record.
#[derive(Debug, Clone)]
pub struct Board {
    /// Of which revision.
    pub revision: i64,
    /// What does not change with a single client's record.
    pub firm: Arc<House>,
    open: FxHashMap<ClientId, Arc<[Open]>>,
    known: FxHashMap<ClientId, Arc<Known>>,
    /// What opened those that were shown, in words.
    pub(crate) openings: Arc<Openings>,
}

/// The firm, its people, its clients.
#[derive(Debug)]
pub struct House {
    /// Name, zone, hours, domains.
    pub firm: Firm,
    /// Its zone.
    pub zone: TimeZone,
    /// What the fold knows.
    pub book: FirmBook,
    /// What opened earlier was old when its mail was first read, and stands apart.
    pub before_regard: Timestamp,
    /// Its people.
    pub people: FxHashMap<StaffId, Face>,
    /// Whom it serves, and who stands in for them.
    pub clients: FxHashMap<ClientId, Card>,
    /// Names of contacts by address, with those who were removed: what they wrote goes by their name.
    pub contacts: FxHashMap<AddressId, String>,
    /// Addresses and numbers by client, with those of clients merged into it.
    pub addresses: FxHashMap<ClientId, Vec<AddressId>>,
    /// Clients that were merged into another, and by which decision.
    pub merged: Vec<Merged>,
    /// Addresses that somebody said are a contact's, and by which decision.
    pub joined: FxHashMap<AddressId, NaturalKey>,
    /// Somebody shows only chosen folders of a mailbox to the firm.
    has_hidden: bool,
    walls: FxHashMap<StaffId, FxHashSet<ClientId>>,
    matter_walls: FxHashMap<StaffId, FxHashSet<MatterId>>,
}

/// A client that was merged into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// Which is no more.
    pub from: ClientId,
    /// Where all of it is now.
    pub into: ClientId,
    /// What said so; taking it back splits them again.
    pub decision: NaturalKey,
}

/// A person of the firm, as pages show them.
#[derive(Debug, Clone)]
pub struct Face {
    /// Their name.
    pub name: String,
    /// What they do.
    pub role: String,
    /// Their mail address; empty where none is known.
    pub email: String,
    /// What they may do in Regard.
    pub access: Access,
    /// Their last day; none while they work here.
    pub left: Option<jiff::civil::Date>,
}

/// A client, as lists show it.
#[derive(Debug, Clone)]
pub struct Card {
    /// Its id.
    pub id: ClientId,
    /// The firm's own id for it, or a stable slug.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What kind it is.
    pub kind: ClientKind,
    /// Its tier.
    pub tier: Option<String>,
    /// Its one face.
    pub point_person: Option<StaffId>,
    /// Since when it is a client.
    pub since: Option<jiff::civil::Date>,
    /// What it is found by, in lower case: its name and key, its contacts' names and addresses.
    pub words: String,
}

impl Card {
    /// Somebody said that it is a client, prospect or partner of the firm; else only whoever has the mailbox sees it.
    pub fn is_confirmed(&self) -> bool {
        self.kind != ClientKind::Correspondent
    }
}

/// Something that is owed, and who may see it.
#[derive(Debug, Clone)]
pub struct Open {
    /// What is owed.
    pub owed: Obligation,
    /// For a correspondent whom nobody has placed, and for what the firm does not see: whose mailbox holds what opened
    /// it.
    pub mailboxes_of: SmallVec<[StaffId; 2]>,
    /// The same lies in a mailbox that the firm shares.
    pub is_shared: bool,
    /// What opened it lies only in folders that their owners do not show to the firm.
    pub is_hidden: bool,
}

impl Open {
    /// Something that everybody may see who may see the client.
    fn to_all(owed: Obligation) -> Open {
        Open { owed, mailboxes_of: SmallVec::new(), is_shared: false, is_hidden: false }
    }
}

impl House {
    /// An address of a client at which somebody may be written to: of none who is no contact any more.
    pub fn first_address(&self, client: ClientId) -> Option<AddressId> {
        let mut all = self.addresses.get(&client).into_iter().flatten();
        all.find(|address| !self.book.directory.is_removed(**address)).copied()
    }

    /// Whether a wall keeps somebody out of a client.
    pub fn is_walled(&self, staff: StaffId, client: ClientId) -> bool {
        self.walls.get(&staff).is_some_and(|walled| walled.contains(&client))
    }

    /// Whether a wall keeps anybody out of a client.
    pub fn has_wall(&self, client: ClientId) -> bool {
        self.walls.values().any(|walled| walled.contains(&client))
    }
}

impl Board {
    /// What is open, by client; who asks sees what [`Asker::open`] lets through.
    pub fn by_client(&self) -> impl Iterator<Item = (ClientId, &[Open])> {
        self.open.iter().map(|(client, open)| (*client, &**open))
    }

    /// Takes what changed at a client from the memory of this process; false where that does not tell all of it.
    async fn go_on(&mut self, tx: &mut Tx, client: ClientId, revisions: &[i64]) -> Result<bool> {
        let firm = self.firm.book.firm;
        let lately: Arc<Lately> = tx.shelf().of();
        let Some(steps) = lately.at(firm, client, revisions) else { return Ok(false) };
        let Some(last) = steps.last() else { return Ok(false) };
        let open = load::open_after(self.open_at(client), &steps, &self.firm, client);
        let Some(open) = open else { return Ok(false) };
        #[cfg(debug_assertions)]
        load::assert_open(tx, &self.firm, client, &open).await?;
        self.open.insert(client, open);
        let known = load::known_by(Arc::clone(&last.contact), &self.firm, client);
        self.known.insert(client, Arc::new(known));
        Ok(true)
    }

    /// What is open at one client.
    pub fn open_at(&self, client: ClientId) -> &[Open] {
        self.open.get(&client).map_or(&[], |open| open)
    }
}

/// The boards of all firms of this database.
#[derive(Debug, Default)]
pub struct Boards {
    held: RwLock<FxHashMap<FirmId, Arc<Board>>>,
    /// One reads, the others wait for what it found.
    reading: Mutex<()>,
}

impl Boards {
    /// The board of a firm at `revision` or later.
    pub async fn at(&self, db: &Db, firm: FirmId, revision: i64) -> Result<Arc<Board>> {
        if let Some(board) = self.held(firm, revision).await {
            return Ok(board);
        }
        let _alone = self.reading.lock().await;
        if let Some(board) = self.held(firm, revision).await {
            return Ok(board);
        }
        let known = self.held.read().await.get(&firm).cloned();
        let board = Arc::new(renewed(db, firm, known.as_deref()).await?);
        self.held.write().await.insert(firm, Arc::clone(&board));
        Ok(board)
    }

    /// The board of a firm as it is now.
    pub async fn now(&self, db: &Db, firm: FirmId) -> Result<Arc<Board>> {
        let revision = changes::revision(&mut db.read().await?, firm).await?;
        self.at(db, firm, revision).await
    }

    async fn held(&self, firm: FirmId, revision: i64) -> Option<Arc<Board>> {
        self.held.read().await.get(&firm).filter(|board| revision <= board.revision).cloned()
    }
}

async fn renewed(db: &Db, firm: FirmId, known: Option<&Board>) -> Result<Board> {
    let mut tx = db.read().await?;
    let revision = changes::revision(&mut tx, firm).await?;
    if let Some(known) = known
        && let Some(clients) = changes::clients_since(&mut tx, firm, known.revision, revision).await?
    {
        let mut board = Board { revision, ..known.clone() };
        for (client, revisions) in clients {
            if !board.go_on(&mut tx, client, &revisions).await? {
                let open = load::open_at(&mut tx, firm, &board.firm, client).await?;
                board.open.insert(client, open);
                let known = load::known_of(&mut tx, firm, &board.firm, client).await?;
                board.known.insert(client, Arc::new(known));
            }
        }
        return Ok(board);
    }
    let house = Arc::new(load::house(&mut tx, firm).await?);
    let open = load::open(&mut tx, firm, &house).await?;
    let known = load::known(&mut tx, firm, &house).await?;
    Ok(Board { revision, firm: house, open, known, openings: Arc::default() })
}
