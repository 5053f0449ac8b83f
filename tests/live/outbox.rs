//! Answers leave, once, with the right headers; what hinders them is told; the record knows of them at once.

use std::time::{Duration, Instant};

use regard::access::walls::{self, Wall};
use regard::db::{Db, Durability, Location};

use crate::office::{Office, letter};
use crate::sink::{Sink, Ways};
use crate::support::run;

const ASKS: &str = "Dear Alice,\n\nCould you send me the signed lease, please?\n\nJo";
const ANSWER: &str = "Dear Jo,\n\nThe signed lease went out to you by post this morning.\n";

/// An office in which Alice owes Jo an answer; gives its id.
fn owing() -> (Office, String) {
    let office = Office::open();
    office.connect_straight();
    office.jo_writes(1, ASKS);
    office.sync();
    let id = office.answer_owed();
    (office, id)
}

fn state_of(office: &Office) -> String {
    let list = office.run(&["outbox", "list", "--json"]).json();
    list["messages"][0]["state"].as_str().expect("a state").to_owned()
}

fn is_answered(office: &Office, id: &str) -> bool {
    office.owed().iter().any(|owed| owed["id"] == id && owed["state"] == "kept")
}

#[test]
fn an_answer_leaves_and_counts_at_once_and_its_copy_is_seen_once() {
    let office = Office::open();
    // Through a real submission server.
    office.connect("alice", &["--private-network"]).ok();
    office.jo_writes(1, ASKS);
    office.sync();
    let id = office.answer_owed();
    let said = office.write_to(&["send", &id, "--now", "--json"], ANSWER).json();
    assert_eq!(said["state"], "sent", "{said}");
    let [taken] = &office.sink.taken()[..] else { panic!("one message: {:?}", office.sink.taken()) };
    assert_eq!(
        (taken.from.as_str(), &taken.to[..]),
        ("alice@example.org", &["jo@acme.example".to_owned()][..])
    );
    let header = |name: &str| taken.text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    assert_eq!(header("In-Reply-To:"), Some("<letter-1@acme.example>"));
    assert_eq!(header("References:"), Some("<letter-1@acme.example>"));
    assert_eq!(header("Subject:"), Some("Re: The lease, part 1"));
    assert_eq!(header("From:"), Some("\"Alice Quill\" <alice@example.org>"));
    assert_eq!(header("Message-ID:"), said["message_id"].as_str());
    assert!(is_answered(&office, &id), "{:?}", office.owed());
    let copies = office.server.admin(&["search", "-u", "alice", "mailbox", "Sent", "all"]);
    assert_eq!(copies.lines().count(), 1, "{copies}");
    let fetched = office.sync();
    assert_eq!(
        (fetched[0]["added"].as_u64(), fetched[0]["copies"].as_u64()),
        (Some(0), Some(1)),
        "{fetched}"
    );
    let list = office.run(&["outbox", "list", "--json"]).json();
    assert_eq!(
        (&list["messages"][0]["recorded"], &list["messages"][0]["copied"]),
        (&true.into(), &true.into())
    );
    office.run(&["verify"]).ok();
}

#[test]
fn what_is_to_be_mended_is_said_and_a_dry_run_sends_nothing() {
    let (office, id) = owing();
    let excuse =
        "Dear Jo,\n\nSorry for the late reply, I was swamped with other work. See the attached lease.\n";
    let said = office.write_to(&["send", &id, "--dry-run", "--json"], excuse).json();
    let kinds: Vec<&str> =
        said["findings"].as_array().expect("a list").iter().filter_map(|f| f["kind"].as_str()).collect();
    assert!(kinds.contains(&"excuse") && kinds.contains(&"attachment_missing"), "{said}");
    assert!(said["message"].as_str().is_some_and(|message| message.contains("In-Reply-To:")));
    let list = office.run(&["outbox", "list"]).ok();
    assert!(list.out.contains("Nothing is on its way out"));
    let file = office.write("lease.pdf", "%PDF-1.4");
    let said = office.write_to(&["send", &id, "--dry-run", "--json", "--attach", &file], excuse).json();
    assert!(!said["findings"].to_string().contains("attachment_missing"), "{said}");
    assert!(!office.write_to(&["send", "0000000000000000"], ANSWER).good);
}

#[test]
fn what_has_not_left_can_be_taken_back() {
    let (office, id) = owing();
    let said = office.write_to(&["send", &id, "--json"], ANSWER).json();
    assert_eq!(said["state"], "waiting");
    office.run(&["outbox", "send"]).ok();
    assert!(office.sink.taken().is_empty(), "it can still be taken back");
    let out = said["id"].as_str().expect("an id");
    office.run(&["outbox", "cancel", out]).ok();
    assert_eq!(state_of(&office), "cancelled");
    assert!(!office.run(&["outbox", "cancel", out]).good);
    assert!(!is_answered(&office, &id));
}

