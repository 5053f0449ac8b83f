//! Who asks, and whom the firm serves.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::routing::get;
use axum::{Json, Router};
use care::obligation::Obligation;
use care::particular::Particular;
use care::people::ClientKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::contacts::unfit;
use super::obligations::printed;
use super::{Given, Refusal, Refused, fetched};
use crate::app::App;
use crate::board::{Asker, Card, Merged};
use crate::clients::details::{self, LONGEST_WORDS};
use crate::clients::kind_name;
use crate::clients::pages::{Filled, find, keep_details};
use crate::departures::{self, Departure};
use crate::error::Error;
use crate::report::findings::Owed;
use crate::report::told;
use crate::web::visitor::Visitor;

/// More are not given at once.
const MOST: usize = 1000;
/// Farther down nobody reads.
const FARTHEST: usize = 1_000_000;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/me", get(me))
        .route("/api/v1/clients", get(clients))
        .route("/api/v1/clients/{id}", get(client).patch(change))
}

/// Who asks.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    /// Their id.
    id: String,
    /// Their name.
    name: String,
    /// Their mail address.
    email: String,
    /// `owner`, `staff` or `read_only`.
    access: &'static str,
    /// The firm.
    firm: String,
    /// The firm's zone, by IANA name.
    zone: String,
}

/// Who asks: whose token or session it is.
#[utoipa::path(get, path = "/api/v1/me", tag = "people",
    responses((status = 200, body = Me), (status = 401, body = Refusal)))]
pub(super) async fn me(visitor: Visitor) -> Result<Json<Me>, Refused> {
    let asker = &visitor.asker;
    let face = asker.face().ok_or(Error::NotFound)?;
    let firm = &asker.board.firm.firm;
    Ok(Json(Me {
        id: asker.staff.0.to_string(),
        name: face.name.clone(),
        email: face.email.clone(),
        access: asker.access.name(),
        firm: firm.name.clone(),
        zone: firm.zone.clone(),
    }))
}

/// Which clients to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only those whose name holds this, whatever its case.
    q: Option<String>,
    /// How many to leave out at the beginning.
    #[param(minimum = 0, maximum = 1_000_000)]
    skip: Option<u32>,
    /// How many to give at most.
    #[param(minimum = 1, maximum = 1000)]
    most: Option<u32>,
}

/// Clients, prospects and partners by name.
#[derive(Serialize, ToSchema)]
pub(super) struct Clients {
    /// How many there are, given or not.
    total: usize,
    /// Some of them.
    clients: Vec<Client>,
}

/// A client, prospect or partner.
#[derive(Serialize, ToSchema)]
pub(super) struct Client {
    /// Its id.
    id: String,
    /// The firm's own id for it, or a stable slug.
    client: String,
    /// Its name.
    name: String,
    /// `organisation`, `person`, `prospect`, `former` or `partner`.
    kind: &'static str,
    /// Its tier.
    tier: Option<String>,
    /// The mail address of its point person.
    point_person: Option<String>,
    /// How much is open.
    open: usize,
    /// Of a former client, when and why they left; null where nobody noted it.
    departure: Option<Left>,
}

/// When and why a client left.
#[derive(Serialize, ToSchema)]
#[schema(as = Departure)]
pub(super) struct Left {
    /// The day on which it was noticed.
    #[schema(format = Date)]
    noticed: String,
    /// The day on which they had gone; null where nobody knows.
    #[schema(value_type = Option<String>, format = Date)]
    left: Option<String>,
    /// `died`, `moved`, `friend`, `competitor`, `dissatisfied` or `felt_forgotten`; null while nobody knows.
    reason: Option<&'static str>,
    /// How that is known: `said` or `think`.
    evidence: Option<&'static str>,
    /// Their words, or ours.
    words: String,
}

impl From<&Departure> for Left {
    fn from(departure: &Departure) -> Left {
        let (reason, evidence) = departure.reason.map(|(why, how)| (why.name(), how.name())).unzip();
        Left {
            noticed: departure.noticed.to_string(),
            left: departure.left.map(|day| day.to_string()),
            reason,
            evidence,
            words: departure.words.clone(),
        }
    }
}

