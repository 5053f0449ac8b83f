//! What a message of ours does to the answers that wait.

use care::acts::ActKind;
use care::entry::Verdict;

use crate::common::*;
use crate::{case, check};

#[test]
fn a_person_of_the_firm_writes_in_the_thread_or_under_the_subject() {
    check(vec![
        case!(
            "kept",
            "4 12:00",
            [ask("a", "2 11:00"), reply("b", "3 11:00")],
            ["answer of amy kept due 3 11:00: opened a, ended b"]
        ),
        case!(
            "kept late",
            "4 12:00",
            [ask("a", "2 11:00"), reply("b", "3 11:01")],
            ["answer of amy kept_late due 3 11:00: opened a, ended b"]
        ),
        case!(
            "looked at before the reply, it is open",
            "3 10:00",
            [ask("a", "2 11:00"), reply("b", "3 11:00")],
            ["answer of amy open due 3 11:00: opened a, ended b"]
        ),
        case!(
            "by somebody else of the firm, to somebody else of the client, in Cc",
            "4 12:00",
            [ask("a", "2 11:00"), mail("b", "3 09:00", CAT_MAIL, &[COUNSEL]).cc(&[KIM]),],
            ["answer of amy kept due 3 11:00: opened a, ended b"]
        ),
        case!(
            "under the same subject in another thread",
            "4 12:00",
            [ask("a", "2 11:00").subject(7), reply("b", "3 09:00").thread(2).subject(7),],
            ["answer of amy kept due 3 11:00: opened a, ended b"]
        ),
        case!(
            "quoting it, under another subject and thread",
            "4 12:00",
            [ask("a", "2 11:00").subject(7), reply("b", "3 09:00").thread(2).subject(8).answers("a"),],
            ["answer of amy kept due 3 11:00: opened a, ended b"]
        ),
        case!(
            "quoting it, by a clock hours behind",
            "4 12:00",
            [ask("a", "2 11:00"), reply("b", "2 06:00").answers("a"),],
            ["answer of amy kept due 3 11:00: opened a, ended b"]
        ),
        case!(
            "quoting the later of two",
            "4 12:00",
            [ask("a", "2 11:00"), ask("b", "2 12:00"), reply("c", "2 11:30").thread(3).answers("b"),],
            ["answer of amy kept chases 1 due 3 11:00: opened a, joined b, ended c"]
        ),
        case!(
            "not by an automatic reply",
            "3 10:00",
            [ask("a", "2 11:00"), reply("b", "2 11:01").automatic()],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "not by a holding reply, though it is a hold with a date: the machine's word moves nothing",
            "3 10:00",
            [
                ask("a", "2 18:00"),
                mail("b", "2 18:01", AMY_MAIL, &[JO])
                    .answers("a")
                    .act(hold(0, Some("3 17:00")))
                    .act(in_touch(0, Some("3 17:00")))
                    .only_holds()
                    .automatic(),
            ],
            ["answer of amy open due 3 17:00: opened a"]
        ),
        case!(
            "a person's answer after a holding reply is an answer like any other",
            "4 10:00",
            [
                ask("a", "2 18:00"),
                mail("b", "2 18:01", AMY_MAIL, &[JO]).act(hold(0, Some("3 17:00"))).only_holds().automatic(),
                reply("c", "3 12:00"),
            ],
            ["answer of amy kept due 3 17:00: opened a, ended c"]
        ),
        case!(
            "not by a letter to the other side only",
            "3 10:00",
            [ask("a", "2 11:00"), mail("b", "2 12:00", AMY_MAIL, &[COUNSEL]).states(&[]),],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "not by another client's reply",
            "3 10:00",
            [ask("a", "2 11:00").cc(&[ZED]), mail("b", "2 12:00", ZED, &[JO]).cc(&[AMY_MAIL]),],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "messages without a subject are not of one subject",
            "3 10:00",
            [ask("a", "2 11:00"), reply("b", "2 12:00").thread(2),],
            ["answer of amy open due 3 11:00: opened a"]
        ),
    ]);
}

#[test]
fn an_internal_forward_or_note_in_the_thread() {
    check(vec![case!(
        "the client still waits",
        "3 10:00",
        [ask("a", "2 11:00"), mail("b", "2 12:00", AMY_MAIL, &[BOB_MAIL]),],
        ["answer of amy open due 3 11:00: opened a"]
    )]);
}

#[test]
fn mail_to_that_contact_about_something_else() {
    check(vec![case!(
        "nothing",
        "3 10:00",
        [ask("a", "2 11:00").subject(7), reply("b", "2 12:00").thread(2).subject(8),],
        ["answer of amy open due 3 11:00: opened a"]
    )]);
}

