//! Whoever tried to sign in and was not let in, and whoever asked for what is not there for them: counted by the hour, so
//! that somebody who guesses for a night makes no log that nobody can read.

use std::sync::Mutex;

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::App;
use crate::db::Durability;
use crate::error::Result;
use crate::ids::{FirmId, StaffId};
use crate::record::audit;
use crate::text::counted;

/// Beyond so many counts, those of hours that are over are forgotten here; in the log they stay.
const MANY: usize = 10_000;

/// So often within an hour the log tells each thing that somebody was refused; beyond that, how often they were.
const EACH: u32 = 100;

/// Of an address the log keeps so many characters.
const LONGEST: usize = 120;

/// Who was refused, and the hour, counted from 1970.
type Of = (FirmId, Who, i64);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    /// Whoever tried to sign in, by what the log calls the account.
    Account(String),
    /// Somebody who is signed in.
    Staff(StaffId),
}

/// Tries that were refused and are not written yet, with what was written of the same hour.
#[derive(Debug, Default)]
pub struct Refusals {
    /// Held by whoever writes: two at once would each begin a line for the same account and hour.
    writing: tokio::sync::Mutex<()>,
    counts: Mutex<FxHashMap<Of, Count>>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    times: u32,
    written: u32,
    last: Timestamp,
    /// The line of the log that tells of it.
    line: Option<i64>,
}

/// Notes that somebody who is signed in asked for what is not there, or not for them.
pub fn note(app: &App, firm: FirmId, staff: StaffId, what: String) {
    let now = app.now();
    if app.refused.count(firm, Who::Staff(staff), now) <= EACH {
        let what = what.chars().take(LONGEST).collect();
        app.seen.note(firm, staff, "refused", what, now);
    }
}

impl Refusals {
    /// Notes that somebody was not let in.
    pub fn sign_in(&self, firm: FirmId, whom: &str, now: Timestamp) {
        self.count(firm, Who::Account(whom.to_owned()), now);
    }

    /// Counts once more; gives how often that was within the hour.
    fn count(&self, firm: FirmId, who: Who, now: Timestamp) -> u32 {
        let mut counts = self.counts.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let hour = now.as_second().div_euclid(3600);
        if MANY < counts.len() {
            counts.retain(|of, count| of.2 == hour || count.is_unwritten(of));
        }
        let new = Count { times: 0, written: 0, last: now, line: None };
        let count = counts.entry((firm, who, hour)).or_insert(new);
        count.times = count.times.saturating_add(1);
        count.last = now;
        count.times
    }

    fn unwritten(&self) -> Vec<(Of, Count)> {
        let counts = self.counts.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let unwritten = counts.iter().filter(|(of, count)| count.is_unwritten(of));
        unwritten.map(|(of, count)| (of.clone(), *count)).collect()
    }

    fn written(&self, of: &Of, times: u32, line: i64) {
        let mut counts = self.counts.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(count) = counts.get_mut(of) {
            (count.written, count.line) = (times, Some(line));
        }
    }
}

impl Count {
    /// Whether the log does not tell all of it yet.
    fn is_unwritten(&self, (_, who, _): &Of) -> bool {
        let told_else = if matches!(who, Who::Staff(_)) { EACH } else { 0 };
        self.written.max(told_else) < self.times
    }
}

/// Writes what was counted: one line for each account, or person, and hour, which is brought up to date.
pub(super) async fn write(app: &App) -> Result<()> {
    let _alone = app.refused.writing.lock().await;
    let counts = app.refused.unwritten();
    if counts.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.write(Durability::Import).await?;
    let mut lines = Vec::new();
    for ((firm, who, _), count) in &counts {
        let times = match count.times {
            1 => "once".to_owned(),
            n => counted(n as usize, "time", "times"),
        };
        let (by, whom) = match who {
            Who::Account(whom) => (None, whom.as_str()),
            Who::Staff(staff) => (Some(*staff), "all in all"),
        };
        let act = if by.is_some() { "refused" } else { "sign_in_refused" };
        let detail = format!("{whom}, {times} within the hour");
        let line = audit::note_count(&mut tx, *firm, count.line, by, act, &detail, count.last);
        lines.push(line.await?);
    }
    tx.commit().await?;
    for ((of, count), line) in counts.iter().zip(lines) {
        app.refused.written(of, count.times, line);
    }
    Ok(())
}
