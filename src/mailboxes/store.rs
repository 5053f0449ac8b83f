//! Connected mailboxes, as rows.

use jiff::{SignedDuration, Timestamp};
use sqlx::{FromRow, query, query_as};
use wire::http::Address;
use wire::net::{Reach, Security};

use super::lease::Leases;
use super::oauth::renew::SIGN_IN_AGAIN;
use super::oauth::tokens::TokenTable;
use super::seals::Seals;
use super::secret::SealedSecret;
use super::{Connection, FetchBy, Fetching, Health, SecretKind, SendBy, Server, Trouble, TroubleKind};
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId};

const SAVE: &str =
    "INSERT INTO connection (firm_id, mailbox_id, address, imap_host, imap_port, imap_security, smtp_host,
        smtp_port, smtp_security, user_name, secret_kind, secret, authority, reach, folders, signature, keeps_copy,
        made_at, lease_holder, lease_until, paused, oauth_id, signed_in_at, jmap)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0, 0, $19, $20, $21, $22)
    ON CONFLICT (firm_id, mailbox_id) DO UPDATE SET address = excluded.address, imap_host = excluded.imap_host,
        imap_port = excluded.imap_port, imap_security = excluded.imap_security, smtp_host = excluded.smtp_host,
        smtp_port = excluded.smtp_port, smtp_security = excluded.smtp_security, user_name = excluded.user_name,
        secret_kind = excluded.secret_kind, secret = excluded.secret, authority = excluded.authority,
        reach = excluded.reach, folders = excluded.folders, signature = excluded.signature,
        keeps_copy = excluded.keeps_copy, paused = excluded.paused, oauth_id = excluded.oauth_id,
        signed_in_at = excluded.signed_in_at, jmap = excluded.jmap, trouble = NULL, trouble_kind = NULL, trouble_at = NULL";
const ALL: &str = "SELECT mailbox_id, address, imap_host, imap_port, imap_security, smtp_host, smtp_port,
        smtp_security, user_name, secret_kind, secret, authority, reach, folders, signature, keeps_copy, made_at,
        tried_at, fetched_at, trouble, trouble_kind, trouble_at, paused, fetching, fetching_done, fetching_of,
        full_percent, oauth_id, signed_in_at, jmap
    FROM connection WHERE firm_id = $1 ORDER BY address";
const REMOVE: &str = "DELETE FROM connection WHERE firm_id = $1 AND mailbox_id = $2";
const WAS_SHARED: &str = "UPDATE mailbox SET was_shared = $3
    WHERE firm_id = $1 AND mailbox_id = $2 AND staff_id IS NULL";
/// What signs in to mailboxes.
pub const SEALS: Seals = Seals {
    all: "SELECT mailbox_id, secret FROM connection WHERE firm_id = $1",
    one: "SELECT secret FROM connection WHERE firm_id = $1 AND mailbox_id = $2",
    put: "UPDATE connection SET secret = $3 WHERE firm_id = $1 AND mailbox_id = $2 AND secret = $4",
};
/// Tokens of mailboxes that are signed in to by OAuth 2.
pub const TOKENS: TokenTable = TokenTable {
    seals: &SEALS,
    claim: "UPDATE connection SET renewing_until = $3
    WHERE firm_id = $1 AND mailbox_id = $2 AND renewing_until < $4",
    give_up: "UPDATE connection SET renewing_until = 0 WHERE firm_id = $1 AND mailbox_id = $2",
    renewed: "UPDATE connection SET secret = $3, renewing_until = 0
    WHERE firm_id = $1 AND mailbox_id = $2 AND secret = $4",
    again: SIGN_IN_AGAIN,
};
const SIGNED_IN: &str =
    "UPDATE connection SET secret = $3, secret_kind = $4, oauth_id = $5, signed_in_at = $6, renewing_until = 0,
        trouble = NULL, trouble_kind = NULL, trouble_at = NULL
    WHERE firm_id = $1 AND mailbox_id = $2";
const FETCHED: &str =
    "UPDATE connection SET tried_at = $3, fetched_at = $3, trouble = NULL, trouble_kind = NULL,
        trouble_at = NULL, fetching = NULL, full_percent = $4
    WHERE firm_id = $1 AND mailbox_id = $2";
