//! Drafts, their files, canned texts and how somebody writes, as rows.

use care::obligation::ObligationId;
use jiff::Timestamp;
use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Draft, Fields, File, Purpose, Target};
use crate::db::{Ts, Tx, rows, run, sql};
use crate::error::{Error, Result};
use crate::ids::{AddressId, ClientId, DraftId, FirmId, MailboxId, NaturalKey, OutgoingId, StaffId};
use crate::outbox::Way;
use crate::record::raw::{self, Packed};

const ADD: &str =
    "INSERT INTO draft (firm_id, draft_id, staff_id, client_id, owed_id, purpose, answers_key, mailbox_id,
        recipients, copies, blind_copies, subject, words, quotes, made_at, changed_at, open_until, outgoing_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $16, $11, $12, $13, $14, NULL, $15, NULL)
    ON CONFLICT (firm_id, staff_id, client_id, owed_id, purpose) DO NOTHING";
const ONE: &str =
    "SELECT draft_id, staff_id, client_id, owed_id, purpose, answers_key, mailbox_id, recipients, copies,
        blind_copies, subject, words, quotes, made_at, changed_at, open_until, outgoing_id
    FROM draft WHERE firm_id = $1 AND staff_id = $2 AND draft_id = $3";
const OF: &str =
    "SELECT draft_id, staff_id, client_id, owed_id, purpose, answers_key, mailbox_id, recipients, copies,
        blind_copies, subject, words, quotes, made_at, changed_at, open_until, outgoing_id
    FROM draft WHERE firm_id = $1 AND staff_id = $2 AND client_id = $3 AND owed_id = $4 AND purpose = $5";
const ALL: &str =
    "SELECT draft_id, staff_id, client_id, owed_id, purpose, answers_key, mailbox_id, recipients, copies,
        blind_copies, subject, words, quotes, made_at, changed_at, open_until, outgoing_id
    FROM draft WHERE firm_id = $1 AND staff_id = $2 AND changed_at IS NOT NULL AND outgoing_id IS NULL
    ORDER BY changed_at DESC";
const OTHERS: &str = "SELECT draft_id, staff_id, client_id, owed_id, purpose, answers_key, mailbox_id, recipients,
        copies, blind_copies, subject, words, quotes, made_at, changed_at, open_until, outgoing_id
    FROM draft WHERE firm_id = $1 AND owed_id = $2 AND staff_id <> $3 AND (changed_at IS NOT NULL OR $4 < open_until)
    ORDER BY staff_id";
const SAVE: &str =
    "UPDATE draft SET mailbox_id = $4, recipients = $5, copies = $6, subject = $7, words = $8, quotes = $9,
        changed_at = $10, open_until = $11, blind_copies = $12
    WHERE firm_id = $1 AND staff_id = $2 AND draft_id = $3 AND outgoing_id IS NULL";
const HOLD_OPEN: &str =
    "UPDATE draft SET open_until = $4 WHERE firm_id = $1 AND staff_id = $2 AND draft_id = $3";
const CLAIM: &str = "UPDATE draft SET outgoing_id = $4, open_until = 0
    WHERE firm_id = $1 AND staff_id = $2 AND draft_id = $3 AND outgoing_id IS NULL";
const RELEASE: &str = "UPDATE draft SET outgoing_id = NULL WHERE firm_id = $1 AND outgoing_id = $2";
const REMOVE: &str = "DELETE FROM draft WHERE firm_id = $1 AND draft_id = $2";
const UNTOUCHED: &str = "DELETE FROM draft
    WHERE firm_id = $1 AND staff_id = $2 AND changed_at IS NULL AND outgoing_id IS NULL AND open_until < $3";

const FILES: &str = "SELECT file_id, hash, name, media, size FROM draft_file
    WHERE firm_id = $1 AND draft_id = $2 ORDER BY file_id";
const ADD_FILE: &str = "INSERT INTO draft_file (firm_id, draft_id, file_id, hash, name, media, size)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const REMOVE_FILE: &str = "DELETE FROM draft_file WHERE firm_id = $1 AND draft_id = $2 AND file_id = $3";
const REMOVE_FILES: &str = "DELETE FROM draft_file WHERE firm_id = $1 AND draft_id = $2";
const KEEP_BYTES: &str = "INSERT INTO file_bytes (firm_id, hash, size, packed) VALUES ($1, $2, $3, $4)
    ON CONFLICT (firm_id, hash) DO NOTHING";
const BYTES: &str = "SELECT size, packed FROM file_bytes WHERE firm_id = $1 AND hash = $2";
const FORGET_BYTES: &str = "DELETE FROM file_bytes WHERE firm_id = $1 AND NOT EXISTS
    (SELECT 1 FROM draft_file f WHERE f.firm_id = $1 AND f.hash = file_bytes.hash)";

