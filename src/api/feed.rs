//! What one owes, as a calendar to subscribe to.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use wire::calendar::feed::feed;

use super::{Refused, fetched};
use crate::access::tokens::{self, Scope};
use crate::app::App;
use crate::error::{Error, Result};
use crate::today::due::{Readers, dues};
use crate::web::visitor::{asker, is_secure, with_firm};

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
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if is_secure(&headers) { "https" } else { "http" };
    let mut tx = app.db.read().await?;
    let due = dues(&mut tx, &asker, Readers::Oneself, &format!("{scheme}://{host}"), now).await?;
    tx.commit().await?;
    fetched(&app, &asker, "the calendar of what they owe");
    let name = format!("Regard, {}", asker.name_of(asker.staff));
    Ok(([(CONTENT_TYPE, "text/calendar; charset=utf-8")], feed(&name, &due, now)).into_response())
}
