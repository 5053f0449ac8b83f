//! The API and the feed.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use regard::access::tokens::Scope;
use serde_json::{Value, json};

use crate::house::{House, Page, run};
use crate::routes::routes;

async fn get(house: &House, token: &str, path: &str) -> Page {
    let request = Request::get(path).header("authorization", format!("Bearer {token}"));
    house.send(request.body(Body::empty()).unwrap()).await
}

async fn post(house: &House, token: &str, path: &str, body: &Value) -> Page {
    let request = Request::post(path)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json");
    house.send(request.body(Body::from(body.to_string())).unwrap()).await
}

#[test]
fn a_program_reads_what_is_owed_decides_and_undoes() {
    run(async {
        let house = House::new().await;
        let token = house.token("Helen", Scope::Act).await;
        let me = get(&house, &token, "/api/v1/me").await.json();
        assert_eq!(me["name"], "Helen Farrow");
        let list = get(&house, &token, "/api/v1/obligations?whose=firm").await.json();
        let first = &list["obligations"][0];
        let id = first["id"].as_str().unwrap();
        assert!(first["evidence"][0]["message_id"].as_str().unwrap().starts_with('<'), "{first}");
        let one = get(&house, &token, &format!("/api/v1/obligations/{id}")).await.json();
        let body = json!({ "what": "kept", "means": "phone", "seen": one["seen"] });
        let decided =
            post(&house, &token, &format!("/api/v1/obligations/{id}/decisions"), &body).await.json();
        let decision = decided["decision"].as_str().unwrap_or_else(|| panic!("{decided}"));
        let after = get(&house, &token, &format!("/api/v1/obligations/{id}")).await.json();
        assert!(matches!(after["state"].as_str(), Some("kept" | "kept_late")), "{after}");
        let undone = post(&house, &token, &format!("/api/v1/decisions/{decision}/undoing"), &json!({})).await;
        assert_eq!(undone.status, StatusCode::OK, "{}", undone.text);
        let back = get(&house, &token, &format!("/api/v1/obligations/{id}")).await.json();
        assert_eq!(back["state"], first["state"]);
    });
}

