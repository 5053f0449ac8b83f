//! Connected mailboxes, as rows.

use jiff::{SignedDuration, Timestamp};
use sqlx::{FromRow, query, query_as};
use wire::net::{Reach, Security};

use super::secret::SealedSecret;
use super::{Connection, Health, SecretKind, Server, Trouble};
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId};

const SAVE: &str =
    "INSERT INTO connection (firm_id, mailbox_id, address, imap_host, imap_port, imap_security, smtp_host,
        smtp_port, smtp_security, user_name, secret_kind, secret, authority, reach, folders, signature, keeps_copy,
        made_at, lease_holder, lease_until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0, 0)
    ON CONFLICT (firm_id, mailbox_id) DO UPDATE SET address = excluded.address, imap_host = excluded.imap_host,
        imap_port = excluded.imap_port, imap_security = excluded.imap_security, smtp_host = excluded.smtp_host,
        smtp_port = excluded.smtp_port, smtp_security = excluded.smtp_security, user_name = excluded.user_name,
        secret_kind = excluded.secret_kind, secret = excluded.secret, authority = excluded.authority,
        reach = excluded.reach, folders = excluded.folders, signature = excluded.signature,
        keeps_copy = excluded.keeps_copy, trouble = NULL, trouble_kind = NULL, trouble_at = NULL";
const ALL: &str = "SELECT mailbox_id, address, imap_host, imap_port, imap_security, smtp_host, smtp_port,
        smtp_security, user_name, secret_kind, secret, authority, reach, folders, signature, keeps_copy, made_at,
        tried_at, fetched_at, trouble, trouble_kind, trouble_at
    FROM connection WHERE firm_id = $1 ORDER BY address";
const REMOVE: &str = "DELETE FROM connection WHERE firm_id = $1 AND mailbox_id = $2";
const RESEAL: &str =
    "UPDATE connection SET secret = $3, secret_kind = $4, trouble = NULL, trouble_kind = NULL,
        trouble_at = NULL
    WHERE firm_id = $1 AND mailbox_id = $2";
const FETCHED: &str =
    "UPDATE connection SET tried_at = $3, fetched_at = $3, trouble = NULL, trouble_kind = NULL,
        trouble_at = NULL
    WHERE firm_id = $1 AND mailbox_id = $2";
const FAILED: &str = "UPDATE connection SET tried_at = $3, trouble = $4, trouble_kind = $5,
        trouble_at = COALESCE(trouble_at, $3)
    WHERE firm_id = $1 AND mailbox_id = $2";
const LEASE: &str = "UPDATE connection SET lease_holder = $3, lease_until = $4
    WHERE firm_id = $1 AND mailbox_id = $2 AND (lease_holder = $3 OR lease_until < $5)";
const FREE: &str = "UPDATE connection SET lease_until = 0
    WHERE firm_id = $1 AND mailbox_id = $2 AND lease_holder = $3";

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
}

/// Keeps a connected mailbox, or changes it.
pub async fn save(tx: &mut Tx, firm: FirmId, c: &Connection, now: Timestamp) -> Result<()> {
    let folders = c.folders.as_ref().map(|folders| folders.join("\n"));
    run!(
        tx,
        query(SAVE)
            .bind(firm.0)
            .bind(c.id.0)
            .bind(&c.address)
            .bind(&c.imap.host)
            .bind(i64::from(c.imap.port))
            .bind(security_name(c.imap.security))
            .bind(&c.smtp.host)
            .bind(i64::from(c.smtp.port))
            .bind(security_name(c.smtp.security))
            .bind(&c.user)
            .bind(secret_name(c.kind))
            .bind(&c.secret.0)
            .bind(&c.authority)
            .bind(if c.reach == Reach::Private { "private" } else { "public" })
            .bind(folders)
            .bind(&c.signature)
            .bind(c.keeps_copy)
            .bind(Ts::from(now))
    )
    .map(drop)
}

