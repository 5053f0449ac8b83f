//! What is stored of a firm, in the form in which a scan has it.

use std::collections::BTreeSet;

use care::acts::Direction;
use care::entry::{Entry, Message};
use care::people::{ClientKind, Who};
use rustc_hash::{FxHashMap, FxHashSet};
use sqlx::query_as;

use crate::clients::{self, Client, Placement};
use crate::db::{Tx, rows, sql};
use crate::error::Result;
use crate::firm;
use crate::ids::{AddressId, ClientId, EntryId, FirmId, MailboxId};
use crate::intake::addresses::Addresses;
use crate::intake::own::Own;
use crate::intake::robots::is_robot;
use crate::intake::roster::{ListedClient, ListedContact, ListedStaff, Roster};
use crate::intake::traffic::Traffic;
use crate::record::addresses::AddressBook;
use crate::record::book::Placed;
use crate::record::{THROUGH_LIST, direction_name, read};
use crate::staff::{self, Person};

const PEOPLE: &str = "SELECT entry_id, direction, automatic, people FROM message {whole} WHERE firm_id = $1";
const SENT: &str = "SELECT f.mailbox_id, m.entry_id FROM entry_mailbox m
    JOIN folder f ON f.firm_id = m.firm_id AND f.folder_id = m.folder_id
    WHERE m.firm_id = $1 AND f.kind = 'sent'";

/// What is stored of a firm.
pub(crate) struct Stored {
    /// All entries.
    pub(crate) entries: Vec<Entry>,
    /// Where each message is among them.
    pub(crate) messages: FxHashMap<EntryId, usize>,
    /// Every address, under its own number.
    pub(crate) addresses: Addresses,
    /// How many of them are stored; those after were met in lists alone.
    pub(crate) known_addresses: usize,
    /// What the mail tells about each.
    pub(crate) traffic: Traffic,
    /// What lists and people said.
    pub(crate) roster: Roster,
    /// The firm's own domains, as somebody named them.
    pub(crate) named_domains: BTreeSet<String>,
    /// The people of the firm: first those of the list, in the order of the roster.
    pub(crate) staff: Vec<Person>,
    /// All clients.
    pub(crate) clients: Vec<Client>,
    /// The clients of the lists, in the order of the roster.
    pub(crate) listed: Vec<ClientId>,
    /// Clients that somebody confirmed one by one.
    pub(crate) confirmed: usize,
    /// What people wrote to mailing lists, and whether it is stored as automatic.
    pub(crate) through_lists: Vec<(EntryId, bool)>,
    /// Which way each message went, as it is stored.
    pub(crate) directions: FxHashMap<EntryId, Direction>,
    /// What lies in folders of sent mail.
    pub(crate) sent: Vec<(MailboxId, EntryId)>,
}

impl Stored {
    pub(crate) async fn load(tx: &mut Tx, firm: FirmId) -> Result<Stored> {
        let mut book = AddressBook::default();
        book.look(tx, firm).await?;
        let mut addresses = Addresses::default();
        book.iter().for_each(|(_, text)| addresses.add(text));
        let mut staff = staff::store::all(tx, firm).await?;
        staff.sort_by_key(|person| (person.proposed, person.id));
        let clients = clients::store::all(tx, firm).await?;
        let placements = clients::store::placements(tx, firm).await?;
        let mut entries = Vec::new();
        read::load_all(tx, firm, |entry| entries.push(entry)).await?;
        let (roster, listed, confirmed) = roster(tx, firm, &staff, &clients, &placements, &addresses).await?;
        let mut stored = Stored {
            messages: places(&entries),
            entries,
            known_addresses: addresses.len(),
            addresses,
            traffic: Traffic::default(),
            roster,
            named_domains: firm::store::load(tx, firm).await?.named_domains,
            staff,
            clients,
            listed,
            confirmed,
            through_lists: Vec::new(),
            directions: FxHashMap::default(),
            sent: Vec::new(),
        };
        stored.read_people(tx, firm).await?;
        stored.read_sent(tx, firm).await?;
        stored.count();
        Ok(stored)
    }

    /// Who the firm itself is.
    pub(crate) fn own(&mut self) -> Own {
        let own = match self.roster.staff.is_empty() {
            true => Own::from_traffic(&self.traffic, &self.addresses),
            false => {
                let emails =
                    self.roster.staff.iter().flat_map(|person| person.emails.iter().map(String::as_str));
                Own::from_staff(emails, &mut self.addresses)
            }
        };
        own.and_domains(&self.named_domains)
    }

    pub(crate) fn message(&self, entry: EntryId) -> Option<&Message> {
        match self.messages.get(&entry).map(|place| &self.entries[*place]) {
            Some(Entry::Message(message)) => Some(message),
            _ => None,
        }
    }

    /// Counts the traffic. What people wrote to lists counts as theirs here.
    fn count(&mut self) {
        for (entry, automatic) in &mut self.through_lists {
            if let Some(Entry::Message(message)) = self.messages.get(entry).map(|at| &mut self.entries[*at]) {
                *automatic = std::mem::take(&mut message.automatic);
            }
        }
        for entry in &self.entries {
            if let Entry::Message(message) = entry {
                self.traffic.note(message);
            }
        }
    }

