//! The holding reply: whether a client's message will have to wait, who answers it then, and by when.
//!
//! It is what the firm says by itself, in words of its own, so it says only what follows from the calendar. It ends and
//! moves nothing that is owed: see the table of cases.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::book::FirmBook;
use crate::entry::Decision;
use crate::ids::{ClientId, StaffId};
use crate::obligation::{Kind, Obligation};

/// The firm must stay closed for so long: neither a lunch break nor the minutes before opening are a wait.
pub const CLOSED_FOR: SignedDuration = SignedDuration::from_hours(2);
/// Whoever is away for longer than so many days from the moment an answer falls due has no day of return to tell.
const RETURNS_WITHIN: i32 = 120;

/// Why a message will have to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wait {
    /// The firm is closed, and stays so for [`CLOSED_FOR`] at least.
    Closed,
    /// Whoever owes the answer is away on every working day until it falls due.
    Away,
}

impl Wait {
    /// The word in tables and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Wait::Closed => "closed",
            Wait::Away => "away",
        }
    }
}

/// What can be told to whoever waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// Why they wait.
    pub why: Wait,
    /// Who owes the answer.
    pub answers: Option<StaffId>,
    /// Who stands in, where that person is away.
    pub stands_in: Option<StaffId>,
    /// By when they will hear: never before the answer is due.
    pub by: Timestamp,
}

/// What can be told to a client at a moment in which a message of theirs has just come; none where it will be answered
/// in its time as things are, where it waits too long already, or where no honest date is known. `decided` are the
/// decisions in force about the client.
///
/// Whoever is away is told of first, and by when: when the answer is due, where somebody stands in; else an answer time
/// after the first working day on which they are back.
pub fn holding<'a>(
    book: &FirmBook,
    owed: &Obligation,
    decided: impl IntoIterator<Item = &'a Decision>,
    now: Timestamp,
) -> Option<Holding> {
    if owed.kind != Kind::Answer || owed.ended.is_some() || owed.due_at <= now {
        return None;
    }
    let told = |why, stands_in, by| Some(Holding { why, answers: owed.owner, stands_in, by });
    let Some(owner) = owed.owner.filter(|owner| is_away(book, *owner, now, owed.due_at)) else {
        return if is_closed(book, now) { told(Wait::Closed, None, owed.due_at) } else { None };
    };
    let due = book.calendar.date_of(owed.due_at);
    match book.covering(owner, owed.client, due, decided) {
        Some(cover) => told(Wait::Away, Some(cover), owed.due_at),
        None => {
            let back = back(book, owner, due)?;
            let opens = book.calendar.periods(back).first()?;
            let time = answer_time(book, owed.client);
            told(Wait::Away, None, book.calendar.add_working(book.calendar.instant(back, opens.from), time))
        }
    }
}

fn answer_time(book: &FirmBook, client: ClientId) -> SignedDuration {
    let standard = book.client(client).map_or(&book.standards.default, |client| book.standard(client));
    standard.answer.in_hours_of(&book.calendar)
}

/// Whether somebody is away on every working day on which the firm is still open, from one moment to another: whoever is
/// here on one of them can answer in time.
fn is_away(book: &FirmBook, staff: StaffId, from: Timestamp, until: Timestamp) -> bool {
    let (first, last) = (book.calendar.date_of(opens(book, from)), book.calendar.date_of(until));
    let days = days(first).take_while(|day| *day <= last);
    let mut works = days.filter(|day| book.calendar.is_working_day(*day)).peekable();
    works.peek().is_some() && works.all(|day| !book.is_here(staff, day))
}

/// The first working day from a day on, on which somebody is here.
fn back(book: &FirmBook, staff: StaffId, from: Date) -> Option<Date> {
    let mut days = days(from).take(RETURNS_WITHIN as usize);
    days.find(|day| book.calendar.is_working_day(*day) && book.is_here(staff, *day))
}

/// Whether the firm is closed and stays so for a while.
fn is_closed(book: &FirmBook, now: Timestamp) -> bool {
    now + CLOSED_FOR <= opens(book, now)
}

/// When the firm opens next; at once where it is open.
fn opens(book: &FirmBook, now: Timestamp) -> Timestamp {
    let moment = SignedDuration::from_secs(1);
    book.calendar.add_working(now, moment) - moment
}

fn days(from: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |day| day.tomorrow().ok())
}
