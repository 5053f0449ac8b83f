//! Cards of people into the record. Whoever is known by an address and a name gets what is new of them; whoever seems to
//! be of a client, or resembles somebody there, is proposed; of everybody else nothing is kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use care::book::FirmBook;
use care::people::{ClientKind, Who};
use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sqlx::{query, query_scalar};
use wire::contacts::Card;

use super::enlister::Enlister;
use crate::clients::cards::contact_of_uid;
use crate::clients::domains::{domain_of, is_freemail, organisation_domain};
use crate::clients::people::{Standing, contact_at, standing};
use crate::clients::proposed::{self, Gave, Proposed, State, Why, names_agree};
use crate::clients::{self, Contact, Scope};
use crate::db::{Tx, run, sql};
use crate::error::Result;
use crate::ids::{AddressId, CardId, ClientId, ContactId, FirmId, NaturalKey, StaffId, SubscriptionId};
use crate::intake::place::name_key;
use crate::record::{book, project, read};

/// No name on a card is longer, in characters.
const LONGEST: usize = 200;
/// So many addresses, and so many numbers, are taken from a card.
const MOST: usize = 20;

/// Words that say what kind of company it is, and not which.
const FORMS: [&str; 21] = [
    "ab",
    "ag",
    "as",
    "bv",
    "co",
    "company",
    "corp",
    "gmbh",
    "inc",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "oy",
    "partnership",
    "plc",
    "sa",
    "srl",
    "the",
];

/// Where cards come from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin {
    /// An address book; none for a file.
    pub book: Option<SubscriptionId>,
    /// Whose it is: they alone see what it proposes.
    pub staff: Option<StaffId>,
}

/// What became of cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sorted {
    /// Contacts of whom something new is known now.
    pub renewed: u64,
    /// Cards that say nothing new.
    pub known: u64,
    /// Cards that wait for somebody's word.
    pub proposed: u64,
    /// Cards of nobody at a client: nothing of them is kept.
    pub others: u64,
}

impl std::ops::AddAssign for Sorted {
    fn add_assign(&mut self, other: Sorted) {
        self.renewed += other.renewed;
        self.known += other.known;
        self.proposed += other.proposed;
        self.others += other.others;
    }
}

/// Whom a card is of.
enum Whose {
    Nobody,
    /// A contact, beyond doubt.
    Contact(ContactId),
    /// Somebody of a client, perhaps this contact.
    Perhaps(ClientId, Option<ContactId>, Why),
}

/// What is known of whom while cards are sorted.
struct Desk {
    book: Arc<FirmBook>,
    domains: FxHashMap<String, Who>,
    names: FxHashMap<String, ClientId>,
    persons: Vec<(String, ClientId)>,
}

/// Sorts cards into the record.
pub(super) async fn sort(lists: &mut Enlister, tx: &mut Tx, cards: &[Card], of: Origin) -> Result<Sorted> {
    let desk = Desk::open(tx, lists).await?;
    let mut known: FxHashMap<NaturalKey, Proposed> =
        proposed::all(tx, lists.firm).await?.into_iter().map(|card| (card.origin, card)).collect();
    let mut sorted = Sorted::default();
    for card in cards {
        let origin = origin(card, of);
        let new = of_card(tx, card, origin, of);
        let earlier = known.get(&origin);
        if earlier.is_some_and(|earlier| earlier.state == State::Left) {
            sorted.known += 1;
            continue;
        }
        // What somebody said of it stands, and holds for what is new on it.
        let said = earlier.filter(|earlier| earlier.state != State::Open).and_then(|earlier| earlier.contact);
        let whose = said.map_or_else(|| desk.whose(lists, card), Whose::Contact);
        let (whose, free) = desk.sifted(lists, tx, whose, &new, said.is_some()).await?;
        match whose {
            Whose::Nobody => sorted.others += 1,
            Whose::Contact(contact) => {
                let new = Proposed { contact: Some(contact), ..new };
                let Some((given, gave)) = renew(lists, tx, &new, &free).await? else {
                    sorted.known += 1;
                    continue;
                };
                sorted.renewed += 1;
                // Whoever takes back what they said of it takes back what it gave later as well.
                if let Some(earlier) = known.get_mut(&origin).filter(|earlier| earlier.state != State::Open) {
                    earlier.given.extend(given);
                    earlier.gave.add(gave);
                    (earlier.emails, earlier.phones) = (new.emails, new.phones);
                    proposed::save(tx, lists.firm, earlier, lists.now).await?;
                }
            }
            Whose::Perhaps(client, contact, why) => {
                let new = Proposed { client, contact, why, ..new };
                let before = known.get(&origin);
                let new = Proposed { id: before.map_or(new.id, |before| before.id), ..new };
                if before.is_some_and(|before| *before == new) {
                    sorted.known += 1;
                    continue;
                }
                proposed::save(tx, lists.firm, &new, lists.now).await?;
                known.insert(origin, new);
                sorted.proposed += 1;
            }
        }
    }
    Ok(sorted)
}

