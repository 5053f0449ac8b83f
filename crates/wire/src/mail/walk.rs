//! Walks the given paths and lists the sources of mail in them.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::folder::{Folder, Owners, Way};
use super::recognise::{What, extension, recognise};
use super::{Fault, FaultKind, Kind, Listing, Source, Stamp, pack};

/// Lists what mail there is at the given paths, directories walked to their end. The order is stable: path by path,
/// names in order, what links lead to last. Each file is listed once, however many links lead to it.
pub fn sources(paths: &[PathBuf]) -> Listing {
    let mut walk = Walk::default();
    for path in paths {
        walk.root(path);
    }
    while let Some(link) = walk.links.pop_front() {
        walk.follow(link);
    }
    walk.finish()
}

#[derive(Default)]
struct Walk {
    found: Vec<(Source, Way)>,
    faults: Vec<Fault>,
    /// The real paths of directories walked, and of files that were named or linked to.
    directories: HashSet<PathBuf>,
    lone_files: HashSet<PathBuf>,
    /// Where among `found` the single message files of a directory are.
    messages: HashMap<PathBuf, usize>,
    links: VecDeque<Link>,
}

/// A symbolic link, followed once all that is real has been walked.
struct Link {
    path: PathBuf,
    above: Way,
    in_maildir: bool,
}

impl Walk {
    fn root(&mut self, path: &Path) {
        let real = match path.canonicalize() {
            Ok(real) => real,
            Err(error) => {
                let missing = error.kind() == io::ErrorKind::NotFound;
                let kind = if missing { FaultKind::Missing } else { FaultKind::Unreadable };
                let what =
                    if missing { "there is no such file or directory".into() } else { error.to_string() };
                return self.faults.push(Fault::at_path(path, kind, what));
            }
        };
        let above = real.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        if real.is_dir() {
            let name = real.file_name().unwrap_or_default().to_string_lossy();
            self.directory(path, &real, Way::new(above.as_deref(), &name), true);
        } else {
            self.lone_file(path, real, &Way::new(None, above.as_deref().unwrap_or_default()));
        }
    }

    fn follow(&mut self, link: Link) {
        let Ok(real) = link.path.canonicalize() else {
            let what = "a link that leads nowhere, or in a circle";
            return self.faults.push(Fault::at_path(&link.path, FaultKind::Skipped, what));
        };
        let name = link.path.file_name().unwrap_or_default().to_string_lossy();
        if real.is_dir() {
            self.directory(&link.path, &real, link.above.directory(&name, link.in_maildir), false);
        } else {
            self.lone_file(&link.path, real, &link.above);
        }
    }

    fn directory(&mut self, path: &Path, real: &Path, way: Way, is_root: bool) {
        if !self.directories.insert(real.to_path_buf()) {
            return;
        }
        let entries = match entries(path) {
            Ok(entries) => entries,
            Err(error) => {
                let what = format!("the directory cannot be read: {error}");
                return self.faults.push(Fault::at_path(path, FaultKind::Unreadable, what));
            }
        };
        let is_maildir = entries.iter().any(|entry| entry.is_directory && entry.name == "cur");
        if is_maildir {
            let has_subfolders =
                entries.iter().any(|entry| entry.is_directory && entry.name.starts_with('.'));
            let is_inbox = is_root || has_subfolders || way.ends_between();
            let own = if is_inbox { way.inbox() } else { way.clone() };
            let source = Source {
                path: path.to_path_buf(),
                folder: Folder::default(),
                kind: Kind::Maildir,
                stamp: maildir_stamp(path),
            };
            self.found.push((source, own));
        }
        for entry in entries {
            let below = path.join(&entry.file);
            let below_real = real.join(&entry.file);
            if entry.is_link {
                self.links.push_back(Link { path: below, above: way.clone(), in_maildir: is_maildir });
            } else if entry.is_directory {
                if !(is_maildir && matches!(entry.name.as_str(), "cur" | "new" | "tmp")) {
                    self.directory(&below, &below_real, way.directory(&entry.name, is_maildir), false);
                }
            } else if !is_maildir || !extension(&entry.name).is_empty() {
                // Beside `cur` there are only notes of mail programs, unless a name says otherwise.
                if !self.lone_files.contains(&below_real) {
                    self.file(&below, &way);
                }
            }
        }
    }

    /// Lists a file that was named or linked to, unless it is listed already.
    fn lone_file(&mut self, path: &Path, real: PathBuf, above: &Way) {
        let walked = real.parent().is_some_and(|parent| self.directories.contains(parent));
        if !walked && self.lone_files.insert(real) {
            self.file(path, above);
        }
    }

