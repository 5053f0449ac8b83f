//! Settings, Telephone: which systems may tell of calls, which logs are followed, what their columns are called.

mod csv;

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;
use serde::Deserialize;
use wire::calls::Columns;
use wire::net::Secret;

use super::logs::{self, Log, Wrong};
use super::{full, hooks};
use crate::access::Access;
use crate::app::App;
use crate::board::Asker;
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::firm::store as firms;
use crate::ids::{MailboxId, NaturalKey};
use crate::notes::call::once;
use crate::record::audit;
use crate::report::words::{counted, grouped};
use crate::settings::pages::{Said, Tab, frame, lead, tabs};
use crate::text::line;
use crate::today::words::When;
use crate::web::forms::{Path, Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const HERE: &str = "/settings/telephone";
/// The columns that can be named, with what they are called on the page and an example.
const COLUMNS: [(&str, &str, &str); 8] = [
    ("time", "When it began to ring", "Date+Time"),
    ("from", "Who rang", "Caller"),
    ("to", "Who was rung", "Called"),
    ("direction", "In or out", "Direction"),
    ("answered", "Whether somebody took it", "Status"),
    ("seconds", "How long they spoke", "Duration"),
    ("voicemail", "Whether it ended in voicemail", "Voicemail"),
    ("mailbox_full", "Whether that was full", "Mailbox full"),
];

/// The routes of this room's pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(HERE, get(show).post(make))
        .route("/settings/telephone/{id}/removing", post(remove))
        .route("/settings/telephone/logs", post(follow))
        .route("/settings/telephone/systems.csv", get(csv::systems))
        .route("/settings/telephone/logs.csv", get(csv::logs))
        .route("/settings/telephone/unread.csv", get(csv::unread))
        .route("/settings/telephone/logs/{id}/removing", post(leave))
        .route("/settings/telephone/columns", post(name_columns))
        .route("/voicemails/{id}/emptying", post(emptied))
}

#[derive(Template)]
#[template(path = "settings/telephone.html")]
struct TelephonePage {
    frame: Frame,
    tabs: Vec<Tab>,
    hooks: Vec<(i64, String, String)>,
    /// What tells one form for a system from another.
    once: String,
    /// Made this moment: what it is called by, and its secret.
    fresh: Option<(String, String)>,
    logs: Vec<Shown>,
    /// Some line of them could not be read.
    has_wrong: bool,
    /// Nothing in this process follows logs.
    works_elsewhere: bool,
    full: Vec<(i64, String, String)>,
    columns: Vec<Column>,
    /// The order of day, month and year: its word, its example, chosen.
    orders: Vec<(&'static str, &'static str, bool)>,
    has_columns: bool,
}

/// A column of ours, and what the firm's telephone system calls it.
struct Column {
    name: &'static str,
    words: &'static str,
    example: &'static str,
    theirs: String,
}

/// A log that is followed.
struct Shown {
    id: i64,
    path: String,
    words: String,
    is_trouble: bool,
    wrong_count: String,
    wrong: Vec<(u64, String, String)>,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    Ok(telephone(&app, &visitor, &said, None).await?)
}

async fn telephone(
    app: &App,
    visitor: &Visitor,
    said: &Said,
    fresh: Option<(String, String)>,
) -> Result<Response> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let hooks = hooks::all(&mut tx, asker.firm).await?;
    let all = logs::all(&mut tx, asker.firm).await?;
    let wrong = logs::wrong(&mut tx, asker.firm).await?;
    let full = full::all(&mut tx, asker.firm).await?;
    let columns = firms::call_columns(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let when = |at: Timestamp| When::new(at, now, &asker.zone).words;
    let heard = |hook: &hooks::Hook| match hook.heard_at {
        Some(at) => format!("told of a call {}", when(at.into())),
        None => "has told of none yet".to_owned(),
    };
    let column = |(name, words, example)| Column { name, words, example, theirs: columns.theirs(name) };
    let order = |(name, example)| (name, example, columns.theirs("dates") == name);
    page(&TelephonePage {
        frame: frame(visitor, said),
        tabs: tabs(visitor, HERE),
        hooks: hooks.iter().map(|hook| (hook.hook_id, hook.name.clone(), heard(hook))).collect(),
        once: once(now),
        fresh,
        has_wrong: !wrong.is_empty(),
        logs: all.iter().map(|log| shown(log, &wrong, asker, now)).collect(),
        works_elsewhere: !app.outside.allowed().is_ok_and(|allowed| allowed.works),
        full: full.into_iter().map(|one| (one.id, one.line, when(one.since))).collect(),
        columns: COLUMNS.into_iter().map(column).collect(),
        orders: [("ymd", "2026-06-17"), ("dmy", "17/06/2026"), ("mdy", "06/17/2026")].map(order).to_vec(),
        has_columns: columns != Columns::default(),
    })
}

