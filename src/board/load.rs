//! Reads a board from the record.

use std::sync::Arc;

use care::book::FirmBook;
use care::entry::{Of, Verdict};
use care::fold::Step;
use care::obligation::{Obligation, ObligationId, Role};
use care::people::{ClientKind, Who};
use care::record::in_force;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use sqlx::query_scalar;

use super::outlook::Known;
use super::{Card, Face, House, Merged, Open};
use crate::access::{Access, walls};
use crate::db::{Tx, rows, sql};
use crate::error::{Error, Result};
use crate::ids::{AddressId, ClientId, FirmId, NaturalKey, StaffId};
use crate::record::lately::Told;
use crate::record::outlook::Contact;
use crate::record::{book, outlook, owed, read, texts, whose};
use crate::{clients, firm, staff};

/// Far more than any firm has open.
const ALL: u32 = 10_000_000;

const SHOWN: &str =
    "SELECT e.natural_key, b.staff_id, CAST(CASE WHEN b.shows = 'clients' OR f.shown THEN 1 ELSE 0 END AS BIGINT)
    FROM entry e
    JOIN entry_mailbox m ON m.firm_id = e.firm_id AND m.entry_id = e.entry_id
    JOIN folder f ON f.firm_id = m.firm_id AND f.folder_id = m.folder_id
    JOIN mailbox b ON b.firm_id = f.firm_id AND b.mailbox_id = f.mailbox_id
    WHERE e.firm_id = {firm} AND e.natural_key IN {list}";
const HAS_HIDDEN: &str = "SELECT COUNT(*) FROM mailbox WHERE firm_id = $1 AND shows = 'chosen'";

/// Reads what does not change with a single client's record.
pub(super) async fn house(tx: &mut Tx, firm: FirmId) -> Result<House> {
    let settings = firm::store::load(tx, firm).await?;
    let book = book::load(tx, firm).await?;
    let before_regard = firm::store::before_regard(tx, firm).await?;
    let hiding: i64 = sql!(tx, c => query_scalar(HAS_HIDDEN).bind(firm.0).fetch_one(c).await)?;
    let mut house = House {
        zone: TimeZone::get(&settings.zone).unwrap_or(TimeZone::UTC),
        firm: settings,
        before_regard,
        people: people(tx, firm).await?,
        clients: FxHashMap::default(),
        contacts: FxHashMap::default(),
        addresses: addresses(tx, firm, &book).await?,
        merged: Vec::new(),
        joined: FxHashMap::default(),
        has_hidden: 0 < hiding,
        walls: FxHashMap::default(),
        matter_walls: FxHashMap::default(),
        book,
    };
    let everybody = house.addresses.values().flatten().copied();
    let contacts = clients::removed::with_contacts(tx, firm).await?;
    let contacts = clients::people::as_decided(contacts, &house.book.directory, everybody);
    let words = words(tx, firm, &contacts, &house.book).await?;
    for client in clients::store::all(tx, firm).await? {
        let theirs = words.get(&client.id).map_or("", String::as_str);
        let card = Card {
            id: client.id,
            words: format!("{} {}{theirs}", client.name.to_lowercase(), client.external_key.to_lowercase()),
            since: client.since,
            key: client.external_key,
            name: client.name,
            kind: client.kind,
            tier: client.tier,
            point_person: client.point_person,
        };
        house.clients.insert(card.id, card);
    }
    for contact in contacts.into_iter().filter(|c| !c.name.is_empty()) {
        house.contacts.extend(contact.addresses.iter().map(|address| (*address, contact.name.clone())));
    }
    take_decisions(tx, &mut house).await?;
    for wall in walls::all(tx, firm).await? {
        match wall.matter {
            None => {
                // Whoever is kept out of a client is kept out of what it was merged into.
                let walled = house.walls.entry(wall.staff).or_default();
                walled.insert(house.book.directory.client(wall.client));
                walled.insert(wall.client)
            }
            Some(matter) => house.matter_walls.entry(wall.staff).or_default().insert(matter),
        };
    }
    Ok(house)
}

/// Addresses and numbers by client.
async fn addresses(
    tx: &mut Tx,
    firm: FirmId,
    book: &FirmBook,
) -> Result<FxHashMap<ClientId, Vec<AddressId>>> {
    let mut addresses: FxHashMap<ClientId, Vec<AddressId>> = FxHashMap::default();
    for address in read::addresses(tx, firm).await? {
        if let Some(client) = book.directory.who(address).client() {
            addresses.entry(client).or_default().push(address);
        }
    }
    Ok(addresses)
}

