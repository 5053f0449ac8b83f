//! What people changed of clients and their contacts: how it was before is kept, so that each change can be taken back.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as};

use super::contacts::{self, Person};
use super::details::{self, Details};
use super::particulars::Words;
use super::proposed::numbers;
use super::removed;
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::firm::store::json;
use crate::ids::{AddressId, ClientId, ContactId, FirmId, StaffId};

/// What stands before the id of a change in its key.
pub const KEY: &str = "change-";

/// A change of a client, or of one of its contacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its id; taking it back names it.
    pub id: i64,
    /// The client.
    pub client: ClientId,
    /// What was changed.
    pub what: What,
    /// Who said so.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// It was taken back.
    pub is_undone: bool,
}

impl Change {
    /// By this it is taken back: on pages, by programs and on the command line.
    pub fn key(&self) -> String {
        format!("{KEY}{}", self.id)
    }
}

/// What was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// What a client is called, its tier, and what its record tells of it.
    Client {
        /// What they were.
        old: Details,
        /// What they are since.
        new: Details,
    },
    /// What is known of a contact.
    Contact {
        /// Who it is.
        contact: ContactId,
        /// What it was; none where nobody was there before.
        old: Option<Person>,
        /// What it is since.
        new: Person,
    },
    /// That somebody is no contact any more.
    Removed {
        /// Who it is.
        contact: ContactId,
        /// What was known of them.
        was: Person,
    },
}

impl What {
    /// How it is since the change was taken back, as a sentence.
    pub fn is_back(&self) -> String {
        match self {
            What::Client { old, new } => match old.called(new) {
                Some(called) if old.told == new.told => format!("It is {called} again."),
                _ => "The record tells what it told before.".to_owned(),
            },
            What::Contact { old: Some(old), .. } => format!("{} is as before.", old.name),
            What::Contact { old: None, new, .. } => format!("{} is no contact any more.", new.name),
            What::Removed { was, .. } => format!("{} is a contact again.", was.name),
        }
    }
}

/// Whether a change was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    /// It is as it was before.
    Yes,
    /// It was taken back already.
    Already,
    /// It was changed again since, so nothing is taken back.
    ChangedSince,
    /// What they had before is somebody else's by now, so nothing is taken back.
    GivenAway,
}

const ADD: &str =
    "INSERT INTO client_change (firm_id, change_id, client_id, contact_id, old_name, old_tier, old_role,
        old_reached, new_name, new_tier, new_role, new_reached, changed_by_id, changed_at, old_told, new_told)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
const ONE: &str =
    "SELECT change_id, client_id, contact_id, old_name, old_tier, old_role, old_reached, new_name, new_tier,
        new_role, new_reached, changed_by_id, changed_at, undone_at, old_told, new_told
    FROM client_change WHERE firm_id = $1 AND change_id = $2";
const OF_CLIENT: &str =
    "SELECT change_id, client_id, contact_id, old_name, old_tier, old_role, old_reached, new_name,
        new_tier, new_role, new_reached, changed_by_id, changed_at, undone_at, old_told, new_told
    FROM client_change WHERE firm_id = $1 AND client_id = $2 AND undone_at IS NULL ORDER BY change_id DESC";
const LAST: &str =
    "SELECT change_id, client_id, contact_id, old_name, old_tier, old_role, old_reached, new_name,
        new_tier, new_role, new_reached, changed_by_id, changed_at, undone_at, old_told, new_told
    FROM client_change WHERE firm_id = $1 AND undone_at IS NULL ORDER BY change_id DESC LIMIT $2";
const UNDO: &str = "UPDATE client_change SET undone_at = $3 WHERE firm_id = $1 AND change_id = $2";

#[derive(FromRow)]
struct Row {
    change_id: i64,
    client_id: i64,
    contact_id: Option<i64>,
    old_name: String,
    old_tier: Option<String>,
    old_role: Option<String>,
    old_reached: Option<String>,
    new_name: String,
    new_tier: Option<String>,
    new_role: Option<String>,
    new_reached: Option<String>,
    changed_by_id: i64,
    changed_at: Ts,
    undone_at: Option<Ts>,
    old_told: Option<String>,
    new_told: Option<String>,
}