/// A client with what its record tells of it, and what is open.
#[derive(Serialize, ToSchema)]
pub(super) struct WholeClient {
    #[serde(flatten)]
    client: Client,
    /// What its record tells of it beside what happened: `why_came`, `circumstances`, `expectations`, `channel`,
    /// `heard_of_us`, those that it tells.
    told: BTreeMap<&'static str, String>,
    /// What of that its tier demands and its record lacks.
    lacks: Vec<&'static str>,
    /// Clients that are part of it, by what was said.
    merged: Vec<MergedClient>,
    /// Send it with a change: what was changed meanwhile is not overwritten.
    seen: String,
    /// What is owed to it, the first due first.
    obligations: Vec<Owed>,
}

/// A client that is part of another one.
#[derive(Serialize, ToSchema)]
pub(super) struct MergedClient {
    /// Its name.
    name: String,
    /// What said so: taking it back under `/api/v1/decisions/{id}/undoing` splits them again.
    decision: String,
}

fn merged(asker: &Asker, card: &Card) -> Vec<MergedClient> {
    let house = &asker.board.firm;
    let of = house.merged.iter().filter(|merged| house.book.directory.client(merged.from) == card.id);
    let one = |merged: &Merged| MergedClient {
        name: house.clients.get(&merged.from).map_or_else(String::new, |card| card.name.clone()),
        decision: format!("{:016x}", merged.decision.0),
    };
    of.map(one).collect()
}

fn shown(asker: &Asker, card: &Card, departure: Option<&Departure>, now: Timestamp) -> Client {
    let email = |staff| asker.board.firm.people.get(&staff).map(|face| face.email.clone());
    Client {
        id: card.id.0.to_string(),
        client: card.key.clone(),
        name: card.name.clone(),
        kind: kind_name(card.kind),
        tier: card.tier.clone(),
        point_person: card.point_person.and_then(email),
        open: open_at(asker, card, now).count(),
        departure: departure.filter(|_| card.kind == ClientKind::Former).map(Left::from),
    }
}

/// What is open at a client by now.
fn open_at<'a>(asker: &'a Asker, card: &Card, now: Timestamp) -> impl Iterator<Item = &'a Obligation> {
    let open = asker.board.open_at(card.id).iter().filter(|open| asker.sees(open)).map(|open| &open.owed);
    open.filter(move |owed| owed.opened_at <= now)
}

/// Clients, prospects and partners, by name.
#[utoipa::path(get, path = "/api/v1/clients", params(Asked), tag = "people",
    responses((status = 200, body = Clients), (status = 401, body = Refusal), (status = 422, body = Refusal), (status = 400, description = "The query cannot be read.")))]
