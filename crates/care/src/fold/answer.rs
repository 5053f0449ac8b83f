//! Answer: a contact's message needs a reply. One per client and thread; the clock starts at the first.

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::order::Event;
use super::out::Places;
use super::promise::{Draft, Letter};
use super::{End, Fold, Party, SURE_ENOUGH, TALK_ANSWERS, opened, opened_by};
use crate::acts::ActKind;
use crate::entry::{Message, Of};
use crate::ids::{NaturalKey, StaffId};
use crate::obligation::{Ending, Kind, ObligationId};

/// The waits of a client, and how a reply finds them. The lists may still name waits that have ended.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// The obligation of each.
    waits: Vec<usize>,
    by_thread: FxHashMap<u64, u32>,
    by_subject: FxHashMap<u64, Vec<u32>>,
    by_message: FxHashMap<NaturalKey, u32>,
    by_party: FxHashMap<Party, Vec<u32>>,
    /// The last answer that ended came late: the next one owed has half the time.
    pub(super) was_late: bool,
}

/// The messages that wait, oldest first, with the moment at which each takes effect.
pub(super) type Members<'a> = Vec<(&'a Message, Timestamp)>;

impl Answers {
    /// The obligation of a wait.
    fn obligation(&self, w: u32) -> usize {
        self.waits[w as usize]
    }

    /// The number of the wait that opened an obligation.
    fn wait(&self, obligation: usize) -> Option<u32> {
        // They are opened in the order of their obligations.
        self.waits.binary_search(&obligation).ok().map(|w| w as u32)
    }

    /// Forgets the waits that have ended; `places` tells where each obligation is now.
    pub(super) fn forget(&mut self, places: &Places) {
        let waits = places.keep(&mut self.waits, |obligation| obligation);
        self.by_thread.retain(|_, w| waits.mend(w));
        self.by_thread.shrink_to_fit();
        self.by_message.retain(|_, w| waits.mend(w));
        self.by_message.shrink_to_fit();
        waits.keep_in(&mut self.by_subject);
        waits.keep_in(&mut self.by_party);
    }
}

impl<'a> Fold<'a> {
    /// How sure we are that a message needs a reply; none where it does not.
    pub(super) fn need(&self, message: &'a Message) -> Option<f32> {
        if self.rulings.is_needed(message.key) {
            return Some(1.0);
        }
        let acts = self.rulings.acts(Of::Message(message.key), &message.acts);
        let demands = acts.iter().filter(|act| {
            SURE_ENOUGH <= act.confidence
                && matches!(act.kind, ActKind::Complaint | ActKind::Chase | ActKind::Departure)
        });
        let surest = demands.map(|act| act.confidence).fold(message.asks_us(&self.book.directory), f32::max);
        (SURE_ENOUGH <= surest).then_some(surest)
    }

    /// A contact's message needs a reply: it joins what waits in its thread, or opens an answer.
    pub(super) fn asked(&mut self, message: &'a Message, confidence: f32, event: &Event<'a>) {
        let waiting = self.answers.by_thread.get(&message.thread).copied();
        if let Some(w) = waiting.filter(|&w| self.is_open(self.answers.obligation(w))) {
            self.join_wait(w, message, event.at);
            return;
        }
        let hurry = std::mem::take(&mut self.answers.was_late);
        self.open_wait(message, event.at, confidence, hurry);
        self.chase_promises(message.thread, event);
    }

    fn open_wait(&mut self, message: &'a Message, at: Timestamp, confidence: f32, hurry: bool) -> u32 {
        let time = if hurry { self.answer_time / 2 } else { self.answer_time };
        let due_at = self.book.calendar.add_working(at, time);
        let id = ObligationId::of(self.book.firm, Kind::Answer, message.key, 0);
        let mut obligation = opened(id, Kind::Answer, self.client, at, due_at);
        obligation.contact = Some(message.from);
        obligation.owner = self.owner_of(message, at);
        obligation.confidence = confidence;
        obligation.first = hurry;
        obligation.evidence = opened_by(Of::Message(message.key), None);

        let w = self.answers.waits.len() as u32;
        let obligation = self.open(obligation);
        self.answers.waits.push(obligation);
        self.remember(w, message, at);
        self.answers.by_thread.insert(message.thread, w);
        self.find_by(w, message);
        w
    }

    fn join_wait(&mut self, w: u32, message: &'a Message, at: Timestamp) {
        let i = self.answers.obligation(w);
        self.remember(w, message, at);
        self.join(i, Of::Message(message.key));
        self.out.change(i).chases += 1;
        self.find_by(w, message);
    }

