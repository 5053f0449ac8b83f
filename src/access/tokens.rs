//! Tokens: a program acts for somebody.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as, query_scalar};

use super::secret::Secret;
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, StaffId};

const MAKE: &str = "INSERT INTO token (firm_id, token_hash, token_id, staff_id, name, scope, made_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (firm_id, token_hash) DO NOTHING";
const FIND: &str = "SELECT t.staff_id, t.scope, f.revision FROM token t
    JOIN firm f ON f.firm_id = t.firm_id WHERE t.firm_id = $1 AND t.token_hash = $2";
const ALL: &str = "SELECT token_id, name, scope, made_at FROM token WHERE firm_id = $1 AND staff_id = $2
    ORDER BY made_at DESC, token_id";
const REMOVE: &str =
    "DELETE FROM token WHERE firm_id = $1 AND staff_id = $2 AND token_id = $3 RETURNING name";

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Look.
    Read,
    /// Look and act.
    Act,
    /// Only the calendar feed of what its owner owes.
    Feed,
}

impl Scope {
    /// The word in tables and forms.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Act => "act",
            Scope::Feed => "feed",
        }
    }

    /// The scope of that name.
    pub fn named(name: &str) -> Option<Scope> {
        [Scope::Read, Scope::Act, Scope::Feed].into_iter().find(|scope| scope.name() == name)
    }
}

/// A token that was found.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// For whom it acts.
    pub staff: StaffId,
    /// What it may do.
    pub scope: Scope,
    /// The firm's revision at this moment.
    pub revision: i64,
}

/// Makes a token of a secret, whose text is shown once and never again; false where it is one already.
pub async fn make(
    tx: &mut Tx,
    firm: FirmId,
    staff: StaffId,
    secret: &Secret,
    name: &str,
    scope: Scope,
    now: Timestamp,
) -> Result<bool> {
    let name = crate::text::storable(name.trim());
    if name.is_empty() || 100 < name.chars().count() {
        return Err(Error::invalid("the name", "of a token has 1 to 100 characters"));
    }
    let (id, hash) = (tx.new_id(), secret.hash());
    let made = run!(
        tx,
        query(MAKE)
            .bind(firm.0)
            .bind(hash.as_slice())
            .bind(id)
            .bind(staff.0)
            .bind(name.as_ref())
            .bind(scope.name())
            .bind(Ts::from(now))
    )?;
    Ok(made == 1)
}

/// The token of a secret.
pub async fn find(tx: &mut Tx, firm: FirmId, secret: &Secret) -> Result<Option<Token>> {
    let hash = secret.hash();
    let found: Option<(i64, String, i64)> =
        sql!(tx, c => query_as(FIND).bind(firm.0).bind(hash.as_slice()).fetch_optional(c).await)?;
    Ok(found.and_then(|(staff, scope, revision)| {
        Some(Token { staff: StaffId(staff), scope: Scope::named(&scope)?, revision })
    }))
}

/// A token, for the list of one's own.
#[derive(Debug, Clone, FromRow)]
pub struct Listed {
    /// Its id.
    pub token_id: i64,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub scope: String,
    /// When it was made.
    pub made_at: Ts,
}

/// The tokens of somebody, the newest first.
pub async fn all(tx: &mut Tx, firm: FirmId, staff: StaffId) -> Result<Vec<Listed>> {
    sql!(tx, c => query_as(ALL).bind(firm.0).bind(staff.0).fetch_all(c).await)
}

/// Takes a token away from somebody; gives what it was called.
pub async fn remove(tx: &mut Tx, firm: FirmId, staff: StaffId, token: i64) -> Result<String> {
    let name: Option<String> =
        sql!(tx, c => query_scalar(REMOVE).bind(firm.0).bind(staff.0).bind(token).fetch_optional(c).await)?;
    name.ok_or(Error::NotFound)
}
