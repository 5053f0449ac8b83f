//! What clients' records tell of them beside what happened, as rows: why they came, and so on.
//!
//! What a list told holds since they are a client, and stands only where nobody of the firm ever wrote something of that
//! kind of them, or took it away: a list that comes again takes no word from anybody.

use std::collections::BTreeMap;

use care::particular::{Particular, Told};
use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sqlx::{query, query_as};

use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::ids::{ClientId, FirmId, StaffId};
use crate::text::storable;

/// The words of what a record tells.
pub type Words = BTreeMap<Particular, String>;

const STANDING: &str = "SELECT particular, words FROM client_particular
    WHERE firm_id = $1 AND client_id = $2 AND ended_at IS NULL ORDER BY particular, told_no";
const ALL_STANDING: &str = "SELECT client_id, particular, words FROM client_particular
    WHERE firm_id = $1 AND ended_at IS NULL ORDER BY client_id, particular, told_no";
const TOLD: &str = "SELECT client_id, particular, told_at, ended_at, told_by_id FROM client_particular
    WHERE firm_id = $1 ORDER BY client_id, particular, told_no";
const EVER: &str = "SELECT particular, words, told_at, ended_at, told_by_id FROM client_particular
    WHERE firm_id = $1 AND client_id = $2 ORDER BY particular, told_no";
const OF_ONE: &str = "SELECT told_no, words, told_at, ended_at, told_change_id, ended_change_id
    FROM client_particular WHERE firm_id = $1 AND client_id = $2 AND particular = $3 ORDER BY told_no";
const TELL: &str =
    "INSERT INTO client_particular (firm_id, client_id, particular, told_no, words, told_by_id,
        told_at, told_change_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const REWORD: &str = "UPDATE client_particular SET words = $5
    WHERE firm_id = $1 AND client_id = $2 AND particular = $3 AND told_no = $4";
const END: &str = "UPDATE client_particular SET ended_at = $4, ended_change_id = $5
    WHERE firm_id = $1 AND client_id = $2 AND particular = $3 AND ended_at IS NULL";
const FORGET: &str = "DELETE FROM client_particular
    WHERE firm_id = $1 AND client_id = $2 AND particular = $3 AND told_no = $4";
const GO_ON: &str = "UPDATE client_particular SET ended_at = NULL, ended_change_id = NULL
    WHERE firm_id = $1 AND client_id = $2 AND particular = $3 AND ended_change_id = $4";

