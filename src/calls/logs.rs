//! Logs of telephone systems that are followed, as rows: how far each was read, and what in it could not be.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as, query_scalar};
use wire::calls::LogLine;
use wire::calls::tail::Place;
use wire::csv::RowError;

use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, StaffId};

/// So many lines that could not be read are kept of a log, the newest.
const KEPT: i64 = 200;

const ADD: &str = "INSERT INTO call_log
        (firm_id, log_id, path, made_by_id, made_at, inode, reached, line, mark, waiting, calls)
    VALUES ($1, $2, $3, $4, $5, 0, 0, 0, $6, '', 0)";
const ALL: &str =
    "SELECT log_id, path, inode, reached, line, mark, header, waiting, calls, read_at, looked_at,
        trouble, trouble_at
    FROM call_log WHERE firm_id = $1 ORDER BY path";
const REMOVE: &str = "DELETE FROM call_log WHERE firm_id = $1 AND log_id = $2 RETURNING path";
const REMOVE_WRONG: &str = "DELETE FROM call_log_wrong WHERE firm_id = $1 AND log_id = $2";
const REACH: &str =
    "UPDATE call_log SET inode = $3, reached = $4, line = $5, mark = $6, header = $7, waiting = $8,
        calls = calls + $9, read_at = $10, looked_at = $10, trouble = NULL, trouble_at = NULL
    WHERE firm_id = $1 AND log_id = $2 AND inode = $11 AND reached = $12 AND waiting = $13";
const LOOKED: &str = "UPDATE call_log SET looked_at = $3, trouble = NULL, trouble_at = NULL
    WHERE firm_id = $1 AND log_id = $2";
const TROUBLE: &str = "UPDATE call_log SET trouble = $3, trouble_at = COALESCE(trouble_at, $4)
    WHERE firm_id = $1 AND log_id = $2 AND (looked_at IS NULL OR looked_at < $5)";
const WRONG: &str = "INSERT INTO call_log_wrong (firm_id, wrong_id, log_id, line, error, met_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const ALL_WRONG: &str = "SELECT log_id, line, error, met_at FROM call_log_wrong
    WHERE firm_id = $1 ORDER BY log_id, wrong_id DESC";
const OLDEST: &str = "SELECT wrong_id FROM call_log_wrong WHERE firm_id = $1 AND log_id = $2
    ORDER BY wrong_id DESC LIMIT 1 OFFSET $3";
const FORGET: &str = "DELETE FROM call_log_wrong WHERE firm_id = $1 AND log_id = $2 AND wrong_id <= $3";

/// A log that is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Its id.
    pub id: i64,
    /// Where it is, on the machine that does the work.
    pub path: String,
    /// How far it was read.
    pub place: Place,
    /// The row that names its columns, where it has one.
    pub header: Option<String>,
    /// Lines of calls that may go on.
    pub waiting: Vec<LogLine>,
    /// So many calls of it are in the record.
    pub calls: u64,
    /// When a line of it was read last.
    pub read: Option<Timestamp>,
    /// When it was looked at last and could be read.
    pub looked: Option<Timestamp>,
    /// What is wrong with it, and since when.
    pub trouble: Option<(String, Timestamp)>,
}

#[derive(FromRow)]
struct Row {
    log_id: i64,
    path: String,
    inode: i64,
    reached: i64,
    line: i64,
    mark: Vec<u8>,
    header: Option<String>,
    waiting: String,
    calls: i64,
    read_at: Option<Ts>,
    looked_at: Option<Ts>,
    trouble: Option<String>,
    trouble_at: Option<Ts>,
}

/// Begins to follow a log, from its first line.
pub async fn add(tx: &mut Tx, firm: FirmId, path: &str, by: StaffId, now: Timestamp) -> Result<i64> {
    let path = path.trim();
    let refused = |words: &str| Err(Error::invalid("the path", words));
    if !std::path::Path::new(path).is_absolute()
        || 1000 < path.chars().count()
        || path.contains(char::is_control)
    {
        return refused("is to be a whole one, such as /var/log/asterisk/cdr-csv/Master.csv");
    }
    if all(tx, firm).await?.iter().any(|log| log.path == path) {
        return refused("is followed already");
    }
    let id = tx.new_id();
    let nothing: &[u8] = &[];
    run!(tx, query(ADD).bind(firm.0).bind(id).bind(path).bind(by.0).bind(Ts::from(now)).bind(nothing))?;
    Ok(id)
}

/// All of a firm, by path.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Log>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    let log = |row: Row| Log {
        id: row.log_id,
        path: row.path,
        place: Place {
            inode: row.inode.cast_unsigned(),
            reached: row.reached.cast_unsigned(),
            line: row.line.cast_unsigned(),
            mark: row.mark,
        },
        header: row.header,
        waiting: lines(&row.waiting),
        calls: row.calls.cast_unsigned(),
        read: row.read_at.map(Into::into),
        looked: row.looked_at.map(Into::into),
        trouble: row.trouble.zip(row.trouble_at.map(Into::into)),
    };
    Ok(rows.into_iter().map(log).collect())
}

