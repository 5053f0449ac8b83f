//! What is owed, kept as rows: the projection that the fold gave, for pages and lists.
//!
//! Nothing here is a fact. [`replace`] writes what a fold of one client's record gave; folding again at any time
//! gives the same rows.

use care::fold::Step;
use care::obligation::{Kind, Obligation, ObligationId};
use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};
use sqlx::query_as;

use super::changes;
use super::facts;
use crate::db::rows::{Insert, Value};
use crate::db::{Ts, Tx, rows, sql};
use crate::error::{Error, Result};
use crate::ids::{ClientId, FirmId, StaffId};

const FORGET_THESE: &str = "DELETE FROM obligation WHERE firm_id = {firm} AND obligation_id IN {list}";
/// What is asked for in SQL has a column of its own beside the packed facts.
const OBLIGATIONS: Insert = Insert {
    into: "obligation (firm_id, obligation_id, client_id, kind, owner_id, due_at, ended_at, first, facts)",
    then: "ON CONFLICT (firm_id, obligation_id) DO UPDATE SET client_id = excluded.client_id,
        kind = excluded.kind, owner_id = excluded.owner_id, due_at = excluded.due_at,
        ended_at = excluded.ended_at, first = excluded.first, facts = excluded.facts",
};
const WHOLE: &str = "SELECT obligation_id, client_id, kind, owner_id, due_at, ended_at, first, facts
    FROM obligation WHERE firm_id = $1";
const WHOLE_OF_CLIENT: &str =
    "SELECT obligation_id, client_id, kind, owner_id, due_at, ended_at, first, facts
    FROM obligation WHERE firm_id = $1 AND client_id = $2";
const OF_CLIENT: &str = "SELECT obligation_id, facts FROM obligation WHERE firm_id = $1 AND client_id = $2";
const OPEN_AT: &str =
    "SELECT obligation_id, facts FROM obligation WHERE firm_id = $1 AND client_id = $2 AND ended_at IS NULL";
const ALL: &str = "SELECT obligation_id, facts FROM obligation WHERE firm_id = $1";
const OPEN: &str = "SELECT obligation_id, facts FROM obligation
    WHERE firm_id = $1 AND ended_at IS NULL ORDER BY first DESC, due_at LIMIT $2";
const OPEN_OF_STAFF: &str = "SELECT obligation_id, facts FROM obligation
    WHERE firm_id = $1 AND owner_id = $3 AND ended_at IS NULL ORDER BY first DESC, due_at LIMIT $2";
const ONE: &str = "SELECT obligation_id, facts FROM obligation WHERE firm_id = $1 AND obligation_id = $2";
const ENDED_BETWEEN: &str = "SELECT obligation_id, facts FROM obligation
    WHERE firm_id = $1 AND ended_at >= $2 AND ended_at <= $3 ORDER BY ended_at DESC";
const ENDED_SINCE: &str = "SELECT kind, owner_id FROM obligation
    WHERE firm_id = $1 AND ended_at >= $2 AND ended_at <= $3";

/// What of a row holds all: its id, and the packed facts.
type Kept = (i64, Vec<u8>);

/// A whole row, for comparing: id, client, kind, owner, when due and ended, whether it goes first, and the packed facts.
type WholeRow = (i64, i64, String, Option<i64>, Ts, Option<Ts>, bool, Vec<u8>);

/// Of what is owed, what became another: as it was kept, and as it is now.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Changed {
    /// As they were kept.
    pub before: Vec<Obligation>,
    /// As they are now.
    pub after: Vec<Obligation>,
}

/// Puts what a fold of a client's record gave in the place of what is kept for that client. Only what differs is
/// written: of the thousands that a client of many years was owed, one letter changes one. `kept` is what is kept, where
/// that is known. That the client changed is for the caller to note.
pub async fn replace(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    kept: Option<Vec<Obligation>>,
    given: &[Obligation],
) -> Result<Changed> {
    let mut changed = Changed::default();
    let difference = match kept {
        Some(kept) => {
            let kept = kept.into_iter().map(|owed| (owed.id, owed));
            Difference::of(kept, given, |known, owed| known == owed, |_, was| changed.before.push(was))
        }
        None => {
            let kept: Vec<WholeRow> =
                sql!(tx, c => query_as(WHOLE_OF_CLIENT).bind(firm.0).bind(client.0).fetch_all(c).await)?;
            // What is kept and cannot be read was nothing.
            let was = |_, (id, .., facts): WholeRow| changed.before.extend(owed((id, facts)).ok());
            Difference::of(by_id(kept), given, is_kept, was)
        }
    };
    changed.after.extend(difference.places().map(|place| given[place].clone()));
    difference.write(tx, firm, given).await?;
    Ok(changed)
}

