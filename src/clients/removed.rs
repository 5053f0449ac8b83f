//! Contacts whom somebody removed: they stand in no list any more, and what was written with them stays their client's.
//! Who is removed is told by the change that says so and was not taken back; their row stays, and by the change their
//! addresses are known for theirs, unless another contact has one by now.

use jiff::Timestamp;
use sqlx::{FromRow, query_as};

use super::changed::{self, Change, Undone, What, reached};
use super::contacts::Person;
use super::{Contact, store};
use crate::db::{Ts, Tx, sql};
use crate::error::{Error, Result};
use crate::firm::store::parse;
use crate::ids::{ClientId, ContactId, FirmId, StaffId};
use crate::record::{book, changes, project};

const ALL: &str = "SELECT c.contact_id, c.client_id, c.name, c.role, c.custom, r.old_reached, r.changed_at
    FROM client_change r JOIN contact c ON c.firm_id = r.firm_id AND c.contact_id = r.contact_id
    WHERE r.firm_id = $1 AND r.contact_id IS NOT NULL AND r.new_reached IS NULL AND r.undone_at IS NULL
    ORDER BY r.change_id";

/// Somebody who is no contact any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// Who they were, with the addresses that they had.
    pub contact: Contact,
    /// Since when.
    pub at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    contact_id: i64,
    client_id: i64,
    name: String,
    role: Option<String>,
    custom: String,
    old_reached: Option<String>,
    changed_at: Ts,
}

/// All who were removed and not brought back, the last removed last.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Removed>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    rows.into_iter()
        .map(|row| {
            let contact = Contact {
                id: ContactId(row.contact_id),
                client: ClientId(row.client_id),
                name: row.name,
                role: row.role,
                addresses: reached(&row.old_reached.unwrap_or_default()),
                custom: parse(&row.custom)?,
            };
            Ok(Removed { contact, at: row.changed_at.into() })
        })
        .collect()
}

/// All contacts, and before them who was one: what is said of an address last counts.
pub async fn with_contacts(tx: &mut Tx, firm: FirmId) -> Result<Vec<Contact>> {
    let mut everybody: Vec<Contact> = all(tx, firm).await?.into_iter().map(|one| one.contact).collect();
    everybody.extend(store::contacts(tx, firm).await?);
    Ok(everybody)
}

/// Removes a contact. The caller holds the firm, and commits.
pub async fn remove(
    tx: &mut Tx,
    firm: FirmId,
    contact: &Contact,
    by: StaffId,
    now: Timestamp,
) -> Result<Change> {
    let what = What::Removed { contact: contact.id, was: Person::of(contact) };
    let change = changed::note(tx, firm, contact.client, what, by, now).await?;
    store::free(tx, firm, contact.id).await?;
    renew(tx, firm, contact.client).await?;
    Ok(change)
}

/// Whether somebody who was removed can be a contact as they were: nobody else has an address of theirs by now.
pub(super) async fn fits(tx: &mut Tx, firm: FirmId, was: &Person) -> Result<Undone> {
    let contacts = store::contacts(tx, firm).await?;
    let mut others = contacts.iter().flat_map(|one| &one.addresses);
    Ok(if others.any(|address| was.addresses.contains(address)) { Undone::GivenAway } else { Undone::Yes })
}

/// Makes somebody a contact again whose removal was just taken back.
pub(super) async fn bring_back(
    tx: &mut Tx,
    firm: FirmId,
    contact: ContactId,
    was: &Person,
    now: Timestamp,
) -> Result<()> {
    let contacts = store::contacts(tx, firm).await?;
    let mut found = contacts.into_iter().find(|one| one.id == contact).ok_or(Error::NotFound)?;
    found.addresses.clone_from(&was.addresses);
    store::save_contact(tx, firm, &found, now).await?;
    renew(tx, firm, found.client).await
}

/// Whose the letters are stays as it is; with whom the client has ties does not.
async fn renew(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<()> {
    changes::note_everything(tx, firm).await?;
    let client = book::at_hand(tx, firm).await?.book.directory.client(client);
    project::renew_clients(tx, firm, &[client]).await.map(drop)
}
