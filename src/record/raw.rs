//! What arrived, as it arrived: stored once under its hash, compressed.

use std::cell::RefCell;

use sqlx::{query, query_as};

use crate::db::{Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::FirmId;

/// The BLAKE3 hash of a raw item.
pub type Hash = [u8; 32];

/// Level 1: a third larger than level 9 at a tenth of its time, and an import is bound by time.
const LEVEL: i32 = 1;

/// A raw item, hashed and compressed, ready to be stored. Packing may be done on any thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// The hash of the bytes as they arrived.
    pub hash: Hash,
    /// How many bytes arrived.
    pub size: u64,
    /// The bytes, compressed.
    pub packed: Vec<u8>,
}

thread_local! {
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
}

/// Hashes and compresses what arrived.
pub fn pack(bytes: &[u8]) -> Result<Packed> {
    let packed = COMPRESSOR.with_borrow_mut(|kept| -> std::io::Result<Vec<u8>> {
        let compressor = match kept {
            Some(compressor) => compressor,
            None => kept.insert(zstd::bulk::Compressor::new(LEVEL)?),
        };
        compressor.compress(bytes)
    });
    let packed =
        packed.map_err(|e| Error::Unexpected(anyhow::Error::new(e).context("compressing a raw item")))?;
    Ok(Packed { hash: *blake3::hash(bytes).as_bytes(), size: bytes.len() as u64, packed })
}

/// The bytes as they arrived; an error where they are damaged.
pub fn unpack(hash: &[u8], size: u64, packed: &[u8]) -> Result<Vec<u8>> {
    let size = usize::try_from(size).map_err(anyhow::Error::new)?;
    let bytes = zstd::bulk::decompress(packed, size).map_err(|e| damaged().context(e))?;
    if blake3::hash(&bytes).as_bytes() == hash { Ok(bytes) } else { Err(damaged().into()) }
}

fn damaged() -> anyhow::Error {
    anyhow::anyhow!("a raw item is damaged: it does not give what its hash says")
}

const SAVE: &str = "INSERT INTO raw (firm_id, hash, size, packed) VALUES ($1, $2, $3, $4)
    ON CONFLICT (firm_id, hash) DO NOTHING";
const LOAD: &str = "SELECT size, packed FROM raw WHERE firm_id = $1 AND hash = $2";

/// What arrived under a hash.
pub async fn load(tx: &mut Tx, firm: FirmId, hash: &[u8]) -> Result<Vec<u8>> {
    let found: Option<(i64, Vec<u8>)> =
        sql!(tx, c => query_as(LOAD).bind(firm.0).bind(hash).fetch_optional(c).await)?;
    let (size, packed) = found.ok_or(Error::NotFound)?;
    unpack(hash, size.cast_unsigned(), &packed)
}

/// Keeps one raw item; one that is there already is left as it is.
pub async fn save(tx: &mut Tx, firm: FirmId, raw: &Packed) -> Result<()> {
    let size = raw.size.cast_signed();
    run!(tx, query(SAVE).bind(firm.0).bind(raw.hash.as_slice()).bind(size).bind(&raw.packed)).map(drop)
}
