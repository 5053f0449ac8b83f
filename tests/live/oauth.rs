//! Mailboxes that are signed in to by OAuth 2, at a real Dovecot that asks a server of ours whether a token is good.

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use regard::app::outside::Allowed;
use regard::app::{App, Handles};
use regard::board::Asker;
use regard::clock::Clock;
use regard::db::{Db, Location};
use regard::ids::FirmId;
use regard::mailboxes::oauth::Way;
use regard::mailboxes::oauth::begun::{Mailbox, To, Wish};
use regard::mailboxes::secret::Keys;
use regard::mailboxes::{FetchBy, SendBy, Server};
use regard::settings::issuers::{self, NewIssuer};
use regard::settings::signing::{self, Answer, Done};
use wire::net::{Limits, Reach, Security};

use crate::beside::within;
use crate::issuer::{CLIENT, IssuerServer, SECRET, USER_CODE};
use crate::office::Office;

const ASKS: &str = "Dear Alice,\n\nCould you send me the signed lease, please?\n\nJo";
/// Where answers come back to.
pub(crate) const BACK: &str = "http://127.0.0.1:4646/settings/signed-in";
const ANSWER: &str = "Dear Jo,\n\nThe signed lease went out to you by post this morning.\n";

/// An office whose server takes tokens, with the firm's id at the server that gives them.
fn office() -> (Office, IssuerServer, crate::issuer::ForDovecot) {
    office_of("other", Office::open_with)
}

/// The same, opened so, with the firm's id at one of that kind.
pub(crate) fn office_of(
    whose: &str,
    open: fn(&str) -> Office,
) -> (Office, IssuerServer, crate::issuer::ForDovecot) {
    let issuer = IssuerServer::start();
    let (settings, file) = issuer.dovecot();
    let office = open(&settings);
    let secret = office.write("secret", SECRET);
    office
        .run(&[
            "connect",
            "issuer",
            "add",
            whose,
            "--name",
            "Ours",
            "--client-id",
            CLIENT,
            "--client-secret-file",
            &secret,
            "--authorize",
            &issuer.url("authorize"),
            "--token",
            &issuer.url("token"),
            "--device",
            &issuer.url("device"),
            "--scopes",
            "mail offline",
        ])
        .ok();
    (office, issuer, file)
}

/// Alice's mailbox, signed in to by a short code.
pub(crate) fn signed_in() -> (Office, IssuerServer, crate::issuer::ForDovecot) {
    let (office, issuer, file) = office();
    issuer.known().typed = true;
    office.connect("alice", &["--private-network", "--sign-in", "Ours"]).ok();
    (office, issuer, file)
}

pub(crate) fn alarm(office: &Office) -> String {
    office.run(&["connect", "list", "--json"]).json()["mailboxes"][0]["alarm"].to_string()
}

