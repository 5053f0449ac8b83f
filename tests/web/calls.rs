//! A telephone system tells of calls: signed, heard once, and a call that nobody took is to be given back.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use regard::app::outside::Allowed;
use regard::calls::follow::Follower;
use regard::db::Durability;
use regard::mailboxes::secret::Keys;
use regard::notices::alarms;
use regard::record::addresses::AddressBook;
use sha2::Sha256;
use wire::net::{Limits, Reach};

use crate::house::{FIRM, House, Page, Person, run};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

async fn house() -> (House, Person) {
    let house = House::new().await;
    let variable = |name: &str| (name == "REGARD_KEY").then(|| KEY.to_owned());
    let keys = Ok(Keys::find(None, variable, false).expect("keys"));
    let (reach, limits, call_logs) = (Reach::Public, Limits::default(), vec![std::env::temp_dir()]);
    house.app.outside.allow(Allowed { keys, reach, call_logs, limits, works: true });
    let owner = house.person("Helen").await;
    (house, owner)
}

fn signed(secret: &str, stamp: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("{stamp}.{body}").as_bytes());
    let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={stamp},v1={digits}")
}

/// A telephone system that an owner has tell of calls: its name and its secret.
async fn told_of_by(owner: &Person) -> (String, String) {
    let page = owner.post("/settings/telephone", &[("name", "Reception")]).await;
    (page.between("Regard-Hook: ", "\n").to_owned(), page.between("Secret: ", "<").trim().to_owned())
}

async fn send(house: &House, hook: &str, signature: &str, body: &str) -> Page {
    let request =
        Request::post("/api/v1/calls").header("regard-hook", hook).header("regard-signature", signature);
    house.send(request.body(Body::from(body.to_owned())).expect("a request")).await
}

/// The number of a contact of some client.
async fn number(house: &House) -> (String, String) {
    let board = house.asker("Helen").await.board;
    let mut book = AddressBook::default();
    let mut tx = house.app.db.write(Durability::Act).await.expect("a transaction");
    book.refresh(&mut tx, FIRM).await.expect("the book");
    drop(tx);
    let mut clients: Vec<_> = board.firm.addresses.iter().collect();
    clients.sort_by_key(|(client, _)| **client);
    for (client, addresses) in clients {
        let Some(card) = board.firm.clients.get(client).filter(|card| card.is_confirmed()) else { continue };
        let is_quiet = board.open_at(*client).iter().all(|open| open.owed.kind.name() != "callback");
        let phone = addresses.iter().map(|a| book.text(*a)).find(|text| !text.contains('@'));
        if let Some(phone) = phone.filter(|_| is_quiet) {
            return (card.name.clone(), phone.to_owned());
        }
    }
    panic!("a client with a number")
}

