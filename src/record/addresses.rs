//! Mail addresses and telephone numbers as small numbers: the book that an import keeps in memory.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use sqlx::{query, query_as, query_scalar};

use crate::db::rows::{Insert, Value};
use crate::db::{Tx, run, sql};
use crate::error::Result;
use crate::ids::{AddressId, FirmId};

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressKind {
    /// Mail; lower case.
    Email,
    /// A telephone number, as it is dialled.
    Phone,
}

impl AddressKind {
    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            AddressKind::Email => "email",
            AddressKind::Phone => "phone",
        }
    }
}

/// Every address of a firm by its text.
///
/// In memory it only grows; [`AddressBook::save`] writes what is new in the transaction that needs it. Where that
/// transaction does not commit, call [`AddressBook::forget`].
#[derive(Debug, Default)]
pub struct AddressBook {
    by_text: FxHashMap<Arc<str>, Known>,
    texts: Vec<Arc<str>>,
    next: u32,
    fresh: Vec<Fresh>,
    named: Vec<(u32, String)>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    number: u32,
    has_name: bool,
}

#[derive(Debug)]
struct Fresh {
    number: u32,
    kind: AddressKind,
    text: Arc<str>,
    name: String,
}

const LOCK: &str = "UPDATE firm SET next_address = next_address WHERE firm_id = $1 RETURNING next_address";
const LOOK: &str = "SELECT next_address FROM firm WHERE firm_id = $1";
const SINCE: &str =
    "SELECT address, text, name <> '' FROM address WHERE firm_id = $1 AND address >= $2 ORDER BY address";
const NEXT: &str = "UPDATE firm SET next_address = $2 WHERE firm_id = $1";
const NAME: &str = "UPDATE address SET name = $3 WHERE firm_id = $1 AND address = $2 AND name = ''";
const FIND: &str = "SELECT address FROM address WHERE firm_id = $1 AND text = $2";

const ADDRESSES: Insert = Insert { into: "address (firm_id, address, kind, text, name)", then: "" };

impl AddressBook {
    /// Brings the book up to date with the database, and keeps others from adding addresses to this firm until the
    /// transaction ends. To be called first in every transaction that adds addresses.
    pub async fn refresh(&mut self, tx: &mut Tx, firm: FirmId) -> Result<()> {
        let next: i64 = sql!(tx, c => query_scalar(LOCK).bind(firm.0).fetch_one(c).await)?;
        self.catch_up(tx, firm, next).await
    }

    /// Brings the book up to date for looking up only: no address may be added.
    pub async fn look(&mut self, tx: &mut Tx, firm: FirmId) -> Result<()> {
        let next: i64 = sql!(tx, c => query_scalar(LOOK).bind(firm.0).fetch_one(c).await)?;
        self.catch_up(tx, firm, next).await
    }

    async fn catch_up(&mut self, tx: &mut Tx, firm: FirmId, next: i64) -> Result<()> {
        let next = u32::try_from(next).unwrap_or(u32::MAX);
        if self.next < next {
            let rows: Vec<(i64, String, bool)> =
                sql!(tx, c => query_as(SINCE).bind(firm.0).bind(i64::from(self.next)).fetch_all(c).await)?;
            for (number, text, has_name) in rows {
                let number = u32::try_from(number).unwrap_or(u32::MAX);
                self.keep(text.into(), Known { number, has_name });
            }
            self.next = next;
        }
        Ok(())
    }

    /// The number of an address; a new one where it was never seen. `name` is kept where none was known.
    pub fn number(&mut self, kind: AddressKind, text: &str, name: &str) -> AddressId {
        let text = text.trim();
        let text = if text.bytes().any(|b| b.is_ascii_uppercase() || b == 0) || !text.is_ascii() {
            super::storable(text).to_lowercase()
        } else {
            text.to_owned()
        };
        if let Some(known) = self.by_text.get_mut(text.as_str()) {
            if !known.has_name && !name.is_empty() {
                known.has_name = true;
                self.named.push((known.number, super::storable(name).into_owned()));
            }
            return AddressId(known.number);
        }
        let number = self.next;
        self.next += 1;
        let text: Arc<str> = text.into();
        self.keep(Arc::clone(&text), Known { number, has_name: !name.is_empty() });
        self.fresh.push(Fresh { number, kind, text, name: super::storable(name).into_owned() });
        AddressId(number)
    }

    fn keep(&mut self, text: Arc<str>, known: Known) {
        let index = known.number as usize;
        if self.texts.len() <= index {
            self.texts.resize(index + 1, Arc::from(""));
        }
        self.texts[index] = Arc::clone(&text);
        self.by_text.insert(text, known);
    }

    /// The text of an address; empty for a number that was never given.
    pub fn text(&self, address: AddressId) -> &str {
        self.texts.get(address.0 as usize).map_or("", |text| text)
    }

    /// All addresses with their numbers, in the order in which they were met.
    pub fn iter(&self) -> impl Iterator<Item = (AddressId, &str)> {
        self.texts.iter().enumerate().map(|(n, text)| (AddressId(n as u32), &**text))
    }

    /// The number of an address, where it is known.
    pub fn find(&self, text: &str) -> Option<AddressId> {
        self.by_text.get(text.trim().to_lowercase().as_str()).map(|known| AddressId(known.number))
    }

    /// How many addresses there are.
    pub fn len(&self) -> usize {
        self.by_text.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_text.is_empty()
    }

    /// Writes what is new since the last save.
    pub async fn save(&mut self, tx: &mut Tx, firm: FirmId) -> Result<()> {
        if !self.fresh.is_empty() {
            let values: Vec<Value<'_>> = self
                .fresh
                .iter()
                .flat_map(|new| {
                    [
                        Value::int(firm.0),
                        Value::int(new.number.into()),
                        Value::text(new.kind.name()),
                        Value::text(&new.text),
                        Value::text(&new.name),
                    ]
                })
                .collect();
            ADDRESSES.rows(tx, &values).await?;
            run!(tx, query(NEXT).bind(firm.0).bind(i64::from(self.next)))?;
        }
        for (number, name) in &self.named {
            run!(tx, query(NAME).bind(firm.0).bind(i64::from(*number)).bind(name))?;
        }
        self.fresh.clear();
        self.named.clear();
        Ok(())
    }

    /// Forgets everything, after a transaction that did not commit; the next [`AddressBook::refresh`] reads it anew.
    pub fn forget(&mut self) {
        *self = AddressBook::default();
    }
}

/// The number of one address, where the firm knows it.
pub async fn find(tx: &mut Tx, firm: FirmId, text: &str) -> Result<Option<AddressId>> {
    let text = text.trim().to_lowercase();
    let found: Option<i64> =
        sql!(tx, c => query_scalar(FIND).bind(firm.0).bind(&text).fetch_optional(c).await)?;
    Ok(found.and_then(|number| u32::try_from(number).ok()).map(AddressId))
}
