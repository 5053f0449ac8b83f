//! How mailboxes on servers are reached from here: what the operator of this installation allows, said once at its start.

use std::sync::OnceLock;

use wire::net::{Limits, Reach};

use crate::error::{Error, Result};
use crate::mailboxes::secret::Keys;

/// What pages need to reach servers.
#[derive(Debug, Default)]
pub struct Outside(OnceLock<Allowed>);

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
        let _ = self.0.set(allowed);
    }

    /// What is allowed; nothing in a demonstration.
    pub fn allowed(&self) -> Result<&Allowed> {
        let words = "cannot be connected in a demonstration; open regard itself for that";
        self.0.get().ok_or_else(|| Error::invalid("a mailbox", words))
    }

    /// The keys to passwords.
    pub fn keys(&self) -> Result<&Keys> {
        self.allowed()?.keys.as_ref().map_err(|words| Error::invalid("a mailbox", words.clone()))
    }
}
