//! `regard backup`, `restore`, `export`, `erase` and `verify`: keeping the record, and letting go of it.

mod contacts;

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::open::{self, Place};
use super::options::{self, WrongUsage};
use super::progress::Progress;
use crate::clients::{self, Client};
use crate::clock;
use crate::config::Flags;
use crate::db::backup::{self, Target};
use crate::db::{Db, Durability, Tx};
use crate::ids::FirmId;
use crate::intake::settle::settle;
use crate::record::erase::erase_client;
use crate::record::{audit, book, project, verify as look};
use crate::report::words::counted;

/// Writes everything into one file, as it stands at one moment. Others may go on working meanwhile.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regard backup ~/regard-2025-09-03.backup")]
pub(super) struct BackupArgs {
    /// The file to write; it appears whole or not at all
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

/// Reads a backup into an empty place, also one from the other kind of database.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard restore ~/regard-2025-09-03.backup --data /srv/regard\n  regard restore all.backup --database postgres://regard@localhost/regard"
)]
pub(super) struct RestoreArgs {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replaces what is there
    #[arg(long)]
    force: bool,
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

/// Writes all that is kept about a client into a folder: JSON, and every message as it arrived. With --contacts writes
/// its contacts, or those of all clients, as cards for an address book (vCard 4.0).
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard export c017 --to ~/acme\n  regard export --contacts --to contacts.vcf\n  regard export c017 --contacts --by amy@firm.example"
)]
pub(super) struct ExportArgs {
    /// The client's id in the client list, its domain, or its name
    #[arg(value_name = "CLIENT", required_unless_present = "contacts")]
    client: Option<String>,
    /// The folder to write into, without it one named after the client; of contacts the file, without it standard output
    #[arg(long, value_name = "PATH")]
    to: Option<PathBuf>,
    /// Only the contacts, as vCard
    #[arg(long)]
    contacts: bool,
    /// For whom: of clients from whom a wall keeps them, no contact is written
    #[arg(long, value_name = "EMAIL", requires = "contacts")]
    by: Option<String>,
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

/// Erases a client for good: its people, its mail as text and as raw bytes, what was noted about it.
///
/// What others take part in stays. It cannot be undone; a backup made before still holds it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regard erase c017 --yes")]
pub(super) struct EraseArgs {
    /// The client's id in the client list, its domain, or its name
    #[arg(value_name = "CLIENT")]
    client: String,
    /// Says that this is meant
    #[arg(long)]
    yes: bool,
    /// Who erases
    #[arg(long, value_name = "EMAIL")]
    by: Option<String>,
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

/// Looks whether the record is whole: every raw item against its hash, and what is owed against a fold of everything.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regard verify\n  regard verify --data /srv/regard --json")]
pub(super) struct VerifyArgs {
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

pub(super) fn backup(args: &BackupArgs, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let rows = open::runtime()?.block_on(async {
        let (db, _) = open::existing(&config).await?;
        let progress = Progress::of_rows();
        let rows = backup::backup(&db, &args.file, |at| progress.row(&at.table, at.rows)).await?;
        progress.done();
        anyhow::Ok(rows)
    })?;
    let words = format!("Wrote {} into {}.", counted(rows as usize, "row", "rows"), args.file.display());
    tell(args.json, json!({"rows": rows, "file": args.file.display().to_string()}), &words)
}

pub(super) fn restore(args: &RestoreArgs, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let target = if args.force { Target::Replace } else { Target::Empty };
    if !args.file.exists() {
        bail!("there is no file {}", args.file.display());
    }
    let rows = open::runtime()?.block_on(async {
        let db = Db::open(&config.location()).await?;
        if !args.force && open::first_firm(&db).await?.is_some() {
            bail!("{} holds a firm already; say --force to replace it", db.place());
        }
        let progress = Progress::of_rows();
        let rows = backup::restore(&db, &args.file, target, |at| progress.row(&at.table, at.rows)).await?;
        progress.done();
        db.close().await;
        anyhow::Ok(rows)
    })?;
    tell(args.json, json!({"rows": rows}), &format!("Restored {}.", counted(rows as usize, "row", "rows")))
}

pub(super) fn export(args: &ExportArgs, place: &Place) -> Result<()> {
    let config = place.config(Flags { by: args.by.clone(), ..Flags::default() })?;
    let Some(named) = args.client.as_deref().filter(|_| !args.contacts) else {
        return contacts::export(args, &config);
    };
    let (entries, folder) = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let mut tx = db.read().await?;
        let client = client(&mut tx, firm.id, named).await?;
        let folder = args.to.clone().unwrap_or_else(|| folder_name(&client).into());
        if folder.exists() && folder.read_dir().is_ok_and(|mut inside| inside.next().is_some()) {
            bail!("{} is not empty; name another folder with --to", folder.display());
        }
        let known = book::load(&mut tx, firm.id).await?;
        let progress = Progress::of_rows();
        let told = |done: usize, _: usize| progress.row("entries", done as u64);
        let entries = clients::export::export(&mut tx, firm.id, client.id, &known, &folder, told).await?;
        progress.done();
        anyhow::Ok((entries, folder))
    })?;
    let words = format!("Wrote {} into {}.", counted(entries, "entry", "entries"), folder.display());
    tell(args.json, json!({"entries": entries, "folder": folder.display().to_string()}), &words)
}

pub(super) fn erase(args: &EraseArgs, place: &Place) -> Result<()> {
    if !args.yes {
        return Err(WrongUsage::new("erasing cannot be undone; say --yes if it is meant").into());
    }
    let config = place.config(Flags { by: args.by.clone(), ..Flags::default() })?;
    let erased = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let by = open::decider(&db, firm.id, &config).await?;
        let now = clock::now();
        let mut tx = db.write(Durability::Act).await?;
        let client = client(&mut tx, firm.id, &args.client).await?;
        let known = book::load(&mut tx, firm.id).await?;
        let erased = erase_client(&mut tx, firm.id, client.id, &known, now).await?;
        // Not by its name: that is erased too.
        audit::note(&mut tx, firm.id, by, "erase", &format!("client {}", client.id.0), now).await?;
        project::mark_behind(&mut tx, firm.id, true).await?;
        tx.commit().await?;
        settle(&db, firm.id, now).await?;
        db.close().await;
        anyhow::Ok(erased)
    })?;
    let words = format!(
        "Erased {}; {}, since others take part. Backups made before still hold all of it.",
        counted(erased.entries, "entry", "entries"),
        counted(erased.shared, "stays", "stay")
    );
    tell(args.json, json!({"erased": erased.entries, "shared": erased.shared}), &words)
}

