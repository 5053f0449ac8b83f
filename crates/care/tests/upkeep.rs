//! What is owed to a client though nobody waits: a word after silence, a second tie, cover.

mod common;

use care::book::FirmBook;
use care::entry::{Entry, Verdict};
use care::ids::{ContactId, StaffId};
use care::obligation::Kind;
use care::people::{Absence, Client, ClientKind, Staff};
use care::standard::{Rhythm, Standard, WorkSpan};
use common::*;
use jiff::civil::date;

const NAMES: &[&str] = &["a", "b", "c", "d", "e", "f"];

fn found(entries: &[Entry], book: &FirmBook, kind: Kind, now: &str) -> Vec<String> {
    lines(&owed(entries, book, ACME), &[kind], now, NAMES)
}

/// Acme, wanted after 10 quiet days, 20 at worst.
fn quiet_book() -> FirmBook {
    let mut book = book();
    book.standards.default =
        Standard { check_in: Rhythm { wanted_days: 10, worst_days: 20 }, ..Standard::default() };
    book
}

#[test]
fn a_check_in_opens_after_silence_and_ends_with_our_word() {
    let table: &[(&str, Vec<Entry>, &str, &[&str])] = &[
        (
            "not yet",
            vec![reply("a", "2 11:00").into()],
            "12 11:00",
            &["check_in of bob open due 22 23:59: opened a"],
        ),
        ("before that, nothing", vec![reply("a", "2 11:00").into()], "12 10:59", &[]),
        (
            "overdue at the worst",
            vec![reply("a", "3 11:00").into()],
            "24 09:00",
            &["check_in of bob open overdue due 23 17:00: opened a"],
        ),
        ("a client nobody ever wrote to", vec![], "11 00:00", &["check_in of bob open due 21 23:59: "]),
        (
            "kept by our word",
            vec![reply("a", "2 11:00").into(), reply("b", "16 11:00").thread(7).into()],
            "18 11:00",
            &["check_in of bob kept due 22 23:59: opened a, ended b"],
        ),
        (
            "kept late by a call, either way",
            vec![reply("a", "2 11:00").into(), call("b", "25 11:00", JO_PHONE, BOB_PHONE, 5)],
            "26 11:00",
            &["check_in of bob kept_late due 22 23:59: opened a, ended b"],
        ),
        (
            "the client's own message puts it off, before it opens",
            vec![reply("a", "2 11:00").into(), mail("b", "10 11:00", JO, &[AMY_MAIL]).into()],
            "19 11:00",
            &[],
        ),
        (
            "but does not end it",
            vec![
                reply("a", "2 11:00").into(),
                mail("b", "14 11:00", JO, &[AMY_MAIL]).into(),
                reply("c", "16 11:00").into(),
            ],
            "17 11:00",
            &["check_in of bob kept due 22 23:59: opened a, ended c"],
        ),
        (
            "an automatic message is no word",
            vec![reply("a", "2 11:00").into(), reply("b", "14 11:00").automatic().into()],
            "17 11:00",
            &["check_in of bob open due 22 23:59: opened a"],
        ),
        (
            "done in person",
            vec![
                reply("a", "2 11:00").into(),
                decided(
                    "b",
                    "18 11:00",
                    Verdict::Kept { client: ACME, kind: Kind::CheckIn, at: at("17 11:00") },
                ),
            ],
            "19 11:00",
            &["check_in of bob kept due 22 23:59: opened a, ended b"],
        ),
        (
            "not needed this time; silence counts anew",
            vec![
                reply("a", "2 11:00").into(),
                decided("b", "18 11:00", Verdict::Spared { client: ACME, kind: Kind::CheckIn }),
            ],
            "28 11:00",
            &[
                "check_in of bob open due 2025-07-08 17:00: opened b",
                "check_in of bob released due 22 23:59: opened a, ended b",
            ],
        ),
        (
            "planned to a date",
            vec![
                reply("a", "2 11:00").into(),
                decided(
                    "b",
                    "18 11:00",
                    Verdict::Planned { client: ACME, kind: Kind::CheckIn, due: at("30 12:00") },
                ),
            ],
            "28 11:00",
            &["check_in of bob open due 30 12:00: opened a"],
        ),
    ];
    for (case, entries, now, expected) in table {
        assert_eq!(found(entries, &quiet_book(), Kind::CheckIn, now), *expected, "{case}");
    }
}

