//! What is owed to a client's record: that it tells what their tier demands.

mod common;

use care::book::FirmBook;
use care::entry::{Entry, Verdict};
use care::ids::StaffId;
use care::obligation::Kind;
use care::particular::{Particular, Told, lacking};
use care::people::{Client, ClientKind, Staff};
use care::standard::{Standard, Standards, WorkSpan};
use common::*;
use jiff::civil::date;

const NAMES: &[&str] = &["a", "b", "c"];

fn found(entries: &[Entry], book: &FirmBook, now: &str) -> Vec<String> {
    lines(&owed(entries, book, ACME), &[Kind::RecordGap], now, NAMES)
}

/// Of Acme, client since the second of June, the record must tell why they came and how they are reached, within
/// three days.
fn book_with(told: Vec<Told>) -> FirmBook {
    let mut book = book();
    book.standards.default = Standard {
        record: [Particular::WhyCame, Particular::Channel].into_iter().collect(),
        record_gap: WorkSpan::Days(3),
        ..Standard::default()
    };
    book.lead = Some(CAT);
    book.add_client(acme(told));
    book
}

fn acme(told: Vec<Told>) -> Client {
    Client { since: Some(date(2025, 6, 2)), told, ..client(ACME, Some(BOB)) }
}

fn told(what: Particular, from: &str, until: Option<&str>, by: StaffId) -> Told {
    Told { what, from: Some(at(from)), until: until.map(at), by: Some(by) }
}

