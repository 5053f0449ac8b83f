//! The holding reply, as rows: its words, and what was done about each message.

use care::obligation::{Kind, Obligation, ObligationId, Role};
use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Came, Setting};
use crate::db::{Ts, Tx, rows, run, sql};
use crate::error::Result;
use crate::ids::{self, ClientId, FirmId, MailboxId, NaturalKey, OutgoingId, StaffId};

const SETTING: &str = "SELECT words, on_since FROM holding_reply WHERE firm_id = $1";
const SET: &str = "INSERT INTO holding_reply (firm_id, words, on_since, changed_by_id, changed_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (firm_id) DO UPDATE SET words = excluded.words, on_since = excluded.on_since,
        changed_by_id = excluded.changed_by_id, changed_at = excluded.changed_at";
const LOCK: &str = "UPDATE holding_reply SET words = words WHERE firm_id = $1";
const CAME: &str = "SELECT m.entry_id, e.natural_key, m.raw_hash FROM message m
    JOIN entry e ON e.firm_id = m.firm_id AND e.entry_id = m.entry_id
    WHERE m.firm_id = $1 AND $2 < m.entry_id AND m.direction = 'in' AND m.automatic IS NULL
        AND m.raw_hash IS NOT NULL AND $3 < e.at AND NOT EXISTS
        (SELECT 1 FROM holding_look h WHERE h.firm_id = $1 AND h.entry_id = m.entry_id)
    ORDER BY m.entry_id LIMIT 50";
const LOOKED_AT: &str = "SELECT COUNT(*) FROM holding_look WHERE firm_id = $1 AND entry_id = $2";
const ADD: &str =
    "INSERT INTO holding_look (firm_id, entry_id, address, client_id, outcome, told_until, outgoing_id,
        looked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const FORGET: &str = "DELETE FROM holding_look WHERE firm_id = $1 AND outgoing_id IS NULL AND looked_at < $2";
const TOLD_SINCE: &str = "SELECT address FROM holding_look
    WHERE firm_id = $1 AND $2 < looked_at AND outgoing_id IS NOT NULL";
const SENT: &str =
    "SELECT h.address, h.client_id, h.outcome, h.told_until, h.outgoing_id, h.looked_at, o.state
    FROM holding_look h JOIN outgoing o ON o.firm_id = h.firm_id AND o.outgoing_id = h.outgoing_id
    WHERE h.firm_id = $1 ORDER BY h.looked_at DESC LIMIT $2";
const TOLD: &str = "SELECT e.natural_key, h.address, o.sent_at, h.told_until FROM entry e
    JOIN holding_look h ON h.firm_id = e.firm_id AND h.entry_id = e.entry_id
    JOIN outgoing o ON o.firm_id = h.firm_id AND o.outgoing_id = h.outgoing_id
    WHERE e.firm_id = {firm} AND e.natural_key IN {list} AND o.sent_at IS NOT NULL";
const MAILBOXES: &str = "SELECT DISTINCT b.mailbox_id FROM entry_mailbox m
    JOIN folder f ON f.firm_id = m.firm_id AND f.folder_id = m.folder_id
    JOIN mailbox b ON b.firm_id = f.firm_id AND b.mailbox_id = f.mailbox_id
    WHERE m.firm_id = $1 AND m.entry_id = $2 AND f.kind <> 'spam' AND (b.shows = 'clients' OR f.shown = $3)";

/// What the firm switched on; off and without words where it never did.
pub async fn setting(tx: &mut Tx, firm: FirmId) -> Result<Setting> {
    let row: Option<(String, Option<Ts>)> =
        sql!(tx, c => query_as(SETTING).bind(firm.0).fetch_optional(c).await)?;
    let setting = row.map(|(words, on_since)| Setting { words, on_since: on_since.map(Into::into) });
    Ok(setting.unwrap_or_default())
}

/// The same, kept from all others until the transaction ends.
pub(super) async fn lock(tx: &mut Tx, firm: FirmId) -> Result<Setting> {
    run!(tx, query(LOCK).bind(firm.0))?;
    setting(tx, firm).await
}

/// Keeps the words, and whether they are said.
pub async fn set(tx: &mut Tx, firm: FirmId, setting: &Setting, by: StaffId, now: Timestamp) -> Result<()> {
    let since = setting.on_since.map(Ts::from);
    run!(tx, query(SET).bind(firm.0).bind(&setting.words).bind(since).bind(by.0).bind(Ts::from(now)))
        .map(drop)
}

/// Messages that came since a moment, are not dated before another, and were not looked at.
pub(super) async fn came(
    tx: &mut Tx,
    firm: FirmId,
    since: Timestamp,
    written: Timestamp,
) -> Result<Vec<Came>> {
    let rows: Vec<(i64, i64, Vec<u8>)> = sql!(tx, c => query_as(CAME).bind(firm.0).bind(ids::first_at(since))
        .bind(Ts::from(written)).fetch_all(c).await)?;
    let came =
        |(entry, key, raw): (i64, i64, Vec<u8>)| Came { entry, key: NaturalKey(key.cast_unsigned()), raw };
    Ok(rows.into_iter().map(came).collect())
}