    /// Lists one file; `above` leads to its directory.
    fn file(&mut self, path: &Path, above: &Way) {
        let metadata = match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => metadata,
            Ok(_) => {
                return self.faults.push(Fault::at_path(
                    path,
                    FaultKind::Skipped,
                    "neither file nor directory",
                ));
            }
            Err(error) => return self.unreadable(path, &error),
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let what = if is_surely_message(&name) { Ok(What::Message) } else { look_into(path, &name) };
        let kind = match what {
            Ok(What::Mbox) => Kind::Mbox,
            Ok(What::Tar) => Kind::Tar,
            Ok(What::Message) => return self.message(path, &metadata, above),
            Ok(What::Empty) => return self.skipped(path, "an empty file"),
            Ok(What::Other(why)) => return self.skipped(path, why),
            Err(error) => return self.unreadable(path, &error),
        };
        // The Apple form keeps `Name.mbox/mbox`.
        let way =
            if name == "mbox" && !above.ends_between() { above.clone() } else { above.join(stem(&name)) };
        let source =
            Source { path: path.to_path_buf(), folder: Folder::default(), kind, stamp: stamp(&metadata) };
        self.found.push((source, way));
    }

    fn message(&mut self, path: &Path, metadata: &Metadata, above: &Way) {
        let directory = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let name = PathBuf::from(path.file_name().unwrap_or_default());
        let stamp = stamp(metadata);
        if let Some((source, _)) = self.messages.get(&directory).and_then(|at| self.found.get_mut(*at))
            && let Kind::Messages(names) = &mut source.kind
        {
            names.push(name);
            source.stamp.modified = source.stamp.modified.max(stamp.modified);
            source.stamp.bytes += stamp.bytes;
            return;
        }
        self.messages.insert(directory.clone(), self.found.len());
        let kind = Kind::Messages(vec![name]);
        self.found.push((Source { path: directory, folder: Folder::default(), kind, stamp }, above.clone()));
    }

    fn skipped(&mut self, path: &Path, why: &str) {
        self.faults.push(Fault::at_path(path, FaultKind::Skipped, why));
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        self.faults.push(Fault::at_path(path, FaultKind::Unreadable, format!("cannot be read: {error}")));
    }

    fn finish(self) -> Listing {
        let mut owners = Owners::default();
        for (source, way) in &self.found {
            if source.kind != Kind::Tar {
                owners.learn(way);
            }
        }
        let place = |(mut source, way): (Source, Way)| {
            source.folder = owners.folder(&way);
            if let Kind::Messages(names) = &mut source.kind {
                names.sort();
                names.dedup();
            }
            source
        };
        Listing { sources: self.found.into_iter().map(place).collect(), faults: self.faults }
    }
}

struct Entry {
    file: std::ffi::OsString,
    name: String,
    is_directory: bool,
    is_link: bool,
}

/// The entries of a directory in order of their names.
fn entries(path: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let file = entry.file_name();
        let name = file.to_string_lossy().into_owned();
        entries.push(Entry { file, name, is_directory: kind.is_dir(), is_link: kind.is_symlink() });
    }
    entries.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(entries)
}

/// The name of a file without its extensions; of `inbox.archives.mbox.gz`, `inbox.archives`.
pub(super) fn stem(name: &str) -> &str {
    let packed = [".gz", ".zst", ".zstd"];
    let bare = packed.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    [".mbox", ".mbx", ".tar", ".tgz", ".eml", ".emlx"]
        .iter()
        .find_map(|end| bare.strip_suffix(end))
        .unwrap_or(bare)
}

/// Files that are messages by their name: `.eml`, and the numbers of MH folders. Their content is looked at when
/// they are read, so that listing a directory of many does not open each.
fn is_surely_message(name: &str) -> bool {
    let number = name.strip_suffix('.').unwrap_or(name);
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    is_number || name.ends_with(".eml") || name.ends_with(".emlx")
}

fn look_into(path: &Path, name: &str) -> io::Result<What> {
    let opened = pack::unpack(Box::new(File::open(path)?))?;
    Ok(recognise(&opened.head, name))
}

fn stamp(metadata: &Metadata) -> Stamp {
    let modified = metadata.modified().ok().and_then(|time| jiff::Timestamp::try_from(time).ok());
    Stamp { modified: modified.map_or(0, |time| time.as_microsecond()), bytes: metadata.len() }
}

fn maildir_stamp(path: &Path) -> Stamp {
    let times = ["cur", "new"].map(|part| fs::metadata(path.join(part)).map_or(0, |m| stamp(&m).modified));
    Stamp { modified: times[0].max(times[1]), bytes: 0 }
}

/// The files of a Maildir in order, `cur` before `new`.
pub(super) fn maildir_names(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for part in ["cur", "new"] {
        let entries = match fs::read_dir(path.join(part)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            if !entry.file_type()?.is_dir() && !name.as_encoded_bytes().starts_with(b".") {
                names.push(Path::new(part).join(name));
            }
        }
    }
    names.sort();
    Ok(names)
}

/// The size of all files of a Maildir, in bytes.
pub(super) fn maildir_bytes(path: &Path) -> u64 {
    let names = maildir_names(path).unwrap_or_default();
    names.iter().filter_map(|name| fs::metadata(path.join(name)).ok()).map(|metadata| metadata.len()).sum()
}