#[test]
fn what_lacks_is_one_gap_until_the_record_tells_all_of_it() {
    use Particular::{Channel, Circumstances, WhyCame};
    type Row<'a> = (&'a str, Vec<Told>, &'a str, &'a [&'a str]);
    let table: &[Row] = &[
        ("both lack", vec![], "3 12:00", &["record_gap of bob open due 4 17:00: "]),
        ("not before they came", vec![], "1 12:00", &[]),
        ("overdue", vec![], "5 09:00", &["record_gap of bob open overdue due 4 17:00: "]),
        (
            "one of them still lacks",
            vec![told(WhyCame, "3 10:00", None, AMY)],
            "3 12:00",
            &["record_gap of bob open due 4 17:00: "],
        ),
        (
            "kept when the last is told",
            vec![told(WhyCame, "3 10:00", None, AMY), told(Channel, "4 10:00", None, CAT)],
            "4 12:00",
            &["record_gap of bob kept due 4 17:00: "],
        ),
        (
            "kept late",
            vec![told(WhyCame, "3 10:00", None, AMY), told(Channel, "5 10:00", None, CAT)],
            "6 12:00",
            &["record_gap of bob kept_late due 4 17:00: "],
        ),
        (
            "what nobody demands fills nothing",
            vec![told(Circumstances, "3 10:00", None, AMY), told(Channel, "3 10:00", None, AMY)],
            "3 12:00",
            &["record_gap of bob open due 4 17:00: "],
        ),
        ("a list told both", vec![Told::listed(WhyCame), Told::listed(Channel)], "9 12:00", &[]),
        (
            "known before they became a client",
            vec![told(WhyCame, "1 10:00", None, AMY), Told::listed(Channel)],
            "9 12:00",
            &[],
        ),
        (
            "written anew: nothing lacked",
            vec![
                Told::listed(Channel),
                Told { until: Some(at("3 10:00")), ..Told::listed(WhyCame) },
                told(WhyCame, "3 10:00", None, AMY),
            ],
            "9 12:00",
            &[],
        ),
        (
            "taken away again",
            vec![Told::listed(Channel), told(WhyCame, "3 10:00", Some("9 10:00"), AMY)],
            "9 12:00",
            &["record_gap of bob kept due 4 17:00: ", "record_gap of bob open due 12 10:00: "],
        ),
    ];
    for (case, told, now, expected) in table {
        assert_eq!(found(&[], &book_with(told.clone()), now), *expected, "{case}");
    }
}

#[test]
fn whoever_told_it_last_filled_it() {
    let told = vec![
        told(Particular::WhyCame, "3 10:00", None, AMY),
        told(Particular::Channel, "4 10:00", None, CAT),
    ];
    let owed = owed(&[], &book_with(told), ACME);
    let ended: Vec<_> = owed
        .iter()
        .filter(|o| o.kind == Kind::RecordGap)
        .filter_map(|o| Some((o.ended?.at, o.ended?.by)))
        .collect();
    assert_eq!(ended, [(at("4 10:00"), Some(CAT))]);
}

#[test]
fn a_record_gap_is_spared_planned_and_kept_by_a_persons_word() {
    let gap = Kind::RecordGap;
    let spared = decided("a", "3 11:00", Verdict::Spared { client: ACME, kind: gap });
    let planned = decided("b", "3 12:00", Verdict::Planned { client: ACME, kind: gap, due: at("20 12:00") });
    let kept = decided("c", "10 12:00", Verdict::Kept { client: ACME, kind: gap, at: at("10 12:00") });
    let now = "12 09:00";
    let lacks = book_with(vec![]);
    assert_eq!(
        found(std::slice::from_ref(&spared), &lacks, now),
        ["record_gap of bob released due 4 17:00: ended a"],
        "nobody asks again while the same lacks"
    );
    assert_eq!(
        found(&[planned.clone(), kept], &lacks, now),
        ["record_gap of bob kept due 20 12:00: ended c"]
    );
    assert_eq!(found(&[planned], &lacks, now), ["record_gap of bob open due 20 12:00: "]);
    let other = decided("a", "3 11:00", Verdict::Spared { client: ACME, kind: Kind::Cover });
    assert_eq!(found(&[other], &lacks, now), ["record_gap of bob open overdue due 4 17:00: "]);
    let again =
        vec![Told::listed(Particular::Channel), told(Particular::WhyCame, "4 10:00", Some("9 10:00"), AMY)];
    assert_eq!(
        found(&[spared], &book_with(again), now),
        ["record_gap of bob open due 12 10:00: ", "record_gap of bob released due 4 17:00: ended a"],
        "once the record was whole, it is asked for anew"
    );
}

#[test]
fn each_tier_demands_its_own_and_by_itself_nothing_is_demanded() {
    let mut book = book_with(vec![Told::listed(Particular::Channel)]);
    let why = Standard { record: [Particular::WhyCame].into_iter().collect(), ..Standard::default() };
    book.standards = Standards { default: Standard::default(), ..Standards::default() };
    book.standards.tiers.insert("a".into(), why);
    assert!(found(&[], &book, "20 12:00").is_empty(), "no tier, and nothing is demanded of those");
    book.add_client(Client { tier: Some("A".into()), ..acme(vec![]) });
    assert_eq!(found(&[], &book, "3 12:00"), ["record_gap of bob open due 13 17:00: "]);
}

#[test]
fn only_the_records_of_served_clients_are_asked_for() {
    for kind in [ClientKind::Prospect, ClientKind::Former, ClientKind::Partner, ClientKind::Correspondent] {
        let mut book = book_with(vec![]);
        book.add_client(Client { kind, ..acme(vec![]) });
        assert!(found(&[ask("a", "3 11:00").into()], &book, "20 12:00").is_empty(), "{kind:?}");
    }
}

#[test]
fn whoever_leaves_leaves_the_gap_to_the_lead() {
    let mut book = book_with(vec![]);
    book.add_staff(Staff { left: Some(date(2025, 6, 10)), ..staff(BOB) });
    assert_eq!(found(&[], &book, "12 12:00"), ["record_gap of cat open overdue due 4 17:00: "]);
    let named = decided("a", "12 09:00", Verdict::PointPerson { client: ACME, staff: AMY });
    assert_eq!(found(&[named], &book, "12 12:00"), ["record_gap of amy open overdue due 4 17:00: "]);
}

#[test]
fn a_client_of_unknown_age_is_asked_about_from_the_first_entry_on() {
    let mut book = book_with(vec![]);
    book.add_client(Client { since: None, ..acme(vec![]) });
    for from in [Some(at("1 00:00")), None] {
        book.record_from = from;
        assert_eq!(
            found(&[ask("a", "3 11:00").into()], &book, "4 12:00"),
            ["record_gap of bob open due 6 11:00: "],
            "however far the record of the firm goes back: {from:?}"
        );
    }
    assert!(found(&[], &book, "20 12:00").is_empty());
}

#[test]
fn a_gap_stays_the_same_one_whenever_and_with_whatever_else_it_is_folded() {
    let id = |book: &FirmBook, entries: &[Entry]| {
        let owed = owed(entries, book, ACME);
        owed.iter().filter(|o| o.kind == Kind::RecordGap).map(|o| o.id).collect::<Vec<_>>()
    };
    let lacks = id(&book_with(vec![]), &[]);
    let filled = vec![
        told(Particular::WhyCame, "3 10:00", None, AMY),
        told(Particular::Channel, "3 10:00", None, AMY),
    ];
    assert_eq!(lacks, id(&book_with(filled), &[ask("a", "3 11:00").into()]));
    let mut earlier = book_with(vec![]);
    earlier.add_client(Client { since: Some(date(2024, 6, 2)), ..acme(vec![]) });
    assert_eq!(lacks, id(&earlier, &[]), "since when they are a client may be known better later");
    assert_eq!(lacks.len(), 1);
}

#[test]
fn particulars_are_written_by_name_and_each_once() {
    let standard = Standard {
        record: [Particular::Channel, Particular::WhyCame, Particular::Channel].into_iter().collect(),
        ..Standard::default()
    };
    let json = serde_json::to_value(standard).unwrap();
    assert_eq!(json["record"], serde_json::json!(["why_came", "channel"]));
    assert_eq!(json["record_gap"], "10 days");
    assert_eq!(serde_json::from_value::<Standard>(json).unwrap(), standard);
    assert!(serde_json::from_str::<Standard>(r#"{"record": ["shoe_size"]}"#).is_err());
    let before: Standard = serde_json::from_str(r#"{"cover": "5 days"}"#).unwrap();
    assert!(before.record.is_empty(), "what was kept before says nothing of it");
    for one in Particular::ALL {
        assert_eq!(Particular::named(one.name()), Some(one));
    }
    let lacks = lacking(standard.record, &[Told::listed(Particular::Channel)], at("3 10:00"));
    assert_eq!(lacks.iter().collect::<Vec<_>>(), [Particular::WhyCame]);
}