/// Keeps what one step of a client's fold changed.
pub(super) async fn go_on(tx: &mut Tx, firm: FirmId, step: &Step) -> Result<()> {
    forget(tx, firm, &step.gone).await?;
    add(tx, firm, &step.changed.iter().collect::<Vec<_>>()).await
}

/// In what the kept obligations are not those that a fold gave.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Given, and not kept: their places among those given.
    pub missing: Vec<usize>,
    /// Kept otherwise than they are given: their places among those given.
    pub other: Vec<usize>,
    /// Kept, and not given.
    pub stale: Vec<ObligationId>,
}

impl Changed {
    /// The same as a step of the fold.
    pub(super) fn step(&self) -> Step {
        let stay: FxHashSet<ObligationId> = self.after.iter().map(|owed| owed.id).collect();
        let gone = self.before.iter().map(|owed| owed.id).filter(|id| !stay.contains(id)).collect();
        Step { changed: self.after.clone(), gone }
    }
}

impl Difference {
    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        self.missing.is_empty() && self.other.is_empty() && self.stale.is_empty()
    }

    /// Compares by `same`; `was` is told of every kept one that is not as given.
    fn of<K>(
        kept: impl IntoIterator<Item = (ObligationId, K)>,
        given: &[Obligation],
        same: impl Fn(&K, &Obligation) -> bool,
        mut was: impl FnMut(ObligationId, K),
    ) -> Difference {
        let mut kept: FxHashMap<ObligationId, K> = kept.into_iter().collect();
        let mut difference = Difference::default();
        for (place, obligation) in given.iter().enumerate() {
            match kept.remove(&obligation.id) {
                None => difference.missing.push(place),
                Some(known) if same(&known, obligation) => {}
                Some(known) => {
                    difference.other.push(place);
                    was(obligation.id, known);
                }
            }
        }
        for (id, known) in kept {
            difference.stale.push(id);
            was(id, known);
        }
        difference
    }

    /// The places among those given of what is to be written.
    fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.missing.iter().chain(&self.other).copied()
    }

    /// Makes what is kept what was given.
    async fn write(&self, tx: &mut Tx, firm: FirmId, given: &[Obligation]) -> Result<()> {
        forget(tx, firm, &self.stale).await?;
        let changed: Vec<&Obligation> = self.places().map(|place| &given[place]).collect();
        add(tx, firm, &changed).await
    }
}

/// Compares what a fold of all records gave with what is kept.
pub async fn compare(tx: &mut Tx, firm: FirmId, given: &[Obligation]) -> Result<Difference> {
    let mut kept = Vec::with_capacity(given.len());
    rows::every(tx, WHOLE, firm, |row: WholeRow| kept.push(row)).await?;
    Ok(Difference::of(by_id(kept), given, is_kept, |_, _| {}))
}

/// Puts what a fold of all records gave in the place of everything that is kept. Only what differs is written: after
/// one new message that is little.
pub async fn replace_all(tx: &mut Tx, firm: FirmId, given: &[Obligation]) -> Result<Difference> {
    let difference = compare(tx, firm, given).await?;
    difference.write(tx, firm, given).await?;
    changes::note_everything(tx, firm).await?;
    Ok(difference)
}

fn by_id(kept: Vec<WholeRow>) -> impl Iterator<Item = (ObligationId, WholeRow)> {
    kept.into_iter().map(|row| (ObligationId(row.0.cast_unsigned()), row))
}

/// Whether a row is that obligation's. Its facts are compared as they are packed: they may be of an earlier version.
fn is_kept((_, client, kind, owner, due, ended, first, facts): &WholeRow, owed: &Obligation) -> bool {
    let columns = (*client, kind.as_str(), *owner, *due, *ended, *first);
    let ended = owed.ended.map(|ended| Ts::from(ended.at));
    let owner = owed.owner.map(|staff| staff.0);
    columns == (owed.client.0, owed.kind.name(), owner, owed.due_at.into(), ended, owed.first)
        && *facts == facts::pack_owed(owed)
}

async fn forget(tx: &mut Tx, firm: FirmId, gone: &[ObligationId]) -> Result<()> {
    let gone: Vec<i64> = gone.iter().map(|id| id.0.cast_signed()).collect();
    rows::for_each_of(tx, FORGET_THESE, firm, &gone).await.map(drop)
}

