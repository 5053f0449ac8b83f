//! `regard outbox`: mail on its way out.

use std::io::Write;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::Mutex;

use super::connect;
use super::open::{self, Place};
use crate::clock;
use crate::config::{Config, Flags};
use crate::db::{Db, Durability};
use crate::drafts;
use crate::firm::Firm;
use crate::ids::OutgoingId;
use crate::intake::live::Live;
use crate::mailboxes::sync::Fetcher;
use crate::outbox::send::Sender;
use crate::outbox::{Outgoing, State, store};
use crate::record::audit;

/// So many messages are listed.
const LISTED: u32 = 50;

/// Lists mail on its way out, and takes back what has not left.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regard outbox list\n  regard outbox cancel 382696735278895115")]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Lists the newest messages, and where they stand
    #[command(after_help = "Example:\n  regard outbox list --json")]
    List {
        /// Prints one JSON object instead of words
        #[arg(long)]
        json: bool,
    },
    /// Takes a message back that has not left
    #[command(after_help = "Example:\n  regard outbox cancel 382696735278895115")]
    Cancel(One),
    /// Sends a message again that was refused, or may have left
    #[command(after_help = "Example:\n  regard outbox again 382696735278895115")]
    Again(One),
    /// Says that a message that may have left did leave
    #[command(after_help = "Example:\n  regard outbox left 382696735278895115")]
    Left(One),
    /// Sends what is due, once
    #[command(after_help = "Example:\n  regard outbox send")]
    Send,
}

#[derive(Debug, clap::Args)]
struct One {
    /// The id that `regard send` printed
    #[arg(value_name = "ID")]
    id: i64,
}

#[derive(Serialize)]
struct Listed {
    messages: Vec<Message>,
}

#[derive(Serialize)]
struct Message {
    #[serde(with = "crate::ids::text")]
    id: i64,
    state: &'static str,
    message_id: String,
    from: String,
    to: Vec<String>,
    subject: String,
    written_at: Timestamp,
    next_at: Timestamp,
    sent_at: Option<Timestamp>,
    tries: u32,
    trouble: Option<String>,
    recorded: bool,
    copied: bool,
}

pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let said = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let said = match &args.what {
            What::List { json } => list(&db, &firm, *json).await?,
            What::Cancel(one) => change(&db, &firm, &config, one, Change::Cancel).await?,
            What::Again(one) => change(&db, &firm, &config, one, Change::Again).await?,
            What::Left(one) => change(&db, &firm, &config, one, Change::Left).await?,
            What::Send => send(&db, &firm, &config).await?,
        };
        db.close().await;
        anyhow::Ok(said)
    })?;
    std::io::stdout().write_all(said.as_bytes()).context("writing to standard output")
}

async fn list(db: &Db, firm: &Firm, json: bool) -> Result<String> {
    let all = store::all(&mut db.read().await?, firm.id, LISTED).await?;
    if json {
        let messages = all.into_iter().map(message).collect();
        return Ok(serde_json::to_string_pretty(&Listed { messages })? + "\n");
    }
    if all.is_empty() {
        return Ok("Nothing is on its way out.\n".to_owned());
    }
    let now = clock::now();
    Ok(all.iter().map(|outgoing| words(outgoing, now)).collect())
}

fn message(outgoing: Outgoing) -> Message {
    Message {
        id: outgoing.id.0,
        state: outgoing.state.name(),
        message_id: outgoing.message_id,
        from: outgoing.sender,
        to: outgoing.recipients,
        subject: outgoing.subject,
        written_at: outgoing.made,
        next_at: outgoing.next,
        sent_at: outgoing.sent,
        tries: outgoing.tries,
        trouble: outgoing.trouble,
        recorded: outgoing.recorded,
        copied: outgoing.copied,
    }
}

/// Where a message stands, in a line or two.
pub(super) fn words(outgoing: &Outgoing, now: Timestamp) -> String {
    let stands = match outgoing.state {
        State::Waiting if now < outgoing.next => {
            format!("leaves at {}", outgoing.next)
        }
        State::Waiting => "leaves next".to_owned(),
        State::Sending => "is being sent".to_owned(),
        State::Sent => match outgoing.sent {
            Some(at) => format!("left at {at}"),
            None => "left".to_owned(),
        },
        State::Unsure => "may have left; say `regard outbox left` or `regard outbox again`".to_owned(),
        State::Returned => "left, and came back".to_owned(),
        State::Placed => "lies among the drafts of its mailbox".to_owned(),
        State::Failed => "was not taken".to_owned(),
        State::Held => "is held back; `regard outbox again` sends it".to_owned(),
        State::Cancelled => "was taken back".to_owned(),
    };
    let mut line =
        format!("{}  “{}” to {} {stands}\n", outgoing.id.0, outgoing.subject, outgoing.recipients.join(", "));
    if let Some(trouble) = &outgoing.trouble {
        line.push_str(&format!("    {trouble}\n"));
    }
    line
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Cancel,
    Again,
    Left,
}

async fn change(db: &Db, firm: &Firm, config: &Config, one: &One, change: Change) -> Result<String> {
    let by = open::decider(db, firm.id, config).await?;
    let now = clock::now();
    let mut tx = db.write(Durability::Act).await?;
    let found = store::one(&mut tx, firm.id, OutgoingId(one.id)).await;
    let mut outgoing = found.with_context(|| format!("looking up the message {}", one.id))?;
    let before = outgoing.state;
    let said = words(&outgoing, now);
    match (change, before) {
        (Change::Cancel, State::Waiting | State::Failed | State::Held) => outgoing.state = State::Cancelled,
        (Change::Cancel, _) => bail!("it cannot be taken back any more:\n{said}"),
        (Change::Again, State::Failed | State::Unsure | State::Cancelled | State::Held) => {
            outgoing.only_if_quiet = false;
            (outgoing.state, outgoing.next, outgoing.tries) = (State::Waiting, now, 0);
        }
        (Change::Again, _) => bail!("there is nothing to send again:\n{said}"),
        (Change::Left, State::Unsure) => {
            (outgoing.state, outgoing.sent, outgoing.next) = (State::Sent, Some(now), now);
        }
        (Change::Left, _) => bail!("nobody doubts where it is:\n{said}"),
    }
    outgoing.trouble = None;
    if outgoing.state == State::Cancelled {
        drafts::store::release(&mut tx, firm.id, outgoing.id).await?;
    }
    store::set(&mut tx, firm.id, &outgoing).await?;
    let act = match change {
        Change::Cancel => "took a message back",
        Change::Again => "sent a message again",
        Change::Left => "said that a message left",
    };
    audit::note(&mut tx, firm.id, by, act, &outgoing.for_the_log(), now).await?;
    tx.commit().await?;
    Ok(words(&outgoing, now))
}

async fn send(db: &Db, firm: &Firm, config: &Config) -> Result<String> {
    let keys = connect::keys(config, false)?;
    let live = Mutex::new(Live::new(db, firm)?);
    let stop = AtomicBool::new(false);
    let fetcher = Fetcher::new(db, firm, &live, &keys, &stop, &clock::now);
    let holder = db.write(Durability::Import).await?.new_id();
    Sender { fetcher: &fetcher, holder }.round().await?;
    list(db, firm, false).await
}
