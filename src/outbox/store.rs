//! Messages on their way out, as rows.

use jiff::{SignedDuration, Timestamp};
use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Outgoing, State};
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId, NaturalKey, OutgoingId, StaffId};

const ADD: &str =
    "INSERT INTO outgoing (firm_id, outgoing_id, mailbox_id, by_id, state, message_id, sender, recipients,
        subject, bytes, answers_key, only_if_quiet, made_at, next_at, tries, recorded, copied, lease_holder,
        lease_until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $16, 0, 0)";
const ALL: &str =
    "SELECT outgoing_id, mailbox_id, by_id, state, message_id, sender, recipients, subject, bytes,
        answers_key, only_if_quiet, made_at, next_at, tries, trouble, sent_at, recorded, copied
    FROM outgoing WHERE firm_id = $1 ORDER BY made_at DESC LIMIT $2";
const ONE: &str =
    "SELECT outgoing_id, mailbox_id, by_id, state, message_id, sender, recipients, subject, bytes,
        answers_key, only_if_quiet, made_at, next_at, tries, trouble, sent_at, recorded, copied
    FROM outgoing WHERE firm_id = $1 AND outgoing_id = $2";
const DUE: &str =
    "SELECT outgoing_id, mailbox_id, by_id, state, message_id, sender, recipients, subject, bytes,
        answers_key, only_if_quiet, made_at, next_at, tries, trouble, sent_at, recorded, copied
    FROM outgoing WHERE firm_id = $1 AND state = $2 AND next_at <= $3 ORDER BY next_at LIMIT 20";
const UNFINISHED: &str =
    "SELECT outgoing_id, mailbox_id, by_id, state, message_id, sender, recipients, subject, bytes,
        answers_key, only_if_quiet, made_at, next_at, tries, trouble, sent_at, recorded, copied
    FROM outgoing WHERE firm_id = $1 AND state = 'sent' AND next_at <= $2 AND (recorded = $3 OR copied = $3)
    ORDER BY next_at LIMIT 20";
const CLAIM: &str = "UPDATE outgoing SET state = $4, lease_holder = $5, lease_until = $6
    WHERE firm_id = $1 AND outgoing_id = $2 AND state = $3 AND lease_until < $7";
const SET: &str =
    "UPDATE outgoing SET state = $3, next_at = $4, tries = $5, trouble = $6, sent_at = $7, recorded = $8,
        copied = $9, lease_until = 0
    WHERE firm_id = $1 AND outgoing_id = $2";
const EMPTY: &str = "UPDATE outgoing SET bytes = $3 WHERE firm_id = $1 AND outgoing_id = $2";
const ABANDONED: &str = "UPDATE outgoing SET state = 'unsure', trouble = $2, lease_until = 0
    WHERE firm_id = $1 AND state = 'sending' AND lease_until < $3";
const WROTE_FIRST: &str = "SELECT COUNT(*) FROM entry e
    JOIN message m ON m.firm_id = e.firm_id AND m.entry_id = e.entry_id
    WHERE e.firm_id = $1 AND $3 < e.at AND m.direction = 'in' AND m.automatic IS NULL
        AND e.thread_id = (SELECT a.thread_id FROM entry a WHERE a.firm_id = $1 AND a.natural_key = $2)";

#[derive(FromRow)]
struct Row {
    outgoing_id: i64,
    mailbox_id: i64,
    by_id: Option<i64>,
    state: String,
    message_id: String,
    sender: String,
    recipients: String,
    subject: String,
    bytes: Vec<u8>,
    answers_key: Option<i64>,
    only_if_quiet: bool,
    made_at: Ts,
    next_at: Ts,
    tries: i64,
    trouble: Option<String>,
    sent_at: Option<Ts>,
    recorded: bool,
    copied: bool,
}

/// Keeps a new message.
pub async fn add(tx: &mut Tx, firm: FirmId, o: &Outgoing) -> Result<()> {
    run!(
        tx,
        query(ADD)
            .bind(firm.0)
            .bind(o.id.0)
            .bind(o.mailbox.0)
            .bind(o.by.map(|by| by.0))
            .bind(o.state.name())
            .bind(&o.message_id)
            .bind(&o.sender)
            .bind(o.recipients.join("\n"))
            .bind(crate::record::storable(&o.subject))
            .bind(&o.bytes)
            .bind(o.answers.map(|key| key.0.cast_signed()))
            .bind(o.only_if_quiet)
            .bind(Ts::from(o.made))
            .bind(Ts::from(o.next))
            .bind(o.recorded)
            .bind(o.copied)
    )
    .map(drop)
}

