//! Contacts that a file or an address book proposes: each stands here until somebody says whether it is a person who is
//! known already, one of their own, or no contact. Nothing is merged without that word, and each can be taken back.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as};

use super::{Contact, store};
use crate::db::{Db, Durability, Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::firm::Custom;
use crate::ids::{AddressId, CardId, ClientId, ContactId, FirmId, NaturalKey, StaffId, SubscriptionId};
use crate::record::addresses::{AddressBook, AddressKind};
use crate::record::changes;

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
    /// What the contact was given because of it.
    pub given: Vec<AddressId>,
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
    const ALL: [(Why, &'static str); 4] = [
        (Why::Domain, "domain"),
        (Why::Organisation, "organisation"),
        (Why::Address, "address"),
        (Why::Name, "name"),
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

const COLUMNS: &str =
    "SELECT card_id, origin_key, subscription_id, staff_id, client_id, contact_id, name, role,
        organisation, emails, phones, why, state, given
    FROM proposed_contact WHERE firm_id = $1 ORDER BY client_id, name, card_id";
const SAVE: &str = "INSERT INTO proposed_contact (firm_id, card_id, origin_key, subscription_id, staff_id, client_id,
        contact_id, name, role, organisation, emails, phones, why, state, given, made_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    ON CONFLICT (firm_id, card_id) DO UPDATE SET client_id = excluded.client_id, contact_id = excluded.contact_id,
        name = excluded.name, role = excluded.role, organisation = excluded.organisation,
        emails = excluded.emails, phones = excluded.phones, why = excluded.why, given = excluded.given";
const DECIDE: &str =
    "UPDATE proposed_contact SET state = $3, contact_id = $4, given = $5, decided_by_id = $6,
        decided_at = $7
    WHERE firm_id = $1 AND card_id = $2";
const FORGET: &str = "DELETE FROM proposed_contact WHERE firm_id = $1 AND origin_key = $2 AND state = 'open'";
const FORGET_BOOK: &str =
    "DELETE FROM proposed_contact WHERE firm_id = $1 AND subscription_id = $2 AND state = 'open'";
const OPEN: &str = "SELECT client_id, staff_id FROM proposed_contact WHERE firm_id = $1 AND state = 'open'";

#[derive(FromRow)]
struct Row {
    card_id: i64,
    origin_key: i64,
    subscription_id: Option<i64>,
    staff_id: Option<i64>,
    client_id: i64,
    contact_id: Option<i64>,
    name: String,
    role: Option<String>,
    organisation: Option<String>,
    emails: String,
    phones: String,
    why: String,
    state: String,
    given: String,
}

/// All cards of a firm, decided or not, by client and name.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Proposed>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(COLUMNS).bind(firm.0).fetch_all(c).await)?;
    rows.into_iter().map(of_row).collect()
}

/// Of each card that waits for a word its client, and whose address book holds it.
pub async fn open(tx: &mut Tx, firm: FirmId) -> Result<Vec<(ClientId, Option<StaffId>)>> {
    let rows: Vec<(i64, Option<i64>)> = sql!(tx, c => query_as(OPEN).bind(firm.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(client, staff)| (ClientId(client), staff.map(StaffId))).collect())
}

fn of_row(row: Row) -> Result<Proposed> {
    let word =
        |word: &str| Error::Unexpected(anyhow::anyhow!("a card is in the state “{word}”, which is none"));
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    let why = Why::ALL.iter().find(|(_, name)| *name == row.why).ok_or_else(|| word(&row.why))?.0;
    let state = State::ALL.iter().find(|(_, name)| *name == row.state).ok_or_else(|| word(&row.state))?.0;
    Ok(Proposed {
        id: CardId(row.card_id),
        origin: NaturalKey(row.origin_key.cast_unsigned()),
        book: row.subscription_id.map(SubscriptionId),
        staff: row.staff_id.map(StaffId),
        client: ClientId(row.client_id),
        contact: row.contact_id.map(ContactId),
        name: row.name,
        role: row.role,
        organisation: row.organisation,
        emails: lines(&row.emails),
        phones: lines(&row.phones),
        why,
        state,
        given: row.given.split_whitespace().filter_map(|number| number.parse().ok().map(AddressId)).collect(),
    })
}

/// Keeps a card, or what is new on it. What somebody said of it stands.
pub async fn save(tx: &mut Tx, firm: FirmId, card: &Proposed, now: Timestamp) -> Result<()> {
    run!(
        tx,
        query(SAVE)
            .bind(firm.0)
            .bind(card.id.0)
            .bind(card.origin.0.cast_signed())
            .bind(card.book.map(|book| book.0))
            .bind(card.staff.map(|staff| staff.0))
            .bind(card.client.0)
            .bind(card.contact.map(|contact| contact.0))
            .bind(&card.name)
            .bind(&card.role)
            .bind(&card.organisation)
            .bind(card.emails.join("\n"))
            .bind(card.phones.join("\n"))
            .bind(card.why.name())
            .bind(card.state.name())
            .bind(numbers(&card.given))
            .bind(Ts::from(now))
    )
    .map(drop)
}

/// Takes away a card that is no more, if nobody has said anything of it.
pub async fn forget_open(tx: &mut Tx, firm: FirmId, origin: NaturalKey) -> Result<()> {
    run!(tx, query(FORGET).bind(firm.0).bind(origin.0.cast_signed())).map(drop)
}

/// Takes away the cards of an address book of which nobody has said anything.
pub async fn forget_book(tx: &mut Tx, firm: FirmId, book: SubscriptionId) -> Result<()> {
    run!(tx, query(FORGET_BOOK).bind(firm.0).bind(book.0)).map(drop)
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
        let contacts = store::contacts(&mut tx, firm).await?;
        Ok((tx, Desk { firm, cards, contacts, book }))
    }

    /// All cards, decided or not.
    pub fn cards(&self) -> &[Proposed] {
        &self.cards
    }

    /// Does what somebody says of a card; false where it does not fit: there is nobody to join, or somebody else has said
    /// something meanwhile.
    pub async fn decide(
        &mut self,
        tx: &mut Tx,
        card: CardId,
        word: Word,
        by: StaffId,
        now: Timestamp,
    ) -> Result<bool> {
        let at = self.cards.iter().position(|known| known.id == card).ok_or(Error::NotFound)?;
        let found = self.cards[at].clone();
        if (found.state == State::Open) == (word == Word::TakeBack) {
            return Ok(false);
        }
        let of_card = self.contacts.iter().find(|contact| Some(contact.id) == found.contact).cloned();
        let (state, contact, given) = match word {
            Word::Join => {
                let Some(resembled) = of_card else { return Ok(false) };
                let (contact, given) = self.give(tx, resembled, &found, now).await?;
                (State::Joined, Some(contact), given)
            }
            Word::Add => {
                let (contact, given) = self.give(tx, new_contact(tx, &found), &found, now).await?;
                (State::Added, Some(contact), given)
            }
            Word::Leave => (State::Left, found.contact, Vec::new()),
            Word::TakeBack => (State::Open, self.take_back(tx, &found, of_card, now).await?, Vec::new()),
        };
        let decided = (word != Word::TakeBack).then_some((by.0, Ts::from(now)));
        run!(
            tx,
            query(DECIDE)
                .bind(self.firm.0)
                .bind(card.0)
                .bind(state.name())
                .bind(contact.map(|contact| contact.0))
                .bind(numbers(&given))
                .bind(decided.map(|(by, _)| by))
                .bind(decided.map(|(_, at)| at))
        )?;
        self.cards[at] = Proposed { state, contact, given, ..found };
        Ok(true)
    }

    async fn give(
        &mut self,
        tx: &mut Tx,
        contact: Contact,
        card: &Proposed,
        now: Timestamp,
    ) -> Result<(ContactId, Vec<AddressId>)> {
        let (contact, given) =
            give(tx, self.firm, &mut self.book, &self.contacts, contact, card, now).await?;
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
                store::save_contact(tx, self.firm, &contact, now).await?;
                let known = self.contacts.iter_mut().find(|known| known.id == contact.id);
                known.into_iter().for_each(|known| known.clone_from(&contact));
            }
            State::Added => {
                store::remove_contact(tx, self.firm, contact.id).await?;
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

/// Gives a contact what the card knows of them and nobody else has; gives the contact as it is then, and what that was.
pub async fn give(
    tx: &mut Tx,
    firm: FirmId,
    book: &mut AddressBook,
    contacts: &[Contact],
    mut contact: Contact,
    card: &Proposed,
    now: Timestamp,
) -> Result<(Contact, Vec<AddressId>)> {
    let emails = card.emails.iter().map(|text| book.number(AddressKind::Email, text, &card.name));
    let mut addresses: Vec<AddressId> = emails.collect();
    for text in &card.phones {
        let key = wire::calls::number_key(text);
        addresses.extend(key.map(|key| book.number(AddressKind::Phone, &key, text)));
    }
    book.save(tx, firm).await?;
    let is_taken = |address: &AddressId| contacts.iter().any(|other| other.addresses.contains(address));
    let mut given: Vec<AddressId> = Vec::new();
    for address in addresses {
        if !is_taken(&address) && !given.contains(&address) {
            given.push(address);
        }
    }
    contact.addresses.extend(&given);
    if contact.name.is_empty() {
        contact.name.clone_from(&card.name);
    }
    contact.role = contact.role.or_else(|| card.role.clone());
    store::save_contact(tx, firm, &contact, now).await?;
    Ok((contact, given))
}

fn numbers(addresses: &[AddressId]) -> String {
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
