//! `regard doctor`: what is set, what is wrong, and what to do.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::open::{self, Place};
use super::options;
use crate::clock;
use crate::config::{Config, Flags};
use crate::db::{Db, FILE, Tx};
use crate::disk;
use crate::firm::Firm;
use crate::ids::FirmId;
use crate::mailboxes;
use crate::record::counts::{Counts, counts};
use crate::record::{project, sources};
use crate::report::words::{counted, grouped};
use crate::subscriptions;

/// So many unreadable items are named; the rest are counted.
const NAMED: usize = 20;
/// Below this much free space, in bytes, the next import may not fit.
const ROOM: u64 = 1 << 30;

/// Says what is set and by whom, what is wrong, and what to do about it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regard doctor\n  regard doctor --data /srv/regard --json")]
pub(super) struct Args {
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Default, Serialize)]
struct Health {
    settings: Vec<Line>,
    record: Vec<Line>,
    wrong: Vec<String>,
    unreadable: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Line {
    what: &'static str,
    value: String,
    /// Where a setting came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
}

pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let mut health = Health::default();
    match place.config(Flags::default()) {
        Ok(config) => {
            health.settings(&config);
            health.disk(&config);
            open::runtime()?.block_on(health.database(&config));
        }
        Err(error) => health.wrong.push(format!("{error:#}")),
    }
    if args.json {
        options::print_json(&health)?;
    } else {
        std::io::stdout().write_all(health.words().as_bytes()).context("writing to standard output")?;
    }
    match health.wrong.len() {
        0 => Ok(()),
        _ => anyhow::bail!("something is wrong; what to do stands with it"),
    }
}

impl Health {
    fn say(&mut self, what: &'static str, value: impl Into<String>) {
        self.record.push(Line { what, value: value.into(), from: None });
    }

    fn settings(&mut self, config: &Config) {
        let mut set = |what, value: Option<String>, from: String| {
            let value = value.unwrap_or_else(|| "not set".to_owned());
            self.settings.push(Line { what, value, from: Some(from) });
        };
        let data = std::path::absolute(&config.data.value).unwrap_or_else(|_| config.data.value.clone());
        set("data", Some(data.display().to_string()), config.data.origin.to_string());
        let database = config.database.value.as_deref().map(without_password);
        set("database", database, config.database.origin.to_string());
        set("zone", config.zone.value.clone(), config.zone.origin.to_string());
        set("by", config.by.value.clone(), config.by.origin.to_string());
        set("batch", Some(config.batch.value.to_string()), config.batch.origin.to_string());
    }

    fn disk(&mut self, config: &Config) {
        if config.database.value.is_some() {
            return;
        }
        let folder = &config.data.value;
        if !folder.exists() {
            return;
        }
        if let Err(error) = probe(folder) {
            self.wrong.push(format!(
                "{} cannot be written ({error}). Make it writable, or choose another place with --data",
                folder.display()
            ));
        }
        if let Some(free) = disk::free_space(folder) {
            self.say("free disk", format!("{} MB", grouped(free >> 20)));
            if free < ROOM {
                self.wrong.push(format!(
                    "only {} MB are free on the disk of {}. Free some space",
                    free >> 20,
                    folder.display()
                ));
            }
        }
    }

    async fn database(&mut self, config: &Config) {
        if config.database.value.is_none() && !config.data.value.join(FILE).exists() {
            self.say("record", "none yet: `regard import mail PATH` makes it");
            return;
        }
        match Db::open(&config.location()).await {
            Err(error) => self.wrong.push(error.to_string()),
            Ok(db) => {
                self.say("database", db.place());
                if let Err(error) = self.record(&db).await {
                    self.wrong.push(format!("{error:#}"));
                }
            }
        }
    }

    async fn record(&mut self, db: &Db) -> Result<()> {
        self.say("tables", format!("version {}", db.version().await?));
        let Some(firm) = open::first_firm(db).await? else {
            self.say("firm", "none yet: `regard import mail PATH` makes it");
            return Ok(());
        };
        self.firm(&firm);
        let mut tx = db.read().await?;
        self.counts(&counts(&mut tx, firm.id).await?);
        if project::is_behind(&mut tx, firm.id).await? {
            self.wrong.push(open::BEHIND.to_owned());
        }
        self.mailboxes(&mut tx, firm.id).await?;
        let unreadable = sources::unreadable(&mut tx, firm.id).await?;
        let lines =
            unreadable.iter().map(|item| format!("{} at {}: {}", item.path, item.position, item.error));
        self.unreadable = lines.collect();
        Ok(())
    }

