//! The firm's own lists: staff, clients, contacts, matters, absences.

use care::ids::{AddressId, MatterId, StaffId};
use care::particular::Particular;
use care::people::{ClientKind, Matter, Who};
use jiff::civil::Date;

/// A person of the staff list.
#[derive(Debug, Clone, Default)]
pub struct ListedStaff {
    /// The name.
    pub name: String,
    /// Mail addresses in lower case, the first the one to print.
    pub emails: Vec<String>,
    /// Telephone numbers as written.
    pub phones: Vec<String>,
}

/// A client of the client list.
#[derive(Debug, Clone)]
pub struct ListedClient {
    /// The firm's own id for it.
    pub client_id: String,
    /// The name.
    pub name: String,
    /// What kind it is.
    pub kind: ClientKind,
    /// Since when.
    pub since: Option<Date>,
    /// Its tier.
    pub tier: Option<String>,
    /// The mail address or name of its point person, in lower case.
    pub point_person: Option<String>,
    /// What the list tells of it beside.
    pub told: Vec<Particular>,
}

/// A contact of the contact list.
#[derive(Debug, Clone, Default)]
pub struct ListedContact {
    /// The client's id.
    pub client_id: String,
    /// The name.
    pub name: String,
    /// Mail addresses in lower case.
    pub emails: Vec<String>,
    /// Telephone numbers as written.
    pub phones: Vec<String>,
}

/// A matter of the matter list.
#[derive(Debug, Clone, Default)]
pub struct ListedMatter {
    /// The client's id.
    pub client_id: String,
    /// The mail address or name of its handler, in lower case.
    pub handler: Option<String>,
    /// When it began.
    pub opened: Option<Date>,
    /// When it closed.
    pub closed: Option<Date>,
}

/// An absence of the absence list.
#[derive(Debug, Clone)]
pub struct ListedAbsence {
    /// Who is away.
    pub email: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Who stands in.
    pub cover: Option<String>,
}

/// All lists.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// Staff, one a name.
    pub staff: Vec<ListedStaff>,
    /// Clients.
    pub clients: Vec<ListedClient>,
    /// Contacts.
    pub contacts: Vec<ListedContact>,
    /// Matters.
    pub matters: Vec<ListedMatter>,
    /// Absences.
    pub absences: Vec<ListedAbsence>,
    /// Addresses that somebody has placed.
    pub decided: Vec<(AddressId, Who)>,
}

impl Roster {
    /// Whether a list says who the clients are.
    pub fn knows_clients(&self) -> bool {
        !self.clients.is_empty() || !self.contacts.is_empty()
    }

    /// The matters of a client, with their handlers looked up.
    pub fn matters_of(&self, client_id: &str, handler: impl Fn(&str) -> Option<StaffId>) -> Vec<Matter> {
        let matters = self.matters.iter().enumerate().filter(|(_, matter)| matter.client_id == client_id);
        matters
            .map(|(place, matter)| Matter {
                id: MatterId(place as i64 + 1),
                handler: matter.handler.as_deref().and_then(&handler),
                opened: matter.opened,
                closed: matter.closed,
            })
            .collect()
    }

    /// Clients that only the contact list names become clients under their id.
    pub fn complete(&mut self) {
        for contact in &self.contacts {
            if self.clients.iter().all(|client| client.client_id != contact.client_id) {
                self.clients.push(ListedClient {
                    client_id: contact.client_id.clone(),
                    name: contact.client_id.clone(),
                    kind: ClientKind::Organisation,
                    since: None,
                    tier: None,
                    point_person: None,
                    told: Vec::new(),
                });
            }
        }
    }
}
