//! Who is who: staff, clients and everybody else, from the lists where there are any, else from the mail itself.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use care::ids::{AddressId, ClientId, ContactId, NaturalKey, StaffId};
use care::particular::Told;
use care::people::{Client, ClientKind, Directory, Staff, Who};
use rustc_hash::FxHashMap;

use super::addresses::Addresses;
use super::own::Own;
use super::robots::is_robot;
use super::roster::Roster;
use super::traffic::Traffic;
use crate::clients::domains::{domain_of, is_freemail, organisation_domain};
use crate::record::project::likeness;

/// A person of the firm, with what the fold does not need.
#[derive(Debug, Clone)]
pub struct StaffFile {
    /// What the fold needs.
    pub staff: Staff,
    /// The name.
    pub name: String,
}

/// A client, with what the fold does not need.
#[derive(Debug, Clone)]
pub struct ClientFile {
    /// What the fold needs.
    pub client: Client,
    /// The id in the client list, else a slug of its domain or address.
    pub slug: String,
    /// The name.
    pub name: String,
    /// How client-like its traffic is, 0 to 1; 1 for a client of the list.
    pub likeness: f64,
}

/// Everybody.
#[derive(Debug, Default)]
pub struct Placed {
    /// Staff, in the order of their ids.
    pub staff: Vec<StaffFile>,
    /// Clients, in the order of their ids.
    pub clients: Vec<ClientFile>,
    /// Who owns which address.
    pub directory: Directory,
    /// Names of contacts, as their list has them.
    pub contact_names: FxHashMap<AddressId, String>,
    /// Whether a client list says who the clients are.
    pub clients_are_known: bool,
    /// Domains that belong to one client of the list as a whole.
    pub domains: BTreeMap<String, Who>,
}

impl Placed {
    /// The person of that id.
    pub fn staff(&self, id: StaffId) -> Option<&StaffFile> {
        self.staff.get(usize::try_from(id.0 - 1).ok()?)
    }

    /// The person whom a list names by mail address or by name.
    pub(super) fn named_staff(&self, text: &str, addresses: &Addresses) -> Option<StaffId> {
        let by_address = addresses.find(text).and_then(|address| self.directory.who(address).staff());
        by_address.or_else(|| {
            let key = name_key(text);
            self.staff.iter().find(|file| name_key(&file.name) == key).map(|file| file.staff.id)
        })
    }

    /// The client of that id.
    pub fn client(&self, id: ClientId) -> Option<&ClientFile> {
        self.clients.get(usize::try_from(id.0 - 1).ok()?)
    }
}

/// Places every address that was met.
pub fn place(own: &Own, roster: &Roster, traffic: &Traffic, addresses: &mut Addresses) -> Placed {
    let mut placed = Placed { clients_are_known: roster.knows_clients(), ..Placed::default() };
    roster.decided.iter().for_each(|(address, who)| placed.directory.place(*address, *who));
    place_staff(own, roster, traffic, addresses, &mut placed);
    if placed.clients_are_known {
        place_listed(roster, addresses, &mut placed);
    } else {
        place_correspondents(traffic, addresses, &mut placed);
    }
    placed
}

