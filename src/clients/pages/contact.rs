//! Adding a contact to a client, and changing one: name, role, and by what they are reached.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use care::book::FirmBook;
use jiff::Timestamp;
use serde::Deserialize;

use super::change::{self, Way};
use super::client::{self, Asked, Refused};
use super::find;
use super::people::{Person as Shown, Reach};
use super::removing;
use super::theirs::may_be_theirs;
use crate::app::App;
use crate::board::{Asker, Card};
use crate::clients::changed::{Change, What};
use crate::clients::contacts::{self, Person, Typed};
use crate::clients::people::contact_at;
use crate::clients::{Contact, store};
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::ids::{AddressId, ClientId, ContactId};
use crate::record::{audit, book, changes};
use crate::text::said_back;
use crate::web::forms::{Path, Posted};
use crate::web::said::Telling;
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

/// The form of a contact.
pub(super) struct ContactForm {
    /// What it is called while it is closed.
    pub(super) called: &'static str,
    /// Where it is handed in.
    pub(super) action: String,
    pub(super) name: String,
    pub(super) role: String,
    /// One on a line.
    pub(super) emails: String,
    /// One on a line.
    pub(super) phones: String,
    /// Where they are removed; empty for whoever is no contact.
    pub(super) removing: String,
    /// How they stood when the page was made.
    pub(super) seen: String,
    /// Why it could not be taken; empty where nothing was handed in.
    pub(super) wrong: String,
    /// The last change that whoever asks may take back: its key, and what it was before.
    pub(super) earlier: Option<(String, String)>,
}

impl ContactForm {
    /// An empty one.
    pub(super) fn for_another(client: ClientId) -> ContactForm {
        ContactForm {
            called: "Add somebody",
            action: format!("/clients/{}/contacts", client.0),
            name: String::new(),
            role: String::new(),
            emails: String::new(),
            phones: String::new(),
            removing: String::new(),
            seen: String::new(),
            wrong: String::new(),
            earlier: None,
        }
    }

    fn of(client: ClientId, shown: &Shown, own: &[&Reach]) -> ContactForm {
        let lines = |is_mail: bool| {
            let some =
                own.iter().map(|reach| reach.text.as_str()).filter(|text| text.contains('@') == is_mail);
            some.collect::<Vec<_>>().join("\n")
        };
        let (emails, phones) = (lines(true), lines(false));
        // Whom nobody has named is shown by their address.
        let name = if shown.contact.is_none() && emails == shown.name { "" } else { &shown.name };
        ContactForm {
            called: "Keep as a contact",
            name: name.to_owned(),
            emails,
            phones,
            ..ContactForm::for_another(client)
        }
    }
}

/// Gives each person their form. `listed` are the contacts as they stand, whatever was decided about their addresses.
pub(super) fn forms(
    asker: &Asker,
    client: ClientId,
    people: &mut [Shown],
    listed: &[Contact],
    changed: &[Change],
    now: Timestamp,
) {
    for shown in people {
        // What was joined to them is split off where it stands.
        let own: Vec<&Reach> = shown.addresses.iter().filter(|reach| reach.joined.is_none()).collect();
        let mut form = ContactForm::of(client, shown, &own);
        let contact = listed.iter().find(|contact| Some(contact.id) == shown.contact);
        if let Some(contact) = contact {
            let person = Person::of(contact);
            form.called = "Change";
            form.action = format!("{}/{}", form.action, contact.id.0);
            form.removing = format!("{}/removing", form.action);
            form.role = contact.role.clone().unwrap_or_default();
            form.seen = person.mark();
            let of_them =
                |one: &&Change| matches!(one.what, What::Contact { contact: id, .. } if id == contact.id);
            let is_as_now = |what: &What| matches!(what, What::Contact { new, .. } if *new == person);
            form.earlier = change::earlier(asker, changed.iter().find(of_them), is_as_now, now);
        }
        shown.form = Some(form);
    }
}

/// What was typed of a contact and could not be taken.
pub(super) struct Wrong {
    contact: Option<ContactId>,
    filled: Filled,
    words: String,
}

