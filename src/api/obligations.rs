//! What is owed, and decisions about it.

use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use care::obligation::{Kind, Obligation};
use care::today::Group;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Given, Refusal, Refused, fetched};
use crate::app::App;
use crate::board::{Asker, Face};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{ClientId, StaffId};
use crate::report::findings::{Moment, Owed};
use crate::report::owed::owed;
use crate::report::stored::Shown;
use crate::today::acts::{self, Done, Wish, mark};
use crate::today::list::{Filter, Whose, list as listed};
use crate::today::pages::done_back;
use crate::today::together::Batch;
use crate::web::visitor::Visitor;

/// More are not given at once.
const MOST: usize = 500;
/// Farther down nobody reads.
const FARTHEST: usize = 1_000_000;

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
    #[param(pattern = "^(mine|my_clients|firm)$")]
    whose: Option<String>,
    /// Only this kind: `answer`, `promise`, `callback` …
    #[param(
        pattern = "^(answer|callback|promise|next_word|check_in|thanks|complaint|question|step|acceptance|renewal|cover|second_tie|record_gap|verify|departure_reason)$"
    )]
    kind: Option<String>,
    /// Only at this client, by its id or the firm's own id for it.
    client: Option<String>,
    /// Only what this person owes, by their id or mail address.
    person: Option<String>,
    /// `owed` (as it is without), `upkeep`, `perhaps` or `before_regard`.
    #[param(pattern = "^(owed|upkeep|perhaps|before_regard)$")]
    group: Option<String>,
    /// How many to leave out at the beginning.
    #[param(minimum = 0, maximum = 1_000_000)]
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
    fn filter(&self, asker: &Asker) -> Result<Filter> {
        let most = self.most.unwrap_or(100) as usize;
        let skip = self.skip.unwrap_or(0) as usize;
        if !(1..=MOST).contains(&most) || FARTHEST < skip {
            return Err(Error::invalid("most", format!("is 1 to {MOST}, and skip at most {FARTHEST}")));
        }
        let group = named("group", &self.group, Group::named)?;
        let chosen = chosen(asker, [&self.whose, &self.kind, &self.client, &self.person])?;
        Ok(Filter { group, skip, most, ..chosen })
    }
}

/// What lists only what is somebody's, of one kind, at one client, and of one person, each where it is said.
pub(super) fn chosen(asker: &Asker, [whose, kind, at, owner]: [&Option<String>; 4]) -> Result<Filter> {
    Ok(Filter {
        whose: named("whose", whose, Whose::named)?.unwrap_or_default(),
        kind: named("kind", kind, Kind::named)?,
        client: at.as_deref().map(|text| client(asker, text)).transpose()?,
        owner: owner.as_deref().map(|text| person(asker, text)).transpose()?,
        ..Filter::default()
    })
}

/// What a word of the query names; none where nothing is said.
fn named<T>(field: &str, text: &Option<String>, of: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
    let Some(text) = text.as_deref() else { return Ok(None) };
    of(text).map(Some).ok_or_else(|| Error::invalid(field, format!("“{text}” is not known")))
}

/// A client that the asker may see, by its id or by the firm's own id for it.
fn client(asker: &Asker, text: &str) -> Result<ClientId> {
    let by_key = || asker.board.firm.clients.values().find(|card| card.key == text).map(|card| card.id);
    let id = text.parse().ok().map(ClientId).or_else(by_key).ok_or(Error::NotFound)?;
    asker.client(id).map(|card| card.id)
}

/// A person of the firm, by their id or mail address.
fn person(asker: &Asker, text: &str) -> Result<StaffId> {
    let people = &asker.board.firm.people;
    let is_meant =
        |(id, face): &(&StaffId, &Face)| id.0.to_string() == text || face.email.eq_ignore_ascii_case(text);
    people.iter().find(is_meant).map(|(id, _)| *id).ok_or(Error::NotFound)
}

/// A person of the firm who works here, by their id or mail address.
pub(super) fn working(asker: &Asker, text: &str) -> Result<StaffId> {
    let staff = person(asker, text)?;
    acts::colleague(asker, &staff.0.to_string())
}

/// What is owed, in the order of the page Today.
#[utoipa::path(get, path = "/api/v1/obligations", params(Asked), tag = "obligations",
    responses((status = 200, body = Obligations), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 422, body = Refusal), (status = 400, description = "The query cannot be read.")))]
pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Json<Obligations>, Refused> {
    let (asker, now) = (&visitor.asker, app.now());
    let filter = asked.filter(asker)?;
    let listed = listed(asker, &filter, now);
    let mut tx = app.db.read().await?;
    let found: Vec<&Obligation> = listed.shown.iter().map(|shown| &shown.open.owed).collect();
    let obligations = printed(&mut tx, asker, &found, now).await?;
    tx.commit().await?;
    fetched(&app, asker, "what is owed, by the API");
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
    let found = asker.obligation(&mut tx, acts::id(&id)?).await?;
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
    #[serde(flatten)]
    what: What,
    /// Why, in words.
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// The mark that the obligation was given with: nothing is entered where things have moved on since.
    seen: Option<String>,
}

/// What is true of an obligation.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "what")]
enum What {
    /// It was done, in a way that the record does not show.
    Kept {
        /// How.
        means: Option<How>,
    },
    /// The client was told a new date; upkeep is planned to it.
    Moved {
        /// The new date.
        #[schema(format = DateTime)]
        until: String,
    },
    /// It is not needed.
    NotNeeded,
    /// It was read as a promise and is none.
    NotAPromise,
    /// It is a colleague's from now on.
    HandOver {
        /// The colleague's id.
        staff: String,
    },
    /// What was proposed as its end is its end.
    Right,
    /// What was proposed as its end is not.
    Wrong,
}

/// How something was done.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum How {
    Phone,
    Meeting,
    Message,
    Other,
}

/// A body that is read as a [`Decision`]: `what` must be a word, where serde would also take the number of a variant.
pub(super) struct Told(Decision);

impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Told, D::Error> {
        use serde::de::Error;
        let value = serde_json::Value::deserialize(from)?;
        if !value["what"].is_string() {
            return Err(D::Error::custom("`what` says in a word what is true"));
        }
        serde_json::from_value(value).map(Told).map_err(D::Error::custom)
    }
}

impl From<Decision> for Wish {
    fn from(decision: Decision) -> Wish {
        let means = |how| match how {
            Some(How::Phone) => "phone",
            Some(How::Meeting) => "meeting",
            Some(How::Message) => "message",
            Some(How::Other) | None => "other",
        };
        let (what, means, until, staff) = match decision.what {
            What::Kept { means: how } => ("kept", means(how), String::new(), String::new()),
            What::Moved { until } => ("moved", "", until, String::new()),
            What::NotNeeded => ("not_needed", "", String::new(), String::new()),
            What::NotAPromise => ("not_a_promise", "", String::new(), String::new()),
            What::HandOver { staff } => ("hand_over", "", String::new(), staff),
            What::Right => ("right", "", String::new(), String::new()),
            What::Wrong => ("wrong", "", String::new(), String::new()),
        };
        Wish {
            what: what.to_owned(),
            means: means.to_owned(),
            until,
            zone: String::new(),
            staff,
            reason: decision.reason.unwrap_or_default(),
            seen: decision.seen.unwrap_or_default(),
        }
    }
}

/// What became of it.
#[derive(Serialize, ToSchema)]
pub(super) struct Decided {
    /// What undoes it under `/api/v1/decisions/{id}/undoing`; null where nothing was entered.
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

impl Decided {
    /// The same for what was entered together.
    pub(super) fn together(done: Done, batch: Option<Batch>) -> Decided {
        let decided = Decided::from(done);
        Decided { decision: decided.decision.or(batch.map(Batch::name)), ..decided }
    }
}

/// Enters a decision.
#[utoipa::path(post, path = "/api/v1/obligations/{id}/decisions", tag = "obligations", request_body = Decision,
    params(("id" = String, Path, description = "16 hexadecimal digits")),
    responses((status = 200, body = Decided), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn decide(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value: Told(value) }: Given<Told>,
) -> Result<Json<Decided>, Refused> {
    let done = acts::act(&app, &visitor.asker, acts::id(&id)?, &value.into()).await?;
    Ok(Json(done.into()))
}

/// Takes a decision back, what was decided together, a note, or a change of a client or a contact.
#[utoipa::path(post, path = "/api/v1/decisions/{id}/undoing", tag = "obligations", request_body = Undoing,
    params(("id" = String, Path, description = "What was given for undoing it: of a decision 16 hexadecimal digits")),
    responses((status = 200, body = Decided), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn undo(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value: Undoing {} }: Given<Undoing>,
) -> Result<Json<Decided>, Refused> {
    let done = done_back(&app, &visitor.asker, &id).await?;
    Ok(Json(done.into()))
}

/// Nothing more needs to be said: `{}`.
#[derive(Deserialize, ToSchema)]
pub(super) struct Undoing {}
