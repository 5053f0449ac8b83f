//! What a source, or a member of an archive, holds: read one layer at a time.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::folder::{Folder, Owners, Way};
use super::mbox::{Piece, Splitter};
use super::message::{self, Refusal, Whole};
use super::pack::{self, Stream};
use super::recognise::{self, What, recognise};
use super::tarball::Tarball;
use super::walk::stem;
use super::{FaultKind, Flags};

/// An archive in an archive in an archive … is a trap.
const DEPTH: usize = 6;

/// A message, as its layer knows it.
pub(super) struct Found {
    pub(super) raw: Vec<u8>,
    pub(super) member: Option<Arc<str>>,
    pub(super) offset: u64,
    pub(super) folder: Arc<Folder>,
    pub(super) flags: Flags,
}

/// A fault, as its layer knows it.
pub(super) struct Trouble {
    pub(super) member: Option<Arc<str>>,
    pub(super) offset: u64,
    pub(super) kind: FaultKind,
    pub(super) what: String,
}

pub(super) type Step = Result<Found, Trouble>;

pub(super) enum Layer {
    Mbox(Box<MboxLayer>),
    Files(Files),
    Tar(Box<TarLayer>),
    /// What is already known.
    Ready(VecDeque<Step>),
}

impl Layer {
    pub(super) fn next(&mut self) -> Option<Step> {
        match self {
            Layer::Mbox(mbox) => mbox.next(),
            Layer::Files(files) => files.next(),
            Layer::Tar(tar) => tar.next(),
            Layer::Ready(steps) => steps.pop_front(),
        }
    }

    pub(super) fn trouble(member: Option<Arc<str>>, kind: FaultKind, what: impl Into<String>) -> Layer {
        Layer::Ready([Err(Trouble { member, offset: 0, kind, what: what.into() })].into())
    }

    pub(super) fn mbox(stream: Stream, base: u64, member: Option<Arc<str>>, folder: Arc<Folder>) -> Layer {
        let splitter = Splitter::new(stream, base);
        Layer::Mbox(Box::new(MboxLayer { splitter, member, folder, cut_at: None }))
    }

    pub(super) fn tar(stream: Stream, way: Way, prefix: Option<Arc<str>>, depth: usize) -> Layer {
        let tarball = Tarball::new(stream);
        let owners = Owners::default();
        Layer::Tar(Box::new(TarLayer { tarball, way, prefix, depth, owners, inner: None, done: false }))
    }
}

pub(super) struct MboxLayer {
    splitter: Splitter,
    member: Option<Arc<str>>,
    folder: Arc<Folder>,
    /// Where the message just given was cut short.
    cut_at: Option<u64>,
}

impl MboxLayer {
    fn next(&mut self) -> Option<Step> {
        if let Some(offset) = self.cut_at.take() {
            return Some(Err(self.trouble(offset, FaultKind::CutShort, CUT_SHORT)));
        }
        Some(match self.splitter.next()? {
            Piece::Message { offset, raw, cut } => {
                self.cut_at = cut.then_some(offset);
                let (member, folder) = (self.member.clone(), Arc::clone(&self.folder));
                Ok(Found { raw, member, offset, folder, flags: Flags::default() })
            }
            Piece::Garbage { offset, bytes } => {
                let what = format!("{bytes} bytes before the first message are no mail");
                Err(self.trouble(offset, FaultKind::Garbage, what))
            }
            Piece::TooLarge { offset, bytes } => Err(self.trouble(
                offset,
                FaultKind::TooLarge,
                format!("a message of {bytes} bytes: too large"),
            )),
            Piece::Empty { offset } => {
                Err(self.trouble(offset, FaultKind::Empty, "a message without a single line"))
            }
            Piece::Broken { offset, error } => {
                Err(self.trouble(offset, FaultKind::Broken, format!("cannot be read further: {error}")))
            }
        })
    }

    fn trouble(&self, offset: u64, kind: FaultKind, what: impl Into<String>) -> Trouble {
        Trouble { member: self.member.clone(), offset, kind, what: what.into() }
    }
}

