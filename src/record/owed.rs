//! What is owed, kept as rows: the projection that the fold gave, for pages and lists.
//!
//! Nothing here is a fact. [`replace`] writes what a fold of one client's record gave; folding again at any time
//! gives the same rows.

use care::obligation::{Ended, Ending, Kind, Obligation, ObligationId};
use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sqlx::{FromRow, query, query_as};

use super::changes;
use super::facts::{self, Extra};
use crate::db::rows::{Insert, Value};
use crate::db::{Ts, Tx, rows, run, sql};
use crate::error::{Error, Result};
use crate::ids::{AddressId, ClientId, FirmId, StaffId};

const FORGET: &str = "DELETE FROM obligation WHERE firm_id = $1 AND client_id = $2";
const FORGET_ALL: &str = "DELETE FROM obligation WHERE firm_id = $1";
const FORGET_THESE: &str = "DELETE FROM obligation WHERE firm_id = {firm} AND obligation_id IN {list}";
const OBLIGATIONS: Insert = Insert {
    into: "obligation (firm_id, obligation_id, client_id, contact, kind, owner_id, opened_at, due_at, ended_at, \
           ending, proposed, confidence, chases, first, facts)",
    then: "ON CONFLICT (firm_id, obligation_id) DO UPDATE SET client_id = excluded.client_id,
        contact = excluded.contact, kind = excluded.kind, owner_id = excluded.owner_id,
        opened_at = excluded.opened_at, due_at = excluded.due_at, ended_at = excluded.ended_at,
        ending = excluded.ending, proposed = excluded.proposed, confidence = excluded.confidence,
        chases = excluded.chases, first = excluded.first, facts = excluded.facts",
};
const OF_CLIENT: &str =
    "SELECT obligation_id, client_id, contact, kind, owner_id, opened_at, due_at, ended_at, ending,
    proposed, confidence, chases, first, facts FROM obligation WHERE firm_id = $1 AND client_id = $2";
const ALL: &str =
    "SELECT obligation_id, client_id, contact, kind, owner_id, opened_at, due_at, ended_at, ending,
    proposed, confidence, chases, first, facts FROM obligation WHERE firm_id = $1";
const OPEN: &str =
    "SELECT obligation_id, client_id, contact, kind, owner_id, opened_at, due_at, ended_at, ending,
    proposed, confidence, chases, first, facts FROM obligation
    WHERE firm_id = $1 AND ended_at IS NULL ORDER BY first DESC, due_at LIMIT $2";
const OPEN_OF_STAFF: &str =
    "SELECT obligation_id, client_id, contact, kind, owner_id, opened_at, due_at, ended_at,
    ending, proposed, confidence, chases, first, facts FROM obligation
    WHERE firm_id = $1 AND owner_id = $3 AND ended_at IS NULL ORDER BY first DESC, due_at LIMIT $2";
const ONE: &str =
    "SELECT obligation_id, client_id, contact, kind, owner_id, opened_at, due_at, ended_at, ending,
    proposed, confidence, chases, first, facts FROM obligation WHERE firm_id = $1 AND obligation_id = $2";

const ENDED_SINCE: &str = "SELECT kind, owner_id FROM obligation
    WHERE firm_id = $1 AND ended_at >= $2 AND ended_at <= $3";

#[derive(FromRow)]
struct OwedRow {
    obligation_id: i64,
    client_id: i64,
    contact: Option<i64>,
    kind: String,
    owner_id: Option<i64>,
    opened_at: Ts,
    due_at: Ts,
    ended_at: Option<Ts>,
    ending: Option<String>,
    proposed: bool,
    confidence: f64,
    chases: i64,
    first: bool,
    facts: Vec<u8>,
}

