//! Many things let go together.

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use utoipa::ToSchema;

use super::obligations::{Decided, chosen};
use super::{Given, Refusal, Refused, not_done};
use crate::app::App;
use crate::error::Error;
use crate::today::together;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/v1/obligations/letting-go", post(let_go))
}

/// What is let go: all from before Regard that the list gives.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LettingGo {
    /// `mine` (as it is without), `my_clients` or `firm`.
    #[schema(pattern = "^(mine|my_clients|firm)$")]
    whose: Option<String>,
    /// Only this kind.
    #[schema(
        pattern = "^(answer|callback|promise|next_word|check_in|thanks|complaint|question|step|acceptance|renewal|cover|second_tie|record_gap|verify|departure_reason)$"
    )]
    kind: Option<String>,
    /// Only at this client, by its id or the firm's own id for it.
    client: Option<String>,
    /// Only what this person owes, by their id or mail address.
    person: Option<String>,
    /// How many these are, as the list said: nothing is let go where they are others by now.
    #[schema(minimum = 1, maximum = 5000)]
    count: u32,
    /// Why, in words.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Lets everything from before Regard go that the list gives under `group=before_regard`: each is noted as not needed. One
/// undoing takes all of it back.
#[utoipa::path(post, path = "/api/v1/obligations/letting-go", tag = "obligations", request_body = LettingGo,
    responses((status = 200, body = Decided), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn let_go(
    State(app): State<App>,
    Given { visitor, value }: Given<LettingGo>,
) -> Result<Json<Decided>, Refused> {
    let (asker, LettingGo { whose, kind, client, person, count, reason }) = (&visitor.asker, value);
    if !(1..=together::MOST as u32).contains(&count) {
        return Err(Error::invalid("count", format!("is 1 to {}", together::MOST)).into());
    }
    if reason.is_empty() || 500 < reason.chars().count() {
        return Err(Error::invalid("reason", "takes 1 to 500 characters").into());
    }
    let filter = chosen(asker, [&whose, &kind, &client, &person])?;
    let done = together::let_go(&app, asker, &filter, count as usize, &reason).await;
    let (done, batch) = done.map_err(not_done)?;
    Ok(Json(Decided::together(done, batch)))
}
