//! `regard import`: mail, calls and the firm's own lists into the record.

mod calendar;
mod list;
mod mail;

use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use clap::Subcommand;
use jiff::tz::TimeZone;
use wire::calls::Columns;

use super::open::{self, Place};
use crate::clock;
use crate::config::{Config, Flags};
use crate::db::{Db, Durability};
use crate::firm::settings::Settings;
use crate::firm::{self, Firm};
use crate::intake::enlist::List;
use crate::record::project;

/// Brings mail, calls and lists into the record; into an empty folder it makes the firm.
///
/// Importing again is safe: what is there already is not added twice, and files that have not changed are passed
/// over. An import that was stopped goes on where it stopped.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard import mail ~/Mail --zone Europe/London\n  regard import clients clients.csv\n  regard import mail backup.tar.zst --data /srv/regard --json"
)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Mailboxes: mbox files, Maildirs, message files (.eml), folders and tar archives of these, also .gz and .zst
    #[command(after_help = "Example:\n  regard import mail ~/Mail /srv/old-mail.tar.zst")]
    Mail(Paths),
    /// The clients: client_id,name,kind,since,tier,point_person,annual_revenue,
    /// why_came,circumstances,expectations,channel,heard_of_us
    #[command(after_help = "Example:\n  regard import clients clients.csv")]
    Clients(Paths),
    /// The people there: client_id,name,email,phone; or cards of an address book (.vcf)
    #[command(
        after_help = "Example:\n  regard import contacts contacts.csv\n  regard import contacts address-book.vcf\n\nCards (vCard 2.1, 3.0, 4.0) of people who seem to be of a client are proposed in the web app, under Clients;\nof everybody else nothing is kept."
    )]
    Contacts(Paths),
    /// Who works in the firm: name,email,role,phone
    #[command(after_help = "Example:\n  regard import staff staff.csv")]
    Staff(Paths),
    /// Pieces of work: matter_id,client_id,name,kind,handler,opened,closed
    #[command(after_help = "Example:\n  regard import matters matters.csv")]
    Matters(Paths),
    /// Telephone calls: Asterisk's Master.csv, or time,from,to,direction,answered,seconds
    #[command(
        after_help = "Example:\n  regard import calls Master.csv --zone Europe/London\n  regard import calls calls.csv --columns time=Date+Time,from=Caller,to=Called,seconds=Duration,dates=dmy"
    )]
    Calls(Calls),
    /// Who is away: email,from,to,cover
    #[command(after_help = "Example:\n  regard import absences absences.csv")]
    Absences(Paths),
    /// Calendars (.ics): meetings with clients, who is away, and with --public-holidays when the firm is closed
    #[command(
        after_help = "Example:\n  regard import calendar amy.ics --of amy@firm.example\n  regard import calendar uk-holidays.ics --public-holidays"
    )]
    Calendar(calendar::Args),
    /// Who left, and why: client_id,noticed,left,reason,evidence,words
    #[command(
        after_help = "Example:\n  regard import departures departures.csv\n\nreason: died, moved, friend, competitor, dissatisfied, felt_forgotten, or nothing where it is not known;\nevidence: said (the client said so) or think (we think so)."
    )]
    Departures(Paths),
}

/// What an import of calls takes.
#[derive(Debug, clap::Args)]
struct Calls {
    #[command(flatten)]
    paths: Paths,
    /// What the list calls our columns: time, from, to, direction, answered, seconds, voicemail, mailbox_full. By name, or
    /// by number where it has no header row; without it as it is set under Settings, Telephone
    #[arg(long, value_name = "OURS=THEIRS,…")]
    columns: Option<Columns>,
}

