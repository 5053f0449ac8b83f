//! Secret addresses as rows, and addresses that were refused.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as, query_scalar};

use super::Local;
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId, StaffId};
use crate::record::sources;

/// So many refused addresses are kept, the newest.
const KEPT: i64 = 100;

const ADD: &str = "INSERT INTO intake_address
        (firm_id, intake_id, name, staff_id, mailbox_id, secret_hash, made_by_id, made_at, letters)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)";
const ALL: &str = "SELECT intake_id, name, staff_id, mailbox_id, revoked_at, heard_at, letters
    FROM intake_address WHERE firm_id = $1 ORDER BY name, intake_id";
const FIND: &str = "SELECT intake_id, name, staff_id, mailbox_id, revoked_at, heard_at, letters
    FROM intake_address WHERE firm_id = $1 AND secret_hash = $2 AND revoked_at IS NULL";
const REVOKE: &str = "UPDATE intake_address SET revoked_at = $3
    WHERE firm_id = $1 AND intake_id = $2 AND revoked_at IS NULL";
const REFUSE: &str = "INSERT INTO intake_refused (firm_id, address, times, first_at, last_at)
    VALUES ($1, $2, 1, $3, $3)
    ON CONFLICT (firm_id, address) DO UPDATE SET times = intake_refused.times + 1, last_at = excluded.last_at";
const REFUSED: &str = "SELECT address, times, last_at FROM intake_refused
    WHERE firm_id = $1 ORDER BY last_at DESC, address";
const OLDEST: &str =
    "SELECT last_at FROM intake_refused WHERE firm_id = $1 ORDER BY last_at DESC LIMIT 1 OFFSET $2";
const FORGET: &str = "DELETE FROM intake_refused WHERE firm_id = $1 AND last_at < $2";

/// A secret address, without its secret: that was shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Whose mail comes to it; none for one that the firm shares.
    pub staff: Option<StaffId>,
    /// The mailbox in which its letters lie.
    pub mailbox: MailboxId,
    /// Since when nothing is taken for it any more.
    pub revoked: Option<Timestamp>,
    /// When something came to it last.
    pub heard: Option<Timestamp>,
    /// So many letters came to it.
    pub letters: u64,
}

#[derive(FromRow)]
struct Row {
    intake_id: i64,
    name: String,
    staff_id: Option<i64>,
    mailbox_id: i64,
    revoked_at: Option<Ts>,
    heard_at: Option<Ts>,
    letters: i64,
}

impl From<Row> for Address {
    fn from(row: Row) -> Address {
        Address {
            id: row.intake_id,
            name: row.name,
            staff: row.staff_id.map(StaffId),
            mailbox: MailboxId(row.mailbox_id),
            revoked: row.revoked_at.map(Into::into),
            heard: row.heard_at.map(Into::into),
            letters: row.letters.cast_unsigned(),
        }
    }
}

/// An address that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The address, as it was named.
    pub address: String,
    /// How often.
    pub times: u64,
    /// When last.
    pub last: Timestamp,
}

/// Keeps a new secret address, of somebody or of the whole firm. False where it is kept already.
pub async fn add(
    tx: &mut Tx,
    firm: FirmId,
    name: &str,
    staff: Option<StaffId>,
    local: &Local,
    by: StaffId,
    now: Timestamp,
) -> Result<bool> {
    if name.is_empty() {
        return Err(Error::invalid("the name", "is missing"));
    }
    // First, for it makes whoever hands the same form in at the same moment wait until this is done.
    let mailbox = sources::mailbox(tx, firm, &mailbox_name(name), None, staff, now).await?;
    if find(tx, local).await?.is_some() {
        return Ok(false);
    }
    if all(tx, firm).await?.iter().any(|address| address.name == name) {
        return Err(Error::invalid("the name", "is one that another address has or had; choose another"));
    }
    let (id, hash) = (tx.new_id(), local.hash());
    run!(
        tx,
        query(ADD)
            .bind(firm.0)
            .bind(id)
            .bind(name)
            .bind(staff.map(|staff| staff.0))
            .bind(mailbox.0)
            .bind(&hash[..])
            .bind(by.0)
            .bind(Ts::from(now))
    )?;
    Ok(true)
}

/// What the mailbox is called in which the letters of an address lie.
pub fn mailbox_name(name: &str) -> String {
    format!("forwarded: {name}")
}

/// All of a firm, by name; also those that are revoked.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Address>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Address::from).collect())
}

/// The address with that secret, where mail is taken for it.
pub async fn find(tx: &mut Tx, local: &Local) -> Result<Option<Address>> {
    let hash = local.hash();
    let row: Option<Row> =
        sql!(tx, c => query_as(FIND).bind(local.firm.0).bind(&hash[..]).fetch_optional(c).await)?;
    Ok(row.map(Address::from))
}

/// Takes nothing for an address from now on. What came stays.
pub async fn revoke(tx: &mut Tx, firm: FirmId, id: i64, now: Timestamp) -> Result<()> {
    match run!(tx, query(REVOKE).bind(firm.0).bind(id).bind(Ts::from(now)))? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Notes that an address was refused.
pub async fn refuse(tx: &mut Tx, firm: FirmId, address: &str, now: Timestamp) -> Result<()> {
    let address: String = crate::text::storable(address).chars().take(320).collect();
    run!(tx, query(REFUSE).bind(firm.0).bind(address.to_lowercase()).bind(Ts::from(now)))?;
    let oldest: Option<Ts> =
        sql!(tx, c => query_scalar(OLDEST).bind(firm.0).bind(KEPT).fetch_optional(c).await)?;
    match oldest {
        Some(oldest) => run!(tx, query(FORGET).bind(firm.0).bind(oldest)).map(drop),
        None => Ok(()),
    }
}

/// Addresses that were refused, the newest first.
pub async fn refused(tx: &mut Tx, firm: FirmId) -> Result<Vec<Refused>> {
    let rows: Vec<(String, i64, Ts)> = sql!(tx, c => query_as(REFUSED).bind(firm.0).fetch_all(c).await)?;
    let refused = |(address, times, last): (String, i64, Ts)| Refused {
        address,
        times: times.cast_unsigned(),
        last: last.into(),
    };
    Ok(rows.into_iter().map(refused).collect())
}
