//! How far a mailbox was read whose server names its messages and counts its changes as one (JMAP): the state up to which
//! everything was dealt with, and the messages that were. Each has a number here, under which it is listed where it
//! cannot be read.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as, query_scalar};

use super::sources::{self, ServerFolder};
use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::ids::{FirmId, MailboxId, SourceId};

const ACCOUNT: &str = "SELECT place, state, folders, last_number FROM mail_account
    WHERE firm_id = $1 AND mailbox_id = $2";
const REACH: &str =
    "INSERT INTO mail_account (firm_id, mailbox_id, place, state, folders, last_number, reached_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (firm_id, mailbox_id) DO UPDATE SET place = excluded.place, state = excluded.state,
        folders = excluded.folders, last_number = excluded.last_number, reached_at = excluded.reached_at";
const SEEN: &str = "SELECT email_id, number, unwanted FROM mail_seen
    WHERE firm_id = $1 AND mailbox_id = $2 AND email_id = $3";
const ALL_SEEN: &str =
    "SELECT email_id, number, unwanted FROM mail_seen WHERE firm_id = $1 AND mailbox_id = $2";
const WITHHELD: &str = "SELECT m.email_id, m.number FROM unreadable u
    JOIN mail_seen m ON m.firm_id = u.firm_id AND m.mailbox_id = $2 AND m.number = u.position
    WHERE u.firm_id = $1 AND u.source_id = $3 AND u.raw_hash IS NULL AND u.error = $4
    ORDER BY u.position DESC LIMIT $5";
const UNWANTED: &str = "SELECT number FROM mail_seen
    WHERE firm_id = $1 AND mailbox_id = $2 AND unwanted ORDER BY number";
const SEE: &str = "INSERT INTO mail_seen (firm_id, mailbox_id, email_id, number, unwanted)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (firm_id, mailbox_id, email_id) DO UPDATE SET number = excluded.number,
        unwanted = excluded.unwanted";
const GONE: &str = "DELETE FROM mail_seen WHERE firm_id = $1 AND mailbox_id = $2 AND email_id = $3";
const FORGET: &str = "DELETE FROM mail_seen WHERE firm_id = $1 AND mailbox_id = $2";
const HEARD: &str = "UPDATE intake_address SET heard_at = $3, letters = letters + $4
    WHERE firm_id = $1 AND intake_id = $2";

/// How far a mailbox was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The mailbox.
    pub mailbox: MailboxId,
    /// What tells the account from others: ids of messages mean something in it alone.
    pub place: String,
    /// The server's word for the state up to which everything was dealt with; none until that is so.
    pub state: Option<String>,
    /// The folders that were wanted then: where they are others, all messages are looked at again.
    pub folders: String,
    /// The last number that was given to a message.
    pub last: u32,
}

/// A message that was dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its number.
    pub number: u32,
    /// It lay among unwanted mail, so only its header was looked at.
    pub unwanted: bool,
}

/// What was reached, to be written with what was read up to there.
#[derive(Debug, Clone, Copy)]
pub enum Reached<'a> {
    /// A place in a folder.
    Folder(&'a ServerFolder),
    /// A place in a whole mailbox, and the messages that were dealt with on the way.
    Account(&'a Account, &'a [(String, Seen)]),
    /// Nothing: letters were handed in, so many, for a secret address.
    HandedIn(i64, u64),
}

#[derive(FromRow)]
struct Row {
    email_id: String,
    number: i64,
    unwanted: bool,
}

impl Row {
    fn seen(self) -> (String, Seen) {
        (self.email_id, Seen { number: number(self.number), unwanted: self.unwanted })
    }
}

fn number(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

impl Reached<'_> {
    /// Writes it.
    pub async fn save(&self, tx: &mut Tx, firm: FirmId, now: Timestamp) -> Result<()> {
        match self {
            Reached::Folder(place) => sources::reach_folder(tx, firm, place, now).await,
            Reached::Account(account, seen) => {
                for (id, seen) in *seen {
                    see(tx, firm, account.mailbox, id, *seen).await?;
                }
                reach(tx, firm, account, now).await
            }
            Reached::HandedIn(address, letters) => heard(tx, firm, *address, *letters, now).await,
        }
    }
}

