//! `regard subscribe`: calendars and address books elsewhere.

mod add;

use std::io::Write;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use jiff::Timestamp;
use serde::Serialize;
use wire::net::{Limits, Secret};

use super::connect::{self, ask, sign_in};
use super::open::{self, Place};
use super::options;
use crate::clock;
use crate::config::{Config, Flags};
use crate::db::{Db, Durability};
use crate::firm::Firm;
use crate::ids::SubscriptionId;
use crate::intake::settle::settle;
use crate::mailboxes::SecretKind;
use crate::mailboxes::oauth::Issuer;
use crate::mailboxes::oauth::renew::Signer;
use crate::mailboxes::secret::Keys;
use crate::record::{audit, changes, project};
use crate::settings::subscriptions::writes;
use crate::staff;
use crate::subscriptions::write::into;
use crate::subscriptions::{self, Kind, Subscription, store, trial};

/// Follows calendars and address books elsewhere: `regard sync` reads them once, `regard` and `regard work` keep them in
/// step.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard subscribe add https://calendar.firm.example/amy.ics --of amy@firm.example\n  regard subscribe add dav.firm.example --of amy@firm.example --kind caldav --user amy\n  regard subscribe list"
)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Follows a calendar, or the calendars or address books of an account, after reading it once
    #[command(
        after_help = "Example:\n  regard subscribe add dav.firm.example --of amy@firm.example --kind carddav --user amy --password-file secret"
    )]
    Add(Box<add::Args>),
    /// Lists what is followed, and how it does
    #[command(after_help = "Example:\n  regard subscribe list --json")]
    List(ListArgs),
    /// Gives an account another password, or a calendar another address, after reading it once
    #[command(after_help = "Example:\n  regard subscribe login 4711 --password-file new-password")]
    Login(LoginArgs),
    /// Signs in again to an account whose server gives tokens (OAuth 2): by a code on any device, or in a browser here
    #[command(after_help = "Example:\n  regard subscribe sign-in 4711")]
    SignIn(SignInArgs),
    /// Writes what its owner owes into a calendar of an account, or contacts into an address book; or no more
    #[command(
        after_help = "Example:\n  regard subscribe write 4711 --into Work\n  regard subscribe write 4711 --nowhere"
    )]
    Write(WriteArgs),
    /// Forgets how to reach one, and its password; meetings that took place stay in the record
    #[command(after_help = "Example:\n  regard subscribe remove 4711")]
    Remove(RemoveArgs),
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct LoginArgs {
    /// Its number, as `regard subscribe list` says it
    #[arg(value_name = "NUMBER")]
    id: i64,
    #[command(flatten)]
    secret: ask::SecretArgs,
}

#[derive(Debug, clap::Args)]
struct SignInArgs {
    /// Its number, as `regard subscribe list` says it
    #[arg(value_name = "NUMBER")]
    id: i64,
    /// Who gives the sign-in; without it who gave it before, else the only one
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

#[derive(Debug, clap::Args)]
struct WriteArgs {
    /// Its number, as `regard subscribe list` says it
    #[arg(value_name = "NUMBER")]
    id: i64,
    /// The calendar or address book, by the name that `regard subscribe add` listed
    #[arg(long, value_name = "NAME", required_unless_present = "nowhere")]
    into: Option<String>,
    /// Takes away again what was written
    #[arg(long, conflicts_with = "into")]
    nowhere: bool,
}

#[derive(Debug, clap::Args)]
struct RemoveArgs {
    /// Its number, as `regard subscribe list` says it
    #[arg(value_name = "NUMBER")]
    id: i64,
}

pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let said = open::runtime()?.block_on(async {
        match &args.what {
            What::Add(args) => add::add(args, &config).await,
            What::List(args) => list(args, &config).await,
            What::Login(args) => login(args, &config).await,
            What::SignIn(args) => sign_in_again(args, &config).await,
            What::Write(args) => write(args, &config).await,
            What::Remove(args) => remove(args, &config).await,
        }
    })?;
    std::io::stdout().write_all(said.as_bytes()).context("writing to standard output")
}

/// Has somebody sign in; gives what is kept, and what really signs in.
async fn sign_in_to(
    firm: &Firm,
    keys: &Keys,
    issuer: &Issuer,
    to: &mut Subscription,
) -> Result<(Secret, Secret)> {
    let purpose = to.kind.purpose().context("nobody signs in to a calendar at an address")?;
    let (authority, reach, hint) = (to.authority.as_deref(), to.reach, to.user.as_str());
    let held = sign_in::obtain(firm, keys, issuer, &sign_in::For { purpose, authority, reach, hint }).await?;
    (to.signs_in, to.oauth) = (SecretKind::OAuth, Some(issuer.id));
    Ok((held.text()?, held.access()))
}

/// What `--json` prints of each.
#[derive(Serialize)]
struct One {
    #[serde(with = "crate::ids::text")]
    id: i64,
    name: String,
    kind: &'static str,
    place: String,
    of: String,
    paused: bool,
    fetched_at: Option<Timestamp>,
    trouble: Option<String>,
    /// Why nothing is written there.
    refused: Option<String>,
    folders: Vec<String>,
}

