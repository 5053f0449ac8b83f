//! Cover: a client without a point person, or whose point person is away with nobody who stands in.
//!
//! Only for clients of a list that the firm gave: a stand-in for a client has no point person to miss.

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};

use super::{End, Fold, opened};
use crate::entry::{Decision, Of, Verdict};
use crate::ids::StaffId;
use crate::obligation::{Ending, Kind, Obligation, ObligationId};
use crate::people::{Absence, ClientKind};

/// So many days before an absence, its cover is asked for.
const ASKED_DAYS_BEFORE: i64 = 14;
/// The longest run of closed days that is looked through for the last closing before an absence.
const LONGEST_CLOSURE: usize = 60;

/// Who was the point person, from when until when.
struct Reign {
    staff: Option<StaffId>,
    from: Timestamp,
    until: Timestamp,
    /// The decision that ended it.
    ended_by: Option<(Of, StaffId)>,
}

impl<'a> Fold<'a> {
    /// `first`: the moment of the first entry, for clients of unknown age.
    pub(super) fn finish_cover(&mut self, first: Option<Timestamp>) {
        let Some(profile) = self.profile else { return };
        if !matches!(profile.kind, ClientKind::Organisation | ClientKind::Person) {
            return;
        }
        let Some(start) = self.client_from().or(first) else { return };
        for reign in self.reigns(profile.point_person, start) {
            match reign.staff {
                None => self.nobody(reign.from, &reign, 0),
                Some(staff) => {
                    let gone_at = self.gone_at(staff);
                    if let Some(gone_at) = gone_at.filter(|&at| at < reign.until) {
                        // A point person who had left before they were named leaves the client without one at once.
                        self.nobody(gone_at.max(reign.from), &reign, 1 + u64::from(staff.0 as u32));
                    }
                    self.absences_of(staff, &reign);
                }
            }
        }
    }

    fn reigns(&self, first: Option<StaffId>, start: Timestamp) -> Vec<Reign> {
        let mut reigns = vec![Reign { staff: first, from: start, until: Timestamp::MAX, ended_by: None }];
        for (at, decision) in &self.upkeep {
            let Verdict::PointPerson { staff, .. } = decision.what else { continue };
            if reigns.last().is_some_and(|last| last.staff == Some(staff)) {
                continue;
            }
            if let Some(last) = reigns.last_mut() {
                last.until = (*at).max(last.from);
                last.ended_by = Some((Of::Decision(decision.key), decision.by));
            }
            reigns.push(Reign {
                staff: Some(staff),
                from: (*at).max(start),
                until: Timestamp::MAX,
                ended_by: None,
            });
        }
        reigns
    }

    /// Nobody looks after the client from that moment to the end of the reign.
    fn nobody(&mut self, from: Timestamp, reign: &Reign, part: u64) {
        if reign.until <= from {
            return;
        }
        let calendar = &self.book.calendar;
        let due_at = calendar.add_working(from, self.standard.cover.in_hours_of(calendar));
        let part = part.wrapping_mul(31).wrapping_add(reign_part(reign, self.client_from()));
        let id = ObligationId::of(self.book.firm, Kind::Cover, self.client_key, part);
        let mut obligation = opened(id, Kind::Cover, self.client, from, due_at);
        obligation.owner = self.book.lead;
        let i = self.open_unpointed(obligation);
        self.decide_upkeep(i, reign.until);
        if let Some((of, by)) = reign.ended_by {
            self.end(i, ended(reign.until, of, by));
        }
    }

    /// When somebody no longer works here.
    pub(super) fn gone_at(&self, staff: StaffId) -> Option<Timestamp> {
        let left = self.book.staff(staff)?.left?;
        Some(self.book.calendar.instant(left.saturating_add(1.day()), Time::midnight()))
    }

