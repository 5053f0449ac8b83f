//! A decision, entered: the fact and what it changes, in one transaction.

use std::sync::Arc;

use care::book::FirmBook;
use care::entry::{Decision, Verdict};
use jiff::Timestamp;

use crate::db::Tx;
use crate::error::Result;
use crate::ids::{EntryId, FirmId, NaturalKey, StaffId};
use crate::record::owed::Changed;
use crate::record::{book, changes, others, project, read};

/// What a decision changed.
#[derive(Debug, Clone)]
pub struct Entered {
    /// The decision; taking it back names it.
    pub decision: NaturalKey,
    /// What became another by it.
    pub changed: Changed,
}

/// Enters a decision and makes what it touches anew. The caller commits.
pub async fn enter(
    tx: &mut Tx,
    firm: FirmId,
    what: Verdict,
    by: StaffId,
    reason: &str,
    now: Timestamp,
) -> Result<Entered> {
    enter_by(tx, firm, what, by, reason, now, None).await
}

/// The same, where the firm's book as it is now may be at hand.
pub async fn enter_by(
    tx: &mut Tx,
    firm: FirmId,
    what: Verdict,
    by: StaffId,
    reason: &str,
    now: Timestamp,
    known: Option<&FirmBook>,
) -> Result<Entered> {
    let key = NaturalKey::of(format!("decision {} {}", firm.0, tx.new_id()).as_bytes());
    let at = if what.places() { others::placed_at(tx, firm, now).await? } else { now };
    let decision = Decision { entry: EntryId(0), key, at, by, what };
    others::add_decision(tx, firm, &decision, reason).await?;
    let concerns_all = concerns_all(tx, firm, &decision.what).await?;
    let read: Arc<FirmBook>;
    let book = match known.filter(|_| !concerns_all) {
        Some(book) => book,
        // A decision about who is who changes the book itself.
        None if concerns_all => {
            read = book::load(tx, firm).await?.into();
            &read
        }
        None => {
            read = book::at_hand(tx, firm).await?.book;
            &read
        }
    };
    let clients = project::touched(tx, firm, &decision, book).await?;
    if !concerns_all {
        let changed = project::renew_decided(tx, firm, &clients, key, book).await?;
        return Ok(Entered { decision: key, changed });
    }
    let changed = project::renew_clients_by(tx, firm, &clients, book).await?;
    changes::note_everything(tx, firm).await?;
    Ok(Entered { decision: key, changed })
}

/// Who is who has changed: more than what is owed to a client is to be read again.
async fn concerns_all(tx: &mut Tx, firm: FirmId, what: &Verdict) -> Result<bool> {
    let concerns =
        |what: &Verdict| what.places() || matches!(what, Verdict::PointPerson { .. } | Verdict::Cover { .. });
    let earlier = match what {
        Verdict::TakenBack { .. } => read::judged_by(tx, firm, &[what]).await?,
        _ => Vec::new(),
    };
    Ok(concerns(what) || read::decisions_in(&earlier).any(|decision| concerns(&decision.what)))
}
