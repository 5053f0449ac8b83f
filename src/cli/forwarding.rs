//! `regard forwarding`: secret addresses to which mail is forwarded or journaled.

use std::io::Write;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use serde_json::json;

use super::open::{self, Place};
use super::options;
use crate::access::secret::Secret;
use crate::clock;
use crate::config::{Config, Flags};
use crate::db::Durability;
use crate::forwarding::{Local, store};
use crate::record::audit;
use crate::staff::SOMEBODY;
use crate::text::counted;

/// Makes secret addresses for mail that is forwarded or journaled: `regard --lmtp` and `regard work --lmtp` take it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard forwarding make \"Amy's mail\" --staff amy@firm.example\n  regard forwarding list\n  regard --lmtp 127.0.0.1:2424"
)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Makes an address; it is printed once and kept nowhere in clear
    #[command(
        after_help = "Example:\n  regard forwarding make \"Amy's mail\" --staff amy@firm.example\n  regard forwarding make clients@firm.example"
    )]
    Make(MakeArgs),
    /// Lists the addresses without their secrets, and what was refused
    #[command(after_help = "Example:\n  regard forwarding list --json")]
    List(ListArgs),
    /// Takes nothing for an address any more; what came stays in the record
    #[command(after_help = "Example:\n  regard forwarding revoke \"Amy's mail\"")]
    Revoke(Named),
}

#[derive(Debug, clap::Args)]
struct MakeArgs {
    /// What it is called
    #[arg(value_name = "NAME")]
    name: String,
    /// Whose mail comes to it: they alone see in it whom nobody has placed. Without it, it is shared
    #[arg(long, value_name = "EMAIL")]
    staff: Option<String>,
    /// Prints one JSON object instead of the address alone
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Named {
    /// What it is called
    #[arg(value_name = "NAME")]
    name: String,
}

/// Runs the command.
pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    open::runtime()?.block_on(async {
        match &args.what {
            What::Make(args) => make(args, &config).await,
            What::List(args) => list(args, &config).await,
            What::Revoke(named) => revoke(&named.name, &config).await,
        }
    })
}

async fn make(args: &MakeArgs, config: &Config) -> Result<()> {
    let (db, firm) = open::existing(config).await?;
    let now = clock::now();
    let mut tx = db.write(Durability::Act).await?;
    let staff = match &args.staff {
        Some(text) => Some(open::staff(&mut tx, firm.id, text).await?),
        None => None,
    };
    let local = Local::new(firm.id, &Secret::new()?.text());
    let name = args.name.trim();
    store::add(&mut tx, firm.id, name, staff, &local, SOMEBODY, now).await?;
    audit::note(&mut tx, firm.id, SOMEBODY, "made_forwarding", name, now).await?;
    tx.commit().await?;
    db.close().await;
    let address = match &config.lmtp_domain.value {
        Some(domain) => format!("{}@{domain}", local.text()),
        None => local.text(),
    };
    if args.json {
        return options::print_json(&json!({ "address": address }));
    }
    println!("{address}");
    Ok(())
}

async fn list(args: &ListArgs, config: &Config) -> Result<()> {
    let (db, firm) = open::existing(config).await?;
    let mut tx = db.read().await?;
    let all = store::all(&mut tx, firm.id).await?;
    let refused = store::refused(&mut tx, firm.id).await?;
    tx.commit().await?;
    db.close().await;
    if args.json {
        let one = |address: &store::Address| {
            json!({
                "name": address.name,
                "letters": address.letters,
                "heard_at": address.heard.map(|at| at.to_string()),
                "revoked_at": address.revoked.map(|at| at.to_string()),
            })
        };
        let no = |refused: &store::Refused| json!({ "address": refused.address, "times": refused.times, "last_at": refused.last.to_string() });
        let all: Vec<_> = all.iter().map(one).collect();
        let refused: Vec<_> = refused.iter().map(no).collect();
        return options::print_json(&json!({ "addresses": all, "refused": refused }));
    }
    let mut text = String::new();
    for address in &all {
        let state = match (address.revoked, address.heard) {
            (Some(at), _) => format!("takes nothing since {at}"),
            (None, Some(at)) => {
                format!("{}, the last {at}", counted(address.letters as usize, "letter", "letters"))
            }
            (None, None) => "nothing came to it yet".to_owned(),
        };
        text.push_str(&format!("{}: {state}\n", address.name));
    }
    for one in &refused {
        text.push_str(&format!(
            "refused: {}, {}, the last {}\n",
            one.address,
            counted(one.times as usize, "time", "times"),
            one.last
        ));
    }
    if text.is_empty() {
        text.push_str("There is no address yet. `regard forwarding make NAME` makes one.\n");
    }
    std::io::stdout().write_all(text.as_bytes()).context("writing to standard output")
}

async fn revoke(name: &str, config: &Config) -> Result<()> {
    let (db, firm) = open::existing(config).await?;
    let now = clock::now();
    let mut tx = db.write(Durability::Act).await?;
    let all = store::all(&mut tx, firm.id).await?;
    let Some(address) = all.iter().find(|address| address.name == name && address.revoked.is_none()) else {
        bail!("no address is called {name:?}; `regard forwarding list` names them");
    };
    store::revoke(&mut tx, firm.id, address.id, now).await?;
    audit::note(&mut tx, firm.id, SOMEBODY, "revoked_forwarding", name, now).await?;
    tx.commit().await?;
    db.close().await;
    println!("Nothing is taken for {name} any more; what came stays.");
    Ok(())
}
