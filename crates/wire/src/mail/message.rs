//! Reads a file that holds one message.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use super::MESSAGE_CAP;
use super::pack::{self, Stream};
use super::recognise::{is_envelope, line_at};

/// The bytes of one file.
pub(super) struct Whole {
    pub(super) bytes: Vec<u8>,
    /// Why the rest is missing.
    pub(super) error: Option<io::Error>,
}

/// Why a message was not given.
pub(super) enum Refusal {
    TooLarge,
    Unreadable(io::Error),
}

/// Reads a file of one message whole, uncompressed where need be.
pub(super) fn read_file(path: &Path) -> Result<Whole, Refusal> {
    let mut file = File::open(path).map_err(Refusal::Unreadable)?;
    let size = file.metadata().map_err(Refusal::Unreadable)?.len();
    if MESSAGE_CAP as u64 <= size {
        return Err(Refusal::TooLarge);
    }
    let mut bytes = Vec::with_capacity(size as usize + 1);
    let error = (&mut file).take(MESSAGE_CAP as u64).read_to_end(&mut bytes).err();
    if !pack::is_packed(&bytes) {
        return Ok(Whole { bytes, error });
    }
    let opened = pack::unpack(Box::new(Cursor::new(bytes))).map_err(Refusal::Unreadable)?;
    read_stream(opened.stream)
}

/// Reads a stream of one message whole.
pub(super) fn read_stream(stream: Stream) -> Result<Whole, Refusal> {
    let mut bytes = Vec::new();
    let error = stream.take(MESSAGE_CAP as u64).read_to_end(&mut bytes).err();
    if MESSAGE_CAP <= bytes.len() {
        return Err(Refusal::TooLarge);
    }
    match error {
        Some(error) if bytes.is_empty() => Err(Refusal::Unreadable(error)),
        error => Ok(Whole { bytes, error }),
    }
}

/// The message in a file's bytes, without what some programs put around it: an mbox separator before it, or the
/// byte count before and the property list after it (`.emlx`).
pub(super) fn bare(mut bytes: Vec<u8>, name: &str) -> Vec<u8> {
    let first = line_at(&bytes, 0);
    if is_envelope(first) {
        let end = memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |end| end + 1);
        bytes.drain(..end);
    } else if name.ends_with(".emlx")
        && let Some(count) =
            std::str::from_utf8(first).ok().and_then(|first| first.trim().parse::<usize>().ok())
    {
        let start = memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |end| end + 1);
        bytes.truncate(start.saturating_add(count));
        bytes.drain(..start);
    }
    bytes
}
