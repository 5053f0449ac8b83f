//! What people decide, and what colleagues ask.

use care::acts::ActKind;
use care::entry::{Means, NoteKind, Of, Subject, Verdict};

use crate::common::*;
use crate::{case, check};

#[test]
fn people_decide() {
    check(vec![
        case!(
            "no answer needed",
            "3 10:00",
            [ask("a", "2 11:00"), decided("b", "2 12:00", Verdict::NoAnswerNeeded { message: key("a") }),],
            ["answer of amy released due 3 11:00: opened a, ended b"]
        ),
        case!(
            "taken back",
            "3 10:00",
            [
                ask("a", "2 11:00"),
                decided("b", "2 12:00", Verdict::NoAnswerNeeded { message: key("a") }),
                decided("c", "2 13:00", Verdict::TakenBack { decision: key("b") }),
            ],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "and the taking-back taken back",
            "3 10:00",
            [
                ask("a", "2 11:00"),
                decided("b", "2 12:00", Verdict::NoAnswerNeeded { message: key("a") }),
                decided("c", "2 13:00", Verdict::TakenBack { decision: key("b") }),
                decided("d", "2 14:00", Verdict::TakenBack { decision: key("c") }),
            ],
            ["answer of amy released due 3 11:00: opened a, ended b"]
        ),
        case!(
            "a meeting ends a wait",
            "3 10:00",
            [ask("a", "2 11:00"), note("b", "2 12:00", NoteKind::Meeting, &[JO], &[])],
            ["answer of amy kept proposed due 3 11:00: opened a, ended b"]
        ),
        case!(
            "and ends none once it was taken back",
            "3 10:00",
            [
                ask("a", "2 11:00"),
                note("b", "2 12:00", NoteKind::Meeting, &[JO], &[]),
                decided("c", "2 13:00", Verdict::TakenBack { decision: key("b") }),
            ],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "unless that was taken back",
            "3 10:00",
            [
                ask("a", "2 11:00"),
                note("b", "2 12:00", NoteKind::Meeting, &[JO], &[]),
                decided("c", "2 13:00", Verdict::TakenBack { decision: key("b") }),
                decided("d", "2 14:00", Verdict::TakenBack { decision: key("c") }),
            ],
            ["answer of amy kept proposed due 3 11:00: opened a, ended b"]
        ),
        case!(
            "what the client writes after the message that was judged opens an answer of its own",
            "3 10:00",
            [
                ask("a", "2 11:00"),
                ask("b", "2 12:00"),
                ask("c", "2 13:00"),
                decided("d", "2 14:00", Verdict::NoAnswerNeeded { message: key("b") }),
            ],
            [
                "answer of amy open due 3 13:00: opened c",
                "answer of amy released chases 1 due 3 11:00: opened a, joined b, ended d",
            ]
        ),
        case!(
            "an answer is needed after all",
            "3 10:00",
            [
                mail("a", "2 11:00", JO, &[AMY_MAIL]),
                decided("b", "2 12:00", Verdict::AnswerNeeded { message: key("a") }),
            ],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "it is no complaint",
            "3 10:00",
            [
                mail("a", "2 11:00", JO, &[AMY_MAIL]).act(act(ActKind::Complaint, 0)),
                decided(
                    "b",
                    "2 12:00",
                    Verdict::NotThatAct { of: message("a"), passage: (0, 10), kind: ActKind::Complaint }
                ),
            ],
            []
        ),
        case!(
            "answered by telephone, in time, told later",
            "4 10:00",
            [
                ask("a", "2 11:00"),
                decided(
                    "b",
                    "4 09:00",
                    Verdict::Done {
                        subject: message("a").into(),
                        at: at("2 15:00"),
                        means: care::entry::Means::Phone,
                    }
                ),
            ],
            ["answer of amy kept due 3 11:00: opened a, ended b"]
        ),
        case!(
            "a decision about what has not arrived waits",
            "4 10:00",
            [ask("c", "2 11:00"), decided("b", "2 12:00", Verdict::NoAnswerNeeded { message: key("a") }),],
            ["answer of amy open overdue due 3 11:00: opened c"]
        ),
        case!(
            "what really came first stands: an answer before the release",
            "4 10:00",
            [
                ask("a", "2 11:00"),
                reply("b", "2 12:00"),
                decided("c", "2 13:00", Verdict::NoAnswerNeeded { message: key("a") }),
            ],
            ["answer of amy kept due 3 11:00: opened a, ended b"]
        ),
        case!(
            "a person's word replaces a proposed ending",
            "4 10:00",
            [
                ask("a", "2 11:00"),
                call("b", "2 12:00", AMY_PHONE, JO_PHONE, 60),
                decided("c", "2 13:00", Verdict::Released { subject: message("a").into() }),
            ],
            ["answer of amy released due 3 11:00: opened a, ended c"]
        ),
        case!(
            "a stranger turns out to be the client",
            "4 10:00",
            [
                mail("a", "2 11:00", STRANGER, &[BOB_MAIL]).asks(),
                decided(
                    "b",
                    "3 09:00",
                    Verdict::Placed {
                        address: STRANGER,
                        who: care::people::Who::Client { client: ACME, contact: None },
                    }
                ),
            ],
            ["answer of bob open overdue due 3 11:00: opened a"]
        ),
        case!(
            "two clients are one",
            "4 10:00",
            [
                mail("a", "2 11:00", ZED, &[BOB_MAIL]).asks(),
                decided("b", "3 09:00", Verdict::Merged { from: ZETA, into: ACME }),
            ],
            ["answer of bob open overdue due 3 11:00: opened a"]
        ),
        case!(
            "one client is two",
            "4 10:00",
            [
                ask("a", "2 11:00"),
                mail("b", "2 12:00", KIM, &[BOB_MAIL]).asks().thread(2),
                decided(
                    "c",
                    "3 09:00",
                    Verdict::Split { from: ACME, into: ZETA, addresses: Box::new([KIM]) }
                ),
            ],
            ["answer of amy open overdue due 3 11:00: opened a"]
        ),
    ]);
}