/// What every import takes.
#[derive(Debug, clap::Args)]
struct Paths {
    /// What to import
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The zone of the firm when it is made, and of calls, such as Europe/London; without it the machine's
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Name, zone, currency, hours, holidays and standards of the firm, as TOML
    #[arg(long, value_name = "FILE")]
    firm: Option<PathBuf>,
    /// Imports the rows that are right and lists the wrong ones, instead of importing nothing of such a file
    #[arg(long)]
    skip_bad: bool,
    /// Prints one JSON object instead of words
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let (list, paths) = match &args.what {
        What::Mail(paths) => return mail::run(paths, &paths.config(place)?),
        What::Clients(paths) => (List::Clients, paths),
        What::Contacts(paths) => (List::Contacts, paths),
        What::Staff(paths) => (List::Staff, paths),
        What::Matters(paths) => (List::Matters, paths),
        What::Calls(args) => {
            let paths = &args.paths;
            return list::run(List::Calls, paths, args.columns.as_ref(), &paths.config(place)?);
        }
        What::Absences(paths) => (List::Absences, paths),
        What::Departures(paths) => (List::Departures, paths),
        What::Calendar(args) => return calendar::run(args, &args.paths.config(place)?),
    };
    list::run(list, paths, None, &paths.config(place)?)
}

impl Paths {
    fn config(&self, place: &Place) -> Result<Config> {
        place.config(Flags { zone: self.zone.clone(), ..Flags::default() })
    }

    /// The zone of times that name none: as told, else the firm's.
    fn zone_of(&self, firm: &Firm) -> Result<TimeZone> {
        match &self.zone {
            Some(name) => super::options::zone(Some(name)),
            None => {
                TimeZone::get(&firm.zone).map_err(|_| anyhow!("the firm's zone {} is not known", firm.zone))
            }
        }
    }

    /// Opens the record and its firm, which is made where there is none. What `--firm` says is stored.
    async fn open(&self, config: &Config) -> Result<(Db, Firm)> {
        let settings = self.firm.as_deref().map(Settings::read).transpose()?;
        let zone = settings.as_ref().and_then(|s| s.zone.as_deref()).or(config.zone.value.as_deref());
        let zone = zone_name(zone)?;
        let db = Db::open(&config.location()).await?;
        let known = open::first_firm(&db).await?;
        let is_new = known.is_none();
        let mut firm = known.unwrap_or_else(|| Firm::new(zone.clone()));
        if let Some(settings) = &settings {
            settings.apply(&mut firm)?;
        }
        if is_new || settings.is_some() {
            let mut tx = db.write(Durability::Act).await?;
            firm::store::save(&mut tx, &firm, clock::now()).await?;
            project::mark_behind(&mut tx, firm.id, true).await?;
            tx.commit().await?;
        }
        Ok((db, firm))
    }
}

/// Opens the record and its firm, which is made where there is none.
pub(super) async fn open_or_make(config: &Config) -> Result<(Db, Firm)> {
    let db = Db::open(&config.location()).await?;
    if let Some(firm) = open::first_firm(&db).await? {
        return Ok((db, firm));
    }
    let firm = Firm::new(zone_name(config.zone.value.as_deref())?);
    let mut tx = db.write(Durability::Act).await?;
    firm::store::save(&mut tx, &firm, clock::now()).await?;
    tx.commit().await?;
    Ok((db, firm))
}

/// The IANA name of a zone; without one, of the machine's.
fn zone_name(name: Option<&str>) -> Result<String> {
    let zone = super::options::zone(name)?;
    match zone.iana_name() {
        Some(name) => Ok(name.to_owned()),
        None if zone == TimeZone::UTC || zone.is_unknown() => Ok("UTC".to_owned()),
        None => {
            Err(anyhow!("the machine's time zone has no name; say which is the firm's: --zone Europe/London"))
        }
    }
}

/// Paths as they are wherever the command is run from.
fn absolute(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let all: std::io::Result<Vec<PathBuf>> = paths.iter().map(std::path::absolute).collect();
    match all {
        Ok(all) => Ok(all),
        Err(error) => bail!("a path cannot be made out: {error}"),
    }
}
