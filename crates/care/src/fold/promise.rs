//! Promise: we said that we would. Opened by a passage of a message or note, or by a new date told elsewhere.

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::order::Event;
use super::out::Places;
use super::{End, Fold, Party, SURE_ENOUGH, opened, opened_by};
use crate::acts::{Act, ActKind};
use crate::entry::{Message, Of};
use crate::ids::{AddressId, StaffId};
use crate::obligation::{Ended, Ending, Evidence, Kind, ObligationId, Role};

/// How sure we are that a later message delivered what was promised: it brings the thing by name;
const BROUGHT: f32 = 0.95;
/// the promise names no thing, and the message carries or states something;
const BROUGHT_SOMETHING: f32 = 0.8;
/// the promise names a thing, and the message brings another.
const BROUGHT_ANOTHER: f32 = 0.5;

/// The open words of a client's record, and how a message finds them. The lists may name some that have ended.
#[derive(Debug, Default)]
pub(super) struct Promises {
    words: Vec<Word>,
    by_thread: FxHashMap<u64, Vec<u32>>,
    by_subject: FxHashMap<u64, Vec<u32>>,
    /// Promises to be in touch, which a call keeps.
    by_party: FxHashMap<Party, Vec<u32>>,
    /// Promises without a thread.
    spoken: Vec<u32>,
}

#[derive(Debug)]
struct Word {
    obligation: usize,
    thread: Option<u64>,
    subject: u64,
    parties: Box<[Party]>,
    things: Box<[u32]>,
    in_touch: bool,
}

impl Promises {
    /// The word whose obligation this is.
    fn word(&self, obligation: usize) -> Option<&Word> {
        // They are given in the order of their obligations.
        let w = self.words.binary_search_by_key(&obligation, |word| word.obligation).ok()?;
        self.words.get(w)
    }

    /// Forgets the words that are not open any more; `places` tells where each obligation is now.
    pub(super) fn forget(&mut self, places: &Places) {
        let words = places.keep(&mut self.words, |word| &mut word.obligation);
        words.keep_in(&mut self.by_thread);
        words.keep_in(&mut self.by_subject);
        words.keep_in(&mut self.by_party);
        self.spoken.retain_mut(|w| words.mend(w));
    }
}

/// A promise that an entry gives, before it is known what it continues.
pub(super) struct Draft {
    pub(super) id: ObligationId,
    passage: (u32, u32),
    due_at: Timestamp,
    /// A date was said.
    dated: bool,
    things: Box<[u32]>,
    pub(super) in_touch: bool,
    /// It says when the client will hear.
    pub(super) hold: bool,
    confidence: f32,
    pub(super) continues: Option<ObligationId>,
}

/// A message of ours to the client.
pub(super) struct Letter<'p, 'a> {
    pub(super) message: &'a Message,
    pub(super) staff: StaffId,
    pub(super) parties: &'p [Party],
    pub(super) only_holds: bool,
}

/// To whom and where a promise was given.
pub(super) struct Given<'p> {
    pub(super) contact: Option<AddressId>,
    pub(super) owner: StaffId,
    pub(super) thread: Option<u64>,
    pub(super) subject: u64,
    pub(super) parties: &'p [Party],
}

/// What a later message does to an open promise.
enum Turn {
    Kept { sure: f32 },
    Moved { draft: usize },
}

