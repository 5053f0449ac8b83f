//! `regard decide`: what a person says about an obligation.

use std::collections::HashMap;
use std::io::Write;

use anyhow::{Context, Result, anyhow};
use care::entry::{Means, Verdict};
use care::obligation::{Obligation, ObligationId, state};
use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::open::{self, Place};
use super::options;
use crate::config::Flags;
use crate::db::{Durability, Tx};
use crate::firm::Firm;
use crate::ids::StaffId;
use crate::record::{audit, changes, owed};
use crate::report::words::{moment, one_line};
use crate::staff;
use crate::today::{decide, verdict};

/// Says what is true of an obligation that `regard today` lists. Every decision can be taken back.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard decide e23e67b0dc50e009 no-answer\n  regard decide 70072a8e948e122a moved --until 2025-09-05T12:00:00+01:00 --reason \"told them by phone\"\n  regard decide 2097117eb0d419e7 owner amy@firm.example"
)]
pub(super) struct Args {
    /// The id that `regard today` shows
    #[arg(value_name = "OBLIGATION-ID", value_parser = parse_id)]
    id: u64,
    #[command(subcommand)]
    what: What,
    /// Who decides
    #[arg(long, global = true, value_name = "EMAIL")]
    by: Option<String>,
    /// Why, in words
    #[arg(long, global = true, value_name = "WORDS", default_value = "")]
    reason: String,
    /// The moment of the decision (RFC 3339); without it now
    #[arg(long, global = true, value_name = "MOMENT")]
    now: Option<String>,
    /// Prints one JSON object instead of words
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The message needs no answer
    #[command(after_help = "Example:\n  regard decide e23e67b0dc50e009 no-answer")]
    NoAnswer,
    /// The passage is no promise
    #[command(after_help = "Example:\n  regard decide 70072a8e948e122a not-a-promise")]
    NotAPromise,
    /// It was done in a way that the record does not show
    #[command(after_help = "Example:\n  regard decide e23e67b0dc50e009 done --means phone")]
    Done {
        /// How
        #[arg(long, value_enum, default_value = "other")]
        means: By,
    },
    /// It is not needed
    #[command(after_help = "Example:\n  regard decide e23e67b0dc50e009 released --reason \"they found it\"")]
    Released,
    /// The client was told a new date; upkeep is planned to it
    #[command(
        after_help = "Example:\n  regard decide e23e67b0dc50e009 moved --until 2025-09-05T12:00:00+01:00"
    )]
    Moved {
        /// The new date (RFC 3339)
        #[arg(long, value_name = "MOMENT")]
        until: String,
    },
    /// Somebody else owes it
    #[command(after_help = "Example:\n  regard decide e23e67b0dc50e009 owner amy@firm.example")]
    Owner {
        /// Their mail address
        #[arg(value_name = "EMAIL")]
        staff: String,
    },
}

/// How something was done.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum By {
    Phone,
    Meeting,
    Message,
    Other,
}

impl From<By> for Means {
    fn from(by: By) -> Means {
        match by {
            By::Phone => Means::Phone,
            By::Meeting => Means::Meeting,
            By::Message => Means::Message,
            By::Other => Means::Other,
        }
    }
}

/// An id as `regard today` shows it.
pub(super) fn parse_id(text: &str) -> Result<u64, String> {
    let hex = (text.len() == 16).then(|| u64::from_str_radix(text, 16).ok()).flatten();
    hex.ok_or_else(|| "an id is 16 digits of 0 to 9 and a to f, as `regard today` shows it".to_owned())
}

/// What changed: what `--json` prints.
#[derive(Debug, Serialize)]
pub(super) struct Changed {
    decision: String,
    changes: Vec<Change>,
}

#[derive(Debug, Serialize)]
struct Change {
    id: String,
    kind: &'static str,
    before: Option<String>,
    after: Option<String>,
}

