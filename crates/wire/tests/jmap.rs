//! A mailbox by JMAP, on a real Cyrus, and on one between which and us somebody stands who lies.

#[path = "support/after.rs"]
mod after;
#[path = "support/between.rs"]
mod between;
#[path = "support/cyrus.rs"]
mod cyrus;
#[path = "support/ports.rs"]
mod ports;
#[path = "support/sink.rs"]
mod sink;

use std::time::{Duration, Instant};

use wire::folders::{Use, usual};
use wire::http::{Address, Client};
use wire::imap::Woken;
use wire::jmap::{Email, Jmap};
use wire::mail::Role;
use wire::net::{Limits, Login, Reach, Secret, Trouble, Trust};
use wire::smtp::{Built, Refusal};

use between::{Asked, Between, Way};
use cyrus::{Cyrus, SECRET};
use sink::{Sink, Ways};

fn client(login: Login, start: &Address) -> Client {
    let short = Duration::from_secs(3);
    let limits =
        Limits { connect: short, quiet: short, command: short, transfer: short * 2, ..Limits::default() };
    Client { reach: Reach::Private, trust: Trust::Machine, limits, login: Some((login, start.clone())) }
}

fn password() -> Login {
    Login::Password { user: "alice".to_owned(), password: Secret::new(SECRET) }
}

async fn try_open(port: u16, login: Login) -> Result<Jmap, Trouble> {
    let start = Address::parse(&format!("http://localhost:{port}")).expect("an address");
    Jmap::open(client(login, &start), &start).await
}

async fn open(port: u16) -> Jmap {
    try_open(port, password()).await.expect("signed in")
}

fn letter(n: usize) -> String {
    format!(
        "From: Jo <jo@acme.example>\nTo: alice@example.org\nSubject: Part {n}\nMessage-ID: <m{n}@acme.example>\n\
         Date: Sun, 22 Nov 2026 09:00:00 +0000\n\nDear Alice, this is part {n}.\n"
    )
}

/// All messages, with what is known of them, the newest first.
async fn all(jmap: &mut Jmap) -> Vec<Email> {
    let mut ids = Vec::new();
    loop {
        let page = jmap.page(ids.last().map(String::as_str)).await.expect("a page").expect("in the list");
        if page.ids.is_empty() {
            break;
        }
        ids.extend(page.ids);
    }
    jmap.about(&ids).await.expect("told")
}