#[test]
fn whoever_is_a_client_since_nobody_knows_when_is_missed_from_their_own_first_letter_on() {
    let mut book = quiet_book();
    book.add_client(Client { since: None, ..client(ACME, Some(BOB)) });
    let wrote = || vec![mail("a", "20 11:00", JO, &[AMY_MAIL]).into()];
    let found = |entries: Vec<Entry>, now: &str| found(&entries, &book, Kind::CheckIn, now);
    assert!(found(wrote(), "29 11:00").is_empty(), "not from the firm's first letter on");
    assert_eq!(found(wrote(), "30 12:00"), ["check_in of bob open due 2025-07-10 17:00: opened a"]);
    assert_eq!(found(vec![], "11 00:00"), ["check_in of bob open due 21 23:59: "], "nobody ever wrote");
}

#[test]
fn check_ins_come_sooner_with_tenure_and_tier() {
    let rhythm = Rhythm { wanted_days: 45, worst_days: 90 };
    let after = |years| (rhythm.after(years).wanted_days, rhythm.after(years).worst_days);
    assert_eq!(
        [after(0), after(1), after(5), after(10), after(90)],
        [(45, 90), (43, 86), (34, 68), (23, 45), (23, 45)]
    );

    let opened_after = |since, tier: Option<&str>| {
        let mut book = book();
        book.add_client(Client {
            since: Some(since),
            tier: tier.map(str::to_owned),
            ..client(ACME, Some(BOB))
        });
        let owed = owed(&[reply("a", "2 11:00").into()], &book, ACME);
        let check_in = owed.iter().find(|o| o.kind == Kind::CheckIn).expect("a check-in");
        check_in.opened_at.duration_since(at("2 11:00")).as_hours() / 24
    };
    assert_eq!(opened_after(date(2025, 1, 1), None), 45);
    assert_eq!(opened_after(date(2020, 6, 2), None), 34, "the fifth year is full today");
    assert_eq!(opened_after(date(2020, 6, 3), None), 36, "the fifth year is full tomorrow");
    assert_eq!(opened_after(date(2025, 1, 1), Some("A")), 28);
    assert_eq!(opened_after(date(2000, 1, 1), Some(" a ")), 14);
}

#[test]
fn only_those_we_serve_are_missed() {
    let missed = |kind, letters: usize| {
        let mut book = quiet_book();
        book.add_client(Client { kind, ..client(ACME, Some(BOB)) });
        let mut entries: Vec<Entry> = Vec::new();
        for i in 0..letters {
            entries.push(mail(&format!("in{i}"), "2 11:00", JO, &[AMY_MAIL]).into());
            entries.push(reply(&format!("out{i}"), "2 12:00").into());
        }
        !found(&entries, &book, Kind::CheckIn, "30 11:00").is_empty()
    };
    assert!(missed(ClientKind::Person, 1));
    for kind in [ClientKind::Prospect, ClientKind::Former, ClientKind::Partner] {
        assert!(!missed(kind, 5), "{kind:?}");
    }
    assert!(!missed(ClientKind::Correspondent, 2) && missed(ClientKind::Correspondent, 3));
}

/// Acme, valued from its first day.
fn valued_book() -> FirmBook {
    let mut book = book();
    book.standards.default = Standard { valued: true, ..Standard::default() };
    book
}

fn talk(
    names: [&str; 2],
    day: &str,
    contact: care::ids::AddressId,
    ours: care::ids::AddressId,
) -> [Entry; 2] {
    let there = mail(names[0], &format!("{day} 10:00"), ours, &[contact]).into();
    [there, mail(names[1], &format!("{day} 11:00"), contact, &[ours]).into()]
}

