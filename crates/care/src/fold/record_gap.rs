//! Record gap: the record of a client lacks what their tier demands, such as why they came.
//!
//! Only for clients of a list that the firm gave, as for cover. What lacks at one time is one obligation: open from the
//! moment at which the first of it lacks until the record tells all of it.

use jiff::Timestamp;

use super::{Fold, opened};
use crate::ids::StaffId;
use crate::obligation::{Kind, ObligationId};
use crate::particular::{Particulars, Told, lacking};
use crate::people::ClientKind;

/// A stretch of time in which something lacks.
struct Gap {
    from: Timestamp,
    /// When the record told all of it, and who wrote what was missing last; none while it lacks.
    filled: Option<(Timestamp, Option<StaffId>)>,
}

impl Fold<'_> {
    /// `first`: the moment of their first entry. Of a client of unknown age nothing lacked before it, however far the record
    /// of the firm goes back.
    pub(super) fn finish_record_gap(&mut self, first: Option<Timestamp>) {
        let Some(profile) = self.profile else { return };
        let wanted = self.standard.record;
        if wanted.is_empty() || !matches!(profile.kind, ClientKind::Organisation | ClientKind::Person) {
            return;
        }
        let own = first.filter(|_| profile.since.is_none());
        let Some(start) = own.or_else(|| self.client_from()) else { return };
        for gap in gaps(wanted, &profile.told, start) {
            // The first has no moment of its own: another import may know better since when they are a client.
            let part = if gap.from == start { 0 } else { gap.from.as_microsecond().cast_unsigned() };
            self.open_gap(&gap, part);
        }
    }

    fn open_gap(&mut self, gap: &Gap, part: u64) {
        let calendar = &self.book.calendar;
        let due_at = calendar.add_working(gap.from, self.standard.record_gap.in_hours_of(calendar));
        let id = ObligationId::of(self.book.firm, Kind::RecordGap, self.client_key, part);
        let mut obligation = opened(id, Kind::RecordGap, self.client, gap.from, due_at);
        let until = gap.filled.map_or(Timestamp::MAX, |(at, _)| at);
        // It may be open for years, so whoever leaves meanwhile is passed over.
        let stays = |staff: &StaffId| self.gone_at(*staff).is_none_or(|gone| until <= gone);
        obligation.owner = self.point_person.filter(stays).or(self.book.lead);
        let i = self.open_unpointed(obligation);
        self.decide_upkeep(i, until);
        if let Some((at, by)) = gap.filled {
            self.end_by_itself(i, at, by);
        }
    }
}

/// When something of what is wanted lacked, from a moment on, in time order.
fn gaps(wanted: Particulars, told: &[Told], start: Timestamp) -> Vec<Gap> {
    let of_wanted = told.iter().filter(|one| wanted.has(one.what));
    let turns = of_wanted.flat_map(|one| [one.from, one.until]).flatten().filter(|at| start < *at);
    let mut moments: Vec<Timestamp> = turns.chain([start]).collect();
    moments.sort_unstable();
    moments.dedup();
    let mut gaps: Vec<Gap> = Vec::new();
    let mut is_open = false;
    for at in moments {
        let lacks = !lacking(wanted, told, at).is_empty();
        match gaps.last_mut() {
            Some(gap) if is_open && !lacks => {
                let last = told.iter().find(|one| wanted.has(one.what) && one.from == Some(at));
                gap.filled = Some((at, last.and_then(|one| one.by)));
            }
            _ if lacks && !is_open => gaps.push(Gap { from: at, filled: None }),
            _ => {}
        }
        is_open = lacks;
    }
    gaps
}
