//! The one error: few variants that mean something to the person, one for the unexpected.

use std::path::Path;

use crate::disk;

/// The result of nearly everything.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or whoever asks may not see it.
    #[error("not found")]
    NotFound,
    /// A person gave something that cannot be taken.
    #[error("{field} {words}")]
    Invalid {
        /// What was given wrongly.
        field: String,
        /// What is wrong with it, as a sentence.
        words: String,
    },
    /// What was asked does not fit what it was asked of, as it is now.
    #[error("this {words}")]
    Unfit {
        /// Why not, as a sentence about it.
        words: String,
    },
    /// The database or a file could not be read or written.
    #[error("{place}: {trouble}")]
    Storage {
        /// The file or database.
        place: String,
        /// What is wrong, and what to do.
        trouble: Trouble,
        /// What the database or the system said.
        #[source]
        cause: anyhow::Error,
    },
    /// Anything nobody thought of.
    #[error(transparent)]
    Unexpected(#[from] anyhow::Error),
}

/// What can be wrong with a store, each with what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No space is left.
    #[error(
        "the disk is full; nothing that was saved before is lost. Free some space and run it again: it goes on where it stopped"
    )]
    Full,
    /// The disk fails, or whatever leads to it.
    #[error(
        "it could not be read or written; nothing that was saved before is lost. Look after the disk and the connection to it, and run it again: it goes on where it stopped"
    )]
    Device,
    /// It may only be read.
    #[error(
        "it cannot be written: the disk or file is read-only. Make it writable, or choose another place with --data"
    )]
    ReadOnly,
    /// It cannot be opened.
    #[error("it cannot be opened. Check that the folder exists and that you may read and write it")]
    CannotOpen,
    /// Another program holds it.
    #[error("another program is writing to it and has not finished. Try again when that one is done")]
    Busy,
    /// The file is damaged, or no database at all.
    #[error(
        "it is damaged, or is not a Regard database. Restore the last backup into a new folder (regard restore)"
    )]
    Damaged,
    /// A backup file that cannot be used.
    #[error("it is cut off, damaged, or no backup of Regard. Nothing was changed; take another one")]
    NoBackup,
    /// The database server does not answer.
    #[error("the database server does not answer. Check the address in --database, and that the server runs")]
    Unreachable,
    /// The database server refuses us.
    #[error(
        "the database server refuses this user or database. Check name, password and rights in --database"
    )]
    Refused,
    /// Another program's tables.
    #[error(
        "it holds the tables of another program. Nothing was changed; give Regard a folder or a database of its own"
    )]
    Foreign,
    /// A newer program made it.
    #[error("it was made by a newer Regard. Use that version, or a newer one")]
    Newer,
    /// Something else.
    #[error("reading or writing failed")]
    Other,
}

impl Error {
    /// A person's mistake: which field, and a sentence about it.
    pub fn invalid(field: impl Into<String>, words: impl Into<String>) -> Error {
        Error::Invalid { field: field.into(), words: words.into() }
    }

    /// What was asked does not fit: a sentence that begins with "this".
    pub fn unfit(words: impl Into<String>) -> Error {
        Error::Unfit { words: words.into() }
    }

    /// What the database said, sorted into what it means for the person.
    pub fn database(place: &str, error: sqlx::Error) -> Error {
        let trouble = trouble_of(&error, || disk::is_full(Path::new(place)));
        Error::Storage { place: place.into(), trouble, cause: error.into() }
    }

    /// What the system said about a file.
    pub fn file(path: &Path, error: std::io::Error) -> Error {
        Error::Storage {
            place: path.display().to_string(),
            trouble: trouble_of_io(&error),
            cause: error.into(),
        }
    }

    /// What is wrong with the store, where that is the trouble.
    pub fn trouble(&self) -> Option<Trouble> {
        match self {
            Error::Storage { trouble, .. } => Some(*trouble),
            _ => None,
        }
    }
}

/// `is_full` looks whether the disk is full, where only that can tell.
fn trouble_of(error: &sqlx::Error, is_full: impl FnOnce() -> bool) -> Trouble {
    match error {
        sqlx::Error::Io(io) => match trouble_of_io(io) {
            Trouble::Other => Trouble::Unreachable,
            known => known,
        },
        sqlx::Error::PoolTimedOut => Trouble::Unreachable,
        sqlx::Error::Database(said) => {
            let code = said.code().unwrap_or_default();
            if said.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
                trouble_of_postgres(&code)
            } else {
                trouble_of_sqlite(&code, is_full)
            }
        }
        _ => Trouble::Other,
    }
}

/// The I/O errors of SQLite that a full disk may give, by the number in the second byte: write, fsync, dir_fsync,
/// truncate, shmopen, shmsize, shmmap, mmap.
const GROWS: [i32; 8] = [3, 4, 5, 6, 18, 19, 21, 24];

/// By SQLite's extended result code; the low byte is the primary one.
fn trouble_of_sqlite(code: &str, is_full: impl FnOnce() -> bool) -> Trouble {
    let code = code.parse::<i32>().unwrap_or(0);
    match code & 0xff {
        5 | 6 => Trouble::Busy,
        8 => Trouble::ReadOnly,
        // Some file systems say late, or in another way, that they are full.
        10 if GROWS.contains(&(code >> 8)) && is_full() => Trouble::Full,
        10 => Trouble::Device,
        11 | 26 => Trouble::Damaged,
        13 => Trouble::Full,
        14 => Trouble::CannotOpen,
        _ => Trouble::Other,
    }
}

/// By SQLSTATE.
fn trouble_of_postgres(code: &str) -> Trouble {
    match code {
        "53100" => Trouble::Full,
        "25006" => Trouble::ReadOnly,
        "42501" | "3D000" => Trouble::Refused,
        _ if code.starts_with("28") => Trouble::Refused,
        _ if code.starts_with("08") || code.starts_with("57P") => Trouble::Unreachable,
        _ if code.starts_with("XX") => Trouble::Damaged,
        _ => Trouble::Other,
    }
}

fn trouble_of_io(error: &std::io::Error) -> Trouble {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Trouble::Full,
        ErrorKind::ReadOnlyFilesystem => Trouble::ReadOnly,
        ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::NotADirectory => Trouble::CannotOpen,
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset | ErrorKind::TimedOut => {
            Trouble::Unreachable
        }
        _ => Trouble::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_disk_is_called_full_only_where_it_is() {
        for (code, full, trouble) in [
            ("13", false, Trouble::Full),
            ("10", true, Trouble::Device),
            ("266", true, Trouble::Device), // read
            ("522", true, Trouble::Device), // short read
            ("778", true, Trouble::Full),   // write
            ("778", false, Trouble::Device),
            ("1034", true, Trouble::Full), // fsync
            ("4874", true, Trouble::Full), // shmsize
            ("4874", false, Trouble::Device),
            ("3850", true, Trouble::Device), // lock
            ("261", false, Trouble::Busy),   // busy_recovery
            ("11", true, Trouble::Damaged),
        ] {
            assert_eq!(trouble_of_sqlite(code, || full), trouble, "{code}, full: {full}");
        }
        assert!(Trouble::Device.to_string().contains("could not be read or written"));
    }
}
