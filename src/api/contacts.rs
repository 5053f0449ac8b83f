//! The contacts of a client: listed, added, changed, removed.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::routing::{get, put};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wire::contacts::Card;

use super::{Bare, Given, Refusal, Refused};
use crate::app::App;
use crate::board::Asker;
use crate::clients::cards::{self, contact_of_uid};
use crate::clients::contacts::{LONGEST, MOST, Person, Typed};
use crate::clients::pages::{Kept, find, keep, remove as taken_off};
use crate::clients::people::contact_at;
use crate::clients::store;
use crate::error::Error;
use crate::ids::{AddressId, ContactId};
use crate::web::visitor::Visitor;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/clients/{id}/contacts", get(list).post(add))
        .route("/api/v1/clients/{id}/contacts/{contact}", put(change).delete(remove))
}

/// The contacts of a client.
#[derive(Serialize, ToSchema)]
pub(super) struct Contacts {
    /// Each of them.
    contacts: Vec<Contact>,
}

/// A person at a client.
#[derive(Serialize, ToSchema)]
pub(super) struct Contact {
    /// Their id.
    id: String,
    /// Their name.
    name: String,
    /// What they do there.
    role: Option<String>,
    /// Mail addresses.
    emails: Vec<String>,
    /// Telephone numbers, as they were written first.
    phones: Vec<String>,
    /// What said of addresses and numbers that they are theirs: taking one back under `/api/v1/decisions/{id}/undoing`
    /// splits it off.
    joined: Vec<String>,
    /// Send it with a change: it is refused where they were changed meanwhile.
    seen: String,
}

/// How a contact is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// Their name.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What they do there; without it nothing that is known.
    #[schema(max_length = 200)]
    role: Option<String>,
    /// All their mail addresses; those that stand here and not there are taken off.
    #[serde(default)]
    #[schema(max_items = 20)]
    emails: Vec<String>,
    /// All their telephone numbers.
    #[serde(default)]
    #[schema(max_items = 20)]
    phones: Vec<String>,
    /// How they were given: nothing is changed where that is other by now.
    seen: Option<String>,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = KeptContact)]
pub(super) struct Done {
    /// Who it is.
    contact: String,
    /// The change, for undoing it under `/api/v1/decisions/{id}/undoing`; null where nothing was changed.
    change: Option<String>,
    /// What was done, as a sentence.
    words: String,
}

impl From<Kept> for Done {
    fn from(kept: Kept) -> Done {
        Done { contact: kept.contact.0.to_string(), change: kept.change, words: kept.words }
    }
}

impl Wish {
    /// What it says, and how they were seen; as it was sent it keeps to what the document says.
    fn typed(self) -> Result<(Typed, String), Error> {
        let Wish { name, role, emails, phones, seen } = self;
        let role = role.unwrap_or_default();
        for (field, text) in [("name", &name), ("role", &role)] {
            if LONGEST < text.chars().count() {
                return Err(Error::invalid(field, format!("takes at most {LONGEST} characters")));
            }
        }
        for (field, all) in [("emails", &emails), ("phones", &phones)] {
            if MOST < all.len() {
                return Err(Error::invalid(field, format!("are at most {MOST}")));
            }
        }
        Ok((Typed { name, role, emails, phones }, seen.unwrap_or_default()))
    }
}

/// What is right in its form and cannot be so: no address, somebody else's, or changed meanwhile.
pub(super) fn unfit(error: Error) -> Error {
    match error {
        Error::Invalid { field, words } => Error::Unfit { words: format!("cannot be kept: {field} {words}") },
        error => error,
    }
}

