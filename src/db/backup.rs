//! One file that holds everything, and back again, also from one kind of database to the other.
//!
//! The file is one zstd stream: a header line with the version of the tables; then each table as its name, its
//! columns and its rows; then how many rows there were. It ends with the hash of all that, outside of the stream, so
//! that a file cut short or damaged is refused before anything is changed. What is made from other rows (the index of
//! words) is made anew.

mod form;

use std::io::{BufWriter, Write};
use std::path::Path;

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Row, query, query_scalar};

use super::catalog::{self, ColumnKind, Table};
use super::rows::{self, Value};
use super::{Db, Durability, Ts, Tx, dialect, migrate, run, sql};
use crate::disk;
use crate::error::{Error, Result};
use crate::ids::FirmId;
use crate::packed::Writer;

use form::{BYTES, Cell, Hashing, MAGIC, NULL, Source, TEXT, bytes_out, int_out, real_out};

/// Level 3: raw items are compressed already.
const LEVEL: i32 = 3;
/// Rows written to the database at once.
const BATCH: usize = 2000;

/// Tables that follow from the others. Where a backup of an earlier version has other columns, they are left out, and
/// made anew at the next start.
const FOLLOWS: [&str; 1] = ["obligation"];
const ALL_BEHIND: &str = "UPDATE firm SET behind = $1";
const REACHED: &str = "SELECT COALESCE(MAX(revision), 0) FROM firm";
/// What a running program knows of what was there before is then older than what it finds.
const GO_ON: &str = "UPDATE firm SET revision = revision + $1";

/// How far a backup or restore has come.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The table that is being written.
    pub table: String,
    /// How many rows of all tables are done.
    pub rows: u64,
}

/// Writes everything into a file, as it stood at one moment; gives how many rows. The file appears whole or not at
/// all, in the place of an earlier backup and of nothing else.
pub async fn backup(db: &Db, file: &Path, mut progress: impl FnMut(&Progress)) -> Result<u64> {
    if file.exists() && !form::is_backup(file) {
        let words =
            "is there already and is no backup of Regard, so it is not written over; give another name";
        return Err(Error::invalid(file.display().to_string(), words));
    }
    let part = file.with_extension("part");
    let written = write_all(db, &part, &mut progress).await;
    let rows = match written {
        Ok(rows) => rows,
        Err(error) => {
            let _ = std::fs::remove_file(&part);
            return Err(error);
        }
    };
    std::fs::rename(&part, file).map_err(|e| Error::file(file, e))?;
    Ok(rows)
}

async fn write_all(db: &Db, file: &Path, progress: &mut impl FnMut(&Progress)) -> Result<u64> {
    let failed = |e: std::io::Error| Error::file(file, e);
    let out = Hashing::new(BufWriter::new(disk::private_file(file).map_err(failed)?));
    let mut out = zstd::Encoder::new(out, LEVEL).map_err(failed)?;
    out.write_all(MAGIC).map_err(failed)?;
    let mut tx = db.read().await?;
    let mut head = Writer::default();
    head.number(migrate::newest().cast_unsigned());
    let tables = catalog::tables(&mut tx).await?;
    head.number(tables.len() as u64);
    out.write_all(&head.0).map_err(failed)?;
    let mut state = Progress { table: String::new(), rows: 0 };
    for table in &tables {
        state.table.clone_from(&table.name);
        write_table(&mut tx, table, &mut out, &mut state, progress).await?.map_err(failed)?;
    }
    let mut tail = Writer::default();
    tail.number(state.rows);
    out.write_all(&tail.0).map_err(failed)?;
    let Hashing { mut inner, hasher } = out.finish().map_err(failed)?;
    inner.write_all(hasher.finalize().as_bytes()).map_err(failed)?;
    let file_handle = inner.into_inner().map_err(|e| failed(e.into_error()))?;
    file_handle.sync_all().map_err(failed)?;
    Ok(state.rows)
}

/// A database error, or else a file error.
async fn write_table(
    tx: &mut Tx,
    table: &Table,
    out: &mut impl Write,
    state: &mut Progress,
    progress: &mut impl FnMut(&Progress),
) -> Result<std::io::Result<()>> {
    let mut head = Writer::default();
    head.bytes(table.name.as_bytes());
    head.list(&table.columns, |out, column| out.bytes(column.name.as_bytes()));
    if let Err(error) = out.write_all(&head.0) {
        return Ok(Err(error));
    }
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let text = format!("SELECT {} FROM {}", names.join(", "), table.name);
    let mut failed = None;
    sql!(tx, c => async {
        let mut rows = query(AssertSqlSafe(text)).fetch(c);
        while let Some(row) = rows.try_next().await? {
            let mut packed = Writer::default();
            packed.byte(1);
            for (at, column) in table.columns.iter().enumerate() {
                match column.kind {
                    ColumnKind::Int => int_out(&mut packed, row.try_get(at)?),
                    ColumnKind::At => int_out(&mut packed, row.try_get::<Option<Ts>, _>(at)?.map(|ts| ts.0)),
                    ColumnKind::Flag => int_out(&mut packed, row.try_get::<Option<bool>, _>(at)?.map(i64::from)),
                    ColumnKind::Real => real_out(&mut packed, row.try_get(at)?),
                    ColumnKind::Text => bytes_out(&mut packed, TEXT, row.try_get::<Option<&str>, _>(at)?.map(str::as_bytes)),
                    ColumnKind::Bytes => bytes_out(&mut packed, BYTES, row.try_get(at)?),
                    ColumnKind::Other => packed.byte(NULL),
                }
            }
            if let Err(error) = out.write_all(&packed.0) {
                failed = Some(error);
                break;
            }
            state.rows += 1;
            if state.rows.is_multiple_of(1024) {
                progress(state);
            }
        }
        Ok(())
    }.await)?;
    Ok(match failed {
        Some(error) => Err(error),
        None => out.write_all(&[0]),
    })
}

