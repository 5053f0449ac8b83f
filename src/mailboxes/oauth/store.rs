//! Servers that give tokens, as rows.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as};

use super::{Issuer, users};
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::FirmId;
use crate::mailboxes::provider::Provider;
use crate::mailboxes::seals::Seals;
use crate::mailboxes::secret::SealedSecret;

const ALL: &str =
    "SELECT oauth_id, name, provider, client_id, secret, authorize_url, token_url, device_url, scopes,
        calendar_scopes, contact_scopes
    FROM oauth_client WHERE firm_id = $1 ORDER BY name, oauth_id";
const ADD: &str =
    "INSERT INTO oauth_client (firm_id, oauth_id, name, provider, client_id, secret, authorize_url,
        token_url, device_url, scopes, made_at, calendar_scopes, contact_scopes)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
// Not its secret, which another process may seal anew at this moment.
const CHANGE: &str =
    "UPDATE oauth_client SET name = $3, client_id = $4, scopes = $5, calendar_scopes = $6, contact_scopes = $7
    WHERE firm_id = $1 AND oauth_id = $2";
const SECRET: &str = "UPDATE oauth_client SET secret = $3 WHERE firm_id = $1 AND oauth_id = $2";
const REMOVE: &str = "DELETE FROM oauth_client WHERE firm_id = $1 AND oauth_id = $2";
/// The secrets that go with the firm's ids.
pub const SEALS: Seals = Seals {
    all: "SELECT oauth_id, secret FROM oauth_client WHERE firm_id = $1 AND secret IS NOT NULL",
    one: "SELECT secret FROM oauth_client WHERE firm_id = $1 AND oauth_id = $2 AND secret IS NOT NULL",
    put: "UPDATE oauth_client SET secret = $3 WHERE firm_id = $1 AND oauth_id = $2 AND secret = $4",
};

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
    calendar_scopes: Option<String>,
    contact_scopes: Option<String>,
}

/// All servers that give tokens to this firm, by name.
pub async fn issuers(tx: &mut Tx, firm: FirmId) -> Result<Vec<Issuer>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    let issuer = |row: Row| Issuer {
        id: row.oauth_id,
        name: row.name,
        provider: Provider::named(&row.provider).unwrap_or(Provider::Other),
        calendar_scopes: row.calendar_scopes,
        contact_scopes: row.contact_scopes,
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

/// Keeps a new one.
pub async fn add(tx: &mut Tx, firm: FirmId, issuer: &Issuer, now: Timestamp) -> Result<()> {
    run!(
        tx,
        query(ADD)
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
            .bind(&issuer.calendar_scopes)
            .bind(&issuer.contact_scopes)
    )
    .map(drop)
}

/// Changes one: its name, its client id and its scopes.
pub async fn change(tx: &mut Tx, firm: FirmId, issuer: &Issuer) -> Result<()> {
    run!(
        tx,
        query(CHANGE)
            .bind(firm.0)
            .bind(issuer.id)
            .bind(&issuer.name)
            .bind(&issuer.client_id)
            .bind(&issuer.scopes)
            .bind(&issuer.calendar_scopes)
            .bind(&issuer.contact_scopes)
    )
    .map(drop)
}

/// Gives one another secret, or none.
pub async fn change_secret(tx: &mut Tx, firm: FirmId, id: i64, secret: Option<&SealedSecret>) -> Result<()> {
    run!(tx, query(SECRET).bind(firm.0).bind(id).bind(secret.map(|secret| secret.0.clone()))).map(drop)
}

/// Forgets one that signs in to nothing.
pub async fn remove(tx: &mut Tx, firm: FirmId, id: i64) -> Result<()> {
    if !users::of(tx, firm, id).await?.is_nobody() {
        let words =
            "signs in to mailboxes, calendars or address books that are connected; remove those first";
        return Err(Error::unfit(words));
    }
    match run!(tx, query(REMOVE).bind(firm.0).bind(id))? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
