//! How often all is settled anew while many mailboxes are fetched for the first time.
//!
//! It takes as long as the record is large. Done after each mailbox, twenty full ones would be settled twenty times; done
//! after the last alone, nobody would see anything before that one ends. Whoever else brings a letter meanwhile (handed
//! in, or sent) leaves it to those who fetch.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::settle_where_behind;
use crate::db::Db;
use crate::error::Result;
use crate::ids::FirmId;

/// While others are fetched, so many times as long as it took lies between one time and the next.
const REST: i32 = 4;

/// When all of a firm is settled anew by this process.
#[derive(Debug, Default)]
pub struct Pace {
    at_it: AtomicUsize,
    rests_until: Mutex<Option<Timestamp>>,
    /// Held by who settles.
    turn: tokio::sync::Mutex<()>,
}

/// Those of all firms in a database.
#[derive(Debug, Default)]
struct Paces(Mutex<FxHashMap<FirmId, Arc<Pace>>>);

/// As long as this is held, more mail is to come.
#[derive(Debug)]
pub struct MoreToCome<'a>(&'a Pace);

impl Pace {
    /// That of a firm: the same for all in this process who bring mail into it.
    pub fn of(db: &Db, firm: FirmId) -> Arc<Pace> {
        let all: Arc<Paces> = db.shelf().of();
        let mut all = all.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(firm).or_default())
    }

    /// Settles all where something is behind; false where nothing was. One after the other: who waited looks again.
    pub async fn settle(&self, db: &Db, firm: FirmId, now: &dyn Fn() -> Timestamp) -> Result<bool> {
        let _turn = self.turn.lock().await;
        self.settle_now(db, firm, now).await
    }

    /// The same, if it pays: who brought the rest of the mail settles all otherwise.
    pub async fn settle_if_it_pays(
        &self,
        db: &Db,
        firm: FirmId,
        now: &dyn Fn() -> Timestamp,
    ) -> Result<bool> {
        if !self.is_time(now()) {
            return Ok(false);
        }
        let _turn = self.turn.lock().await;
        // Somebody may have settled meanwhile.
        if !self.is_time(now()) {
            return Ok(false);
        }
        self.settle_now(db, firm, now).await
    }

    async fn settle_now(&self, db: &Db, firm: FirmId, now: &dyn Fn() -> Timestamp) -> Result<bool> {
        let begun = now();
        if settle_where_behind(db, firm, begun).await?.is_none() {
            return Ok(false);
        }
        self.done(begun, now());
        Ok(true)
    }

    /// Says that a mailbox is being fetched, until what it gives is dropped.
    pub fn more_to_come(&self) -> MoreToCome<'_> {
        self.at_it.fetch_add(1, Ordering::Relaxed);
        MoreToCome(self)
    }

    /// Whether it pays to settle now: no more mail is to come, or the last time was long ago beside what it takes.
    fn is_time(&self, now: Timestamp) -> bool {
        self.at_it.load(Ordering::Relaxed) == 0 || self.rests_until().is_none_or(|until| until <= now)
    }

    /// All was settled, from one moment to another.
    fn done(&self, begun: Timestamp, ended: Timestamp) {
        *self.rests_until() = Some(ended + begun.duration_until(ended) * REST);
    }

    fn rests_until(&self) -> MutexGuard<'_, Option<Timestamp>> {
        self.rests_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for MoreToCome<'_> {
    fn drop(&mut self) {
        self.0.at_it.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::Pace;

    fn at(second: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
    }

    #[test]
    fn where_no_more_is_to_come_it_is_always_time() {
        let pace = Pace::default();
        pace.done(at(0), at(40));
        assert!(pace.is_time(at(41)));
    }

    #[test]
    fn while_more_is_to_come_it_takes_a_fifth_of_the_time() {
        let pace = Pace::default();
        let more = pace.more_to_come();
        assert!(pace.is_time(at(0)), "the first time needs no rest");
        pace.done(at(0), at(40));
        assert!(!pace.is_time(at(199)));
        assert!(pace.is_time(at(200)));
        drop(more);
        assert!(pace.is_time(at(199)));
    }

    #[test]
    fn a_clock_that_goes_back_keeps_nothing_waiting_at_the_end() {
        let pace = Pace::default();
        pace.done(at(1_000_000), at(1_000_040));
        assert!(pace.is_time(at(5)));
    }
}
