//! How far each file was imported, where mail lies, and what could not be read.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as, query_scalar};
use wire::imap::{FolderState, UidSet};

use super::raw::Packed;
use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::ids::{AddressId, FirmId, FolderId, MailboxId, SourceId, StaffId};

/// A file (or folder of files) that was imported, wholly or up to a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// Where it is, as the importer names it.
    pub path: String,
    /// Its size when it was last looked at, in bytes.
    pub size: u64,
    /// When it was last changed, as the file system says; any number that differs after a change.
    pub stamp: i64,
    /// Everything before this place is in the record.
    pub reached: u64,
    /// For an archive or a folder of files: the file in it that is next.
    pub member: Option<String>,
    /// It was read to its end.
    pub done: bool,
    /// How many messages were found in it, copies and unreadable ones included.
    pub messages: u64,
}

#[derive(FromRow)]
struct SourceRow {
    source_id: i64,
    path: String,
    size: i64,
    stamp: i64,
    reached: i64,
    member: Option<String>,
    done: bool,
    messages: i64,
}

const SOURCES: &str = "SELECT source_id, path, size, stamp, reached, member, done, messages
    FROM source_file WHERE firm_id = $1 ORDER BY path";
const REACH: &str = "INSERT INTO source_file
        (firm_id, source_id, path, size, stamp, reached, member, done, messages, imported_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (firm_id, path) DO UPDATE SET size = excluded.size, stamp = excluded.stamp,
        reached = excluded.reached, member = excluded.member, done = excluded.done, messages = excluded.messages,
        imported_at = excluded.imported_at
    RETURNING source_id";
const UNREADABLE: &str =
    "INSERT INTO unreadable (firm_id, source_id, position, error, raw_hash) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (firm_id, source_id, position) DO UPDATE SET error = excluded.error, raw_hash = excluded.raw_hash";
const FORGET_UNREADABLE: &str = "DELETE FROM unreadable WHERE firm_id = $1 AND source_id = $2";
const WITHHELD: &str = "SELECT position FROM unreadable
    WHERE firm_id = $1 AND source_id = $2 AND raw_hash IS NULL AND error = $3 ORDER BY position DESC LIMIT $4";
const GIVEN: &str = "DELETE FROM unreadable WHERE firm_id = $1 AND source_id = $2 AND position = $3";
const ALL_UNREADABLE: &str = "SELECT s.path, u.position, u.error FROM unreadable u
    JOIN source_file s ON s.firm_id = u.firm_id AND s.source_id = u.source_id
    WHERE u.firm_id = $1 ORDER BY s.path, u.position";
const OWN: &str = "UPDATE mailbox SET staff_id = $3 WHERE firm_id = $1 AND name = $2 AND staff_id IS NULL";
const MAILBOX: &str = "INSERT INTO mailbox (firm_id, mailbox_id, name, address, staff_id, shows, made_at)
    VALUES ($1, $2, $3, $4, $5, 'clients', $6)
    ON CONFLICT (firm_id, name) DO UPDATE SET address = COALESCE(excluded.address, mailbox.address),
        staff_id = COALESCE(excluded.staff_id, mailbox.staff_id)
    RETURNING mailbox_id";
const FOLDER: &str =
    "INSERT INTO folder (firm_id, folder_id, mailbox_id, name, kind) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (firm_id, mailbox_id, name) DO UPDATE SET kind = excluded.kind RETURNING folder_id";

const PLACE: &str = "SELECT source_id, uidvalidity, uidnext, modseq, known FROM folder_state
    WHERE firm_id = $1 AND folder_id = $2";
const REACH_FOLDER: &str = "INSERT INTO folder_state
        (firm_id, folder_id, source_id, uidvalidity, uidnext, modseq, known, reached_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (firm_id, folder_id) DO UPDATE SET uidvalidity = excluded.uidvalidity, uidnext = excluded.uidnext,
        modseq = excluded.modseq, known = excluded.known, reached_at = excluded.reached_at";

/// A folder on a server, and how far it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFolder {
    /// The folder.
    pub folder: FolderId,
    /// What stands for it among the files that were read.
    pub source: SourceId,
    /// What is known of it.
    pub state: FolderState,
}

/// A folder on a server with what is known of it; nothing where it was never read. `path` names it among the files.
pub async fn server_folder(
    tx: &mut Tx,
    firm: FirmId,
    folder: FolderId,
    path: &str,
    now: Timestamp,
) -> Result<ServerFolder> {
    type Row = (i64, i64, i64, i64, String);
    let row: Option<Row> =
        sql!(tx, c => query_as(PLACE).bind(firm.0).bind(folder.0).fetch_optional(c).await)?;
    if let Some((source, uidvalidity, uidnext, modseq, known)) = row {
        let number = |n: i64| u32::try_from(n).unwrap_or(0);
        let known = UidSet::parse(&known).unwrap_or_default();
        let modseq = modseq.cast_unsigned();
        let state = FolderState { uidvalidity: number(uidvalidity), uidnext: number(uidnext), modseq, known };
        return Ok(ServerFolder { folder, source: SourceId(source), state });
    }
    let source = Source {
        id: SourceId(0),
        path: path.to_owned(),
        size: 0,
        stamp: 0,
        reached: 0,
        member: None,
        done: true,
        messages: 0,
    };
    let source = reach(tx, firm, &source, now).await?;
    let new = ServerFolder { folder, source, state: FolderState::default() };
    reach_folder(tx, firm, &new, now).await?;
    Ok(new)
}

/// Notes how far a folder on a server was read, in the transaction that holds what was read up to there.
pub async fn reach_folder(tx: &mut Tx, firm: FirmId, at: &ServerFolder, now: Timestamp) -> Result<()> {
    let state = &at.state;
    run!(
        tx,
        query(REACH_FOLDER)
            .bind(firm.0)
            .bind(at.folder.0)
            .bind(at.source.0)
            .bind(i64::from(state.uidvalidity))
            .bind(i64::from(state.uidnext))
            .bind(state.modseq.cast_signed())
            .bind(state.known.to_string())
            .bind(Ts::from(now))
    )
    .map(drop)
}

const ADOPT: &str =
    "UPDATE mailbox SET staff_id = $2 WHERE firm_id = $1 AND staff_id IS NULL AND made_at = $3";

/// Gives the mailboxes that were made at a moment, and of which nobody knows whose they are, to whoever brought them
/// in.
pub async fn adopt_mailboxes(tx: &mut Tx, firm: FirmId, owner: StaffId, made: Timestamp) -> Result<()> {
    run!(tx, query(ADOPT).bind(firm.0).bind(owner.0).bind(Ts::from(made))).map(drop)
}

/// All files imported so far, by path.
pub async fn sources(tx: &mut Tx, firm: FirmId) -> Result<Vec<Source>> {
    let rows: Vec<SourceRow> = sql!(tx, c => query_as(SOURCES).bind(firm.0).fetch_all(c).await)?;
    let source = |row: SourceRow| Source {
        id: SourceId(row.source_id),
        path: row.path,
        size: row.size.cast_unsigned(),
        stamp: row.stamp,
        reached: row.reached.cast_unsigned(),
        member: row.member,
        done: row.done,
        messages: row.messages.cast_unsigned(),
    };
    Ok(rows.into_iter().map(source).collect())
}

/// Notes how far a file was imported, in the transaction that holds what was read up to there. A file never noted
/// before may have any id (0, say); the one that counts is given back.
pub async fn reach(tx: &mut Tx, firm: FirmId, source: &Source, now: Timestamp) -> Result<SourceId> {
    let id = if source.id.0 == 0 { tx.new_id() } else { source.id.0 };
    let id: i64 = sql!(tx, c => query_scalar(REACH).bind(firm.0).bind(id).bind(super::storable(&source.path))
        .bind(source.size.cast_signed()).bind(source.stamp).bind(source.reached.cast_signed()).bind(&source.member).bind(source.done)
        .bind(source.messages.cast_signed()).bind(Ts::from(now)).fetch_one(c).await)?;
    Ok(SourceId(id))
}

/// Forgets what could not be read in a file, before it is read again from its beginning.
pub async fn forget_unreadable(tx: &mut Tx, firm: FirmId, source: SourceId) -> Result<()> {
    run!(tx, query(FORGET_UNREADABLE).bind(firm.0).bind(source.0)).map(drop)
}

/// Notes what could not be read, and why, and keeps its bytes where there are any.
pub async fn note_unreadable(
    tx: &mut Tx,
    firm: FirmId,
    source: SourceId,
    position: u64,
    error: &str,
    raw: Option<&Packed>,
) -> Result<()> {
    let (position, error) = (position.cast_signed(), super::storable(error));
    if let Some(raw) = raw {
        super::raw::save(tx, firm, raw).await?;
    }
    let hash = raw.map(|raw| raw.hash.as_slice());
    run!(tx, query(UNREADABLE).bind(firm.0).bind(source.0).bind(position).bind(error).bind(hash)).map(drop)
}

/// The numbers of messages in a folder on a server that were noted with these words and without their bytes: the newest,
/// and at most so many.
pub async fn withheld(
    tx: &mut Tx,
    firm: FirmId,
    source: SourceId,
    words: &str,
    most: u32,
) -> Result<Vec<u32>> {
    let found: Vec<i64> = sql!(tx, c => query_scalar(WITHHELD).bind(firm.0).bind(source.0).bind(words)
        .bind(i64::from(most)).fetch_all(c).await)?;
    Ok(found.into_iter().filter_map(|number| u32::try_from(number).ok()).collect())
}

/// Notes that a message could be had after all.
pub async fn given(tx: &mut Tx, firm: FirmId, source: SourceId, number: u32) -> Result<()> {
    run!(tx, query(GIVEN).bind(firm.0).bind(source.0).bind(i64::from(number))).map(drop)
}

/// What could not be read: path, place in it, and why.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Unreadable {
    /// The file.
    pub path: String,
    /// Where in it the item begins.
    pub position: i64,
    /// Why.
    pub error: String,
}

