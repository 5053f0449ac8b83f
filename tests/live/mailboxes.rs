//! Mailboxes are connected, fetched, interrupted and lost, as the commands do it.

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use regard::clock;
use regard::db::{Db, Location};
use regard::intake::live::Live;
use regard::mailboxes::secret::Keys;
use regard::mailboxes::store;
use regard::mailboxes::sync::Fetcher;
use regard::record::project;
use serde_json::Value;
use tokio::sync::Mutex;

use crate::office::{Office, letter};
use crate::support::run;

const ASKS: &str = "Dear Alice,\n\nCould you send me the signed lease, please?\n\nJo";

fn count(value: &Value, what: &str) -> u64 {
    value[0][what].as_u64().unwrap_or_else(|| panic!("{what} in {value}"))
}

#[test]
fn a_letter_on_the_server_is_owed_an_answer_after_the_next_fetch() {
    let office = Office::open();
    // The servers of a test are on this machine: that must be allowed.
    let refused = office.connect("alice", &[]);
    assert!(!refused.good && refused.err.contains("open internet"), "{refused:?}");
    let said = office.connect("alice", &["--private-network"]).ok();
    assert!(said.out.contains("+ INBOX") && said.out.contains("- Junk"), "{}", said.out);
    office.jo_writes(1, ASKS);
    let fetched = office.sync();
    assert_eq!((count(&fetched, "added"), count(&fetched, "copies")), (1, 0), "{fetched}");
    let owed = office.owed();
    let answer = owed.iter().find(|owed| owed["kind"] == "answer").expect("an answer is owed");
    assert_eq!(answer["client"], "c1");
    assert_eq!(answer["owner"], "alice@example.org");
    assert_eq!(answer["evidence"][0]["message_id"], "<letter-1@acme.example>");

    let again = office.sync();
    assert_eq!((count(&again, "added"), count(&again, "copies")), (0, 0), "{again}");

    // What vanishes from the server stays in the record.
    office.server.admin(&["expunge", "-u", "alice", "mailbox", "INBOX", "all"]);
    office.sync();
    assert_eq!(office.owed().len(), owed.len());
    office.run(&["verify"]).ok();
}

#[test]
fn a_letter_that_is_deleted_on_the_server_keeps_its_entry_its_words_and_its_clock() {
    let office = Office::open();
    office.connect("alice", &["--private-network"]).ok();
    office.jo_writes(1, ASKS);
    office.jo_writes(2, "Dear Alice,\n\nThe surveyor comes on the ninth, for your file.\n\nJo");
    office.sync();
    let id = office.answer_owed();
    let entries = || {
        let record = office.run(&["doctor", "--json"]).json()["record"].clone();
        let lines = record.as_array().expect("lines").clone();
        lines.into_iter().find(|line| line["what"] == "entries").expect("a line")["value"].clone()
    };
    let owed = office.owed();
    assert_eq!(entries(), "2 messages");
    // One is put into the bin and that is emptied, the other is gone at once; later the whole mailbox is another.
    office.server.admin(&["mailbox", "create", "-u", "alice", "Bin"]);
    office.server.admin(&["move", "-u", "alice", "Bin", "mailbox", "INBOX", "subject", "part 1"]);
    office.sync();
    office.server.admin(&["expunge", "-u", "alice", "mailbox", "Bin", "all"]);
    office.server.admin(&["expunge", "-u", "alice", "mailbox", "INBOX", "all"]);
    for _ in 0..2 {
        let fetched = office.sync();
        assert_eq!((count(&fetched, "added"), count(&fetched, "copies")), (0, 0), "{fetched}");
        assert_eq!((office.owed(), entries()), (owed.clone(), "2 messages".into()));
    }
    let left = office.server.admin(&["search", "-u", "alice", "all"]);
    assert_eq!(left, "", "nothing of it is on the server");
    office.run(&["verify"]).ok();
    // It is answered as any letter, in its thread.
    let answer = "Dear Jo,\n\nThe signed lease went out to you by post this morning.\n";
    let sent = office.write_to(&["send", &id, "--now", "--json"], answer).json();
    assert_eq!(sent["state"], "sent", "{sent}");
    let [taken] = &office.sink.taken()[..] else { panic!("one message") };
    assert!(taken.text.contains("In-Reply-To: <letter-1@acme.example>"), "{}", taken.text);
}