    /// Who waits is asked for again only where somebody decided about it.
    fn remember(&mut self, w: u32, message: &'a Message, at: Timestamp) {
        if !self.pointed_at.is_empty() {
            self.members.entry(w).or_default().push((message, at));
        }
    }

    fn find_by(&mut self, w: u32, message: &Message) {
        let party = self.party(message.from);
        self.answers.by_message.insert(message.key, w);
        self.answers.by_party.entry(party).or_default().push(w);
        if message.subject != 0 {
            self.answers.by_subject.entry(message.subject).or_default().push(w);
        }
    }

    /// A person of the firm wrote to the client: what waits in that thread, under that subject, or is quoted, ends.
    /// Gives the moved ones, each with the draft that continues it.
    pub(super) fn settle_answers(
        &mut self,
        letter: &Letter<'_, 'a>,
        drafts: &[Draft],
        event: &Event<'a>,
    ) -> Vec<(ObligationId, usize)> {
        let message = letter.message;
        let mut found: Vec<u32> = Vec::new();
        found.extend(message.answers.and_then(|key| self.answers.by_message.get(&key)));
        found.extend(self.answers.by_thread.get(&message.thread));
        if message.subject != 0 {
            // Those that a person kept open against this reply stay in the list: they are few.
            found.extend(self.answers.by_subject.remove(&message.subject).unwrap_or_default());
        }
        found.sort_unstable();
        found.dedup();
        found.retain(|&w| self.is_open(self.answers.obligation(w)));

        let holding =
            drafts.iter().position(|draft| draft.hold).or(drafts.iter().position(|draft| draft.in_touch));
        let draft = letter.only_holds.then(|| holding.unwrap_or(0));
        let mut moved = Vec::new();
        for w in found {
            let i = self.answers.obligation(w);
            let end = End {
                how: if draft.is_some() { Ending::Moved } else { Ending::Kept },
                at: event.at,
                of: event.of,
                by: Some(letter.staff),
                sure: 1.0,
                continued_by: draft.map(|draft| drafts[draft].id),
            };
            if !self.end(i, end) {
                if message.subject != 0 {
                    self.answers.by_subject.entry(message.subject).or_default().push(w);
                }
            } else if let Some(draft) = draft {
                moved.push((self.out[i].id, draft));
            }
        }
        moved
    }

    /// A talk with somebody who waits: what was said is not known, so the end is proposed.
    pub(super) fn talk_answers(&mut self, parties: &[Party], staff: Option<StaffId>, event: &Event<'a>) {
        for party in parties {
            let Some(mut waits) = self.answers.by_party.remove(party) else { continue };
            waits.retain(|&w| {
                let i = self.answers.obligation(w);
                let end = End {
                    how: Ending::Kept,
                    at: event.at,
                    of: event.of,
                    by: staff,
                    sure: TALK_ANSWERS,
                    continued_by: None,
                };
                self.is_open(i) && !self.end(i, end)
            });
            if !waits.is_empty() {
                self.answers.by_party.insert(*party, waits);
            }
        }
    }

    /// A person judged the wait up to this message: what came after it becomes an answer of its own.
    pub(super) fn part_wait(&mut self, i: usize, through: Of) {
        let Some(members) = self.answers.wait(i).and_then(|w| self.members.get_mut(&w)) else { return };
        let Some(at) = members.iter().position(|(message, _)| Of::Message(message.key) == through) else {
            return;
        };
        if at + 1 == members.len() || self.out[i].ended.is_some() {
            return;
        }
        let rest = members.split_off(at + 1);
        let judged = self.out.change(i);
        judged.evidence.truncate(at + 1);
        judged.chases = at as u32;
        for (message, _) in &rest {
            if let Some(list) = self.pointed_at.get_mut(&Of::Message(message.key)) {
                list.retain(|&j| j != i);
            }
        }
        let mut opened = None;
        for (message, at) in rest {
            match opened {
                Some(w) => self.join_wait(w, message, at),
                None => {
                    let confidence = self.need(message).unwrap_or(SURE_ENOUGH);
                    opened = Some(self.open_wait(message, at, confidence, false));
                }
            }
        }
    }

    /// Thread and subject of what a wait began with.
    pub(super) fn place_of_wait(&self, i: usize) -> (Option<u64>, u64) {
        let members = self.answers.wait(i).and_then(|w| self.members.get(&w));
        let first = members.and_then(|members| members.first());
        first.map_or((None, 0), |(message, _)| (Some(message.thread), message.subject))
    }
}
