//! What is known of each thing in calendars and address books elsewhere, and what was written there, as rows.

use std::collections::BTreeMap;

use sqlx::{query, query_as};

use crate::clients::said::Said;
use crate::db::{Tx, run, sql};
use crate::error::Result;
use crate::ids::{FirmId, NaturalKey, SubscriptionId};

const ITEMS: &str = "SELECT href, etag FROM subscribed_item
    WHERE firm_id = $1 AND subscription_id = $2 AND folder = $3 AND wrote IS NULL";
const SAID: &str = "SELECT href, said FROM subscribed_item
    WHERE firm_id = $1 AND subscription_id = $2 AND folder = $3 AND wrote IS NULL AND said IS NOT NULL";
const ITEM: &str = "INSERT INTO subscribed_item (firm_id, subscription_id, href, folder, etag, said)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (firm_id, subscription_id, href) DO UPDATE SET etag = excluded.etag, folder = excluded.folder,
        said = excluded.said";
const FORGET: &str = "DELETE FROM subscribed_item WHERE firm_id = $1 AND subscription_id = $2 AND href = $3";
const WRITTEN: &str = "SELECT href, etag, wrote, said FROM subscribed_item
    WHERE firm_id = $1 AND subscription_id = $2 AND wrote IS NOT NULL ORDER BY href";
const WROTE: &str = "INSERT INTO subscribed_item (firm_id, subscription_id, href, folder, etag, wrote, said)
    VALUES ($1, $2, $3, '', $4, $5, $6)
    ON CONFLICT (firm_id, subscription_id, href) DO UPDATE SET etag = excluded.etag, wrote = excluded.wrote,
        said = excluded.said";

/// Stands in the place of a mark of ours where its owner has a thing of their own, or changed one that was to be taken away:
/// it is left, and not written over where it is wanted again.
const THEIRS: NaturalKey = NaturalKey(0);
/// And where something is about to be written: whether it was is seen there.
const BEGUN: NaturalKey = NaturalKey(1);

/// How a thing in a folder is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// The server's mark.
    pub etag: String,
    /// What it says, where it is a contact's own card.
    pub said: Option<Said>,
}

/// What is known of each thing in a folder: by path, the mark of how it was.
pub async fn items(
    tx: &mut Tx,
    firm: FirmId,
    id: SubscriptionId,
    folder: &str,
) -> Result<BTreeMap<String, String>> {
    let rows: Vec<(String, String)> =
        sql!(tx, c => query_as(ITEMS).bind(firm.0).bind(id.0).bind(folder).fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// What contacts' own cards in a folder said when they were looked at last, by path.
pub async fn said(
    tx: &mut Tx,
    firm: FirmId,
    id: SubscriptionId,
    folder: &str,
) -> Result<BTreeMap<String, Said>> {
    let rows: Vec<(String, String)> =
        sql!(tx, c => query_as(SAID).bind(firm.0).bind(id.0).bind(folder).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(path, said)| Some((path, Said::read(&said)?))).collect())
}

/// Notes how a thing is; one that is none is gone.
pub async fn item(
    tx: &mut Tx,
    firm: FirmId,
    id: SubscriptionId,
    folder: &str,
    path: &str,
    item: Option<&Item>,
) -> Result<()> {
    let Some(Item { etag, said }) = item else { return forget(tx, firm, id, path).await };
    let said = said.as_ref().map(Said::text);
    run!(tx, query(ITEM).bind(firm.0).bind(id.0).bind(path).bind(folder).bind(etag).bind(said)).map(drop)
}

/// Something that was written into a calendar or an address book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its whole address.
    pub address: String,
    /// The server's mark of how it was then; empty where that is not known.
    pub etag: String,
    /// What became of it.
    pub what: What,
    /// What it said then, where it is a card.
    pub said: Option<Said>,
}

/// What became of something that was to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It is about to be written.
    Begun,
    /// It was written; the mark of what.
    Wrote(NaturalKey),
    /// Its owner has a thing of their own there, or changed it before it was to be taken away: it is left to them.
    Theirs,
}

/// What was written there, by address.
pub async fn written(tx: &mut Tx, firm: FirmId, id: SubscriptionId) -> Result<Vec<Written>> {
    let rows: Vec<(String, String, i64, Option<String>)> =
        sql!(tx, c => query_as(WRITTEN).bind(firm.0).bind(id.0).fetch_all(c).await)?;
    let written = |(address, etag, wrote, said): (String, String, i64, Option<String>)| {
        let what = match NaturalKey(wrote.cast_unsigned()) {
            BEGUN => What::Begun,
            THEIRS => What::Theirs,
            mark => What::Wrote(mark),
        };
        Written { address, etag, what, said: said.as_deref().and_then(Said::read) }
    };
    Ok(rows.into_iter().map(written).collect())
}

/// Notes what was written, or is about to be.
pub async fn wrote(tx: &mut Tx, firm: FirmId, id: SubscriptionId, one: &Written) -> Result<()> {
    let what = match one.what {
        What::Begun => BEGUN,
        What::Wrote(mark) => mark,
        What::Theirs => THEIRS,
    };
    let (what, said) = (what.0.cast_signed(), one.said.as_ref().map(Said::text));
    run!(tx, query(WROTE).bind(firm.0).bind(id.0).bind(&one.address).bind(&one.etag).bind(what).bind(said))
        .map(drop)
}

/// Forgets a thing that is there no more.
pub async fn forget(tx: &mut Tx, firm: FirmId, id: SubscriptionId, href: &str) -> Result<()> {
    run!(tx, query(FORGET).bind(firm.0).bind(id.0).bind(href)).map(drop)
}
