//! What goes wrong with a server, in kinds that a program can act upon.

use std::io;

use super::words;

/// Why a server could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The name leads into this machine or a private network, which was not allowed.
    #[error(
        "{host} leads to {address}, which is no address of the open internet; if it is meant, whoever runs this allows it \
             (--private-network, or private_network = true among the settings)"
    )]
    Forbidden {
        /// The name.
        host: String,
        /// Where it leads.
        address: String,
    },
    /// Nobody knows the name.
    #[error("{host} is not known: there is no server of this name, or this machine is not online")]
    Unknown {
        /// The name.
        host: String,
        /// What the resolver said.
        source: io::Error,
    },
    /// No connection.
    #[error("{target} cannot be reached: {}", words::of_io(source))]
    Unreachable {
        /// The server.
        target: String,
        /// What the machine said.
        source: io::Error,
    },
    /// The server's certificate is not good.
    #[error("{host} could not prove who it is: {what}")]
    Untrusted {
        /// The server.
        host: String,
        /// What is wrong.
        what: String,
    },
    /// The certificates that were given cannot be read.
    #[error("the certificate of the authority cannot be read: {0}")]
    BadAuthority(String),
    /// The server does not take this name with this password or token.
    #[error("the server refused the login: {0}")]
    LoginRefused(String),
    /// There is no way to sign in that both sides know and that keeps the password secret.
    #[error("there is no safe way to sign in: {0}")]
    NoWayIn(String),
    /// It took too long.
    #[error("the server took too long in {}", words::of_command(.0))]
    TimedOut(&'static str),
    /// The connection ended.
    #[error("the connection ended in {}", words::of_command(.0))]
    Closed(&'static str),
    /// The connection ended before anybody could sign in.
    #[error("the connection ended before anybody could sign in; where that stays so, see whether {0}")]
    HungUp(String),
    /// The server said goodbye.
    #[error("the server ended the conversation: {0}")]
    Goodbye(String),
    /// The server refused a command.
    #[error("the server refused {}: {said}", words::of_command(command))]
    Said {
        /// The command, without anything secret.
        command: &'static str,
        /// Its words.
        said: String,
    },
    /// What answers there is none of the servers that are meant.
    #[error("{0}")]
    Stranger(String),
    /// The server broke the protocol.
    #[error("the server broke the rules: {0}")]
    Broke(String),
}

impl Trouble {
    /// Somebody must give another password or token; trying again would only lock the account.
    pub fn is_login(&self) -> bool {
        matches!(self, Trouble::LoginRefused(_) | Trouble::NoWayIn(_))
    }

    /// It may well pass by itself.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Trouble::Unknown { .. }
                | Trouble::Unreachable { .. }
                | Trouble::TimedOut(_)
                | Trouble::Closed(_)
                | Trouble::HungUp(_)
                | Trouble::Goodbye(_)
        )
    }

    pub(crate) fn of_io(error: io::Error, doing: &'static str) -> Trouble {
        match error.kind() {
            io::ErrorKind::TimedOut => Trouble::TimedOut(doing),
            _ => Trouble::Closed(doing),
        }
    }
}
