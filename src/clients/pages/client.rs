//! One client: who they are and why they came, what is owed to them, and all that happened.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use care::today::Group;
use serde::Deserialize;

use super::about::{About, about};
use super::timeline::{self, Timeline};
use super::{contact, details};
use crate::app::App;
use crate::board::{Asker, Card};
use crate::drafts;
use crate::error::{Error, Result};
use crate::holding;
use crate::ids::ClientId;
use crate::report::words::grouped;
use crate::today::letters;
use crate::today::list::{Filter, Listed, Whose, list};
use crate::today::pages::{Line, line};
use crate::today::words::When;
use crate::web::forms::{Path, Query};
use crate::web::page::{Frame, Notice, page};
use crate::web::trouble::{Trouble, is_part};
use crate::web::visitor::Visitor;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    before: String,
    #[serde(default)]
    said: String,
    #[serde(default)]
    undo: String,
    /// What of the client whoever comes here will tell: the form is open, and its field the first.
    #[serde(default)]
    pub(super) tell: String,
    /// Where the form leads back to.
    #[serde(default)]
    pub(super) back: String,
}

/// What was typed on the page and could not be taken.
pub(super) enum Refused {
    Contact(contact::Wrong),
    Details(details::Wrong),
}

#[derive(Template)]
#[template(path = "clients/client.html")]
struct ClientPage<'a> {
    frame: Frame,
    here: String,
    id: i64,
    about: About<'a>,
    owed: Vec<Line<'a>>,
    /// What stands elsewhere on Today: in words, and where.
    besides: Vec<(String, String)>,
    timeline: Timeline,
    is_first: bool,
    /// Letters can be written here: a mailbox is connected.
    writes: bool,
}

/// The part that "Earlier" adds.
#[derive(Template)]
#[template(path = "clients/_timeline.html")]
struct TimelinePart {
    here: String,
    id: i64,
    timeline: Timeline,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let card = find(asker, &id)?;
    let client = card.id;
    if client.0.to_string() != id {
        return Ok(Redirect::to(&format!("/clients/{}", client.0)).into_response());
    }
    let shown = if is_part(&headers) {
        let mut tx = app.db.read().await?;
        let timeline = timeline::page(&mut tx, asker, client, timeline::place(&asked.before), now).await?;
        tx.commit().await?;
        page(&TimelinePart { here: format!("/clients/{id}"), id: client.0, timeline })?
    } else {
        shown(&app, &visitor, card, &asked, None).await?
    };
    app.seen.note(asker.firm, asker.staff, "saw", format!("client {}", client.0), now);
    Ok(shown)
}

/// The page of a client; with what was typed and could not be taken, in its place.
pub(super) async fn shown(
    app: &App,
    visitor: &Visitor,
    card: &Card,
    asked: &Asked,
    wrong: Option<Refused>,
) -> Result<Response> {
    let (asker, now, client) = (&visitor.asker, app.now(), card.id);
    let here = format!("/clients/{}", client.0);
    let is_first = asked.before.is_empty();
    let mut tx = app.db.read().await?;
    let timeline = timeline::page(&mut tx, asker, client, timeline::place(&asked.before), now).await?;
    let mut about = about(&mut tx, asker, card, asked, now).await?;
    match wrong {
        Some(Refused::Contact(wrong)) => wrong.put_into(&mut about.people, &mut about.new_contact),
        Some(Refused::Details(wrong)) => wrong.put_into(&mut about.record.form),
        None => {}
    }
    let filter = Filter { whose: Whose::Firm, client: Some(client), most: 20, ..Filter::default() };
    let listed = list(asker, &filter, now);
    let mut openings = letters::openings(&mut tx, asker, listed.shown.iter().map(|s| &s.open.owed)).await?;
    let held = holding::store::told(&mut tx, asker.firm, listed.shown.iter().map(|s| &s.open.owed)).await?;
    let writes = asker.may_act().is_ok() && !drafts::senders(&mut tx, asker).await?.is_empty();
    tx.commit().await?;
    let owed = listed.shown.iter().map(|shown| {
        let id = shown.open.owed.id;
        let line = line(asker, shown, openings.remove(&id.0).unwrap_or_default(), now);
        let held = held.get(&id).map(|told| When::new(told.at, now, &asker.zone));
        // Whose page this is, its title says: each line is headed with its kind.
        Line { held, heading: line.kind, kind: "", ..line }
    });
    let owed: Vec<Line<'_>> = owed.collect();
    let besides = besides(client, &listed, owed.len());
    let notice = Notice::said(&asked.said, &asked.undo);
    let frame = Frame::new(visitor, "clients").with_notice(notice);
    page(&ClientPage { frame, here, id: client.0, about, owed, besides, timeline, is_first, writes })
}

/// What is owed to a client beside what the page shows of it.
fn besides(client: ClientId, listed: &Listed<'_>, shown: usize) -> Vec<(String, String)> {
    let words = |group, count: usize| match group {
        Group::Owed => format!("{} more", grouped(count as u64)),
        Group::Upkeep => format!("{} of upkeep", grouped(count as u64)),
        Group::Perhaps => format!("{} perhaps", grouped(count as u64)),
        Group::BeforeRegard => format!("{} from before Regard", grouped(count as u64)),
    };
    let of_group = |group: Group| {
        let shown = if group == Group::Owed { shown } else { 0 };
        let count = listed.groups[group as usize].saturating_sub(shown);
        let href = format!("/today?whose=firm&client={}&group={}", client.0, group.name());
        (0 < count).then(|| (words(group, count), href))
    };
    Group::ALL.into_iter().filter_map(of_group).collect()
}

/// The client that an address of a page names, if whoever asks may see it.
pub(crate) fn find<'a>(asker: &'a Asker, id: &str) -> Result<&'a Card> {
    asker.client(ClientId(id.parse().map_err(|_| Error::NotFound)?))
}
