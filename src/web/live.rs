//! Live pages: an open page hears when something of its firm changed, and asks for its list again.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::future::{Either, select};
use futures_util::stream;
use tokio::sync::watch::Receiver;

use super::visitor::Visitor;
use crate::app::App;
use crate::board::Asker;
use crate::error::Result;
use crate::notices::digests::{self, Wish};
use crate::notices::due;

/// How often is looked whether something falls due of which somebody wants to be told.
const LOOKED: Duration = Duration::from_secs(5);

pub(super) fn routes() -> Router<App> {
    Router::new().route("/live", get(stream))
}

async fn stream(State(app): State<App>, visitor: Visitor) -> impl IntoResponse {
    let revision = visitor.asker.board.revision;
    let receiver = app.live.listen(visitor.asker.firm, revision);
    let page = Page { app, asker: visitor.asker, wish: None, receiver, is_told: false };
    let events = stream::unfold(page, |mut page| async move {
        let event = page.next().await?;
        Some((Ok::<_, Infallible>(event), page))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// An open page.
struct Page {
    app: App,
    asker: Asker,
    /// How they want to be told, at the revision of their board; none while nobody has asked.
    wish: Option<Wish>,
    receiver: Receiver<i64>,
    /// It was told a revision.
    is_told: bool,
}

impl Page {
    /// What it is told next; nothing when the server stops.
    async fn next(&mut self) -> Option<Event> {
        if !std::mem::replace(&mut self.is_told, true) {
            return Some(self.revision());
        }
        loop {
            let looked = match select(pin!(self.receiver.changed()), pin!(tokio::time::sleep(LOOKED))).await {
                Either::Left((changed, _)) => {
                    changed.ok()?;
                    None
                }
                Either::Right(_) => Some(()),
            };
            match looked {
                None => return Some(self.revision()),
                // The page asks what it is, where its browser may tell (an event without data would not be heard); a database that is away is asked again.
                Some(()) if self.is_due().await.unwrap_or(false) => {
                    return Some(Event::default().event("due").data("now"));
                }
                Some(()) => {}
            }
        }
    }

    fn revision(&mut self) -> Event {
        let revision = *self.receiver.borrow_and_update();
        Event::default().event("revision").data(revision.to_string())
    }

    async fn is_due(&mut self) -> Result<bool> {
        let reached = *self.receiver.borrow();
        let known = self.wish.take().filter(|_| reached <= self.asker.board.revision);
        let wish = match known {
            Some(wish) => wish,
            // What is owed and what somebody wishes changes with the revision alone: until then nothing is asked.
            None => {
                self.asker.board = self.app.boards.now(&self.app.db, self.asker.firm).await?;
                let mut tx = self.app.db.read().await?;
                digests::wish(&mut tx, self.asker.firm, self.asker.staff).await?
            }
        };
        let wish = self.wish.insert(wish);
        due::is_due(&self.app.db, &self.asker, wish, self.app.now()).await
    }
}
