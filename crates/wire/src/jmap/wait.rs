//! Waiting for something to happen in a mailbox.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use tokio::time::{Instant, sleep};

use super::{ASK_EVERY, Jmap};
use crate::http::{Event, Events};
use crate::imap::Woken;
use crate::net::Trouble;

/// How often a server says that it is still there, in seconds.
const PING: u64 = 60;
/// A server that says nothing for so long is there no more.
const SILENCE: Duration = Duration::from_secs(PING * 2 + 30);
/// One that ends what it tells is listened to again after so long.
const AGAIN: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
struct StateChange {
    changed: BTreeMap<String, BTreeMap<String, String>>,
}

impl Jmap {
    /// Waits until the state of the messages is another than `known`, or the time is over. Where the server does not speak
    /// up by itself it is asked now and then.
    pub async fn wait(&mut self, known: &str, time: Duration) -> Result<Woken, Trouble> {
        let until = Instant::now() + time;
        loop {
            let events = if self.mute { None } else { self.listen().await? };
            // What came before it was listened to was told to nobody.
            if self.state().await? != known {
                return Ok(Woken::Changed);
            }
            let left = || until.saturating_duration_since(Instant::now());
            match events {
                Some(mut events) => {
                    let begun = Instant::now();
                    if self.heard(&mut events, known, until).await? {
                        return Ok(Woken::Changed);
                    }
                    // One that ends soon each time is asked no more often than one that tells nothing.
                    let pause = if begun.elapsed() < ASK_EVERY { ASK_EVERY } else { AGAIN };
                    sleep(left().min(pause)).await;
                }
                None => sleep(left().min(ASK_EVERY)).await,
            }
            if left().is_zero() {
                return Ok(if self.state().await? == known { Woken::Quiet } else { Woken::Changed });
            }
        }
    }

    /// What the server tells as it happens; none where it does not.
    async fn listen(&mut self) -> Result<Option<Events>, Trouble> {
        let Some(address) = self.account.events(&PING.to_string())? else {
            self.mute = true;
            return Ok(None);
        };
        match self.client.also_at(&address).listen(&address).await {
            Ok(Ok(events)) => Ok(Some(events)),
            Ok(Err(answer)) if answer.status == 401 => Err(answer.trouble("to tell of changes")),
            Ok(Err(_)) | Err(Trouble::TimedOut(_)) => {
                self.mute = true;
                Ok(None)
            }
            // It is asked instead, this time.
            Err(trouble) if trouble.may_pass() => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    /// Listens until the state is another; false where the server ended before, or the time is over.
    async fn heard(&self, events: &mut Events, known: &str, until: Instant) -> Result<bool, Trouble> {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match events.next(left.min(SILENCE)).await? {
                Some(event) if self.is_news(&event, known) => return Ok(true),
                Some(_) if !left.is_zero() => {}
                Some(_) | None => return Ok(false),
            }
        }
    }

    fn is_news(&self, event: &Event, known: &str) -> bool {
        let Ok(told) = serde_json::from_str::<StateChange>(&event.data) else { return false };
        let ours = told.changed.get(&self.account.id);
        ours.and_then(|states| states.get("Email")).is_some_and(|state| state != known)
    }
}
