//! The whole way, with nothing of ours on it but Regard: a client's mail program hands a letter to a mail server, which
//! delivers it to the mailbox; the answer is written in the browser, handed in with a login, and delivered to the client.

use std::time::Duration;

use crate::letters::{Open, told};
use crate::office::{Office, letter};
use crate::page::Look;
use crate::ports::free_port;
use crate::postfix::Postfix;

const ASKS: &str = "Dear Alice,\n\nCould you send me the signed lease, please?\n\nJo";
const ANSWER: &str =
    "Dear Jo,\n\nYes: the signed lease went out to you by post this morning.\n\nKind regards\nAlice";
/// The firm's mailboxes and the client's lie on the same server.
const DOMAINS: &str = "example.org, acme.example";

/// An office on a mail server that tells Postfix who may submit; gives the port at which it does.
fn office() -> (Office, u16) {
    let logins = free_port();
    let more = format!(
        "service auth {{\n  inet_listener postfix {{\n    address = 127.0.0.1\n    port = {logins}\n  }}\n}}\n"
    );
    (Office::open_with(&more), logins)
}

/// The messages in a folder of somebody's mailbox.
fn messages(office: &Office, user: &str, folder: &str) -> Vec<String> {
    let found = office.server.admin(&["fetch", "-u", user, "text", "mailbox", folder, "all"]);
    let whole = |text: &str| text.trim_start_matches('\n').to_owned();
    found.split("text:\n").skip(1).map(whole).collect()
}

/// A header of a message, unfolded.
fn header(message: &str, name: &str) -> Option<String> {
    let head = message.split("\n\n").next().unwrap_or_default().replace("\n ", " ").replace("\n\t", " ");
    let begins = format!("{}:", name.to_ascii_lowercase());
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(&begins));
    line.map(|line| line[begins.len()..].trim().to_owned())
}

/// Connects Alice's mailbox to both servers, as somebody does who was told their names.
fn connect(office: &Office, postfix: &Postfix) {
    let imap = format!("localhost:{}", office.server.imaps);
    let smtp = format!("localhost:{}", postfix.submission);
    let authority = office.write("certificate.pem", &office.server.certificate);
    let add = ["connect", "add", "alice@example.org", "--user", "alice", "--private-network"];
    let servers =
        ["--imap", &imap, "--smtp", &smtp, "--smtp-security", "starttls", "--authority", &authority];
    let args = [&add[..], &servers].concat();
    let refused = office.command(&args).env("REGARD_PASSWORD", "wrong").output().expect("it runs");
    assert!(!refused.status.success(), "nobody comes in with a wrong password");
    office.run(&args).ok();
}

#[test]
fn a_letter_goes_the_whole_way_from_a_clients_program_to_today_and_its_answer_back() {
    let (office, logins) = office();
    let Some(postfix) = Postfix::for_mailboxes(DOMAINS, &office.server, logins) else { return };
    connect(&office, &postfix);
    told(async || {
        let open = Open::of(office, Look::DESK).await;
        let (office, page) = (&open.office, &open.page);
        page.go("/today").await;
        page.see(".empty").await;
        postfix.send("jo@acme.example", &["alice@example.org"], &letter(1, ASKS));
        let took =
            open.until("the letter on Today", 20, async || page.has(".line[data-kind=answer]").await).await;
        println!("on Today {} ms after it was handed in", took.as_millis());
        assert!(took < Duration::from_secs(5), "{took:?}\n{}", postfix.log());

        // Answered in the browser, with a copy of which the client learns nothing.
        page.type_keys("ja").await;
        page.see(".line .composing textarea").await;
        open.write(ANSWER).await;
        page.click(".letterform details.blind summary").await;
        page.see(".letterform [name=bcc]").await.send_keys("bob@example.org").await.expect("keys");
        page.click(".letterform button.first").await;
        page.read(".notice", "leaves in").await;
        page.go("/outbox").await;
        page.click(".turns button[value=now]").await;
        let inbox = |user: &str| messages(office, user, "INBOX");
        open.until("the client to have it", 30, async || !inbox("jo").is_empty()).await;
        open.until("Bob to have it", 30, async || !inbox("bob").is_empty()).await;

        let [got] = &inbox("jo")[..] else { panic!("one letter: {:?}", inbox("jo")) };
        let of = |name: &str| header(got, name);
        assert_eq!(of("From").as_deref(), Some("\"Alice Quill\" <alice@example.org>"), "{got}");
        assert_eq!(of("To").as_deref(), Some("\"Jo Fenn\" <jo@acme.example>"), "{got}");
        assert_eq!(of("Subject").as_deref(), Some("Re: The lease, part 1"), "{got}");
        assert_eq!(of("In-Reply-To").as_deref(), Some("<letter-1@acme.example>"), "{got}");
        assert_eq!(of("References").as_deref(), Some("<letter-1@acme.example>"), "{got}");
        assert_eq!(of("Return-Path").as_deref(), Some("<alice@example.org>"), "{got}");
        let date = jiff::fmt::rfc2822::parse(&of("Date").expect("a date")).expect("a date");
        let age = regard::clock::now().duration_since(date.timestamp()).abs();
        assert!(age < jiff::SignedDuration::from_mins(2), "{got}");
        let id = of("Message-ID").expect("an id of its own");
        assert_ne!(id, "<letter-1@acme.example>");
        for copy in [got, &inbox("bob")[0]] {
            assert!(header(copy, "Bcc").is_none() && !copy.contains("bob@example.org>,"), "{copy}");
            assert_eq!(header(copy, "Message-ID").as_deref(), Some(&id[..]), "{copy}");
        }
        assert!(!got.contains("bob@example.org"), "{got}");
        assert!(got.contains("went out to you by post this morning"), "{got}");
        // It was handed in by TLS and with a login, and refused to nobody.
        let log = postfix.log();
        assert!(log.contains("sasl_username=alice"), "{log}");
        assert!(!log.contains("NOQUEUE"), "{log}");

        answered_once(&open, &id).await;
        drop(page.client.clone().close().await);
    });
}

/// The answer is kept, and its copy in the folder of sent mail is the entry that is there already.
async fn answered_once(open: &Open, id: &str) {
    let office = &open.office;
    let is_kept = || office.owed().iter().any(|owed| owed["kind"] == "answer" && owed["state"] == "kept");
    open.until("the answer to be kept", 10, async || is_kept()).await;
    open.until("the copy", 20, async || messages(office, "alice", "Sent").len() == 1).await;
    let copy = messages(office, "alice", "Sent").remove(0);
    assert_eq!(header(&copy, "Message-ID").as_deref(), Some(id), "{copy}");
    // The copy is looked at: beside the pages, or now.
    let outbox = || office.run(&["outbox", "list", "--json"]).json()["messages"][0].clone();
    open.until("the copy to be noted", 20, async || outbox()["copied"] == true).await;
    office.sync();
    let doctor = office.run(&["doctor", "--json"]).json();
    let lines = doctor["record"].as_array().expect("lines");
    let entries = lines.iter().find(|line| line["what"] == "entries").expect("a line");
    assert_eq!(entries["value"], "2 messages", "Jo's letter and the answer: {doctor}");
    open.page.go("/today").await;
    open.page.miss(".line[data-kind=answer]").await;
    office.run(&["verify"]).ok();
}
