//! `regard demo`: the web app, or the report of a scan, on a bundled sample firm.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result, bail};
use jiff::civil::time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use tokio::runtime::Runtime;
use wire::mail::sources;

use super::serve::{self, Listen};
use super::{open, options, scan};
use crate::access::Access;
use crate::app::Handles;
use crate::clock::{self, Clock};
use crate::config::BATCH;
use crate::db::{Db, Durability, Location};
use crate::firm::{self, Firm};
use crate::ids::{FirmId, StaffId};
use crate::intake::import::{self, Watch};
use crate::intake::settle::settle;
use crate::report::findings::Moment;
use crate::set_up::sample;
use crate::staff;

/// Opens the web app on a sample firm: a small law firm with nine months of mail, calls and lists, dated up to today.
///
/// The firm is invented, and the same on every machine for the same day. Its files stay in the folder, so that every
/// other command can be tried on them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard demo\n  regard demo --report\n  regard demo --to ~/sample-firm --html report.html"
)]
pub(super) struct Args {
    /// The folder to put the firm's files in, in a folder of its own for each day
    #[arg(long, value_name = "DIR", default_value = "regard-sample")]
    to: PathBuf,
    /// The moment at which the question is asked (RFC 3339); without it now, or 09:00 today if that is later
    #[arg(long, value_name = "MOMENT")]
    now: Option<String>,
    /// Prints the report of a scan, and opens no app
    #[arg(long)]
    report: bool,
    /// Prints one JSON object instead of the report, and opens no app
    #[arg(long)]
    json: bool,
    /// Writes the report as a self-contained page, and opens no app
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    #[command(flatten)]
    listen: Listen,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<()> {
    let zone = TimeZone::get(sample::ZONE).context("looking up the sample firm's zone")?;
    let asked = moment(args, &zone)?;
    let folder = args.to.join(asked.date().to_string());
    sample::write(&folder, asked.date(), &zone)?;
    if args.report || args.json || args.html.is_some() {
        return report(args, &folder, &asked);
    }
    if !args.listen.listen.ip().is_loopback() {
        bail!(
            "the sample firm is open without a password, so it listens on this machine only, not on {}",
            args.listen.listen
        );
    }
    let runtime = open::runtime()?;
    let stop = open::stop_flag(&runtime, open::STOPPING)?;
    let (db, firm) = record(&runtime, &folder, asked.timestamp(), &stop)?;
    runtime.block_on(async {
        let guest = owner(&db, firm).await?;
        let app = Handles::new(db, Clock::starting_at(asked.timestamp()), Some((firm, guest)));
        app.works.keep_in(std::path::absolute(folder.join("handed-in"))?);
        serve::serve(app, args.listen.listen, stop, "/today").await
    })
}

/// The moment that the sample firm lives in: its mail is dated up to nine in the morning.
fn moment(args: &Args, zone: &TimeZone) -> Result<Zoned> {
    let now = options::now(args.now.as_deref())?.to_zoned(zone.clone());
    if args.now.is_some() {
        return Ok(now);
    }
    let nine = now.date().to_datetime(time(9, 0, 0, 0)).to_zoned(zone.clone())?;
    Ok(if args.report || args.json || args.html.is_some() || now < nine { nine } else { now })
}

fn report(args: &Args, folder: &Path, asked: &Zoned) -> Result<()> {
    let list = |name: &str| Some(folder.join(name));
    scan::run(&scan::Args {
        paths: vec![folder.join("mail")],
        staff: list("staff.csv"),
        clients: list("clients.csv"),
        contacts: list("contacts.csv"),
        matters: list("matters.csv"),
        absences: list("absences.csv"),
        calls: vec![folder.join("calls.csv")],
        standards: list("firm.toml"),
        zone: None,
        now: Some(Moment(asked.clone()).to_string()),
        json: args.json,
        html: args.html.clone(),
    })
}

/// Opens the sample firm's record; made from its files where it is not there, or was not finished.
fn record(runtime: &Runtime, folder: &Path, now: Timestamp, stop: &Arc<AtomicBool>) -> Result<(Db, FirmId)> {
    let db = runtime.block_on(Db::open(&Location::Folder(folder.join("record"))))?;
    if let Some(firm) = runtime.block_on(open::first_firm(&db))?
        && runtime.block_on(owner(&db, firm.id)).is_ok()
    {
        return Ok((db, firm.id));
    }
    eprintln!("Reading the mail of the sample firm …");
    let mut firm = Firm::new(sample::ZONE.to_owned());
    sample::apply(folder, &mut firm)?;
    let zone = TimeZone::get(&firm.zone).context("looking up the sample firm's zone")?;
    runtime.block_on(async {
        let mut tx = db.write(Durability::Act).await?;
        firm::store::save(&mut tx, &firm, now).await?;
        tx.commit().await?;
        sample::enlist_all(&db, firm.id, folder, &zone, staff::SOMEBODY, now).await
    })?;
    let found = sources(&[std::path::absolute(folder.join("mail"))?]).sources;
    let (changed, _) = runtime.block_on(import::changed(&db, firm.id, &found))?;
    let watch = Watch { stop, progress: &|_, _| {}, batch: BATCH };
    import::mail(runtime.handle(), &db, firm.id, &changed, &firm.calendar()?, now, &watch)?;
    runtime.block_on(async {
        settle(&db, firm.id, now).await?;
        make_owner(&db, firm.id).await
    })?;
    Ok((db, firm.id))
}

/// The first of the sample firm's people may do everything in it.
async fn make_owner(db: &Db, firm: FirmId) -> Result<()> {
    let mut tx = db.write(Durability::Act).await?;
    let mut people = staff::store::all(&mut tx, firm).await?;
    people.sort_by_key(|person| person.id);
    let mut first = people.into_iter().next().context("the sample firm has no people")?;
    first.access = Access::Owner.name().to_owned();
    staff::store::save(&mut tx, firm, &first, clock::now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Who is signed in to the sample firm.
async fn owner(db: &Db, firm: FirmId) -> Result<StaffId> {
    let people = staff::store::all(&mut db.read().await?, firm).await?;
    let owner = people.iter().find(|person| Access::named(&person.access) == Access::Owner);
    Ok(owner.context("the sample firm has no owner")?.id)
}