const OF_PATH: &str = "SELECT fact_key FROM subscribed_fact
    WHERE firm_id = $1 AND subscription_id = $2 AND href = $3 AND kind = 'card'";
const ADD: &str = "INSERT INTO subscribed_fact (firm_id, subscription_id, fact_key, href, kind, words, told)
    VALUES ($1, $2, $3, $4, 'card', '', $5)
    ON CONFLICT (firm_id, subscription_id, fact_key) DO UPDATE SET href = excluded.href";
const FORGET: &str =
    "DELETE FROM subscribed_fact WHERE firm_id = $1 AND subscription_id = $2 AND fact_key = $3";

/// Follows an address book: by path, what each changed thing holds now. A card of which nobody has said anything is
/// proposed no more when it is gone; what was said of one stands.
pub async fn follow(
    tx: &mut Tx,
    firm: FirmId,
    changed: &BTreeMap<String, Vec<Card>>,
    of: Origin,
    now: Timestamp,
) -> Result<Sorted> {
    let mut lists = Enlister::open(tx, firm, now).await?;
    let book = of.book.map_or(0, |book| book.0);
    for (path, cards) in changed {
        let known: Vec<i64> =
            sql!(tx, c => query_scalar(OF_PATH).bind(firm.0).bind(book).bind(path).fetch_all(c).await)?;
        let here: Vec<NaturalKey> = cards.iter().map(|card| origin(card, of)).collect();
        let is_gone = |key: &&i64| !here.contains(&NaturalKey(key.cast_unsigned()));
        for gone in known.iter().filter(is_gone) {
            run!(tx, query(FORGET).bind(firm.0).bind(book).bind(gone))?;
            proposed::forget_open(tx, firm, NaturalKey(gone.cast_unsigned())).await?;
        }
        for key in here {
            run!(tx, query(ADD).bind(firm.0).bind(book).bind(key.0.cast_signed()).bind(path).bind(true))?;
        }
    }
    let cards: Vec<Card> = changed.values().flatten().cloned().collect();
    let sorted = sort(&mut lists, tx, &cards, of).await?;
    if 0 < sorted.renewed {
        project::mark_behind(tx, firm, true).await?;
    }
    Ok(sorted)
}

/// Forgets an address book: its cards of which nobody has said anything are proposed no more.
pub async fn forget(tx: &mut Tx, firm: FirmId, book: SubscriptionId) -> Result<()> {
    proposed::forget_book(tx, firm, book).await
}

/// Gives a contact what a card knows of them, and of its addresses those that are `free`; says what that was, none where it
/// knows nothing new.
async fn renew(
    lists: &mut Enlister,
    tx: &mut Tx,
    card: &Proposed,
    free: &[AddressId],
) -> Result<Option<(Vec<AddressId>, Gave)>> {
    let Some(at) = lists.contacts.iter().position(|contact| Some(contact.id) == card.contact) else {
        return Ok(None);
    };
    let before = lists.contacts[at].clone();
    let is_known = |address: &AddressId| lists.contacts.iter().any(|other| other.addresses.contains(address));
    let fills =
        before.name.is_empty() && !card.name.is_empty() || before.role.is_none() && card.role.is_some();
    if free.iter().all(is_known) && !fills {
        return Ok(None);
    }
    let (contact, given) =
        proposed::give(tx, lists.firm, &lists.contacts, before, card, free, lists.now).await?;
    lists.contacts[at] = contact;
    Ok(Some(given))
}

/// What makes it the same card when it comes again: its own mark, else what stands on it. A card that was written here is
/// another one whenever something else stands on it, so that each change is a question of its own.
fn origin(card: &Card, of: Origin) -> NaturalKey {
    let place = of.book.map_or(0, |book| book.0);
    let all = || format!("{} {} {}", card.name, card.emails.join(" "), card.phones.join(" "));
    let words = match &card.uid {
        Some(uid) if contact_of_uid(uid).is_some() => {
            format!("{uid} {} {}", card.role.as_deref().unwrap_or_default(), all())
        }
        Some(uid) => uid.clone(),
        None => all(),
    };
    NaturalKey::of(format!("card {place} {words}").as_bytes())
}