#[test]
fn whoever_is_removed_is_no_tie_from_then_on_and_nobody_to_write_to() {
    let ended = "second_tie of bob kept due 2025-07-14 17:00: opened b, ended d";
    let entries = [
        talk(["a", "b"], "2", JO, AMY_MAIL),
        talk(["c", "d"], "3", KIM, BOB_MAIL),
        talk(["e", "f"], "12", KIM, BOB_MAIL),
    ]
    .concat();
    let book = valued_book();
    assert_eq!(found(&entries, &book, Kind::SecondTie, "13 12:00"), [ended]);
    let mut without = valued_book();
    without.directory.remove(ContactId(2), at("10 09:00"));
    assert_eq!(found(&entries, &without, Kind::SecondTie, "10 08:00"), [ended], "what was, was");
    let open = "second_tie of bob open due 2025-07-22 17:00: opened f";
    assert_eq!(found(&entries, &without, Kind::SecondTie, "13 12:00"), [ended, open]);

    let whom = |book: &FirmBook| {
        let owed = owed(&[reply("a", "2 11:00").into()], book, ACME);
        owed.iter().find(|one| one.kind == Kind::CheckIn).expect("a check-in").contact
    };
    let mut book = quiet_book();
    assert_eq!(whom(&book), Some(JO));
    book.directory.remove(ContactId(1), at("10 09:00"));
    assert_eq!(whom(&book), None);
}

#[test]
fn a_valued_client_hangs_on_one_tie() {
    let first = || talk(["a", "b"], "2", JO, AMY_MAIL);
    let other_contact = || talk(["c", "d"], "3", KIM, AMY_MAIL);
    let both_other = || talk(["c", "d"], "3", KIM, BOB_MAIL);
    let open = "second_tie of bob open due 2025-07-14 17:00: opened b";
    let table: &[(&str, Vec<Entry>, &str, &[&str])] = &[
        ("it opens when the first tie shows", first().into(), "4 12:00", &[open]),
        ("one way is no tie", first()[..1].to_vec(), "4 12:00", &[]),
        (
            "another contact of the same person of ours is not enough",
            [first(), other_contact()].concat(),
            "4 12:00",
            &[open],
        ),
        (
            "another contact and another of ours are",
            [first(), both_other()].concat(),
            "4 12:00",
            &["second_tie of bob kept due 2025-07-14 17:00: opened b, ended d"],
        ),
        (
            "a talk by telephone is a tie at once",
            [first().into(), vec![call("c", "3 11:00", BOB_PHONE, KIM, 60)]].concat(),
            "4 12:00",
            &["second_tie of bob kept due 2025-07-14 17:00: opened b, ended c"],
        ),
        (
            "spared by a person, it does not open again",
            [
                first().into(),
                vec![decided("e", "4 11:00", Verdict::Spared { client: ACME, kind: Kind::SecondTie })],
                talk(["c", "d"], "5", KIM, AMY_MAIL).into(),
            ]
            .concat(),
            "6 12:00",
            &["second_tie of bob released due 2025-07-14 17:00: opened b, ended e"],
        ),
        (
            "planned to a date",
            [
                first().into(),
                vec![decided(
                    "e",
                    "4 11:00",
                    Verdict::Planned { client: ACME, kind: Kind::SecondTie, due: at("30 12:00") },
                )],
            ]
            .concat(),
            "6 12:00",
            &["second_tie of bob open due 30 12:00: opened b"],
        ),
    ];
    for (case, entries, now, expected) in table {
        assert_eq!(found(entries, &valued_book(), Kind::SecondTie, now), *expected, "{case}");
    }
    assert!(found(&first(), &book(), Kind::SecondTie, "30 12:00").is_empty(), "not valued");
}

#[test]
fn a_tie_fades_after_a_year() {
    let entries = [talk(["a", "b"], "2", JO, AMY_MAIL), talk(["c", "d"], "2", KIM, BOB_MAIL)].concat();
    let later = talk(["e", "f"], "09-02", JO, AMY_MAIL);
    let owed = owed(&[&entries[..], &later[..]].concat(), &valued_book(), ACME);
    let ties: Vec<_> = owed.iter().filter(|o| o.kind == Kind::SecondTie).collect();
    // Both begin at one moment, so the client hangs on one only when Kim and Bob are forgotten.
    assert_eq!(ties.len(), 1);
    assert_eq!(ties[0].opened_at, "2026-06-02T10:00:00Z".parse().unwrap());
}