#[test]
fn a_missed_call_stands_on_today_and_only_who_signs_tells_of_it() {
    run(async {
        let (house, owner) = house().await;
        let staff = house.person("Owen").await;
        assert!(staff.get("/settings/telephone").await.status.is_client_error(), "for owners");
        let (hook, secret) = told_of_by(&owner).await;
        assert!(!owner.get("/settings/telephone").await.ok().contains(&secret), "it is shown once");

        let (client, phone) = number(&house).await;
        let now = house.app.now();
        let stamp = now.as_second();
        let body = format!("{{\"time\":\"{now}\",\"from\":\"{phone}\",\"to\":\"201\",\"direction\":\"in\"}}");
        let good = signed(&secret, stamp, &body);
        for (hook, signature) in [
            (hook.as_str(), signed("another secret", stamp, &body)),
            (hook.as_str(), signed(&secret, stamp - 301, &body)),
            (hook.as_str(), String::new()),
            ("1.77", good.clone()),
            ("9.77", good.clone()),
            ("", good.clone()),
        ] {
            let refused = send(&house, hook, &signature, &body).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{hook} {signature}: {}", refused.text);
        }
        let other = body.replace("201", "202");
        assert_eq!(send(&house, &hook, &good, &other).await.status, StatusCode::UNAUTHORIZED, "another body");

        let before = owner.get("/today?whose=firm&kind=callback").await.ok();
        assert_eq!(send(&house, &hook, &good, &body).await.json()["new"], 1);
        let after = owner.get("/today?whose=firm&kind=callback").await.ok();
        let count = |page: &str| page.replace("&#39;", "'").replace("&#38;", "&").matches(&client).count();
        assert_eq!(count(&after), count(&before) + 1, "{client}: {after}");

        // The same once more is heard, and is no second call; nor is it after a new signature.
        let again = send(&house, &hook, &good, &body).await.json();
        assert_eq!((&again["new"], &again["repeated"]), (&0.into(), &true.into()));
        let again = send(&house, &hook, &signed(&secret, stamp + 1, &body), &body).await.json();
        assert_eq!((&again["new"], &again["repeated"]), (&0.into(), &false.into()));

        // What is wrong is named, and nothing is taken.
        let wrong = body.replace(&now.to_string(), "noon");
        let said = send(&house, &hook, &signed(&secret, stamp, &wrong), &wrong).await;
        assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(said.text.contains("noon"), "{}", said.text);

        // Rung back, it is kept.
        let later = now + jiff::SignedDuration::from_secs(30);
        let back = format!(
            "[{{\"time\":\"{later}\",\"from\":\"201\",\"to\":\"{phone}\",\"direction\":\"out\",\"answered\":true,\"seconds\":95}}]"
        );
        assert_eq!(send(&house, &hook, &signed(&secret, stamp, &back), &back).await.json()["new"], 1);
        let after = owner.get("/today?whose=firm&kind=callback").await.ok();
        assert_eq!(count(&after), count(&before), "it was given back");

        // Taken away, it tells nothing any more.
        let page = owner.get("/settings/telephone").await.ok();
        let id = hook.split_once('.').expect("an id").1;
        assert!(page.contains("told of a call"), "{page}");
        owner.post(&format!("/settings/telephone/{id}/removing"), &[]).await;
        let log = house.log().await;
        let named = |act: &str| log.iter().find(|(noted, _)| noted == act).map(|(_, name)| name.clone());
        assert!(named("made_call_hook").is_some_and(|name| !name.is_empty()), "{log:?}");
        assert_eq!(named("removed_call_hook"), named("made_call_hook"), "{log:?}");
        let fresh = signed(&secret, stamp + 2, &body);
        assert_eq!(send(&house, &hook, &fresh, &body).await.status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn an_owner_follows_a_log_and_names_the_columns_of_a_list() {
    run(async {
        let (house, owner) = house().await;
        let log = tempfile::NamedTempFile::new().expect("a log");
        let path = log.path().display().to_string();
        let refused = owner.post("/settings/telephone/logs", &[("path", "Master.csv")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "half a path: {}", refused.text);
        // Any other file of the machine would be shown line by line as what cannot be read.
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("log");
        std::os::unix::fs::symlink("/etc/passwd", &link).expect("a link");
        let dotted = folder.path().join("../../etc/passwd");
        for other in ["/etc/passwd".as_ref(), link.as_path(), dotted.as_path()] {
            let other = other.display().to_string();
            let refused = owner.post("/settings/telephone/logs", &[("path", &other)]).await;
            assert!(refused.text.contains("call_logs"), "{other}: {}", refused.text);
        }
        owner.post("/settings/telephone/logs", &[("path", &path)]).await;
        let page = owner.get("/settings/telephone").await.ok();
        assert!(page.contains(&path) && page.contains("not looked at yet"), "{page}");
        let twice = owner.post("/settings/telephone/logs", &[("path", &path)]).await;
        assert!(twice.text.contains("followed already"), "{}", twice.text);

        let columns = [("time", "Start"), ("from", "Caller"), ("to", "Called"), ("dates", "dmy")];
        owner.post("/settings/telephone/columns", &columns).await;
        let half = owner.post("/settings/telephone/columns", &[("time", "Start")]).await;
        assert!(half.text.contains("from and to"), "{}", half.text);
        let (client, phone) = number(&house).await;
        let now = house.app.now().to_zoned(jiff::tz::TimeZone::get("Europe/London").expect("a zone"));
        let at = now.strftime("%d/%m/%Y %H:%M");
        std::fs::write(log.path(), format!("Start;Caller;Called\n{at};{phone};201\nnoon;{phone};201\n"))
            .expect("written");
        let mut follower = Follower::new(&house.app.db, FIRM);
        assert_eq!(follower.look(house.app.now()).await.expect("looked"), 1, "{client}");
        let shown = owner.get("/settings/telephone").await;
        let page = shown.text.clone();
        assert!(page.contains("line 3 read") && page.contains("1 call in the record"), "{page}");
        assert!(page.contains("line 3: column time"), "{page}");
        // Who is to be rung back can be rung by a click.
        let board = house.asker("Helen").await.board;
        let card = board.firm.clients.values().find(|card| card.name == client).expect("the client");
        let open = board.open_at(card.id).iter().find(|open| open.owed.kind.name() == "callback");
        let opened = owner.get(&format!("/owed/{}", open.expect("a call to give back").owed.id)).await.ok();
        assert!(opened.contains("href=\"tel:"), "{opened}");

        let id = shown.between("/settings/telephone/logs/", "/removing").to_owned();
        assert_eq!(id.parse::<i64>().map(|id| id.to_string()), Ok(id.clone()), "{page}");
        owner.post(&format!("/settings/telephone/logs/{id}/removing"), &[]).await;
        assert!(!owner.get("/settings/telephone").await.ok().contains(&path));
        let log = house.log().await;
        assert!(log.contains(&("left_call_log".into(), path.clone())), "{log:?}");
    });
}

#[test]
fn a_full_voicemail_stands_on_today_until_it_is_emptied() {
    run(async {
        let (house, owner) = house().await;
        let (hook, secret) = told_of_by(&owner).await;
        let now = house.app.now();
        let body =
            format!("{{\"time\":\"{now}\",\"from\":\"+442079460099\",\"to\":\"777\",\"mailbox_full\":true}}");
        assert_eq!(
            send(&house, &hook, &signed(&secret, now.as_second(), &body), &body).await.json()["new"],
            1
        );
        alarms::watch(&house.app.db, FIRM, now).await.expect("watched");
        let today = owner.get("/today").await;
        assert!(today.text.contains("The voicemail of 777 is full"), "{}", today.text);
        let staff = house.person("Owen").await;
        assert!(
            !staff.get("/today").await.ok().contains("voicemail of 777"),
            "it is nobody's, so the owners'"
        );
        let id = today.between("/voicemails/", "/emptying").to_owned();
        let refused = staff.post(&format!("/voicemails/{id}/emptying"), &[]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        owner.post(&format!("/voicemails/{id}/emptying"), &[]).await;
        alarms::watch(&house.app.db, FIRM, now).await.expect("watched");
        assert!(!owner.get("/today").await.ok().contains("voicemail of 777"));
    });
}

#[test]
fn whoever_rang_before_anybody_knew_them_becomes_a_contact_by_their_number() {
    run(async {
        let (house, owner) = house().await;
        let (hook, secret) = told_of_by(&owner).await;
        let now = house.app.now();
        let body =
            format!("{{\"time\":\"{now}\",\"from\":\"01632 960555\",\"to\":\"201\",\"direction\":\"in\"}}");
        let signature = signed(&secret, now.as_second(), &body);
        assert_eq!(send(&house, &hook, &signature, &body).await.json()["new"], 1);

        // Calls lie in nobody's mailbox.
        let client = house.client("Vantage Lettings Ltd").await;
        let path = format!("/clients/{}", client.id.0);
        let robin = [("name", "Robin Hale"), ("phones", "01632 960555")];
        let added = owner.post(&format!("{path}/contacts"), &robin).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
        let board = house.asker("Helen").await.board;
        let waits = board.open_at(client.id).iter().filter(|open| open.owed.kind.name() == "callback");
        assert!(
            waits.map(|open| open.owed.opened_at).any(|at| at.as_second() == now.as_second()),
            "the call is theirs"
        );
    });
}