fn of_card(tx: &Tx, card: &Card, origin: NaturalKey, of: Origin) -> Proposed {
    let short = |text: &str| -> String { crate::text::storable(text).chars().take(LONGEST).collect() };
    let few = |all: &[String]| all.iter().take(MOST).map(|text| short(text)).collect();
    Proposed {
        id: CardId(tx.new_id()),
        origin,
        book: of.book,
        staff: of.staff,
        client: ClientId(0),
        contact: None,
        name: short(&card.name),
        role: card.role.as_deref().map(short),
        organisation: card.organisation.as_deref().map(short),
        emails: few(&card.emails),
        phones: few(&card.phones),
        why: Why::Name,
        state: State::Open,
        given: Vec::new(),
        gave: Gave::default(),
    }
}

impl Desk {
    async fn open(tx: &mut Tx, lists: &Enlister) -> Result<Desk> {
        let placements = clients::store::placements(tx, lists.firm).await?;
        let of_domains = placements.into_iter().filter(|placement| placement.scope == Scope::Domain);
        let clients = clients::store::all(tx, lists.firm).await?;
        let confirmed = || clients.iter().filter(|client| !client.is_proposed());
        let persons = confirmed().filter(|client| client.kind == ClientKind::Person);
        Ok(Desk {
            book: book::at_hand(tx, lists.firm).await?.book,
            domains: of_domains.map(|placement| (placement.text, placement.who)).collect(),
            names: confirmed().map(|client| (organisation_key(&client.name), client.id)).collect(),
            persons: persons.map(|client| (client.name.clone(), client.id)).collect(),
        })
    }

    fn whose(&self, lists: &Enlister, card: &Card) -> Whose {
        let own = card.uid.as_deref().and_then(contact_of_uid);
        if let Some(own) = own.and_then(|own| lists.contacts.iter().find(|contact| contact.id == own)) {
            // It was written here, so what else it says now was said by whoever has it.
            return match self.is_changed(lists, own, card) {
                true => Whose::Perhaps(self.book.directory.client(own.client), Some(own.id), Why::Changed),
                false => Whose::Contact(own.id),
            };
        }
        let emails = card.emails.iter().filter_map(|text| lists.book.find(text));
        let phones = card.phones.iter().filter_map(|text| wire::calls::number_key(text));
        let phones: Vec<_> = phones.filter_map(|key| lists.book.find(&key)).collect();
        let emails: Vec<_> = emails.collect();
        let is_other = |who: Who| matches!(who, Who::Staff(_) | Who::ThirdParty | Who::Private | Who::Robot);
        if emails.iter().any(|address| is_other(self.book.directory.who(*address))) {
            return Whose::Nobody;
        }
        let contacts = || lists.contacts.iter().filter(|contact| self.is_confirmed(contact.client));
        for address in emails.iter().chain(&phones) {
            let Some(contact) = contacts().find(|contact| contact.addresses.contains(address)) else {
                continue;
            };
            let nameless = card.name.is_empty() || contact.name.is_empty();
            let agrees = nameless || names_agree(&card.name, &contact.name);
            if agrees && emails.contains(address) {
                return Whose::Contact(contact.id);
            }
            // A line is shared, so a number under another name says nothing.
            if agrees || emails.contains(address) {
                let client = self.book.directory.client(contact.client);
                return Whose::Perhaps(client, Some(contact.id), Why::Address);
            }
        }
        let Some((client, why)) = self.client(&emails, card) else { return Whose::Nobody };
        let same: Option<&Contact> = contacts().find(|contact| {
            self.book.directory.client(contact.client) == client && names_agree(&contact.name, &card.name)
        });
        match same {
            Some(same) => Whose::Perhaps(client, Some(same.id), Why::Name),
            None => Whose::Perhaps(client, None, why),
        }
    }

