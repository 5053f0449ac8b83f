//! Calendars and address books that are signed in to by OAuth 2, at a real Radicale behind a gate that takes nothing but
//! tokens.

use std::sync::Arc;
use std::time::Duration;

use regard::mailboxes::oauth::begun::{Subscription, To, Wish};
use regard::mailboxes::oauth::{Way, store};
use regard::settings::issuers::{self, NewIssuer};
use regard::settings::signing::{self, Answer, Done};
use serde_json::Value;

use crate::beside::{Work, within};
use crate::calendars::meeting;
use crate::gate::Gate;
use crate::issuer::{CLIENT, IssuerServer, SECRET};
use crate::oauth::{BACK, web};
use crate::office::{Office, letter};
use crate::radicale::Radicale;

/// An office that is known to a server for tokens, and a Radicale that lets nobody in without one.
pub(crate) struct Elsewhere {
    pub(crate) office: Office,
    pub(crate) issuer: IssuerServer,
    pub(crate) server: Radicale,
    gate: Gate,
}

impl Elsewhere {
    pub(crate) fn open(office: Office) -> Elsewhere {
        let (issuer, server) = (IssuerServer::start(), Radicale::start());
        let gate = Gate::before(&server, &issuer);
        issuer.known().typed = true;
        let secret = office.write("secret", SECRET);
        let add = ["connect", "issuer", "add", "other", "--name", "Ours", "--client-id", CLIENT];
        let said = office.run(
            &[
                &add[..],
                &["--client-secret-file", &secret, "--authorize", &issuer.url("authorize")],
                &["--token", &issuer.url("token"), "--device", &issuer.url("device")],
                &["--calendar-scopes", "calendars offline", "--contact-scopes", "contacts offline"],
            ]
            .concat(),
        );
        assert!(said.ok().out.contains("for calendars, address books"));
        Elsewhere { office, issuer, server, gate }
    }

    /// Follows the calendars or address books there as Alice's, signed in to by a short code.
    pub(crate) fn follow(&self, kind: &str) {
        let url = self.gate.url();
        let add = ["subscribe", "add", &url, "--of", "alice@example.org", "--kind", kind];
        self.office.run(&[&add[..], &["--private-network", "--sign-in", "Ours"]].concat()).ok();
    }

    pub(crate) fn look(&self) -> Value {
        self.office.run(&["sync", "--json"]).json()["subscriptions"][0].clone()
    }

    pub(crate) fn listed(&self) -> Value {
        self.office.run(&["subscribe", "list", "--json"]).json()["subscriptions"][0].clone()
    }

    fn id(&self) -> String {
        self.listed()["id"].as_str().expect("a number").to_owned()
    }

    pub(crate) fn renewed(&self) -> usize {
        self.issuer.known().renewed
    }
}

fn a_calendar_is_followed_and_its_token_renewed(office: Office) {
    let there = Elsewhere::open(office);
    let path = there.server.make_calendar("work");
    there.server.put_event(&path, "met", &meeting(-24, ""));
    there.follow("caldav");
    assert_eq!(there.issuer.known().scopes, ["calendars offline"], "and nothing more");
    assert_eq!(there.look()["meetings"], 1);
    assert_eq!(there.renewed(), 0, "it is good for an hour");
    // Taken away before its time: another is got, and the look goes on.
    there.issuer.revoke();
    there.server.put_event(&path, "met2", &meeting(-3, ""));
    assert_eq!(there.look()["meetings"], 1);
    assert_eq!(there.renewed(), 1);
    // Good for a moment only: renewed each time, by what the last renewal gave.
    there.issuer.known().lasts = 60;
    there.issuer.revoke();
    for n in 2..4 {
        there.look();
        assert_eq!(there.renewed(), n);
    }
    // Two processes at once: each token for renewing is used once, or the second would be refused for good.
    let both = [there.office.command(&["sync"]).spawn(), there.office.command(&["sync"]).spawn()];
    for child in both {
        assert!(child.expect("it runs").wait().expect("it ends").success());
    }
    // The key is changed between the moment at which a token is given and the one at which it is kept.
    let before = there.renewed();
    there.issuer.known().pause = Duration::from_secs(3);
    there.issuer.revoke();
    let mut looking = there.office.command(&["sync"]).spawn().expect("it runs");
    within(20, "the renewal", || there.renewed() == before + 1);
    there.office.run(&["connect", "rotate-key"]).ok();
    assert!(looking.wait().expect("it ends").success());
    there.issuer.known().pause = Duration::ZERO;
    there.issuer.revoke();
    there.look();
    assert_eq!(there.listed()["trouble"], Value::Null);
    // As long as something is signed in to with it, it stays.
    let refused = there.office.run(&["connect", "issuer", "remove", "Ours"]);
    assert!(!refused.good && refused.err.contains("calendars"), "{refused:?}");
    there.office.run(&["subscribe", "remove", &there.id()]).ok();
    there.office.run(&["connect", "issuer", "remove", "Ours"]).ok();
}

#[test]
fn a_calendar_that_takes_no_password_is_followed_and_its_token_renewed() {
    a_calendar_is_followed_and_its_token_renewed(Office::open());
}

#[test]
fn on_a_database_server_too_such_a_calendar_is_followed() {
    a_calendar_is_followed_and_its_token_renewed(Office::open_on_a_server());
}

