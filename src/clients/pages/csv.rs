//! The lists of this room as spreadsheets.

use axum::extract::State;
use axum::response::Response;
use care::particular::Particular;
use jiff::Timestamp;
use jiff::civil::Date;

use super::about::{all_of, matters_of};
use super::find;
use super::list::reasons;
use super::rows::{Asked, Row, departures, rows, sort};
use super::timeline::{self, Item};
use crate::app::App;
use crate::clients::{kind_name, particulars};
use crate::departures::{Evidence, Reason};
use crate::matters::Matter;
use crate::report::findings::Moment;
use crate::web::csv::export;
use crate::web::forms::{Path, Query};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const CLIENTS: [&str; 21] = [
    "client_id",
    "name",
    "kind",
    "tier",
    "point_person",
    "risk",
    "reasons",
    "last_in",
    "last_out",
    "ties",
    "open",
    "noticed",
    "left",
    "departure_reason",
    "evidence",
    "departure_words",
    "why_came",
    "circumstances",
    "expectations",
    "channel",
    "heard_of_us",
];
const MATTERS: [&str; 6] = ["matter_id", "name", "kind", "handler", "opened", "closed"];
const RECORD: [&str; 7] = ["at", "kind", "sentence", "subject", "words", "acts", "decided"];

/// The clients as they are filtered, whole.
pub(super) async fn clients(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let mut tx = app.db.read().await?;
    let departures = departures(&mut tx, asker, &asked).await?;
    let told = particulars::all_standing(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let mut found = rows(asker, &asked, &departures, now);
    sort(&mut found, &asked, now);
    let at =
        |at: Option<Timestamp>| at.map(|at| Moment::new(at, &asker.zone).to_string()).unwrap_or_default();
    let line = |row: &Row<'_>| {
        let departure = row.departure;
        let (why, how) = departure.and_then(|departure| departure.reason).unzip();
        let words = |what: Particular| told.get(&row.card.id)?.get(&what).cloned();
        let told = Particular::ALL.map(|what| words(what).unwrap_or_default());
        let known = [
            row.card.key.clone(),
            row.card.name.clone(),
            kind_name(row.card.kind).to_owned(),
            row.card.tier.clone().unwrap_or_default(),
            row.card.point_person.map(|staff| asker.name_of(staff).to_owned()).unwrap_or_default(),
            row.outlook.risk.name().to_owned(),
            reasons(&row.outlook, now, &asker.zone),
            at(row.contact.last_in(now)),
            at(row.contact.last_out(now)),
            row.contact.ties().to_string(),
            row.open.to_string(),
            departure.map(|departure| departure.noticed.to_string()).unwrap_or_default(),
            departure.and_then(|departure| departure.left).map(|day| day.to_string()).unwrap_or_default(),
            why.map_or("", Reason::name).to_owned(),
            how.map_or("", Evidence::name).to_owned(),
            departure.map(|departure| departure.words.clone()).unwrap_or_default(),
        ];
        known.into_iter().chain(told).collect::<Vec<String>>()
    };
    Ok(export(&app, asker, "clients.csv", &CLIENTS, found.iter().map(line).collect()).await?)
}

/// The matters of a client, as its page lists them.
pub(super) async fn matters(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let clients = all_of(asker, find(asker, &id)?);
    let mut tx = app.db.read().await?;
    let found = matters_of(&mut tx, asker, &clients).await?;
    tx.commit().await?;
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let row = |one: Matter| {
        let handler = one.handler.map(|staff| asker.name_of(staff).to_owned()).unwrap_or_default();
        vec![one.external_key, one.name, one.kind, handler, day(one.opened), day(one.closed)]
    };
    Ok(export(&app, asker, "matters.csv", &MATTERS, found.into_iter().map(row).collect()).await?)
}

/// Everything that happened with a client, the newest first.
pub(super) async fn record(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let client = find(asker, &id)?.id;
    let mut tx = app.db.read().await?;
    let mut lines = Vec::new();
    let mut before = String::new();
    loop {
        let page = timeline::page(&mut tx, asker, client, timeline::place(&before), now).await?;
        lines.extend(page.items.into_iter().map(line));
        match page.more {
            Some(more) => before = more,
            None => break,
        }
    }
    tx.commit().await?;
    Ok(export(&app, asker, "record.csv", &RECORD, lines).await?)
}

fn line(item: Item) -> Vec<String> {
    vec![
        item.when.machine,
        item.kind.to_owned(),
        item.sentence,
        item.subject,
        item.gist,
        item.acts.join("; "),
        item.decided.join("; "),
    ]
}
