//! A mailbox on a real server: a private Dovecot.

#[path = "support/after.rs"]
mod after;
#[path = "support/dovecot.rs"]
mod dovecot;
#[path = "support/ports.rs"]
mod ports;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dovecot::{Dovecot, PASSWORD};
use wire::folders::{Use, usual};
use wire::imap::{FolderState, News, Part, Session, Woken};
use wire::mail::Role;
use wire::net::{Limits, Login, Reach, Secret, Security, Target, Trouble, Trust};

fn target(server: &Dovecot, security: Security) -> Target {
    Target {
        host: "localhost".to_owned(),
        port: if security == Security::Tls { server.imaps } else { server.imap },
        security,
        reach: Reach::Private,
        trust: Trust::Also(Arc::from(server.certificate.as_str())),
    }
}

fn login(user: &str) -> Login {
    Login::Password { user: user.to_owned(), password: Secret::new(PASSWORD) }
}

async fn session(server: &Dovecot) -> Session {
    let open = Session::open(&target(server, Security::Plain), &login("alice"), Limits::default()).await;
    open.unwrap_or_else(|e| panic!("{e}; {}", server.log()))
}

fn letter(n: u32, body: &str) -> String {
    format!(
        "From: Jo <jo@acme.example>\nTo: alice@example.org\nSubject: Letter {n}\n\
         Message-ID: <letter-{n}@acme.example>\nDate: Fri, 20 Nov 2026 10:00:00 +0000\n\n{body}\n"
    )
}

/// Looks, fetches all that is new in as many batches as it takes, and notes it.
async fn take_all(session: &mut Session, folder: &str, state: &mut FolderState) -> (News, Vec<u32>) {
    let news = session.look(folder, state).await.expect("a look");
    state.begin(&news);
    let new: Vec<u32> = news.new.newest_first().collect();
    let (mut at, mut got) = (0, Vec::new());
    while at < new.len() {
        let batch = session.fetch(&new[at..], Part::Whole).await.expect("a batch");
        assert!(batch.taken > 0 && batch.gone.is_empty() && batch.withheld.is_empty(), "{batch:?}");
        at += batch.taken;
        for message in batch.messages {
            state.known.insert(message.uid);
            got.push(message.uid);
        }
    }
    state.finish(&news);
    got.sort_unstable();
    (news, got)
}

#[tokio::test]
async fn signs_in_by_tls_starttls_and_on_loopback_plain() {
    let server = Dovecot::start();
    for security in [Security::Tls, Security::StartTls, Security::Plain] {
        let open = Session::open(&target(&server, security), &login("alice"), Limits::default()).await;
        let session = open.unwrap_or_else(|e| panic!("{security:?}: {e}"));
        assert!(session.offers().qresync() && session.offers().idle());
        session.close().await;
    }
}

