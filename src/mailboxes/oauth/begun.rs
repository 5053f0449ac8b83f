//! Sign-ins that somebody has begun: sent to the server that gives tokens, and not back yet.
//!
//! Each is whoever's who began it, good for a while, and used once: taken before what came back is redeemed, so that the
//! same answer handed in again finds nothing.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, query, query_as};
use wire::net::{Secret, Security};

use super::Way;
use crate::access::secret::Secret as Random;
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId, StaffId};
use crate::mailboxes::seals::Seals;
use crate::mailboxes::secret::{Keys, SealedSecret};
use crate::mailboxes::store::{columns, security_name, security_named, ways};
use crate::mailboxes::{FetchBy, SendBy, Server};

/// How long somebody may take in their browser.
pub const LASTS: SignedDuration = SignedDuration::from_mins(15);

const ADD: &str =
    "INSERT INTO sign_in_begun (firm_id, begun_id, staff_id, oauth_id, mark, sealed, wish, user_code,
        type_at, every_seconds, asked_at, until_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, $11)";
const FORGET: &str = "DELETE FROM sign_in_begun WHERE firm_id = $1 AND until_at < $2";
const OF: &str =
    "SELECT begun_id, oauth_id, mark, sealed, wish, user_code, type_at, every_seconds, asked_at, until_at
    FROM sign_in_begun WHERE firm_id = $1 AND staff_id = $2 AND $3 <= until_at";
const TAKE: &str = "DELETE FROM sign_in_begun WHERE firm_id = $1 AND staff_id = $2 AND begun_id = $3";
/// What is needed to end them.
pub const SEALS: Seals = Seals {
    all: "SELECT begun_id, sealed FROM sign_in_begun WHERE firm_id = $1",
    one: "SELECT sealed FROM sign_in_begun WHERE firm_id = $1 AND begun_id = $2",
    put: "UPDATE sign_in_begun SET sealed = $3 WHERE firm_id = $1 AND begun_id = $2 AND sealed = $4",
};
const ASKED: &str = "UPDATE sign_in_begun SET asked_at = $4, every_seconds = $5
    WHERE firm_id = $1 AND staff_id = $2 AND begun_id = $3";

/// What is to be done once somebody has signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Wish {
    /// What is signed in to.
    pub to: To,
    /// The mailbox or subscription that is signed in to again; none for a new one.
    pub again: Option<i64>,
    /// Who signs in; of a mailbox empty for its address.
    pub user: String,
    /// Certificates of the firm's own authority, in PEM form; empty for none.
    pub authority: String,
    /// Where the answer comes back to.
    pub redirect: String,
}

/// What is signed in to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum To {
    /// A mailbox.
    Mailbox(Mailbox),
    /// Calendars or address books of an account.
    Subscription(Subscription),
}

/// A mailbox as it is to be connected.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Mailbox {
    /// Its address.
    pub address: String,
    imap: (String, u16, String),
    smtp: (String, u16, String),
    jmap: Option<String>,
    /// The server keeps a copy of what is sent by itself.
    pub server_keeps_copy: bool,
    /// It is nobody's alone.
    pub is_shared: bool,
}

/// Calendars or address books as they are to be followed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Subscription {
    /// The word for what it is: calendars or address books.
    pub kind: String,
    /// What its owner calls it; empty for what the server is called.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Its whole days are days on which the firm is closed.
    pub closes: bool,
}

impl Wish {
    /// To sign in to something new.
    pub fn new(to: To, redirect: String) -> Wish {
        Wish { to, again: None, user: String::new(), authority: String::new(), redirect }
    }

    /// What it is called where somebody is told to what they sign in.
    pub fn shown(&self) -> &str {
        match &self.to {
            To::Mailbox(mailbox) => &mailbox.address,
            To::Subscription(one) if one.name.is_empty() => &one.address,
            To::Subscription(one) => &one.name,
        }
    }

    /// Who most likely signs in, as the server that gives tokens knows people.
    pub fn hint(&self) -> &str {
        match &self.to {
            To::Mailbox(mailbox) => &mailbox.address,
            To::Subscription(_) => &self.user,
        }
    }
}

impl Mailbox {
    /// One that is reached so.
    pub fn new(address: String, fetch_by: &FetchBy, send_by: &SendBy) -> Mailbox {
        let (imap, smtp, jmap) = columns(fetch_by, send_by);
        let place =
            |server: &Server| (server.host.clone(), server.port, security_name(server.security).to_owned());
        let (imap, smtp) = (place(&imap), place(&smtp));
        Mailbox { address, imap, smtp, jmap, server_keeps_copy: false, is_shared: false }
    }

    /// How mail is fetched and handed in.
    pub fn ways(&self) -> Result<(FetchBy, SendBy)> {
        ways(server(&self.imap), server(&self.smtp), self.jmap.as_deref())
    }
}

fn server((host, port, security): &(String, u16, String)) -> Server {
    let security = security_named(security).unwrap_or(Security::Tls);
    Server { host: host.clone(), port: *port, security }
}

/// A sign-in that was begun.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Its id.
    pub id: i64,
    /// Who gives the tokens.
    pub oauth: i64,
    mark: Vec<u8>,
    sealed: SealedSecret,
    /// What is to be done then.
    pub wish: Wish,
    /// The code to type on another device, and where.
    pub device: Option<(String, String)>,
    /// How often may be asked whether it was typed.
    pub every: SignedDuration,
    /// When that was asked last.
    pub asked: Option<Timestamp>,
    /// Until when it is good.
    pub until: Timestamp,
}

