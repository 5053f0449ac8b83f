//! How mailboxes on servers are reached from here: what the operator of this installation allows, said once at its start.

use std::path::{Path, PathBuf};
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
    /// Folders in which logs of calls lie that may be followed. No form changes it: else whoever may fill in a form could
    /// have any file of the machine read, and its lines shown.
    pub call_logs: Vec<PathBuf>,
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

    /// Whether a log of calls may be followed, as far as this machine goes: it lies in one of the folders that the operator
    /// names, wherever links in its path lead.
    pub fn may_follow(&self, log: &str) -> Result<()> {
        let folders = self.allowed.get().map_or(&[][..], |allowed| &allowed.call_logs);
        let whole = |path: &Path| path.canonicalize().ok();
        let lies = Path::new(log).parent().and_then(whole).zip(Path::new(log).file_name());
        let path = lies.map(|(folder, name)| folder.join(name)).map(|path| whole(&path).unwrap_or(path));
        if path.is_some_and(|path| {
            folders.iter().filter_map(|folder| whole(folder)).any(|in_| path.starts_with(in_))
        }) {
            return Ok(());
        }
        let names: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
        let others = "whoever runs Regard names other folders as call_logs in regard.toml, or has it followed by regard calls follow";
        Err(Error::invalid(
            "the log",
            match names.as_slice() {
                [] => format!("cannot be followed from here; {others}"),
                names => format!("does not lie in {}; {others}", names.join(" or ")),
            },
        ))
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