#[test]
fn what_is_refused_is_told_and_what_is_put_off_is_tried_again() {
    let (office, id) = owing();
    let refused = vec![("jo@acme.example", "550 no such mailbox")];
    office.sink.behave(Ways { refused, ..Ways::default() });
    let said = office.write_to(&["send", &id, "--now"], ANSWER);
    assert!(!said.good && said.err.contains("no such mailbox"), "{said:?}");
    assert_eq!(state_of(&office), "failed");
    assert!(!is_answered(&office, &id), "what did not leave is no answer");

    office.sink.behave(Ways { mail: Some("451 later please"), ..Ways::default() });
    let list = office.run(&["outbox", "list", "--json"]).json();
    let out = list["messages"][0]["id"].as_str().expect("an id").to_owned();
    office.run(&["outbox", "again", &out]).ok();
    office.run(&["outbox", "send"]).ok();
    let list = office.run(&["outbox", "list", "--json"]).json();
    let message = &list["messages"][0];
    assert_eq!(message["state"], "waiting");
    assert!(message["trouble"].as_str().is_some_and(|words| words.contains("later please")), "{message}");
    assert!(message["next_at"].as_str() > message["written_at"].as_str());
}

#[test]
fn what_may_have_left_is_never_sent_twice_by_itself() {
    let (office, id) = owing();
    office.sink.behave(Ways { data: Some(""), ..Ways::default() });
    let said = office.write_to(&["send", &id, "--now"], ANSWER);
    assert!(!said.good && said.err.contains("may have left"), "{said:?}");
    assert_eq!(state_of(&office), "unsure");
    office.sink.behave(Ways::default());
    office.run(&["outbox", "send"]).ok();
    assert!(office.sink.taken().is_empty());
    let list = office.run(&["outbox", "list", "--json"]).json();
    let out = list["messages"][0]["id"].as_str().expect("an id").to_owned();
    office.run(&["outbox", "left", &out]).ok();
    office.run(&["outbox", "send"]).ok();
    assert!(office.sink.taken().is_empty());
    assert!(is_answered(&office, &id), "a person said that it left");
}

#[test]
fn an_answer_for_later_stays_if_the_client_writes_first() {
    let (office, id) = owing();
    let at = (regard::clock::now() + jiff::SignedDuration::from_secs(19)).to_string();
    let said = office.write_to(&["send", &id, "--at", &at, "--json"], ANSWER).json();
    assert_eq!(said["state"], "waiting");
    std::thread::sleep(Duration::from_secs(2));
    let again = letter(0, "Never mind, I found it. But when is the court date?")
        .replace("letter-0@", "again@")
        .replace("part 0", "part 1")
        .replace("Message-ID:", "In-Reply-To: <letter-1@acme.example>\nMessage-ID:");
    office.server.deliver("alice", &again);
    office.sync();
    std::thread::sleep(Duration::from_secs(18));
    office.run(&["outbox", "send"]).ok();
    assert_eq!(state_of(&office), "held");
    assert!(office.sink.taken().is_empty());
}

#[test]
fn a_server_that_hangs_delays_no_other_mailbox() {
    let office = Office::open();
    // Alice's server takes connections and says nothing; Bob's does what it should.
    let mute = Sink::start(Ways { silent: true, ..Ways::default() });
    office.connect_by("alice", mute.port);
    office.connect_by("bob", office.sink.port);
    for n in [1, 2] {
        office.jo_writes(n, ASKS);
    }
    office.server.deliver("bob", &letter(3, ASKS).replace("alice@", "bob@"));
    office.sync();
    let owed = office.owed();
    let of = |n: u32| {
        let is_it =
            |owed: &&serde_json::Value| owed["evidence"].to_string().contains(&format!("letter-{n}@"));
        owed.iter().find(is_it).expect("it is owed")["id"].as_str().expect("an id").to_owned()
    };
    let now = regard::clock::now().to_string();
    for n in [1, 2] {
        office.write_to(&["send", &of(n), "--at", &now], ANSWER).ok();
    }
    let mut worker = office.command(&["work"]).stderr(std::process::Stdio::null()).spawn().expect("it runs");
    std::thread::sleep(Duration::from_secs(3));
    // Alice's letters are stuck by now, and Bob's is written after them.
    office.write_to(&["send", &of(3), "--from", "bob@example.org", "--at", &now], ANSWER).ok();
    let begun = Instant::now();
    while office.sink.taken().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(8), "it waits for the other server");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(office.sink.taken()[0].from, "bob@example.org");
    worker.kill().expect("killed");
    worker.wait().expect("it ends");
}

