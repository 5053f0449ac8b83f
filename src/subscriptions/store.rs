//! Subscriptions and their folders, as rows.

use jiff::Timestamp;
use sqlx::{FromRow, query, query_as};
use wire::net::Reach;

use super::{Folder, Kind, Marks, SIGN_IN_AGAIN, Subscription};
use crate::db::{Ts, Tx, run, sql};
use crate::error::{Error, Result};
use crate::ids::{FirmId, StaffId, SubscriptionId};
use crate::mailboxes::lease::Leases;
use crate::mailboxes::oauth::tokens::TokenTable;
use crate::mailboxes::seals::Seals;
use crate::mailboxes::secret::SealedSecret;
use crate::mailboxes::store::{secret_name, secret_named};
use crate::mailboxes::{Health, Trouble, TroubleKind};

const SAVE: &str =
    "INSERT INTO subscription (firm_id, subscription_id, staff_id, kind, name, url, user_name, secret, authority, reach,
        closes, paused, made_at, lease_holder, lease_until, secret_kind, oauth_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, $14, $15)";
const ALL: &str =
    "SELECT subscription_id, staff_id, kind, name, url, user_name, secret, authority, reach, closes,
        paused, writes_to, etag, modified, made_at, tried_at, fetched_at, whole_at, trouble, trouble_kind, trouble_at,
        secret_kind, oauth_id
    FROM subscription WHERE firm_id = $1 ORDER BY name, subscription_id";
const REMOVE: &str = "DELETE FROM subscription WHERE firm_id = $1 AND subscription_id = $2";
const REMOVE_FOLDERS: &str = "DELETE FROM subscribed_folder WHERE firm_id = $1 AND subscription_id = $2";
const REMOVE_ITEMS: &str = "DELETE FROM subscribed_item WHERE firm_id = $1 AND subscription_id = $2";
const REMOVE_FACTS: &str = "DELETE FROM subscribed_fact WHERE firm_id = $1 AND subscription_id = $2";
/// What signs in to subscriptions, and the addresses of feeds.
pub const SEALS: Seals = Seals {
    all: "SELECT subscription_id, secret FROM subscription WHERE firm_id = $1",
    one: "SELECT secret FROM subscription WHERE firm_id = $1 AND subscription_id = $2",
    put: "UPDATE subscription SET secret = $3 WHERE firm_id = $1 AND subscription_id = $2 AND secret = $4",
};
/// Tokens of those that are signed in to by OAuth 2.
pub const TOKENS: TokenTable = TokenTable {
    seals: &SEALS,
    claim: "UPDATE subscription SET renewing_until = $3
    WHERE firm_id = $1 AND subscription_id = $2 AND renewing_until < $4",
    give_up: "UPDATE subscription SET renewing_until = 0 WHERE firm_id = $1 AND subscription_id = $2",
    renewed: "UPDATE subscription SET secret = $3, renewing_until = 0
    WHERE firm_id = $1 AND subscription_id = $2 AND secret = $4",
    again: SIGN_IN_AGAIN,
};
const SIGNED_IN: &str =
    "UPDATE subscription SET secret = $3, secret_kind = $4, oauth_id = $5, renewing_until = 0
    WHERE firm_id = $1 AND subscription_id = $2";
const READDRESS: &str =
    "UPDATE subscription SET url = $3, secret = $4, etag = NULL, modified = NULL, whole_at = NULL
    WHERE firm_id = $1 AND subscription_id = $2";
const AT_ONCE: &str =
    "UPDATE subscription SET tried_at = NULL, trouble = NULL, trouble_kind = NULL, trouble_at = NULL
    WHERE firm_id = $1 AND subscription_id = $2";
const PAUSE: &str = "UPDATE subscription SET paused = $3 WHERE firm_id = $1 AND subscription_id = $2";
const FETCHED: &str =
    "UPDATE subscription SET tried_at = $3, fetched_at = $3, etag = $4, modified = $5, whole_at = $6,
        trouble = CASE WHEN trouble_kind = $7 THEN trouble END,
        trouble_at = CASE WHEN trouble_kind = $7 THEN trouble_at END,
        trouble_kind = CASE WHEN trouble_kind = $7 THEN trouble_kind END
    WHERE firm_id = $1 AND subscription_id = $2";
