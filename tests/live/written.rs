//! Letters that somebody writes on the pages of the web app: they leave as ordinary mail, lie in the folder of sent mail, and
//! count at once.

use axum::body::Body;
use axum::http::{Request, header};
use care::acts::ActKind;
use http_body_util::BodyExt;
use jiff::SignedDuration;
use regard::access::secret::Secret;
use regard::access::sessions;
use regard::access::tokens::{self, Scope};
use regard::app::App;
use regard::board::Asker;
use regard::db::Durability;
use regard::record::{addresses, read};
use serde_json::Value;
use tower::ServiceExt;

use crate::beside::{Work, within};
use crate::oauth::web;
use crate::office::Office;
use crate::sink::Taken;
use crate::support::run;

/// Alice with a browser, at the web app on the record of her office.
struct Browser {
    app: App,
    alice: Asker,
    cookie: String,
    mark: String,
}

impl Browser {
    async fn open(office: &Office) -> Browser {
        let (app, alice) = web(office).await;
        let mut tx = app.db.write(Durability::Act).await.expect("a transaction");
        let secret =
            sessions::open(&mut tx, alice.firm, alice.staff, "a test", app.now()).await.expect("a session");
        tx.commit().await.expect("kept");
        let cookie = format!("regard={}.{}", alice.firm.0, secret.text());
        Browser { app, alice, cookie, mark: secret.form_mark() }
    }

    /// A page, and where it leads.
    async fn ask(&self, request: Request<Body>) -> (String, String) {
        let router = regard::web::router(self.app.clone());
        let (parts, body) = router.oneshot(request).await.expect("an answer").into_parts();
        let text = body.collect().await.expect("the whole").to_bytes();
        let location = parts.headers.get(header::LOCATION).map_or("", |to| to.to_str().expect("words"));
        (String::from_utf8_lossy(&text).into_owned(), location.to_owned())
    }

    async fn get(&self, path: &str) -> String {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty());
        self.ask(request.expect("a request")).await.0
    }

    /// Hands a form in; gives where that leads.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let pairs = fields.iter().copied().chain([("mark", self.mark.as_str())]);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (page, location) = self.ask(request.body(Body::from(body)).expect("a request")).await;
        assert!(!location.is_empty(), "{page}");
        location
    }

    /// Begins a letter there, adds some words to those that it begins with, and sends it.
    async fn sends(&self, begins: &str, purpose: &str, more: &str) {
        let begun = self.post(begins, &[("purpose", purpose), ("back", "/today")]).await;
        let draft = begun.split('?').next().unwrap_or_default();
        let page = self.get(&begun).await;
        let between = |from: &str, to: &str| {
            let rest = page.split_once(from).unwrap_or_else(|| panic!("no {from} in {page}")).1;
            rest.split_once(to).expect("its end").0.replace("&#60;", "<").replace("&#62;", ">")
        };
        let (to, subject) =
            (between("name=\"to\" value=\"", "\""), between("name=\"subject\" value=\"", "\""));
        let words = between("autofocus>\n", "</textarea>").replace("\n\nKind regards", more);
        let fields = [("to", to.as_str()), ("subject", &subject), ("words", &words), ("back", "/today")];
        let led = self.post(&format!("{draft}/sending"), &fields).await;
        assert!(led.contains("undo=letter-"), "{led}");
    }

    /// How many letters of ours to Jo the record holds, and what is promised in them.
    async fn recorded(&self) -> (usize, usize) {
        let mut tx = self.app.db.read().await.expect("a transaction");
        let jo = addresses::find(&mut tx, self.alice.firm, "jo@acme.example").await;
        let jo = jo.expect("asked").expect("she is known");
        let all = read::letters_with(&mut tx, self.alice.firm, jo).await;
        let ours = all.expect("letters").into_iter().filter_map(|entry| match entry {
            care::entry::Entry::Message(message) if message.from != jo => Some(message),
            _ => None,
        });
        let promises = |m: &care::entry::Message| {
            m.acts.iter().filter(|act| act.kind == ActKind::Promise && act.due.is_some()).count()
        };
        let ours: Vec<usize> = ours.map(|message| promises(&message)).collect();
        (ours.len(), ours.iter().sum())
    }
}

/// An office with a client who has been quiet for longer than we want, and not too long, and whom nobody owes anything else.
fn quiet() -> Office {
    let office = Office::open();
    // Through a real submission server.
    office.connect("alice", &["--private-network"]).ok();
    let at = |days: i64| {
        let at = regard::clock::now() - SignedDuration::from_hours(24 * days);
        jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).expect("a date")
    };
    let theirs = format!(
        "From: Jo Fenn <jo@acme.example>\nTo: alice@example.org\nSubject: Keys\nMessage-ID: <a@acme.example>\n\
         Date: {}\n\nThank you, the keys have arrived.\n\nJo\n",
        at(41)
    );
    let ours = format!(
        "From: Alice Quill <alice@example.org>\nTo: jo@acme.example\nSubject: Re: Keys\n\
         Message-ID: <b@example.org>\nIn-Reply-To: <a@acme.example>\nDate: {}\n\nGood to hear that.\n\nAlice\n",
        at(40)
    );
    office.server.deliver("alice", &theirs);
    office.run(&["import", "mail", &office.write("ours.eml", &ours)]).ok();
    office.sync();
    office
}

/// What is owed of a kind, in any state.
fn of_kind(office: &Office, kind: &str) -> Vec<Value> {
    office.owed().into_iter().filter(|owed| owed["kind"] == kind).collect()
}

fn open(office: &Office, kind: &str) -> usize {
    of_kind(office, kind).iter().filter(|owed| owed["state"] == "open").count()
}

