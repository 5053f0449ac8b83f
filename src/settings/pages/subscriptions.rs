//! One's own calendars and address books elsewhere.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use wire::net::{Reach, Secret};

use super::alarms::{Told, told};
use super::signing::{Door, begin_following, doors_of_calendars};
use super::{Nothing, Said, Tab, frame, lead, tabs};
use crate::access::Access;
use crate::app::App;
use crate::board::Asker;
use crate::error::{Error, Result};
use crate::ids::SubscriptionId;
use crate::mailboxes::SecretKind;
use crate::mailboxes::oauth::begun;
use crate::report::words::counted;
use crate::settings::Standing;
use crate::settings::connections::Given;
use crate::settings::subscriptions::{self, Wish};
use crate::subscriptions::{Folder, Kind, store};
use crate::text::typed;
use crate::today::words::When;
use crate::web::forms::{Path, Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const HERE: &str = "/settings/calendar";

#[derive(Template)]
#[template(path = "settings/calendar.html")]
struct CalendarPage {
    frame: Frame,
    tabs: Vec<Tab>,
    alarms: Vec<Told>,
    mine: Vec<Shown>,
    /// Those of others, for owners of the firm.
    others: Vec<Shown>,
    form: Wanted,
    trouble: String,
    /// Who may sign somebody in to calendars or address books.
    doors: Vec<Door>,
    /// Why nothing can be subscribed to here; empty where it can.
    cannot: String,
    /// The operator allows servers in the firm's own network, and connections without protection.
    is_private: bool,
    is_busy: bool,
}

/// A subscription, as its owner sees it; of somebody else's only how it does.
struct Shown {
    id: i64,
    name: String,
    what: String,
    whose: String,
    standing: Standing,
    folders: Vec<Folder>,
    is_feed: bool,
    /// Who signs in to it again, where that is no password.
    door: Option<Door>,
    rests: bool,
    /// What may be written into one of its folders: `owed` or `contacts`; and the one, where somebody wants that.
    writes: &'static str,
    writes_to: String,
}

/// The form of a subscription.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    #[serde(deserialize_with = "typed")]
    kind: String,
    #[serde(deserialize_with = "typed")]
    name: String,
    #[serde(deserialize_with = "typed")]
    address: String,
    #[serde(deserialize_with = "typed")]
    user: String,
    /// Who signs in; empty for a password.
    #[serde(deserialize_with = "typed")]
    oauth: String,
    password: String,
    #[serde(deserialize_with = "typed")]
    authority: String,
    #[serde(deserialize_with = "typed")]
    closes: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    Ok(shown(&app, &visitor, &said, Wanted::default(), String::new()).await?)
}

async fn shown(app: &App, visitor: &Visitor, said: &Said, form: Wanted, trouble: String) -> Result<Response> {
    let (asker, now) = (&visitor.asker, app.now());
    let mut tx = app.db.read().await?;
    let all = store::all(&mut tx, asker.firm).await?;
    let doors = doors_of_calendars(&mut tx, asker.firm).await?;
    let alarms = told(&mut tx, asker, now).await?;
    let (mut mine, mut others) = (Vec::new(), Vec::new());
    for one in all {
        let is_mine = one.staff == asker.staff;
        if !is_mine && asker.access != Access::Owner {
            continue;
        }
        let what = match one.kind {
            Kind::Feed if one.closes => "days on which the firm is closed",
            Kind::Feed => "a calendar",
            Kind::Calendars if one.closes => "an account of calendars: days on which the firm is closed",
            Kind::Calendars => "an account of calendars",
            Kind::AddressBooks => "an account of address books",
        };
        let shown = Shown {
            id: one.id.0,
            what: if is_mine { format!("{}; {what}", one.place) } else { what.to_owned() },
            whose: asker.name_of(one.staff).to_owned(),
            standing: subscriptions::standing(&one, now, |at| When::new(at, now, &asker.zone).words),
            folders: if is_mine { store::folders(&mut tx, asker.firm, one.id).await? } else { Vec::new() },
            is_feed: one.kind == Kind::Feed,
            door: doors.iter().find(|door| Some(door.id) == one.oauth).cloned(),
            writes: match one.kind {
                Kind::Feed => "",
                Kind::Calendars => "owed",
                Kind::AddressBooks => "contacts",
            },
            writes_to: one.writes_to.clone().unwrap_or_default(),
            rests: one.paused,
            name: one.name,
        };
        if is_mine { mine.push(shown) } else { others.push(shown) }
    }
    tx.commit().await?;
    let status = if trouble.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let cannot = match app.outside.keys() {
        Err(Error::Invalid { words, .. }) => format!("A calendar {words}."),
        Err(error) => error.to_string(),
        Ok(_) => String::new(),
    };
    let shown = page(&CalendarPage {
        frame: frame(visitor, said),
        tabs: tabs(visitor, HERE),
        alarms,
        is_busy: mine.iter().any(|one| one.standing.is_busy),
        mine,
        others,
        doors,
        // What was typed into a field of a password is typed again.
        form: Wanted { password: String::new(), ..form },
        trouble,
        is_private: app.outside.allowed().is_ok_and(|allowed| allowed.reach == Reach::Private),
        cannot,
    })?;
    Ok((status, shown).into_response())
}

