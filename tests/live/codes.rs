//! Mailboxes that are signed in to by a short code at Microsoft, which renews what was got so for nobody who shows a secret.

use regard::app::App;
use regard::board::Asker;
use regard::ids::FirmId;
use regard::mailboxes::oauth::{Way, store};
use regard::mailboxes::{SecretKind, secret::SealedSecret, store as mailboxes};
use regard::notices::alarms::Kind;
use regard::settings::connections;
use regard::settings::signing::{self, Answer, Done};
use wire::net::Secret;

use crate::issuer::{Codes, ForDovecot, IssuerServer};
use crate::new_secret::shown;
use crate::oauth::{alarm, office_of, web, wish};
use crate::office::Office;
use crate::support::run;

const ASKS: &str = "Dear Alice,\n\nCould you send me the signed lease, please?\n\nJo";

/// An office that is known to Microsoft with a secret, where public client flows are allowed too.
fn office() -> (Office, IssuerServer, ForDovecot) {
    let (office, issuer, file) = office_of("microsoft", Office::open_with);
    issuer.known().short_codes = Codes::Public;
    issuer.known().typed = true;
    (office, issuer, file)
}

/// What signs in is taken away, a letter comes, and it is fetched with what the renewal gave.
#[track_caller]
fn goes_on(office: &Office, issuer: &IssuerServer, letter: u32) {
    let renewed = issuer.known().renewed;
    issuer.revoke();
    office.jo_writes(letter, ASKS);
    let said = office.run(&["sync", "--json"]);
    assert!(said.good, "{said:?}");
    assert_eq!((issuer.known().renewed, alarm(office)), (renewed + 1, "null".to_owned()));
    let id = format!("letter-{letter}@");
    assert!(office.owed().iter().any(|owed| owed["evidence"].to_string().contains(&id)), "{id}");
}

#[test]
fn what_was_signed_in_to_by_a_code_is_renewed_without_the_secret_and_mail_goes_on() {
    let (office, issuer, _file) = office();
    office.connect("alice", &["--private-network", "--sign-in", "Ours"]).ok();
    for letter in [1, 2] {
        goes_on(&office, &issuer, letter);
    }
    assert_eq!(issuer.known().with_secret, 0, "neither when it was asked for nor when it was renewed");
    assert!(!office.run(&["connect", "issuer", "list"]).ok().out.contains("any more"));
    office.run(&["connect", "sign-in", "alice@example.org"]).ok();
    goes_on(&office, &issuer, 3);
    assert_eq!(issuer.known().with_secret, 0);
}

/// The only server that gives tokens to the firm.
async fn issuer_of(app: &App, of: &Asker) -> i64 {
    store::issuers(&mut app.db.read().await.expect("read"), of.firm).await.expect("one")[0].id
}

#[test]
fn in_the_web_app_a_code_goes_without_the_secret_and_a_browser_with_it() {
    let (office, issuer, _file) = office();
    let mailbox = run(async {
        let (app, alice) = web(&office).await;
        let by = issuer_of(&app, &alice).await;
        let to = wish(&office, "alice@example.org");
        let id = signing::begin(&app, &alice, by, to, Way::Elsewhere).await.expect("begun");
        let done = signing::ask(&app, &alice, id).await.expect("asked").expect("it was typed");
        let Done::Mailbox(mailbox) = done else { panic!("a new one: {done:?}") };
        connections::pause(&app, &alice, mailbox, false).await.expect("it begins");
        app.db.close().await;
        mailbox
    });
    goes_on(&office, &issuer, 1);
    assert_eq!(issuer.known().with_secret, 0);
    let ahead = run(async {
        let (app, alice) = web(&office).await;
        let by = issuer_of(&app, &alice).await;
        let mut to = wish(&office, "alice@example.org");
        to.again = Some(mailbox.0);
        let id = signing::begin(&app, &alice, by, to, Way::Here).await.expect("begun");
        let ahead = signing::ahead(&app, &alice, id).await.expect("where to go").address;
        app.db.close().await;
        ahead
    });
    let (state, code) = issuer.say_yes(&ahead);
    run(async {
        let (app, alice) = web(&office).await;
        let answer = Answer { state, code, error: String::new() };
        assert_eq!(signing::back(&app, &alice, answer).await.expect("let in"), Done::MailboxAgain(mailbox));
        app.db.close().await;
    });
    assert_eq!(issuer.known().with_secret, 1);
    goes_on(&office, &issuer, 2);
    assert_eq!(issuer.known().with_secret, 2);
}