const TEXTS: &str = "SELECT text_id, name, words FROM canned_text WHERE firm_id = $1 ORDER BY name, text_id";
const SAVE_TEXT: &str = "INSERT INTO canned_text (firm_id, text_id, name, words, changed_by_id, changed_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (firm_id, text_id) DO UPDATE SET name = excluded.name, words = excluded.words,
        changed_by_id = excluded.changed_by_id, changed_at = excluded.changed_at";
const REMOVE_TEXT: &str = "DELETE FROM canned_text WHERE firm_id = $1 AND text_id = $2 RETURNING name";

const WRITING: &str = "SELECT signature, way FROM writing WHERE firm_id = $1 AND staff_id = $2";
const SAVE_WRITING: &str = "INSERT INTO writing (firm_id, staff_id, signature, way) VALUES ($1, $2, $3, $4)
    ON CONFLICT (firm_id, staff_id) DO UPDATE SET signature = excluded.signature, way = excluded.way";
const SENDERS: &str = "SELECT b.mailbox_id FROM mailbox b
    JOIN connection c ON c.firm_id = b.firm_id AND c.mailbox_id = b.mailbox_id
    WHERE b.firm_id = $1 AND (b.staff_id = $2 OR b.staff_id IS NULL)
    ORDER BY CASE WHEN b.staff_id IS NULL THEN 1 ELSE 0 END, c.address";

const MAIL_WITH: &str = "SELECT f.mailbox_id, MAX(a.at) FROM entry_address a
    JOIN entry_mailbox m ON m.firm_id = a.firm_id AND m.entry_id = a.entry_id
    JOIN folder f ON f.firm_id = m.firm_id AND f.folder_id = m.folder_id
    WHERE a.firm_id = {firm} AND a.address IN {list}
    GROUP BY f.mailbox_id";

#[derive(FromRow)]
struct Row {
    draft_id: i64,
    staff_id: i64,
    client_id: i64,
    owed_id: i64,
    purpose: String,
    answers_key: Option<i64>,
    mailbox_id: Option<i64>,
    recipients: String,
    copies: String,
    blind_copies: String,
    subject: String,
    words: String,
    quotes: bool,
    made_at: Ts,
    changed_at: Option<Ts>,
    open_until: i64,
    outgoing_id: Option<i64>,
}

impl From<Row> for Draft {
    fn from(row: Row) -> Draft {
        Draft {
            id: DraftId(row.draft_id),
            by: StaffId(row.staff_id),
            target: Target {
                client: ClientId(row.client_id),
                owed: (row.owed_id != 0).then(|| ObligationId(row.owed_id.cast_unsigned())),
                purpose: Purpose::named(&row.purpose).unwrap_or(Purpose::Letter),
            },
            answers: row.answers_key.map(|key| NaturalKey(key.cast_unsigned())),
            fields: Fields {
                mailbox: row.mailbox_id.map(MailboxId),
                to: row.recipients,
                cc: row.copies,
                bcc: row.blind_copies,
                subject: row.subject,
                words: row.words,
                quotes: row.quotes,
            },
            made: row.made_at.into(),
            changed: row.changed_at.map(Into::into),
            open_until: Ts(row.open_until).into(),
            outgoing: row.outgoing_id.map(OutgoingId),
        }
    }
}

/// What a draft is about, as its key holds it.
fn owed_id(target: &Target) -> i64 {
    target.owed.map_or(0, |owed| owed.0.cast_signed())
}

/// Keeps a new draft; where its writer has one for the same thing already, that one stays as it is.
pub async fn add(tx: &mut Tx, firm: FirmId, d: &Draft) -> Result<()> {
    run!(
        tx,
        query(ADD)
            .bind(firm.0)
            .bind(d.id.0)
            .bind(d.by.0)
            .bind(d.target.client.0)
            .bind(owed_id(&d.target))
            .bind(d.target.purpose.name())
            .bind(d.answers.map(|key| key.0.cast_signed()))
            .bind(d.fields.mailbox.map(|mailbox| mailbox.0))
            .bind(&d.fields.to)
            .bind(&d.fields.cc)
            .bind(&d.fields.subject)
            .bind(&d.fields.words)
            .bind(d.fields.quotes)
            .bind(Ts::from(d.made))
            .bind(d.open_until.as_microsecond())
            .bind(&d.fields.bcc)
    )
    .map(drop)
}

/// One's own draft.
pub async fn one(tx: &mut Tx, firm: FirmId, by: StaffId, id: DraftId) -> Result<Draft> {
    let row: Option<Row> =
        sql!(tx, c => query_as(ONE).bind(firm.0).bind(by.0).bind(id.0).fetch_optional(c).await)?;
    row.map(Draft::from).ok_or(Error::NotFound)
}