/// Everything that could not be read, by path and place.
pub async fn unreadable(tx: &mut Tx, firm: FirmId) -> Result<Vec<Unreadable>> {
    sql!(tx, c => query_as(ALL_UNREADABLE).bind(firm.0).fetch_all(c).await)
}

/// The mailbox of that name, made where there is none. Only its owner sees in it whom nobody has placed yet.
pub async fn mailbox(
    tx: &mut Tx,
    firm: FirmId,
    name: &str,
    address: Option<AddressId>,
    owner: Option<StaffId>,
    now: Timestamp,
) -> Result<MailboxId> {
    let (id, address) = (tx.new_id(), address.map(|address| i64::from(address.0)));
    let id: i64 = sql!(tx, c => query_scalar(MAILBOX).bind(firm.0).bind(id).bind(super::storable(name))
        .bind(address).bind(owner.map(|staff| staff.0)).bind(Ts::from(now)).fetch_one(c).await)?;
    Ok(MailboxId(id))
}

/// Says that the mailbox of that name is somebody's own, where nobody knew whose it is.
pub async fn own_mailbox(tx: &mut Tx, firm: FirmId, name: &str, owner: StaffId) -> Result<()> {
    run!(tx, query(OWN).bind(firm.0).bind(super::storable(name)).bind(owner.0)).map(drop)
}

/// The folder of that name in a mailbox, made where there is none; `kind` is `inbox`, `sent`, `other` …
pub async fn folder(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    name: &str,
    kind: &str,
) -> Result<FolderId> {
    let id = tx.new_id();
    let id: i64 = sql!(tx, c => query_scalar(FOLDER).bind(firm.0).bind(id).bind(mailbox.0)
        .bind(super::storable(name)).bind(kind).fetch_one(c).await)?;
    Ok(FolderId(id))
}
