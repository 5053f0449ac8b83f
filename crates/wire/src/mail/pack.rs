//! Opens what is compressed, told by its first bytes and not by its name.

use std::io::{self, BufReader, Cursor, Read};

/// Bytes from a file, a decompressor or a member of an archive.
pub(super) type Stream = Box<dyn Read + Send>;

/// How much is looked at to tell what a file is.
pub(super) const HEAD: usize = 8 << 10;
const BUFFER: usize = 256 << 10;
/// `zstd --long=27` and all that needs less: windows of 128 MiB.
const WINDOW_LOG_MAX: u32 = 27;
/// A file compressed again and again is a trap.
const LAYERS: usize = 4;

/// A stream whose first bytes are known.
pub(super) struct Opened {
    /// Up to [`HEAD`] bytes from the beginning, which `stream` gives again.
    pub(super) head: Vec<u8>,
    /// All of it, uncompressed.
    pub(super) stream: Stream,
    /// Whether it was compressed.
    pub(super) packed: bool,
}

enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    fn of(head: &[u8]) -> Option<Packing> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Packing::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Packing::Zstd),
            _ => None,
        }
    }
}

/// Whether the first bytes of a file are those of a compressed one.
pub(super) fn is_packed(head: &[u8]) -> bool {
    Packing::of(head).is_some()
}

/// Uncompresses a stream where its first bytes say so. A read error is met again by whoever reads on.
pub(super) fn unpack(stream: Stream) -> io::Result<Opened> {
    let (mut head, mut stream) = peek(stream)?;
    let mut packed = false;
    for _ in 0..LAYERS {
        let Some(packing) = Packing::of(&head) else { return Ok(Opened { head, stream, packed }) };
        let buffered = BufReader::with_capacity(BUFFER, stream);
        stream = match packing {
            Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(buffered)),
            Packing::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(buffered)?;
                decoder.window_log_max(WINDOW_LOG_MAX)?;
                Box::new(decoder)
            }
        };
        packed = true;
        (head, stream) = peek(stream)?;
    }
    Ok(Opened { head, stream, packed })
}

/// The first bytes of a stream, and a stream that gives all of it, ending in the same error if there was one. Fails
/// where not one byte can be read.
fn peek(mut stream: Stream) -> io::Result<(Vec<u8>, Stream)> {
    let mut head = Vec::new();
    let failed = (&mut stream).take(HEAD as u64).read_to_end(&mut head).err();
    let start = Cursor::new(head.clone());
    match failed {
        Some(error) if head.is_empty() => Err(error),
        Some(error) => Ok((head, Box::new(start.chain(Failing(error))))),
        None => Ok((head, Box::new(start.chain(stream)))),
    }
}

/// A stream that has failed, and says so whenever it is asked.
struct Failing(io::Error);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::new(self.0.kind(), self.0.to_string()))
    }
}
