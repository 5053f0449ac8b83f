//! Contacts as cards (vCard), for address books elsewhere.

use std::collections::BTreeMap;

use care::people::Directory;
use rustc_hash::FxHashMap;
use wire::contacts::Card;

use super::people::as_decided;
use super::store;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{AddressId, ClientId, ContactId, FirmId};
use crate::record::{read, texts};

/// By this a card of ours is known when it comes back.
const UID: &str = "regard-contact-";

/// The contact of whom a card was written here.
pub fn contact_of_uid(uid: &str) -> Option<ContactId> {
    uid.strip_prefix(UID)?.parse().ok().map(ContactId)
}

/// The mark of a contact's card.
pub fn uid(contact: ContactId) -> String {
    format!("{UID}{}", contact.0)
}

/// The contacts of these clients, by client and name.
pub async fn of_clients(
    tx: &mut Tx,
    firm: FirmId,
    clients: &BTreeMap<ClientId, String>,
    directory: &Directory,
) -> Result<Vec<Card>> {
    let all = store::contacts(tx, firm).await?;
    let addresses = read::addresses(tx, firm).await?;
    let mut contacts = as_decided(all, directory, addresses.into_iter());
    contacts.retain(|contact| clients.contains_key(&directory.client(contact.client)));
    let known = contacts.iter().flat_map(|contact| contact.addresses.iter().copied());
    let texts: FxHashMap<AddressId, (String, String)> = texts::addresses(tx, firm, known).await?;
    let mut cards: Vec<Card> = contacts
        .into_iter()
        .map(|contact| {
            let client = clients.get(&directory.client(contact.client));
            let of = |is_email: bool| {
                let texts = contact.addresses.iter().filter_map(|address| texts.get(address));
                let texts = texts.filter(move |(text, _)| text.contains('@') == is_email);
                texts.map(|(text, name)| texts::as_written(text, name).to_owned())
            };
            Card {
                line: 0,
                uid: Some(uid(contact.id)),
                organisation: client.filter(|client| **client != contact.name).cloned(),
                role: contact.role.clone(),
                emails: of(true).collect(),
                phones: of(false).collect(),
                written_for: None,
                name: contact.name,
            }
        })
        .collect();
    cards.sort_by(|a, b| (&a.organisation, &a.name, &a.uid).cmp(&(&b.organisation, &b.name, &b.uid)));
    Ok(cards)
}
