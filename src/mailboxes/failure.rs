//! Why nothing was brought from a server.

use wire::net::Trouble;

use super::TroubleKind;
use crate::error::Error;

/// Why a mailbox or a subscription was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The server.
    #[error(transparent)]
    Server(#[from] Trouble),
    /// The server that gives tokens does not take the firm's id or secret any more, in words that say what to do.
    #[error("{0}")]
    Issuer(String),
    /// This side.
    #[error(transparent)]
    Here(#[from] Error),
}

impl Failure {
    /// Who can mend it. Whose it is, where the server refuses, or what is kept of the log-in cannot be used.
    pub fn kind(&self) -> TroubleKind {
        let is_login = match self {
            Failure::Issuer(_) => return TroubleKind::Issuer,
            Failure::Server(trouble) => trouble.is_login(),
            Failure::Here(error) => matches!(error, Error::Invalid { .. }),
        };
        if is_login { TroubleKind::Login } else { TroubleKind::Other }
    }

    /// What somebody is told who tried something by that name.
    pub fn told(self, name: &str, what: &str) -> Error {
        match self {
            Failure::Here(error) => error,
            Failure::Server(trouble) => Error::invalid(name, format!("{what}: {trouble}")),
            Failure::Issuer(words) => Error::invalid(name, format!("{what}: {words}")),
        }
    }
}
