//! Who saw, changed and exported what, for owners.

mod names;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use self::names::{Names, Word, batch, matter, words};
use super::agents::browser;
use super::{Said, Tab, colleagues, frame, tabs};
use crate::app::{App, seen};
use crate::board::Asker;
use crate::error::Result;
use crate::ids::{ClientId, StaffId};
use crate::record::audit::{self, Noted};
use crate::report::findings::Moment;
use crate::report::words::counted;
use crate::today::together::Batch;
use crate::today::words::When;
use crate::web::csv::export;
use crate::web::forms::Query;
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

/// So many lines are on one page.
const A_PAGE: i64 = 100;
/// A file holds at most so many.
const A_FILE: i64 = 1_000_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    person: String,
    act: String,
    before: String,
}

impl Asked {
    fn of_log(&self, most: i64) -> audit::Asked {
        audit::Asked {
            before: self.before.parse().unwrap_or(i64::MAX),
            by: self.person.parse().ok().map(StaffId),
            act: self.act.clone(),
            most,
        }
    }
}

#[derive(Template)]
#[template(path = "settings/log.html")]
struct LogPage {
    frame: Frame,
    tabs: Vec<Tab>,
    /// When, who did what, with what, and what that says for itself where it was put into words.
    lines: Vec<(When, String, String, String, String)>,
    people: Vec<(i64, String)>,
    person: i64,
    act: String,
    /// What can be asked for alone: the word of the address, and as it is read.
    acts: Vec<(&'static str, String)>,
    more: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    // What was looked at a moment ago stands in the log as well.
    seen::write(&app).await?;
    let mut tx = app.db.read().await?;
    let found = audit::list(&mut tx, asker.firm, &asked.of_log(A_PAGE)).await?;
    let names = Names::load(&mut tx, asker, &found, app.now()).await?;
    tx.commit().await?;
    let more = found.last().filter(|_| found.len() as i64 == A_PAGE).map(|last| last.audit_id.to_string());
    let line = |noted: &Noted| {
        let when = When::new(noted.at.into(), app.now(), &asker.zone);
        let (what, raw) = match noted.act.as_str() {
            "signed_in" => (browser(&noted.detail), noted.detail.clone()),
            _ => (what(asker, noted, Some(&names)), String::new()),
        };
        (when, who(asker, noted), noted.act.replace('_', " "), what, raw)
    };
    Ok(page(&LogPage {
        lines: found.iter().map(line).collect(),
        frame: frame(&visitor, &Said::default()),
        tabs: tabs(&visitor, "/settings/log"),
        people: colleagues(asker),
        person: asked.person.parse().unwrap_or(0),
        act: asked.act,
        acts: audit::ACTS.iter().map(|act| (*act, act.replace('_', " "))).collect(),
        more: more.unwrap_or_default(),
    })?)
}

fn who(asker: &Asker, noted: &Noted) -> String {
    noted.staff_id.map_or("somebody", |staff| asker.name_of(StaffId(staff))).to_owned()
}

/// What was done something with, in words; a client that the reader may not see is not named. Without names for them, what
/// else has a number keeps it.
fn what(asker: &Asker, noted: &Noted, names: Option<&Names>) -> String {
    const NOT: &str = "(not for you to see)";
    let walled = asker.board.firm.clients.values().filter(|card| asker.is_walled(card.id));
    let walled: Vec<&str> = walled.map(|card| card.key.as_str()).collect();
    let is_seen = |key: &str| {
        let clients = &asker.board.firm.clients;
        clients.values().any(|card| card.key == key && asker.sees_client(card))
    };
    let named = |word: &str| match word.parse::<i64>() {
        _ if walled.contains(&word) => NOT.to_owned(),
        // Whom somebody placed was once told by name: they have none while nobody has confirmed them.
        _ if noted.act == "placed" && word.contains('.') && !is_seen(word) => NOT.to_owned(),
        // A telephone number begins otherwise.
        Ok(id) if 4096 < id && !word.starts_with('+') => match asker.client(ClientId(id)) {
            Ok(card) => format!("“{}”", card.name),
            Err(_) => NOT.to_owned(),
        },
        _ => word.to_owned(),
    };
    let shown = |word: &str, before: &str| {
        match (names.and_then(|names| names.of(before, word)), before, word.strip_suffix(':')) {
            (Some(said), ..) => said.unwrap_or(NOT).to_owned(),
            _ if matter(before, word).is_some_and(|id| asker.is_walled_off(id)) => NOT.to_owned(),
            // That is the number of a matter, or of a letter, a call or a note.
            _ if before == "entry" || matter(before, word).is_some() => word.to_owned(),
            (_, _, Some(bare)) => format!("{}:", named(bare)),
            (_, _, None) => named(word),
        }
    };
    let is_of_client = noted.detail.starts_with("client ");
    let mut said = String::new();
    let detail = match noted.act.as_str() {
        "decided" | "corrected" if names.is_some() => noted.detail.replace('_', " "),
        _ => noted.detail.clone(),
    };
    for Word { before, word, after } in words(&noted.act, &detail) {
        let word = match (names.and_then(|_| batch(word)), noted.act.as_str()) {
            (Some(batch), "undid" | "refused") => letting_go(batch),
            // How many these were stands before it.
            (Some(_), _) => continue,
            // To whom it went stands before it.
            _ if names.is_some() && is_of_client && word.starts_with('<') => continue,
            // Who wrote to whom says by itself that it is a letter.
            _ if names.is_some() && word == "entry" => continue,
            _ => shown(word, before),
        };
        said.push_str(&word);
        said.push_str(after);
    }
    said.trim_end_matches([' ', ',']).to_owned()
}

fn letting_go(batch: Batch) -> String {
    format!("{} let go together", counted(batch.count(), "thing", "things"))
}

/// The log as it is filtered, whole. What a program would look up by its number has it here, and no words.
pub(super) async fn csv(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let found = audit::list(&mut tx, asker.firm, &asked.of_log(A_FILE)).await?;
    tx.commit().await?;
    let row = |noted: &Noted| {
        let at = Moment::new(noted.at.into(), &asker.zone).to_string();
        vec![at, who(asker, noted), noted.act.clone(), what(asker, noted, None)]
    };
    let rows = found.iter().map(row).collect();
    Ok(export(&app, asker, "log.csv", &["at", "who", "act", "detail"], rows).await?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Every act that is noted somewhere in the program.
    fn noted(folder: &Path, acts: &mut BTreeSet<String>) {
        for file in std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
            if file.is_dir() {
                noted(&file, acts);
                continue;
            }
            let text = std::fs::read_to_string(&file).expect("a source file");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            let calls = ["audit::note(", "audit::note_count(", "seen.note(", "let act = "];
            for (call, many) in calls.into_iter().zip([false, false, false, true]) {
                let after = text.split(call).skip(1).filter_map(|rest| rest.split(';').next());
                let words =
                    after.flat_map(|call| call.split('"').skip(1).step_by(2).take(if many { 9 } else { 1 }));
                acts.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
            }
        }
    }

    #[test]
    fn all_that_is_noted_can_be_asked_for() {
        let mut acts = BTreeSet::new();
        noted(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut acts);
        let is_act = |word: &String| word.bytes().all(|b| b.is_ascii_lowercase() || b"_ ".contains(&b));
        let missing: Vec<_> =
            acts.iter().filter(|act| is_act(act) && !audit::ACTS.contains(&act.as_str())).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(40 < acts.len() && audit::ACTS.is_sorted(), "{acts:?}");
    }
}
