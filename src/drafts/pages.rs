//! The pages on which letters are written, and the outbox.

mod compose;
mod outbox;
mod shown;
mod texts;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};

use super::files;
use crate::app::App;
use crate::web::forms::Most;

pub(crate) use outbox::{standings, take_back};

/// A form with all files that may go with one letter, and its words.
const LONGEST_FORM: usize = files::MOST as usize + 2_000_000;

/// The routes of this room.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/owed/{id}/letters", post(compose::begin))
        .route("/clients/{id}/letters", post(compose::begin_to))
        .route("/drafts/{id}", get(compose::show).post(compose::keep))
        .route("/drafts/{id}/sending", post(compose::send))
        .route("/drafts/{id}/files", post(compose::attach))
        .route("/drafts/{id}/files/{file}/removing", post(compose::detach))
        .route("/drafts/{id}/canned", post(compose::put_in))
        .route("/drafts/{id}/removing", post(compose::discard))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .layer(Extension(Most(LONGEST_FORM)))
        .route("/outbox", get(outbox::show))
        .route("/outbox.csv", get(outbox::csv))
        .route("/outbox/{id}", get(outbox::state))
        .route("/outbox/{id}/turning", post(outbox::turn))
        .route("/settings/texts.csv", get(texts::csv))
        .route("/settings/texts", get(texts::show).post(texts::add))
        .route("/settings/texts/{id}", post(texts::save))
        .route("/settings/texts/{id}/removing", post(texts::remove))
        .route("/settings/writing", post(texts::writing))
}
