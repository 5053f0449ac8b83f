//! What goes on in the background: mailboxes are fetched as mail arrives, logs of calls are followed, calendars and
//! address books elsewhere are kept in step, and what is due is sent.
//!
//! Any number of processes may do this on one database: each mailbox is leased to one of them, and each message is
//! claimed by one. Every mailbox is looked after for itself: a server that is away, refuses or hangs, and even a fault
//! of this program, holds up that mailbox alone.

mod beside;
mod follow;
mod tend;

use std::collections::BTreeSet;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::StreamExt;
use futures_util::future::{Either, join3, join5, select};
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, sleep};
use wire::lmtp::Rules;

use crate::calls::follow::Follower;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::firm::{self, Firm};
use crate::forwarding::listen;
use crate::holding;
use crate::ids::{FirmId, MailboxId};
use crate::intake::live::Live;
use crate::mailboxes::holder::Holder;
use crate::mailboxes::secret::Keys;
use crate::mailboxes::sync::Fetcher;
use crate::mailboxes::{Connection, store};
use crate::notices::{alarms, digests};
use crate::outbox::send::{AT_ONCE, Sender};
use crate::record::warm;

use beside::beside;
use tend::Tender;

/// How often is looked for firms, and for mailboxes that were connected, changed or taken away.
const LOOK_AROUND: Duration = Duration::from_secs(2);
/// How often is looked for mail that is due.
const TICK: Duration = Duration::from_secs(1);
/// How often is looked whether something is wrong that somebody must know.
const WATCH: Duration = Duration::from_secs(5);
/// How soon a stop is heard.
const HEAR: Duration = Duration::from_millis(200);
/// How long what is under way may take once somebody asked to stop; a batch of messages is written within that.
const GRACE: Duration = Duration::from_secs(3);
/// How often the records that somebody is likeliest to ask for next are read into memory.
const WARM_EVERY: Duration = Duration::from_secs(60);
/// How long that may take at the start, and how long whenever something changed who is who.
const WARM_UP: Duration = Duration::from_secs(60);
const WARM_AGAIN: Duration = Duration::from_secs(1);
/// What failed by a fault of this program is begun anew after so long.
const ANEW: Duration = Duration::from_secs(30);

/// The work in the background, for all firms of a database.
pub struct Background {
    /// The database.
    pub db: Db,
    /// The keys to the passwords of mailboxes.
    pub keys: Keys,
    /// How often a mailbox is fetched though its server tells of nothing new.
    pub every: Duration,
    /// Asked for the moment.
    pub now: fn() -> Timestamp,
    /// Set when it should end.
    pub stop: Arc<AtomicBool>,
    /// Where mail for secret addresses is taken.
    pub lmtp: Option<TcpListener>,
}

type Task<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

impl Background {
    /// Begins the work on a thread of its own, so that reading much mail keeps no page waiting. It ends some moments
    /// after `stop` is set.
    pub fn begin(self) -> Result<JoinHandle<()>> {
        let runtime = Handle::current();
        let thread = std::thread::Builder::new().name("background".to_owned());
        thread
            .spawn(move || runtime.block_on(self.run()))
            .map_err(|e| Error::Unexpected(anyhow::anyhow!("no thread for the work in the background: {e}")))
    }

    /// Works until somebody asks to stop.
    pub async fn run(&self) {
        // What is handed in at this moment was not answered for, and is handed in again.
        select(pin!(self.for_all()), pin!(self.take_forwarded())).await;
    }

    /// Takes mail for secret addresses, without end.
    async fn take_forwarded(&self) {
        let Some(listener) = &self.lmtp else { return std::future::pending().await };
        loop {
            let taking = listen::serve(listener, &self.db, self.now, Rules::default());
            if AssertUnwindSafe(taking).catch_unwind().await.is_err() {
                eprintln!("regard: taking mail that is handed in met a fault; it goes on");
            }
            self.pause(TICK).await;
        }
    }

    async fn for_all(&self) {
        let holder = match Holder::new(&self.db) {
            Ok(holder) => holder,
            Err(error) => return eprintln!("regard: nothing is done in the background: {error}"),
        };
        let mut firms: FuturesUnordered<Task<'_, FirmId>> = FuturesUnordered::new();
        let mut at_work: BTreeSet<FirmId> = BTreeSet::new();
        let mut told = Told::default();
        while !self.stopped() {
            let found = async { firm::store::all(&mut self.db.read().await?).await };
            let found = beside(&mut firms, found, |done| {
                at_work.remove(&done);
            })
            .await;
            match found {
                Ok(found) => {
                    told.good();
                    for firm in found {
                        if at_work.insert(firm.id) {
                            firms.push(Box::pin(self.for_firm(firm, holder.number)));
                        }
                    }
                }
                // The database may be away for a while.
                Err(error) => told.bad(&error.to_string()),
            }
            let looking = pin!(self.pause(LOOK_AROUND));
            if firms.is_empty() {
                looking.await;
            } else if let Either::Left((Some(done), _)) = select(firms.next(), looking).await {
                at_work.remove(&done);
            }
        }
        while firms.next().await.is_some() {}
    }