#[test]
fn a_code_typed_elsewhere_connects_a_mailbox_that_is_fetched_and_sent_from() {
    let (office, issuer, _file) = office();
    let mut command = office.command(&["connect", "add", "alice@example.org", "--user", "alice"]);
    command.args(["--imap", &format!("localhost:{}", office.server.imaps)]);
    command.args(["--smtp", &format!("localhost:{}", office.server.submission[1])]);
    command.args(["--authority", &office.write("a.pem", &office.server.certificate)]);
    command.args(["--private-network", "--sign-in", "ours"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("it runs");
    std::thread::sleep(Duration::from_secs(3));
    assert!(0 < issuer.known().asked, "it asks whether somebody typed the code");
    issuer.known().typed = true;
    let said = crate::office::said(child.wait_with_output().expect("it ends")).ok();
    assert!(said.err.contains(USER_CODE) && said.err.contains("/type-it-here"), "{}", said.err);
    office.jo_writes(1, ASKS);
    office.sync();
    let id = office.answer_owed();
    let sent = office.write_to(&["send", &id, "--now", "--json"], ANSWER).json();
    assert_eq!(sent["state"], "sent", "{sent}");
    assert_eq!(office.sink.taken().len(), 1);
    let log = office.server.log();
    assert!(log.contains("method=XOAUTH2") || log.contains("method=OAUTHBEARER"), "{log}");
}

#[test]
fn a_token_is_renewed_before_it_ends_and_when_it_is_taken_away_and_each_is_used_once() {
    let (office, issuer, _file) = signed_in();
    office.sync();
    assert_eq!(issuer.known().renewed, 0, "it is good for an hour");
    // Taken away before its time: the mail server refuses it, and another is got.
    issuer.revoke();
    assert_eq!(office.sync()[0]["error"], serde_json::Value::Null);
    assert_eq!(issuer.known().renewed, 1);
    assert_eq!(alarm(&office), "null");
    // Good for a moment only: renewed each time, by what the last renewal gave.
    issuer.known().lasts = 60;
    issuer.revoke();
    for n in 2..5 {
        office.sync();
        assert_eq!(issuer.known().renewed, n);
    }
    // Two processes at once: each token for renewing is used once, or the second would be refused for good.
    let both = [office.command(&["sync"]).spawn(), office.command(&["sync"]).spawn()];
    for child in both {
        assert!(child.expect("it runs").wait().expect("it ends").success());
    }
    assert_eq!(alarm(&office), "null");
    // For sending as well.
    issuer.revoke();
    office.jo_writes(1, ASKS);
    office.sync();
    issuer.revoke();
    let sent = office.write_to(&["send", &office.answer_owed(), "--now", "--json"], ANSWER).json();
    assert_eq!(sent["state"], "sent", "{sent}");
}

/// The key is changed between the moment at which a token is given and the one at which it is kept: the old one is used up
/// by then, so the new one must be kept, sealed with the new key.
fn the_key_is_changed_while_a_token_is_renewed(office: &Office, issuer: &IssuerServer) {
    issuer.known().pause = Duration::from_secs(3);
    issuer.revoke();
    let mut fetching = office.command(&["sync"]).spawn().expect("it runs");
    within(20, "the renewal", || issuer.known().renewed == 1);
    office.run(&["connect", "rotate-key"]).ok();
    assert!(fetching.wait().expect("it ends").success());
    issuer.known().pause = Duration::ZERO;
    for renewed in [2, 3] {
        issuer.revoke();
        assert_eq!(office.sync()[0]["error"], serde_json::Value::Null);
        assert_eq!((issuer.known().renewed, alarm(office)), (renewed, "null".to_owned()));
    }
}

#[test]
fn a_key_that_is_changed_while_a_token_is_renewed_loses_nothing() {
    let (office, issuer, _file) = signed_in();
    the_key_is_changed_while_a_token_is_renewed(&office, &issuer);
}

#[test]
fn on_a_database_server_too_a_key_that_is_changed_while_a_token_is_renewed_loses_nothing() {
    let (office, issuer, _file) = office_of("other", Office::open_on_a_server_with);
    issuer.known().typed = true;
    office.connect("alice", &["--private-network", "--sign-in", "Ours"]).ok();
    the_key_is_changed_while_a_token_is_renewed(&office, &issuer);
}

#[test]
fn on_a_database_server_too_somebody_signs_in_and_the_token_is_renewed() {
    let (office, issuer, _file) = office_of("other", Office::open_on_a_server_with);
    issuer.known().typed = true;
    office.connect("alice", &["--private-network", "--sign-in", "Ours"]).ok();
    issuer.revoke();
    office.sync();
    assert_eq!(issuer.known().renewed, 1);
    office.run(&["connect", "sign-in", "alice@example.org"]).ok();
    office.run(&["connect", "rotate-key"]).ok();
    assert!(!office.run(&["connect", "issuer", "remove", "Ours"]).good, "a mailbox needs it");
    office.run(&["connect", "remove", "alice@example.org"]).ok();
    office.run(&["connect", "issuer", "remove", "Ours"]).ok();
}

#[test]
fn while_the_server_for_tokens_is_away_what_is_good_is_used_and_nothing_is_lost() {
    let (office, issuer, _file) = signed_in();
    // About to end, and not over yet.
    issuer.known().lasts = 100;
    issuer.revoke();
    office.sync();
    issuer.known().away = true;
    let before = issuer.known().asked;
    office.jo_writes(1, ASKS);
    office.sync();
    assert!(before < issuer.known().asked, "it tried");
    office.answer_owed();
    // Over: nothing is fetched, and that is no reason to sign in again.
    issuer.revoke();
    office.jo_writes(2, ASKS);
    office.run(&["sync"]);
    let listed = office.run(&["connect", "list", "--json"]).json();
    let trouble = listed["mailboxes"][0]["trouble"].to_string();
    assert!(trouble.contains("no new token from Ours") && !trouble.contains("sign in again"), "{listed}");
    assert_eq!(alarm(&office), "null", "once is nothing");
    issuer.known().away = false;
    office.sync();
    assert!(office.owed().iter().any(|owed| owed["evidence"].to_string().contains("letter-2@")));
    assert_eq!(alarm(&office), "null");
}

#[test]
fn a_sign_in_that_was_taken_back_is_told_once_and_mended_by_signing_in_again() {
    let (office, issuer, _file) = signed_in();
    office.sync();
    issuer.revoke_all();
    office.run(&["sync"]);
    let told = alarm(&office);
    assert!(told.contains("the sign-in has ended") && told.contains("sign in again"), "{told}");
    assert!(!told.contains("regard connect login"), "a password would be of no use: {told}");
    // What is to be sent waits.
    let asked = issuer.known().asked;
    let mut worker = office.command(&["work"]).stderr(Stdio::null()).spawn().expect("it runs");
    std::thread::sleep(Duration::from_secs(8));
    assert!(issuer.known().asked <= asked + 2, "whoever was refused does not keep knocking");
    office.run(&["connect", "sign-in", "alice@example.org"]).ok();
    office.jo_writes(1, ASKS);
    let begun = Instant::now();
    while office.owed().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(15), "it is not fetched again");
        std::thread::sleep(Duration::from_millis(200));
    }
    worker.kill().expect("killed");
    worker.wait().expect("it ends");
    assert_eq!(alarm(&office), "null");
    let doctor = office.run(&["doctor"]);
    // No token and no secret in the database, its backup, or anything that was said.
    let backup = office.data().join("backup.tar");
    office.run(&["backup", &backup.display().to_string()]).ok();
    let mut secrets = issuer.known().given.clone();
    secrets.push(SECRET.to_owned());
    let files =
        std::fs::read_dir(office.data()).expect("the folder").flatten().filter(|file| file.path().is_file());
    for file in files {
        let bytes = std::fs::read(file.path()).expect("a file");
        for secret in &secrets {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} in {}", file.path().display());
        }
    }
    for said in
        [doctor, office.run(&["connect", "list", "--json"]), office.run(&["connect", "issuer", "list"])]
    {
        assert!(!secrets.iter().any(|secret| said.out.contains(secret) || said.err.contains(secret)));
    }
}

