//! Who a client is, as their page tells it beside what happened.

use care::people::ClientKind;
use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::client::Asked;
use super::contact::{self, ContactForm};
use super::details::{self, Told};
use super::list::reasons;
use super::people::{self, Person, spelled};
use super::removing::{self, Gone};
use crate::board::{Asker, Card, Merged};
use crate::clients::changed::{self, Change};
use crate::clients::particulars;
use crate::clients::people::as_decided;
use crate::clients::{Client, Contact, kind_name, store};
use crate::db::Tx;
use crate::departures::{self, in_words};
use crate::error::Result;
use crate::ids::{AddressId, ClientId};
use crate::matters;
use crate::notes::call::{self, CallForm};
use crate::record::outlook::Pair;
use crate::record::texts;
use crate::report::told::called;
use crate::report::words::grouped;
use crate::text::bound;
use crate::today::words::When;

/// So many ties are named.
const TIES: usize = 8;

/// Who they are.
pub(super) struct About<'a> {
    pub(super) name: &'a str,
    pub(super) kind: &'static str,
    pub(super) tier: &'a str,
    pub(super) since: String,
    pub(super) point_person: &'a str,
    pub(super) point_person_id: i64,
    pub(super) cover: &'a str,
    pub(super) risk: &'static str,
    pub(super) reasons: String,
    /// When and why they left, as a sentence; empty while they are here.
    pub(super) departure: String,
    pub(super) last_in: Option<When>,
    pub(super) last_out: Option<When>,
    pub(super) facts: Vec<(String, String)>,
    pub(super) people: Vec<Person>,
    /// Those who were removed and whom whoever asks may bring back.
    pub(super) gone: Vec<Gone>,
    /// The form by which somebody else becomes a contact.
    pub(super) new_contact: ContactForm,
    /// The form by which a call is logged; none where nobody is known.
    pub(super) call: Option<CallForm>,
    /// What tells one writing of a note from another.
    pub(super) once: String,
    pub(super) matters: Vec<Matter<'a>>,
    pub(super) ties: Vec<Tie<'a>>,
    pub(super) colleagues: Vec<(i64, &'a str)>,
    pub(super) merged: Vec<(String, &'a str)>,
    /// What the records of those told who are part of them now: what, of whom, and the words.
    pub(super) of_merged: Vec<(String, &'a str, String)>,
    /// What their record tells of them, and the form by which it is changed.
    pub(super) record: Told,
}

pub(super) struct Matter<'a> {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) handler: &'a str,
    pub(super) open: bool,
    pub(super) dates: String,
}

/// Who really talks to whom.
pub(super) struct Tie<'a> {
    pub(super) theirs: String,
    pub(super) ours: &'a str,
    pub(super) counts: String,
    pub(super) last: When,
    pub(super) is_tie: bool,
}

