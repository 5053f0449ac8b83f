//! Why nothing was brought from a server.

use wire::net::Trouble;

use crate::error::Error;

/// Why a mailbox or a subscription was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The server.
    #[error(transparent)]
    Server(#[from] Trouble),
    /// This side.
    #[error(transparent)]
    Here(#[from] Error),
}

impl Failure {
    /// Whether somebody has to sign in again: the server refuses, or what is kept of the log-in cannot be used.
    pub fn is_login(&self) -> bool {
        match self {
            Failure::Server(trouble) => trouble.is_login(),
            Failure::Here(error) => matches!(error, Error::Invalid { .. }),
        }
    }
}
