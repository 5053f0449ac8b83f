//! Who has a mailbox at this moment: a number for each process, and whether that process still runs.
//!
//! With the embedded database all processes are on one machine: each keeps a file in its folder locked as long as it
//! runs, so that the mailboxes of one that was killed are free at once. With a database server the lease has to end.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::db::Db;
use crate::error::{Error, Result};

/// The folder of these files, in that of the record.
const FOLDER: &str = "at-work";

/// This process, as one that looks after mailboxes.
#[derive(Debug)]
pub struct Holder {
    /// A number that no other process has.
    pub number: i64,
    /// Locked as long as this process runs.
    locked: Option<(PathBuf, File)>,
}

impl Holder {
    /// A new one.
    pub fn new(db: &Db) -> Result<Holder> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(|e| Error::Unexpected(anyhow::anyhow!("no randomness: {e}")))?;
        let number = i64::from_be_bytes(bytes) | 1;
        let Some(folder) = db.folder() else { return Ok(Holder { number, locked: None }) };
        let path = path(&folder, number);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| File::create(&path));
        let file = made.map_err(|e| Error::file(&path, e))?;
        file.lock().map_err(|e| Error::file(&path, e))?;
        Ok(Holder { number, locked: Some((path, file)) })
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        if let Some((path, _)) = &self.locked {
            // What stays is removed by whoever finds it.
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether the process of that number is known to run no more.
pub fn is_gone(db: &Db, number: i64) -> bool {
    let Some(folder) = db.folder() else { return false };
    let path = path(&folder, number);
    match File::open(&path) {
        Ok(file) => match file.try_lock() {
            Ok(()) => {
                let _ = fs::remove_file(&path);
                true
            }
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
        },
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

fn path(folder: &Path, number: i64) -> PathBuf {
    folder.join(FOLDER).join(format!("{:016x}", number.cast_unsigned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Location;

    #[test]
    fn a_process_is_known_to_run_as_long_as_it_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let place = Location::Folder(folder.path().to_owned());
        let db = runtime.block_on(Db::open(&place)).expect("a database");
        let holder = Holder::new(&db).expect("a holder");
        assert!(!is_gone(&db, holder.number));
        let number = holder.number;
        drop(holder);
        assert!(is_gone(&db, number) && is_gone(&db, 7));
        // Killed, it leaves its file, and no lock.
        fs::write(path(folder.path(), 9), "").expect("written");
        assert!(is_gone(&db, 9) && !path(folder.path(), 9).exists());
    }
}
