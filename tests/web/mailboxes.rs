//! Who may do what with a mailbox on a server, and where connections may go.

use axum::http::StatusCode;
use regard::app::outside::Allowed;
use regard::db::Durability;
use regard::ids::MailboxId;
use regard::mailboxes::secret::Keys;
use regard::mailboxes::{Connection, FetchBy, Health, SecretKind, SendBy, Server, TroubleKind, store};
use regard::notices::alarms;
use regard::record::{changes, sources};
use wire::net::{Limits, Reach, Secret, Security};

use crate::correspondents::firm;
use crate::house::{FIRM, House, run};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const PASSWORD: &str = "a password of Amy's";

fn keys() -> Keys {
    let variable = |name: &str| (name == "REGARD_KEY").then(|| KEY.to_owned());
    Keys::find(None, variable, false).expect("keys")
}

fn allow(house: &House, reach: Reach) {
    let limits = Limits { connect: std::time::Duration::from_secs(2), ..Limits::default() };
    house.app.outside.allow(Allowed { keys: Ok(keys()), reach, call_logs: Vec::new(), limits, works: true });
}

/// A mailbox of Amy's that is connected.
async fn connected(house: &House) -> i64 {
    let staff = house.staff("Amy").await;
    let now = house.app.now();
    let mut tx = house.app.db.write(Durability::Act).await.expect("a transaction");
    let id = sources::mailbox(&mut tx, FIRM, "amy@away.example", None, Some(staff), now).await.expect("made");
    let server = |host: &str, port| Server { host: host.to_owned(), port, security: Security::Tls };
    let connection = Connection {
        id,
        address: "amy@away.example".to_owned(),
        fetch_by: FetchBy::Imap(server("imap.away.example", 993)),
        send_by: SendBy::Smtp(server("smtp.away.example", 465)),
        user: "amy".to_owned(),
        kind: SecretKind::Password,
        secret: keys().seal(FIRM, id, &Secret::new(PASSWORD)).expect("sealed"),
        oauth: None,
        signed_in: None,
        authority: None,
        reach: Reach::Public,
        folders: None,
        signature: None,
        keeps_copy: true,
        paused: false,
        health: Health::default(),
    };
    store::save(&mut tx, FIRM, &connection, now).await.expect("saved");
    tx.commit().await.expect("it is written");
    id.0
}

async fn stored(house: &House) -> Vec<Connection> {
    store::all(&mut house.app.db.read().await.expect("a transaction"), FIRM).await.expect("all")
}

#[test]
fn a_mailbox_is_its_owners_and_an_owner_of_the_firm_sees_only_how_it_does() {
    run(async {
        let house = firm().await;
        allow(&house, Reach::Public);
        let id = connected(&house).await;
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        let path = |what: &str| format!("/settings/connections/{id}/{what}");
        let page = amy.get("/settings/mailboxes").await.ok();
        assert!(page.contains("imap.away.example") && !page.contains(PASSWORD), "{page}");

        // Somebody else finds nothing of it.
        house.give_access("Bo", "staff").await;
        let page = bo.get("/settings/mailboxes").await.ok();
        assert!(!page.contains("away.example"), "{page}");
        for (what, fields) in [
            ("rest", &[("paused", "1")][..]),
            ("login", &[("password", "x")]),
            ("folders", &[("which", "usual")]),
            ("signature", &[("signature", "x")]),
            ("test", &[]),
            ("removing", &[]),
        ] {
            assert_eq!(bo.post(&path(what), fields).await.status, StatusCode::NOT_FOUND, "{what}");
        }
        assert_eq!(bo.get(&path("folders")).await.status, StatusCode::NOT_FOUND);

        // An owner of the firm sees how it does and can let it rest; its password is nothing for them.
        house.give_access("Bo", "owner").await;
        let page = bo.get("/settings/mailboxes").await.ok();
        assert!(page.contains("amy@away.example") && !page.contains("imap.away.example"), "{page}");
        for what in ["login", "folders", "signature", "test"] {
            let fields = [("password", "x"), ("which", "usual"), ("signature", "x")];
            assert_eq!(bo.post(&path(what), &fields).await.status, StatusCode::NOT_FOUND, "{what}");
        }
        bo.post(&path("rest"), &[("paused", "1")]).await;
        assert!(stored(&house).await[0].paused);

        // Whoever may only look changes nothing; nor does another site.
        house.give_access("Amy", "read_only").await;
        assert!(amy.post(&path("removing"), &[]).await.status.is_client_error());
        house.give_access("Amy", "staff").await;
        assert!(amy.post_bare(&path("removing"), &[]).await.status.is_client_error());
        assert_eq!(stored(&house).await.len(), 1);

        // What was done is in the log, and no secret is.
        amy.post(&path("signature"), &[("signature", "Amy\nSolicitor")]).await;
        assert_eq!(stored(&house).await[0].signature.as_deref(), Some("Amy\nSolicitor"));
        amy.post(&path("removing"), &[]).await;
        assert!(stored(&house).await.is_empty());
        let log = bo.get("/settings/log").await.ok();
        for act in ["paused mailbox", "changed signature", "disconnected"] {
            assert!(log.contains(act), "{act}: {log}");
        }
        assert!(!log.contains(PASSWORD));
    });
}

