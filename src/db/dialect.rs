//! Every difference between SQLite and PostgreSQL.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Executor, IntoArguments, Pool};

use super::tx::Aim;
use super::{Durability, Tx};

pub(crate) mod words;

/// So many prepared statements a connection keeps: all that a letter, a decision and the pages need.
pub(super) const STATEMENTS: usize = 512;

/// How the embedded database is opened.
pub(super) fn sqlite_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .page_size(8192)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-65536")
        .pragma("temp_store", "memory")
        .pragma("mmap_size", "268435456")
        .pragma("wal_autocheckpoint", "8000")
        .pragma("journal_size_limit", "67108864")
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging()
}

/// How a transaction begins. A writer takes the lock at once: one that reads first and writes then would fail.
pub(super) fn begin_sqlite(aim: Aim) -> &'static str {
    match aim {
        Aim::Read => "BEGIN",
        Aim::Write(Durability::Act) => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
        Aim::Write(Durability::Import) => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
    }
}

/// How a transaction begins, and what is said next.
pub(super) fn begin_postgres(aim: Aim) -> (&'static str, Option<&'static str>) {
    match aim {
        Aim::Read => ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", None),
        Aim::Write(Durability::Act) => ("BEGIN", None),
        Aim::Write(Durability::Import) => ("BEGIN", Some("SET LOCAL synchronous_commit = off")),
    }
}

/// Lets one program at a time change the tables; SQLite has one writer anyway.
pub(super) fn lock_migrations(tx: &Tx) -> Option<&'static str> {
    (!tx.is_lite()).then_some("SELECT pg_advisory_xact_lock(7235410)")
}

/// Whether there is any table.
pub(super) fn any_table(tx: &Tx) -> &'static str {
    if tx.is_lite() {
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' LIMIT 1"
    } else {
        "SELECT 1::bigint FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace LIMIT 1"
    }
}

/// Whether a table exists.
pub(super) fn table_exists(tx: &Tx) -> &'static str {
    if tx.is_lite() {
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1"
    } else {
        "SELECT 1::bigint FROM pg_class WHERE relname = $1 AND relnamespace = current_schema()::regnamespace"
    }
}

/// After a big import: statistics for the planner.
pub(super) const TIDY_SQLITE: &[&str] =
    &["PRAGMA analysis_limit = 1000", "ANALYZE", "PRAGMA wal_checkpoint(PASSIVE)"];
/// After a big import: statistics for the planner.
pub(super) const TIDY_POSTGRES: &[&str] = &["ANALYZE"];

pub(super) async fn tidy<D: sqlx::Database>(pool: &Pool<D>, texts: &[&'static str]) -> sqlx::Result<()>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    D::Arguments: IntoArguments<D>,
{
    let mut conn = pool.acquire().await?;
    for text in texts {
        sqlx::query::<D>(*text).execute(&mut *conn).await?;
    }
    Ok(())
}

/// The places of one row of values in a long INSERT. SQLite looks named places up one by one, which makes long
/// statements slow; unnamed ones it does not.
pub(super) fn places(tx: &Tx, rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..columns {
            if 0 < column {
                text.push(',');
            }
            if tx.is_lite() {
                text.push('?');
            } else {
                text.push('$');
                text.push_str(&(row * columns + column + 1).to_string());
            }
        }
        text.push(')');
    }
    text
}

/// A text with `{firm}` and `{list}` for so many keys: the firm first, then the keys. `{+}` before a column keeps SQLite
/// from using it for the search: where an entry's id is the key of the table, it takes an index that begins with the
/// firm for the better way, and would read the firm's whole table for a few hundred entries.
pub(super) fn fill(tx: &Tx, text: &str, keys: usize) -> String {
    let (firm, list) = if tx.is_lite() {
        ("?".to_owned(), places(tx, 1, keys))
    } else {
        let list: Vec<String> = (2..keys + 2).map(|n| format!("${n}")).collect();
        ("$1".to_owned(), format!("({})", list.join(",")))
    };
    let plus = if tx.is_lite() { "+" } else { "" };
    text.replace("{firm}", &firm).replace("{list}", &list).replace("{+}", plus)
}

/// A text with `{whole}` after a table that is read from its beginning to its end. SQLite takes the firm for a small
/// part of the table and would look each row up through an index, which reads every page many times.
pub(super) fn whole(tx: &Tx, text: &str) -> String {
    text.replace("{whole}", if tx.is_lite() { "NOT INDEXED" } else { "" })
}

/// Puts the words of messages into the index, without what stands on their letters (SQLite leaves that away by itself).
pub(crate) fn index_words(tx: &Tx) -> &'static str {
    if tx.is_lite() {
        "INSERT INTO entry_words (rowid, firm, subject, body, people)
         SELECT entry_id, 'f' || firm_id, subject, body, people FROM message
         WHERE +firm_id = {firm} AND entry_id IN {list} ORDER BY entry_id"
    } else {
        "INSERT INTO entry_words (firm_id, entry_id, words)
         SELECT firm_id, entry_id, to_tsvector('simple', normalize(regexp_replace(
             normalize(left(subject || ' ' || people || ' ' || body, 300000), NFD), '[\\u0300-\\u036f]', '', 'g'), NFC))
         FROM message WHERE firm_id = {firm} AND entry_id IN {list}"
    }
}

/// Takes messages out of the index of words.
pub(crate) fn forget_words(tx: &Tx) -> &'static str {
    if tx.is_lite() {
        "DELETE FROM entry_words WHERE rowid IN
            (SELECT entry_id FROM message WHERE +firm_id = {firm} AND entry_id IN {list})"
    } else {
        "DELETE FROM entry_words WHERE firm_id = {firm} AND entry_id IN {list}"
    }
}

/// The questions about tables and columns.
pub(super) struct Catalog {
    pub(super) tables: &'static str,
    pub(super) columns: &'static str,
}

pub(super) fn catalog(tx: &Tx) -> Catalog {
    if tx.is_lite() {
        Catalog {
            tables: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
            columns: "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
        }
    } else {
        Catalog {
            tables: "SELECT relname::text FROM pg_class WHERE relkind = 'r'
                AND relnamespace = current_schema()::regnamespace ORDER BY oid",
            columns: "SELECT column_name::text, udt_name::text FROM information_schema.columns
                WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
        }
    }
}

/// Empties the index of words.
pub(super) fn forget_all_words(tx: &Tx) -> &'static str {
    if tx.is_lite() {
        "INSERT INTO entry_words (entry_words) VALUES ('delete-all')"
    } else {
        "DELETE FROM entry_words"
    }
}

/// How many messages the index of words holds.
pub(crate) fn count_words(tx: &Tx) -> &'static str {
    if tx.is_lite() {
        "SELECT COUNT(*) FROM entry_words WHERE entry_words MATCH 'firm:f' || $1"
    } else {
        "SELECT COUNT(*) FROM entry_words WHERE firm_id = $1"
    }
}

/// Lets the database look for damage in itself; one row that says `ok` where there is none. PostgreSQL notices a
/// damaged page when it is read.
pub(crate) fn check(tx: &Tx) -> &'static str {
    if tx.is_lite() { "PRAGMA quick_check(10)" } else { "SELECT 'ok'" }
}
