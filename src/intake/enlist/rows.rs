//! Rows of lists as rows of the record.

use std::path::Path;

use care::acts::Direction;
use care::entry::Call;
use care::ids::{AddressId, EntryId};
use care::people::ClientKind;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;
use wire::calls::{CallDirection, CallRow};
use wire::csv::{AbsenceRow, ClientRow, ContactRow, MatterRow, Row, RowError, StaffRow};

use super::List;
use crate::clients::{self, Client, Contact, Money};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::firm::{self, Custom};
use crate::ids::{AbsenceId, ClientId, ContactId, FirmId, MatterId, StaffId};
use crate::intake::lists;
use crate::intake::place::name_key;
use crate::matters::{self, Matter};
use crate::record::addresses::{AddressBook, AddressKind};
use crate::record::others::{self, NewCall};
use crate::staff::{self, Absence, Person};

/// Calls written at once.
const CALLS: usize = 4000;

/// What is known while lists are written.
pub(super) struct Enlister {
    firm: FirmId,
    now: Timestamp,
    currency: String,
    book: AddressBook,
    people: Vec<Person>,
    clients: FxHashMap<String, ClientId>,
    contacts: Vec<Contact>,
    pub(super) rows: u64,
}

impl Enlister {
    pub(super) async fn open(tx: &mut Tx, firm: FirmId, now: Timestamp) -> Result<Enlister> {
        let mut book = AddressBook::default();
        book.refresh(tx, firm).await?;
        let clients = clients::store::all(tx, firm).await?;
        Ok(Enlister {
            firm,
            now,
            currency: firm::store::load(tx, firm).await?.currency,
            book,
            people: staff::store::all(tx, firm).await?,
            clients: clients.into_iter().map(|client| (client.external_key, client.id)).collect(),
            contacts: clients::store::contacts(tx, firm).await?,
            rows: 0,
        })
    }

    /// Writes what is right in a file; gives what is wrong.
    pub(super) async fn file(
        &mut self,
        tx: &mut Tx,
        list: List,
        path: &Path,
        zone: &TimeZone,
    ) -> Result<Vec<RowError>> {
        match list {
            List::Clients => {
                let (rows, errors) = self.read(path)?;
                self.add_clients(tx, rows).await?;
                Ok(errors)
            }
            List::Contacts => {
                let (rows, errors) = self.read(path)?;
                self.add_contacts(tx, rows).await?;
                Ok(errors)
            }
            List::Staff => {
                let (rows, errors) = self.read(path)?;
                self.add_staff(tx, rows).await?;
                Ok(errors)
            }
            List::Matters => {
                let (rows, mut errors) = self.read(path)?;
                errors.extend(self.add_matters(tx, rows).await?);
                Ok(errors)
            }
            List::Absences => {
                let (rows, mut errors) = self.read(path)?;
                errors.extend(self.add_absences(tx, rows).await?);
                Ok(errors)
            }
            List::Calls => {
                let (calls, errors) = lists::calls(path, zone).map_err(Error::Unexpected)?;
                self.add_calls(tx, calls).await?;
                Ok(errors)
            }
        }
    }

    fn read<R: Row>(&self, path: &Path) -> Result<(Vec<R>, Vec<RowError>)> {
        lists::read(path, &self.currency).map_err(Error::Unexpected)
    }

    fn email(&mut self, text: &str) -> AddressId {
        self.book.number(AddressKind::Email, text, "")
    }

    /// The number of a telephone line, however it is spelled.
    fn phone(&mut self, text: &str) -> Option<AddressId> {
        wire::calls::number_key(text).map(|key| self.book.number(AddressKind::Phone, &key, ""))
    }

    /// The addresses and numbers of a row, added to those known already.
    fn add_addresses(&mut self, known: &mut Vec<AddressId>, emails: &[String], phones: &[String]) {
        let emails: Vec<AddressId> = emails.iter().map(|text| self.email(text)).collect();
        let phones: Vec<AddressId> = phones.iter().filter_map(|text| self.phone(text)).collect();
        for address in emails.into_iter().chain(phones) {
            if !known.contains(&address) {
                known.push(address);
            }
        }
    }

    /// The person of the firm whom a list names by mail address or by name.
    fn named(&self, text: &str) -> Option<StaffId> {
        let address = self.book.find(text);
        let by_address = self.people.iter().find(|p| address.is_some_and(|a| p.addresses.contains(&a)));
        let key = name_key(text);
        let person = by_address.or_else(|| self.people.iter().find(|person| name_key(&person.name) == key));
        person.map(|person| person.id)
    }

    async fn add_clients(&mut self, tx: &mut Tx, rows: Vec<ClientRow>) -> Result<()> {
        for row in rows {
            let mut custom: Custom = row.custom.into_iter().collect();
            let point_person = row.point_person.as_deref().and_then(|text| self.named(text));
            // Somebody nobody has met yet: looked up again when mail and staff are in.
            if let (Some(text), None) = (row.point_person, point_person) {
                custom.insert("point_person".to_owned(), text);
            }
            let client = Client {
                id: ClientId(tx.new_id()),
                external_key: row.client_id,
                name: row.name,
                kind: lists::kind_of(row.kind),
                since: row.since,
                tier: row.tier,
                point_person,
                cover: None,
                revenue: row
                    .annual_revenue
                    .map(|money| Money { minor: money.minor, currency: money.currency }),
                custom,
            };
            let id = clients::store::save(tx, self.firm, &client, self.now).await?;
            self.clients.insert(client.external_key, id);
            self.rows += 1;
        }
        Ok(())
    }

