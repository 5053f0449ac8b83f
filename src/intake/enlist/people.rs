//! The people of lists as rows: clients, their contacts, the firm's own.

use care::particular::Particular;
use care::people::ClientKind;
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use wire::csv::{ClientRow, ContactRow, RowError, StaffRow};

use super::enlister::Enlister;
use crate::clients::proposed::names_agree;
use crate::clients::{self, Client, Contact};
use crate::db::Tx;
use crate::departures;
use crate::error::Result;
use crate::firm::Custom;
use crate::ids::{ClientId, ContactId, StaffId};
use crate::intake::lists;
use crate::staff::{self, Person};

impl Enlister {
    pub(super) async fn add_clients(&mut self, tx: &mut Tx, rows: Vec<ClientRow>) -> Result<()> {
        let gone = self.gone(tx).await?;
        for row in rows {
            let left = self.clients.get(&row.client_id).and_then(|client| gone.get(client));
            // Whoever left stays a former client, unless the list says that they came back since.
            let is_former = left.is_some_and(|left| row.since.is_none_or(|since| since <= *left));
            let mut custom: Custom = row.custom.into_iter().collect();
            let point_person = self.looks_after(row.line, "point_person", row.point_person, &mut custom);
            let client = Client {
                id: ClientId(tx.new_id()),
                external_key: row.client_id,
                name: row.name,
                kind: if is_former { ClientKind::Former } else { lists::kind_of(row.kind) },
                since: row.since,
                tier: row.tier,
                point_person,
                cover: None,
                revenue: row.annual_revenue,
                custom,
            };
            let id = clients::store::save(tx, self.firm, &client, self.now).await?;
            for (column, words) in &row.told {
                if let Some(what) = Particular::named(column) {
                    clients::particulars::take_listed(tx, self.firm, id, what, words).await?;
                }
            }
            self.clients.insert(client.external_key, id);
            self.rows += 1;
        }
        Ok(())
    }

    /// A client that only another list names goes by its id until the client list says more.
    pub(super) async fn client(&mut self, tx: &mut Tx, key: &str) -> Result<ClientId> {
        if let Some(id) = self.clients.get(key) {
            return Ok(*id);
        }
        let id = ClientId(tx.new_id());
        let client = Client::new(id, key.to_owned(), key.to_owned(), ClientKind::Organisation);
        let id = clients::store::save(tx, self.firm, &client, self.now).await?;
        self.clients.insert(client.external_key, id);
        Ok(id)
    }

    pub(super) async fn add_contacts(&mut self, tx: &mut Tx, rows: Vec<ContactRow>) -> Result<()> {
        let mut changed: Vec<usize> = Vec::new();
        for row in rows {
            let client = self.client(tx, &row.client_id).await?;
            let name = row.name.unwrap_or_default();
            let address = row.emails.first().and_then(|text| self.book.find(text));
            let is_same = |contact: &Contact| {
                contact.client == client
                    && (contact.name == name && !name.is_empty()
                        || address.is_some_and(|address| contact.addresses.contains(&address)))
            };
            let known = self.contacts.iter().position(is_same);
            let may_be =
                |one: &&Contact| name.is_empty() || one.name.is_empty() || names_agree(&name, &one.name);
            // Nobody comes back because a list does not know that they were removed.
            if known.is_none()
                && let Some(removed) = self.removed.iter().filter(|one| is_same(one)).find(may_be)
            {
                let what = format!("{} was removed", removed.name);
                self.passed.push(RowError { line: row.line, column: None, what });
                continue;
            }
            let at = known.unwrap_or_else(|| {
                self.contacts.push(Contact {
                    id: ContactId(tx.new_id()),
                    client,
                    name: String::new(),
                    role: None,
                    addresses: Vec::new(),
                    custom: Custom::default(),
                });
                self.contacts.len() - 1
            });
            let mut addresses = std::mem::take(&mut self.contacts[at].addresses);
            self.add_addresses(&mut addresses, &row.emails, &row.phones);
            let contact = &mut self.contacts[at];
            contact.addresses = addresses;
            if !name.is_empty() {
                contact.name = name;
            }
            contact.custom.extend(row.custom);
            changed.push(at);
            self.rows += 1;
        }
        self.book.save(tx, self.firm).await?;
        changed.sort_unstable();
        changed.dedup();
        for at in changed {
            clients::store::save_contact(tx, self.firm, &self.contacts[at], self.now).await?;
        }
        Ok(())
    }

    pub(super) async fn add_staff(&mut self, tx: &mut Tx, rows: Vec<StaffRow>) -> Result<()> {
        let mut changed: Vec<usize> = Vec::new();
        for row in rows {
            let known = row.emails.iter().find_map(|text| self.named(text)).or_else(|| self.named(&row.name));
            let at = known.and_then(|id| self.people.iter().position(|person| person.id == id));
            let at = at.unwrap_or_else(|| {
                self.people.push(Person {
                    id: StaffId(tx.new_id()),
                    name: row.name.clone(),
                    role: String::new(),
                    access: "staff".to_owned(),
                    left: None,
                    proposed: true,
                    addresses: Vec::new(),
                    custom: Custom::default(),
                });
                self.people.len() - 1
            });
            // Of somebody known by the mail alone, the list's addresses come first.
            let was_proposed = self.people[at].proposed;
            let before = std::mem::take(&mut self.people[at].addresses);
            let (mut addresses, after) =
                if was_proposed { (Vec::new(), before) } else { (before, Vec::new()) };
            self.add_addresses(&mut addresses, &row.emails, &row.phones);
            addresses
                .extend(after.into_iter().filter(|address| !addresses.contains(address)).collect::<Vec<_>>());
            let person = &mut self.people[at];
            person.addresses = addresses;
            person.name = row.name;
            person.role = row.role.unwrap_or_else(|| std::mem::take(&mut person.role));
            person.proposed = false;
            person.custom.extend(row.custom);
            changed.push(at);
            self.rows += 1;
        }
        self.book.save(tx, self.firm).await?;
        changed.sort_unstable();
        changed.dedup();
        for at in changed {
            staff::store::save(tx, self.firm, &self.people[at], self.now).await?;
        }
        Ok(())
    }

    /// Who left, and the last day on which they did.
    async fn gone(&self, tx: &mut Tx) -> Result<FxHashMap<ClientId, Date>> {
        let mut gone: FxHashMap<ClientId, Date> = FxHashMap::default();
        for departure in departures::store::all(tx, self.firm).await? {
            let last = gone.entry(departure.client).or_insert(departure.gone());
            *last = departure.gone().max(*last);
        }
        Ok(gone)
    }
}
