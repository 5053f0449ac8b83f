//! What each fact of the record does to what is owed.

use jiff::SignedDuration;

use super::order::Event;
use super::{Fold, Party, TALK, promise};
use crate::entry::{Call, Entry, Message, Note, NoteKind};
use crate::ids::{AddressId, StaffId};
use crate::people::{ClientKind, Who};

impl<'a> Fold<'a> {
    pub(super) fn take(&mut self, event: &Event<'a>) {
        match event.entry {
            Entry::Message(message) => self.take_message(message, event),
            Entry::Call(call) => self.take_call(call, event),
            Entry::Note(note) => self.take_note(note, event),
            Entry::Decision(decision) => self.take_decision(decision, event),
        }
    }

    fn take_message(&mut self, message: &'a Message, event: &Event<'a>) {
        let from = self.book.directory.who(message.from);
        match from {
            _ if message.automatic => {}
            Who::Staff(staff) => {
                let reached = self.reached(message);
                if !reached.is_empty() {
                    self.firm_wrote(message, staff, &reached, event);
                } else if self.is_internal(message, staff) {
                    self.colleague_wrote(message, staff, event);
                }
            }
            _ if from.client() == Some(self.client) => self.client_wrote(message, event),
            _ => {}
        }
    }

    /// A contact wrote to us.
    fn client_wrote(&mut self, message: &'a Message, event: &Event<'a>) {
        if let Some(confidence) = self.need(message) {
            self.asked(message, confidence, event);
        }
        let party = self.party(message.from);
        self.heard(event.at, event.of, Some(message.from), None, false);
        self.ties.count(event.at, event.of);
        for &to in &message.to {
            if let Who::Staff(staff) = self.book.directory.who(to) {
                self.ties.inbound(party, staff, event.at, event.of);
            }
        }
    }

    /// A person of the firm wrote to somebody at the client.
    fn firm_wrote(&mut self, message: &'a Message, staff: StaffId, reached: &[AddressId], event: &Event<'a>) {
        let parties: Vec<Party> = reached.iter().map(|&address| self.party(address)).collect();
        let acts = self.rulings.acts(event.of, &message.acts);
        let promisee = self.promisee(message);
        let only_holds = message.only_holds && promisee.is_some();
        let mut drafts = self.drafts(event.of, &acts, event.at, only_holds);
        // Without any word left to hold to, it is an ordinary reply.
        let only_holds = only_holds && !drafts.is_empty();

        let letter = promise::Letter { message, staff, parties: &parties, only_holds };
        let moved = self.settle_answers(&letter, &drafts, event);
        let retold = self.settle_promises(&letter, &drafts, event);
        for (old, draft) in moved.into_iter().chain(retold) {
            drafts[draft].continues.get_or_insert(old);
        }
        self.return_calls(&parties, staff, event);
        self.answer_questions(message, staff, true, event);

        if promisee == Some(self.client) {
            let given = promise::Given {
                contact: reached.first().copied(),
                owner: staff,
                thread: Some(message.thread),
                subject: message.subject,
                parties: &parties,
            };
            for draft in drafts {
                self.promise(draft, &given, event);
            }
            self.show_denied(event.of, &message.acts, &given, event);
        }
        self.heard(event.at, event.of, reached.first().copied(), Some(staff), true);
        for &to in &message.to {
            if self.book.directory.who(to).client() == Some(self.client) {
                self.ties.outbound(self.party(to), staff, event.at, event.of);
            }
        }
    }

    fn take_call(&mut self, call: &Call, event: &Event<'a>) {
        let who = |address| self.book.directory.who(address);
        let of_client = |address| who(address).client() == Some(self.client);
        let (theirs, ours, inbound) = match (of_client(call.from), of_client(call.to)) {
            (true, false) => (call.from, call.to, true),
            (false, true) => (call.to, call.from, false),
            _ => return,
        };
        let staff = who(ours).staff();
        match call.talked.filter(|talked| *talked > SignedDuration::ZERO) {
            Some(talked) => self.talked(&[theirs], staff, TALK <= talked, event),
            None if inbound => self.missed(theirs, staff, event),
            None => {}
        }
    }

    /// We spoke with people of the client; `long` enough to have answered something.
    fn talked(&mut self, theirs: &[AddressId], staff: Option<StaffId>, long: bool, event: &Event<'a>) {
        let parties: Vec<Party> = theirs.iter().map(|&address| self.party(address)).collect();
        if long {
            self.talk_answers(&parties, staff, event);
        }
        self.talk_keeps_promises(&parties, staff, event);
        self.talk_returns_calls(&parties, staff, event);
        self.heard(event.at, event.of, theirs.first().copied(), staff, true);
        if let Some(staff) = staff.filter(|_| long) {
            for &party in &parties {
                self.ties.inbound(party, staff, event.at, event.of);
                self.ties.outbound(party, staff, event.at, event.of);
            }
        }
    }

    fn take_note(&mut self, note: &'a Note, event: &Event<'a>) {
        if self.book.directory.client(note.client) == self.client {
            self.colleague_noted(note, event);
        }
        if note.kind == NoteKind::Text {
            return;
        }
        let at_client = |address: &AddressId| self.book.directory.who(*address).client() == Some(self.client);
        let with: Vec<AddressId> = note.with.iter().copied().filter(at_client).collect();
        self.talked(&with, Some(note.by), true, event);
        if self.book.directory.client(note.client) != self.client {
            return;
        }
        let parties: Vec<Party> = with.iter().map(|&address| self.party(address)).collect();
        let given = promise::Given {
            contact: with.first().copied(),
            owner: note.by,
            thread: None,
            subject: 0,
            parties: &parties,
        };
        let acts = self.rulings.acts(event.of, &note.acts);
        for draft in self.drafts(event.of, &acts, event.at, false) {
            self.promise(draft, &given, event);
        }
        self.show_denied(event.of, &note.acts, &given, event);
    }

    /// Who of the client this address is.
    pub(super) fn party(&self, address: AddressId) -> Party {
        if self.profile.is_some_and(|profile| profile.kind == ClientKind::Person) {
            return Party::Client;
        }
        match self.book.directory.who(address) {
            Who::Client { contact: Some(contact), .. } => Party::Contact(contact),
            _ => Party::Address(address),
        }
    }

    /// The addresses of this client that a message was sent to.
    fn reached(&self, message: &Message) -> Vec<AddressId> {
        message
            .recipients()
            .filter(|&address| self.book.directory.who(address).client() == Some(self.client))
            .collect()
    }
}
