//! Whom the firm serves, and who everybody else is.

pub mod cards;
pub mod changed;
pub mod contacts;
pub mod details;
pub mod domains;
pub mod export;
pub mod pages;
pub mod particulars;
pub mod people;
pub mod proposed;
pub mod removed;
pub mod said;
pub mod store;
pub mod views;

use care::people::{ClientKind, Who};
use jiff::Timestamp;
use jiff::civil::Date;
pub use wire::csv::Money;

use crate::firm::Custom;
use crate::ids::{AddressId, ClientId, ContactId, StaffId};

/// A client, prospect, former client, partner, or a correspondent that stands in for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// The firm's own id for it, or a stable slug.
    pub external_key: String,
    /// Its name.
    pub name: String,
    /// What kind it is.
    pub kind: ClientKind,
    /// Since when it is a client.
    pub since: Option<Date>,
    /// Its tier, in the firm's words.
    pub tier: Option<String>,
    /// The one face it knows.
    pub point_person: Option<StaffId>,
    /// Who stands in for the point person.
    pub cover: Option<StaffId>,
    /// A year's revenue in the smallest unit of its currency.
    pub revenue: Option<Money>,
    /// Columns of the list that Regard does not know.
    pub custom: Custom,
}

impl Client {
    /// One of whom nothing more is known yet.
    pub fn new(id: ClientId, external_key: String, name: String, kind: ClientKind) -> Client {
        Client {
            id,
            external_key,
            name,
            kind,
            since: None,
            tier: None,
            point_person: None,
            cover: None,
            revenue: None,
            custom: Custom::default(),
        }
    }

    /// Nobody has said that it is one: it stands in for a correspondent, by the traffic.
    pub fn is_proposed(&self) -> bool {
        self.kind == ClientKind::Correspondent
    }
}

/// A person at a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Their id.
    pub id: ContactId,
    /// The client.
    pub client: ClientId,
    /// Their name.
    pub name: String,
    /// What they do there.
    pub role: Option<String>,
    /// Mail addresses and telephone numbers.
    pub addresses: Vec<AddressId>,
    /// Columns of the list that Regard does not know.
    pub custom: Custom,
}

/// What a rule about who somebody is speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Every address at a domain.
    Domain,
    /// One address.
    Address,
}

/// Who everybody at a domain is, or who one address is, as long as nothing more exact is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// What it speaks of.
    pub scope: Scope,
    /// The domain or address, lower case.
    pub text: String,
    /// Who that is.
    pub who: Who,
    /// Who said so; none where Regard proposed it.
    pub decided_by: Option<StaffId>,
    /// When.
    pub at: Timestamp,
}

/// The word for a kind of client in tables and lists.
pub fn kind_name(kind: ClientKind) -> &'static str {
    match kind {
        ClientKind::Organisation => "organisation",
        ClientKind::Person => "person",
        ClientKind::Prospect => "prospect",
        ClientKind::Former => "former",
        ClientKind::Partner => "partner",
        ClientKind::Correspondent => "correspondent",
    }
}

/// The kind of client of that name.
pub fn kind_named(name: &str) -> Option<ClientKind> {
    use ClientKind::{Correspondent, Former, Organisation, Partner, Person, Prospect};
    [Organisation, Person, Prospect, Former, Partner, Correspondent]
        .into_iter()
        .find(|kind| kind_name(*kind) == name)
}
