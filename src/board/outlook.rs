//! How likely each client is to leave or go quiet, weighed when it is looked at, and once a minute at most.

use std::sync::{Arc, Mutex};

use care::people::ClientKind;
use jiff::Timestamp;
use outlook::Outlook;

use super::Board;
use crate::ids::ClientId;
use crate::record::outlook::Contact;

/// What is known of the contact with one client, and the last weighing of it.
#[derive(Debug, Default)]
pub(super) struct Known {
    contact: Arc<Contact>,
    kind: ClientKind,
    since: Option<Timestamp>,
    weighed: Mutex<Option<(i64, Arc<Outlook>)>>,
}

impl Known {
    pub(super) fn new(contact: Arc<Contact>, kind: ClientKind, since: Option<Timestamp>) -> Known {
        Known { contact, kind, since, weighed: Mutex::default() }
    }
}

impl Board {
    fn kind_of(&self, client: ClientId) -> ClientKind {
        self.firm.clients.get(&client).map(|card| card.kind).unwrap_or_default()
    }

    /// What is known of the contact with a client.
    pub fn contact_with(&self, client: ClientId) -> Arc<Contact> {
        self.known.get(&client).map(|known| Arc::clone(&known.contact)).unwrap_or_default()
    }

    /// How likely a client is to leave or go quiet. Whoever asks must see the client.
    pub fn outlook(&self, client: ClientId, now: Timestamp) -> Arc<Outlook> {
        let Some(known) = self.known.get(&client) else {
            let nothing = Contact::none();
            return Arc::new(nothing.outlook([].iter(), self.kind_of(client), None, now));
        };
        let minute = now.as_second().div_euclid(60);
        let mut weighed = known.weighed.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        match &*weighed {
            Some((of, outlook)) if *of == minute => Arc::clone(outlook),
            _ => {
                let open = self.open_at(client).iter().map(|open| &open.owed);
                let outlook = Arc::new(known.contact.outlook(open, known.kind, known.since, now));
                *weighed = Some((minute, Arc::clone(&outlook)));
                outlook
            }
        }
    }
}