impl<'a> Fold<'a> {
    /// The promises that an entry gives, in the order of its text; passages that overlap are one.
    pub(super) fn drafts(&self, of: Of, acts: &[Act], at: Timestamp, only_holds: bool) -> Vec<Draft> {
        let is_word = |act: &&Act| matches!(act.kind, ActKind::Promise | ActKind::Hold);
        let gives =
            |act: &&Act| SURE_ENOUGH <= act.confidence && (act.kind == ActKind::Promise || only_holds);
        let mut words: Vec<&Act> = acts.iter().filter(is_word).filter(gives).collect();
        if words.is_empty() && only_holds {
            words.extend(acts.iter().filter(is_word).max_by(|a, b| a.confidence.total_cmp(&b.confidence)));
        }
        if words.is_empty() {
            return Vec::new();
        }
        words.sort_by_key(|act| (act.start, act.end, act.kind));
        let mut drafts: Vec<Draft> = Vec::new();
        let mut dues: Vec<Option<Timestamp>> = Vec::new();
        for act in words {
            let due = act.due.filter(|&due| at < due);
            match drafts.last_mut().zip(dues.last_mut()) {
                Some((draft, last)) if act.start < draft.passage.1 => {
                    draft.take_in(act);
                    *last = due.max(*last);
                }
                _ => {
                    drafts.push(self.draft(of, act, at));
                    dues.push(due);
                }
            }
        }
        for (draft, due) in drafts.iter_mut().zip(dues) {
            draft.dated = due.is_some();
            draft.due_at = due.unwrap_or_else(|| self.book.calendar.add_working(at, self.answer_time));
            draft.hold |= acts.iter().any(|act| {
                act.kind == ActKind::Hold && act.start < draft.passage.1 && draft.passage.0 < act.end
            });
        }
        drafts
    }

    fn draft(&self, of: Of, act: &Act, at: Timestamp) -> Draft {
        let hold = act.kind == ActKind::Hold;
        Draft {
            id: ObligationId::of(self.book.firm, Kind::Promise, of.key(), u64::from(act.start)),
            passage: (act.start, act.end),
            due_at: at,
            dated: false,
            things: act.things.clone(),
            in_touch: act.in_touch || hold,
            hold,
            confidence: act.confidence,
            continues: None,
        }
    }

    /// A promise opens.
    pub(super) fn promise(&mut self, draft: Draft, given: &Given<'_>, event: &Event<'a>) -> usize {
        let mut obligation = opened(draft.id, Kind::Promise, self.client, event.at, draft.due_at);
        obligation.contact = given.contact;
        obligation.owner = Some(given.owner);
        obligation.confidence = draft.confidence;
        obligation.continues = draft.continues;
        let passage = Some(draft.passage).filter(|(start, end)| start < end);
        obligation.evidence = opened_by(event.of, passage);
        let w = self.promises.words.len() as u32;
        let obligation = self.open(obligation);
        let parties: Box<[Party]> = given.parties.into();
        if draft.in_touch {
            for &party in &parties {
                self.promises.by_party.entry(party).or_default().push(w);
            }
        }
        match given.thread {
            Some(thread) => self.promises.by_thread.entry(thread).or_default().push(w),
            None => self.promises.spoken.push(w),
        }
        if given.subject != 0 {
            self.promises.by_subject.entry(given.subject).or_default().push(w);
        }
        self.promises.words.push(Word {
            obligation,
            thread: given.thread,
            subject: given.subject,
            parties,
            things: draft.things,
            in_touch: draft.in_touch,
        });
        obligation
    }

    /// What people said is no promise stays visible, as released.
    pub(super) fn show_denied(&mut self, of: Of, acts: &'a [Act], given: &Given<'_>, event: &Event<'a>) {
        for denied in self.rulings.denied(of, acts) {
            if denied.act.confidence < SURE_ENOUGH {
                continue;
            }
            let draft = self.draft(of, denied.act, event.at);
            if self.out.iter().rev().take_while(|o| o.opened_at == event.at).any(|o| o.id == draft.id) {
                continue;
            }
            let due = denied.act.due.filter(|&due| event.at < due);
            let mut obligation = opened(draft.id, Kind::Promise, self.client, event.at, event.at);
            obligation.due_at =
                due.unwrap_or_else(|| self.book.calendar.add_working(event.at, self.answer_time));
            obligation.contact = given.contact;
            obligation.owner = Some(given.owner);
            obligation.confidence = denied.act.confidence;
            obligation.evidence = opened_by(of, Some(draft.passage));
            obligation.evidence.push(Evidence { role: Role::Ended, of: denied.decision, passage: None });
            obligation.ended = Some(Ended {
                how: Ending::Released,
                at: denied.at.max(event.at),
                proposed: false,
                by: Some(denied.by),
                continued_by: None,
            });
            // It is over for good: nothing later finds it.
            self.open_unpointed(obligation);
        }
    }