const FAILED: &str = "UPDATE subscription SET tried_at = $3, trouble = $4, trouble_kind = $5,
        trouble_at = CASE WHEN trouble_kind = $6 THEN $3 ELSE COALESCE(trouble_at, $3) END
    WHERE firm_id = $1 AND subscription_id = $2";
const REFUSED: &str =
    "UPDATE subscription SET trouble = $3, trouble_kind = $4, trouble_at = COALESCE(trouble_at, $5)
    WHERE firm_id = $1 AND subscription_id = $2 AND (trouble_kind IS NULL OR trouble_kind = $4)";
const ACCEPTED: &str = "UPDATE subscription SET trouble = NULL, trouble_kind = NULL, trouble_at = NULL
    WHERE firm_id = $1 AND subscription_id = $2 AND trouble_kind = $3";
/// The kinds of trouble: somebody must sign in again; it is not read; nothing is written there.
const WRITING: &str = "writing";
/// One process at a time looks at a subscription.
pub const LEASES: Leases = Leases {
    take: "UPDATE subscription SET lease_holder = $3, lease_until = $4
    WHERE firm_id = $1 AND subscription_id = $2 AND (lease_holder = $3 OR lease_until < $5) AND paused = $6",
    holder: "SELECT lease_holder FROM subscription WHERE firm_id = $1 AND subscription_id = $2",
    free: "UPDATE subscription SET lease_until = 0
    WHERE firm_id = $1 AND subscription_id = $2 AND lease_holder = $3",
};
const FOLDERS: &str = "SELECT href, name, chosen, token FROM subscribed_folder
    WHERE firm_id = $1 AND subscription_id = $2 ORDER BY name, href";
const FOLDER: &str = "INSERT INTO subscribed_folder (firm_id, subscription_id, href, name, chosen, token)
    VALUES ($1, $2, $3, $4, $5, NULL)
    ON CONFLICT (firm_id, subscription_id, href) DO UPDATE SET name = excluded.name";
const FORGET_FOLDER: &str =
    "DELETE FROM subscribed_folder WHERE firm_id = $1 AND subscription_id = $2 AND href = $3";
const CHOOSE: &str = "UPDATE subscribed_folder SET chosen = $4, token = NULL
    WHERE firm_id = $1 AND subscription_id = $2 AND href = $3 AND chosen <> $4";
const REACH: &str = "UPDATE subscribed_folder SET token = $4
    WHERE firm_id = $1 AND subscription_id = $2 AND href = $3";
const WRITE_TO: &str = "UPDATE subscription SET writes_to = $3 WHERE firm_id = $1 AND subscription_id = $2";

#[derive(FromRow)]
struct Row {
    subscription_id: i64,
    staff_id: i64,
    kind: String,
    name: String,
    url: String,
    user_name: String,
    secret: Vec<u8>,
    authority: Option<String>,
    reach: String,
    closes: bool,
    paused: bool,
    writes_to: Option<String>,
    etag: Option<String>,
    modified: Option<String>,
    made_at: Ts,
    tried_at: Option<Ts>,
    fetched_at: Option<Ts>,
    whole_at: Option<Ts>,
    trouble: Option<String>,
    trouble_kind: Option<String>,
    trouble_at: Option<Ts>,
    secret_kind: String,
    oauth_id: Option<i64>,
}

/// Keeps a new subscription.
pub async fn add(tx: &mut Tx, firm: FirmId, new: &Subscription, now: Timestamp) -> Result<()> {
    run!(
        tx,
        query(SAVE)
            .bind(firm.0)
            .bind(new.id.0)
            .bind(new.staff.0)
            .bind(new.kind.name())
            .bind(&new.name)
            .bind(&new.place)
            .bind(&new.user)
            .bind(&new.secret.0)
            .bind(&new.authority)
            .bind(if new.reach == Reach::Private { "private" } else { "public" })
            .bind(new.closes)
            .bind(new.paused)
            .bind(Ts::from(now))
            .bind(secret_name(new.signs_in))
            .bind(new.oauth)
    )
    .map(drop)
}