#[test]
fn what_one_owes_is_written_into_such_a_calendar_with_a_token_that_was_taken_away() {
    let there = Elsewhere::open(Office::open());
    let path = there.server.make_calendar("work");
    let asks = letter(60, "Dear Alice,\n\nCould you send me the lease, please?\n\nJo");
    there.office.run(&["import", "mail", &there.office.write("letter.eml", &asks)]).ok();
    there.follow("caldav");
    there.look();
    there.issuer.revoke();
    there.office.run(&["subscribe", "write", &there.id(), "--into", "work"]).ok();
    let written = || {
        let listed = there.server.ask("PROPFIND", &path, "Depth: 1\r\n", "").1;
        listed.split("<href>").filter(|part| part.contains("regard-owed-")).count()
    };
    there.issuer.revoke();
    let work = Work::begin(&there.office);
    within(60, "the event", || written() == 1);
    there.issuer.revoke();
    there.office.run(&["subscribe", "write", &there.id(), "--nowhere"]).ok();
    within(60, "the end of it", || written() == 0);
    drop(work);
    assert_eq!(there.listed()["refused"], Value::Null);
}

#[test]
fn an_address_book_is_signed_in_to_for_itself_and_one_that_was_taken_back_is_told_until_somebody_signs_in_again()
 {
    let there = Elsewhere::open(Office::open());
    let path = there.server.make_book("people");
    there.server.put_card(&path, "jo", "FN:Jo Fenn\nEMAIL:jo@acme.example\nTEL:+44 1632 960001");
    there.follow("carddav");
    assert_eq!(there.issuer.known().scopes, ["contacts offline"]);
    assert_eq!(there.look()["changed"], 1);
    there.issuer.revoke_all();
    let said = there.office.run(&["sync", "--json"]);
    assert!(!said.good && said.out.contains("sign in again"), "{said:?}");
    let trouble = there.listed()["trouble"].to_string();
    assert!(trouble.contains("the sign-in has ended") && trouble.contains("My calendar"), "{trouble}");
    let doctor = there.office.run(&["doctor", "--json"]).out;
    assert!(doctor.contains("regard subscribe sign-in") && !doctor.contains("new password"), "{doctor}");
    there.office.run(&["subscribe", "sign-in", &there.id()]).ok();
    assert_eq!(there.look()["changed"], 0);
    assert_eq!(there.listed()["trouble"], Value::Null);
    // A server for tokens that is away is no reason to sign in again.
    there.issuer.revoke();
    there.issuer.known().away = true;
    there.office.run(&["sync"]);
    let trouble = there.listed()["trouble"].to_string();
    assert!(trouble.contains("no new token from Ours") && !trouble.contains("sign in again"), "{trouble}");
    there.issuer.known().away = false;
    there.look();
    // No token in the database or its backup.
    let backup = there.office.data().join("backup.tar");
    there.office.run(&["backup", &backup.display().to_string()]).ok();
    let secrets = there.issuer.known().given.clone();
    let files = std::fs::read_dir(there.office.data()).expect("the folder").flatten();
    for file in files.filter(|file| file.path().is_file()) {
        let bytes = std::fs::read(file.path()).expect("a file");
        for secret in &secrets {
            let is_in_clear = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!is_in_clear, "{secret} in {}", file.path().display());
        }
    }
}

#[test]
fn a_browser_that_comes_back_subscribes_once_and_signs_in_again() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let (issuer, server, office) = (IssuerServer::start(), Radicale::start(), Office::open());
    let gate = Gate::before(&server, &issuer);
    server.make_calendar("work");
    let (app, asker) = runtime.block_on(async {
        let (app, asker) = web(&office).await;
        let new = NewIssuer {
            name: "Ours".to_owned(),
            provider: "other".to_owned(),
            client_id: CLIENT.to_owned(),
            secret: SECRET.to_owned(),
            authorize: issuer.url("authorize"),
            token: issuer.url("token"),
            calendar_scopes: "calendars".to_owned(),
            ..NewIssuer::default()
        };
        issuers::add_issuer(&app, &asker, new).await.expect("kept");
        (Arc::clone(&app), asker)
    });
    let begin = |kind: &str, again: Option<i64>| {
        let (name, address) = (String::new(), gate.url());
        let one = Subscription { kind: kind.to_owned(), name, address, closes: false };
        let mut wish = Wish::new(To::Subscription(one), BACK.to_owned());
        wish.again = again;
        runtime.block_on(async {
            let all =
                store::issuers(&mut app.db.read().await.expect("read"), asker.firm).await.expect("issuers");
            let id = signing::begin(&app, &asker, all[0].id, wish, Way::Here).await;
            let id = id.map_err(|error| error.to_string())?;
            Ok::<_, String>(signing::ahead(&app, &asker, id).await.expect("where to go").address)
        })
    };
    let back = |(state, code): (String, String)| {
        let answer = Answer { state, code, error: String::new() };
        runtime.block_on(async { signing::back(&app, &asker, answer).await.map_err(|e| e.to_string()) })
    };
    let refused = begin("carddav", None).expect_err("nobody said what is to be asked for");
    assert!(refused.contains("signs in to no address books"), "{refused}");
    assert!(begin("feed", None).is_err(), "an address is its own key");
    let yes = issuer.say_yes(&begin("caldav", None).expect("begun"));
    assert_eq!(issuer.known().scopes, ["calendars"]);
    assert_eq!(back(yes.clone()), Ok(Done::Subscription("localhost".to_owned())));
    assert!(back(yes).expect_err("used").contains("used already"));
    let id = runtime.block_on(async {
        let mut tx = app.db.read().await.expect("read");
        regard::subscriptions::store::all(&mut tx, asker.firm).await.expect("all")[0].id.0
    });
    issuer.revoke_all();
    assert!(!office.run(&["sync"]).good);
    let yes = issuer.say_yes(&begin("caldav", Some(id)).expect("begun"));
    assert_eq!(back(yes), Ok(Done::SubscriptionAgain("localhost".to_owned())));
    assert!(begin("caldav", Some(id + 1)).is_err(), "that is none of hers");
    runtime.block_on(app.db.close());
    office.run(&["sync"]).ok();
}
