//! Follows the logs of telephone systems as they grow.
//!
//! What a piece of a log brings is written in one transaction with the place that it reaches, and only where nobody else
//! reached it meanwhile: any number of processes may follow the same log. Half a line waits for its end, and a call for
//! its other lines.

use std::fs::File;
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;
use wire::calls::tail::{self, Grown, Turned};
use wire::calls::{LogLine, hear};
use wire::csv::RowError;

use super::logs::{self, Log, Reached};
use super::take;
use crate::db::{Db, Durability};
use crate::error::Result;
use crate::firm;
use crate::ids::FirmId;
use crate::record::changes;

/// That a log was looked at is noted so often, where nothing was in it.
const NOTED: SignedDuration = SignedDuration::from_secs(60);
/// A log that was read so lately lies on another machine: that this one has it not is nobody's trouble.
const ELSEWHERE: SignedDuration = SignedDuration::from_secs(180);

/// Follows the logs of a firm.
pub struct Follower<'a> {
    db: &'a Db,
    firm: FirmId,
    /// The files as they were opened last: one that was removed is still read to its end.
    files: FxHashMap<i64, File>,
}

impl<'a> Follower<'a> {
    /// One that has looked at nothing yet.
    pub fn new(db: &'a Db, firm: FirmId) -> Follower<'a> {
        Follower { db, firm, files: FxHashMap::default() }
    }

    /// Looks once at all logs; gives how many calls are new.
    pub async fn look(&mut self, now: Timestamp) -> Result<u64> {
        let mut tx = self.db.read().await?;
        let all = logs::all(&mut tx, self.firm).await?;
        tx.commit().await?;
        self.files.retain(|id, _| all.iter().any(|log| log.id == *id));
        let mut new = 0;
        for log in all {
            new += self.look_at(log, now).await?;
        }
        Ok(new)
    }

    async fn look_at(&mut self, mut log: Log, now: Timestamp) -> Result<u64> {
        let mut new = 0;
        loop {
            let open = self.files.get_mut(&log.id);
            match tail::more(Path::new(&log.path), &log.place, open) {
                Ok((grown, file)) => {
                    self.files.insert(log.id, file);
                    let goes_on = grown.more || grown.turned.is_some();
                    let Some((calls, next)) = self.keep(&log, grown, now).await? else { return Ok(new) };
                    new += calls;
                    if !goes_on {
                        return Ok(new);
                    }
                    log = next;
                }
                Err(error) => {
                    self.failed(&log, &words(&error), now).await?;
                    return Ok(new);
                }
            }
        }
    }

    /// Takes what a log has grown by into the record; nothing where another process did.
    async fn keep(&self, log: &Log, grown: Grown, now: Timestamp) -> Result<Option<(u64, Log)>> {
        let heard_now = |(number, text)| LogLine { number, heard: now, text };
        let mut lines = log.waiting.clone();
        let has_grown = !grown.lines.is_empty() || grown.turned.is_some();
        if grown.turned.is_some() {
            // Lines are counted anew: what waited stands before all of them.
            lines.iter_mut().for_each(|line| line.number = 0);
        }
        lines.extend(grown.lines.into_iter().map(heard_now));
        if !has_grown && lines.is_empty() {
            return self.nothing_new(log, now).await.map(|()| None);
        }
        let mut tx = self.db.read().await?;
        let columns = firm::store::call_columns(&mut tx, self.firm).await?;
        let zone = firm::store::load(&mut tx, self.firm).await?.zone;
        tx.commit().await?;
        let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
        let heard = hear(lines, log.header.as_deref(), &columns, &zone, now);
        if !has_grown && heard.calls.is_empty() && heard.errors.is_empty() && heard.waiting == log.waiting {
            return self.nothing_new(log, now).await.map(|()| None);
        }
        let mut wrong = heard.errors;
        wrong.extend(grown.turned.and_then(turned));
        let mut tx = changes::begin(self.db, self.firm, Durability::Act).await?;
        let header = heard.header.or_else(|| log.header.clone());
        let calls = match heard.calls.is_empty() {
            true => 0,
            false => take(&mut tx, self.firm, heard.calls, now).await?,
        };
        let reached = Reached {
            place: &grown.place,
            header: header.as_deref(),
            waiting: &heard.waiting,
            calls,
            wrong: &wrong,
        };
        if !logs::reach(&mut tx, self.firm, log, &reached, now).await? {
            return Ok(None);
        }
        tx.commit().await?;
        let next = Log { place: grown.place, header, waiting: heard.waiting, ..log.clone() };
        Ok(Some((calls, next)))
    }

    async fn nothing_new(&self, log: &Log, now: Timestamp) -> Result<()> {
        let is_noted = log.looked.is_some_and(|looked| now.duration_since(looked) < NOTED);
        if is_noted && log.trouble.is_none() {
            return Ok(());
        }
        let mut tx = self.db.write(Durability::Import).await?;
        logs::looked(&mut tx, self.firm, log.id, now).await?;
        tx.commit().await
    }

    async fn failed(&self, log: &Log, words: &str, now: Timestamp) -> Result<()> {
        let is_known = log.trouble.as_ref().is_some_and(|(known, _)| known == words);
        if is_known || log.looked.is_some_and(|looked| now.duration_since(looked) < ELSEWHERE) {
            return Ok(());
        }
        let mut tx = self.db.write(Durability::Import).await?;
        logs::failed(&mut tx, self.firm, log.id, words, now - ELSEWHERE, now).await?;
        tx.commit().await
    }
}

fn words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file yet".to_owned(),
        std::io::ErrorKind::PermissionDenied => {
            "it may not be read: give the user under whom Regard runs the right to".to_owned()
        }
        _ => error.to_string(),
    }
}

/// What somebody should know where another file stands in the place of the one that was read.
fn turned(turned: Turned) -> Option<RowError> {
    match turned {
        Turned::Finished | Turned::Gone { line: 0 } => None,
        Turned::Gone { line } => {
            let what = "the last that was read of a file in whose place another stands now. What was written to it after \
                this line is not known; where you have it, bring it in under Bring mail and lists in";
            Some(RowError { line, column: None, what: what.to_owned() })
        }
    }
}
