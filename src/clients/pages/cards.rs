//! Contacts as cards (vCard) for an address book elsewhere: of all clients that somebody sees, or of one.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::find;
use super::rows::visible;
use crate::app::App;
use crate::board::{Asker, Card};
use crate::clients::cards;
use crate::db::Durability;
use crate::error::Result;
use crate::record::audit;
use crate::report::words::counted;
use crate::web::forms::Path;
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

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

/// The contacts as a file that the browser saves, and a note in the log of who took it.
async fn export(app: &App, asker: &Asker, clients: Vec<&Card>) -> Result<Response> {
    let clients: BTreeMap<_, _> = clients.iter().map(|card| (card.id, card.name.clone())).collect();
    let mut tx = app.db.write(Durability::Act).await?;
    let directory = &asker.board.firm.book.directory;
    let cards = cards::of_clients(&mut tx, asker.firm, &clients, directory).await?;
    let detail = format!("contacts.vcf, {}", counted(cards.len(), "contact", "contacts"));
    audit::note(&mut tx, asker.firm, asker.staff, "exported", &detail, app.now()).await?;
    tx.commit().await?;
    let disposition = "attachment; filename=\"contacts.vcf\"".to_owned();
    let headers =
        [(CONTENT_TYPE, "text/vcard; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, wire::contacts::write(&cards)).into_response())
}