    /// Of a contact's card the addresses and numbers that are theirs without a word. Letters with one that nobody has placed
    /// are seen by those alone in whose mailboxes they lie: where somebody gives it to the contact, the firm reads them, so
    /// the card is proposed, unless it was said already who it is.
    async fn sifted(
        &self,
        lists: &mut Enlister,
        tx: &mut Tx,
        whose: Whose,
        card: &Proposed,
        is_said: bool,
    ) -> Result<(Whose, Vec<AddressId>)> {
        let Whose::Contact(id) = whose else { return Ok((whose, Vec::new())) };
        let Some(contact) = lists.contacts.iter().find(|contact| contact.id == id) else {
            return Ok((whose, Vec::new()));
        };
        let client = self.book.directory.client(contact.client);
        let addresses = proposed::numbered(&mut lists.book, card);
        lists.book.save(tx, lists.firm).await?;
        let (mut free, mut asks) = (Vec::new(), false);
        for address in addresses {
            match standing(&self.book, self.who(lists.book.text(address), address), client) {
                Standing::OfClient => free.push(address),
                Standing::Nobodys if read::letters_with(tx, lists.firm, address).await?.is_empty() => {
                    free.push(address);
                }
                Standing::Nobodys => asks = true,
                Standing::Another => {}
            }
        }
        match asks && !is_said {
            true => Ok((Whose::Perhaps(client, Some(id), Why::Address), Vec::new())),
            false => Ok((whose, free)),
        }
    }

    /// Whose an address is; one that was met first on this card is whose its domain is.
    fn who(&self, text: &str, address: AddressId) -> Who {
        match self.book.directory.who(address) {
            Who::Unplaced => self.of_domain(text).unwrap_or(Who::Unplaced),
            who => who,
        }
    }

    fn of_domain(&self, text: &str) -> Option<Who> {
        let domain = domain_of(text).filter(|domain| !is_freemail(domain))?;
        self.domains.get(domain).or_else(|| self.domains.get(organisation_domain(domain))).copied()
    }

    /// Whether a contact's own card says something of them that is not known.
    fn is_changed(&self, lists: &Enlister, own: &Contact, card: &Card) -> bool {
        let emails = card.emails.iter().map(|text| lists.book.find(text));
        let phones = card.phones.iter().filter_map(|text| wire::calls::number_key(text));
        let phones = phones.map(|key| lists.book.find(&key));
        let is_known = |address: AddressId| {
            contact_at(&self.book.directory, address).is_some()
                || lists.contacts.iter().any(|one| one.addresses.contains(&address))
        };
        let is_other = |now: &str, on_card: &str| !on_card.is_empty() && now != on_card;
        let [role, on_card] = [&own.role, &card.role].map(|role| role.as_deref().unwrap_or_default());
        // Whoever has no name goes out under an address.
        is_other(&own.name, &card.name) && !own.name.is_empty()
            || is_other(role, on_card)
            || emails.chain(phones).any(|address| !address.is_some_and(is_known))
    }

    /// The client at which somebody seems to be, and what says so.
    fn client(&self, emails: &[care::ids::AddressId], card: &Card) -> Option<(ClientId, Why)> {
        let by_address = emails.iter().find_map(|address| self.book.directory.who(*address).client());
        let by_domain = card.emails.iter().find_map(|text| self.of_domain(&text.to_lowercase())?.client());
        let by_name = || {
            let key = organisation_key(card.organisation.as_deref()?);
            self.names.get(&key).filter(|_| !key.is_empty()).copied()
        };
        let as_person =
            || self.persons.iter().find(|(name, _)| names_agree(name, &card.name)).map(|(_, id)| *id);
        let confirmed = |client: ClientId| {
            let client = self.book.directory.client(client);
            self.is_confirmed(client).then_some(client)
        };
        by_address
            .or(by_domain)
            .and_then(confirmed)
            .map(|client| (client, Why::Domain))
            .or_else(|| by_name().and_then(confirmed).map(|client| (client, Why::Organisation)))
            .or_else(|| as_person().and_then(confirmed).map(|client| (client, Why::Organisation)))
    }

    fn is_confirmed(&self, client: ClientId) -> bool {
        let client = self.book.directory.client(client);
        self.book.client(client).is_some_and(|client| client.kind != ClientKind::Correspondent)
    }
}

/// What makes two spellings of a company's name one: its words without those for its legal form.
fn organisation_key(name: &str) -> String {
    let words = name_key(name);
    let kept: Vec<&str> = words.split(' ').filter(|word| !FORMS.contains(word)).collect();
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_is_known_whatever_its_legal_form() {
        for (a, b) in [
            ("Marl Pits Ltd", "Marl Pits Limited"),
            ("The Rowan Boats Co.", "rowan boats"),
            ("Ashdown Farms Partnership", "Ashdown Farms"),
        ] {
            assert_eq!(organisation_key(a), organisation_key(b));
        }
        assert_ne!(organisation_key("Marl Pits"), organisation_key("Marl Mills"));
        assert_eq!(organisation_key("The Company Ltd"), "");
    }
}