const FAILED: &str = "UPDATE connection SET tried_at = $3, trouble = $4, trouble_kind = $5,
        trouble_at = COALESCE(trouble_at, $3), fetching = NULL
    WHERE firm_id = $1 AND mailbox_id = $2";
/// One process at a time looks after a mailbox.
pub const LEASES: Leases = Leases {
    take: "UPDATE connection SET lease_holder = $3, lease_until = $4
    WHERE firm_id = $1 AND mailbox_id = $2 AND (lease_holder = $3 OR lease_until < $5) AND paused = $6",
    holder: "SELECT lease_holder FROM connection WHERE firm_id = $1 AND mailbox_id = $2",
    free: "UPDATE connection SET lease_until = 0
    WHERE firm_id = $1 AND mailbox_id = $2 AND lease_holder = $3",
};
const KEEP: &str = "UPDATE connection SET lease_until = $3
    WHERE firm_id = $1 AND lease_holder = $2 AND $4 <= lease_until";
const FETCHING: &str =
    "UPDATE connection SET fetching = $3, fetching_done = $4, fetching_of = $5, tried_at = $6
    WHERE firm_id = $1 AND mailbox_id = $2";
const SIGN: &str = "UPDATE connection SET signature = $3 WHERE firm_id = $1 AND mailbox_id = $2";
const CHOOSE: &str =
    "UPDATE connection SET folders = $3, paused = $4, tried_at = $5, trouble = NULL, trouble_kind = NULL,
        trouble_at = NULL
    WHERE firm_id = $1 AND mailbox_id = $2";
const REST: &str = "UPDATE connection SET paused = $3 WHERE firm_id = $1 AND mailbox_id = $2";
const GO_ON: &str =
    "UPDATE connection SET paused = $3, tried_at = $4, trouble = NULL, trouble_kind = NULL, trouble_at = NULL
    WHERE firm_id = $1 AND mailbox_id = $2";

#[derive(FromRow)]
struct Row {
    mailbox_id: i64,
    address: String,
    imap_host: String,
    imap_port: i64,
    imap_security: String,
    smtp_host: String,
    smtp_port: i64,
    smtp_security: String,
    user_name: String,
    secret_kind: String,
    secret: Vec<u8>,
    authority: Option<String>,
    reach: String,
    folders: Option<String>,
    signature: Option<String>,
    keeps_copy: bool,
    made_at: Ts,
    tried_at: Option<Ts>,
    fetched_at: Option<Ts>,
    trouble: Option<String>,
    trouble_kind: Option<String>,
    trouble_at: Option<Ts>,
    paused: bool,
    fetching: Option<String>,
    fetching_done: i64,
    fetching_of: i64,
    full_percent: Option<i64>,
    oauth_id: Option<i64>,
    signed_in_at: Option<Ts>,
    /// Where JMAP is spoken; none for IMAP.
    jmap: Option<String>,
}

/// Keeps a connected mailbox, or changes it.
pub async fn save(tx: &mut Tx, firm: FirmId, c: &Connection, now: Timestamp) -> Result<()> {
    let folders = c.folders.as_ref().map(|folders| folders.join("\n"));
    let (fetched, sent, jmap) = columns(&c.fetch_by, &c.send_by);
    run!(
        tx,
        query(SAVE)
            .bind(firm.0)
            .bind(c.id.0)
            .bind(&c.address)
            .bind(&fetched.host)
            .bind(i64::from(fetched.port))
            .bind(security_name(fetched.security))
            .bind(&sent.host)
            .bind(i64::from(sent.port))
            .bind(security_name(sent.security))
            .bind(&c.user)
            .bind(secret_name(c.kind))
            .bind(&c.secret.0)
            .bind(&c.authority)
            .bind(if c.reach == Reach::Private { "private" } else { "public" })
            .bind(folders)
            .bind(&c.signature)
            .bind(c.keeps_copy)
            .bind(Ts::from(now))
            .bind(c.paused)
            .bind(c.oauth)
            .bind(c.signed_in.map(Ts::from))
            .bind(jmap)
    )
    .map(drop)
}

