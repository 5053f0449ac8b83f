//! What the stored record says about the numbers in obligations, fetched for those that are to be shown.

use std::collections::HashMap;

use care::entry::{Entry, Of};
use care::obligation::Obligation;
use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};
use sqlx::query_as;

use super::owed::Lookup;
use crate::clients;
use crate::db::{Ts, Tx, rows, sql};
use crate::error::Result;
use crate::ids::{AddressId, ClientId, FirmId, NaturalKey, StaffId};
use crate::intake::gather::{GIST, asking, one_line};
use crate::record::{read, texts};
use crate::staff;
use crate::text::scalars;

const CALLS: &str = "SELECT e.natural_key, e.at, c.from_spelled, c.to_spelled FROM entry e
    JOIN call c ON c.firm_id = e.firm_id AND c.entry_id = e.entry_id
    WHERE e.firm_id = {firm} AND e.natural_key IN {list}";
const CLIENTS: &str = "SELECT client_id, external_key, name FROM client WHERE firm_id = $1";

/// So many messages are held with their whole text at once.
const AT_ONCE: usize = 2000;

type Place = Option<(u32, u32)>;

/// What is needed to print some obligations.
#[derive(Debug, Default)]
pub struct Shown {
    clients: FxHashMap<ClientId, (String, String)>,
    addresses: FxHashMap<AddressId, (String, String)>,
    staff: FxHashMap<StaffId, (Option<AddressId>, String)>,
    messages: FxHashMap<NaturalKey, (String, String)>,
    passages: FxHashMap<(NaturalKey, Place), String>,
    calls: FxHashMap<NaturalKey, (Timestamp, String, String)>,
}

impl Shown {
    /// Fetches what these obligations speak of.
    pub async fn load<'a>(
        tx: &mut Tx,
        firm: FirmId,
        obligations: impl IntoIterator<Item = &'a Obligation>,
    ) -> Result<Shown> {
        let mut shown = Shown::default();
        let mut places: FxHashMap<NaturalKey, Vec<Place>> = FxHashMap::default();
        let mut calls: Vec<i64> = Vec::new();
        let mut people: FxHashSet<AddressId> = FxHashSet::default();
        for owed in obligations {
            people.extend(owed.contact);
            for evidence in &owed.evidence {
                match evidence.of {
                    Of::Message(key) => places.entry(key).or_default().push(evidence.passage),
                    Of::Call(key) => calls.push(key.0.cast_signed()),
                    Of::Note(_) | Of::Decision(_) => {}
                }
            }
        }
        shown.load_people(tx, firm, people).await?;
        shown.load_messages(tx, firm, &places).await?;
        let found: Vec<(i64, Ts, String, String)> = rows::pick(tx, CALLS, firm, &calls).await?;
        shown.calls = found
            .into_iter()
            .map(|(key, at, from, to)| (NaturalKey(key.cast_unsigned()), (at.into(), from, to)))
            .collect();
        Ok(shown)
    }

    async fn load_people(
        &mut self,
        tx: &mut Tx,
        firm: FirmId,
        mut people: FxHashSet<AddressId>,
    ) -> Result<()> {
        let clients: Vec<(i64, String, String)> =
            sql!(tx, c => query_as(CLIENTS).bind(firm.0).fetch_all(c).await)?;
        self.clients = clients.into_iter().map(|(id, key, name)| (ClientId(id), (key, name))).collect();
        let staff = staff::store::all(tx, firm).await?;
        people.extend(staff.iter().flat_map(|person| person.addresses.iter().copied()));
        self.addresses = texts::addresses(tx, firm, people).await?;
        for (text, name) in self.addresses.values_mut().filter(|(text, _)| !text.contains('@')) {
            // The name of a telephone number is how it was spelled.
            *text = if name.is_empty() { std::mem::take(text) } else { std::mem::take(name) };
        }
        let contacts = clients::removed::with_contacts(tx, firm).await?;
        for contact in contacts.into_iter().filter(|c| !c.name.is_empty()) {
            for address in contact.addresses {
                self.addresses.entry(address).and_modify(|known| known.1.clone_from(&contact.name));
            }
        }
        for person in staff {
            let is_mail = |a: &&AddressId| self.addresses.get(a).is_some_and(|(text, _)| text.contains('@'));
            let main = person.addresses.iter().find(is_mail).or(person.addresses.first()).copied();
            self.staff.insert(person.id, (main, person.name));
        }
        Ok(())
    }

    async fn load_messages(
        &mut self,
        tx: &mut Tx,
        firm: FirmId,
        places: &FxHashMap<NaturalKey, Vec<Place>>,
    ) -> Result<()> {
        let keys: Vec<NaturalKey> = places.keys().copied().collect();
        for some in keys.chunks(AT_ONCE) {
            let whole: Vec<NaturalKey> =
                some.iter().copied().filter(|key| places[key].contains(&None)).collect();
            let asked = asked(tx, firm, &whole).await?;
            for (key, letter) in texts::letters(tx, firm, some.iter().copied()).await? {
                let subject = reading::letter::base_subject(&letter.subject).to_owned();
                self.messages.insert(key, (letter.message_id, subject));
                for place in &places[&key] {
                    let words = match place.or_else(|| asked.get(&key).copied()) {
                        Some((start, end)) => scalars(&letter.body, start, end).to_owned(),
                        None => one_line(&letter.body, GIST),
                    };
                    self.passages.insert((key, *place), words);
                }
            }
        }
        Ok(())
    }

    /// The name of a client by its id in the client list.
    pub fn client_names(&self) -> HashMap<String, String> {
        self.clients.values().map(|(key, name)| (key.clone(), name.clone())).collect()
    }

    /// Names of people by address.
    pub fn names(&self) -> HashMap<String, String> {
        let named = self.addresses.values().filter(|(_, name)| !name.is_empty());
        let mut names: HashMap<String, String> = named.cloned().collect();
        for (main, name) in self.staff.values() {
            if let Some((text, _)) = main.and_then(|address| self.addresses.get(&address)) {
                names.insert(text.clone(), name.clone());
            }
        }
        names
    }
}

/// Where each message asks for something.
pub(crate) async fn asked(
    tx: &mut Tx,
    firm: FirmId,
    keys: &[NaturalKey],
) -> Result<FxHashMap<NaturalKey, (u32, u32)>> {
    let entries = read::entries(tx, firm, keys).await?;
    let place = |entry: &Entry| match entry {
        Entry::Message(message) => {
            let act = &message.acts[asking(&message.acts)?];
            Some((message.key, (act.start, act.end)))
        }
        _ => None,
    };
    Ok(entries.iter().filter_map(place).collect())
}

impl Lookup for Shown {
    fn client(&self, client: ClientId) -> String {
        self.clients.get(&client).map(|(key, _)| key.clone()).unwrap_or_default()
    }

    fn address(&self, address: AddressId) -> String {
        self.addresses.get(&address).map(|(text, _)| text.clone()).unwrap_or_default()
    }

    fn owner(&self, staff: StaffId) -> Option<String> {
        let (main, _) = self.staff.get(&staff)?;
        main.map(|address| self.address(address))
    }

    fn message(&self, key: NaturalKey) -> Option<(String, String)> {
        self.messages.get(&key).cloned()
    }

    fn passage(&self, key: NaturalKey, place: Place) -> Option<String> {
        self.passages.get(&(key, place)).cloned()
    }

    fn call(&self, key: NaturalKey) -> Option<(Timestamp, String, String)> {
        self.calls.get(&key).cloned()
    }
}