#[tokio::test]
async fn what_is_wrong_at_the_door_is_said_in_kinds() {
    let server = Dovecot::start();
    let open =
        async |target: &Target, login: &Login| match Session::open(target, login, Limits::default()).await {
            Ok(_) => panic!("it let us in"),
            Err(trouble) => trouble,
        };
    let tls = target(&server, Security::Tls);
    let wrong = Login::Password { user: "alice".to_owned(), password: Secret::new("wrong") };
    let refused = open(&tls, &wrong).await;
    assert!(matches!(refused, Trouble::LoginRefused(_)) && refused.is_login(), "{refused}");
    assert!(!format!("{wrong:?} {refused:?}").contains("wrong"), "a password is never shown");

    let token = Login::Token { user: "alice".to_owned(), token: Secret::new("t") };
    assert!(matches!(open(&tls, &token).await, Trouble::NoWayIn(_)));

    let stranger = Target { trust: Trust::Machine, ..tls.clone() };
    let distrusted = open(&stranger, &login("alice")).await;
    assert!(matches!(distrusted, Trouble::Untrusted { .. }));
    assert!(distrusted.to_string().contains("nobody known here vouches for its certificate"), "{distrusted}");
    let other_name = Target { host: "127.0.0.1".to_owned(), ..tls.clone() };
    let distrusted = open(&other_name, &login("alice")).await;
    assert!(distrusted.to_string().contains("its certificate is for another name"), "{distrusted}");

    let other_port = Target { port: server.imap, ..tls.clone() };
    let words = open(&other_port, &login("alice")).await.to_string();
    assert!(words.contains("no TLS is spoken at port") && words.contains("STARTTLS"), "{words}");
    // handshake_failure, unrecognized_name, internal_error (RFC 8446).
    for (alert, says, agrees) in [(40, "1.2 or a later", false), (112, "by this name", true), (80, "", true)]
    {
        let words = open(&Target { port: alarmed(alert), ..tls.clone() }, &login("alice")).await.to_string();
        assert!(words.contains(says) && words.contains("no way of TLS") != agrees, "{alert}: {words}");
    }
    let limits = Limits { connect: Duration::from_secs(1), ..Limits::default() };
    for security in [Security::StartTls, Security::Plain] {
        let other_way = Target { security, ..tls.clone() };
        let trouble =
            Session::open(&other_way, &login("alice"), limits).await.err().expect("it is not greeted");
        assert!(
            trouble.may_pass() && trouble.to_string().contains("nobody is greeted without it"),
            "{trouble}"
        );
    }

    let outside = Target { reach: Reach::Public, ..tls.clone() };
    assert!(matches!(open(&outside, &login("alice")).await, Trouble::Forbidden { .. }));

    let nobody_there = Target { port: 1, ..tls.clone() };
    let trouble = open(&nobody_there, &login("alice")).await;
    assert!(matches!(trouble, Trouble::Unreachable { .. }) && trouble.may_pass());
    let no_name = Target { host: "no-such-name.invalid".to_owned(), ..tls };
    assert!(matches!(open(&no_name, &login("alice")).await, Trouble::Unknown { .. }));
}

#[tokio::test]
async fn folders_are_listed_with_what_they_are_for() {
    let server = Dovecot::start();
    let mut session = session(&server).await;
    for name in ["Clients/Acme", "Private/Doctor", "Entw&APw-rfe"] {
        session.create(name).await.expect("a folder");
    }
    let folders = session.folders().await.expect("folders");
    let of = |label: &str| folders.iter().find(|folder| folder.label == label).map(|folder| folder.purpose);
    assert_eq!(of("INBOX"), Some(Use::Of(Role::Inbox)));
    assert_eq!(of("Sent"), Some(Use::Of(Role::Sent)));
    assert_eq!(of("Ablage"), Some(Use::Of(Role::Archive)));
    assert_eq!(of("Junk"), Some(Use::Of(Role::Spam)));
    assert_eq!(of("Entwürfe"), Some(Use::Of(Role::Drafts)));
    assert_eq!(of("Private/Doctor"), Some(Use::Private));
    let mut chosen: Vec<&str> = usual(&folders).iter().map(|folder| folder.label.as_str()).collect();
    chosen.sort_unstable();
    let without_parents: Vec<&str> = chosen.into_iter().filter(|label| *label != "Clients").collect();
    assert_eq!(without_parents, ["Ablage", "Clients/Acme", "INBOX", "Sent"]);
}

