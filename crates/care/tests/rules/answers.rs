//! When an answer opens, who owes it, and what joins it.

use care::acts::ActKind;
use care::entry::Verdict;
use care::obligation::Kind;

use crate::common::*;
use crate::{ALL, NAMES, case, check};

#[test]
fn a_contacts_message_needs_a_reply() {
    check(vec![
        case!(
            "it opens an answer",
            "2 12:00",
            [ask("a", "2 11:00")],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "overdue after its time",
            "3 11:01",
            [ask("a", "2 11:00")],
            ["answer of amy open overdue due 3 11:00: opened a"]
        ),
        case!("not there before it was sent", "2 10:59", [ask("a", "2 11:00")], []),
        case!("it need not be answered", "2 12:00", [mail("a", "2 11:00", JO, &[AMY_MAIL])], []),
        case!(
            "one per client and thread, not per contact",
            "2 14:00",
            [ask("a", "2 11:00"), mail("b", "2 12:00", KIM, &[AMY_MAIL]).asks(),],
            ["answer of amy open chases 1 due 3 11:00: opened a, joined b"]
        ),
        case!(
            "another thread is another answer",
            "2 14:00",
            [ask("a", "2 11:00"), ask("b", "2 12:00").thread(2),],
            ["answer of amy open due 3 11:00: opened a", "answer of amy open due 3 12:00: opened b"]
        ),
        case!(
            "complaint, chase and departure always need a reply",
            "2 14:00",
            [
                mail("a", "2 11:00", JO, &[AMY_MAIL]).act(act(ActKind::Complaint, 0)),
                mail("b", "2 12:00", JO, &[AMY_MAIL]).act(act(ActKind::Chase, 0)).thread(2),
                mail("c", "2 13:00", JO, &[AMY_MAIL]).act(act(ActKind::Departure, 0)).thread(3),
            ],
            [
                "answer of amy open due 3 11:00: opened a",
                "answer of amy open due 3 12:00: opened b",
                "answer of amy open due 3 13:00: opened c",
            ]
        ),
        case!(
            "an unsure complaint does not",
            "2 14:00",
            [mail("a", "2 11:00", JO, &[AMY_MAIL])
                .act(care::acts::Act { confidence: 0.4, ..act(ActKind::Complaint, 0) }),],
            []
        ),
        case!(
            "thanks and comments do not",
            "2 14:00",
            [mail("a", "2 11:00", JO, &[AMY_MAIL])
                .act(act(ActKind::Thanks, 0))
                .act(act(ActKind::Comment, 20)),],
            []
        ),
        case!(
            "what is in another language does, but not where we are only in Cc",
            "2 14:00",
            [
                mail("a", "2 11:00", JO, &[COUNSEL]).cc(&[AMY_MAIL]).asks().by_form(),
                mail("b", "2 12:00", JO, &[AMY_MAIL]).cc(&[COUNSEL]).asks().by_form(),
            ],
            ["answer of amy open due 3 12:00: opened b"]
        ),
        case!("automatic mail does not", "2 14:00", [ask("a", "2 11:00").automatic()], []),
        case!(
            "the other side does not",
            "2 14:00",
            [
                ask("a", "2 10:00"),
                reply("b", "2 11:00"),
                mail("c", "2 12:00", COUNSEL, &[AMY_MAIL]).cc(&[JO]).asks(),
            ],
            ["answer of amy kept due 3 10:00: opened a, ended b"]
        ),
    ]);
}

