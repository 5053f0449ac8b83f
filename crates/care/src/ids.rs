//! One type for each kind of id, so that a client is never passed where a contact was meant.

use serde::{Deserialize, Serialize};

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);
    )*};
}

typed_id!(
    /// One practice that uses Regard.
    FirmId,
    /// A person working in the firm.
    StaffId,
    /// Whom the firm serves; also a prospect, a former client or a partner.
    ClientId,
    /// A person at a client.
    ContactId,
    /// A piece of work for a client.
    MatterId,
    /// One fact in the record.
    EntryId,
);

/// An e-mail address or telephone number, as one small number. The program keeps the table of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AddressId(pub u32);

/// What makes a message or call the same one wherever it is found: the hash of its Message-ID,
/// or of its content where it has none. Stable across imports, unlike an [`EntryId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NaturalKey(pub u64);

impl NaturalKey {
    /// The first 64 bits of the BLAKE3 hash of `bytes`.
    pub fn of(bytes: &[u8]) -> NaturalKey {
        NaturalKey(first_u64(blake3::hash(bytes)))
    }
}

pub(crate) fn first_u64(hash: blake3::Hash) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(first)
}
