//! The people at clients, as the firm's decisions leave them.

use care::book::FirmBook;
use care::people::{ClientKind, Directory, Who};
use rustc_hash::FxHashMap;

use super::Contact;
use crate::ids::{AddressId, ClientId, ContactId};

/// Contacts with the addresses that are theirs by the directory, which has all of `addresses`. One who was found to be
/// another has none left, and is left out.
pub fn as_decided(
    contacts: Vec<Contact>,
    directory: &Directory,
    addresses: impl Iterator<Item = AddressId>,
) -> Vec<Contact> {
    let mut given: FxHashMap<ContactId, Vec<AddressId>> = FxHashMap::default();
    for address in addresses {
        if let Some(contact) = contact_at(directory, address) {
            given.entry(contact).or_default().push(address);
        }
    }
    let decide = |mut contact: Contact| {
        let had = !contact.addresses.is_empty();
        contact.addresses.retain(|address| contact_at(directory, *address).is_none_or(|id| id == contact.id));
        for address in given.remove(&contact.id).unwrap_or_default() {
            if !contact.addresses.contains(&address) {
                contact.addresses.push(address);
            }
        }
        (!had || !contact.addresses.is_empty()).then_some(contact)
    };
    contacts.into_iter().filter_map(decide).collect()
}

/// The contact who has an address.
pub fn contact_at(directory: &Directory, address: AddressId) -> Option<ContactId> {
    match directory.who(address) {
        Who::Client { contact, .. } => contact,
        _ => None,
    }
}

/// To whom an address belongs, as seen from a client somebody of whom shall have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belongs {
    /// It is the client's already, and nobody's there in particular.
    ToClient,
    /// Nobody has said whose it is: mail with it is seen by those alone in whose mailboxes it lies, until it is a contact's.
    ToNobody,
    /// It is somebody else's.
    ToAnother,
}

/// The same of an address that is `who`'s.
pub fn belongs(book: &FirmBook, who: Who, client: ClientId) -> Belongs {
    let of = who.client().map(|of| book.directory.client(of));
    let is_proposal = |of| book.client(of).is_none_or(|of| of.kind == ClientKind::Correspondent);
    match (who, of) {
        (Who::Unplaced, _) => Belongs::ToNobody,
        (_, Some(of)) if is_proposal(of) => Belongs::ToNobody,
        (Who::Client { contact: None, .. } | Who::Partner(_), Some(of)) if of == client => Belongs::ToClient,
        _ => Belongs::ToAnother,
    }
}
