//! The firm as a scan sees it: everybody placed, everything folded.

use care::book::FirmBook;
use care::entry::{Entry, Message};
use care::hours::WorkCalendar;
use care::ids::{ClientId, NaturalKey};
use care::obligation::Obligation;
use care::people::{Directory, Who};
use care::standard::Standards;
use rustc_hash::FxHashMap;

use super::gather::{Gathered, Slip};
use super::own::Own;
use super::place::{Placed, place};
use super::roster::Roster;
use crate::firm;
use crate::record::outlook::Contact;
use crate::record::project::{self, Folded};

/// The firm that a scan has in memory.
pub struct Standing {
    /// All that was read.
    pub gathered: Gathered,
    /// Who the firm is.
    pub own: Own,
    /// Who everybody is.
    pub placed: Placed,
    /// What the fold knows.
    pub book: FirmBook,
    /// What is and was owed.
    pub obligations: Vec<Obligation>,
    /// What is known of the contact with each client.
    pub contacts: FxHashMap<ClientId, Contact>,
    places: FxHashMap<NaturalKey, usize>,
}

impl Standing {
    /// Places everybody and folds everything.
    pub fn of(
        mut gathered: Gathered,
        roster: &Roster,
        calendar: WorkCalendar,
        standards: Standards,
    ) -> Standing {
        let own = match roster.staff.is_empty() {
            true => Own::from_traffic(&gathered.traffic, &gathered.addresses),
            false => {
                let emails = roster.staff.iter().flat_map(|person| person.emails.iter().map(String::as_str));
                Own::from_staff(emails, &mut gathered.addresses)
            }
        };
        let placed = place(&own, roster, &gathered.traffic, &mut gathered.addresses);
        gathered.counts.clients = placed.clients.len() as u64;
        quiet_lists(&mut gathered, &placed);
        gathered.thread();
        let book = book(&placed, &gathered, calendar, standards);
        let Folded { obligations, contacts } = project::fold_whole(&gathered.entries, &book);
        let contacts = contacts.into_iter().collect();
        let places = gathered.entries.iter().enumerate().map(|(place, entry)| (entry.key(), place)).collect();
        Standing { gathered, own, placed, book, obligations, contacts, places }
    }

    /// A message and what is kept beside it.
    pub fn message(&self, key: NaturalKey) -> Option<(&Message, &Slip)> {
        let place = *self.places.get(&key)?;
        match &self.gathered.entries[place] {
            Entry::Message(message) => Some((message, &self.gathered.slips[place])),
            _ => None,
        }
    }

    /// Any entry.
    pub fn entry(&self, key: NaturalKey) -> Option<&Entry> {
        self.places.get(&key).map(|place| &self.gathered.entries[*place])
    }
}

/// Whether somebody of the firm is among those to whom a message went.
pub(super) fn names_somebody_of(directory: &Directory, message: &Message) -> bool {
    message.recipients().any(|to| matches!(directory.who(to), Who::Staff(_)))
}

/// What people write to a mailing list is addressed to nobody of the firm, unless somebody of it is named.
fn quiet_lists(gathered: &mut Gathered, placed: &Placed) {
    for place in std::mem::take(&mut gathered.through_lists) {
        if let Entry::Message(message) = &mut gathered.entries[place] {
            message.automatic |= !names_somebody_of(&placed.directory, message);
        }
    }
}

fn book(placed: &Placed, gathered: &Gathered, calendar: WorkCalendar, standards: Standards) -> FirmBook {
    // The first firm of a database has this number as well, so both give what is owed the same ids.
    let mut book = FirmBook::new(firm::store::FIRST, calendar, standards, placed.directory.clone());
    placed.staff.iter().for_each(|person| book.add_staff(person.staff.clone()));
    placed.clients.iter().for_each(|file| book.add_client(file.client.clone()));
    book.record_from = gathered.entries.iter().map(Entry::at).min();
    book
}