/// Follows a log no more. What was read of it stays. Gives where it is.
pub async fn remove(tx: &mut Tx, firm: FirmId, id: i64) -> Result<String> {
    run!(tx, query(REMOVE_WRONG).bind(firm.0).bind(id))?;
    let path: Option<String> =
        sql!(tx, c => query_scalar(REMOVE).bind(firm.0).bind(id).fetch_optional(c).await)?;
    path.ok_or(Error::NotFound)
}

/// What was read of a log, beside the calls.
pub struct Reached<'a> {
    /// How far it is read now.
    pub place: &'a Place,
    /// The row that names its columns.
    pub header: Option<&'a str>,
    /// Lines of calls that may go on.
    pub waiting: &'a [LogLine],
    /// How many calls are new.
    pub calls: u64,
    /// Lines that could not be read.
    pub wrong: &'a [RowError],
}

/// Notes how far a log was read, in the transaction that holds what was read; false where another process read it
/// meanwhile, and then nothing of this may stand.
pub async fn reach(tx: &mut Tx, firm: FirmId, log: &Log, to: &Reached<'_>, now: Timestamp) -> Result<bool> {
    let changed = run!(
        tx,
        query(REACH)
            .bind(firm.0)
            .bind(log.id)
            .bind(to.place.inode.cast_signed())
            .bind(to.place.reached.cast_signed())
            .bind(to.place.line.cast_signed())
            .bind(&to.place.mark)
            .bind(to.header)
            .bind(text(to.waiting))
            .bind(to.calls.cast_signed())
            .bind(Ts::from(now))
            .bind(log.place.inode.cast_signed())
            .bind(log.place.reached.cast_signed())
            .bind(text(&log.waiting))
    )?;
    if changed == 0 {
        return Ok(false);
    }
    for wrong in to.wrong {
        let (id, line) = (tx.new_id(), wrong.line.cast_signed());
        let error = match &wrong.column {
            Some(column) => format!("column {column}: {}", wrong.what),
            None => wrong.what.clone(),
        };
        run!(tx, query(WRONG).bind(firm.0).bind(id).bind(log.id).bind(line).bind(error).bind(Ts::from(now)))?;
    }
    if !to.wrong.is_empty() {
        let oldest: Option<i64> = sql!(tx, c => query_scalar(OLDEST).bind(firm.0).bind(log.id).bind(KEPT)
            .fetch_optional(c).await)?;
        if let Some(oldest) = oldest {
            run!(tx, query(FORGET).bind(firm.0).bind(log.id).bind(oldest))?;
        }
    }
    Ok(true)
}

/// Notes that a log could be read and holds nothing new.
pub async fn looked(tx: &mut Tx, firm: FirmId, id: i64, now: Timestamp) -> Result<()> {
    run!(tx, query(LOOKED).bind(firm.0).bind(id).bind(Ts::from(now))).map(drop)
}

/// Notes why a log cannot be read; not where another process, on the machine where it lies, read it after `since`.
pub async fn failed(
    tx: &mut Tx,
    firm: FirmId,
    id: i64,
    words: &str,
    since: Timestamp,
    now: Timestamp,
) -> Result<()> {
    run!(tx, query(TROUBLE).bind(firm.0).bind(id).bind(words).bind(Ts::from(now)).bind(Ts::from(since)))
        .map(drop)
}

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Of which log.
    pub log: i64,
    /// The line in it.
    pub line: u64,
    /// What is wrong with it.
    pub error: String,
    /// When it was met.
    pub met: Timestamp,
}

/// What could not be read, the newest of each log first.
pub async fn wrong(tx: &mut Tx, firm: FirmId) -> Result<Vec<Wrong>> {
    let rows: Vec<(i64, i64, String, Ts)> =
        sql!(tx, c => query_as(ALL_WRONG).bind(firm.0).fetch_all(c).await)?;
    let wrong = |(log, line, error, met): (i64, i64, String, Ts)| Wrong {
        log,
        line: line.cast_unsigned(),
        error,
        met: met.into(),
    };
    Ok(rows.into_iter().map(wrong).collect())
}

/// Lines as they are kept: number, moment in microseconds, and the line, parted by tabs.
fn text(lines: &[LogLine]) -> String {
    let line = |line: &LogLine| format!("{}\t{}\t{}\n", line.number, line.heard.as_microsecond(), line.text);
    lines.iter().map(line).collect()
}

fn lines(text: &str) -> Vec<LogLine> {
    let line = |line: &str| {
        let mut parts = line.splitn(3, '\t');
        let number = parts.next()?.parse().ok()?;
        let heard = Timestamp::from_microsecond(parts.next()?.parse().ok()?).ok()?;
        Some(LogLine { number, heard, text: parts.next()?.to_owned() })
    };
    text.split('\n').filter_map(line).collect()
}
