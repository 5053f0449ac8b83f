//! Passwords: Argon2id with the library's defaults (19 MiB, two passes), as OWASP's password storage cheat sheet asks.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use jiff::Timestamp;
use sqlx::{query, query_as};

use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, StaffId};

/// Shorter passwords are refused.
pub const SHORTEST: usize = 10;
/// Longer ones too: a hash of a megabyte would cost the server, and nobody types that.
pub const LONGEST: usize = 1000;

const SAVE: &str =
    "INSERT INTO sign_in (firm_id, staff_id, email, password, changed_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (firm_id, staff_id) DO UPDATE SET email = excluded.email, password = excluded.password,
        changed_at = excluded.changed_at";
const BY_EMAIL: &str = "SELECT staff_id, password FROM sign_in WHERE firm_id = $1 AND email = $2";
const OF_STAFF: &str = "SELECT email, password FROM sign_in WHERE firm_id = $1 AND staff_id = $2";
const HAVE: &str = "SELECT staff_id, email FROM sign_in WHERE firm_id = $1";
const REMOVE: &str = "DELETE FROM sign_in WHERE firm_id = $1 AND staff_id = $2";

/// Hashes a password; takes about a tenth of a second of one core, so call it off the threads that serve pages.
pub fn hash(password: &str) -> Result<String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Error::invalid("password", format!("takes at least {SHORTEST} characters")));
    }
    if LONGEST < length {
        return Err(Error::invalid("password", format!("takes at most {LONGEST} characters")));
    }
    let hashed = Argon2::default().hash_password(password.as_bytes());
    let hashed = hashed.map_err(|e| Error::Unexpected(anyhow::anyhow!("hashing a password: {e}")))?;
    Ok(hashed.to_string())
}

/// Whether this is the password that was hashed. Costs as much as hashing, also where there is no hash: from outside,
/// an address that has no account looks like a wrong password.
pub fn is_right(password: &str, hashed: Option<&str>) -> bool {
    // Of no password: nothing that is typed has this hash.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$cmVnYXJkLW5vYm9keQ$\
                          6Qe8X0mB5zqkz2Gk4C1mYw9y7eX3mJm2mS0s3mC1mYw";
    let right = |hashed: &str| {
        PasswordHash::new(hashed)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    };
    match hashed {
        Some(hashed) => password.len() <= LONGEST * 4 && right(hashed),
        None => {
            right(NOBODY);
            false
        }
    }
}

/// Gives somebody an address to sign in with and a password, by its hash.
pub async fn save(
    tx: &mut Tx,
    firm: FirmId,
    staff: StaffId,
    email: &str,
    hashed: &str,
    now: Timestamp,
) -> Result<()> {
    let email = email.trim().to_lowercase();
    run!(tx, query(SAVE).bind(firm.0).bind(staff.0).bind(&email).bind(hashed).bind(Ts::from(now))).map(drop)
}

/// Who signs in with this address, and the hash of their password.
pub async fn find(tx: &mut Tx, firm: FirmId, email: &str) -> Result<Option<(StaffId, String)>> {
    let email = email.trim().to_lowercase();
    let found: Option<(i64, String)> =
        sql!(tx, c => query_as(BY_EMAIL).bind(firm.0).bind(&email).fetch_optional(c).await)?;
    Ok(found.map(|(staff, hashed)| (StaffId(staff), hashed)))
}

/// With which address somebody signs in, and the hash of their password.
pub async fn of_staff(tx: &mut Tx, firm: FirmId, staff: StaffId) -> Result<Option<(String, String)>> {
    sql!(tx, c => query_as(OF_STAFF).bind(firm.0).bind(staff.0).fetch_optional(c).await)
}

/// Everybody who can sign in, with the address.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<(StaffId, String)>> {
    let rows: Vec<(i64, String)> = sql!(tx, c => query_as(HAVE).bind(firm.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(staff, email)| (StaffId(staff), email)).collect())
}

/// Somebody can sign in no more.
pub async fn remove(tx: &mut Tx, firm: FirmId, staff: StaffId) -> Result<()> {
    run!(tx, query(REMOVE).bind(firm.0).bind(staff.0)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_is_right() {
        let hashed = hash("correct horse").unwrap();
        assert!(hashed.starts_with("$argon2id$"), "{hashed}");
        assert!(is_right("correct horse", Some(&hashed)));
        assert!(!is_right("correct horse ", Some(&hashed)));
        assert!(!is_right("correct horse", None));
        assert_ne!(hash("correct horse").unwrap(), hashed, "the same password hashes differently each time");
    }

    #[test]
    fn short_and_endless_passwords_are_refused_with_words() {
        assert!(hash("short").unwrap_err().to_string().contains("at least 10"));
        assert!(hash(&"x".repeat(1001)).unwrap_err().to_string().contains("at most 1000"));
    }
}
