//! Signs in to both servers of a mailbox, to see whether it can be fetched and sent from.

use wire::folders::{Folder, usual};
use wire::net::{Limits, Login, Trouble};
use wire::smtp::{self, Refusal};

use super::conversation::Conversation;
use super::{Connection, SendBy};

/// Why a mailbox cannot be connected so.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Mail cannot be fetched.
    #[error("{target} gives no mail: {trouble}")]
    Fetching {
        /// The server.
        target: String,
        /// What it said.
        trouble: Trouble,
    },
    /// Mail cannot be handed in.
    #[error("{target} takes no mail: {trouble}")]
    Sending {
        /// The server.
        target: String,
        /// What it said.
        trouble: Refusal,
    },
    /// Nothing can be sent from there.
    #[error("{target} takes no mail: {words}")]
    Unable {
        /// The server.
        target: String,
        /// Why.
        words: String,
    },
}

/// Signs in to fetch and to send; gives the folders of the mailbox.
pub async fn sign_in(
    connection: &Connection,
    login: &Login,
    limits: &Limits,
) -> Result<Vec<Folder>, Refused> {
    let (mut open, folders) = look(connection, login, limits).await?;
    let (target, tried) = match (&connection.send_by, &mut open) {
        (SendBy::Smtp(server), _) => {
            let target = connection.target(server);
            (target.to_string(), smtp::try_login(&target, login, limits).await)
        }
        (SendBy::Jmap, Conversation::Jmap(jmap, _)) => {
            (connection.fetch_by.shown(), jmap.may_send(&connection.address).await)
        }
        (SendBy::Jmap, Conversation::Imap(_)) => (connection.fetch_by.shown(), Err(no_way())),
    };
    open.close().await;
    match tried {
        Ok(()) => Ok(folders),
        // That it may be otherwise later is of no use to whoever asks now.
        Err(Refusal::Message(words) | Refusal::Later(words)) => Err(Refused::Unable { target, words }),
        Err(trouble) => Err(Refused::Sending { target, trouble }),
    }
}

/// Signs in to fetch; gives the folders of the mailbox.
pub async fn folders(
    connection: &Connection,
    login: &Login,
    limits: &Limits,
) -> Result<Vec<Folder>, Refused> {
    let (open, folders) = look(connection, login, limits).await?;
    open.close().await;
    Ok(folders)
}

async fn look(
    connection: &Connection,
    login: &Login,
    limits: &Limits,
) -> Result<(Conversation, Vec<Folder>), Refused> {
    let looked = async {
        let mut open = Conversation::open(connection, login, *limits).await?;
        let folders = open.folders().await?;
        Ok((open, folders))
    };
    looked.await.map_err(|trouble| Refused::Fetching { target: connection.fetch_by.shown(), trouble })
}

/// Why nothing is sent from a mailbox that names no way.
pub fn no_way() -> Refusal {
    Refusal::Message("it names no server for mail that is sent".to_owned())
}

/// Whether a folder is fetched where nobody chose.
pub fn is_usual(folders: &[Folder], folder: &Folder) -> bool {
    usual(folders).iter().any(|one| one.name == folder.name)
}