/// Comes and goes are found the same way, whatever the server can do.
async fn comes_and_goes(server: &Dovecot) {
    for n in 1..=5 {
        server.deliver("alice", &letter(n, "Could you let me know?"));
    }
    let mut session = session(server).await;
    let mut state = FolderState::default();
    let (news, got) = take_all(&mut session, "INBOX", &mut state).await;
    assert_eq!(got, [1, 2, 3, 4, 5]);
    assert!(!news.reset && news.vanished.is_empty());

    let (news, got) = take_all(&mut session, "INBOX", &mut state).await;
    assert!(got.is_empty() && news.vanished.is_empty(), "nothing happened: {news:?}");

    server.deliver("alice", &letter(6, "Any news?"));
    server.admin(&["expunge", "-u", "alice", "mailbox", "INBOX", "uid", "2,4"]);
    let (news, got) = take_all(&mut session, "INBOX", &mut state).await;
    assert_eq!(got, [6]);
    assert_eq!(news.vanished.to_string(), "2,4");
    assert_eq!(state.known.to_string(), "1,3,5:6");

    server.admin(&["flags", "add", "-u", "alice", "\\Seen", "mailbox", "INBOX", "uid", "1"]);
    let (news, got) = take_all(&mut session, "INBOX", &mut state).await;
    assert!(got.is_empty() && news.vanished.is_empty(), "reading is no news: {news:?}");

    // Another generation: what was known means nothing any more.
    session.close().await;
    // The server makes it from the clock.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    server.wipe("alice");
    for n in 7..=8 {
        server.deliver("alice", &letter(n, "Again"));
    }
    let mut session = self::session(server).await;
    let before = state.uidvalidity;
    let (news, got) = take_all(&mut session, "INBOX", &mut state).await;
    assert!(news.reset && state.uidvalidity != before);
    assert_eq!(got, [1, 2]);
    assert_eq!(state.known.to_string(), "1:2");
}

#[tokio::test]
async fn comes_and_goes_are_found_where_changes_are_counted() {
    comes_and_goes(&Dovecot::start()).await;
}

#[tokio::test]
async fn comes_and_goes_are_found_where_changes_are_not_counted() {
    let plain = "protocol imap {\n  imap_capability = IMAP4rev1 LITERAL+ AUTH=PLAIN\n}\n";
    let server = Dovecot::start_with(plain);
    let offers = session(&server).await.offers().clone();
    assert!(!offers.qresync() && !offers.condstore() && !offers.idle());
    comes_and_goes(&server).await;
}

#[tokio::test]
async fn a_first_look_goes_on_where_it_was_left() {
    let server = Dovecot::start();
    for n in 1..=30 {
        server.deliver("alice", &letter(n, &"word ".repeat(300)));
    }
    let small = Limits { batch: 10_000, ..Limits::default() };
    let open = async || Session::open(&target(&server, Security::Plain), &login("alice"), small).await;
    let mut state = FolderState::default();
    let mut seen = Vec::new();
    // Each time the connection is lost after one batch.
    for _ in 0..30 {
        let mut session = open().await.unwrap_or_else(|e| panic!("{e}"));
        let news = session.look("INBOX", &state).await.expect("a look");
        state.begin(&news);
        let new: Vec<u32> = news.new.newest_first().collect();
        let batch = session.fetch(&new, Part::Whole).await.expect("a batch");
        assert!(batch.messages.iter().map(|m| m.raw.len()).sum::<usize>() <= 10_000);
        batch.messages.iter().for_each(|message| {
            assert!(state.known.insert(message.uid), "never twice");
            seen.push(message.uid);
        });
        if batch.taken == new.len() {
            state.finish(&news);
            break;
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, (1..=30).collect::<Vec<_>>());
    assert!(state.uidnext == 31 && state.modseq != 0);
}

#[tokio::test]
async fn a_message_that_is_too_large_gives_its_letter() {
    let server = Dovecot::start();
    server.deliver("alice", &letter(1, &format!("Please call me.\n{}", "x".repeat(70).repeat(40_000))));
    server.deliver("alice", &letter(2, "Small"));
    let limits = Limits { message: 1 << 20, ..Limits::default() };
    let mut session =
        Session::open(&target(&server, Security::Plain), &login("alice"), limits).await.expect("signed in");
    let news = session.look("INBOX", &FolderState::default()).await.expect("a look");
    let new: Vec<u32> = news.new.newest_first().collect();
    let batch = session.fetch(&new, Part::Whole).await.expect("a batch");
    let large = batch.messages.iter().find(|message| message.uid == 1).expect("the large one");
    assert!(large.cut && large.raw.len() == 1 << 20 && large.size > 2_800_000, "{}", large.size);
    assert!(String::from_utf8_lossy(&large.raw).contains("Please call me."));
    let small = batch.messages.iter().find(|message| message.uid == 2).expect("the small one");
    assert!(!small.cut && small.received.is_some());

    let headers = session.fetch(&[1], Part::Header).await.expect("a header");
    let text = String::from_utf8_lossy(&headers.messages[0].raw).into_owned();
    assert!(text.contains("Subject: Letter 1") && !text.contains("call me"), "{text}");
}

#[tokio::test]
async fn waiting_ends_when_mail_comes_or_the_time_is_over() {
    let server = Dovecot::start();
    let mut session = session(&server).await;
    session.look("INBOX", &FolderState::default()).await.expect("a look");
    assert_eq!(session.wait(Duration::from_millis(300)).await.expect("a wait"), Woken::Quiet);
    let begun = Instant::now();
    let (woken, ()) = tokio::join!(session.wait(Duration::from_secs(30)), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        server.deliver("alice", &letter(1, "Hello"));
    });
    assert_eq!(woken.expect("a wait"), Woken::Changed);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let news = session.look("INBOX", &FolderState::default()).await.expect("a look");
    assert_eq!(news.new.len(), 1);
}

