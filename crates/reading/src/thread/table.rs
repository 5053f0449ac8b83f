//! A hash table of numbers that point into a vector, where the keys live: five bytes an entry.

use hashbrown::HashTable;

/// No entry.
pub(super) const NONE: u32 = u32::MAX;

#[derive(Default)]
pub(super) struct Table {
    entries: HashTable<u32>,
}

impl Table {
    /// The entry with this hash that `is` the one, or [`NONE`].
    pub(super) fn get(&self, hash: u64, is: impl Fn(u32) -> bool) -> u32 {
        self.entries.find(hash, |entry| is(*entry)).copied().unwrap_or(NONE)
    }

    /// Puts `new` where the entry that `is` the one was, and gives that back; adds it where there was none.
    pub(super) fn replace(
        &mut self,
        hash: u64,
        new: u32,
        is: impl Fn(u32) -> bool,
        hash_of: impl Fn(u32) -> u64,
    ) -> u32 {
        if let Some(entry) = self.entries.find_mut(hash, |entry| is(*entry)) {
            return std::mem::replace(entry, new);
        }
        self.entries.insert_unique(hash, new, |entry| hash_of(*entry));
        NONE
    }

    pub(super) fn bytes(&self) -> usize {
        self.entries.allocation_size()
    }
}
