//! `regard sync`: fetch all connected mailboxes once, and look at calendars and address books elsewhere.

use std::io::Write;
use std::sync::atomic::Ordering;

use anyhow::{Context, Result, bail};
use serde::Serialize;
use tokio::sync::Mutex;
use wire::net::Limits;

use super::open::{self, Place};
use super::{connect, options, progress};
use crate::clock;
use crate::config::Flags;
use crate::intake::live::Live;
use crate::mailboxes::failure::Failure;
use crate::mailboxes::holder::Holder;
use crate::mailboxes::store;
use crate::mailboxes::sync::{Fetcher, Report};
use crate::report::words::{counted, grouped};
use crate::subscriptions::fetch::{self, Follower};
use crate::subscriptions::{self, Subscription};

/// Fetches what is new in all connected mailboxes and in the calendars and address books that are followed, once. Stopped
/// anywhere, it goes on there the next time.
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
    subscriptions: Vec<Followed>,
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

/// What a look at a calendar or an address book elsewhere brought.
#[derive(Serialize)]
struct Followed {
    name: String,
    kind: &'static str,
    changed: u64,
    gone: u64,
    meetings: u64,
    to_come: u64,
    absences: u64,
    holidays: u64,
    contacts_renewed: u64,
    contacts_proposed: u64,
    unreadable: usize,
    /// Another process looks at it at this moment.
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
        let mut followed = subscriptions::store::all(&mut db.read().await?, firm.id).await?;
        followed.retain(|one| args.mailboxes.is_empty() && !one.paused);
        if all.is_empty() && followed.is_empty() {
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
        let more = fetcher.pace.more_to_come();
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
        drop(more);
        if !stop.load(Ordering::Relaxed) {
            fetcher.settle().await?;
        }
        bar.done();
        let mut done = Vec::new();
        for one in followed.iter().filter(|_| !stop.load(Ordering::Relaxed)) {
            let follower = Follower {
                db: &db,
                firm: &firm,
                keys: &keys,
                limits: Limits::default(),
                now: &clock::now,
                holder: holder.number,
            };
            let looked = follower.look(one).await;
            fetcher.settle().await?;
            done.push(followed_one(one, looked));
        }
        db.close().await;
        anyhow::Ok(Done { mailboxes, subscriptions: done })
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

fn followed_one(one: &Subscription, looked: std::result::Result<fetch::Report, Failure>) -> Followed {
    let (report, error) = match looked {
        Ok(report) => (report, None),
        Err(failure) => (fetch::Report::default(), Some(failure.to_string())),
    };
    Followed {
        name: one.name.clone(),
        kind: one.kind.name(),
        changed: report.changed,
        gone: report.gone,
        meetings: report.taken.meetings,
        to_come: report.taken.to_come,
        absences: report.taken.absences,
        holidays: report.taken.holidays,
        contacts_renewed: report.sorted.renewed,
        contacts_proposed: report.sorted.proposed,
        unreadable: report.taken.wrong.len(),
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
        for one in &done.subscriptions {
            text.push_str(&words_of(one));
        }
        std::io::stdout().write_all(text.as_bytes()).context("writing to standard output")?;
    }
    let failed = done.mailboxes.iter().filter(|one| one.error.is_some()).count();
    let astray = done.subscriptions.iter().filter(|one| one.error.is_some()).count();
    match (failed, astray) {
        (0, 0) => Ok(()),
        (0, _) => bail!(
            "{} not read",
            counted(astray, "calendar or address book was", "calendars or address books were")
        ),
        _ => bail!("{} not fetched", counted(failed, "mailbox was", "mailboxes were")),
    }
}

fn words_of(one: &Followed) -> String {
    if let Some(error) = &one.error {
        return format!("{}: {error}\n", one.name);
    }
    if one.elsewhere {
        return format!(
            "{}: another process looks at it at this moment, so there is nothing to do here.\n",
            one.name
        );
    }
    let mut text = format!("{}: {} changed", one.name, grouped(one.changed));
    let also = [
        (one.gone, "gone"),
        (one.meetings, "meetings with clients are in the record now"),
        (one.to_come, "meetings are to come"),
        (one.absences, "absences"),
        (one.holidays, "days on which the firm is closed"),
        (one.contacts_renewed, "contacts have something new"),
        (one.contacts_proposed, "contacts are proposed under Clients"),
        (one.unreadable as u64, "could not be read"),
    ];
    for (n, what) in also.iter().filter(|(n, _)| 0 < *n) {
        text.push_str(&format!("; {} {what}", grouped(*n)));
    }
    text + ".\n"
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
