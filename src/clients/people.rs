//! The people at clients, as the firm's decisions leave them.

use care::people::{Directory, Who};
use rustc_hash::FxHashMap;

use super::Contact;
use crate::ids::{AddressId, ContactId};

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
