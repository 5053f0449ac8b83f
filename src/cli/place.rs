//! `regard correspondents` and `regard place`: who writes, and who they are to the firm.

use std::fmt::Write as _;
use std::io::Write;

use anyhow::{Context, Result};
use clap::ValueEnum;

use super::open::{self, Place};
use super::options;
use crate::clock;
use crate::config::Flags;
use crate::intake::correspondents::{self, Kind};
use crate::intake::settle::settle;
use crate::report::words::{counted, grouped, one_line};

/// Lists who writes to the firm and was placed by nobody yet, the most client-like first.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regard correspondents\n  regard place acme.example client")]
pub(super) struct ListArgs {
    /// How many to list
    #[arg(long, value_name = "N", default_value_t = 40)]
    most: usize,
    /// Prints a JSON array of all of them
    #[arg(long)]
    json: bool,
}

/// Says who somebody is: everybody at a domain, or one address. Placing again changes it.
///
/// Private mail is not kept: what is there is erased, words and raw bytes, and stays erased. The firm's own people, and whom a
/// list names as a client, are not placed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard place acme.example client\n  regard place aunt.mary@gmail.com private --yes\n  regard place acme.example unplaced"
)]
pub(super) struct PlaceArgs {
    /// The domain or address
    #[arg(value_name = "ADDRESS-OR-DOMAIN")]
    text: String,
    /// Who that is
    #[arg(value_enum)]
    kind: As,
    /// Says that erasing private mail is meant
    #[arg(long)]
    yes: bool,
    /// Who says so
    #[arg(long, value_name = "EMAIL")]
    by: Option<String>,
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum As {
    Client,
    Prospect,
    Partner,
    ThirdParty,
    Private,
    Robot,
    Unplaced,
}

pub(super) fn list(args: &ListArgs, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let found = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        anyhow::Ok(correspondents::correspondents(&db, firm.id).await?)
    })?;
    if args.json {
        return options::print_json(&found);
    }
    let mut text = String::new();
    writeln!(text, "  {:>8}  {:>7}  {:>8}  who", "likeness", "wrote", "received")?;
    for who in found.iter().take(args.most) {
        let called =
            if who.called == who.name { String::new() } else { format!("  {}", one_line(&who.called, 40)) };
        let (wrote, received) = (grouped(who.wrote.into()), grouped(who.received.into()));
        writeln!(text, "  {:>7.0} %  {wrote:>7}  {received:>8}  {}{called}", who.likeness * 100.0, who.name)?;
    }
    if args.most < found.len() {
        writeln!(
            text,
            "  and {} more; --most N or --json lists them",
            grouped((found.len() - args.most) as u64)
        )?;
    }
    std::io::stdout().write_all(text.as_bytes()).context("writing to standard output")
}

pub(super) fn place(args: &PlaceArgs, place: &Place) -> Result<()> {
    if matches!(args.kind, As::Private) && !args.yes {
        let words = "what is there of private correspondents is erased, and that cannot be undone; say --yes if it is meant";
        return Err(options::WrongUsage::new(words).into());
    }
    let config = place.config(Flags { by: args.by.clone(), ..Flags::default() })?;
    let kind = match args.kind {
        As::Client => Kind::Client,
        As::Prospect => Kind::Prospect,
        As::Partner => Kind::Partner,
        As::ThirdParty => Kind::ThirdParty,
        As::Private => Kind::Private,
        As::Robot => Kind::Robot,
        As::Unplaced => Kind::Unplaced,
    };
    let done = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let by = open::decider(&db, firm.id, &config).await?;
        let now = clock::now();
        let done = correspondents::place_as(&db, firm.id, &args.text, kind, by, now).await?;
        settle(&db, firm.id, now).await?;
        db.close().await;
        anyhow::Ok(done)
    })?;
    if args.json {
        return options::print_json(&done);
    }
    let mut text = format!("Placed {}.\n", counted(done.addresses, "address", "addresses"));
    if kind == Kind::Private {
        writeln!(
            text,
            "Erased the words of {}; {}, since others take part.",
            counted(done.erased, "message", "messages"),
            counted(done.shared, "stays", "stay")
        )?;
    }
    std::io::stdout().write_all(text.as_bytes()).context("writing to standard output")
}
