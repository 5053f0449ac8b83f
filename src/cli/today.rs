//! `regard today`: what is owed, from the record.

use std::io::Write;

use anyhow::{Context, Result, anyhow};
use care::obligation::Kind;
use jiff::tz::TimeZone;

use super::open::{self, Place};
use super::options;
use crate::config::Flags;
use crate::record::{owed, project};
use crate::report::findings::Moment;
use crate::report::owed::owed as shown_as;
use crate::report::stored::Shown;
use crate::report::today::{self, Today};

/// Says what is owed: late, today and coming, each with its passage, since when, and by whom.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard today\n  regard today --staff amy@firm.example --kind promise\n  regard today --data /srv/regard --json"
)]
pub(super) struct Args {
    /// Only what this person owes
    #[arg(long, value_name = "EMAIL")]
    staff: Option<String>,
    /// Only this kind: answer, callback, promise, check_in, question, cover, second_tie …
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    kind: Option<Kind>,
    /// The moment at which the question is asked (RFC 3339); without it now
    #[arg(long, value_name = "MOMENT")]
    now: Option<String>,
    /// Prints one JSON object, with what has ended as well
    #[arg(long)]
    json: bool,
}

fn parse_kind(text: &str) -> Result<Kind, String> {
    Kind::named(&text.replace(['-', ' '], "_")).ok_or_else(|| {
        let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        format!("there is no such kind; say one of {}", names.join(", "))
    })
}

/// Runs the command.
pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let now = options::now(args.now.as_deref())?;
    let today = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let zone = TimeZone::get(&firm.zone).map_err(|_| anyhow!("the firm's zone {} is not known", firm.zone))?;
        let mut tx = db.read().await?;
        if project::is_behind(&mut tx, firm.id).await? {
            eprintln!("regard: an import was stopped; what it brought is not in here until `regard import` has ended");
        }
        let staff = match &args.staff {
            Some(text) => Some(open::staff(&mut tx, firm.id, text).await?),
            None => None,
        };
        let mut all = owed::all(&mut tx, firm.id).await?;
        all.retain(|owed| args.kind.is_none_or(|kind| owed.kind == kind));
        all.retain(|owed| staff.is_none_or(|staff| owed.owner == Some(staff)));
        if !args.json {
            all.retain(|owed| owed.ended.is_none_or(|ended| now < ended.at));
        }
        let shown = Shown::load(&mut tx, firm.id, &all).await?;
        anyhow::Ok(Today {
            as_of: Moment::new(now, &zone),
            obligations: shown_as(&shown, &all, &zone, now),
            clients: shown.client_names(),
            names: shown.names(),
        })
    })?;
    if args.json {
        return options::print_json(&today);
    }
    let page = today::write(&today, options::width())?;
    anstream::stdout().write_all(page.as_bytes()).context("writing to standard output")
}
