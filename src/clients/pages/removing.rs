//! Removing a contact from a client: they stand in no list any more, and what was written with them stays the client's.

use axum::extract::State;
use axum::response::Response;
use care::book::FirmBook;
use jiff::Timestamp;
use serde::Deserialize;

use super::change::{self, Way};
use super::contact::Kept;
use super::find;
use crate::app::App;
use crate::board::{Asker, Card};
use crate::clients::changed::{Change, What};
use crate::clients::contacts::Person;
use crate::clients::{Contact, removed, store};
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::ContactId;
use crate::record::{audit, book, changes};
use crate::web::forms::{Path, Posted};
use crate::web::said::Telling;
use crate::web::trouble::Trouble;

#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    seen: String,
}

pub(super) async fn removing(
    State(app): State<App>,
    Path((id, contact)): Path<(String, i64)>,
    Posted { visitor, form }: Posted<Seen>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_act()?;
    let card = find(asker, &id)?;
    let (said, undo) = match remove(&app, asker, card, ContactId(contact), &form.seen).await {
        Ok(kept) => (kept.words, kept.change.unwrap_or_default()),
        // The page that shows what it says is the one to which it leads.
        Err(Error::Invalid { field, words }) => (format!("Not removed: {field} {words}."), String::new()),
        Err(error) => return Err(error.into()),
    };
    Ok(Telling { said, undo, ..Telling::default() }.lead(&format!("/clients/{}", card.id.0)))
}

/// Removes a contact. `seen` is how they stood on the page, see [`Person::mark`]; empty where that was not looked at.
pub(crate) async fn remove(
    app: &App,
    asker: &Asker,
    card: &Card,
    contact: ContactId,
    seen: &str,
) -> Result<Kept> {
    asker.may_act()?;
    let now = app.now();
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let book = book::at_hand(&mut tx, asker.firm).await?.book;
    let is_meant = |one: &&Contact| one.id == contact && book.directory.client(one.client) == card.id;
    let all = store::contacts(&mut tx, asker.firm).await?;
    let Some(known) = all.iter().find(is_meant) else {
        let earlier = was_here(&mut tx, asker, &book, card, contact).await?;
        let name = earlier.ok_or(Error::NotFound)?.name;
        let words = format!("Nothing was changed: {name} was removed already.");
        return Ok(Kept { contact, change: None, words });
    };
    if !seen.is_empty() && Person::of(known).mark() != seen {
        return Err(Error::invalid("this contact", "was changed since you opened the page; look once more"));
    }
    let change = removed::remove(&mut tx, asker.firm, known, asker.staff, now).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "changed", &change::detail(&change, Way::There), now)
        .await?;
    app.commit(asker.firm, tx).await?;
    let words = format!("{} is no contact any more. What was written with them stays.", known.name);
    Ok(Kept { contact, change: Some(change.key()), words })
}

/// Somebody who was removed from a client.
pub(super) async fn was_here(
    tx: &mut Tx,
    asker: &Asker,
    book: &FirmBook,
    card: &Card,
    contact: ContactId,
) -> Result<Option<Contact>> {
    let removed = removed::all(tx, asker.firm).await?.into_iter().map(|one| one.contact);
    let mut removed = removed.filter(|one| book.directory.client(one.client) == card.id);
    Ok(removed.find(|one| one.id == contact))
}

/// Somebody who was removed, for whoever may bring them back.
pub(super) struct Gone {
    pub(super) name: String,
    /// The change that undoing takes back.
    pub(super) key: String,
    /// Who removed them, and when.
    pub(super) words: String,
}

/// Those of whom it was changed that they are contacts, the last first.
pub(super) fn gone(asker: &Asker, changed: &[Change], now: Timestamp) -> Vec<Gone> {
    let gone = |change: &Change| {
        let What::Removed { was, .. } = &change.what else { return None };
        let (key, words) = change::earlier(asker, Some(change), |_| true, now)?;
        Some(Gone { name: was.name.clone(), key, words })
    };
    changed.iter().filter_map(gone).collect()
}
