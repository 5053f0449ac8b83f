//! Writes who is who.

use care::acts::Direction;
use care::entry::{Entry, Message};
use care::people::{ClientKind, Directory, Who};
use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};
use sqlx::query;

use super::few::way;
use super::stored::Stored;
use crate::clients::domains::domain_of;
use crate::clients::{self, Client, Placement, Scope};
use crate::db::{Tx, rows, run};
use crate::error::Result;
use crate::firm::{self, Custom};
use crate::ids::{AddressId, ClientId, FirmId, MailboxId, StaffId};
use crate::intake::own::Own;
use crate::intake::place::{ClientFile, Placed, StaffFile};
use crate::intake::robots::is_robot;
use crate::intake::standing::names_somebody_of;
use crate::record::{store, threads};
use crate::staff::{self, Person};

const OWNER: &str = "UPDATE mailbox SET staff_id = $3, address = $4 WHERE firm_id = $1 AND mailbox_id = $2";
const IN: &str = "UPDATE message SET direction = 'in' WHERE {+}firm_id = {firm} AND entry_id IN {list}";
const OUT: &str = "UPDATE message SET direction = 'out' WHERE {+}firm_id = {firm} AND entry_id IN {list}";
const INTERNAL: &str =
    "UPDATE message SET direction = 'internal' WHERE {+}firm_id = {firm} AND entry_id IN {list}";

/// The stored ids of those whom [`Placed`] numbers from 1.
pub(super) struct Numbers {
    staff: Vec<StaffId>,
    clients: Vec<ClientId>,
}

impl Numbers {
    fn staff(&self, id: StaffId) -> Option<StaffId> {
        self.staff.get(usize::try_from(id.0 - 1).ok()?).copied()
    }

    fn client(&self, id: ClientId) -> Option<ClientId> {
        self.clients.get(usize::try_from(id.0 - 1).ok()?).copied()
    }

    fn who(&self, who: Who) -> Option<Who> {
        Some(match who {
            Who::Client { client, .. } => Who::Client { client: self.client(client)?, contact: None },
            Who::Partner(client) => Who::Partner(self.client(client)?),
            Who::Staff(staff) => Who::Staff(self.staff(staff)?),
            other => other,
        })
    }
}

/// Stores staff and correspondents; whoever is proposed no more goes.
pub(super) async fn people(
    tx: &mut Tx,
    firm: FirmId,
    stored: &Stored,
    placed: &Placed,
    now: Timestamp,
) -> Result<Numbers> {
    let staff = staff(tx, firm, stored, placed, now).await?;
    let clients = match placed.clients_are_known {
        true => stored.listed.clone(),
        false => correspondents(tx, firm, stored, placed, now).await?,
    };
    let kept: FxHashSet<ClientId> = clients.iter().copied().collect();
    for client in stored.clients.iter().filter(|client| client.is_proposed() && !kept.contains(&client.id)) {
        clients::store::remove(tx, firm, client.id).await?;
    }
    let numbers = Numbers { staff, clients };
    named_later(tx, firm, stored, placed, &numbers, now).await?;
    Ok(numbers)
}

async fn staff(
    tx: &mut Tx,
    firm: FirmId,
    stored: &Stored,
    placed: &Placed,
    now: Timestamp,
) -> Result<Vec<StaffId>> {
    let owner: FxHashMap<AddressId, usize> = stored
        .staff
        .iter()
        .enumerate()
        .flat_map(|(n, person)| person.addresses.iter().map(move |address| (*address, n)))
        .collect();
    let listed = stored.roster.staff.len();
    let mut taken: FxHashSet<usize> = (0..listed).collect();
    let mut ids = Vec::with_capacity(placed.staff.len());
    for (n, file) in placed.staff.iter().enumerate() {
        let addresses: Vec<AddressId> = file
            .staff
            .addresses
            .iter()
            .copied()
            .filter(|a| (a.0 as usize) < stored.known_addresses)
            .collect();
        let known = match n < listed {
            true => Some(n),
            false => addresses.iter().filter_map(|a| owner.get(a)).copied().find(|at| taken.insert(*at)),
        };
        let old = known.map(|at| &stored.staff[at]);
        let person = person_of(old, file, addresses, || StaffId(tx.new_id()));
        if old != Some(&person) {
            staff::store::save(tx, firm, &person, now).await?;
        }
        ids.push(person.id);
    }
    for (n, person) in stored.staff.iter().enumerate() {
        if !taken.contains(&n) {
            staff::store::remove(tx, firm, person.id).await?;
        }
    }
    Ok(ids)
}

