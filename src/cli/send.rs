//! `regard send`: an answer to what is owed, written on standard input.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result, bail};
use care::obligation::ObligationId;
use jiff::Timestamp;
use reading::check::Finding;
use serde::Serialize;
use tokio::sync::Mutex;
use wire::smtp::Attachment;

use super::open::{self, Place};
use super::{check, connect, options};
use crate::clock;
use crate::config::{Config, Flags};
use crate::db::{Db, Durability};
use crate::drafts::check::kind_name;
use crate::firm::Firm;
use crate::ids::StaffId;
use crate::intake::live::Live;
use crate::mailboxes::sync::Fetcher;
use crate::mailboxes::{Connection, store as mailboxes};
use crate::outbox::compose::{self, Leaving, Standing, Words, Writer};
use crate::outbox::send::Sender;
use crate::outbox::{Outgoing, UNDO, store};
use crate::record::owed;
use crate::staff;

/// Answers what is owed: reads the letter on standard input, says what to mend in it, and sends it from a connected
/// mailbox.
///
/// It leaves 15 seconds later, by `regard work`; until then `regard outbox cancel` takes it back.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard send e23e67b0dc50e009 < answer.txt\n  regard send e23e67b0dc50e009 --from amy@firm.example --attach lease.pdf --dry-run < answer.txt"
)]
pub(super) struct Args {
    /// The id that `regard today` shows
    #[arg(value_name = "OBLIGATION-ID", value_parser = super::decide::parse_id)]
    id: u64,
    /// The connected mailbox it is sent from; without it that of whoever owes it
    #[arg(long, value_name = "EMAIL")]
    from: Option<String>,
    /// About what; without it what it answers is about
    #[arg(long, value_name = "WORDS")]
    subject: Option<String>,
    /// A file that goes with it; may be given several times
    #[arg(long = "attach", value_name = "FILE")]
    attachments: Vec<PathBuf>,
    /// When it leaves (RFC 3339); it stays if the client writes first
    #[arg(long, value_name = "MOMENT", conflicts_with = "now")]
    at: Option<String>,
    /// Sends it at once, and waits until it has left
    #[arg(long)]
    now: bool,
    /// Prints the message and what to mend; sends and keeps nothing
    #[arg(long)]
    dry_run: bool,
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Told<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    state: &'static str,
    message_id: &'a str,
    from: &'a str,
    to: &'a [String],
    subject: &'a str,
    leaves_at: Timestamp,
    trouble: Option<&'a str>,
    findings: Vec<ToldFinding<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

#[derive(Serialize)]
struct ToldFinding<'a> {
    kind: &'static str,
    passage: &'a str,
    words: &'a str,
}

/// What is printed in the end.
struct Done {
    outgoing: Outgoing,
    findings: Vec<Finding>,
    text: String,
}

pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let text = check::draft("regard send ID < letter.txt")?;
    let attachments = args.attachments.iter().map(|path| attachment(path)).collect::<Result<_>>()?;
    let words = Words { text: text.clone(), subject: args.subject.clone(), attachments, ..Words::default() };
    let runtime = open::runtime()?;
    let done = runtime.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let (outgoing, findings) = compose(args, &config, &db, &firm, words).await?;
        let mut done = Done { outgoing, findings, text };
        if !args.dry_run {
            let mut tx = db.write(Durability::Act).await?;
            store::add(&mut tx, firm.id, &done.outgoing).await?;
            tx.commit().await?;
            if args.now {
                send(&config, &db, &firm, &mut done.outgoing).await?;
            }
        }
        db.close().await;
        anyhow::Ok(done)
    })?;
    tell(args, &done)
}