impl Wrong {
    /// Puts it where it was typed, so that it is mended there.
    pub(super) fn put_into(self, people: &mut [Shown], another: &mut ContactForm) {
        let of_person =
            people.iter_mut().find(|shown| self.contact.is_some() && shown.contact == self.contact);
        let Filled { name, role, emails, phones, seen } = self.filled;
        // Whoever is there no more is added anew, and stood nowhere.
        let (form, seen) = match of_person.and_then(|shown| shown.form.as_mut()) {
            Some(form) => (form, seen),
            None => (another, String::new()),
        };
        let lines = |text: String| text.lines().map(said_back).collect::<Vec<_>>().join("\n");
        (form.name, form.role) = (said_back(&name), said_back(&role));
        (form.emails, form.phones) = (lines(emails), lines(phones));
        (form.seen, form.wrong) = (said_back(&seen), self.words);
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filled {
    name: String,
    role: String,
    emails: String,
    phones: String,
    seen: String,
}

impl Filled {
    fn typed(&self) -> Typed {
        let each = |text: &str| text.split(['\n', ',', ';']).map(str::to_owned).collect();
        Typed {
            name: self.name.clone(),
            role: self.role.clone(),
            emails: each(&self.emails),
            phones: each(&self.phones),
        }
    }
}

pub(super) async fn add(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<Filled>,
) -> Result<Response, Trouble> {
    handed_in(&app, &visitor, &id, None, form).await
}

pub(super) async fn change(
    State(app): State<App>,
    Path((id, contact)): Path<(String, i64)>,
    Posted { visitor, form }: Posted<Filled>,
) -> Result<Response, Trouble> {
    handed_in(&app, &visitor, &id, Some(ContactId(contact)), form).await
}

async fn handed_in(
    app: &App,
    visitor: &Visitor,
    id: &str,
    contact: Option<ContactId>,
    filled: Filled,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_act()?;
    let card = find(asker, id)?;
    match keep(app, asker, card, contact, &filled.typed(), &filled.seen).await {
        Ok(kept) => {
            let undo = kept.change.unwrap_or_default();
            Ok(Telling { said: kept.words, undo, ..Telling::default() }
                .lead(&format!("/clients/{}", card.id.0)))
        }
        Err(Error::Invalid { field, words }) => {
            let wrong = Refused::Contact(Wrong { contact, filled, words: format!("{field} {words}") });
            let page = client::shown(app, visitor, card, &Asked::default(), Some(wrong)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Where what was handed in could not be taken, the address is that of the form: who loads it again sees the client.
pub(super) async fn lead(Path(id): Path<String>) -> Redirect {
    Redirect::to(&format!("/clients/{}", id.parse::<i64>().unwrap_or_default()))
}

pub(super) async fn lead_from(Path((id, _)): Path<(String, String)>) -> Redirect {
    lead(Path(id)).await
}

/// What became of a contact.
pub(crate) struct Kept {
    /// Who it is.
    pub(crate) contact: ContactId,
    /// The change, for taking it back; none where nothing was changed.
    pub(crate) change: Option<String>,
    /// What was done, as a sentence.
    pub(crate) words: String,
}

/// Adds a contact to a client, or changes one. `seen` is how they stood on the page, see [`Person::mark`]; empty where that
/// was not looked at.
pub(crate) async fn keep(
    app: &App,
    asker: &Asker,
    card: &Card,
    contact: Option<ContactId>,
    typed: &Typed,
    seen: &str,
) -> Result<Kept> {
    asker.may_act()?;
    let now = app.now();
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let mut new = contacts::read(&mut tx, asker.firm, typed).await?;
    let book = book::at_hand(&mut tx, asker.firm).await?.book;
    let all = store::contacts(&mut tx, asker.firm).await?;
    let here = |one: &&Contact| book.directory.client(one.client) == card.id;
    let known = match contact.map(|id| (id, all.iter().filter(here).find(|one| one.id == id))) {
        Some((id, None)) if removing::was_here(&mut tx, asker, &book, card, id).await?.is_some() => {
            return Err(Error::invalid("this contact", GONE));
        }
        Some((_, None)) => return Err(Error::NotFound),
        Some((_, known)) => known,
        None => None,
    };
    if known.is_some_and(|known| !seen.is_empty() && Person::of(known).mark() != seen) {
        return Err(Error::invalid("this contact", "was changed since you opened the page; look once more"));
    }
    // A second click, or somebody who is known already.
    let is_there = |one: &&Contact| {
        let has = |address: &AddressId| contact_at(&book.directory, *address) == Some(one.id);
        one.name == new.name && new.addresses.iter().all(has)
    };
    if let (None, Some(there)) = (known, all.iter().filter(here).find(is_there)) {
        let words = format!("Nothing was changed: {} is a contact already.", new.name);
        return Ok(Kept { contact: there.id, change: None, words });
    }
    for address in &new.addresses {
        if !known.is_some_and(|known| is_theirs(known, &book, *address)) {
            may_be_theirs(&mut tx, asker, &book, card, *address).await?;
        }
    }
    if let Some(known) = known {
        keep_what_was_decided(&mut new, known, &book);
    }
    let name = new.name.clone();
    let change = contacts::change(&mut tx, asker.firm, card.id, known, new, asker.staff, now).await?;
    let Some(change) = change else {
        let words = format!("Nothing was changed: {name} stands here so already.");
        return Ok(Kept { contact: contact.unwrap_or(ContactId(0)), change: None, words });
    };
    audit::note(&mut tx, asker.firm, asker.staff, "changed", &change::detail(&change, Way::There), now)
        .await?;
    app.commit(asker.firm, tx).await?;
    let What::Contact { contact, old, .. } = &change.what else { return Err(Error::NotFound) };
    let words = match old {
        None => format!("{name} is a contact now."),
        Some(old) if old.name != name => format!("{} is {name} now.", old.name),
        Some(_) => format!("{name} is changed."),
    };
    Ok(Kept { contact: *contact, change: Some(change.key()), words })
}

/// Why nobody who was removed can be changed.
const GONE: &str = "was removed since you opened the page; undo that first, or add them anew";

/// Whether an address is a contact's, by what stands here and by what somebody decided since.
fn is_theirs(known: &Contact, book: &FirmBook, address: AddressId) -> bool {
    match contact_at(&book.directory, address) {
        Some(contact) => contact == known.id,
        None => known.addresses.contains(&address),
    }
}

/// What somebody decided about addresses stands: one that was joined to a contact is theirs without standing here, and one
/// that was given to somebody else stays noted here, so that it is theirs again when that is taken back.
fn keep_what_was_decided(new: &mut Person, known: &Contact, book: &FirmBook) {
    new.addresses.retain(|address| known.addresses.contains(address) || !is_theirs(known, book, *address));
    new.addresses.extend(known.addresses.iter().filter(|address| !is_theirs(known, book, **address)));
    new.addresses.sort_unstable();
    new.addresses.dedup();
}
