//! Whoever tried to sign in and was not let in: counted by account and hour, so that somebody who guesses for a night
//! makes no log that nobody can read.

use std::sync::Mutex;

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::App;
use crate::db::Durability;
use crate::error::Result;
use crate::ids::FirmId;
use crate::record::audit;

/// Beyond so many counts, those of hours that are over are forgotten here; in the log they stay.
const MANY: usize = 10_000;

/// An account of a firm, by what the log calls it, and an hour, counted from 1970.
type Account = (FirmId, String, i64);

/// Tries that were refused and are not written yet, with what was written of the same hour.
#[derive(Debug, Default)]
pub struct RefusedSignIns {
    /// Held by whoever writes: two at once would each begin a line for the same account and hour.
    writing: tokio::sync::Mutex<()>,
    counts: Mutex<FxHashMap<Account, Count>>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    times: u32,
    written: u32,
    last: Timestamp,
    /// The line of the log that tells of it.
    line: Option<i64>,
}

impl RefusedSignIns {
    /// Notes that somebody was not let in.
    pub fn note(&self, firm: FirmId, whom: &str, now: Timestamp) {
        let mut counts = self.counts.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let hour = now.as_second().div_euclid(3600);
        if MANY < counts.len() {
            counts.retain(|(.., of), count| *of == hour || count.written < count.times);
        }
        let new = Count { times: 0, written: 0, last: now, line: None };
        let count = counts.entry((firm, whom.to_owned(), hour)).or_insert(new);
        count.times = count.times.saturating_add(1);
        count.last = now;
    }

    fn unwritten(&self) -> Vec<(Account, Count)> {
        let counts = self.counts.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let unwritten = counts.iter().filter(|(_, count)| count.written < count.times);
        unwritten.map(|(account, count)| (account.clone(), *count)).collect()
    }

    fn written(&self, account: &Account, times: u32, line: i64) {
        let mut counts = self.counts.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(count) = counts.get_mut(account) {
            (count.written, count.line) = (times, Some(line));
        }
    }
}

/// Writes what was counted: one line for each account and hour, which is brought up to date.
pub(super) async fn write(app: &App) -> Result<()> {
    let _alone = app.refused.writing.lock().await;
    let counts = app.refused.unwritten();
    if counts.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.write(Durability::Import).await?;
    let mut lines = Vec::new();
    for ((firm, whom, _), count) in &counts {
        let times = if count.times == 1 { "once".to_owned() } else { format!("{} times", count.times) };
        let detail = format!("{whom}, {times} within the hour");
        let line = audit::note_count(&mut tx, *firm, count.line, "sign_in_refused", &detail, count.last);
        lines.push(line.await?);
    }
    tx.commit().await?;
    for ((account, count), line) in counts.iter().zip(lines) {
        app.refused.written(account, count.times, line);
    }
    Ok(())
}
