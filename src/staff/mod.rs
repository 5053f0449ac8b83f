//! The people of the firm: their addresses, and when they are away.

pub mod store;

use jiff::civil::Date;

use crate::firm::Custom;
use crate::ids::{AbsenceId, AddressId, StaffId};

/// Whoever sat at the command line and did not say who they are.
pub const SOMEBODY: StaffId = StaffId(0);

/// A person working in the firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// What they do, in the firm's words.
    pub role: String,
    /// What they may do in Regard: `owner`, `staff` or `read_only`.
    pub access: String,
    /// Their last day; none while they work here.
    pub left: Option<Date>,
    /// Known by the firm's mail alone: no list and no person has named them.
    pub proposed: bool,
    /// Mail addresses and telephone numbers, the one to print first.
    pub addresses: Vec<AddressId>,
    /// Columns of the list that Regard does not know.
    pub custom: Custom,
}

/// Days on which somebody is away, first and last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// Its id.
    pub id: AbsenceId,
    /// Who is away.
    pub staff: StaffId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Who stands in.
    pub cover: Option<StaffId>,
}
