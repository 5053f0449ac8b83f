//! The pages of clients: the list, and each one's record.

mod list;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The routes of this room.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/clients", get(list::show))
        .route("/clients/views", post(list::keep_view))
        .route("/clients/views/{view}/forgetting", post(list::forget_view))
}
