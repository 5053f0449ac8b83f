//! Servers that give tokens, and what renews those of a mailbox, as rows.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as, query_scalar};

use super::Issuer;
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId};
use crate::mailboxes::provider::Provider;
use crate::mailboxes::secret::SealedSecret;

const ALL: &str =
    "SELECT oauth_id, name, provider, client_id, secret, authorize_url, token_url, device_url, scopes
    FROM oauth_client WHERE firm_id = $1 ORDER BY name, oauth_id";
const SAVE: &str =
    "INSERT INTO oauth_client (firm_id, oauth_id, name, provider, client_id, secret, authorize_url,
        token_url, device_url, scopes, made_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (firm_id, oauth_id) DO UPDATE SET name = excluded.name, provider = excluded.provider,
        client_id = excluded.client_id, secret = excluded.secret, authorize_url = excluded.authorize_url,
        token_url = excluded.token_url, device_url = excluded.device_url, scopes = excluded.scopes";
const REMOVE: &str = "DELETE FROM oauth_client WHERE firm_id = $1 AND oauth_id = $2";
const USED: &str = "SELECT COUNT(*) FROM connection WHERE firm_id = $1 AND oauth_id = $2";
const CLAIM: &str = "UPDATE connection SET renewing_until = $3
    WHERE firm_id = $1 AND mailbox_id = $2 AND renewing_until < $4";
const GIVE_UP: &str = "UPDATE connection SET renewing_until = 0 WHERE firm_id = $1 AND mailbox_id = $2";
const RENEWED: &str = "UPDATE connection SET secret = $3, renewing_until = 0
    WHERE firm_id = $1 AND mailbox_id = $2 AND secret = $4";
const HELD: &str = "SELECT secret FROM connection WHERE firm_id = $1 AND mailbox_id = $2";

#[derive(FromRow)]
struct Row {
    oauth_id: i64,
    name: String,
    provider: String,
    client_id: String,
    secret: Option<Vec<u8>>,
    authorize_url: String,
    token_url: String,
    device_url: Option<String>,
    scopes: String,
}

/// All servers that give tokens to this firm, by name.
pub async fn issuers(tx: &mut Tx, firm: FirmId) -> Result<Vec<Issuer>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    let issuer = |row: Row| Issuer {
        id: row.oauth_id,
        name: row.name,
        provider: Provider::named(&row.provider).unwrap_or(Provider::Other),
        client_id: row.client_id,
        secret: row.secret.map(SealedSecret),
        authorize: row.authorize_url,
        token: row.token_url,
        device: row.device_url,
        scopes: row.scopes,
    };
    Ok(rows.into_iter().map(issuer).collect())
}

/// One of them.
pub async fn issuer(tx: &mut Tx, firm: FirmId, id: i64) -> Result<Issuer> {
    issuers(tx, firm).await?.into_iter().find(|issuer| issuer.id == id).ok_or(Error::NotFound)
}

/// Keeps one, or changes it.
pub async fn save(tx: &mut Tx, firm: FirmId, issuer: &Issuer, now: Timestamp) -> Result<()> {
    run!(
        tx,
        query(SAVE)
            .bind(firm.0)
            .bind(issuer.id)
            .bind(&issuer.name)
            .bind(issuer.provider.name())
            .bind(&issuer.client_id)
            .bind(issuer.secret.as_ref().map(|secret| secret.0.clone()))
            .bind(&issuer.authorize)
            .bind(&issuer.token)
            .bind(&issuer.device)
            .bind(&issuer.scopes)
            .bind(Ts::from(now))
    )
    .map(drop)
}

/// Forgets one that no mailbox is signed in to by.
pub async fn remove(tx: &mut Tx, firm: FirmId, id: i64) -> Result<()> {
    let used: i64 = sql!(tx, c => query_scalar(USED).bind(firm.0).bind(id).fetch_one(c).await)?;
    if 0 < used {
        return Err(Error::unfit("signs in to mailboxes that are connected; remove those first"));
    }
    match run!(tx, query(REMOVE).bind(firm.0).bind(id))? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Lets one process renew what a mailbox is signed in to with, until a moment; false while another does.
pub(super) async fn claim(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    until: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let (until, now) = (until.as_microsecond(), now.as_microsecond());
    Ok(run!(tx, query(CLAIM).bind(firm.0).bind(mailbox.0).bind(until).bind(now))? == 1)
}

/// Lets others try.
pub(super) async fn give_up(tx: &mut Tx, firm: FirmId, mailbox: MailboxId) -> Result<()> {
    run!(tx, query(GIVE_UP).bind(firm.0).bind(mailbox.0)).map(drop)
}

/// Puts what was renewed in the place of what it was renewed from; false where that does not stand there any more.
pub(super) async fn renewed(
    tx: &mut Tx,
    firm: FirmId,
    mailbox: MailboxId,
    new: &SealedSecret,
    old: &SealedSecret,
) -> Result<bool> {
    Ok(run!(tx, query(RENEWED).bind(firm.0).bind(mailbox.0).bind(&new.0).bind(&old.0))? == 1)
}

/// What a mailbox is signed in to with, as it is kept now.
pub async fn held(tx: &mut Tx, firm: FirmId, mailbox: MailboxId) -> Result<SealedSecret> {
    let secret: Option<Vec<u8>> =
        sql!(tx, c => query_scalar(HELD).bind(firm.0).bind(mailbox.0).fetch_optional(c).await)?;
    secret.map(SealedSecret).ok_or(Error::NotFound)
}