#[test]
fn a_colleague_asks_about_a_client() {
    let question = || mail("a", "2 11:00", CAT_MAIL, &[AMY_MAIL, BOB_MAIL]).mentions(ACME).asks();
    check(vec![
        case!(
            "it opens a question of the first who was asked",
            "2 12:00",
            [question()],
            ["question of amy open due 3 11:00: opened a"]
        ),
        case!(
            "in the client's thread too",
            "2 12:00",
            [mail("b", "2 10:00", JO, &[CAT_MAIL]), mail("a", "2 11:00", CAT_MAIL, &[BOB_MAIL]).asks(),],
            ["question of bob open due 3 11:00: opened a"]
        ),
        case!(
            "asked again",
            "2 13:00",
            [question(), mail("b", "2 12:00", CAT_MAIL, &[AMY_MAIL]).asks()],
            ["question of amy open chases 1 due 3 11:00: opened a, joined b"]
        ),
        case!(
            "answered by one who was asked",
            "3 12:00",
            [question(), mail("b", "2 12:00", BOB_MAIL, &[CAT_MAIL])],
            ["question of amy kept due 3 11:00: opened a, ended b"]
        ),
        case!(
            "answered by asking back",
            "2 14:00",
            [question(), mail("b", "2 12:00", AMY_MAIL, &[CAT_MAIL]).asks()],
            [
                "question of amy kept due 3 11:00: opened a, ended b",
                "question of cat open due 3 12:00: opened b",
            ]
        ),
        case!(
            "passed on to another: not answered",
            "2 14:00",
            [question(), mail("b", "2 12:00", AMY_MAIL, &[BOB_MAIL])],
            ["question of amy open due 3 11:00: opened a"]
        ),
        case!(
            "about another client: not of this record",
            "2 14:00",
            [mail("a", "2 11:00", CAT_MAIL, &[AMY_MAIL]).mentions(ZETA).asks(),],
            []
        ),
    ]);
}

#[test]
fn a_note_that_asks_colleagues() {
    let asked = || asking("a", "2 11:00", CAT, &[(BOB, 0)]);
    let about = |passage| Subject { of: Of::Note(key("a")), passage };
    check(vec![
        case!(
            "opens a question of each who is asked",
            "3 10:00",
            [asking("a", "2 11:00", CAT, &[(BOB, 0), (AMY, 40)])],
            ["question of amy open due 3 11:00: opened a", "question of bob open due 3 11:00: opened a"]
        ),
        case!("asks nobody who wrote it", "3 10:00", [asking("a", "2 11:00", BOB, &[(BOB, 0)])], []),
        case!(
            "is answered by a later note of theirs on that client, whatever its kind",
            "3 10:00",
            [asked(), asking("b", "2 12:00", BOB, &[])],
            ["question of bob kept due 3 11:00: opened a, ended b"]
        ),
        case!(
            "is not answered by anybody else's note, nor by an earlier one",
            "3 12:00",
            [asking("b", "2 10:00", BOB, &[]), asked(), asking("c", "2 12:00", AMY, &[])],
            ["question of bob open overdue due 3 11:00: opened a"]
        ),
        case!(
            "may ask back: answered, and a question of its own",
            "3 10:00",
            [asked(), asking("b", "2 12:00", BOB, &[(CAT, 0)])],
            [
                "question of bob kept due 3 11:00: opened a, ended b",
                "question of cat open due 3 12:00: opened b"
            ]
        ),
        case!(
            "is done when somebody says so, and of several only the one meant",
            "3 10:00",
            [
                asking("a", "2 11:00", CAT, &[(BOB, 0), (AMY, 40)]),
                decided(
                    "b",
                    "2 12:00",
                    Verdict::Done { subject: about(Some((0, 10))), at: at("2 12:00"), means: Means::Other }
                ),
            ],
            [
                "question of amy open due 3 11:00: opened a",
                "question of bob kept due 3 11:00: opened a, ended b"
            ]
        ),
        case!(
            "handed over, is answered by the new owner",
            "3 10:00",
            [
                asked(),
                decided("b", "2 12:00", Verdict::Owner { subject: about(None), staff: AMY }),
                asking("c", "2 13:00", AMY, &[]),
            ],
            ["question of amy kept due 3 11:00: opened a, ended c"]
        ),
    ]);
}
