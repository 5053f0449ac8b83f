//! Looks after a mailbox on a server that speaks JMAP (RFC 8620, RFC 8621).
//!
//! A [`Jmap`] finds the account of whoever signs in, lists its [folders](crate::folders), says which messages there are
//! and which changed since a state that the caller keeps, fetches them in bounded batches, waits for changes, puts
//! copies into folders and hands messages in. It stores nothing: the caller does. What the server says of its own
//! limits is kept to, and whatever it says is bounded in time and size: what breaks the rules of the protocol ends in a
//! plain error, never in a loop.

mod account;
mod answers;
mod call;
mod emails;
mod fetch;
mod folders;
mod put;
mod quota;
mod submit;
mod wait;

use std::time::Duration;

use crate::http::{Address, Client, Kept};
use crate::net::Trouble;
use account::Account;

pub use emails::{Changes, Email, Head, Page};
pub use fetch::{Batch, Fetched};

/// How often a server is asked that does not speak up by itself.
const ASK_EVERY: Duration = Duration::from_secs(30);
/// So many messages are fetched at the same time, where the server allows it.
const AT_ONCE: usize = 4;

/// A conversation with a server.
#[derive(Debug)]
pub struct Jmap {
    client: Client,
    account: Account,
    /// Where methods are called, one after the other.
    calls: Kept,
    /// Where messages are fetched, several at a time.
    lines: Vec<Kept>,
    /// What the server said of itself has changed since.
    stale: bool,
    /// It tells of nothing by itself.
    mute: bool,
}

impl Jmap {
    /// Signs in. `start` is the address of the account's session, or that of the server, which knows where that is; behind
    /// `#` it may name another account than the own one, which its owner shares.
    pub async fn open(client: Client, start: &Address) -> Result<Jmap, Trouble> {
        let account = Account::find(&client, start).await?;
        let client = client.also_at(&account.api);
        let messages = client.also_at(&account.download("")?);
        let lines = account.limits.requests.clamp(1, AT_ONCE);
        Ok(Jmap {
            calls: Kept::new(client.clone()),
            lines: (0..lines).map(|_| Kept::new(messages.clone())).collect(),
            client,
            account,
            stale: false,
            mute: false,
        })
    }

    /// What tells this account from those of other people and on other servers.
    pub fn place(&self) -> String {
        format!("{} {}", self.account.api.shown(), self.account.id)
    }

    /// Whether what the server said of itself has changed since, so that the conversation should be begun anew.
    pub fn is_stale(&self) -> bool {
        self.stale
    }
}
