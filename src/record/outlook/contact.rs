//! What is known of the contact with one client, as it is gathered from a record.

use std::sync::Arc;

use care::acts::ActKind;
use care::entry::{Entry, Message, NoteKind, Of};
use care::obligation::{Ended, Ending, Evidence, Kind, Obligation, ObligationId, Role};
use care::people::{ClientKind, Directory, Who};
use care::record::Record;
use jiff::Timestamp;
use outlook::{Facts, Outlook, Said, Traffic, assess};
use rustc_hash::FxHashMap;

use crate::ids::{AddressId, ClientId, StaffId};

/// A call of at least this length reached somebody.
const REACHED_SECONDS: i64 = 30;
/// What was said with less confidence weighs nothing.
const SURE_ENOUGH: f32 = 0.5;

/// So many traces are kept apart from those of before.
const MANY: usize = 256;

/// What is known of the contact with one client.
///
/// Of a client of many years that is thousands of letters, and one more changes little of it: what has come since is kept
/// apart from what was there before, which every copy shares.
#[derive(Debug, Clone, Default)]
pub struct Contact {
    pub(super) before: Arc<Traces>,
    /// What came after all that was before.
    pub(super) since: Traces,
    /// Who there and who here wrote or spoke to each other.
    pub pairs: Vec<Pair>,
    /// How sure it is that they are a client at all, 0 to 1.
    pub likeness: f64,
}

/// What contact left behind.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Traces {
    /// When they wrote or rang, in order of time.
    pub(super) inward: Vec<Timestamp>,
    /// When we wrote or rang and reached them, in order of time.
    pub(super) outward: Vec<Timestamp>,
    /// Their complaints.
    pub(super) complaints: Vec<Said>,
    /// Their words of leaving.
    pub(super) departures: Vec<Said>,
    /// Answers that have ended: how they are used to being answered. Of each only what weighing it needs.
    pub(super) answers: Vec<Obligation>,
}

/// One there and one here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Who there.
    pub address: AddressId,
    /// Who here.
    pub staff: StaffId,
    /// How often they wrote or rang.
    pub heard: u32,
    /// How often we did, and reached them.
    pub told: u32,
    /// When last, either way.
    pub last: Timestamp,
}

impl Contact {
    /// With a client of the firm from whom nothing was ever heard.
    pub fn none() -> Contact {
        Contact { likeness: 1.0, ..Contact::default() }
    }

    /// What a record tells of the contact with its client; `owed` is what the fold of it gave.
    pub fn of(record: &Record<'_>, directory: &Directory, owed: &[Obligation], likeness: f64) -> Contact {
        let entries = record.entries().iter().copied();
        let all = Contact { likeness, ..Contact::default() }.with(record.client, directory, entries, owed);
        all.joined()
    }

    /// The same with what came later; of `owed`, answers count that have ended by it.
    pub(super) fn with<'a>(
        mut self,
        client: ClientId,
        directory: &Directory,
        entries: impl IntoIterator<Item = &'a Entry>,
        owed: &[Obligation],
    ) -> Contact {
        let pairs = self.pairs.into_iter().map(|pair| ((pair.address, pair.staff), pair)).collect();
        let mut gathering = Gathering { client, directory, traces: &mut self.since, pairs };
        entries.into_iter().for_each(|entry| gathering.note(entry));
        let mut pairs: Vec<Pair> = gathering.pairs.into_values().collect();
        pairs.sort_unstable_by_key(|pair| (pair.address, pair.staff));
        self.since.answers.extend(owed.iter().filter_map(ended_answer));
        self.since.sort();
        Contact { pairs, ..self }
    }

    /// Whether so much came since that it is put together with what was before.
    pub(super) fn is_long(&self) -> bool {
        MANY < self.since.len()
    }

    /// The same with nothing kept apart.
    pub(super) fn joined(self) -> Contact {
        Contact { before: self.traces().into(), since: Traces::default(), ..self }
    }

    fn traces(&self) -> Traces {
        let mut all = Traces::clone(&self.before);
        all.extend(&self.since);
        all
    }

    /// How many pairs of one there and one here really talk: each has written to the other.
    pub fn ties(&self) -> u32 {
        self.pairs.iter().filter(|pair| pair.is_tie()).count() as u32
    }

    /// When they last wrote or rang.
    pub fn last_in(&self, now: Timestamp) -> Option<Timestamp> {
        last(self.all(|traces| &traces.inward), now)
    }

    /// When we last wrote or rang and reached them.
    pub fn last_out(&self, now: Timestamp) -> Option<Timestamp> {
        last(self.all(|traces| &traces.outward), now)
    }

    /// When they, and when we, last wrote or rang at all.
    pub(super) fn last(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        (self.last_in(Timestamp::MAX), self.last_out(Timestamp::MAX))
    }

    /// How likely they are to leave or go quiet: with what is open, what they are to the firm, and since when they are
    /// a client. Whoever has left has none.
    pub fn outlook<'a>(
        &'a self,
        open: impl Iterator<Item = &'a Obligation>,
        kind: ClientKind,
        since: Option<Timestamp>,
        now: Timestamp,
    ) -> Outlook {
        if kind == ClientKind::Former {
            return Outlook::of_the_gone();
        }
        let mut obligations: Vec<&Obligation> = open.chain(self.all(|traces| &traces.answers)).collect();
        // Weights add up in one order, whoever gives them.
        obligations.sort_by_key(|owed| (owed.opened_at, owed.kind, owed.id));
        let facts = Facts {
            obligations,
            traffic: Traffic {
                inward: self.all(|traces| &traces.inward).copied().collect(),
                outward: self.all(|traces| &traces.outward).copied().collect(),
                since,
            },
            complaints: self.all(|traces| &traces.complaints).cloned().collect(),
            departures: self.all(|traces| &traces.departures).cloned().collect(),
            likeness: self.likeness,
        };
        assess(&facts, now)
    }

    /// One kind of traces, those of before first.
    fn all<'a, T: 'a>(
        &'a self,
        kind: impl Fn(&'a Traces) -> &'a Vec<T>,
    ) -> impl DoubleEndedIterator<Item = &'a T> {
        kind(&self.before).iter().chain(kind(&self.since))
    }
}

