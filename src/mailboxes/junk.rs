//! Letters of clients that a server took for unwanted: only their headers are fetched, and they are listed as a
//! warning until they are moved out of that folder.

use jiff::Timestamp;
use sqlx::{query, query_as};

use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::ids::{ClientId, FirmId, FolderId};

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

/// Where a letter lies: the folder, the generation of its numbers, the number.
pub(super) type Spot = (FolderId, u32, u32);

/// Lists a client's letter.
pub(super) async fn add(
    tx: &mut Tx,
    firm: FirmId,
    (folder, uidvalidity, uid): Spot,
    client: ClientId,
    sender: &str,
    subject: &str,
    sent: Timestamp,
) -> Result<()> {
    run!(
        tx,
        query(ADD)
            .bind(firm.0)
            .bind(folder.0)
            .bind(i64::from(uidvalidity))
            .bind(i64::from(uid))
            .bind(client.0)
            .bind(crate::record::storable(sender))
            .bind(crate::record::storable(subject))
            .bind(Ts::from(sent))
    )
    .map(drop)
}

/// Takes those off the list that are in the folder no more.
pub(super) async fn keep_only(
    tx: &mut Tx,
    firm: FirmId,
    folder: FolderId,
    uidvalidity: u32,
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