/// One's own draft for something.
pub async fn of(tx: &mut Tx, firm: FirmId, by: StaffId, target: &Target) -> Result<Option<Draft>> {
    let row: Option<Row> = sql!(tx, c => query_as(OF).bind(firm.0).bind(by.0).bind(target.client.0)
        .bind(owed_id(target)).bind(target.purpose.name()).fetch_optional(c).await)?;
    Ok(row.map(Draft::from))
}

/// Everything that somebody began to write and has not sent, the newest first.
pub async fn all(tx: &mut Tx, firm: FirmId, by: StaffId) -> Result<Vec<Draft>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(ALL).bind(firm.0).bind(by.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Draft::from).collect())
}

/// What others are writing about the same thing.
pub async fn others(
    tx: &mut Tx,
    firm: FirmId,
    by: StaffId,
    owed: ObligationId,
    now: Timestamp,
) -> Result<Vec<Draft>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(OTHERS).bind(firm.0).bind(owed.0.cast_signed()).bind(by.0)
        .bind(now.as_microsecond()).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Draft::from).collect())
}

/// Keeps what was written, and holds the draft open; false where it is gone, or on its way already.
pub async fn save(
    tx: &mut Tx,
    firm: FirmId,
    draft: &Draft,
    fields: &Fields,
    now: Timestamp,
    open_until: Timestamp,
) -> Result<bool> {
    let changed = run!(
        tx,
        query(SAVE)
            .bind(firm.0)
            .bind(draft.by.0)
            .bind(draft.id.0)
            .bind(fields.mailbox.map(|mailbox| mailbox.0))
            .bind(&fields.to)
            .bind(&fields.cc)
            .bind(&fields.subject)
            .bind(&fields.words)
            .bind(fields.quotes)
            .bind(Ts::from(now))
            .bind(open_until.as_microsecond())
            .bind(&fields.bcc)
    )?;
    Ok(changed == 1)
}

/// Says that a draft is open before somebody until a moment.
pub async fn hold_open(tx: &mut Tx, firm: FirmId, draft: &Draft, until: Timestamp) -> Result<()> {
    let until = until.as_microsecond();
    run!(tx, query(HOLD_OPEN).bind(firm.0).bind(draft.by.0).bind(draft.id.0).bind(until)).map(drop)
}

/// Takes a draft for a message; false where it was taken already.
pub async fn claim(tx: &mut Tx, firm: FirmId, draft: &Draft, outgoing: OutgoingId) -> Result<bool> {
    let taken = run!(tx, query(CLAIM).bind(firm.0).bind(draft.by.0).bind(draft.id.0).bind(outgoing.0))?;
    Ok(taken == 1)
}

/// The draft of a message is one again; false where there is none any more.
pub async fn release(tx: &mut Tx, firm: FirmId, outgoing: OutgoingId) -> Result<bool> {
    Ok(run!(tx, query(RELEASE).bind(firm.0).bind(outgoing.0))? == 1)
}

/// Throws a draft away, with its files.
pub async fn remove(tx: &mut Tx, firm: FirmId, draft: DraftId) -> Result<()> {
    run!(tx, query(REMOVE_FILES).bind(firm.0).bind(draft.0))?;
    run!(tx, query(FORGET_BYTES).bind(firm.0))?;
    run!(tx, query(REMOVE).bind(firm.0).bind(draft.0)).map(drop)
}

/// Throws away what somebody opened, and wrote nothing in.
pub async fn sweep(tx: &mut Tx, firm: FirmId, by: StaffId, now: Timestamp) -> Result<()> {
    run!(tx, query(UNTOUCHED).bind(firm.0).bind(by.0).bind(now.as_microsecond())).map(drop)
}

#[derive(FromRow)]
struct FileRow {
    file_id: i64,
    hash: Vec<u8>,
    name: String,
    media: String,
    size: i64,
}

/// The files of a draft, in the order in which they were attached.
pub async fn files(tx: &mut Tx, firm: FirmId, draft: DraftId) -> Result<Vec<File>> {
    let rows: Vec<FileRow> = sql!(tx, c => query_as(FILES).bind(firm.0).bind(draft.0).fetch_all(c).await)?;
    let file = |row: FileRow| File {
        id: row.file_id,
        hash: row.hash,
        name: row.name,
        media: row.media,
        size: row.size.cast_unsigned(),
    };
    Ok(rows.into_iter().map(file).collect())
}

