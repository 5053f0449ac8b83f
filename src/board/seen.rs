//! Who asks, and what they may see.

use std::sync::Arc;

use care::book::FirmBook;
use care::entry::{Entry, Verdict};
use care::obligation::{Obligation, ObligationId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::{Board, Card, Face, Open, load};
use crate::access::Access;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{AddressId, ClientId, FirmId, MatterId, NaturalKey, StaffId};
use crate::record::whose::{self, Reader};
use crate::record::{changes, owed, read};

/// Whether somebody may see an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Yes: it is of a client whom they see.
    Clear,
    /// Only if it lies in a mailbox of theirs, or in one that they share: nobody has placed whom it is from or to.
    Mailbox,
    /// No: a wall keeps them out of somebody in it.
    Walled,
}

/// The person who asks, with the firm as it is at this moment. Everything is looked up through them, so what they may
/// not see cannot be found.
#[derive(Debug, Clone)]
pub struct Asker {
    /// Their firm.
    pub firm: FirmId,
    /// Who they are.
    pub staff: StaffId,
    /// What they may do.
    pub access: Access,
    /// Their zone.
    pub zone: TimeZone,
    /// The firm at this moment.
    pub board: Arc<Board>,
}

impl Asker {
    /// Somebody of the firm; none where they have left or are not known.
    pub fn new(firm: FirmId, staff: StaffId, board: Arc<Board>, today: jiff::civil::Date) -> Option<Asker> {
        let face = board.firm.people.get(&staff)?;
        if face.left.is_some_and(|left| left < today) {
            return None;
        }
        let (access, zone) = (face.access, board.firm.zone.clone());
        Some(Asker { firm, staff, access, zone, board })
    }

    /// Themselves.
    pub fn face(&self) -> Option<&Face> {
        self.board.firm.people.get(&self.staff)
    }

    /// The name of somebody of the firm.
    pub fn name_of(&self, staff: StaffId) -> &str {
        self.board.firm.people.get(&staff).map_or("somebody", |face| &face.name)
    }

    /// Whether a wall keeps them out of a client.
    pub fn is_walled(&self, client: ClientId) -> bool {
        self.board.firm.is_walled(self.staff, client)
    }

    /// Whether an address or number is a client's.
    pub fn is_of(&self, address: AddressId, client: ClientId) -> bool {
        self.board.firm.book.directory.who(address).client() == Some(client)
    }

    /// Whether a wall keeps them out of a matter.
    pub fn is_walled_off(&self, matter: MatterId) -> bool {
        self.board.firm.matter_walls.get(&self.staff).is_some_and(|walled| walled.contains(&matter))
    }

    /// Whether they may see a client as such: its page, its name in a list.
    pub fn sees_client(&self, card: &Card) -> bool {
        card.is_confirmed() && !self.is_walled(card.id)
    }

    /// Whether they may see something that is owed.
    pub fn sees(&self, open: &Open) -> bool {
        self.sight_of(open.owed.client).is_some_and(|confirmed| self.sees_at(confirmed, open))
    }

    /// Whether a client is confirmed; none where a wall keeps them out.
    fn sight_of(&self, client: ClientId) -> Option<bool> {
        let confirmed = || self.board.firm.clients.get(&client).is_some_and(Card::is_confirmed);
        (!self.is_walled(client)).then(confirmed)
    }

    /// Whether they may see something owed to a client that they are not kept out of.
    fn sees_at(&self, confirmed: bool, open: &Open) -> bool {
        (confirmed && !open.is_hidden)
            || open.mailboxes_of.contains(&self.staff)
            || (open.is_shared && self.reader().shares)
    }

    /// As whom they read what nobody else sees: what lies in their own mailboxes, and in those that the firm shares where
    /// they are an owner of it.
    pub fn reader(&self) -> Reader {
        Reader { staff: self.staff, shares: self.access == Access::Owner }
    }

    /// Everything open that they may see, in no particular order.
    pub fn open(&self) -> impl Iterator<Item = &Open> {
        // What is the same for all that is owed to a client is asked once.
        let sight = move |(client, open)| Some((self.sight_of(client)?, open));
        self.board
            .by_client()
            .filter_map(sight)
            .flat_map(move |(confirmed, open)| open.iter().filter(move |open| self.sees_at(confirmed, open)))
    }

    /// The firm's book, where nothing has changed since this board was read.
    pub async fn book(&self, tx: &mut Tx) -> Result<Option<&FirmBook>> {
        let revision = changes::revision(tx, self.firm).await?;
        Ok((revision == self.board.revision).then_some(&self.board.firm.book))
    }

    /// A client that they may see.
    pub fn client(&self, id: ClientId) -> Result<&Card> {
        let id = self.board.firm.book.directory.client(id);
        self.board.firm.clients.get(&id).filter(|card| self.sees_client(card)).ok_or(Error::NotFound)
    }

    /// Something owed that they may see, ended or not.
    pub async fn obligation(&self, tx: &mut Tx, id: ObligationId) -> Result<Obligation> {
        let found = owed::one(tx, self.firm, id).await?;
        let open = self.board.open_at(found.client).iter().find(|open| open.owed.id == id);
        let seen = match open {
            Some(open) => self.sees(open),
            // What has ended is seen by whoever would see it, were it open.
            None => {
                let house = &self.board.firm;
                self.sees(&load::one(tx, self.firm, house, found.clone()).await?)
            }
        };
        if seen { Ok(found) } else { Err(Error::NotFound) }
    }

