//! The whole record of a firm, for reports.

use care::acts::Direction;
use care::book::FirmBook;
use care::entry::{Entry, Message};
use care::obligation::Obligation;
use care::people::Who;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;

use crate::clients::{self, Money};
use crate::db::Tx;
use crate::departures::{self, Departure};
use crate::error::Result;
use crate::ids::{AddressId, ClientId, FirmId, StaffId};
use crate::record::{book, owed, read, texts};
use crate::staff;

/// Everything that reports look at, up to a moment.
pub struct Whole {
    /// Who is who, hours and standards.
    pub book: FirmBook,
    /// Entries up to the moment, in time order.
    pub entries: Vec<Entry>,
    /// What is and was owed.
    pub obligations: Vec<Obligation>,
    /// Who left, by the day on which it was noticed.
    pub departures: Vec<Departure>,
    /// The firm's zone.
    pub zone: TimeZone,
    /// The moment.
    pub now: Timestamp,
    staff: FxHashMap<StaffId, String>,
    clients: FxHashMap<ClientId, (String, Option<Money>)>,
    people: FxHashMap<AddressId, (String, String)>,
}

/// A message between the firm and a client.
pub(super) struct Contact<'a> {
    pub(super) client: ClientId,
    pub(super) direction: Direction,
    /// The people of the firm on it: who wrote it, or to whom it went.
    pub(super) staff: Vec<StaffId>,
    /// The client's people on it.
    pub(super) theirs: Vec<AddressId>,
    pub(super) message: &'a Message,
}

impl Whole {
    /// Reads everything up to a moment.
    pub async fn load(tx: &mut Tx, firm: FirmId, zone: TimeZone, now: Timestamp) -> Result<Whole> {
        let book = book::load(tx, firm).await?;
        let mut entries = Vec::new();
        read::load_all(tx, firm, |entry| {
            if entry.at() <= now {
                entries.push(entry);
            }
        })
        .await?;
        entries.sort_by_key(Entry::order);
        let mut obligations = owed::all(tx, firm).await?;
        obligations.retain(|owed| owed.opened_at <= now);
        let staff = staff::store::all(tx, firm).await?;
        let clients = clients::store::all(tx, firm).await?;
        let outside = |address: &AddressId| book.directory.who(*address).client().is_some();
        let met = entries.iter().filter_map(|entry| match entry {
            Entry::Message(message) => Some(std::iter::once(message.from).chain(message.recipients())),
            _ => None,
        });
        let people: rustc_hash::FxHashSet<AddressId> = met.flatten().filter(outside).collect();
        let people = texts::addresses(tx, firm, people).await?;
        let today = now.to_zoned(zone.clone()).date();
        let mut departures = departures::store::all(tx, firm).await?;
        departures.retain(|departure| departure.noticed <= today);
        Ok(Whole {
            departures,
            people,
            book,
            entries,
            obligations,
            zone,
            now,
            staff: staff.into_iter().map(|person| (person.id, person.name)).collect(),
            clients: clients.into_iter().map(|client| (client.id, (client.name, client.revenue))).collect(),
        })
    }

    pub(super) fn staff(&self, id: Option<StaffId>) -> String {
        id.and_then(|id| self.staff.get(&id)).map_or_else(|| "nobody".to_owned(), String::clone)
    }

    pub(super) fn client(&self, id: ClientId) -> String {
        self.clients.get(&id).map_or_else(String::new, |(name, _)| name.clone())
    }

    pub(super) fn clients(&self) -> impl Iterator<Item = (ClientId, &str, Option<&Money>)> {
        self.clients.iter().map(|(id, (name, revenue))| (*id, name.as_str(), revenue.as_ref()))
    }

    pub(super) fn person(&self, address: AddressId) -> String {
        match self.people.get(&address) {
            Some((text, name)) if name.is_empty() => text.clone(),
            Some((_, name)) => name.clone(),
            None => String::new(),
        }
    }

    pub(super) fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// `2025-09`.
    pub(super) fn month(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m").to_string()
    }

    /// `2025-W36`.
    pub(super) fn week(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%G-W%V").to_string()
    }

    /// The messages between the firm and its clients, one for each client on them.
    pub(super) fn contacts(&self) -> impl Iterator<Item = Contact<'_>> {
        self.entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Message(message) if !message.automatic => Some(message),
                _ => None,
            })
            .flat_map(|message| self.contacts_of(message))
    }

    fn contacts_of<'a>(&'a self, message: &'a Message) -> Vec<Contact<'a>> {
        let who = |address: AddressId| self.book.directory.who(address);
        if let Some(client) = who(message.from).client() {
            let staff: Vec<StaffId> = message.recipients().filter_map(|to| who(to).staff()).collect();
            let theirs = vec![message.from];
            return vec![Contact { client, direction: Direction::In, staff, theirs, message }];
        }
        let Who::Staff(writer) = who(message.from) else { return Vec::new() };
        let mut by_client: Vec<Contact<'a>> = Vec::new();
        for to in message.recipients() {
            let Some(client) = who(to).client() else { continue };
            match by_client.iter_mut().find(|contact| contact.client == client) {
                Some(contact) => contact.theirs.push(to),
                None => by_client.push(Contact {
                    client,
                    direction: Direction::Out,
                    staff: vec![writer],
                    theirs: vec![to],
                    message,
                }),
            }
        }
        by_client
    }
}