/// All connected mailboxes, by address.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Connection>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    rows.into_iter().map(connection).collect()
}

/// Forgets how to reach a mailbox, and its secret. What was fetched stays in the record, and where nobody had it alone, the
/// owners of the firm see it as before.
pub async fn remove(tx: &mut Tx, firm: FirmId, mailbox: MailboxId) -> Result<()> {
    run!(tx, query(WAS_SHARED).bind(firm.0).bind(mailbox.0).bind(true))?;
    run!(tx, query(REMOVE).bind(firm.0).bind(mailbox.0)).map(drop)
}

/// Puts another secret in the place of the one that is kept, as somebody signed in with it: its kind, and who gave it.
pub async fn signed_in(tx: &mut Tx, firm: FirmId, c: &Connection, now: Timestamp) -> Result<()> {
    run!(
        tx,
        query(SIGNED_IN)
            .bind(firm.0)
            .bind(c.id.0)
            .bind(&c.secret.0)
            .bind(secret_name(c.kind))
            .bind(c.oauth)
            .bind(Ts::from(now))
    )
    .map(drop)
}

/// Notes that everything was fetched, and how full the mailbox is.
pub async fn fetched(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    full: Option<u32>,
    now: Timestamp,
) -> Result<()> {
    let full = full.map(i64::from);
    run!(tx, query(FETCHED).bind(firm.0).bind(mailbox.0).bind(Ts::from(now)).bind(full)).map(drop)
}

/// Notes why it was not; since when is kept while it lasts.
pub async fn failed(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    words: &str,
    kind: TroubleKind,
    now: Timestamp,
) -> Result<()> {
    let (now, kind) = (Ts::from(now), kind.name());
    run!(tx, query(FAILED).bind(firm.0).bind(mailbox.0).bind(now).bind(words).bind(kind)).map(drop)
}

/// Keeps all mailboxes that a process has and has not lost, for a time.
pub async fn keep_leases(
    tx: &mut Tx,
    firm: FirmId,
    holder: i64,
    time: SignedDuration,
    now: Timestamp,
) -> Result<()> {
    let (until, now) = ((now + time).as_microsecond(), now.as_microsecond());
    run!(tx, query(KEEP).bind(firm.0).bind(holder).bind(until).bind(now)).map(drop)
}

/// Notes how far the fetching of a folder is.
pub async fn fetching(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    far: &Fetching,
    now: Timestamp,
) -> Result<()> {
    let (done, of, now) = (far.done.cast_signed(), far.of.cast_signed(), Ts::from(now));
    run!(tx, query(FETCHING).bind(firm.0).bind(mailbox.0).bind(&far.folder).bind(done).bind(of).bind(now))
        .map(drop)
}

/// Sets which folders are fetched (none: the usual ones), and has them fetched.
pub async fn choose(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    folders: Option<&[String]>,
    now: Timestamp,
) -> Result<()> {
    let (folders, now) = (folders.map(|folders| folders.join("\n")), Ts::from(now));
    run!(tx, query(CHOOSE).bind(firm.0).bind(mailbox.0).bind(folders).bind(false).bind(now)).map(drop)
}

/// Lets a mailbox rest.
pub async fn rest(tx: &mut Tx, firm: FirmId, mailbox: MailboxId) -> Result<()> {
    run!(tx, query(REST).bind(firm.0).bind(mailbox.0).bind(true)).map(drop)
}

/// Has a mailbox that rested fetched again. How long it was silent counts from here, and what was wrong before is tried.
pub async fn go_on(tx: &mut Tx, firm: FirmId, mailbox: MailboxId, now: Timestamp) -> Result<()> {
    run!(tx, query(GO_ON).bind(firm.0).bind(mailbox.0).bind(false).bind(Ts::from(now))).map(drop)
}

/// Sets what is put under letters that are sent from a mailbox.
pub async fn sign(tx: &mut Tx, firm: FirmId, mailbox: MailboxId, signature: Option<&str>) -> Result<()> {
    run!(tx, query(SIGN).bind(firm.0).bind(mailbox.0).bind(signature)).map(drop)
}

