//! A file that another program writes to, read as it grows: through rotation and truncation, and never half a line.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// At most so many bytes are read at once; a longer line is none of a log.
const MOST: u64 = 1 << 20;
/// So much of the line read last is kept, to know the file again.
const MARK: u64 = 256;

/// How far a file was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The number that the file system gives the file; 0 where it gives none.
    pub inode: u64,
    /// So many bytes of it were read, to the end of a line.
    pub reached: u64,
    /// So many lines.
    pub line: u64,
    /// The end of what was read: what stands there tells whether it is still the same file.
    pub mark: Vec<u8>,
}

/// What a file has grown by.
#[derive(Debug, Default)]
pub struct Grown {
    /// Whole lines without their ends, with their numbers in the file.
    pub lines: Vec<(u64, String)>,
    /// How far it is read now.
    pub place: Place,
    /// Another file stands in the place of the one that was read.
    pub turned: Option<Turned>,
    /// There is more to be read at once.
    pub more: bool,
}

/// What became of the file that was read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// It was read to its end under its other name.
    Finished,
    /// It is not to be found: what was written after this line is not known.
    Gone {
        /// The line read last.
        line: u64,
    },
}

/// Reads on in the file at `path` from a place. `open` is the file that was read last, where it is still open: it can be
/// read to its end even after it was removed.
pub fn more(path: &Path, place: &Place, open: Option<&mut File>) -> io::Result<(Grown, File)> {
    // Looked at before it is opened: to open a pipe waits for whoever writes to it.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "this is no file"));
    }
    let mut file = File::open(path)?;
    if *place == Place::default() || is_same(&mut file, place)? {
        let grown = read_on(&mut file, place, false)?;
        return Ok((grown, file));
    }
    let open = open.and_then(|open| open.try_clone().ok());
    let old = match open.filter(|open| continues(open, place).unwrap_or(false)) {
        Some(open) => Some(open),
        None => other_name(path, place),
    };
    let turned = match old {
        None => Turned::Gone { line: place.line },
        Some(mut old) => {
            let rest = read_on(&mut old, place, true)?;
            // Some programs write to the old file for a while, until they are told to open the new one.
            if !rest.lines.is_empty() || file.metadata()?.len() == 0 {
                return Ok((rest, old));
            }
            Turned::Finished
        }
    };
    let grown = read_on(&mut file, &Place::default(), false)?;
    Ok((Grown { turned: Some(turned), ..grown }, file))
}

/// The same file, and what was read of it stands there still.
fn is_same(file: &mut File, place: &Place) -> io::Result<bool> {
    Ok(inode(&file.metadata()?) == place.inode && continues(file, place)?)
}

/// Whether what was read last stands where it was read.
fn continues(mut file: &File, place: &Place) -> io::Result<bool> {
    let length = place.mark.len() as u64;
    if file.metadata()?.len() < place.reached || place.reached < length {
        return Ok(false);
    }
    let mut there = vec![0; place.mark.len()];
    file.seek(SeekFrom::Start(place.reached - length))?;
    file.read_exact(&mut there)?;
    Ok(there == place.mark)
}

/// The file that was read, or a copy of it, under the name that a rotation gave it: `queue_log.1`, `Master.csv-20260617`.
fn other_name(path: &Path, place: &Place) -> Option<File> {
    let name = path.file_name()?.to_str()?;
    let stem = path.file_stem()?.to_str()?;
    let siblings = std::fs::read_dir(path.parent()?).ok()?.flatten();
    let mut found: Vec<_> = siblings
        .filter(|sibling| {
            let other = sibling.file_name();
            let other = other.to_string_lossy();
            other != name && (other.starts_with(name) || other.starts_with(stem))
        })
        .map(|sibling| sibling.path())
        // Before it is opened: see `more`.
        .filter(|path| std::fs::metadata(path).is_ok_and(|meta| meta.is_file()))
        .collect();
    found.sort();
    found.into_iter().find_map(|path| {
        let file = File::open(path).ok()?;
        // Where nothing was read yet, only its number tells.
        let is_it =
            !place.mark.is_empty() || (place.inode != 0 && inode(&file.metadata().ok()?) == place.inode);
        (is_it && continues(&file, place).unwrap_or(false)).then_some(file)
    })
}

/// The whole lines that follow a place; of a file that nobody writes to any more, also a last one without its end.
fn read_on(file: &mut File, place: &Place, is_final: bool) -> io::Result<Grown> {
    let size = file.metadata()?.len();
    file.seek(SeekFrom::Start(place.reached))?;
    let mut bytes = Vec::new();
    file.take(MOST).read_to_end(&mut bytes)?;
    let is_all = (bytes.len() as u64) < MOST;
    let end = match memchr::memrchr(b'\n', &bytes) {
        _ if is_final && is_all => bytes.len(),
        Some(at) => at + 1,
        None if is_all => 0,
        None => bytes.len(),
    };
    bytes.truncate(end);
    let mut next = place.clone();
    next.inode = inode(&file.metadata()?);
    let mut lines = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        next.line += 1;
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        lines.push((next.line, String::from_utf8_lossy(text).replace('\0', "")));
    }
    if !bytes.is_empty() {
        next.reached += bytes.len() as u64;
        next.mark = bytes[bytes.len().saturating_sub(MARK as usize)..].to_vec();
    }
    let more = !bytes.is_empty() && next.reached < size && !is_all;
    Ok(Grown { lines, place: next, turned: None, more })
}