#[test]
fn the_reply_is_nothing_but_promise_or_hold() {
    check(vec![
        case!(
            "moved, and one promise continues it",
            "3 10:00",
            [
                ask("a", "2 11:00"),
                mail("b", "2 12:00", AMY_MAIL, &[JO])
                    .act(hold(0, Some("5 12:00")))
                    .act(in_touch(0, Some("5 12:00")))
                    .only_holds(),
            ],
            [
                "answer of amy moved due 3 11:00: opened a, moved b",
                "promise of amy open due 5 12:00 continues answer: opened b",
            ]
        ),
        case!(
            "moved late, after it was due",
            "4 10:00",
            [
                ask("a", "2 11:00"),
                mail("b", "3 12:00", AMY_MAIL, &[JO]).act(promise(0, Some("5 12:00"), &[])).only_holds(),
            ],
            [
                "answer of amy moved_late due 3 11:00: opened a, moved b",
                "promise of amy open due 5 12:00 continues answer: opened b",
            ]
        ),
        case!(
            "a hold without a date falls due one answer time after it was sent",
            "3 10:00",
            [
                ask("a", "2 11:00"),
                mail("b", "2 16:00", BOB_MAIL, &[JO]).act(hold(0, None)).act(in_touch(0, None)).only_holds(),
            ],
            [
                "answer of amy moved due 3 11:00: opened a, moved b",
                "promise of bob open due 3 16:00 continues answer: opened b",
            ]
        ),
        case!(
            "two promises: the one that says when they hear continues it",
            "3 10:00",
            [
                ask("a", "2 11:00"),
                mail("b", "2 12:00", AMY_MAIL, &[JO])
                    .act(promise(0, Some("5 12:00"), &[1]))
                    .act(in_touch(20, Some("4 12:00")))
                    .only_holds(),
            ],
            [
                "answer of amy moved due 3 11:00: opened a, moved b",
                "promise of amy open due 4 12:00 continues answer: opened b",
                "promise of amy open due 5 12:00: opened b",
            ]
        ),
        case!(
            "the reply answers and promises: kept, and the promise opens",
            "3 10:00",
            [ask("a", "2 11:00"), reply("b", "2 12:00").act(promise(0, Some("5 12:00"), &[1])),],
            [
                "answer of amy kept due 3 11:00: opened a, ended b",
                "promise of amy open due 5 12:00: opened b",
            ]
        ),
        case!(
            "a hold that was read wrongly: kept",
            "3 10:00",
            [
                ask("a", "2 11:00"),
                mail("b", "2 12:00", AMY_MAIL, &[JO]).act(in_touch(0, None)).only_holds(),
                decided(
                    "c",
                    "2 13:00",
                    Verdict::NotThatAct { of: message("b"), passage: (0, 10), kind: ActKind::Promise }
                ),
            ],
            [
                "answer of amy kept due 3 11:00: opened a, ended b",
                "promise of amy released due 3 12:00: opened b, ended c",
            ]
        ),
        case!(
            "a person told them by telephone",
            "3 10:00",
            [
                ask("a", "2 11:00"),
                decided(
                    "b",
                    "2 13:00",
                    Verdict::NewDate { subject: message("a").into(), at: at("2 12:00"), due: at("5 12:00") }
                ),
            ],
            [
                "answer of amy moved due 3 11:00: opened a, moved b",
                "promise of bob open due 5 12:00 continues answer: opened b",
            ]
        ),
    ]);
}

#[test]
fn the_client_writes_while_only_our_promise_is_open() {
    check(vec![
        case!(
            "a new answer opens, and chases the promise",
            "3 12:00",
            [
                ask("a", "2 11:00"),
                mail("b", "2 12:00", AMY_MAIL, &[JO]).act(in_touch(0, Some("5 12:00"))).only_holds(),
                ask("c", "3 10:00"),
                ask("d", "3 11:00"),
            ],
            [
                "answer of amy moved due 3 11:00: opened a, moved b",
                "answer of amy open chases 1 due 4 10:00: opened c, joined d",
                "promise of amy open chases 1 due 5 12:00 continues answer: opened b, joined c",
            ]
        ),
        case!(
            "a second hold moves both; one promise continues them",
            "4 12:00",
            [
                ask("a", "2 11:00"),
                mail("b", "2 12:00", AMY_MAIL, &[JO]).act(in_touch(0, Some("3 12:00"))).only_holds(),
                ask("c", "3 13:00"),
                mail("d", "3 14:00", AMY_MAIL, &[JO]).act(in_touch(0, Some("5 12:00"))).only_holds(),
            ],
            [
                "answer of amy moved due 3 11:00: opened a, moved b",
                "answer of amy moved due 4 13:00: opened c, moved d",
                "promise of amy moved_late chases 1 due 3 12:00 continues answer: opened b, joined c, moved d",
                "promise of amy open due 5 12:00 continues answer: opened d",
            ]
        ),
    ]);
}