/// However much of it is kept apart.
impl PartialEq for Contact {
    fn eq(&self, other: &Contact) -> bool {
        (&self.pairs, self.likeness) == (&other.pairs, other.likeness) && self.traces() == other.traces()
    }
}

impl Traces {
    fn len(&self) -> usize {
        let said = self.complaints.len() + self.departures.len();
        self.inward.len() + self.outward.len() + said + self.answers.len()
    }

    fn extend(&mut self, later: &Traces) {
        self.inward.extend(&later.inward);
        self.outward.extend(&later.outward);
        self.complaints.extend(later.complaints.iter().cloned());
        self.departures.extend(later.departures.iter().cloned());
        self.answers.extend(later.answers.iter().cloned());
        self.sort();
    }

    fn sort(&mut self) {
        self.inward.sort_unstable();
        self.outward.sort_unstable();
        // A message opens one answer at most.
        self.answers.sort_by_key(|owed| (owed.opened_at, owed.evidence.first().map(|opener| opener.of)));
    }
}

impl Pair {
    /// Each has written to the other.
    pub fn is_tie(&self) -> bool {
        0 < self.heard && 0 < self.told
    }
}

fn last<'a>(mut times: impl DoubleEndedIterator<Item = &'a Timestamp>, now: Timestamp) -> Option<Timestamp> {
    times.rfind(|at| **at <= now).copied()
}

/// An answer that has ended, without what weighing it does not ask for.
fn ended_answer(owed: &Obligation) -> Option<Obligation> {
    let ended = owed.ended.filter(|_| owed.kind == Kind::Answer)?;
    let opens = |evidence: &&Evidence| matches!(evidence.role, Role::Opened | Role::Joined);
    let evidence = owed.evidence.iter().filter(opens).map(|evidence| evidence.of).collect();
    Some(answer(owed.opened_at, owed.due_at, ended.at, ended.how, evidence))
}

pub(super) fn answer(
    opened: Timestamp,
    due: Timestamp,
    ended: Timestamp,
    how: Ending,
    openers: Vec<Of>,
) -> Obligation {
    let opener = |of| Evidence { role: Role::Opened, of, passage: None };
    Obligation {
        id: ObligationId(0),
        kind: Kind::Answer,
        client: ClientId(0),
        contact: None,
        owner: None,
        opened_at: opened,
        due_at: due,
        ended: Some(Ended { how, at: ended, proposed: false, by: None, continued_by: None }),
        chases: 0,
        confidence: 1.0,
        first: false,
        evidence: openers.into_iter().map(opener).collect(),
        continues: None,
    }
}

/// The contact with one client, while it is gathered.
struct Gathering<'a> {
    client: ClientId,
    directory: &'a Directory,
    traces: &'a mut Traces,
    pairs: FxHashMap<(AddressId, StaffId), Pair>,
}

