//! `regard subscribe add`.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::ValueEnum;
use wire::http::Address;
use wire::net::{Limits, Secret};

use super::sign_in_to;
use crate::cli::connect::{self, ask, sign_in};
use crate::cli::{open, options};
use crate::clock;
use crate::config::Config;
use crate::db::Durability;
use crate::ids::{StaffId, SubscriptionId};
use crate::record::audit;
use crate::subscriptions::{self, Kind, Subscription, store, trial};

#[derive(Debug, Clone, Copy, ValueEnum)]
enum WhatKind {
    /// A calendar at an address (iCalendar)
    Feed,
    /// The calendars of an account (CalDAV)
    Caldav,
    /// The address books of an account (CardDAV)
    Carddav,
}

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its address; of an account the name of its server is enough
    #[arg(value_name = "ADDRESS")]
    address: String,
    /// Whose it is
    #[arg(long, value_name = "EMAIL")]
    of: String,
    /// What it is
    #[arg(long, value_enum, default_value = "feed")]
    kind: WhatKind,
    /// What it is called [default: the server's name]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Who signs in; for accounts, except with --sign-in
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    #[command(flatten)]
    secret: ask::SecretArgs,
    /// Signs in by OAuth 2 instead, with what `connect issuer` set up under this name; for accounts
    #[arg(long, value_name = "NAME", conflicts_with_all = ["password_file", "token_file"])]
    sign_in: Option<String>,
    /// Its whole days are days on which the firm is closed, and nothing else in it counts
    #[arg(long)]
    public_holidays: bool,
    /// A certificate of the firm's own authority, or of its own server (PEM)
    #[arg(long, value_name = "FILE")]
    authority: Option<PathBuf>,
    /// The server may be on this machine or in a private network
    #[arg(long)]
    private_network: bool,
}

impl Args {
    /// What is to be followed, and its whole address; how it signs in is not known yet.
    fn wanted(&self, staff: StaffId, config: &Config) -> Result<(Subscription, Address)> {
        let kind = match self.kind {
            WhatKind::Feed => Kind::Feed,
            WhatKind::Caldav => Kind::Calendars,
            WhatKind::Carddav => Kind::AddressBooks,
        };
        let address = match Address::parse(&self.address) {
            Ok(address) => address,
            Err(words) => bail!(options::WrongUsage::new(format!("{:?} {words}", self.address))),
        };
        if kind == Kind::Feed && self.sign_in.is_some() {
            bail!(options::WrongUsage::new("--sign-in is for accounts: --kind caldav or carddav".to_owned()));
        }
        if kind != Kind::Feed && self.sign_in.is_none() && self.user.is_none() {
            bail!(options::WrongUsage::new("an account needs --user NAME, or --sign-in".to_owned()));
        }
        let name = self.name.clone().unwrap_or_else(|| address.host());
        let place = if kind == Kind::Feed { address.shown() } else { address.reveal().to_owned() };
        let new = Subscription {
            user: self.user.clone().unwrap_or_default(),
            authority: ask::text(self.authority.as_deref())?,
            reach: config.reach(self.private_network),
            closes: self.public_holidays,
            ..Subscription::new(staff, kind, name, place)
        };
        Ok((new, address))
    }
}

pub(super) async fn add(args: &Args, config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let keys = connect::keys(config, true)?;
    let owner = open::staff(&mut db.read().await?, firm.id, &args.of).await?;
    let now = clock::now();
    let (mut new, address) = args.wanted(owner, config)?;
    // Of a feed the address is the key.
    let (secret, really) = match (new.kind.purpose(), &args.sign_in) {
        (Some(_), Some(name)) => {
            let issuer = sign_in::chosen(&db, &firm, Some(name), None).await?;
            sign_in_to(&firm, &keys, &issuer, &mut new).await?
        }
        (Some(_), None) => {
            let (secret, signs_in) = args.secret.read(&new.user)?;
            new.signs_in = signs_in;
            (secret.clone(), secret)
        }
        (None, _) => (Secret::new(address.reveal()), Secret::new(address.reveal())),
    };
    let looked = trial::look(&new, &really, Limits::default()).await;
    let folders = looked.map_err(|failure| failure.told("it", "was not read"))?;
    let mut tx = db.write(Durability::Act).await?;
    new.id = SubscriptionId(tx.new_id());
    new.secret = subscriptions::seal(&keys, firm.id, new.id, &secret)?;
    store::add(&mut tx, firm.id, &new, now).await?;
    for folder in &folders {
        store::folder(&mut tx, firm.id, new.id, folder).await?;
    }
    let by = open::decider(&db, firm.id, config).await?;
    audit::note(&mut tx, firm.id, by, "subscribed", &new.place, now).await?;
    tx.commit().await?;
    db.close().await;
    let holds: Vec<&str> = folders.iter().map(|folder| folder.name.as_str()).collect();
    let holds = if holds.is_empty() { String::new() } else { format!(" It holds: {}.", holds.join(", ")) };
    Ok(format!(
        "{} was read and is followed from now on.{holds} Take in what it tells: regard sync\n",
        new.name
    ))
}