#[test]
fn a_client_is_valued_by_tenure_and_traffic_too() {
    let one_tie = talk(["a", "b"], "2", JO, AMY_MAIL);
    let mut book = book();
    book.add_client(Client { since: Some(date(2022, 6, 5)), ..client(ACME, Some(BOB)) });
    let by_tenure =
        owed(&one_tie, &book, ACME).into_iter().find(|o| o.kind == Kind::SecondTie).expect("valued");
    assert_eq!(by_tenure.opened_at, at("5 00:00"), "three years");

    let traffic = |n: usize| {
        let many = (0..n).map(|i| mail(&format!("m{i}"), "3 11:00", JO, &[AMY_MAIL]).into());
        let entries: Vec<Entry> = one_tie.iter().cloned().chain(many).collect();
        owed(&entries, &common::book(), ACME).iter().any(|o| o.kind == Kind::SecondTie)
    };
    assert!(!traffic(48) && traffic(49), "from the fiftieth message of theirs");
}

#[test]
fn one_person_cannot_hang_on_one_contact_nor_a_firm_of_one_on_one_of_us() {
    let mut book = valued_book();
    book.add_client(Client { kind: ClientKind::Person, ..client(ACME, Some(BOB)) });
    let entries = [talk(["a", "b"], "2", JO, AMY_MAIL), talk(["c", "d"], "3", JO, BOB_MAIL)].concat();
    assert_eq!(
        found(&entries, &book, Kind::SecondTie, "4 12:00"),
        ["second_tie of bob kept due 2025-07-14 17:00: opened b, ended d"]
    );
    let mut alone = valued_book();
    for id in [BOB, CAT] {
        alone.add_staff(Staff { left: Some(date(2025, 1, 1)), ..staff(id) });
    }
    let entries = [talk(["a", "b"], "2", JO, AMY_MAIL), talk(["c", "d"], "3", KIM, AMY_MAIL)].concat();
    let owed = found(&entries, &alone, Kind::SecondTie, "4 12:00");
    assert_eq!(owed, ["second_tie of nobody kept due 2025-07-14 17:00: opened b, ended d"]);
}

/// Acme, whose point person Bob is away from Monday the 16th to Friday the 20th.
fn away(cover: Option<StaffId>) -> FirmBook {
    let mut book = book();
    let absence = Absence { from: date(2025, 6, 16), to: date(2025, 6, 20), cover };
    book.add_staff(Staff { absences: vec![absence], ..staff(BOB) });
    book
}

#[test]
fn a_client_needs_a_point_person() {
    let mut book = book();
    book.add_client(client(ACME, None));
    assert_eq!(found(&[], &book, Kind::Cover, "3 12:00"), ["cover of nobody open due 6 17:00: "]);
    let named = decided("a", "4 11:00", Verdict::PointPerson { client: ACME, staff: CAT });
    let entries = [named, mail("b", "5 11:00", JO, &[STRANGER]).asks().into()];
    assert_eq!(found(&entries, &book, Kind::Cover, "5 12:00"), ["cover of nobody kept due 6 17:00: ended a"]);
    assert_eq!(found(&entries, &book, Kind::Answer, "5 12:00"), ["answer of cat open due 6 11:00: opened b"]);

    book.add_client(Client { kind: ClientKind::Correspondent, ..client(ACME, None) });
    assert!(found(&[], &book, Kind::Cover, "3 12:00").is_empty(), "a stand-in needs none");
}

#[test]
fn a_point_person_who_leaves_leaves_the_client_without_one() {
    let mut book = book();
    book.add_staff(Staff { left: Some(date(2025, 6, 10)), ..staff(BOB) });
    assert_eq!(found(&[], &book, Kind::Cover, "12 12:00"), ["cover of nobody open due 17 17:00: "]);
    let named = [decided("a", "12 11:00", Verdict::PointPerson { client: ACME, staff: CAT })];
    assert_eq!(found(&named, &book, Kind::Cover, "13 12:00"), ["cover of nobody kept due 17 17:00: ended a"]);
    assert_eq!(
        book.covering(BOB, ACME, date(2025, 6, 11), []),
        None,
        "the point person cannot cover for themselves"
    );
    assert_eq!(book.covering(AMY, ACME, date(2025, 6, 11), []), None, "who is here needs no cover");
}

