//! Cards of people into the record. Whoever is known by an address and a name gets what is new of them; whoever seems to
//! be of a client, or resembles somebody there, is proposed; of everybody else nothing is kept.

mod whose;

use std::collections::BTreeMap;

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sqlx::{query, query_scalar};
use wire::contacts::Card;

use self::whose::{Desk, Whose};
use super::enlister::Enlister;
use crate::clients::cards::contact_of_uid;
use crate::clients::proposed::{self, Gave, Proposed, State, Why};
use crate::clients::said::Said;
use crate::db::{Tx, run, sql};
use crate::error::Result;
use crate::ids::{AddressId, CardId, ClientId, FirmId, NaturalKey, StaffId, SubscriptionId};
use crate::record::project;

/// No name on a card is longer, in characters.
const LONGEST: usize = 200;
/// So many addresses, and so many numbers, are taken from a card.
const MOST: usize = 20;

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

/// Sorts cards into the record.
pub(super) async fn sort(lists: &mut Enlister, tx: &mut Tx, cards: &[Card], of: Origin) -> Result<Sorted> {
    let cards: Vec<_> = cards.iter().map(|card| (card, None)).collect();
    sort_each(lists, tx, &cards, of).await
}

/// Sorts cards into the record, each with what it said when it was written here, or seen last, where that is known.
async fn sort_each(
    lists: &mut Enlister,
    tx: &mut Tx,
    cards: &[(&Card, Option<&Said>)],
    of: Origin,
) -> Result<Sorted> {
    let desk = Desk::open(tx, lists).await?;
    let mut known: FxHashMap<NaturalKey, Proposed> =
        proposed::all(tx, lists.firm).await?.into_iter().map(|card| (card.origin, card)).collect();
    let mut sorted = Sorted::default();
    for (card, written) in cards {
        let origin = origin(card, of);
        let new = of_card(tx, card, origin, of);
        let earlier = known.get(&origin);
        if earlier.is_some_and(|earlier| earlier.state == State::Left) {
            sorted.known += 1;
            continue;
        }
        // What somebody said of it stands, and holds for what is new on it.
        let said = earlier.filter(|earlier| earlier.state != State::Open).and_then(|earlier| earlier.contact);
        let is_own = said.is_some() && card.uid.as_deref().and_then(contact_of_uid).is_some();
        let whose = match said {
            // Whatever stands on such a card they spoke of: it is another one with anything else on it.
            Some(_) if is_own => Whose::Own,
            Some(contact) => Whose::Contact(contact),
            None => desk.whose(lists, card, *written),
        };
        let (whose, free) = desk.sifted(lists, tx, whose, &new, said.is_some()).await?;
        let (client, contact, why, new) = match whose {
            Whose::Nobody => {
                sorted.others += 1;
                continue;
            }
            Whose::Own => {
                sorted.known += 1;
                continue;
            }
            Whose::Contact(contact) => {
                let new = Proposed { contact: Some(contact), ..new };
                if give(lists, tx, new, &free, known.get_mut(&origin)).await? {
                    sorted.renewed += 1;
                } else {
                    sorted.known += 1;
                }
                continue;
            }
            Whose::Perhaps(client, contact, why) => (client, contact, why, new),
            Whose::Changed(client, contact, changed) => {
                (client, Some(contact), Why::Changed, of_card(tx, &changed, origin, of))
            }
        };
        let before = known.get(&origin);
        let id = before.map_or(new.id, |before| before.id);
        let new = Proposed { id, client, contact, why, ..new };
        if before.is_some_and(|before| *before == new) {
            sorted.known += 1;
            continue;
        }
        proposed::save(tx, lists.firm, &new, lists.now).await?;
        known.insert(origin, new);
        sorted.proposed += 1;
    }
    Ok(sorted)
}

/// Gives a contact what is new on their card; false where nothing is.
async fn give(
    lists: &mut Enlister,
    tx: &mut Tx,
    new: Proposed,
    free: &[AddressId],
    earlier: Option<&mut Proposed>,
) -> Result<bool> {
    let Some((given, gave)) = renew(lists, tx, &new, free).await? else { return Ok(false) };
    // Whoever takes back what they said of it takes back what it gave later as well.
    if let Some(earlier) = earlier.filter(|earlier| earlier.state != State::Open) {
        earlier.given.extend(given);
        earlier.gave.add(gave);
        (earlier.emails, earlier.phones) = (new.emails, new.phones);
        proposed::save(tx, lists.firm, earlier, lists.now).await?;
    }
    Ok(true)
}

const OF_PATH: &str = "SELECT fact_key FROM subscribed_fact
    WHERE firm_id = $1 AND subscription_id = $2 AND href = $3 AND kind = 'card'";
const ADD: &str = "INSERT INTO subscribed_fact (firm_id, subscription_id, fact_key, href, kind, words, told)
    VALUES ($1, $2, $3, $4, 'card', '', $5)
    ON CONFLICT (firm_id, subscription_id, fact_key) DO UPDATE SET href = excluded.href";
const FORGET: &str =
    "DELETE FROM subscribed_fact WHERE firm_id = $1 AND subscription_id = $2 AND fact_key = $3";

/// Follows an address book: by path, what each changed thing holds now, and what a contact's own card `said` when it was
/// written there or seen last. A card of which nobody has said anything is
/// proposed no more when it is gone; what was said of one stands.
pub async fn follow(
    tx: &mut Tx,
    firm: FirmId,
    changed: &BTreeMap<String, Vec<Card>>,
    said: &BTreeMap<String, Said>,
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
    let each = |(path, cards)| std::iter::zip(cards, std::iter::repeat(said.get(path)));
    let cards: Vec<(&Card, Option<&Said>)> = changed.iter().flat_map(each).collect();
    let sorted = sort_each(&mut lists, tx, &cards, of).await?;
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
        name: short(card.called()),
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