/// The web app on the record of an office, and Alice.
pub(crate) async fn web(office: &Office) -> (App, Asker) {
    let db = Db::open(&Location::Folder(office.data())).await.expect("the record");
    let keys = Keys::find(Some(&office.data()), |_| None, true).map_err(|error| error.to_string());
    let app = Handles::new(db, Clock::default(), None);
    let limits = Limits::default();
    app.outside.allow(Allowed { keys, reach: Reach::Private, call_logs: Vec::new(), limits, works: false });
    let firm = FirmId(1);
    let people =
        regard::staff::store::all(&mut app.db.read().await.expect("read"), firm).await.expect("people");
    let alice = people.iter().find(|one| one.name.starts_with("Alice")).expect("Alice").id;
    let board = app.boards.now(&app.db, firm).await.expect("the board");
    let mut asker = regard::web::visitor::asker(&app, firm, alice, board.revision)
        .await
        .expect("an asker")
        .expect("they work here");
    asker.access = regard::access::Access::Owner;
    (app, asker)
}

pub(crate) fn wish(office: &Office, address: &str) -> Wish {
    let server = |port| Server { host: "localhost".to_owned(), port, security: Security::Tls };
    let fetch_by = FetchBy::Imap(server(office.server.imaps));
    let send_by = SendBy::Smtp(server(office.server.submission[1]));
    let to = To::Mailbox(Mailbox::new(address.to_owned(), &fetch_by, &send_by));
    let mut wish = Wish::new(to, BACK.to_owned());
    wish.user = "alice".to_owned();
    wish.authority = office.server.certificate.clone();
    wish
}