async fn list(args: &ListArgs, config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let mut tx = db.read().await?;
    let people = staff::store::all(&mut tx, firm.id).await?;
    let mut all = Vec::new();
    for one in store::all(&mut tx, firm.id).await? {
        let of = people.iter().find(|person| person.id == one.staff).map(|person| person.name.clone());
        let folders = store::folders(&mut tx, firm.id, one.id).await?;
        all.push(One {
            id: one.id.0,
            kind: one.kind.name(),
            place: one.place,
            of: of.unwrap_or_default(),
            paused: one.paused,
            fetched_at: one.health.fetched,
            trouble: one.health.trouble.map(|trouble| trouble.words),
            refused: one.refused.map(|refused| refused.words),
            folders: folders.into_iter().filter(|folder| folder.chosen).map(|folder| folder.name).collect(),
            name: one.name,
        });
    }
    if args.json {
        options::print_json(&serde_json::json!({ "subscriptions": all }))?;
        return Ok(String::new());
    }
    let mut text = String::new();
    for one in &all {
        let how = match (&one.trouble, one.fetched_at) {
            _ if one.paused => "rests".to_owned(),
            (Some(trouble), _) => trouble.clone(),
            (None, Some(at)) => match &one.refused {
                Some(refused) => format!("last read {at}; nothing is written there: {refused}"),
                None => format!("last read {at}"),
            },
            (None, None) => "not read yet: regard sync".to_owned(),
        };
        text.push_str(&format!(
            "{}  {} ({}, {}, of {}): {how}\n",
            one.id, one.name, one.kind, one.place, one.of
        ));
    }
    if all.is_empty() {
        text.push_str("Nothing is followed. Follow a calendar: regard subscribe add ADDRESS --of EMAIL\n");
    }
    Ok(text)
}

/// The one of that number.
async fn numbered(db: &Db, firm: &Firm, id: i64) -> Result<Subscription> {
    let found = store::one(&mut db.read().await?, firm.id, SubscriptionId(id)).await;
    found.with_context(|| format!("there is no {id}; `regard subscribe list` lists them"))
}

async fn login(args: &LoginArgs, config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let keys = connect::keys(config, true)?;
    let found = numbered(&db, &firm, args.id).await?;
    let (secret, signs_in) = args.secret.read(&found.name)?;
    let found = Subscription { signs_in, oauth: None, ..found };
    renewed(&db, &firm, &keys, &found, (&secret, &secret), config).await
}

async fn sign_in_again(args: &SignInArgs, config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let keys = connect::keys(config, true)?;
    let mut found = numbered(&db, &firm, args.id).await?;
    let issuer = sign_in::chosen(&db, &firm, args.by.as_deref(), found.oauth).await?;
    let (secret, really) = sign_in_to(&firm, &keys, &issuer, &mut found).await?;
    renewed(&db, &firm, &keys, &found, (&secret, &really), config).await
}

/// Keeps another secret, once it was read with what really signs in.
async fn renewed(
    db: &Db,
    firm: &Firm,
    keys: &Keys,
    found: &Subscription,
    (secret, really): (&Secret, &Secret),
    config: &Config,
) -> Result<String> {
    trial::look(found, really, Limits::default())
        .await
        .map_err(|failure| failure.told("it", "was not read"))?;
    let by = open::decider(db, firm.id, config).await?;
    let mut tx = db.write(Durability::Act).await?;
    subscriptions::renew(&mut tx, firm.id, keys, found, secret).await?;
    audit::note(&mut tx, firm.id, by, "changed_login", &found.place, clock::now()).await?;
    tx.commit().await?;
    db.close().await;
    Ok(format!("{} was read with it, and is followed again.\n", found.name))
}

async fn write(args: &WriteArgs, config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let by = open::decider(&db, firm.id, config).await?;
    let found = numbered(&db, &firm, args.id).await?;
    if found.kind == Kind::Feed {
        bail!("{} is no account (CalDAV, CardDAV); only into those is written", found.name);
    }
    let folders = store::folders(&mut db.read().await?, firm.id, found.id).await?;
    let folder = match &args.into {
        None => None,
        Some(name) => {
            let named = folders.iter().find(|folder| folder.name == *name);
            Some(named.with_context(|| format!("{} holds no {name}", found.name))?)
        }
    };
    if let Some(folder) = folder {
        let (keys, limits) = (connect::keys(config, true)?, Limits::default());
        let signer = Signer { db: &db, firm: firm.id, keys: &keys, limits: &limits, now: &clock::now };
        trial::may_be_written(&signer, &found, folder)
            .await
            .map_err(|failure| failure.told(&folder.name, "was not read"))?;
    }
    let mut tx = db.write(Durability::Act).await?;
    into(&mut tx, firm.id, &found, folder).await?;
    changes::note_everything(&mut tx, firm.id).await?;
    audit::note(&mut tx, firm.id, by, writes(found.kind), &found.place, clock::now()).await?;
    tx.commit().await?;
    db.close().await;
    Ok(match &args.into {
        Some(name) if found.kind == Kind::AddressBooks => {
            format!("Contacts of clients are written into {name} by `regard` and `regard work`.\n")
        }
        Some(name) => format!("What is owed is written into {name} by `regard` and `regard work`.\n"),
        None => "Nothing is written any more; what was goes as soon as `regard` or `regard work` runs.\n"
            .to_owned(),
    })
}

async fn remove(args: &RemoveArgs, config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let by = open::decider(&db, firm.id, config).await?;
    let now = clock::now();
    let mut tx = changes::begin(&db, firm.id, Durability::Act).await?;
    let found = store::one(&mut tx, firm.id, SubscriptionId(args.id)).await;
    let found =
        found.with_context(|| format!("there is no {}; `regard subscribe list` lists them", args.id))?;
    subscriptions::remove(&mut tx, firm.id, &found, now).await?;
    audit::note(&mut tx, firm.id, by, "disconnected", &found.place, now).await?;
    let is_behind = project::is_behind(&mut tx, firm.id).await?;
    tx.commit().await?;
    if is_behind {
        settle(&db, firm.id, now).await?;
    }
    db.close().await;
    Ok(format!("{} is followed no more. Meetings that took place stay in the record.\n", found.name))
}
