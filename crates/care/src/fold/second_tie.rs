//! Second tie: a valued client hangs on one contact, or on one of us.
//!
//! A contact and a person of the firm have a tie while both have written to the other (in To), or talked, within a
//! year; whoever is removed from the client's contacts has none from then on. A client is valued from the first day
//! where its tier is, else after three years, else from the fiftieth message it wrote. A client that is one person cannot
//! hang on one contact, nor a firm of one on one of us.

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp, ToSpan};
use rustc_hash::FxHashMap;

use super::{End, Fold, Party, opened, opened_by};
use crate::entry::{Of, Verdict};
use crate::ids::StaffId;
use crate::obligation::{Ending, Kind, ObligationId};
use crate::people::ClientKind;

/// A tie is forgotten when one side has been silent for so long.
const TIE_HOLDS: SignedDuration = SignedDuration::from_hours(365 * 24);
/// A client is valued after so many years,
const VALUED_AFTER_YEARS: i16 = 3;
/// or from so many messages of theirs on.
const VALUED_FROM_MESSAGES: u32 = 50;

/// Who has talked to whom, and when.
#[derive(Debug, Default)]
pub(super) struct Ties {
    pairs: FxHashMap<(Party, StaffId), Pair>,
    written: u32,
    valued_by_traffic: Option<(Timestamp, Of)>,
}

#[derive(Debug, Default)]
struct Pair {
    last_in: Option<Timestamp>,
    last_out: Option<Timestamp>,
    /// When the tie held, in time order, not touching.
    held: Vec<Stretch>,
}

#[derive(Debug)]
struct Stretch {
    from: Timestamp,
    until: Timestamp,
    began_by: Of,
    last_of: Of,
}

impl Ties {
    pub(super) fn inbound(&mut self, party: Party, staff: StaffId, at: Timestamp, of: Of) {
        let pair = self.pairs.entry((party, staff)).or_default();
        pair.last_in = Some(at);
        pair.grow(at, of);
    }

    pub(super) fn outbound(&mut self, party: Party, staff: StaffId, at: Timestamp, of: Of) {
        let pair = self.pairs.entry((party, staff)).or_default();
        pair.last_out = Some(at);
        pair.grow(at, of);
    }

    /// The client wrote.
    pub(super) fn count(&mut self, at: Timestamp, of: Of) {
        self.written += 1;
        if self.written == VALUED_FROM_MESSAGES {
            self.valued_by_traffic = Some((at, of));
        }
    }
}

impl Pair {
    fn grow(&mut self, at: Timestamp, of: Of) {
        let Some(older) = self.last_in.zip(self.last_out).map(|(a, b)| a.min(b)) else { return };
        let until = older.checked_add(TIE_HOLDS).unwrap_or(Timestamp::MAX);
        if until <= at {
            return;
        }
        match self.held.last_mut() {
            Some(stretch) if at <= stretch.until => {
                stretch.until = until.max(stretch.until);
                stretch.last_of = of;
            }
            _ => self.held.push(Stretch { from: at, until, began_by: of, last_of: of }),
        }
    }
}

/// A moment at which the ties of a client change.
struct Change {
    at: Timestamp,
    of: Option<Of>,
    what: What,
}

impl Change {
    fn is_decision(&self) -> bool {
        matches!(self.what, What::Decided(_))
    }
}

enum What {
    Begins(Party, StaffId),
    Fades(Party, StaffId),
    Valued,
    Decided(usize),
}

/// How many ties each contact and each of us has at a moment.
#[derive(Default)]
struct Standing {
    contacts: FxHashMap<Party, u32>,
    staff: FxHashMap<StaffId, u32>,
}

impl Standing {
    fn begin(&mut self, party: Party, staff: StaffId) {
        *self.contacts.entry(party).or_default() += 1;
        *self.staff.entry(staff).or_default() += 1;
    }

    fn fade(&mut self, party: Party, staff: StaffId) {
        fade(&mut self.contacts, party);
        fade(&mut self.staff, staff);
    }
}

fn fade<T: std::hash::Hash + Eq>(counts: &mut FxHashMap<T, u32>, one: T) {
    if let Some(count) = counts.get_mut(&one) {
        *count -= 1;
        if *count == 0 {
            counts.remove(&one);
        }
    }
}

