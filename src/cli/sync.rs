//! `regard sync`: fetch all connected mailboxes once.

use std::io::Write;

use anyhow::{Context, Result, bail};
use serde::Serialize;
use tokio::sync::Mutex;

use super::open::{self, Place};
use super::{connect, options, progress};
use crate::clock;
use crate::config::Flags;
use crate::intake::live::Live;
use crate::mailboxes::holder::Holder;
use crate::mailboxes::store;
use crate::mailboxes::sync::{Fetcher, Report};
use crate::report::words::{counted, grouped};

/// Fetches what is new in all connected mailboxes, once. Stopped anywhere, it goes on there the next time.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regard sync\n  regard sync --mailbox amy@firm.example --json")]
pub(super) struct Args {
    /// Only this mailbox; may be given several times
    #[arg(long = "mailbox", value_name = "EMAIL")]
    mailboxes: Vec<String>,
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Done {
    mailboxes: Vec<One>,
}

#[derive(Serialize)]
struct One {
    address: String,
    added: u64,
    copies: u64,
    unreadable: u64,
    left_out: u64,
    folders: u64,
    in_junk: u64,
    stopped: bool,
    /// Another process fetches it at this moment.
    elsewhere: bool,
    error: Option<String>,
}

pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let runtime = open::runtime()?;
    let stop = open::stop_flag(&runtime)?;
    let done = runtime.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let mut all = store::all(&mut db.read().await?, firm.id).await?;
        if args.mailboxes.is_empty() {
            all.retain(|connection| !connection.paused);
        } else {
            for address in &args.mailboxes {
                if connect::named(&db, &firm, address).await?.paused {
                    bail!("{address} rests; Settings, My mailboxes lets it go on");
                }
            }
            all.retain(|c| {
                args.mailboxes.iter().any(|address| c.address.eq_ignore_ascii_case(address.trim()))
            });
        }
        if all.is_empty() {
            bail!("no mailbox is connected, or all of them rest. Connect one: regard connect add EMAIL --imap HOST");
        }
        let keys = connect::keys(&config, false)?;
        let holder = Holder::new(&db)?;
        let live = Mutex::new(Live::new(&db, &firm)?);
        let bar = progress::Progress::of_rows();
        let tell = |address: &str, done: u64, of: u64| bar.row(&format!("{address} of {of}"), done);
        let fetcher = Fetcher {
            progress: &tell,
            holder: Some(holder.number),
            ..Fetcher::new(&db, &firm, &live, &keys, &stop, &clock::now)
        };
        let mut mailboxes = Vec::new();
        for connection in &all {
            let (report, error) = match fetcher.fetch(connection).await {
                Ok(report) => (report, None),
                Err(failure) => (Report::default(), Some(failure.to_string())),
            };
            mailboxes.push(one(connection.address.clone(), report, error));
            if report.stopped {
                break;
            }
        }
        bar.done();
        db.close().await;
        anyhow::Ok(Done { mailboxes })
    })?;
    tell(&done, args.json)
}

fn one(address: String, report: Report, error: Option<String>) -> One {
    One {
        address,
        added: report.added,
        copies: report.copies,
        unreadable: report.unreadable,
        left_out: report.left_out,
        folders: report.folders,
        in_junk: report.in_junk,
        stopped: report.stopped,
        elsewhere: report.elsewhere,
        error,
    }
}

fn tell(done: &Done, json: bool) -> Result<()> {
    if json {
        options::print_json(done)?;
    } else {
        let mut text = String::new();
        for one in &done.mailboxes {
            text.push_str(&words(one));
        }
        std::io::stdout().write_all(text.as_bytes()).context("writing to standard output")?;
    }
    let failed = done.mailboxes.iter().filter(|one| one.error.is_some()).count();
    match failed {
        0 => Ok(()),
        _ => bail!("{} not fetched", counted(failed, "mailbox was", "mailboxes were")),
    }
}

fn words(one: &One) -> String {
    if let Some(error) = &one.error {
        return format!("{}: {error}\n", one.address);
    }
    if one.elsewhere {
        return format!(
            "{}: another process fetches it at this moment, so there is nothing to do here.\n",
            one.address
        );
    }
    let mut text = format!(
        "{}: {}, {} here already",
        one.address,
        counted(one.added as usize, "new message", "new messages"),
        counted(one.copies as usize, "copy was", "copies were"),
    );
    let also = [
        (one.unreadable, "could not be read; `regard doctor` lists them"),
        (one.left_out, "drafts and private letters are not kept"),
        (one.in_junk, "from clients lie among unwanted mail; `regard connect list` lists them"),
    ];
    for (n, what) in also.iter().filter(|(n, _)| 0 < *n) {
        text.push_str(&format!("; {} {what}", grouped(*n)));
    }
    if one.stopped {
        text.push_str("; stopped before the end, run it again to go on there");
    }
    text + ".\n"
}
