//! Waiting for something to happen in the open folder.

use std::time::Duration;

use imap_proto::{MailboxDatum, Response, Status};
use tokio::time::{Instant, sleep};

use super::name::quoted;
use super::session::{Done, Session, words};
use crate::net::Trouble;

/// Servers end a conversation after half an hour without a word.
const LONGEST_SILENCE: Duration = Duration::from_secs(28 * 60);
/// How often a server is asked that does not speak up by itself.
const ASK_EVERY: Duration = Duration::from_secs(60);

/// Why the waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// Something changed.
    Changed,
    /// The time is over.
    Quiet,
}

impl Session {
    /// Opens a folder to wait in it.
    pub async fn watch(&mut self, folder: &str) -> Result<(), Trouble> {
        let command = format!("EXAMINE {}", quoted(folder)?);
        self.open = None;
        self.command("EXAMINE", &command).await?;
        self.open = Some(folder.to_owned());
        Ok(())
    }

    /// Waits until something changes in the open folder, or the time is over. Where the server does not speak up by
    /// itself it is asked once a minute.
    pub async fn wait(&mut self, time: Duration) -> Result<Woken, Trouble> {
        let until = Instant::now() + time;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let woken = match self.offers.idle() {
                true => self.idle(left.min(LONGEST_SILENCE)).await?,
                false => {
                    sleep(left.min(ASK_EVERY)).await;
                    self.ask().await?
                }
            };
            if woken == Woken::Changed || until <= Instant::now() {
                return Ok(woken);
            }
        }
    }

    async fn ask(&mut self) -> Result<Woken, Trouble> {
        let mut woken = Woken::Quiet;
        self.asked("NOOP", "NOOP", |response| {
            woken = if is_change(response) { Woken::Changed } else { woken };
            Ok(())
        })
        .await?;
        Ok(woken)
    }

    async fn idle(&mut self, time: Duration) -> Result<Woken, Trouble> {
        let limits = *self.line.limits();
        self.line.allow("IDLE", limits.command, 1 << 20);
        let tag = self.line.send("IDLE").await?;
        let mut woken = Woken::Quiet;
        loop {
            self.line.next().await?;
            match self.line.response() {
                Some(Response::Continue(_)) => break,
                Some(Response::Done { outcome, .. }) => {
                    return Err(Trouble::Said { command: "IDLE", said: words(&outcome) });
                }
                None if self.line.raw().starts_with(b"+") => break,
                Some(response) if is_change(&response) => woken = Woken::Changed,
                _ => {}
            }
        }
        let until = Instant::now() + time;
        while woken == Woken::Quiet {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || !self.line.stirs(left).await? {
                break;
            }
            self.line.allow("IDLE", limits.command, 1 << 20);
            self.line.next().await?;
            match self.line.response() {
                Some(Response::Data { status: Status::Bye, outcome }) => {
                    return Err(Trouble::Goodbye(words(&outcome)));
                }
                Some(Response::Done { .. }) => {
                    return Err(Trouble::Broke("it ended the waiting by itself".to_owned()));
                }
                Some(response) if is_change(&response) => woken = Woken::Changed,
                _ => {}
            }
        }
        self.line.allow("IDLE", limits.command, 1 << 20);
        self.line.write(b"DONE\r\n").await?;
        let done = self.finish(&tag, |response| {
            woken = if is_change(response) { Woken::Changed } else { woken };
            Ok(())
        });
        match done.await? {
            Done::Ok => Ok(woken),
            Done::Refused(said) => Err(Trouble::Said { command: "IDLE", said }),
        }
    }
}

/// Messages came or went. That one was read, or marked, is no change for us.
fn is_change(response: &Response<'_>) -> bool {
    matches!(
        response,
        Response::MailboxData(MailboxDatum::Exists(_)) | Response::Expunge(_) | Response::Vanished { .. }
    )
}