/// What people decided about who is who, and which a page shows with the client.
async fn take_decisions(tx: &mut Tx, house: &mut House) -> Result<()> {
    let decisions = book::decisions_about_clients(tx, house.book.firm).await?;
    for decision in in_force(&decisions) {
        match decision.what {
            Verdict::PointPerson { client, staff } => {
                if let Some(card) = house.clients.get_mut(&house.book.directory.client(client)) {
                    card.point_person = Some(staff);
                }
            }
            Verdict::Merged { from, into } if house.book.directory.client(from) != from => {
                house.merged.push(Merged { from, into, decision: decision.key });
            }
            Verdict::Placed { address, who: Who::Client { contact: Some(_), .. } } => {
                house.joined.insert(address, decision.key);
            }
            _ => {}
        }
    }
    Ok(())
}

/// What clients are found by beside their own name, in lower case.
async fn words(
    tx: &mut Tx,
    firm: FirmId,
    contacts: &[clients::Contact],
    book: &FirmBook,
) -> Result<FxHashMap<ClientId, String>> {
    let texts = texts::addresses(tx, firm, contacts.iter().flat_map(|c| c.addresses.iter().copied())).await?;
    let mut words: FxHashMap<ClientId, String> = FxHashMap::default();
    for contact in contacts.iter().filter(|one| book.directory.removed_at(one.id).is_none()) {
        let words = words.entry(book.directory.client(contact.client)).or_default();
        let addresses = contact.addresses.iter().filter_map(|address| texts.get(address));
        for part in [&contact.name].into_iter().chain(addresses.map(|(text, _)| text)) {
            words.push(' ');
            words.push_str(&part.to_lowercase());
        }
    }
    Ok(words)
}

/// Reads what is known of the contact with every client.
pub(super) async fn known(
    tx: &mut Tx,
    firm: FirmId,
    house: &House,
) -> Result<FxHashMap<ClientId, Arc<Known>>> {
    let all = outlook::all(tx, firm).await?;
    let known = |(client, contact)| {
        (client, Arc::new(Known::new(Arc::new(contact), kind(house, client), since(house, client))))
    };
    Ok(all.into_iter().map(known).collect())
}

/// Reads what is known of the contact with one client.
pub(super) async fn known_of(tx: &mut Tx, firm: FirmId, house: &House, client: ClientId) -> Result<Known> {
    let contact = outlook::of_client(tx, firm, client).await?.unwrap_or_default();
    Ok(known_by(contact.into(), house, client))
}

/// The same, where it is at hand.
pub(super) fn known_by(contact: Arc<Contact>, house: &House, client: ClientId) -> Known {
    Known::new(contact, kind(house, client), since(house, client))
}

/// What is open at a client after these steps, where it is known what was open before. None where who may see it hangs on
/// more than the client.
pub(super) fn open_after(
    before: &[Open],
    steps: &[Arc<Told>],
    house: &House,
    client: ClientId,
) -> Option<Arc<[Open]>> {
    let is_confirmed = house.clients.get(&client).is_some_and(super::Card::is_confirmed);
    if house.has_hidden || !is_confirmed {
        return None;
    }
    let mut told: FxHashSet<ObligationId> = FxHashSet::default();
    let mut open: Vec<Open> = Vec::with_capacity(before.len() + 1);
    for Step { changed, gone } in steps.iter().rev().map(|told| &told.step) {
        // What a later step told of an obligation counts.
        let new: Vec<&Obligation> = changed.iter().filter(|owed| !told.contains(&owed.id)).collect();
        told.extend(changed.iter().map(|owed| owed.id).chain(gone.iter().copied()));
        open.extend(new.into_iter().filter(|owed| owed.ended.is_none()).cloned().map(Open::to_all));
    }
    open.extend(before.iter().filter(|open| !told.contains(&open.owed.id)).cloned());
    Some(open.into())
}

fn kind(house: &House, client: ClientId) -> ClientKind {
    house.clients.get(&client).map(|card| card.kind).unwrap_or_default()
}

fn since(house: &House, client: ClientId) -> Option<Timestamp> {
    let day = house.clients.get(&client)?.since?;
    Some(house.book.calendar.instant(day, jiff::civil::Time::midnight()))
}

async fn people(tx: &mut Tx, firm: FirmId) -> Result<FxHashMap<StaffId, Face>> {
    let people = staff::store::all(tx, firm).await?;
    let numbers: Vec<AddressId> = people.iter().flat_map(|person| person.addresses.clone()).collect();
    let texts = texts::addresses(tx, firm, numbers).await?;
    let email = |person: &staff::Person| {
        let texts = person.addresses.iter().filter_map(|address| texts.get(address));
        texts.map(|(text, _)| text.clone()).find(|text| text.contains('@')).unwrap_or_default()
    };
    Ok(people
        .into_iter()
        .map(|person| {
            let email = email(&person);
            let access = Access::named(&person.access);
            (person.id, Face { name: person.name, role: person.role, email, access, left: person.left })
        })
        .collect())
}