async fn compose(
    args: &Args,
    config: &Config,
    db: &Db,
    firm: &Firm,
    words: Words,
) -> Result<(Outgoing, Vec<Finding>)> {
    let now = clock::now();
    let leaves = match &args.at {
        Some(at) => options::moment("--at", at)?.max(now),
        None if args.now => now,
        None => now + UNDO,
    };
    let by = open::decider(db, firm.id, config).await?;
    let mut tx = db.write(Durability::Act).await?;
    let obligation = owed::one(&mut tx, firm.id, ObligationId(args.id))
        .await
        .with_context(|| format!("looking up the obligation {:016x}", args.id))?;
    let answered = compose::answered(&mut tx, firm.id, &obligation).await?;
    let people = staff::store::all(&mut tx, firm.id).await?;
    let connected = mailboxes::all(&mut tx, firm.id).await?;
    let mut own = Vec::new();
    for connection in &connected {
        let person = open::staff(&mut tx, firm.id, &connection.address).await.ok();
        own.push((connection, person));
    }
    let (connection, person) = sender(args, &own, obligation.owner, by)?;
    let name = people.iter().find(|p| Some(p.id) == person).map(|p| p.name.clone());
    let standing = Standing::of(&mut tx, firm.id, person).await?;
    let (calendar, files) = (firm.calendar()?, words.attachments.len());
    let findings = compose::findings(&calendar, &standing, Some(&answered), &words.text, files, now);
    let writer = Writer { connection, name, staff: person };
    let leaving = Leaving {
        at: leaves,
        owed: Some(obligation.id),
        client: Some(obligation.client),
        ..Leaving::default()
    };
    let (outgoing, _) = compose::letter(&tx, firm, &writer, Some(&answered), words, leaving, now)?;
    Ok((outgoing, findings))
}

/// The mailbox it is sent from: the one that is named, else that of whoever decides or owes it, else the only one.
fn sender<'a>(
    args: &Args,
    own: &[(&'a Connection, Option<StaffId>)],
    owner: Option<StaffId>,
    by: StaffId,
) -> Result<(&'a Connection, Option<StaffId>)> {
    if let Some(from) = &args.from {
        let found = own.iter().find(|(connection, _)| connection.address.eq_ignore_ascii_case(from.trim()));
        return found
            .copied()
            .with_context(|| format!("{from} is not connected; `regard connect add` connects it"));
    }
    let of = |staff: Option<StaffId>| own.iter().find(|(_, person)| staff.is_some() && *person == staff);
    match of(Some(by)).or_else(|| of(owner)) {
        Some(found) => Ok(*found),
        None if own.len() == 1 => Ok(own[0]),
        None if own.is_empty() => bail!("no mailbox is connected; `regard connect add` connects one"),
        None => bail!("say which mailbox it is sent from: --from EMAIL"),
    }
}

async fn send(config: &Config, db: &Db, firm: &Firm, outgoing: &mut Outgoing) -> Result<()> {
    let keys = connect::keys(config, false)?;
    let live = Mutex::new(Live::new(db, firm)?);
    let stop = AtomicBool::new(false);
    let fetcher = Fetcher::new(db, firm, &live, &keys, &stop, &clock::now);
    Sender { fetcher: &fetcher, holder: outgoing.id.0 }.send(outgoing.clone()).await?;
    *outgoing = store::one(&mut db.read().await?, firm.id, outgoing.id).await?;
    Ok(())
}

fn attachment(path: &Path) -> Result<Attachment> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let media = compose::media_of(&name);
    Ok(Attachment { name, media: media.to_owned(), bytes })
}

fn tell(args: &Args, done: &Done) -> Result<()> {
    let outgoing = &done.outgoing;
    let bytes = String::from_utf8_lossy(&outgoing.bytes);
    if args.json {
        let findings = done.findings.iter().map(|finding| ToldFinding {
            kind: kind_name(&finding.kind),
            passage: crate::text::scalars(&done.text, finding.start, finding.end),
            words: &finding.words,
        });
        options::print_json(&Told {
            id: (!args.dry_run).then(|| outgoing.id.0.to_string()),
            state: if args.dry_run { "draft" } else { outgoing.state.name() },
            message_id: &outgoing.message_id,
            from: &outgoing.sender,
            to: &outgoing.recipients,
            subject: &outgoing.subject,
            leaves_at: outgoing.next,
            trouble: outgoing.trouble.as_deref(),
            findings: findings.collect(),
            message: args.dry_run.then(|| bytes.into_owned()),
        })?;
    } else {
        check::print_text(&done.text, &done.findings)?;
        let mut said = match args.dry_run {
            true => format!("\n{bytes}\nNothing was sent.\n"),
            false => super::outbox::words(outgoing, clock::now()),
        };
        if !args.dry_run && !args.now {
            said.push_str("It leaves by `regard work`, or `regard outbox send`.\n");
        }
        std::io::stdout().write_all(said.as_bytes()).context("writing to standard output")?;
    }
    use crate::outbox::State;
    match (args.now, outgoing.state) {
        (true, State::Sent) | (false, _) => Ok(()),
        (true, _) => bail!("it did not leave: {}", outgoing.trouble.as_deref().unwrap_or("nobody knows why")),
    }
}
