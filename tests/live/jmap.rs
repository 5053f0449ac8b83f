//! Mailboxes on a server that speaks JMAP: a real Cyrus, and one between which and us somebody stands who lies.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::beside::{Served, within};
use crate::between::{Asked, Between, Way};
use crate::cyrus::{Cyrus, SECRET};
use crate::issuer::{CLIENT, IssuerServer, SECRET as ISSUER_SECRET};
use crate::office::{Office, Said, letter};
use crate::sink::Ways;

const ASKS: &str = "Dear Alice,\n\nCould you send me the signed lease, please?\n\nJo";
const ANSWER: &str = "Dear Jo,\n\nThe signed lease went out to you by post this morning.\n";
const ALICE: &str = "alice@example.org";

/// What is wrong, with which question, and what is answered to it.
type Lie = (&'static str, fn(&Asked) -> bool, fn() -> Way);

/// An office, and the server on which Alice has her mailbox.
pub(crate) struct Firm {
    pub(crate) office: Office,
    pub(crate) cyrus: Cyrus,
}

impl Firm {
    pub(crate) fn open() -> Firm {
        Firm::with(Office::open(), "")
    }

    fn with(office: Office, settings: &str) -> Firm {
        let cyrus = Cyrus::start_with(office.sink.port, settings);
        // Whoever never got a letter has no mailbox there.
        cyrus.deliver("alice", &[]);
        cyrus.imap("alice", &["LOGOUT"]);
        Firm { office, cyrus }
    }

    /// Connects Alice's mailbox at a port of this machine.
    pub(crate) fn connect(&self, port: u16, more: &[&str]) -> Said {
        let address = format!("http://localhost:{port}");
        let password = self.office.write("secret", SECRET);
        let mut args = vec!["connect", "add", ALICE, "--jmap", &address, "--user", "alice"];
        args.extend(["--private-network", "--password-file", &password]);
        args.extend(more);
        self.office.run(&args)
    }

    fn connected() -> Firm {
        let firm = Firm::open();
        firm.connect(firm.cyrus.http, &[]).ok();
        firm
    }

    pub(crate) fn jo_writes(&self, numbers: std::ops::RangeInclusive<u32>) {
        let letters: Vec<String> =
            numbers.map(|n| letter(n, &format!("Dear Alice, number {n}. {ASKS}"))).collect();
        self.cyrus.deliver("alice", &letters);
    }

    /// Fetches; what was added, what was there, and what is wrong.
    fn sync(&self) -> (u64, u64, Value) {
        let said = self.office.run(&["sync", "--json"]);
        let done: Value = serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {said:?}"));
        let one = &done["mailboxes"][0];
        (
            one["added"].as_u64().expect("a count"),
            one["copies"].as_u64().expect("a count"),
            one["error"].clone(),
        )
    }

    #[track_caller]
    pub(crate) fn brings(&self, added: u64, copies: u64) {
        assert_eq!(self.sync(), (added, copies, Value::Null));
    }

    fn alarm(&self) -> String {
        self.office.run(&["connect", "list", "--json"]).json()["mailboxes"][0]["alarm"].to_string()
    }

    fn entries(&self) -> String {
        let doctor: Value = serde_json::from_str(&self.office.run(&["doctor", "--json"]).out).expect("JSON");
        let lines = doctor["record"].as_array().expect("lines").clone();
        lines.into_iter().find(|line| line["what"] == "entries").expect("a line")["value"].to_string()
    }
}

#[test]
fn a_letter_is_owed_an_answer_that_is_sent_by_the_same_way_and_seen_once() {
    let firm = Firm::open();
    let said = firm.connect(firm.cyrus.http, &[]).ok();
    for line in ["+ Inbox", "+ Sent", "- Junk", "- Private", "- Trash"] {
        assert!(said.out.contains(line), "{line} in {}", said.out);
    }
    firm.jo_writes(1..=1);
    firm.brings(1, 0);
    firm.brings(0, 0);
    let id = firm.office.answer_owed();
    let sent = firm.office.write_to(&["send", &id, "--now", "--json"], ANSWER).json();
    assert_eq!(sent["state"], "sent", "{sent}");
    let taken = firm.office.sink.taken();
    assert_eq!((taken.len(), &taken[0].to), (1, &vec!["jo@acme.example".to_owned()]));
    assert!(firm.office.owed().iter().any(|owed| owed["id"] == id.as_str() && owed["state"] == "kept"));
    // Its copy among sent mail is the same letter.
    firm.brings(0, 1);
    let among =
        firm.cyrus.imap("alice", &["EXAMINE Sent", "UID SEARCH ALL", "EXAMINE Drafts", "UID SEARCH ALL"]);
    let found: Vec<&str> = among.lines().filter(|line| line.starts_with("* SEARCH")).collect();
    assert_eq!(found, ["* SEARCH 1", "* SEARCH"], "once among sent mail, and no draft is left: {among}");
    // What is refused is told, and stays nowhere on the way.
    firm.jo_writes(2..=2);
    firm.brings(1, 0);
    firm.office.sink.behave(Ways { refused: vec![("jo@acme.example", "550 no")], ..Ways::default() });
    let refused = firm.office.write_to(&["send", &firm.office.answer_owed(), "--now", "--json"], ANSWER);
    assert!(refused.out.contains("failed") || refused.err.contains("refused"), "{refused:?}");
    let drafts = firm.cyrus.imap("alice", &["STATUS Drafts (MESSAGES)"]);
    assert!(drafts.contains("MESSAGES 0"), "{drafts}");
    firm.office.run(&["verify"]).ok();
}

#[test]
fn a_mailbox_that_others_share_is_fetched_under_its_own_address_and_answered_by_smtp() {
    let firm = Firm::connected();
    firm.cyrus.deliver("office", &[letter(1, ASKS).replace(ALICE, "office@example.org")]);
    firm.cyrus.imap("office", &["SETACL INBOX alice lrsip", "LOGOUT"]);
    let (url, smtp) = (firm.cyrus.url(), format!("localhost:{}", firm.office.sink.port));
    let password = firm.office.write("secret", SECRET);
    let add = |account: &str, more: &[&str]| {
        let mut args = vec!["connect", "add", "office@example.org", "--jmap", &url, "--account", account];
        args.extend(["--user", "alice", "--private-network", "--password-file", &password]);
        args.extend(more);
        firm.office.run(&args)
    };
    let by_smtp = ["--smtp", &smtp, "--smtp-security", "plain"];
    let nobodys = add("carol", &by_smtp);
    assert!(!nobodys.good && nobodys.err.contains("mail of alice, office"), "{nobodys:?}");
    // Its owner lets others read it, and the server lets only them send.
    assert!(add("office", &[]).err.contains("takes no mail"));
    let said = add("office", &by_smtp).ok();
    assert!(said.out.contains("+ Inbox"), "{}", said.out);
    let synced = firm.office.run(&["sync", "--json"]).json();
    let brought: Vec<_> =
        synced["mailboxes"].as_array().expect("two").iter().map(|one| &one["added"]).collect();
    assert_eq!(brought, [0, 1], "{synced}");
    let listed = firm.office.run(&["connect", "list", "--json"]).json();
    let place = url.trim_start_matches("http://").trim_end_matches('/');
    assert_eq!(listed["mailboxes"][1]["fetched_by"], format!("{place} (JMAP, office)"));
    let id = firm.office.answer_owed();
    let sent =
        firm.office.write_to(&["send", &id, "--from", "office@example.org", "--now", "--json"], ANSWER);
    assert_eq!(sent.json()["state"], "sent");
    assert!(firm.office.sink.taken()[0].text.contains("office@example.org"));
}

#[test]
fn what_is_moved_or_deleted_keeps_its_entry_and_what_is_private_is_left_out() {
    let firm = Firm::connected();
    firm.jo_writes(1..=4);
    firm.cyrus.imap("alice", &["SELECT INBOX", "MOVE 4 Private", "CREATE Clients", "LOGOUT"]);
    firm.brings(3, 0);
    let owed = firm.office.owed();
    firm.cyrus.imap("alice", &["SELECT INBOX", "MOVE 1 Clients", "STORE 1 +FLAGS (\\Deleted)", "EXPUNGE"]);
    firm.brings(0, 0);
    assert_eq!(firm.office.owed(), owed);
    // No longer private, it is a letter like any other.
    firm.cyrus.imap("alice", &["SELECT Private", "MOVE 1 INBOX"]);
    firm.brings(1, 0);
    // Only one folder from now on, which is listed by its name or by the server's.
    firm.office.run(&["connect", "remove", ALICE]).ok();
    assert!(
        firm.connect(firm.cyrus.http, &["--again", "--folder", "Nowhere"]).err.contains("no folder Nowhere")
    );
    firm.connect(firm.cyrus.http, &["--again", "--folder", "Private"]).ok();
    firm.jo_writes(5..=5);
    firm.brings(0, 0);
    firm.cyrus.imap("alice", &["SELECT INBOX", "MOVE 1:* Private"]);
    firm.brings(1, 0);
    firm.office.run(&["verify"]).ok();
}

#[test]
fn what_the_server_holds_for_unwanted_is_told_where_a_client_wrote_it() {
    let firm = Firm::connected();
    let cheap = letter(2, "Cheap watches").replace("jo@acme.example", "seller@watches.example");
    firm.jo_writes(1..=1);
    firm.cyrus.deliver("alice", &[cheap]);
    firm.cyrus.imap("alice", &["SELECT INBOX", "MOVE 1:2 Junk"]);
    firm.brings(1, 0);
    let id = firm.office.answer_owed();
    firm.brings(0, 0);
    let list = firm.office.run(&["connect", "list"]).ok();
    assert!(list.out.contains("Acme Mills") && list.out.contains("The lease, part 1"), "{}", list.out);
    assert!(!list.out.contains("watches"), "{}", list.out);
    firm.cyrus.imap("alice", &["SELECT Junk", "MOVE 1 INBOX"]);
    firm.brings(0, 1);
    let list = firm.office.run(&["connect", "list"]).ok();
    assert!(!list.out.contains("unwanted"), "{}", list.out);
    assert_eq!(firm.office.answer_owed(), id);
}

#[test]
fn a_first_fetch_that_is_killed_goes_on_and_nothing_is_lost_or_twice() {
    let firm = Firm::with(Office::open(), "jmap_max_objects_in_get: 50\n");
    firm.connect(firm.cyrus.http, &[]).ok();
    firm.jo_writes(1..=600);
    let (mut killed, mut wait) = (0, 100);
    while killed < 8 {
        let mut child = firm.office.command(&["sync"]).spawn().expect("it runs");
        std::thread::sleep(Duration::from_millis(wait));
        if child.try_wait().expect("a child").is_some() {
            break;
        }
        child.kill().expect("killed");
        child.wait().expect("a child");
        killed += 1;
        wait += 150;
    }
    assert!(0 < killed);
    let (added, copies, error) = firm.sync();
    assert_eq!((copies, error), (0, Value::Null), "{added} were left");
    assert_eq!(firm.entries(), "\"600 messages\"");
    firm.brings(0, 0);
    firm.office.run(&["verify"]).ok();
}

#[test]
fn a_server_that_forgot_is_compared_with_and_one_that_lies_loses_nothing() {
    let firm = Firm::open();
    let between = Between::start(firm.cyrus.http, "alice", SECRET);
    firm.connect(between.port, &[]).ok();
    firm.jo_writes(1..=3);
    firm.brings(3, 0);
    // It knows nothing of what changed any more.
    let forgot = "{\"methodResponses\":[[\"error\",{\"type\":\"cannotCalculateChanges\"},\"0\"]]}";
    between.behave(move |asked| match asked.calls("Email/changes") {
        true => Way::Says(200, "application/json", forgot.to_owned()),
        false => Way::On,
    });
    firm.jo_writes(4..=5);
    firm.cyrus.imap("alice", &["SELECT INBOX", "STORE 1 +FLAGS (\\Deleted)", "EXPUNGE"]);
    between.heard();
    firm.brings(2, 0);
    let fetched = between.heard().iter().filter(|asked| asked.path.contains("/download/")).count();
    assert_eq!(fetched, 2, "what is known is not fetched again");

    // Whatever it says, nothing is passed over: the next honest look brings it.
    let lies: [Lie; 5] = [
        ("no answer", |asked| asked.calls("Email/changes"), || Way::Ends),
        (
            "no JSON",
            |asked| asked.calls("Email/get"),
            || Way::Says(200, "application/json", "{\"a".to_owned()),
        ),
        (
            "other ids",
            |asked| asked.calls("Email/get"),
            || Way::Alters(Box::new(|text| text.replace("\"id\":\"M", "\"id\":\"X"))),
        ),
        ("no bytes", |asked| asked.path.contains("/download/"), || Way::Ends),
        (
            "too many bytes",
            |asked| asked.path.contains("/download/"),
            || Way::Says(200, "message/rfc822", "x".repeat(4 << 20)),
        ),
    ];
    for (n, (what, when, way)) in (6..).zip(lies) {
        firm.jo_writes(n..=n);
        between.behave(move |asked| if when(asked) { way() } else { Way::On });
        let (added, copies, error) = firm.sync();
        assert!(error.is_string() && (added, copies) == (0, 0), "{what}: {added}, {copies}, {error}");
        between.behave(|_| Way::On);
        firm.brings(1, 0);
    }
    firm.office.run(&["verify"]).ok();
}

#[test]
fn a_refused_login_is_told_until_it_is_mended_also_in_the_middle() {
    let firm = Firm::open();
    let between = Between::start(firm.cyrus.http, "alice", SECRET);
    firm.connect(between.port, &[]).ok();
    firm.jo_writes(1..=2);
    between.behave(|asked| match asked.path.contains("/download/") {
        true => Way::Says(401, "text/plain", String::new()),
        false => Way::On,
    });
    let (_, _, error) = firm.sync();
    assert!(error.to_string().contains("refused the login"), "{error}");
    assert!(firm.alarm().contains("regard connect login"), "{}", firm.alarm());
    between.behave(|_| Way::On);
    firm.brings(2, 0);
    assert_eq!(firm.alarm(), "null");
    firm.cyrus.set_password("other");
    assert!(firm.sync().2.to_string().contains("refused the login"));
    let doctor = firm.office.run(&["doctor"]);
    assert!(!doctor.good && doctor.out.contains("regard connect login"), "{doctor:?}");
    let file = firm.office.write("other", "other\n");
    firm.office.run(&["connect", "login", ALICE, "--password-file", &file]).ok();
    firm.brings(0, 0);
    // Away is no refusal.
    firm.cyrus.stop();
    assert!(firm.sync().2.is_string());
    assert_eq!(firm.alarm(), "null", "once is nothing to be woken for");
    assert!(firm.cyrus.begin());
    firm.brings(0, 0);
}

#[test]
fn a_token_is_renewed_when_it_is_taken_away_and_the_end_of_a_sign_in_is_told() {
    let firm = Firm::open();
    let between = Between::start(firm.cyrus.http, "alice", SECRET);
    let issuer = IssuerServer::start();
    let asked = issuer.clone();
    between.take_tokens(move |token| asked.is_good(token));
    let secret = firm.office.write("client-secret", ISSUER_SECRET);
    let (token, device) = (issuer.url("token"), issuer.url("device"));
    let named = ["connect", "issuer", "add", "other", "--name", "Ours", "--client-id", CLIENT];
    let places =
        ["--client-secret-file", &secret, "--authorize", &issuer.url("authorize"), "--token", &token];
    let more = ["--device", &device, "--scopes", "mail"];
    firm.office.run(&[&named[..], &places, &more].concat()).ok();
    issuer.known().typed = true;
    let address = format!("http://localhost:{}", between.port);
    let add = ["connect", "add", ALICE, "--jmap", &address, "--user", "alice", "--private-network"];
    firm.office.run(&[&add[..], &["--sign-in", "Ours"]].concat()).ok();
    firm.jo_writes(1..=1);
    firm.brings(1, 0);
    assert_eq!(issuer.known().renewed, 0);
    // Taken away before its time.
    issuer.revoke();
    firm.brings(0, 0);
    assert_eq!((issuer.known().renewed, firm.alarm()), (1, "null".to_owned()));
    // Taken away in the middle of a fetch: another is got, and all of it comes.
    firm.jo_writes(2..=3);
    let (again, once) = (issuer.clone(), Arc::new(AtomicBool::new(false)));
    between.behave(move |asked| {
        if asked.path.contains("/download/") && !once.swap(true, Ordering::Relaxed) {
            again.revoke();
            return Way::Says(401, "text/plain", String::new());
        }
        Way::On
    });
    firm.brings(2, 0);
    assert_eq!(issuer.known().renewed, 2);
    issuer.revoke();
    let sent = firm.office.write_to(&["send", &firm.office.answer_owed(), "--now", "--json"], ANSWER).json();
    assert_eq!(sent["state"], "sent", "{sent}");
    issuer.revoke_all();
    assert!(firm.sync().2.is_string());
    assert!(firm.alarm().contains("sign in again"), "{}", firm.alarm());
}

#[test]
fn what_arrives_is_fetched_as_the_server_tells_of_it() {
    let firm = Firm::open();
    let between = Between::start(firm.cyrus.http, "alice", SECRET);
    let tells = |account: &str| {
        format!("event: state\ndata: {{\"changed\":{{\"{account}\":{{\"Email\":\"new\"}}}}}}\n\n")
    };
    let news = vec![(Duration::from_secs(4), tells("bob") + &tells("alice"))];
    between.behave(move |asked| match asked.path.contains("/eventsource/") {
        true => Way::Tells(news.clone()),
        false => Way::On,
    });
    firm.connect(between.port, &[]).ok();
    let served = Served::start(&firm.office, &[]);
    let listens = || between.heard().iter().any(|asked| asked.path.contains("/eventsource/"));
    within(20, "it to listen", listens);
    std::thread::sleep(Duration::from_secs(1));
    firm.jo_writes(1..=1);
    let begun = Instant::now();
    within(20, "the letter", || firm.office.owed().iter().any(|owed| owed["kind"] == "answer"));
    assert!(begun.elapsed() < Duration::from_secs(15), "sooner than it would ask by itself");
    let took = served.stop();
    assert!(took < Duration::from_secs(8), "{took:?}");
}

#[test]
fn on_a_database_server_too_a_mailbox_is_fetched_by_jmap() {
    let firm = Firm::with(Office::open_on_a_server(), "");
    firm.connect(firm.cyrus.http, &[]).ok();
    firm.jo_writes(1..=2);
    firm.cyrus.imap("alice", &["SELECT INBOX", "MOVE 1 Junk"]);
    firm.brings(2, 0);
    firm.cyrus.imap("alice", &["SELECT Junk", "MOVE 1 INBOX"]);
    firm.brings(0, 1);
    firm.office.run(&["verify"]).ok();
}
