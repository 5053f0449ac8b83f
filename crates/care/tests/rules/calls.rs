//! Calls: what they end, and what a missed one opens.

use care::entry::{NoteKind, Verdict};

use crate::common::*;
use crate::{case, check};

#[test]
fn a_connected_call_after_the_opener() {
    check(vec![
        case!(
            "of thirty seconds: kept, proposed",
            "3 10:00",
            [ask("a", "2 11:00"), call("b", "2 12:00", AMY_PHONE, JO_PHONE, 30),],
            ["answer of amy kept proposed due 3 11:00: opened a, ended b"]
        ),
        case!(
            "either way, from another of the contact's numbers, to anybody of ours",
            "3 10:00",
            [ask("a", "2 11:00"), call("b", "2 12:00", JO_HOME, BOB_PHONE, 60),],
            ["answer of amy kept proposed due 3 11:00: opened a, ended b"]
        ),
        case!(
            "of less: nothing",
            "3 10:00",
            [ask("a", "2 11:00"), call("b", "2 12:00", AMY_PHONE, JO_PHONE, 29),],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "before it: nothing",
            "3 10:00",
            [call("b", "2 10:59", AMY_PHONE, JO_PHONE, 300), ask("a", "2 11:00"),],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "with somebody else: nothing",
            "3 10:00",
            [mail("a", "2 11:00", KIM, &[AMY_MAIL]).asks(), call("b", "2 12:00", AMY_PHONE, JO_PHONE, 300),],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "a person says that it was not the answer",
            "3 10:00",
            [
                ask("a", "2 11:00"),
                call("b", "2 12:00", AMY_PHONE, JO_PHONE, 300),
                decided(
                    "c",
                    "2 13:00",
                    Verdict::NotTheEnd { opened: message("a"), ended: care::entry::Of::Call(key("b")) }
                ),
            ],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "a person says that it was",
            "3 10:00",
            [
                ask("a", "2 11:00"),
                call("b", "2 12:00", AMY_PHONE, JO_PHONE, 300),
                decided(
                    "c",
                    "2 13:00",
                    Verdict::Confirmed { opened: message("a"), ended: care::entry::Of::Call(key("b")) }
                ),
            ],
            ["answer of amy kept due 3 11:00: opened a, ended b"]
        ),
        case!(
            "a meeting that was noted counts as one",
            "3 10:00",
            [ask("a", "2 11:00"), note("b", "2 12:00", NoteKind::Meeting, &[JO], &[]),],
            ["answer of amy kept proposed due 3 11:00: opened a, ended b"]
        ),
    ]);
}

#[test]
fn a_missed_call_then_others_from_the_same_caller() {
    check(vec![
        case!(
            "one callback",
            "2 12:30",
            [
                call("a", "2 11:00", JO_PHONE, AMY_PHONE, 0),
                call("b", "2 11:01", JO_PHONE, BOB_PHONE, 0),
                call("c", "2 12:00", JO_HOME, BOB_PHONE, 0),
            ],
            ["callback of amy open chases 1 due 2 15:00: opened a, joined b, joined c"]
        ),
        case!(
            "another caller, another callback",
            "2 12:30",
            [call("a", "2 11:00", JO_PHONE, AMY_PHONE, 0), call("b", "2 11:01", ACME_PHONE, BOB_PHONE, 0),],
            ["callback of amy open due 2 15:00: opened a", "callback of bob open due 2 15:01: opened b"]
        ),
        case!(
            "a call of ours that nobody took opens nothing",
            "2 12:30",
            [call("a", "2 11:00", AMY_PHONE, JO_PHONE, 0),],
            []
        ),
        case!(
            "a call that was taken opens nothing",
            "2 12:30",
            [call("a", "2 11:00", JO_PHONE, AMY_PHONE, 5)],
            []
        ),
    ]);
}

#[test]
fn a_connected_call_or_message_after_the_missed_one() {
    let missed = || call("a", "2 11:00", JO_PHONE, AMY_PHONE, 0);
    check(vec![
        case!(
            "we rang",
            "3 09:00",
            [missed(), call("b", "2 12:00", BOB_PHONE, JO_HOME, 5)],
            ["callback of amy kept due 2 15:00: opened a, ended b"]
        ),
        case!(
            "they rang again and were answered, late",
            "3 09:00",
            [missed(), call("b", "2 15:01", JO_PHONE, AMY_PHONE, 5)],
            ["callback of amy kept_late due 2 15:00: opened a, ended b"]
        ),
        case!(
            "we rang, and they did not take it",
            "3 09:00",
            [missed(), call("b", "2 12:00", BOB_PHONE, JO_PHONE, 0)],
            ["callback of amy open overdue due 2 15:00: opened a"]
        ),
        case!(
            "we wrote to that contact",
            "3 09:00",
            [missed(), mail("b", "2 12:00", CAT_MAIL, &[JO])],
            ["callback of amy kept due 2 15:00: opened a, ended b"]
        ),
        case!(
            "we wrote to another",
            "3 09:00",
            [missed(), mail("b", "2 12:00", CAT_MAIL, &[KIM])],
            ["callback of amy open overdue due 2 15:00: opened a"]
        ),
        case!(
            "a number of nobody in particular, and we wrote: perhaps",
            "3 09:00",
            [call("a", "2 11:00", ACME_PHONE, AMY_PHONE, 0), mail("b", "2 12:00", CAT_MAIL, &[KIM]),],
            ["callback of amy kept proposed due 2 15:00: opened a, ended b"]
        ),
        case!(
            "and then anew",
            "3 09:00",
            [missed(), mail("b", "2 12:00", CAT_MAIL, &[JO]), call("c", "2 13:00", JO_PHONE, AMY_PHONE, 0),],
            [
                "callback of amy kept due 2 15:00: opened a, ended b",
                "callback of amy open overdue due 2 17:00: opened c",
            ]
        ),
        case!(
            "a person says that it was done",
            "3 09:00",
            [
                missed(),
                decided(
                    "b",
                    "2 12:00",
                    Verdict::Done {
                        subject: care::entry::Of::Call(key("a")).into(),
                        at: at("2 11:30"),
                        means: care::entry::Means::Phone,
                    }
                ),
            ],
            ["callback of amy kept due 2 15:00: opened a, ended b"]
        ),
    ]);
}
