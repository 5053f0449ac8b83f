//! Who waits to be placed in one's own mailboxes, and placing them.

use axum::extract::{Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Given, Refusal, Refused, fetched, not_done};
use crate::app::App;
use crate::correspondents::{self as waiting, Waiting, kind_named};
use crate::error::{Error, Result};
use crate::intake::correspondents::{Done, Kind};
use crate::report::findings::Moment;
use crate::report::words::counted;
use crate::web::visitor::Visitor;

/// More are not given, or placed, at once.
const MOST: usize = 500;
/// Farther down nobody reads.
const FARTHEST: usize = 1_000_000;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/correspondents", get(list))
        .route("/api/v1/correspondents/placing", post(place))
        .route("/api/v1/correspondents/undoing", post(undo))
}

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// How many to leave out at the beginning.
    #[param(minimum = 0, maximum = 1_000_000)]
    skip: Option<u32>,
    /// How many to give at most; 500 are the most.
    #[param(minimum = 1, maximum = 500)]
    most: Option<u32>,
}

/// Whom the mailboxes of the token's owner hold and nobody has placed, the most client-like first.
#[derive(Serialize, ToSchema)]
pub(super) struct Correspondents {
    /// How many there are, given or not.
    total: usize,
    /// Some of them.
    correspondents: Vec<Correspondent>,
}

/// An organisation by its domain, or a person by their address.
#[derive(Serialize, ToSchema)]
pub(super) struct Correspondent {
    /// By what it is placed.
    name: String,
    /// Who there is most on the mail: names, else addresses; at most three.
    people: Vec<String>,
    /// How many messages they wrote.
    wrote: u32,
    /// How many messages went to them.
    received: u32,
    /// How client-like that is, 0 to 1: they stand in this order.
    likeness: f64,
    /// When they were last on a message.
    #[schema(value_type = String, format = DateTime)]
    last: Moment,
}

/// Who some of them are.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Placing {
    /// Whom, as they were given.
    #[schema(min_items = 1, max_items = 500)]
    names: Vec<String>,
    /// `client`, `prospect`, `partner`, `third_party`, `private` or `robot`.
    #[schema(pattern = "^(client|prospect|partner|third_party|private|robot)$")]
    kind: String,
    /// What is private is not kept: the words of their letters are erased, for good. Nothing is done without this.
    sure: Option<bool>,
}

/// Of whom it is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TakingBack)]
pub(super) struct Names {
    /// Whom, as they were placed.
    #[schema(min_items = 1, max_items = 500)]
    names: Vec<String>,
}

/// What it did.
#[derive(Serialize, ToSchema)]
pub(super) struct Placed {
    /// So many addresses it concerns.
    addresses: usize,
    /// So many messages lost their words.
    erased: usize,
    /// So many private messages stay, since somebody else takes part in them.
    shared: usize,
}

impl From<Done> for Placed {
    fn from(done: Done) -> Placed {
        let Done { addresses, erased, shared } = done;
        Placed { addresses, erased, shared }
    }
}

fn some(names: &[String]) -> Result<()> {
    match names.len() {
        1..=MOST => Ok(()),
        _ => Err(Error::invalid("names", format!("are 1 to {MOST}"))),
    }
}

/// Who waits to be placed in the mailboxes of the token's owner.
#[utoipa::path(get, path = "/api/v1/correspondents", params(Asked), tag = "correspondents",
    responses((status = 200, body = Correspondents), (status = 401, body = Refusal), (status = 422, body = Refusal), (status = 400, description = "The query cannot be read.")))]
pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Json<Correspondents>, Refused> {
    let asker = &visitor.asker;
    let (skip, most) = (asked.skip.unwrap_or(0) as usize, asked.most.unwrap_or(100) as usize);
    if !(1..=MOST).contains(&most) || FARTHEST < skip {
        return Err(Error::invalid("most", format!("is 1 to {MOST}, and skip at most {FARTHEST}")).into());
    }
    let mut tx = app.db.read().await?;
    let all = waiting::waiting(&mut tx, asker).await?;
    let shown: Vec<Waiting> = all.iter().skip(skip).take(most).cloned().collect();
    let names = waiting::people(&mut tx, asker, &shown).await?;
    tx.commit().await?;
    fetched(&app, asker, "correspondents, by the API");
    let one = |one: Waiting| {
        let people = one.addresses.iter().take(3).filter_map(|(address, _)| names.get(address).cloned());
        Correspondent {
            people: people.filter(|name| *name != one.name).collect(),
            wrote: one.wrote,
            received: one.received,
            likeness: one.likeness,
            last: Moment::new(one.last, &asker.zone),
            name: one.name,
        }
    };
    let correspondents = shown.into_iter().map(one).collect();
    Ok(Json(Correspondents { total: all.len(), correspondents }))
}

/// Says who some of those who wait are.
#[utoipa::path(post, path = "/api/v1/correspondents/placing", tag = "correspondents", request_body = Placing,
    responses((status = 200, body = Placed), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn place(
    State(app): State<App>,
    Given { visitor, value }: Given<Placing>,
) -> Result<Json<Placed>, Refused> {
    let (asker, Placing { names, kind, sure }) = (&visitor.asker, value);
    some(&names)?;
    let kind = kind_named(&kind).ok_or_else(|| Error::invalid("kind", format!("“{kind}” is not known")))?;
    if kind == Kind::Private && sure != Some(true) {
        let erased = waiting::erased_by(&app, asker, &names).await.map_err(not_done)?;
        let letters = counted(erased, "letter", "letters");
        let words = format!("would erase the words of {letters} for good; say `sure` to do it");
        return Err(Error::unfit(words).into());
    }
    let done = waiting::place(&app, asker, &names, kind).await.map_err(not_done)?;
    Ok(Json(done.into()))
}

/// Takes back what the token's owner said of some: they wait again. What was erased stays so.
#[utoipa::path(post, path = "/api/v1/correspondents/undoing", tag = "correspondents", request_body = Names,
    responses((status = 200, body = Placed), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn undo(
    State(app): State<App>,
    Given { visitor, value: Names { names } }: Given<Names>,
) -> Result<Json<Placed>, Refused> {
    some(&names)?;
    let done = waiting::take_back(&app, &visitor.asker, &names).await.map_err(not_done)?;
    Ok(Json(done.into()))
}