fn person_of(
    old: Option<&Person>,
    file: &StaffFile,
    addresses: Vec<AddressId>,
    id: impl FnOnce() -> StaffId,
) -> Person {
    match old {
        Some(old) if !old.proposed => {
            let mut person = old.clone();
            person.addresses.extend(addresses.into_iter().filter(|address| !old.addresses.contains(address)));
            person
        }
        Some(old) => Person { name: file.name.clone(), addresses, ..old.clone() },
        None => Person {
            id: id(),
            name: file.name.clone(),
            role: String::new(),
            access: "staff".to_owned(),
            left: None,
            proposed: true,
            addresses,
            custom: Custom::default(),
        },
    }
}

async fn correspondents(
    tx: &mut Tx,
    firm: FirmId,
    stored: &Stored,
    placed: &Placed,
    now: Timestamp,
) -> Result<Vec<ClientId>> {
    let known: FxHashMap<&str, &Client> =
        stored.clients.iter().map(|client| (client.external_key.as_str(), client)).collect();
    let mut ids = Vec::with_capacity(placed.clients.len());
    for file in &placed.clients {
        let old = known.get(file.slug.as_str()).copied();
        if let Some(old) = old.filter(|old| old.name == file.name || !old.is_proposed()) {
            ids.push(old.id);
            continue;
        }
        let id = old.map_or_else(|| ClientId(tx.new_id()), |old| old.id);
        ids.push(clients::store::save(tx, firm, &correspondent(id, file), now).await?);
    }
    Ok(ids)
}

fn correspondent(id: ClientId, file: &ClientFile) -> Client {
    Client::new(id, file.slug.clone(), file.name.clone(), ClientKind::Correspondent)
}

/// A list may name a point person or handler whom nobody had met when it was imported.
async fn named_later(
    tx: &mut Tx,
    firm: FirmId,
    stored: &Stored,
    placed: &Placed,
    numbers: &Numbers,
    now: Timestamp,
) -> Result<()> {
    let staff = |text: &str| {
        let text = text.to_lowercase();
        placed.named_staff(&text, &stored.addresses).and_then(|staff| numbers.staff(staff))
    };
    for client in stored.clients.iter().filter(|client| client.point_person.is_none()) {
        if let Some(person) = client.custom.get("point_person").and_then(|text| staff(text)) {
            let client = Client { point_person: Some(person), ..client.clone() };
            clients::store::save(tx, firm, &client, now).await?;
        }
    }
    for matter in crate::matters::store::all(tx, firm).await? {
        let named = matter.custom.get("handler").filter(|_| matter.handler.is_none());
        if let Some(person) = named.and_then(|text| staff(text)) {
            let matter = crate::matters::Matter { handler: Some(person), ..matter };
            crate::matters::store::save(tx, firm, &matter, now).await?;
        }
    }
    Ok(())
}

/// Stores whom domains and addresses belong to by the traffic.
pub(super) async fn placements(
    tx: &mut Tx,
    firm: FirmId,
    stored: &Stored,
    placed: &Placed,
    numbers: &Numbers,
    now: Timestamp,
) -> Result<()> {
    let proposal =
        |scope, text: &str, who| Placement { scope, text: text.to_owned(), who, decided_by: None, at: now };
    let mut proposals = Vec::new();
    for (domain, who) in &placed.domains {
        proposals.extend(numbers.who(*who).map(|who| proposal(Scope::Domain, domain, who)));
    }
    if !placed.clients_are_known {
        for (file, client) in placed.clients.iter().zip(&numbers.clients) {
            let scope = if file.slug.contains('@') { Scope::Address } else { Scope::Domain };
            proposals.push(proposal(scope, &file.slug, Who::Client { client: *client, contact: None }));
        }
    }
    let decided: FxHashSet<AddressId> = stored.roster.decided.iter().map(|(address, _)| *address).collect();
    for (address, text) in stored.addresses.iter().filter(|(address, _)| !decided.contains(address)) {
        match placed.directory.who(address) {
            Who::Robot => proposals.push(proposal(Scope::Address, text, Who::Robot)),
            // At a client's own domain, but no person there.
            Who::Unplaced if domain_of(text).is_some() && placed.clients_are_known && is_robot(text) => {
                proposals.push(proposal(Scope::Address, text, Who::Unplaced));
            }
            _ => {}
        }
    }
    clients::store::replace_proposals(tx, firm, &proposals).await
}

