//! `regard connect`: mailboxes on servers.

pub(super) mod ask;
mod issuer;
mod list;
mod rotate;
pub(super) mod sign_in;
mod ways;

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use wire::net::{Limits, Login};

use super::open::{self, Place};
use crate::clock;
use crate::config::{Config, Flags};
use crate::db::{Db, Durability};
use crate::firm::Firm;
use crate::ids::MailboxId;
use crate::mailboxes::oauth::renew::Signer;
use crate::mailboxes::secret::{Keys, SealedSecret};
use crate::mailboxes::{Connection, Health, SecretKind, store, trial};
use crate::record::addresses::{AddressBook, AddressKind};
use crate::record::{audit, changes, sources};
use crate::settings::fit::{By, may_be_connected};

/// Connects mailboxes on servers: `regard sync` and `regard work` fetch them, and mail is sent from them.
///
/// The password is asked for on the terminal, or read from a file or from the variable REGARD_PASSWORD; it is kept
/// sealed, with a key that is not in the database.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard connect add amy@firm.example --imap imap.firm.example --smtp smtp.firm.example\n  regard connect add amy@gmail.com --provider google --password-file app-password\n  regard connect add amy@firm.example --jmap jmap.firm.example\n  regard connect list"
)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Connects a mailbox, after signing in to try it
    #[command(
        after_help = "Example:\n  regard connect add amy@firm.example --imap imap.firm.example --smtp smtp.firm.example:465"
    )]
    Add(Box<AddArgs>),
    /// Lists the connected mailboxes, and how they do
    #[command(after_help = "Example:\n  regard connect list --json")]
    List(list::ListArgs),
    /// Signs in to a mailbox and lists its folders; changes nothing
    #[command(after_help = "Example:\n  regard connect test amy@firm.example")]
    Test(Named),
    /// Gives a mailbox another password or token
    #[command(after_help = "Example:\n  regard connect login amy@firm.example --password-file new-password")]
    Login(LoginArgs),
    /// Signs in again to a mailbox whose server gives tokens (OAuth 2): by a code on any device, or in a browser here
    #[command(after_help = "Example:\n  regard connect sign-in amy@firm.example")]
    SignIn(sign_in::SignInArgs),
    /// Servers that give tokens, to which the firm is known by an id of its own
    #[command(
        after_help = "Example:\n  regard connect issuer add google --client-id 123.apps.googleusercontent.com --client-secret-file secret"
    )]
    Issuer(issuer::IssuerArgs),
    /// Forgets how to reach a mailbox, and its password; what was fetched stays in the record
    #[command(after_help = "Example:\n  regard connect remove amy@firm.example")]
    Remove(Named),
    /// Seals all passwords with a new key, which takes the place of the old one
    #[command(after_help = "Example:\n  regard connect rotate-key")]
    RotateKey,
}

#[derive(Debug, clap::Args)]
struct Named {
    /// Its address
    #[arg(value_name = "EMAIL")]
    address: String,
}

