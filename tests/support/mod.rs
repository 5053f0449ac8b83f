//! What the tests stand on: a private PostgreSQL, and a database of either kind for a story.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of it")]

#[path = "../../crates/wire/tests/support/after.rs"]
pub mod after;
pub mod made;
#[path = "../../crates/wire/tests/support/ports.rs"]
pub mod ports;
pub mod postgres;

use regard::db::{Db, Location};

/// Which database a story is told on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// SQLite, in a folder of its own.
    Embedded,
    /// PostgreSQL, in a database of its own.
    Server,
}

/// An empty place for a database, gone when dropped.
pub struct Place {
    pub location: Location,
    folder: tempfile::TempDir,
}

impl Place {
    pub fn new(kind: Kind) -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        let location = match kind {
            Kind::Embedded => Location::Folder(folder.path().join("data")),
            Kind::Server => Location::Url(postgres::new_database()),
        };
        Place { location, folder }
    }

    pub async fn open(&self) -> Db {
        Db::open(&self.location).await.expect("the database opens")
    }

    /// A folder beside the database, for files of the test.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// Tells a story on both databases.
pub fn on_both<F: Future<Output = ()>>(story: impl Fn(Place) -> F) {
    for kind in [Kind::Embedded, Kind::Server] {
        println!("on {kind:?}");
        run(story(Place::new(kind)));
    }
}

/// Runs a story to its end.
pub fn run<T>(story: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(story)
}
