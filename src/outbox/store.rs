//! Messages on their way out, as rows.

use care::obligation::ObligationId;
use jiff::{SignedDuration, Timestamp};
use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Outgoing, State, Way};
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{self, ClientId, DraftId, FirmId, MailboxId, NaturalKey, OutgoingId, StaffId};

/// A letter that is dated so long before it came was not written just now.
const OLD: SignedDuration = SignedDuration::from_hours(48);

const ADD: &str =
    "INSERT INTO outgoing (firm_id, outgoing_id, mailbox_id, by_id, state, message_id, sender, recipients,
        subject, bytes, answers_key, only_if_quiet, made_at, next_at, tries, recorded, copied, lease_holder,
        lease_until, draft_id, owed_id, client_id, way)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $16, 0, 0, $17, $18, $19, $20)";
const ALL: &str =
    "SELECT outgoing_id, mailbox_id, by_id, state, message_id, sender, recipients, subject, bytes,
        answers_key, only_if_quiet, made_at, next_at, tries, trouble, sent_at, recorded, copied, draft_id,
        owed_id, client_id, way
    FROM outgoing WHERE firm_id = $1 ORDER BY made_at DESC, outgoing_id DESC LIMIT $2";
const ONE: &str =
    "SELECT outgoing_id, mailbox_id, by_id, state, message_id, sender, recipients, subject, bytes,
        answers_key, only_if_quiet, made_at, next_at, tries, trouble, sent_at, recorded, copied, draft_id,
        owed_id, client_id, way
    FROM outgoing WHERE firm_id = $1 AND outgoing_id = $2";
const DUE: &str =
    "SELECT outgoing_id, mailbox_id, by_id, state, message_id, sender, recipients, subject, bytes,
        answers_key, only_if_quiet, made_at, next_at, tries, trouble, sent_at, recorded, copied, draft_id,
        owed_id, client_id, way
    FROM outgoing WHERE firm_id = $1 AND mailbox_id = $2 AND state = 'waiting' AND next_at <= $3
    ORDER BY next_at, outgoing_id LIMIT 10";
const MAILBOXES_DUE: &str = "SELECT DISTINCT mailbox_id FROM outgoing
    WHERE firm_id = $1 AND next_at <= $2
        AND (state = 'waiting' OR (state = 'sent' AND (recorded = $3 OR copied = $3)))";
const UNFINISHED: &str =
    "SELECT outgoing_id, mailbox_id, by_id, state, message_id, sender, recipients, subject, bytes,
        answers_key, only_if_quiet, made_at, next_at, tries, trouble, sent_at, recorded, copied, draft_id,
        owed_id, client_id, way
    FROM outgoing WHERE firm_id = $1 AND mailbox_id = $2 AND state = 'sent' AND next_at <= $3
        AND (recorded = $4 OR copied = $4)
    ORDER BY next_at, outgoing_id LIMIT 10";
const CLAIM: &str = "UPDATE outgoing SET state = $4, lease_holder = $5, lease_until = $6
    WHERE firm_id = $1 AND outgoing_id = $2 AND state = $3 AND lease_until < $7";
const SET: &str =
    "UPDATE outgoing SET state = $3, next_at = $4, tries = $5, trouble = $6, sent_at = $7, recorded = $8,
        copied = $9, only_if_quiet = $10, lease_until = 0
    WHERE firm_id = $1 AND outgoing_id = $2";
const OF_DRAFT: &str = "SELECT outgoing_id FROM outgoing WHERE firm_id = $1 AND draft_id = $2
    ORDER BY outgoing_id DESC LIMIT 1";
const STANDING: &str =
    "SELECT outgoing_id, by_id, state, client_id, owed_id, recipients, next_at, trouble, way
    FROM outgoing WHERE firm_id = $1 AND state IN ('waiting', 'sending', 'held', 'failed', 'unsure', 'returned')
    ORDER BY next_at, outgoing_id";
const TURN: &str =
    "UPDATE outgoing SET state = $4, next_at = $5, tries = 0, trouble = NULL, only_if_quiet = $6
    WHERE firm_id = $1 AND outgoing_id = $2 AND state = $3 AND lease_until < $7";