const CUT_SHORT: &str = "the file ends inside this message, which may lack its end";

/// The message in a file that holds one.
fn single(whole: Whole, member: Option<Arc<str>>, folder: Arc<Folder>) -> VecDeque<Step> {
    let mut steps = VecDeque::new();
    let name = member.clone().unwrap_or_default();
    let raw = message::bare(whole.bytes, &name);
    let trouble = |kind, what: String| Err(Trouble { member: member.clone(), offset: 0, kind, what });
    if raw.is_empty() {
        steps.push_back(trouble(FaultKind::Empty, "an empty file".into()));
    } else {
        let flags = Flags::of_name(&name);
        steps.push_back(Ok(Found { raw, member: member.clone(), offset: 0, folder, flags }));
    }
    if let Some(error) = whole.error {
        steps.push_back(trouble(FaultKind::CutShort, format!("{CUT_SHORT}: {error}")));
    }
    steps
}

fn refused(refusal: Refusal, member: Option<Arc<str>>) -> Trouble {
    let (kind, what) = match refusal {
        Refusal::TooLarge => (FaultKind::TooLarge, "a message too large to read".to_string()),
        Refusal::Unreadable(error) => (FaultKind::Unreadable, format!("cannot be read: {error}")),
    };
    Trouble { member, offset: 0, kind, what }
}

/// Files of one message each in a directory.
pub(super) struct Files {
    directory: PathBuf,
    names: std::vec::IntoIter<PathBuf>,
    folder: Arc<Folder>,
    /// In a Maildir every file is a message; elsewhere its content must look like one.
    trusted: bool,
    inner: Option<Box<Layer>>,
    /// Bytes read so far, for a progress bar.
    read: Arc<AtomicU64>,
}

impl Files {
    pub(super) fn new(
        directory: &Path,
        names: Vec<PathBuf>,
        folder: Arc<Folder>,
        trusted: bool,
        read: Arc<AtomicU64>,
    ) -> Files {
        Files {
            directory: directory.to_path_buf(),
            names: names.into_iter(),
            folder,
            trusted,
            inner: None,
            read,
        }
    }

    fn next(&mut self) -> Option<Step> {
        loop {
            if let Some(step) = self.inner.as_mut().and_then(|inner| inner.next()) {
                return Some(step);
            }
            self.inner = None;
            let name = self.names.next()?;
            self.inner = Some(Box::new(self.enter(&name)));
        }
    }

    fn enter(&self, name: &Path) -> Layer {
        let member: Option<Arc<str>> = Some(name.to_string_lossy().into());
        let whole = match message::read_file(&self.directory.join(name)) {
            Ok(whole) => whole,
            // A Maildir lives: a file may have been read or moved by its owner since it was listed.
            Err(Refusal::Unreadable(error)) if self.trusted && error.kind() == io::ErrorKind::NotFound => {
                return Layer::trouble(
                    member,
                    FaultKind::Skipped,
                    "moved or removed while the folder was read",
                );
            }
            Err(refusal) => return Layer::Ready([Err(refused(refusal, member))].into()),
        };
        self.read.fetch_add(whole.bytes.len() as u64, Ordering::Relaxed);
        if !self.trusted {
            match recognise(
                &whole.bytes[..whole.bytes.len().min(pack::HEAD)],
                member.as_deref().unwrap_or_default(),
            ) {
                What::Message | What::Empty => {}
                What::Mbox => {
                    let stream = Box::new(io::Cursor::new(whole.bytes));
                    return Layer::mbox(stream, 0, member, Arc::clone(&self.folder));
                }
                What::Tar => return Layer::trouble(member, FaultKind::Skipped, "not mail"),
                What::Other(why) => return Layer::trouble(member, FaultKind::Skipped, why),
            }
        }
        Layer::Ready(single(whole, member, Arc::clone(&self.folder)))
    }
}

/// The files of an archive.
pub(super) struct TarLayer {
    tarball: Tarball,
    way: Way,
    /// The archive's own name where it lies in another.
    prefix: Option<Arc<str>>,
    depth: usize,
    owners: Owners,
    inner: Option<Layer>,
    done: bool,
}

