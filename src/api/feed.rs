//! What one owes, as a calendar to subscribe to.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use wire::calendar::feed::{Due, feed};

use super::Refused;
use crate::access::tokens::{self, Scope};
use crate::app::App;
use crate::error::{Error, Result};
use crate::today::letters::openings;
use crate::today::list::{Filter, Whose, list};
use crate::today::words;
use crate::web::visitor::{asker, is_secure, with_firm};

/// More than a calendar can show.
const MOST: usize = 1000;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/feed/{token}", get(mine))
}

/// The address itself is the secret, since calendar programs send nothing else; its token opens nothing but this.
async fn mine(
    State(app): State<App>,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response, Refused> {
    let (firm, secret) = token.strip_suffix(".ics").and_then(with_firm).ok_or(Error::NotFound)?;
    let found = tokens::find(&mut app.db.read().await?, firm, &secret).await?;
    let token = found.filter(|token| token.scope == Scope::Feed).ok_or(Error::NotFound)?;
    let asker = asker(&app, firm, token.staff, token.revision).await?.ok_or(Error::NotFound)?;
    let now = app.now();
    let filter = Filter { whose: Whose::Mine, most: MOST, ..Filter::default() };
    let listed = list(&asker, &filter, now);
    let mut tx = app.db.read().await?;
    let owed = listed.shown.iter().map(|shown| &shown.open.owed);
    let openings = openings(&mut tx, &asker, owed.clone()).await?;
    tx.commit().await?;
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if is_secure(&headers) { "https" } else { "http" };
    let due = owed.map(|owed| {
        let client = asker.board.firm.clients.get(&owed.client).map_or("", |card| card.name.as_str());
        let opening = openings.get(&owed.id.0).cloned().unwrap_or_default();
        Due {
            uid: format!("{}@regard", owed.id),
            summary: format!("{}: {client}", words::kind(owed.kind)),
            description: [opening.contact, opening.subject, opening.passage]
                .iter()
                .filter(|text| !text.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join("\n"),
            at: owed.due_at,
            url: format!("{scheme}://{host}/owed/{}", owed.id),
        }
    });
    let due: Vec<Due> = due.collect();
    let name = format!("Regard, {}", asker.name_of(asker.staff));
    Ok(([(CONTENT_TYPE, "text/calendar; charset=utf-8")], feed(&name, &due, now)).into_response())
}
