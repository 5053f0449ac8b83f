//! Which node of the id maker this program is: a number leased in the database, so that no two programs make one id.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use sqlx::{query, query_as};

use super::{Db, Ts, run, sql, tx};
use crate::clock;
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::ids::{self, IdMaker};

/// How long a node is leased; renewed when half of it is over.
const LEASE: SignedDuration = SignedDuration::from_hours(1);

#[derive(Debug, Default)]
pub(super) struct Node {
    maker: IdMaker,
    number: AtomicI64,
    leased: Mutex<Option<Lease>>,
}

#[derive(Debug, Clone, Copy)]
struct Lease {
    holder: i64,
    until: Timestamp,
}

const NODES: &str = "SELECT node, until_at FROM node ORDER BY node";
const CLAIM: &str = "INSERT INTO node (node, holder, until_at) VALUES ($1, $2, $3)
    ON CONFLICT (node) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at
    WHERE node.until_at < $4 OR node.holder = $2";

impl Node {
    pub(super) fn new_id(&self) -> i64 {
        self.maker.next(self.number.load(Ordering::Relaxed), clock::now())
    }

    /// Makes sure that this program holds a node for some time to come.
    pub(super) async fn lease(&self, db: &Db) -> Result<()> {
        let now = clock::now();
        let held = self.held();
        if held.is_some_and(|lease| now + LEASE / 2 < lease.until) {
            return Ok(());
        }
        let holder = held.map_or_else(|| new_holder(now), |lease| lease.holder);
        let own = held.map(|_| self.number.load(Ordering::Relaxed));
        let mut tx = tx::Tx::begin(db, tx::Aim::Write(Durability::Import)).await?;
        let known: Vec<(i64, Ts)> = sql!(&mut tx, c => query_as(NODES).fetch_all(c).await)?;
        let until = now + LEASE;
        let free = (0..ids::NODES).filter(|n| match known.binary_search_by_key(n, |(node, _)| *node) {
            Ok(at) => known[at].1 < Ts::from(now),
            Err(_) => true,
        });
        for node in own.into_iter().chain(free) {
            let claim = run!(
                &mut tx,
                query(CLAIM).bind(node).bind(holder).bind(Ts::from(until)).bind(Ts::from(now))
            )?;
            if claim == 1 {
                tx.commit().await?;
                self.number.store(node, Ordering::Relaxed);
                *self.leased.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) =
                    Some(Lease { holder, until });
                return Ok(());
            }
        }
        Err(Error::Unexpected(anyhow::anyhow!(
            "{} programs are already at work on this database",
            ids::NODES
        )))
    }

    fn held(&self) -> Option<Lease> {
        *self.leased.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// A number that no other program would call itself by.
fn new_holder(now: Timestamp) -> i64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&std::process::id().to_le_bytes());
    hasher.update(&now.as_nanosecond().to_le_bytes());
    hasher.update(format!("{:?}{:p}", std::thread::current().id(), &now).as_bytes());
    let hash = hasher.finalize();
    i64::from_le_bytes(std::array::from_fn(|i| hash.as_bytes()[i])) & i64::MAX
}
