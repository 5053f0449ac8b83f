//! The page Today.

mod csv;
pub(crate) mod digest;
mod ended;
mod exhibits;
mod opened;
mod parts;
mod reach;
mod tabs;
mod undo;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use care::obligation::Kind;
use care::today::{Group, Hurt, group};
use jiff::Timestamp;
use serde::Deserialize;

use super::letters;
use super::list::{Divided, DoneToday, Filter, Listed, Shown, Whose, done_today, list_after};
use super::words::{self, When};
use super::{acts, together};
use crate::app::App;
use crate::board::Asker;
use crate::db::Tx;
use crate::drafts::pages::standings;
use crate::error::Result;
use crate::holding;
use crate::ids::{ClientId, StaffId};
use crate::record::counts;
use crate::report::words::{SUBJECT, grouped, one_line};
use crate::settings::pages::alarms::{Told, told};
use crate::web::forms::{Posted, Query};
use crate::web::page::{Frame, Notice, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;
use parts::{Part, parts};
use tabs::{Tab, about, division_tabs, empty, group_tabs, headline, kind_tabs, only_tabs, tabs};

pub(crate) use undo::{done_back, lead_back, lead_back_from};

/// So many lines are on one page.
const A_PAGE: usize = 50;

/// The routes of this room.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/today") }))
        .route("/today", get(show))
        .route("/today.csv", get(csv::whole))
        .route("/today/letting-go", post(let_go))
        .route("/owed/{id}", get(opened::show))
        .route("/owed/{id}/decisions", post(opened::decide))
        .route("/decisions/{key}/undoing", post(undo::undo))
}

/// What the address of the page asks for.
#[derive(Debug, Default, Clone, Deserialize)]
pub struct Asked {
    #[serde(default)]
    whose: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    client: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    page: usize,
    /// A decision that was just entered, and can be undone.
    #[serde(default)]
    undo: String,
    /// What was just done, in words.
    #[serde(default)]
    said: String,
}

impl Asked {
    /// What to list.
    pub fn filter(&self) -> Filter {
        Filter {
            whose: Whose::named(&self.whose).unwrap_or_default(),
            kind: Kind::named(&self.kind),
            client: self.client.parse().ok().map(ClientId),
            owner: self.person.parse().ok().map(StaffId),
            group: Group::named(&self.group),
            divided: Divided::named(&self.by),
            skip: self.page.min(100_000) * A_PAGE,
            most: A_PAGE,
        }
    }

    /// What says which things are listed, as fields of a form.
    fn narrowing(&self) -> Vec<(&'static str, String)> {
        let fields = [
            ("whose", &self.whose),
            ("kind", &self.kind),
            ("client", &self.client),
            ("person", &self.person),
        ];
        fields.into_iter().filter(|(_, value)| !value.is_empty()).map(|(n, v)| (n, v.clone())).collect()
    }

    /// The same without what narrows it.
    fn unfiltered(&self) -> Asked {
        let (whose, group, by) = (self.whose.clone(), self.group.clone(), self.by.clone());
        Asked { whose, group, by, ..Asked::default() }
    }

    /// The address of the same page with one thing changed.
    fn with(&self, name: &str, value: &str) -> String {
        let page = if name == "page" { value.to_owned() } else { String::new() };
        let fields = [
            ("whose", &self.whose),
            ("kind", &self.kind),
            ("client", &self.client),
            ("person", &self.person),
            ("group", &self.group),
            ("by", &self.by),
            ("page", &page),
        ];
        let mut query = Vec::new();
        for (field, now) in fields {
            let value = if field == name { value } else { now };
            if !value.is_empty() {
                query.push(format!("{field}={}", crate::web::trouble::form_urlencoded(value)));
            }
        }
        if query.is_empty() { "/today".to_owned() } else { format!("/today?{}", query.join("&")) }
    }
}

