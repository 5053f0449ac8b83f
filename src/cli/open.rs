//! Opens the record for a command, and runs what is asked of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use tokio::runtime::Runtime;

use crate::config::{Config, Flags};
use crate::db::{Db, FILE, Location, Tx};
use crate::firm::{self, Firm};
use crate::ids::{FirmId, StaffId};
use crate::record::addresses;
use crate::staff;

/// Said where what is owed is behind the record.
pub(super) const BEHIND: &str = "what is owed does not know everything yet: an import was stopped, or this version of \
    the program is new to the record. Run the import again, or `regard refold`";

/// Where the record is; taken by every command, before or after its name.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Place {
    /// The folder of the record [default: ./regard-data]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Where the record is")]
    pub(super) data: Option<PathBuf>,
    /// A PostgreSQL database, postgres://user:password@host/name, instead of the folder
    #[arg(
        long,
        global = true,
        value_name = "URL",
        help_heading = "Where the record is",
        conflicts_with = "data"
    )]
    pub(super) database: Option<String>,
}

impl Place {
    /// The settings, with what this command adds.
    pub(super) fn config(&self, flags: Flags) -> Result<Config> {
        let flags = Flags { data: self.data.clone(), database: self.database.clone(), ..flags };
        Config::read(flags, |name| std::env::var(name).ok())
    }
}

/// What runs the database work of a command.
pub(super) fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("starting the threads of the program")
}

/// Opens a record that must be there, with its firm.
pub(super) async fn existing(config: &Config) -> Result<(Db, Firm)> {
    let location = config.location();
    if let Location::Folder(folder) = &location
        && !folder.join(FILE).exists()
    {
        bail!(
            "there is no record in {}. Make one with `regard import mail PATH --data {0}`, or name another folder with --data",
            folder.display()
        );
    }
    let db = Db::open(&location).await?;
    let Some(firm) = first_firm(&db).await? else {
        bail!("{} holds no firm yet. Make one with `regard import mail PATH`", db.place());
    };
    Ok((db, firm))
}

/// The firm of this database, where there is one.
pub(super) async fn first_firm(db: &Db) -> Result<Option<Firm>> {
    let mut tx = db.read().await?;
    Ok(firm::store::all(&mut tx).await?.into_iter().next())
}

/// The person of the firm with this mail address or name.
pub(super) async fn staff(tx: &mut Tx, firm: FirmId, text: &str) -> Result<StaffId> {
    let people = staff::store::all(tx, firm).await?;
    let address = addresses::find(tx, firm, text).await?;
    let has = |person: &&staff::Person| {
        address.is_some_and(|address| person.addresses.contains(&address))
            || person.name.eq_ignore_ascii_case(text)
    };
    match people.iter().find(has) {
        Some(person) => Ok(person.id),
        None => bail!("nobody of the firm has the address {text}; `regard import staff` tells who is who"),
    }
}

/// Who decides: whom `--by`, a variable or the settings name, else somebody who did not say.
pub(super) async fn decider(db: &Db, firm: FirmId, config: &Config) -> Result<StaffId> {
    match &config.by.value {
        Some(text) => staff(&mut db.read().await?, firm, text).await,
        None => Ok(staff::SOMEBODY),
    }
}

/// What is said to whoever stops a reading.
pub(super) const AFTER_THIS_BATCH: &str = "stopping after this batch; the next run goes on there";
/// What is said to whoever stops what goes on by itself: nothing there has an end to reach.
pub(super) const STOPPING: &str = "stopping";

/// Set when the person asks to stop (Ctrl-C, or a polite kill), who is told these words. Asked twice, the program ends at
/// once.
pub(super) fn stop_flag(runtime: &Runtime, words: &'static str) -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let _inside = runtime.enter();
    let mut asked = Asked::listen().context("listening for Ctrl-C")?;
    runtime.spawn(async move {
        loop {
            asked.again().await;
            if flag.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
            eprintln!("regard: {words}");
        }
    });
    Ok(stop)
}

/// Hears when somebody asks the program to stop.
#[cfg(unix)]
struct Asked {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Asked {
    fn listen() -> std::io::Result<Asked> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Asked { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn again(&mut self) {
        let (interrupt, terminate) = (Box::pin(self.interrupt.recv()), Box::pin(self.terminate.recv()));
        futures_util::future::select(interrupt, terminate).await;
    }
}

/// Hears when somebody asks the program to stop.
#[cfg(not(unix))]
struct Asked(tokio::signal::windows::CtrlC);

#[cfg(not(unix))]
impl Asked {
    fn listen() -> std::io::Result<Asked> {
        tokio::signal::windows::ctrl_c().map(Asked)
    }

    async fn again(&mut self) {
        self.0.recv().await;
    }
}
