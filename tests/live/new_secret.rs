//! The secret of the firm's own id with a server for tokens ends, and an owner gives it the new one: nobody signs in again.

use regard::clock;
use regard::notices::alarms::{self, Alarm, Kind};
use regard::settings::issuers::{self, Change, NewSecret};

use crate::beside::{Work, within};
use crate::issuer::{CLIENT, IssuerServer, SECRET};
use crate::oauth::{alarm, signed_in, web};
use crate::office::Office;
use crate::signed_in::Elsewhere;
use crate::support::run;

const NEXT: &str = "the next secret of the firm, which nobody may find";

/// The secret ends there, and with it what signs in at this moment.
fn ends(issuer: &IssuerServer) {
    NEXT.clone_into(&mut issuer.known().secret);
    issuer.revoke();
}

/// What is wrong, as its pages show it to Alice: as an owner of the firm, and as somebody who works there.
pub(crate) fn shown(office: &Office, minutes: i64) -> [Vec<Alarm>; 2] {
    run(async {
        let (app, alice) = web(office).await;
        let now = clock::now() + jiff::SignedDuration::from_mins(minutes);
        alarms::watch(&app.db, alice.firm, now).await.expect("looked");
        let mut tx = app.db.read().await.expect("a transaction");
        let owner = alarms::shown(&mut tx, alice.firm, alice.staff, true).await.expect("alarms");
        let staff = alarms::shown(&mut tx, alice.firm, alice.staff, false).await.expect("alarms");
        tx.commit().await.expect("read");
        app.db.close().await;
        [owner, staff]
    })
}