impl TarLayer {
    fn next(&mut self) -> Option<Step> {
        loop {
            if let Some(step) = self.inner.as_mut().and_then(Layer::next) {
                return Some(step);
            }
            self.inner = None;
            if self.done {
                return None;
            }
            match self.tarball.next() {
                Ok(Some(member)) => self.inner = Some(self.enter(member.name, member.stream)),
                Ok(None) => return None,
                Err(error) => {
                    self.done = true;
                    let (member, offset) = (self.prefix.clone(), self.tarball.offset());
                    let what = format!("cannot be read further: {error}");
                    return Some(Err(Trouble { member, offset, kind: FaultKind::Broken, what }));
                }
            }
        }
    }

    fn enter(&mut self, name: String, stream: Stream) -> Layer {
        let member: Arc<str> = match &self.prefix {
            Some(prefix) => format!("{prefix}/{name}").into(),
            None => name.as_str().into(),
        };
        let place = Place::of(&name);
        if place == Place::Unfinished {
            return Layer::Ready(VecDeque::new());
        }
        let opened = match pack::unpack(stream) {
            Ok(opened) => opened,
            Err(error) => return Layer::trouble(Some(member), FaultKind::Unreadable, error.to_string()),
        };
        let what = match place {
            Place::Maildir => What::Message,
            _ => recognise(&opened.head, &name),
        };
        match what {
            What::Empty => Layer::trouble(Some(member), FaultKind::Skipped, "an empty file"),
            What::Other(why) => Layer::trouble(Some(member), FaultKind::Skipped, why),
            What::Mbox => {
                let folder = self.folder(&name, true);
                Layer::mbox(opened.stream, 0, Some(member), folder)
            }
            What::Message => {
                let folder = self.folder(&name, false);
                match message::read_stream(opened.stream) {
                    Ok(whole) => Layer::Ready(single(whole, Some(member), folder)),
                    Err(refusal) => Layer::Ready([Err(refused(refusal, Some(member)))].into()),
                }
            }
            What::Tar if DEPTH <= self.depth => {
                Layer::trouble(Some(member), FaultKind::Skipped, "an archive too deep inside others")
            }
            What::Tar => {
                let way = self.way_to(&name, true);
                Layer::tar(opened.stream, way, Some(member), self.depth + 1)
            }
        }
    }

    /// The folder of a member: for an mbox the file itself, for a message the directory it lies in.
    fn folder(&mut self, name: &str, itself: bool) -> Arc<Folder> {
        let way = self.way_to(name, itself);
        self.owners.learn(&way);
        Arc::new(self.owners.folder(&way))
    }

    fn way_to(&self, name: &str, itself: bool) -> Way {
        let (above, file) = name.rsplit_once('/').unwrap_or(("", name));
        let in_maildir = Place::of(name) == Place::Maildir;
        let mut parts: Vec<&str> = above.split('/').filter(|part| !part.is_empty()).collect();
        if in_maildir {
            parts.pop();
        }
        let way = parts.iter().fold(self.way.clone(), |way, part| way.directory(part, in_maildir));
        if itself {
            return way.join(stem(file));
        }
        // `amy/cur` is amy's inbox, `amy/Projects/cur` a folder of hers.
        let is_inbox = in_maildir && (parts.len() <= 1 || way.ends_between());
        if is_inbox && !parts.last().is_some_and(|last| last.starts_with('.')) { way.inbox() } else { way }
    }
}

/// Where in a Maildir a member of an archive lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In `cur` or `new`.
    Maildir,
    /// In `tmp`: not yet a message.
    Unfinished,
    Elsewhere,
}

impl Place {
    fn of(name: &str) -> Place {
        let above = name.rsplit_once('/').map_or("", |(above, _)| above);
        match above.rsplit_once('/').map_or(above, |(_, last)| last) {
            "cur" | "new" => Place::Maildir,
            "tmp" if recognise::extension(name).is_empty() => Place::Unfinished,
            _ => Place::Elsewhere,
        }
    }
}