fn shown(log: &Log, wrong: &[Wrong], asker: &Asker, now: Timestamp) -> Shown {
    let when = |at: Timestamp| When::new(at, now, &asker.zone).words;
    let read = match log.read {
        Some(at) => format!(
            "line {} read {}, {} in the record",
            grouped(log.place.line),
            when(at),
            counted(usize::try_from(log.calls).unwrap_or(usize::MAX), "call", "calls")
        ),
        None if log.looked.is_some() => "nothing stands in it yet".to_owned(),
        None => "not looked at yet".to_owned(),
    };
    let words = match &log.trouble {
        Some((trouble, _)) if log.looked.is_none() => trouble.clone(),
        Some((trouble, since)) => format!("{trouble}, since {}; {read}", when(*since)),
        None => read,
    };
    let wrong: Vec<(u64, String, String)> = wrong
        .iter()
        .filter(|wrong| wrong.log == log.id)
        .map(|wrong| (wrong.line, wrong.error.clone(), when(wrong.met)))
        .collect();
    Shown {
        id: log.id,
        path: log.path.clone(),
        words,
        is_trouble: log.trouble.is_some(),
        wrong_count: counted(wrong.len(), "line", "lines"),
        wrong,
    }
}

#[derive(Debug, Deserialize)]
struct MakeForm {
    name: String,
    #[serde(default)]
    once: String,
}

/// Makes a secret for a telephone system; it is shown once and never again.
async fn make(
    State(app): State<App>,
    Posted { visitor, form }: Posted<MakeForm>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let name = line("the name", &form.name, 100)?;
    if name.is_empty() {
        return Err(Error::invalid("the name", "is missing").into());
    }
    let secret = visitor.secret_of_form(&form.once, &[&form.name])?.text();
    let mut tx = app.db.write(Durability::Act).await?;
    let id = (NaturalKey::of(format!("call hook {secret}").as_bytes()).0 >> 1).cast_signed();
    let sealed = app.outside.keys()?.seal(asker.firm, MailboxId(id), &Secret::new(secret.as_str()))?;
    if hooks::add(&mut tx, asker.firm, id, &name, &sealed.0, asker.staff, app.now()).await? {
        audit::note(&mut tx, asker.firm, asker.staff, "made_call_hook", &name, app.now()).await?;
    }
    tx.commit().await?;
    let fresh = Some((format!("{}.{id}", asker.firm.0), secret));
    Ok(telephone(&app, &visitor, &Said::default(), fresh).await?)
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn remove(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.write(Durability::Act).await?;
    let name = hooks::remove(&mut tx, asker.firm, id).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "removed_call_hook", &name, app.now()).await?;
    tx.commit().await?;
    Ok(lead(HERE, "It tells of no call any more. What it told of stays."))
}

#[derive(Debug, Deserialize)]
struct FollowForm {
    path: String,
}

async fn follow(
    State(app): State<App>,
    Posted { visitor, form }: Posted<FollowForm>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    app.outside.may_follow(form.path.trim())?;
    let mut tx = app.db.write(Durability::Act).await?;
    logs::add(&mut tx, asker.firm, &form.path, asker.staff, app.now()).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "followed_call_log", form.path.trim(), app.now()).await?;
    tx.commit().await?;
    Ok(lead(HERE, "It is followed from its first line on."))
}

async fn leave(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.write(Durability::Act).await?;
    let path = logs::remove(&mut tx, asker.firm, id).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "left_call_log", &path, app.now()).await?;
    tx.commit().await?;
    Ok(lead(HERE, "It is not followed any more. What was read of it stays."))
}

/// Says what the firm's telephone system calls our columns.
async fn name_columns(
    State(app): State<App>,
    Posted { visitor, form }: Posted<BTreeMap<String, String>>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut text = String::new();
    for name in COLUMNS.iter().map(|(name, ..)| *name).chain(["dates"]) {
        let theirs = line(name, form.get(name).map_or("", String::as_str), 100)?;
        if !theirs.is_empty() {
            text.push_str(&format!("{name}={theirs}\n"));
        }
    }
    let columns: Columns = text.parse().map_err(|words: String| Error::invalid("the columns", words))?;
    let mut tx = app.db.write(Durability::Act).await?;
    firms::set_call_columns(&mut tx, asker.firm, &columns).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "named_call_columns", &columns.to_string(), app.now())
        .await?;
    tx.commit().await?;
    Ok(lead(HERE, "It is kept."))
}

/// A voicemail was emptied: said by whose it is, or by an owner of the firm.
async fn emptied(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_act()?;
    let mut tx = app.db.write(Durability::Act).await?;
    let all = full::all(&mut tx, asker.firm).await?;
    let is_owner = asker.access == Access::Owner;
    let may = |one: &&full::Full| one.id == id && (is_owner || one.staff == Some(asker.staff));
    let one = all.iter().find(may).ok_or(Error::NotFound)?;
    full::emptied(&mut tx, asker.firm, id).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "emptied_voicemail", &one.line, app.now()).await?;
    tx.commit().await?;
    Ok(lead("/today", "It takes messages again."))
}