#[derive(Debug, clap::Args)]
struct LoginArgs {
    /// Its address
    #[arg(value_name = "EMAIL")]
    address: String,
    #[command(flatten)]
    secret: ask::SecretArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Provider {
    /// Gmail and Google Workspace, with an app password
    Google,
    /// Microsoft 365, where the administrator allows IMAP and SMTP AUTH
    Microsoft,
    /// Fastmail, with an app password
    Fastmail,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Protection {
    /// TLS from the first byte
    Tls,
    /// TLS after asking for it
    Starttls,
    /// None; only to this very machine
    Plain,
}

#[derive(Debug, clap::Args)]
struct AddArgs {
    /// Its address
    #[arg(value_name = "EMAIL")]
    address: String,
    /// Servers of a provider
    #[arg(long, value_enum, conflicts_with_all = ["imap", "smtp", "jmap"])]
    provider: Option<Provider>,
    /// Where mail is fetched [default port: 993 for TLS, else 143]
    #[arg(long, value_name = "HOST[:PORT]", required_unless_present_any = ["provider", "jmap"])]
    imap: Option<String>,
    /// Fetches by JMAP instead, and sends by it unless --smtp names a server: its name, or the address of the session
    /// [default: where the mail domain tells]
    #[arg(long, value_name = "HOST|URL", conflicts_with = "imap", num_args = 0..=1, default_missing_value = "")]
    jmap: Option<String>,
    /// By JMAP the mailbox of this account, which others share with whoever signs in
    #[arg(long, value_name = "NAME", requires = "jmap")]
    account: Option<String>,
    /// How that connection is protected
    #[arg(long, value_enum, default_value = "tls")]
    imap_security: Protection,
    /// Where mail is handed in [default: the same server; default port: 465 for TLS, else 587]
    #[arg(long, value_name = "HOST[:PORT]")]
    smtp: Option<String>,
    /// How that connection is protected
    #[arg(long, value_enum, default_value = "tls")]
    smtp_security: Protection,
    /// Who signs in, where that is not the address
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    #[command(flatten)]
    secret: ask::SecretArgs,
    /// Signs in by OAuth 2 instead, with what `connect issuer` set up under this name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["password_file", "token_file", "untested"])]
    sign_in: Option<String>,
    /// Only this folder, by the server's name; may be given several times. Without it the usual ones
    #[arg(long = "folder", value_name = "NAME")]
    folders: Vec<String>,
    /// A certificate of the firm's own authority, or of its own server (PEM)
    #[arg(long, value_name = "FILE")]
    authority: Option<PathBuf>,
    /// The servers may be on this machine or in a private network
    #[arg(long)]
    private_network: bool,
    /// Text that is put under what is sent from here
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
    /// The server puts a copy of what is sent into the folder of sent mail by itself
    #[arg(long)]
    server_keeps_copy: bool,
    /// Connects it without signing in first
    #[arg(long)]
    untested: bool,
    /// It may be connected already, and is reached so from now on
    #[arg(long)]
    again: bool,
    /// The zone of the firm, where this makes it
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
}

pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let zone = match &args.what {
        What::Add(add) => add.zone.clone(),
        _ => None,
    };
    let config = place.config(Flags { zone, ..Flags::default() })?;
    let said = open::runtime()?.block_on(async {
        match &args.what {
            What::Add(add) => self::add(add, &config).await,
            What::List(list) => list::list(list, &config).await,
            What::Test(named) => test(named, &config).await,
            What::Login(login) => self::login(login, &config).await,
            What::SignIn(args) => sign_in::again(args, &config).await,
            What::Issuer(args) => issuer::issuer(args, &config).await,
            What::Remove(named) => remove(named, &config).await,
            What::RotateKey => rotate::rotate(&config).await,
        }
    })?;
    std::io::stdout().write_all(said.as_bytes()).context("writing to standard output")
}

/// The keys of this installation.
pub(super) fn keys(config: &Config, make: bool) -> Result<Keys> {
    let folder = config.database.value.is_none().then_some(config.data.value.as_path());
    Ok(Keys::find(folder, |name| std::env::var(name).ok(), make)?)
}

/// The connection that is asked for; how it signs in is not known yet.
fn wanted(args: &AddArgs, config: &Config, now: Timestamp) -> Result<Connection> {
    let (fetch_by, send_by, server_keeps_copy) = args.servers()?;
    Ok(Connection {
        id: MailboxId(0),
        user: args.user.clone().unwrap_or_else(|| args.address.clone()),
        address: args.address.trim().to_lowercase(),
        fetch_by,
        send_by,
        kind: SecretKind::Password,
        secret: SealedSecret(Vec::new()),
        oauth: None,
        signed_in: Some(now),
        authority: ask::text(args.authority.as_deref())?,
        reach: config.reach(args.private_network),
        folders: (!args.folders.is_empty()).then(|| args.folders.clone()),
        signature: ask::text(args.signature.as_deref())?,
        keeps_copy: !(server_keeps_copy || args.server_keeps_copy),
        paused: false,
        health: Health::default(),
    })
}

async fn add(args: &AddArgs, config: &Config) -> Result<String> {
    let (db, firm) = super::import::open_or_make(config).await?;
    let keys = keys(config, true)?;
    let now = clock::now();
    let by = By::Operator { again: args.again };
    let mut connection = wanted(args, config, now)?;
    may_be_connected(&mut db.read().await?, firm.id, by, &connection.address).await?;
    let (secret, really) = match &args.sign_in {
        Some(name) => {
            let issuer = sign_in::chosen(&db, &firm, Some(name), None).await?;
            let held = sign_in::obtain(&firm, &keys, &issuer, &sign_in::For::mailbox(&connection)).await?;
            (connection.kind, connection.oauth) = (SecretKind::OAuth, Some(issuer.id));
            (held.text()?, held.access())
        }
        None => {
            let (secret, kind) = args.secret.read(&args.address)?;
            connection.kind = kind;
            (secret.clone(), secret)
        }
    };
    let mut said = String::new();
    if !args.untested {
        said = try_out(&connection, &connection.login(really)).await?;
    }
    let decider = open::decider(&db, firm.id, config).await?;
    let mut tx = changes::begin(&db, firm.id, Durability::Act).await?;
    may_be_connected(&mut tx, firm.id, by, &connection.address).await?;
    let mut book = AddressBook::default();
    book.refresh(&mut tx, firm.id).await?;
    let number = book.number(AddressKind::Email, &connection.address, "");
    book.save(&mut tx, firm.id).await?;
    let owner = open::staff(&mut tx, firm.id, &connection.address).await.ok();
    connection.id = sources::mailbox(&mut tx, firm.id, &connection.address, Some(number), owner, now).await?;
    connection.secret = keys.seal(firm.id, connection.id, &secret)?;
    store::save(&mut tx, firm.id, &connection, now).await?;
    audit::note(&mut tx, firm.id, decider, "connected", &connection.address, now).await?;
    // Who sees whom nobody has placed in it may be others now.
    changes::note_everything(&mut tx, firm.id).await?;
    tx.commit().await?;
    db.close().await;
    said.push_str(&format!("{} is connected. Fetch it: regard sync\n", connection.address));
    Ok(said)
}

/// Signs in to both servers; says what is there.
async fn try_out(connection: &Connection, login: &Login) -> Result<String> {
    let folders = trial::sign_in(connection, login, &Limits::default()).await?;
    let mut said = String::from("Signed in to fetch and to send. Folders:\n");
    let wanted = connection.wanted(&folders);
    for folder in folders.iter().filter(|folder| folder.holds_mail) {
        let fetched = wanted.contains(&folder);
        said.push_str(&format!("  {} {}\n", if fetched { "+" } else { "-" }, folder.label));
    }
    let is_there = |name: &String| folders.iter().any(|folder| folder.is_among(std::slice::from_ref(name)));
    if let Some(missing) = connection.folders.iter().flatten().find(|name| !is_there(name)) {
        let all: Vec<&str> =
            folders.iter().filter(|folder| folder.holds_mail).map(|folder| &*folder.label).collect();
        bail!("there is no folder {missing}; there are {}", all.join(", "));
    }
    said.push_str("Those with + are fetched.\n");
    Ok(said)
}

/// The connected mailbox with this address.
pub(super) async fn named(db: &Db, firm: &Firm, address: &str) -> Result<Connection> {
    let all = store::all(&mut db.read().await?, firm.id).await?;
    let found = all.into_iter().find(|connection| connection.address.eq_ignore_ascii_case(address.trim()));
    found.with_context(|| format!("{address} is not connected; `regard connect list` lists those that are"))
}

async fn test(args: &Named, config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let connection = named(&db, &firm, &args.address).await?;
    let (keys, limits) = (keys(config, false)?, Limits::default());
    let signer = Signer { db: &db, firm: firm.id, keys: &keys, limits: &limits, now: &clock::now };
    let login = signer.login(&connection).await?;
    try_out(&connection, &login).await
}

async fn login(args: &LoginArgs, config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let connection = named(&db, &firm, &args.address).await?;
    let keys = keys(config, true)?;
    let (secret, kind) = args.secret.read(&connection.address)?;
    let mut connection = Connection { kind, oauth: None, ..connection };
    try_out(&connection, &connection.login(secret.clone())).await?;
    let mut tx = db.write(Durability::Act).await?;
    // Sealed in the transaction: the key may be changed before it.
    connection.secret = keys.seal(firm.id, connection.id, &secret)?;
    store::signed_in(&mut tx, firm.id, &connection, clock::now()).await?;
    tx.commit().await?;
    db.close().await;
    Ok(format!("Signed in; {} is fetched again.\n", connection.address))
}

async fn remove(args: &Named, config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let connection = named(&db, &firm, &args.address).await?;
    let by = open::decider(&db, firm.id, config).await?;
    let mut tx = db.write(Durability::Act).await?;
    store::remove(&mut tx, firm.id, connection.id).await?;
    audit::note(&mut tx, firm.id, by, "disconnected", &connection.address, clock::now()).await?;
    changes::note_everything(&mut tx, firm.id).await?;
    tx.commit().await?;
    db.close().await;
    Ok(format!("{} is connected no more. What was fetched stays in the record.\n", connection.address))
}
