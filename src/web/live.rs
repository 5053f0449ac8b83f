//! Live pages: an open page hears when something of its firm changed, and asks for its list again.

use std::convert::Infallible;

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::stream;

use super::visitor::Visitor;
use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/live", get(stream))
}

async fn stream(State(app): State<App>, visitor: Visitor) -> impl IntoResponse {
    let revision = visitor.asker.board.revision;
    let receiver = app.live.listen(visitor.asker.firm, revision);
    let events = stream::unfold((receiver, None), move |(mut receiver, told)| async move {
        let told = match told {
            None => *receiver.borrow_and_update(),
            Some(_) => {
                receiver.changed().await.ok()?;
                *receiver.borrow_and_update()
            }
        };
        let event = Event::default().event("revision").data(told.to_string());
        Some((Ok::<_, Infallible>(event), (receiver, Some(told))))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
