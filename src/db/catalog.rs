//! What tables and columns a database has, as it says itself: for backups, and for the test that holds both equal.

use sqlx::query_as;

use super::{Tx, dialect, sql};
use crate::error::Result;

/// A table and its columns in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
}

/// What a column holds. SQLite keeps moments and flags as whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A whole number.
    Int,
    /// A real number.
    Real,
    /// A flag.
    Flag,
    /// A text.
    Text,
    /// Bytes.
    Bytes,
    /// A moment.
    At,
    /// Something that is made anew and not carried over.
    Other,
}

/// The index of words (made anew from the messages), the leases of ids, and the number of the schema.
const NOT_FACTS: [&str; 3] = ["entry_words", "node", "schema_version"];

/// The tables that hold facts, in the order in which they were made.
pub(crate) async fn tables(tx: &mut Tx) -> Result<Vec<Table>> {
    let texts = dialect::catalog(tx);
    let names: Vec<(String,)> = sql!(tx, c => query_as(texts.tables).fetch_all(c).await)?;
    let mut tables = Vec::with_capacity(names.len());
    for (name,) in names {
        if NOT_FACTS.iter().any(|not| name == *not || name.starts_with(&format!("{not}_"))) {
            continue;
        }
        let columns: Vec<(String, String)> =
            sql!(tx, c => query_as(texts.columns).bind(&name).fetch_all(c).await)?;
        let columns = columns.into_iter().map(|(name, kind)| Column { name, kind: kind_of(&kind) }).collect();
        tables.push(Table { name, columns });
    }
    Ok(tables)
}

fn kind_of(name: &str) -> ColumnKind {
    match name {
        "INTEGER" | "int8" => ColumnKind::Int,
        "REAL" | "float8" => ColumnKind::Real,
        "TEXT" | "text" => ColumnKind::Text,
        "BLOB" | "bytea" => ColumnKind::Bytes,
        "timestamptz" => ColumnKind::At,
        "bool" => ColumnKind::Flag,
        _ => ColumnKind::Other,
    }
}