/// What the record of one client tells now.
pub async fn standing(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Words> {
    let rows: Vec<(String, String)> =
        sql!(tx, c => query_as(STANDING).bind(firm.0).bind(client.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(what, words)| Some((Particular::named(&what)?, words))).collect())
}

/// What the records of all clients tell now.
pub async fn all_standing(tx: &mut Tx, firm: FirmId) -> Result<FxHashMap<ClientId, Words>> {
    let rows: Vec<(i64, String, String)> =
        sql!(tx, c => query_as(ALL_STANDING).bind(firm.0).fetch_all(c).await)?;
    let mut all: FxHashMap<ClientId, Words> = FxHashMap::default();
    for (client, what, words) in rows {
        if let Some(what) = Particular::named(&what) {
            all.entry(ClientId(client)).or_default().insert(what, words);
        }
    }
    Ok(all)
}

/// What the record of each client tells and told, and since when, without the words.
pub async fn told(tx: &mut Tx, firm: FirmId) -> Result<FxHashMap<ClientId, Vec<Told>>> {
    type Row = (i64, String, Option<Ts>, Option<Ts>, Option<i64>);
    let rows: Vec<Row> = sql!(tx, c => query_as(TOLD).bind(firm.0).fetch_all(c).await)?;
    let mut all: FxHashMap<ClientId, Vec<Told>> = FxHashMap::default();
    for (client, what, from, until, by) in rows {
        if let Some(what) = Particular::named(&what) {
            let (from, until) = (from.map(Timestamp::from), until.map(Timestamp::from));
            let told = Told { what, from, until, by: by.map(StaffId) };
            all.entry(ClientId(client)).or_default().push(told);
        }
    }
    Ok(all)
}

/// What the record of one client tells and ever told, with the words.
pub async fn ever(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Vec<(Told, String)>> {
    type Row = (String, String, Option<Ts>, Option<Ts>, Option<i64>);
    let rows: Vec<Row> = sql!(tx, c => query_as(EVER).bind(firm.0).bind(client.0).fetch_all(c).await)?;
    let read = |(what, words, from, until, by): Row| {
        let (from, until) = (from.map(Timestamp::from), until.map(Timestamp::from));
        Some((Told { what: Particular::named(&what)?, from, until, by: by.map(StaffId) }, words))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// One telling of a particular.
#[derive(sqlx::FromRow)]
struct Row {
    told_no: i64,
    words: String,
    told_at: Option<Ts>,
    ended_at: Option<Ts>,
    told_change_id: Option<i64>,
    ended_change_id: Option<i64>,
}

async fn of_one(tx: &mut Tx, firm: FirmId, client: ClientId, what: Particular) -> Result<Vec<Row>> {
    sql!(tx, c => query_as(OF_ONE).bind(firm.0).bind(client.0).bind(what.name()).fetch_all(c).await)
}

/// Takes what a list tells of a client, where nobody of the firm had a word in it.
pub async fn take_listed(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    what: Particular,
    words: &str,
) -> Result<()> {
    let (rows, words) = (of_one(tx, firm, client, what).await?, storable(words));
    if rows.iter().any(|row| row.told_at.is_some() || row.ended_at.is_some()) {
        return Ok(());
    }
    match rows.last() {
        None => tell(tx, firm, client, what, (0, &words), None).await,
        Some(row) if row.words == words => Ok(()),
        Some(row) => run!(
            tx,
            query(REWORD).bind(firm.0).bind(client.0).bind(what.name()).bind(row.told_no).bind(&*words)
        )
        .map(drop),
    }
}

/// Who wrote something, when, and by which change.
#[derive(Debug, Clone, Copy)]
pub(super) struct By {
    pub(super) staff: Option<StaffId>,
    pub(super) at: Timestamp,
    pub(super) change: Option<i64>,
}

/// Makes a record tell something from now on, or tell it no more.
pub(super) async fn write(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    what: Particular,
    words: Option<&str>,
    by: By,
) -> Result<()> {
    let rows = of_one(tx, firm, client, what).await?;
    run!(tx, query(END).bind(firm.0).bind(client.0).bind(what.name()).bind(Ts::from(by.at)).bind(by.change))?;
    let Some(words) = words else { return Ok(()) };
    let next = rows.last().map_or(0, |row| row.told_no + 1);
    tell(tx, firm, client, what, (next, words), Some(by)).await
}

async fn tell(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    what: Particular,
    (number, words): (i64, &str),
    by: Option<By>,
) -> Result<()> {
    run!(
        tx,
        query(TELL)
            .bind(firm.0)
            .bind(client.0)
            .bind(what.name())
            .bind(number)
            .bind(words)
            .bind(by.and_then(|by| by.staff).map(|staff| staff.0))
            .bind(by.map(|by| Ts::from(by.at)))
            .bind(by.and_then(|by| by.change))
    )
    .map(drop)
}

/// Makes a record tell again what it told before a change: as if that had never been, where it was the last. Where
/// something came since and made the same of it, from now on.
pub(super) async fn write_back(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    what: Particular,
    was: Option<&str>,
    change: i64,
    now: Timestamp,
) -> Result<()> {
    let rows = of_one(tx, firm, client, what).await?;
    let is_the_last = match rows.last() {
        Some(last) if last.ended_at.is_none() && last.told_change_id == Some(change) => {
            let number = last.told_no;
            run!(tx, query(FORGET).bind(firm.0).bind(client.0).bind(what.name()).bind(number))?;
            true
        }
        last => last.is_some_and(|last| last.ended_change_id == Some(change)),
    };
    if is_the_last {
        return run!(tx, query(GO_ON).bind(firm.0).bind(client.0).bind(what.name()).bind(change)).map(drop);
    }
    write(tx, firm, client, what, was, By { staff: None, at: now, change: None }).await
}