/// All connected mailboxes, by address.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Connection>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    rows.into_iter().map(connection).collect()
}

/// Forgets how to reach a mailbox, and its secret. What was fetched stays in the record.
pub async fn remove(tx: &mut Tx, firm: FirmId, mailbox: MailboxId) -> Result<()> {
    run!(tx, query(REMOVE).bind(firm.0).bind(mailbox.0)).map(drop)
}

/// Puts another secret in the place of the one that is kept.
pub async fn reseal(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    secret: &SealedSecret,
    kind: SecretKind,
) -> Result<()> {
    run!(tx, query(RESEAL).bind(firm.0).bind(mailbox.0).bind(&secret.0).bind(secret_name(kind))).map(drop)
}

/// Notes that everything was fetched.
pub async fn fetched(tx: &mut Tx, firm: FirmId, mailbox: MailboxId, now: Timestamp) -> Result<()> {
    run!(tx, query(FETCHED).bind(firm.0).bind(mailbox.0).bind(Ts::from(now))).map(drop)
}

/// Notes why it was not; since when is kept while it lasts.
pub async fn failed(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    words: &str,
    is_login: bool,
    now: Timestamp,
) -> Result<()> {
    let kind = if is_login { "login" } else { "other" };
    run!(tx, query(FAILED).bind(firm.0).bind(mailbox.0).bind(Ts::from(now)).bind(words).bind(kind)).map(drop)
}

/// Takes a mailbox for one process, for a time; false where another has it.
pub async fn lease(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    holder: i64,
    time: SignedDuration,
    now: Timestamp,
) -> Result<bool> {
    let until = now + time;
    let changed = run!(
        tx,
        query(LEASE)
            .bind(firm.0)
            .bind(mailbox.0)
            .bind(holder)
            .bind(until.as_microsecond())
            .bind(now.as_microsecond())
    )?;
    Ok(changed == 1)
}

/// Gives it back.
pub async fn free(tx: &mut Tx, firm: FirmId, mailbox: MailboxId, holder: i64) -> Result<()> {
    run!(tx, query(FREE).bind(firm.0).bind(mailbox.0).bind(holder)).map(drop)
}

fn connection(row: Row) -> Result<Connection> {
    let port = |port: i64| u16::try_from(port).map_err(|_| unknown(&port.to_string()));
    Ok(Connection {
        id: MailboxId(row.mailbox_id),
        address: row.address,
        imap: Server {
            host: row.imap_host,
            port: port(row.imap_port)?,
            security: security_named(&row.imap_security)?,
        },
        smtp: Server {
            host: row.smtp_host,
            port: port(row.smtp_port)?,
            security: security_named(&row.smtp_security)?,
        },
        user: row.user_name,
        kind: if row.secret_kind == "token" { SecretKind::Token } else { SecretKind::Password },
        secret: SealedSecret(row.secret),
        authority: row.authority,
        reach: if row.reach == "private" { Reach::Private } else { Reach::Public },
        folders: row.folders.map(|folders| folders.lines().map(str::to_owned).collect()),
        signature: row.signature,
        keeps_copy: row.keeps_copy,
        health: Health {
            since: Some(row.made_at.into()),
            tried: row.tried_at.map(Into::into),
            fetched: row.fetched_at.map(Into::into),
            trouble: row.trouble.zip(row.trouble_at).map(|(words, since)| Trouble {
                words,
                is_login: row.trouble_kind.as_deref() == Some("login"),
                since: since.into(),
            }),
        },
    })
}

fn secret_name(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::Password => "password",
        SecretKind::Token => "token",
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

fn security_named(name: &str) -> Result<Security> {
    let all = [Security::Tls, Security::StartTls, Security::Plain];
    all.into_iter().find(|security| security_name(*security) == name).ok_or_else(|| unknown(name))
}

fn unknown(word: &str) -> Error {
    Error::Unexpected(anyhow::anyhow!("a row holds the word “{word}”, which this version does not know"))
}