async fn add(tx: &mut Tx, firm: FirmId, obligations: &[&Obligation]) -> Result<()> {
    for some in obligations.chunks(10_000) {
        let mut some: Vec<(&Obligation, Vec<u8>)> = some.iter().map(|o| (*o, facts::pack_owed(o))).collect();
        some.sort_unstable_by_key(|(obligation, _)| obligation.id.0.cast_signed());
        let values: Vec<Value<'_>> = some.iter().flat_map(|(owed, packed)| row(firm, owed, packed)).collect();
        OBLIGATIONS.rows(tx, &values).await?;
    }
    Ok(())
}

fn row<'a>(firm: FirmId, owed: &Obligation, packed: &'a [u8]) -> [Value<'a>; 9] {
    [
        Value::int(firm.0),
        Value::int(owed.id.0.cast_signed()),
        Value::int(owed.client.0),
        Value::text(owed.kind.name()),
        Value::Int(owed.owner.map(|staff| staff.0)),
        Value::at(owed.due_at),
        Value::At(owed.ended.map(|ended| ended.at.into())),
        Value::flag(owed.first),
        Value::bytes(packed),
    ]
}

/// Everything that is or was owed to a client.
pub async fn of_client(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Vec<Obligation>> {
    let rows: Vec<Kept> = sql!(tx, c => query_as(OF_CLIENT).bind(firm.0).bind(client.0).fetch_all(c).await)?;
    rows.into_iter().map(owed).collect()
}

/// What is open at a client.
pub async fn open_at(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Vec<Obligation>> {
    let rows: Vec<Kept> = sql!(tx, c => query_as(OPEN_AT).bind(firm.0).bind(client.0).fetch_all(c).await)?;
    rows.into_iter().map(owed).collect()
}

/// Everything that is or was owed by the firm.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Obligation>> {
    let mut all = Vec::new();
    rows::every(tx, ALL, firm, |row: Kept| all.push(owed(row))).await?;
    all.into_iter().collect()
}

/// What has not ended, the most urgent first, of one person or of the whole firm.
pub async fn open(tx: &mut Tx, firm: FirmId, owner: Option<StaffId>, limit: u32) -> Result<Vec<Obligation>> {
    let limit = i64::from(limit);
    let rows: Vec<Kept> = match owner {
        None => sql!(tx, c => query_as(OPEN).bind(firm.0).bind(limit).fetch_all(c).await)?,
        Some(staff) => {
            sql!(tx, c => query_as(OPEN_OF_STAFF).bind(firm.0).bind(limit).bind(staff.0).fetch_all(c).await)?
        }
    };
    rows.into_iter().map(owed).collect()
}

/// Everything that ended between two moments, the last first.
pub async fn ended_between(
    tx: &mut Tx,
    firm: FirmId,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<Obligation>> {
    let (since, until) = (Ts::from(since), Ts::from(until));
    let rows: Vec<Kept> =
        sql!(tx, c => query_as(ENDED_BETWEEN).bind(firm.0).bind(since).bind(until).fetch_all(c).await)?;
    rows.into_iter().map(owed).collect()
}

/// The kind and owner of everything that ended between two moments.
pub async fn ended_since(
    tx: &mut Tx,
    firm: FirmId,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<(Kind, Option<StaffId>)>> {
    let (since, until) = (Ts::from(since), Ts::from(until));
    let rows: Vec<(String, Option<i64>)> =
        sql!(tx, c => query_as(ENDED_SINCE).bind(firm.0).bind(since).bind(until).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(kind, owner)| Some((Kind::named(&kind)?, owner.map(StaffId)))).collect())
}

/// One obligation.
pub async fn one(tx: &mut Tx, firm: FirmId, id: ObligationId) -> Result<Obligation> {
    let row: Option<Kept> =
        sql!(tx, c => query_as(ONE).bind(firm.0).bind(id.0.cast_signed()).fetch_optional(c).await)?;
    owed(row.ok_or(Error::NotFound)?)
}

fn owed((id, facts): Kept) -> Result<Obligation> {
    let id = ObligationId(id.cast_unsigned());
    facts::unpack_owed(id, &facts)
        .map_err(|e| Error::Unexpected(anyhow::Error::new(e).context(format!("reading obligation {id}"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Db, Location};

    /// By the firm alone, what was done today is looked for among all that was ever owed.
    #[test]
    fn what_has_ended_is_looked_up_by_when_it_did() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let db = Db::open(&Location::Folder(folder.path().to_owned())).await.unwrap();
            let mut tx = db.read().await.unwrap();
            for text in [ENDED_BETWEEN, ENDED_SINCE] {
                let plan = rows::plan(&mut tx, text, 2).await;
                assert!(plan.contains("USING INDEX obligation_ended (firm_id=? AND ended_at>?"), "{plan}");
                assert!(!plan.contains("TEMP B-TREE"), "{plan}");
            }
        });
    }
}
