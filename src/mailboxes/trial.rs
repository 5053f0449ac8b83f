//! Signs in to both servers of a mailbox, to see whether it can be fetched and sent from.

use wire::imap::{Folder, Session, usual};
use wire::net::{Limits, Login, Trouble};
use wire::smtp::{self, Refusal};

use super::Connection;

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
}

/// Signs in to fetch and to send; gives the folders of the mailbox.
pub async fn sign_in(
    connection: &Connection,
    login: &Login,
    limits: &Limits,
) -> Result<Vec<Folder>, Refused> {
    let folders = folders(connection, login, limits).await?;
    let target = connection.smtp_target();
    match smtp::try_login(&target, login, limits).await {
        Ok(()) => Ok(folders),
        Err(trouble) => Err(Refused::Sending { target: target.to_string(), trouble }),
    }
}

/// Signs in to fetch; gives the folders of the mailbox.
pub async fn folders(
    connection: &Connection,
    login: &Login,
    limits: &Limits,
) -> Result<Vec<Folder>, Refused> {
    let target = connection.imap_target();
    let listed = async {
        let mut session = Session::open(&target, login, *limits).await?;
        let folders = session.folders().await?;
        session.close().await;
        Ok(folders)
    };
    listed.await.map_err(|trouble| Refused::Fetching { target: target.to_string(), trouble })
}

/// Whether a folder is fetched where nobody chose.
pub fn is_usual(folders: &[Folder], folder: &Folder) -> bool {
    usual(folders).iter().any(|one| one.name == folder.name)
}
