//! `regard connect rotate-key`: everything that is sealed is sealed with another key.

use anyhow::Result;

use super::keys;
use crate::calls::hooks;
use crate::cli::open;
use crate::config::Config;
use crate::db::Durability;
use crate::firm;
use crate::mailboxes::oauth::{self, begun};
use crate::mailboxes::seals::Seals;
use crate::mailboxes::secret::Keys;
use crate::mailboxes::store;
use crate::subscriptions;

/// Wherever something is sealed.
const ALL: [&Seals; 5] =
    [&store::SEALS, &subscriptions::store::SEALS, &hooks::SEALS, &oauth::store::SEALS, &begun::SEALS];

/// Seals everything with a new key: in the data folder one that is made here; with `REGARD_KEY` the one that stands
/// there, while `REGARD_KEY_OLD` still opens.
pub(super) async fn rotate(config: &Config) -> Result<String> {
    let (db, _) = open::existing(config).await?;
    let in_file = config.database.value.is_none() && std::env::var("REGARD_KEY").is_err();
    let keys = match in_file {
        true => Keys::begin_change(&config.data.value)?,
        false => keys(config, false)?,
    };
    let mut tx = db.write(Durability::Act).await?;
    let mut sealed = 0;
    // The key is that of all firms in it.
    for firm in firm::store::all(&mut tx).await? {
        for seals in ALL {
            sealed += seals.seal_anew(&mut tx, &keys, firm.id).await?;
        }
    }
    tx.commit().await?;
    db.close().await;
    if in_file {
        Keys::end_change(&config.data.value)?;
    }
    let then = match in_file {
        true => "The old one is of no use any more.",
        false => "Take REGARD_KEY_OLD away once nothing runs with the old one alone.",
    };
    Ok(format!("{sealed} sealed with the new key. {then}\n"))
}