const USED: &str = "DELETE FROM draft WHERE firm_id = $1 AND outgoing_id = $2";
const USED_FILES: &str = "DELETE FROM draft_file WHERE firm_id = $1 AND draft_id IN
    (SELECT d.draft_id FROM draft d WHERE d.firm_id = $1 AND d.outgoing_id = $2)";
const USED_BYTES: &str = "DELETE FROM file_bytes WHERE firm_id = $1 AND NOT EXISTS
    (SELECT 1 FROM draft_file f WHERE f.firm_id = $1 AND f.hash = file_bytes.hash)";
const EMPTY: &str = "UPDATE outgoing SET bytes = $3 WHERE firm_id = $1 AND outgoing_id = $2";
const ABANDONED: &str = "UPDATE outgoing SET state = 'unsure', trouble = $2, lease_until = 0
    WHERE firm_id = $1 AND state = 'sending' AND lease_until < $3";
const HAS_ABANDONED: &str =
    "SELECT COUNT(*) FROM outgoing WHERE firm_id = $1 AND state = 'sending' AND lease_until < $2";
const WROTE_FIRST: &str = "SELECT COUNT(*) FROM entry e
    JOIN message m ON m.firm_id = e.firm_id AND m.entry_id = e.entry_id
    WHERE e.firm_id = $1 AND $3 < e.entry_id AND $4 < e.at AND m.direction = 'in' AND m.automatic IS NULL
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
    draft_id: Option<i64>,
    owed_id: Option<i64>,
    client_id: Option<i64>,
    way: String,
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
            .bind(o.draft.map(|draft| draft.0))
            .bind(o.owed.map(|owed| owed.0.cast_signed()))
            .bind(o.client.map(|client| client.0))
            .bind(o.way.name())
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

/// The mailboxes from which something is to be sent, or has left and is not finished.
pub(super) async fn mailboxes_due(tx: &mut Tx, firm: FirmId, now: Timestamp) -> Result<Vec<MailboxId>> {
    let rows: Vec<i64> = sql!(tx, c => query_scalar(MAILBOXES_DUE).bind(firm.0).bind(Ts::from(now)).bind(false)
        .fetch_all(c).await)?;
    Ok(rows.into_iter().map(MailboxId).collect())
}

/// Messages of a mailbox whose time has come.
pub(super) async fn due(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    now: Timestamp,
) -> Result<Vec<Outgoing>> {
    let rows: Vec<Row> =
        sql!(tx, c => query_as(DUE).bind(firm.0).bind(mailbox.0).bind(Ts::from(now)).fetch_all(c).await)?;
    rows.into_iter().map(outgoing).collect()
}

/// Messages of a mailbox that left, of which the record or the folder of sent mail does not know yet.
pub(super) async fn unfinished(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    now: Timestamp,
) -> Result<Vec<Outgoing>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(UNFINISHED).bind(firm.0).bind(mailbox.0)
        .bind(Ts::from(now)).bind(false).fetch_all(c).await)?;
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
            .bind(o.only_if_quiet)
    )
    .map(drop)
}

/// Forgets the message itself, which the record holds, and the draft it was made from.
pub(super) async fn empty(tx: &mut Tx, firm: FirmId, id: OutgoingId) -> Result<()> {
    run!(tx, query(EMPTY).bind(firm.0).bind(id.0).bind(Vec::<u8>::new()))?;
    run!(tx, query(USED_FILES).bind(firm.0).bind(id.0))?;
    run!(tx, query(USED_BYTES).bind(firm.0))?;
    run!(tx, query(USED).bind(firm.0).bind(id.0)).map(drop)
}

/// Puts other bytes in the place of a message that has not left.
pub async fn rewrite(tx: &mut Tx, firm: FirmId, id: OutgoingId, bytes: &[u8]) -> Result<()> {
    run!(tx, query(EMPTY).bind(firm.0).bind(id.0).bind(bytes)).map(drop)
}