/// Puts what a fold of a client's record gave in the place of what is kept for that client. Only what differs is
/// written: of the thousands that a client of many years was owed, one letter changes one.
pub async fn replace(tx: &mut Tx, firm: FirmId, client: ClientId, given: &[Obligation]) -> Result<()> {
    let difference = match of_client(tx, firm, client).await {
        Ok(kept) => Difference::of(kept, given),
        // What is kept cannot be read, so nothing of it can stay.
        Err(Error::Unexpected(_)) => {
            run!(tx, query(FORGET).bind(firm.0).bind(client.0))?;
            Difference::of(Vec::new(), given)
        }
        Err(error) => return Err(error),
    };
    difference.write(tx, firm, given).await?;
    changes::note(tx, firm, &[client]).await
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

impl Difference {
    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        self.missing.is_empty() && self.other.is_empty() && self.stale.is_empty()
    }

    fn of(kept: Vec<Obligation>, given: &[Obligation]) -> Difference {
        let mut kept: FxHashMap<ObligationId, Obligation> =
            kept.into_iter().map(|obligation| (obligation.id, obligation)).collect();
        let mut difference = Difference::default();
        for (place, obligation) in given.iter().enumerate() {
            match kept.remove(&obligation.id) {
                None => difference.missing.push(place),
                Some(known) if known != *obligation => difference.other.push(place),
                Some(_) => {}
            }
        }
        difference.stale.extend(kept.into_keys());
        difference
    }

    /// Makes what is kept what was given.
    async fn write(&self, tx: &mut Tx, firm: FirmId, given: &[Obligation]) -> Result<()> {
        let stale: Vec<i64> = self.stale.iter().map(|id| id.0.cast_signed()).collect();
        rows::for_each_of(tx, FORGET_THESE, firm, &stale).await?;
        let changed: Vec<&Obligation> =
            self.missing.iter().chain(&self.other).map(|place| &given[*place]).collect();
        add(tx, firm, &changed).await
    }
}

/// Compares what a fold of all records gave with what is kept.
pub async fn compare(tx: &mut Tx, firm: FirmId, given: &[Obligation]) -> Result<Difference> {
    Ok(Difference::of(all(tx, firm).await?, given))
}

/// Puts what a fold of all records gave in the place of everything that is kept. Only what differs is written: after
/// one new message that is little.
pub async fn replace_all(tx: &mut Tx, firm: FirmId, given: &[Obligation]) -> Result<Difference> {
    let difference = match compare(tx, firm, given).await {
        Ok(difference) => difference,
        // What is kept cannot be read, so nothing of it can stay.
        Err(Error::Unexpected(_)) => {
            run!(tx, query(FORGET_ALL).bind(firm.0))?;
            Difference::of(Vec::new(), given)
        }
        Err(error) => return Err(error),
    };
    difference.write(tx, firm, given).await?;
    changes::note_everything(tx, firm).await?;
    Ok(difference)
}

async fn add(tx: &mut Tx, firm: FirmId, obligations: &[&Obligation]) -> Result<()> {
    for some in obligations.chunks(10_000) {
        let mut some: Vec<(&Obligation, Vec<u8>)> =
            some.iter().map(|o| (*o, facts::pack_extra(&extra(o)))).collect();
        some.sort_unstable_by_key(|(obligation, _)| obligation.id.0.cast_signed());
        let values: Vec<Value<'_>> = some.iter().flat_map(|(owed, packed)| row(firm, owed, packed)).collect();
        OBLIGATIONS.rows(tx, &values).await?;
    }
    Ok(())
}

fn row<'a>(firm: FirmId, owed: &Obligation, packed: &'a [u8]) -> [Value<'a>; 15] {
    [
        Value::int(firm.0),
        Value::int(owed.id.0.cast_signed()),
        Value::int(owed.client.0),
        Value::Int(owed.contact.map(|address| address.0.into())),
        Value::text(owed.kind.name()),
        Value::Int(owed.owner.map(|staff| staff.0)),
        Value::at(owed.opened_at),
        Value::at(owed.due_at),
        Value::At(owed.ended.map(|ended| ended.at.into())),
        Value::Text(owed.ended.map(|ended| ending_name(ended.how))),
        Value::flag(owed.ended.is_some_and(|ended| ended.proposed)),
        Value::Real(Some(owed.confidence.into())),
        Value::int(owed.chases.into()),
        Value::flag(owed.first),
        Value::bytes(packed),
    ]
}

