//! `regard connect issuer`: servers that give tokens, and as whom the firm asks them.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Subcommand, ValueEnum};

use super::{ask, keys, open};
use crate::clock;
use crate::config::Config;
use crate::db::{Durability, Tx};
use crate::ids::FirmId;
use crate::mailboxes::oauth::{Issuer, store, users};
use crate::mailboxes::provider::Provider;
use crate::settings::issuers::{self, By, Change, NewIssuer, NewSecret};

#[derive(Debug, clap::Args)]
pub(super) struct IssuerArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Sets one up, with the firm's own id
    #[command(
        after_help = "Example:\n  regard connect issuer add microsoft --client-id 0b6e… --client-secret-file secret"
    )]
    Add(Box<AddArgs>),
    /// Lists them
    #[command(after_help = "Example:\n  regard connect issuer list")]
    List,
    /// Gives one a new secret, or changes what else is known of it; nobody has to sign in again, but with another client id
    #[command(
        after_help = "Example:\n  regard connect issuer change Microsoft --client-secret-file new-secret"
    )]
    Change(Box<ChangeArgs>),
    /// Forgets one that signs in to nothing
    #[command(after_help = "Example:\n  regard connect issuer remove Microsoft")]
    Remove {
        /// What it is called
        #[arg(value_name = "NAME")]
        name: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Whose {
    Google,
    Microsoft,
    Fastmail,
    Other,
}

#[derive(Debug, clap::Args)]
struct AddArgs {
    /// Whose accounts it opens
    #[arg(value_enum)]
    whose: Whose,
    /// The firm's own id there
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// Reads the secret that goes with it from the first line of this file; - is standard input
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// What people know it by; needed for another server
    #[arg(long, default_value = "")]
    name: String,
    /// Where a person says yes; needed for another server
    #[arg(long, value_name = "URL", default_value = "")]
    authorize: String,
    /// Where tokens are given; needed for another server
    #[arg(long, value_name = "URL", default_value = "")]
    token: String,
    /// Where short codes are given
    #[arg(long, value_name = "URL", default_value = "")]
    device: String,
    /// What is asked for to fetch and send mail, with blanks between; needed for another server
    #[arg(long, default_value = "")]
    scopes: String,
    /// What is asked for to read and write calendars (CalDAV)
    #[arg(long, value_name = "SCOPES", default_value = "")]
    calendar_scopes: String,
    /// What is asked for to read address books (CardDAV)
    #[arg(long, value_name = "SCOPES", default_value = "")]
    contact_scopes: String,
}

#[derive(Debug, clap::Args)]
struct ChangeArgs {
    /// What it is called
    #[arg(value_name = "NAME")]
    known: String,
    /// Reads its new secret from the first line of this file; - is standard input
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// It has no secret any more
    #[arg(long, conflicts_with = "client_secret_file")]
    no_client_secret: bool,
    /// The firm's own id there; with another everybody signs in again
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// What people know it by
    #[arg(long)]
    name: Option<String>,
    /// What is asked for to fetch and send mail, with blanks between, from whoever signs in from now on
    #[arg(long)]
    scopes: Option<String>,
    /// What is asked for to read and write calendars (CalDAV)
    #[arg(long, value_name = "SCOPES")]
    calendar_scopes: Option<String>,
    /// What is asked for to read address books (CardDAV)
    #[arg(long, value_name = "SCOPES")]
    contact_scopes: Option<String>,
}

/// Servers that give tokens.
pub(super) async fn issuer(args: &IssuerArgs, config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let (firm, staff) = (firm.id, open::decider(&db, firm.id, config).await?);
    let said = match &args.what {
        What::Add(add) => {
            let (keys, new) = (keys(config, true)?, add.read()?);
            let mut tx = db.write(Durability::Act).await?;
            let by = By { firm, staff, keys: &keys, now: clock::now() };
            let issuer = issuers::add(&mut tx, &by, &new).await?;
            tx.commit().await?;
            format!(
                "{} is kept, for {}. Sign in: regard connect add EMAIL --sign-in {0:?}, regard subscribe add ADDRESS \
                 --sign-in {0:?}\n",
                issuer.name,
                issuer.opens()
            )
        }
        What::List => list(&mut db.read().await?, firm).await?,
        What::Change(change) => {
            let keys = keys(config, true)?;
            let secret = change.secret()?;
            let mut tx = db.write(Durability::Act).await?;
            let known = named(&mut tx, firm, &change.known).await?;
            let by = By { firm, staff, keys: &keys, now: clock::now() };
            let changed = issuers::change(&mut tx, &by, known.id, change.of(&known, secret)).await?;
            tx.commit().await?;
            format!("{}\n", changed.words())
        }
        What::Remove { name } => {
            let mut tx = db.write(Durability::Act).await?;
            let known = named(&mut tx, firm, name).await?;
            issuers::remove(&mut tx, (firm, staff), known.id, clock::now()).await?;
            tx.commit().await?;
            format!("{name} is forgotten.\n")
        }
    };
    db.close().await;
    Ok(said)
}

async fn list(tx: &mut Tx, firm: FirmId) -> Result<String> {
    let mut lines = String::new();
    for issuer in store::issuers(tx, firm).await? {
        let trouble = users::trouble(tx, firm, issuer.id).await?;
        let wrong = trouble.map(|trouble| format!("  {}\n", trouble.words)).unwrap_or_default();
        let opens = issuer.opens();
        lines +=
            &format!("{}\n  {}, as {}, for {opens}\n{wrong}", issuer.name, issuer.token, issuer.client_id);
    }
    Ok(if lines.is_empty() { "None is set up.\n".to_owned() } else { lines })
}

async fn named(tx: &mut Tx, firm: FirmId, name: &str) -> Result<Issuer> {
    let all = store::issuers(tx, firm).await?;
    all.into_iter().find(|issuer| issuer.name == name).with_context(|| format!("no sign-in is called {name}"))
}

impl AddArgs {
    fn read(&self) -> Result<NewIssuer> {
        let provider = match self.whose {
            Whose::Google => Provider::Google,
            Whose::Microsoft => Provider::Microsoft,
            Whose::Fastmail => Provider::Fastmail,
            Whose::Other => Provider::Other,
        };
        let secret = self.client_secret_file.as_deref().map(ask::first_line).transpose()?;
        Ok(NewIssuer {
            name: self.name.clone(),
            provider: provider.name().to_owned(),
            client_id: self.client_id.clone(),
            secret: secret.map(|secret| secret.reveal().to_owned()).unwrap_or_default(),
            authorize: self.authorize.clone(),
            token: self.token.clone(),
            device: self.device.clone(),
            scopes: self.scopes.clone(),
            calendar_scopes: self.calendar_scopes.clone(),
            contact_scopes: self.contact_scopes.clone(),
        })
    }
}

impl ChangeArgs {
    /// What becomes of its secret.
    fn secret(&self) -> Result<NewSecret> {
        Ok(match (&self.client_secret_file, self.no_client_secret) {
            (Some(file), _) => NewSecret::Is(ask::first_line(file)?),
            (None, true) => NewSecret::Gone,
            (None, false) => NewSecret::Stays,
        })
    }

    /// What is not named stays as it is.
    fn of(&self, known: &Issuer, secret: NewSecret) -> Change {
        let mut change = Change { secret, ..Change::none(known) };
        let fields = [
            (&mut change.client_id, &self.client_id),
            (&mut change.name, &self.name),
            (&mut change.scopes, &self.scopes),
            (&mut change.calendar_scopes, &self.calendar_scopes),
            (&mut change.contact_scopes, &self.contact_scopes),
        ];
        for (field, wanted) in fields {
            if let Some(wanted) = wanted {
                wanted.clone_into(field);
            }
        }
        change
    }
}
