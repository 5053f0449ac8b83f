//! `regard take-back`: takes back by its id whatever the pages undo, and lists what can be taken back.

use std::io::Write;

use anyhow::{Context, Result, bail};
use care::entry::{Entry, Verdict};
use care::record::taking_back;
use jiff::Timestamp;
use serde::Serialize;

use super::decide::{enter, parse_id, tell};
use super::open::{self, Place};
use super::options;
use crate::clients::changed::{self, Undone, What as Changed};
use crate::clients::details::{Details, touched};
use crate::config::{Config, Flags};
use crate::db::{Db, Durability};
use crate::firm::Firm;
use crate::ids::NaturalKey;
use crate::record::{audit, changes, done, read};
use crate::staff;
use crate::today::together::{self, Batch};

/// So many decisions, notes and changes of names are listed at most, the newest of each.
const LISTED: u32 = 20;
/// What stands before the id of a letter, where a page takes one back.
const LETTER: &str = "letter-";

/// Takes back what somebody did: a decision, several that were entered together, a note, or a change of a client or
/// a contact. What was owed before it is owed again. A letter is taken back with `regard outbox cancel`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard take-back --list\n  regard take-back 5f0c3b1d9a7e2468\n  regard take-back change-382696735278895115"
)]
pub(super) struct Args {
    /// The id that `regard decide` printed, or that --list shows
    #[arg(value_name = "ID", value_parser = parse, required_unless_present = "list")]
    what: Option<What>,
    /// Lists what was done last and can be taken back
    #[arg(long, conflicts_with = "what")]
    list: bool,
    /// Who takes it back
    #[arg(long, value_name = "EMAIL")]
    by: Option<String>,
    /// Why, in words
    #[arg(long, value_name = "WORDS", default_value = "")]
    reason: String,
    /// The moment of taking it back (RFC 3339); without it now
    #[arg(long, value_name = "MOMENT")]
    now: Option<String>,
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy)]
enum What {
    /// A decision or a note.
    Entry(NaturalKey),
    /// Decisions that were entered together.
    Together(Batch),
    /// A change of a client or a contact.
    Details(i64),
}

fn parse(text: &str) -> Result<What, String> {
    if let Some(id) = text.strip_prefix(LETTER) {
        return Err(format!("a letter is taken back with `regard outbox cancel {id}`"));
    }
    if let Some(change) = text.strip_prefix(changed::KEY) {
        let id = change.parse().map_err(|_| format!("behind {} stands a number", changed::KEY))?;
        return Ok(What::Details(id));
    }
    match Batch::named(text) {
        Some(batch) => Ok(What::Together(batch)),
        None => parse_id(text).map(|id| What::Entry(NaturalKey(id))),
    }
}

pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags { by: args.by.clone(), ..Flags::default() })?;
    let now = options::now(args.now.as_deref())?;
    open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        match args.what {
            None => list(&db, &firm, args.json).await?,
            Some(What::Entry(key)) => entry(&db, &firm, &config, key, args, now).await?,
            Some(What::Together(batch)) => batched(&db, &firm, &config, batch, args, now).await?,
            Some(What::Details(id)) => change(&db, &firm, &config, id, args.json, now).await?,
        }
        db.close().await;
        Ok(())
    })
}

async fn entry(
    db: &Db,
    firm: &Firm,
    config: &Config,
    key: NaturalKey,
    args: &Args,
    now: Timestamp,
) -> Result<()> {
    let by = open::decider(db, firm.id, config).await?;
    let mut tx = changes::begin(db, firm.id, Durability::Act).await?;
    let found = read::entries(&mut tx, firm.id, &[key]).await?;
    if !matches!(found.as_slice(), [Entry::Decision(_) | Entry::Note(_)]) {
        bail!("there is no decision and no note {:016x}; `regard take-back --list` lists the last", key.0);
    }
    let against = read::decisions_about(&mut tx, firm.id, &[key]).await?;
    if taking_back(key, &against).next().is_some() {
        bail!("{:016x} was taken back already", key.0);
    }
    audit::note(&mut tx, firm.id, by, "undid", &format!("{:016x}", key.0), now).await?;
    let changed = enter(tx, firm, Verdict::TakenBack { decision: key }, by, &args.reason, now).await?;
    tell(&changed, args.json)
}

