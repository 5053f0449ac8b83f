//! `regard import clients`, `contacts`, `staff`, `matters`, `calls`, `absences` and `departures`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Serialize;
use wire::calls::Columns;

use super::super::{open, options};
use super::Paths;
use crate::clock;
use crate::config::Config;
use crate::intake::enlist::cards::Sorted;
use crate::intake::enlist::{Enlisted, List, Rules, enlist};
use crate::intake::settle::settle;
use crate::report::words::{counted, name_nobody_known, passed_removed};
use crate::staff::SOMEBODY;

/// What `--json` prints.
#[derive(Serialize)]
struct Done {
    rows: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cards: Option<Cards>,
    wrong: Vec<Wrong>,
    unsure: Vec<Wrong>,
    /// Rows that list a contact whom somebody removed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    passed: Vec<Wrong>,
    obligations: usize,
}

/// What became of cards (vCard).
#[derive(Serialize)]
struct Cards {
    renewed: u64,
    known: u64,
    proposed: u64,
    others: u64,
}

/// A row that was left out, or that names somebody who is not known yet.
#[derive(Serialize)]
pub(super) struct Wrong {
    path: String,
    error: String,
}

pub(super) fn run(list: List, args: &Paths, columns: Option<&Columns>, config: &Config) -> Result<()> {
    let now = clock::now();
    let (enlisted, settled) = open::runtime()?.block_on(async {
        let (db, firm) = args.open(config).await?;
        let zone = args.zone_of(&firm)?;
        // It may be this very list that tells who they are.
        let by = open::decider(&db, firm.id, config).await.unwrap_or(SOMEBODY);
        let paths: Vec<String> = args.paths.iter().map(|path| path.display().to_string()).collect();
        let called = paths.join(", ");
        let rules = Rules { zone: &zone, skip_bad: args.skip_bad, columns, by, called: &called };
        let enlisted = enlist(&db, firm.id, list, &args.paths, rules, now).await?;
        let settled = settle(&db, firm.id, now).await?;
        db.close().await;
        anyhow::Ok((enlisted, settled))
    })?;
    tell(args, enlisted, settled.obligations)
}

fn tell(args: &Paths, enlisted: Enlisted, obligations: usize) -> Result<()> {
    let Enlisted { rows, wrong, unsure, passed, cards } = enlisted;
    let cards = (cards != Sorted::default()).then_some(Cards {
        renewed: cards.renewed,
        known: cards.known,
        proposed: cards.proposed,
        others: cards.others,
    });
    let (wrong, unsure, passed) = (self::wrong(wrong), self::wrong(unsure), self::wrong(passed));
    let done = Done { rows, cards, wrong, unsure, passed, obligations };
    if args.json {
        return options::print_json(&done);
    }
    let mut text = match &done.cards {
        Some(cards) => words(cards),
        None => format!("Imported {}.\n", counted(done.rows as usize, "row", "rows")),
    };
    text.push_str(&left_out(&done.wrong));
    text.push_str(&not_known(&done.unsure));
    text.push_str(&passed_over(&done.passed));
    std::io::stdout().write_all(text.as_bytes()).context("writing to standard output")
}

fn words(cards: &Cards) -> String {
    let mut text = format!(
        "{}: {} something new.\n",
        counted((cards.renewed + cards.known + cards.proposed + cards.others) as usize, "card", "cards"),
        counted(cards.renewed as usize, "contact has", "contacts have")
    );
    let also = [
        (
            cards.proposed,
            "waits for your word under Clients, Proposed contacts",
            "wait for your word under Clients, Proposed contacts",
        ),
        (cards.known, "says nothing new", "say nothing new"),
        (
            cards.others,
            "is of nobody at a client, and nothing of it is kept",
            "are of nobody at a client, and nothing of them is kept",
        ),
    ];
    for (count, one, many) in also.into_iter().filter(|(count, ..)| 0 < *count) {
        text.push_str(&format!("{}.\n", counted(count as usize, one, many)));
    }
    text
}

/// What was left out, for printing.
pub(super) fn wrong(all: Vec<(PathBuf, String)>) -> Vec<Wrong> {
    all.into_iter().map(|(path, error)| Wrong { path: path.display().to_string(), error }).collect()
}

/// What was left out, in words; nothing where nothing was.
pub(super) fn left_out(wrong: &[Wrong]) -> String {
    if wrong.is_empty() {
        return String::new();
    }
    format!("{} left out:\n{}", counted(wrong.len(), "row was", "rows were"), lines(wrong))
}

/// Whom a list names and nobody knows, in words; nothing where nobody is.
fn not_known(unsure: &[Wrong]) -> String {
    if unsure.is_empty() {
        return String::new();
    }
    format!("{}:\n{}", name_nobody_known(unsure.len()), lines(unsure))
}

/// What was passed over since its contact was removed, in words; nothing where nothing was.
fn passed_over(passed: &[Wrong]) -> String {
    if passed.is_empty() {
        return String::new();
    }
    format!("{}:\n{}", passed_removed(passed.len()), lines(passed))
}

fn lines(all: &[Wrong]) -> String {
    all.iter().map(|Wrong { path, error }| format!("  {path}: {error}\n")).collect()
}