/// Stores the firm's own domains, and its name where nobody has given it one.
pub(super) async fn firm(tx: &mut Tx, id: FirmId, own: &Own, now: Timestamp) -> Result<()> {
    let mut settings = firm::store::load(tx, id).await?;
    let before = settings.clone();
    settings.domains.clone_from(&own.domains);
    if settings.name.is_empty()
        && let Some(domain) = own.domains.first()
    {
        settings.name.clone_from(domain);
    }
    if settings != before {
        firm::store::save(tx, &settings, now).await?;
    }
    Ok(())
}

/// A mailbox belongs to whoever wrote most of what lies in its folder of sent mail.
pub(super) async fn mailboxes(
    tx: &mut Tx,
    firm: FirmId,
    stored: &Stored,
    placed: &Placed,
    numbers: &Numbers,
) -> Result<()> {
    let mut writers: FxHashMap<MailboxId, FxHashMap<AddressId, u32>> = FxHashMap::default();
    for (mailbox, entry) in &stored.sent {
        if let Some(message) = stored.message(*entry) {
            *writers.entry(*mailbox).or_default().entry(message.from).or_default() += 1;
        }
    }
    for (mailbox, writers) in writers {
        let own = writers.into_iter().filter_map(|(address, times)| {
            let staff = numbers.staff(placed.directory.who(address).staff()?)?;
            Some((times, std::cmp::Reverse(address), staff))
        });
        if let Some((_, address, staff)) = own.max() {
            let address = i64::from(address.0.0);
            run!(tx, query(OWNER).bind(firm.0).bind(mailbox.0).bind(staff.0).bind(address))?;
        }
    }
    Ok(())
}

/// What people wrote to a mailing list opens nothing, unless somebody of the firm is named.
pub(super) async fn quiet_lists(
    tx: &mut Tx,
    firm: FirmId,
    stored: &mut Stored,
    directory: &Directory,
) -> Result<()> {
    for (entry, before) in &stored.through_lists {
        let Some(at) = stored.messages.get(entry) else { continue };
        let Entry::Message(message) = &mut stored.entries[*at] else { continue };
        message.automatic = !names_somebody_of(directory, message);
        if message.automatic != *before {
            store::change(tx, firm, message).await?;
        }
    }
    Ok(())
}

/// Mends which way a few messages went, where that is not as it is stored; gives whether any went another way. Their
/// threads are still to be renewed then.
pub(super) async fn directions_of(
    tx: &mut Tx,
    firm: FirmId,
    messages: impl Iterator<Item = (&Message, Direction)>,
    directory: &Directory,
) -> Result<bool> {
    let is_own = |address: AddressId| matches!(directory.who(address), Who::Staff(_));
    let wrong = messages.filter_map(|(message, stored)| {
        let now = way(is_own, message);
        (now != stored).then_some((now, message.entry.0))
    });
    let wrong: Vec<(Direction, i64)> = wrong.collect();
    goes(tx, firm, &wrong).await?;
    Ok(!wrong.is_empty())
}

/// Mends which way messages went, now that it is known who is the firm's.
pub(super) async fn directions(
    tx: &mut Tx,
    firm: FirmId,
    stored: &Stored,
    directory: &Directory,
) -> Result<()> {
    let is_own = |address: AddressId| matches!(directory.who(address), Who::Staff(_));
    let (mut wrong, mut touched) = (Vec::new(), Vec::new());
    for entry in &stored.entries {
        let Entry::Message(message) = entry else { continue };
        let now = way(is_own, message);
        if stored.directions.get(&message.entry) != Some(&now) {
            wrong.push((now, message.entry.0));
            touched.push(message.thread.cast_signed());
        }
    }
    goes(tx, firm, &wrong).await?;
    touched.sort_unstable();
    touched.dedup();
    threads::renew(tx, firm, &touched).await
}

/// Writes which way messages went.
async fn goes(tx: &mut Tx, firm: FirmId, messages: &[(Direction, i64)]) -> Result<()> {
    for (direction, text) in [(Direction::In, IN), (Direction::Out, OUT), (Direction::Internal, INTERNAL)] {
        let those = messages.iter().filter(|(now, _)| *now == direction);
        let entries: Vec<i64> = those.map(|(_, entry)| *entry).collect();
        rows::for_each_of(tx, text, firm, &entries).await?;
    }
    Ok(())
}