#[derive(Template)]
#[template(path = "today/show.html")]
struct TodayPage<'a> {
    frame: Frame,
    /// What is wrong with the channels of whoever looks.
    alarms: Vec<Told>,
    date: String,
    headline: String,
    tabs: Vec<Tab>,
    groups: Vec<Tab>,
    /// The one client and the one person whose things alone are listed.
    only: Vec<Tab>,
    kinds: Vec<Tab>,
    divisions: Vec<Tab>,
    parts: Vec<Part<'a>>,
    about: &'static str,
    empty: String,
    /// No mail was ever read here.
    is_unread: bool,
    is_filtered: bool,
    all: String,
    more: Option<String>,
    before: Option<String>,
    later: String,
    order: Vec<&'static str>,
    here: String,
    csv: String,
    /// Where it is asked whether what seems to have ended has.
    ended: Option<String>,
    /// One's own letters that did not leave: message, and what is wrong.
    wrong: Vec<(i64, String)>,
    /// What of the address says which of them, for letting all of them go.
    letting_go: Option<LetGo>,
    reasons: [&'static str; acts::REASONS.len()],
}

/// The form that lets all go that stand in a group.
struct LetGo {
    count: usize,
    fields: Vec<(&'static str, String)>,
}

/// A line of the list.
pub(crate) struct Line<'a> {
    pub(crate) id: String,
    /// Empty where it is the heading.
    pub(crate) kind: &'static str,
    pub(crate) kind_name: &'static str,
    /// The heading: the client, or the kind where the page is one client's.
    pub(crate) heading: &'a str,
    pub(crate) contact: String,
    pub(crate) owner: Option<&'a str>,
    pub(crate) due: When,
    pub(crate) is_late: bool,
    pub(crate) hurt: &'static str,
    pub(crate) why: String,
    pub(crate) subject: String,
    pub(crate) passage: String,
    /// The passage is somebody's own words.
    pub(crate) is_quoted: bool,
    pub(crate) is_doubtful: bool,
    /// A letter about it that is on its way; empty where there is none.
    pub(crate) leaving: String,
    /// When whoever waits was told by itself that it will take a while.
    pub(crate) held: Option<When>,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let filter = asked.filter();
    let mut tx = app.db.read().await?;
    let done = match filter.group {
        Some(Group::Upkeep) => done_today(&mut tx, asker, now).await?,
        _ => DoneToday::default(),
    };
    let listed = list_after(asker, &filter, &done, now);
    let alarms = told(&mut tx, asker, now).await?;
    let (parts, wrong) = gathered(&mut tx, asker, &asked, &listed, now).await?;
    let is_unread = listed.total == 0 && !counts::has_any(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let group = filter.group.unwrap_or(Group::Owed);
    let shown_until = filter.skip + listed.shown.len();
    let today = now.to_zoned(asker.zone.clone());
    let frame = Frame::new(&visitor, "today").with_notice(Notice::said(&asked.said, &asked.undo));
    Ok(page(&TodayPage {
        alarms,
        date: today.strftime("%A %-d %B").to_string(),
        headline: headline(&listed, group),
        tabs: tabs(&asked, &filter),
        groups: group_tabs(&asked, &listed, group),
        only: only_tabs(asker, &asked, &filter),
        kinds: kind_tabs(&asked, &filter, &listed),
        divisions: division_tabs(&asked, &filter),
        parts,
        about: about(group),
        empty: match is_unread {
            true => "No mail has been read yet, so nobody knows what you owe whom.".to_owned(),
            false => empty(&filter, group, listed.later),
        },
        is_unread: is_unread && frame.may_act,
        is_filtered: filter.is_narrow(),
        all: asked.unfiltered().with("", ""),
        more: (shown_until < listed.total).then(|| asked.with("page", &(asked.page + 1).to_string())),
        before: (0 < asked.page).then(|| asked.with("page", &(asked.page - 1).to_string())),
        later: if 0 < listed.later { grouped(listed.later as u64) } else { String::new() },
        order: Hurt::ALL.iter().map(|hurt| hurt.words()).collect(),
        reasons: acts::REASONS,
        wrong,
        letting_go: (group == Group::BeforeRegard && 0 < listed.total)
            .then(|| LetGo { count: listed.total, fields: asked.narrowing() }),
        csv: asked.with("", "").replacen("/today", "/today.csv", 1),
        ended: (group == Group::Owed && !is_unread)
            .then(|| format!("{}#{}", asked.with("group", Group::Perhaps.name()), ended::PLACE)),
        here: asked.with("page", &if asked.page == 0 { String::new() } else { asked.page.to_string() }),
        frame,
    })?)
}

/// The lines of the page with all that is known of each, and one's own letters that did not leave.
async fn gathered<'a>(
    tx: &mut Tx,
    asker: &'a Asker,
    asked: &Asked,
    listed: &Listed<'a>,
    now: Timestamp,
) -> Result<(Vec<Part<'a>>, Vec<(i64, String)>)> {
    let shown = || listed.shown.iter().map(|shown| &shown.open.owed);
    let openings = letters::openings(tx, asker, shown()).await?;
    let mut standings = standings(tx, asker, now).await?;
    let held = holding::store::told(tx, asker.firm, shown()).await?;
    let mut parts = parts(asker, asked, listed, openings, now);
    for line in parts.iter_mut().flat_map(|part| &mut part.lines) {
        let owed = acts::id(&line.id).ok();
        line.leaving = owed.and_then(|owed| standings.leaving.remove(&owed)).unwrap_or_default();
        line.held = owed.and_then(|owed| held.get(&owed)).map(|told| When::new(told.at, now, &asker.zone));
    }
    parts.extend(ended::part(tx, asker, &asked.filter(), now).await?);
    Ok((parts, standings.wrong))
}

