//! How a promise opens, is kept, and moves.

use care::acts::ActKind;
use care::entry::{NoteKind, Subject, Verdict};
use care::obligation::Kind;

use crate::common::*;
use crate::{case, check};

#[test]
fn a_promise_passage() {
    check(vec![
        case!(
            "opens a promise, also where nobody waits",
            "3 10:00",
            [mail("a", "2 11:00", CAT_MAIL, &[JO]).act(promise(0, Some("6 17:00"), &[1])),],
            ["promise of cat open due 6 17:00: opened a"]
        ),
        case!(
            "past its date it is broken",
            "6 17:01",
            [mail("a", "2 11:00", CAT_MAIL, &[JO]).act(promise(0, Some("6 17:00"), &[1])),],
            ["promise of cat broken due 6 17:00: opened a"]
        ),
        case!(
            "several sentences are several",
            "3 10:00",
            [mail("a", "2 11:00", CAT_MAIL, &[JO]).act(promise(0, Some("6 17:00"), &[1])).act(promise(
                20,
                Some("4 17:00"),
                &[2]
            )),],
            ["promise of cat open due 4 17:00: opened a", "promise of cat open due 6 17:00: opened a"]
        ),
        case!(
            "overlapping passages are one, due at the last date",
            "3 10:00",
            [mail("a", "2 11:00", CAT_MAIL, &[JO]).act(promise(0, Some("4 17:00"), &[1])).act(promise(
                5,
                Some("6 17:00"),
                &[2]
            )),],
            ["promise of cat open due 6 17:00: opened a"]
        ),
        case!(
            "an unsure one opens nothing",
            "3 10:00",
            [mail("a", "2 11:00", CAT_MAIL, &[JO])
                .act(care::acts::Act { confidence: 0.4, ..promise(0, Some("4 17:00"), &[1]) }),],
            []
        ),
        case!(
            "to the other side, or with the client in Cc only, it is not owed to the client",
            "3 10:00",
            [mail("a", "2 11:00", CAT_MAIL, &[COUNSEL]).act(promise(0, Some("6 17:00"), &[1])).cc(&[JO]),],
            []
        ),
        case!(
            "a date before it was sent is no date",
            "2 12:00",
            [mail("a", "2 11:00", CAT_MAIL, &[JO]).act(promise(0, Some("1 17:00"), &[1])),],
            ["promise of cat open due 3 11:00: opened a"]
        ),
        case!(
            "a person says that it is none",
            "3 10:00",
            [
                mail("a", "2 11:00", CAT_MAIL, &[JO]).act(promise(0, Some("6 17:00"), &[1])),
                decided(
                    "b",
                    "2 12:00",
                    Verdict::NotThatAct { of: message("a"), passage: (3, 5), kind: ActKind::Promise }
                ),
            ],
            ["promise of cat released due 6 17:00: opened a, ended b"]
        ),
        case!(
            "a person says that there is one",
            "3 10:00",
            [
                mail("a", "2 11:00", CAT_MAIL, &[JO]),
                decided(
                    "b",
                    "2 12:00",
                    Verdict::ThatAct { of: message("a"), act: promise(0, Some("6 17:00"), &[1]) }
                ),
            ],
            ["promise of cat open due 6 17:00: opened a"]
        ),
        case!(
            "one in a meeting is its writer's",
            "3 10:00",
            [note("a", "2 11:00", NoteKind::Meeting, &[JO], &[promise(0, Some("6 17:00"), &[1])]),],
            ["promise of amy open due 6 17:00: opened a"]
        ),
    ]);
}

