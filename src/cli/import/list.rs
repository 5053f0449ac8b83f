//! `regard import clients`, `contacts`, `staff`, `matters`, `calls` and `absences`.

use std::io::Write;

use anyhow::{Context, Result, anyhow};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::super::{open, options};
use super::Paths;
use crate::clock;
use crate::config::Config;
use crate::intake::enlist::{Enlisted, List, enlist};
use crate::intake::settle::settle;
use crate::report::words::counted;

/// What `--json` prints.
#[derive(Serialize)]
struct Done {
    rows: u64,
    wrong: Vec<Wrong>,
    obligations: usize,
}

#[derive(Serialize)]
struct Wrong {
    path: String,
    error: String,
}

pub(super) fn run(list: List, args: &Paths, config: &Config) -> Result<()> {
    let now = clock::now();
    let (enlisted, settled) = open::runtime()?.block_on(async {
        let (db, firm) = args.open(config).await?;
        let zone = match &args.zone {
            Some(name) => options::zone(Some(name))?,
            None => TimeZone::get(&firm.zone)
                .map_err(|_| anyhow!("the firm's zone {} is not known", firm.zone))?,
        };
        let enlisted = enlist(&db, firm.id, list, &args.paths, &zone, args.skip_bad, now).await?;
        let settled = settle(&db, firm.id, now).await?;
        db.close().await;
        anyhow::Ok((enlisted, settled))
    })?;
    tell(args, enlisted, settled.obligations)
}

fn tell(args: &Paths, enlisted: Enlisted, obligations: usize) -> Result<()> {
    let Enlisted { rows, wrong } = enlisted;
    let wrong = wrong.into_iter().map(|(path, error)| Wrong { path: path.display().to_string(), error });
    let done = Done { rows, wrong: wrong.collect(), obligations };
    if args.json {
        return options::print_json(&done);
    }
    let mut text = format!("Imported {}.\n", counted(done.rows as usize, "row", "rows"));
    if !done.wrong.is_empty() {
        text.push_str(&format!("{} left out:\n", counted(done.wrong.len(), "row was", "rows were")));
        for Wrong { path, error } in &done.wrong {
            text.push_str(&format!("  {path}: {error}\n"));
        }
    }
    std::io::stdout().write_all(text.as_bytes()).context("writing to standard output")
}
