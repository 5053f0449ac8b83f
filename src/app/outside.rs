//! How mailboxes on servers are reached from here: what the operator of this installation allows, said once at its start.

use std::sync::OnceLock;

use wire::net::{Limits, Reach};

use crate::error::{Error, Result};
use crate::mailboxes::secret::Keys;

/// What pages need to reach servers.
#[derive(Debug, Default)]
pub struct Outside {
    allowed: OnceLock<Allowed>,
    /// Mail is handed in for secret addresses; with what stands behind their @, where the operator says.
    forwarded: OnceLock<Option<String>>,
}

/// What the operator allows.
#[derive(Debug)]
pub struct Allowed {
    /// The keys to passwords of mailboxes; in words why there are none.
    pub keys: std::result::Result<Keys, String>,
    /// Where connections may go. No form changes it: else whoever may fill in a form could reach into the network of the
    /// machine.
    pub reach: Reach,
    /// How long servers may take while somebody waits for the page.
    pub limits: Limits,
    /// Mailboxes are fetched by this process, too.
    pub works: bool,
}

impl Outside {
    /// Says what is allowed; the first word stands.
    pub fn allow(&self, allowed: Allowed) {
        let _ = self.allowed.set(allowed);
    }

    /// What is allowed; nothing in a demonstration.
    pub fn allowed(&self) -> Result<&Allowed> {
        let words = "cannot be connected in a demonstration; open regard itself for that";
        self.allowed.get().ok_or_else(|| Error::invalid("a mailbox", words))
    }

    /// Says that mail is handed in for secret addresses, and what stands behind their @; the first word stands.
    pub fn take_forwarded(&self, domain: Option<String>) {
        let _ = self.forwarded.set(domain);
    }

    /// Whether mail is handed in for secret addresses: none where it is not; else what stands behind their @, where that is
    /// known.
    pub fn forwarded(&self) -> Option<Option<&str>> {
        self.forwarded.get().map(Option::as_deref)
    }

    /// The keys to passwords.
    pub fn keys(&self) -> Result<&Keys> {
        self.allowed()?.keys.as_ref().map_err(|words| Error::invalid("a mailbox", words.clone()))
    }
}