#[test]
fn a_secret_that_ended_is_told_to_an_owner_and_a_new_one_lets_all_in_at_once() {
    let (office, issuer, _file) = signed_in();
    // What signs in is over the moment it is given, so the server for tokens is asked each time.
    issuer.known().lasts = 1;
    issuer.revoke();
    office.sync();
    ends(&issuer);
    assert!(!office.run(&["sync"]).good);
    let told = alarm(&office);
    for part in
        ["Ours does not take the firm’s id or its secret any more", "invalid_client", "Settings, Sign-ins"]
    {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(told.contains("regard connect issuer change") && !told.contains("sign in again under"), "{told}");
    assert!(!told.contains("password") && !told.contains("connect login"), "{told}");
    assert!(office.run(&["connect", "issuer", "list"]).ok().out.contains("any more"));
    // Of the owners at once; of whose mailbox it is once no mail came for a while.
    let [owner, staff] = shown(&office, 0);
    assert_eq!(owner.iter().map(|alarm| alarm.kind).collect::<Vec<_>>(), [Kind::Issuer], "{owner:?}");
    assert_eq!(staff, []);
    let [_, staff] = shown(&office, 20);
    assert!(staff[0].kind == Kind::Silent && staff[0].words.contains("an owner of the firm"), "{staff:?}");
    // Whoever knocks in vain knocks less and less often, and at once where the secret is another.
    let asked = issuer.known().asked;
    let work = Work::begin(&office);
    within(60, "three attempts", || asked + 3 <= issuer.known().asked);
    let secret = office.write("next", NEXT);
    issuer.known().lasts = 3600;
    let change = ["connect", "issuer", "change", "Ours", "--client-secret-file", &secret];
    let said = office.run(&change).ok();
    assert!(said.out.contains("a new secret. Whoever is signed in stays so"), "{}", said.out);
    within(8, "the next token", || issuer.known().renewed == 2);
    within(8, "the mailbox", || alarm(&office) == "null");
    drop(work);
    let [owner, staff] = shown(&office, 0);
    assert_eq!((owner, staff), (Vec::new(), Vec::new()));
    // Again with nothing: nothing is other.
    assert!(office.run(&["connect", "issuer", "change", "Ours"]).ok().out.contains("Nothing about Ours"));
    for file in std::fs::read_dir(office.data()).expect("the folder").flatten().filter(|f| f.path().is_file())
    {
        let bytes = std::fs::read(file.path()).expect("a file");
        let found = bytes.windows(NEXT.len()).any(|part| part == NEXT.as_bytes());
        assert!(!found, "in clear in {}", file.path().display());
    }
}

#[test]
fn with_another_client_id_everybody_signs_in_again_and_what_they_had_is_handed_to_nobody() {
    let (office, issuer, _file) = signed_in();
    office.sync();
    let is_known_as = |client: &str, secret: &str| {
        client.clone_into(&mut issuer.known().client);
        secret.clone_into(&mut issuer.known().secret);
    };
    let change = |client: &str, secret: &str| {
        let secret = office.write("next", secret);
        let change = ["connect", "issuer", "change", "Ours", "--client-id", client];
        office.run(&[&change[..], &["--client-secret-file", &secret]].concat()).ok().out
    };
    let alone = office.run(&["connect", "issuer", "change", "Ours", "--client-id", "another"]);
    assert!(!alone.good && alone.err.contains("belongs to the client id that was here"), "{alone:?}");
    is_known_as("another", NEXT);
    assert!(change("another", NEXT).contains("Everybody signs in again: 1 mailbox."));
    // What signs in at this moment does so until it ends.
    office.sync();
    issuer.revoke();
    let asked = issuer.known().asked;
    assert!(!office.run(&["sync"]).good);
    let told = alarm(&office);
    assert!(told.contains("another id of the firm") && told.contains("sign in again under"), "{told}");
    assert_eq!(issuer.known().asked, asked, "what was given to the other id is handed to nobody");
    // It was a slip: put back, it lets everybody in.
    is_known_as(CLIENT, SECRET);
    change(CLIENT, SECRET);
    office.sync();
    assert_eq!((issuer.known().renewed, alarm(&office)), (1, "null".to_owned()));
    // It was none: who signs in again is let in, and renewed from then on.
    is_known_as("another", NEXT);
    change("another", NEXT);
    office.run(&["connect", "sign-in", "alice@example.org"]).ok();
    issuer.revoke();
    office.sync();
    assert_eq!((issuer.known().renewed, alarm(&office)), (2, "null".to_owned()));
}

fn a_calendar_goes_on(office: Office, gives_new_secret: impl Fn(&Elsewhere)) {
    let there = Elsewhere::open(office);
    there.server.make_calendar("work");
    there.follow("caldav");
    there.look();
    ends(&there.issuer);
    there.office.run(&["sync"]);
    let trouble = there.listed()["trouble"].to_string();
    assert!(trouble.contains("Ours does not take") && !trouble.contains("sign in again under"), "{trouble}");
    let doctor = there.office.run(&["doctor", "--json"]).out;
    assert!(doctor.contains("regard connect issuer change") && !doctor.contains("new password"), "{doctor}");
    gives_new_secret(&there);
    there.look();
    assert_eq!((there.renewed(), there.listed()["trouble"].is_null()), (1, true));
}

#[test]
fn a_calendar_goes_on_with_the_new_secret_that_an_owner_gives() {
    a_calendar_goes_on(Office::open(), |there| {
        run(async {
            let (app, owner) = web(&there.office).await;
            let mut tx = app.db.read().await.expect("a transaction");
            let known =
                regard::mailboxes::oauth::store::issuers(&mut tx, owner.firm).await.expect("one").remove(0);
            tx.commit().await.expect("read");
            let new =
                || Change { secret: NewSecret::Is(wire::net::Secret::new(NEXT)), ..Change::none(&known) };
            let mut other = owner.clone();
            other.access = regard::access::Access::Staff;
            assert!(issuers::change_issuer(&app, &other, known.id, new()).await.is_err(), "for owners alone");
            issuers::change_issuer(&app, &owner, known.id, new()).await.expect("kept");
            app.db.close().await;
        });
    });
}

#[test]
fn on_a_database_server_too_a_calendar_goes_on_with_the_new_secret() {
    a_calendar_goes_on(Office::open_on_a_server(), |there| {
        let secret = there.office.write("next", NEXT);
        let change = ["connect", "issuer", "change", "Ours", "--client-secret-file", &secret];
        there.office.run(&change).ok();
        there.office.run(&["connect", "rotate-key"]).ok();
    });
}
