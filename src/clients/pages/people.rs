//! The people at a client, and saying that two of them are one.

use axum::extract::State;
use axum::response::Response;
use care::entry::Verdict;
use care::people::Who;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use wire::calls::number_key;

use super::contact::ContactForm;
use super::find;
use crate::app::App;
use crate::board::{Asker, Card};
use crate::clients::people::{as_decided, contact_at};
use crate::clients::{Contact, store};
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::firm::Custom;
use crate::ids::{AddressId, ClientId, ContactId};
use crate::record::outlook::Pair;
use crate::record::{audit, book, changes, texts};
use crate::text::tel;
use crate::today::acts::Done;
use crate::today::pages::lead_back_from;
use crate::today::together::{self, Batch};
use crate::web::forms::{Path, Posted};
use crate::web::trouble::Trouble;

/// A person at a client.
pub(super) struct Person {
    /// Which contact they are; none for somebody on no list.
    pub(super) contact: Option<ContactId>,
    /// The form by which they are changed, or become a contact; none for whoever may only look.
    pub(super) form: Option<ContactForm>,
    /// One of their addresses, which stands for them in forms.
    pub(super) by: u32,
    /// All of them.
    pub(super) at: Vec<AddressId>,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) addresses: Vec<Reach>,
    pub(super) facts: Vec<(String, String)>,
}

/// An address or a number at which somebody is reached.
pub(super) struct Reach {
    pub(super) text: String,
    /// Where a click on it leads: a letter, or a call.
    pub(super) href: String,
    /// The decision by which it is theirs; taking it back splits it off.
    pub(super) joined: Option<String>,
}

type Texts = FxHashMap<AddressId, (String, String)>;

/// The people of the list, then those who write and are on no list.
pub(super) fn shown(
    asker: &Asker,
    card: &Card,
    contacts: &[Contact],
    pairs: &[Pair],
    texts: &Texts,
) -> Vec<Person> {
    let house = &asker.board.firm;
    let reach = |address: &AddressId| {
        let (text, name) = texts.get(address)?;
        let text = texts::as_written(text, name);
        let joined = house.joined.get(address).map(|decision| format!("{:016x}", decision.0));
        let href = match text.contains('@') {
            true => format!("mailto:{text}"),
            false => tel(text).unwrap_or_default(),
        };
        Some(Reach { text: text.to_owned(), href, joined })
    };
    let listed = contacts.iter().map(|contact| Person {
        contact: Some(contact.id),
        form: None,
        by: contact.addresses.first().map_or(0, |address| address.0),
        at: contact.addresses.clone(),
        name: contact.name.clone(),
        role: contact.role.clone().unwrap_or_default(),
        addresses: contact.addresses.iter().filter_map(reach).collect(),
        facts: contact.custom.iter().map(|(name, value)| (spelled(name), value.clone())).collect(),
    });
    let mut people: Vec<Person> = listed.collect();
    let directory = &house.book.directory;
    for pair in pairs {
        let is_lone = directory.who(pair.address) == Who::Client { client: card.id, contact: None };
        let Some(reach) = reach(&pair.address).filter(|_| is_lone) else { continue };
        if people.iter().any(|person| person.by == pair.address.0) {
            continue;
        }
        let name = texts.get(&pair.address).map(|(_, name)| name.clone()).filter(|name| !name.is_empty());
        people.push(Person {
            contact: None,
            form: None,
            by: pair.address.0,
            at: vec![pair.address],
            name: name.unwrap_or_else(|| reach.text.clone()),
            role: "on no list".to_owned(),
            addresses: vec![reach],
            facts: Vec::new(),
        });
    }
    people
}

