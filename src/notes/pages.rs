//! Handing in notes: from a client's record, and as a question about something that is owed.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use care::entry::NoteKind;
use serde::Deserialize;

use super::{Draft, write};
use crate::app::App;
use crate::clients;
use crate::error::{Error, Result};
use crate::ids::AddressId;
use crate::today::acts::{self, colleague};
use crate::today::pages::lead_back;
use crate::web::forms::{Posted, own_path};
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
        kind: kind(&form.kind)?,
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

fn kind(name: &str) -> Result<NoteKind> {
    match name {
        "call" => Ok(NoteKind::Call),
        "meeting" => Ok(NoteKind::Meeting),
        "text" | "" => Ok(NoteKind::Text),
        _ => Err(Error::invalid("the note", "is of a call, a meeting, or just a text")),
    }
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
    asker.may_act()?;
    let mut tx = app.db.read().await?;
    let owed = asker.obligation(&mut tx, acts::id(&id)?).await?;
    tx.commit().await?;
    let card = asker.client(owed.client).map_err(|_| {
        Error::invalid("this", "is of somebody whom nobody has placed yet, so no colleague can see it")
    })?;
    let asked = colleague(asker, &form.staff)?;
    if form.words.trim().is_empty() {
        return Err(Error::invalid("the question", "is empty; a few words are enough").into());
    }
    let draft = Draft {
        kind: NoteKind::Text,
        words: &form.words,
        promised: "",
        with: None,
        asked: Some(asked),
        once: &form.once,
    };
    let written = write(&app, asker, card, &draft).await?;
    Ok(lead_back(&form.back, &written.done(asker)))
}