#[test]
fn a_later_message_delivers_what_was_promised() {
    let promised = || mail("a", "2 11:00", AMY_MAIL, &[JO]).subject(7).act(promise(0, Some("6 17:00"), &[1]));
    let touch = || mail("a", "2 11:00", AMY_MAIL, &[JO]).subject(7).act(in_touch(0, Some("6 17:00")));
    check(vec![
        case!(
            "it carries the thing",
            "9 10:00",
            [promised(), mail("b", "5 11:00", BOB_MAIL, &[KIM]).carries(&[1])],
            ["promise of amy kept due 6 17:00: opened a, ended b"]
        ),
        case!(
            "it states the thing, late",
            "9 10:00",
            [promised(), reply("b", "8 11:00").states(&[1, 2])],
            ["promise of amy kept_late due 6 17:00: opened a, ended b"]
        ),
        case!(
            "under the same subject, to the same contact at another address",
            "9 10:00",
            [promised(), mail("b", "5 11:00", AMY_MAIL, &[JO_HOME]).thread(2).subject(7).carries(&[1]),],
            ["promise of amy kept due 6 17:00: opened a, ended b"]
        ),
        case!(
            "not under the same subject to another contact",
            "9 10:00",
            [promised(), mail("b", "5 11:00", AMY_MAIL, &[KIM]).thread(2).subject(7).carries(&[1]),],
            ["promise of amy broken due 6 17:00: opened a"]
        ),
        case!(
            "other mail to the client is no delivery",
            "9 10:00",
            [promised(), reply("b", "5 11:00").thread(2).subject(8).carries(&[1]),],
            ["promise of amy broken due 6 17:00: opened a"]
        ),
        case!(
            "a mere word in the thread is none",
            "9 10:00",
            [promised(), mail("b", "5 11:00", AMY_MAIL, &[JO])],
            ["promise of amy broken due 6 17:00: opened a"]
        ),
        case!(
            "another thing counts, with less confidence",
            "9 10:00",
            [promised(), reply("b", "5 11:00").carries(&[9])],
            ["promise of amy kept proposed due 6 17:00: opened a, ended b"]
        ),
        case!(
            "of two, the one that is brought",
            "9 10:00",
            [promised().act(promise(20, Some("6 12:00"), &[2])), reply("b", "5 11:00").carries(&[2]),],
            [
                "promise of amy broken due 6 17:00: opened a",
                "promise of amy kept due 6 12:00: opened a, ended b"
            ]
        ),
        case!(
            "a promise to be in touch: any answer in the thread",
            "9 10:00",
            [touch(), mail("b", "5 11:00", AMY_MAIL, &[JO]),],
            ["promise of amy kept due 6 17:00: opened a, ended b"]
        ),
        case!(
            "a promise to be in touch: a call",
            "9 10:00",
            [touch(), call("b", "5 11:00", AMY_PHONE, JO_PHONE, 10)],
            ["promise of amy kept due 6 17:00: opened a, ended b"]
        ),
        case!(
            "a call does not bring a thing",
            "9 10:00",
            [promised(), call("b", "5 11:00", AMY_PHONE, JO_PHONE, 100)],
            ["promise of amy broken due 6 17:00: opened a"]
        ),
        case!(
            "a spoken promise: mail to who was there, by name",
            "9 10:00",
            [
                note("a", "2 11:00", NoteKind::Meeting, &[JO], &[promise(0, Some("6 17:00"), &[1])]),
                reply("b", "3 11:00").states(&[9]),
                reply("c", "4 11:00").thread(5).carries(&[1]),
            ],
            ["promise of amy kept due 6 17:00: opened a, ended c"]
        ),
        case!(
            "a person says that it was done",
            "9 10:00",
            [
                promised(),
                decided(
                    "b",
                    "9 09:00",
                    Verdict::Done {
                        subject: Subject { of: message("a"), passage: Some((0, 10)) },
                        at: at("6 16:00"),
                        means: care::entry::Means::Message,
                    }
                ),
            ],
            ["promise of amy kept due 6 17:00: opened a, ended b"]
        ),
        case!(
            "a person corrects a proposed ending",
            "9 10:00",
            [
                promised(),
                reply("b", "5 11:00").carries(&[9]),
                decided("c", "5 12:00", Verdict::NotTheEnd { opened: message("a"), ended: message("b") }),
            ],
            ["promise of amy broken due 6 17:00: opened a"]
        ),
    ]);
    let found = |things: &[u32]| {
        let entries = [promised().into(), reply("b", "5 11:00").carries(things).into()];
        owed(&entries, &book(), ACME).iter().find(|o| o.kind == Kind::Promise).map(|o| o.confidence)
    };
    assert!(found(&[9]) < found(&[1]), "where the thing differs, confidence falls");
}

