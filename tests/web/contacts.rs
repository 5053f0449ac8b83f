//! Contacts that people add to a client and change: what their addresses mean follows at once, and each change is taken
//! back.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use futures_util::FutureExt;
use regard::access::tokens::Scope;
use regard::clients::{Contact, store};
use regard::ids::ClientId;
use regard::intake::settle::settle;
use serde_json::json;

use crate::correspondents::{SECRET, firm};
use crate::house::{FIRM, House, Page, Person, run};

const HELEN: &str = "Helen Farrow";
const MARCUS: &str = "Marcus Tidd";
const VANTAGE: &str = "Vantage Lettings Ltd";

async fn contacts(house: &House, client: ClientId) -> Vec<Contact> {
    store::contacts_of(&mut house.app.db.read().await.unwrap(), FIRM, client).await.unwrap()
}

/// Where what was just done is undone.
fn undoing(page: &Page) -> String {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    let after = page.location().split("&undo=").nth(1).expect("something that can be undone");
    format!("/decisions/{}/undoing", after.split('&').next().unwrap())
}

/// Where a contact is changed, and how they stand on the page.
async fn form_of(person: &Person, path: &str, contact: &Contact) -> (String, String) {
    let action = format!("{path}/contacts/{}", contact.id.0);
    let page = person.get(path).await;
    let seen = page.text.split(&format!("action=\"{action}\"")).nth(1).expect("a form of them");
    let seen = seen.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    (action, seen.to_owned())
}