async fn named(jmap: &mut Jmap, role: Role) -> String {
    let folders = jmap.folders().await.expect("folders");
    folders.into_iter().find(|folder| folder.purpose == Use::Of(role)).expect("such a folder").name
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_its_owner_shares_is_read_by_its_name_and_no_other_is() {
    let server = Cyrus::start(1);
    server.deliver("alice", &[letter(1)]);
    server.deliver("bob", &[letter(2), letter(3)]);
    server.deliver("carol", &[letter(4)]);
    server.imap("bob", &["SETACL INBOX alice lrsip", "LOGOUT"]);
    let start = Address::parse(&format!("http://localhost:{}", server.http)).expect("an address");
    let named = async |account: &str| {
        let start = start.with_part(account);
        Jmap::open(client(password(), &start), &start).await
    };
    let mut own = open(server.http).await;
    let mut shared = named("bob").await.expect("bob shares it");
    assert_ne!(own.place(), shared.place(), "messages of the one mean nothing in the other");
    let (owns, shares) = (all(&mut own).await, all(&mut shared).await);
    assert_eq!((owns.len(), shares.len()), (1, 2));
    let batch = shared.fetch(&shares).await.expect("messages");
    assert!(batch.messages.iter().all(|one| !String::from_utf8_lossy(&one.raw).contains("part 1")));
    assert_eq!(named("alice").await.expect("her own").place(), own.place());
    for nobodys in ["carol", "nobody"] {
        let refused = named(nobodys).await.expect_err("nobody shares it").to_string();
        assert!(refused.contains("mail of alice, bob"), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_whose_mail_is_elsewhere_says_where_and_no_password_goes_there_unasked() {
    let server = Cyrus::start(1);
    server.deliver("alice", &[letter(1)]);
    let behind = Between::start(server.http, "alice", SECRET);
    // The web server of the domain, which sends on.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let place = format!("http://localhost:{}/jmap/", behind.port);
    std::thread::spawn(move || {
        use std::io::{Read, Write};
        for mut stream in listener.incoming().flatten() {
            let mut asked = [0; 2048];
            let read = stream.read(&mut asked).unwrap_or(0);
            let is_it = String::from_utf8_lossy(&asked[..read]).starts_with("GET /.well-known/jmap ");
            let to = if is_it { &place } else { "/nowhere" };
            let said = format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
            let _ = stream.write_all(said.as_bytes());
        }
    });
    for login in [password(), Login::Token { user: "alice".to_owned(), token: Secret::new("t") }] {
        let refused = try_open(port, login).await.expect_err("it is not asked there");
        assert!(refused.is_login(), "somebody must say so: {refused}");
        let words = refused.to_string();
        assert!(words.contains(&format!("its mail is at localhost:{}", behind.port)), "{words}");
    }
    let heard = behind.heard();
    assert!(!heard.is_empty() && heard.iter().all(|asked| asked.login.is_empty()), "{heard:?}");
    try_open(behind.port, password()).await.expect("named, it is signed in to");
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_messages_and_their_changes_are_told_as_they_are() {
    // As few things in one question as a careful server allows.
    let server = Cyrus::start_with(1, "jmap_max_objects_in_get: 3\n");
    server.deliver("alice", &(1..=7).map(letter).collect::<Vec<_>>());
    let mut jmap = open(server.http).await;
    let folders = jmap.folders().await.expect("folders");
    let usual: Vec<&str> = usual(&folders).iter().map(|folder| folder.label.as_str()).collect();
    assert_eq!(usual, ["Inbox", "Sent"], "what is private or unwanted is none of them: {folders:?}");

    let state = jmap.state().await.expect("a state");
    let emails = all(&mut jmap).await;
    assert_eq!(emails.len(), 7, "more than fit into one question");
    let inbox = named(&mut jmap, Role::Inbox).await;
    assert!(emails.iter().all(|email| email.folders.contains(&inbox) && !email.flags.seen));
    let batch = jmap.fetch(&emails).await.expect("messages");
    assert_eq!((batch.taken, batch.messages.len(), batch.withheld.len()), (7, 7, 0));
    for (email, message) in emails.iter().zip(&batch.messages) {
        assert_eq!((&email.id, email.size), (&message.id, message.raw.len() as u64), "byte by byte");
        assert!(String::from_utf8_lossy(&message.raw).contains("\r\nDear Alice, this is part "));
    }
    let head = jmap.heads(&[emails[0].id.clone(), "Mnone".to_owned()]).await.expect("heads");
    assert_eq!(head.len(), 1, "of what is not there nothing is told");
    assert_eq!(head[0].from.as_deref(), Some("jo@acme.example"));
    assert_eq!(head[0].sent.map(|sent| sent.to_string()).as_deref(), Some("2026-11-22T09:00:00Z"));

    // One comes, one is moved, one is taken away.
    server.deliver("alice", &[letter(8)]);
    server.imap(
        "alice",
        &["SELECT INBOX", "MOVE 1 Junk", "STORE 1 +FLAGS (\\Deleted \\Seen)", "EXPUNGE", "LOGOUT"],
    );
    let (mut changed, mut gone, mut since) = (Vec::new(), Vec::new(), state);
    loop {
        let changes = jmap.changes(&since).await.expect("changes").expect("it knows");
        changed.extend(changes.changed);
        gone.extend(changes.gone);
        since = changes.state;
        if !changes.has_more {
            break;
        }
    }
    assert_eq!(gone.len(), 1, "{gone:?}");
    assert!(emails.iter().any(|email| email.id == gone[0]));
    let junk = named(&mut jmap, Role::Spam).await;
    let moved: Vec<Email> = jmap.about(&changed).await.expect("told");
    assert_eq!(moved.iter().filter(|email| email.folders.contains(&junk)).count(), 1, "{moved:?}");
    assert_eq!(moved.iter().filter(|email| emails.iter().all(|old| old.id != email.id)).count(), 1);
    assert_eq!(jmap.state().await.expect("a state"), since);
    assert_eq!(jmap.changes("nonsense").await.expect("an answer"), None, "a state of another time");
    assert_eq!(jmap.page(Some("Mnone")).await.expect("an answer"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_put_into_a_folder_found_there_and_handed_in() {
    let sink = Sink::start(Ways::default());
    let server = Cyrus::start(sink.port);
    server.deliver("alice", &[letter(1)]);
    let mut jmap = open(server.http).await;
    let sent = named(&mut jmap, Role::Sent).await;
    let text = letter(2).replace('\n', "\r\n");
    assert!(!jmap.has(&sent, "<m2@acme.example>").await.expect("an answer"));
    jmap.put(&sent, &["$seen"], text.as_bytes()).await.expect("put");
    assert!(jmap.has(&sent, "<m2@acme.example>").await.expect("an answer"));
    assert!(!jmap.has(&sent, "<m1@acme.example>").await.expect("an answer"));

    let bytes = "From: alice@example.org\r\nTo: jo@acme.example\r\nBcc: Bo <bo@acme.example>\r\nSubject: Out\r\n\
        Message-ID: <out@example.org>\r\nDate: Sun, 22 Nov 2026 09:00:00 +0000\r\n\r\nDear Jo, here it is.\r\n";
    let built = Built {
        bytes: bytes.into(),
        from: "alice@example.org".to_owned(),
        recipients: vec!["jo@acme.example".to_owned(), "bo@acme.example".to_owned()],
    };
    jmap.may_send("alice@example.org").await.expect("allowed");
    jmap.hand_in(&built).await.expect("it left");
    let taken = sink.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!((taken[0].from.as_str(), &taken[0].to), ("alice@example.org", &built.recipients));
    assert!(taken[0].text.contains("here it is") && !taken[0].text.contains("bo@"), "{}", taken[0].text);
    let lies_in: Vec<_> = all(&mut jmap).await.into_iter().filter(|email| !email.flags.draft).collect();
    assert_eq!(
        lies_in.iter().filter(|email| email.folders == [sent.clone()].into()).count(),
        2,
        "{lies_in:?}"
    );

    // Refused for one of them, nobody gets it, and nothing stays behind.
    sink.behave(Ways { refused: vec![("bo@acme.example", "550 nobody here")], ..Ways::default() });
    let refusal = jmap.hand_in(&built).await.expect_err("refused");
    assert!(matches!(&refusal, Refusal::Recipients(_) | Refusal::Message(_)), "{refusal:?}");
    assert_eq!((sink.taken().len(), all(&mut jmap).await.len()), (1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_message_is_fetched_in_part_and_many_in_several_batches_on_few_connections() {
    let server = Cyrus::start(1);
    let large = format!("{}{}", letter(1), "0123456789abcdef\n".repeat(100_000));
    server.deliver("alice", &[letter(2), large, letter(3)]);
    let between = Between::start(server.http, "alice", SECRET);
    let start = Address::parse(&format!("http://localhost:{}", between.port)).expect("an address");
    let mut client = client(password(), &start);
    (client.limits.message, client.limits.batch) = (100_000, 1000);
    let mut jmap = Jmap::open(client, &start).await.expect("signed in");
    let mut emails = all(&mut jmap).await;
    let (mut sizes, mut batches) = (Vec::new(), 0);
    while !emails.is_empty() {
        let batch = jmap.fetch(&emails).await.expect("messages");
        sizes.extend(batch.messages.iter().map(|message| message.raw.len()));
        emails.drain(..batch.taken);
        batches += 1;
    }
    sizes.sort_unstable();
    assert_eq!((sizes.len(), sizes[2]), (3, 1 << 20), "{sizes:?}");
    assert!((2..=3).contains(&batches), "{batches}, in whichever order they lie there");
    assert!(between.connections() <= 8, "{} connections", between.connections());
    // A server that wants one question at a time gets one.
    between.behave(|asked| match asked.method == "GET" && !asked.path.contains("/download/") {
        true => Way::Alters(Box::new(|text| {
            text.replace("\"maxConcurrentRequests\":5", "\"maxConcurrentRequests\":1")
        })),
        false => Way::On,
    });
    let before = between.connections();
    let mut jmap = open(between.port).await;
    let emails = all(&mut jmap).await;
    assert_eq!(jmap.fetch(&emails).await.expect("messages").messages.len(), 3);
    let more = between.connections() - before;
    assert!(more <= 4, "{more} connections: to find the account, to call, and one for messages");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_is_heard_as_it_happens_or_asked_after_where_the_server_is_mute() {
    let server = Cyrus::start(1);
    server.deliver("alice", &[letter(1)]);
    let between = Between::start(server.http, "alice", SECRET);
    let mut jmap = open(between.port).await;
    let state = jmap.state().await.expect("a state");
    // This Cyrus tells of nothing by itself: it is asked, at the end of the time at the latest.
    let waited = jmap.wait(&state, Duration::from_millis(300)).await.expect("waited");
    assert_eq!(waited, Woken::Quiet);
    server.deliver("alice", &[letter(2)]);
    assert_eq!(jmap.wait(&state, Duration::from_secs(5)).await.expect("waited"), Woken::Changed, "at once");

    let events = |asked: &Asked, events: Vec<(Duration, String)>| match asked.path.contains("/eventsource/") {
        true => Way::Tells(events),
        false => Way::On,
    };
    let told = |account: &str, kind: &str, state: &str| {
        format!(
            "event: state\ndata: {{\"@type\":\"StateChange\",\"changed\":{{\"{account}\":{{\"{kind}\":\"{state}\"}}}}}}\n\n"
        )
    };
    let state = jmap.state().await.expect("a state");
    // What is no news: others' mail, other things, the state that is known, what is no event at all.
    let noise = [told("bob", "Email", "9"), told("alice", "Mailbox", "9"), told("alice", "Email", &state)]
        .concat()
        + "event: ping\ndata: {\"interval\":60}\n\ndata: ]\n\n";
    let news = told("alice", "Email", "another");
    between.behave(move |asked| {
        events(asked, vec![(Duration::ZERO, noise.clone()), (Duration::from_millis(700), news.clone())])
    });
    let mut jmap = open(between.port).await;
    let begun = Instant::now();
    assert_eq!(jmap.wait(&state, Duration::from_secs(20)).await.expect("waited"), Woken::Changed);
    let took = begun.elapsed();
    assert!(Duration::from_millis(600) < took && took < Duration::from_secs(5), "{took:?}");
    // What came before it listened is found as well.
    between.behave(move |asked| events(asked, Vec::new()));
    server.deliver("alice", &[letter(3)]);
    assert_eq!(jmap.wait(&state, Duration::from_secs(20)).await.expect("waited"), Woken::Changed);
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_lie_or_hang_end_in_a_plain_error_in_bounded_time() {
    let server = Cyrus::start(1);
    server.deliver("alice", &(1..=3).map(letter).collect::<Vec<_>>());
    let between = Between::start(server.http, "alice", SECRET);
    let trouble = async || {
        let begun = Instant::now();
        let looked = async {
            let mut jmap = try_open(between.port, password()).await?;
            let page = jmap.page(None).await?.unwrap_or_default();
            let emails = jmap.about(&page.ids).await?;
            jmap.fetch(&emails).await
        };
        let looked = looked.await;
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        looked
    };
    assert_eq!(trouble().await.expect("all is well").messages.len(), 3);

    let when = |method: &'static str, way: fn() -> Way| {
        between.behave(move |asked| if asked.calls(method) { way() } else { Way::On });
    };
    let json = "application/json";
    when("Email/query", || Way::Says(200, "text/html", "<html>Please sign in</html>".to_owned()));
    assert!(matches!(trouble().await, Err(Trouble::Broke(_))));
    when("Email/query", || Way::Says(401, "text/plain", String::new()));
    assert!(trouble().await.expect_err("refused").is_login(), "in the middle of it");
    when("Email/get", || Way::Hangs);
    assert!(matches!(trouble().await, Err(Trouble::TimedOut(_))));
    when("Email/get", || Way::Ends);
    assert!(matches!(trouble().await, Err(Trouble::Closed(_))));
    when("Email/query", || Way::Says(200, "application/json", " ".repeat(20 << 20)));
    let told = trouble().await;
    assert!(matches!(&told, Err(Trouble::Broke(what)) if what.contains("longer")), "{told:?}");
    when("Email/query", || {
        let limit = "{\"type\":\"urn:ietf:params:jmap:error:limit\",\"limit\":\"maxConcurrentRequests\"}";
        Way::Says(400, "application/problem+json", limit.to_owned())
    });
    assert!(trouble().await.expect_err("refused").to_string().contains("error:limit"));
    when("Email/query", || Way::Says(200, "application/json", "{\"methodResponses\":[]}".to_owned()));
    assert!(matches!(trouble().await, Err(Trouble::Broke(_))));
    when("Email/query", || Way::Alters(Box::new(|text| text.replace("\"ids\":[\"M", "\"ids\":[\"\",\"M"))));
    assert!(matches!(trouble().await, Err(Trouble::Broke(what)) if what.contains("id that is none")));
    // Of messages that it lists something must be said: what nobody asked for is passed over. One that is not given is told.
    when("Email/get", || Way::Alters(Box::new(|text| text.replacen("\"id\":\"M", "\"id\":\"X", 1))));
    assert!(matches!(trouble().await, Err(Trouble::Broke(what)) if what.contains("says nothing")));
    let is_blob = |asked: &Asked| asked.path.contains("/download/");
    between.behave(move |asked| if is_blob(asked) { Way::Says(404, json, String::new()) } else { Way::On });
    let batch = trouble().await.expect("nothing");
    assert_eq!((batch.messages.len(), batch.withheld.len(), batch.taken), (0, 3, 3));
    // Longer than it said, by far.
    between.behave(
        move |asked| if is_blob(asked) { Way::Says(200, json, "x".repeat(1 << 20)) } else { Way::On },
    );
    assert!(matches!(trouble().await, Err(Trouble::Broke(_))));
    between.behave(move |asked| if is_blob(asked) { Way::Hangs } else { Way::On });
    assert!(matches!(trouble().await, Err(Trouble::TimedOut(_))));
    // A list that goes round in circles, and changes that lead nowhere.
    between.behave(|_| Way::On);
    let mut jmap = open(between.port).await;
    let first = jmap.page(None).await.expect("a page").expect("in the list").ids[0].clone();
    let again = format!("{{\"methodResponses\":[[\"Email/query\",{{\"ids\":[\"{first}\"]}},\"0\"]]}}");
    between.behave(
        move |asked| if asked.calls("Email/query") { Way::Says(200, json, again.clone()) } else { Way::On },
    );
    assert!(matches!(jmap.page(Some(&first)).await, Err(Trouble::Broke(_))));
    let round = "{\"methodResponses\":[[\"Email/changes\",{\"newState\":\"7\",\"hasMoreChanges\":true,\"created\":[],\
        \"updated\":[],\"destroyed\":[]},\"0\"]]}";
    between.behave(move |asked| {
        if asked.calls("Email/changes") { Way::Says(200, json, round.to_owned()) } else { Way::On }
    });
    assert!(matches!(jmap.changes("7").await, Err(Trouble::Broke(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_let_in_is_told_so_and_a_token_does_as_well_as_a_password() {
    let server = Cyrus::start(1);
    server.deliver("alice", &[letter(1)]);
    let wrong = Login::Password { user: "alice".to_owned(), password: Secret::new("wrong") };
    assert!(try_open(server.http, wrong).await.expect_err("refused").is_login());
    let between = Between::start(server.http, "alice", SECRET);
    between.take_tokens(|token| token == "good");
    let token = |token: &str| Login::Token { user: "alice".to_owned(), token: Secret::new(token) };
    assert!(try_open(between.port, token("old")).await.expect_err("refused").is_login());
    let mut jmap = try_open(between.port, token("good")).await.expect("signed in");
    assert_eq!(all(&mut jmap).await.len(), 1);
    // Where its mail is elsewhere a token is told there as well, and a password is not.
    let elsewhere = Between::start(server.http, "alice", SECRET);
    elsewhere.take_tokens(|token| token == "good");
    let there = format!("\"downloadUrl\":\"http://localhost:{}/jmap/", elsewhere.port);
    between.behave(move |asked| {
        let there = there.clone();
        match asked.method == "GET" {
            true => Way::Alters(Box::new(move |text| text.replace("\"downloadUrl\":\"/jmap/", &there))),
            false => Way::On,
        }
    });
    let mut jmap = try_open(between.port, token("good")).await.expect("signed in");
    let emails = all(&mut jmap).await;
    assert_eq!(jmap.fetch(&emails).await.expect("messages").messages.len(), 1);
    assert!(elsewhere.heard().iter().all(|asked| asked.login == "Bearer good"));
    let refused = try_open(between.port, password()).await.expect_err("not told");
    assert!(matches!(&refused, Trouble::NoWayIn(what) if what.contains("is not told")), "{refused}");
    assert!(elsewhere.heard().is_empty());
    between.behave(|_| Way::On);
    // What is no JMAP server is said to be none, and nobody is asked who may not be.
    let other = Between::start(1, "", "");
    other.behave(|_| Way::Says(200, "text/html", "<html></html>".to_owned()));
    let trouble = try_open(other.port, password()).await.expect_err("none");
    assert!(matches!(&trouble, Trouble::Stranger(what) if what.contains("no JMAP server")), "{trouble}");
    // Nothing ever came for Bob, and nobody opened his mailbox.
    let bob = || Login::Password { user: "bob".to_owned(), password: Secret::new(SECRET) };
    let trouble = try_open(server.http, bob()).await.expect_err("none yet");
    let told = trouble.to_string();
    assert!(!trouble.is_login() && told.contains("mail for this name: it shows none"), "{trouble}");
    server.deliver("bob", &[letter(1)]);
    assert_eq!(all(&mut try_open(server.http, bob()).await.expect("signed in")).await.len(), 1);
    let start = Address::parse(&server.url()).expect("an address");
    let mut public = client(password(), &start);
    public.reach = Reach::Public;
    assert!(matches!(Jmap::open(public, &start).await, Err(Trouble::Forbidden { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_which_nobody_knows_whether_it_left_is_said_to_be_so_and_is_sent_once() {
    let sink = Sink::start(Ways::default());
    let server = Cyrus::start(sink.port);
    server.deliver("alice", &[letter(1)]);
    let between = Between::start(server.http, "alice", SECRET);
    let built = Built {
        bytes: letter(9).replace('\n', "\r\n").into_bytes(),
        from: "alice@example.org".to_owned(),
        recipients: vec!["jo@acme.example".to_owned()],
    };
    let mut jmap = open(between.port).await;
    between.behave(|asked| if asked.calls("EmailSubmission/set") { Way::Swallows } else { Way::On });
    assert!(matches!(jmap.hand_in(&built).await, Err(Refusal::Unsure(_))));
    assert_eq!(sink.taken().len(), 1, "it left, and was not tried again");
    // What answers is no web server any more: it may have left all the same.
    between.behave(|asked| if asked.calls("EmailSubmission/set") { Way::Garbles } else { Way::On });
    let refusal = jmap.hand_in(&built).await.expect_err("unsure");
    assert!(matches!(refusal, Refusal::Unsure(_)), "{refusal:?}");
    assert_eq!(sink.taken().len(), 2);
    between.behave(|asked| {
        if asked.calls("EmailSubmission/set") { Way::Says(503, "text/plain", String::new()) } else { Way::On }
    });
    let refusal = jmap.hand_in(&built).await.expect_err("unsure");
    assert!(matches!(refusal, Refusal::Unsure(_)), "{refusal:?}");
    between.behave(|asked| if asked.calls("Identity/get") { Way::Ends } else { Way::On });
    assert!(matches!(jmap.hand_in(&built).await, Err(Refusal::Later(_))), "nothing was given yet");
    let other = Built { from: "bob@other.example".to_owned(), ..built };
    between.behave(|asked| match asked.calls("Identity/get") {
        true => Way::Alters(Box::new(|text| text.replace("\"email\":\"\"", "\"email\":\"*@example.org\""))),
        false => Way::On,
    });
    assert!(
        matches!(jmap.hand_in(&other).await, Err(Refusal::Message(said)) if said.contains("*@example.org"))
    );
}