#[derive(FromRow)]
struct Row {
    begun_id: i64,
    oauth_id: i64,
    mark: Vec<u8>,
    sealed: Vec<u8>,
    wish: String,
    user_code: Option<String>,
    type_at: Option<String>,
    every_seconds: i64,
    asked_at: Option<Ts>,
    until_at: Ts,
}

/// What only whoever began it can show: the state that comes back, and what proves that it is theirs.
pub struct Proof {
    /// Comes back with the answer.
    pub state: Random,
    /// Proves to the server that the answer is ours.
    pub verifier: Random,
}

impl Proof {
    /// A new one.
    pub fn new() -> Result<Proof> {
        Ok(Proof { state: Random::new()?, verifier: Random::new()? })
    }

    /// As it is sealed.
    pub fn text(&self) -> Secret {
        Secret::new(format!("{} {}", self.state.text(), self.verifier.text()))
    }

    /// Reads what was sealed.
    fn open(text: &Secret) -> Result<Proof> {
        let parts = text.reveal().split_once(' ');
        let proof = parts.and_then(|(state, verifier)| {
            Some(Proof { state: Random::parse(state)?, verifier: Random::parse(verifier)? })
        });
        proof.ok_or_else(|| Error::invalid("the sign-in", "is damaged; begin again"))
    }
}

/// A sign-in as it is begun.
pub struct New<'a> {
    /// Who gives the tokens.
    pub oauth: i64,
    /// What comes back with the answer is known by this.
    pub mark: [u8; 32],
    /// What is needed then, and nobody may read.
    pub secret: Secret,
    /// What is to be done then.
    pub wish: &'a Wish,
    /// The code to type on another device, and where.
    pub device: Option<(&'a str, &'a str)>,
    /// How often may be asked whether it was typed.
    pub every: SignedDuration,
    /// Until when it is good.
    pub until: Timestamp,
}

/// Keeps a sign-in that somebody begins.
pub async fn add(
    tx: &mut Tx,
    keys: &Keys,
    firm: FirmId,
    staff: StaffId,
    new: New<'_>,
    now: Timestamp,
) -> Result<i64> {
    run!(tx, query(FORGET).bind(firm.0).bind(Ts::from(now)))?;
    let id = tx.new_id();
    let sealed = keys.seal(firm, MailboxId(id), &new.secret)?;
    let wish = serde_json::to_string(new.wish).map_err(|e| Error::Unexpected(e.into()))?;
    run!(
        tx,
        query(ADD)
            .bind(firm.0)
            .bind(id)
            .bind(staff.0)
            .bind(new.oauth)
            .bind(new.mark.to_vec())
            .bind(sealed.0)
            .bind(wish)
            .bind(new.device.map(|(code, _)| code.to_owned()))
            .bind(new.device.map(|(_, place)| place.to_owned()))
            .bind(new.every.as_secs())
            .bind(Ts::from(new.until))
    )?;
    Ok(id)
}

async fn all(tx: &mut Tx, firm: FirmId, staff: StaffId, now: Timestamp) -> Result<Vec<Begun>> {
    let rows: Vec<Row> =
        sql!(tx, c => query_as(OF).bind(firm.0).bind(staff.0).bind(Ts::from(now)).fetch_all(c).await)?;
    let begun = |row: Row| {
        Some(Begun {
            id: row.begun_id,
            oauth: row.oauth_id,
            mark: row.mark,
            sealed: SealedSecret(row.sealed),
            // One that another version of this program wrote is begun again.
            wish: serde_json::from_str(&row.wish).ok()?,
            device: row.user_code.zip(row.type_at),
            every: SignedDuration::from_secs(row.every_seconds),
            asked: row.asked_at.map(Into::into),
            until: row.until_at.into(),
        })
    };
    Ok(rows.into_iter().filter_map(begun).collect())
}

/// One that somebody began, as long as it is good.
pub async fn one(tx: &mut Tx, firm: FirmId, staff: StaffId, id: i64, now: Timestamp) -> Result<Begun> {
    all(tx, firm, staff, now).await?.into_iter().find(|begun| begun.id == id).ok_or(Error::NotFound)
}

/// The one that an answer belongs to, by the state that came back with it.
pub async fn by_state(
    tx: &mut Tx,
    firm: FirmId,
    staff: StaffId,
    state: &str,
    now: Timestamp,
) -> Result<Option<Begun>> {
    let Some(state) = Random::parse(state) else { return Ok(None) };
    let mark = state.hash();
    Ok(all(tx, firm, staff, now).await?.into_iter().find(|begun| begun.mark == mark))
}

/// Uses one up; false where somebody did meanwhile.
pub async fn take(tx: &mut Tx, firm: FirmId, staff: StaffId, id: i64) -> Result<bool> {
    Ok(run!(tx, query(TAKE).bind(firm.0).bind(staff.0).bind(id))? == 1)
}

/// Notes that it was asked whether a code was typed.
pub async fn asked(
    tx: &mut Tx,
    firm: FirmId,
    staff: StaffId,
    begun: &Begun,
    every: SignedDuration,
    now: Timestamp,
) -> Result<()> {
    let (id, every) = (begun.id, every.as_secs());
    run!(tx, query(ASKED).bind(firm.0).bind(staff.0).bind(id).bind(Ts::from(now)).bind(every)).map(drop)
}

impl Begun {
    /// In which way somebody says yes.
    pub fn way(&self) -> Way {
        Way::by_code(self.device.is_some())
    }

    /// What proves that it is ours.
    pub fn proof(&self, keys: &Keys, firm: FirmId) -> Result<Proof> {
        Proof::open(&self.secret(keys, firm)?)
    }

    /// What is needed once somebody has signed in.
    pub fn secret(&self, keys: &Keys, firm: FirmId) -> Result<Secret> {
        keys.open(firm, MailboxId(self.id), &self.sealed)
    }
}