    /// A client that only another list names goes by its id until the client list says more.
    async fn client(&mut self, tx: &mut Tx, key: &str) -> Result<ClientId> {
        if let Some(id) = self.clients.get(key) {
            return Ok(*id);
        }
        let client = Client {
            id: ClientId(tx.new_id()),
            external_key: key.to_owned(),
            name: key.to_owned(),
            kind: ClientKind::Organisation,
            since: None,
            tier: None,
            point_person: None,
            cover: None,
            revenue: None,
            custom: Custom::default(),
        };
        let id = clients::store::save(tx, self.firm, &client, self.now).await?;
        self.clients.insert(client.external_key, id);
        Ok(id)
    }

    async fn add_contacts(&mut self, tx: &mut Tx, rows: Vec<ContactRow>) -> Result<()> {
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
            let at = self.contacts.iter().position(is_same).unwrap_or_else(|| {
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

    async fn add_staff(&mut self, tx: &mut Tx, rows: Vec<StaffRow>) -> Result<()> {
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

    async fn add_matters(&mut self, tx: &mut Tx, rows: Vec<MatterRow>) -> Result<Vec<RowError>> {
        let mut wrong = Vec::new();
        for row in rows {
            let Some(client) = self.clients.get(&row.client_id).copied() else {
                let what = format!("there is no client {:?}; import the client list first", row.client_id);
                wrong.push(RowError { line: row.line, column: Some("client_id".to_owned()), what });
                continue;
            };
            let mut custom: Custom = row.custom.into_iter().collect();
            let handler = row.handler.as_deref().and_then(|text| self.named(text));
            if let (Some(text), None) = (row.handler, handler) {
                custom.insert("handler".to_owned(), text);
            }
            let matter = Matter {
                id: MatterId(tx.new_id()),
                external_key: row.matter_id,
                client,
                name: row.name,
                kind: row.kind.unwrap_or_default(),
                handler,
                opened: row.opened,
                closed: row.closed,
                custom,
            };
            matters::store::save(tx, self.firm, &matter, self.now).await?;
            self.rows += 1;
        }
        Ok(wrong)
    }

    async fn add_absences(&mut self, tx: &mut Tx, rows: Vec<AbsenceRow>) -> Result<Vec<RowError>> {
        let mut wrong = Vec::new();
        let nobody = |line: u64, column: &str, text: &str| RowError {
            line,
            column: Some(column.to_owned()),
            what: format!("nobody of the firm is {text:?}; import the staff list or their mail first"),
        };
        for row in rows {
            let Some(staff) = self.named(&row.email) else {
                wrong.push(nobody(row.line, "email", &row.email));
                continue;
            };
            let cover = match row.cover.as_deref().map(|text| (text, self.named(text))) {
                Some((text, None)) => {
                    wrong.push(nobody(row.line, "cover", text));
                    continue;
                }
                named => named.and_then(|(_, cover)| cover),
            };
            let absence = Absence { id: AbsenceId(tx.new_id()), staff, from: row.from, to: row.to, cover };
            staff::store::save_absence(tx, self.firm, &absence).await?;
            self.rows += 1;
        }
        Ok(wrong)
    }

    async fn add_calls(&mut self, tx: &mut Tx, rows: Vec<CallRow>) -> Result<()> {
        let calls: Vec<NewCall> = rows.into_iter().map(|row| self.call(row)).collect();
        self.book.save(tx, self.firm).await?;
        for some in calls.chunks(CALLS) {
            let added = others::add_calls(tx, self.firm, some).await?;
            self.rows += added.iter().filter(|added| added.new).count() as u64;
        }
        Ok(())
    }

    fn call(&mut self, row: CallRow) -> NewCall {
        let (from, to) = (self.line(&row.from), self.line(&row.to));
        let ours = |line: AddressId| self.people.iter().any(|person| person.addresses.contains(&line));
        let direction = match row.direction {
            Some(CallDirection::Out) => Direction::Out,
            Some(CallDirection::In) => Direction::In,
            None if ours(from) => Direction::Out,
            None => Direction::In,
        };
        let key = lists::call_key(row.at, &row.from, &row.to);
        let talked = (row.answered && !row.voicemail).then_some(row.talked);
        let facts = Call { entry: EntryId(0), key, at: row.at, from, to, talked };
        NewCall { facts, direction, from: row.from, to: row.to }
    }

    /// The address of one end of a call, which may be withheld or a name; it keeps the spelling it came with first.
    fn line(&mut self, text: &str) -> AddressId {
        let key = wire::calls::number_key(text);
        self.book.number(AddressKind::Phone, key.as_deref().unwrap_or(text), text)
    }
}
