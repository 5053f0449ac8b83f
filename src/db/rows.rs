//! Many rows in few statements: the same bulk insert on both databases.

use sqlx::{AssertSqlSafe, query};

use super::{Ts, Tx, dialect, sql};
use crate::error::Result;

/// Rows in one INSERT statement; more do not make it faster.
const ROWS: usize = 500;
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

/// Where rows go: `into` is a table with its columns, `then` what follows the values (ON CONFLICT …, or nothing).
pub(crate) struct Insert {
    pub(crate) into: &'static str,
    pub(crate) then: &'static str,
}

impl Insert {
    /// Writes rows of as many values as `into` names columns, laid end to end; gives how many rows changed.
    pub(crate) async fn rows(&self, tx: &mut Tx, values: &[Value<'_>]) -> Result<u64> {
        let columns = 1 + self.into.matches(',').count();
        debug_assert_eq!(values.len() % columns, 0, "{}", self.into);
        let rows = ROWS.min(VALUES / columns);
        let mut changed = 0;
        for chunk in values.chunks(rows * columns) {
            let count = chunk.len() / columns;
            let text = format!("INSERT INTO {} VALUES {} {}", self.into, dialect::places(tx, count, columns), self.then);
            let kept = count == rows || count == 1;
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
use bind;