/// Notes that letters were handed in for a secret address.
async fn heard(tx: &mut Tx, firm: FirmId, address: i64, letters: u64, now: Timestamp) -> Result<()> {
    let letters = letters.cast_signed();
    run!(tx, query(HEARD).bind(firm.0).bind(address).bind(Ts::from(now)).bind(letters)).map(drop)
}

/// How far a mailbox was read. Where another account was read before, its messages are forgotten.
pub async fn account(tx: &mut Tx, firm: FirmId, mailbox: MailboxId, place: &str) -> Result<Account> {
    type Known = (String, Option<String>, String, i64);
    let known: Option<Known> =
        sql!(tx, c => query_as(ACCOUNT).bind(firm.0).bind(mailbox.0).fetch_optional(c).await)?;
    let mut account =
        Account { mailbox, place: place.to_owned(), state: None, folders: String::new(), last: 0 };
    if let Some((known, state, folders, last)) = known {
        account.last = number(last);
        match known == place {
            true => (account.state, account.folders) = (state, folders),
            false => drop(run!(tx, query(FORGET).bind(firm.0).bind(mailbox.0))?),
        }
    }
    Ok(account)
}

/// Notes how far a mailbox was read.
pub async fn reach(tx: &mut Tx, firm: FirmId, at: &Account, now: Timestamp) -> Result<()> {
    run!(
        tx,
        query(REACH)
            .bind(firm.0)
            .bind(at.mailbox.0)
            .bind(&at.place)
            .bind(&at.state)
            .bind(&at.folders)
            .bind(i64::from(at.last))
            .bind(Ts::from(now))
    )
    .map(drop)
}

/// Those of these messages that were dealt with.
pub async fn seen(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    ids: &[String],
) -> Result<HashMap<String, Seen>> {
    let mut found = HashMap::new();
    for id in ids {
        let row: Option<Row> =
            sql!(tx, c => query_as(SEEN).bind(firm.0).bind(mailbox.0).bind(id).fetch_optional(c).await)?;
        found.extend(row.map(Row::seen));
    }
    Ok(found)
}

/// All messages that were dealt with and not forgotten since.
pub async fn all_seen(tx: &mut Tx, firm: FirmId, mailbox: MailboxId) -> Result<HashMap<String, Seen>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(ALL_SEEN).bind(firm.0).bind(mailbox.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Row::seen).collect())
}

/// The messages of a folder that were noted with these words and without their bytes, and that the server still lists:
/// its names for them and their numbers, the newest first, and at most so many.
pub async fn withheld(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    source: SourceId,
    words: &str,
    most: u32,
) -> Result<Vec<(String, u32)>> {
    let rows: Vec<(String, i64)> = sql!(tx, c => query_as(WITHHELD).bind(firm.0).bind(mailbox.0).bind(source.0)
        .bind(words).bind(i64::from(most)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, at)| (id, number(at))).collect())
}

/// The numbers of those that lie among unwanted mail.
pub async fn unwanted(tx: &mut Tx, firm: FirmId, mailbox: MailboxId) -> Result<Vec<u32>> {
    let rows: Vec<i64> =
        sql!(tx, c => query_scalar(UNWANTED).bind(firm.0).bind(mailbox.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(number).collect())
}

/// Notes that a message was dealt with.
pub async fn see(tx: &mut Tx, firm: FirmId, mailbox: MailboxId, id: &str, seen: Seen) -> Result<()> {
    let number = i64::from(seen.number);
    run!(tx, query(SEE).bind(firm.0).bind(mailbox.0).bind(id).bind(number).bind(seen.unwanted)).map(drop)
}

/// Forgets a message that is on the server no more, or lies where nothing is fetched. Its entry stays.
pub async fn forget(tx: &mut Tx, firm: FirmId, mailbox: MailboxId, id: &str) -> Result<()> {
    run!(tx, query(GONE).bind(firm.0).bind(mailbox.0).bind(id)).map(drop)
}