#[test]
fn a_token_does_what_its_scope_says_and_no_more() {
    run(async {
        let house = House::new().await;
        let read = house.token("Helen", Scope::Read).await;
        let list = get(&house, &read, "/api/v1/obligations?whose=firm").await.json();
        let id = list["obligations"][0]["id"].as_str().unwrap();
        let path = format!("/api/v1/obligations/{id}/decisions");
        let refused = post(&house, &read, &path, &json!({ "what": "kept" })).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.json()["error"]["detail"].as_str().unwrap().contains("only read"));
        let feed = house.token("Helen", Scope::Feed).await;
        assert_eq!(get(&house, &feed, "/api/v1/me").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let wrong = format!("1.{}", "0".repeat(64));
        assert_eq!(get(&house, &wrong, "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(get(&house, "nonsense", "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn lists_that_programs_fetch_stand_in_the_log_once_an_hour() {
    run(async {
        let house = House::new().await;
        let (token, feed) =
            (house.token("Helen", Scope::Read).await, house.token("Marcus", Scope::Feed).await);
        for _ in 0..2 {
            for list in ["obligations?most=1", "clients", "outbox", "correspondents"] {
                let list = get(&house, &token, &format!("/api/v1/{list}")).await;
                assert_eq!(list.status, StatusCode::OK, "{}", list.text);
            }
            assert_eq!(house.nobody().get(&format!("/feed/{feed}.ics")).await.status, StatusCode::OK);
        }
        let mut log = house.log().await;
        log.retain(|(act, _)| act == "exported");
        log.sort_unstable();
        let all = [
            "clients, by the API",
            "correspondents, by the API",
            "letters on their way, by the API",
            "the calendar of what they owe",
            "what is owed, by the API",
        ];
        assert_eq!(log, all.map(|what| ("exported".to_owned(), what.to_owned())));
    });
}

#[test]
fn what_is_asked_wrongly_is_refused_with_words() {
    run(async {
        let house = House::new().await;
        let token = house.token("Helen", Scope::Act).await;
        for path in ["?kind=nonsense", "?most=0", "?most=501", "?skip=1000001", "?group=x", "?whose=x"] {
            let refused = get(&house, &token, &format!("/api/v1/obligations{path}")).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", refused.text);
            assert!(!refused.json()["error"]["detail"].as_str().unwrap().is_empty());
        }
        for path in ["?client=nobody", "?person=nobody"] {
            let page = get(&house, &token, &format!("/api/v1/obligations{path}")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(get(&house, &token, "/api/v1/obligations/xyz").await.status, StatusCode::NOT_FOUND);
        assert_eq!(get(&house, &token, "/api/v1/clients/77").await.status, StatusCode::NOT_FOUND);
        let list = get(&house, &token, "/api/v1/obligations?whose=firm").await.json();
        let id = list["obligations"][0]["id"].as_str().unwrap();
        let path = format!("/api/v1/obligations/{id}/decisions");
        for body in [json!({}), json!({ "what": "explode" }), json!([]), json!({ "what": "moved" })] {
            let refused = post(&house, &token, &path, &body).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {}", refused.text);
        }
        let past = json!({ "what": "moved", "until": "2001-01-01T00:00:00Z" });
        assert_eq!(post(&house, &token, &path, &past).await.status, StatusCode::CONFLICT);
    });
}

#[test]
fn clients_are_listed_and_one_is_shown_with_what_is_open() {
    run(async {
        let house = House::new().await;
        let token = house.token("Helen", Scope::Read).await;
        let list = get(&house, &token, "/api/v1/clients?q=ltd").await.json();
        assert!(3 < list["total"].as_u64().unwrap(), "{list}");
        let open = list["clients"].as_array().unwrap().iter().find(|client| client["open"] != 0).unwrap();
        let one =
            get(&house, &token, &format!("/api/v1/clients/{}", open["id"].as_str().unwrap())).await.json();
        assert_eq!(one["obligations"].as_array().unwrap().len() as u64, open["open"].as_u64().unwrap());
        assert_eq!(one["name"], open["name"]);
        assert!(one["departure"].is_null(), "{one}");

        let mut tx = house.app.db.read().await.unwrap();
        let gone = regard::departures::store::all(&mut tx, crate::house::FIRM).await.unwrap();
        drop(tx);
        let gone = gone.iter().find(|one| one.reason.is_some()).expect("somebody left");
        let id = gone.client.0.to_string();
        let one = get(&house, &token, &format!("/api/v1/clients/{id}")).await.json();
        assert_eq!(one["departure"]["noticed"], gone.noticed.to_string(), "{one}");
        assert_eq!(one["departure"]["reason"], gone.reason.unwrap().0.name(), "{one}");
        let list = get(&house, &token, "/api/v1/clients?most=1000").await.json();
        let listed = list["clients"].as_array().unwrap().iter().find(|client| client["id"] == id.as_str());
        assert_eq!(listed.expect("it is listed")["departure"], one["departure"]);
    });
}

#[test]
fn the_feed_opens_with_its_own_address_alone() {
    run(async {
        let house = House::new().await;
        let feed = house.token("Owen", Scope::Feed).await;
        let at = |token: &str| Request::get(format!("/feed/{token}.ics")).body(Body::empty()).unwrap();
        let page = house.send(at(&feed)).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            page.text.starts_with("BEGIN:VCALENDAR") && page.text.contains("BEGIN:VEVENT"),
            "{}",
            page.text
        );
        let act = house.token("Owen", Scope::Act).await;
        assert_eq!(house.send(at(&act)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(house.send(at("nonsense")).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn the_document_describes_every_route_and_no_other() {
    run(async {
        let house = House::new().await;
        let token = house.token("Helen", Scope::Read).await;
        let document = get(&house, &token, "/api/openapi.json").await.json();
        let paths = document["paths"].as_object().unwrap();
        let described = paths.iter().flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
        });
        let routes = routes(&house).await.into_iter().filter(|(_, path)| path.starts_with("/api/v1/"));
        let there = routes.map(|(method, path)| format!("{method} {path}"));
        assert_eq!(described.collect::<BTreeSet<_>>(), there.collect::<BTreeSet<_>>());
        assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    });
}

/// Schemathesis makes requests from the document, right and wrong ones, and looks whether the answers keep to it.
#[test]
fn the_api_keeps_to_its_document() {
    let program = std::env::var("REGARD_SCHEMATHESIS").unwrap_or_else(|_| "schemathesis".to_owned());
    run(async {
        let house = House::new().await;
        let token = house.token("Helen", Scope::Act).await;
        let at = house.listen().await;
        let asked = tokio::task::spawn_blocking(move || {
            // It keeps notes where it runs.
            let folder = tempfile::tempdir().expect("a folder");
            std::process::Command::new(program)
                .current_dir(folder.path())
                .args(["run", &format!("{at}/api/openapi.json"), "--max-examples", "15", "--workers", "1"])
                .args(["--header", &format!("Authorization: Bearer {token}"), "--seed", "1", "--no-color"])
                .output()
        });
        let out = asked.await.unwrap().unwrap_or_else(|error| {
            panic!("schemathesis is not there ({error}); `bash scripts/test` installs it, or: pip install schemathesis")
        });
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
    });
}

#[test]
fn a_program_looks_a_letter_over_sends_it_once_and_takes_it_back() {
    run(async {
        let house = House::new().await;
        house.connect("Helen").await;
        let token = house.token("Helen", Scope::Act).await;
        let list = get(&house, &token, "/api/v1/obligations?whose=firm&kind=answer").await.json();
        let path = format!("/api/v1/obligations/{}", list["obligations"][0]["id"].as_str().unwrap());
        let bad = json!({ "text": "Sorry for the late reply, I was swamped. The paper is attached." });
        let found = post(&house, &token, &format!("{path}/checks"), &bad).await.json();
        let kinds: Vec<&str> =
            found["findings"].as_array().unwrap().iter().filter_map(|one| one["kind"].as_str()).collect();
        assert!(kinds.contains(&"excuse") && kinds.contains(&"attachment_missing"), "{found}");

        let letter = json!({
            "once": "a", "text": "Here it is.\n\nHelen",
            "attachments": [{ "name": "a.txt", "content": "aGVsbG8=" }],
        });
        let sent = post(&house, &token, &format!("{path}/letters"), &letter).await;
        assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
        let again = post(&house, &token, &format!("{path}/letters"), &letter).await.json();
        assert_eq!((&again["already"], &again["id"]), (&json!(true), &sent.json()["id"]));
        let other = json!({ "once": "b", "text": "Another." });
        let refused = post(&house, &token, &format!("{path}/letters"), &other).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "one letter is on its way: {}", refused.text);
        let outbox = get(&house, &token, "/api/v1/outbox").await.json();
        assert_eq!(outbox["messages"].as_array().unwrap().len(), 1, "{outbox}");
        assert_eq!(outbox["messages"][0]["state"], "waiting");
        let turn = format!("/api/v1/outbox/{}/turning", sent.json()["id"].as_str().unwrap());
        let back = post(&house, &token, &turn, &json!({ "what": "back" })).await;
        assert_eq!(back.status, StatusCode::OK, "{}", back.text);
        let late = post(&house, &token, &turn, &json!({ "what": "back" })).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
        // A colleague's program neither stops it nor learns of what a wall hides.
        let priya = house.token("Priya", Scope::Act).await;
        assert_ne!(post(&house, &priya, &turn, &json!({ "what": "now" })).await.status, StatusCode::OK);
        for wrong in [
            json!({ "once": "", "text": "x" }),
            json!({ "once": "c", "text": "" }),
            json!({ "once": "c", "text": "x", "to": "nobody" }),
        ] {
            let refused = post(&house, &token, &format!("{path}/letters"), &wrong).await;
            assert!(refused.status.is_client_error(), "{wrong}: {}", refused.text);
        }
    });
}