pub(super) async fn about<'a>(
    tx: &mut Tx,
    asker: &'a Asker,
    card: &'a Card,
    asked: &Asked,
    now: Timestamp,
) -> Result<About<'a>> {
    let (house, board) = (&asker.board.firm, &asker.board);
    let client = store::one(tx, asker.firm, card.id).await?;
    let merged = house.merged.iter().filter(|merged| house.book.directory.client(merged.from) == card.id);
    let Known { contacts, matters, changed } = Known::load(tx, asker, all_of(asker, card)).await?;
    let listed = contacts.clone();
    let theirs = house.addresses.get(&card.id).into_iter().flatten().copied();
    let contacts = as_decided(contacts, &house.book.directory, theirs);
    let contact = board.contact_with(card.id);
    let pairs = by_person(asker, &contact.pairs);
    let numbers = contacts.iter().flat_map(|contact| contact.addresses.iter().copied());
    let texts =
        texts::addresses(tx, asker.firm, numbers.chain(pairs.iter().map(|pair| pair.address))).await?;
    let mut people = people::shown(asker, card, &contacts, &pairs, &texts);
    if asker.may_act().is_ok() {
        contact::forms(asker, card.id, &mut people, &listed, &changed, now);
    }
    let outlook = board.outlook(card.id, now);
    let when = |at: Timestamp| When::ago(at, now, &asker.zone);
    let today = now.to_zoned(house.zone.clone()).date();
    let person = card.point_person;
    let cover =
        client.cover.or_else(|| person.and_then(|person| house.book.covering(person, card.id, today, [])));
    Ok(About {
        name: &card.name,
        kind: kind_name(card.kind),
        tier: card.tier.as_deref().unwrap_or_default(),
        since: card.since.map(|day| day.strftime("%-d %B %Y").to_string()).unwrap_or_default(),
        point_person: person.map_or("", |person| asker.name_of(person)),
        point_person_id: person.map_or(0, |person| person.0),
        cover: cover.map_or("", |cover| asker.name_of(cover)),
        risk: outlook.risk.name(),
        reasons: bound(&reasons(&outlook, now, &asker.zone)),
        departure: match card.kind {
            ClientKind::Former => {
                bound(&in_words(departures::store::last_of(tx, asker.firm, card.id).await?.as_ref()))
            }
            _ => String::new(),
        },
        last_in: contact.last_in(now).map(when),
        last_out: contact.last_out(now).map(when),
        facts: facts(&client),
        call: CallForm::at(card.id, partners(&people, &pairs), now),
        once: call::once(now),
        people,
        matters: matters.into_iter().map(|one| matter(asker, one)).collect(),
        ties: pairs.iter().map(|pair| tie(asker, pair, &texts, now)).collect(),
        colleagues: asker.colleagues().into_iter().map(|(staff, name)| (staff.0, name)).collect(),
        of_merged: of_merged(tx, asker, merged.clone()).await?,
        merged: merged.map(|one| merged_line(asker, one)).collect(),
        record: details::told(tx, asker, card, &changed, asked, now).await?,
        gone: if asker.may_act().is_ok() { removing::gone(asker, &changed, now) } else { Vec::new() },
        new_contact: ContactForm::for_another(card.id),
    })
}

/// What is known of some clients that are one.
#[derive(Default)]
struct Known {
    contacts: Vec<Contact>,
    /// Those that the asker sees: the open ones first, the newest of them first.
    matters: Vec<matters::Matter>,
    /// What people changed, the last first.
    changed: Vec<Change>,
}

impl Known {
    async fn load(tx: &mut Tx, asker: &Asker, clients: Vec<ClientId>) -> Result<Known> {
        let mut known = Known::default();
        for &client in &clients {
            known.contacts.extend(store::contacts_of(tx, asker.firm, client).await?);
            known.changed.extend(changed::of_client(tx, asker.firm, client).await?);
        }
        known.matters = matters_of(tx, asker, &clients).await?;
        Ok(known)
    }
}

/// A client, and all that were merged into it.
pub(super) fn all_of(asker: &Asker, card: &Card) -> Vec<ClientId> {
    let house = &asker.board.firm;
    let merged = house.merged.iter().map(|merged| merged.from);
    merged.filter(|from| house.book.directory.client(*from) == card.id).chain([card.id]).collect()
}

/// The matters that the asker sees: the open ones first, the newest of them first.
pub(super) async fn matters_of(
    tx: &mut Tx,
    asker: &Asker,
    clients: &[ClientId],
) -> Result<Vec<matters::Matter>> {
    let mut found = Vec::new();
    for client in clients {
        found.extend(matters::store::of_client(tx, asker.firm, *client).await?);
    }
    found.retain(|matter| !asker.is_walled_off(matter.id));
    found.sort_by_key(|matter| (matter.closed.is_some(), std::cmp::Reverse(matter.opened)));
    Ok(found)
}

/// With whom one may have spoken, address and name: first the one with whom there was a word last.
fn partners(people: &[Person], pairs: &[Pair]) -> Vec<(u32, String)> {
    let mut partners: Vec<&Person> = people.iter().filter(|person| person.by != 0).collect();
    let last = |person: &Person| call::last_of(pairs, |address| person.at.contains(&address));
    partners.sort_by_key(|person| std::cmp::Reverse(last(person)));
    partners.into_iter().map(|person| (person.by, person.name.clone())).collect()
}