#[test]
fn somebody_is_added_changed_and_each_is_taken_back() {
    run(async {
        let house = House::new().await;
        let (helen, card) = (house.person(HELEN).await, house.client(VANTAGE).await);
        let path = format!("/clients/{}", card.id.0);
        let before = contacts(&house, card.id).await;
        let new = [
            ("name", "Robin Hale"),
            ("role", "Book-keeper"),
            ("emails", "Robin@Elsewhere.example\r\nrobin.hale@elsewhere.example"),
            ("phones", "01632 960 777"),
        ];
        let added = helen.post(&format!("{path}/contacts"), &new).await;
        let page = helen.get(added.location()).await.ok();
        for words in
            ["Robin Hale is a contact now.", "Book-keeper", "robin@", "01632 960 777", "You added them"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        let again = helen.post(&format!("{path}/contacts"), &new).await;
        assert!(
            again.location().contains("is%20a%20contact%20already"),
            "a second click: {}",
            again.location()
        );
        let robin = contacts(&house, card.id).await.into_iter().find(|one| one.name == "Robin Hale").unwrap();
        assert_eq!((robin.addresses.len(), contacts(&house, card.id).await.len()), (3, before.len() + 1));
        let found = helen.get("/search?q=robin%20hale").await.ok();
        assert!(found.contains(VANTAGE), "a client is found by its people: {found}");

        let (action, seen) = form_of(&helen, &path, &robin).await;
        let change = [
            ("name", "Robin Hale"),
            ("role", "Director"),
            ("emails", "robin@elsewhere.example; rh@elsewhere.example"),
            ("phones", ""),
            ("seen", &seen),
        ];
        let changed = helen.post(&action, &change).await;
        let page = helen.get(changed.location()).await.ok();
        assert!(page.contains("Director") && page.contains("rh@") && !page.contains("robin.hale@"), "{page}");
        assert!(!page.contains("01632 960 777"), "{page}");
        let overtaken = helen.post(&action, &change).await;
        assert_eq!(overtaken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(overtaken.text.contains("was changed since you opened the page"), "{}", overtaken.text);

        // The earlier one first needs the later to be undone.
        let early = helen.post(&undoing(&added), &[("back", &path)]).await;
        assert!(early.location().contains("changed%20again%20since"), "{}", early.location());
        let back = helen.post(&undoing(&changed), &[("back", &path)]).await;
        assert!(back.location().contains("Robin%20Hale%20is%20as%20before"), "{}", back.location());
        let robin = contacts(&house, card.id).await.into_iter().find(|one| one.name == "Robin Hale").unwrap();
        assert_eq!((robin.addresses.len(), robin.role.as_deref()), (3, Some("Book-keeper")));
        let back = helen.post(&undoing(&added), &[("back", &path)]).await;
        assert!(back.location().contains("no%20contact%20any%20more"), "{}", back.location());
        assert_eq!(contacts(&house, card.id).await, before);
        let log = house.log().await;
        assert!(
            log.iter().any(|(act, detail)| act == "changed"
                && detail.contains("1 address or number added")
                && detail.contains("2 addresses or numbers taken off")),
            "{log:?}"
        );
        assert!(
            log.iter().all(|(_, detail)| !detail.contains("Robin")),
            "the log outlives who is erased: {log:?}"
        );
    });
}

#[test]
fn whoever_goes_before_the_answer_comes_finds_it_done() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let card = house.client(VANTAGE).await;
        let robin = [("name", "Robin Hale"), ("emails", "robin@elsewhere.example")];
        // The request is looked at once, and then there is nobody to answer any more.
        let answered = helen.post(&format!("/clients/{}/contacts", card.id.0), &robin).now_or_never();
        assert!(answered.is_none(), "it waits for the database");
        let begun = Instant::now();
        while contacts(&house, card.id).await.iter().all(|one| one.name != "Robin Hale") {
            assert!(begun.elapsed() < Duration::from_secs(20), "it was begun and never done");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
}

#[test]
fn an_address_of_somebody_else_is_refused_and_whose_it_is_is_told_to_who_may_know() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person(HELEN).await, house.person(MARCUS).await);
        house.give_access(MARCUS, "staff").await;
        let card = house.client(VANTAGE).await;
        let asker = house.asker(HELEN).await;
        let (address, name) = asker.board.firm.addresses[&card.id]
            .iter()
            .find_map(|address| Some((*address, asker.board.firm.contacts.get(address)?.clone())))
            .expect("a contact of theirs");
        let mut tx = house.app.db.read().await.unwrap();
        let text =
            regard::record::texts::addresses(&mut tx, FIRM, [address]).await.unwrap()[&address].0.clone();
        drop(tx);
        let other =
            asker.board.firm.clients.values().find(|one| one.id != card.id && one.is_confirmed()).unwrap();
        let (here, there) = (format!("/clients/{}", card.id.0), format!("/clients/{}", other.id.0));
        let with = |email: &'static str| [("name", "Jo Newcome"), ("role", "Clerk"), ("emails", email)];
        let theirs: &'static str = text.clone().leak();

        let refused = marcus.post(&format!("{there}/contacts"), &with(theirs)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let said = refused.between("id=\"refused\"", "</p>").to_owned();
        assert!(said.contains(&format!("is {name}’s, of {VANTAGE}")), "{said}");
        let kept = refused.between("value=\"Jo Newcome\"", "</form>");
        assert!(kept.contains("value=\"Clerk\"") && kept.contains(theirs), "what was typed stays: {kept}");
        let refused = marcus.post(&format!("{here}/contacts"), &with(theirs)).await;
        assert!(refused.text.contains("’s already; where the two are one"), "{}", refused.text);
        house.wall(MARCUS, card.id).await;
        let refused = marcus.post(&format!("{there}/contacts"), &with(theirs)).await;
        let said = refused.between("id=\"refused\"", "</p>").to_owned();
        assert!(said.contains("whom you do not see") && !said.contains(&name), "{said}");
        assert!(!refused.text.contains("Vantage"), "{}", refused.text);
        let undo_nothing = marcus.post(&format!("{here}/contacts"), &with("a@new.example")).await;
        assert_eq!(undo_nothing.status, StatusCode::NOT_FOUND);

        let own = helen.post(&format!("{there}/contacts"), &with("helen@tiddfarrow.example")).await;
        assert!(own.text.contains("is Helen Farrow’s, who works here"), "{}", own.text);
        for (fields, why) in [
            ([("name", "Jo"), ("emails", "jo at acme"), ("phones", "")], "is no mail address"),
            ([("name", "Jo"), ("emails", ""), ("phones", "ring me")], "is no telephone number"),
            ([("name", " "), ("emails", ""), ("phones", "")], "The name is missing"),
        ] {
            let refused = helen.post(&format!("{there}/contacts"), &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{why}");
            assert!(refused.text.to_lowercase().contains(&why.to_lowercase()), "{why}: {}", refused.text);
        }
        let many = "x@new.example\n".repeat(21);
        let refused = helen.post(&format!("{there}/contacts"), &[("name", "Jo"), ("emails", &many)]).await;
        assert!(refused.text.contains("20 are the most"), "{}", refused.text);
        let foreign = helen.post_bare(&format!("{there}/contacts"), &[("name", "Jo"), ("mark", "0")]).await;
        assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY, "a form from elsewhere does nothing");
        house.give_access(MARCUS, "read_only").await;
        let refused = marcus.post(&format!("{there}/contacts"), &with("a@new.example")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!marcus.get(&there).await.ok().contains("Add somebody"));
        assert!(contacts(&house, other.id).await.iter().all(|one| !one.name.starts_with("Jo")));
    });
}

