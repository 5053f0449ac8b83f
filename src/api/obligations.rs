//! What is owed, and decisions about it.

use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use care::obligation::{Kind, Obligation};
use care::today::Group;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Given, Refusal, Refused};
use crate::app::App;
use crate::board::Asker;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{ClientId, NaturalKey, StaffId};
use crate::report::findings::{Moment, Owed};
use crate::report::owed::owed;
use crate::report::stored::Shown;
use crate::today::acts::{self, Done, Wish, mark};
use crate::today::list::{Divided, Filter, Whose, list as listed};
use crate::web::visitor::Visitor;

/// More are not given at once.
const MOST: usize = 500;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/obligations", get(list))
        .route("/api/v1/obligations/{id}", get(one))
        .route("/api/v1/obligations/{id}/decisions", post(decide))
        .route("/api/v1/decisions/{id}/undoing", post(undo))
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `mine` (as it is without), `my_clients` or `firm`.
    whose: Option<String>,
    /// Only this kind: `answer`, `promise`, `callback` …
    kind: Option<String>,
    /// Only at the client of this id.
    client: Option<String>,
    /// Only what the person of this id owes.
    person: Option<String>,
    /// `owed` (as it is without), `upkeep`, `perhaps` or `before_regard`.
    group: Option<String>,
    /// How many to leave out at the beginning.
    #[param(minimum = 0)]
    skip: Option<u32>,
    /// How many to give at most; 500 are the most.
    #[param(minimum = 1, maximum = 500)]
    most: Option<u32>,
}

/// What is owed, the most hurting first.
#[derive(Serialize, ToSchema)]
pub(super) struct Obligations {
    /// The moment at which this is true.
    #[schema(value_type = String, format = DateTime)]
    as_of: Moment,
    /// How many there are, given or not.
    total: usize,
    /// What is owed.
    obligations: Vec<Owed>,
}

/// One obligation, and how it stands as a mark that a decision can carry.
#[derive(Serialize, ToSchema)]
pub(super) struct One {
    #[serde(flatten)]
    obligation: Owed,
    /// Send it with a decision: it is refused where things have moved on meanwhile.
    seen: String,
}

impl Asked {
    fn filter(&self) -> Result<Filter> {
        let named = |field: &'static str, text: &Option<String>| {
            text.clone().filter(|text| !text.is_empty()).map(|text| (field, text))
        };
        let wrong = |field: &str, text: &str| Error::invalid(field, format!("“{text}” is not known"));
        let number = |field: &str, text: &str| text.parse::<i64>().map_err(|_| wrong(field, text));
        let whose = named("whose", &self.whose)
            .map(|(f, t)| Whose::named(&t).ok_or_else(|| wrong(f, &t)))
            .transpose()?;
        let kind = named("kind", &self.kind)
            .map(|(f, t)| Kind::named(&t).ok_or_else(|| wrong(f, &t)))
            .transpose()?;
        let group = named("group", &self.group)
            .map(|(f, t)| Group::named(&t).ok_or_else(|| wrong(f, &t)))
            .transpose()?;
        let client = named("client", &self.client).map(|(f, t)| number(f, &t)).transpose()?;
        let owner = named("person", &self.person).map(|(f, t)| number(f, &t)).transpose()?;
        let most = self.most.unwrap_or(100) as usize;
        if !(1..=MOST).contains(&most) {
            return Err(Error::invalid("most", format!("is 1 to {MOST}")));
        }
        Ok(Filter {
            whose: whose.unwrap_or_default(),
            kind,
            client: client.map(ClientId),
            owner: owner.map(StaffId),
            group,
            divided: Divided::Not,
            skip: self.skip.unwrap_or(0) as usize,
            most,
        })
    }
}

/// What is owed, in the order of the page Today.
#[utoipa::path(get, path = "/api/v1/obligations", params(Asked), tag = "obligations",
    responses((status = 200, body = Obligations), (status = 401, body = Refusal), (status = 422, body = Refusal), (status = 400, description = "The query cannot be read.")))]
pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Json<Obligations>, Refused> {
    let (asker, now) = (&visitor.asker, app.now());
    let filter = asked.filter()?;
    let listed = listed(asker, &filter, now);
    let mut tx = app.db.read().await?;
    let found: Vec<&Obligation> = listed.shown.iter().map(|shown| &shown.open.owed).collect();
    let obligations = printed(&mut tx, asker, &found, now).await?;
    tx.commit().await?;
    Ok(Json(Obligations { as_of: Moment::new(now, &asker.zone), total: listed.total, obligations }))
}

