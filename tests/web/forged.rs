//! Ids of what is not there for whoever asks: another firm's, and none at all. Each is not found, on every route, and
//! stands in the log.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use regard::access::tokens::Scope;
use regard::db::Durability;
use regard::firm::{self, Firm};
use regard::ids::{FirmId, StaffId};
use regard::record::audit;
use serde_json::json;

use crate::alone::{ISSUER, allow};
use crate::doors::{EMAIL, OTHER, works_for};
use crate::drafts::{ANSWER, answering, begin, borrowed, owed};
use crate::house::{FIRM, House, Page, Person, run};
use crate::routes::routes;

/// Addresses that are keys themselves, and files of the program.
const KEYS: [&str; 3] = ["/feed/", "/join/", "/static/"];

/// Whoever asks whether a sign-in is done is told that it has ended, also where it never began.
const ENDED: &str = "/settings/signing-in/{id}/asking";

pub(crate) const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
const LOG: &str = "/settings/log?act=refused";
const VANTAGE: &str = "Vantage Lettings Ltd";

/// A number that is nothing's, as far as it is a number of anything: it has 16 digits, as what is owed has.
pub(crate) const NOTHING: &str = "1000000000000001";

/// Fields of which each form has those that it needs.
pub(crate) const FIELDS: &str = "means=phone&words=Words.&name=A+name&once=1&purpose=answer&access=staff&signature=Yours&secret=x\
                      &password=x&paused=1&oauth=1&other=Somebody&who=1&is=2";

/// The owner of another firm of the same store, of which nothing is known but that.
async fn owner_of_another_firm(house: &House) -> (Person, StaffId) {
    let mut tx = house.app.db.write(Durability::Act).await.unwrap();
    let other = Firm { id: OTHER, name: "Zebra Partners".to_owned(), ..Firm::new("Europe/Paris".to_owned()) };
    firm::store::save(&mut tx, &other, house.app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let staff = works_for(house, OTHER, "the second password").await;
    let mut tx = house.app.db.write(Durability::Act).await.unwrap();
    let mut people = regard::staff::store::all(&mut tx, OTHER).await.unwrap();
    "owner".clone_into(&mut people[0].access);
    regard::staff::store::save(&mut tx, OTHER, &people[0], house.app.now()).await.unwrap();
    regard::record::changes::note_everything(&mut tx, OTHER).await.unwrap();
    tx.commit().await.unwrap();
    let signed = [("email", EMAIL), ("password", "the second password")];
    let signed = house.nobody().post_bare("/sign-in", &signed).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
    (house.with_cookie_of(&signed).await, staff)
}

/// Whether a path is one of a route.
pub(crate) fn is_of(route: &str, path: &str) -> bool {
    let (route, path): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), path.split('/').collect());
    let is_same = |(route, path): (&&str, &&str)| route.starts_with('{') != (route == path);
    route.len() == path.len() && route.iter().zip(&path).all(is_same)
}

/// Where the links and forms of a page lead.
pub(crate) fn leads(page: &Page) -> impl Iterator<Item = &str> {
    let places = ["href=\"", "action=\""].into_iter().flat_map(|at| page.text.split(at).skip(1));
    places.filter_map(|rest| rest.split(['"', '?', '#']).next()).filter(|path| path.starts_with('/'))
}

/// Of every route that names something a path that leads to something, as far as her pages lead there.
pub(crate) async fn real_paths(helen: &Person, routes: &[(Method, String)]) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let begins = ["/today?whose=firm", "/clients", "/clients?risk=high", "/settings", "/outbox"];
    let mut ahead: BTreeSet<String> = begins.map(str::to_owned).into();
    let mut been = BTreeSet::new();
    while let Some(path) = ahead.pop_first() {
        been.insert(path.clone());
        let page = helen.get(&path).await;
        for path in leads(&page) {
            let Some((_, route)) = routes.iter().find(|(_, route)| is_of(route, path)) else { continue };
            let is_new = !route.contains('{') || !found.contains_key(route);
            found.insert(route.clone(), path.to_owned());
            let is_page = routes.contains(&(Method::GET, route.clone())) && !path.contains('.');
            if is_new && is_page && !been.contains(path) {
                ahead.insert(path.to_owned());
            }
        }
    }
    found
}

