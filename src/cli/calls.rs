//! `regard calls`: the logs of telephone systems that are followed.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::Subcommand;
use serde::Serialize;

use super::import::open_or_make;
use super::open::{self, Place};
use super::options;
use crate::calls::logs::{self, Log};
use crate::clock;
use crate::config::Flags;
use crate::db::Durability;
use crate::record::audit;
use crate::staff::SOMEBODY;
use crate::text::counted;

/// Follows the logs that telephone systems write: `regard` and `regard work` read them as they grow.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard calls follow /var/log/asterisk/cdr-csv/Master.csv\n  regard calls list"
)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Begins to follow a log, from its first line: Asterisk's Master.csv or queue_log, FreeSWITCH's CSV, or a CSV
    #[command(after_help = "Example:\n  regard calls follow /var/log/asterisk/queue_log")]
    Follow(Named),
    /// Lists the logs that are followed, how far each is read, and what in it could not be
    #[command(after_help = "Example:\n  regard calls list --json")]
    List(ListArgs),
    /// Follows a log no more; what was read of it stays in the record
    #[command(after_help = "Example:\n  regard calls leave /var/log/asterisk/queue_log")]
    Leave(Named),
}

#[derive(Debug, clap::Args)]
struct Named {
    /// The log
    #[arg(value_name = "PATH")]
    path: PathBuf,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

/// What `list --json` prints of a log.
#[derive(Serialize)]
struct Listed {
    path: String,
    line: u64,
    calls: u64,
    read_at: Option<String>,
    trouble: Option<String>,
    unreadable: Vec<Unreadable>,
}

#[derive(Serialize)]
struct Unreadable {
    line: u64,
    error: String,
}

/// Runs the command.
pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    open::runtime()?.block_on(async {
        let now = clock::now();
        match &args.what {
            What::Follow(named) => {
                let path = whole(&named.path)?;
                if named.path.is_dir() {
                    bail!("{path} is a folder; name the log in it that the telephone system writes");
                }
                let (db, firm) = open_or_make(&config).await?;
                let mut tx = db.write(Durability::Act).await?;
                logs::add(&mut tx, firm.id, &path, SOMEBODY, now).await?;
                audit::note(&mut tx, firm.id, SOMEBODY, "followed_call_log", &path, now).await?;
                tx.commit().await?;
                db.close().await;
                println!("{path} is followed by `regard` and `regard work`, from its first line on.");
                if !named.path.exists() {
                    println!("It is not there yet: it is read as soon as it is.");
                }
                Ok(())
            }
            What::Leave(named) => {
                let path = whole(&named.path)?;
                let (db, firm) = open::existing(&config).await?;
                let mut tx = db.write(Durability::Act).await?;
                let all = logs::all(&mut tx, firm.id).await?;
                let Some(log) = all.iter().find(|log| log.path == path) else {
                    bail!("{path} is not followed; `regard calls list` says what is");
                };
                let left = logs::remove(&mut tx, firm.id, log.id).await?;
                audit::note(&mut tx, firm.id, SOMEBODY, "left_call_log", &left, now).await?;
                tx.commit().await?;
                db.close().await;
                println!("{path} is not followed any more; what was read of it stays.");
                Ok(())
            }
            What::List(list) => {
                let (db, firm) = open::existing(&config).await?;
                let mut tx = db.read().await?;
                let all = logs::all(&mut tx, firm.id).await?;
                let wrong = logs::wrong(&mut tx, firm.id).await?;
                tx.commit().await?;
                db.close().await;
                tell(list, all, &wrong)
            }
        }
    })
}

fn whole(path: &Path) -> Result<String> {
    let path = std::path::absolute(path).context("making out the path")?;
    path.into_os_string().into_string().map_err(|path| anyhow!("{} is no text", path.display()))
}

fn tell(args: &ListArgs, all: Vec<Log>, wrong: &[logs::Wrong]) -> Result<()> {
    let listed = |log: Log| Listed {
        line: log.place.line,
        calls: log.calls,
        read_at: log.read.map(|at| at.to_string()),
        trouble: log.trouble.map(|(words, _)| words),
        unreadable: wrong
            .iter()
            .filter(|wrong| wrong.log == log.id)
            .map(|wrong| Unreadable { line: wrong.line, error: wrong.error.clone() })
            .collect(),
        path: log.path,
    };
    let all: Vec<Listed> = all.into_iter().map(listed).collect();
    if args.json {
        return options::print_json(&serde_json::json!({ "logs": all }));
    }
    let mut text = String::new();
    for log in &all {
        let read = log.read_at.as_ref().map_or("not read yet".to_owned(), |at| format!("read {at}"));
        text.push_str(&format!(
            "{}: line {}, {read}, {}\n",
            log.path,
            log.line,
            counted(log.calls as usize, "call", "calls")
        ));
        if let Some(trouble) = &log.trouble {
            text.push_str(&format!("  {trouble}\n"));
        }
        for wrong in &log.unreadable {
            text.push_str(&format!("  line {}: {}\n", wrong.line, wrong.error));
        }
    }
    if all.is_empty() {
        text.push_str("No log is followed. `regard calls follow PATH` begins to.\n");
    }
    std::io::stdout().write_all(text.as_bytes()).context("writing to standard output")
}
