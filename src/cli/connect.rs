//! `regard connect`: mailboxes on servers.

pub(super) mod ask;
mod list;
mod sign_in;

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use wire::http::Address;
use wire::net::{Limits, Login, Reach, Security};

use super::open::{self, Place};
use crate::calls::hooks;
use crate::clock;
use crate::config::{Config, Flags};
use crate::db::{Db, Durability};
use crate::firm::Firm;
use crate::ids::MailboxId;
use crate::mailboxes::oauth::renew::Signer;
use crate::mailboxes::secret::{Keys, SealedSecret};
use crate::mailboxes::{
    Connection, FetchBy, Health, SecretKind, SendBy, Server, oauth, provider, store, trial,
};
use crate::record::addresses::{AddressBook, AddressKind};
use crate::record::{audit, sources};
use crate::subscriptions;

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
    Issuer(sign_in::IssuerArgs),
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
    #[arg(long, value_name = "HOST|URL", conflicts_with = "imap")]
    jmap: Option<String>,
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
            What::Issuer(args) => sign_in::issuer(args, &config).await,
            What::Remove(named) => remove(named, &config).await,
            What::RotateKey => rotate(&config).await,
        }
    })?;
    std::io::stdout().write_all(said.as_bytes()).context("writing to standard output")
}

/// The keys of this installation.
pub(super) fn keys(config: &Config, make: bool) -> Result<Keys> {
    let folder = config.database.value.is_none().then_some(config.data.value.as_path());
    Ok(Keys::find(folder, |name| std::env::var(name).ok(), make)?)
}

