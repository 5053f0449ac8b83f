//! `regard reader`: what the firm's people taught its reader, and forgetting it.

use anyhow::Result;
use serde::Serialize;

use super::open::{self, Place};
use super::options;
use crate::clock;
use crate::config::Flags;
use crate::db::Durability;
use crate::intake::taught;
use crate::record::audit;
use crate::report::words::counted;
use crate::staff;

/// Says how many corrections this firm's people made, which its reader follows when it reads new mail.
///
/// Corrections are decisions like any other: this is not a promise, this needs an answer. They teach the reader of this
/// firm alone, and leave this machine never.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regard reader\n  regard reader --reset")]
pub(super) struct Args {
    /// Forgets what was taught: the reader is the shipped one again. What was decided stands
    #[arg(long)]
    reset: bool,
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Told {
    corrections: usize,
    reset: bool,
}

/// Runs the command.
pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let count = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let by = open::decider(&db, firm.id, &config).await.unwrap_or(staff::SOMEBODY);
        let mut tx = db.write(Durability::Act).await?;
        if args.reset {
            let now = clock::now();
            taught::forget(&mut tx, firm.id, now).await?;
            audit::note(&mut tx, firm.id, by, "reset_reader", "", now).await?;
        }
        let shipped = reading::acts::Reader::shipped();
        let count = taught::corrections(&mut tx, firm.id, &shipped).await?.len();
        tx.commit().await?;
        db.close().await;
        anyhow::Ok(count)
    })?;
    if args.json {
        return options::print_json(&Told { corrections: count, reset: args.reset });
    }
    match (args.reset, count) {
        (true, _) => println!("The reader is the shipped one again."),
        (false, 0) => println!("Nobody has corrected the reader; it is the shipped one."),
        (false, n) => println!("{} teach this firm's reader.", counted(n, "correction", "corrections")),
    }
    Ok(())
}