/// Whether a restore may put the backup in the place of what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Only where nothing is there.
    Empty,
    /// Whatever is there is deleted.
    Replace,
}

/// Reads a backup into a database; gives how many rows. All of it, or nothing is changed.
pub async fn restore(
    db: &Db,
    file: &Path,
    target: Target,
    mut progress: impl FnMut(&Progress),
) -> Result<u64> {
    let mut from = Source::open(file)?;
    let mut tx = db.write(Durability::Act).await?;
    let tables = catalog::tables(&mut tx).await?;
    let firm: Option<i64> =
        sql!(&mut tx, c => query_scalar("SELECT firm_id FROM firm LIMIT 1").fetch_optional(c).await)?;
    let reached: i64 = sql!(&mut tx, c => query_scalar(REACHED).fetch_one(c).await)?;
    if firm.is_some() {
        if target == Target::Empty {
            return Err(Error::invalid(
                "restore",
                format!("{} holds a firm already; say so if it is to be replaced", db.place()),
            ));
        }
        for table in tables.iter().rev() {
            run!(&mut tx, query(AssertSqlSafe(format!("DELETE FROM {}", table.name))))?;
        }
        let forget = dialect::forget_all_words(&tx);
        run!(&mut tx, query(forget))?;
    }
    let mut state = Progress { table: String::new(), rows: 0 };
    let mut is_behind = false;
    for _ in 0..from.tables {
        is_behind |= !read_table(&mut tx, &tables, &mut from, &mut state, &mut progress).await?;
    }
    if is_behind {
        run!(&mut tx, query(ALL_BEHIND).bind(true))?;
    }
    if firm.is_some() {
        run!(&mut tx, query(GO_ON).bind(reached + 1))?;
    }
    if from.number()? != state.rows {
        return Err(from.damaged());
    }
    state.table = "entry_words".into();
    progress(&state);
    index_all(&mut tx).await?;
    tx.commit().await?;
    db.tidy().await?;
    Ok(state.rows)
}

/// Reads a table; false where its rows are left out, since they can be made anew and are of another form.
async fn read_table(
    tx: &mut Tx,
    tables: &[Table],
    from: &mut Source,
    state: &mut Progress,
    progress: &mut impl FnMut(&Progress),
) -> Result<bool> {
    let name = from.text()?;
    let count = from.number()?;
    let columns: Vec<String> = (0..count).map(|_| from.text()).collect::<Result<_>>()?;
    let table = tables.iter().find(|table| table.name == name).ok_or_else(|| from.damaged())?;
    let kinds: Option<Vec<ColumnKind>> = columns
        .iter()
        .map(|name| table.columns.iter().find(|column| column.name == *name).map(|column| column.kind))
        .collect();
    if kinds.is_none() && FOLLOWS.contains(&name.as_str()) {
        while from.byte()? == 1 {
            for _ in &columns {
                from.cell()?;
            }
            state.rows += 1;
        }
        return Ok(false);
    }
    let kinds = kinds.ok_or_else(|| from.damaged())?;
    let into = format!("{name} ({})", columns.join(", "));
    state.table = name;
    let mut cells: Vec<Cell> = Vec::new();
    loop {
        let more = from.byte()? == 1;
        if more {
            for _ in &columns {
                cells.push(from.cell()?);
            }
            state.rows += 1;
        }
        if !more || BATCH * columns.len() <= cells.len() {
            let values: Vec<Value<'_>> =
                cells.iter().zip(kinds.iter().cycle()).map(|(cell, kind)| cell.value(*kind)).collect();
            rows::insert(tx, &into, "", columns.len(), &values).await?;
            cells.clear();
            progress(state);
        }
        if !more {
            return Ok(true);
        }
    }
}

/// Makes the index of words of all firms.
async fn index_all(tx: &mut Tx) -> Result<()> {
    let messages: Vec<(i64, i64)> = sql!(tx, c =>
        sqlx::query_as("SELECT firm_id, entry_id FROM message ORDER BY firm_id, entry_id").fetch_all(c).await)?;
    let text = dialect::index_words(tx);
    for firm in messages.chunk_by(|a, b| a.0 == b.0) {
        let ids: Vec<i64> = firm.iter().map(|(_, entry)| *entry).collect();
        rows::for_each_of(tx, text, FirmId(firm[0].0), &ids).await?;
    }
    Ok(())
}
