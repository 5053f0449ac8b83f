//! `regard connect rotate-key`: everything that is sealed is sealed with another key.

use anyhow::Result;

use super::keys;
use crate::calls::hooks;
use crate::cli::open;
use crate::clock;
use crate::config::Config;
use crate::db::{Durability, Tx};
use crate::ids::{FirmId, MailboxId};
use crate::mailboxes::oauth::{self, begun};
use crate::mailboxes::secret::{Keys, SealedSecret};
use crate::mailboxes::{Connection, store};
use crate::subscriptions;

/// Seals everything with a new key: in the data folder one that is made here; with `REGARD_KEY` the one that stands
/// there, while `REGARD_KEY_OLD` still opens.
pub(super) async fn rotate(config: &Config) -> Result<String> {
    let (db, firm) = open::existing(config).await?;
    let in_file = config.database.value.is_none() && std::env::var("REGARD_KEY").is_err();
    let keys = match in_file {
        true => Keys::begin_change(&config.data.value)?,
        false => keys(config, false)?,
    };
    let mut tx = db.write(Durability::Act).await?;
    let mut sealed = 0;
    for connection in store::all(&mut tx, firm.id).await? {
        mailbox(&mut tx, &keys, firm.id, &connection).await?;
        sealed += 1;
    }
    for mut issuer in oauth::store::issuers(&mut tx, firm.id).await? {
        if let Some(secret) = &issuer.secret {
            let opened = keys.open(firm.id, MailboxId(issuer.id), secret)?;
            issuer.secret = Some(keys.seal(firm.id, MailboxId(issuer.id), &opened)?);
            oauth::store::save(&mut tx, firm.id, &issuer, clock::now()).await?;
            sealed += 1;
        }
    }
    for hook in hooks::all(&mut tx, firm.id).await? {
        let secret = SealedSecret(hook.secret.clone());
        let opened = keys.open(firm.id, MailboxId(hook.hook_id), &secret)?;
        let again = keys.seal(firm.id, MailboxId(hook.hook_id), &opened)?;
        hooks::reseal(&mut tx, firm.id, hook.hook_id, &again.0).await?;
        sealed += 1;
    }
    for one in subscriptions::store::all(&mut tx, firm.id).await? {
        let secret = subscriptions::open(&keys, firm.id, &one)?;
        let again = subscriptions::seal(&keys, firm.id, one.id, &secret)?;
        subscriptions::store::reseal(&mut tx, firm.id, one.id, &again).await?;
        sealed += 1;
    }
    sealed += begun::reseal_all(&mut tx, &keys, firm.id).await?;
    tx.commit().await?;
    db.close().await;
    if in_file {
        Keys::end_change(&config.data.value)?;
    }
    Ok(format!("{sealed} sealed with the new key. The old one is of no use any more.\n"))
}

/// Seals what signs in to a mailbox, as it is at this moment: on a database server a token may be renewed while this goes
/// on.
async fn mailbox(tx: &mut Tx, keys: &Keys, firm: FirmId, connection: &Connection) -> Result<()> {
    let mut before = connection.secret.clone();
    loop {
        let secret = keys.open(firm, connection.id, &before)?;
        let again = keys.seal(firm, connection.id, &secret)?;
        if store::reseal(tx, firm, connection.id, &again, &before).await? {
            return Ok(());
        }
        before = oauth::store::held(tx, firm, connection.id).await?;
    }
}