#[cfg(unix)]
fn inode(meta: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

/// Without a number the file is known by what stands in it alone.
#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions};
    use std::io::Write;
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::*;

    struct Log {
        _folder: tempfile::TempDir,
        path: PathBuf,
        place: Place,
        open: Option<File>,
        read: Vec<String>,
        turned: Vec<Turned>,
    }

    impl Log {
        fn new() -> Log {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("Master.csv");
            fs::write(&path, "").unwrap();
            let (place, open) = (Place::default(), None);
            Log { _folder: folder, path, place, open, read: Vec::new(), turned: Vec::new() }
        }

        fn write(&self, text: &str) {
            OpenOptions::new()
                .append(true)
                .create(true)
                .open(&self.path)
                .unwrap()
                .write_all(text.as_bytes())
                .unwrap();
        }

        fn look(&mut self) {
            loop {
                let (grown, file) = more(&self.path, &self.place, self.open.as_mut()).unwrap();
                let is_done = grown.lines.is_empty();
                self.read.extend(grown.lines.into_iter().map(|(_, text)| text));
                self.turned.extend(grown.turned);
                (self.place, self.open) = (grown.place, Some(file));
                if is_done {
                    return;
                }
            }
        }

        fn moved(&self) -> PathBuf {
            self.path.with_file_name("Master.csv.1")
        }
    }

    #[test]
    fn half_a_line_waits_for_its_end() {
        let mut log = Log::new();
        log.write("one\r\ntw");
        log.look();
        assert_eq!(log.read, ["one"]);
        log.write("o\n\nfour");
        log.look();
        assert_eq!(log.read, ["one", "two", ""]);
        assert_eq!(log.place.line, 3);
    }

    #[test]
    fn a_file_that_is_moved_away_is_read_to_its_end_first() {
        for restarted in [false, true] {
            let mut log = Log::new();
            log.write("one\ntwo\n");
            log.look();
            log.write("three\n");
            fs::rename(&log.path, log.moved()).unwrap();
            log.write("four\n");
            if restarted {
                log.open = None;
            }
            log.look();
            assert_eq!(log.read, ["one", "two", "three", "four"]);
            assert_eq!((log.place.line, &log.turned[..]), (1, &[Turned::Finished][..]));
        }
    }

    #[test]
    fn a_file_that_is_removed_is_read_to_its_end_while_it_is_open() {
        let mut log = Log::new();
        log.write("one\n");
        log.look();
        log.write("two\n");
        fs::remove_file(&log.path).unwrap();
        assert!(more(&log.path, &log.place, log.open.as_mut()).is_err(), "it is not there");
        log.write("three\n");
        log.look();
        assert_eq!(log.read, ["one", "two", "three"]);
        // Stopped meanwhile, nobody can know what was in it; that is told.
        log.write("four\n");
        log.open = None;
        fs::remove_file(&log.path).unwrap();
        log.write("five\n");
        log.look();
        assert_eq!(log.read, ["one", "two", "three", "five"]);
        assert_eq!(log.turned, [Turned::Finished, Turned::Gone { line: 1 }]);
    }

    #[test]
    fn a_file_that_is_copied_and_cut_short_is_read_in_its_copy() {
        let mut log = Log::new();
        log.write("one\n");
        log.look();
        log.write("two\n");
        fs::copy(&log.path, log.moved()).unwrap();
        OpenOptions::new().write(true).truncate(true).open(&log.path).unwrap();
        log.look();
        log.write("three, which is longer than what was there\n");
        log.look();
        assert_eq!(log.read, ["one", "two", "three, which is longer than what was there"]);
    }

    #[test]
    fn a_line_without_end_is_no_line_for_ever() {
        let mut log = Log::new();
        log.write(&"x".repeat(MOST as usize + 10));
        log.write("\nnext\n");
        log.look();
        assert_eq!(log.read.last().map(String::as_str), Some("next"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        /// However a log is written to, moved and looked at, each line is read once and in order.
        #[test]
        fn every_line_is_read_once(steps in prop::collection::vec(0u8..6, 1..40)) {
            let mut log = Log::new();
            let mut written = Vec::new();
            let mut moved = 0;
            for step in steps {
                match step {
                    0 | 1 => {
                        let line = format!("line {}", written.len());
                        let (head, tail) = line.split_at(line.len() / 2);
                        log.write(head);
                        if step == 1 { log.look(); }
                        log.write(tail);
                        log.write("\n");
                        written.push(line);
                    }
                    2 => log.look(),
                    // Programs are stopped and begun again.
                    3 => log.open = None,
                    4 => {
                        // Two rotations between two looks lose sight of the file between: nothing reads it.
                        log.look();
                        moved += 1;
                        fs::rename(&log.path, log.path.with_file_name(format!("Master.csv.{moved}"))).unwrap();
                        log.write("");
                    }
                    _ => {
                        log.look();
                        moved += 1;
                        fs::copy(&log.path, log.path.with_file_name(format!("Master.csv.{moved}"))).unwrap();
                        OpenOptions::new().write(true).truncate(true).open(&log.path).unwrap();
                    }
                }
            }
            log.look();
            prop_assert_eq!(log.read, written);
        }
    }

    #[test]
    fn a_pipe_is_no_log_and_nobody_waits_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let error = more(&path, &Place::default(), None).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        // Nor one that lies beside a log that is gone.
        let mut log = Log::new();
        log.write("1\n");
        log.look();
        let pipe = log.path.with_file_name("Master.csv.pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        fs::remove_file(&log.path).unwrap();
        log.open = None;
        log.write("2\n");
        log.look();
        assert_eq!(log.read, ["1", "2"]);
    }
}