#[test]
fn a_clients_address_and_one_that_is_connected_are_refused_on_the_command_line_as_on_the_page() {
    let office = Office::open();
    let add = |address: &str, host: &str, more: &[&str]| {
        let ways = ["connect", "add", address, "--untested", "--imap", host, "--smtp", host];
        office.run(&[&ways[..], more].concat())
    };
    for more in [&[][..], &["--again"]] {
        let refused = add("Jo@acme.example", "mail.example.org", more);
        assert!(!refused.good && refused.err.contains("is that of a client"), "{refused:?}");
    }
    let refused = add("nobody", "mail.example.org", &[]);
    assert!(!refused.good && refused.err.contains("a name, an @ and a domain"), "{refused:?}");
    add("bob@example.org", "mail.example.org", &[]).ok();
    let twice = add("BOB@example.org", "other.example.org", &[]);
    assert!(!twice.good && twice.err.contains("connected already; --again"), "{twice:?}");
    let listed = || office.run(&["connect", "list", "--json"]).ok().out;
    assert!(listed().contains("mail.example.org"), "nothing was changed: {}", listed());
    add("bob@example.org", "other.example.org", &["--again"]).ok();
    assert!(listed().contains("other.example.org") && !listed().contains("mail.example.org"));
}

#[test]
fn what_is_wrong_with_a_server_that_somebody_names_is_said_so_that_they_can_mend_it() {
    let office = Office::open();
    let authority = office.write("certificate.pem", &office.server.certificate);
    let (imaps, smtps) = (office.server.imaps.to_string(), office.server.submission[1].to_string());
    let add = |imap: &str, smtp: &str, more: &[&str]| {
        let (imap, smtp) = (format!("localhost:{imap}"), format!("localhost:{smtp}"));
        let ways = ["connect", "add", "alice@example.org", "--user", "alice", "--private-network"];
        let servers = ["--imap", &imap, "--smtp", &smtp, "--authority", &authority];
        office.run(&[&ways[..], &servers, more].concat())
    };
    let refused = |said: crate::office::Said, words: &str| {
        assert!(!said.good && said.err.contains(words), "{words}: {said:?}");
        assert!(!said.err.contains("not now") && !said.err.contains("onnection error"), "{said:?}");
        assert!(office.run(&["connect", "list"]).ok().out.contains("No mailbox is connected"));
    };
    refused(add(&office.server.imap.to_string(), &smtps, &[]), "no TLS is spoken at port");
    refused(add(&imaps, &office.server.submission[0].to_string(), &[]), "no TLS is spoken at port");
    refused(add(&imaps, "1", &[]), "localhost:1 takes no mail: localhost:1 cannot be reached");
    refused(add(&imaps, &imaps, &[]), "this is no SMTP server");
    // A folder that is not there: those that are stand with it.
    refused(
        add(&imaps, &smtps, &["--folder", "Posteingang"]),
        "no folder Posteingang; there are Ablage, Drafts, INBOX",
    );
    // The inbox is known however it is written.
    let said = add(&imaps, &smtps, &["--folder", "Inbox"]).ok().out;
    // What the settings allow needs no flag.
    let server = format!("localhost:{imaps}");
    let other = ["connect", "add", "bob@example.org", "--untested", "--imap", &server, "--user", "bob"];
    let other = [&other[..], &["--authority", &authority]].concat();
    office.command(&other).env("REGARD_PRIVATE_NETWORK", "true").output().expect("it runs");
    let tested = office.run(&["connect", "test", "bob@example.org"]);
    assert!(!tested.err.contains("open internet"), "{tested:?}");
    office.run(&["connect", "remove", "bob@example.org"]).ok();
    assert!(said.contains("+ INBOX") && said.contains("- Sent"), "{said}");
    office.jo_writes(1, ASKS);
    assert_eq!(count(&office.sync(), "added"), 1);
}

#[test]
fn while_one_fetches_a_mailbox_another_leaves_it_alone() {
    let office = Office::open();
    // Takes connections and never says a word.
    let mute = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let server = format!("localhost:{}", mute.local_addr().expect("an address").port());
    let add = ["connect", "add", "bob@example.org", "--untested", "--private-network"];
    office.run(&[&add[..], &["--imap", &server, "--imap-security", "plain"]].concat()).ok();
    let mut first = office.command(&["sync"]).spawn().expect("it runs");
    let held = mute.accept().expect("it connects");
    let second = office.run(&["sync", "--json"]).json();
    assert_eq!(second["mailboxes"][0]["elsewhere"], true, "{second}");
    first.kill().expect("killed");
    first.wait().expect("it ends");
    drop(held);
}

#[test]
fn the_same_letter_in_two_mailboxes_counts_once_and_moving_it_changes_nothing() {
    let office = Office::open();
    office.connect("alice", &["--private-network"]).ok();
    office.connect("bob", &["--private-network"]).ok();
    office.jo_writes(1, ASKS);
    office.server.deliver("bob", &letter(1, ASKS));
    let fetched = office.sync();
    let added: u64 =
        fetched.as_array().expect("two").iter().map(|one| one["added"].as_u64().unwrap_or(0)).sum();
    assert_eq!(added, 1, "{fetched}");
    let before = office.owed();
    office.server.admin(&["mailbox", "create", "-u", "alice", "Clients"]);
    office.server.admin(&["move", "-u", "alice", "Clients", "mailbox", "INBOX", "all"]);
    let fetched = office.sync();
    assert_eq!((count(&fetched, "added"), count(&fetched, "copies")), (0, 1), "{fetched}");
    assert_eq!(office.owed(), before);
}