#[test]
fn a_browser_that_comes_back_is_let_in_once_with_the_right_state_by_whoever_began() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let issuer = IssuerServer::start();
    let (settings, _file) = issuer.dovecot();
    let office = Office::open_with(&settings);
    let (app, asker) = runtime.block_on(async {
        let (app, asker) = web(&office).await;
        let new = NewIssuer {
            name: "Ours".to_owned(),
            provider: "other".to_owned(),
            client_id: CLIENT.to_owned(),
            secret: SECRET.to_owned(),
            authorize: issuer.url("authorize"),
            token: issuer.url("token"),
            device: String::new(),
            scopes: "mail".to_owned(),
            ..NewIssuer::default()
        };
        issuers::add_issuer(&app, &asker, new).await.expect("kept");
        (Arc::clone(&app), asker)
    });
    let begin = |who: &Asker| {
        runtime.block_on(async {
            let all =
                regard::mailboxes::oauth::store::issuers(&mut app.db.read().await.expect("read"), who.firm)
                    .await;
            let by = all.expect("issuers")[0].id;
            let id = signing::begin(&app, who, by, wish(&office, "alice@example.org"), Way::Here)
                .await
                .expect("begun");
            signing::ahead(&app, who, id).await.expect("where to go").address
        })
    };
    let back = |who: &Asker, state: &str, code: &str| {
        let answer = Answer { state: state.to_owned(), code: code.to_owned(), error: String::new() };
        runtime.block_on(async { signing::back(&app, who, answer).await.map_err(|error| error.to_string()) })
    };
    let address = begin(&asker);
    assert!(!address.contains(SECRET));
    let (state, code) = issuer.say_yes(&address);
    // A state that nobody began, and one that somebody else began.
    assert!(back(&asker, &"0".repeat(64), &code).expect_err("unknown").contains("begin again"));
    assert!(back(&asker, "", &code).is_err());
    let mut other = asker.clone();
    other.staff = regard::ids::StaffId(asker.staff.0 + 1);
    assert!(back(&other, &state, &code).expect_err("not theirs").contains("somebody else"));
    let Done::Mailbox(id) = back(&asker, &state, &code).expect("let in") else { panic!("it is a new one") };
    // The same answer again finds nothing, and asks nobody.
    let asked = issuer.known().asked;
    assert!(back(&asker, &state, &code).expect_err("used").contains("used already"));
    assert_eq!(issuer.known().asked, asked);
    // Signed in again: with a code that was used already, with none, and well.
    let again = || {
        runtime.block_on(async {
            let all =
                regard::mailboxes::oauth::store::issuers(&mut app.db.read().await.expect("read"), asker.firm)
                    .await;
            let mut wish = wish(&office, "alice@example.org");
            wish.again = Some(id.0);
            let by = all.expect("issuers")[0].id;
            let begun = signing::begin(&app, &asker, by, wish, Way::Here).await.expect("begun");
            signing::ahead(&app, &asker, begun).await.expect("where to go").address
        })
    };
    let (state, _) = issuer.say_yes(&again());
    assert!(back(&asker, &state, &code).expect_err("replayed").contains("has ended"));
    let (state, _) = issuer.say_yes(&again());
    assert!(back(&asker, &state, "").expect_err("said no").contains("refused"));
    let (state, code) = issuer.say_yes(&again());
    assert_eq!(back(&asker, &state, &code), Ok(Done::MailboxAgain(id)));
    runtime.block_on(app.db.close());
    office.run(&["connect", "test", "alice@example.org"]).ok();
}
