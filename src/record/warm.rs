//! The records of clients in memory, and where their folds stand: a decision about a client of many years is folded
//! without reading thousands of entries again, and one more letter without folding them again ([`super::stand`]).
//!
//! What is kept is true at a revision of the firm. A transaction that is about to fold holds the revision, asks what
//! changed since, and takes only what did not; what it folded is put back when it has committed, and not before. So a
//! record in memory is as true as what is owed is in the database: both rest on every change being noted
//! ([`super::changes`]). Another process notes its changes in the same place.
//!
//! Those folded last are kept as the fold takes them, others packed ([`packed`]); what steps add to one is kept beside it
//! until it is asked for or packed again. Where a fold stands is small, and outlives its record here. A program that has just started knows
//! none; [`warm_up`] reads them before somebody waits for it.

mod later;
mod memory;
mod packed;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use care::entry::Entry;
use care::obligation::Obligation;
use rustc_hash::{FxHashMap, FxHashSet};
use sqlx::query_scalar;

pub(super) use self::later::Later;
use self::memory::{AT_HAND, Form, Kept, Memory};
use super::changes::{self, Changed};
use super::stand::Stand;
use super::{book, owed, project, read};
use crate::db::{Db, Tx, sql};
use crate::error::Result;
use crate::ids::{ClientId, EntryId, FirmId};

/// Whoever was heard of last is the likeliest to be heard of next.
const HEARD_LAST: &str = "SELECT client_id FROM outlook WHERE firm_id = $1 AND last_in_at IS NOT NULL
    ORDER BY last_in_at DESC";

/// What is known of one client's record.
#[derive(Debug, PartialEq)]
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

impl Warm {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What changed since what is kept of a firm was true.
    async fn changed(&self, tx: &mut Tx, firm: FirmId, now: i64) -> Result<Changed> {
        let known = self.memory().revision(firm);
        match known {
            Some(known) => changes::since(tx, firm, known, now).await,
            None => Ok(Changed::Everything),
        }
    }

    /// Reads where the fold of one client's record stands, and the record if it is to be kept; false where others changed
    /// it meanwhile, so that what was read is not true any more.
    async fn read(&self, db: &Db, firm: FirmId, client: ClientId, is_kept: bool) -> Result<bool> {
        let mut tx = db.read().await?;
        let before = changes::revision(&mut tx, firm).await?;
        let book = book::at_hand(&mut tx, firm).await?.book;
        let entries = read::load_record(&mut tx, firm, client, &book).await?;
        let owed = owed::of_client(&mut tx, firm, client).await?;
        tx.commit().await?;
        let stand = project::stand_of(&entries, client, &book).map(Box::new);
        let form = is_kept.then(|| Form::packed(&Known { entries, owed }));
        // What others did while this was read has most likely nothing to do with it.
        let mut tx = db.read().await?;
        let now = changes::revision(&mut tx, firm).await?;
        let is_true = match changes::since(&mut tx, firm, before, now).await? {
            Changed::Everything => false,
            Changed::Clients(changed) => !changed.contains(&client),
        };
        let changed = self.changed(&mut tx, firm, now).await?;
        tx.commit().await?;
        let kept = is_true.then_some((client, Kept::Whole(form, stand)));
        Ok(self.memory().renew(firm, now, changed, kept) && is_true)
    }

    /// Reads what [`warm_up`] says; gives how many it read.
    async fn read_all(&self, db: &Db, firm: FirmId, mut stop: impl FnMut() -> bool) -> Result<usize> {
        let mut tx = db.read().await?;
        let now = changes::revision(&mut tx, firm).await?;
        let changed = self.changed(&mut tx, firm, now).await?;
        self.memory().renew(firm, now, changed, []);
        // What is not settled yet will change everything.
        if self.memory().is_warm(firm) || project::is_behind(&mut tx, firm).await? {
            return Ok(0);
        }
        let clients: Vec<i64> = sql!(&mut tx, c => query_scalar(HEARD_LAST).bind(firm.0).fetch_all(c).await)?;
        tx.commit().await?;
        let all = || clients.iter().copied().map(ClientId).collect::<VecDeque<_>>();
        let (mut left, mut begun, mut read) = (all(), self.memory().begun(firm), 0);
        while let Some(client) = left.pop_front() {
            if stop() {
                return Ok(read);
            }
            let (has_it, has_room, has_room_for_it) = {
                let memory = self.memory();
                (memory.has(firm, client), memory.has_room(), memory.has_room_for_records())
            };
            if has_it {
                continue;
            }
            if !has_room {
                break;
            }
            if self.read(db, firm, client, has_room_for_it).await? {
                read += 1;
            } else {
                left.push_back(client);
            }
            let now_begun = self.memory().begun(firm);
            if now_begun != begun {
                (left, begun) = (all(), now_begun);
            }
        }
        self.memory().is_warm_now(firm);
        Ok(read)
    }
}

