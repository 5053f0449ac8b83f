//! Gives the messages of one source, one after another.

use std::cmp::Ordering::Less;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::folder::Way;
use super::layer::{Files, Layer};
use super::pack::{self, Stream};
use super::walk::{maildir_names, stem};
use super::{Fault, FaultKind, Item, Kind, Position, Source};

/// The messages of one source, in a stable order, and the faults met on the way.
pub struct Reader {
    path: PathBuf,
    layer: Layer,
    index: u64,
    /// Up to here everything was given by an earlier reading; it is read again and counted.
    from: Option<Position>,
    /// The file of a directory in which an earlier reading stood; what comes before that place in it is passed over.
    inside: Option<Position>,
    read: Arc<AtomicU64>,
}

impl Reader {
    pub(super) fn new(source: &Source, from: Option<&Position>) -> Reader {
        let read = Arc::new(AtomicU64::new(0));
        let mut reader = Reader {
            path: source.path.clone(),
            layer: Layer::Ready([].into()),
            index: 0,
            from: from.cloned(),
            inside: None,
            read,
        };
        reader.layer = match reader.begin(source) {
            Ok(layer) => layer,
            Err(error) => Layer::trouble(None, FaultKind::Unreadable, format!("cannot be read: {error}")),
        };
        reader
    }

    /// How many bytes of the source have been read so far, as it lies on disk.
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    fn begin(&mut self, source: &Source) -> io::Result<Layer> {
        let folder = Arc::new(source.folder.clone());
        match &source.kind {
            Kind::Mbox => {
                let opened = pack::unpack(self.file(0)?)?;
                let from = self.from.take_if(|_| !opened.packed);
                let (stream, base) = match from {
                    Some(from) => {
                        self.index = from.index;
                        (self.file(from.offset)?, from.offset)
                    }
                    None => (opened.stream, 0),
                };
                Ok(Layer::mbox(stream, base, None, folder))
            }
            Kind::Tar => {
                let name = source.path.file_name().unwrap_or_default().to_string_lossy();
                let opened = pack::unpack(self.file(0)?)?;
                Ok(Layer::tar(opened.stream, Way::new(None, stem(&name)), None, 0))
            }
            Kind::Maildir => {
                let names = self.not_yet_read(maildir_names(&source.path)?);
                Ok(Layer::Files(Files::new(&source.path, names, folder, true, Arc::clone(&self.read))))
            }
            Kind::Messages(names) => {
                let names = self.not_yet_read(names.clone());
                Ok(Layer::Files(Files::new(&source.path, names, folder, false, Arc::clone(&self.read))))
            }
        }
    }

    fn file(&self, from: u64) -> io::Result<Stream> {
        let mut file = File::open(&self.path)?;
        if 0 < from {
            file.seek(SeekFrom::Start(from))?;
        }
        self.read.store(from, Ordering::Relaxed);
        Ok(Box::new(Counted { file, read: Arc::clone(&self.read) }))
    }

    /// The files from the one on at which an earlier reading stood; files may have come and gone since.
    fn not_yet_read(&mut self, mut names: Vec<PathBuf>) -> Vec<PathBuf> {
        if let Some(from) = self.from.take() {
            let stood_at = from.member.as_deref().unwrap_or_default();
            names.retain(|name| name.to_string_lossy().as_ref().cmp(stood_at) != Less);
            self.index = from.index;
            self.inside = Some(from);
        }
        names
    }

    fn was_given(&self) -> bool {
        self.from.as_ref().is_some_and(|from| self.index < from.index)
    }

    fn lies_before(&self, member: Option<&Arc<str>>, offset: u64) -> bool {
        (self.inside.as_ref()).is_some_and(|stood| stood.member.as_ref() == member && offset < stood.offset)
    }
}

impl Iterator for Reader {
    type Item = Result<Item, Fault>;

    fn next(&mut self) -> Option<Result<Item, Fault>> {
        loop {
            let was_given = self.was_given();
            match self.layer.next()? {
                Ok(found) if self.lies_before(found.member.as_ref(), found.offset) => {}
                Err(trouble) if self.lies_before(trouble.member.as_ref(), trouble.offset) => {}
                Ok(found) => {
                    let position = Position { member: found.member, offset: found.offset, index: self.index };
                    self.index += 1;
                    if !was_given {
                        return Some(Ok(Item {
                            raw: found.raw,
                            position,
                            folder: found.folder,
                            flags: found.flags,
                        }));
                    }
                }
                Err(_) if was_given => {}
                Err(trouble) => {
                    let position =
                        Position { member: trouble.member, offset: trouble.offset, index: self.index };
                    let (path, kind, what) = (self.path.clone(), trouble.kind, trouble.what);
                    return Some(Err(Fault { path, position, kind, what }));
                }
            }
        }
    }
}

/// A file that counts what is read of it.
struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