    async fn for_firm(&self, firm: Firm, holder: i64) -> FirmId {
        let id = firm.id;
        let work = AssertUnwindSafe(self.at_work(firm, holder)).catch_unwind();
        let failed = match work.await {
            Ok(Ok(())) => return id,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the work in the background met a fault".to_owned(),
        };
        eprintln!("regard: {failed}; it is begun anew in {} seconds", ANEW.as_secs());
        self.pause(ANEW).await;
        id
    }

    async fn at_work(&self, firm: Firm, holder: i64) -> Result<()> {
        let live = Mutex::new(Live::new(&self.db, &firm)?);
        let fetcher = Fetcher {
            holder: Some(holder),
            ..Fetcher::new(&self.db, &firm, &live, &self.keys, &self.stop, &self.now)
        };
        // An import may have been stopped, or what is owed be kept in another form since this version.
        match self.unless_ending(fetcher.settle()).await {
            Some(settled) => settled?,
            None => return Ok(()),
        }
        let sender = Sender { fetcher: &fetcher, holder };
        let leases = pin!(fetcher.keep_leases());
        let leases = async {
            select(leases, pin!(self.stopping())).await;
        };
        let (fetch, send, tell) = (self.fetch_all(&fetcher), self.send_all(&sender), self.tell_all(firm.id));
        let mail = join5(fetch, send, tell, self.follow_all(firm.id), leases);
        join3(mail, self.keep_in_step(&fetcher, holder), self.keep_warm(firm.id)).await;
        Ok(())
    }

    /// Looks after every mailbox, also those that are connected later.
    async fn fetch_all(&self, fetcher: &Fetcher<'_>) {
        let (tell, all) = watch::channel::<Arc<[Connection]>>(Arc::from([]));
        let mut tasks: FuturesUnordered<Task<'_, MailboxId>> = FuturesUnordered::new();
        let mut at_work: BTreeSet<MailboxId> = BTreeSet::new();
        while !self.stopped() {
            let found = async { store::all(&mut self.db.read().await?, fetcher.firm.id).await };
            let found = beside(&mut tasks, found, |done| {
                at_work.remove(&done);
            })
            .await;
            // A database that does not answer is told of by whoever wants to write.
            if let Ok(mut found) = found {
                found.retain(|connection| !connection.paused);
                let ids: Vec<MailboxId> = found.iter().map(|connection| connection.id).collect();
                tell.send_replace(found.into());
                for id in ids.into_iter().filter(|id| at_work.insert(*id)) {
                    let tender = Tender { work: self, fetcher, id, all: all.clone() };
                    tasks.push(Box::pin(tender.look_after()));
                }
            }
            let looking = pin!(self.pause(LOOK_AROUND));
            if tasks.is_empty() {
                looking.await;
            } else if let Either::Left((Some(done), _)) = select(tasks.next(), looking).await {
                at_work.remove(&done);
            }
        }
        while tasks.next().await.is_some() {}
    }

    /// Sends what is due, several mailboxes at once and from each one message at a time. What is being handed in when
    /// somebody asks to stop is handed in first: else nobody would know whether it left.
    async fn send_all(&self, sender: &Sender<'_>) {
        let mut told = Told::default();
        let mut tasks: FuturesUnordered<Task<'_, (MailboxId, Option<String>)>> = FuturesUnordered::new();
        let mut at_work: BTreeSet<MailboxId> = BTreeSet::new();
        while !self.stopped() {
            let looked = AssertUnwindSafe(sender.look()).catch_unwind();
            let mut ended = Vec::new();
            let looked = beside(&mut tasks, self.unless_ending(looked), |done| ended.push(done)).await;
            let Some(looked) = looked else { break };
            let mut trouble = None;
            for (id, failed) in ended {
                at_work.remove(&id);
                trouble = trouble.or(failed);
            }
            let looked = match looked {
                Ok(Ok(due)) => {
                    for id in due {
                        if tasks.len() < AT_ONCE && at_work.insert(id) {
                            tasks.push(Box::pin(self.send_from(sender, id)));
                        }
                    }
                    None
                }
                Ok(Err(error)) => Some(format!("sending: {error}")),
                Err(_) => Some("sending met a fault".to_owned()),
            };
            trouble = trouble.or(looked);
            let mut looking = pin!(self.pause(TICK));
            while !tasks.is_empty() {
                match select(tasks.next(), looking.as_mut()).await {
                    Either::Left((Some((id, failed)), _)) => {
                        at_work.remove(&id);
                        trouble = trouble.or(failed);
                    }
                    _ => break,
                }
            }
            match trouble {
                None => drop(told.good()),
                Some(words) => told.bad(&words),
            }
            if tasks.is_empty() {
                looking.await;
            }
        }
        while tasks.next().await.is_some() {}
    }

