//! Reaches servers: by name, with a checked certificate, and only where a connection may go.

pub(crate) mod dial;
mod guard;
pub(crate) mod sasl;
mod tls;
mod trouble;
pub(crate) mod words;

use std::fmt;
use std::time::Duration;

pub(crate) use dial::{Io, dial, distrust, secure, tls_within};
pub use guard::{is_public, resolve};
pub use tls::Trust;
pub use trouble::Trouble;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after asking for it; without it nothing is said.
    StartTls,
    /// Not at all. Only to this very machine.
    Plain,
}

impl Security {
    /// What a server took too long in that said nothing at all.
    pub(crate) fn greeting(self) -> &'static str {
        match self {
            Security::Tls => "the greeting",
            Security::StartTls | Security::Plain => {
                "the greeting (where TLS is spoken from the first byte, nobody is greeted without it)"
            }
        }
    }
}

/// Where connections may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// Only to addresses of the open internet.
    #[default]
    Public,
    /// Also to this machine and to private networks.
    Private,
}

/// A server to talk to.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its name, or its address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Where the connection may go.
    pub reach: Reach,
    /// Whose word is taken for who the server is.
    pub trust: Trust,
}

impl Target {
    /// What to ask of it where it hangs up, as half a sentence.
    pub(crate) fn is_meant_for(&self, protocol: &str) -> String {
        format!("{self} is meant for {protocol} {}", words::of_security(self.security))
    }

    /// The same where it hangs up on TLS.
    pub(crate) fn speaks_tls(&self) -> String {
        match self.security {
            Security::Tls => format!("{self} speaks TLS from the first byte"),
            Security::StartTls | Security::Plain => format!("{self} speaks TLS at all"),
        }
    }
}

/// Something that must not be shown: it prints as dots.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Who signs in, and with what.
#[derive(Debug, Clone)]
pub enum Login {
    /// A name and a password.
    Password {
        /// The name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A name and an OAuth 2 access token.
    Token {
        /// The name.
        user: String,
        /// The token.
        token: Secret,
    },
}

/// How long a server may take, and how much it may send.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// To connect, to greet, to agree on keys.
    pub connect: Duration,
    /// Between one byte and the next.
    pub quiet: Duration,
    /// For an ordinary command.
    pub command: Duration,
    /// For one that moves mail, or lists a whole folder.
    pub transfer: Duration,
    /// The largest message that is fetched whole, in bytes; of a larger one the beginning is fetched.
    pub message: usize,
    /// How much mail one batch holds, in bytes.
    pub batch: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connect: Duration::from_secs(20),
            quiet: Duration::from_secs(60),
            command: Duration::from_secs(90),
            transfer: Duration::from_secs(15 * 60),
            message: 32 << 20,
            batch: 8 << 20,
        }
    }
}

impl Secret {
    /// Keeps a text from being shown.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself, to hand it to the server.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Login {
    /// Who signs in.
    pub fn user(&self) -> &str {
        match self {
            Login::Password { user, .. } | Login::Token { user, .. } => user,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}
