//! `POST /api/v1/calls`: what telephone systems tell.

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::json;

use super::signature::Signature;
use super::{Sent, Taken, hooks, read, take};
use crate::api::Refusal;
use crate::app::App;
use crate::db::Durability;
use crate::error::Result;
use crate::ids::{FirmId, MailboxId};
use crate::mailboxes::secret::SealedSecret;
use crate::record::changes;
use crate::web::trouble::Trouble;

/// The routes of this room's API.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/api/v1/calls", post(calls))
}

/// A telephone system tells of calls: one, or a list of at most 500. Without a token: it signs the body with the secret
/// that an owner of the firm made for it under Settings, Telephone.
#[utoipa::path(post, path = "/api/v1/calls", tag = "calls", security(()),
    params(
        ("Regard-Hook" = String, Header, description = "Which telephone system this is: its firm and its number"),
        ("Regard-Signature" = String, Header, description = "`t`, the moment of sending in seconds since 1970, and `v1`, the HMAC-SHA256 of `t`, a full stop and the body, in hexadecimal digits: t=1781683200,v1=…"),
    ),
    request_body = Sent,
    responses(
        (status = 200, body = Taken, description = "It is in the record"),
        (status = 401, body = Refusal, description = "Nobody signed it who may, or it is older than five minutes"),
        (status = 422, body = Refusal, description = "It cannot be read; nothing of it was taken"),
    ))]
pub(crate) async fn calls(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    match hear(&app, &headers, &body).await {
        Ok(Some(taken)) => Json(taken).into_response(),
        Ok(None) => {
            // Whoever cannot sign learns nothing of what there is.
            let words =
                "the headers Regard-Hook and Regard-Signature must name a telephone system and sign the body";
            let body = json!({ "error": { "title": "Not signed", "detail": words } });
            (StatusCode::UNAUTHORIZED, Json(body)).into_response()
        }
        Err(error) => Trouble::from(error).plain().into_response(),
    }
}

/// Takes calls into the record: how many are new, and whether the same was sent before; none where nobody signed.
async fn hear(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<Option<Taken>> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let named = text("regard-hook").split_once('.');
    let named = named.and_then(|(firm, hook)| Some((FirmId(firm.parse().ok()?), hook.parse::<i64>().ok()?)));
    let (Some((firm, id)), Some(signature)) = (named, Signature::parse(text("regard-signature"))) else {
        return Ok(None);
    };
    let now = app.now();
    let known = hooks::all(&mut app.db.read().await?, firm).await?;
    let Some(hook) = known.into_iter().find(|hook| hook.hook_id == id) else { return Ok(None) };
    let secret = app.outside.keys()?.open(firm, MailboxId(id), &SealedSecret(hook.secret))?;
    if !signature.is_right(secret.reveal(), body, now) {
        return Ok(None);
    }
    let calls = read(body)?;
    let mut tx = changes::begin(&app.db, firm, Durability::Act).await?;
    // A system that got no answer sends again: that is no second call.
    if !hooks::hear(&mut tx, firm, id, &signature.mark(), now).await? {
        return Ok(Some(Taken { new: 0, repeated: true }));
    }
    let new = take(&mut tx, firm, calls, now).await?;
    let revision = changes::revision(&mut tx, firm).await?;
    tx.commit().await?;
    app.live.tell(firm, revision);
    Ok(Some(Taken { new, repeated: false }))
}
