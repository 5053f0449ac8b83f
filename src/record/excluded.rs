//! Whose letters a person wants kept out of the record altogether: addresses and domains of their private
//! correspondents. What they write to that person's mailboxes is not stored.

use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};
use sqlx::{query, query_as};

use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, StaffId};

const ADD: &str = "INSERT INTO excluded (firm_id, staff_id, what, made_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (firm_id, staff_id, what) DO NOTHING";
const REMOVE: &str = "DELETE FROM excluded WHERE firm_id = $1 AND staff_id = $2 AND what = $3";
const OF: &str = "SELECT what FROM excluded WHERE firm_id = $1 AND staff_id = $2 ORDER BY what";
const ALL: &str = "SELECT m.name, x.what FROM excluded x
    JOIN mailbox m ON m.firm_id = x.firm_id AND m.staff_id = x.staff_id
    WHERE x.firm_id = $1";

/// An address (`jo@home.example`) or a domain (`home.example`) as it is kept: in lower case.
pub fn what(text: &str) -> Result<String> {
    let text = text.trim().trim_start_matches('@').to_lowercase();
    let domain = text.rsplit_once('@').map_or(text.as_str(), |(_, domain)| domain);
    let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-');
    let is_domain = domain.contains('.') && domain.split('.').all(is_name);
    let has_no_space = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    match is_domain && has_no_space && text.matches('@').count() < 2 && !text.starts_with('@') {
        true if text.chars().count() <= 254 => Ok(text),
        _ => Err(Error::invalid(
            "whom to leave out",
            "is an address such as jo@home.example, or all of a domain: home.example",
        )),
    }
}

/// Keeps somebody's letters out of a person's mailboxes from now on.
pub async fn add(tx: &mut Tx, firm: FirmId, staff: StaffId, what: &str, now: Timestamp) -> Result<()> {
    run!(tx, query(ADD).bind(firm.0).bind(staff.0).bind(what).bind(Ts::from(now))).map(drop)
}

/// Lets somebody's letters in again; what came in between is fetched only where it is new to the server.
pub async fn remove(tx: &mut Tx, firm: FirmId, staff: StaffId, what: &str) -> Result<()> {
    match run!(tx, query(REMOVE).bind(firm.0).bind(staff.0).bind(what))? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Whom a person leaves out.
pub async fn of(tx: &mut Tx, firm: FirmId, staff: StaffId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = sql!(tx, c => query_as(OF).bind(firm.0).bind(staff.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(what,)| what).collect())
}

/// Whose letters are left out, by the name of the mailbox.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excluded(FxHashMap<String, FxHashSet<String>>);

impl Excluded {
    /// Everybody's.
    pub async fn load(tx: &mut Tx, firm: FirmId) -> Result<Excluded> {
        let rows: Vec<(String, String)> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
        let mut all = Excluded::default();
        for (mailbox, what) in rows {
            all.0.entry(mailbox).or_default().insert(what);
        }
        Ok(all)
    }

    /// Whether letters of an address are kept out of a mailbox: it is named itself, or its domain or one above that is.
    pub fn has(&self, mailbox: &str, address: &str) -> bool {
        let Some(out) = self.0.get(mailbox) else { return false };
        if out.contains(address) {
            return true;
        }
        let mut domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        while !domain.is_empty() {
            if out.contains(domain) {
                return true;
            }
            domain = domain.split_once('.').map_or("", |(_, above)| above);
        }
        false
    }

    /// Whether nobody is left out of a mailbox.
    pub fn is_empty_for(&self, mailbox: &str) -> bool {
        !self.0.contains_key(mailbox)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_domains_are_told_from_what_is_neither() {
        assert_eq!(what(" Jo@Home.example ").unwrap(), "jo@home.example");
        assert_eq!(what("@home.example").unwrap(), "home.example");
        assert_eq!(what("müller.example").unwrap(), "müller.example");
        for wrong in ["", "jo", "com", "a@b@c.example", "jo @home.example", "home..example", "@"] {
            assert!(what(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_domain_stands_for_all_below_it_in_that_mailbox_alone() {
        let out = |list: &[&str]| list.iter().map(|what| (*what).to_owned()).collect();
        let all = Excluded(FxHashMap::from_iter([(
            "amy@firm.example".to_owned(),
            out(&["home.example", "jo@mail.example"]),
        )]));
        for address in ["may@home.example", "may@aunts.home.example", "jo@mail.example"] {
            assert!(all.has("amy@firm.example", address), "{address}");
            assert!(!all.has("bo@firm.example", address));
        }
        for address in ["bo@mail.example", "x@awayhome.example", ""] {
            assert!(!all.has("amy@firm.example", address), "{address}");
        }
    }
}
