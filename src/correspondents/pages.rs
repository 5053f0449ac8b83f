//! The page of those who wait to be placed.

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use care::people::Who;
use serde::Deserialize;

use super::waiting::Waiting;
use super::{KINDS, erased_by, kind_named, mine, people, place, take_back, waiting};
use crate::app::App;
use crate::error::Error;
use crate::intake::correspondents::Kind;
use crate::report::findings::Moment;
use crate::report::words::{counted, grouped};
use crate::today::words::When;
use crate::web::csv::export;
use crate::web::forms::{Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::said::Telling;
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

/// So many are on one page.
const A_PAGE: usize = 40;
/// So many of what one placed oneself can be taken back from the page.
const PLACED: usize = 30;

/// The routes of this room.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/correspondents", get(show).post(decide))
        .route("/correspondents.csv", get(csv))
        .route("/correspondents/undoing", post(undo))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    page: usize,
    #[serde(default)]
    said: String,
    /// What was just placed, divided by commas.
    #[serde(default)]
    undo: String,
}

#[derive(Template)]
#[template(path = "correspondents/show.html")]
struct CorrespondentsPage {
    frame: Frame,
    said: String,
    /// What the firm shares is theirs as well.
    shares: bool,
    undo: Vec<String>,
    lines: Vec<Line>,
    total: String,
    kinds: Vec<(usize, &'static str, &'static str)>,
    more: Option<usize>,
    before: Option<usize>,
    placed: Vec<(String, &'static str)>,
}

/// What is asked before letters are erased.
#[derive(Template)]
#[template(path = "correspondents/private.html")]
struct PrivatePage {
    frame: Frame,
    names: Vec<String>,
    whom: String,
    letters: String,
    many: usize,
}

struct Line {
    name: String,
    people: String,
    wrote: String,
    last: When,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let mut tx = app.db.read().await?;
    let all = waiting(&mut tx, asker).await?;
    let first = asked.page.min(100_000) * A_PAGE;
    let shown: Vec<_> = all.iter().skip(first).take(A_PAGE).cloned().collect();
    let names = people(&mut tx, asker, &shown).await?;
    let placed = mine(&mut tx, asker).await?;
    tx.commit().await?;
    let lines = shown.iter().map(|one| {
        let people: Vec<&str> = one
            .addresses
            .iter()
            .take(3)
            .filter_map(|(address, _)| names.get(address).map(String::as_str))
            .filter(|name| *name != one.name)
            .collect();
        Line {
            name: one.name.clone(),
            people: people.join(", "),
            wrote: wrote(one.wrote, one.received),
            last: When::new(one.last, now, &asker.zone),
        }
    });
    Ok(page(&CorrespondentsPage {
        lines: lines.collect(),
        frame: Frame::new(&visitor, "correspondents"),
        said: asked.said.chars().take(300).collect(),
        shares: asker.reader().shares,
        undo: asked.undo.split(',').filter(|name| !name.is_empty()).take(A_PAGE).map(str::to_owned).collect(),
        total: match all.len() {
            0 => String::new(),
            n => counted(n, "correspondent waits", "correspondents wait"),
        },
        kinds: KINDS.iter().enumerate().map(|(n, (_, value, words))| (n + 1, *value, *words)).collect(),
        more: (first + A_PAGE < all.len()).then_some(asked.page + 1),
        before: asked.page.checked_sub(1),
        placed: placed.into_iter().take(PLACED).map(|one| (one.text, called(one.who))).collect(),
    })?)
}

/// Everybody who waits to be placed, as a file.
async fn csv(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let mut tx = app.db.read().await?;
    let all = waiting(&mut tx, asker).await?;
    let names = people(&mut tx, asker, &all).await?;
    tx.commit().await?;
    let row = |one: &Waiting| {
        let people = one.addresses.iter().take(3).filter_map(|(address, _)| names.get(address).cloned());
        vec![
            one.name.clone(),
            people.collect::<Vec<_>>().join("; "),
            one.wrote.to_string(),
            one.received.to_string(),
            Moment::new(one.last, &asker.zone).to_string(),
        ]
    };
    let head = ["correspondent", "people", "wrote", "received", "last"];
    Ok(export(&app, asker, "correspondents.csv", &head, all.iter().map(row).collect()).await?)
}

/// How many letters went either way.
fn wrote(wrote: u32, received: u32) -> String {
    match wrote {
        0 => format!("wrote nothing, got {}", counted(received as usize, "message", "messages")),
        n => {
            format!("wrote {}, got {}", counted(n as usize, "message", "messages"), grouped(received.into()))
        }
    }
}

fn called(who: Who) -> &'static str {
    match who {
        Who::Client { .. } => "client or prospect",
        Who::Partner(_) => "partner",
        Who::ThirdParty => "third party",
        Who::Private => "private",
        Who::Robot => "robot",
        Who::Staff(_) => "of the firm",
        Who::Unplaced => "",
    }
}

/// The ticks of the form are fields of their own, each named by whom it stands for.
fn ticked(form: &BTreeMap<String, String>) -> Vec<String> {
    form.keys().filter_map(|name| name.strip_prefix("w:")).map(str::to_owned).collect()
}

async fn decide(
    State(app): State<App>,
    Posted { visitor, form }: Posted<BTreeMap<String, String>>,
) -> Result<Response, Trouble> {
    let names = ticked(&form);
    let kind = form.get("kind").and_then(|name| kind_named(name));
    let kind = kind.ok_or_else(|| Error::invalid("the kind", "is none that can be said here"))?;
    // What cannot be undone is asked first.
    if kind == Kind::Private && !form.contains_key("sure") {
        let erased = erased_by(&app, &visitor.asker, &names).await?;
        return Ok(page(&PrivatePage {
            frame: Frame::new(&visitor, "correspondents"),
            letters: counted(erased, "letter", "letters"),
            many: erased,
            whom: counted(names.len(), "correspondent", "correspondents"),
            names,
        })?);
    }
    let done = place(&app, &visitor.asker, &names, kind).await?;
    let who = match names.as_slice() {
        [one] if kind != Kind::Private => one.clone(),
        all => counted(all.len(), "correspondent", "correspondents"),
    };
    let mut said = format!("{who}: {}.", kind.word().replace('_', " "));
    if kind == Kind::Private {
        let words = counted(done.erased, "letter", "letters");
        said.push_str(&format!(" The words of {words} were erased for good."));
    }
    // The place can be taken back further down; a button up here would promise the words as well.
    let undo = if kind == Kind::Private { String::new() } else { names.join(",") };
    Ok(Telling { said, undo, ..Telling::default() }.lead("/correspondents"))
}

async fn undo(
    State(app): State<App>,
    Posted { visitor, form }: Posted<BTreeMap<String, String>>,
) -> Result<Response, Trouble> {
    take_back(&app, &visitor.asker, &ticked(&form)).await?;
    Ok(Telling::of("Taken back. Only you see them again.").lead("/correspondents"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_letters_went_either_way_reads_well() {
        assert_eq!(wrote(9, 4), "wrote 9 messages, got 4");
        assert_eq!(wrote(1, 0), "wrote 1 message, got 0");
        assert_eq!(wrote(0, 1), "wrote nothing, got 1 message");
    }
}