/// The contacts of a client, by name.
#[utoipa::path(get, path = "/api/v1/clients/{id}/contacts", tag = "people",
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 200, body = Contacts), (status = 401, body = Refusal), (status = 404, body = Refusal)))]
pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<Contacts>, Refused> {
    let asker = &visitor.asker;
    let card = find(asker, &id)?;
    app.seen.note(asker.firm, asker.staff, "saw", format!("client {}", card.id.0), app.now());
    let mut tx = app.db.read().await?;
    let client = BTreeMap::from([(card.id, card.name.clone())]);
    let directory = &asker.board.firm.book.directory;
    let found = cards::of_clients(&mut tx, asker.firm, &client, directory).await?;
    let known = store::contacts(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let contact = |card: Card| {
        let id = card.uid.as_deref().and_then(contact_of_uid)?;
        let known = known.iter().find(|one| one.id == id)?;
        Some(Contact {
            id: id.0.to_string(),
            name: card.name,
            role: card.role,
            emails: card.emails,
            phones: card.phones,
            joined: joined(asker, id),
            seen: Person::of(known).mark(),
        })
    };
    Ok(Json(Contacts { contacts: found.into_iter().filter_map(contact).collect() }))
}

/// The decisions by which addresses are a contact's.
fn joined(asker: &Asker, contact: ContactId) -> Vec<String> {
    let house = &asker.board.firm;
    let is_theirs = |address: &AddressId| contact_at(&house.book.directory, *address) == Some(contact);
    let theirs = house.joined.iter().filter(|(address, _)| is_theirs(address));
    let mut theirs: Vec<String> = theirs.map(|(_, decision)| format!("{:016x}", decision.0)).collect();
    theirs.sort_unstable();
    theirs
}

/// Adds a contact. An address that is somebody else's is refused.
#[utoipa::path(post, path = "/api/v1/clients/{id}/contacts", tag = "people", request_body = Wish,
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 200, body = Done), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn add(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value }: Given<Wish>,
) -> Result<Json<Done>, Refused> {
    let card = find(&visitor.asker, &id)?;
    let (typed, seen) = value.typed()?;
    let kept = keep(&app, &visitor.asker, card, None, &typed, &seen).await;
    Ok(Json(kept.map_err(unfit)?.into()))
}

/// Changes a contact: they are as it says afterwards.
#[utoipa::path(put, path = "/api/v1/clients/{id}/contacts/{contact}", tag = "people", request_body = Wish,
    params(("id" = String, Path, description = "The client's id"), ("contact" = String, Path, description = "The contact's id")),
    responses((status = 200, body = Done), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn change(
    State(app): State<App>,
    Path((id, contact)): Path<(String, String)>,
    Given { visitor, value }: Given<Wish>,
) -> Result<Json<Done>, Refused> {
    let card = find(&visitor.asker, &id)?;
    let contact = named(&contact)?;
    let (typed, seen) = value.typed()?;
    let kept = keep(&app, &visitor.asker, card, Some(contact), &typed, &seen).await;
    Ok(Json(kept.map_err(unfit)?.into()))
}

/// How whoever is to be removed was seen.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Seen {
    /// How they were given: nobody is removed where that is other by now.
    seen: Option<String>,
}

/// Removes a contact: they stand in no list any more, and what was written with them stays the client's. Whoever was
/// removed already stays so.
#[utoipa::path(delete, path = "/api/v1/clients/{id}/contacts/{contact}", tag = "people",
    params(("id" = String, Path, description = "The client's id"), ("contact" = String, Path, description = "The contact's id"), Seen),
    responses((status = 200, body = Done), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn remove(
    State(app): State<App>,
    Path((id, contact)): Path<(String, String)>,
    Query(Seen { seen }): Query<Seen>,
    Bare(visitor): Bare,
) -> Result<Json<Done>, Refused> {
    let card = find(&visitor.asker, &id)?;
    let contact = named(&contact)?;
    let kept = taken_off(&app, &visitor.asker, card, contact, &seen.unwrap_or_default()).await;
    Ok(Json(kept.map_err(unfit)?.into()))
}

fn named(contact: &str) -> Result<ContactId, Error> {
    contact.parse().map(ContactId).map_err(|_| Error::NotFound)
}
