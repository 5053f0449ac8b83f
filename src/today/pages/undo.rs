//! Taking back what was done, and leading back to where somebody was with a sentence about it.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::app::App;
use crate::board::Asker;
use crate::clients::{self, changed};
use crate::drafts::pages::take_back;
use crate::error::Result;
use crate::ids::NaturalKey;
use crate::today::acts::{self, Done};
use crate::today::together::{self, Batch};
use crate::web::forms::{Path, Posted, own_path};
use crate::web::said::Telling;
use crate::web::trouble::Trouble;

#[derive(Debug, Deserialize)]
pub(super) struct Undone {
    #[serde(default)]
    back: String,
}

/// Takes back what a key names: a letter that waits, a change of a client or a contact, what was entered together, one
/// decision, or a note.
pub(super) async fn undo(
    State(app): State<App>,
    Path(key): Path<String>,
    Posted { visitor, form }: Posted<Undone>,
) -> Result<Response, Trouble> {
    if let Some(id) = key.strip_prefix("letter-") {
        return Ok(take_back(&app, &visitor.asker, id, &form.back).await?);
    }
    let done = done_back(&app, &visitor.asker, &key).await?;
    Ok(lead_back(&form.back, &done))
}

/// Takes back what a key names, a letter apart.
pub(crate) async fn done_back(app: &App, asker: &Asker, key: &str) -> Result<Done> {
    if let Some(change) = key.strip_prefix(changed::KEY) {
        clients::pages::change_back(app, asker, change).await
    } else if let Some(batch) = Batch::named(key) {
        together::undo(app, asker, batch).await
    } else {
        acts::undo(app, asker, NaturalKey(acts::id(key)?.0)).await
    }
}

/// Back to where somebody was, with a sentence about what was done.
pub(crate) fn lead_back(back: &str, done: &Done) -> Response {
    lead_back_from(back, done, None)
}

/// The same for what was done together, with how all of it is undone.
pub(crate) fn lead_back_from(back: &str, done: &Done, batch: Option<Batch>) -> Response {
    let back = own_path(Some(back)).unwrap_or("/today");
    let (said, undo) = match done {
        Done::Entered { decision, words } => (words.clone(), format!("{:016x}", decision.0)),
        Done::Already { words } => (words.clone(), batch.map(Batch::name).unwrap_or_default()),
    };
    Telling { said, undo, ..Telling::default() }.lead(back)
}
