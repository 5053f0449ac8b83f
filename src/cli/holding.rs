//! `regard holding`: what the firm says by itself to clients whose message will have to wait.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use jiff::Timestamp;
use serde::Serialize;

use super::open::{self, Place};
use super::options;
use crate::clock;
use crate::config::{Config, Flags};
use crate::db::Durability;
use crate::holding::{Setting, store, words};
use crate::record::audit;

/// So many that were sent are listed.
const LISTED: u32 = 100;

/// The holding reply: its words, whether it is on, and what was sent by itself.
///
/// It is off until somebody writes its words and switches it on; Settings, Holding reply shows what a real client would
/// get.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard holding show\n  regard holding on --words holding.txt\n  regard holding off"
)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Says whether it is on, its words, and what was sent by itself
    #[command(after_help = "Example:\n  regard holding show --json")]
    Show {
        /// Prints one JSON object instead of words
        #[arg(long)]
        json: bool,
    },
    /// Switches it on
    #[command(after_help = "Example:\n  regard holding on --words holding.txt")]
    On {
        /// Its words, with fields such as {by when}; without it those that were kept
        #[arg(long, value_name = "FILE")]
        words: Option<PathBuf>,
    },
    /// Switches it off; its words stay
    #[command(after_help = "Example:\n  regard holding off")]
    Off,
}

#[derive(Serialize)]
struct Shown {
    on_since: Option<Timestamp>,
    words: String,
    sent: Vec<Sent>,
}

#[derive(Serialize)]
struct Sent {
    to: String,
    at: Timestamp,
    why: String,
    told_until: Option<Timestamp>,
    state: String,
}

pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let runtime = open::runtime()?;
    match &args.what {
        What::Show { json } => tell(runtime.block_on(shown(&config))?, *json),
        What::On { words } => {
            let words = words.as_ref().map(|path| {
                std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
            });
            runtime.block_on(set(&config, words.transpose()?, true))
        }
        What::Off => runtime.block_on(set(&config, None, false)),
    }
}

async fn shown(config: &Config) -> Result<Shown> {
    let (db, firm) = open::existing(config).await?;
    let mut tx = db.read().await?;
    let setting = store::setting(&mut tx, firm.id).await?;
    let sent = store::sent(&mut tx, firm.id, LISTED).await?;
    let one = |one: store::Sent| Sent {
        to: one.address,
        at: one.at,
        why: one.why,
        told_until: one.told_until,
        state: one.state,
    };
    let shown =
        Shown { on_since: setting.on_since, words: setting.words, sent: sent.into_iter().map(one).collect() };
    drop(tx);
    db.close().await;
    Ok(shown)
}

fn tell(shown: Shown, json: bool) -> Result<()> {
    if json {
        return options::print_json(&shown);
    }
    match shown.on_since {
        Some(since) => println!("On since {since}."),
        None => println!("Off."),
    }
    if !shown.words.is_empty() {
        println!("\n{}\n", shown.words);
    }
    for one in shown.sent {
        let until = one.told_until.map(|until| format!(", told: by {until}")).unwrap_or_default();
        println!("{}  {} ({}){until}, {}", one.at, one.to, one.why, one.state);
    }
    Ok(())
}

async fn set(config: &Config, given: Option<String>, on: bool) -> Result<()> {
    let (db, firm) = open::existing(config).await?;
    let by = open::decider(&db, firm.id, config).await?;
    let now = clock::now();
    let mut tx = db.write(Durability::Act).await?;
    let known = store::setting(&mut tx, firm.id).await?;
    let words = given.unwrap_or(known.words);
    if on && words.is_empty() {
        bail!("there are no words to send yet; give them: regard holding on --words FILE");
    }
    let words = if on { words::fit(&words)? } else { words };
    let setting = Setting { words, on_since: on.then(|| known.on_since.unwrap_or(now)) };
    store::set(&mut tx, firm.id, &setting, by, now).await?;
    let act = if on { "switched_on_holding_reply" } else { "switched_off_holding_reply" };
    audit::note(&mut tx, firm.id, by, act, &setting.words, now).await?;
    tx.commit().await?;
    db.close().await;
    println!("{}", if on { "On." } else { "Off. Nothing is sent by itself." });
    Ok(())
}