/// All subscriptions of a firm, by name.
pub async fn all(tx: &mut Tx, firm: FirmId) -> Result<Vec<Subscription>> {
    let rows: Vec<Row> = sql!(tx, c => query_as(ALL).bind(firm.0).fetch_all(c).await)?;
    rows.into_iter().map(of_row).collect()
}

/// One of them.
pub async fn one(tx: &mut Tx, firm: FirmId, id: SubscriptionId) -> Result<Subscription> {
    all(tx, firm).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
}

fn of_row(row: Row) -> Result<Subscription> {
    let trouble_kind = row.trouble_kind.as_deref();
    let trouble = row.trouble.zip(row.trouble_at).map(|(words, since)| Trouble {
        words,
        kind: TroubleKind::named(trouble_kind.unwrap_or_default()),
        since: since.into(),
    });
    let (refused, trouble) = if trouble_kind == Some(WRITING) { (trouble, None) } else { (None, trouble) };
    let kind = Kind::named(&row.kind).ok_or_else(|| {
        let words = format!("a subscription is of the kind “{}”, which this version does not know", row.kind);
        Error::Unexpected(anyhow::anyhow!(words))
    })?;
    Ok(Subscription {
        id: SubscriptionId(row.subscription_id),
        staff: StaffId(row.staff_id),
        kind,
        name: row.name,
        place: row.url,
        user: row.user_name,
        signs_in: secret_named(&row.secret_kind),
        secret: SealedSecret(row.secret),
        oauth: row.oauth_id,
        authority: row.authority,
        reach: if row.reach == "private" { Reach::Private } else { Reach::Public },
        closes: row.closes,
        paused: row.paused,
        writes_to: row.writes_to,
        marks: Marks { etag: row.etag, modified: row.modified },
        whole: row.whole_at.map(Into::into),
        health: Health {
            since: Some(row.made_at.into()),
            tried: row.tried_at.map(Into::into),
            fetched: row.fetched_at.map(Into::into),
            trouble,
            ..Health::default()
        },
        refused,
    })
}

/// Forgets how to reach it, its secret and all that is known of things in it.
pub async fn remove(tx: &mut Tx, firm: FirmId, id: SubscriptionId) -> Result<()> {
    for text in [REMOVE_FACTS, REMOVE_ITEMS, REMOVE_FOLDERS, REMOVE] {
        run!(tx, query(text).bind(firm.0).bind(id.0))?;
    }
    Ok(())
}

/// Puts another secret in the place of the one that is kept, as somebody signed in with it: its kind, and who gave it.
pub async fn signed_in(tx: &mut Tx, firm: FirmId, of: &Subscription, secret: &SealedSecret) -> Result<()> {
    let kind = secret_name(of.signs_in);
    run!(tx, query(SIGNED_IN).bind(firm.0).bind(of.id.0).bind(&secret.0).bind(kind).bind(of.oauth)).map(drop)
}

/// Gives a feed another address: what was known of how it was at the old one says nothing of the new.
pub async fn readdress(
    tx: &mut Tx,
    firm: FirmId,
    id: SubscriptionId,
    place: &str,
    secret: &SealedSecret,
) -> Result<()> {
    run!(tx, query(READDRESS).bind(firm.0).bind(id.0).bind(place).bind(&secret.0)).map(drop)
}

/// Lets it be looked at at once, whatever was wrong.
pub async fn at_once(tx: &mut Tx, firm: FirmId, id: SubscriptionId) -> Result<()> {
    run!(tx, query(AT_ONCE).bind(firm.0).bind(id.0)).map(drop)
}

/// Lets it rest, or go on.
pub async fn pause(tx: &mut Tx, firm: FirmId, id: SubscriptionId, paused: bool) -> Result<()> {
    run!(tx, query(PAUSE).bind(firm.0).bind(id.0).bind(paused)).map(drop)
}

