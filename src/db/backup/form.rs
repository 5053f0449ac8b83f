//! The form of a backup file: its cells, its hash, and reading it back.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::super::catalog::ColumnKind;
use super::super::rows::Value;
use super::super::{Ts, migrate};
use crate::error::{Error, Result, Trouble};
use crate::packed::{Reader, Writer};

/// How the file begins.
pub(super) const MAGIC: &[u8; 8] = b"regard1\n";

pub(super) const NULL: u8 = 0;
const INT: u8 = 1;
const REAL: u8 = 2;
pub(super) const TEXT: u8 = 3;
pub(super) const BYTES: u8 = 4;

pub(super) fn int_out(out: &mut Writer, value: Option<i64>) {
    match value {
        None => out.byte(NULL),
        Some(value) => {
            out.byte(INT);
            out.signed(value);
        }
    }
}

pub(super) fn real_out(out: &mut Writer, value: Option<f64>) {
    match value {
        None => out.byte(NULL),
        Some(value) => {
            out.byte(REAL);
            out.whole(value.to_bits());
        }
    }
}

pub(super) fn bytes_out(out: &mut Writer, kind: u8, value: Option<&[u8]>) {
    match value {
        None => out.byte(NULL),
        Some(value) => {
            out.byte(kind);
            out.bytes(value);
        }
    }
}

pub(super) enum Cell {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Cell {
    /// As the column wants it; a value of another kind is left out, which the database refuses where it matters.
    pub(super) fn value(&self, kind: ColumnKind) -> Value<'_> {
        match (kind, self) {
            (ColumnKind::Int, Cell::Int(value)) => Value::int(*value),
            (ColumnKind::At, Cell::Int(value)) => Value::At(Some(Ts(*value))),
            (ColumnKind::Flag, Cell::Int(value)) => Value::flag(*value != 0),
            (ColumnKind::Real, Cell::Real(value)) => Value::Real(Some(*value)),
            (ColumnKind::Text, Cell::Text(value)) => Value::text(value),
            (ColumnKind::Bytes, Cell::Bytes(value)) => Value::bytes(value),
            (ColumnKind::Int | ColumnKind::Other, _) => Value::Int(None),
            (ColumnKind::At, _) => Value::At(None),
            (ColumnKind::Flag, _) => Value::Flag(None),
            (ColumnKind::Real, _) => Value::Real(None),
            (ColumnKind::Text, _) => Value::Text(None),
            (ColumnKind::Bytes, _) => Value::Bytes(None),
        }
    }
}

/// A backup file whose hash is right.
pub(super) struct Source {
    place: String,
    pub(super) tables: u64,
    stream: BufReader<zstd::Decoder<'static, BufReader<std::io::Take<File>>>>,
}

/// Whether a file begins as a backup does.
pub(super) fn is_backup(path: &Path) -> bool {
    let begins = || {
        let mut magic = [0; 8];
        zstd::Decoder::new(File::open(path)?)?.read_exact(&mut magic)?;
        std::io::Result::Ok(&magic == MAGIC)
    };
    begins().unwrap_or(false)
}

impl Source {
    /// Opens a backup and reads it once to its end, to see that it is whole.
    pub(super) fn open(path: &Path) -> Result<Source> {
        let failed = |e: std::io::Error| Error::file(path, e);
        let mut file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let place = path.display().to_string();
        let Some(length) = length.checked_sub(32) else { return Err(damaged(&place)) };
        let mut hasher = blake3::Hasher::new();
        std::io::copy(&mut (&mut file).take(length), &mut hasher).map_err(failed)?;
        let mut hash = [0; 32];
        file.read_exact(&mut hash).map_err(failed)?;
        if hasher.finalize().as_bytes() != &hash {
            return Err(damaged(&place));
        }
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let stream = zstd::Decoder::with_buffer(BufReader::new(file.take(length))).map_err(failed)?;
        let mut source = Source { place, tables: 0, stream: BufReader::new(stream) };
        let mut magic = [0; 8];
        source.fill(&mut magic)?;
        if &magic != MAGIC {
            return Err(damaged(&source.place));
        }
        if migrate::newest() < source.number()?.cast_signed() {
            let cause = anyhow::anyhow!("the backup's tables are newer than this program");
            return Err(Error::Storage { place: source.place, trouble: Trouble::Newer, cause });
        }
        source.tables = source.number()?;
        Ok(source)
    }

    pub(super) fn damaged(&self) -> Error {
        damaged(&self.place)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<()> {
        self.stream.read_exact(bytes).map_err(|_| damaged(&self.place))
    }

    pub(super) fn byte(&mut self) -> Result<u8> {
        let mut byte = [0];
        self.fill(&mut byte)?;
        Ok(byte[0])
    }

    pub(super) fn number(&mut self) -> Result<u64> {
        let mut bytes = Vec::with_capacity(10);
        loop {
            let byte = self.byte()?;
            bytes.push(byte);
            if byte < 0x80 || 10 <= bytes.len() {
                return Reader(&bytes).number().map_err(|_| self.damaged());
            }
        }
    }

    fn bytes(&mut self) -> Result<Vec<u8>> {
        let length = self.number()?;
        let mut bytes = Vec::new();
        let read =
            (&mut self.stream).take(length).read_to_end(&mut bytes).map_err(|_| damaged(&self.place))?;
        if read as u64 == length { Ok(bytes) } else { Err(self.damaged()) }
    }

    pub(super) fn text(&mut self) -> Result<String> {
        String::from_utf8(self.bytes()?).map_err(|_| self.damaged())
    }

    pub(super) fn cell(&mut self) -> Result<Cell> {
        Ok(match self.byte()? {
            NULL => Cell::Null,
            INT => {
                let number = self.number()?;
                Cell::Int((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
            }
            REAL => {
                let mut bits = [0; 8];
                self.fill(&mut bits)?;
                Cell::Real(f64::from_bits(u64::from_le_bytes(bits)))
            }
            TEXT => Cell::Text(self.text()?),
            BYTES => Cell::Bytes(self.bytes()?),
            _ => return Err(self.damaged()),
        })
    }
}

fn damaged(place: &str) -> Error {
    let cause = anyhow::anyhow!("the hash or the form of the file is wrong");
    Error::Storage { place: place.into(), trouble: Trouble::NoBackup, cause }
}

/// Hashes what goes through it.
pub(super) struct Hashing<W> {
    pub(super) inner: W,
    pub(super) hasher: blake3::Hasher,
}

impl<W> Hashing<W> {
    pub(super) fn new(inner: W) -> Hashing<W> {
        Hashing { inner, hasher: blake3::Hasher::new() }
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}