#[test]
fn no_form_reaches_into_the_network_of_the_machine() {
    run(async {
        let house = firm().await;
        allow(&house, Reach::Public);
        let amy = house.person("Amy").await;
        let asked = async |imap: &str, port: &str, security: &str| {
            let fields = [
                ("address", "amy@away.example"),
                ("password", PASSWORD),
                ("imap", imap),
                ("imap_port", port),
                ("imap_security", security),
                ("smtp", "localhost"),
                ("smtp_port", "465"),
                ("reach", "private"),
            ];
            amy.post("/settings/connections", &fields).await
        };
        for (host, port, security, words) in [
            ("localhost", "993", "tls", "no address of the open internet"),
            ("127.0.0.1", "993", "tls", "no address of the open internet"),
            ("[::1]", "143", "starttls", "no address of the open internet"),
            ("169.254.169.254", "143", "starttls", "no address of the open internet"),
            ("localhost", "22", "tls", "the port to fetch mail from is none of mail"),
            ("localhost", "imaps", "tls", "the port to fetch mail from is a number"),
            ("localhost", "143", "plain", "must be protected"),
            ("local/host", "993", "tls", "needs a name"),
        ] {
            let page = asked(host, port, security).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{host}");
            assert!(page.text.contains(words), "{host}:{port}: {}", page.text);
            assert!(!page.text.contains(PASSWORD), "it is typed again");
        }
        // Which of the two servers is meant is said.
        let fields = [
            ("address", "amy@away.example"),
            ("password", PASSWORD),
            ("imap", "localhost"),
            ("imap_port", "993"),
            ("smtp", "localhost"),
        ];
        for (port, words) in
            [("80", "the port to send mail by is none of mail"), ("", "the port to send mail by is a number")]
        {
            let page =
                amy.post("/settings/connections", &[&fields[..], &[("smtp_port", port)]].concat()).await;
            assert!(page.text.contains(words), "{port}: {}", page.text);
        }
        assert!(stored(&house).await.is_empty());
    });
}

#[test]
fn whoever_tried_too_often_waits_and_chooses_folders_all_the_same() {
    run(async {
        let house = firm().await;
        allow(&house, Reach::Public);
        let id = connected(&house).await;
        let amy = house.person("Amy").await;
        let test = async || amy.post(&format!("/settings/connections/{id}/test"), &[]).await.text;
        for _ in 0..10 {
            let said = test().await;
            assert!(said.contains("was not reached"), "{said}");
        }
        let said = test().await;
        assert!(said.contains("tried too often; wait"), "{said}");
        // Whoever got in at the tenth time is led here.
        let page = amy.get(&format!("/settings/connections/{id}/folders")).await;
        assert!(page.text.contains("was not reached") && !page.text.contains("too often"), "{}", page.text);
    });
}

#[test]
fn nobody_connects_a_colleagues_address_or_letters_that_are_nobodys() {
    run(async {
        let house = firm().await;
        allow(&house, Reach::Public);
        let mut tx = house.app.db.write(Durability::Act).await.expect("a transaction");
        sources::mailbox(&mut tx, FIRM, "old@away.example", None, None, house.app.now()).await.expect("made");
        tx.commit().await.expect("it is written");
        house.give_access("Bo", "staff").await;
        let bo = house.person("Bo").await;
        let amys = {
            let asker = house.asker("Amy").await;
            asker.face().expect("a face").email.clone()
        };
        let amy = house.person("Amy").await;
        amy.post("/correspondents", &[("kind", "client"), ("w:acme.example", "1")]).await;
        for (address, words) in [
            (amys.as_str(), "is that of Amy"),
            ("jo@acme.example", "is that of a client"),
            ("old@away.example", "nobody has said whose it is"),
            ("nonsense", "is none"),
        ] {
            let fields = [
                ("address", address),
                ("password", PASSWORD),
                ("imap", "localhost"),
                ("imap_port", "993"),
                ("smtp", "localhost"),
                ("smtp_port", "465"),
            ];
            let page = bo.post("/settings/connections", &fields).await;
            assert!(page.text.contains(words), "{address}: {}", page.text);
        }
    });
}

/// Each time that nobody could be told, every open page was made anew, every five seconds.
#[test]
fn as_long_as_nobody_can_be_told_nothing_is_written_and_then_it_is_told_once() {
    run(async {
        let house = firm().await;
        let id = connected(&house).await;
        let (db, now) = (&house.app.db, house.app.now());
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        store::failed(&mut tx, FIRM, MailboxId(id), "it lets nobody in", TroubleKind::Login, now)
            .await
            .expect("noted");
        tx.commit().await.expect("it is written");
        let revision = async || {
            let mut tx = db.read().await.expect("a transaction");
            changes::revision(&mut tx, FIRM).await.expect("a revision")
        };
        let before = revision().await;
        alarms::watch(db, FIRM, now).await.expect("watched");
        let told = revision().await;
        assert!(before < told, "open pages hear of it");
        for _ in 0..3 {
            alarms::watch(db, FIRM, now).await.expect("watched");
        }
        assert_eq!(revision().await, told, "nothing is new");
        house.connect("Bo").await;
        for _ in 0..3 {
            alarms::watch(db, FIRM, now).await.expect("watched");
        }
        assert_eq!(house.outgoing().await.len(), 1, "told once through a mailbox that works");
    });
}
