//! The names, ids and states that others build on.

mod common;

use care::ids::{FirmId, NaturalKey};
use care::obligation::{Ended, Ending, Kind, Obligation, ObligationId, State, state};
use common::{ACME, at};

fn obligation(kind: Kind, ended: Option<(Ending, &str)>) -> Obligation {
    Obligation {
        id: ObligationId(1),
        kind,
        client: ACME,
        contact: None,
        owner: None,
        opened_at: at("2 11:00"),
        due_at: at("3 11:00"),
        ended: ended.map(|(how, when)| Ended {
            how,
            at: at(when),
            proposed: false,
            by: None,
            continued_by: None,
        }),
        chases: 0,
        confidence: 1.0,
        first: false,
        evidence: Vec::new(),
        continues: None,
    }
}

#[test]
fn the_state_follows_from_the_dates() {
    use Ending::{Kept, Moved, Released};
    let table = [
        (Kind::Answer, None, "2 10:59", None),
        (Kind::Answer, None, "2 11:00", Some((State::Open, false))),
        (Kind::Answer, None, "3 11:00", Some((State::Open, false))),
        (Kind::Answer, None, "3 11:01", Some((State::Open, true))),
        (Kind::Callback, None, "3 11:01", Some((State::Open, true))),
        (Kind::Promise, None, "3 11:00", Some((State::Open, false))),
        (Kind::Promise, None, "3 11:01", Some((State::Broken, true))),
        (Kind::NextWord, None, "3 11:01", Some((State::Broken, true))),
        (Kind::Answer, Some((Kept, "3 11:00")), "9 11:00", Some((State::Kept, false))),
        (Kind::Answer, Some((Kept, "3 11:01")), "9 11:00", Some((State::KeptLate, false))),
        (Kind::Promise, Some((Kept, "3 11:01")), "9 11:00", Some((State::KeptLate, false))),
        (Kind::Promise, Some((Kept, "4 11:01")), "3 12:00", Some((State::Broken, true))),
        (Kind::Promise, Some((Moved, "3 11:00")), "9 11:00", Some((State::Moved, false))),
        (Kind::Answer, Some((Moved, "3 11:01")), "9 11:00", Some((State::MovedLate, false))),
        (Kind::Answer, Some((Released, "9 11:00")), "9 11:00", Some((State::Released, false))),
        (Kind::Answer, Some((Released, "9 11:00")), "9 10:59", Some((State::Open, true))),
    ];
    for (kind, ended, now, expected) in table {
        assert_eq!(state(&obligation(kind, ended), at(now)), expected, "{kind:?} {ended:?} at {now}");
    }
}

#[test]
fn the_names_are_those_of_the_contract() {
    let names = Kind::ALL.map(Kind::name).join(" ");
    assert_eq!(
        names,
        "answer callback promise next_word check_in thanks complaint question step acceptance renewal cover \
         second_tie record_gap verify departure_reason"
    );
    for kind in Kind::ALL {
        assert_eq!(Kind::named(kind.name()), Some(kind));
    }
    assert_eq!(Kind::named("Answer"), None);
}

#[test]
fn an_id_stays_what_it_is() {
    let id = |firm, kind, key, part| ObligationId::of(FirmId(firm), kind, NaturalKey(key), part);
    assert_eq!(id(1, Kind::Answer, 2, 0).to_string(), "4f0e7d1c55ca965d");
    let others = [
        id(2, Kind::Answer, 2, 0),
        id(1, Kind::Promise, 2, 0),
        id(1, Kind::Answer, 3, 0),
        id(1, Kind::Answer, 2, 1),
    ];
    assert!(!others.contains(&id(1, Kind::Answer, 2, 0)), "each part of it counts");
    assert_eq!(ObligationId(10).to_string(), "000000000000000a");
}