#[test]
fn the_client_is_told_a_new_date() {
    let promised = || mail("a", "2 11:00", AMY_MAIL, &[JO]).act(promise(0, Some("6 17:00"), &[1]));
    check(vec![
        case!(
            "before the old one passes: moved, and a promise continues",
            "9 10:00",
            [
                promised(),
                mail("b", "6 16:00", AMY_MAIL, &[JO]).act(promise(0, Some("10 17:00"), &[1])).only_holds(),
            ],
            [
                "promise of amy moved due 6 17:00: opened a, moved b",
                "promise of amy open due 10 17:00 continues promise: opened b",
            ]
        ),
        case!(
            "after: moved late",
            "9 10:00",
            [
                promised(),
                mail("b", "7 16:00", AMY_MAIL, &[JO]).act(promise(0, Some("10 17:00"), &[1])).only_holds(),
            ],
            [
                "promise of amy moved_late due 6 17:00: opened a, moved b",
                "promise of amy open due 10 17:00 continues promise: opened b",
            ]
        ),
        case!(
            "by a plain hold",
            "9 10:00",
            [promised(), mail("b", "6 16:00", AMY_MAIL, &[JO]).act(hold(0, Some("10 17:00"))).only_holds(),],
            [
                "promise of amy moved due 6 17:00: opened a, moved b",
                "promise of amy open due 10 17:00 continues promise: opened b",
            ]
        ),
        case!(
            "by a promise of the same thing in a letter that says more",
            "9 10:00",
            [promised(), reply("b", "6 16:00").states(&[1]).act(promise(0, Some("10 17:00"), &[1])),],
            [
                "promise of amy moved due 6 17:00: opened a, moved b",
                "promise of amy open due 10 17:00 continues promise: opened b",
            ]
        ),
        case!(
            "but a promise of another thing in it does not",
            "9 10:00",
            [
                promised(),
                mail("b", "6 16:00", AMY_MAIL, &[JO]).act(promise(0, Some("10 17:00"), &[2])).only_holds(),
            ],
            ["promise of amy broken due 6 17:00: opened a", "promise of amy open due 10 17:00: opened b"]
        ),
        case!(
            "the thing comes with a promise of the next one: kept",
            "9 10:00",
            [promised(), reply("b", "6 16:00").carries(&[1]).act(promise(0, Some("10 17:00"), &[1])),],
            [
                "promise of amy kept due 6 17:00: opened a, ended b",
                "promise of amy open due 10 17:00: opened b"
            ]
        ),
        case!(
            "by telephone, as a person notes",
            "9 10:00",
            [
                promised(),
                decided(
                    "b",
                    "6 18:00",
                    Verdict::NewDate { subject: message("a").into(), at: at("6 16:00"), due: at("10 17:00") }
                ),
            ],
            [
                "promise of amy moved due 6 17:00: opened a, moved b",
                "promise of bob open due 10 17:00 continues promise: opened b",
            ]
        ),
        case!(
            "and what continues is delivered in the thread",
            "11 10:00",
            [
                promised(),
                decided(
                    "b",
                    "6 18:00",
                    Verdict::NewDate { subject: message("a").into(), at: at("6 16:00"), due: at("10 17:00") }
                ),
                reply("c", "10 18:00").carries(&[1]),
            ],
            [
                "promise of amy moved due 6 17:00: opened a, moved b",
                "promise of bob kept_late due 10 17:00 continues promise: opened b, ended c",
            ]
        ),
    ]);
}
