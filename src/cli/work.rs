//! `regard work`: what goes on in the background.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;
use tokio::sync::Mutex;
use tokio::time::sleep;
use wire::imap::{Session, Woken};
use wire::net::Limits;

use super::connect;
use super::open::{self, Place};
use crate::clock;
use crate::config::Flags;
use crate::db::Db;
use crate::firm::Firm;
use crate::ids::MailboxId;
use crate::intake::live::Live;
use crate::mailboxes::sync::{Failure, Fetcher};
use crate::mailboxes::{Connection, store};
use crate::outbox::send::Sender;

/// How often is looked for mailboxes that were connected meanwhile.
const LOOK_AROUND: Duration = Duration::from_secs(10);
/// How often is looked for mail that is due.
const TICK: Duration = Duration::from_secs(1);
/// How soon a stop is heard.
const HEAR: Duration = Duration::from_millis(200);
/// A server that fails is left alone for so long, twice as long each time, and at most for the second.
const PAUSE: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(300));

/// Fetches the connected mailboxes as mail arrives, and sends what is to be sent, until it is stopped.
///
/// Any number of these may run on one database; each mailbox is looked after by one of them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard work\n  regard work --database postgres://regard@db.firm.example/regard"
)]
pub(super) struct Args {
    /// How often a mailbox is fetched though its server tells of nothing new, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,
}

pub(super) fn run(args: &Args, place: &Place) -> Result<()> {
    let config = place.config(Flags::default())?;
    let runtime = open::runtime()?;
    let stop = open::stop_flag(&runtime)?;
    runtime.block_on(async {
        let (db, firm) = open::existing(&config).await?;
        let keys = connect::keys(&config, true)?;
        let live = Mutex::new(Live::new(&db, &firm)?);
        let holder = holder()?;
        let fetcher = Fetcher {
            db: &db,
            firm: &firm,
            live: &live,
            keys: &keys,
            limits: Limits::default(),
            stop: &stop,
            progress: &|_, _, _| {},
            now: &clock::now,
            holder: Some(holder),
        };
        let every = Duration::from_secs(args.every);
        let work = Work { db: &db, firm: &firm, fetcher: &fetcher, stop: &stop, every };
        eprintln!("regard: at work on {}; Ctrl-C ends it", db.place());
        let sender = Sender { fetcher: &fetcher, holder };
        let (fetched, sent) = futures_util::future::join(work.fetch_all(), work.send_all(&sender)).await;
        db.close().await;
        fetched.and(sent)
    })
}

/// A number that no other process has.
fn holder() -> Result<i64> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("no randomness: {e}"))?;
    Ok(i64::from_be_bytes(bytes) | 1)
}

struct Work<'a> {
    db: &'a Db,
    firm: &'a Firm,
    fetcher: &'a Fetcher<'a>,
    stop: &'a AtomicBool,
    every: Duration,
}

type Task<'a> = Pin<Box<dyn Future<Output = MailboxId> + 'a>>;

impl Work<'_> {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Ends when somebody asks to stop.
    async fn stopping(&self) {
        while !self.stopped() {
            sleep(HEAR).await;
        }
    }

    /// Waits, but not after somebody asked to stop.
    async fn pause(&self, time: Duration) {
        select(pin!(sleep(time)), pin!(self.stopping())).await;
    }

    async fn connections(&self) -> crate::error::Result<Vec<Connection>> {
        store::all(&mut self.db.read().await?, self.firm.id).await
    }

    /// Looks after every mailbox, also those that are connected later.
    async fn fetch_all(&self) -> Result<()> {
        let mut tasks: FuturesUnordered<Task<'_>> = FuturesUnordered::new();
        let mut at_work: BTreeSet<MailboxId> = BTreeSet::new();
        while !self.stopped() {
            match self.connections().await {
                Ok(all) => {
                    for connection in all {
                        if at_work.insert(connection.id) {
                            tasks.push(Box::pin(self.look_after(connection.id)));
                        }
                    }
                }
                // The database may be away for a while; the tasks say so too.
                Err(error) => eprintln!("regard: {error}"),
            }
            let looking = pin!(self.pause(LOOK_AROUND));
            if tasks.is_empty() {
                looking.await;
                continue;
            }
            if let Either::Left((Some(done), _)) = select(tasks.next(), looking).await {
                at_work.remove(&done);
            }
        }
        while tasks.next().await.is_some() {}
        Ok(())
    }

    /// Looks after one mailbox until it is connected no more, or somebody asks to stop.
    async fn look_after(&self, mailbox: MailboxId) -> MailboxId {
        let mut session = None;
        let mut pause = PAUSE.0;
        let mut told = String::new();
        while !self.stopped() {
            let connection = match self.connections().await {
                Ok(all) => match all.into_iter().find(|connection| connection.id == mailbox) {
                    Some(connection) => connection,
                    None => return mailbox,
                },
                Err(_) => {
                    self.pause(PAUSE.0).await;
                    continue;
                }
            };
            match self.turn(&connection, &mut session).await {
                Ok(()) => {
                    if !told.is_empty() {
                        eprintln!("regard: {} is fetched again", connection.address);
                        told.clear();
                    }
                    pause = PAUSE.0;
                }
                Err(failure) => {
                    session = None;
                    let words = failure.to_string();
                    if words != told {
                        eprintln!("regard: {}: {words}", connection.address);
                        told = words;
                    }
                    let refused = matches!(&failure, Failure::Server(trouble) if trouble.is_login());
                    self.pause(if refused { PAUSE.1 } else { pause }).await;
                    pause = (pause * 2).min(PAUSE.1);
                }
            }
        }
        if let Ok(all) = self.connections().await
            && let Some(connection) = all.into_iter().find(|connection| connection.id == mailbox)
        {
            // Whoever comes next need not wait for the lease to end.
            let _ = self.fetcher.free(&connection).await;
        }
        mailbox
    }

    /// Fetches once, and waits until there is something new.
    async fn turn(&self, connection: &Connection, session: &mut Option<Session>) -> Result<(), Failure> {
        if !self.fetcher.lease(connection).await? {
            *session = None;
            self.pause(LOOK_AROUND).await;
            return Ok(());
        }
        let mut open = match session.take() {
            Some(open) => open,
            None => match self.fetcher.open(connection).await {
                Ok(open) => open,
                Err(failure) => return Err(self.fetcher.note(connection, failure).await),
            },
        };
        self.fetcher.fetch_in(connection, &mut open).await?;
        let waited = async {
            open.watch("INBOX").await?;
            open.wait(self.every).await
        };
        let waited: Result<Woken, wire::net::Trouble> =
            match select(pin!(waited), pin!(self.stopping())).await {
                Either::Left((waited, _)) => waited,
                Either::Right(((), _)) => return Ok(()),
            };
        waited?;
        *session = Some(open);
        Ok(())
    }

    /// Sends what is due.
    async fn send_all(&self, sender: &Sender<'_>) -> Result<()> {
        let mut told = String::new();
        while !self.stopped() {
            match sender.round().await {
                Ok(_) => told.clear(),
                Err(error) => {
                    let words = error.to_string();
                    if words != told {
                        eprintln!("regard: sending: {words}");
                        told = words;
                    }
                }
            }
            self.pause(TICK).await;
        }
        Ok(())
    }
}
