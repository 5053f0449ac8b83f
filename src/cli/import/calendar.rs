//! `regard import calendar`.

use std::io::Write;

use anyhow::{Context, Result};
use serde::Serialize;

use super::super::{open, options};
use super::Paths;
use super::list::{self, Wrong};
use crate::clock;
use crate::config::Config;
use crate::intake::enlist::calendars::{self, Options, Taken};
use crate::intake::settle::settle;
use crate::report::words::counted;

/// What calendars take besides.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) paths: Paths,
    /// Whose calendars these are, by address or name; without it by the name of the calendar or of the file
    #[arg(long, value_name = "WHO")]
    of: Option<String>,
    /// Takes their whole days as days on which the firm is closed, and nothing else from them
    #[arg(long, conflicts_with = "of")]
    public_holidays: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Done {
    meetings: u64,
    known: u64,
    to_come: u64,
    others: u64,
    private: u64,
    absences: u64,
    holidays: u64,
    days: u64,
    nobody: u64,
    wrong: Vec<Wrong>,
    obligations: usize,
}

pub(super) fn run(args: &Args, config: &Config) -> Result<()> {
    let now = clock::now();
    let options =
        Options { of: args.of.clone(), public_holidays: args.public_holidays, skip_bad: args.paths.skip_bad };
    let (taken, settled) = open::runtime()?.block_on(async {
        let (db, firm) = args.paths.open(config).await?;
        let zone = args.paths.zone_of(&firm)?;
        let taken = calendars::import(&db, firm.id, &args.paths.paths, &zone, &options, now).await?;
        let settled = settle(&db, firm.id, now).await?;
        db.close().await;
        anyhow::Ok((taken, settled))
    })?;
    if args.paths.json {
        return options::print_json(&done(taken, settled.obligations));
    }
    let text = words(&taken) + &list::left_out(&list::wrong(taken.wrong));
    std::io::stdout().write_all(text.as_bytes()).context("writing to standard output")
}

fn done(taken: Taken, obligations: usize) -> Done {
    Done {
        meetings: taken.meetings,
        known: taken.known,
        to_come: taken.to_come,
        others: taken.others,
        private: taken.private,
        absences: taken.absences,
        holidays: taken.holidays,
        days: taken.days,
        nobody: taken.nobody,
        wrong: list::wrong(taken.wrong),
        obligations,
    }
}

fn words(taken: &Taken) -> String {
    let mut text = format!(
        "Imported {}, {} and {}.\n",
        counted(taken.meetings as usize, "meeting with clients", "meetings with clients"),
        counted(taken.absences as usize, "absence", "absences"),
        counted(
            taken.holidays as usize,
            "day on which the firm is closed",
            "days on which the firm is closed"
        ),
    );
    let also = [
        (taken.known, "meeting was here already", "meetings were here already"),
        (
            taken.to_come,
            "meeting is still to come: import the calendar again when it is over",
            "meetings are still to come: import the calendar again when they are over",
        ),
        (taken.others, "meeting was with nobody of a client", "meetings were with nobody of a client"),
        (
            taken.private,
            "meeting is marked as private and is not kept",
            "meetings are marked as private and are not kept",
        ),
        (
            taken.days,
            "other entry says nothing of meetings or of who is away",
            "other entries say nothing of meetings or of who is away",
        ),
        (
            taken.nobody,
            "absence is of nobody known; say whose calendar it is with --of",
            "absences are of nobody known; say whose calendar it is with --of",
        ),
    ];
    for (count, one, many) in also.into_iter().filter(|(count, ..)| 0 < *count) {
        text.push_str(&format!("{}.\n", counted(count as usize, one, many)));
    }
    text
}
