//! What is known while lists are written, and which list is written how.

use std::path::Path;

use care::ids::AddressId;
use jiff::Timestamp;
use rustc_hash::FxHashMap;
use wire::csv::{Row, RowError};

use super::{List, Rules, cards};
use crate::clients::{self, Contact};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::firm::{self, Custom};
use crate::ids::{ClientId, FirmId, StaffId};
use crate::intake::lists;
use crate::intake::place::name_key;
use crate::record::addresses::{AddressBook, AddressKind};
use crate::staff::{self, Person};

/// What is known while lists are written.
pub(super) struct Enlister {
    pub(super) firm: FirmId,
    pub(super) now: Timestamp,
    pub(super) currency: String,
    pub(super) book: AddressBook,
    pub(super) people: Vec<Person>,
    pub(super) clients: FxHashMap<String, ClientId>,
    pub(super) contacts: Vec<Contact>,
    /// Those who are contacts no more, whatever lists and cards say.
    pub(super) removed: Vec<Contact>,
    pub(super) rows: u64,
    /// Rows that were taken, and in which somebody is named whom nobody knows yet.
    pub(super) unsure: Vec<RowError>,
    /// Rows that were passed over: they list somebody who was removed.
    pub(super) passed: Vec<RowError>,
    /// What became of cards.
    pub(super) sorted: cards::Sorted,
}

/// Contacts as cards (vCard) and not as a list, by the name of the file.
fn is_cards(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    ["vcf", "vcard"].iter().any(|known| ending.eq_ignore_ascii_case(known))
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
            removed: clients::removed::all(tx, firm).await?.into_iter().map(|one| one.contact).collect(),
            rows: 0,
            unsure: Vec::new(),
            passed: Vec::new(),
            sorted: cards::Sorted::default(),
        })
    }

    /// Writes what is right in a file; gives what is wrong.
    pub(super) async fn file(
        &mut self,
        tx: &mut Tx,
        list: List,
        path: &Path,
        rules: &Rules<'_>,
    ) -> Result<Vec<RowError>> {
        match list {
            List::Clients => {
                let (rows, errors) = self.read(path)?;
                self.add_clients(tx, rows).await?;
                Ok(errors)
            }
            List::Contacts if is_cards(path) => {
                let bytes = std::fs::read(path).map_err(|e| Error::file(path, e))?;
                let (cards, errors) = wire::contacts::read(&bytes);
                let sorted = cards::sort(self, tx, &cards, cards::Origin::default()).await?;
                self.sorted += sorted;
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
            List::Departures => {
                let (rows, mut errors) = self.read(path)?;
                errors.extend(self.add_departures(tx, rows).await?);
                Ok(errors)
            }
            List::Calls => {
                let columns = match rules.columns {
                    Some(columns) => columns.clone(),
                    None => firm::store::call_columns(tx, self.firm).await?,
                };
                let (calls, errors) = lists::calls(path, rules.zone, &columns).map_err(Error::Unexpected)?;
                self.add_calls(tx, calls).await?;
                Ok(errors)
            }
        }
    }

    fn read<R: Row>(&self, path: &Path) -> Result<(Vec<R>, Vec<RowError>)> {
        lists::read(path, &self.currency).map_err(Error::Unexpected)
    }

    pub(super) fn email(&mut self, text: &str) -> AddressId {
        self.book.number(AddressKind::Email, text, "")
    }

    /// The same, with the name of whoever has it.
    pub(super) fn named_email(&mut self, text: &str, name: &str) -> AddressId {
        self.book.number(AddressKind::Email, text, name)
    }

    /// The number of a telephone line, however it is spelled; it keeps the spelling it came with first.
    pub(super) fn phone(&mut self, text: &str) -> Option<AddressId> {
        wire::calls::number_key(text).map(|key| self.book.number(AddressKind::Phone, &key, text))
    }

    /// The addresses and numbers of a row, added to those known already.
    pub(super) fn add_addresses(&mut self, known: &mut Vec<AddressId>, emails: &[String], phones: &[String]) {
        let emails: Vec<AddressId> = emails.iter().map(|text| self.email(text)).collect();
        let phones: Vec<AddressId> = phones.iter().filter_map(|text| self.phone(text)).collect();
        for address in emails.into_iter().chain(phones) {
            if !known.contains(&address) {
                known.push(address);
            }
        }
    }

    /// Who looks after something, as a list names them; where nobody is called so yet, their name is kept with the row
    /// and looked up again when mail and staff are in.
    pub(super) fn looks_after(
        &mut self,
        line: u64,
        column: &str,
        text: Option<String>,
        custom: &mut Custom,
    ) -> Option<StaffId> {
        let text = text?;
        let known = self.named(&text);
        if known.is_none() {
            let what = format!("nobody of the firm is {text:?} yet");
            self.unsure.push(RowError { line, column: Some(column.to_owned()), what });
            custom.insert(column.to_owned(), text);
        }
        known
    }

    /// The person of the firm whom a list names by mail address or by name.
    pub(super) fn named(&self, text: &str) -> Option<StaffId> {
        let address = self.book.find(text);
        let by_address = self.people.iter().find(|p| address.is_some_and(|a| p.addresses.contains(&a)));
        let key = name_key(text);
        let person = by_address.or_else(|| self.people.iter().find(|person| name_key(&person.name) == key));
        person.map(|person| person.id)
    }
}