/// The one letter that left: ordinary mail of Alice's to Jo, and its copy among what she sent.
fn left(office: &Office, subject: &str) -> Taken {
    within(30, "the letter to leave", || !office.sink.taken().is_empty());
    let taken = office.sink.taken().remove(0);
    assert_eq!(
        (taken.from.as_str(), &taken.to[..]),
        ("alice@example.org", &["jo@acme.example".to_owned()][..])
    );
    let header = |name: &str| taken.text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    assert_eq!(header("Subject:"), Some(subject));
    assert_eq!(header("From:"), Some("\"Alice Quill\" <alice@example.org>"));
    for machine in ["Auto-Submitted:", "Precedence:", "List-Id:"] {
        assert_eq!(header(machine), None, "a person wrote it");
    }
    let copies = || office.server.admin(&["search", "-u", "alice", "mailbox", "Sent", "all"]).lines().count();
    within(30, "its copy", || copies() == 1);
    taken
}

/// Fetched again, its copy is the letter that is here already.
fn copy_counts_once(office: &Office) {
    let fetched = office.sync();
    let counts = (fetched[0]["added"].as_u64(), fetched[0]["copies"].as_u64());
    assert_eq!(counts, (Some(0), Some(1)), "{fetched}");
    assert_eq!(office.sink.taken().len(), 1, "sent once");
    office.run(&["verify"]).ok();
}

#[test]
fn a_short_word_after_silence_leaves_counts_at_once_and_is_not_asked_for_again() {
    let office = quiet();
    let asked = of_kind(&office, "check_in");
    let [one] = &asked[..] else { panic!("she is to hear from us: {:?}", office.owed()) };
    let id = one["id"].as_str().expect("an id").to_owned();
    let rings = "\n\nI'll call you on Tuesday between 2 and 4.\n\nKind regards";
    run(async {
        let alice = Browser::open(&office).await;
        assert_eq!(alice.recorded().await, (1, 0));
        alice.sends(&format!("/owed/{id}/letters"), "check_in", rings).await;
        alice.app.db.close().await;
    });
    assert_eq!(open(&office, "check_in"), 1, "until it has left it is owed");
    let work = Work::begin(&office);
    let taken = left(&office, "A short word");
    assert!(taken.text.contains("Dear Jo,") && taken.text.contains("between 2 and 4"), "{}", taken.text);
    within(10, "the record", || open(&office, "check_in") == 0);
    drop(work);
    let kept = of_kind(&office, "check_in").into_iter().find(|owed| owed["id"] == id.as_str());
    assert_eq!(kept.expect("it is told")["state"], "kept");
    // What it promised is owed at once, and its hours stand in her calendar.
    let promises = of_kind(&office, "promise");
    assert_eq!((promises.len(), &promises[0]["owner"]), (1, &"alice@example.org".into()), "{promises:?}");
    run(async {
        let alice = Browser::open(&office).await;
        assert_eq!(alice.recorded().await, (2, 1));
        let mut tx = alice.app.db.write(Durability::Act).await.expect("a transaction");
        let (who, now) = (&alice.alice, alice.app.now());
        let token = Secret::new().expect("a secret");
        tokens::make(&mut tx, who.firm, who.staff, &token, "a test", Scope::Feed, now).await.expect("one");
        tx.commit().await.expect("kept");
        let feed = alice.get(&format!("/feed/{}.{}.ics", who.firm.0, token.text())).await;
        let moment = |name: &str| {
            let line =
                feed.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{feed}"));
            let at: jiff::civil::DateTime = line.trim().trim_end_matches('Z').parse().expect("a moment");
            at.to_zoned(jiff::tz::TimeZone::UTC).expect("a moment").timestamp()
        };
        let hours = moment("DTEND:").duration_since(moment("DTSTART:"));
        assert_eq!(hours, SignedDuration::from_hours(2), "{feed}");
        alice.app.db.close().await;
    });
    copy_counts_once(&office);
    assert_eq!((open(&office, "check_in"), of_kind(&office, "promise").len()), (0, 1));
}

#[test]
fn thanks_leave_as_ordinary_mail_and_are_a_word_that_counts_at_once() {
    let office = quiet();
    assert_eq!(open(&office, "check_in"), 1);
    run(async {
        let alice = Browser::open(&office).await;
        let client = alice.alice.board.firm.clients.values().find(|card| card.name == "Acme Mills");
        let page = format!("/clients/{}", client.expect("the client").id.0);
        assert!(alice.get(&page).await.contains("Thank them"));
        let own = "\n\nThe lemon cake was very kind of you.\n\nKind regards";
        alice.sends(&format!("{page}/letters"), "thanks", own).await;
        alice.app.db.close().await;
    });
    let work = Work::begin(&office);
    let taken = left(&office, "Thank you");
    assert!(
        taken.text.contains("I wanted to thank you") && taken.text.contains("lemon cake"),
        "{}",
        taken.text
    );
    within(10, "the record", || open(&office, "check_in") == 0);
    drop(work);
    run(async {
        let alice = Browser::open(&office).await;
        assert_eq!(alice.recorded().await, (2, 0));
        let client = alice.alice.board.firm.clients.values().find(|card| card.name == "Acme Mills");
        let page = alice.get(&format!("/clients/{}", client.expect("the client").id.0)).await;
        assert!(page.contains("lemon cake"), "it stands in the client's record: {page}");
        alice.app.db.close().await;
    });
    copy_counts_once(&office);
    assert_eq!((open(&office, "check_in"), open(&office, "answer")), (0, 0));
}