#[test]
fn who_waits_in_ones_own_mailbox_becomes_a_contact_with_all_they_wrote_and_nobody_elses() {
    run(async {
        let house = firm().await;
        house.give_access("Amy", "owner").await;
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        let placed = amy.post("/correspondents", &[("w:acme.example", "1"), ("kind", "client")]).await;
        assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.text);
        let acme = house.client("acme.example").await;
        let path = format!("/clients/{}", acme.id.0);
        let open = async || house.asker("Amy").await.board.open_at(acme.id).len();
        let before = open().await;
        let kim = [("name", "Kim Orr"), ("emails", "kim@other.example")];
        let refused = amy.post(&format!("{path}/contacts"), &kim).await;
        assert!(
            refused.text.contains("whom you do not see"),
            "it lies in Bo’s mailbox alone: {}",
            refused.text
        );
        assert!(!amy.get(&path).await.ok().contains("Our sale"));

        let added = bo.post(&format!("{path}/contacts"), &kim).await;
        assert!(amy.get(&path).await.ok().contains("Our sale"), "it is the client’s from now on");
        let with_kim = open().await;
        assert!(before < with_kim, "Kim waits for an answer");
        settle(&house.app.db, FIRM, house.app.now()).await.unwrap();
        assert_eq!(open().await, with_kim, "the same as when everything is settled anew");
        bo.post(&undoing(&added), &[("back", &path)]).await;
        assert!(!amy.get(&path).await.ok().contains("Our sale"), "and Bo’s alone again");
        assert_eq!(open().await, before);

        // Who writes and stands on no list is kept as a contact from where they stand.
        let page = bo.get(&path).await.ok();
        let jo = page.split("Keep as a contact").nth(1).expect("Jo Ash is on no list");
        assert!(jo.contains("value=\"Jo Ash\"") && jo.contains(">jo@acme.example</textarea>"), "{jo}");
        let jo = [("name", "Jo Ash"), ("role", "Owner"), ("emails", "jo@acme.example")];
        bo.post(&format!("{path}/contacts"), &jo).await;
        let page = bo.get(&path).await.ok();
        assert!(!page.contains("on no list") && page.contains("Jo Ash") && page.contains(SECRET), "{page}");
    });
}

#[test]
fn a_program_lists_adds_changes_and_takes_back() {
    run(async {
        let house = House::new().await;
        let token = house.token(HELEN, Scope::Act).await;
        let card = house.client(VANTAGE).await;
        let path = format!("/api/v1/clients/{}/contacts", card.id.0);
        let before = house.with_token(&token, &path).await.json();
        let wish = json!({ "name": "Robin Hale", "emails": ["robin@elsewhere.example"], "phones": ["01632 960777"] });
        let added = house.ask_json("POST", &token, &path, &wish).await;
        assert_eq!(added.status, StatusCode::OK, "{}", added.text);
        let id = added.json()["contact"].as_str().unwrap().to_owned();
        let listed = house.with_token(&token, &path).await.json();
        let robin =
            listed["contacts"].as_array().unwrap().iter().find(|one| one["id"] == id.as_str()).unwrap();
        assert_eq!(robin["emails"], json!(["robin@elsewhere.example"]));
        let one = format!("{path}/{id}");
        let wish = json!({ "name": "Robin Hale", "role": "Director", "emails": robin["emails"], "seen": robin["seen"] });
        let changed = house.ask_json("PUT", &token, &one, &wish).await.json();
        assert_eq!(changed["words"], "Robin Hale is changed.");
        assert_eq!(house.ask_json("PUT", &token, &one, &wish).await.status, StatusCode::CONFLICT);
        for done in [&changed, &added.json()] {
            let undo = format!("/api/v1/decisions/{}/undoing", done["change"].as_str().unwrap());
            let undone = house.ask_json("POST", &token, &undo, &json!({})).await;
            assert!(undone.json()["words"].as_str().unwrap().starts_with("Undone."), "{}", undone.text);
        }
        assert_eq!(house.with_token(&token, &path).await.json(), before);
        assert_eq!(house.ask_json("PUT", &token, &one, &wish).await.status, StatusCode::NOT_FOUND);
        let wrong = json!({ "name": "Robin Hale", "emails": ["helen@tiddfarrow.example"] });
        let refused = house.ask_json("POST", &token, &path, &wrong).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("is Helen Farrow’s, who works here"), "{}", refused.text);
        let read = house.token(HELEN, Scope::Read).await;
        let refused = house.ask_json("POST", &read, &path, &json!({ "name": "Robin Hale" })).await;
        assert!(refused.status.is_client_error() && refused.text.contains("only read"), "{}", refused.text);
        house.wall(HELEN, card.id).await;
        assert_eq!(house.with_token(&token, &path).await.status, StatusCode::NOT_FOUND);
    });
}