/// Things of each kind, so that her pages lead to them.
pub(crate) async fn things(house: &House) -> Person {
    let (helen, draft, form) = answering(house, ANSWER).await;
    house.give_access("Helen", "owner").await;
    let staff = house.staff("Marcus").await.0.to_string();
    let client = house.client(VANTAGE).await;
    allow(house);
    house.app.outside.take_forwarded(Some("regard.example".to_owned()));
    let made: [(&str, &[(&str, &str)]); 10] = [
        ("/settings/sign-ins", &ISSUER),
        ("/settings/forwarding", &[("name", "Mine")]),
        ("/clients/views", &[("name", "Mine"), ("query", "risk=high")]),
        ("/settings/tokens", &[("name", "Mine"), ("scope", "read")]),
        ("/settings/texts", &[("name", "Hello"), ("words", "Hello there.")]),
        ("/settings/telephone", &[("name", "Reception")]),
        ("/settings/absences", &[("staff", &staff), ("from", "2026-06-20"), ("to", "2026-06-25")]),
        ("/settings/walls", &[("staff", &staff), ("client", &client.name), ("reason", "x")]),
        ("/settings/standards", &[("answer", "4 hours")]),
        (&format!("/clients/{}/notes", client.id.0), &[("words", "They may sell."), ("once", "1")]),
    ];
    for (path, fields) in made {
        let page = helen.post(path, fields).await;
        assert!(page.status.is_redirection() || page.status.is_success(), "{path}: {}", alert(&page));
    }
    helen.post(&format!("{draft}/sending"), &borrowed(&form, &[])).await;
    let draft = begin(&helen, &owed(&helen).await, "answer", &[]).await;
    let files: [(&str, &[u8]); 1] = [("plan.txt", b"The plan.")];
    helen.post_files(&format!("{draft}/files"), &[("words", ANSWER)], &files).await;
    helen
}

/// Asks a route for something. Where a page only leads to another one, that is asked.
async fn tried(who: &Person, staff: StaffId, method: &Method, path: &str) -> (String, Page) {
    let what = if path.contains("/outbox/") { "back" } else { "kept" };
    let (kind, body) = match path.strip_prefix("/api/v1/") {
        Some(path) if path.ends_with("/decisions") || path.ends_with("/turning") => {
            (JSON, json!({ "what": what }))
        }
        Some(path) if path.ends_with("/letters") || path.ends_with("/checks") => {
            (JSON, json!({ "text": "Words.", "once": "1" }))
        }
        Some(path) if path.ends_with("/notes") => (JSON, json!({ "words": "Words.", "once": "1" })),
        Some(path) if path.ends_with("/questions") => {
            (JSON, json!({ "words": "Words?", "once": "1", "staff": staff.0.to_string() }))
        }
        Some(path) if path.ends_with("/point-person") => (JSON, json!({ "staff": staff.0.to_string() })),
        Some(path) if path.ends_with("/merging") => (JSON, json!({ "into": NOTHING })),
        Some(path) if path.ends_with("/joining") => (JSON, json!({ "who": "x", "is": "y" })),
        Some(_) => (JSON, json!({ "name": "A name" })),
        None => (FORM, format!("{FIELDS}&what={what}&staff={}&mark={}", staff.0, who.mark).into()),
    };
    let body = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
    let page = who.ask(method.clone(), path, kind, body).await;
    match page.location().split(['#', '?']).next() {
        Some(to) if *method == Method::GET && path.starts_with(to) && !to.is_empty() => {
            (format!("GET {to}"), who.get(to).await)
        }
        _ => (format!("{method} {path}"), page),
    }
}

/// What a page says is wrong.
fn alert(page: &Page) -> &str {
    page.text
        .split("role=\"alert\"")
        .nth(1)
        .map_or(&page.text, |rest| rest.split("</p>").next().unwrap_or_default())
}

/// What was refused, of a firm.
async fn refused(house: &House, firm: FirmId) -> BTreeSet<String> {
    regard::app::seen::write(&house.app).await.unwrap();
    let noted = audit::last(&mut house.app.db.read().await.unwrap(), firm, 1000).await.unwrap();
    noted.into_iter().filter(|(act, _)| act == "refused").map(|(_, detail)| detail).collect()
}

/// Of what her pages lead to, what the API calls so.
fn real_path(real: &BTreeMap<String, String>, route: &str) -> Option<String> {
    let Some(rest) = route.strip_prefix("/api/v1") else { return real.get(route).cloned() };
    let rest = rest.replace("/obligations/", "/owed/").replace("/decisions/{id}", "/decisions/{key}");
    let alike = rest.replace("/checks", "");
    Some(
        format!("/api/v1{}", real.get(&alike)?.replace("/owed/", "/obligations/"))
            + rest.strip_prefix(&alike)?,
    )
}

