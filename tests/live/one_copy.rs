//! One copy in the folder of sent mail, where the server files what it sends by itself, soon, late or never.

use std::sync::atomic::AtomicBool;

use jiff::{SignedDuration, Timestamp};
use regard::clock;
use regard::db::{Db, Location};
use regard::intake::live::Live;
use regard::mailboxes::secret::Keys;
use regard::mailboxes::sync::Fetcher;
use regard::outbox::send::Sender;
use serde_json::Value;
use tokio::sync::Mutex;

use crate::jmap::Firm;
use crate::office::Office;
use crate::support::run;

const ASKS: &str = "Dear Alice,\n\nCould you send me the signed lease, please?\n\nJo";
const ANSWER: &str = "Dear Jo,\n\nThe signed lease went out to you by post this morning.\n";

/// An office whose server is said to keep a copy by itself, just after an answer of Alice's left.
fn answered() -> Office {
    let office = Office::open();
    office.connect("alice", &["--private-network", "--server-keeps-copy"]).ok();
    office.jo_writes(1, ASKS);
    office.sync();
    let id = office.answer_owed();
    assert_eq!(office.write_to(&["send", &id, "--now", "--json"], ANSWER).json()["state"], "sent");
    office
}

/// What the server does by itself: it files what it was handed, as it was or under an id of its own.
fn file(office: &Office, change: impl Fn(&str) -> String) {
    let [sent] = &office.sink.taken()[..] else { panic!("one message: {:?}", office.sink.taken()) };
    office.append("alice", "Sent", &change(&sent.text));
}

/// Alice's outbox is looked at, as it would be after this time.
fn look_after(office: &Office, time: SignedDuration) {
    run(async {
        let db = Db::open(&Location::Folder(office.data())).await.expect("a database");
        let mut tx = db.read().await.expect("read");
        let firm = regard::firm::store::all(&mut tx).await.expect("firms").remove(0);
        drop(tx);
        let keys = Keys::find(Some(&office.data()), |_| None, false).expect("keys");
        let (live, stop) = (Mutex::new(Live::new(&db, &firm).expect("a way in")), AtomicBool::new(false));
        let now = || -> Timestamp { clock::now() + time };
        let fetcher = Fetcher::new(&db, &firm, &live, &keys, &stop, &now);
        Sender { fetcher: &fetcher, holder: 7 }.round().await.expect("looked at");
        db.close().await;
    });
}

fn copies(office: &Office) -> usize {
    office.server.admin(&["search", "-u", "alice", "mailbox", "Sent", "all"]).lines().count()
}

fn message(office: &Office) -> Value {
    office.run(&["outbox", "list", "--json"]).json()["messages"][0].clone()
}

const SOON: SignedDuration = SignedDuration::from_secs(30);
const LATE: SignedDuration = SignedDuration::from_mins(3);

#[test]
fn a_server_that_files_what_it_sends_a_while_later_has_one_copy_in_the_end() {
    let ways: [fn(&str) -> String; 2] = [
        str::to_owned,
        // As Outlook does.
        |sent| {
            sent.replace(
                "Message-ID: <",
                "Message-ID: <a@outlook.example>\r\nX-Microsoft-Original-Message-ID: <",
            )
        },
    ];
    for way in ways {
        let office = answered();
        look_after(&office, SOON);
        assert_eq!(copies(&office), 0, "it is given time");
        let waits = message(&office);
        assert_eq!(
            (&waits["state"], &waits["recorded"], &waits["copied"]),
            (&"sent".into(), &true.into(), &false.into())
        );
        assert_eq!(waits["trouble"], Value::Null, "nothing is wrong meanwhile");
        file(&office, way);
        look_after(&office, LATE);
        assert_eq!((copies(&office), &message(&office)["copied"]), (1, &true.into()));
        look_after(&office, LATE * 2);
        assert_eq!(copies(&office), 1);
        // Whatever id the server gave it, it is the entry that is there already.
        let fetched = office.sync();
        let brought = |what: &str| fetched[0][what].as_u64();
        assert_eq!((brought("added"), brought("copies")), (Some(0), Some(1)), "{fetched}");
        assert!(office.owed().iter().all(|owed| owed["kind"] != "answer" || owed["state"] == "kept"));
        office.run(&["verify"]).ok();
    }
}

#[test]
fn a_server_that_is_said_to_file_what_it_sends_and_does_not_gets_a_copy() {
    let office = answered();
    look_after(&office, SOON);
    assert_eq!(copies(&office), 0);
    look_after(&office, LATE);
    assert_eq!((copies(&office), &message(&office)["copied"]), (1, &true.into()));
    assert_eq!(message(&office)["trouble"], Value::Null);
    // It is the copy of what is in the record.
    assert_eq!(office.sync()[0]["copies"].as_u64(), Some(1));
    office.run(&["verify"]).ok();
}

#[test]
fn a_server_that_cannot_be_asked_is_asked_again_and_that_is_said() {
    let mut office = answered();
    office.server.stop();
    look_after(&office, LATE);
    let waits = message(&office);
    let trouble = waits["trouble"].as_str().unwrap_or_default();
    assert!(trouble.starts_with("it left, but nobody could look whether a copy"), "{waits}");
    assert_eq!((&waits["state"], &waits["copied"]), (&"sent".into(), &false.into()));
}

#[test]
fn sent_by_smtp_a_copy_is_put_among_sent_mail_by_jmap() {
    let firm = Firm::open();
    let smtp = format!("localhost:{}", firm.office.sink.port);
    firm.connect(firm.cyrus.http, &["--smtp", &smtp, "--smtp-security", "plain"]).ok();
    firm.jo_writes(1..=1);
    firm.brings(1, 0);
    firm.office.write_to(&["send", &firm.office.answer_owed(), "--now"], ANSWER).ok();
    assert_eq!(firm.office.sink.taken().len(), 1);
    let sent = firm.cyrus.imap("alice", &["STATUS Sent (MESSAGES UNSEEN)"]);
    assert!(sent.contains("MESSAGES 1") && sent.contains("UNSEEN 0"), "{sent}");
    firm.brings(0, 1);
}