#[test]
fn an_absence_needs_cover_before_it_starts() {
    let cover = |cover| Verdict::Cover { client: ACME, away: BOB, cover };
    type Row<'a> = (&'a str, Option<StaffId>, Vec<Entry>, &'a str, &'a [&'a str]);
    let table: &[Row] = &[
        ("asked for two weeks before", None, vec![], "2 00:00", &["cover of bob open due 13 17:00: "]),
        ("not earlier", None, vec![], "1 23:59", &[]),
        (
            "overdue once it has begun",
            None,
            vec![],
            "16 09:00",
            &["cover of bob open overdue due 13 17:00: "],
        ),
        ("over when they are back", None, vec![], "21 00:00", &["cover of bob kept_late due 13 17:00: "]),
        ("somebody stands in", Some(CAT), vec![], "16 09:00", &[]),
        ("not they themselves", Some(BOB), vec![], "16 09:00", &["cover of bob open overdue due 13 17:00: "]),
        (
            "named in time",
            None,
            vec![decided("a", "12 09:00", cover(CAT))],
            "16 09:00",
            &["cover of bob kept due 13 17:00: ended a"],
        ),
        ("named before anybody asked", None, vec![decided("a", "1 09:00", cover(CAT))], "16 09:00", &[]),
        (
            "spared",
            None,
            vec![decided("a", "12 09:00", Verdict::Spared { client: ACME, kind: Kind::Cover })],
            "16 09:00",
            &["cover of bob released due 13 17:00: ended a"],
        ),
        (
            "another point person",
            None,
            vec![decided("a", "12 09:00", Verdict::PointPerson { client: ACME, staff: CAT })],
            "16 09:00",
            &["cover of bob kept due 13 17:00: ended a"],
        ),
    ];
    for (case, covered_by, entries, now, expected) in table {
        assert_eq!(found(entries, &away(*covered_by), Kind::Cover, now), *expected, "{case}");
    }
    let mut both_away = away(Some(CAT));
    let absence = Absence { from: date(2025, 6, 20), to: date(2025, 6, 27), cover: None };
    both_away.add_staff(Staff { absences: vec![absence], ..staff(CAT) });
    assert_eq!(found(&[], &both_away, Kind::Cover, "16 09:00"), ["cover of bob open overdue due 13 17:00: "]);
    assert_eq!(both_away.covering(BOB, ACME, date(2025, 6, 18), []), Some(CAT));
    assert_eq!(both_away.covering(BOB, ACME, date(2025, 6, 20), []), None, "the cover is away that day");
    let Entry::Decision(named) = decided("a", "12 09:00", cover(AMY)) else { return };
    assert_eq!(
        both_away.covering(BOB, ACME, date(2025, 6, 20), [&named]),
        Some(AMY),
        "named for this client"
    );
    assert_eq!(both_away.covering(BOB, ZETA, date(2025, 6, 18), [&named]), Some(CAT), "not for that one");
}

#[test]
fn spans_of_working_time_are_written_and_read() {
    for (text, span) in [
        ("1 day", WorkSpan::Days(1)),
        ("3 days", WorkSpan::Days(3)),
        ("4 hours", WorkSpan::hours(4)),
        ("1 hour", WorkSpan::hours(1)),
        ("90 minutes", WorkSpan::Minutes(90)),
    ] {
        assert_eq!(text.parse(), Ok(span));
        assert_eq!(span.to_string(), text);
    }
    assert_eq!(" 4h ".parse(), Ok(WorkSpan::hours(4)));
    for wrong in ["", "day", "1", "-1 day", "1 week", "4294967295 h", "99999999999 days"] {
        assert!(wrong.parse::<WorkSpan>().is_err(), "{wrong}");
    }
}