#[test]
fn what_is_not_there_or_another_firms_is_not_found_on_any_route_and_noted() {
    run(async {
        let house = House::new().await;
        let helen = things(&house).await;
        let mut routes = routes(&house).await;
        routes.retain(|(_, route)| KEYS.iter().all(|key| !route.starts_with(key)));
        let real = real_paths(&helen, &routes).await;
        let named: Vec<(Method, String)> =
            routes.iter().filter(|(_, route)| route.contains('{') && route != ENDED).cloned().collect();
        let (zoe, her) = owner_of_another_firm(&house).await;
        let marcus = house.staff("Marcus").await;
        let before = helen.get("/today?whose=firm").await.ok();
        let (mut wrong, mut mine, mut hers) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for (method, route) in &named {
            let nothing = route.split('/').map(|part| if part.starts_with('{') { NOTHING } else { part });
            let nothing = nothing.collect::<Vec<_>>().join("/");
            let theirs = real_path(&real, route);
            let tries = [(&helen, marcus, Some(nothing), &mut mine), (&zoe, her, theirs, &mut hers)];
            for (who, staff, path, asked) in tries {
                let Some(path) = path else { continue };
                let (what, page) = tried(who, staff, method, &path).await;
                if page.status != StatusCode::NOT_FOUND {
                    wrong.push(format!("{what}: {} {}", page.status, alert(&page)));
                }
                asked.insert(what);
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(50 < hers.len(), "of most kinds there is something: {hers:?}");
        assert_eq!(refused(&house, OTHER).await, hers);
        assert_eq!(refused(&house, FIRM).await, mine);
        // What she has is there still, as it was.
        assert_eq!(helen.get("/today?whose=firm").await.ok(), before);
        assert_eq!(real_paths(&helen, &routes).await, real);
    });
}

#[test]
fn what_a_form_names_and_is_not_there_is_not_found_and_noted() {
    run(async {
        let house = House::new().await;
        house.give_access("Helen", "owner").await;
        let helen = house.person("Helen").await;
        let (staff, client) = (house.staff("Marcus").await.0.to_string(), house.client(VANTAGE).await.id.0);
        let (client, card) = (client.to_string(), format!("w:{NOTHING}"));
        let forms: [(&str, &[(&str, &str)]); 6] = [
            ("/settings/walls/lowering", &[("staff", &staff), ("client", &client), ("matter", "0")]),
            ("/settings/excluded/removing", &[("what", "home.example")]),
            ("/correspondents", &[("kind", "client"), ("w:nobody.example", "1")]),
            ("/correspondents/undoing", &[("w:nobody.example", "1")]),
            ("/clients/proposed", &[("word", "leave"), (&card, "1")]),
            ("/clients/proposed/undoing", &[(&card, "1")]),
        ];
        for (path, fields) in forms {
            let page = helen.post(path, fields).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}: {}", alert(&page));
        }
        let all: BTreeSet<String> = forms.iter().map(|(path, _)| format!("POST {path}")).collect();
        assert_eq!(refused(&house, FIRM).await, all, "and nobody whom somebody named");
    });
}

#[test]
fn whoever_guesses_for_an_hour_makes_a_log_that_can_be_read() {
    run(async {
        let house = House::new().await;
        let marcus = house.person("Marcus").await;
        for (again, all) in [(0, 130), (130, 140)] {
            for n in again..all {
                assert_eq!(marcus.get(&format!("/clients/{}", 5000 + n)).await.status, StatusCode::NOT_FOUND);
            }
            let refused = refused(&house, FIRM).await;
            assert_eq!(refused.len(), 101, "{refused:?}");
            assert!(refused.contains(&format!("all in all, {all} times within the hour")), "{refused:?}");
        }
    });
}

#[test]
fn the_log_tells_of_what_was_refused_as_far_as_its_reader_may_know_and_never_a_key() {
    run(async {
        let house = House::new().await;
        let client = house.client(VANTAGE).await.id;
        house.give_access("Helen", "owner").await;
        house.give_access("Marcus", "owner").await;
        house.wall("Marcus", client).await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        let path = format!("/clients/{}/record.csv", client.0);
        assert_eq!(marcus.get(&path).await.status, StatusCode::NOT_FOUND);
        let token = house.token("Marcus", Scope::Read).await;
        assert_eq!(house.with_token(&token, "/api/v1/clients/4").await.status, StatusCode::NOT_FOUND);
        for page in ["/nowhere", "/clientz/1000000000000001", "/join/1.abc", "/feed/1.abc.ics"] {
            assert_eq!(marcus.get(page).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        let all = ["GET /api/v1/clients/4".to_owned(), format!("GET {path}")];
        assert_eq!(refused(&house, FIRM).await, all.into());
        let (hers, his) = (helen.get(LOG).await.ok(), marcus.get(LOG).await.ok());
        assert!(hers.contains(&format!("GET /clients/“{VANTAGE}”/record.csv")), "{hers}");
        assert!(his.contains("GET /clients/(not for you to see)/record.csv"), "{his}");
        assert!(!his.contains(&client.0.to_string()), "{his}");
        assert!(hers.contains(">GET /api/v1/clients/4<"), "{hers}");
    });
}
