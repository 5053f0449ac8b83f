//! Long work that a page started and tells of: bringing mail and lists in.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::disk;
use crate::error::{Error, Result};
use crate::ids::FirmId;

/// What was asked of the server when it was started, and the long work that it does.
#[derive(Debug, Default)]
pub struct Works {
    /// What somebody must know who sets up the firm from another machine.
    code: OnceLock<String>,
    /// Where files that were handed in lie until they are read.
    folder: OnceLock<PathBuf>,
    running: Mutex<FxHashMap<FirmId, Arc<Work>>>,
}

/// One piece of long work.
#[derive(Debug)]
pub struct Work {
    /// What is done, as a page says it.
    pub what: String,
    /// How many bytes there are to read.
    pub bytes: u64,
    /// How many were read.
    pub done: AtomicU64,
    /// How many messages were met.
    pub messages: AtomicU64,
    /// Set when it should stop after the current batch.
    pub stop: AtomicBool,
    ended: Mutex<Option<std::result::Result<String, String>>>,
}

impl Work {
    /// How it ended, in words; none while it goes on.
    pub fn ended(&self) -> Option<std::result::Result<String, String>> {
        self.ended.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// Says how it ended.
    pub fn end(&self, how: std::result::Result<String, String>) {
        *self.ended.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(how);
    }
}

impl Works {
    /// From now on whoever sets up the firm must know this.
    pub fn ask_for(&self, code: String) {
        // Asked twice, the first one stands.
        let _ = self.code.set(code);
    }

    /// What whoever sets up the firm must know.
    pub fn code(&self) -> Option<&str> {
        self.code.get().map(String::as_str)
    }

    /// Files that are handed in lie there.
    pub fn keep_in(&self, folder: PathBuf) {
        let _ = self.folder.set(folder);
    }

    /// Where files that are handed in lie until they are read; made where it is not there.
    pub fn folder(&self) -> Result<PathBuf> {
        let folder =
            self.folder.get().cloned().unwrap_or_else(|| std::env::temp_dir().join("regard-handed-in"));
        disk::private_folder(&folder).map_err(|e| Error::file(&folder, e))?;
        Ok(folder)
    }

    /// A folder beside that one, made where it is not there.
    pub fn beside(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder()?.with_file_name(name);
        disk::private_folder(&folder).map_err(|e| Error::file(&folder, e))?;
        Ok(folder)
    }

    /// Whether a file was handed in by a page, and may go when it was read.
    pub fn is_handed_in(&self, path: &Path) -> bool {
        self.folder().is_ok_and(|folder| path.parent() == Some(&folder))
    }

    /// Begins a piece of work; refused while another one of that firm goes on.
    pub fn begin(&self, firm: FirmId, what: String, bytes: u64) -> Result<Arc<Work>> {
        let mut running = self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if running.get(&firm).is_some_and(|work| work.ended().is_none()) {
            return Err(Error::invalid(
                "this",
                "has to wait: something else is being read in at this moment",
            ));
        }
        let work = Arc::new(Work {
            what,
            bytes,
            done: AtomicU64::new(0),
            messages: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            ended: Mutex::new(None),
        });
        running.insert(firm, Arc::clone(&work));
        Ok(work)
    }

    /// The work of a firm: what goes on, else what ended last.
    pub fn of(&self, firm: FirmId) -> Option<Arc<Work>> {
        self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&firm).cloned()
    }

    /// Asks all work to stop, and waits until it has: each writes its batch, and goes on there the next time.
    pub async fn stop(&self) {
        let all: Vec<Arc<Work>> = {
            let running = self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            running.values().cloned().collect()
        };
        all.iter().for_each(|work| work.stop.store(true, Ordering::Relaxed));
        while all.iter().any(|work| work.ended().is_none()) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// What whoever handed a file in called it: where it lies, the moment and its owner stand before its name.
pub fn called(name: &str) -> &str {
    let number = |part: &str, least: usize| least <= part.len() && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = name.splitn(3, '-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(at), Some(by), Some(rest)) if number(at, 12) && number(by, 1) && !rest.is_empty() => rest,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_as_its_owner_calls_it() {
        assert_eq!(called("1795341472479-72057594-In2"), "In2");
        assert_eq!(called("1795341472479-72057594-my-list.csv"), "my-list.csv");
        for own in ["In2", "2026-06-staff.csv", "amy@firm.example", "1795341472479", ""] {
            assert_eq!(called(own), own);
        }
    }
}