pub(super) fn verify(args: &VerifyArgs, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let found = open::runtime()?.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let progress = Progress::of_rows();
        let told = |part: &str, items: u64| progress.row(part, items);
        let mut found = look::verify(&db, firm.id, project::fold_all, told).await?;
        progress.done();
        if project::is_behind(&mut db.read().await?, firm.id).await? {
            found.push(look::Finding { part: "obligations", words: open::BEHIND.to_owned() });
        }
        anyhow::Ok(found)
    })?;
    let list: Vec<_> = found.iter().map(|f| json!({"part": f.part, "words": f.words})).collect();
    let mut words: Vec<String> = found.iter().map(|f| format!("{}: {}", f.part, f.words)).collect();
    if words.is_empty() {
        words.push("The record is whole.".to_owned());
    }
    tell(args.json, json!({"whole": found.is_empty(), "findings": list}), &words.join("\n"))?;
    match found.len() {
        0 => Ok(()),
        n => bail!(
            "{} wrong; restore the last backup, or import again what is missing",
            counted(n, "thing is", "things are")
        ),
    }
}

fn tell(as_json: bool, value: serde_json::Value, words: &str) -> Result<()> {
    if as_json {
        return options::print_json(&value);
    }
    writeln!(std::io::stdout(), "{words}").context("writing to standard output")
}

/// The client of this id, domain or name.
async fn client(tx: &mut Tx, firm: FirmId, text: &str) -> Result<Client> {
    let all = clients::store::all(tx, firm).await?;
    let by_key = all.iter().find(|client| client.external_key == text);
    let found = by_key.or_else(|| all.iter().find(|client| client.name.eq_ignore_ascii_case(text)));
    found.cloned().with_context(|| format!("there is no client {text}"))
}

fn folder_name(client: &Client) -> String {
    client
        .external_key
        .chars()
        .map(|c| if c.is_alphanumeric() || "-_.@".contains(c) { c } else { '_' })
        .collect()
}