/// Attaches a file; its bytes are kept once, however often it is attached.
pub async fn add_file(
    tx: &mut Tx,
    firm: FirmId,
    draft: DraftId,
    name: &str,
    media: &str,
    bytes: &Packed,
) -> Result<()> {
    let (id, size, hash) = (tx.new_id(), bytes.size.cast_signed(), bytes.hash.as_slice());
    run!(tx, query(KEEP_BYTES).bind(firm.0).bind(hash).bind(size).bind(&bytes.packed))?;
    run!(tx, query(ADD_FILE).bind(firm.0).bind(draft.0).bind(id).bind(hash).bind(name).bind(media).bind(size))
        .map(drop)
}

/// Takes a file away again.
pub async fn remove_file(tx: &mut Tx, firm: FirmId, draft: DraftId, file: i64) -> Result<()> {
    if run!(tx, query(REMOVE_FILE).bind(firm.0).bind(draft.0).bind(file))? == 0 {
        return Err(Error::NotFound);
    }
    run!(tx, query(FORGET_BYTES).bind(firm.0)).map(drop)
}

/// What a file holds.
pub async fn bytes(tx: &mut Tx, firm: FirmId, hash: &[u8]) -> Result<Vec<u8>> {
    let found: Option<(i64, Vec<u8>)> =
        sql!(tx, c => query_as(BYTES).bind(firm.0).bind(hash).fetch_optional(c).await)?;
    let (size, packed) = found.ok_or(Error::NotFound)?;
    raw::unpack(hash, size.cast_unsigned(), &packed)
}

/// A text that the firm keeps for its letters.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CannedText {
    /// Its id.
    pub text_id: i64,
    /// What it is called.
    pub name: String,
    /// Its words, with fields such as `{client}`.
    pub words: String,
}

/// All canned texts, by name.
pub async fn texts(tx: &mut Tx, firm: FirmId) -> Result<Vec<CannedText>> {
    sql!(tx, c => query_as(TEXTS).bind(firm.0).fetch_all(c).await)
}

/// Keeps a canned text, or changes it.
pub async fn save_text(
    tx: &mut Tx,
    firm: FirmId,
    text: &CannedText,
    by: StaffId,
    now: Timestamp,
) -> Result<()> {
    run!(
        tx,
        query(SAVE_TEXT)
            .bind(firm.0)
            .bind(text.text_id)
            .bind(&text.name)
            .bind(&text.words)
            .bind(by.0)
            .bind(Ts::from(now))
    )
    .map(drop)
}

/// Throws a canned text away.
pub async fn remove_text(tx: &mut Tx, firm: FirmId, text: i64) -> Result<String> {
    let name: Option<String> =
        sql!(tx, c => query_scalar(REMOVE_TEXT).bind(firm.0).bind(text).fetch_optional(c).await)?;
    name.ok_or(Error::NotFound)
}

/// How somebody writes letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writing {
    /// Put under them; empty: the mailbox's own.
    pub signature: String,
    /// Where they go.
    pub way: Way,
}

/// How somebody writes letters.
pub async fn writing(tx: &mut Tx, firm: FirmId, staff: StaffId) -> Result<Writing> {
    let row: Option<(String, String)> =
        sql!(tx, c => query_as(WRITING).bind(firm.0).bind(staff.0).fetch_optional(c).await)?;
    Ok(row.map(|(signature, way)| Writing { signature, way: Way::named(&way) }).unwrap_or_default())
}

/// Keeps how somebody writes letters.
pub async fn save_writing(tx: &mut Tx, firm: FirmId, staff: StaffId, writing: &Writing) -> Result<()> {
    let way = writing.way.name();
    run!(tx, query(SAVE_WRITING).bind(firm.0).bind(staff.0).bind(&writing.signature).bind(way)).map(drop)
}

/// The connected mailboxes from which somebody may send: their own first, then those that are nobody's alone.
pub async fn senders(tx: &mut Tx, firm: FirmId, staff: StaffId) -> Result<Vec<MailboxId>> {
    let rows: Vec<(i64,)> = sql!(tx, c => query_as(SENDERS).bind(firm.0).bind(staff.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| MailboxId(id)).collect())
}

/// Of these mailboxes, the one in which there was last mail with these addresses.
pub async fn mailbox_of_last(
    tx: &mut Tx,
    firm: FirmId,
    addresses: &[AddressId],
    mailboxes: &[MailboxId],
) -> Result<Option<MailboxId>> {
    let addresses: Vec<i64> = addresses.iter().map(|address| address.0.into()).collect();
    let rows: Vec<(i64, Ts)> = rows::pick(tx, MAIL_WITH, firm, &addresses).await?;
    let theirs = rows.into_iter().map(|(id, at)| (Timestamp::from(at), MailboxId(id)));
    Ok(theirs.filter(|(_, id)| mailboxes.contains(id)).max().map(|(_, id)| id))
}
