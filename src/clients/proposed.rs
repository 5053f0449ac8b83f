//! Contacts that a file or an address book proposes: each stands here until somebody says whether it is a person who is
//! known already, one of their own, or no contact. Nothing is merged without that word, and each can be taken back.

mod store;

use jiff::Timestamp;

use super::{Contact, removed, store as rows};
use crate::db::{Db, Durability, Tx};
use crate::error::{Error, Result};
use crate::firm::Custom;
use crate::ids::{AddressId, CardId, ClientId, ContactId, FirmId, NaturalKey, StaffId, SubscriptionId};
use crate::record::addresses::{AddressBook, AddressKind};
use crate::record::changes;

pub use store::{all, forget_book, forget_open, open, save};

/// A card that may be a contact of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Its id.
    pub id: CardId,
    /// The same whenever the card comes again.
    pub origin: NaturalKey,
    /// The address book that holds it; none where it came in a file.
    pub book: Option<SubscriptionId>,
    /// Whose address book that is: nobody else sees the card until it is a contact.
    pub staff: Option<StaffId>,
    /// The client.
    pub client: ClientId,
    /// Whom it resembles; once somebody decided, who it is.
    pub contact: Option<ContactId>,
    /// The name on the card.
    pub name: String,
    /// What they do.
    pub role: Option<String>,
    /// Where they work, by the card.
    pub organisation: Option<String>,
    /// Mail addresses, as written.
    pub emails: Vec<String>,
    /// Telephone numbers, as written.
    pub phones: Vec<String>,
    /// What speaks for it.
    pub why: Why,
    /// What became of it.
    pub state: State,
    /// The addresses and numbers that the contact was given because of it.
    pub given: Vec<AddressId>,
    /// What else the contact was given because of it.
    pub gave: Gave,
}

/// What a card gave a contact beside addresses and numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gave {
    /// Their name.
    pub name: Option<Filled>,
    /// What they do.
    pub role: Option<Filled>,
}

/// Words that were put in the place of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// What stood there; empty for nothing.
    pub before: String,
    /// What stands there since.
    pub is: String,
}

impl Filled {
    /// The same, once more was put there since.
    fn and_then(earlier: Option<Filled>, later: Option<Filled>) -> Option<Filled> {
        match (earlier, later) {
            (Some(Filled { before, .. }), Some(Filled { is, .. })) => Some(Filled { before, is }),
            (earlier, later) => later.or(earlier),
        }
    }

    /// What stands there once it is taken back: what stood before, unless somebody wrote something else since.
    fn taken_back(filled: Option<&Filled>, now: String) -> String {
        filled.filter(|filled| filled.is == now).map_or_else(|| now.clone(), |filled| filled.before.clone())
    }
}

impl Gave {
    /// Adds what the card gave later.
    pub fn add(&mut self, later: Gave) {
        self.name = Filled::and_then(self.name.take(), later.name);
        self.role = Filled::and_then(self.role.take(), later.role);
    }
}

/// What speaks for a card's being a contact, or the one that it resembles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// An address at the client's domain.
    Domain,
    /// The client's name stands on it.
    Organisation,
    /// An address or number of somebody of the client, under another name.
    Address,
    /// The name of somebody of the client, under other addresses.
    Name,
    /// The contact's own card, written here, that says something else since: what it says now is meant.
    Changed,
}

/// What became of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody has said anything.
    Open,
    /// It is the contact that it resembled.
    Joined,
    /// It is a contact of its own.
    Added,
    /// It is no contact.
    Left,
}

impl Why {
    const ALL: [(Why, &'static str); 5] = [
        (Why::Domain, "domain"),
        (Why::Organisation, "organisation"),
        (Why::Address, "address"),
        (Why::Name, "name"),
        (Why::Changed, "changed"),
    ];

    fn name(self) -> &'static str {
        Why::ALL.iter().find(|(why, _)| *why == self).map_or("", |(_, name)| name)
    }
}

impl State {
    const ALL: [(State, &'static str); 4] =
        [(State::Open, "open"), (State::Joined, "joined"), (State::Added, "added"), (State::Left, "left")];

    fn name(self) -> &'static str {
        State::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }
}

/// What somebody says of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// The same person as the contact that it resembles.
    Join,
    /// A person of their own.
    Add,
    /// No contact.
    Leave,
    /// What was said is taken back.
    TakeBack,
}