impl Fold<'_> {
    pub(super) fn finish_ties(&mut self) {
        let kind = self.profile.map(|profile| profile.kind).unwrap_or_default();
        if !kind.is_served() || self.ties.pairs.is_empty() {
            return;
        }
        let Some(valued) = self.valued_from() else { return };
        let one_of_us = self.book.staff_count() < 2;
        let mut standing = Standing::default();
        let mut is_valued = false;
        let mut open: Option<usize> = None;
        // Spared by a person: it opens anew only after the client was safe.
        let mut spared = false;
        let changes = self.changes(valued);
        for (c, change) in changes.iter().enumerate() {
            match change.what {
                What::Begins(party, staff) => standing.begin(party, staff),
                What::Fades(party, staff) => standing.fade(party, staff),
                What::Valued => is_valued = true,
                What::Decided(d) => {
                    if open.is_some_and(|i| self.decide_tie(i, d, change.at)) {
                        (open, spared) = (None, true);
                    }
                    continue;
                }
            }
            let more_at_once =
                changes.get(c + 1).is_some_and(|next| next.at == change.at && !next.is_decision());
            if more_at_once || standing.contacts.is_empty() {
                continue;
            }
            let many_contacts = kind == ClientKind::Person || 1 < standing.contacts.len();
            let many_of_us = one_of_us || 1 < standing.staff.len();
            let safe = many_contacts && many_of_us;
            spared &= !safe;
            match (open, change.of) {
                (Some(i), Some(of)) if safe => {
                    let end =
                        End { how: Ending::Kept, at: change.at, of, by: None, sure: 1.0, continued_by: None };
                    if self.end(i, end) {
                        open = None;
                    }
                }
                (None, _) if is_valued && !safe && !spared => open = Some(self.open_tie(change)),
                _ => {}
            }
        }
    }

    fn open_tie(&mut self, change: &Change) -> usize {
        let weeks = i64::from(self.standard.second_tie_weeks);
        let due = change.at.checked_add(SignedDuration::from_hours(weeks * 7 * 24)).unwrap_or(Timestamp::MAX);
        let calendar = &self.book.calendar;
        let due_at = calendar.end_of_day(calendar.date_of(due), due);
        let key = change.of.map_or(self.client_key, Of::key);
        // The last word of a tie may also have begun one: its fading is told apart by its moment.
        let fades = matches!(change.what, What::Fades(..));
        let part = if fades { self.client_key.0 ^ change.at.as_second() as u64 } else { self.client_key.0 };
        let id = ObligationId::of(self.book.firm, Kind::SecondTie, key, part);
        let mut obligation = opened(id, Kind::SecondTie, self.client, change.at, due_at);
        obligation.owner = self.keeper(change.at);
        obligation.evidence = change.of.map(|of| opened_by(of, None)).unwrap_or_default();
        self.open_unpointed(obligation)
    }

    /// Applies a person's decision to the open obligation. Whether that ended it.
    fn decide_tie(&mut self, i: usize, d: usize, at: Timestamp) -> bool {
        let (_, decision) = self.upkeep[d];
        let how = match decision.what {
            Verdict::Kept { .. } => Ending::Kept,
            Verdict::Spared { .. } => Ending::Released,
            Verdict::Planned { due, .. } => {
                self.out.change(i).due_at = due;
                return false;
            }
            _ => return false,
        };
        let of = Of::Decision(decision.key);
        self.end(i, End { how, at, of, by: Some(decision.by), sure: 1.0, continued_by: None })
    }

    /// From when on the client is valued, and the message that made it so.
    fn valued_from(&self) -> Option<(Timestamp, Option<Of>)> {
        if self.standard.valued {
            return Some((Timestamp::MIN, None));
        }
        let since = self.profile.and_then(|profile| profile.since);
        let by_tenure = since.and_then(|since| since.checked_add(VALUED_AFTER_YEARS.years()).ok());
        let by_tenure = by_tenure.map(|date| (self.book.calendar.instant(date, Time::midnight()), None));
        let by_traffic = self.ties.valued_by_traffic.map(|(at, of)| (at, Some(of)));
        by_tenure.into_iter().chain(by_traffic).min_by_key(|(at, _)| *at)
    }

    /// All moments at which the ties change, in time order; at one moment beginnings come first.
    fn changes(&mut self, valued: (Timestamp, Option<Of>)) -> Vec<Change> {
        let mut changes = Vec::new();
        for (&(party, staff), pair) in &self.ties.pairs {
            let removed = match party {
                Party::Contact(contact) => self.book.directory.removed_at(contact),
                Party::Client | Party::Address(_) => None,
            };
            for stretch in pair.held.iter().filter(|stretch| removed.is_none_or(|at| stretch.from < at)) {
                changes.push(Change {
                    at: stretch.from,
                    of: Some(stretch.began_by),
                    what: What::Begins(party, staff),
                });
                changes.push(Change {
                    at: removed.map_or(stretch.until, |at| at.min(stretch.until)),
                    of: Some(stretch.last_of),
                    what: What::Fades(party, staff),
                });
            }
        }
        changes.push(Change { at: valued.0, of: valued.1, what: What::Valued });
        for (d, (at, decision)) in self.upkeep.iter().enumerate() {
            if let Verdict::Kept { kind, .. } | Verdict::Spared { kind, .. } | Verdict::Planned { kind, .. } =
                decision.what
                && kind == Kind::SecondTie
            {
                changes.push(Change { at: *at, of: None, what: What::Decided(d) });
            }
        }
        changes.sort_by_key(|change| {
            let rank = match change.what {
                What::Begins(party, staff) => (0, Some((party, staff)), 0),
                What::Fades(party, staff) => (1, Some((party, staff)), 0),
                What::Valued => (2, None, 0),
                What::Decided(d) => (3, None, d),
            };
            (change.at, rank)
        });
        changes
    }
}
