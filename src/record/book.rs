//! The firm book: everything the fold must know that is not one client's record.

mod at_hand;

use care::book::FirmBook;
use care::entry::{Decision, Entry};
use care::people::{self, Directory, Who};
use care::record::in_force;
use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sqlx::{query_as, query_scalar};

pub use at_hand::{AtHand, at_hand};

use super::read;
use crate::clients::domains::{domain_of, organisation_domain};
use crate::clients::{self, Placement, Scope};
use crate::db::{Ts, Tx, sql};
use crate::error::Result;
use crate::ids::{AddressId, ClientId, FirmId, NaturalKey, StaffId};
use crate::{firm, matters, staff};

const ADDRESSES: &str = "SELECT address, text FROM address WHERE firm_id = $1";
const RECORD_FROM: &str = "SELECT record_from_at FROM firm WHERE firm_id = $1";
const ABOUT_PEOPLE: &str = "SELECT e.natural_key FROM decision d
    JOIN entry e ON e.firm_id = d.firm_id AND e.entry_id = d.entry_id
    WHERE d.firm_id = $1 AND d.kind IN ('placed', 'merged', 'split', 'taken_back')";
const ABOUT_CLIENTS: &str = "SELECT e.natural_key FROM decision d
    JOIN entry e ON e.firm_id = d.firm_id AND e.entry_id = d.entry_id
    WHERE d.firm_id = $1 AND d.kind IN ('point_person', 'placed', 'merged', 'taken_back')";

const ABOUT_COVER: &str = "SELECT e.natural_key FROM decision d
    JOIN entry e ON e.firm_id = d.firm_id AND e.entry_id = d.entry_id
    WHERE d.firm_id = $1 AND d.kind IN ('point_person', 'cover', 'taken_back')";

/// Reads the book of a firm, with its decisions about who is who applied.
///
/// Of what is said about an address the most exact counts: that a person of the firm or a contact has it, else what
/// was said of it alone, else what was said of its domain; and above all of these what somebody decided.
pub async fn load(tx: &mut Tx, firm: FirmId) -> Result<FirmBook> {
    Ok(load_whole(tx, firm).await?.book)
}

/// A book as it was read, with what it was made from that a fold does not ask for.
struct Whole {
    book: FirmBook,
    placed: Placed,
    settings: firm::Firm,
    /// A list says who works here.
    staff_listed: bool,
}

async fn load_whole(tx: &mut Tx, firm: FirmId) -> Result<Whole> {
    let settings = firm::store::load(tx, firm).await?;
    let people = staff::store::all(tx, firm).await?;
    let staff_listed = people.iter().any(|person| !person.proposed);
    let removed = clients::removed::all(tx, firm).await?;
    let contacts = clients::store::contacts(tx, firm).await?;
    let placed = Placed::load(tx, firm).await?;
    let mut directory = Directory::default();
    if !placed.is_empty() {
        let all: Vec<(i64, String)> = sql!(tx, c => query_as(ADDRESSES).bind(firm.0).fetch_all(c).await)?;
        placed.add_to(&mut directory, &all);
    }
    removed.iter().for_each(|one| directory.remove(one.contact.id, one.at));
    for contact in removed.iter().map(|one| &one.contact).chain(&contacts) {
        let who = Who::Client { client: contact.client, contact: Some(contact.id) };
        contact.addresses.iter().for_each(|address| directory.place(*address, who));
    }
    for person in &people {
        person.addresses.iter().for_each(|address| directory.place(*address, Who::Staff(person.id)));
    }
    let decisions = decisions_about_people(tx, firm).await?;
    let directory = directory.decided(in_force(&decisions));
    let standards = settings.standards.clone().unwrap_or_default();
    let mut book = FirmBook::new(firm, settings.calendar()?, standards, directory);
    book.lead = settings.lead;
    let from: Option<Ts> = sql!(tx, c => query_scalar(RECORD_FROM).bind(firm.0).fetch_one(c).await)?;
    book.record_from = from.map(Timestamp::from);
    add_staff(&mut book, tx, firm, people).await?;
    add_clients(&mut book, tx, firm).await?;
    Ok(Whole { book, placed, settings, staff_listed })
}

/// What was said of domains and addresses.
#[derive(Debug, Clone, Default)]
pub(crate) struct Placed {
    addresses: FxHashMap<String, Who>,
    domains: FxHashMap<String, Who>,
}

impl Placed {
    async fn load(tx: &mut Tx, firm: FirmId) -> Result<Placed> {
        Ok(Placed::of(clients::store::placements(tx, firm).await?))
    }

    /// What these placements say.
    pub(crate) fn of(placements: impl IntoIterator<Item = Placement>) -> Placed {
        let mut placed = Placed::default();
        for placement in placements {
            match placement.scope {
                Scope::Address => placed.addresses.insert(placement.text, placement.who),
                Scope::Domain => placed.domains.insert(placement.text, placement.who),
            };
        }
        placed
    }

