//! `regard token`: a secret with which a program asks in somebody's name.

use anyhow::Result;
use clap::ValueEnum;

use super::open::{self, Place};
use super::options;
use crate::access::secret::Secret;
use crate::access::tokens;
use crate::clock;
use crate::config::Flags;
use crate::db::Durability;
use crate::record::audit;

/// Makes a token: a program that sends it asks in the name of this person, and sees what they may see.
///
/// It is printed once and kept nowhere in clear. Send it as `Authorization: Bearer TOKEN`; a feed's is part of its
/// address, /feed/TOKEN.ics. Its owner can take it away in the settings.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard token \"report to the board\" --staff amy@firm.example\n  regard token calendar --staff amy@firm.example --scope feed"
)]
pub(super) struct Args {
    /// What it is for, as its owner will find it in the settings
    #[arg(value_name = "NAME")]
    name: String,
    /// In whose name
    #[arg(long, value_name = "EMAIL")]
    staff: String,
    /// What it may do
    #[arg(long, value_enum, default_value = "read")]
    scope: Scope,
    /// Prints one JSON object instead of the token alone
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Scope {
    /// Look
    Read,
    /// Look and act
    Act,
    /// Only the calendar feed of what they owe
    Feed,
}

/// Runs the command.
pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let scope = match args.scope {
        Scope::Read => tokens::Scope::Read,
        Scope::Act => tokens::Scope::Act,
        Scope::Feed => tokens::Scope::Feed,
    };
    let token = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let now = clock::now();
        let mut tx = db.write(Durability::Act).await?;
        let staff = open::staff(&mut tx, firm.id, &args.staff).await?;
        let secret = Secret::new()?;
        tokens::make(&mut tx, firm.id, staff, &secret, &args.name, scope, now).await?;
        audit::note(&mut tx, firm.id, staff, "made_token", &args.name, now).await?;
        tx.commit().await?;
        db.close().await;
        anyhow::Ok(format!("{}.{}", firm.id.0, secret.text()))
    })?;
    if args.json {
        return options::print_json(&serde_json::json!({ "token": token, "scope": scope.name() }));
    }
    println!("{token}");
    Ok(())
}
