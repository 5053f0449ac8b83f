//! The database: where it is, opening it, and the transaction in which everything is read and written.
//!
//! SQLite in one file for a firm on its own, PostgreSQL by URL for many. SQL is written once with `$1`; what must
//! differ stands in [`dialect`]. Ids are made by the program, the firm leads every key.

pub mod backup;
mod catalog;
pub(crate) mod dialect;
mod migrate;
mod node;
pub(crate) mod rows;
mod shelf;
mod ts;
mod tx;
mod under_way;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{ConnectOptions, Sqlite};

use crate::disk;
use crate::error::{Error, Result};

pub use catalog::{Column, ColumnKind, Table};
pub use shelf::Shelf;
pub use ts::Ts;
pub(crate) use tx::{Conn, run, sql};
pub use tx::{Durability, Tx};

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder, with the embedded database in the file `regard.sqlite`.
    Folder(PathBuf),
    /// A PostgreSQL database, `postgres://user:password@host:port/name`.
    Url(String),
}

/// The file of the embedded database in its folder.
pub const FILE: &str = "regard.sqlite";

/// How long a person's act waits for an import that is writing, before it is told that somebody else is writing.
const WAIT_FOR_WRITER: Duration = Duration::from_secs(30);
/// What nobody sits and waits for waits so many times as long.
const PATIENCE: u32 = 20;
/// How soon a database server that does not answer is noticed.
const WAIT_FOR_SERVER: Duration = Duration::from_secs(5);
/// Reading connections: as many pages can be read at once as this.
const READERS: u32 = 4;
/// So many rows SQLite reads ahead of whoever takes them, on the connection that writes.
const ROWS_AHEAD: usize = 1024;
/// Connections to a database server.
const SERVER_CONNECTIONS: u32 = 8;

/// An open database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pools: Pools,
    place: Arc<str>,
    node: Arc<node::Node>,
    shelf: Arc<Shelf>,
    under_way: Arc<under_way::UnderWay>,
    /// How many times it waits for another writer before that is a fault.
    waits: u32,
}

#[derive(Debug, Clone)]
enum Pools {
    /// One connection that writes, some that read.
    Lite {
        w: SqlitePool,
        r: SqlitePool,
    },
    Pg(PgPool),
}

impl Db {
    /// What this process keeps in memory beside the database.
    pub(crate) fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// Opens the database, makes it where there is none, and brings its tables to this version.
    pub async fn open(location: &Location) -> Result<Db> {
        let db = match location {
            Location::Folder(folder) => Db::open_file(folder, WAIT_FOR_WRITER).await?,
            Location::Url(url) => Db::open_server(url).await?,
        };
        migrate::run(&db).await?;
        Ok(db)
    }

    async fn open_file(folder: &Path, wait: Duration) -> Result<Db> {
        if folder.is_file() {
            let words = "is a file; the record is kept in a folder of its own";
            return Err(Error::invalid(folder.display().to_string(), words));
        }
        disk::private_folder(folder).map_err(|e| Error::file(folder, e))?;
        let file = folder.join(FILE);
        // Those that the database keeps beside it are as private as it is.
        if !file.exists() {
            disk::private_file(&file).map_err(|e| Error::file(&file, e))?;
        }
        let place: Arc<str> = file.display().to_string().into();
        let options = dialect::sqlite_options(&file).busy_timeout(wait);
        // A connection is sound when it comes back, and a file does not go away as a server does: it is not asked again.
        let pool = SqlitePoolOptions::new().idle_timeout(None).max_lifetime(None).test_before_acquire(false);
        let pool = pool.acquire_timeout(wait);
        // A writer that folds anew reads a million small rows. Readers read raw items as well, and many of them at
        // hand would be too much memory.
        let writing = options.clone().row_buffer_size(ROWS_AHEAD);
        let w = pool.clone().max_connections(1).connect_with(writing).await;
        let w = w.map_err(|e| Error::database(&place, e))?;
        let r = pool.max_connections(READERS).connect_lazy_with(options.read_only(true));
        Ok(Db::new(Pools::Lite { w, r }, place))
    }

    async fn open_server(url: &str) -> Result<Db> {
        let options: PgConnectOptions = url.parse().map_err(|e| Error::database("--database", e))?;
        let options = options.disable_statement_logging().statement_cache_capacity(dialect::STATEMENTS);
        let place: Arc<str> = place_of(&options).into();
        let pool = PgPoolOptions::new().max_connections(SERVER_CONNECTIONS).acquire_timeout(WAIT_FOR_SERVER);
        let pool = pool.connect_with(options).await.map_err(|e| Error::database(&place, e))?;
        Ok(Db::new(Pools::Pg(pool), place))
    }

    fn new(pools: Pools, place: Arc<str>) -> Db {
        let (node, shelf, under_way) = (Arc::default(), Arc::default(), Arc::default());
        Db { pools, place, node, shelf, under_way, waits: 1 }
    }

    /// The same for work in the background, which waits for other writers longer than a person would.
    pub fn patient(&self) -> Db {
        Db { waits: PATIENCE, ..self.clone() }
    }

    /// Begins to read: everything read until the transaction is dropped is of one moment.
    pub async fn read(&self) -> Result<Tx> {
        Tx::begin(self, tx::Aim::Read).await
    }

    /// Begins to write. Dropped without [`Tx::commit`], nothing was written.
    pub async fn write(&self, durability: Durability) -> Result<Tx> {
        self.node.lease(self).await?;
        Tx::begin(self, tx::Aim::Write(durability)).await
    }

    /// Does something to its end, also where whoever asks is gone before: what another server was told meanwhile would be
    /// forgotten. The database is closed after it.
    pub(crate) async fn to_the_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T> {
        self.under_way.run(work).await
    }

    /// The file or server, as a person would name it; never with a password.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The version of its tables.
    pub async fn version(&self) -> Result<i64> {
        migrate::latest(self).await
    }

    /// The folder of the embedded database.
    pub fn folder(&self) -> Option<PathBuf> {
        self.is_embedded().then(|| Path::new(&*self.place).parent().map(Path::to_owned)).flatten()
    }

    /// Whether this is the embedded database.
    pub fn is_embedded(&self) -> bool {
        matches!(self.pools, Pools::Lite { .. })
    }

    /// The tables that hold facts, in the order in which they were made.
    pub async fn tables(&self) -> Result<Vec<Table>> {
        catalog::tables(&mut self.read().await?).await
    }

    /// Closes all connections, once what was begun is done to its end; the embedded database folds its log into the file.
    pub async fn close(&self) {
        self.under_way.ended().await;
        match &self.pools {
            Pools::Lite { w, r } => {
                r.close().await;
                w.close().await;
            }
            Pools::Pg(pool) => pool.close().await,
        }
    }

    /// To be called once after a big import: lets the database put its indexes in order.
    pub async fn tidy(&self) -> Result<()> {
        match &self.pools {
            Pools::Lite { w, .. } => dialect::tidy::<Sqlite>(w, dialect::TIDY_SQLITE).await,
            Pools::Pg(pool) => dialect::tidy::<sqlx::Postgres>(pool, dialect::TIDY_POSTGRES).await,
        }
        .map_err(|e| Error::database(&self.place, e))
    }
}

fn place_of(options: &PgConnectOptions) -> String {
    let name = options.get_database().unwrap_or_else(|| options.get_username());
    format!("PostgreSQL database {name} at {}:{}", options.get_host(), options.get_port())
}
