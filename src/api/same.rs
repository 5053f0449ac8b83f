//! Who looks after a client; and two clients, or two people of one, that are the same.

use axum::extract::{Path, State};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use utoipa::ToSchema;

use super::obligations::{Decided, working};
use super::{Given, Refusal, Refused, not_done};
use crate::app::App;
use crate::clients::pages::{find, join_people, merge_into, reached_at, set_point_person};
use crate::error::Error;

/// A mail address is no longer.
const LONGEST: usize = 320;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/clients/{id}/point-person", post(point_person))
        .route("/api/v1/clients/{id}/merging", post(merge))
        .route("/api/v1/clients/{id}/contacts/joining", post(join))
}

/// The one face that a client knows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PointPerson {
    /// Their id or mail address.
    #[schema(max_length = 320)]
    staff: String,
}

/// The client that it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Merging {
    /// Its id.
    into: String,
}

/// Two people who are one, each by a mail address or a number of theirs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Joining {
    /// Whose addresses and numbers become the other's.
    #[schema(max_length = 320)]
    who: String,
    /// Who they are.
    #[schema(max_length = 320)]
    is: String,
}

/// Makes somebody the point person of a client.
#[utoipa::path(post, path = "/api/v1/clients/{id}/point-person", tag = "people", request_body = PointPerson,
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 200, body = Decided), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn point_person(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value }: Given<PointPerson>,
) -> Result<Json<Decided>, Refused> {
    let asker = &visitor.asker;
    let card = find(asker, &id)?;
    let done = set_point_person(&app, asker, card, working(asker, &value.staff)?).await;
    Ok(Json(done.map_err(not_done)?.into()))
}

/// Says that this client is another one: all of it goes there. Taking the decision back splits them again.
#[utoipa::path(post, path = "/api/v1/clients/{id}/merging", tag = "people", request_body = Merging,
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 200, body = Decided), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn merge(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value }: Given<Merging>,
) -> Result<Json<Decided>, Refused> {
    let asker = &visitor.asker;
    let (card, other) = (find(asker, &id)?, find(asker, &value.into)?);
    if card.id == other.id {
        return Err(Error::unfit("is the same client already").into());
    }
    let done = merge_into(&app, asker, card, other).await;
    Ok(Json(done.map_err(not_done)?.into()))
}

/// Says that two people of a client are one. Taking it back splits them again.
#[utoipa::path(post, path = "/api/v1/clients/{id}/contacts/joining", tag = "people", request_body = Joining,
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 200, body = Decided), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn join(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value: Joining { who, is } }: Given<Joining>,
) -> Result<Json<Decided>, Refused> {
    let asker = &visitor.asker;
    let client = find(asker, &id)?.id;
    if LONGEST < who.chars().count().max(is.chars().count()) {
        return Err(Error::invalid("who", format!("and is take at most {LONGEST} characters")).into());
    }
    let mut tx = app.db.read().await?;
    let who = reached_at(&mut tx, asker, client, &who).await.map_err(not_done)?;
    let is = reached_at(&mut tx, asker, client, &is).await.map_err(not_done)?;
    tx.commit().await?;
    let (done, batch) = join_people(&app, asker, client, who, is).await.map_err(not_done)?;
    Ok(Json(Decided::together(done, batch)))
}
