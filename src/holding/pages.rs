//! The settings of the holding reply: its words, what a real client would get, and what was sent by itself.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use care::holding::{Holding, holding};
use care::hours::WorkCalendar;
use care::obligation::{Evidence, Kind, Obligation, ObligationId};
use care::record::in_force;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Deserialize;

use super::words::{BEGUN, FIELDS, Names, fit};
use super::{Setting, store};
use crate::app::App;
use crate::board::{Asker, Card};
use crate::db::{Durability, Tx};
use crate::error::Result;
use crate::outbox::State as Stand;
use crate::outbox::compose::{self, Standing};
use crate::record::{audit, book};
use crate::settings::pages::{Said, Tab, frame, lead, tabs};
use crate::today::words::{When, spoken};
use crate::web::forms::{Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const HERE: &str = "/settings/holding";
/// So many that were sent are listed.
const LISTED: u32 = 100;

/// The routes of this room.
pub fn routes() -> Router<App> {
    Router::new().route(HERE, get(show).post(save))
}

#[derive(Template)]
#[template(path = "settings/holding.html")]
struct HoldingPage {
    frame: Frame,
    tabs: Vec<Tab>,
    is_on: bool,
    words: String,
    is_begun: bool,
    fields: [&'static str; FIELDS.len()],
    client: String,
    trouble: String,
    previews: Vec<Preview>,
    clients: Vec<String>,
    sent: Vec<Line>,
}

/// What a client would get who wrote at some moment.
struct Preview {
    head: String,
    why: String,
    text: String,
    reads: String,
    found: Vec<String>,
}

/// What was sent by itself.
struct Line {
    to: String,
    href: String,
    words: String,
    when: When,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    said: String,
    client: String,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let setting = store::setting(&mut tx, asker.firm).await?;
    let is_begun = !setting.words.is_empty();
    let words = if is_begun { setting.words.clone() } else { BEGUN.to_owned() };
    let clients = clients(asker);
    let chosen = match asked.client.trim() {
        "" => clients.first().copied(),
        name => clients.iter().find(|card| card.name.eq_ignore_ascii_case(name)).copied(),
    };
    let previews = match chosen {
        Some(card) => previews(&mut tx, asker, card, &words, now).await?,
        None => Vec::new(),
    };
    let trouble = match (chosen, clients.is_empty()) {
        (None, false) => format!("“{}” is no client of the firm; write its whole name.", asked.client.trim()),
        _ => String::new(),
    };
    let sent = store::sent(&mut tx, asker.firm, LISTED).await?;
    tx.commit().await?;
    Ok(page(&HoldingPage {
        frame: frame(&visitor, &Said::of(&asked.said)),
        tabs: tabs(&visitor, HERE),
        is_on: setting.on_since.is_some(),
        words,
        is_begun,
        fields: FIELDS,
        client: chosen.map_or(asked.client.clone(), |card| card.name.clone()),
        trouble,
        previews,
        clients: clients.iter().take(200).map(|card| card.name.clone()).collect(),
        sent: sent.iter().map(|one| line(asker, one, now)).collect(),
    })?)
}

/// The clients to whom it may be sent and whom whoever asks may see, by name.
fn clients(asker: &Asker) -> Vec<&Card> {
    let is_client = |card: &&Card| super::is_client(card.kind) && asker.sees_client(card);
    let mut clients: Vec<&Card> = asker.board.firm.clients.values().filter(is_client).collect();
    clients.sort_by(|a, b| a.name.cmp(&b.name));
    clients
}

/// What would be sent if they wrote now, and if they wrote when the firm has closed.
async fn previews(
    tx: &mut Tx,
    asker: &Asker,
    card: &Card,
    words: &str,
    now: Timestamp,
) -> Result<Vec<Preview>> {
    let house = &asker.board.firm;
    let names = match house.first_address(card.id) {
        Some(address) => {
            let contact = house.contacts.get(&address).map(String::as_str);
            Names::of(tx, &house.firm, &house.book, card.id, contact, address).await?
        }
        None => Names::default(),
    };
    let decisions = book::decisions_about_cover(tx, asker.firm).await?;
    let mut previews = Vec::new();
    for at in [now, closed_from(&house.book.calendar, now)] {
        let owed = owed(asker, card, at);
        let told = holding(&house.book, &owed, in_force(&decisions), at);
        let when = spoken(&at.to_zoned(asker.zone.clone()), &now.to_zoned(asker.zone.clone()));
        let head = if at == now { "If they wrote now".to_owned() } else { format!("If they wrote {when}") };
        previews.push(preview(&house.book.calendar, head, told, words, &names, at));
    }
    Ok(previews)
}

fn preview(
    calendar: &WorkCalendar,
    head: String,
    told: Option<Holding>,
    words: &str,
    names: &Names,
    at: Timestamp,
) -> Preview {
    let Some(told) = told else {
        let why = "Nothing is sent: it will be answered in its time.".to_owned();
        return Preview { head, why, text: String::new(), reads: String::new(), found: Vec::new() };
    };
    let text = names.fill(words, &told, calendar.zone());
    let reads = match compose::told_until(calendar, &text, at) {
        Some(until) => {
            let until = until.to_zoned(calendar.zone().clone()).strftime("%A %-d %B, %H:%M");
            format!("It is read as: they hear by {until}.")
        }
        None => "No date is read from it. Name it in a plain sentence: you will hear from us by {by when}."
            .to_owned(),
    };
    let found = compose::findings(calendar, &Standing::default(), None, &text, 0, at);
    Preview {
        head,
        why: why(told.why.name()),
        text,
        reads,
        found: found.into_iter().map(|one| one.words).collect(),
    }
}

fn why(name: &str) -> String {
    match name {
        "closed" => "The firm is closed.",
        "away" => "Whoever owes the answer is away until it falls due.",
        _ => "",
    }
    .to_owned()
}

/// The answer that a letter of this client's would open at a moment.
fn owed(asker: &Asker, card: &Card, at: Timestamp) -> Obligation {
    let book = &asker.board.firm.book;
    let standard = book.client(card.id).map_or(&book.standards.default, |client| book.standard(client));
    let time = standard.answer.in_hours_of(&book.calendar);
    Obligation {
        id: ObligationId(0),
        kind: Kind::Answer,
        client: card.id,
        contact: None,
        owner: card.point_person.or(book.lead),
        opened_at: at,
        due_at: book.calendar.add_working(at, time),
        ended: None,
        chases: 0,
        confidence: 1.0,
        first: false,
        evidence: Vec::<Evidence>::new(),
        continues: None,
    }
}

/// A moment after the next closing for the night.
fn closed_from(calendar: &WorkCalendar, now: Timestamp) -> Timestamp {
    let mut day = calendar.date_of(now);
    for _ in 0..30 {
        if let Some(closing) = calendar.closing(day).filter(|closing| now < *closing) {
            return closing + SignedDuration::from_mins(1);
        }
        day = day.saturating_add(1.day());
    }
    now
}

fn line(asker: &Asker, one: &store::Sent, now: Timestamp) -> Line {
    let card = one.client.and_then(|client| asker.client(client).ok());
    let by = one.told_until.map(|until| {
        let (until, now) = (until.to_zoned(asker.zone.clone()), now.to_zoned(asker.zone.clone()));
        format!(" Told: by {}.", spoken(&until, &now))
    });
    let stands = match Stand::named(&one.state) {
        Some(Stand::Sent) => "",
        Some(Stand::Returned) => " It came back.",
        Some(Stand::Failed | Stand::Unsure) => " It did not leave.",
        _ => " It leaves in a moment.",
    };
    Line {
        // Whom a wall hides is named to nobody who is kept out.
        to: card.map_or("a client whom you do not see".to_owned(), |card| {
            format!("{}, {}", card.name, one.address)
        }),
        href: card.map(|card| format!("/clients/{}", card.id.0)).unwrap_or_default(),
        words: format!("{}{}{stands}", why(&one.why), by.unwrap_or_default()),
        when: When::new(one.at, now, &asker.zone),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wished {
    words: String,
    on: String,
}

async fn save(State(app): State<App>, Posted { visitor, form }: Posted<Wished>) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_set_up()?;
    let words = fit(&form.words)?;
    let mut tx = app.db.write(Durability::Act).await?;
    let known = store::setting(&mut tx, asker.firm).await?;
    let on_since = (form.on == "1").then(|| known.on_since.unwrap_or(now));
    let setting = Setting { words, on_since };
    store::set(&mut tx, asker.firm, &setting, asker.staff, now).await?;
    let act = match (known.on_since, on_since) {
        (None, Some(_)) => "switched_on_holding_reply",
        (Some(_), None) => "switched_off_holding_reply",
        _ => "changed_holding_reply",
    };
    // The words stand in the log: whoever wonders later what was said finds them.
    audit::note(&mut tx, asker.firm, asker.staff, act, &setting.words, now).await?;
    tx.commit().await?;
    let said = match on_since {
        Some(_) => "Kept. From now on clients whose message will have to wait are told so.",
        None => "Kept. Nothing is sent by itself.",
    };
    Ok(lead(HERE, said))
}