/// The newest messages, sent ones among them.
pub async fn all(tx: &mut Tx, firm: FirmId, limit: u32) -> Result<Vec<Outgoing>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(ALL).bind(firm.0).bind(i64::from(limit)).fetch_all(c).await)?;
    rows.into_iter().map(outgoing).collect()
}

/// One message.
pub async fn one(tx: &mut Tx, firm: FirmId, id: OutgoingId) -> Result<Outgoing> {
    let row: Option<Row> = sql!(tx, c => query_as(ONE).bind(firm.0).bind(id.0).fetch_optional(c).await)?;
    outgoing(row.ok_or(Error::NotFound)?)
}

/// Messages whose time has come.
pub(super) async fn due(tx: &mut Tx, firm: FirmId, now: Timestamp) -> Result<Vec<Outgoing>> {
    let state = State::Waiting.name();
    let rows: Vec<Row> =
        sql!(tx, c => query_as(DUE).bind(firm.0).bind(state).bind(Ts::from(now)).fetch_all(c).await)?;
    rows.into_iter().map(outgoing).collect()
}

/// Messages that left, of which the record or the folder of sent mail does not know yet.
pub(super) async fn unfinished(tx: &mut Tx, firm: FirmId, now: Timestamp) -> Result<Vec<Outgoing>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(UNFINISHED).bind(firm.0).bind(Ts::from(now)).bind(false)
        .fetch_all(c).await)?;
    rows.into_iter().map(outgoing).collect()
}

/// Takes a message for one process, for a time, and moves it to a state; false where another has it, or it has moved
/// on.
pub(super) async fn claim(
    tx: &mut Tx,
    firm: FirmId,
    outgoing: &Outgoing,
    to: State,
    holder: i64,
    time: SignedDuration,
    now: Timestamp,
) -> Result<bool> {
    let until = (now + time).as_microsecond();
    let changed = run!(
        tx,
        query(CLAIM)
            .bind(firm.0)
            .bind(outgoing.id.0)
            .bind(outgoing.state.name())
            .bind(to.name())
            .bind(holder)
            .bind(until)
            .bind(now.as_microsecond())
    )?;
    Ok(changed == 1)
}

/// Writes where a message stands now, and gives it back.
pub async fn set(tx: &mut Tx, firm: FirmId, o: &Outgoing) -> Result<()> {
    run!(
        tx,
        query(SET)
            .bind(firm.0)
            .bind(o.id.0)
            .bind(o.state.name())
            .bind(Ts::from(o.next))
            .bind(i64::from(o.tries))
            .bind(&o.trouble)
            .bind(o.sent.map(Ts::from))
            .bind(o.recorded)
            .bind(o.copied)
    )
    .map(drop)
}

/// Forgets the message itself, which the record holds.
pub(super) async fn empty(tx: &mut Tx, firm: FirmId, id: OutgoingId) -> Result<()> {
    run!(tx, query(EMPTY).bind(firm.0).bind(id.0).bind(Vec::<u8>::new())).map(drop)
}

/// Messages that a process was handing in when it ended may have left.
pub(super) async fn abandon(tx: &mut Tx, firm: FirmId, words: &str, now: Timestamp) -> Result<u64> {
    run!(tx, query(ABANDONED).bind(firm.0).bind(words).bind(now.as_microsecond()))
}

/// Whether the client wrote in the thread of a message after a moment.
pub(super) async fn wrote_first(
    tx: &mut Tx,
    firm: FirmId,
    answers: NaturalKey,
    since: Timestamp,
) -> Result<bool> {
    let count: i64 = sql!(tx, c => query_scalar(WROTE_FIRST).bind(firm.0).bind(answers.0.cast_signed())
        .bind(Ts::from(since)).fetch_one(c).await)?;
    Ok(0 < count)
}

fn outgoing(row: Row) -> Result<Outgoing> {
    let unknown = || Error::Unexpected(anyhow::anyhow!("a row holds the word “{}”", row.state));
    Ok(Outgoing {
        id: OutgoingId(row.outgoing_id),
        mailbox: MailboxId(row.mailbox_id),
        by: row.by_id.map(StaffId),
        state: State::named(&row.state).ok_or_else(unknown)?,
        message_id: row.message_id,
        sender: row.sender,
        recipients: row.recipients.lines().map(str::to_owned).collect(),
        subject: row.subject,
        bytes: row.bytes,
        answers: row.answers_key.map(|key| NaturalKey(key.cast_unsigned())),
        only_if_quiet: row.only_if_quiet,
        made: row.made_at.into(),
        next: row.next_at.into(),
        tries: u32::try_from(row.tries).unwrap_or(u32::MAX),
        trouble: row.trouble,
        sent: row.sent_at.map(Into::into),
        recorded: row.recorded,
        copied: row.copied,
    })
}