#[test]
fn the_owner_of_an_answer() {
    check(vec![
        case!(
            "the handler among To",
            "2 12:00",
            [mail("a", "2 11:00", JO, &[CAT_MAIL, BOB_MAIL, AMY_MAIL]).asks()],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "else the point person",
            "2 12:00",
            [mail("a", "2 11:00", JO, &[CAT_MAIL, BOB_MAIL]).asks()],
            ["answer of bob open due 3 11:00: opened a"]
        ),
        case!(
            "else the first of ours",
            "2 12:00",
            [mail("a", "2 11:00", JO, &[COUNSEL, CAT_MAIL]).cc(&[AMY_MAIL]).asks()],
            ["answer of cat open due 3 11:00: opened a"]
        ),
        case!(
            "without any of ours in To, among Cc",
            "2 12:00",
            [mail("a", "2 11:00", JO, &[COUNSEL]).cc(&[BOB_MAIL, AMY_MAIL]).asks()],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "else the point person, though not written to",
            "2 12:00",
            [mail("a", "2 11:00", JO, &[STRANGER]).in_mailbox(CAT_MAIL).asks()],
            ["answer of bob open due 3 11:00: opened a"]
        ),
        case!(
            "a person can give it to another",
            "2 14:00",
            [
                ask("a", "2 11:00"),
                decided("b", "2 12:00", Verdict::Owner { subject: message("a").into(), staff: CAT }),
            ],
            ["answer of cat open due 3 11:00: opened a"]
        ),
        case!(
            "the last to whom it was given has it, also where the clock of the letter is ahead",
            "2 14:00",
            [
                ask("a", "2 11:00"),
                decided("b", "2 09:00", Verdict::Owner { subject: message("a").into(), staff: BOB }),
                decided("c", "2 09:10", Verdict::Owner { subject: message("a").into(), staff: CAT }),
            ],
            ["answer of cat open due 3 11:00: opened a"]
        ),
        case!(
            "whatever their keys are",
            "2 14:00",
            [
                ask("a", "2 11:00"),
                decided("b", "2 09:10", Verdict::Owner { subject: message("a").into(), staff: CAT }),
                decided("c", "2 09:00", Verdict::Owner { subject: message("a").into(), staff: BOB }),
            ],
            ["answer of cat open due 3 11:00: opened a"]
        ),
    ]);
    let mut alone = book();
    alone.add_client(client(ZETA, None));
    let found =
        owed(&[mail("a", "2 11:00", ZED, &[STRANGER]).in_mailbox(CAT_MAIL).asks().into()], &alone, ZETA);
    assert_eq!(
        lines(&found, ALL, "2 12:00", NAMES),
        ["answer of cat open due 3 11:00: opened a"],
        "the mailbox"
    );
    let mut gone = book();
    gone.add_staff(care::people::Staff { left: Some(jiff::civil::date(2025, 5, 30)), ..staff(AMY) });
    let found = owed(&[mail("a", "2 11:00", JO, &[AMY_MAIL, CAT_MAIL]).asks().into()], &gone, ACME);
    assert_eq!(
        lines(&found, ALL, "2 12:00", NAMES),
        ["answer of cat open due 3 11:00: opened a"],
        "who has left"
    );
}

#[test]
fn the_client_writes_again_before_we_did() {
    check(vec![
        case!(
            "it joins, and counts as a chase, though it does not say so",
            "2 15:00",
            [ask("a", "2 11:00"), ask("b", "2 12:00"), ask("c", "2 13:00"),],
            ["answer of amy open chases 2 due 3 11:00: opened a, joined b, joined c"]
        ),
        case!(
            "thanks, news and confirmations change nothing",
            "2 15:00",
            [ask("a", "2 11:00"), mail("b", "2 12:00", JO, &[AMY_MAIL]).act(act(ActKind::Thanks, 0)),],
            ["answer of amy open due 3 11:00: opened a"]
        ),
        case!(
            "after our answer it opens anew",
            "2 15:00",
            [ask("a", "2 11:00"), reply("b", "2 12:00"), ask("c", "2 13:00"),],
            ["answer of amy kept due 3 11:00: opened a, ended b", "answer of amy open due 3 13:00: opened c"]
        ),
    ]);
}

#[test]
fn the_answer_after_a_late_one_has_half_the_time_and_comes_first() {
    check(vec![
        case!(
            "the next one only",
            "3 14:00",
            [ask("a", "2 11:00"), reply("b", "3 12:00"), ask("c", "3 13:00"), ask("d", "3 13:00").thread(2),],
            [
                "answer of amy kept_late due 3 11:00: opened a, ended b",
                "answer of amy open due 4 13:00: opened d",
                "answer of amy open first due 3 17:00: opened c",
            ]
        ),
        case!(
            "not after one in time",
            "4 12:00",
            [ask("a", "2 11:00"), reply("b", "3 11:00"), ask("c", "3 13:00")],
            ["answer of amy kept due 3 11:00: opened a, ended b", "answer of amy open due 4 13:00: opened c",]
        ),
    ]);
    let entries = [
        ask("e", "2 09:30").thread(9).into(),
        ask("a", "2 11:00").into(),
        reply("b", "3 12:00").into(),
        ask("c", "3 13:00").into(),
    ];
    let mut found = owed(&entries, &book(), ACME);
    found.retain(|o| o.ended.is_none() && o.kind == Kind::Answer);
    found.sort_by(care::obligation::by_urgency);
    assert_eq!(lines(&found[..1], ALL, "3 14:00", NAMES), ["answer of amy open first due 3 17:00: opened c"]);
}
