//! `regard refold`: what is owed, made anew from every entry.

use std::io::Write;

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::open::{self, Place};
use super::options;
use super::progress::Progress;
use crate::clock;
use crate::config::Flags;
use crate::db::Durability;
use crate::intake::settle::settle;
use crate::record::project::{self, Refolded};
use crate::report::words::counted;

/// Makes what is owed anew from every entry of the record, says in what it was another, and how long it took.
///
/// Nothing is lost by it: what is owed is no fact of the record but follows from it. Folding anew always gives what is
/// kept already, unless an earlier version kept it; `regard verify` looks for the same and changes nothing. Where an
/// import was stopped, or this version of the program is new to the record, who is who is found out first.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regard refold\n  regard refold --data /srv/regard --json")]
pub(super) struct Args {
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let begun = clock::now();
    let (done, parts) = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let progress = Progress::of_rows();
        let mut parts: Vec<(&'static str, Timestamp)> = Vec::new();
        if project::is_behind(&mut db.read().await?, firm.id).await? {
            progress.row("who is who", 0);
            parts.push(("who is who", clock::now()));
            settle(&db, firm.id, begun).await?;
        }
        let mut tx = db.write(Durability::Import).await?;
        let done = project::refold(&mut tx, firm.id, |part| {
            progress.row(part, 0);
            parts.push((part, clock::now()));
        })
        .await?;
        parts.push(("commit", clock::now()));
        tx.commit().await?;
        progress.done();
        db.close().await;
        anyhow::Ok((done, parts))
    })?;
    let ended = clock::now();
    let took = seconds(begun, ended);
    if args.json {
        let next = parts.iter().skip(1).map(|(_, at)| *at).chain([ended]);
        let parts: Map<String, Value> = parts
            .iter()
            .zip(next)
            .map(|((part, from), to)| ((*part).to_owned(), json!(seconds(*from, to))))
            .collect();
        return options::print_json(&json!({
            "entries": done.entries, "obligations": done.obligations,
            "missing": done.difference.missing.len(), "other": done.difference.other.len(),
            "stale": done.difference.stale.len(), "seconds": took, "parts": parts,
        }));
    }
    std::io::stdout().write_all(words(&done, took).as_bytes()).context("writing to standard output")
}

/// Whole milliseconds, as seconds.
fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_millis() as f64 / 1000.0
}

fn words(done: &Refolded, took: f64) -> String {
    let mut text = format!(
        "Folded {} anew in {took:.1} s: {}.\n",
        counted(done.entries, "entry", "entries"),
        counted(done.obligations, "obligation", "obligations")
    );
    if done.difference.is_none() {
        text.push_str("All were kept as they are.\n");
        return text;
    }
    let differences = [
        (done.difference.missing.len(), "was missing and is kept now", "were missing and are kept now"),
        (
            done.difference.other.len(),
            "was kept otherwise and is mended",
            "were kept otherwise and are mended",
        ),
        (
            done.difference.stale.len(),
            "followed from nothing and is gone",
            "followed from nothing and are gone",
        ),
    ];
    for (count, one, many) in differences.into_iter().filter(|(count, ..)| 0 < *count) {
        text.push_str(&format!("{}.\n", counted(count, one, many)));
    }
    text
}