fn extra(owed: &Obligation) -> Extra {
    Extra {
        evidence: owed.evidence.clone(),
        continues: owed.continues,
        ended_by: owed.ended.and_then(|ended| ended.by),
        continued_by: owed.ended.and_then(|ended| ended.continued_by),
    }
}

/// Everything that is or was owed to a client.
pub async fn of_client(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Vec<Obligation>> {
    let rows: Vec<OwedRow> =
        sql!(tx, c => query_as(OF_CLIENT).bind(firm.0).bind(client.0).fetch_all(c).await)?;
    rows.into_iter().map(owed).collect()
}

/// Everything that is or was owed by the firm.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Obligation>> {
    let mut all = Vec::new();
    rows::every(tx, ALL, firm, |row: OwedRow| all.push(owed(row))).await?;
    all.into_iter().collect()
}

/// What has not ended, the most urgent first, of one person or of the whole firm.
pub async fn open(tx: &mut Tx, firm: FirmId, owner: Option<StaffId>, limit: u32) -> Result<Vec<Obligation>> {
    let limit = i64::from(limit);
    let rows: Vec<OwedRow> = match owner {
        None => sql!(tx, c => query_as(OPEN).bind(firm.0).bind(limit).fetch_all(c).await)?,
        Some(staff) => {
            sql!(tx, c => query_as(OPEN_OF_STAFF).bind(firm.0).bind(limit).bind(staff.0).fetch_all(c).await)?
        }
    };
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
    let row: Option<OwedRow> =
        sql!(tx, c => query_as(ONE).bind(firm.0).bind(id.0.cast_signed()).fetch_optional(c).await)?;
    owed(row.ok_or(Error::NotFound)?)
}

fn owed(row: OwedRow) -> Result<Obligation> {
    let extra: Extra = facts::unpack_extra(&row.facts).map_err(|e| Error::Unexpected(e.into()))?;
    let kind = Kind::named(&row.kind).ok_or_else(|| unknown(&row.kind))?;
    let ended = match (row.ended_at, row.ending) {
        (Some(at), Some(ending)) => Some(Ended {
            how: ending_named(&ending)?,
            at: at.into(),
            proposed: row.proposed,
            by: extra.ended_by,
            continued_by: extra.continued_by,
        }),
        _ => None,
    };
    Ok(Obligation {
        id: ObligationId(row.obligation_id.cast_unsigned()),
        kind,
        client: ClientId(row.client_id),
        contact: row.contact.and_then(|number| u32::try_from(number).ok()).map(AddressId),
        owner: row.owner_id.map(StaffId),
        opened_at: row.opened_at.into(),
        due_at: row.due_at.into(),
        ended,
        chases: u32::try_from(row.chases).unwrap_or(u32::MAX),
        confidence: row.confidence as f32,
        first: row.first,
        evidence: extra.evidence,
        continues: extra.continues,
    })
}

fn ending_name(ending: Ending) -> &'static str {
    match ending {
        Ending::Kept => "kept",
        Ending::Moved => "moved",
        Ending::Released => "released",
    }
}

fn ending_named(name: &str) -> Result<Ending> {
    [Ending::Kept, Ending::Moved, Ending::Released]
        .into_iter()
        .find(|ending| ending_name(*ending) == name)
        .ok_or_else(|| unknown(name))
}

fn unknown(word: &str) -> Error {
    Error::Unexpected(anyhow::anyhow!(
        "an obligation holds the word “{word}”, which this version does not know"
    ))
}
