//! What somebody may not see changes nothing of what they are shown: no list, no count, no file, no answer of the API.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use regard::access::tokens::Scope;
use regard::access::{Access, passwords};
use regard::db::Durability;
use regard::set_up::person;

use crate::correspondents::{DOORS, SECRET, bring, firm, letter};
use crate::house::{FIRM, House, Page, Person, run};
use crate::routes::routes;

const VANTAGE: &str = "Vantage Lettings Ltd";

/// What is looked for in letters and clients.
const SOUGHT: [&str; 8] = [
    "/search?q=papers",
    "/search.csv?q=papers",
    "/search.csv?q=wolfhound",
    "/search?q=lease",
    "/search.csv?q=lease",
    "/clients?q=papers",
    "/api/v1/clients?most=1000",
    "/api/v1/outbox?whose=firm",
];

/// Everything that is shown to somebody, by where: each page that names nothing, each filter of lists, what the API gives,
/// their calendar, and what falls due.
async fn shown(house: &House, who: &Person, token: &str, feed: &str) -> BTreeMap<String, String> {
    let all = routes(house).await;
    let pages = all.iter().filter(|(method, route)| *method == Method::GET && !route.contains('{'));
    let pages = pages.map(|(_, route)| route.as_str()).filter(|route| !NO_LIST.contains(route));
    let doors: BTreeSet<&str> = pages.chain(DOORS).chain(SOUGHT).collect();
    let mut shown = BTreeMap::new();
    for door in doors {
        shown.insert(door.to_owned(), told(&who.get(door).await));
        if door.starts_with("/api/") {
            shown.insert(format!("{door} by a token"), told(&house.with_token(token, door).await));
        }
    }
    shown.insert("/due".to_owned(), told(&who.post("/due", &[]).await));
    shown.insert("the calendar".to_owned(), told(&who.get(&format!("/feed/{feed}.ics")).await));
    shown
}

/// What is no list of anything: what stays open, what the program itself is, and what tells what was looked at.
const NO_LIST: [&str; 5] = ["/live", "/favicon.ico", "/settings/log", "/settings/log.csv", "/again"];

/// An answer, but for how often something has changed, what tells one form from another, and the moment at which it is true.
fn told(page: &Page) -> String {
    let text = ["data-revision=\"", "name=\"once\" value=\"", "\"as_of\":\"", "DTSTAMP:"].into_iter().fold(
        page.text.clone(),
        |text, at| {
            let mut parts = text.split(at);
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |all, part| all + at + part.trim_start_matches(|c: char| c != '"' && c != '\r'))
        },
    );
    format!("{} {text}", page.status)
}

/// Says where what is shown has changed.
#[track_caller]
fn same(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    let mut changed = before.iter().filter(|(door, text)| after.get(*door) != Some(text));
    if let Some((door, text)) = changed.next() {
        let now = &after[door];
        let line = text.lines().zip(now.lines()).find(|(before, after)| before != after);
        panic!("{door} shows something else: {line:?}\n{text}\n\n{now}");
    }
    assert_eq!(before.len(), after.len());
    assert!(40 < before.len(), "{:?}", before.keys());
}

#[test]
fn whom_nobody_placed_changes_nothing_of_what_others_are_shown() {
    run(async {
        let house = firm().await;
        let now = house.app.now();
        let mut tx = house.app.db.write(Durability::Act).await.unwrap();
        let di = person(&mut tx, FIRM, "Di Marsh", "di@quill.example", Access::Owner, now).await.unwrap();
        let hashed = passwords::hash("another horse battery").unwrap();
        passwords::save(&mut tx, FIRM, di, "di@quill.example", &hashed, now).await.unwrap();
        tx.commit().await.unwrap();
        // So that there is a mailbox of hers already.
        let more = |n, from: &str, subject: &str, words: &str| {
            letter(n, &format!("{from} <{from}@far.example>"), "amy@quill.example", 12, subject, words)
        };
        let amy = house.person("Amy").await;
        let mut others = Vec::new();
        for name in ["Bo", "Cy", "Di"] {
            let token = house.token(name, Scope::Read).await;
            let feed = house.token(name, Scope::Feed).await;
            let who = house.person(name).await;
            let before = shown(&house, &who, &token, &feed).await;
            others.push((who, token, feed, before));
        }
        let hers = amy.get("/today?whose=firm").await.ok();
        let ask = format!("Could you send me the {SECRET} papers about the lease by Friday, please?");
        let mail = more(21, "zed", &format!("The {SECRET}"), &ask)
            + &more(22, "zed", &format!("Re: The {SECRET}"), "When will the papers come? I am leaving.");
        bring(&house, "amys", &mail).await;
        assert_ne!(amy.get("/today?whose=firm").await.ok(), hers, "she is shown it");
        assert!(amy.get("/correspondents").await.ok().contains("far.example"));

        // A stand-in for a client, where no list says who the clients are.
        let board = house.app.boards.now(&house.app.db, FIRM).await.unwrap();
        let stand_in =
            board.firm.clients.values().find(|card| card.key == "far.example").expect("a stand-in");
        let log = "/settings/log";
        for (who, token, feed, before) in &others {
            same(before, &shown(&house, who, token, feed).await);
            for page in ["", "/record.csv", "/contacts.vcf"] {
                let path = format!("/clients/{}{page}", stand_in.id.0);
                assert_eq!(who.get(&path).await.status, 404, "{path}");
            }
            let api = format!("/api/v1/clients/{}", stand_in.id.0);
            assert_eq!(house.with_token(token, &api).await.status, 404);
            assert_eq!(house.with_token(token, &format!("{api}/contacts")).await.status, 404);
        }
        let owner = &others[2].0;
        for page in [owner.get(log).await.ok(), owner.get("/settings/log.csv").await.ok()] {
            for secret in [SECRET, "far.example", "acme.example", "Aunt May", "Jo Ash"] {
                assert!(!page.contains(secret), "{secret}: {page}");
            }
        }
    });
}

#[test]
fn what_is_owed_behind_a_wall_changes_nothing_of_what_is_shown_before_it() {
    run(async {
        let house = House::new().await;
        let client = house.client(VANTAGE).await.id;
        house.give_access("Marcus", "owner").await;
        house.wall("Marcus", client).await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        let (token, feed) =
            (house.token("Marcus", Scope::Read).await, house.token("Marcus", Scope::Feed).await);
        let before = shown(&house, &marcus, &token, &feed).await;
        let hers = helen.get("/today?whose=firm").await.ok();
        let open: Vec<_> =
            house.asker("Helen").await.board.open_at(client).iter().map(|open| open.owed.id).collect();
        assert!(1 < open.len(), "{open:?}");
        for id in &open[1..] {
            let done = helen.post(&format!("/owed/{id}/decisions"), &[("what", "not_needed")]).await;
            assert!(done.status.is_redirection(), "{}", done.text);
        }
        let note = [("words", "I'll send them the lease on Thursday."), ("once", "1"), ("what", "call")];
        let noted = helen.post(&format!("/clients/{}/notes", client.0), &note).await;
        assert!(noted.status.is_redirection(), "{}", noted.text);
        assert_ne!(helen.get("/today?whose=firm").await.ok(), hers, "she is shown it");
        same(&before, &shown(&house, &marcus, &token, &feed).await);
    });
}
