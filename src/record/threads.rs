//! Which messages belong together: kept with each message, and as one maintained row for each thread.
//!
//! While mail is imported, a message gets the thread that is known by then. Later mail can join threads; when the
//! import has read everything, [`retie`] writes what has changed since.

use reading::thread::Threads;
use sqlx::{query, query_as, query_scalar};

use super::facts;
use crate::db::{Tx, rows, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, NaturalKey};

const TIES: &str = "SELECT e.natural_key, t.facts FROM entry_tie t
    JOIN entry e ON e.firm_id = t.firm_id AND e.entry_id = t.entry_id WHERE t.firm_id = $1";
const TIED: &str = "SELECT entry_id, natural_key, thread_id, answers_key FROM entry {whole}
    WHERE firm_id = $1 AND kind = 'message'";
const RETIE: &str = "UPDATE entry SET thread_id = $3, answers_key = $4 WHERE firm_id = $1 AND entry_id = $2";
const LAST: &str = "SELECT COALESCE(MAX(entry_id), 0) FROM entry_tie WHERE firm_id = $1";
const TIES_SINCE: &str = "SELECT e.natural_key, t.facts FROM entry_tie t
    JOIN entry e ON e.firm_id = t.firm_id AND e.entry_id = t.entry_id
    WHERE t.firm_id = $1 AND t.entry_id > $2";
const TIED_IN: &str = "SELECT entry_id, natural_key, thread_id, answers_key FROM entry
    WHERE firm_id = {firm} AND thread_id IN {list} AND kind = 'message'";
const FORGET: &str = "DELETE FROM thread WHERE firm_id = {firm} AND thread_id IN {list}";
const RENEW: &str = "INSERT INTO thread (firm_id, thread_id, subject, first_at, last_at, last_direction, messages)
    SELECT e.firm_id, e.thread_id,
        (SELECT m.subject FROM entry f JOIN message m ON m.firm_id = f.firm_id AND m.entry_id = f.entry_id
            WHERE f.firm_id = e.firm_id AND f.thread_id = e.thread_id ORDER BY f.at, f.natural_key LIMIT 1),
        MIN(e.at), MAX(e.at),
        (SELECT m.direction FROM entry l JOIN message m ON m.firm_id = l.firm_id AND m.entry_id = l.entry_id
            WHERE l.firm_id = e.firm_id AND l.thread_id = e.thread_id ORDER BY l.at DESC, l.natural_key DESC LIMIT 1),
        COUNT(*)
    FROM entry e WHERE e.firm_id = {firm} AND e.thread_id IN {list} AND e.kind = 'message'
    GROUP BY e.firm_id, e.thread_id";

/// All threads of a firm's mail, as they are known: for tying new mail to old.
pub async fn load(tx: &mut Tx, firm: FirmId) -> Result<Threads> {
    let mut threads = Threads::new();
    let mut wrong = None;
    rows::every(tx, TIES, firm, |(key, packed): (i64, Vec<u8>)| {
        match facts::unpack_tie(NaturalKey(key.cast_unsigned()), &packed) {
            Ok(tie) => threads.add(&tie),
            Err(error) => wrong = Some(error),
        }
    })
    .await?;
    match wrong {
        None => Ok(threads),
        Some(error) => Err(Error::Unexpected(error.into())),
    }
}

/// Ids of entries that another program made a little earlier may come after ours where clocks differ: so far back, in
/// the milliseconds of ids, others are looked for again.
const CLOCKS_DIFFER: i64 = 600_000 << 22;

/// The newest entry that threading knows.
pub async fn newest(tx: &mut Tx, firm: FirmId) -> Result<i64> {
    sql!(tx, c => query_scalar(LAST).bind(firm.0).fetch_one(c).await)
}

/// Brings threads that were loaded before up to date with what others have added since. `last` is the newest entry that
/// they hold; the newest now is given back.
pub async fn catch_up(tx: &mut Tx, firm: FirmId, threads: &mut Threads, last: i64) -> Result<i64> {
    let newest = newest(tx, firm).await?;
    if newest == last {
        return Ok(newest);
    }
    let rows: Vec<(i64, Vec<u8>)> =
        sql!(tx, c => query_as(TIES_SINCE).bind(firm.0).bind(last - CLOCKS_DIFFER).fetch_all(c).await)?;
    for (key, packed) in rows {
        let tie = facts::unpack_tie(NaturalKey(key.cast_unsigned()), &packed);
        threads.add(&tie.map_err(|e| Error::Unexpected(e.into()))?);
    }
    Ok(newest)
}

/// The same as [`retie`], for the messages that are stored under these threads alone.
pub async fn retie_some(tx: &mut Tx, firm: FirmId, threads: &Threads, some: &[i64]) -> Result<()> {
    let rows: Vec<(i64, i64, i64, Option<i64>)> = rows::pick(tx, TIED_IN, firm, some).await?;
    let mut touched: Vec<i64> = Vec::new();
    for (entry, key, thread, answers) in rows {
        let key = NaturalKey(key.cast_unsigned());
        let Some(now) = threads.thread(key).map(u64::cast_signed) else { continue };
        let now_answers = threads.answers(key).map(|key| key.0.cast_signed());
        if now != thread {
            touched.extend([thread, now]);
        }
        if (now, now_answers) != (thread, answers) {
            run!(tx, query(RETIE).bind(firm.0).bind(entry).bind(now).bind(now_answers))?;
        }
    }
    touched.sort_unstable();
    touched.dedup();
    renew(tx, firm, &touched).await
}

/// Writes thread and answered message of every message where they differ from what is stored; gives how many did.
pub async fn retie(tx: &mut Tx, firm: FirmId, threads: &Threads) -> Result<u64> {
    let mut changes: Vec<(i64, i64, Option<i64>)> = Vec::new();
    let mut touched: Vec<i64> = Vec::new();
    rows::every(tx, TIED, firm, |(entry, key, thread, answers): (i64, i64, i64, Option<i64>)| {
        let key = NaturalKey(key.cast_unsigned());
        let Some(now) = threads.thread(key).map(u64::cast_signed) else { return };
        let now_answers = threads.answers(key).map(|key| key.0.cast_signed());
        if now != thread {
            touched.extend([thread, now]);
        }
        if (now, now_answers) != (thread, answers) {
            changes.push((entry, now, now_answers));
        }
    })
    .await?;
    for (entry, thread, answers) in &changes {
        run!(tx, query(RETIE).bind(firm.0).bind(*entry).bind(*thread).bind(*answers))?;
    }
    touched.sort_unstable();
    touched.dedup();
    renew(tx, firm, &touched).await?;
    Ok(changes.len() as u64)
}

/// Makes the rows of these threads anew from their messages.
pub async fn renew(tx: &mut Tx, firm: FirmId, threads: &[i64]) -> Result<()> {
    rows::for_each_of(tx, FORGET, firm, threads).await?;
    rows::for_each_of(tx, RENEW, firm, threads).await.map(drop)
}
