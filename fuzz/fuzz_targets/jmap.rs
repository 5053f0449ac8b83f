//! Any bytes as what a server says by JMAP: as the session, as what methods answer, and as what it tells by itself.
//!
//! The first byte says in pieces of how many bytes things are told. The rest is cut at each byte 0xFF: the session, what
//! is told, then one answer after the other (see `regard_fuzz::server::Answers`).
#![no_main]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use regard_fuzz::server::{Answers, Server};
use serde_json::Value;
use tokio::task::LocalSet;
use wire::http::{Address, Client, Event};
use wire::imap::Woken;
use wire::jmap::{Email, Jmap};
use wire::net::{Limits, Login, Reach, Secret, Trust};
use wire::smtp::Built;

/// The largest message that is fetched whole, in bytes, and what is taken beyond what the server said of its size.
const MESSAGE: usize = 4096;
const MORE: usize = 1 << 16;
/// So many messages are asked after: enough to be more than one question takes.
const SOME: usize = 20;
/// What is asked once the server has no answer left: each step of the story ends with its first.
const ASKED_IN_VAIN: usize = 60;
/// `alice:secret`, as HTTP has it.
const SIGNED: &str = "Basic YWxpY2U6c2VjcmV0";

fuzz_target!(|input: &[u8]| {
    let Some((piece, rest)) = input.split_first() else { return };
    let mut parts = rest.split(|byte| *byte == 0xFF).map(<[u8]>::to_vec);
    let answers = Answers {
        session: parts.next().unwrap_or_default(),
        events: parts.next().unwrap_or_default(),
        others: parts.collect(),
        piece: usize::from(*piece) + 1,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    LocalSet::new().block_on(&runtime, story(answers));
});

async fn story(answers: Answers) {
    let begun = Instant::now();
    // Bytes that are no text do no harm where nobody looks.
    let session: Value = serde_json::from_str(&String::from_utf8_lossy(&answers.session)).unwrap_or_default();
    let (given, piece) = (answers.others.len(), answers.piece);
    let server = Server::start(answers).await;
    let start = Address::parse(&format!("http://127.0.0.1:{}", server.port)).expect("an address");
    let client = client(&start);
    if let Ok(mut jmap) = Jmap::open(client.clone(), &start).await {
        server.is_signed_in();
        assert!(jmap.place().starts_with(&format!("127.0.0.1:{} ", server.port)), "{}", jmap.place());
        read(&mut jmap).await;
        write(&mut jmap, &server).await;
        listen(&mut jmap, &client, &start.with_path("/events"), &server, piece).await;
    }
    check_asked(&server, &session, given);
    assert!(begun.elapsed() < Duration::from_secs(5), "it comes to an end");
}

fn client(start: &Address) -> Client {
    let second = Duration::from_secs(1);
    let limits = Limits {
        connect: second,
        quiet: second,
        command: second,
        transfer: second * 2,
        message: MESSAGE,
        batch: 8192,
    };
    let login = Login::Password { user: "alice".to_owned(), password: Secret::new("secret") };
    Client { reach: Reach::Private, trust: Trust::Machine, limits, login: Some((login, start.clone())) }
}

/// Everything that is asked to fetch a mailbox.
async fn read(jmap: &mut Jmap) {
    if let Ok(folders) = jmap.folders().await {
        assert!(folders.iter().all(|folder| fits(&folder.name) && folder.label.len() <= 1 << 16));
        assert!(folders.is_sorted_by(|a, b| a.label <= b.label));
        let names: BTreeSet<&String> = folders.iter().map(|folder| &folder.name).collect();
        assert_eq!(names.len(), folders.len(), "each folder once");
    }
    let mut ids = vec!["a".to_owned()];
    if let Ok(Some(page)) = jmap.page(None).await {
        assert!(page.ids.len() <= 500 && page.ids.iter().all(|id| fits(id)), "{page:?}");
        ids.extend(page.ids);
    }
    if let Ok(Some(page)) = jmap.page(Some("a")).await {
        assert!(!page.ids.iter().any(|id| id == "a"), "a list that begins again");
    }
    if let Ok(Some(changes)) = jmap.changes("s").await {
        let changed: BTreeSet<&String> = changes.changed.iter().collect();
        assert_eq!(changed.len(), changes.changed.len(), "each message once");
        assert!(changes.changed.iter().chain(&changes.gone).all(|id| fits(id)), "{changes:?}");
        assert!(!changes.has_more || changes.state != "s", "the same changes again and again");
        ids.extend(changes.changed);
    }
    ids.truncate(SOME);
    let is_asked = |found: Vec<&String>| {
        let once: BTreeSet<&String> = found.iter().copied().collect();
        assert!(once.len() == found.len() && found.iter().all(|id| ids.contains(id)), "{found:?} of {ids:?}");
    };
    if let Ok(heads) = jmap.heads(&ids).await {
        is_asked(heads.iter().map(|head| &head.id).collect());
    }
    if let Ok(emails) = jmap.about(&ids).await {
        is_asked(emails.iter().map(|email| &email.id).collect());
        fetch(jmap, &emails).await;
    }
    let _ = jmap.fullness().await;
}

async fn fetch(jmap: &mut Jmap, emails: &[Email]) {
    let Ok(batch) = jmap.fetch(emails).await else { return };
    assert!(emails.is_empty() || 0 < batch.taken, "a batch of nothing");
    assert_eq!(batch.messages.len() + batch.withheld.len(), batch.taken, "none is forgotten");
    for message in &batch.messages {
        let email = emails.iter().find(|email| email.id == message.id).expect("one that was asked for");
        let most = if (MESSAGE as u64) < email.size { 1 << 20 } else { email.size as usize + MORE };
        assert!(!message.raw.is_empty() && message.raw.len() <= most, "more than it said");
    }
}

/// Everything that is put there.
async fn write(jmap: &mut Jmap, server: &Server) {
    let bytes = b"From: alice@firm.example\r\nMessage-ID: <m@firm.example>\r\n\r\nYes.\r\n".to_vec();
    if let Ok(id) = jmap.put("f", &["$seen"], &bytes).await {
        assert!(fits(&id), "{id:?}");
    }
    let _ = jmap.has("f", "<m@firm.example>").await;
    let before = submissions(server);
    let message =
        Built { bytes, from: "alice@firm.example".into(), recipients: vec!["jo@acme.example".into()] };
    let outcome = jmap.hand_in(&message).await;
    let times = submissions(server) - before;
    assert!(times <= 1, "handed in {times} times");
    assert!(outcome.is_err() || times == 1, "said to have left, and was not handed in");
}

fn submissions(server: &Server) -> usize {
    server
        .asked()
        .iter()
        .flat_map(|asked| asked.calls())
        .filter(|(name, _)| name == "EmailSubmission/set")
        .count()
}

/// What is told, in pieces and at once: the same.
async fn listen(jmap: &mut Jmap, client: &Client, at: &Address, server: &Server, piece: usize) {
    let in_pieces = all(client, at).await;
    server.tell_in_pieces(usize::MAX);
    assert_eq!(in_pieces, all(client, at).await, "cut into pieces of {piece}");
    server.tell_in_pieces(piece);
    if let Ok(woken) = jmap.wait("s", Duration::from_millis(2)).await {
        assert!(matches!(woken, Woken::Changed | Woken::Quiet));
    }
}

/// Everything that is told up to the end; none where that is more than anybody takes.
async fn all(client: &Client, at: &Address) -> Option<Vec<Event>> {
    let mut events = client.listen(at).await.expect("an answer").expect("events");
    let mut all = Vec::new();
    loop {
        match events.next(Duration::from_secs(1)).await {
            Ok(Some(event)) => all.push(event),
            Ok(None) => return Some(all),
            Err(_) => return None,
        }
    }
}

/// Whoever signs in does so in every question, of one account, and with no more in each than the server takes.
fn check_asked(server: &Server, session: &Value, given: usize) {
    let asked = server.asked();
    assert!(asked.len() <= given + ASKED_IN_VAIN, "{} questions for {given} answers", asked.len());
    let core = &session["capabilities"]["urn:ietf:params:jmap:core"];
    let limit = |name: &str| core[name].as_u64().filter(|most| *most != 0).unwrap_or(u64::MAX);
    for question in asked.iter() {
        assert_eq!(question.authorization.as_deref(), Some(SIGNED));
        for (method, arguments) in question.calls() {
            assert!(question.body.len() as u64 <= limit("maxSizeRequest"), "{method} is too long a question");
            let account = arguments["accountId"].as_str().unwrap_or_default();
            assert!(session["accounts"].get(account).is_some(), "{method} of {account:?}");
            let ids = arguments["ids"].as_array().map_or(0, Vec::len) as u64;
            assert!(ids <= limit("maxObjectsInGet").min(10_000), "{method} of {ids} things");
        }
    }
}

/// An id that can be kept.
fn fits(id: &str) -> bool {
    !id.is_empty() && id.len() <= 1000 && !id.contains('\0')
}