    async fn mailboxes(&mut self, tx: &mut Tx, firm: FirmId) -> Result<()> {
        let connected = mailboxes::store::all(tx, firm).await?;
        self.say("mailboxes", format!("{} connected", connected.len()));
        let now = clock::now();
        for connection in &connected {
            if let Some(alarm) = connection.alarm(now) {
                self.wrong.push(format!("{}: {alarm}", connection.address));
            }
        }
        let followed = subscriptions::store::all(tx, firm).await?;
        self.say("calendars and address books", format!("{} followed", followed.len()));
        self.wrong.extend(followed.iter().filter_map(|one| one.alarm(now)));
        for letter in mailboxes::junk::all(tx, firm).await? {
            self.wrong.push(format!(
                "{} ({}) wrote “{}”, and the server of {} holds it for unwanted. Move it out of that folder",
                letter.client_name, letter.sender, letter.subject, letter.mailbox
            ));
        }
        Ok(())
    }

    fn firm(&mut self, firm: &Firm) {
        let or = |words: String, none: &str| if words.is_empty() { none.to_owned() } else { words };
        self.say("firm", or(firm.name.clone(), "no name yet: the first visit asks for it"));
        self.say("zone", firm.zone.clone());
        let domains = firm.domains.iter().cloned().collect::<Vec<_>>().join(", ");
        self.say("domains", or(domains, "none yet"));
        if TimeZone::get(&firm.zone).is_err() {
            self.wrong.push(format!(
                "the firm's zone {} is not known. Give another with --firm firm.toml at the next import",
                firm.zone
            ));
        }
        if let Err(error) = firm.calendar() {
            self.wrong.push(format!("{error}. Give other hours with --firm firm.toml at the next import"));
        }
    }

    fn counts(&mut self, counts: &Counts) {
        let number = |n: i64| grouped(n.unsigned_abs());
        let entries: Vec<String> = counts
            .entries
            .iter()
            .map(|(kind, count)| counted(count.unsigned_abs() as usize, kind, &format!("{kind}s")))
            .collect();
        self.say("entries", if entries.is_empty() { "none".to_owned() } else { entries.join(", ") });
        self.say("staff", number(counts.staff));
        self.say("clients", number(counts.clients));
        self.say(
            "not placed",
            format!(
                "{}; `regard correspondents` lists them",
                counted(counts.proposed.unsigned_abs() as usize, "correspondent", "correspondents")
            ),
        );
        self.say("owed", format!("{} open", number(counts.open)));
        self.say(
            "sources",
            format!("{} read, {} not to their end", number(counts.sources), number(counts.unfinished)),
        );
        self.say("unreadable", number(counts.unreadable));
    }

    fn words(&self) -> String {
        let mut text = String::from("Settings\n");
        for Line { what, value, from } in &self.settings {
            text.push_str(&format!("  {what:<12} {value}  (from {})\n", from.as_deref().unwrap_or_default()));
        }
        text.push_str("\nRecord\n");
        for Line { what, value, .. } in &self.record {
            text.push_str(&format!("  {what:<12} {value}\n"));
        }
        for line in self.unreadable.iter().take(NAMED) {
            text.push_str(&format!("               {line}\n"));
        }
        if NAMED < self.unreadable.len() {
            text.push_str(&format!(
                "               and {} more; --json lists them all\n",
                self.unreadable.len() - NAMED
            ));
        }
        match self.wrong.is_empty() {
            true => text.push_str("\nAll is in order.\n"),
            false => {
                text.push_str("\nWrong\n");
                self.wrong.iter().for_each(|words| text.push_str(&format!("  {words}\n")));
            }
        }
        text
    }
}

/// A database address as it may be shown.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((who, place)) => {
            let user = who.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{place}")
        }
        None => url.to_owned(),
    }
}

/// Whether a file can be made in a folder.
fn probe(folder: &Path) -> std::io::Result<()> {
    let file = folder.join(format!(".doctor-{}", std::process::id()));
    std::fs::write(&file, b"regard")?;
    std::fs::remove_file(&file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_a_kind_is_one() {
        let mut health = Health::default();
        let entries = vec![("message".to_owned(), 1), ("call".to_owned(), 1200)];
        health.counts(&Counts { entries, proposed: 1, ..Counts::default() });
        let words = health.words();
        assert!(words.contains("1 message, 1,200 calls\n"), "{words}");
        assert!(words.contains("1 correspondent; "), "{words}");
    }

    #[test]
    fn no_password_is_shown() {
        let shown = super::without_password("postgres://amy:s3cret@db.example:5432/regard");
        assert_eq!(shown, "postgres://amy@db.example:5432/regard");
        assert_eq!(super::without_password("postgres://db.example/regard"), "postgres://db.example/regard");
    }
}