/// The people of the staff list, then everybody else at the firm's own domains, one person a name.
fn place_staff(
    own: &Own,
    roster: &Roster,
    traffic: &Traffic,
    addresses: &mut Addresses,
    placed: &mut Placed,
) {
    let mut by_name: FxHashMap<String, StaffId> = FxHashMap::default();
    for person in &roster.staff {
        let id = add_staff(placed, &person.name);
        by_name.insert(name_key(&person.name), id);
        let emails = person.emails.iter().map(|text| addresses.number(text)).collect::<Vec<_>>();
        let phones = person.phones.iter().filter_map(|text| addresses.phone(text)).collect::<Vec<_>>();
        for address in emails.into_iter().chain(phones) {
            placed.directory.place(address, Who::Staff(id));
            placed.staff[id.0 as usize - 1].staff.addresses.push(address);
        }
    }
    let mut met: Vec<(AddressId, String)> = addresses
        .iter()
        .filter(|(address, text)| {
            // The firm's own mail server sends bounces, and is nobody's colleague.
            own.is_own(*address, text) && placed.directory.who(*address) == Who::Unplaced && !is_robot(text)
        })
        .map(|(address, text)| (address, text.to_owned()))
        .collect();
    // The address that somebody writes from most comes first, in whatever order mail was read.
    met.sort_by_cached_key(|(address, text)| {
        let facts = traffic.of(*address);
        (Reverse(facts.wrote), Reverse(facts.received), text.clone())
    });
    for (address, text) in met {
        let name = traffic.name(address).unwrap_or(&text);
        let id = *by_name.entry(name_key(name)).or_insert_with(|| add_staff(placed, name));
        placed.directory.place(address, Who::Staff(id));
        placed.staff[id.0 as usize - 1].staff.addresses.push(address);
    }
    for absence in &roster.absences {
        let Some(who) = placed.named_staff(&absence.email, addresses) else { continue };
        let cover = absence.cover.as_deref().and_then(|text| placed.named_staff(text, addresses));
        let away = care::people::Absence { from: absence.from, to: absence.to, cover };
        placed.staff[who.0 as usize - 1].staff.absences.push(away);
    }
}

fn add_staff(placed: &mut Placed, name: &str) -> StaffId {
    let id = StaffId(placed.staff.len() as i64 + 1);
    let staff = Staff { id, addresses: Vec::new(), absences: Vec::new(), left: None };
    placed.staff.push(StaffFile { staff, name: name.to_owned() });
    id
}

/// The letters of a name in order of its words, so that "Ward, Kim" and "Kim Ward" are one.
pub(crate) fn name_key(name: &str) -> String {
    let mut words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.sort_unstable();
    words.join(" ")
}

/// A client of the list, as addresses are placed.
type Listed = (ClientId, ClientKind);

/// The clients of the list. An address at a client's own domain belongs to that client, listed or not.
fn place_listed(roster: &Roster, addresses: &mut Addresses, placed: &mut Placed) {
    for listed in &roster.clients {
        let id = ClientId(placed.clients.len() as i64 + 1);
        let point_person =
            listed.point_person.as_deref().and_then(|text| placed.named_staff(text, addresses));
        let client = Client {
            id,
            key: NaturalKey::of(listed.client_id.as_bytes()),
            kind: listed.kind,
            since: listed.since,
            tier: listed.tier.clone(),
            point_person,
            matters: roster.matters_of(&listed.client_id, |text| placed.named_staff(text, addresses)),
            told: listed.told.iter().copied().map(Told::listed).collect(),
        };
        let name = listed.name.clone();
        placed.clients.push(ClientFile { client, slug: listed.client_id.clone(), name, likeness: 1.0 });
    }
    let domains = place_contacts(roster, addresses, placed);
    place_colleagues(&domains, addresses, placed);
    placed.domains =
        domains.into_iter().map(|(domain, (client, kind))| (domain, who(client, kind, None))).collect();
}

/// The contacts of the list; gives the domains that are one client's by their addresses.
fn place_contacts(
    roster: &Roster,
    addresses: &mut Addresses,
    placed: &mut Placed,
) -> BTreeMap<String, Listed> {
    let ids: FxHashMap<&str, Listed> = roster
        .clients
        .iter()
        .zip(&placed.clients)
        .map(|(l, f)| (l.client_id.as_str(), (f.client.id, f.client.kind)))
        .collect();
    let mut domains: BTreeMap<String, Option<Listed>> = BTreeMap::new();
    for (number, contact) in roster.contacts.iter().enumerate() {
        let Some(&(client, kind)) = ids.get(contact.client_id.as_str()) else { continue };
        let person = Some(ContactId(number as i64 + 1));
        for text in &contact.phones {
            if let Some(phone) = addresses.phone(text) {
                placed.contact_names.insert(phone, contact.name.clone());
                placed.directory.place(phone, who(client, kind, person));
            }
        }
        for text in &contact.emails {
            let address = addresses.number(text);
            placed.contact_names.insert(address, contact.name.clone());
            placed.directory.place(address, who(client, kind, person));
            if let Some(domain) = domain_of(text).filter(|domain| !is_freemail(domain)) {
                let owner =
                    domains.entry(organisation_domain(domain).to_owned()).or_insert(Some((client, kind)));
                // A domain that two clients share belongs to neither as a whole.
                if owner.is_some_and(|(other, _)| other != client) {
                    *owner = None;
                }
            }
        }
    }
    domains.into_iter().filter_map(|(domain, owner)| Some((domain, owner?))).collect()
}

