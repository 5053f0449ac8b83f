//! `regard work`: what goes on in the background, without the pages.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::connect;
use super::open::{self, Place};
use super::serve::{Forwarded, handed_in};
use crate::background::Background;
use crate::clock;

/// Fetches the connected mailboxes as mail arrives, and sends what is to be sent, until it is stopped.
///
/// `regard` does the same beside its pages; this is for firms that run the two apart. Any number of processes may work on
/// one database; each mailbox is looked after by one of them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard work\n  regard work --database postgres://regard@db.firm.example/regard"
)]
pub(super) struct Args {
    /// How often a mailbox is fetched though its server tells of nothing new, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,
    #[command(flatten)]
    forwarded: Forwarded,
}

pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(args.forwarded.flags())?;
    let runtime = open::runtime()?;
    let stop = open::stop_flag(&runtime, open::STOPPING)?;
    runtime.block_on(async {
        let (db, _) = open::existing(&config).await?;
        let keys = connect::keys(&config, true)?;
        let every = Duration::from_secs(args.every);
        eprintln!("regard: at work on {}; Ctrl-C ends it", db.place());
        let lmtp = handed_in(&config).await?;
        let stop = Arc::clone(&stop);
        let work = Background { db: db.patient(), keys, every, now: clock::now, stop, lmtp };
        let worked = work.begin()?;
        // The thread ends by the same flag; what it met it has told.
        drop(tokio::task::spawn_blocking(move || worked.join()).await);
        db.close().await;
        Ok(())
    })
}
