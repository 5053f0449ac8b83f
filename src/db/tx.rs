//! One transaction on either database.

use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::postgres::Postgres;
use sqlx::{Sqlite, Transaction};

use super::node::Node;
use super::{Db, Pools, Shelf, dialect};
use crate::error::{Error, Result, Trouble};

/// When a commit is safe against a loss of power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Before the commit returns: for everything a person did.
    Act,
    /// A little later, in order: for imports, which can be run again. A killed program loses nothing committed; a
    /// loss of power can take the last commits, never part of one.
    Import,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Aim {
    Read,
    Write(Durability),
}

/// A transaction: all of it happens, or nothing.
pub struct Tx {
    pub(crate) conn: Conn,
    pub(crate) place: Arc<str>,
    node: Arc<Node>,
    shelf: Arc<Shelf>,
    committed: Vec<Box<dyn FnOnce() + Send>>,
}

pub(crate) enum Conn {
    /// SQLite, for reading.
    Look(Transaction<'static, Sqlite>),
    /// SQLite, for writing.
    Lite(Open),
    Pg(Transaction<'static, Postgres>),
}

/// SQLite's connection with a transaction begun. Dropped without an end, the connection is closed, which undoes it.
pub(crate) struct Open(pub(crate) PoolConnection<Sqlite>, bool);

impl Drop for Open {
    fn drop(&mut self) {
        if !self.1 {
            self.0.close_on_drop();
        }
    }
}

/// Runs one expression on the transaction's connection, whichever database it is:
/// `sql!(tx, c => query(TEXT).bind(firm.0).execute(c).await)`.
macro_rules! sql {
    ($tx:expr, $c:ident => $e:expr) => {{
        let tx: &mut $crate::db::Tx = $tx;
        match &mut tx.conn {
            $crate::db::Conn::Look(begun) => {
                let $c: &mut sqlx::SqliteConnection = &mut *begun;
                $e
            }
            $crate::db::Conn::Lite(open) => {
                let $c: &mut sqlx::SqliteConnection = &mut open.0;
                $e
            }
            $crate::db::Conn::Pg(begun) => {
                let $c: &mut sqlx::PgConnection = &mut *begun;
                $e
            }
        }
        .map_err(|e| $crate::error::Error::database(&tx.place, e))
    }};
}
pub(crate) use sql;

/// Runs a statement that gives no rows: `run!(tx, query(TEXT).bind(firm.0))`; gives how many rows changed.
macro_rules! run {
    ($tx:expr, $query:expr) => {
        $crate::db::sql!($tx, c => $query.execute(c).await.map(|done| done.rows_affected()))
    };
}
pub(crate) use run;

impl Tx {
    pub(super) async fn begin(db: &Db, aim: Aim) -> Result<Tx> {
        let mut waits = db.waits;
        let conn = loop {
            waits -= 1;
            match Tx::connection(db, aim).await {
                Err(error) if waits > 0 && error.trouble() == Some(Trouble::Busy) => {}
                connection => break connection?,
            }
        };
        let (place, node, shelf) = (db.place.clone(), db.node.clone(), db.shelf.clone());
        Ok(Tx { conn, place, node, shelf, committed: Vec::new() })
    }

    async fn connection(db: &Db, aim: Aim) -> Result<Conn> {
        let conn = match &db.pools {
            Pools::Lite { r, .. } if matches!(aim, Aim::Read) => r.begin().await.map(Conn::Look),
            Pools::Lite { w, .. } => begin_lite(w, aim).await.map(Conn::Lite),
            Pools::Pg(pool) => begin_pg(pool, aim).await.map(Conn::Pg),
        };
        conn.map_err(|error| match error {
            // The one connection to a file that writes is of this program, which is at work with it.
            sqlx::Error::PoolTimedOut if db.is_embedded() && !matches!(aim, Aim::Read) => {
                Error::Storage { place: db.place().into(), trouble: Trouble::Busy, cause: error.into() }
            }
            error => Error::database(&db.place, error),
        })
    }

    /// Makes what was written in this transaction stand.
    pub async fn commit(self) -> Result<()> {
        let Tx { conn, place, committed, .. } = self;
        match conn {
            // Nothing was written: that it ends need not be waited for.
            Conn::Look(begun) => {
                drop(begun);
                Ok(())
            }
            Conn::Lite(mut open) => {
                let committed = sqlx::query("COMMIT").execute(&mut *open.0).await;
                open.1 = committed.is_ok();
                committed.map(drop)
            }
            Conn::Pg(begun) => begun.commit().await,
        }
        .map_err(|e| Error::database(&place, e))?;
        committed.into_iter().for_each(|then| then());
        Ok(())
    }

    /// Does this once what was written stands; never where it does not.
    pub(crate) fn once_committed(&mut self, then: impl FnOnce() + Send + 'static) {
        self.committed.push(Box::new(then));
    }

    /// What this process keeps in memory beside the database.
    pub(crate) fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// A new id, greater than all that this program made before.
    pub fn new_id(&self) -> i64 {
        self.node.new_id()
    }

    /// SQLite reads far ahead of whoever takes the rows: on the connection that writes.
    pub(super) fn reads_ahead(&self) -> bool {
        matches!(self.conn, Conn::Lite(_))
    }

    pub(crate) fn is_lite(&self) -> bool {
        matches!(self.conn, Conn::Look(_) | Conn::Lite(_))
    }
}

async fn begin_lite(pool: &sqlx::SqlitePool, aim: Aim) -> sqlx::Result<Open> {
    let mut open = Open(pool.acquire().await?, true);
    sqlx::query(dialect::begin_sqlite(aim)).execute(&mut *open.0).await?;
    open.1 = false;
    Ok(open)
}

async fn begin_pg(pool: &sqlx::PgPool, aim: Aim) -> sqlx::Result<Transaction<'static, Postgres>> {
    let (begin, then) = dialect::begin_postgres(aim);
    let mut begun = pool.begin_with(begin).await?;
    if let Some(text) = then {
        sqlx::query(text).execute(&mut *begun).await?;
    }
    Ok(begun)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Long enough for a busy machine to open a database within it.
    const WAIT: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn an_act_gives_up_on_a_long_writer_in_words_and_the_background_waits_for_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Db::open_file(folder.path(), WAIT).await.expect("a database");
        for durability in [Durability::Act, Durability::Import] {
            let long = Tx::begin(&db, Aim::Write(Durability::Import)).await.expect("nobody writes yet");

            let refused = Tx::begin(&db, Aim::Write(durability)).await.err().expect("somebody writes");
            assert_eq!(refused.trouble(), Some(Trouble::Busy), "{refused}");

            let ends = async {
                tokio::time::sleep(WAIT * 3 / 2).await;
                drop(long);
            };
            let patient = db.patient();
            let (began, ()) = tokio::join!(Tx::begin(&patient, Aim::Write(durability)), ends);
            began.expect("the first one is done").commit().await.expect("nothing to write");
        }
    }
}
