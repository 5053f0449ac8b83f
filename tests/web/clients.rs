//! The list of clients.

use std::collections::HashMap;
use std::process::Command;

use regard::clients::details::{self, Details};
use regard::db::Durability;
use regard::record::changes;
use serde_json::json;

use crate::house::{FIRM, House, NOW, run};

const OWNER: &str = "Helen Farrow";

/// What `regard demo --json` says of the same firm.
fn scanned() -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a folder");
    let out = Command::new(env!("CARGO_BIN_EXE_regard"))
        .args(["demo", "--json", "--now", NOW, "--to"])
        .arg(folder.path())
        .output()
        .expect("regard runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("one JSON object")
}

#[test]
fn the_stored_record_gives_the_risk_and_reasons_that_a_scan_gives() {
    run(async {
        let house = House::new().await;
        let scanned = scanned();
        let now: jiff::Timestamp = NOW.parse().unwrap();
        let asker = house.asker(OWNER).await;
        let board = &asker.board;
        let by_key: HashMap<&str, _> =
            board.firm.clients.values().map(|card| (card.key.as_str(), card)).collect();
        let clients = scanned["clients"].as_array().unwrap();
        assert!(50 < clients.len());
        let (mut reasons, mut risks) = (0, std::collections::BTreeSet::new());
        for told in clients {
            let card = by_key[told["client"].as_str().unwrap()];
            let (outlook, contact) = (board.outlook(card.id, now), board.contact_with(card.id));
            let moment = |at: Option<jiff::Timestamp>| {
                at.map(|at| at.to_zoned(asker.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
            };
            let stored: Vec<_> = (outlook.reasons.iter())
                .map(|one| json!([one.kind.name(), moment(Some(one.since)), one.evidence.len()]))
                .collect();
            let seen: Vec<_> = (told["reasons"].as_array().unwrap().iter())
                .map(|one| json!([one["reason"], one["since"], one["evidence"].as_array().unwrap().len()]))
                .collect();
            // Calls have no Message-ID, so a scan prints less evidence than there is.
            let few = |all: &[serde_json::Value]| -> Vec<_> {
                all.iter().map(|one| (one[0].clone(), one[1].clone())).collect()
            };
            assert_eq!(few(&stored), few(&seen), "{}", card.name);
            assert_eq!(told["risk"], outlook.risk.name(), "{}", card.name);
            assert_eq!(told["ties"], contact.ties(), "{}", card.name);
            assert_eq!(told["last_in"], json!(moment(contact.last_in(now))), "{}", card.name);
            assert_eq!(told["last_out"], json!(moment(contact.last_out(now))), "{}", card.name);
            reasons += stored.len();
            risks.insert(outlook.risk);
        }
        assert!(20 < reasons && risks.len() == 3, "{reasons} {risks:?}");
    });
}

/// How many clients a list counts, and how many at high risk.
fn counts(page: &str) -> (usize, usize) {
    let words =
        page.split("<p class=\"sum\" role=\"status\">").nth(1).and_then(|rest| rest.split('<').next());
    let numbers =
        words.unwrap_or_default().split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let numbers: Vec<usize> = numbers.map(|part| part.parse().expect("a number")).collect();
    (numbers.first().copied().unwrap_or_default(), numbers.get(1).copied().unwrap_or_default())
}

#[test]
fn the_list_is_searched_and_filtered_and_views_of_it_are_kept() {
    run(async {
        let house = House::new().await;
        let helen = house.person(OWNER).await;
        let all = helen.get("/clients").await.ok();
        let (clients, at_risk) = counts(&all);
        assert!(50 < clients && 3 < at_risk && at_risk < clients, "{clients} {at_risk}");
        let part = helen.part("/clients?q=vantage%20lettings").await.ok();
        assert!(part.contains("Vantage Lettings Ltd") && part.contains("1 client"), "{part}");
        assert!(!part.contains("<html") && !part.contains("Northgate"), "a part and no more: {part}");
        let high = helen.part("/clients?risk=high").await.ok();
        assert_eq!(counts(&high), (at_risk, at_risk));
        assert!(!high.contains(">low risk<"), "{high}");
        let none = helen.part("/clients?q=zzzz").await.ok();
        assert!(none.contains("Nobody is like that"), "{none}");

        let kept = helen
            .post("/clients/views", &[("name", "Most at risk"), ("query", "risk=high&evil=%22%3E&by=name")])
            .await;
        assert_eq!(kept.location(), "/clients?risk=high&by=name", "what the page does not know is dropped");
        let page = helen.get("/clients").await.ok();
        assert!(page.contains("/clients?risk=high&#38;by=name") && page.contains("Most at risk"), "{page}");
        assert!(page.contains("title=\"Most at risk\"") && !page.contains(">Most at risk</p>"), "{page}");
        let shown = helen.get("/clients?risk=high&by=name").await.ok();
        assert!(shown.contains(">Most at risk</p>"), "whole in the heading of the page: {shown}");
        let other = house.person("Marcus Tidd").await.get("/clients").await.ok();
        assert!(!other.contains("Most at risk"), "a view is its keeper's own");
    });
}

#[test]
fn a_walled_client_is_in_no_list_and_no_count() {
    run(async {
        let house = House::new().await;
        let vantage = house.client("Vantage Lettings Ltd").await;
        let marcus = house.person("Marcus Tidd").await;
        let before = counts(&marcus.get("/clients?q=ltd").await.ok());
        house.wall("Marcus Tidd", vantage.id).await;
        let after = counts(&marcus.get("/clients?q=ltd").await.ok());
        assert_eq!(after.0 + 1, before.0, "{after:?} of {before:?}");
        for path in ["/clients?q=vantage", "/clients?risk=high", "/clients?by=open", "/clients"] {
            let page = marcus.get(path).await.ok();
            assert!(!page.contains("Vantage"), "{path}");
        }
    });
}

#[test]
fn hostile_questions_are_shown_as_they_are_or_refused_with_words() {
    run(async {
        let house = House::new().await;
        let helen = house.person(OWNER).await;
        let page = helen
            .get("/clients?q=%3Cscript%3Ealert(1)%3C/script%3E&tier=%27%22%3E&quiet=-5&page=9999999")
            .await;
        let page = page.ok();
        assert!(!page.contains("<script>alert"), "{page}");
        let long = "x".repeat(200_000);
        let refused = helen.post("/clients/views", &[("name", &long), ("query", "risk=high")]).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains("at most 60"), "{}", refused.text);
        let foreign = helen.post_bare("/clients/views", &[("name", "a"), ("query", ""), ("mark", "0")]).await;
        assert_eq!(foreign.status, 422, "a form from elsewhere does nothing");
    });
}

#[test]
fn whoever_has_left_has_no_outlook_and_a_page_that_says_when_and_why() {
    run(async {
        let house = House::new().await;
        let helen = house.person(OWNER).await;
        let asker = house.asker(OWNER).await;
        let mut tx = house.app.db.read().await.unwrap();
        let gone = regard::departures::store::all(&mut tx, crate::house::FIRM).await.unwrap();
        drop(tx);
        let one =
            gone.iter().find(|one| one.reason.is_some() && !one.words.is_empty()).expect("somebody left");
        let page = helen.get(&format!("/clients/{}", one.client.0)).await;
        let standing = page.between("<p class=\"standing\">", "</p>").to_owned();
        assert!(!standing.contains("risk"), "{standing}");
        let (why, how) = one.reason.unwrap();
        let how = if how.name() == "said" { "as they told us" } else { "as we think" };
        let day = one.gone().strftime("%-d\u{a0}%B %Y").to_string();
        for words in [why.name().replace('_', " ").as_str(), how, &day] {
            assert!(standing.contains(words), "{words}: {standing}");
        }
        let list = helen.get("/clients?kind=former").await.ok();
        assert!(
            list.contains(&format!("id=\"c-{}\"", one.client.0)) && !list.contains(" risk</span>"),
            "{list}"
        );
        let line =
            list.split("<li class=\"line\"").find(|line| line.contains(&format!("c-{}\"", one.client.0)));
        let line = line.expect("a line for them");
        for words in [why.name().replace('_', " ").as_str(), how, &day] {
            assert!(line.contains(words), "{words}: {line}");
        }
        let (risks, orders) = ("<select name=\"risk\">", ">when they left</option>");
        assert!(!list.contains(risks) && list.contains(orders), "nobody weighs whether they will go: {list}");
        assert!(helen.get("/clients").await.ok().contains(risks));
        let csv = helen.get("/clients.csv?kind=former").await.ok();
        let noted = format!(
            "{},{},{}",
            one.noticed,
            one.left.map(|day| day.to_string()).unwrap_or_default(),
            why.name()
        );
        assert!(csv.lines().any(|line| line.contains(&noted)), "{noted}: {csv}");
        let csv = helen.get("/clients.csv").await.ok();
        assert!(csv.lines().skip(1).all(|line| line.contains(",,,,,,")), "nobody of these has left: {csv}");
        // What is asked of clients who are here, and cannot be taken off there, is not asked of those who left.
        let asked = "kind=former&risk=high&by=open";
        let lines = |page: &str| -> Vec<String> {
            page.split("id=\"c-").skip(1).map(|line| line.split('"').next().unwrap().to_owned()).collect()
        };
        assert_eq!(lines(&helen.get(&format!("/clients?{asked}")).await.ok()), lines(&list));
        let whole = helen.get("/clients.csv?kind=former").await.ok();
        assert_eq!(helen.get(&format!("/clients.csv?{asked}")).await.ok(), whole);
        let now: jiff::Timestamp = NOW.parse().unwrap();
        assert_eq!(asker.board.outlook(one.client, now).risk.name(), "none");
        let key = &asker.board.firm.clients[&one.client].key;
        let told = scanned();
        assert!(told["clients"].as_array().unwrap().iter().all(|client| client["client"] != key.as_str()));
    });
}

#[test]
fn a_tier_is_one_that_the_firm_has() {
    run(async {
        let house = House::new().await;
        let helen = house.person(OWNER).await;
        let client = house.client("Vantage Lettings Ltd").await;
        let path = format!("/clients/{}", client.id.0);
        let page = helen.get(&path).await;
        let offered = page.between("<select name=\"tier\">", "</select>").to_owned();
        assert!(offered.contains("value=\"a\"") && offered.contains("value=\"c\""), "{offered}");
        let details_of = format!("{path}/details");
        let refused = helen.post(&details_of, &[("name", client.name.as_str()), ("tier", "platinum")]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("“platinum” is none; there are a,"), "{}", refused.text);
        let kept = helen.post(&details_of, &[("name", client.name.as_str()), ("tier", "C")]).await;
        assert_eq!(kept.status, 303, "{}", kept.text);
        assert_eq!(house.client("Vantage Lettings Ltd").await.tier.as_deref(), Some("c"));

        // A tier that only a client behind a wall has is unheard of.
        let asker = house.asker(OWNER).await;
        let others =
            asker.board.firm.clients.values().filter(|card| card.is_confirmed() && card.id != client.id);
        let other = others.min_by_key(|card| &card.name).expect("another client");
        let (staff, now) = (house.staff(OWNER).await, house.app.now());
        let told = Default::default();
        let new = Details { name: other.name.clone(), tier: Some("hushed".to_owned()), told };
        let mut tx = changes::begin(&house.app.db, FIRM, Durability::Act).await.unwrap();
        details::change(&mut tx, FIRM, other.id, new, staff, now).await.unwrap();
        house.app.commit(FIRM, tx).await.unwrap();
        assert!(helen.get(&path).await.ok().contains("hushed"));
        house.wall(OWNER, other.id).await;
        let page = helen.get(&path).await.ok();
        assert!(!page.contains("hushed"), "{page}");
        let refused = helen.post(&details_of, &[("name", client.name.as_str()), ("tier", "platinum")]).await;
        assert!(refused.status == 422 && !refused.text.contains("hushed"), "{}", refused.text);
    });
}
