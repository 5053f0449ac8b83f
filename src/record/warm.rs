//! The records that were folded last, kept in memory: a decision about a client of many years, or one more letter, is
//! folded without reading thousands of entries again.
//!
//! What is kept is true at a revision of the firm. A transaction that is about to fold holds the revision, asks what
//! changed since, and takes only what did not; what it folded is put back when it has committed, and not before. So a
//! record in memory is as true as what is owed is in the database: both rest on every change being noted
//! ([`super::changes`]). Another process notes its changes in the same place.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use care::entry::Entry;
use care::obligation::Obligation;
use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::{self, Changed};
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{ClientId, EntryId, FirmId};

/// So many entries of all firms are kept, those folded last: some 60 MB.
const MOST: usize = 100_000;

/// What is known of one client's record.
#[derive(Debug)]
pub(super) struct Known {
    /// Its entries, in no particular order, each once.
    pub(super) entries: Vec<Entry>,
    /// What is and was owed by it, as it is kept in the database.
    pub(super) owed: Vec<Obligation>,
}

/// What came into a record, where nothing else of it changed.
#[derive(Debug)]
pub(super) struct News<'a> {
    /// Entries of the record: new ones, and old ones that may have changed, such as the rest of a thread.
    pub(super) entries: Vec<Entry>,
    /// Which of them are new.
    pub(super) new: &'a FxHashSet<EntryId>,
}

impl Known {
    /// The entries with what is new; none where an old entry came to the record only now, since more may come with it.
    pub(super) fn with(self, news: News<'_>) -> Option<Known> {
        let Known { mut entries, owed } = self;
        let places: FxHashMap<EntryId, usize> =
            entries.iter().enumerate().map(|(place, entry)| (entry.id(), place)).collect();
        for entry in news.entries {
            match places.get(&entry.id()) {
                Some(place) => entries[*place] = entry,
                None if news.new.contains(&entry.id()) => entries.push(entry),
                None => return None,
            }
        }
        Some(Known { entries, owed })
    }
}

/// What a process remembers of the records of all firms in a database.
#[derive(Debug, Default)]
struct Warm(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    firms: FxHashMap<FirmId, OfFirm>,
    /// Counts up with each record that is kept.
    turn: u64,
    /// How many entries there are.
    size: usize,
}

#[derive(Debug, Default)]
struct OfFirm {
    /// The revision at which all of it is true.
    revision: i64,
    records: FxHashMap<ClientId, (u64, Known)>,
}

impl Warm {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one transaction may take from memory, and gives back to it.
pub(super) struct Visit {
    warm: Arc<Warm>,
    firm: FirmId,
    changed: Changed,
    kept: Vec<(ClientId, Known)>,
    /// How many entries are kept.
    size: usize,
}

impl Visit {
    /// Looks at what is still true. From here on nobody else changes what is owed by the firm.
    pub(super) async fn begin(tx: &mut Tx, firm: FirmId) -> Result<Visit> {
        let now = changes::hold(tx, firm).await?;
        let warm: Arc<Warm> = tx.shelf().of();
        let known = warm.memory().firms.get(&firm).map(|of_firm| of_firm.revision);
        let changed = match known {
            Some(known) => changes::since(tx, firm, known, now).await?,
            None => Changed::Everything,
        };
        Ok(Visit { warm, firm, changed, kept: Vec::new(), size: 0 })
    }

    /// Takes a record out of memory, if it is there and still true.
    pub(super) fn take(&self, client: ClientId) -> Option<Known> {
        match &self.changed {
            Changed::Everything => None,
            Changed::Clients(changed) if changed.contains(&client) => None,
            Changed::Clients(_) => self.warm.memory().take(self.firm, client),
        }
    }

    /// Keeps a record that was folded, once the transaction has committed, where there is room for it.
    pub(super) fn keep(&mut self, client: ClientId, known: Known) {
        if self.size + known.entries.len() <= MOST {
            self.size += known.entries.len();
            self.kept.push((client, known));
        }
    }