pub(super) async fn is_looked_at(tx: &mut Tx, firm: FirmId, entry: i64) -> Result<bool> {
    let count: i64 = sql!(tx, c => query_scalar(LOOKED_AT).bind(firm.0).bind(entry).fetch_one(c).await)?;
    Ok(0 < count)
}

/// What was done about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The message.
    pub entry: i64,
    /// Who wrote it, where they were told something.
    pub address: String,
    /// Whose they are, where they were told something.
    pub client: Option<ClientId>,
    /// Why they were told something, or why not.
    pub outcome: &'static str,
    /// By when they will hear.
    pub told_until: Option<Timestamp>,
    /// What was sent.
    pub outgoing: Option<OutgoingId>,
}

/// Keeps what was done about a message.
pub async fn add(tx: &mut Tx, firm: FirmId, look: &Look, now: Timestamp) -> Result<()> {
    run!(
        tx,
        query(ADD)
            .bind(firm.0)
            .bind(look.entry)
            .bind(&look.address)
            .bind(look.client.map(|client| client.0))
            .bind(look.outcome)
            .bind(look.told_until.map(Ts::from))
            .bind(look.outgoing.map(|outgoing| outgoing.0))
            .bind(Ts::from(now))
    )
    .map(drop)
}

/// Forgets which messages were looked at and nothing said, before a moment.
pub(super) async fn forget(tx: &mut Tx, firm: FirmId, before: Timestamp) -> Result<()> {
    run!(tx, query(FORGET).bind(firm.0).bind(Ts::from(before))).map(drop)
}

/// Who was told something since a moment.
pub async fn told_since(tx: &mut Tx, firm: FirmId, since: Timestamp) -> Result<Vec<String>> {
    sql!(tx, c => query_scalar(TOLD_SINCE).bind(firm.0).bind(Ts::from(since)).fetch_all(c).await)
}

/// The mailboxes that a message lies in and that the firm sees.
pub(super) async fn mailboxes(tx: &mut Tx, firm: FirmId, entry: i64) -> Result<Vec<MailboxId>> {
    let rows: Vec<i64> = sql!(tx, c => query_scalar(MAILBOXES).bind(firm.0).bind(entry).bind(true)
        .fetch_all(c).await)?;
    Ok(rows.into_iter().map(MailboxId).collect())
}

/// What was sent by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// To whom.
    pub address: String,
    /// Whose they are.
    pub client: Option<ClientId>,
    /// Why.
    pub why: String,
    /// By when they will hear.
    pub told_until: Option<Timestamp>,
    /// The message.
    pub outgoing: OutgoingId,
    /// When.
    pub at: Timestamp,
    /// Where it stands, as the word in tables.
    pub state: String,
}

#[derive(FromRow)]
struct SentRow {
    address: String,
    client_id: Option<i64>,
    outcome: String,
    told_until: Option<Ts>,
    outgoing_id: i64,
    looked_at: Ts,
    state: String,
}

/// What was sent by itself, the newest first.
pub async fn sent(tx: &mut Tx, firm: FirmId, most: u32) -> Result<Vec<Sent>> {
    let rows: Vec<SentRow> =
        sql!(tx, c => query_as(SENT).bind(firm.0).bind(i64::from(most)).fetch_all(c).await)?;
    let sent = |row: SentRow| Sent {
        address: row.address,
        client: row.client_id.map(ClientId),
        why: row.outcome,
        told_until: row.told_until.map(Into::into),
        outgoing: OutgoingId(row.outgoing_id),
        at: row.looked_at.into(),
        state: row.state,
    };
    Ok(rows.into_iter().map(sent).collect())
}

/// What whoever waits was told by itself, once it had left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Who was told.
    pub address: String,
    /// When.
    pub at: Timestamp,
    /// By when they will hear.
    pub until: Option<Timestamp>,
}

/// What was told about something that is owed, by it; the last word where there were several.
pub async fn told<'a>(
    tx: &mut Tx,
    firm: FirmId,
    owed: impl Iterator<Item = &'a Obligation>,
) -> Result<FxHashMap<ObligationId, Told>> {
    let mut of: FxHashMap<NaturalKey, ObligationId> = FxHashMap::default();
    for owed in owed.filter(|owed| owed.kind == Kind::Answer) {
        for evidence in owed.evidence.iter().filter(|e| matches!(e.role, Role::Opened | Role::Joined)) {
            of.insert(evidence.of.key(), owed.id);
        }
    }
    let keys: Vec<i64> = of.keys().map(|key| key.0.cast_signed()).collect();
    let mut told: FxHashMap<ObligationId, Told> = FxHashMap::default();
    let rows: Vec<(i64, String, Ts, Option<Ts>)> = rows::pick(tx, TOLD, firm, &keys).await?;
    for (key, address, at, until) in rows {
        let Some(id) = of.get(&NaturalKey(key.cast_unsigned())) else { continue };
        let new = Told { address, at: at.into(), until: until.map(Into::into) };
        if told.get(id).is_none_or(|known| known.at < new.at) {
            told.insert(*id, new);
        }
    }
    Ok(told)
}