/// The message that was made from a draft last.
pub async fn of_draft(tx: &mut Tx, firm: FirmId, draft: DraftId) -> Result<Option<OutgoingId>> {
    let id: Option<i64> =
        sql!(tx, c => query_scalar(OF_DRAFT).bind(firm.0).bind(draft.0).fetch_optional(c).await)?;
    Ok(id.map(OutgoingId))
}

/// A message that has neither left nor been taken back, as lists tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The message.
    pub id: OutgoingId,
    /// Who wrote it.
    pub by: Option<StaffId>,
    /// Where it stands.
    pub state: State,
    /// To whom.
    pub client: Option<ClientId>,
    /// What it was written about.
    pub owed: Option<ObligationId>,
    /// Everybody who gets it.
    pub recipients: Vec<String>,
    /// When it leaves, or is tried again.
    pub next: Timestamp,
    /// What went wrong.
    pub trouble: Option<String>,
    /// Where it goes.
    pub way: Way,
}

#[derive(FromRow)]
struct StandingRow {
    outgoing_id: i64,
    by_id: Option<i64>,
    state: String,
    client_id: Option<i64>,
    owed_id: Option<i64>,
    recipients: String,
    next_at: Ts,
    trouble: Option<String>,
    way: String,
}

/// All messages that have neither left nor been taken back.
pub async fn standing(tx: &mut Tx, firm: FirmId) -> Result<Vec<Standing>> {
    let rows: Vec<StandingRow> = sql!(tx, c => query_as(STANDING).bind(firm.0).fetch_all(c).await)?;
    let standing = |row: StandingRow| {
        Some(Standing {
            id: OutgoingId(row.outgoing_id),
            by: row.by_id.map(StaffId),
            state: State::named(&row.state)?,
            client: row.client_id.map(ClientId),
            owed: row.owed_id.map(|owed| ObligationId(owed.cast_unsigned())),
            recipients: row.recipients.lines().map(str::to_owned).collect(),
            next: row.next_at.into(),
            trouble: row.trouble,
            way: Way::named(&row.way),
        })
    };
    Ok(rows.into_iter().filter_map(standing).collect())
}

/// Moves a message to another state that no process is handing in; false where it has moved on meanwhile.
pub async fn turn(
    tx: &mut Tx,
    firm: FirmId,
    outgoing: &Outgoing,
    to: State,
    next: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let changed = run!(
        tx,
        query(TURN)
            .bind(firm.0)
            .bind(outgoing.id.0)
            .bind(outgoing.state.name())
            .bind(to.name())
            .bind(Ts::from(next))
            .bind(false)
            .bind(now.as_microsecond())
    )?;
    Ok(changed == 1)
}

/// Whether a process was handing a message in when it ended.
pub(super) async fn has_abandoned(tx: &mut Tx, firm: FirmId, now: Timestamp) -> Result<bool> {
    let count: i64 = sql!(tx, c => query_scalar(HAS_ABANDONED).bind(firm.0).bind(now.as_microsecond())
        .fetch_one(c).await)?;
    Ok(0 < count)
}

/// Messages that a process was handing in when it ended may have left.
pub(super) async fn abandon(tx: &mut Tx, firm: FirmId, words: &str, now: Timestamp) -> Result<()> {
    run!(tx, query(ABANDONED).bind(firm.0).bind(words).bind(now.as_microsecond())).map(drop)
}

/// Whether a letter of the client's came into the thread of a message after a moment. Clocks differ, so what counts is
/// when it came, not what its own date says; only a letter that is old by its own date is none that came now.
pub async fn wrote_first(tx: &mut Tx, firm: FirmId, answers: NaturalKey, since: Timestamp) -> Result<bool> {
    let (first, old) = (ids::first_at(since), since - OLD);
    let count: i64 = sql!(tx, c => query_scalar(WROTE_FIRST).bind(firm.0).bind(answers.0.cast_signed())
        .bind(first).bind(Ts::from(old)).fetch_one(c).await)?;
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
        draft: row.draft_id.map(DraftId),
        owed: row.owed_id.map(|owed| ObligationId(owed.cast_unsigned())),
        client: row.client_id.map(ClientId),
        way: Way::named(&row.way),
    })
}
