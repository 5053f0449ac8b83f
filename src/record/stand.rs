//! Where the fold of one client's record stands, and what a letter more changes of it.
//!
//! What is owed is a function of the record; to fold all of it for each letter is not needed. Where the next entries are the
//! latest of the record, and nothing else of it changed, what they change follows from where the fold stood
//! ([`care::fold::Standing`]). Anything else is folded whole. In builds with debug assertions every step is held against
//! the whole fold of the record in the database.

use care::book::FirmBook;
use care::entry::Entry;
use care::fold::{Standing, Step};
use care::obligation::{Kind, Obligation};
use care::people::ClientKind;
use care::record::{Record, filed};
use rustc_hash::FxHashSet;

use super::outlook::Contact;
use super::project::likeness;
use crate::ids::{ClientId, EntryId};

/// Upkeep is derived for a proposed correspondent only where the traffic is at least this client-like: somebody who
/// wrote once is nobody to check in with.
const LIKE_A_CLIENT: f64 = 0.6;

/// How many messages went each way between us and a proposed correspondent. Of any other client nobody asks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traffic {
    is_proposed: bool,
    wrote: u32,
    received: u32,
}

impl Traffic {
    /// What a record shows of it.
    pub(super) fn of(record: &Record<'_>, book: &FirmBook) -> Traffic {
        let kind = book.client(record.client).map(|client| client.kind);
        let is_proposed = kind == Some(ClientKind::Correspondent);
        let none = Traffic { is_proposed, ..Traffic::default() };
        record.entries().iter().fold(none, |traffic, entry| traffic.with(entry, record.client, book))
    }

    fn with(mut self, entry: &Entry, client: ClientId, book: &FirmBook) -> Traffic {
        if let (true, Entry::Message(message)) = (self.is_proposed, entry) {
            let is_theirs = |address| book.directory.who(address).client() == Some(client);
            self.wrote += u32::from(!message.automatic && is_theirs(message.from));
            self.received += message.recipients().filter(|to| is_theirs(*to)).count() as u32;
        }
        self
    }

    /// How sure it is that they are a client at all, 0 to 1.
    pub(super) fn likeness(&self) -> f64 {
        if self.is_proposed { likeness(self.wrote, self.received) } else { 1.0 }
    }

    /// Whether something that the fold gives is owed to them.
    pub(super) fn owes(&self, owed: &Obligation) -> bool {
        // Nobody has said who looks after a correspondent, so nobody can be missing.
        !self.is_proposed || owed.kind != Kind::Cover && (self.is_tended() || !owed.kind.is_upkeep())
    }

    fn is_tended(&self) -> bool {
        LIKE_A_CLIENT <= self.likeness()
    }
}

/// Where the fold of a record stands.
#[derive(Debug)]
pub(super) struct Stand {
    pub(super) fold: Standing,
    pub(super) traffic: Traffic,
    /// What is known of the contact with the client, where it was asked for since the program began.
    pub(super) contact: Option<Contact>,
}

/// What a step did.
#[derive(Debug)]
pub(super) struct Stepped {
    /// Where the fold stands now.
    pub(super) stand: Stand,
    /// The entries that came into the client's record.
    pub(super) entries: Vec<Entry>,
    /// What they changed of what is owed.
    pub(super) step: Step,
}

impl Stand {
    /// How many obligations it holds.
    pub(super) fn size(&self) -> usize {
        self.fold.size()
    }

    /// Goes on with what came into `threads`, which hold all messages of each thread; `new` says what that is. None
    /// where the record is to be folded whole.
    pub(super) fn step(
        self,
        client: ClientId,
        threads: &[Entry],
        new: &FxHashSet<EntryId>,
        book: &FirmBook,
    ) -> Option<Stepped> {
        let is_new = |entry: &&Entry| new.contains(&entry.id());
        let old: Vec<&Entry> = threads.iter().filter(|entry| !is_new(entry)).collect();
        let theirs = filed(threads, client, &book.directory);
        let theirs_before = filed(old.iter().copied(), client, &book.directory);
        let entries: Vec<&Entry> = theirs.iter().copied().filter(is_new).collect();
        // An old entry that comes to the record only now, or that was told only now what it answers.
        let others_come = theirs_before.len() + entries.len() != theirs.len();
        if others_come || old.iter().any(|entry| entries.iter().any(|new| answers(entry, new))) {
            return None;
        }
        let (fold, mut step) = self.fold.step(&entries, book)?;
        let with = |traffic: Traffic, entry: &&Entry| traffic.with(entry, client, book);
        let traffic = entries.iter().fold(self.traffic, with);
        if traffic.is_proposed && traffic.is_tended() != self.traffic.is_tended() {
            return None;
        }
        step.changed.retain(|owed| traffic.owes(owed));
        let entries = entries.into_iter().cloned().collect();
        Some(Stepped { stand: Stand { fold, traffic, contact: self.contact }, entries, step })
    }
}

