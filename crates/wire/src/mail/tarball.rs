//! Steps through a tar archive in one pass, giving each file as a stream.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use super::pack::Stream;

const BLOCK: u64 = 512;
/// Long names and other extra headers are small; more than this is no archive.
const EXTRA_CAP: u64 = 1 << 20;

/// An archive being read.
pub(super) struct Tarball {
    input: Arc<Mutex<Input>>,
}

/// One regular file of an archive.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) stream: Stream,
}

/// The archive's stream, shared with the member that is being read.
struct Input {
    stream: Stream,
    /// Bytes left of the member being read, and the filling after it.
    left: u64,
    filling: u64,
    /// Where the archive is at, in bytes.
    offset: u64,
    /// Nothing more can be read.
    broken: bool,
}

impl Tarball {
    pub(super) fn new(stream: Stream) -> Tarball {
        let input = Input { stream, left: 0, filling: 0, offset: 0, broken: false };
        Tarball { input: Arc::new(Mutex::new(input)) }
    }

    /// The next regular file; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Member>> {
        let Some((name, size)) = with(&self.input, Input::next_file)? else { return Ok(None) };
        with(&self.input, |input| input.enter(size));
        Ok(Some(Member { name, stream: Box::new(MemberStream(Arc::clone(&self.input))) }))
    }

    /// Where the archive is at, in bytes.
    pub(super) fn offset(&self) -> u64 {
        with(&self.input, |input| input.offset)
    }
}

/// A member's bytes. Reading it after the archive has moved on gives those of the next member.
struct MemberStream(Arc<Mutex<Input>>);

impl Read for MemberStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        with(&self.0, |input| input.read_member(buffer))
    }
}

fn with<T>(input: &Mutex<Input>, act: impl FnOnce(&mut Input) -> T) -> T {
    act(&mut input.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Input {
    /// The name and size of the next regular file.
    fn next_file(&mut self) -> io::Result<Option<(String, u64)>> {
        let (mut long_name, mut long_size) = (None, None);
        loop {
            if self.broken {
                return Ok(None);
            }
            self.skip_member()?;
            let Some(block) = self.header()? else { return Ok(None) };
            let header = tar::Header::from_byte_slice(&block);
            let size = header.entry_size()?;
            let kind = header.entry_type();
            if kind.is_gnu_longname() {
                long_name = Some(self.extra(size)?);
            } else if kind.is_pax_local_extensions() {
                let extra = self.extra(size)?;
                for extension in tar::PaxExtensions::new(&extra).flatten() {
                    match extension.key_bytes() {
                        b"path" => long_name = Some(extension.value_bytes().to_vec()),
                        b"size" => long_size = extension.value().ok().and_then(|size| size.parse().ok()),
                        _ => {}
                    }
                }
            } else {
                let size = long_size.take().unwrap_or(size);
                let name = long_name.take().unwrap_or_else(|| header.path_bytes().into_owned());
                if kind.is_file() || kind.is_contiguous() {
                    return Ok(Some((clean_name(&name), size)));
                }
                self.enter(size);
            }
        }
    }

    fn enter(&mut self, size: u64) {
        self.left = size;
        self.filling = (BLOCK - size % BLOCK) % BLOCK;
    }

    /// The next header; none at the end of the archive (an empty block, or the end of the stream between members).
    fn header(&mut self) -> io::Result<Option<[u8; BLOCK as usize]>> {
        let mut block = [0; BLOCK as usize];
        let mut filled = 0;
        while filled < block.len() {
            match self.read_raw(&mut block[filled..])? {
                0 if filled == 0 => return Ok(None),
                0 => return Err(self.cut()),
                read => filled += read,
            }
        }
        if block.iter().all(|b| *b == 0) {
            return Ok(None);
        }
        if adds_up(&block) {
            return Ok(Some(block));
        }
        self.broken = true;
        Err(io::Error::new(io::ErrorKind::InvalidData, "the archive is damaged: a header does not add up"))
    }

    fn extra(&mut self, size: u64) -> io::Result<Vec<u8>> {
        if EXTRA_CAP < size {
            self.broken = true;
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the archive is damaged: a header is too long",
            ));
        }
        self.enter(size);
        let mut extra = vec![0; size as usize];
        let mut filled = 0;
        while filled < extra.len() {
            filled += self.read_member(&mut extra[filled..])?;
        }
        Ok(extra)
    }

    fn read_member(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        match self.read_raw(&mut buffer[..wanted])? {
            0 => Err(self.cut()),
            read => {
                self.left -= read as u64;
                Ok(read)
            }
        }
    }

    fn skip_member(&mut self) -> io::Result<()> {
        let mut sink = [0; 32 << 10];
        while 0 < self.left {
            self.read_member(&mut sink)?;
        }
        self.left = std::mem::take(&mut self.filling);
        while 0 < self.left {
            self.read_member(&mut sink)?;
        }
        Ok(())
    }

    fn read_raw(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.broken {
            return Ok(0);
        }
        loop {
            match self.stream.read(buffer) {
                Ok(read) => {
                    self.offset += read as u64;
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.broken = true;
                    return Err(error);
                }
            }
        }
    }

    fn cut(&mut self) -> io::Error {
        self.broken = true;
        io::Error::new(io::ErrorKind::UnexpectedEof, "the archive ends inside a file")
    }
}

/// Whether a block is the header of a tar archive: its checksum tells.
pub(super) fn adds_up(block: &[u8; BLOCK as usize]) -> bool {
    let counted = |(i, byte): (usize, &u8)| if (148..156).contains(&i) { 32 } else { u32::from(*byte) };
    let sum: u32 = block.iter().enumerate().map(counted).sum();
    tar::Header::from_byte_slice(block).cksum().is_ok_and(|written| written == sum)
}

/// A name as it is shown and told apart by: lossy UTF-8, without `./` and control characters.
fn clean_name(name: &[u8]) -> String {
    let end = name.iter().position(|b| *b == 0).unwrap_or(name.len());
    let text: String = String::from_utf8_lossy(&name[..end]).chars().filter(|c| !c.is_control()).collect();
    let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    parts.join("/")
}
