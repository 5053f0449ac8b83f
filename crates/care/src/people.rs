//! Who is who: which address or number belongs to whom, and who the staff and clients are.

use jiff::Timestamp;
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::entry::{Decision, Verdict};
use crate::ids::{AddressId, ClientId, ContactId, MatterId, NaturalKey, StaffId};
use crate::particular::Told;

/// Whom an address or number belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

impl Who {
    /// The client or partner whose record this address belongs to.
    pub fn client(self) -> Option<ClientId> {
        match self {
            Who::Client { client, .. } | Who::Partner(client) => Some(client),
            _ => None,
        }
    }

    /// The person of the firm.
    pub fn staff(self) -> Option<StaffId> {
        match self {
            Who::Staff(staff) => Some(staff),
            _ => None,
        }
    }
}

/// The table of who owns which address: indexed by [`AddressId`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    who: Vec<Who>,
    merged: FxHashMap<ClientId, ClientId>,
    removed: FxHashMap<ContactId, Timestamp>,
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

    /// The client that this one is now: itself, or the one it was merged into.
    pub fn client(&self, client: ClientId) -> ClientId {
        self.merged.get(&client).copied().unwrap_or(client)
    }

    /// Notes that somebody is no contact of their client any more, since when. Their addresses stay theirs: what was
    /// written with them is the client's as before.
    pub fn remove(&mut self, contact: ContactId, at: Timestamp) {
        self.removed.insert(contact, at);
    }

    /// Since when somebody is no contact any more; none where they are one.
    pub fn removed_at(&self, contact: ContactId) -> Option<Timestamp> {
        self.removed.get(&contact).copied()
    }

    /// Whether an address is of somebody who is no contact any more.
    pub fn is_removed(&self, address: AddressId) -> bool {
        match self.who(address) {
            Who::Client { contact: Some(contact), .. } => self.removed.contains_key(&contact),
            _ => false,
        }
    }

    /// This directory with the firm's decisions applied: addresses placed, clients merged and split.
    /// `decisions` are those in force (see [`crate::record::in_force`]), in the order of the record.
    pub fn decided<'a>(&self, decisions: impl IntoIterator<Item = &'a Decision>) -> Directory {
        let mut directory = self.clone();
        for decision in decisions {
            match &decision.what {
                Verdict::Placed { address, who } => directory.place(*address, *who),
                Verdict::Split { from, into, addresses } => directory.split(*from, *into, addresses),
                Verdict::Merged { from, into } => directory.merge(*from, *into),
                _ => {}
            }
        }
        directory.resolve();
        directory
    }

    fn split(&mut self, from: ClientId, into: ClientId, addresses: &[AddressId]) {
        for &address in addresses {
            match self.who(address) {
                Who::Client { client, contact } if client == from => {
                    self.place(address, Who::Client { client: into, contact });
                }
                Who::Partner(client) if client == from => self.place(address, Who::Partner(into)),
                _ => {}
            }
        }
    }

    /// Merging into a client that was itself merged leads on to where that went; a circle is refused.
    fn merge(&mut self, from: ClientId, into: ClientId) {
        let into = self.client(into);
        if from == into || self.merged.contains_key(&from) {
            return;
        }
        for target in self.merged.values_mut().filter(|target| **target == from) {
            *target = into;
        }
        self.merged.insert(from, into);
    }

    fn resolve(&mut self) {
        if self.merged.is_empty() {
            return;
        }
        for who in &mut self.who {
            if let Who::Client { client, .. } | Who::Partner(client) = who
                && let Some(into) = self.merged.get(client)
            {
                *client = *into;
            }
        }
    }
}

/// A person working in the firm.
#[derive(Debug, Clone, PartialEq)]
pub struct Staff {
    /// Their id.
    pub id: StaffId,
    /// Mail addresses and telephone numbers, their own and shared ones.
    pub addresses: Vec<AddressId>,
    /// When they are away.
    pub absences: Vec<Absence>,
    /// The last day they worked here; none while they do.
    pub left: Option<Date>,
}

/// Days on which somebody is away, first and last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Who stands in.
    pub cover: Option<StaffId>,
}

/// What kind of client it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    /// A company, an authority, a charity.
    Organisation,
    /// One person, or a household.
    Person,
    /// Not a client yet.
    Prospect,
    /// A client no more: nothing opens by itself, but their mail is still answered.
    Former,
    /// Refers clients, and is none.
    Partner,
    /// Stands in where no client list is given: proposed by its traffic.
    #[default]
    Correspondent,
}

impl ClientKind {
    /// The firm works for them now, so their record is tended though they do not write.
    pub fn is_served(self) -> bool {
        matches!(self, ClientKind::Organisation | ClientKind::Person | ClientKind::Correspondent)
    }
}

/// Whom the firm serves.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// The same wherever and whenever it is imported: the hash of the firm's own id for it, or of its slug.
    pub key: NaturalKey,
    /// What kind it is.
    pub kind: ClientKind,
    /// Since when it is a client.
    pub since: Option<Date>,
    /// Its tier, which says what it was promised.
    pub tier: Option<String>,
    /// The one face it knows.
    pub point_person: Option<StaffId>,
    /// What we do for it.
    pub matters: Vec<Matter>,
    /// What its record tells of it beside what happened.
    pub told: Vec<Told>,
}

/// A piece of work for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matter {
    /// Its id.
    pub id: MatterId,
    /// Who does the work.
    pub handler: Option<StaffId>,
    /// When it began, where that is known.
    pub opened: Option<Date>,
    /// The day it closed; none while it is open.
    pub closed: Option<Date>,
}