/// Notes that it was looked at, with the marks of a feed, and when all of it last was.
pub async fn fetched(
    tx: &mut Tx,
    firm: FirmId,
    id: SubscriptionId,
    marks: &Marks,
    whole: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    let (etag, modified) = (&marks.etag, &marks.modified);
    run!(
        tx,
        query(FETCHED)
            .bind(firm.0)
            .bind(id.0)
            .bind(Ts::from(now))
            .bind(etag)
            .bind(modified)
            .bind(whole.map(Ts::from))
            .bind(WRITING)
    )
    .map(drop)
}

/// Notes why nothing is written there, or that it is; since when is kept while it lasts. That it is not even read says more.
pub async fn refused(
    tx: &mut Tx,
    firm: FirmId,
    id: SubscriptionId,
    words: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let Some(words) = words else {
        return run!(tx, query(ACCEPTED).bind(firm.0).bind(id.0).bind(WRITING)).map(drop);
    };
    run!(tx, query(REFUSED).bind(firm.0).bind(id.0).bind(words).bind(WRITING).bind(Ts::from(now))).map(drop)
}

/// Notes why it was not; since when is kept while it lasts.
pub async fn failed(
    tx: &mut Tx,
    firm: FirmId,
    id: SubscriptionId,
    words: &str,
    kind: TroubleKind,
    now: Timestamp,
) -> Result<()> {
    let (now, kind) = (Ts::from(now), kind.name());
    run!(tx, query(FAILED).bind(firm.0).bind(id.0).bind(now).bind(words).bind(kind).bind(WRITING)).map(drop)
}

#[derive(FromRow)]
struct FolderRow {
    href: String,
    name: String,
    chosen: bool,
    token: Option<String>,
}

/// The calendars or address books of an account, by name.
pub async fn folders(tx: &mut Tx, firm: FirmId, id: SubscriptionId) -> Result<Vec<Folder>> {
    let rows: Vec<FolderRow> = sql!(tx, c => query_as(FOLDERS).bind(firm.0).bind(id.0).fetch_all(c).await)?;
    let folder =
        |row: FolderRow| Folder { path: row.href, name: row.name, chosen: row.chosen, token: row.token };
    Ok(rows.into_iter().map(folder).collect())
}

/// Keeps a calendar or address book that is new, or its new name. What was chosen stands.
pub async fn folder(tx: &mut Tx, firm: FirmId, id: SubscriptionId, folder: &Folder) -> Result<()> {
    let (path, name) = (&folder.path, crate::text::storable(&folder.name));
    run!(tx, query(FOLDER).bind(firm.0).bind(id.0).bind(path).bind(name.as_ref()).bind(folder.chosen))
        .map(drop)
}

/// Forgets a folder that is no more.
pub async fn forget_folder(tx: &mut Tx, firm: FirmId, id: SubscriptionId, path: &str) -> Result<()> {
    run!(tx, query(FORGET_FOLDER).bind(firm.0).bind(id.0).bind(path)).map(drop)
}

/// Says whether a folder is followed; from then on it is looked at as a whole.
pub async fn choose(tx: &mut Tx, firm: FirmId, id: SubscriptionId, path: &str, chosen: bool) -> Result<()> {
    run!(tx, query(CHOOSE).bind(firm.0).bind(id.0).bind(path).bind(chosen)).map(drop)
}

/// Notes how far a folder was followed.
pub async fn reach(
    tx: &mut Tx,
    firm: FirmId,
    id: SubscriptionId,
    path: &str,
    token: Option<&str>,
) -> Result<()> {
    run!(tx, query(REACH).bind(firm.0).bind(id.0).bind(path).bind(token)).map(drop)
}

/// Says into which calendar or address book of an account is written; none for nowhere.
pub async fn write_to(tx: &mut Tx, firm: FirmId, id: SubscriptionId, folder: Option<&str>) -> Result<()> {
    run!(tx, query(WRITE_TO).bind(firm.0).bind(id.0).bind(folder))?;
    run!(tx, query(ACCEPTED).bind(firm.0).bind(id.0).bind(WRITING)).map(drop)
}