impl From<Row> for Change {
    fn from(row: Row) -> Change {
        let person = |name, role, text: String| Person { name, role, addresses: reached(&text) };
        let what = match (row.contact_id.map(ContactId), row.new_reached) {
            (None, _) => What::Client {
                old: Details { name: row.old_name, tier: row.old_tier, told: told(row.old_told.as_deref()) },
                new: Details { name: row.new_name, tier: row.new_tier, told: told(row.new_told.as_deref()) },
            },
            (Some(contact), Some(new_reached)) => What::Contact {
                contact,
                old: row.old_reached.map(|text| person(row.old_name, row.old_role, text)),
                new: person(row.new_name, row.new_role, new_reached),
            },
            (Some(contact), None) => What::Removed {
                contact,
                was: person(row.old_name, row.old_role, row.old_reached.unwrap_or_default()),
            },
        };
        Change {
            id: row.change_id,
            client: ClientId(row.client_id),
            what,
            by: StaffId(row.changed_by_id),
            at: row.changed_at.into(),
            is_undone: row.undone_at.is_some(),
        }
    }
}

/// Addresses and numbers as they are kept, by number.
pub(super) fn reached(text: &str) -> Vec<AddressId> {
    text.split(' ').filter_map(|number| number.parse().ok().map(AddressId)).collect()
}

/// What a change touched of what a record tells, as it is kept.
fn told(text: Option<&str>) -> Words {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// Notes a change that is just made; gives it.
pub(super) async fn note(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    what: What,
    by: StaffId,
    now: Timestamp,
) -> Result<Change> {
    let change = Change { id: tx.new_id(), client, what, by, at: now, is_undone: false };
    let reached = |person: &Person| numbers(&person.addresses);
    let (old_told, new_told) = match &change.what {
        What::Client { old, new } => (Some(json(&old.told)?), Some(json(&new.told)?)),
        What::Contact { .. } | What::Removed { .. } => (None, None),
    };
    let (contact, [old, new]) = match &change.what {
        What::Client { old, new } => {
            (None, [old, new].map(|one| (one.name.as_str(), one.tier.as_deref(), None, None)))
        }
        What::Contact { contact, old, new } => {
            let of = |one: &Person| (one.role.clone(), Some(reached(one)));
            let old_words = old.as_ref().map_or("", |old| old.name.as_str());
            let (old_role, old_reached) = old.as_ref().map(of).unwrap_or_default();
            let (new_role, new_reached) = of(new);
            let sides = [(old_words, None, old_role, old_reached), (&*new.name, None, new_role, new_reached)];
            (Some(contact.0), sides)
        }
        What::Removed { contact, was } => {
            let old = (was.name.as_str(), None, was.role.clone(), Some(reached(was)));
            (Some(contact.0), [old, ("", None, None, None)])
        }
    };
    run!(
        tx,
        query(ADD)
            .bind(firm.0)
            .bind(change.id)
            .bind(client.0)
            .bind(contact)
            .bind(old.0)
            .bind(old.1)
            .bind(&old.2)
            .bind(&old.3)
            .bind(new.0)
            .bind(new.1)
            .bind(&new.2)
            .bind(&new.3)
            .bind(by.0)
            .bind(Ts::from(now))
            .bind(old_told)
            .bind(new_told)
    )?;
    Ok(change)
}

/// Makes it as it was before a change, where that still fits. The caller holds the firm, and commits.
pub async fn undo(tx: &mut Tx, firm: FirmId, change: &Change, now: Timestamp) -> Result<Undone> {
    if change.is_undone {
        return Ok(Undone::Already);
    }
    let undone = match &change.what {
        What::Client { old, new } => details::change_back(tx, firm, change, old, new, now).await?,
        What::Contact { contact, old, new } => {
            contacts::change_back(tx, firm, *contact, old.as_ref(), new, now).await?
        }
        What::Removed { was, .. } => removed::fits(tx, firm, was).await?,
    };
    if undone == Undone::Yes {
        run!(tx, query(UNDO).bind(firm.0).bind(change.id).bind(Ts::from(now)))?;
        if let What::Removed { contact, was } = &change.what {
            // Only now are they a contact who may have addresses.
            removed::bring_back(tx, firm, *contact, was, now).await?;
        }
    }
    Ok(undone)
}

/// A change of that id.
pub async fn one(tx: &mut Tx, firm: FirmId, change: i64) -> Result<Change> {
    let row: Option<Row> = sql!(tx, c => query_as(ONE).bind(firm.0).bind(change).fetch_optional(c).await)?;
    row.map(Change::from).ok_or(Error::NotFound)
}

/// The last changes of all clients and contacts that were not taken back, so many at most, the last first.
pub async fn last(tx: &mut Tx, firm: FirmId, most: u32) -> Result<Vec<Change>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(LAST).bind(firm.0).bind(i64::from(most)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Change::from).collect())
}

/// The changes of a client and its contacts that were not taken back, the last first.
pub async fn of_client(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Vec<Change>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(OF_CLIENT).bind(firm.0).bind(client.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Change::from).collect())
}
