//! What people set: their account and mailboxes, and, for owners, the firm, its people, walls, standards and log.

pub mod connections;
pub mod fit;
pub mod history;
pub mod issuers;
pub mod mailboxes;
pub mod pages;
pub mod people;
pub mod signing;
pub mod subscriptions;

use std::time::Duration;

pub use connections::Standing;

use crate::app::App;
use crate::board::Asker;
use crate::db::Tx;
use crate::error::Result;
use crate::record::{changes, project};
use crate::set_up::bring::{self, What};

/// How long a page waits for what is owed to be made anew, before it says that it still is.
const WAIT: Duration = Duration::from_secs(3);

/// Makes a change of settings stand that what is owed follows from, and makes that anew: who is who and what is owed.
/// A server that is stopped meanwhile does it when it is started again.
pub async fn commit_and_refold(app: &App, asker: &Asker, mut tx: Tx) -> Result<()> {
    project::mark_behind(&mut tx, asker.firm, true).await?;
    changes::note_everything(&mut tx, asker.firm).await?;
    app.commit(asker.firm, tx).await?;
    let called = "Working out anew what is owed".to_owned();
    // Where something is read in at this moment, its end makes everything anew as well.
    if let Ok(work) = bring::start(app, asker.firm, asker.staff, What::Settle, called) {
        let ended = async {
            while work.ended().is_none() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        // It goes on either way.
        drop(tokio::time::timeout(WAIT, ended).await);
    }
    Ok(())
}

/// Makes a change stand that only who may see what follows from.
pub async fn commit(app: &App, asker: &Asker, mut tx: Tx) -> Result<()> {
    changes::note_everything(&mut tx, asker.firm).await?;
    app.commit(asker.firm, tx).await
}