/// Subscribes with a password; or begins to sign in, and subscribes when that has ended.
async fn wanted(app: &App, asker: &Asker, headers: &HeaderMap, form: &Wanted) -> Result<Response> {
    let kind = Kind::named(&form.kind).unwrap_or(Kind::Feed);
    let (name, address, closes) = (form.name.clone(), form.address.clone(), form.closes == "1");
    if kind != Kind::Feed && !form.oauth.is_empty() {
        let one = begun::Subscription { kind: kind.name().to_owned(), name, address, closes };
        let who = (form.user.as_str(), form.authority.as_str());
        return begin_following(app, asker, headers, &form.oauth, one, who).await;
    }
    let (user, authority) = (form.user.clone(), form.authority.clone());
    let wish = Wish { kind, name, address, user, authority, closes };
    let given = Given::typed(SecretKind::Password, Secret::new(form.password.as_str()));
    let name = subscriptions::subscribe(app, asker, wish, given).await?;
    Ok(lead(HERE, &format!("{name} was read once, and is kept in step from now on.")))
}

pub(super) async fn subscribe(
    State(app): State<App>,
    headers: HeaderMap,
    Posted { visitor, form }: Posted<Wanted>,
) -> Result<Response, Trouble> {
    match wanted(&app, &visitor.asker, &headers, &form).await {
        Ok(response) => Ok(response),
        Err(Error::Invalid { field, words }) => {
            let trouble = format!("{field} {words}");
            Ok(shown(&app, &visitor, &Said::default(), form, trouble).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// The ticks are fields of their own, named by the path on the server.
pub(super) async fn choose(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<BTreeMap<String, String>>,
) -> Result<Response, Trouble> {
    let chosen: Vec<String> =
        form.keys().filter_map(|name| name.strip_prefix("f:")).map(str::to_owned).collect();
    let name = subscriptions::choose(&app, &visitor.asker, SubscriptionId(id), &chosen).await?;
    Ok(lead(HERE, &format!("{name}: {} kept in step from now on.", counted(chosen.len(), "is", "are"))))
}

#[derive(Debug, Deserialize)]
pub(super) struct WriteForm {
    #[serde(default)]
    folder: String,
}

pub(super) async fn write_to(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<WriteForm>,
) -> Result<Response, Trouble> {
    let (name, kind) =
        subscriptions::write_to(&app, &visitor.asker, SubscriptionId(id), &form.folder).await?;
    let words = match (form.folder.is_empty(), kind) {
        (true, _) => "nothing is written there any more, and what was goes in a moment",
        (false, Kind::AddressBooks) => {
            "the contacts of clients are written there, and go when they are gone here"
        }
        (false, _) => "what you owe is written there, and goes when it has ended",
    };
    Ok(lead(HERE, &format!("{name}: {words}.")))
}

#[derive(Debug, Deserialize)]
pub(super) struct SecretForm {
    password: String,
}

pub(super) async fn login(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<SecretForm>,
) -> Result<Response, Trouble> {
    let given = Given::typed(SecretKind::Password, Secret::new(form.password));
    let name = subscriptions::new_secret(&app, &visitor.asker, SubscriptionId(id), given).await?;
    Ok(lead(HERE, &format!("{name} was read with it, and is kept in step again.")))
}

pub(super) async fn test(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let (name, folders) = subscriptions::test(&app, &visitor.asker, SubscriptionId(id)).await?;
    let words = match folders {
        0 => format!("{name} can be read."),
        folders => format!("{name} can be read: it holds {folders}."),
    };
    Ok(lead(HERE, &words))
}

#[derive(Debug, Deserialize)]
pub(super) struct RestForm {
    paused: String,
}

pub(super) async fn rest(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<RestForm>,
) -> Result<Response, Trouble> {
    let paused = form.paused == "1";
    let name = subscriptions::pause(&app, &visitor.asker, SubscriptionId(id), paused).await?;
    let words = if paused { "rests: nothing is read of it" } else { "is kept in step again" };
    Ok(lead(HERE, &format!("{name} {words}.")))
}

pub(super) async fn remove(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let name = subscriptions::remove(&app, &visitor.asker, SubscriptionId(id)).await?;
    let words =
        format!("{name} is followed no more, and its password is forgotten. Meetings that took place stay.");
    Ok(lead(HERE, &words))
}