    fn absences_of(&mut self, staff: StaffId, reign: &Reign) {
        let Some(person) = self.book.staff(staff) else { return };
        for (a, absence) in person.absences.iter().enumerate() {
            if person.absences[..a].iter().any(|other| other.from == absence.from) {
                continue;
            }
            let calendar = &self.book.calendar;
            let starts = calendar.instant(absence.from, Time::midnight());
            let back = calendar.instant(absence.to.saturating_add(1.day()), Time::midnight());
            let asked = absence.from.saturating_sub(ASKED_DAYS_BEFORE.days());
            let opens_at = calendar.instant(asked, Time::midnight()).max(reign.from);
            let theirs = reign.from < back && opens_at < reign.until;
            let covered = absence.cover.is_some_and(|cover| self.can_cover(cover, staff, absence));
            if !theirs || covered || back <= starts {
                continue;
            }
            let due_at = self.last_closing_before(absence.from).unwrap_or(starts).max(opens_at);
            let named = self.cover_named(staff, absence, back);
            if named.is_some_and(|(at, _)| at <= opens_at) {
                continue;
            }
            let id = self.absence_id(absence, reign);
            let mut obligation = opened(id, Kind::Cover, self.client, opens_at, due_at);
            obligation.owner = Some(staff);
            self.watch_absence(obligation, named, back, reign);
        }
    }

    /// Opens the want of cover and ends it: by a decision, by another point person, or when they are back.
    fn watch_absence(
        &mut self,
        obligation: Obligation,
        named: Option<(Timestamp, &'a Decision)>,
        back: Timestamp,
        reign: &Reign,
    ) {
        let i = self.open_unpointed(obligation);
        let named = named.map(|(at, decision)| ended(at, Of::Decision(decision.key), decision.by));
        let replaced = reign.ended_by.map(|(of, by)| ended(reign.until, of, by));
        let first = named.into_iter().chain(replaced).filter(|end| end.at < back).min_by_key(|end| end.at);
        self.decide_upkeep(i, first.map_or(back, |end| end.at));
        match first {
            Some(end) => {
                self.end(i, end);
            }
            // The point person is there again.
            None => self.end_by_itself(i, back, self.out[i].owner),
        }
    }

    /// The reign says who is away. Their own number would not do: another import numbers people otherwise.
    fn absence_id(&self, absence: &Absence, reign: &Reign) -> ObligationId {
        let day = Date::constant(1970, 1, 1).duration_until(absence.from).as_hours() / 24;
        let part = day as u64 & 0xffff_ffff;
        let again = reign_part(reign, self.client_from()).rotate_left(16);
        ObligationId::of(self.book.firm, Kind::Cover, self.client_key, (part | 1 << 63) ^ again)
    }

    /// Whether somebody can stand in for all of an absence.
    fn can_cover(&self, cover: StaffId, away: StaffId, absence: &Absence) -> bool {
        cover != away
            && self.book.works_here(cover, absence.to)
            && self.book.staff(cover).is_none_or(|cover| {
                cover.absences.iter().all(|other| other.to < absence.from || absence.to < other.from)
            })
    }

    /// The first decision that names somebody who can stand in, made before they are back. It stands for later absences too.
    fn cover_named(
        &self,
        away: StaffId,
        absence: &Absence,
        back: Timestamp,
    ) -> Option<(Timestamp, &'a Decision)> {
        let named = self.upkeep.iter().copied().filter(|(at, _)| *at < back);
        named.into_iter().find(|(_, decision)| match decision.what {
            Verdict::Cover { away: who, cover, .. } => who == away && self.can_cover(cover, away, absence),
            _ => false,
        })
    }

    fn last_closing_before(&self, date: Date) -> Option<Timestamp> {
        let mut day = date;
        for _ in 0..LONGEST_CLOSURE {
            day = day.yesterday().ok()?;
            if let Some(closing) = self.book.calendar.closing(day) {
                return Some(closing);
            }
        }
        None
    }
}

fn ended(at: Timestamp, of: Of, by: StaffId) -> End {
    End { how: Ending::Kept, at, of, by: Some(by), sure: 1.0, continued_by: None }
}

/// Tells apart the reigns of one client: nothing for the first, the moment it began for the others.
fn reign_part(reign: &Reign, start: Option<Timestamp>) -> u64 {
    if Some(reign.from) == start { 0 } else { reign.from.as_second() as u64 }
}