fn connection(row: Row) -> Result<Connection> {
    let server = |host: String, port: i64, security: &str| {
        let port = u16::try_from(port).map_err(|_| unknown(&port.to_string()))?;
        Ok::<_, Error>(Server { host, port, security: security_named(security)? })
    };
    let (fetch_by, send_by) = ways(
        server(row.imap_host, row.imap_port, &row.imap_security)?,
        server(row.smtp_host, row.smtp_port, &row.smtp_security)?,
        row.jmap.as_deref(),
    )?;
    Ok(Connection {
        id: MailboxId(row.mailbox_id),
        address: row.address,
        fetch_by,
        send_by,
        user: row.user_name,
        kind: secret_named(&row.secret_kind),
        oauth: row.oauth_id,
        signed_in: row.signed_in_at.map(Into::into),
        secret: SealedSecret(row.secret),
        authority: row.authority,
        reach: if row.reach == "private" { Reach::Private } else { Reach::Public },
        folders: row.folders.map(|folders| folders.lines().map(str::to_owned).collect()),
        signature: row.signature,
        keeps_copy: row.keeps_copy,
        paused: row.paused,
        health: Health {
            since: Some(row.made_at.into()),
            tried: row.tried_at.map(Into::into),
            fetched: row.fetched_at.map(Into::into),
            trouble: row.trouble.zip(row.trouble_at).map(|(words, since)| Trouble {
                words,
                kind: TroubleKind::named(row.trouble_kind.as_deref().unwrap_or_default()),
                since: since.into(),
            }),
            full: row.full_percent.and_then(|percent| u32::try_from(percent).ok()),
            fetching: row.fetching.map(|folder| Fetching {
                folder,
                done: row.fetching_done.cast_unsigned(),
                of: row.fetching_of.cast_unsigned(),
            }),
        },
    })
}

/// How a mailbox is reached, as it is kept: both servers, and where JMAP is spoken. Without a name nothing is handed in by
/// SMTP.
pub(super) fn columns(fetch_by: &FetchBy, send_by: &SendBy) -> (Server, Server, Option<String>) {
    let sent = match send_by {
        SendBy::Smtp(server) => server.clone(),
        SendBy::Jmap => Server { host: String::new(), port: 0, security: Security::Tls },
    };
    match fetch_by {
        FetchBy::Imap(server) => (server.clone(), sent, None),
        FetchBy::Jmap(address) => {
            let security = if address.is_protected() { Security::Tls } else { Security::Plain };
            let server = Server { host: address.host(), port: address.port(), security };
            (server, sent, Some(address.reveal().to_owned()))
        }
    }
}

/// How a mailbox is reached, from what is kept of it.
pub(super) fn ways(fetched: Server, sent: Server, jmap: Option<&str>) -> Result<(FetchBy, SendBy)> {
    let fetch_by = match jmap {
        Some(address) => FetchBy::Jmap(Address::parse(address).map_err(|_| unknown(address))?),
        None => FetchBy::Imap(fetched),
    };
    let send_by = if sent.host.is_empty() { SendBy::Jmap } else { SendBy::Smtp(sent) };
    Ok((fetch_by, send_by))
}

/// The word for what signs in, in tables.
pub fn secret_name(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::Password => "password",
        SecretKind::Token => "token",
        SecretKind::OAuth => "oauth",
    }
}

/// What signs in, by that word.
pub fn secret_named(name: &str) -> SecretKind {
    match name {
        "token" => SecretKind::Token,
        "oauth" => SecretKind::OAuth,
        _ => SecretKind::Password,
    }
}

/// The word for a protection, in tables and on the command line.
pub fn security_name(security: Security) -> &'static str {
    match security {
        Security::Tls => "tls",
        Security::StartTls => "starttls",
        Security::Plain => "plain",
    }
}

/// The protection of that name.
pub(super) fn security_named(name: &str) -> Result<Security> {
    let all = [Security::Tls, Security::StartTls, Security::Plain];
    all.into_iter().find(|security| security_name(*security) == name).ok_or_else(|| unknown(name))
}

fn unknown(word: &str) -> Error {
    Error::Unexpected(anyhow::anyhow!("a row holds the word “{word}”, which this version does not know"))
}