#[test]
fn a_password_is_nowhere_in_clear() {
    let office = Office::open();
    office.connect("alice", &["--private-network"]).ok();
    office.jo_writes(1, ASKS);
    office.sync();
    let backup = office.write("backup.regard", "");
    std::fs::remove_file(&backup).expect("removed");
    office.run(&["backup", &backup]).ok();
    let password = crate::dovecot::PASSWORD.as_bytes();
    let mut files = vec![std::path::PathBuf::from(&backup)];
    files.extend(std::fs::read_dir(office.data()).expect("the data").flatten().map(|entry| entry.path()));
    for file in files.iter().filter(|file| file.is_file()) {
        let mut bytes = std::fs::read(file).expect("read");
        let holds = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
        if *file == std::path::Path::new(&backup) {
            // Behind the stream stands its hash.
            let mut stream = zstd::Decoder::new(&bytes[..]).expect("a backup").single_frame();
            let mut whole = Vec::new();
            std::io::Read::read_to_end(&mut stream, &mut whole).expect("a backup");
            bytes = whole;
            assert!(holds(&bytes, b"alice@example.org"), "what stands in a backup can be read");
        }
        assert!(!holds(&bytes, password), "{}", file.display());
    }
    for command in [&["connect", "list", "--json"][..], &["doctor", "--json"]] {
        let said = office.run(command);
        assert!(!said.out.contains(crate::dovecot::PASSWORD) && !said.err.contains(crate::dovecot::PASSWORD));
    }
    // With another key it is still fetched; without any it is said what to do.
    let key = std::fs::read(office.data().join("key")).expect("the key");
    office.run(&["connect", "rotate-key"]).ok();
    assert_ne!(std::fs::read(office.data().join("key")).expect("the key"), key);
    office.sync();
    std::fs::write(office.data().join("key"), &key).expect("written");
    let said = office.run(&["sync"]);
    assert!(!said.good && said.out.contains("another key"), "{said:?}");
    std::fs::remove_file(office.data().join("key")).expect("removed");
    let said = office.run(&["sync"]);
    assert!(!said.good && said.err.contains("connect the mailboxes anew"), "{said:?}");
}

#[test]
fn a_refused_login_is_told_until_it_is_mended_and_a_server_that_is_away_is_passed_over() {
    let mut office = Office::open();
    office.connect("alice", &["--private-network"]).ok();
    office.jo_writes(1, ASKS);
    office.sync();
    office.run(&["doctor"]).ok();

    office.server.stop();
    let said = office.run(&["sync", "--json"]);
    assert!(!said.good && said.out.contains("cannot be reached"), "{said:?}");
    // Once is nothing to be woken for.
    office.run(&["doctor"]).ok();
    assert!(office.server.begin());
    assert_eq!(count(&office.sync(), "added"), 0);

    office.server.set_password("other");
    let said = office.run(&["sync"]);
    assert!(!said.good && said.out.contains("refused the login"), "{said:?}");
    let doctor = office.run(&["doctor"]);
    assert!(!doctor.good && doctor.out.contains("regard connect login"), "{doctor:?}");
    let list = office.run(&["connect", "list", "--json"]).json();
    assert!(list["mailboxes"][0]["alarm"].as_str().is_some_and(|alarm| alarm.contains("refused")), "{list}");
    // A wrong password is not taken.
    assert!(!office.run(&["connect", "login", "alice@example.org"]).good);
    let file = office.write("password", "other\n");
    office.run(&["connect", "login", "alice@example.org", "--password-file", &file]).ok();
    office.run(&["doctor"]).ok();
    assert_eq!(count(&office.sync(), "added"), 0);
    office.run(&["connect", "remove", "alice@example.org"]).ok();
    assert!(!office.run(&["sync"]).good);
    assert_eq!(office.owed().iter().filter(|owed| owed["kind"] == "answer").count(), 1);
}

