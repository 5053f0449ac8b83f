//! The firm as a scan sees it: everybody placed, everything folded.

use care::book::FirmBook;
use care::entry::{Entry, Message};
use care::hours::WorkCalendar;
use care::ids::{ClientId, FirmId, NaturalKey};
use care::obligation::{Kind, Obligation};
use care::people::{ClientKind, Who};
use care::standard::Standards;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::gather::{Gathered, Slip};
use super::own::Own;
use super::place::{Placed, place};
use super::roster::Roster;

/// Upkeep is derived for a correspondent without a client list only where the traffic is at least this client-like:
/// somebody who wrote once is nobody to check in with.
const LIKE_A_CLIENT: f64 = 0.6;

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
        let obligations = folded(&gathered.entries, &book, &placed);
        let places = gathered.entries.iter().enumerate().map(|(place, entry)| (entry.key(), place)).collect();
        Standing { gathered, own, placed, book, obligations, places }
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

/// What people write to a mailing list is addressed to nobody of the firm, unless somebody of it is named.
fn quiet_lists(gathered: &mut Gathered, placed: &Placed) {
    for place in std::mem::take(&mut gathered.through_lists) {
        if let Entry::Message(message) = &mut gathered.entries[place] {
            let ours = |address| matches!(placed.directory.who(address), Who::Staff(_));
            let named = message.recipients().any(ours);
            message.automatic |= !named;
        }
    }
}

fn book(placed: &Placed, gathered: &Gathered, calendar: WorkCalendar, standards: Standards) -> FirmBook {
    // A scan holds one firm, whose number never matters.
    let mut book = FirmBook::new(FirmId(1), calendar, standards, placed.directory.clone());
    placed.staff.iter().for_each(|person| book.add_staff(person.staff.clone()));
    placed.clients.iter().for_each(|file| book.add_client(file.client.clone()));
    book.record_from = gathered.entries.iter().map(Entry::at).min();
    book
}

fn folded(entries: &[Entry], book: &FirmBook, placed: &Placed) -> Vec<Obligation> {
    let records = care::record::records(entries, book);
    let mut obligations: Vec<Obligation> =
        records.par_iter().flat_map_iter(|record| care::fold::fold(record, book)).collect();
    obligations.retain(|owed| is_worth_saying(owed.kind, owed.client, placed));
    obligations
}

fn is_worth_saying(kind: Kind, client: ClientId, placed: &Placed) -> bool {
    let Some(file) = placed.client(client) else { return true };
    match file.client.kind {
        // Nobody has said who looks after a correspondent, so nobody can be missing.
        ClientKind::Correspondent if kind == Kind::Cover => false,
        ClientKind::Correspondent if kind.is_upkeep() => LIKE_A_CLIENT <= file.likeness,
        _ => true,
    }
}