/// What lets everything from before Regard go, as the filter shows it.
#[derive(Debug, Deserialize)]
struct LettingGo {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    count: String,
    #[serde(default)]
    back: String,
    #[serde(flatten)]
    asked: Asked,
}

async fn let_go(
    State(app): State<App>,
    Posted { visitor, form }: Posted<LettingGo>,
) -> Result<Response, Trouble> {
    let count = form.count.parse().unwrap_or_default();
    let filter = form.asked.filter();
    let (done, batch) = together::let_go(&app, &visitor.asker, &filter, count, &form.reason).await?;
    Ok(lead_back_from(&form.back, &done, batch))
}

/// What is owed, as a line of a list.
pub(crate) fn line<'a>(
    asker: &'a Asker,
    shown: &Shown<'_>,
    opening: letters::Opening,
    now: Timestamp,
) -> Line<'a> {
    let owed = &shown.open.owed;
    let card = asker.board.firm.clients.get(&owed.client);
    let client = card.map_or("", |card| &card.name);
    // What no client waits for says what lacks; its letter is only the last that shows it.
    let lack = words::lack(owed, &asker.board.firm.book, now);
    let is_quoted = lack.is_empty() && !opening.passage.is_empty();
    let subject = if lack.is_empty() { one_line(&opening.subject, SUBJECT) } else { String::new() };
    let passage = if is_quoted { opening.passage } else { lack.into_owned() };
    let group = group(owed, asker.board.firm.before_regard);
    // The others can be seen from the line itself: how late it is, and how often they asked.
    let hurt = match shown.hurt {
        Hurt::AfterLateAnswer | Hurt::Complaint => shown.hurt.words(),
        _ => "",
    };
    Line {
        id: owed.id.to_string(),
        kind: words::kind(owed.kind),
        kind_name: owed.kind.name(),
        heading: client,
        // A client who is a person is not named twice.
        contact: Some(opening.contact)
            .filter(|contact| !client.ends_with(contact.as_str()))
            .unwrap_or_default(),
        owner: owed.owner.filter(|owner| *owner != asker.staff).map(|owner| asker.name_of(owner)),
        due: When::due(owed.due_at, now, &asker.zone),
        // What is older than Regard is all late, and for upkeep nobody waits: they need not shout.
        is_late: owed.due_at < now && !matches!(group, Group::BeforeRegard | Group::Upkeep),
        hurt,
        why: words::why(owed, now, &asker.zone),
        subject,
        passage,
        is_quoted,
        is_doubtful: owed.confidence < care::today::NINE_IN_TEN,
        leaving: String::new(),
        held: None,
    }
}