/// Cards on which somebody decides, and what is known meanwhile.
#[derive(Debug)]
pub struct Desk {
    firm: FirmId,
    cards: Vec<Proposed>,
    contacts: Vec<Contact>,
    removed: Vec<ContactId>,
    book: AddressBook,
}

impl Desk {
    /// Begins to decide. Whoever begins meanwhile waits until that is committed, and finds what was decided: of two
    /// people who say that a card is somebody of their own, the second makes no second contact.
    pub async fn begin(db: &Db, firm: FirmId) -> Result<(Tx, Desk)> {
        let mut tx = changes::begin(db, firm, Durability::Act).await?;
        let mut book = AddressBook::default();
        book.refresh(&mut tx, firm).await?;
        let cards = all(&mut tx, firm).await?;
        let contacts = rows::contacts(&mut tx, firm).await?;
        let removed = removed::all(&mut tx, firm).await?.iter().map(|one| one.contact.id).collect();
        Ok((tx, Desk { firm, cards, contacts, removed, book }))
    }

    /// All cards, decided or not.
    pub fn cards(&self) -> &[Proposed] {
        &self.cards
    }

    /// Numbers the addresses and telephone numbers of cards.
    pub async fn number(&mut self, tx: &mut Tx, cards: &[CardId]) -> Result<Vec<(CardId, Vec<AddressId>)>> {
        let meant = self.cards.iter().filter(|card| cards.contains(&card.id));
        let all = meant.map(|card| (card.id, numbered(&mut self.book, card))).collect();
        self.book.save(tx, self.firm).await?;
        Ok(all)
    }

    /// Does what somebody says of a card, whose contact is given those of its addresses that are `free`; false where it does
    /// not fit: there is nobody to join, somebody else has said something meanwhile, or who the card became was removed since,
    /// which is to be undone first.
    pub async fn decide(
        &mut self,
        tx: &mut Tx,
        card: CardId,
        word: Word,
        free: &[AddressId],
        by: StaffId,
        now: Timestamp,
    ) -> Result<bool> {
        let at = self.cards.iter().position(|known| known.id == card).ok_or(Error::NotFound)?;
        let found = self.cards[at].clone();
        let is_removed = found.contact.is_some_and(|contact| self.removed.contains(&contact));
        if (found.state == State::Open) == (word == Word::TakeBack) || word == Word::TakeBack && is_removed {
            return Ok(false);
        }
        let of_card = self.contacts.iter().find(|contact| Some(contact.id) == found.contact).cloned();
        let nothing = (Vec::new(), Gave::default());
        let (state, contact, (given, gave)) = match word {
            Word::Join => {
                let Some(resembled) = of_card else { return Ok(false) };
                let (contact, given) = self.give(tx, resembled, &found, free, now).await?;
                (State::Joined, Some(contact), given)
            }
            Word::Add => {
                let (contact, given) = self.give(tx, new_contact(tx, &found), &found, free, now).await?;
                (State::Added, Some(contact), given)
            }
            Word::Leave => (State::Left, found.contact, nothing),
            Word::TakeBack => (State::Open, self.take_back(tx, &found, of_card, now).await?, nothing),
        };
        self.cards[at] = Proposed { state, contact, given, gave, ..found };
        let said = (word != Word::TakeBack).then_some((by, now));
        store::decide(tx, self.firm, &self.cards[at], said).await?;
        Ok(true)
    }

    async fn give(
        &mut self,
        tx: &mut Tx,
        contact: Contact,
        card: &Proposed,
        free: &[AddressId],
        now: Timestamp,
    ) -> Result<(ContactId, (Vec<AddressId>, Gave))> {
        let (contact, given) = give(tx, self.firm, &self.contacts, contact, card, free, now).await?;
        let id = contact.id;
        self.contacts.retain(|known| known.id != id);
        self.contacts.push(contact);
        Ok((id, given))
    }