async fn add(args: &AddArgs, config: &Config) -> Result<String> {
    let (db, firm) = super::import::open_or_make(config).await?;
    let keys = keys(config, true)?;
    let (fetch_by, send_by, server_keeps_copy) = args.servers()?;
    let now = clock::now();
    let address = args.address.trim().to_lowercase();
    let mut connection = Connection {
        id: MailboxId(0),
        user: args.user.clone().unwrap_or_else(|| args.address.clone()),
        address,
        fetch_by,
        send_by,
        kind: SecretKind::Password,
        secret: SealedSecret(Vec::new()),
        oauth: None,
        signed_in: Some(now),
        authority: ask::text(args.authority.as_deref())?,
        reach: if args.private_network { Reach::Private } else { Reach::Public },
        folders: (!args.folders.is_empty()).then(|| args.folders.clone()),
        signature: ask::text(args.signature.as_deref())?,
        keeps_copy: !(server_keeps_copy || args.server_keeps_copy),
        paused: false,
        health: Health::default(),
    };
    let (secret, really) = match &args.sign_in {
        Some(name) => {
            let issuer = sign_in::chosen(&db, &firm, Some(name), None).await?;
            let held = sign_in::obtain(&firm, &keys, &issuer, &connection).await?;
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
    let mut tx = db.write(Durability::Act).await?;
    let mut book = AddressBook::default();
    book.refresh(&mut tx, firm.id).await?;
    let number = book.number(AddressKind::Email, &connection.address, "");
    book.save(&mut tx, firm.id).await?;
    let owner = open::staff(&mut tx, firm.id, &connection.address).await.ok();
    connection.id = sources::mailbox(&mut tx, firm.id, &connection.address, Some(number), owner, now).await?;
    connection.secret = keys.seal(firm.id, connection.id, &secret)?;
    store::save(&mut tx, firm.id, &connection, now).await?;
    let by = open::decider(&db, firm.id, config).await?;
    audit::note(&mut tx, firm.id, by, "connected", &connection.address, now).await?;
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
        bail!("there is no folder {missing}; the folders are listed by `regard connect test`\n{said}");
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
    connection.secret = keys.seal(firm.id, connection.id, &secret)?;
    let mut tx = db.write(Durability::Act).await?;
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
    tx.commit().await?;
    db.close().await;
    Ok(format!("{} is connected no more. What was fetched stays in the record.\n", connection.address))
}

/// Seals everything with a new key: in the data folder one that is made here; with `REGARD_KEY` the one that stands
/// there, while `REGARD_KEY_OLD` still opens.
async fn rotate(config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let in_file = config.database.value.is_none() && std::env::var("REGARD_KEY").is_err();
    let keys = match in_file {
        true => Keys::begin_change(&config.data.value)?,
        false => keys(config, false)?,
    };
    let mut tx = db.write(Durability::Act).await?;
    let all = store::all(&mut tx, firm.id).await?;
    for connection in &all {
        let secret = keys.open(firm.id, connection.id, &connection.secret)?;
        let sealed = keys.seal(firm.id, connection.id, &secret)?;
        store::reseal(&mut tx, firm.id, connection.id, &sealed).await?;
    }
    let mut sealed = all.len();
    for mut issuer in oauth::store::issuers(&mut tx, firm.id).await? {
        if let Some(secret) = &issuer.secret {
            let opened = keys.open(firm.id, MailboxId(issuer.id), secret)?;
            issuer.secret = Some(keys.seal(firm.id, MailboxId(issuer.id), &opened)?);
            oauth::store::save(&mut tx, firm.id, &issuer, clock::now()).await?;
            sealed += 1;
        }
    }
    for hook in hooks::all(&mut tx, firm.id).await? {
        let secret = SealedSecret(hook.secret.clone());
        let opened = keys.open(firm.id, MailboxId(hook.hook_id), &secret)?;
        let again = keys.seal(firm.id, MailboxId(hook.hook_id), &opened)?;
        hooks::reseal(&mut tx, firm.id, hook.hook_id, &again.0).await?;
        sealed += 1;
    }
    let followed = subscriptions::store::all(&mut tx, firm.id).await?;
    for one in &followed {
        let secret = subscriptions::open(&keys, firm.id, one)?;
        let sealed = subscriptions::seal(&keys, firm.id, one.id, &secret)?;
        subscriptions::store::reseal(&mut tx, firm.id, one.id, &sealed).await?;
    }
    tx.commit().await?;
    db.close().await;
    if in_file {
        Keys::end_change(&config.data.value)?;
    }
    let count = sealed + followed.len();
    Ok(format!("{count} sealed with the new key. The old one is of no use any more.\n"))
}

impl AddArgs {
    /// How it is reached, and whether the provider keeps a copy of what is sent by itself.
    fn servers(&self) -> Result<(FetchBy, SendBy, bool)> {
        if let Some(provider) = self.provider {
            let known = match provider {
                Provider::Google => provider::Provider::Google,
                Provider::Microsoft => provider::Provider::Microsoft,
                Provider::Fastmail => provider::Provider::Fastmail,
            };
            let known = known.servers(&self.address);
            let ways = (FetchBy::Imap(known.imap), SendBy::Smtp(known.smtp));
            return Ok((ways.0, ways.1, known.server_keeps_copy));
        }
        let port = |security| match security {
            Security::Tls => 465,
            _ => 587,
        };
        let smtp = |text: &str| server(text, self.smtp_security, port).map(SendBy::Smtp);
        if let Some(address) = &self.jmap {
            let wrong = |words| super::options::WrongUsage::new(format!("{address:?} {words}"));
            let fetch_by = FetchBy::Jmap(Address::parse(address).map_err(wrong)?);
            let send_by = self.smtp.as_deref().map_or(Ok(SendBy::Jmap), smtp)?;
            return Ok((fetch_by, send_by, false));
        }
        let imap = self.imap.as_deref().unwrap_or_default();
        let imap = server(imap, self.imap_security, |security| match security {
            Security::Tls => 993,
            _ => 143,
        })?;
        let send_by = smtp(self.smtp.as_deref().unwrap_or(&imap.host))?;
        Ok((FetchBy::Imap(imap), send_by, false))
    }
}

/// A server as it is written: `imap.firm.example`, `imap.firm.example:993`, `[::1]:993`.
fn server(text: &str, protection: Protection, port: impl Fn(Security) -> u16) -> Result<Server> {
    let security = match protection {
        Protection::Tls => Security::Tls,
        Protection::Starttls => Security::StartTls,
        Protection::Plain => Security::Plain,
    };
    let (host, given) = match text.rsplit_once(':') {
        Some((host, given)) if !host.contains(':') || host.ends_with(']') => (host, Some(given)),
        _ => (text, None),
    };
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c == '/' || c == '@') {
        bail!(super::options::WrongUsage::new(format!(
            "{text:?} is no server; give a name such as imap.firm.example"
        )));
    }
    let port = match given {
        None => port(security),
        Some(given) => given.parse().map_err(|_| {
            super::options::WrongUsage::new(format!("{given:?} is no port; give a number from 1 to 65535"))
        })?,
    };
    Ok(Server { host: host.to_owned(), port, security })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_as_people_write_them() {
        let read = |text| server(text, Protection::Tls, |_| 993).map(|s| (s.host, s.port)).ok();
        assert_eq!(read("imap.firm.example"), Some(("imap.firm.example".to_owned(), 993)));
        assert_eq!(read("imap.firm.example:1993"), Some(("imap.firm.example".to_owned(), 1993)));
        assert_eq!(read("[::1]:143"), Some(("[::1]".to_owned(), 143)));
        assert_eq!(read("imap.firm.example:x"), None);
        assert_eq!(read("https://imap.firm.example"), None);
        assert_eq!(read(""), None);
    }
}