    async fn read_people(&mut self, tx: &mut Tx, firm: FirmId) -> Result<()> {
        type Row = (i64, String, Option<String>, String);
        rows::every(tx, PEOPLE, firm, |(entry, direction, automatic, people): Row| {
            self.directions.insert(EntryId(entry), direction_of(&direction));
            if automatic.as_deref() == Some(THROUGH_LIST) {
                self.through_lists.push((EntryId(entry), false));
            }
            for line in people.lines() {
                let Some((name, address)) = line.rsplit_once(" <") else { continue };
                if let Some(address) = self.addresses.find(address.trim_end_matches('>')) {
                    self.traffic.note_name(address, name);
                }
            }
        })
        .await
    }

    async fn read_sent(&mut self, tx: &mut Tx, firm: FirmId) -> Result<()> {
        let rows: Vec<(i64, i64)> = sql!(tx, c => query_as(SENT).bind(firm.0).fetch_all(c).await)?;
        let mut seen = FxHashSet::default();
        for (mailbox, entry) in rows {
            let entry = EntryId(entry);
            if let Some(from) = self.message(entry).map(|message| message.from)
                && seen.insert(entry)
            {
                self.traffic.note_sent(from);
            }
            self.sent.push((MailboxId(mailbox), entry));
        }
        Ok(())
    }
}

fn direction_of(name: &str) -> Direction {
    let all = [Direction::In, Direction::Out, Direction::Internal];
    all.into_iter().find(|direction| direction_name(*direction) == name).unwrap_or(Direction::In)
}

fn places(entries: &[Entry]) -> FxHashMap<EntryId, usize> {
    let is_message = |(_, entry): &(usize, &Entry)| matches!(entry, Entry::Message(_));
    entries.iter().enumerate().filter(is_message).map(|(n, entry)| (entry.id(), n)).collect()
}

/// What lists and people said; the ids of the listed clients in the roster's order; how many were confirmed singly.
async fn roster(
    tx: &mut Tx,
    firm: FirmId,
    staff: &[Person],
    clients: &[Client],
    placements: &[Placement],
    addresses: &Addresses,
) -> Result<(Roster, Vec<ClientId>, usize)> {
    let decided: Vec<&Placement> =
        placements.iter().filter(|placement| placement.decided_by.is_some()).collect();
    let one_by_one: FxHashSet<ClientId> =
        decided.iter().filter_map(|placement| placement.who.client()).collect();
    // A client that somebody confirmed goes by the domain or address by which it was confirmed.
    let is_confirmed = |client: &Client| {
        one_by_one.contains(&client.id)
            && decided.iter().any(|placement| placement.text == client.external_key)
    };
    let served: Vec<&Client> = clients.iter().filter(|client| !client.is_proposed()).collect();
    let listed: Vec<&&Client> = served.iter().filter(|client| !is_confirmed(client)).collect();
    let keys: FxHashMap<ClientId, &str> =
        listed.iter().map(|client| (client.id, client.external_key.as_str())).collect();
    let text = |address: &AddressId| addresses.text(*address).to_owned();
    let emails = |all: &[AddressId]| all.iter().map(text).filter(|text| text.contains('@')).collect();
    let contacts = clients::removed::with_contacts(tx, firm).await?;
    let roster = Roster {
        staff: staff
            .iter()
            .filter(|person| !person.proposed)
            .map(|person| ListedStaff {
                name: person.name.clone(),
                emails: emails(&person.addresses),
                phones: Vec::new(),
            })
            .collect(),
        clients: listed.iter().map(|client| listed_client(client)).collect(),
        contacts: contacts
            .iter()
            .filter_map(|contact| {
                let client_id = (*keys.get(&contact.client)?).to_owned();
                let emails = emails(&contact.addresses);
                Some(ListedContact { client_id, name: contact.name.clone(), emails, phones: Vec::new() })
            })
            .collect(),
        decided: decided_addresses(&decided, addresses),
        ..Roster::default()
    };
    let confirmed = served.len() - listed.len();
    Ok((roster, listed.iter().map(|client| client.id).collect(), confirmed))
}

fn listed_client(client: &Client) -> ListedClient {
    ListedClient {
        client_id: client.external_key.clone(),
        name: client.name.clone(),
        kind: if client.kind == ClientKind::Partner { ClientKind::Partner } else { ClientKind::Organisation },
        since: None,
        tier: None,
        point_person: None,
        told: Vec::new(),
    }
}

/// Whom each address belongs to by what people said of it or of its domain.
fn decided_addresses(decided: &[&Placement], addresses: &Addresses) -> Vec<(AddressId, Who)> {
    let said = Placed::of(decided.iter().copied().cloned());
    if said.is_empty() {
        return Vec::new();
    }
    // A machine at somebody's domain is not them.
    let of_domain = |text: &str| said.of_domain(text).filter(|_| !is_robot(text));
    let who = |text: &str| said.of_address(text).or_else(|| of_domain(text));
    let placed = addresses.iter().filter_map(|(address, text)| Some((address, who(text)?)));
    placed.filter(|(_, who)| *who != Who::Unplaced).collect()
}
