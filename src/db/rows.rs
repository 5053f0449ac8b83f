//! Many rows in few statements: the same bulk insert on both databases.

use std::time::Duration;

use futures_util::{FutureExt, TryStreamExt};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow, query, query_as};

use super::{Ts, Tx, dialect, run, sql};
use crate::error::Result;
use crate::ids::FirmId;

/// Rows in one INSERT statement; more do not make it faster.
const ROWS: usize = 500;
/// INSERT statements of so few rows are prepared once and kept: one letter, one decision write no more.
const FEW: usize = 8;
/// SQLite takes 32,766 values in one statement, PostgreSQL 65,535.
const VALUES: usize = 32_000;

/// One value to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    Int(Option<i64>),
    Real(Option<f64>),
    Flag(Option<bool>),
    Text(Option<&'a str>),
    Bytes(Option<&'a [u8]>),
    At(Option<Ts>),
}

impl<'a> Value<'a> {
    pub(crate) fn int(value: i64) -> Value<'a> {
        Value::Int(Some(value))
    }

    pub(crate) fn text(value: &'a str) -> Value<'a> {
        Value::Text(Some(value))
    }

    pub(crate) fn bytes(value: &'a [u8]) -> Value<'a> {
        Value::Bytes(Some(value))
    }

    pub(crate) fn flag(value: bool) -> Value<'a> {
        Value::Flag(Some(value))
    }

    pub(crate) fn at(value: impl Into<Ts>) -> Value<'a> {
        Value::At(Some(value.into()))
    }
}

macro_rules! bind {
    ($statement:expr, $value:expr) => {
        match $value {
            $crate::db::rows::Value::Int(value) => $statement.bind(value),
            $crate::db::rows::Value::Real(value) => $statement.bind(value),
            $crate::db::rows::Value::Flag(value) => $statement.bind(value),
            $crate::db::rows::Value::Text(value) => $statement.bind(value),
            $crate::db::rows::Value::Bytes(value) => $statement.bind(value),
            $crate::db::rows::Value::At(value) => $statement.bind(value),
        }
    };
}

/// Where rows go: `into` is a table with its columns, `then` what follows the values (ON CONFLICT …, or nothing).
pub(crate) struct Insert {
    pub(crate) into: &'static str,
    pub(crate) then: &'static str,
}

