//! A conversation with the server of a mailbox, whichever way it is spoken to.

use std::time::Duration;

use wire::folders::{Folder, kept_for};
use wire::http;
use wire::imap::{Session, Woken};
use wire::jmap::Jmap;
use wire::mail::Role;
use wire::net::{Limits, Login, Trouble};

use super::{Connection, FetchBy, SecretKind};

/// An open conversation.
pub enum Conversation {
    /// By IMAP.
    Imap(Box<Session>),
    /// By JMAP, and the state up to which everything was fetched.
    Jmap(Box<Jmap>, Option<String>),
}

impl Conversation {
    /// Signs in.
    pub async fn open(
        connection: &Connection,
        login: &Login,
        limits: Limits,
    ) -> Result<Conversation, Trouble> {
        match &connection.fetch_by {
            FetchBy::Imap(server) => {
                let session = Session::open(&connection.target(server), login, limits).await?;
                Ok(Conversation::Imap(Box::new(session)))
            }
            FetchBy::Jmap(address) => {
                let login = Some((login.clone(), address.clone()));
                let client =
                    http::Client { reach: connection.reach, trust: connection.trust(), limits, login };
                Ok(Conversation::Jmap(Box::new(Jmap::open(client, address).await?), None))
            }
        }
    }

    /// Whether what signs in can be renewed in the middle of it.
    pub(super) fn renews(&self, connection: &Connection) -> bool {
        matches!(self, Conversation::Jmap(..)) && connection.kind == SecretKind::OAuth
    }

    /// All folders.
    pub async fn folders(&mut self) -> Result<Vec<Folder>, Trouble> {
        match self {
            Conversation::Imap(session) => session.folders().await,
            Conversation::Jmap(jmap, _) => jmap.folders().await,
        }
    }

    /// How full the mailbox is, in percent; none where the server does not say.
    pub async fn fullness(&mut self) -> Result<Option<u32>, Trouble> {
        match self {
            Conversation::Imap(session) => session.fullness().await,
            Conversation::Jmap(jmap, _) => jmap.fullness().await,
        }
    }

    /// Waits until something changes, or the time is over.
    pub async fn wait(&mut self, time: Duration) -> Result<Woken, Trouble> {
        match self {
            Conversation::Imap(session) => {
                session.watch("INBOX").await?;
                session.wait(time).await
            }
            Conversation::Jmap(jmap, Some(reached)) => jmap.wait(reached, time).await,
            // Nothing was fetched to the end.
            Conversation::Jmap(_, None) => Ok(Woken::Changed),
        }
    }

    /// Whether the server said of itself what is true no more, so that another conversation is to be begun.
    pub fn is_stale(&self) -> bool {
        matches!(self, Conversation::Jmap(jmap, _) if jmap.is_stale())
    }

    /// Puts a message into the folder that the server keeps for something, unless it is there already; the folder is made
    /// under its usual name where there is none.
    pub async fn put(&mut self, role: Role, message_id: &str, message: &[u8]) -> Result<(), Trouble> {
        let (usual, flag, keyword) = match role {
            Role::Drafts => ("Drafts", "\\Draft", "$draft"),
            _ => ("Sent", "\\Seen", "$seen"),
        };
        let folder = kept_for(&self.folders().await?, role).map(|folder| folder.name.clone());
        match self {
            Conversation::Imap(session) => {
                if folder.is_none() {
                    session.create(usual).await?;
                }
                let folder = folder.as_deref().unwrap_or(usual);
                if session.find(folder, message_id).await?.is_empty() {
                    session.append(folder, &[flag], message).await?;
                }
            }
            Conversation::Jmap(jmap, _) => {
                let folder = match folder {
                    Some(folder) => folder,
                    None => jmap.create(usual).await?,
                };
                if !jmap.has(&folder, message_id).await? {
                    jmap.put(&folder, &[keyword], message).await?;
                }
            }
        }
        Ok(())
    }

    /// Says goodbye.
    pub async fn close(self) {
        if let Conversation::Imap(session) = self {
            session.close().await;
        }
    }
}