pub(super) fn decide(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags { by: args.by.clone(), ..Flags::default() })?;
    let now = options::now(args.now.as_deref())?;
    let changed = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let by = open::decider(&db, firm.id, &config).await?;
        let mut tx = changes::begin(&db, firm.id, Durability::Act).await?;
        let found = owed::one(&mut tx, firm.id, ObligationId(args.id)).await;
        let obligation = found.with_context(|| format!("looking up the obligation {:016x}", args.id))?;
        // The log has the words of the pages.
        let (word, what) = match &args.what {
            What::NoAnswer => ("not_needed", verdict::no_answer(&obligation)?),
            What::NotAPromise => ("not_a_promise", verdict::not_a_promise(&obligation)?),
            What::Done { means } => ("kept", verdict::done(&obligation, now, (*means).into())?),
            What::Released => ("not_needed", verdict::released(&obligation)?),
            What::Moved { until } => {
                ("moved", verdict::moved(&obligation, now, options::moment("--until", until)?)?)
            }
            What::Owner { staff } => {
                ("hand_over", verdict::owner(&obligation, open::staff(&mut tx, firm.id, staff).await?)?)
            }
        };
        audit::note(&mut tx, firm.id, by, "decided", &format!("{word} {:016x}", args.id), now).await?;
        let changed = enter(tx, &firm, what, by, &args.reason, now).await?;
        db.close().await;
        anyhow::Ok(changed)
    })?;
    tell(&changed, args.json)
}

/// Enters a decision, and says what it changed.
pub(super) async fn enter(
    mut tx: Tx,
    firm: &Firm,
    what: Verdict,
    by: StaffId,
    reason: &str,
    now: Timestamp,
) -> Result<Changed> {
    let zone =
        TimeZone::get(&firm.zone).map_err(|_| anyhow!("the firm's zone {} is not known", firm.zone))?;
    let entered = decide::enter(&mut tx, firm.id, what, by, reason, now).await?;
    let names = staff::store::all(&mut tx, firm.id).await?;
    let names = names.into_iter().map(|person| (person.id, person.name)).collect();
    tx.commit().await?;
    let told = Told { zone, names, now };
    let changes = told.changes(&entered.changed.before, &entered.changed.after);
    Ok(Changed { decision: format!("{:016x}", entered.decision.0), changes })
}

/// What is needed to say how an obligation stands.
struct Told {
    zone: TimeZone,
    names: HashMap<StaffId, String>,
    now: Timestamp,
}

impl Told {
    fn changes(&self, before: &[Obligation], after: &[Obligation]) -> Vec<Change> {
        let find = |all: &[Obligation], id| {
            all.binary_search_by_key(&id, |owed| owed.id).ok().map(|at| self.words(&all[at]))
        };
        let mut ids: Vec<(ObligationId, &'static str)> =
            before.iter().chain(after).map(|owed| (owed.id, owed.kind.name())).collect();
        ids.sort_unstable();
        ids.dedup();
        let change = |(id, kind): (ObligationId, &'static str)| {
            let (before, after) = (find(before, id), find(after, id));
            (before != after).then(|| Change { id: id.to_string(), kind, before, after })
        };
        ids.into_iter().filter_map(change).collect()
    }

    fn words(&self, owed: &Obligation) -> String {
        let state = state(owed, self.now.max(owed.opened_at)).map_or("open", |(state, _)| state.name());
        let due = owed.due_at.to_zoned(self.zone.clone());
        let due = moment(&due, &self.now.to_zoned(self.zone.clone()));
        let owner = owed.owner.and_then(|owner| self.names.get(&owner)).map_or("nobody", String::as_str);
        format!("{}, due {due}, owed by {owner}", state.replace('_', " "))
    }
}

/// Says what changed.
pub(super) fn tell(changed: &Changed, json: bool) -> Result<()> {
    if json {
        return options::print_json(changed);
    }
    let mut text = String::new();
    for change in &changed.changes {
        let (before, after) = (change.before.as_deref(), change.after.as_deref());
        let line = match (before, after) {
            (Some(before), Some(after)) => format!("{before} → {after}"),
            (None, Some(after)) => format!("new: {after}"),
            (Some(before), None) => format!("gone, was {before}"),
            (None, None) => continue,
        };
        text.push_str(&format!(
            "  {} {}  {}\n",
            change.kind.replace('_', " "),
            change.id,
            one_line(&line, 100)
        ));
    }
    if changed.changes.is_empty() {
        text.push_str("  Nothing changed by it.\n");
    }
    text.push_str(&format!("Decided. To take it back: regard take-back {}\n", changed.decision));
    std::io::stdout().write_all(text.as_bytes()).context("writing to standard output")
}