/// Whether one entry is a message that answers another.
fn answers(one: &Entry, other: &Entry) -> bool {
    matches!(one, Entry::Message(message) if message.answers == Some(other.key()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use care::entry::{Delivery, Message};
    use care::hours::WorkCalendar;
    use care::ids::{AddressId, FirmId, NaturalKey, StaffId};
    use care::people::{Client, Directory, Who};
    use care::standard::Standards;
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    const ACME: ClientId = ClientId(1);
    const ZETA: ClientId = ClientId(2);
    const AMY: AddressId = AddressId(0);
    const BOB: AddressId = AddressId(1);
    const JO: AddressId = AddressId(2);
    const KIM: AddressId = AddressId(3);

    fn book(kind: ClientKind) -> FirmBook {
        let mut directory = Directory::default();
        directory.place(AMY, Who::Staff(StaffId(1)));
        directory.place(BOB, Who::Staff(StaffId(2)));
        directory.place(JO, Who::Client { client: ACME, contact: None });
        directory.place(KIM, Who::Client { client: ZETA, contact: None });
        let hours = WorkCalendar::office_hours(TimeZone::UTC);
        let mut book = FirmBook::new(FirmId(1), hours, Standards::default(), directory);
        for id in [ACME, ZETA] {
            book.add_client(Client {
                id,
                key: NaturalKey(id.0 as u64),
                kind,
                since: None,
                tier: None,
                point_person: None,
                matters: Vec::new(),
                told: Vec::new(),
            });
        }
        book
    }

    /// A message of one thread that wants a reply; `n` says which, and when.
    fn message(n: i64, from: AddressId, to: AddressId) -> Entry {
        Entry::Message(Message {
            entry: EntryId(n),
            key: NaturalKey(n as u64),
            at: Timestamp::from_second(n * 3600).unwrap(),
            thread: 1,
            subject: 1,
            from,
            to: [to].into(),
            cc: Box::default(),
            mailbox: None,
            answers: None,
            mentions: Box::default(),
            automatic: false,
            needs_reply: 0.9,
            by_form: false,
            only_holds: false,
            delivers: Delivery::default(),
            acts: Box::default(),
        })
    }

    fn after(old: &[Entry], book: &FirmBook) -> Stand {
        let record = Record::new(ACME, filed(old, ACME, &book.directory));
        let (_, fold) = care::fold::fold_and_stand(&record, book);
        Stand { fold: fold.unwrap(), traffic: Traffic::of(&record, book), contact: None }
    }

    /// What the last message of a thread does where the others were there.
    fn last(thread: &[Entry], book: &FirmBook) -> Option<Stepped> {
        let (last, old) = thread.split_last().unwrap();
        after(old, book).step(ACME, thread, &FxHashSet::from_iter([last.id()]), book)
    }

    #[test]
    fn a_letter_more_is_a_step_and_what_is_another_clients_is_none() {
        let book = book(ClientKind::Organisation);
        let stepped = last(&[message(1, JO, AMY), message(2, AMY, JO)], &book).unwrap();
        let ended: Vec<Kind> =
            stepped.step.changed.iter().filter(|owed| owed.ended.is_some()).map(|owed| owed.kind).collect();
        assert_eq!((stepped.entries.len(), ended), (1, vec![Kind::Answer]));
        let others = last(&[message(1, JO, AMY), message(2, KIM, AMY)], &book).unwrap();
        assert_eq!((others.entries.len(), others.step), (0, Step::default()));
    }

    #[test]
    fn what_brings_old_entries_along_or_gives_them_something_to_answer_is_folded_whole() {
        let book = book(ClientKind::Organisation);
        let old = [message(1, JO, AMY)];
        // What colleagues wrote to each other comes to the client who joins their thread.
        let joined = [message(2, AMY, BOB), message(3, JO, AMY)];
        let new = FxHashSet::from_iter([EntryId(3)]);
        assert!(after(&old, &book).step(ACME, &joined, &new, &book).is_none());
        let Entry::Message(reply) = message(1, JO, AMY) else { unreachable!() };
        let told_later = Entry::Message(Message { answers: Some(NaturalKey(2)), ..reply });
        let thread = [told_later, message(2, AMY, JO)];
        let new = FxHashSet::from_iter([EntryId(2)]);
        assert!(after(&old, &book).step(ACME, &thread, &new, &book).is_none());
    }

    #[test]
    fn whoever_becomes_like_a_client_is_folded_whole() {
        let book = book(ClientKind::Correspondent);
        let mut thread = vec![message(1, JO, AMY)];
        let mut whole = 0;
        for n in 2..20 {
            let (from, to) = if n % 2 == 0 { (AMY, JO) } else { (JO, AMY) };
            thread.push(message(n, from, to));
            match last(&thread, &book) {
                Some(stepped) => {
                    let owed = &stepped.step.changed;
                    assert!(stepped.stand.traffic.is_tended() || owed.iter().all(|o| !o.kind.is_upkeep()));
                }
                None => whole += 1,
            }
        }
        assert_eq!(whole, 1, "only once does it begin");
    }
}
