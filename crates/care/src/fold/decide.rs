//! What each decision does to what is owed.

use jiff::Timestamp;

use super::order::Event;
use super::{End, Fold};
use crate::entry::{Decision, Of, Subject, Verdict};
use crate::ids::StaffId;
use crate::obligation::{Ended, Ending, Kind, ObligationId};

impl<'a> Fold<'a> {
    pub(super) fn take_decision(&mut self, decision: &'a Decision, event: &Event<'a>) {
        let client = decision.what.client().map(|client| self.book.directory.client(client));
        if client.is_some_and(|client| client != self.client) {
            return;
        }
        match &decision.what {
            Verdict::NoAnswerNeeded { message } => {
                let subject = Subject::from(Of::Message(*message));
                self.decide(subject, Ending::Released, decision.by, event);
            }
            Verdict::Released { subject } => self.decide(*subject, Ending::Released, decision.by, event),
            Verdict::Done { subject, .. } => self.decide(*subject, Ending::Kept, decision.by, event),
            Verdict::NewDate { subject, due, .. } => self.told_elsewhere(*subject, *due, decision.by, event),
            Verdict::Owner { subject, staff } => {
                for i in self.meant(*subject) {
                    if self.is_open(i) {
                        self.out.change(i).owner = Some(*staff);
                    }
                }
            }
            Verdict::PointPerson { staff, .. } => {
                self.point_person = Some(*staff);
                self.upkeep.push((event.at, decision));
            }
            Verdict::Kept { kind: Kind::CheckIn, .. } => {
                self.heard(event.at, event.of, None, Some(decision.by), true);
            }
            Verdict::Spared { kind: Kind::CheckIn, .. } => self.spare_check_in(decision.by, event),
            Verdict::Planned { kind: Kind::CheckIn, due, .. } => self.plan_check_in(*due, event.at),
            Verdict::Kept { .. }
            | Verdict::Spared { .. }
            | Verdict::Planned { .. }
            | Verdict::Cover { .. } => {
                self.upkeep.push((event.at, decision));
            }
            _ => {}
        }
    }

    /// Applies a person's ending to what the subject opened.
    fn decide(&mut self, subject: Subject, how: Ending, by: StaffId, event: &Event<'a>) {
        for i in self.meant(subject) {
            if self.out[i].kind == Kind::Answer {
                self.part_wait(i, subject.of);
            }
            self.end(i, End { how, at: event.at, of: event.of, by: Some(by), sure: 1.0, continued_by: None });
        }
    }

    /// A person told the client a new date in a way that the record does not show.
    fn told_elsewhere(&mut self, subject: Subject, due: Timestamp, by: StaffId, event: &Event<'a>) {
        let id = ObligationId::of(self.book.firm, Kind::Promise, event.of.key(), 0);
        let mut continued = None;
        for i in self.meant(subject) {
            if self.out[i].kind == Kind::Answer {
                self.part_wait(i, subject.of);
            } else if self.out[i].kind != Kind::Promise {
                continue;
            }
            let end = End {
                how: Ending::Moved,
                at: event.at,
                of: event.of,
                by: Some(by),
                sure: 1.0,
                continued_by: Some(id),
            };
            if self.end(i, end) {
                continued.get_or_insert(i);
            }
        }
        if let Some(i) = continued {
            self.continue_by_decision(i, id, due, by, event);
        }
    }

    /// The obligations that a subject opened or joined.
    fn meant(&self, subject: Subject) -> Vec<usize> {
        let Some(found) = self.pointed_at.get(&subject.of) else { return Vec::new() };
        let meant = |i: &usize| match (subject.passage, self.out[*i].evidence.first().and_then(|e| e.passage))
        {
            (Some((start, end)), Some((from, to))) => start < to && from < end,
            _ => true,
        };
        found.iter().copied().filter(meant).collect()
    }

    /// What people decided about an upkeep of the client as such while it was open, which it is until `until` at the latest.
    pub(super) fn decide_upkeep(&mut self, i: usize, until: Timestamp) {
        let its = self.out[i].kind;
        for (at, decision) in self.upkeep.clone() {
            if at < self.out[i].opened_at || until <= at || !self.is_open(i) {
                continue;
            }
            let how = match decision.what {
                Verdict::Kept { kind, .. } if kind == its => Ending::Kept,
                Verdict::Spared { kind, .. } if kind == its => Ending::Released,
                Verdict::Planned { kind, due, .. } if kind == its => {
                    self.out.change(i).due_at = due;
                    continue;
                }
                _ => continue,
            };
            let of = Of::Decision(decision.key);
            self.end(i, End { how, at, of, by: Some(decision.by), sure: 1.0, continued_by: None });
        }
    }

    /// Ends what is still open and was done without an entry of the record.
    pub(super) fn end_by_itself(&mut self, i: usize, at: Timestamp, by: Option<StaffId>) {
        if self.is_open(i) {
            self.out.change(i).ended =
                Some(Ended { how: Ending::Kept, at, proposed: false, by, continued_by: None });
        }
    }
}