/// What is kept for the mailbox, as it was kept before it was noted in which way somebody had said yes.
fn forget_the_way(office: &Office) {
    run(async {
        let (app, _) = web(office).await;
        let keys = app.outside.keys().expect("the key");
        let mut tx = app.db.write(regard::db::Durability::Act).await.expect("a transaction");
        let known = mailboxes::all(&mut tx, FirmId(1)).await.expect("all").remove(0);
        assert_eq!(known.kind, SecretKind::OAuth);
        let held = keys.open(FirmId(1), known.id, &known.secret).expect("opened");
        let mut held: serde_json::Value = serde_json::from_str(held.reveal()).expect("json");
        assert_eq!(held.as_object_mut().expect("fields").remove("by_code"), Some(true.into()));
        let sealed: SealedSecret =
            keys.seal(FirmId(1), known.id, &Secret::new(held.to_string())).expect("sealed");
        let known = regard::mailboxes::Connection { secret: sealed, ..known };
        mailboxes::signed_in(&mut tx, FirmId(1), &known, regard::clock::now()).await.expect("kept");
        tx.commit().await.expect("kept");
        app.db.close().await;
    });
}

#[test]
fn who_signed_in_by_a_code_before_that_was_noted_is_let_in_again_without_doing_anything() {
    let (office, issuer, _file) = office();
    office.connect("alice", &["--private-network", "--sign-in", "Ours"]).ok();
    forget_the_way(&office);
    goes_on(&office, &issuer, 1);
    assert_eq!(issuer.known().with_secret, 1, "once, and it is known from then on");
    goes_on(&office, &issuer, 2);
    assert_eq!(issuer.known().with_secret, 1);
}

#[test]
fn where_codes_are_renewed_no_more_that_is_told_to_whoever_signed_in_by_one_and_not_as_the_end_of_the_secret()
{
    let (office, issuer, _file) = office();
    office.connect("alice", &["--private-network", "--sign-in", "Ours"]).ok();
    office.sync();
    issuer.known().short_codes = Codes::Forbidden;
    issuer.revoke();
    assert!(!office.run(&["sync"]).good);
    let told = alarm(&office);
    for part in
        ["Ours renews no sign-in by a code", "AADSTS7000218", "Allow public client flows", "sign in again"]
    {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(!told.contains("new secret") && !told.contains("any more"), "{told}");
    assert!(!office.run(&["connect", "issuer", "list"]).ok().out.contains("any more"));
    let [owner, staff] = shown(&office, 0);
    let kinds = |alarms: &[regard::notices::alarms::Alarm]| alarms.iter().map(|a| a.kind).collect::<Vec<_>>();
    assert_eq!((kinds(&owner), kinds(&staff)), (vec![Kind::Login], vec![Kind::Login]), "{owner:?}");
    // A code helps as little, and says why; once it is allowed again, the next attempt is let in.
    let again = office.run(&["connect", "sign-in", "alice@example.org"]);
    assert!(!again.good && again.err.contains("Allow public client flows"), "{again:?}");
    issuer.known().short_codes = Codes::Public;
    office.run(&["connect", "sign-in", "alice@example.org"]).ok();
    goes_on(&office, &issuer, 1);
    assert_eq!(shown(&office, 0), [Vec::new(), Vec::new()]);
}
