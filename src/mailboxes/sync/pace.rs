//! How often what is owed is made whole anew while many mailboxes are fetched for the first time.
//!
//! It takes as long as the record is large. Done after each mailbox, twenty full ones would be made whole twenty times;
//! done after the last alone, nobody would see anything before that one ends.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

/// While others are fetched, so many times as long as it took lies between one time and the next.
const REST: i32 = 4;

/// Whether it is time.
#[derive(Debug, Default)]
pub struct Pace {
    at_it: AtomicUsize,
    rests_until: Mutex<Option<Timestamp>>,
    /// Held by who makes it whole.
    pub(super) turn: tokio::sync::Mutex<()>,
}

/// As long as this is held, more mail is to come.
#[derive(Debug)]
pub struct MoreToCome<'a>(&'a Pace);

impl Pace {
    /// Says that a mailbox is being fetched, until what it gives is dropped.
    pub fn more_to_come(&self) -> MoreToCome<'_> {
        self.at_it.fetch_add(1, Ordering::Relaxed);
        MoreToCome(self)
    }

    /// Whether it pays to make it whole now: no more mail is to come, or that was long ago beside what it takes.
    pub(super) fn is_time(&self, now: Timestamp) -> bool {
        self.at_it.load(Ordering::Relaxed) == 0 || self.rests_until().is_none_or(|until| until <= now)
    }

    /// It was made whole, from one moment to another.
    pub(super) fn done(&self, begun: Timestamp, ended: Timestamp) {
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
    fn the_last_mailbox_always_makes_it_whole() {
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