#[test]
fn a_wall_that_is_raised_holds_back_what_was_to_leave_later() {
    let (office, id) = owing();
    let later = (regard::clock::now() + jiff::SignedDuration::from_secs(2)).to_string();
    office.write_to(&["send", &id, "--at", &later], "Dear Jo,\n\nThe sale of Mill Lane is done.\n").ok();
    let matters = "matter_id,client_id,name,kind,handler,opened,closed\nM-7,c1,Sale of Mill Lane,sale,,,\n";
    let path = office.write("matters.csv", matters);
    office.run(&["import", "matters", &path]).ok();
    let wall_off = |of_matter: bool| {
        let data = office.data();
        run(async move {
            let db = Db::open(&Location::Folder(data)).await.expect("the record");
            let mut tx = db.write(Durability::Act).await.expect("a transaction");
            let firm = regard::firm::store::all(&mut tx).await.expect("the firm").remove(0).id;
            let staff = regard::staff::store::all(&mut tx, firm).await.expect("people");
            let alice = staff.iter().find(|one| one.name.starts_with("Alice")).expect("Alice").id;
            let matter = regard::matters::store::all(&mut tx, firm).await.expect("matters").remove(0);
            let wall = Wall {
                staff: alice,
                client: matter.client,
                matter: of_matter.then_some(matter.id),
                reason: "a conflict".to_owned(),
                set_by: alice,
                set_at: regard::clock::now(),
            };
            walls::raise(&mut tx, firm, &wall).await.expect("raised");
            tx.commit().await.expect("kept");
            db.close().await;
        });
    };
    wall_off(true);
    std::thread::sleep(Duration::from_secs(3));
    office.run(&["outbox", "send"]).ok();
    let trouble = || office.run(&["outbox", "list", "--json"]).json()["messages"][0]["trouble"].to_string();
    assert_eq!(state_of(&office), "held");
    assert!(trouble().contains("out of a matter"), "{}", trouble());
    // Nor does saying so again help, or that it says something else to the same client.
    wall_off(false);
    let list = office.run(&["outbox", "list", "--json"]).json();
    let out = list["messages"][0]["id"].as_str().expect("an id").to_owned();
    office.run(&["outbox", "again", &out]).ok();
    office.run(&["outbox", "send"]).ok();
    assert_eq!(state_of(&office), "held");
    assert!(trouble().contains("out of a client"), "{}", trouble());
    assert!(office.sink.taken().is_empty());
}

#[test]
fn what_comes_back_ended_nothing() {
    let (office, id) = owing();
    let said = office.write_to(&["send", &id, "--now", "--json"], ANSWER).json();
    assert!(is_answered(&office, &id));
    let report = format!(
        "From: MAILER-DAEMON@mx.example.org\nTo: alice@example.org\nSubject: Undelivered Mail Returned to Sender\n\
         Message-ID: <report@mx.example.org>\nDate: {}\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\n\n\
         Your message could not be delivered.\n\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; jo@acme.example\nAction: failed\n\
         Status: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {}\nSubject: Re: The lease\n\n--b--\n",
        jiff::fmt::rfc2822::to_string(&regard::clock::now().to_zoned(jiff::tz::TimeZone::UTC))
            .expect("a date"),
        said["message_id"].as_str().expect("an id"),
    );
    office.server.deliver("alice", &report);
    office.sync();
    office.run(&["outbox", "send"]).ok();
    assert_eq!(state_of(&office), "returned");
    let list = office.run(&["outbox", "list", "--json"]).json();
    assert!(
        list["messages"][0]["trouble"].to_string().contains("jo@acme.example was not reached (5.1.1)"),
        "{list}"
    );
    assert!(
        office.owed().iter().any(|owed| owed["id"] == *id && owed["state"] == "open"),
        "{:?}",
        office.owed()
    );
    // Told once.
    office.run(&["outbox", "send"]).ok();
    assert_eq!(office.sink.taken().len(), 1);
    office.run(&["verify"]).ok();
}

#[test]
fn two_workers_fetch_as_mail_arrives_and_send_each_message_once() {
    two_workers(&Office::open());
}

#[test]
fn two_workers_on_a_database_server_fetch_as_mail_arrives_and_send_each_message_once() {
    two_workers(&Office::open_on_a_server());
}

fn two_workers(office: &Office) {
    office.connect_straight();
    office.sync();
    let start = || {
        let mut command = office.command(&["work"]);
        command.stderr(std::process::Stdio::piped()).spawn().expect("it runs")
    };
    let mut workers = [start(), start()];
    std::thread::sleep(Duration::from_secs(3));
    office.jo_writes(1, ASKS);
    let begun = Instant::now();
    let id = loop {
        if office.owed().iter().any(|owed| owed["kind"] == "answer") {
            break office.answer_owed();
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "nobody fetched it");
        std::thread::sleep(Duration::from_millis(100));
    };
    let at = (regard::clock::now() + jiff::SignedDuration::from_secs(2)).to_string();
    office.write_to(&["send", &id, "--at", &at], ANSWER).ok();
    let begun = Instant::now();
    while !(is_answered(office, &id) && state_of(office) == "sent") {
        assert!(begun.elapsed() < Duration::from_secs(30), "nobody sent it: {}", state_of(office));
        std::thread::sleep(Duration::from_millis(200));
    }
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(office.sink.taken().len(), 1);
    for worker in &mut workers {
        let kill = std::process::Command::new("kill").arg(worker.id().to_string()).status();
        assert!(kill.expect("killed").success());
        assert!(worker.wait().expect("it ends").success());
    }
    let copies = office.server.admin(&["search", "-u", "alice", "mailbox", "Sent", "all"]);
    assert_eq!(copies.lines().count(), 1, "{copies}");
    office.run(&["verify"]).ok();
}
