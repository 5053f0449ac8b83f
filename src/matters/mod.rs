//! Pieces of work for clients.

pub mod store;

use jiff::civil::Date;

use crate::firm::Custom;
use crate::ids::{ClientId, MatterId, StaffId};

/// A piece of work: a case, an engagement, a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Its id.
    pub id: MatterId,
    /// The firm's own id for it.
    pub external_key: String,
    /// For whom.
    pub client: ClientId,
    /// Its name.
    pub name: String,
    /// What kind of work, in the firm's words.
    pub kind: String,
    /// Who does it.
    pub handler: Option<StaffId>,
    /// When it began.
    pub opened: Option<Date>,
    /// When it closed; none while it is open.
    pub closed: Option<Date>,
    /// Columns of the list that Regard does not know.
    pub custom: Custom,
}