/// Reads everything that is open, by client.
pub(super) async fn open(
    tx: &mut Tx,
    firm: FirmId,
    house: &House,
) -> Result<FxHashMap<ClientId, Arc<[Open]>>> {
    let all = owed::open(tx, firm, None, ALL).await?;
    let mut by_client: FxHashMap<ClientId, Vec<Open>> = FxHashMap::default();
    for open in with_owners(tx, firm, house, all).await? {
        by_client.entry(open.owed.client).or_default().push(open);
    }
    Ok(by_client.into_iter().map(|(client, open)| (client, open.into())).collect())
}

/// Reads what is open at one client.
pub(super) async fn open_at(
    tx: &mut Tx,
    firm: FirmId,
    house: &House,
    client: ClientId,
) -> Result<Arc<[Open]>> {
    let all = owed::open_at(tx, firm, client).await?;
    Ok(with_owners(tx, firm, house, all).await?.into())
}

/// What steps gave is what is there, as far as this transaction sees it.
#[cfg(debug_assertions)]
pub(super) async fn assert_open(tx: &mut Tx, house: &House, client: ClientId, open: &[Open]) -> Result<()> {
    let sorted = |open: &[Open]| {
        let mut all: Vec<String> = open.iter().map(|open| format!("{open:?}")).collect();
        all.sort_unstable();
        all
    };
    let read = open_at(tx, house.book.firm, house, client).await?;
    assert_eq!(sorted(open), sorted(&read), "what was told lately is not what is open at {client:?}");
    Ok(())
}

/// Something owed with who may see it.
pub(super) async fn one(tx: &mut Tx, firm: FirmId, house: &House, owed: Obligation) -> Result<Open> {
    with_owners(tx, firm, house, vec![owed]).await?.pop().ok_or(Error::NotFound)
}

/// Of these messages, those that lie only in folders that are not shown to the firm, with whose they are.
pub(super) async fn hidden(
    tx: &mut Tx,
    firm: FirmId,
    keys: &[NaturalKey],
) -> Result<FxHashMap<NaturalKey, SmallVec<[StaffId; 2]>>> {
    let keys: Vec<i64> = keys.iter().map(|key| key.0.cast_signed()).collect();
    let mut found: FxHashMap<NaturalKey, SmallVec<[StaffId; 2]>> = FxHashMap::default();
    let mut shown: FxHashSet<NaturalKey> = FxHashSet::default();
    for (key, owner, is_shown) in rows::pick::<(i64, Option<i64>, i64)>(tx, SHOWN, firm, &keys).await? {
        let key = NaturalKey(key.cast_unsigned());
        if is_shown != 0 {
            shown.insert(key);
        }
        found.entry(key).or_default().extend(owner.map(StaffId));
    }
    found.retain(|key, _| !shown.contains(key));
    Ok(found)
}

/// Finds out who may see what is owed to correspondents whom nobody has placed, and what its owner does not show.
pub(super) async fn with_owners(
    tx: &mut Tx,
    firm: FirmId,
    house: &House,
    all: Vec<Obligation>,
) -> Result<Vec<Open>> {
    let unplaced =
        |owed: &Obligation| !house.clients.get(&owed.client).is_some_and(super::Card::is_confirmed);
    let openers: FxHashSet<NaturalKey> =
        all.iter().filter(|owed| unplaced(owed)).filter_map(opener_message).collect();
    let mut owners: FxHashMap<NaturalKey, SmallVec<[StaffId; 2]>> = FxHashMap::default();
    let mut shared: FxHashSet<NaturalKey> = FxHashSet::default();
    let openers: Vec<NaturalKey> = openers.into_iter().collect();
    for (key, owner) in whose::owners(tx, firm, &openers).await? {
        let Some(owner) = owner else {
            shared.insert(key);
            continue;
        };
        let owners = owners.entry(key).or_default();
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }
    let hidden = if house.has_hidden {
        let keys: Vec<NaturalKey> = all.iter().filter_map(opener_message).collect();
        hidden(tx, firm, &keys).await?
    } else {
        FxHashMap::default()
    };
    Ok(all
        .into_iter()
        .map(|owed| {
            let concealed = opener_message(&owed).and_then(|key| hidden.get(&key));
            let mailboxes_of = match opener_message(&owed) {
                _ if !unplaced(&owed) => concealed.cloned().unwrap_or_default(),
                Some(key) => owners.get(&key).cloned().unwrap_or_default(),
                // A call lies in no mailbox: whose desk it rang at may know of it.
                None if !owed.kind.is_upkeep() => owed.owner.into_iter().collect(),
                None => SmallVec::new(),
            };
            let is_shared = opener_message(&owed).is_some_and(|key| shared.contains(&key));
            Open { owed, mailboxes_of, is_shared, is_hidden: concealed.is_some() }
        })
        .collect())
}

fn opener_message(owed: &Obligation) -> Option<NaturalKey> {
    let opener = owed.evidence.iter().find(|evidence| evidence.role == Role::Opened)?;
    match opener.of {
        Of::Message(key) => Some(key),
        _ => None,
    }
}
