//! Where a message stands, in words; and when it would be kind to let one arrive.

use jiff::civil::{DateTime, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use crate::board::Asker;
use crate::outbox::{Outgoing, State, WROTE_FIRST, Way};

/// Where a message stands, as a sentence.
pub fn stands(asker: &Asker, outgoing: &Outgoing, now: Timestamp) -> String {
    let to = outgoing.recipients.join(", ");
    let when = |at: Timestamp| {
        crate::today::words::spoken(&at.to_zoned(asker.zone.clone()), &now.to_zoned(asker.zone.clone()))
    };
    match (outgoing.state, outgoing.way) {
        (State::Waiting | State::Sending, Way::Drafts) => {
            "It is put among the drafts of your mailbox.".to_owned()
        }
        (State::Waiting, _) if now < outgoing.next && 0 < outgoing.tries => {
            format!("Not taken yet by the mail server; tried again {}.", when(outgoing.next))
        }
        (State::Waiting, _) if now + SignedDuration::from_mins(1) < outgoing.next => {
            format!("Your letter to {to} leaves {}.", when(outgoing.next))
        }
        (State::Waiting | State::Sending, _) => format!("Your letter to {to} leaves in a moment."),
        (State::Sent, _) => {
            format!("Your letter to {to} left {}.", when(outgoing.sent.unwrap_or(outgoing.next)))
        }
        (State::Placed, _) => "It lies among the drafts of your mailbox; send it from there.".to_owned(),
        (State::Unsure, _) => format!("Nobody knows whether your letter to {to} left."),
        (State::Failed, _) => format!("Your letter to {to} did not leave."),
        (State::Returned, _) => format!("Your letter to {to} came back."),
        (State::Held, _) => match outgoing.trouble.as_deref() {
            Some(why) if why != WROTE_FIRST => format!("Your letter to {to} is held back: {why}."),
            _ => format!("Your letter to {to} is held back: they wrote first."),
        },
        (State::Cancelled, _) => format!("Your letter to {to} was taken back."),
    }
}

/// When it would be kind to let a letter arrive: in the working time of whoever gets it, by their own clock where that is
/// known, else by the firm's. None where that is now.
pub fn kind_moment(asker: &Asker, theirs: Option<TimeZone>, now: Timestamp) -> Option<Zoned> {
    let firm = &asker.board.firm;
    let zone = theirs.unwrap_or_else(|| firm.zone.clone());
    let here = now.to_zoned(zone);
    let is_open = |at: &Zoned| firm.book.calendar.is_working_day(at.date());
    if is_open(&here) && (MORNING..EVENING).contains(&here.hour()) {
        return None;
    }
    let mut day = here.date();
    if EVENING <= here.hour() {
        day = day.tomorrow().ok()?;
    }
    for _ in 0..30 {
        if firm.book.calendar.is_working_day(day) {
            let at = DateTime::from_parts(day, time(MORNING, 0, 0, 0));
            return at.to_zoned(here.time_zone().clone()).ok().filter(|at| now < at.timestamp());
        }
        day = day.checked_add(1.day()).ok()?;
    }
    None
}

/// When a letter does not disturb: from nine in the morning …
const MORNING: i8 = 9;
/// … to six in the evening, by the clock of whoever gets it.
const EVENING: i8 = 18;
