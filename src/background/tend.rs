//! One mailbox, looked after until it is connected no more, paused, or somebody asks to stop.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Either, select};
use tokio::sync::watch;
use tokio::time::Instant;
use wire::imap::Woken;

use super::{ANEW, Background, LOOK_AROUND, Told};
use crate::error::Error;
use crate::ids::MailboxId;
use crate::mailboxes::Connection;
use crate::mailboxes::conversation::Conversation;
use crate::mailboxes::failure::Failure;
use crate::mailboxes::sync::Fetcher;

/// A server that fails is left alone for so long, twice as long each time, and at most for the second.
const PAUSE: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(300));

pub(super) struct Tender<'a> {
    pub(super) work: &'a Background,
    pub(super) fetcher: &'a Fetcher<'a>,
    pub(super) id: MailboxId,
    /// All mailboxes that are to be looked after, as they are at this moment.
    pub(super) all: watch::Receiver<Arc<[Connection]>>,
}

impl Tender<'_> {
    pub(super) async fn look_after(self) -> MailboxId {
        let mut session = None;
        let mut pause = PAUSE.0;
        let mut told = Told::default();
        while let Some(connection) = self.connection().filter(|_| !self.work.stopped()) {
            let turn = AssertUnwindSafe(self.turn(&connection, &mut session)).catch_unwind();
            let outcome = match select(pin!(turn), pin!(self.work.ending())).await {
                Either::Left((Ok(outcome), _)) => Some(outcome),
                Either::Left((Err(_), _)) => None,
                Either::Right(_) => break,
            };
            let outcome = match outcome {
                Some(outcome) => outcome,
                None => Err(self.fault(&connection).await),
            };
            match outcome {
                Ok(()) => {
                    if told.good() {
                        eprintln!("regard: {} is fetched again", connection.address);
                    }
                    pause = PAUSE.0;
                }
                Err(failure) => {
                    session = None;
                    told.bad(&format!("{}: {failure}", connection.address));
                    let refused = matches!(&failure, Failure::Server(trouble) if trouble.is_login());
                    let wait = self.work.pause(if refused { PAUSE.1 } else { pause });
                    // Another password is tried at once.
                    let mut all = self.all.clone();
                    select(pin!(wait), pin!(changed(&mut all, &connection))).await;
                    pause = (pause * 2).min(PAUSE.1);
                }
            }
        }
        if let Some(open) = session {
            open.close().await;
        }
        // Whoever comes next need not wait for the lease to end.
        if let Some(Err(error)) = self.work.unless_ending(self.fetcher.free(self.id)).await {
            told.bad(&error.to_string());
        }
        self.id
    }

    fn connection(&self) -> Option<Connection> {
        of(&self.all.borrow(), self.id).cloned()
    }

    /// A fault of this program is this mailbox's trouble alone.
    async fn fault(&self, connection: &Connection) -> Failure {
        let words = "the program met a fault while it fetched; its log says which";
        let failure = Failure::Here(Error::Unexpected(anyhow::anyhow!(words)));
        let failure = self.fetcher.note(connection, failure).await;
        self.work.pause(ANEW).await;
        failure
    }

    /// Fetches once, and waits until there is something new.
    async fn turn(&self, connection: &Connection, session: &mut Option<Conversation>) -> Result<(), Failure> {
        if !self.fetcher.lease(connection.id).await? {
            *session = None;
            self.work.pause(LOOK_AROUND).await;
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
        let until = Instant::now() + self.work.every;
        let waited = open.wait(until.saturating_duration_since(Instant::now()));
        let mut all = self.all.clone();
        let elsewhere = async {
            select(pin!(self.work.stopping()), pin!(changed(&mut all, connection))).await;
        };
        let waited: Result<Woken, wire::net::Trouble> = match select(pin!(waited), pin!(elsewhere)).await {
            Either::Left((waited, _)) => waited,
            Either::Right(_) => return Ok(()),
        };
        match waited {
            // Whether another token helps is seen on the way in.
            Err(trouble) if trouble.is_login() => Ok(()),
            Err(trouble) => Err(trouble.into()),
            Ok(_) => {
                *session = Some(open).filter(|open| !open.is_stale());
                Ok(())
            }
        }
    }
}

fn of(all: &[Connection], id: MailboxId) -> Option<&Connection> {
    all.iter().find(|connection| connection.id == id)
}

/// Ends when a mailbox is to be reached in another way than it was, or at once, or not at all.
async fn changed(all: &mut watch::Receiver<Arc<[Connection]>>, known: &Connection) {
    let at_once = |now: &Connection| now.health.tried.is_none() && known.health.tried.is_some();
    let is_other = |all: &Arc<[Connection]>| {
        of(all, known.id).is_none_or(|now| at_once(now) || !now.is_reached_as(known))
    };
    if all.wait_for(is_other).await.is_err() {
        // Whoever told of changes is gone, and ends this one too.
        std::future::pending::<()>().await;
    }
}
