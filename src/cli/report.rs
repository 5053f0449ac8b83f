//! `regard report`: tables from the record.

use std::io::Write;

use anyhow::{Context, Result, anyhow};
use jiff::tz::TimeZone;

use super::open::{self, Place};
use super::options::{self, WrongUsage};
use crate::config::Flags;
use crate::report::tables::{REPORTS, Report, Whole};

/// Makes a report: promises, answers, chases, contact-load, ties, pareto, departures.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard report --list\n  regard report answers\n  regard report promises --csv > promises.csv"
)]
pub(super) struct Args {
    /// Which one
    #[arg(value_name = "NAME", required_unless_present = "list")]
    name: Option<String>,
    /// Lists the reports
    #[arg(long)]
    list: bool,
    /// For spreadsheets
    #[arg(long, group = "form")]
    csv: bool,
    /// As one JSON object
    #[arg(long, group = "form")]
    json: bool,
    /// As one self-contained page
    #[arg(long, group = "form")]
    html: bool,
    /// The moment at which the question is asked (RFC 3339); without it now
    #[arg(long, value_name = "MOMENT")]
    now: Option<String>,
}

pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let Some(name) = args.name.as_deref().filter(|_| !args.list) else {
        for Report { name, about, .. } in REPORTS {
            writeln!(out, "  {name:<14} {about}").context("writing to standard output")?;
        }
        return Ok(());
    };
    let report = Report::named(name).ok_or_else(|| {
        let names: Vec<&str> = REPORTS.iter().map(|report| report.name).collect();
        WrongUsage::new(format!("there is no report {name}; say one of {}", names.join(", ")))
    })?;
    let config = place.config(Flags::default())?;
    let now = options::now(args.now.as_deref())?;
    let whole = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let zone =
            TimeZone::get(&firm.zone).map_err(|_| anyhow!("the firm's zone {} is not known", firm.zone))?;
        anyhow::Ok(Whole::load(&mut db.read().await?, firm.id, zone, now).await?)
    })?;
    let table = report.make(&whole);
    let now = now.to_zoned(whole.zone.clone());
    let text = match (args.csv, args.json, args.html) {
        (true, ..) => table.csv(),
        (_, true, _) => serde_json::to_string_pretty(&table.json(report.name, &now))? + "\n",
        (.., true) => table.html(&now)?,
        _ => table.text(&now),
    };
    out.write_all(text.as_bytes()).context("writing to standard output")
}
