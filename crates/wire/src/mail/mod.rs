//! Sources of raw messages: mbox files, Maildir trees, single message files and tar archives of any of these,
//! plain or compressed with gzip or zstd.
//!
//! [`sources`] walks the given paths and lists what is there; [`Source::open`] gives the messages of one source,
//! one after another, with bounded memory. Nothing that cannot be read ends the reading of the rest: it is
//! given as a [`Fault`] with its place.

mod folder;
mod layer;
mod mbox;
mod message;
mod pack;
mod read;
mod recognise;
mod role;
mod tarball;
mod walk;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use folder::{Folder, decode_utf7};
pub use read::Reader;
pub use role::Role;
pub use walk::sources;

/// The largest message that is read, in bytes; a larger one is given as a [`FaultKind::TooLarge`].
/// A message in mail is at most some 150 MiB anywhere; beyond that a file is broken or no mail.
pub const MESSAGE_CAP: usize = 256 << 20;

/// What [`sources`] found.
#[derive(Debug, Default)]
pub struct Listing {
    /// Where messages can be read, in a stable order.
    pub sources: Vec<Source>,
    /// What could not be read, or is no mail ([`FaultKind::Skipped`]).
    pub faults: Vec<Fault>,
}

/// One mail folder, or an archive of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file, or the folder of a Maildir or of single message files.
    pub path: PathBuf,
    /// Whose it is and what it is for. For an archive, that of each [`Item`] says more.
    pub folder: Folder,
    /// How its messages are kept.
    pub kind: Kind,
    /// Tells whether it has changed since an earlier reading.
    pub stamp: Stamp,
}

/// How the messages of a source are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// One file with all messages, plain or compressed.
    Mbox,
    /// A directory with `cur` and `new`, a file a message.
    Maildir,
    /// Files of one message each, in one directory; their names in order.
    Messages(Vec<PathBuf>),
    /// An archive of any of these, plain or compressed.
    Tar,
}

/// Tells whether a source has changed: two equal stamps of one path mean the same content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp {
    /// When it was last modified, in microseconds since 1970: the file's own time, for a Maildir the later of
    /// `cur` and `new` (which change whenever a file in them comes, goes or gets a flag).
    pub modified: i64,
    /// Its size in bytes as it lies on disk; 0 for a Maildir, whose files are not looked at for a stamp.
    pub bytes: u64,
}

/// One message as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The message, headers first, without the mbox separator and quoting; line ends as they were.
    pub raw: Vec<u8>,
    /// Where it was found.
    pub position: Position,
    /// The folder it lies in.
    pub folder: Arc<Folder>,
    /// What its owner's mail program noted, where the file's name says so (Maildir).
    pub flags: Flags,
}

/// Where in a source something was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Position {
    /// The file inside an archive or directory.
    pub member: Option<Arc<str>>,
    /// Where it begins in that file once uncompressed, in bytes.
    pub offset: u64,
    /// How many messages of this source came before it.
    pub index: u64,
}

/// Flags of a Maildir file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags {
    /// Read by the owner.
    pub seen: bool,
    /// Answered.
    pub replied: bool,
    /// Passed on.
    pub passed: bool,
    /// Marked as important.
    pub flagged: bool,
    /// A draft, never sent.
    pub draft: bool,
    /// Thrown away, to be removed.
    pub trashed: bool,
}

/// Something that could not be read, or not as a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The source's file or directory.
    pub path: PathBuf,
    /// Where in it.
    pub position: Position,
    /// What sort of fault.
    pub kind: FaultKind,
    /// What is wrong and, where there is something to do, what.
    pub what: String,
}

/// Sorts of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// There is nothing at a path that was asked for.
    Missing,
    /// A file or directory could not be opened or read.
    Unreadable,
    /// Not mail; nothing is lost.
    Skipped,
    /// From here on the file or archive cannot be read; what came before was given.
    Broken,
    /// A message above [`MESSAGE_CAP`]; those after it are read.
    TooLarge,
    /// Bytes before the first message of an mbox.
    Garbage,
    /// The message just before this fault was given, but its end may be missing.
    CutShort,
    /// A place for a message with nothing in it.
    Empty,
}

impl Source {
    /// Reads the messages from the beginning.
    pub fn open(&self) -> Reader {
        Reader::new(self, None)
    }

    /// Goes on at a message whose position an earlier reading gave; that message is the first.
    /// An uncompressed mbox is entered there directly, others are read up to it.
    pub fn open_at(&self, from: &Position) -> Reader {
        Reader::new(self, Some(from))
    }

    /// Its size in bytes as it lies on disk, for a progress bar; for a Maildir this looks at each file.
    pub fn bytes(&self) -> u64 {
        match self.kind {
            Kind::Maildir => walk::maildir_bytes(&self.path),
            _ => self.stamp.bytes,
        }
    }
}

impl Flags {
    /// The flags in the name of a Maildir file (`…:2,FS`); `;` and `!` stand for `:` on some file systems.
    pub fn of_name(name: &str) -> Flags {
        let parted = [":2,", ";2,", "!2,"].iter().find_map(|mark| name.rsplit_once(mark));
        let Some((_, letters)) = parted else { return Flags::default() };
        let has = |letter| letters.contains(letter);
        Flags {
            seen: has('S'),
            replied: has('R'),
            passed: has('P'),
            flagged: has('F'),
            draft: has('D'),
            trashed: has('T'),
        }
    }
}

impl Fault {
    fn at_path(path: &Path, kind: FaultKind, what: impl Into<String>) -> Fault {
        Fault { path: path.to_path_buf(), position: Position::default(), kind, what: what.into() }
    }

    /// Whether mail may have been lost by it, whole or in part. A skipped file is none; a message that was cut short
    /// was given, and its end may be missing.
    pub fn loses_mail(&self) -> bool {
        self.kind != FaultKind::Skipped
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(member) = &self.position.member {
            write!(f, " › {member}")?;
        }
        if self.position.offset != 0 {
            write!(f, " at byte {}", self.position.offset)?;
        }
        write!(f, ": {}", self.what)
    }
}
