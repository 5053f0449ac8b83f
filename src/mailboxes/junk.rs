//! Letters of clients that a server took for unwanted: they are read like any other letter, and listed as a warning until
//! they are moved out of that folder. Of all else in such a folder only headers are looked at.

use jiff::Timestamp;
use sqlx::{query, query_as};

use crate::db::{Ts, Tx, rows, run, sql};
use crate::error::Result;
use crate::ids::{ClientId, FirmId, FolderId, NaturalKey};
use crate::record::{addresses, book};

/// A client's letter in a folder for unwanted mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JunkLetter {
    /// The client.
    pub client: ClientId,
    /// Its name.
    pub client_name: String,
    /// The mailbox it was sent to.
    pub mailbox: String,
    /// Who wrote it.
    pub sender: String,
    /// About what.
    pub subject: String,
    /// When.
    pub sent: Timestamp,
}

const ADD: &str =
    "INSERT INTO junk_letter (firm_id, folder_id, uidvalidity, uid, client_id, sender, subject, sent_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (firm_id, folder_id, uidvalidity, uid) DO NOTHING";
const UIDS: &str = "SELECT uid FROM junk_letter WHERE firm_id = $1 AND folder_id = $2 AND uidvalidity = $3";
const OTHER: &str = "DELETE FROM junk_letter WHERE firm_id = $1 AND folder_id = $2 AND uidvalidity <> $3";
const GONE: &str =
    "DELETE FROM junk_letter WHERE firm_id = $1 AND folder_id = $2 AND uidvalidity = $3 AND uid = $4";
const ALL: &str = "SELECT c.client_id, c.name, m.name, j.sender, j.subject, j.sent_at FROM junk_letter j
    JOIN client c ON c.firm_id = j.firm_id AND c.client_id = j.client_id
    JOIN folder f ON f.firm_id = j.firm_id AND f.folder_id = j.folder_id
    JOIN mailbox m ON m.firm_id = f.firm_id AND m.mailbox_id = f.mailbox_id
    WHERE j.firm_id = $1 ORDER BY j.sent_at DESC";

const HELD: &str = "SELECT e.natural_key FROM entry e
    JOIN entry_mailbox m ON m.firm_id = e.firm_id AND m.entry_id = e.entry_id
    JOIN folder f ON f.firm_id = m.firm_id AND f.folder_id = m.folder_id
    WHERE e.firm_id = {firm} AND e.natural_key IN {list}
    GROUP BY e.natural_key HAVING MIN(CASE WHEN f.kind = 'spam' THEN 1 ELSE 0 END) = 1";

/// A letter in a folder for unwanted mail, by its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// Its number in the folder.
    pub(super) uid: u32,
    /// Who wrote it.
    pub(super) from: String,
    /// About what.
    pub(super) subject: String,
    /// When.
    pub(super) sent: Timestamp,
}

/// A folder, and the generation of its numbers.
pub(super) type Place = (FolderId, u32);

/// Those that clients wrote, each with whose it is.
pub(super) async fn of_clients(tx: &mut Tx, firm: FirmId, seen: Vec<Seen>) -> Result<Vec<(ClientId, Seen)>> {
    let book = if seen.is_empty() { None } else { Some(book::load(tx, firm).await?) };
    let mut theirs = Vec::new();
    for letter in seen {
        let Some(address) = addresses::find(tx, firm, &letter.from).await? else { continue };
        let client = book.as_ref().and_then(|book| book.directory.who(address).client());
        // Whom nobody said to be a client is no warning: unwanted mail has many senders.
        let is_client =
            |client| book.as_ref().and_then(|book| book.client(client)).is_some_and(|c| c.kind.is_served());
        theirs.extend(client.filter(|client| is_client(*client)).map(|client| (client, letter)));
    }
    Ok(theirs)
}

/// Lists letters that clients wrote; how many they are.
pub(super) async fn list(
    tx: &mut Tx,
    firm: FirmId,
    place: Place,
    theirs: &[(ClientId, Seen)],
) -> Result<u64> {
    for (client, letter) in theirs {
        add(tx, firm, place, *client, letter).await?;
    }
    Ok(theirs.len() as u64)
}

async fn add(
    tx: &mut Tx,
    firm: FirmId,
    (folder, uidvalidity): Place,
    client: ClientId,
    letter: &Seen,
) -> Result<()> {
    run!(
        tx,
        query(ADD)
            .bind(firm.0)
            .bind(folder.0)
            .bind(i64::from(uidvalidity))
            .bind(i64::from(letter.uid))
            .bind(client.0)
            .bind(crate::record::storable(&letter.from))
            .bind(crate::record::storable(&letter.subject))
            .bind(Ts::from(letter.sent))
    )
    .map(drop)
}

/// Takes those off the list that are in the folder no more.
pub(super) async fn keep_only(
    tx: &mut Tx,
    firm: FirmId,
    (folder, uidvalidity): Place,
    is_there: impl Fn(u32) -> bool,
) -> Result<()> {
    let validity = i64::from(uidvalidity);
    run!(tx, query(OTHER).bind(firm.0).bind(folder.0).bind(validity))?;
    let listed: Vec<(i64,)> =
        sql!(tx, c => query_as(UIDS).bind(firm.0).bind(folder.0).bind(validity).fetch_all(c).await)?;
    for (uid,) in listed.into_iter().filter(|(uid,)| !u32::try_from(*uid).is_ok_and(&is_there)) {
        run!(tx, query(GONE).bind(firm.0).bind(folder.0).bind(validity).bind(uid))?;
    }
    Ok(())
}

/// Whether one of these letters lies among unwanted mail and nowhere else.
pub async fn holds_one(tx: &mut Tx, firm: FirmId, letters: &[NaturalKey]) -> Result<bool> {
    let keys: Vec<i64> = letters.iter().map(|key| key.0.cast_signed()).collect();
    let held: Vec<(i64,)> = rows::pick(tx, HELD, firm, &keys).await?;
    Ok(!held.is_empty())
}

/// All letters of clients that lie in folders for unwanted mail, the newest first.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<JunkLetter>> {
    type Row = (i64, String, String, String, String, Ts);
    let rows: Vec<Row> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    let letter = |(client, client_name, mailbox, sender, subject, sent): Row| JunkLetter {
        client: ClientId(client),
        client_name,
        mailbox,
        sender,
        subject,
        sent: sent.into(),
    };
    Ok(rows.into_iter().map(letter).collect())
}
