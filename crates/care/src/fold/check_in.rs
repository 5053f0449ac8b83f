//! Check-in: a client has been quiet past the wanted rhythm.
//!
//! Silence counts from the last word of either side. It is noticed when somebody writes again, or at the end of the
//! record: what opens only after the moment one looks from is not there yet (see [`crate::obligation::state`]).

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

use super::order::Event;
use super::out::Places;
use super::{End, Fold, opened, opened_by};
use crate::entry::Of;
use crate::ids::{AddressId, StaffId};
use crate::obligation::{Ending, Kind, ObligationId};
use crate::people::ClientKind;

/// A stand-in for a client is missed once so many messages have gone each way.
const STAND_IN_TALKS: u32 = 3;

/// When the client was last heard.
#[derive(Debug, Default)]
pub(super) struct Silence {
    last: Option<Last>,
    /// The first entry of the client's own record.
    first: Option<Timestamp>,
    open: Option<usize>,
    theirs: u32,
    ours: u32,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    at: Timestamp,
    of: Option<Of>,
    contact: Option<AddressId>,
    staff: Option<StaffId>,
}

impl Silence {
    /// Forgets a check-in that has ended; `places` tells where each obligation is now.
    pub(super) fn forget(&mut self, places: &Places) {
        if let Some(open) = &mut self.open
            && !places.mend_place(open)
        {
            self.open = None;
        }
    }
}

impl<'a> Fold<'a> {
    /// The client's own record begins here; none where nothing is in it.
    pub(super) fn silence_from(&mut self, first: Option<Timestamp>) {
        self.silence.first = first;
    }

    /// A word between the client and us. `ours`: from us, or a talk.
    pub(super) fn heard(
        &mut self,
        at: Timestamp,
        of: Of,
        contact: Option<AddressId>,
        staff: Option<StaffId>,
        ours: bool,
    ) {
        self.notice_silence(at);
        if ours && let Some(i) = self.silence.open {
            let end = End { how: Ending::Kept, at, of, by: staff, sure: 1.0, continued_by: None };
            if self.end(i, end) {
                self.silence.open = None;
            }
        }
        let before = self.silence.last;
        self.silence.last = Some(Last {
            at,
            of: Some(of),
            contact: contact.or(before.and_then(|last| last.contact)),
            staff: staff.or(before.and_then(|last| last.staff)),
        });
        self.silence.theirs += u32::from(!ours);
        self.silence.ours += u32::from(ours);
    }

    /// A person says that the client need not be written to this time: silence counts anew.
    pub(super) fn spare_check_in(&mut self, by: StaffId, event: &Event<'a>) {
        self.notice_silence(event.at);
        let Some(i) = self.silence.open else { return };
        let end = End {
            how: Ending::Released,
            at: event.at,
            of: event.of,
            by: Some(by),
            sure: 1.0,
            continued_by: None,
        };
        if self.end(i, end) {
            self.silence.open = None;
            let before = self.silence.last;
            self.silence.last = Some(Last {
                at: event.at,
                of: Some(event.of),
                contact: before.and_then(|last| last.contact),
                staff: before.and_then(|last| last.staff),
            });
        }
    }

    /// A person plans the open check-in to a date.
    pub(super) fn plan_check_in(&mut self, due_at: Timestamp, at: Timestamp) {
        self.notice_silence(at);
        if let Some(i) = self.silence.open {
            self.out.change(i).due_at = due_at;
        }
    }

    /// What opens if nobody writes any more. Whoever does goes on from where it stood before.
    pub(super) fn finish_silence(&mut self) {
        let open = self.silence.open;
        self.notice_silence(Timestamp::MAX);
        self.silence.open = open;
    }

    /// Opens the check-in that was wanted before `now`, if none is open.
    fn notice_silence(&mut self, now: Timestamp) {
        if self.silence.open.is_some() || !self.is_missed_when_quiet() {
            return;
        }
        let Some(last) = self.silence.last.or_else(|| self.first_moment()) else { return };
        let wanted = i64::from(self.standard.check_in.after(u32::MAX).wanted_days);
        // Most words come sooner than the shortest rhythm: no need to ask for the tenure.
        if now.duration_since(last.at) < days(wanted) {
            return;
        }
        let rhythm = self.standard.check_in.after(self.tenure_years(last.at));
        let opens_at = last.at.checked_add(days(i64::from(rhythm.wanted_days))).unwrap_or(Timestamp::MAX);
        if now <= opens_at {
            return;
        }
        let worst = last.at.checked_add(days(i64::from(rhythm.worst_days))).unwrap_or(Timestamp::MAX);
        let calendar = &self.book.calendar;
        let due_at = calendar.end_of_day(calendar.date_of(worst), worst).max(opens_at);
        let key = last.of.map_or(self.client_key, Of::key);
        let id = ObligationId::of(self.book.firm, Kind::CheckIn, key, self.client_key.0);
        let mut obligation = opened(id, Kind::CheckIn, self.client, opens_at, due_at);
        // Nobody writes to whoever is no contact any more.
        obligation.contact = last.contact.filter(|address| !self.book.directory.is_removed(*address));
        let last_staff = last.staff.filter(|&staff| self.works_here(staff, opens_at));
        let point_person = self.point_person.filter(|&staff| self.works_here(staff, opens_at));
        obligation.owner = point_person.or(last_staff).or(self.book.lead);
        obligation.evidence = last.of.map(|of| opened_by(of, None)).unwrap_or_default();
        let i = self.open_unpointed(obligation);
        self.silence.open = Some(i);
    }

    fn is_missed_when_quiet(&self) -> bool {
        match self.profile.map(|profile| profile.kind).unwrap_or_default() {
            ClientKind::Organisation | ClientKind::Person => true,
            ClientKind::Correspondent => {
                STAND_IN_TALKS <= self.silence.theirs && STAND_IN_TALKS <= self.silence.ours
            }
            ClientKind::Prospect | ClientKind::Former | ClientKind::Partner => false,
        }
    }

    /// From when on a client to whom nobody has spoken yet is quiet.
    fn first_moment(&self) -> Option<Last> {
        // Where nobody knows since when they are a client, their own record tells, and not that of the firm: whoever
        // wrote for the first time yesterday was not missed for a year.
        let is_dated = self.profile.is_some_and(|profile| profile.since.is_some());
        let own = self.silence.first.filter(|_| !is_dated);
        let at = own.or_else(|| self.client_from())?;
        Some(Last { at, of: None, contact: None, staff: None })
    }

    /// Since when they are a client, as far as the record of the firm can tell.
    pub(super) fn client_from(&self) -> Option<Timestamp> {
        let since = self.profile.and_then(|profile| profile.since);
        let since = since.map(|date| self.book.calendar.instant(date, Time::midnight()));
        since.max(self.book.record_from)
    }

    /// For how many full years they have been a client at that moment.
    fn tenure_years(&self, at: Timestamp) -> u32 {
        let Some(since) = self.profile.and_then(|profile| profile.since) else { return 0 };
        let date = self.book.calendar.date_of(at);
        let before_the_day = (date.month(), date.day()) < (since.month(), since.day());
        let years = i32::from(date.year()) - i32::from(since.year()) - i32::from(before_the_day);
        u32::try_from(years).unwrap_or(0)
    }
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}