/// One obligation.
#[utoipa::path(get, path = "/api/v1/obligations/{id}", tag = "obligations",
    params(("id" = String, Path, description = "16 hexadecimal digits")),
    responses((status = 200, body = One), (status = 401, body = Refusal), (status = 404, body = Refusal)))]
pub(super) async fn one(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<One>, Refused> {
    let (asker, now) = (&visitor.asker, app.now());
    let mut tx = app.db.read().await?;
    let found = asker.obligation(&mut tx, acts::id(&id)?).await;
    let found = found.inspect_err(|_| {
        app.seen.note(asker.firm, asker.staff, "refused", format!("obligation {id}"), now)
    })?;
    let mut printed = printed(&mut tx, asker, &[&found], now).await?;
    tx.commit().await?;
    let obligation = printed.pop().ok_or(Error::NotFound)?;
    Ok(Json(One { obligation, seen: mark(&found) }))
}

/// Obligations in the form of the contract, in the order given.
pub(super) async fn printed(
    tx: &mut Tx,
    asker: &Asker,
    found: &[&Obligation],
    now: Timestamp,
) -> Result<Vec<Owed>> {
    let shown = Shown::load(tx, asker.firm, found.iter().copied()).await?;
    let mut printed = owed(&shown, found.iter().copied(), &asker.zone, now);
    let places: std::collections::HashMap<String, usize> =
        found.iter().enumerate().map(|(place, owed)| (owed.id.to_string(), place)).collect();
    printed.sort_by_key(|owed| places.get(&owed.id).copied());
    Ok(printed)
}

/// What to do about an obligation.
#[derive(Deserialize, ToSchema)]
pub(super) struct Decision {
    /// What is true of it.
    what: What,
    /// For `kept`: how.
    means: Option<How>,
    /// For `moved`: the date that the client was told; for upkeep the date it is planned to.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// For `hand_over`: the id of the colleague.
    staff: Option<String>,
    /// Why, in words.
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// The mark that the obligation was given with.
    seen: Option<String>,
}

/// What is true of an obligation.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum What {
    /// It was done, in a way that the record does not show.
    Kept,
    /// The client was told a new date.
    Moved,
    /// It is not needed.
    NotNeeded,
    /// It was read as a promise and is none.
    NotAPromise,
    /// It is a colleague's from now on.
    HandOver,
    /// What was proposed as its end is its end.
    Right,
    /// What was proposed as its end is not.
    Wrong,
}

/// How something was done.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum How {
    Phone,
    Meeting,
    Message,
    Other,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
pub(super) struct Decided {
    /// The decision, for undoing it; null where nothing was entered.
    decision: Option<String>,
    /// What it did, or why nothing was entered.
    words: String,
}

impl From<Done> for Decided {
    fn from(done: Done) -> Decided {
        match done {
            Done::Entered { decision, words } => {
                Decided { decision: Some(format!("{:016x}", decision.0)), words }
            }
            Done::Already { words } => Decided { decision: None, words },
        }
    }
}

/// Enters a decision.
#[utoipa::path(post, path = "/api/v1/obligations/{id}/decisions", tag = "obligations", request_body = Decision,
    params(("id" = String, Path, description = "16 hexadecimal digits")),
    responses((status = 200, body = Decided), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn decide(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value }: Given<Decision>,
) -> Result<Json<Decided>, Refused> {
    let word = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|v| Some(v.as_str()?.to_owned())).unwrap_or_default()
    };
    let wish = Wish {
        what: word(serde_json::to_value(value.what)),
        means: value.means.map(|means| word(serde_json::to_value(means))).unwrap_or_default(),
        until: value.until.unwrap_or_default(),
        staff: value.staff.unwrap_or_default(),
        reason: value.reason.unwrap_or_default(),
        seen: value.seen.unwrap_or_default(),
    };
    let done = acts::act(&app, &visitor.asker, acts::id(&id)?, &wish).await?;
    Ok(Json(done.into()))
}

/// Takes a decision back.
#[utoipa::path(post, path = "/api/v1/decisions/{id}/undoing", tag = "obligations", request_body = Undoing,
    params(("id" = String, Path, description = "16 hexadecimal digits")),
    responses((status = 200, body = Decided), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn undo(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value: Undoing {} }: Given<Undoing>,
) -> Result<Json<Decided>, Refused> {
    let done = acts::undo(&app, &visitor.asker, NaturalKey(acts::id(&id)?.0)).await?;
    Ok(Json(done.into()))
}

/// Nothing more needs to be said: `{}`.
#[derive(Deserialize, ToSchema)]
pub(super) struct Undoing {}