/// The pairs that talk most, each two people once, by whichever address or number.
fn by_person(asker: &Asker, pairs: &[Pair]) -> Vec<Pair> {
    let contacts = &asker.board.firm.contacts;
    let mut people: Vec<(Option<&String>, Pair)> = Vec::new();
    for pair in pairs {
        let name = contacts.get(&pair.address);
        let same = |(known, one): &&mut (Option<&String>, Pair)| {
            one.staff == pair.staff && (name.is_some() && *known == name)
        };
        match people.iter_mut().find(same) {
            None => people.push((name, *pair)),
            Some((_, one)) => {
                one.heard += pair.heard;
                one.told += pair.told;
                one.last = one.last.max(pair.last);
            }
        }
    }
    let mut pairs: Vec<Pair> = people.into_iter().map(|(_, pair)| pair).collect();
    pairs.sort_by_key(|pair| std::cmp::Reverse((pair.is_tie(), pair.heard + pair.told, pair.last)));
    pairs.truncate(TIES);
    pairs
}

async fn of_merged<'a>(
    tx: &mut Tx,
    asker: &'a Asker,
    merged: impl Iterator<Item = &Merged>,
) -> Result<Vec<(String, &'a str, String)>> {
    let mut all = Vec::new();
    for one in merged {
        let (_, name) = merged_line(asker, one);
        let client = store::one(tx, asker.firm, one.from).await?;
        let told = particulars::standing(tx, asker.firm, one.from).await?;
        let told = told.into_iter().map(|(what, words)| (called(what).to_owned(), words));
        all.extend(told.chain(facts(&client)).map(|(what, words)| (what, name, words)));
    }
    Ok(all)
}

fn merged_line<'a>(asker: &'a Asker, merged: &Merged) -> (String, &'a str) {
    let name = asker.board.firm.clients.get(&merged.from).map_or("a client", |card| &card.name);
    (format!("{:016x}", merged.decision.0), name)
}

/// What their list tells beside the rest, and what they are worth.
fn facts(client: &Client) -> Vec<(String, String)> {
    let revenue = client
        .revenue
        .as_ref()
        .map(|money| ("Annual revenue".to_owned(), format!("{} {}", money.currency, grouped(money.whole()))));
    let custom = client.custom.iter().filter(|(_, value)| !value.trim().is_empty());
    custom.map(|(name, value)| (spelled(name), value.clone())).chain(revenue).collect()
}

fn matter(asker: &Asker, matter: matters::Matter) -> Matter<'_> {
    let day = |day: jiff::civil::Date| day.strftime("%-d %b %Y").to_string();
    let dates = match (matter.opened, matter.closed) {
        (Some(opened), Some(closed)) => format!("{} to {}", day(opened), day(closed)),
        (Some(opened), None) => format!("since {}", day(opened)),
        (None, Some(closed)) => format!("closed {}", day(closed)),
        (None, None) => String::new(),
    };
    Matter {
        name: matter.name,
        kind: matter.kind,
        handler: matter.handler.map_or("", |staff| asker.name_of(staff)),
        open: matter.closed.is_none(),
        dates,
    }
}

/// How often each side wrote or rang.
fn talked(heard: u32, told: u32) -> String {
    let times = |n: u32| match n {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{} times", grouped(n.into())),
    };
    match (heard, told) {
        // Said once, it stands for both.
        (3.., 3..) => format!("{} from them, {} from us", times(heard), grouped(told.into())),
        _ => format!("{} from them, {} from us", times(heard), times(told)),
    }
}

fn tie<'a>(
    asker: &'a Asker,
    pair: &Pair,
    texts: &FxHashMap<AddressId, (String, String)>,
    now: Timestamp,
) -> Tie<'a> {
    let named = asker.board.firm.contacts.get(&pair.address).cloned();
    let met = || texts.get(&pair.address).map(|(text, name)| texts::called(text, name).to_owned());
    Tie {
        theirs: named.or_else(met).unwrap_or_default(),
        ours: asker.name_of(pair.staff),
        counts: talked(pair.heard, pair.told),
        last: When::ago(pair.last, now, &asker.zone),
        is_tie: pair.is_tie(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_often_people_talked_reads_well_whatever_the_counts() {
        let said = |heard, told, words: &str| assert_eq!(talked(heard, told), words);
        said(22, 21, "22 times from them, 21 from us");
        said(3, 3, "3 times from them, 3 from us");
        said(1, 1, "once from them, once from us");
        said(1, 14, "once from them, 14 times from us");
        said(14, 1, "14 times from them, once from us");
        said(0, 5, "never from them, 5 times from us");
        said(2, 0, "twice from them, never from us");
        said(1200, 1100, "1,200 times from them, 1,100 from us");
    }
}
