//! Fetches what is new in a connected mailbox.
//!
//! The newest comes first, a batch at a time; each batch is written together with the place that was reached, so what
//! was stopped anywhere goes on there. What vanished from the server stays in the record.

mod imap;
mod jmap;

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::{Either, select};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;
use wire::folders;
use wire::mail::{Fault, Flags, Folder, Role};
use wire::net::Limits;

use super::conversation::Conversation;
use super::failure::Failure;
use super::oauth::renew::{self, SIGN_IN_AGAIN, Signer};
use super::secret::Keys;
use super::store::{self, LEASES};
use super::{Connection, Fetching, SecretKind};
use crate::db::{Db, Durability};
use crate::error::Result;
use crate::firm::Firm;
use crate::ids::{MailboxId, SourceId};
use crate::intake::live::{Arrived, Live};
use crate::intake::settle::Pace;
use crate::record::accounts::Reached;
use crate::record::sources::{self, ServerFolder};

/// How long a process that ended without a word keeps a mailbox from the others.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How often a process says that it still has its mailboxes.
const STILL: Duration = Duration::from_secs(15);
/// Of more messages than this, what is owed is made anew once at the end.
const FEW: u64 = 100;
/// Of a folder for unwanted mail so many headers are looked at, the newest.
const JUNK: usize = 500;
/// So many messages of a folder that a server did not give are asked for again at each look.
const ASKED_AGAIN: u32 = 50;

/// What is needed to fetch.
pub struct Fetcher<'a> {
    /// The database.
    pub db: &'a Db,
    /// The firm.
    pub firm: &'a Firm,
    /// The way into the record, one batch at a time.
    pub live: &'a Mutex<Live>,
    /// The keys to the passwords.
    pub keys: &'a Keys,
    /// How long servers may take.
    pub limits: Limits,
    /// Set when the fetching should stop after the current batch.
    pub stop: &'a AtomicBool,
    /// Told how many of so many messages of a mailbox were dealt with.
    pub progress: &'a (dyn Fn(&str, u64, u64) + Sync),
    /// Asked for the moment.
    pub now: &'a (dyn Fn() -> Timestamp + Sync),
    /// Names this process, where several may fetch: a mailbox is kept from the others while it is fetched.
    pub holder: Option<i64>,
    /// How often all is settled anew.
    pub pace: Arc<Pace>,
}

impl<'a> Fetcher<'a> {
    /// One that is told of no progress and keeps no mailbox from others.
    pub fn new(
        db: &'a Db,
        firm: &'a Firm,
        live: &'a Mutex<Live>,
        keys: &'a Keys,
        stop: &'a AtomicBool,
        now: &'a (dyn Fn() -> Timestamp + Sync),
    ) -> Fetcher<'a> {
        let (limits, pace) = (Limits::default(), Pace::of(db, firm.id));
        Fetcher { db, firm, live, keys, limits, stop, progress: &|_, _, _| {}, now, holder: None, pace }
    }
}

/// What one fetching brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Messages that are new in the record.
    pub added: u64,
    /// Copies of messages that are there.
    pub copies: u64,
    /// What could not be read or had.
    pub unreadable: u64,
    /// What is not kept: drafts, and mail of private correspondents.
    pub left_out: u64,
    /// Folders that were looked at.
    pub folders: u64,
    /// Letters of clients that lie among unwanted mail.
    pub in_junk: u64,
    /// It was stopped before the end.
    pub stopped: bool,
    /// Another process looks after it at this moment, so nothing was done.
    pub elsewhere: bool,
}