/// Whoever else writes from a client's own domain is theirs.
fn place_colleagues(domains: &BTreeMap<String, Listed>, addresses: &Addresses, placed: &mut Placed) {
    for (address, text) in addresses.iter() {
        let domain = domain_of(text).map(organisation_domain);
        let Some(&(client, kind)) = domain.and_then(|domain| domains.get(domain)) else { continue };
        if placed.directory.who(address) == Who::Unplaced && !is_robot(text) {
            placed.directory.place(address, who(client, kind, None));
        }
    }
}

fn who(client: ClientId, kind: ClientKind, contact: Option<ContactId>) -> Who {
    match kind {
        ClientKind::Partner => Who::Partner(client),
        _ => Who::Client { client, contact },
    }
}

/// Without a list: outside correspondents grouped by organisation, users of freemail by person, robots left out.
fn place_correspondents(traffic: &Traffic, addresses: &Addresses, placed: &mut Placed) {
    let mut groups: BTreeMap<String, Vec<AddressId>> = BTreeMap::new();
    for (address, text) in addresses.iter() {
        if placed.directory.who(address) != Who::Unplaced {
            continue;
        }
        let facts = traffic.of(address);
        let Some(domain) = domain_of(text) else { continue };
        if is_robot(text) || (facts.wrote == 0 && 0 < facts.automatic) {
            placed.directory.place(address, Who::Robot);
            continue;
        }
        let group = match is_freemail(domain) {
            true => text.to_owned(),
            false => organisation_domain(domain).to_owned(),
        };
        groups.entry(group).or_default().push(address);
    }
    for (group, members) in groups {
        let wrote: u32 = members.iter().map(|address| traffic.of(*address).wrote).sum();
        let received: u32 = members.iter().map(|address| traffic.of(*address).received).sum();
        let id = ClientId(placed.clients.len() as i64 + 1);
        let client = Client {
            id,
            key: NaturalKey::of(group.as_bytes()),
            kind: ClientKind::Correspondent,
            since: None,
            tier: None,
            point_person: None,
            matters: Vec::new(),
            told: Vec::new(),
        };
        for address in &members {
            placed.directory.place(*address, Who::Client { client: id, contact: None });
        }
        let name = match members.as_slice() {
            [only] if group.contains('@') => traffic.name(*only).unwrap_or(&group).to_owned(),
            _ => group.clone(),
        };
        placed.clients.push(ClientFile { client, slug: group, name, likeness: likeness(wrote, received) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_whatever_the_order_of_its_words() {
        assert_eq!(name_key("Ward, Kim S"), name_key("Kim S. Ward"));
        assert_ne!(name_key("Kim Ward"), name_key("Tim Ward"));
    }

    #[test]
    fn the_firms_own_mail_server_is_neither_colleague_nor_client() {
        let mut addresses = Addresses::default();
        let own = Own::from_staff(["amy@quill.example"], &mut addresses);
        for text in ["bo@quill.example", "mailer-daemon@mail.quill.example", "jo@acme.example"] {
            addresses.number(text);
        }
        let placed = place(&own, &Roster::default(), &Traffic::default(), &mut addresses);
        let names: Vec<&str> = placed.staff.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["amy@quill.example", "bo@quill.example"]);
        let clients: Vec<&str> = placed.clients.iter().map(|file| file.slug.as_str()).collect();
        assert_eq!(clients, ["acme.example"]);
    }
}