    /// Undoes what was done for a card; gives whom it resembles then.
    async fn take_back(
        &mut self,
        tx: &mut Tx,
        card: &Proposed,
        contact: Option<Contact>,
        now: Timestamp,
    ) -> Result<Option<ContactId>> {
        let Some(mut contact) = contact else { return Ok(None) };
        match card.state {
            State::Joined => {
                contact.addresses.retain(|address| !card.given.contains(address));
                contact.name = Filled::taken_back(card.gave.name.as_ref(), contact.name);
                let role = contact.role.unwrap_or_default();
                let role = Filled::taken_back(card.gave.role.as_ref(), role);
                contact.role = Some(role).filter(|role| !role.is_empty());
                rows::save_contact(tx, self.firm, &contact, now).await?;
                let known = self.contacts.iter_mut().find(|known| known.id == contact.id);
                known.into_iter().for_each(|known| known.clone_from(&contact));
            }
            State::Added => {
                rows::remove_contact(tx, self.firm, contact.id).await?;
                self.contacts.retain(|known| known.id != contact.id);
                return Ok(None);
            }
            State::Open | State::Left => {}
        }
        Ok(Some(contact.id))
    }
}

/// A person of their own, of whom nothing but the card is known.
fn new_contact(tx: &Tx, card: &Proposed) -> Contact {
    Contact {
        id: ContactId(tx.new_id()),
        client: card.client,
        name: card.name.clone(),
        role: card.role.clone(),
        addresses: Vec::new(),
        custom: Custom::default(),
    }
}

/// The addresses and telephone numbers of a card, by number.
pub fn numbered(book: &mut AddressBook, card: &Proposed) -> Vec<AddressId> {
    let emails = card.emails.iter().map(|text| book.number(AddressKind::Email, text, &card.name));
    let mut addresses: Vec<AddressId> = emails.collect();
    for text in &card.phones {
        let key = wire::calls::number_key(text);
        addresses.extend(key.map(|key| book.number(AddressKind::Phone, &key, text)));
    }
    addresses
}

/// Gives a contact what a card says of them, and of its addresses those that are `free` and no contact has; gives the
/// contact as it is then, and what that was.
pub async fn give(
    tx: &mut Tx,
    firm: FirmId,
    contacts: &[Contact],
    mut contact: Contact,
    card: &Proposed,
    free: &[AddressId],
    now: Timestamp,
) -> Result<(Contact, (Vec<AddressId>, Gave))> {
    let is_taken = |address: &AddressId| contacts.iter().any(|other| other.addresses.contains(address));
    let mut given: Vec<AddressId> = Vec::new();
    for address in free {
        if !is_taken(address) && !given.contains(address) {
            given.push(*address);
        }
    }
    contact.addresses.extend(&given);
    let gave = fill(&mut contact, card);
    rows::save_contact(tx, firm, &contact, now).await?;
    Ok((contact, (given, gave)))
}

/// Fills in what is not known of a contact and stands on a card; their own card, changed, also says what else is so.
fn fill(contact: &mut Contact, card: &Proposed) -> Gave {
    let filled = |now: &str, on_card: &str| {
        let is_meant = now.is_empty() || card.why == Why::Changed;
        let is_new = is_meant && !on_card.is_empty() && now != on_card;
        is_new.then(|| Filled { before: now.to_owned(), is: on_card.to_owned() })
    };
    let name = filled(&contact.name, &card.name);
    let role = filled(contact.role.as_deref().unwrap_or_default(), card.role.as_deref().unwrap_or_default());
    if let Some(name) = &name {
        contact.name.clone_from(&name.is);
    }
    if let Some(role) = &role {
        contact.role = Some(role.is.clone());
    }
    Gave { name, role }
}

pub(super) fn numbers(addresses: &[AddressId]) -> String {
    addresses.iter().map(|address| address.0.to_string()).collect::<Vec<_>>().join(" ")
}

/// Whether two names may be one person's: the same words, or all words of the shorter, of which there are two at least.
pub fn names_agree(a: &str, b: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (a, b) = (words(a), words(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let is_within = short.iter().all(|word| long.contains(word));
    is_within && (short.len() == long.len() || 2 <= short.len()) && !short.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_by_their_words() {
        for (a, b) in [("Jo Fenn", "Fenn, Jo"), ("Jo Fenn", "Mr. Jo A. Fenn"), ("JO FENN", "jo fenn")] {
            assert!(names_agree(a, b) && names_agree(b, a), "{a}, {b}");
        }
        for (a, b) in [("Jo Fenn", "Jo Marl"), ("Jo", "Jo Fenn"), ("", "Jo Fenn"), ("", "")] {
            assert!(!names_agree(a, b) && !names_agree(b, a), "{a}, {b}");
        }
    }
}
