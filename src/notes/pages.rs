//! Handing in notes: from a client's record, and as a question about something that is owed.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

use super::{Draft, ask, kind_named, write};
use crate::app::App;
use crate::clients;
use crate::ids::AddressId;
use crate::today::acts::{self, colleague};
use crate::today::pages::lead_back;
use crate::web::forms::{Path, Posted, own_path};
use crate::web::trouble::Trouble;

/// The routes of this room.
pub fn routes() -> Router<App> {
    Router::new().route("/clients/{id}/notes", post(note)).route("/owed/{id}/questions", post(question))
}

#[derive(Debug, Deserialize)]
struct Noted {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    promised: String,
    #[serde(default)]
    with: String,
    #[serde(default)]
    once: String,
    #[serde(default)]
    back: String,
}

async fn note(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<Noted>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let card = clients::pages::find(asker, &id)?;
    let draft = Draft {
        kind: kind_named(&form.kind)?,
        words: &form.words,
        promised: &form.promised,
        with: form.with.parse().ok().map(AddressId),
        asked: None,
        once: &form.once,
    };
    let written = write(&app, asker, card, &draft).await?;
    let here = format!("/clients/{}", card.id.0);
    let back = own_path(Some(&form.back)).unwrap_or(&here);
    Ok(lead_back(back, &written.done(asker)))
}

#[derive(Debug, Deserialize)]
struct Question {
    #[serde(default)]
    staff: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    once: String,
    #[serde(default)]
    back: String,
}

/// Asks a colleague about something that is owed.
async fn question(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<Question>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let (owed, asked) = (acts::id(&id)?, colleague(asker, &form.staff)?);
    let written = ask(&app, asker, owed, asked, &form.words, &form.once).await?;
    Ok(lead_back(&form.back, &written.done(asker)))
}
