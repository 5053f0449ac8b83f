//! Ids: one type for each kind of thing, and the maker of new ones.
//!
//! An id is 64 bits: 41 of milliseconds since 2024, 10 of the node that made it, 12 of a counter. In JSON it is a
//! string, since JavaScript cannot hold it as a number.

use std::sync::Mutex;

use jiff::Timestamp;

pub use care::ids::*;

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);
    )*};
}

typed_id!(
    /// A person's (or a shared) collection of mail, as one source of entries.
    MailboxId,
    /// A folder of a mailbox.
    FolderId,
    /// A file that was imported, wholly or up to a place.
    SourceId,
    /// A client left.
    DepartureId,
    /// A time during which a person of the firm is away.
    AbsenceId,
    /// A message on its way out.
    OutgoingId,
    /// A letter that somebody is writing.
    DraftId,
    /// A card that may be a contact of a client.
    CardId,
    /// A calendar or an address book elsewhere.
    SubscriptionId,
);

/// 2024-01-01T00:00:00Z in milliseconds since 1970: ids last until 2093.
const EPOCH_MS: i64 = 1_704_067_200_000;
const NODE_BITS: u32 = 10;
const COUNTER_BITS: u32 = 12;
/// How many nodes can make ids at the same time.
pub(crate) const NODES: i64 = 1 << NODE_BITS;

/// Makes ids that no other node makes, each greater than the one before, even when the clock goes back.
#[derive(Debug, Default)]
pub struct IdMaker {
    /// Milliseconds since the epoch and the counter, as one number.
    last: Mutex<i64>,
}

impl IdMaker {
    /// The next id of `node` (0 to 1023).
    pub fn next(&self, node: i64, now: Timestamp) -> i64 {
        let floor = (now.as_millisecond() - EPOCH_MS).max(0) << COUNTER_BITS;
        let mut last = self.last.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *last = floor.max(*last + 1);
        let (ms, counter) = (*last >> COUNTER_BITS, *last & ((1 << COUNTER_BITS) - 1));
        (ms << (NODE_BITS + COUNTER_BITS)) | ((node % NODES) << COUNTER_BITS) | counter
    }
}

/// An id that is not greater than any that was made at a moment or later.
pub fn first_at(at: Timestamp) -> i64 {
    (at.as_millisecond() - EPOCH_MS).max(0) << (NODE_BITS + COUNTER_BITS)
}

/// Ids as strings in JSON: `#[serde(with = "crate::ids::text")]` on a typed id's number.
pub mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the number as a string.
    pub fn serialize<S: Serializer>(id: &i64, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(id)
    }

    /// Reads a number that was written as a string.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
        let words = String::deserialize(from)?;
        words.parse().map_err(|_| D::Error::custom("an id is a whole number, written as a string"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_even_when_the_clock_goes_back_or_stands_still() {
        let maker = IdMaker::default();
        let at = |ms: i64| Timestamp::from_millisecond(EPOCH_MS + ms).unwrap();
        let mut last = 0;
        for ms in [5, 5, 9, 3, 0, 9].into_iter().chain(std::iter::repeat_n(9, 10_000)) {
            let id = maker.next(7, at(ms));
            assert!(last < id, "{last} then {id}");
            assert_eq!(id >> COUNTER_BITS & (NODES - 1), 7);
            last = id;
        }
    }

    #[test]
    fn ids_are_found_by_the_moment_at_which_they_were_made() {
        let at = |ms: i64| Timestamp::from_millisecond(EPOCH_MS + ms).unwrap();
        let id = IdMaker::default().next(3, at(500));
        assert!(first_at(at(500)) <= id && id < first_at(at(501)));
    }

    #[test]
    fn two_nodes_never_make_the_same_id() {
        let (one, two) = (IdMaker::default(), IdMaker::default());
        let now = Timestamp::from_millisecond(EPOCH_MS + 1).unwrap();
        let ones: std::collections::HashSet<i64> = (0..5000).map(|_| one.next(1, now)).collect();
        assert_eq!(ones.len(), 5000);
        assert!((0..5000).all(|_| !ones.contains(&two.next(2, now))));
    }
}