/// What [`warm_up`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warmed {
    /// How many records it read.
    pub read: usize,
    /// Of how many clients something is in memory after it.
    pub kept: usize,
}

/// Reads the records of those who were heard of last into memory, one after the other, until there is no room, or `stop`
/// says so. Where there is no room for more records, there is for where their folds stand: that is all that one more
/// letter needs. Where everything changes meanwhile, it begins again. Nothing waits for it, and nothing is written.
pub async fn warm_up(db: &Db, firm: FirmId, stop: impl FnMut() -> bool) -> Result<Warmed> {
    let warm: Arc<Warm> = db.read().await?.shelf().of();
    let read = warm.read_all(db, firm, stop).await?;
    let kept = warm.memory().count(firm);
    Ok(Warmed { read, kept })
}

/// What one transaction may take from memory, and gives back to it.
pub(super) struct Visit {
    warm: Arc<Warm>,
    firm: FirmId,
    changed: Changed,
    kept: Vec<(ClientId, Kept)>,
    /// The firm's revision by now.
    revision: i64,
    /// How many entries are kept as the fold takes them.
    size: usize,
}

impl Visit {
    /// Looks at what is still true. From here on nobody else changes what is owed by the firm.
    pub(super) async fn begin(tx: &mut Tx, firm: FirmId) -> Result<Visit> {
        let now = changes::hold(tx, firm).await?;
        let warm: Arc<Warm> = tx.shelf().of();
        let changed = warm.changed(tx, firm, now).await?;
        Ok(Visit { warm, firm, changed, kept: Vec::new(), revision: now, size: 0 })
    }

    /// Takes a record out of memory, if it is there and still true.
    pub(super) fn take(&self, client: ClientId) -> Option<Known> {
        self.is_true(client).then(|| self.warm.memory().take(self.firm, client)).flatten()
    }

    /// Takes out of memory where the fold of a record stands, if it is there and still true.
    pub(super) fn take_stand(&self, client: ClientId) -> Option<Stand> {
        let stand = self.is_true(client).then(|| self.warm.memory().take_stand(self.firm, client));
        stand.flatten().map(|stand| *stand)
    }

    fn is_true(&self, client: ClientId) -> bool {
        match &self.changed {
            Changed::Everything => false,
            Changed::Clients(changed) => !changed.contains(&client),
        }
    }

    /// Keeps a record that was folded, once the transaction has committed, where there is room for it, and where its fold
    /// stands. `noted` is the revision at which its change was noted.
    pub(super) fn keep(&mut self, client: ClientId, known: Known, stand: Option<Stand>, noted: i64) {
        let has_room = self.size + known.entries.len() <= AT_HAND;
        let form = has_room.then(|| {
            self.size += known.entries.len();
            Form::AtHand(known)
        });
        self.kept.push((client, Kept::Whole(form, stand.map(Box::new))));
        self.revision = noted;
    }

    /// Keeps, once the transaction has committed, where a fold stands after a step.
    pub(super) fn keep_step(&mut self, client: ClientId, stand: Stand, later: Later, noted: i64) {
        self.kept.push((client, Kept::Step(Box::new(stand), later)));
        self.revision = noted;
    }

    /// Ends the visit: what was kept is true at the firm's revision as it is now.
    pub(super) fn end(self, tx: &mut Tx) {
        let Visit { warm, firm, changed, kept, revision, .. } = self;
        tx.once_committed(move || {
            warm.memory().renew(firm, revision, changed, kept);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::StaffId;
    use care::entry::{Decision, Verdict};
    use care::ids::NaturalKey;

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
}
