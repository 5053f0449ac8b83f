//! Who is who: which address or number belongs to whom.

use crate::ids::{AddressId, ClientId, ContactId, StaffId};

/// Whom an address or number belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Who {
    /// A person of the firm, or one of its shared mailboxes.
    Staff(StaffId),
    /// A contact of a client (or prospect or former client).
    Client {
        /// The client.
        client: ClientId,
        /// The person there; none for an address that belongs to the client as a whole.
        contact: Option<ContactId>,
    },
    /// Refers clients to us, and is none.
    Partner(ClientId),
    /// The other side, counsel, a court, a bank, a supplier: in the record of a matter, but opens nothing.
    ThirdParty,
    /// Nothing of theirs is kept.
    Private,
    /// A robot: newsletters, no-reply.
    Robot,
    /// Nobody has said yet who this is.
    #[default]
    Unplaced,
}

/// The table of who owns which address: indexed by [`AddressId`].
#[derive(Debug, Clone, Default)]
pub struct Directory {
    who: Vec<Who>,
}

impl Directory {
    /// Who owns this address; an address never placed is [`Who::Unplaced`].
    pub fn who(&self, address: AddressId) -> Who {
        self.who.get(address.0 as usize).copied().unwrap_or_default()
    }

    /// Places an address.
    pub fn place(&mut self, address: AddressId, who: Who) {
        let index = address.0 as usize;
        if self.who.len() <= index {
            self.who.resize(index + 1, Who::Unplaced);
        }
        self.who[index] = who;
    }
}