impl Insert {
    /// Writes rows of as many values as `into` names columns, laid end to end; gives how many rows changed.
    pub(crate) async fn rows(&self, tx: &mut Tx, values: &[Value<'_>]) -> Result<u64> {
        insert(tx, self.into, self.then, self.columns(), values).await
    }

    fn columns(&self) -> usize {
        1 + self.into.matches(',').count()
    }
}

/// Writes rows of several tables, one table after the other. Each question to SQLite is a message to the thread of its
/// connection and back: where there are few rows, and of each table as many, all are written by one.
pub(crate) async fn insert_each(tx: &mut Tx, parts: &[(&Insert, Vec<Value<'_>>)]) -> Result<()> {
    let counts = || parts.iter().map(|(insert, values)| values.len() / insert.columns());
    let count = counts().next().unwrap_or_default();
    if !tx.is_lite() || !(1..=FEW).contains(&count) || counts().any(|other| other != count) {
        for (insert, values) in parts {
            insert.rows(tx, values).await?;
        }
        return Ok(());
    }
    let one = |insert: &Insert| statement(tx, insert.into, insert.then, count, insert.columns());
    let text = parts.iter().map(|(insert, _)| one(insert)).collect::<Vec<_>>().join(";");
    run!(tx, {
        let statement = query(AssertSqlSafe(text));
        parts
            .iter()
            .flat_map(|(_, values)| values)
            .fold(statement, |statement, value| bind!(statement, *value))
    })
    .map(drop)
}

/// Writes rows of `columns` values each, laid end to end; gives how many rows changed.
pub(super) async fn insert(
    tx: &mut Tx,
    into: &str,
    then: &str,
    columns: usize,
    values: &[Value<'_>],
) -> Result<u64> {
    debug_assert_eq!(values.len() % columns, 0, "{into}");
    let rows = ROWS.min(VALUES / columns);
    let mut changed = 0;
    for chunk in values.chunks(rows * columns) {
        let count = chunk.len() / columns;
        let text = statement(tx, into, then, count, columns);
        let kept = count == rows || count <= FEW;
        changed += sql!(tx, c => {
            let mut statement = query(AssertSqlSafe(text)).persistent(kept);
            for value in chunk {
                statement = bind!(statement, *value);
            }
            statement.execute(c).await.map(|done| done.rows_affected())
        })?;
    }
    Ok(changed)
}

fn statement(tx: &Tx, into: &str, then: &str, count: usize, columns: usize) -> String {
    format!("INSERT INTO {into} VALUES {} {then}", dialect::places(tx, count, columns))
}

/// How many places a statement has for so many keys: few different numbers, so that it is prepared for each but once.
fn places(keys: usize) -> usize {
    keys.next_power_of_two().min(ROWS)
}

/// The keys for all places of a statement; what is looked for twice is found once.
fn filled(keys: &[i64]) -> impl Iterator<Item = i64> + '_ {
    let last = keys.last().copied();
    let more = places(keys.len()) - keys.len();
    keys.iter().copied().chain(std::iter::repeat_n(last, more).flatten())
}

/// The rows of a SELECT with `{firm}` and `{list}` in its text, for any number of keys.
pub(crate) async fn pick<O>(tx: &mut Tx, text: &'static str, firm: FirmId, keys: &[i64]) -> Result<Vec<O>>
where
    O: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    let mut found = Vec::new();
    for chunk in keys.chunks(ROWS) {
        let text = dialect::fill(tx, text, places(chunk.len()));
        let rows: Vec<O> = sql!(tx, c => {
            let mut statement = query_as(AssertSqlSafe(text)).bind(firm.0);
            for key in filled(chunk) {
                statement = statement.bind(key);
            }
            statement.fetch_all(c).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// How long SQLite's thread is left to read ahead: the shortest that the timer knows.
const READ_AHEAD: Duration = Duration::from_millis(1);

/// Hands every row of a SELECT with the firm as `$1`, and `{whole}` after a table that is read as a whole, to `each`, one
/// after the other.
pub(crate) async fn every<O>(
    tx: &mut Tx,
    text: &'static str,
    firm: FirmId,
    mut each: impl FnMut(O),
) -> Result<()>
where
    O: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    let reads_ahead = tx.reads_ahead();
    let text = dialect::whole(tx, text);
    sql!(tx, c => async {
        let mut rows = query_as::<_, O>(AssertSqlSafe(text)).bind(firm.0).fetch(c);
        let mut next = rows.try_next().await?;
        while let Some(row) = next {
            each(row);
            next = match rows.try_next().now_or_never() {
                Some(next) => next?,
                // SQLite's rows come from a thread of its own that wakes whoever waits for each: where a million are
                // read, that costs more than reading them. Nobody waits while it reads ahead.
                None if reads_ahead => {
                    tokio::time::sleep(READ_AHEAD).await;
                    rows.try_next().await?
                }
                None => rows.try_next().await?,
            };
        }
        Ok(())
    }.await)
}

/// Runs a statement with `{firm}` and `{list}` in its text for any number of keys; gives how many rows changed.
pub(crate) async fn for_each_of(tx: &mut Tx, text: &'static str, firm: FirmId, keys: &[i64]) -> Result<u64> {
    let mut changed = 0;
    for chunk in keys.chunks(ROWS) {
        let text = dialect::fill(tx, text, places(chunk.len()));
        changed += sql!(tx, c => {
            let mut statement = query(AssertSqlSafe(text)).bind(firm.0);
            for key in filled(chunk) {
                statement = statement.bind(key);
            }
            statement.execute(c).await.map(|done| done.rows_affected())
        })?;
    }
    Ok(changed)
}

/// How SQLite searches for so many keys, in its words.
#[cfg(test)]
pub(crate) async fn plan(tx: &mut Tx, text: &str, keys: usize) -> String {
    let text = format!("EXPLAIN QUERY PLAN {}", dialect::fill(tx, text, keys));
    let parts: Result<Vec<(i64, i64, i64, String)>> = sql!(tx, c => {
        let mut statement = query_as(AssertSqlSafe(text)).bind(1_i64);
        for key in 0..keys {
            statement = statement.bind(key as i64);
        }
        statement.fetch_all(c).await
    });
    parts.unwrap().into_iter().map(|(.., part)| part).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_with_keys_that_are_looked_for_anyway() {
        let all = |keys: &[i64]| filled(keys).collect::<Vec<_>>();
        assert_eq!(all(&[7]), [7]);
        assert_eq!(all(&[7, 8, 9]), [7, 8, 9, 9]);
        let most: Vec<i64> = (0..ROWS as i64).collect();
        assert_eq!(all(&most), most);
        assert_eq!(all(&most[..400]).len(), ROWS);
    }
}
