//! What changed, by number: so that a page, or another process, knows what to read again.
//!
//! Every change of what pages show takes the firm's next revision, in the transaction that makes it. Revisions of a
//! firm are given one after the other, since each waits for the row of the firm.

use rustc_hash::{FxHashMap, FxHashSet};
use sqlx::{query, query_as, query_scalar};

use crate::db::{Db, Durability, Tx, rows::Insert, rows::Value, run, sql};
use crate::error::Result;
use crate::ids::{ClientId, FirmId};

/// A process that fell further behind reads everything again.
const KEPT: i64 = 1000;
/// Stands for all clients, and for whatever is no client's.
const EVERYTHING: i64 = 0;
/// Stands for what is in no record, and of which neither boards nor the firm's book are made.
const BESIDES: i64 = -1;

const NEXT: &str = "UPDATE firm SET revision = revision + 1 WHERE firm_id = $1 RETURNING revision";
const HOLD: &str = "UPDATE firm SET revision = revision WHERE firm_id = $1 RETURNING revision";
const NOW: &str = "SELECT revision FROM firm WHERE firm_id = $1";
const CHANGES: Insert = Insert { into: "change (firm_id, revision, client_id)", then: "" };
const SINCE: &str = "SELECT revision, client_id FROM change WHERE firm_id = $1 AND $2 < revision";
const FORGET: &str = "DELETE FROM change WHERE firm_id = $1 AND revision <= $2";

/// What changed since some revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// Only what belongs to these clients; none where nothing changed.
    Clients(Vec<ClientId>),
    /// Who is who, or more than is told.
    Everything,
}

/// Notes that what belongs to these clients has changed.
pub async fn note(tx: &mut Tx, firm: FirmId, clients: &[ClientId]) -> Result<()> {
    if clients.is_empty() {
        return Ok(());
    }
    note_of(tx, firm, clients.iter().map(|client| client.0).collect()).await.map(drop)
}

/// Notes that what belongs to a client has changed; gives the revision at which.
pub(super) async fn note_one(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<i64> {
    note_of(tx, firm, FxHashSet::from_iter([client.0])).await
}

/// Notes that something changed which is in no record, such as what somebody wishes for themselves, or a letter that
/// waits: open pages hear of it, and nothing that is kept in memory is read again.
pub async fn note_besides(tx: &mut Tx, firm: FirmId) -> Result<()> {
    note_of(tx, firm, FxHashSet::from_iter([BESIDES])).await.map(drop)
}

async fn note_of(tx: &mut Tx, firm: FirmId, clients: FxHashSet<i64>) -> Result<i64> {
    let revision = next(tx, firm).await?;
    let row = |client| [Value::int(firm.0), Value::int(revision), Value::int(client)];
    let values: Vec<Value<'_>> = clients.into_iter().flat_map(row).collect();
    CHANGES.rows(tx, &values).await?;
    if revision % KEPT == 0 {
        run!(tx, query(FORGET).bind(firm.0).bind(revision - KEPT))?;
    }
    Ok(revision)
}

/// Notes that anything may have changed.
pub async fn note_everything(tx: &mut Tx, firm: FirmId) -> Result<()> {
    let revision = next(tx, firm).await?;
    run!(tx, query(FORGET).bind(firm.0).bind(revision))?;
    CHANGES.rows(tx, &[Value::int(firm.0), Value::int(revision), Value::int(EVERYTHING)]).await.map(drop)
}

async fn next(tx: &mut Tx, firm: FirmId) -> Result<i64> {
    sql!(tx, c => query_scalar(NEXT).bind(firm.0).fetch_one(c).await)
}

/// The firm's revision at this moment.
pub async fn revision(tx: &mut Tx, firm: FirmId) -> Result<i64> {
    sql!(tx, c => query_scalar(NOW).bind(firm.0).fetch_one(c).await)
}

/// Begins to change the record of a firm: whoever comes second waits, and reads what the first wrote. Begun otherwise,
/// two people on PostgreSQL could both end one thing, or the second make anew what is owed without what the first said.
pub async fn begin(db: &Db, firm: FirmId, durability: Durability) -> Result<Tx> {
    let mut tx = db.write(durability).await?;
    hold(&mut tx, firm).await?;
    Ok(tx)
}

/// The firm's revision, which nobody else changes before the transaction ends.
pub async fn hold(tx: &mut Tx, firm: FirmId) -> Result<i64> {
    sql!(tx, c => query_scalar(HOLD).bind(firm.0).fetch_one(c).await)
}

/// What changed after `known`, where the firm has reached `revision` now.
pub async fn since(tx: &mut Tx, firm: FirmId, known: i64, revision: i64) -> Result<Changed> {
    let clients = clients_since(tx, firm, known, revision).await?;
    Ok(clients.map_or(Changed::Everything, |clients| Changed::Clients(clients.into_keys().collect())))
}

/// Which clients changed after `known`, and at which revisions, in their order; none where more than that did.
pub async fn clients_since(
    tx: &mut Tx,
    firm: FirmId,
    known: i64,
    revision: i64,
) -> Result<Option<FxHashMap<ClientId, Vec<i64>>>> {
    let mut clients: FxHashMap<ClientId, Vec<i64>> = FxHashMap::default();
    if known == revision {
        return Ok(Some(clients));
    }
    let rows: Vec<(i64, i64)> = sql!(tx, c => query_as(SINCE).bind(firm.0).bind(known).fetch_all(c).await)?;
    // Each revision leaves a row, unless it was forgotten.
    let told: FxHashSet<i64> = rows.iter().map(|(revision, _)| *revision).collect();
    if (told.len() as i64) < revision - known || rows.iter().any(|(_, client)| *client == EVERYTHING) {
        return Ok(None);
    }
    for (revision, client) in rows.into_iter().filter(|(_, client)| *client != BESIDES) {
        clients.entry(ClientId(client)).or_default().push(revision);
    }
    clients.values_mut().for_each(|revisions| revisions.sort_unstable());
    Ok(Some(clients))
}