    /// What ended between two moments as it was read, and nobody has said whether that is so: what of it they may see, the
    /// last first.
    pub async fn ended_as_read(&self, tx: &mut Tx, since: Timestamp, until: Timestamp) -> Result<Vec<Open>> {
        let mut found = owed::ended_between(tx, self.firm, since, until).await?;
        found.retain(|owed| owed.ended.is_some_and(|ended| ended.proposed));
        let mut ended = load::with_owners(tx, self.firm, &self.board.firm, found).await?;
        ended.retain(|open| self.sees(open));
        Ok(ended)
    }

    /// Whether they may see an entry.
    pub fn sight(&self, entry: &Entry) -> Sight {
        let clients = self.clients_of(entry);
        if clients.iter().any(|client| self.is_walled(*client)) {
            return Sight::Walled;
        }
        if clients.iter().any(|client| self.is_confirmed(*client)) { Sight::Clear } else { Sight::Mailbox }
    }

    /// The clients that an entry tells of.
    fn clients_of(&self, entry: &Entry) -> SmallVec<[ClientId; 4]> {
        let directory = &self.board.firm.book.directory;
        let of = |address: &AddressId| directory.who(*address).client();
        match entry {
            Entry::Message(message) => {
                let people = std::iter::once(message.from).chain(message.recipients());
                let named = message.mentions.iter().map(|client| directory.client(*client));
                people.filter_map(|address| of(&address)).chain(named).collect()
            }
            Entry::Call(call) => [call.from, call.to].iter().filter_map(of).collect(),
            Entry::Note(note) => {
                note.with.iter().filter_map(of).chain([directory.client(note.client)]).collect()
            }
            Entry::Decision(decision) => {
                decision.what.client().map(|client| directory.client(client)).into_iter().collect()
            }
        }
    }

    /// Whether a wall keeps them out of any of these entries, or of what decisions among them judge, however many
    /// decisions lie between.
    pub async fn is_kept_from(&self, tx: &mut Tx, entries: &[Entry]) -> Result<bool> {
        let decided: Vec<&Verdict> = read::decisions_in(entries).map(|decision| &decision.what).collect();
        let judged = read::judged_by(tx, self.firm, &decided).await?;
        Ok(entries.iter().chain(&judged).any(|entry| self.is_behind_wall(entry)))
    }

    /// Whether what is decided about an entry is about a client that a wall keeps them out of.
    fn is_behind_wall(&self, entry: &Entry) -> bool {
        let directory = &self.board.firm.book.directory;
        let mut clients = self.clients_of(entry);
        match entry {
            Entry::Decision(decision) => match &decision.what {
                Verdict::Merged { from, into } | Verdict::Split { from, into, .. } => {
                    clients.extend([*from, *into]);
                }
                Verdict::Placed { address, who } => {
                    clients.extend(who.client().into_iter().chain(directory.who(*address).client()));
                }
                _ => {}
            },
            // What is owed by a letter or call to both, to whom they see, is theirs to decide.
            Entry::Message(_) | Entry::Call(_)
                if clients.iter().any(|client| self.is_confirmed(*client) && !self.is_walled(*client)) =>
            {
                return false;
            }
            _ => {}
        }
        clients.iter().any(|client| self.is_walled(*client))
    }

    fn is_confirmed(&self, client: ClientId) -> bool {
        self.board.firm.clients.get(&client).is_some_and(Card::is_confirmed)
    }

    /// Of these entries, those that they may see, in the same order.
    pub async fn visible(&self, tx: &mut Tx, mut entries: Vec<Entry>) -> Result<Vec<Entry>> {
        let sights: Vec<Sight> = entries.iter().map(|entry| self.sight(entry)).collect();
        let unsure = entries.iter().zip(&sights).filter(|(_, sight)| **sight == Sight::Mailbox);
        let unsure: Vec<NaturalKey> = unsure.map(|(entry, _)| entry.key()).collect();
        let owners = whose::owners(tx, self.firm, &unsure).await?.into_iter();
        let theirs = owners.filter(|(_, owner)| self.reader().has(*owner)).map(|(entry, _)| entry);
        let theirs: FxHashSet<NaturalKey> = theirs.collect();
        let hidden = if self.board.firm.has_hidden {
            let keys: Vec<NaturalKey> = entries.iter().map(Entry::key).collect();
            load::hidden(tx, self.firm, &keys).await?
        } else {
            FxHashMap::default()
        };
        let mut sights = sights.into_iter();
        entries.retain(|entry| match sights.next() {
            Some(Sight::Clear) => hidden.get(&entry.key()).is_none_or(|owners| owners.contains(&self.staff)),
            Some(Sight::Mailbox) => theirs.contains(&entry.key()),
            Some(Sight::Walled) | None => false,
        });
        Ok(entries)
    }

    /// Those who work here, by name.
    pub fn colleagues(&self) -> Vec<(StaffId, &str)> {
        let here = self.board.firm.people.iter().filter(|(_, face)| face.left.is_none());
        let mut here: Vec<(StaffId, &str)> = here.map(|(staff, face)| (*staff, face.name.as_str())).collect();
        here.sort_unstable_by_key(|(staff, name)| (*name, *staff));
        here
    }

    /// They may act, and not only look.
    pub fn may_act(&self) -> Result<()> {
        match self.access {
            Access::ReadOnly => Err(Error::invalid("you", "may look, but not change anything here")),
            Access::Staff | Access::Owner => Ok(()),
        }
    }

    /// They may set up the firm.
    pub fn may_set_up(&self) -> Result<()> {
        match self.access {
            Access::Owner => Ok(()),
            _ => Err(Error::invalid("you", "need to be an owner of the firm for that; ask one of them")),
        }
    }
}
