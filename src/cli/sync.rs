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
use crate::db::Db;
use crate::firm::Firm;
use crate::intake::live::Live;
use crate::mailboxes::failure::Failure;
use crate::mailboxes::holder::Holder;
use crate::mailboxes::sync::{Fetcher, Report};
use crate::mailboxes::{Connection, store};
use crate::report::words::{counted, grouped};
use crate::subscriptions::fetch::{Follower, Report as Looked};
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
    let stop = open::stop_flag(&runtime, open::AFTER_THIS_BATCH)?;
    let done = runtime.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let (connections, followed) = chosen(&db, &firm, &args.mailboxes).await?;
        let keys = connect::keys(&config, false)?;
        // Known to run as long as this is.
        let holder = Holder::new(&db)?;
        let live = Mutex::new(Live::new(&db, &firm)?);
        let bar = progress::Progress::of_rows();
        let tell = |address: &str, done: u64, of: u64| bar.row(&format!("{address} of {of}"), done);
        let fetcher = Fetcher {
            progress: &tell,
            holder: Some(holder.number),
            ..Fetcher::new(&db, &firm, &live, &keys, &stop, &clock::now)
        };
        let mailboxes = fetch(&fetcher, &connections).await?;
        bar.done();
        let (limits, holder) = (Limits::default(), holder.number);
        let follower = Follower { db: &db, firm: &firm, keys: &keys, limits, now: &clock::now, holder };
        let subscriptions = follow(&fetcher, &follower, &followed).await?;
        db.close().await;
        anyhow::Ok(Done { mailboxes, subscriptions })
    })?;
    tell(&done, args.json)
}

/// The mailboxes that are meant, and, where nobody named one, what is followed; what rests is none of them.
async fn chosen(db: &Db, firm: &Firm, named: &[String]) -> Result<(Vec<Connection>, Vec<Subscription>)> {
    let mut connections = store::all(&mut db.read().await?, firm.id).await?;
    let mut followed = subscriptions::store::all(&mut db.read().await?, firm.id).await?;
    if named.is_empty() {
        connections.retain(|connection| !connection.paused);
        followed.retain(|one| !one.paused);
    } else {
        for address in named {
            if connect::named(db, firm, address).await?.paused {
                bail!("{address} rests; Settings, My mailboxes lets it go on");
            }
        }
        connections.retain(|c| named.iter().any(|address| c.address.eq_ignore_ascii_case(address.trim())));
        followed.clear();
    }
    if connections.is_empty() && followed.is_empty() {
        bail!(
            "no mailbox is connected, or all of them rest. Connect one: regard connect add EMAIL --imap HOST"
        );
    }
    Ok((connections, followed))
}

/// Fetches one mailbox after the other until somebody asks to stop, and settles what they brought.
async fn fetch(fetcher: &Fetcher<'_>, connections: &[Connection]) -> Result<Vec<One>> {
    let mut done = Vec::new();
    let more = fetcher.pace.more_to_come();
    for connection in connections {
        let (report, error) = match fetcher.fetch(connection).await {
            Ok(report) => (report, None),
            Err(failure) => (Report::default(), Some(failure.to_string())),
        };
        done.push(one(connection.address.clone(), report, error));
        if report.stopped {
            break;
        }
    }
    drop(more);
    if !fetcher.stop.load(Ordering::Relaxed) {
        fetcher.settle().await?;
    }
    Ok(done)
}

/// Looks at what is followed, one after the other, until somebody asks to stop.
async fn follow(
    fetcher: &Fetcher<'_>,
    follower: &Follower<'_>,
    followed: &[Subscription],
) -> Result<Vec<Followed>> {
    let mut done = Vec::new();
    for one in followed.iter().filter(|_| !fetcher.stop.load(Ordering::Relaxed)) {
        let looked = follower.look(one).await;
        fetcher.settle().await?;
        done.push(followed_one(one, looked));
    }
    Ok(done)
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

fn followed_one(one: &Subscription, looked: std::result::Result<Looked, Failure>) -> Followed {
    let (report, error) = match looked {
        Ok(report) => (report, None),
        Err(failure) => (Looked::default(), Some(failure.to_string())),
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
        (one.gone, "gone", "gone"),
        (
            one.meetings,
            "meeting with a client is in the record now",
            "meetings with clients are in the record now",
        ),
        (one.to_come, "meeting is to come", "meetings are to come"),
        (one.absences, "absence", "absences"),
        (one.holidays, "day on which the firm is closed", "days on which the firm is closed"),
        (one.contacts_renewed, "contact has something new", "contacts have something new"),
        (one.contacts_proposed, "contact is proposed under Clients", "contacts are proposed under Clients"),
        (one.unreadable as u64, "could not be read", "could not be read"),
    ];
    for (n, one, many) in also.into_iter().filter(|(n, ..)| 0 < *n) {
        text.push_str(&format!("; {}", counted(n as usize, one, many)));
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
        (
            one.unreadable,
            "could not be read; `regard doctor` lists it",
            "could not be read; `regard doctor` lists them",
        ),
        (one.left_out, "draft or private letter is not kept", "drafts and private letters are not kept"),
        (
            one.in_junk,
            "from a client lies among unwanted mail; `regard connect list` lists it",
            "from clients lie among unwanted mail; `regard connect list` lists them",
        ),
    ];
    for (n, one, many) in also.into_iter().filter(|(n, ..)| 0 < *n) {
        text.push_str(&format!("; {}", counted(n as usize, one, many)));
    }
    if one.stopped {
        text.push_str("; stopped before the end, run it again to go on there");
    }
    text + ".\n"
}