    /// Sends what is due from one mailbox; gives what failed on this side.
    async fn send_from(&self, sender: &Sender<'_>, mailbox: MailboxId) -> (MailboxId, Option<String>) {
        let failed = match AssertUnwindSafe(sender.work_off(mailbox)).catch_unwind().await {
            Ok(Ok(())) => return (mailbox, None),
            Ok(Err(error)) => format!("sending: {error}"),
            Err(_) => "sending met a fault".to_owned(),
        };
        self.pause(ANEW).await;
        (mailbox, Some(failed))
    }

    /// Tells people of the firm what is wrong and when it is well again, and every morning what they owe; and clients
    /// what the firm says by itself.
    async fn tell_all(&self, firm: FirmId) {
        let mut told = Told::default();
        while !self.stopped() {
            let now = (self.now)();
            let watched = async {
                alarms::watch(&self.db, firm, now).await?;
                digests::send(&self.db, firm, now).await?;
                holding::send(&self.db, firm, now).await
            };
            let watched = AssertUnwindSafe(watched).catch_unwind();
            let Some(watched) = self.unless_ending(watched).await else { break };
            match watched {
                Ok(Ok(())) => drop(told.good()),
                Ok(Err(error)) => told.bad(&format!("telling people of the firm: {error}")),
                Err(_) => told.bad("telling people of the firm met a fault"),
            }
            self.pause(WATCH).await;
        }
    }

    /// Follows the logs of telephone systems.
    async fn follow_all(&self, firm: FirmId) {
        let mut follower = Follower::new(&self.db, firm);
        let mut told = Told::default();
        while !self.stopped() {
            let looked = AssertUnwindSafe(follower.look((self.now)())).catch_unwind();
            let Some(looked) = self.unless_ending(looked).await else { break };
            match looked {
                Ok(Ok(_)) => drop(told.good()),
                Ok(Err(error)) => told.bad(&format!("following logs of calls: {error}")),
                Err(_) => {
                    told.bad("following logs of calls met a fault");
                    self.pause(ANEW).await;
                }
            }
            self.pause(TICK).await;
        }
    }

    /// Keeps the records in memory that somebody is likeliest to ask for next.
    async fn keep_warm(&self, firm: FirmId) {
        let mut told = Told::default();
        let mut time = WARM_UP;
        while !self.stopped() {
            let began = Instant::now();
            let warmed = warm::warm_up(&self.db, firm, || self.stopped() || time < began.elapsed());
            match AssertUnwindSafe(warmed).catch_unwind().await {
                Ok(Ok(_)) => drop(told.good()),
                Ok(Err(error)) => told.bad(&format!("reading records into memory: {error}")),
                Err(_) => told.bad("reading records into memory met a fault"),
            }
            time = WARM_AGAIN;
            self.pause(WARM_EVERY).await;
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Ends when somebody asks to stop.
    async fn stopping(&self) {
        while !self.stopped() {
            sleep(HEAR).await;
        }
    }

    /// Ends a while after somebody asked to stop.
    async fn ending(&self) {
        self.stopping().await;
        sleep(GRACE).await;
    }

    /// Does something, unless somebody asked to stop a while ago. What it wrote and did not commit is undone then: it may
    /// wait long for another process that writes.
    async fn unless_ending<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        match select(pin!(work), pin!(self.ending())).await {
            Either::Left((done, _)) => Some(done),
            Either::Right(_) => None,
        }
    }

    /// Waits, but not after somebody asked to stop.
    async fn pause(&self, time: Duration) {
        select(pin!(sleep(time)), pin!(self.stopping())).await;
    }
}

/// What was told last: the same trouble is told once.
#[derive(Default)]
struct Told(String);

impl Told {
    fn bad(&mut self, words: &str) {
        if words != self.0 {
            eprintln!("regard: {words}");
            words.clone_into(&mut self.0);
        }
    }

    /// Whether trouble is over that was told.
    fn good(&mut self) -> bool {
        !std::mem::take(&mut self.0).is_empty()
    }
}