/// The name of a column as a label: "how_heard" is "How heard".
pub(super) fn spelled(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[derive(Debug, Deserialize)]
pub(super) struct Joining {
    who: String,
    is: String,
}

/// Says that two people of a client are one: what is the first's is the second's.
pub(super) async fn join(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<Joining>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_act()?;
    let client = find(asker, &id)?.id;
    let (who, is) = (theirs(asker, client, &form.who)?, theirs(asker, client, &form.is)?);
    let (done, batch) = join_people(&app, asker, client, who, is).await?;
    Ok(lead_back_from(&format!("/clients/{}", client.0), &done, batch))
}

/// Says that whoever has `who` is whoever has `is`, both of them addresses of the client.
pub(crate) async fn join_people(
    app: &App,
    asker: &Asker,
    client: ClientId,
    who: AddressId,
    is: AddressId,
) -> Result<(Done, Option<Batch>)> {
    asker.may_act()?;
    let directory = &asker.board.firm.book.directory;
    if who == is || contact_at(directory, who).is_some_and(|one| contact_at(directory, is) == Some(one)) {
        let words = "Nothing was changed: that is the same person already.".to_owned();
        return Ok((Done::Already { words }, None));
    }
    let now = app.now();
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    // Whom somebody removed meanwhile is nobody whom another one could be.
    let book = book::at_hand(&mut tx, asker.firm).await?.book;
    if book.directory.is_removed(who) || book.directory.is_removed(is) {
        return Err(nobody());
    }
    let addresses = match contact_at(directory, who) {
        Some(contact) => addresses_of(&mut tx, asker, client, contact).await?,
        None => vec![who],
    };
    let (name, batch) = enter(app, asker, &mut tx, client, addresses, is).await?;
    // Nobody is named: the log outlives who is erased, and is read by owners whom a wall keeps out.
    let detail = format!("client {}: two people are one", client.0);
    audit::note(&mut tx, asker.firm, asker.staff, "changed", &detail, now).await?;
    app.commit(asker.firm, tx).await?;
    let words = format!("They are one person now: {name}.");
    Ok((Done::Already { words }, Some(batch)))
}

/// Gives the addresses to whoever has `is`; the name of that person.
async fn enter(
    app: &App,
    asker: &Asker,
    tx: &mut Tx,
    client: ClientId,
    addresses: Vec<AddressId>,
    is: AddressId,
) -> Result<(String, Batch)> {
    let known = contact_at(&asker.board.firm.book.directory, is);
    let texts = texts::addresses(tx, asker.firm, [is]).await?;
    let (text, name) = texts.get(&is).cloned().unwrap_or_default();
    let name = match asker.board.firm.contacts.get(&is) {
        Some(listed) => listed.clone(),
        None if name.is_empty() => text,
        None => name,
    };
    let contact = match known {
        Some(contact) => contact,
        None => {
            let contact = ContactId(tx.new_id());
            let made = Contact {
                id: contact,
                client,
                name: name.clone(),
                role: None,
                addresses: vec![is],
                custom: Custom::default(),
            };
            store::save_contact(tx, asker.firm, &made, app.now()).await?;
            contact
        }
    };
    let who = Who::Client { client, contact: Some(contact) };
    let verdicts = addresses.into_iter().map(|address| Verdict::Placed { address, who }).collect();
    Ok((name, together::enter(tx, (asker.firm, asker.staff), verdicts, "", app.now()).await?))
}

/// An address of a form, if it is one of the client's.
fn theirs(asker: &Asker, client: ClientId, number: &str) -> Result<AddressId> {
    let house = &asker.board.firm;
    let address = number.parse().ok().map(AddressId);
    let theirs =
        address.filter(|address| house.addresses.get(&client).is_some_and(|all| all.contains(address)));
    theirs.ok_or_else(nobody)
}

/// The address of somebody at a client, as mail or a list spells it; of a number its digits count.
pub(crate) async fn reached_at(
    tx: &mut Tx,
    asker: &Asker,
    client: ClientId,
    typed: &str,
) -> Result<AddressId> {
    let all = asker.board.firm.addresses.get(&client).into_iter().flatten().copied();
    let texts = texts::addresses(tx, asker.firm, all).await?;
    let typed = typed.trim();
    let number = number_key(typed).filter(|_| !typed.contains('@'));
    let is_meant = |text: &str| match &number {
        Some(number) => !text.contains('@') && number_key(text).as_ref() == Some(number),
        None => text.eq_ignore_ascii_case(typed),
    };
    texts.into_iter().find(|(_, (text, _))| is_meant(text)).map(|(address, _)| address).ok_or_else(nobody)
}

fn nobody() -> Error {
    Error::invalid("the person", "is nobody of this client; open the page once more")
}

/// All that a contact is reached by.
async fn addresses_of(
    tx: &mut Tx,
    asker: &Asker,
    client: ClientId,
    contact: ContactId,
) -> Result<Vec<AddressId>> {
    let house = &asker.board.firm;
    let theirs = house.addresses.get(&client).into_iter().flatten().copied();
    let contacts = as_decided(store::contacts(tx, asker.firm).await?, &house.book.directory, theirs);
    let found = contacts.into_iter().find(|one| one.id == contact).ok_or(Error::NotFound)?;
    Ok(found.addresses)
}
