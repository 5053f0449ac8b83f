//! When a holding reply may be sent, and what it may say.

#[path = "common/mod.rs"]
mod common;

use care::book::FirmBook;
use care::entry::Of;
use care::holding::{Wait, holding};
use care::obligation::{Evidence, Kind, Obligation, ObligationId, Role};
use care::people::{Absence, Staff};
use common::*;
use jiff::civil::date;

/// An answer that Amy owes to Acme, opened when the message came.
fn owed(book: &FirmBook, came: &str) -> Obligation {
    let opened_at = at(came);
    Obligation {
        id: ObligationId(1),
        kind: Kind::Answer,
        client: ACME,
        contact: Some(JO),
        owner: Some(AMY),
        opened_at,
        due_at: book.calendar.add_working(opened_at, book.calendar.working_day()),
        ended: None,
        chases: 0,
        confidence: 1.0,
        first: false,
        evidence: vec![Evidence { role: Role::Opened, of: Of::Message(key("a")), passage: None }],
        continues: None,
    }
}

/// A book in which Amy is away from one day of June to another, with somebody who stands in or nobody.
fn away(from: i8, to: i8, cover: Option<care::ids::StaffId>) -> FirmBook {
    let mut book = book();
    let absence = Absence { from: date(2025, 6, from), to: date(2025, 6, to), cover };
    book.add_staff(Staff { absences: vec![absence], ..staff(AMY) });
    book
}

/// What may be told of a message that comes at a moment.
fn told(book: &FirmBook, came: &str) -> Option<(Wait, Option<care::ids::StaffId>, String)> {
    let found = holding(book, &owed(book, came), [], at(came))?;
    assert_eq!(found.answers, Some(AMY));
    let by = found.by.to_zoned(jiff::tz::TimeZone::UTC).strftime("%-d %H:%M").to_string();
    Some((found.why, found.stands_in, by))
}

#[test]
fn out_of_hours_it_says_when_the_answer_is_due() {
    let closed = |by: &str| Some((Wait::Closed, None, by.to_owned()));
    let mut book = book();
    assert_eq!(told(&book, "2 16:59"), None, "open");
    assert_eq!(told(&book, "2 17:00"), closed("3 17:00"));
    assert_eq!(told(&book, "3 06:59"), closed("3 17:00"));
    assert_eq!(told(&book, "3 07:01"), None, "it opens within two hours");
    assert_eq!(told(&book, "6 18:00"), closed("9 17:00"), "Friday evening");
    book.calendar.close_on([date(2025, 6, 9)]);
    assert_eq!(told(&book, "6 18:00"), closed("10 17:00"), "a holiday");
}

#[test]
fn in_an_absence_it_says_who_stands_in_or_when_they_are_back() {
    let by_bob = Some((Wait::Away, Some(BOB), "4 11:00".to_owned()));
    assert_eq!(told(&away(2, 6, Some(BOB)), "3 11:00"), by_bob);
    // Nobody was named, so it is the client's point person.
    assert_eq!(told(&away(2, 6, None), "3 11:00"), by_bob);
    // Out of hours too, the absence is what is told.
    assert_eq!(told(&away(3, 6, Some(CAT)), "2 18:00"), Some((Wait::Away, Some(CAT), "3 17:00".to_owned())));
    // Whoever is back before it is due can answer in time, and is not away who is here today.
    assert_eq!(told(&away(2, 3, Some(BOB)), "3 11:00"), None);
    assert_eq!(told(&away(4, 6, Some(BOB)), "3 11:00"), None);
    // Everybody is away: nobody can answer before Amy is back, and a working day is promised from then.
    let mut alone = away(2, 6, None);
    let absence = Absence { from: date(2025, 6, 2), to: date(2025, 6, 6), cover: None };
    alone.add_staff(Staff { absences: vec![absence], ..staff(BOB) });
    assert_eq!(told(&alone, "3 11:00"), Some((Wait::Away, None, "9 17:00".to_owned())));
}

#[test]
fn nothing_is_told_that_is_not_so() {
    let book = book();
    let mut late = owed(&book, "2 09:00");
    assert_eq!(holding(&book, &late, [], at("3 18:00")), None, "it is overdue already");
    late.kind = Kind::Promise;
    assert_eq!(holding(&book, &late, [], at("2 18:00")), None, "no answer");
    // Whoever left for good has no day of return.
    let mut left = away(2, 6, None);
    left.add_staff(Staff { left: Some(date(2025, 5, 30)), ..staff(AMY) });
    left.add_staff(Staff { left: Some(date(2025, 5, 30)), ..staff(BOB) });
    assert_eq!(told(&left, "3 11:00"), None);
}