    /// A message of ours keeps promises, or tells new dates for them.
    /// Gives the moved ones, each with the draft that continues it.
    pub(super) fn settle_promises(
        &mut self,
        letter: &Letter<'_, 'a>,
        drafts: &[Draft],
        event: &Event<'a>,
    ) -> Vec<(ObligationId, usize)> {
        let found = self.within_reach(letter);
        if found.is_empty() {
            return Vec::new();
        }
        let things = &letter.message.delivers.things;
        let by_name = found.iter().any(|&w| brought(&self.promises.words[w as usize].things, things));
        let mut moved = Vec::new();
        for w in found {
            let word = &self.promises.words[w as usize];
            let i = word.obligation;
            let (how, sure, draft) = match turn(word, letter, drafts, by_name) {
                Some(Turn::Kept { sure }) => (Ending::Kept, sure, None),
                Some(Turn::Moved { draft }) => (Ending::Moved, 1.0, Some(draft)),
                None => continue,
            };
            let continued_by = draft.map(|draft| drafts[draft].id);
            let end = End { how, at: event.at, of: event.of, by: Some(letter.staff), sure, continued_by };
            if self.end(i, end)
                && let Some(draft) = draft
            {
                moved.push((self.out[i].id, draft));
            }
        }
        moved
    }

