//! A channel that falls silent is told to the right person once, and again when it is well.

use std::time::Duration;

use wire::imap::Session;
use wire::net::{Limits, Login, Reach, Secret, Security, Target, Trust};

use crate::beside::{Work, within};
use crate::dovecot::{Dovecot, PASSWORD};
use crate::office::Office;

/// What was sent to Bob.
fn told_bob(office: &Office) -> Vec<String> {
    let taken = office.sink.taken();
    let to_bob = taken.iter().filter(|taken| taken.to == ["bob@example.org"]);
    to_bob.map(|taken| taken.text.clone()).collect()
}

#[test]
fn a_refused_login_is_told_to_its_owner_once_through_another_mailbox_and_again_when_it_is_well() {
    let office = Office::open();
    office.connect_straight();
    let (imap, smtp) =
        (format!("localhost:{}", office.server.imap), format!("localhost:{}", office.sink.port));
    let wrong = office.write("wrong", "wrong\n");
    let add = ["connect", "add", "bob@example.org", "--user", "bob", "--private-network", "--untested"];
    let servers = ["--imap", &imap, "--imap-security", "plain", "--smtp", &smtp, "--smtp-security", "plain"];
    office.run(&[&add[..], &servers, &["--password-file", &wrong]].concat()).ok();
    let work = Work::begin(&office);
    within(20, "the warning", || !told_bob(&office).is_empty());
    let told = told_bob(&office).remove(0);
    assert!(told.contains("A mailbox gives no mail"), "{told}");
    assert!(told.contains("bob@example.org") && told.contains("Auto-Submitted: auto-generated"), "{told}");
    assert!(
        told.contains("From: \"Regard\" <alice@example.org>")
            || told.contains("From: Regard <alice@example.org>"),
        "{told}"
    );
    std::thread::sleep(Duration::from_secs(6));
    assert_eq!(told_bob(&office).len(), 1, "once");

    let right = office.write("right", PASSWORD);
    office.run(&["connect", "login", "bob@example.org", "--password-file", &right]).ok();
    within(20, "the all-clear", || told_bob(&office).len() == 2);
    assert!(told_bob(&office)[1].contains("A mailbox is well again"));

    // What the program told is no part of the record, also when it is found in the mailbox.
    office.server.deliver("bob", &told);
    office.jo_writes(1, "Dear Alice,\n\nCould you send me the lease, please?\n\nJo");
    within(20, "the letter", || office.owed().iter().any(|owed| owed["kind"] == "answer"));
    drop(work);
    let fetched = office.sync();
    let bob = &fetched.as_array().expect("two")[1];
    assert_eq!((bob["added"].as_u64(), bob["copies"].as_u64()), (Some(0), Some(0)), "{fetched}");
    let doctor = office.run(&["doctor", "--json"]).json();
    let entries = doctor["record"].as_array().expect("lines").iter().find(|line| line["what"] == "entries");
    assert_eq!(entries.expect("a line")["value"], "1 message");
}

#[test]
fn a_server_tells_how_full_a_mailbox_is() {
    let server = Dovecot::start_with(
        "mail_plugins = quota\nprotocol imap {\n  mail_plugins = quota imap_quota\n}\nplugin {\n  \
         quota = count:User quota\n  quota_vsizes = yes\n  quota_rule = *:storage=100K\n  quota_grace = 0\n}\n",
    );
    let target = Target {
        host: "localhost".to_owned(),
        port: server.imap,
        security: Security::Plain,
        reach: Reach::Private,
        trust: Trust::Machine,
    };
    let login = Login::Password { user: "alice".to_owned(), password: Secret::new(PASSWORD) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut session = Session::open(&target, &login, Limits::default()).await.expect("signed in");
        assert_eq!(session.fullness().await.expect("an answer"), Some(0));
        let long = format!("Subject: Long\r\n\r\n{}\r\n", "a line of text\r\n".repeat(3200));
        session.append("INBOX", &[], long.as_bytes()).await.expect("taken");
        let full = session.fullness().await.expect("an answer").expect("a number");
        assert!((40..60).contains(&full), "{full}");
        session.close().await;
    });
}