    /// Ends the visit: what was kept is true at the firm's revision as it is now.
    pub(super) async fn end(self, tx: &mut Tx) -> Result<()> {
        let revision = changes::revision(tx, self.firm).await?;
        tx.once_committed(move || self.warm.memory().renew(self.firm, revision, self.changed, self.kept));
        Ok(())
    }
}

impl Memory {
    fn take(&mut self, firm: FirmId, client: ClientId) -> Option<Known> {
        let (_, known) = self.firms.get_mut(&firm)?.records.remove(&client)?;
        self.size -= known.entries.len();
        Some(known)
    }

    fn renew(&mut self, firm: FirmId, revision: i64, changed: Changed, kept: Vec<(ClientId, Known)>) {
        let of_firm = self.firms.entry(firm).or_default();
        if revision < of_firm.revision {
            // A later transaction was here first, and knows of this one.
            return;
        }
        of_firm.revision = revision;
        match changed {
            Changed::Everything => {
                let gone = of_firm.records.drain();
                self.size -= gone.map(|(_, (_, known))| known.entries.len()).sum::<usize>();
            }
            Changed::Clients(clients) => {
                for client in clients {
                    self.take(firm, client);
                }
            }
        }
        for (client, known) in kept {
            self.take(firm, client);
            self.turn += 1;
            self.size += known.entries.len();
            self.firms.entry(firm).or_default().records.insert(client, (self.turn, known));
        }
        self.forget();
    }

    /// Forgets the records that were folded longest ago, until what is left is small enough.
    fn forget(&mut self) {
        while MOST < self.size {
            let all = self.firms.iter().flat_map(|(firm, of_firm)| {
                of_firm.records.iter().map(|(client, (turn, _))| (*turn, *firm, *client))
            });
            let Some((_, firm, client)) = all.min_by_key(|(turn, ..)| *turn) else { return };
            self.take(firm, client);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::StaffId;
    use care::entry::{Decision, Verdict};
    use care::ids::NaturalKey;

    const FIRM: FirmId = FirmId(1);

    fn entry(id: i64) -> Entry {
        let what = Verdict::TakenBack { decision: NaturalKey(0) };
        let at = jiff::Timestamp::UNIX_EPOCH;
        Entry::Decision(Decision { entry: EntryId(id), key: NaturalKey(id as u64), at, by: StaffId(1), what })
    }

    fn known(ids: impl Iterator<Item = i64>) -> Known {
        Known { entries: ids.map(entry).collect(), owed: Vec::new() }
    }

    #[test]
    fn what_is_new_is_added_and_what_changed_is_exchanged() {
        let new: FxHashSet<EntryId> = [EntryId(3)].into_iter().collect();
        let with = |ids: &[i64]| {
            let entries = ids.iter().map(|id| entry(*id)).collect();
            known(1..=2).with(News { entries, new: &new }).map(|known| known.entries.len())
        };
        assert_eq!(with(&[3]), Some(3));
        assert_eq!(with(&[2, 3]), Some(3));
        // An old entry that was not of the record: what hangs on it is not known.
        assert_eq!(with(&[3, 4]), None);
    }

    #[test]
    fn what_was_folded_longest_ago_is_forgotten_first() {
        let mut memory = Memory::default();
        let half = MOST as i64 / 2;
        for client in 1..=3 {
            let kept = vec![(ClientId(client), known(0..half))];
            memory.renew(FIRM, client, Changed::Clients(Vec::new()), kept);
        }
        assert!(memory.take(FIRM, ClientId(1)).is_none());
        assert!(memory.take(FIRM, ClientId(2)).is_some());
        assert!(memory.take(FIRM, ClientId(3)).is_some());
        assert_eq!(memory.size, 0);
    }

    #[test]
    fn an_earlier_revision_that_comes_late_is_not_kept() {
        let mut memory = Memory::default();
        memory.renew(FIRM, 7, Changed::Everything, vec![(ClientId(1), known(0..2))]);
        memory.renew(FIRM, 6, Changed::Everything, vec![(ClientId(1), known(0..1))]);
        assert_eq!(memory.take(FIRM, ClientId(1)).map(|known| known.entries.len()), Some(2));
        memory.renew(FIRM, 8, Changed::Clients(vec![ClientId(2)]), vec![(ClientId(1), known(0..3))]);
        memory.renew(FIRM, 9, Changed::Clients(vec![ClientId(1)]), Vec::new());
        assert!(memory.take(FIRM, ClientId(1)).is_none());
    }
}
