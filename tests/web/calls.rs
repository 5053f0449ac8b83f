//! A telephone system tells of calls: signed, heard once, and a call that nobody took is to be given back.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use regard::app::outside::Allowed;
use regard::db::Durability;
use regard::mailboxes::secret::Keys;
use regard::record::addresses::AddressBook;
use sha2::Sha256;
use wire::net::{Limits, Reach};

use crate::house::{FIRM, House, Page, Person, run};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

async fn house() -> (House, Person) {
    let house = House::new().await;
    let variable = |name: &str| (name == "REGARD_KEY").then(|| KEY.to_owned());
    let keys = Ok(Keys::find(None, variable, false).expect("keys"));
    house.app.outside.allow(Allowed { keys, reach: Reach::Public, limits: Limits::default(), works: true });
    let owner = house.person("Helen").await;
    (house, owner)
}

fn signed(secret: &str, stamp: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("{stamp}.{body}").as_bytes());
    let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={stamp},v1={digits}")
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
        let page = owner.post("/settings/telephone", &[("name", "Reception")]).await;
        let hook = page.between("Regard-Hook: ", "\n").to_owned();
        let secret = page.between("Secret: ", "<").trim().to_owned();
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
        let fresh = signed(&secret, stamp + 2, &body);
        assert_eq!(send(&house, &hook, &fresh, &body).await.status, StatusCode::UNAUTHORIZED);
    });
}
