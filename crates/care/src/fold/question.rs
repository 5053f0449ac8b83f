//! Question: a colleague asked about a client inside the firm.

use rustc_hash::FxHashMap;

use super::order::Event;
use super::out::Places;
use super::{End, Fold, opened, opened_by};
use crate::entry::{Message, Note};
use crate::ids::StaffId;
use crate::obligation::{Ending, Kind, ObligationId};

/// The questions of a client's record, by thread.
#[derive(Debug, Default)]
pub(super) struct Questions {
    by_thread: FxHashMap<u64, Vec<Question>>,
    /// Asked in notes: each with the colleague who owes the answer.
    noted: Vec<(usize, StaffId)>,
}

#[derive(Debug)]
struct Question {
    obligation: usize,
    asker: StaffId,
    /// Whoever of them answers, answers it.
    asked: Box<[StaffId]>,
}

impl Questions {
    /// Forgets the questions that were answered; `places` tells where each obligation is now.
    pub(super) fn forget(&mut self, places: &Places) {
        self.by_thread.retain(|_, questions| {
            questions.retain_mut(|question| places.mend_place(&mut question.obligation));
            !questions.is_empty()
        });
        self.noted.retain_mut(|(obligation, _)| places.mend_place(obligation));
    }
}

impl<'a> Fold<'a> {
    /// A message between colleagues answers questions in its thread, and may ask one.
    pub(super) fn colleague_wrote(&mut self, message: &'a Message, staff: StaffId, event: &Event<'a>) {
        self.answer_questions(message, staff, false, event);
        let Some(confidence) = self.need(message) else { return };
        let waiting = self.questions.by_thread.get(&message.thread).and_then(|questions| {
            let mut theirs = questions.iter().filter(|question| question.asker == staff);
            theirs.find(|question| self.is_open(question.obligation)).map(|question| question.obligation)
        });
        if let Some(i) = waiting {
            self.join(i, event.of);
            self.out.change(i).chases += 1;
            return;
        }
        let colleagues = message.to.iter().filter_map(|&address| self.book.directory.who(address).staff());
        let asked: Box<[StaffId]> = colleagues.filter(|&colleague| colleague != staff).collect();
        let Some(&owner) = asked.first() else { return };
        let calendar = &self.book.calendar;
        let due_at = calendar.add_working(event.at, self.standard.question.in_hours_of(calendar));
        let id = ObligationId::of(self.book.firm, Kind::Question, message.key, self.client_key.0);
        let mut obligation = opened(id, Kind::Question, self.client, event.at, due_at);
        obligation.contact = Some(message.from);
        obligation.owner = Some(owner);
        obligation.confidence = confidence;
        obligation.evidence = opened_by(event.of, None);
        let obligation = self.open(obligation);
        let questions = self.questions.by_thread.entry(message.thread).or_default();
        questions.push(Question { obligation, asker: staff, asked });
    }

    /// A note about the client answers what its writer was asked in earlier notes, and may ask colleagues itself.
    pub(super) fn colleague_noted(&mut self, note: &'a Note, event: &Event<'a>) {
        let mut noted = std::mem::take(&mut self.questions.noted);
        noted.retain(|&(obligation, asked)| {
            // Handed over, it is the new owner's to answer as well.
            if asked == note.by || self.out[obligation].owner == Some(note.by) {
                let (how, by) = (Ending::Kept, Some(note.by));
                self.end(
                    obligation,
                    End { how, at: event.at, of: event.of, by, sure: 1.0, continued_by: None },
                );
            }
            self.is_open(obligation)
        });
        let calendar = &self.book.calendar;
        let due_at = calendar.add_working(event.at, self.standard.question.in_hours_of(calendar));
        for ask in note.asks.iter().filter(|ask| ask.staff != note.by) {
            // One note may ask several things: told apart by where each begins.
            let part = self.client_key.0 ^ (u64::from(ask.start) << 32 | 1);
            let id = ObligationId::of(self.book.firm, Kind::Question, note.key, part);
            let mut obligation = opened(id, Kind::Question, self.client, event.at, due_at);
            obligation.owner = Some(ask.staff);
            obligation.evidence = opened_by(event.of, Some((ask.start, ask.end)));
            noted.push((self.open(obligation), ask.staff));
        }
        self.questions.noted = noted;
    }

    /// Somebody who was asked writes in the thread: to who asked, or to the client. More than a hold.
    pub(super) fn answer_questions(
        &mut self,
        message: &Message,
        staff: StaffId,
        to_client: bool,
        event: &Event<'a>,
    ) {
        if message.only_holds || self.questions.by_thread.is_empty() {
            return;
        }
        let Some(mut questions) = self.questions.by_thread.remove(&message.thread) else { return };
        questions.retain(|question| {
            let told = |asker| {
                message.recipients().any(|address| self.book.directory.who(address).staff() == Some(asker))
            };
            if question.asked.contains(&staff) && (to_client || told(question.asker)) {
                let by = Some(staff);
                let end =
                    End { how: Ending::Kept, at: event.at, of: event.of, by, sure: 1.0, continued_by: None };
                self.end(question.obligation, end);
            }
            self.is_open(question.obligation)
        });
        if !questions.is_empty() {
            self.questions.by_thread.insert(message.thread, questions);
        }
    }
}