    /// Whether nothing was said.
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Of how many domains and addresses something was said.
    fn len(&self) -> usize {
        self.addresses.len() + self.domains.len()
    }

    /// Whose an address is by it.
    fn who(&self, text: &str) -> Option<Who> {
        self.of_address(text).or_else(|| self.of_domain(text))
    }

    /// Whose an address is by what was said of it alone.
    pub(crate) fn of_address(&self, text: &str) -> Option<Who> {
        self.addresses.get(text).copied()
    }

    /// Whose an address is by what was said of its domain, or of the organisation's.
    pub(crate) fn of_domain(&self, text: &str) -> Option<Who> {
        let domain = domain_of(text)?;
        let said = self.domains.get(domain).or_else(|| self.domains.get(organisation_domain(domain)));
        said.copied()
    }

    /// Places addresses by their texts, at whoever a client was merged into.
    fn add_to(&self, directory: &mut Directory, addresses: &[(i64, String)]) {
        for (number, text) in addresses {
            let (Some(who), Ok(number)) = (self.who(text), u32::try_from(*number)) else { continue };
            let who = match who {
                Who::Client { client, contact } => Who::Client { client: directory.client(client), contact },
                Who::Partner(client) => Who::Partner(directory.client(client)),
                other => other,
            };
            directory.place(AddressId(number), who);
        }
    }
}

async fn decisions_about_people(tx: &mut Tx, firm: FirmId) -> Result<Vec<Decision>> {
    decisions(tx, firm, ABOUT_PEOPLE).await
}

/// What was decided about clients that their pages show: who looks after them, who of their people has which address,
/// which of them are one; and what was taken back.
pub async fn decisions_about_clients(tx: &mut Tx, firm: FirmId) -> Result<Vec<Decision>> {
    decisions(tx, firm, ABOUT_CLIENTS).await
}

/// What was decided about who looks after clients, and who stands in.
pub async fn decisions_about_cover(tx: &mut Tx, firm: FirmId) -> Result<Vec<Decision>> {
    decisions(tx, firm, ABOUT_COVER).await
}

async fn decisions(tx: &mut Tx, firm: FirmId, question: &'static str) -> Result<Vec<Decision>> {
    let keys: Vec<(i64,)> = sql!(tx, c => query_as(question).bind(firm.0).fetch_all(c).await)?;
    let keys: Vec<NaturalKey> = keys.into_iter().map(|(key,)| NaturalKey(key.cast_unsigned())).collect();
    let entries = read::entries(tx, firm, &keys).await?;
    let decision = |entry| match entry {
        Entry::Decision(decision) => Some(decision),
        _ => None,
    };
    Ok(entries.into_iter().filter_map(decision).collect())
}

async fn add_staff(book: &mut FirmBook, tx: &mut Tx, firm: FirmId, people: Vec<staff::Person>) -> Result<()> {
    let mut absences: FxHashMap<StaffId, Vec<people::Absence>> = FxHashMap::default();
    for absence in staff::store::absences(tx, firm).await? {
        let away = people::Absence { from: absence.from, to: absence.to, cover: absence.cover };
        absences.entry(absence.staff).or_default().push(away);
    }
    for person in people {
        book.add_staff(people::Staff {
            id: person.id,
            addresses: person.addresses,
            absences: absences.remove(&person.id).unwrap_or_default(),
            left: person.left,
        });
    }
    Ok(())
}

async fn add_clients(book: &mut FirmBook, tx: &mut Tx, firm: FirmId) -> Result<()> {
    let mut work: FxHashMap<ClientId, Vec<people::Matter>> = FxHashMap::default();
    for matter in matters::store::all(tx, firm).await? {
        let piece = people::Matter {
            id: matter.id,
            handler: matter.handler,
            opened: matter.opened,
            closed: matter.closed,
        };
        work.entry(matter.client).or_default().push(piece);
    }
    // Of a firm that demands nothing nobody asks what its records tell.
    let mut told = match book.standards.demand_a_record() {
        true => clients::particulars::told(tx, firm).await?,
        false => FxHashMap::default(),
    };
    for client in clients::store::all(tx, firm).await? {
        book.add_client(people::Client {
            id: client.id,
            key: client_key(&client.external_key),
            kind: client.kind,
            since: client.since,
            tier: client.tier,
            point_person: client.point_person,
            matters: work.remove(&client.id).unwrap_or_default(),
            told: told.remove(&client.id).unwrap_or_default(),
        });
    }
    Ok(())
}

/// The natural key of a client: the hash of the firm's own id for it, or of its slug.
pub fn client_key(external_key: &str) -> NaturalKey {
    NaturalKey::of(external_key.as_bytes())
}
