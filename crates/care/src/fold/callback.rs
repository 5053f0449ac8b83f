//! Callback: a missed call or voicemail. One per caller, however often it rang at how many desks.

use jiff::{SignedDuration, Timestamp};

use super::order::Event;
use super::out::Places;
use super::{End, Fold, Party, opened, opened_by};
use crate::ids::{AddressId, StaffId};
use crate::obligation::{Ending, Kind, ObligationId};

/// Rings within this time of each other are one attempt at several desks.
const SAME_ATTEMPT: SignedDuration = SignedDuration::from_mins(2);
/// How sure we are that a message to somebody at the client answered a caller whose number no contact has.
const MAYBE_THE_CALLER: f32 = 0.6;

/// The callers who wait to be rung: few at any time.
#[derive(Debug, Default)]
pub(super) struct Callbacks {
    waiting: Vec<Caller>,
}

#[derive(Debug)]
struct Caller {
    party: Party,
    obligation: usize,
    last_ring: Timestamp,
}

impl Callbacks {
    /// Forgets who was rung back; `places` tells where each obligation is now.
    pub(super) fn forget(&mut self, places: &Places) {
        self.waiting.retain_mut(|caller| places.mend_place(&mut caller.obligation));
    }
}

impl<'a> Fold<'a> {
    /// Somebody of the client rang, and nobody answered.
    pub(super) fn missed(&mut self, number: AddressId, rung: Option<StaffId>, event: &Event<'a>) {
        let party = self.party(number);
        let out = &self.out;
        self.callbacks.waiting.retain(|caller| out[caller.obligation].ended.is_none());
        let waiting = self.callbacks.waiting.iter().position(|caller| caller.party == party);
        if let Some(w) = waiting {
            let caller = &mut self.callbacks.waiting[w];
            let again = SAME_ATTEMPT < event.at.duration_since(caller.last_ring);
            caller.last_ring = event.at;
            let i = caller.obligation;
            self.join(i, event.of);
            self.out.change(i).chases += u32::from(again);
            return;
        }
        let calendar = &self.book.calendar;
        let due_at = calendar.add_working(event.at, self.standard.callback.in_hours_of(calendar));
        let id = ObligationId::of(self.book.firm, Kind::Callback, event.of.key(), 0);
        let mut obligation = opened(id, Kind::Callback, self.client, event.at, due_at);
        obligation.contact = Some(number);
        obligation.owner =
            rung.filter(|&staff| self.works_here(staff, event.at)).or_else(|| self.keeper(event.at));
        obligation.evidence = opened_by(event.of, None);
        let obligation = self.open(obligation);
        self.callbacks.waiting.push(Caller { party, obligation, last_ring: event.at });
    }

    /// A connected call either way returns the call.
    pub(super) fn talk_returns_calls(
        &mut self,
        parties: &[Party],
        staff: Option<StaffId>,
        event: &Event<'a>,
    ) {
        self.end_callbacks(staff, event, |caller| parties.contains(&caller).then_some(1.0));
    }

    /// A message from us to the caller returns the call; where nobody knows whose number it is, perhaps.
    pub(super) fn return_calls(&mut self, parties: &[Party], staff: StaffId, event: &Event<'a>) {
        self.end_callbacks(Some(staff), event, |caller| match caller {
            _ if parties.contains(&caller) => Some(1.0),
            Party::Address(_) => Some(MAYBE_THE_CALLER),
            _ => None,
        });
    }

    fn end_callbacks(
        &mut self,
        by: Option<StaffId>,
        event: &Event<'a>,
        sure_of: impl Fn(Party) -> Option<f32>,
    ) {
        if self.callbacks.waiting.is_empty() {
            return;
        }
        let mut waiting = std::mem::take(&mut self.callbacks.waiting);
        waiting.retain(|caller| {
            if let Some(sure) = sure_of(caller.party) {
                let end = End { how: Ending::Kept, at: event.at, of: event.of, by, sure, continued_by: None };
                self.end(caller.obligation, end);
            }
            self.is_open(caller.obligation)
        });
        self.callbacks.waiting = waiting;
    }
}
