//! The handles that every page shares.

pub mod kept;
pub mod limits;
pub mod live;
pub mod outside;
pub mod refused;
pub mod seen;
pub mod work;

use std::sync::Arc;

use jiff::Timestamp;

use crate::board::Boards;
use crate::clock::Clock;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::ids::{FirmId, StaffId};
use crate::record::changes;

use kept::KeptForms;
use limits::Limits;
use live::Live;
use outside::Outside;
use refused::Refusals;
use seen::SeenNotes;
use work::Works;

/// What the server holds; cheap to clone.
pub type App = Arc<Handles>;

/// The handles that every page shares.
#[derive(Debug)]
pub struct Handles {
    /// The database.
    pub db: Db,
    /// The only source of the present moment.
    pub clock: Clock,
    /// What is open, in memory.
    pub boards: Boards,
    /// Tells open pages that something changed.
    pub live: Live,
    /// How often somebody may try to sign in.
    pub limits: Limits,
    /// Who looked at what, on its way into the audit log.
    pub seen: SeenNotes,
    /// Who was refused, on its way there as well.
    pub refused: Refusals,
    /// Long forms that were handed in after their session had ended.
    pub kept: KeptForms,
    /// Long work that pages started.
    pub works: Works,
    /// How mailboxes on servers are reached.
    pub outside: Outside,
    /// In a demonstration: who is signed in without a password. Only ever set while listening on loopback.
    pub guest: Option<(FirmId, StaffId)>,
}

impl Handles {
    /// The handles of a server on this database.
    pub fn new(db: Db, clock: Clock, guest: Option<(FirmId, StaffId)>) -> App {
        Arc::new(Handles {
            seen: SeenNotes::default(),
            refused: Refusals::default(),
            db,
            clock,
            boards: Boards::default(),
            live: Live::default(),
            limits: Limits::default(),
            kept: KeptForms::default(),
            works: Works::default(),
            outside: Outside::default(),
            guest,
        })
    }

    /// Makes what somebody did stand, and tells the open pages of the firm.
    pub async fn commit(&self, firm: FirmId, mut tx: Tx) -> Result<()> {
        let revision = changes::revision(&mut tx, firm).await?;
        tx.commit().await?;
        self.live.tell(firm, revision);
        Ok(())
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
