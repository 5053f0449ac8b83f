//! Contacts as people add and change them: what they are called, what they do, by what they are reached.

use jiff::Timestamp;

use super::changed::{self, Change, Undone, What};
use super::{Contact, store};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::firm::Custom;
use crate::ids::{AddressId, ClientId, ContactId, FirmId, StaffId};
use crate::record::addresses::{AddressBook, AddressKind};
use crate::record::{book, changes, project};
use crate::text::{is_mail_address, line};

/// No name, and nothing that somebody does, is longer, in characters.
pub const LONGEST: usize = 200;
/// No mail address is longer (RFC 5321), and no number.
const LONGEST_ADDRESS: usize = 254;
/// So many addresses, and so many numbers, somebody has at most.
pub const MOST: usize = 20;

/// What people say of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// What they do there.
    pub role: Option<String>,
    /// Mail addresses and telephone numbers, by number.
    pub addresses: Vec<AddressId>,
}

impl Person {
    /// What is known of a contact.
    pub fn of(contact: &Contact) -> Person {
        Person::new(contact.name.clone(), contact.role.clone(), contact.addresses.clone())
    }

    fn new(name: String, role: Option<String>, mut addresses: Vec<AddressId>) -> Person {
        addresses.sort_unstable();
        addresses.dedup();
        Person { name, role, addresses }
    }

    /// How they stand, as a short mark: a form carries it, so that nobody overwrites what a colleague wrote meanwhile.
    pub fn mark(&self) -> String {
        let facts = format!("{:?}", (&self.name, &self.role, &self.addresses));
        blake3::hash(facts.as_bytes()).to_hex()[..8].to_owned()
    }
}

/// What somebody types of a contact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Their name.
    pub name: String,
    /// What they do there; empty for nothing that is known.
    pub role: String,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
}

/// What was typed, made fit and its addresses numbered. The caller holds the firm.
pub async fn read(tx: &mut Tx, firm: FirmId, typed: &Typed) -> Result<Person> {
    let name = line("the name", &typed.name, LONGEST)?;
    if name.is_empty() {
        return Err(Error::invalid("the name", "is missing"));
    }
    let role = line("the role", &typed.role, LONGEST)?;
    let fit = |field: &str, all: &[String]| -> Result<Vec<String>> {
        let all: Result<Vec<String>> = all.iter().map(|text| line(field, text, LONGEST_ADDRESS)).collect();
        let all: Vec<String> = all?.into_iter().filter(|text| !text.is_empty()).collect();
        match all.len() {
            many if MOST < many => Err(Error::invalid(field, format!("are {many}; {MOST} are the most"))),
            _ => Ok(all),
        }
    };
    let (emails, phones) = (fit("mail addresses", &typed.emails)?, fit("telephone numbers", &typed.phones)?);
    let mut book = AddressBook::default();
    book.refresh(tx, firm).await?;
    let mut addresses = Vec::new();
    for text in &emails {
        if !is_mail_address(text) {
            return Err(Error::invalid(
                format!("“{text}”"),
                "is no mail address; write it like jo@acme.example",
            ));
        }
        addresses.push(book.number(AddressKind::Email, text, &name));
    }
    for text in &phones {
        let Some(key) = wire::calls::number_key(text) else {
            return Err(Error::invalid(
                format!("“{text}”"),
                "is no telephone number; write it as it is dialled",
            ));
        };
        addresses.push(book.number(AddressKind::Phone, &key, text));
    }
    book.save(tx, firm).await?;
    Ok(Person::new(name, Some(role).filter(|role| !role.is_empty()), addresses))
}

/// Makes somebody a contact, or changes the contact; none where they are so already. Whether the addresses may be theirs
/// was asked before. The caller holds the firm, and commits.
pub async fn change(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    contact: Option<&Contact>,
    new: Person,
    by: StaffId,
    now: Timestamp,
) -> Result<Option<Change>> {
    let old = contact.map(Person::of);
    if old.as_ref() == Some(&new) {
        return Ok(None);
    }
    let contact = match contact {
        Some(contact) => contact.clone(),
        None => Contact {
            id: ContactId(tx.new_id()),
            client,
            name: String::new(),
            role: None,
            addresses: Vec::new(),
            custom: Custom::default(),
        },
    };
    let what = What::Contact { contact: contact.id, old: old.clone(), new: new.clone() };
    let client = contact.client;
    set(tx, firm, contact, Some(&new), now).await?;
    changed::note(tx, firm, client, what, by, now).await.map(Some)
}

/// Makes a contact as they were before a change.
pub(super) async fn change_back(
    tx: &mut Tx,
    firm: FirmId,
    contact: ContactId,
    old: Option<&Person>,
    new: &Person,
    now: Timestamp,
) -> Result<Undone> {
    let all = store::contacts(tx, firm).await?;
    let found = all.iter().find(|one| one.id == contact).filter(|one| Person::of(one) == *new);
    let Some(found) = found else { return Ok(Undone::ChangedSince) };
    let before = old.map_or(&[][..], |old| &old.addresses);
    let others = all.iter().filter(|one| one.id != contact).flat_map(|one| &one.addresses);
    let others: Vec<AddressId> = others.copied().collect();
    if before.iter().any(|address| others.contains(address)) {
        return Ok(Undone::GivenAway);
    }
    set(tx, firm, found.clone(), old, now).await?;
    Ok(Undone::Yes)
}

/// Makes a contact be so, or be no more, and folds anew whom the addresses concern that came or went.
async fn set(
    tx: &mut Tx,
    firm: FirmId,
    mut contact: Contact,
    is: Option<&Person>,
    now: Timestamp,
) -> Result<()> {
    let was = contact.addresses.clone();
    let addresses = is.map_or(&[][..], |is| &is.addresses);
    let concerned = was.iter().filter(|address| !addresses.contains(address));
    let concerned = concerned.chain(addresses.iter().filter(|address| !was.contains(address)));
    let concerned: Vec<AddressId> = concerned.copied().collect();
    let before = book::at_hand(tx, firm).await?.book;
    match is {
        None => store::remove_contact(tx, firm, contact.id).await?,
        Some(is) => {
            contact.name.clone_from(&is.name);
            contact.role.clone_from(&is.role);
            contact.addresses.clone_from(&is.addresses);
            store::save_contact(tx, firm, &contact, now).await?;
        }
    }
    changes::note_everything(tx, firm).await?;
    if concerned.is_empty() {
        return Ok(());
    }
    let after = book::at_hand(tx, firm).await?.book;
    project::renew_addresses(tx, firm, &concerned, &before, &after).await
}
