//! Contacts of all clients that somebody sees, or of one: as cards (vCard) for an address book elsewhere, or as a
//! spreadsheet.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use wire::contacts::Card as Contact;

use super::find;
use super::rows::visible;
use crate::app::App;
use crate::board::{Asker, Card};
use crate::clients::cards;
use crate::db::{Durability, Tx};
use crate::error::Result;
use crate::record::audit;
use crate::report::words::counted;
use crate::web::csv;
use crate::web::forms::Path;
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const HEAD: [&str; 5] = ["client", "name", "role", "addresses", "numbers"];

pub(super) async fn all(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    Ok(export(&app, asker, visible(asker).collect()).await?)
}

pub(super) async fn of_client(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let card = find(asker, &id)?;
    Ok(export(&app, asker, vec![card]).await?)
}

pub(super) async fn csv_of_all(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    Ok(table(&app, asker, visible(asker).collect()).await?)
}

pub(super) async fn csv_of_client(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    Ok(table(&app, asker, vec![find(asker, &id)?]).await?)
}

/// The contacts of these clients, by client and name.
async fn contacts(tx: &mut Tx, asker: &Asker, clients: &[&Card]) -> Result<Vec<Contact>> {
    let clients: BTreeMap<_, _> = clients.iter().map(|card| (card.id, card.name.clone())).collect();
    cards::of_clients(tx, asker.firm, &clients, &asker.board.firm.book.directory).await
}

/// One line for each contact.
async fn table(app: &App, asker: &Asker, clients: Vec<&Card>) -> Result<Response> {
    let mut tx = app.db.read().await?;
    let all = contacts(&mut tx, asker, &clients).await?;
    tx.commit().await?;
    let row = |one: Contact| {
        // A client that is a person is their own contact.
        let client = one.organisation.unwrap_or_else(|| one.name.clone());
        vec![client, one.name, one.role.unwrap_or_default(), one.emails.join("; "), one.phones.join("; ")]
    };
    csv::export(app, asker, "contacts.csv", &HEAD, all.into_iter().map(row).collect()).await
}

/// The contacts as a file that the browser saves, and a note in the log of who took it.
async fn export(app: &App, asker: &Asker, clients: Vec<&Card>) -> Result<Response> {
    let mut tx = app.db.write(Durability::Act).await?;
    let cards = contacts(&mut tx, asker, &clients).await?;
    let detail = format!("contacts.vcf, {}", counted(cards.len(), "contact", "contacts"));
    audit::note(&mut tx, asker.firm, asker.staff, "exported", &detail, app.now()).await?;
    tx.commit().await?;
    let disposition = "attachment; filename=\"contacts.vcf\"".to_owned();
    let headers =
        [(CONTENT_TYPE, "text/vcard; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, wire::contacts::write(&cards)).into_response())
}