impl Fetcher<'_> {
    /// Fetches what is new, and notes how it went.
    pub async fn fetch(&self, connection: &Connection) -> Result<Report, Failure> {
        if !self.lease(connection.id).await? {
            return Ok(Report { elsewhere: true, ..Report::default() });
        }
        let leases = pin!(self.keep_leases());
        let fetched = match select(pin!(self.fetch_once(connection)), leases).await {
            Either::Left((fetched, _)) => fetched,
            // That one never ends.
            Either::Right(((), _)) => Ok(Report::default()),
        };
        self.free(connection.id).await?;
        fetched
    }

    async fn fetch_once(&self, connection: &Connection) -> Result<Report, Failure> {
        match self.open(connection).await {
            Ok(mut open) => {
                let report = self.fetch_in(connection, &mut open).await?;
                open.close().await;
                Ok(report)
            }
            Err(failure) => Err(self.note(connection, failure).await),
        }
    }

    /// The same in a conversation that is open, which stays open.
    pub async fn fetch_in(
        &self,
        connection: &Connection,
        open: &mut Conversation,
    ) -> Result<Report, Failure> {
        let fetched = match self.all_of(connection, open).await {
            // By JMAP each question signs in, and what did so may have ended or been taken away since.
            Err(Failure::Server(trouble)) if trouble.is_login() && open.renews(connection) => {
                match self.open(connection).await {
                    Ok(again) => {
                        *open = again;
                        self.all_of(connection, open).await
                    }
                    Err(failure) => Err(failure),
                }
            }
            fetched => fetched,
        };
        match fetched {
            Ok(report) => {
                if !report.stopped {
                    let full = match open.fullness().await {
                        Ok(full) => full,
                        Err(trouble) => return Err(self.note(connection, trouble.into()).await),
                    };
                    let mut tx = self.db.write(Durability::Import).await?;
                    store::fetched(&mut tx, self.firm.id, connection.id, full, (self.now)()).await?;
                    tx.commit().await?;
                }
                Ok(report)
            }
            Err(failure) => Err(self.note(connection, failure).await),
        }
    }

    /// Takes a mailbox for this process, or keeps it; false where another has it.
    pub async fn lease(&self, mailbox: MailboxId) -> Result<bool> {
        let Some(holder) = self.holder else { return Ok(true) };
        LEASES.take_over(self.db, self.firm.id, mailbox.0, holder, LEASE, (self.now)()).await
    }

    /// Says from time to time, without end, that this process still has the mailboxes that it took.
    pub async fn keep_leases(&self) {
        loop {
            tokio::time::sleep(STILL).await;
            let Some(holder) = self.holder else { continue };
            let kept = async {
                let mut tx = self.db.write(Durability::Import).await?;
                store::keep_leases(&mut tx, self.firm.id, holder, LEASE, (self.now)()).await?;
                tx.commit().await
            };
            if let Err(error) = kept.await {
                eprintln!("regard: {error}");
            }
        }
    }

    /// Gives a mailbox back.
    pub async fn free(&self, mailbox: MailboxId) -> Result<()> {
        let Some(holder) = self.holder else { return Ok(()) };
        let mut tx = self.db.write(Durability::Import).await?;
        LEASES.free(&mut tx, self.firm.id, mailbox.0, holder).await?;
        tx.commit().await
    }

    /// Notes how far a folder is fetched, for pages to show; where another process took the mailbox meanwhile, this one
    /// stops.
    async fn still(&self, connection: &Connection, far: Fetching) -> Result<bool> {
        let mut tx = self.db.write(Durability::Import).await?;
        let (firm, now) = (self.firm.id, (self.now)());
        if let Some(holder) = self.holder
            && !LEASES.take(&mut tx, firm, connection.id.0, holder, LEASE, now).await?
        {
            return Ok(false);
        }
        store::fetching(&mut tx, firm, connection.id, &far, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn all_of(&self, connection: &Connection, open: &mut Conversation) -> Result<Report, Failure> {
        let more = self.pace.more_to_come();
        let fetched = match open {
            Conversation::Imap(session) => self.all_folders(connection, session).await,
            Conversation::Jmap(jmap, reached) => self.account(connection, jmap, reached).await,
        };
        drop(more);
        if !self.stop.load(Ordering::Relaxed) {
            // Also where it failed, or another process took it: those that ended meanwhile may have left it to this one.
            let settled = self.settle_if_it_pays().await;
            if fetched.is_ok() {
                settled?;
            }
        }
        fetched
    }

    /// Signs in.
    pub async fn open(&self, connection: &Connection) -> Result<Conversation, Failure> {
        let signer = self.signer();
        let login = signer.login(connection).await?;
        match Conversation::open(connection, &login, self.limits).await {
            // It may have been taken away before its time: another is got, once.
            Err(trouble) if trouble.is_login() && connection.kind == SecretKind::OAuth => {
                let login = signer.login_after(connection, Some(&login)).await?;
                let again = Conversation::open(connection, &login, self.limits).await;
                again.map_err(|trouble| Failure::Server(renew::refused(trouble, SIGN_IN_AGAIN)))
            }
            opened => Ok(opened?),
        }
    }

    /// What gets logins.
    pub fn signer(&self) -> Signer<'_> {
        Signer { db: self.db, firm: self.firm.id, keys: self.keys, limits: &self.limits, now: self.now }
    }

    /// Notes why a mailbox was not fetched; where even that fails, it is said by whoever called.
    pub async fn note(&self, connection: &Connection, failure: Failure) -> Failure {
        let noted = async {
            let mut tx = self.db.write(Durability::Import).await?;
            let words = failure.to_string();
            store::failed(&mut tx, self.firm.id, connection.id, &words, failure.kind(), (self.now)()).await?;
            tx.commit().await
        };
        match noted.await {
            Ok(()) => failure,
            Err(error) => Failure::Here(error),
        }
    }

    /// Settles what could not be settled a few messages at a time.
    pub async fn settle(&self) -> Result<()> {
        if self.pace.settle(self.db, self.firm.id, self.now).await? {
            self.live.lock().await.settled();
        }
        Ok(())
    }

    /// The same, unless others that fetch will do it soon.
    pub async fn settle_if_it_pays(&self) -> Result<()> {
        if self.pace.settle_if_it_pays(self.db, self.firm.id, self.now).await? {
            self.live.lock().await.settled();
        }
        Ok(())
    }

    /// A folder of a mailbox, and how far it was read.
    pub async fn place_of(&self, connection: &Connection, folder: &Folder) -> Result<ServerFolder> {
        let now = (self.now)();
        let kind = crate::intake::role_name(folder.role);
        let path = connection.path_of(&folder.name);
        let mut tx = self.db.write(Durability::Import).await?;
        let id = sources::folder(&mut tx, self.firm.id, connection.id, &folder.name, kind).await?;
        let place = sources::server_folder(&mut tx, self.firm.id, id, &path, now).await?;
        tx.commit().await?;
        Ok(place)
    }

    /// Messages came after all that were noted as not given.
    async fn were_given(&self, given: &[(SourceId, u32)]) -> Result<()> {
        if given.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.write(Durability::Import).await?;
        for (source, number) in given {
            sources::given(&mut tx, self.firm.id, *source, *number).await?;
        }
        tx.commit().await
    }

    /// Takes messages into the record, together with what they reach.
    async fn take(
        &self,
        arrived: Vec<Arrived>,
        lost: Vec<(SourceId, Fault)>,
        reached: Reached<'_>,
        few: bool,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let mut live = self.live.lock().await;
        let taken = live.take(arrived, lost, Some(reached), few, (self.now)()).await?;
        report.added += taken.added;
        report.copies += taken.copies;
        report.unreadable += taken.unreadable;
        report.left_out += taken.left_out;
        Ok(())
    }
}

/// Whether a server puts into it what it takes for unwanted.
fn is_unwanted(folder: &folders::Folder) -> bool {
    folder.holds_mail && folder.role() == Role::Spam
}

/// A folder on the server as the intake knows folders.
fn ours(connection: &Connection, folder: &folders::Folder) -> Folder {
    Folder { mailbox: Some(connection.address.clone()), name: folder.label.clone(), role: folder.role() }
}

/// Takes a message into the record that was just sent, before it is found in a folder.
pub async fn record_sent(
    live: &Mutex<Live>,
    folder: Arc<Folder>,
    place: &ServerFolder,
    raw: Vec<u8>,
    now: Timestamp,
) -> Result<bool> {
    let arrived = Arrived { raw, number: 0, flags: Flags::default(), folder, source: place.source };
    let taken = live.lock().await.take(vec![arrived], Vec::new(), None, true, now).await?;
    Ok(taken.settled)
}