pub(super) async fn clients(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Json<Clients>, Refused> {
    let (asker, now) = (&visitor.asker, app.now());
    let most = asked.most.unwrap_or(100) as usize;
    if !(1..=MOST).contains(&most) || FARTHEST < asked.skip.unwrap_or(0) as usize {
        return Err(Error::invalid("most", format!("is 1 to {MOST}, and skip at most {FARTHEST}")).into());
    }
    let sought = asked.q.unwrap_or_default().to_lowercase();
    let fits = |card: &&Card| asker.sees_client(card) && card.name.to_lowercase().contains(&sought);
    let mut found: Vec<&Card> = asker.board.firm.clients.values().filter(fits).collect();
    found.sort_by_cached_key(|card| (card.name.to_lowercase(), card.id));
    let mut tx = app.db.read().await?;
    let departures = departures::store::last(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let some = found.iter().skip(asked.skip.unwrap_or(0) as usize).take(most);
    let clients = some.map(|card| shown(asker, card, departures.get(&card.id), now)).collect();
    fetched(&app, asker, "clients, by the API");
    Ok(Json(Clients { total: found.len(), clients }))
}

/// How a client is to be; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClientWish)]
pub(super) struct Wish {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// Its tier; empty for none.
    #[schema(max_length = 40)]
    tier: Option<String>,
    /// Why they came; empty to take it away, as with all that follow.
    #[schema(max_length = 4000)]
    why_came: Option<String>,
    /// What their circumstances are.
    #[schema(max_length = 4000)]
    circumstances: Option<String>,
    /// What they expect of us.
    #[schema(max_length = 4000)]
    expectations: Option<String>,
    /// How they like to be reached.
    #[schema(max_length = 4000)]
    channel: Option<String>,
    /// How they heard of us.
    #[schema(max_length = 4000)]
    heard_of_us: Option<String>,
    /// How the client was given: what is other than that by now is not overwritten, but refused.
    seen: Option<String>,
}

impl Wish {
    /// As it was sent it keeps to what the document says.
    fn keeps_to_its_form(&self) -> Result<(), Error> {
        let words =
            [&self.why_came, &self.circumstances, &self.expectations, &self.channel, &self.heard_of_us];
        let limits = [("name", &self.name, 200), ("tier", &self.tier, 40)];
        let limits = limits.into_iter().chain(
            Particular::ALL.into_iter().zip(words).map(|(what, words)| (what.name(), words, LONGEST_WORDS)),
        );
        for (field, text, most) in limits {
            if text.as_ref().is_some_and(|text| most < text.chars().count()) {
                return Err(Error::invalid(field, format!("takes at most {most} characters")));
            }
        }
        Ok(())
    }
}

/// What became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = KeptClient)]
pub(super) struct Changed {
    /// The change, for undoing it under `/api/v1/decisions/{id}/undoing`; null where nothing was changed.
    change: Option<String>,
}

/// Changes what a client is called, its tier, and what its record tells of it.
#[utoipa::path(patch, path = "/api/v1/clients/{id}", tag = "people", request_body = Wish,
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 200, body = Changed), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn change(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value }: Given<Wish>,
) -> Result<Json<Changed>, Refused> {
    let card = find(&visitor.asker, &id)?;
    value.keeps_to_its_form()?;
    let Wish { name, tier, why_came, circumstances, expectations, channel, heard_of_us, seen } = value;
    let (seen, back) = (seen.unwrap_or_default(), String::new());
    let filled =
        Filled { name, tier, why_came, circumstances, expectations, channel, heard_of_us, seen, back };
    let change = keep_details(&app, &visitor.asker, card, &filled).await.map_err(unfit)?;
    Ok(Json(Changed { change: change.map(|change| change.key()) }))
}

/// A client, with what its record tells of it, and what is open.
#[utoipa::path(get, path = "/api/v1/clients/{id}", tag = "people",
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 200, body = WholeClient), (status = 401, body = Refusal), (status = 404, body = Refusal)))]
pub(super) async fn client(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<WholeClient>, Refused> {
    let (asker, now) = (&visitor.asker, app.now());
    let card = find(asker, &id)?;
    app.seen.note(asker.firm, asker.staff, "saw", format!("client {}", card.id.0), now);
    let mut tx = app.db.read().await?;
    let mut open: Vec<&Obligation> = open_at(asker, card, now).collect();
    open.sort_by_key(|owed| (owed.due_at, owed.id));
    let obligations = printed(&mut tx, asker, &open, now).await?;
    let departure = departures::store::last_of(&mut tx, asker.firm, card.id).await?;
    let details = details::now_are(&mut tx, asker.firm, card.id).await?;
    tx.commit().await?;
    let lacks = told::lacking(&asker.board.firm.book, card.id, now);
    Ok(Json(WholeClient {
        client: shown(asker, card, departure.as_ref(), now),
        merged: merged(asker, card),
        seen: details.marks(),
        told: details.told.into_iter().map(|(what, words)| (what.name(), words)).collect(),
        lacks: lacks.iter().map(Particular::name).collect(),
        obligations,
    }))
}
