//! Notes for programs: of calls and meetings, for the record, and as questions to colleagues.

use axum::extract::{Path, State};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use utoipa::ToSchema;

use super::obligations::{Decided, working};
use super::{Given, Refusal, Refused, not_done};
use crate::app::App;
use crate::clients::pages::{find, reached_at};
use crate::error::{Error, Result};
use crate::notes::{self, Draft, LONGEST, LONGEST_PROMISE, kind_named};
use crate::today::acts;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/clients/{id}/notes", post(write))
        .route("/api/v1/obligations/{id}/questions", post(ask))
}

/// A note.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Note {
    /// Tells this note from any other: asked again with the same words here, it is not written again.
    #[schema(min_length = 1, max_length = 200)]
    once: String,
    /// `text` (as it is without), `call` or `meeting`. What is promised in a note of a call or a meeting is owed.
    #[schema(pattern = "^(text|call|meeting)$")]
    kind: Option<String>,
    /// Its words. `@` and the name of a colleague asks them. A call with somebody needs none.
    #[schema(max_length = 20_000)]
    words: Option<String>,
    /// What was promised, where that is said apart: `send the draft by Friday`.
    #[schema(max_length = 1000)]
    promised: Option<String>,
    /// With whom it was: a mail address or a number of somebody at the client.
    #[schema(max_length = 320)]
    with: Option<String>,
}

/// A question to a colleague.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// Tells this question from any other: asked again with the same words here, it is not asked again.
    #[schema(min_length = 1, max_length = 200)]
    once: String,
    /// Whom, by their id or mail address.
    #[schema(max_length = 320)]
    staff: String,
    /// What.
    #[schema(min_length = 1, max_length = 20_000)]
    words: String,
}

/// As it was sent it keeps to what the document says.
fn keeps_to_its_form(once: &str, fields: &[(&str, &str, usize)]) -> Result<()> {
    if once.is_empty() {
        return Err(Error::invalid("once", "takes 1 to 200 characters"));
    }
    for (field, text, most) in fields.iter().chain([&("once", once, 200)]) {
        if *most < text.chars().count() {
            return Err(Error::invalid(*field, format!("takes at most {most} characters")));
        }
    }
    Ok(())
}

/// Writes a note at a client: of a call or a meeting, or for the record.
#[utoipa::path(post, path = "/api/v1/clients/{id}/notes", tag = "notes", request_body = Note,
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 200, body = Decided), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn write(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value }: Given<Note>,
) -> Result<Json<Decided>, Refused> {
    let asker = &visitor.asker;
    let card = find(asker, &id)?;
    let Note { once, kind, words, promised, with } = value;
    let kind = match kind.as_deref() {
        Some("") => return Err(Error::invalid("kind", "is `text`, `call` or `meeting`").into()),
        kind => kind_named(kind.unwrap_or_default())?,
    };
    let [words, promised, with] = [words, promised, with].map(Option::unwrap_or_default);
    let fields =
        [("words", &*words, LONGEST), ("promised", &promised, LONGEST_PROMISE), ("with", &with, 320)];
    keeps_to_its_form(&once, &fields)?;
    let with = match with.trim() {
        "" => None,
        typed => {
            let mut tx = app.db.read().await?;
            let with = reached_at(&mut tx, asker, card.id, typed).await.map_err(not_done)?;
            tx.commit().await?;
            Some(with)
        }
    };
    let draft = Draft { kind, words: &words, promised: &promised, with, asked: None, once: &once };
    let written = notes::write(&app, asker, card, &draft).await.map_err(not_done)?;
    Ok(Json(written.done(asker).into()))
}

/// Asks a colleague about something that is owed: they find the question on Today.
#[utoipa::path(post, path = "/api/v1/obligations/{id}/questions", tag = "notes", request_body = Question,
    params(("id" = String, Path, description = "16 hexadecimal digits")),
    responses((status = 200, body = Decided), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn ask(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value }: Given<Question>,
) -> Result<Json<Decided>, Refused> {
    let asker = &visitor.asker;
    let Question { once, staff, words } = value;
    keeps_to_its_form(&once, &[("words", &words, LONGEST), ("staff", &staff, 320)])?;
    if words.is_empty() {
        return Err(Error::invalid("words", "are missing").into());
    }
    let (owed, asked) = (acts::id(&id)?, working(asker, &staff)?);
    let written = notes::ask(&app, asker, owed, asked, &words, &once).await.map_err(not_done)?;
    Ok(Json(written.done(asker).into()))
}