#[tokio::test]
async fn a_server_that_does_not_speak_up_by_itself_is_asked() {
    let server = Dovecot::start_with("imap_capability = IMAP4rev1 SASL-IR UIDPLUS\n");
    let mut session = session(&server).await;
    assert!(!session.offers().idle());
    session.look("INBOX", &FolderState::default()).await.expect("a look");
    assert_eq!(session.wait(Duration::from_millis(100)).await.expect("a wait"), Woken::Quiet);
    server.deliver("alice", &letter(1, "Hello"));
    assert_eq!(session.wait(Duration::from_millis(100)).await.expect("a wait"), Woken::Changed);
}

#[tokio::test]
async fn a_copy_is_put_into_a_folder_and_found_there() {
    let server = Dovecot::start();
    let mut session = session(&server).await;
    let message = letter(1, "Sent by us").replace('\n', "\r\n");
    let put = session.append("Sent", &["\\Seen"], message.as_bytes()).await.expect("appended");
    assert!(put.place.is_some_and(|(_, uid)| uid == 1));
    assert_eq!(session.find("Sent", "<letter-1@acme.example>").await.expect("found"), [1]);
    assert!(session.find("Sent", "<other@acme.example>").await.expect("searched").is_empty());
    // As Outlook files it: under an id of its own.
    let filed = message.replace(
        "Message-ID: <",
        "Message-ID: <2@outlook.example>\r\nX-Microsoft-Original-Message-ID: <its-",
    );
    session.append("Sent", &["\\Seen"], filed.as_bytes()).await.expect("appended");
    assert_eq!(session.find("Sent", "<its-letter-1@acme.example>").await.expect("found"), [2]);
    let batch = session.fetch(&[1], Part::Whole).await.expect("a batch");
    assert!(batch.messages[0].flags.seen);
    assert_eq!(batch.messages[0].raw, message.as_bytes());
    assert!(matches!(session.append("No such", &[], b"x\r\n").await, Err(Trouble::Said { .. })));
    assert_eq!(session.folders().await.expect("still talking").len(), 6);
}

#[tokio::test]
async fn a_message_that_vanished_between_look_and_fetch_is_gone() {
    let server = Dovecot::start();
    server.deliver("alice", &letter(1, "One"));
    server.deliver("alice", &letter(2, "Two"));
    let mut session = session(&server).await;
    session.look("INBOX", &FolderState::default()).await.expect("a look");
    server.admin(&["expunge", "-u", "alice", "mailbox", "INBOX", "uid", "1"]);
    let batch = session.fetch(&[2, 1], Part::Whole).await.expect("a batch");
    assert_eq!(batch.messages.len(), 1);
    assert_eq!((batch.gone, batch.withheld, batch.taken), (vec![1], vec![], 2));
}

/// A server that ends the handshake of TLS at once, with this alert.
fn alarmed(alert: u8) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&[21, 3, 3, 0, 2, 2, alert]);
        }
    });
    port
}