#[test]
fn what_a_server_holds_for_unwanted_is_told_where_a_client_wrote_it() {
    let office = Office::open();
    office.connect("alice", &["--private-network"]).ok();
    office.jo_writes(1, ASKS);
    office
        .server
        .deliver("alice", &letter(2, "Cheap watches").replace("jo@acme.example", "seller@watches.example"));
    office.server.admin(&["move", "-u", "alice", "Junk", "mailbox", "INBOX", "all"]);
    let fetched = office.sync();
    assert_eq!((count(&fetched, "added"), count(&fetched, "in_junk")), (1, 1), "{fetched}");
    let id = office.answer_owed();
    assert!(!office.run(&["correspondents", "--json"]).json().to_string().contains("watches.example"));
    let list = office.run(&["connect", "list"]).ok();
    assert!(list.out.contains("Acme Mills") && list.out.contains("The lease, part 1"), "{}", list.out);
    let doctor = office.run(&["doctor"]);
    assert!(!doctor.good && doctor.out.contains("holds it for unwanted"), "{doctor:?}");
    // Looked at again it is told as before; taken out of that folder it is a letter like any other.
    assert_eq!(count(&office.sync(), "added"), 0);
    assert!(office.run(&["connect", "list"]).ok().out.contains("Acme Mills"));
    office.server.admin(&["move", "-u", "alice", "INBOX", "mailbox", "Junk", "from", "jo@acme.example"]);
    let fetched = office.sync();
    assert_eq!((count(&fetched, "added"), count(&fetched, "copies")), (0, 1), "{fetched}");
    assert_eq!(count(&fetched, "in_junk"), 0, "{fetched}");
    office.run(&["doctor"]).ok();
    assert_eq!(office.answer_owed(), id);
}

#[test]
fn a_first_fetch_that_is_killed_goes_on_and_nothing_is_lost_or_twice() {
    let office = Office::open();
    office.connect("alice", &["--private-network"]).ok();
    let letters: Vec<String> =
        (1..=700).map(|n| letter(n, &format!("Dear Alice, number {n}. {ASKS}"))).collect();
    office.server.deliver_all("alice", &letters);
    // Killed a little later each time, until one comes through.
    let mut killed = 0;
    let mut wait = 60;
    loop {
        let mut child = office
            .command(&["sync", "--json"])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("it runs");
        std::thread::sleep(Duration::from_millis(wait));
        if child.try_wait().expect("a child").is_some() {
            break;
        }
        if killed == 8 {
            assert!(child.wait().expect("a child").success());
            break;
        }
        child.kill().expect("killed");
        child.wait().expect("a child");
        killed += 1;
        wait += 120;
    }
    assert!(0 < killed);
    office.sync();
    office.run(&["verify"]).ok();
    let doctor = office.run(&["doctor", "--json"]).json();
    let entries = doctor["record"].as_array().expect("lines").iter().find(|line| line["what"] == "entries");
    assert_eq!(entries.expect("a line")["value"], "700 messages");
    let openers = office.owed().iter().filter(|owed| owed["kind"] == "answer").count();
    assert!(0 < openers);
}

#[test]
fn while_other_mailboxes_are_fetched_all_is_settled_no_more_often_than_pays() {
    let office = Office::open();
    office.connect("alice", &["--private-network"]).ok();
    // More than are settled one by one.
    let arrive = |office: &Office, first: u32| {
        let letters: Vec<String> = (first..first + 101).map(|n| letter(n, ASKS)).collect();
        office.server.deliver_all("alice", &letters);
    };
    run(async {
        let db = Db::open(&Location::Folder(office.data())).await.expect("a database");
        let firm =
            regard::firm::store::all(&mut db.read().await.expect("read")).await.expect("firms").remove(0);
        let keys = Keys::find(Some(&office.data()), |_| None, false).expect("keys");
        let (live, stop) = (Mutex::new(Live::new(&db, &firm).expect("a way in")), AtomicBool::new(false));
        // Time that goes ever slower: all that is left of it is shorter than the rest that was earned.
        let (begun, asked) = (clock::now(), AtomicI32::new(0));
        let now = || {
            let left = 0.75_f64.powi(asked.fetch_add(1, Ordering::Relaxed));
            begun + SignedDuration::from_secs_f64(3600.0 * (1.0 - left))
        };
        let fetcher = Fetcher::new(&db, &firm, &live, &keys, &stop, &now);
        let mailbox = store::all(&mut db.read().await.expect("read"), firm.id).await.expect("all").remove(0);
        let fetch = async || {
            fetcher.fetch(&mailbox).await.expect("fetched");
            project::is_behind(&mut db.read().await.expect("read"), firm.id).await.expect("told")
        };

        let another = fetcher.pace.more_to_come();
        arrive(&office, 1);
        assert!(!fetch().await, "the first time nothing is waited for");
        arrive(&office, 201);
        assert!(fetch().await, "it was settled a moment ago, and more is to come");
        // What comes last fails: whoever ended before left it to that one.
        let mut open = fetcher.open(&mailbox).await.expect("signed in");
        drop(another);
        office.server.admin(&["kick", "alice"]);
        fetcher.fetch_in(&mailbox, &mut open).await.expect_err("it was hung up on");
        let is_behind = project::is_behind(&mut db.read().await.expect("read"), firm.id).await;
        assert!(!is_behind.expect("told"), "nothing is to come any more");
    });
}