    /// The open promises that a message of ours can touch: of its thread, or under its subject or without a thread
    /// but to the same people. Oldest first.
    fn within_reach(&mut self, letter: &Letter<'_, 'a>) -> Vec<u32> {
        let promises = &mut self.promises;
        let (words, out) = (&promises.words, &self.out);
        let open = |w: &u32| out[words[*w as usize].obligation].ended.is_none();
        let same_people =
            |w: &u32| words[*w as usize].parties.iter().any(|party| letter.parties.contains(party));
        let mut found = Vec::new();
        if let Some(list) = promises.by_thread.get_mut(&letter.message.thread) {
            list.retain(open);
            found.extend_from_slice(list);
        }
        if letter.message.subject != 0
            && let Some(list) = promises.by_subject.get_mut(&letter.message.subject)
        {
            list.retain(open);
            found.extend(list.iter().copied().filter(same_people));
        }
        promises.spoken.retain(open);
        found.extend(promises.spoken.iter().copied().filter(same_people));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// A call keeps a promise to be in touch.
    pub(super) fn talk_keeps_promises(
        &mut self,
        parties: &[Party],
        staff: Option<StaffId>,
        event: &Event<'a>,
    ) {
        for party in parties {
            let Some(mut words) = self.promises.by_party.remove(party) else { continue };
            words.retain(|&w| {
                let i = self.promises.words[w as usize].obligation;
                let end = End {
                    how: Ending::Kept,
                    at: event.at,
                    of: event.of,
                    by: staff,
                    sure: 1.0,
                    continued_by: None,
                };
                self.is_open(i) && !self.end(i, end)
            });
            if !words.is_empty() {
                self.promises.by_party.insert(*party, words);
            }
        }
    }

    /// The client asks anew while only our promise is open in that thread.
    pub(super) fn chase_promises(&mut self, thread: u64, event: &Event<'a>) {
        let Some(words) = self.promises.by_thread.get(&thread) else { return };
        for w in words.clone() {
            let i = self.promises.words[w as usize].obligation;
            if self.is_open(i) {
                let word = self.out.change(i);
                word.chases += 1;
                word.evidence.push(Evidence { role: Role::Joined, of: event.of, passage: None });
            }
        }
    }

    /// The promise that continues what a person moved: it takes over thread, people and things.
    pub(super) fn continue_by_decision(
        &mut self,
        moved: usize,
        id: ObligationId,
        due_at: Timestamp,
        by: StaffId,
        event: &Event<'a>,
    ) {
        let old = &self.out[moved];
        let (contact, continues) = (old.contact, Some(old.id));
        let word = match old.kind {
            Kind::Promise => self.promises.word(moved),
            _ => None,
        };
        let (things, in_touch) =
            word.map_or((Box::default(), true), |word| (word.things.clone(), word.in_touch));
        let (thread, subject, parties) = match word {
            Some(word) => (word.thread, word.subject, word.parties.to_vec()),
            None => {
                let (thread, subject) = self.place_of_wait(moved);
                (thread, subject, contact.map(|contact| self.party(contact)).into_iter().collect())
            }
        };
        let draft = Draft {
            id,
            passage: (0, 0),
            due_at,
            dated: true,
            things,
            in_touch,
            hold: true,
            confidence: 1.0,
            continues,
        };
        let given = Given { contact, owner: by, thread, subject, parties: &parties };
        self.promise(draft, &given, event);
    }
}

impl Draft {
    /// Another passage over the same words.
    fn take_in(&mut self, act: &Act) {
        self.passage.1 = self.passage.1.max(act.end);
        if act.kind == ActKind::Hold {
            self.hold = true;
        } else {
            self.in_touch &= act.in_touch;
        }
        self.confidence = self.confidence.max(act.confidence);
        let mut things = [&self.things[..], &act.things[..]].concat();
        things.sort_unstable();
        things.dedup();
        self.things = things.into();
    }
}

/// What a message does to an open promise within its reach. `by_name`: it brings what some promise there names.
fn turn(word: &Word, letter: &Letter<'_, '_>, drafts: &[Draft], by_name: bool) -> Option<Turn> {
    let delivers = &letter.message.delivers;
    let named = |draft: &Draft| meet(&draft.things, &word.things);
    let plain = |draft: &Draft| draft.in_touch || draft.things.is_empty() || word.things.is_empty();
    let retold = |fits: &dyn Fn(&Draft) -> bool| {
        drafts.iter().position(|draft| (letter.only_holds || draft.dated) && fits(draft))
    };
    let spoken = word.thread.is_none();
    let moved = || retold(&named).or_else(|| retold(&plain).filter(|_| !spoken || word.in_touch));
    if letter.only_holds {
        return moved().map(|draft| Turn::Moved { draft });
    }
    if !delivers.carries
        && let Some(draft) = retold(&named)
    {
        return Some(Turn::Moved { draft });
    }
    if word.in_touch {
        return Some(Turn::Kept { sure: 1.0 });
    }
    let brings = delivers.carries || delivers.states;
    if brings && brought(&word.things, &delivers.things) {
        return Some(Turn::Kept { sure: BROUGHT });
    }
    // Something was brought, but not this by name. If it was another promise's, this one stays open.
    let names_another = !word.things.is_empty();
    if brings && !spoken && !(names_another && by_name) {
        return Some(Turn::Kept { sure: if names_another { BROUGHT_ANOTHER } else { BROUGHT_SOMETHING } });
    }
    if brings { None } else { moved().map(|draft| Turn::Moved { draft }) }
}

/// Whether two promises name one thing in common; each names a few.
fn meet(a: &[u32], b: &[u32]) -> bool {
    a.iter().any(|thing| b.contains(thing))
}

/// Whether one of the things promised is among those that a message brings, which are many and sorted.
fn brought(promised: &[u32], brings: &[u32]) -> bool {
    promised.iter().any(|thing| brings.binary_search(thing).is_ok())
}
