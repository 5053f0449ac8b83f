//! A mailbox on a server that speaks JMAP is connected on the page.

use axum::http::StatusCode;
use regard::app::outside::Allowed;
use regard::mailboxes::secret::Keys;
use regard::mailboxes::{FetchBy, SecretKind, SendBy, store};
use wire::net::{Limits, Reach};

use crate::correspondents::firm;
use crate::cyrus::{Cyrus, SECRET};
use crate::house::{FIRM, House, run};
use crate::sink::{Sink, Ways};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn allow(house: &House, reach: Reach) {
    let keys = Keys::find(None, |name| (name == "REGARD_KEY").then(|| KEY.to_owned()), false);
    let limits = Limits::default();
    house.app.outside.allow(Allowed {
        keys: Ok(keys.expect("keys")),
        reach,
        limits,
        works: true,
        call_logs: Vec::new(),
    });
}

#[test]
fn its_server_is_suggested_tried_and_kept_and_its_folders_chosen() {
    // It offers to send where somebody takes what it sends.
    let sink = Sink::start(Ways::default());
    let server = Cyrus::start(sink.port);
    server.deliver("alice", &["From: jo@acme.example\nSubject: x\n\nHello".to_owned()]);
    run(async {
        let house = firm().await;
        allow(&house, Reach::Private);
        let amy = house.person("Amy").await;
        let page = amy.get("/settings/connections/new?address=amy@fastmail.com&by=jmap").await.ok();
        assert!(page.contains("value=\"api.fastmail.com\"") && page.contains("API token"), "{page}");
        let page = amy.get("/settings/connections/new?address=amy@away.example").await.ok();
        assert!(page.contains("by=jmap") && page.contains("name=\"imap\""), "{page}");
        let here = "/settings/connections/new?address=amy@away.example&by=jmap";
        let page = amy.get(here).await.ok();
        assert!(page.contains("name=\"jmap\" value=\"away.example\""), "{page}");
        assert!(!page.contains("name=\"imap\""), "{page}");

        let url = server.url();
        let asked = async |password: &str, url: &str| {
            let fields = [
                ("address", "amy@away.example"),
                ("by", "jmap"),
                ("jmap", url),
                ("smtp", ""),
                ("user", "alice"),
                ("password", password),
            ];
            amy.post("/settings/connections", &fields).await
        };
        let refused = asked("wrong", &url).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("refused the login"), "{}", refused.text);
        assert!(refused.text.contains("name=\"jmap\"") && !refused.text.contains("wrong\""), "typed again");
        let connected = asked(SECRET, &url).await;
        let folders = connected.location().to_owned();
        assert!(folders.ends_with("/folders"), "{}", connected.text);
        let page = amy.get(&folders).await.ok();
        assert!(page.contains("Inbox") && page.contains("Private") && page.contains("Junk"), "{page}");
        let all =
            store::all(&mut house.app.db.read().await.expect("a transaction"), FIRM).await.expect("all");
        let [kept] = &all[..] else { panic!("{} mailboxes", all.len()) };
        assert!(matches!(&kept.fetch_by, FetchBy::Jmap(address) if address.reveal() == url));
        assert_eq!((&kept.send_by, kept.kind, kept.paused), (&SendBy::Jmap, SecretKind::Password, true));
        amy.post(&folders, &[("which", "usual")]).await;
        let page = amy.get("/settings/mailboxes").await.ok();
        assert!(page.contains("localhost (JMAP)"), "{page}");
        let tested = amy.post(&folders.replace("/folders", "/test"), &[]).await;
        assert!(tested.location().contains("Both%20logins"), "{}", tested.text);
    });
}

#[test]
fn no_form_reaches_into_the_network_of_the_machine_by_jmap() {
    run(async {
        let house = firm().await;
        allow(&house, Reach::Public);
        let amy = house.person("Amy").await;
        for (url, words) in [
            ("localhost", "no address of the open internet"),
            ("https://127.0.0.1/jmap/session", "no address of the open internet"),
            ("https://[::1]:8443/", "no address of the open internet"),
            ("http://jmap.away.example/", "must begin with https:"),
            ("https://jmap.away.example:22/", "at port 443 or 8443"),
            ("https://amy:secret@jmap.away.example/", "holds a name or a password"),
            ("", "is no address"),
        ] {
            let fields = [
                ("address", "amy@away.example"),
                ("password", "x"),
                ("by", "jmap"),
                ("jmap", url),
                ("smtp", ""),
            ];
            let page = amy.post("/settings/connections", &fields).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
            assert!(page.text.contains(words), "{url}: {}", page.text);
        }
        // By IMAP a server for what is sent must be named.
        let fields = [
            ("address", "amy@away.example"),
            ("password", "x"),
            ("imap", "imap.away.example"),
            ("imap_port", "993"),
            ("smtp", ""),
            ("smtp_port", "465"),
        ];
        assert_eq!(amy.post("/settings/connections", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}
