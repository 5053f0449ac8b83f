//! What a client is called and its tier, as people change them.

use jiff::Timestamp;

use super::changed::{self, Change, Undone, What};
use super::store;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{ClientId, FirmId, StaffId};
use crate::record::{changes, project};

/// What people say of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// What it is called.
    pub name: String,
    /// Its tier.
    pub tier: Option<String>,
}

/// Changes a client's details; none where they are these already. The caller holds the firm, and commits.
pub async fn change(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    new: Details,
    by: StaffId,
    now: Timestamp,
) -> Result<Option<Change>> {
    let old = now_are(tx, firm, client).await?;
    if old == new {
        return Ok(None);
    }
    set(tx, firm, client, &old, &new).await?;
    changed::note(tx, firm, client, What::Client { old, new }, by, now).await.map(Some)
}

/// Makes a client's details as they were before a change.
pub(super) async fn change_back(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    old: &Details,
    new: &Details,
) -> Result<Undone> {
    if now_are(tx, firm, client).await? != *new {
        return Ok(Undone::ChangedSince);
    }
    set(tx, firm, client, new, old).await?;
    Ok(Undone::Yes)
}

async fn now_are(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Details> {
    let found = store::one(tx, firm, client).await?;
    Ok(Details { name: found.name, tier: found.tier })
}

async fn set(tx: &mut Tx, firm: FirmId, client: ClientId, was: &Details, is: &Details) -> Result<()> {
    store::rename(tx, firm, client, &is.name, is.tier.as_deref()).await?;
    changes::note_everything(tx, firm).await?;
    if was.tier != is.tier {
        // Another tier was promised other times.
        project::renew_clients(tx, firm, &[client]).await?;
    }
    Ok(())
}