async fn batched(
    db: &Db,
    firm: &Firm,
    config: &Config,
    batch: Batch,
    args: &Args,
    now: Timestamp,
) -> Result<()> {
    let by = open::decider(db, firm.id, config).await?;
    let mut tx = changes::begin(db, firm.id, Durability::Act).await?;
    let found = together::take_back(&mut tx, firm.id, batch, by, &args.reason, now).await;
    let many = found.with_context(|| format!("there are no decisions {}", batch.name()))?;
    if many == 0 {
        bail!("{} were taken back already", batch.name());
    }
    audit::note(&mut tx, firm.id, by, "undid", &batch.name(), now).await?;
    tx.commit().await?;
    let words = match many {
        1 => "It stands again as it did before.".to_owned(),
        _ => format!("All {many} stand again as they did before."),
    };
    say(&batch.name(), &words, args.json)
}

async fn change(db: &Db, firm: &Firm, config: &Config, id: i64, json: bool, now: Timestamp) -> Result<()> {
    let by = open::decider(db, firm.id, config).await?;
    let mut tx = changes::begin(db, firm.id, Durability::Act).await?;
    let found = changed::one(&mut tx, firm.id, id).await;
    let found = found.with_context(|| format!("there is no change {id} of a client or a contact"))?;
    match changed::undo(&mut tx, firm.id, &found, now).await? {
        Undone::Yes => {}
        Undone::Already => bail!("{} was taken back already", found.key()),
        Undone::ChangedSince => {
            bail!("it was changed again since; take that back first (`regard take-back --list`)")
        }
        Undone::GivenAway => {
            bail!("an address that they had is somebody else's by now; take that back first")
        }
    }
    // The log names nobody: it outlives a client who is erased.
    let detail = format!("client {}: {}", found.client.0, found.key());
    audit::note(&mut tx, firm.id, by, "undid", &detail, now).await?;
    tx.commit().await?;
    say(&found.key(), &found.what.is_back(), json)
}

/// What `--json` prints of what was taken back that is no decision of its own.
#[derive(Serialize)]
struct TakenBack<'a> {
    taken_back: &'a str,
    words: &'a str,
}

fn say(taken_back: &str, words: &str, json: bool) -> Result<()> {
    if json {
        return options::print_json(&TakenBack { taken_back, words });
    }
    writeln!(std::io::stdout(), "{words}").context("writing to standard output")
}

/// What `--list --json` prints of each.
#[derive(Serialize)]
struct One {
    id: String,
    what: String,
    by: String,
    at: Timestamp,
}

async fn list(db: &Db, firm: &Firm, json: bool) -> Result<()> {
    let mut tx = db.read().await?;
    let people = staff::store::all(&mut tx, firm.id).await?;
    let name = |by| people.iter().find(|person| Some(person.id) == by).map(|person| person.name.clone());
    let mut all: Vec<One> = Vec::new();
    for act in done::last(&mut tx, firm.id, LISTED).await? {
        let by = name(act.by).unwrap_or_default();
        all.push(One { id: format!("{:016x}", act.key.0), what: act.what, by, at: act.at });
    }
    for change in changed::last(&mut tx, firm.id, LISTED).await? {
        let what = match &change.what {
            Changed::Client { old, new } => {
                let told = touched(old, new).into_iter().map(|what| format!(", {}", what.name()));
                format!("called {}, tier {}{}", new.name, tier(new), told.collect::<String>())
            }
            Changed::Contact { old: None, new, .. } => format!("contact {}, new", new.name),
            Changed::Contact { new, .. } => format!("contact {}", new.name),
            Changed::Removed { was, .. } => format!("contact {}, removed", was.name),
        };
        let by = name(Some(change.by)).unwrap_or_default();
        all.push(One { id: change.key(), what, by, at: change.at });
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.at));
    if json {
        return options::print_json(&serde_json::json!({ "done": all }));
    }
    let mut text = String::new();
    for One { id, what, by, at } in &all {
        let by = if by.is_empty() { "somebody" } else { by };
        text.push_str(&format!("{id}  {at} {by}: {what}\n"));
    }
    if all.is_empty() {
        text.push_str("Nothing was done that could be taken back.\n");
    }
    std::io::stdout().write_all(text.as_bytes()).context("writing to standard output")
}

fn tier(of: &Details) -> &str {
    of.tier.as_deref().unwrap_or("none")
}