impl Gathering<'_> {
    fn note(&mut self, entry: &Entry) {
        match entry {
            Entry::Message(message) if !message.automatic => self.note_message(message),
            Entry::Call(call) => {
                let reached = call.talked.is_some_and(|talked| REACHED_SECONDS <= talked.as_secs());
                if self.is_theirs(call.from) {
                    let staff = self.directory.who(call.to).staff();
                    self.heard(call.from, staff, call.at);
                    if reached && let Some(staff) = staff {
                        self.told(call.from, staff, call.at);
                    }
                } else if reached
                    && self.is_theirs(call.to)
                    && let Some(staff) = self.directory.who(call.from).staff()
                {
                    self.told(call.to, staff, call.at);
                }
            }
            Entry::Note(note) if note.kind != NoteKind::Text => {
                for &address in &note.with {
                    if self.is_theirs(address) {
                        self.heard(address, [note.by], note.at);
                        self.told(address, note.by, note.at);
                    }
                }
            }
            _ => {}
        }
    }

    fn note_message(&mut self, message: &Message) {
        match self.directory.who(message.from) {
            Who::Staff(staff) => {
                for to in message.recipients() {
                    if self.is_theirs(to) {
                        self.told(to, staff, message.at);
                    }
                }
            }
            who if who.client() == Some(self.client) => {
                let directory = self.directory;
                let staff = message.recipients().filter_map(|to| directory.who(to).staff());
                self.heard(message.from, staff, message.at);
                self.traces.complaints.extend(said(message, ActKind::Complaint));
                self.traces.departures.extend(said(message, ActKind::Departure));
            }
            _ => {}
        }
    }

    fn is_theirs(&self, address: AddressId) -> bool {
        self.directory.who(address).client() == Some(self.client)
    }

    fn heard(&mut self, from: AddressId, staff: impl IntoIterator<Item = StaffId>, at: Timestamp) {
        self.traces.inward.push(at);
        for staff in staff {
            self.pair(from, staff, at, |pair| pair.heard += 1);
        }
    }

    fn told(&mut self, to: AddressId, staff: StaffId, at: Timestamp) {
        self.traces.outward.push(at);
        self.pair(to, staff, at, |pair| pair.told += 1);
    }

    /// Whoever is no contact any more talks to nobody.
    fn pair(&mut self, address: AddressId, staff: StaffId, at: Timestamp, count: impl FnOnce(&mut Pair)) {
        if self.directory.is_removed(address) {
            return;
        }
        let new = Pair { address, staff, heard: 0, told: 0, last: at };
        let pair = self.pairs.entry((address, staff)).or_insert(new);
        pair.last = pair.last.max(at);
        count(pair);
    }
}

fn said(message: &Message, kind: ActKind) -> Option<Said> {
    let acts = message.acts.iter().filter(|act| act.kind == kind && SURE_ENOUGH <= act.confidence);
    let sure = acts.map(|act| act.confidence).reduce(f32::max)?;
    Some(Said { at: message.at, message: message.key, confidence: sure })
}

#[cfg(test)]
mod tests {
    use super::*;
    use care::ids::NaturalKey;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn traces(times: &[i64], answered: &[i64]) -> Traces {
        let of = |second: &i64| vec![Of::Message(NaturalKey(*second as u64))];
        let answers = answered
            .iter()
            .map(|second| answer(at(*second), at(second + 1), at(second + 2), Ending::Kept, of(second)));
        Traces {
            inward: times.iter().map(|second| at(*second)).collect(),
            answers: answers.collect(),
            ..Traces::default()
        }
    }

    #[test]
    fn what_is_kept_apart_says_the_same_as_all_in_one() {
        // What was asked first was answered last.
        let apart = Contact {
            before: traces(&[1, 2, 5], &[2, 5]).into(),
            since: traces(&[8, 9], &[1]),
            ..Contact::default()
        };
        let one = apart.clone().joined();
        assert_eq!(one.before.as_ref(), &traces(&[1, 2, 5, 8, 9], &[1, 2, 5]));
        assert_eq!(one, apart);
        for now in [0, 4, 8, 20] {
            assert_eq!(one.last_in(at(now)), apart.last_in(at(now)), "{now}");
        }
        assert_ne!(one, Contact { since: traces(&[8], &[1]), ..apart });
    }

    #[test]
    fn so_much_is_kept_apart_and_no_more() {
        let times: Vec<i64> = (0..=MANY as i64).collect();
        let contact = |since: &[i64]| Contact { since: traces(since, &[]), ..Contact::default() };
        assert!(!contact(&times[1..]).is_long());
        assert!(contact(&times).is_long());
        assert!(!contact(&times).joined().is_long());
    }
}
