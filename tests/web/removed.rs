//! Contacts whom somebody removes: they stand in no list any more, their letters stay, and each removal is undone.

use axum::http::StatusCode;
use jiff::tz::TimeZone;
use reading::letter::{Letter, Mailbox};
use regard::access::tokens::Scope;
use regard::clients::store;
use regard::drafts::words::also_written_to;
use regard::ids::{AddressId, ClientId};
use regard::intake::enlist::{Enlisted, List, Rules, enlist};
use regard::intake::settle::settle;
use regard::record::texts;
use regard::staff::SOMEBODY;
use serde_json::json;

use crate::drafts::value;
use crate::house::{FIRM, House, Page, Person, run};

const HELEN: &str = "Helen Farrow";
const MARCUS: &str = "Marcus Tidd";
const VANTAGE: &str = "Vantage Lettings Ltd";

/// Somebody of a client who writes.
pub(crate) struct Jo {
    pub(crate) client: ClientId,
    path: String,
    action: String,
    pub(crate) name: String,
    pub(crate) email: String,
}

impl Jo {
    /// The contact of a client with whom the firm talks most.
    pub(crate) async fn of(house: &House) -> Jo {
        let client = house.client(VANTAGE).await.id;
        let asker = house.asker(HELEN).await;
        let mut tx = house.app.db.read().await.unwrap();
        let contacts = store::contacts_of(&mut tx, FIRM, client).await.unwrap();
        let contact = asker.board.contact_with(client);
        let talk = |address: &AddressId| {
            let pairs = contact.pairs.iter().filter(|pair| pair.address == *address);
            pairs.map(|pair| pair.heard + pair.told).sum::<u32>()
        };
        let most = contacts.iter().max_by_key(|one| one.addresses.iter().map(talk).sum::<u32>()).unwrap();
        let found = texts::addresses(&mut tx, FIRM, most.addresses.iter().copied()).await.unwrap();
        let email = found.into_values().map(|(text, _)| text).find(|text| text.contains('@')).unwrap();
        let path = format!("/clients/{}", client.0);
        let action = format!("{path}/contacts/{}/removing", most.id.0);
        Jo { client, path, action, name: most.name.clone(), email }
    }

    pub(crate) async fn removed_by(&self, person: &Person) -> Page {
        let seen = self.seen(&person.get(&self.path).await);
        let removed = person.post(&self.action, &[("seen", &seen)]).await;
        assert!(removed.location().contains("is%20no%20contact%20any%20more"), "{}", removed.location());
        removed
    }

    /// How they stand on the page.
    fn seen(&self, page: &Page) -> String {
        let form = page.text.split(&format!("action=\"{}\"", self.action)).nth(1).expect("a form of them");
        form.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }
}

fn undoing(page: &Page) -> String {
    let after = page.location().split("&undo=").nth(1).expect("something that can be undone");
    format!("/decisions/{}/undoing", after.split('&').next().unwrap())
}

/// Who stands on the page.
fn people(page: &str) -> &str {
    page.split("<h2>People</h2>").nth(1).expect("people").split("<h2>").next().unwrap()
}

async fn open(house: &House, client: ClientId) -> usize {
    let asker = house.asker(HELEN).await;
    asker.board.open_at(client).iter().filter(|open| !open.owed.kind.is_upkeep()).count()
}

#[test]
fn whoever_is_removed_stands_in_no_list_and_their_letters_stay() {
    run(async {
        let house = House::new().await;
        let (helen, token) = (house.person(HELEN).await, house.token(HELEN, Scope::Act).await);
        let jo = Jo::of(&house).await;
        let api = format!("/api/v1{}/contacts", jo.path);
        let lists = async || {
            [
                helen.get(&format!("{}/contacts.vcf", jo.path)).await.ok(),
                helen.get("/clients/contacts.vcf").await.ok(),
                house.with_token(&token, &api).await.ok(),
                people(&helen.get(&jo.path).await.ok()).to_owned(),
            ]
        };
        let found = async |words: &str| {
            let page = helen.get(&format!("/search?q={}", words.replace(' ', "%20"))).await.ok();
            let listed = helen.get(&format!("/clients?q={}", words.replace(' ', "%20"))).await.ok();
            [page, listed].map(|page| page.contains(&format!("href=\"{}\"", jo.path)))
        };
        let to = async |purpose: &str| {
            let page = helen.post(&format!("{}/letters", jo.path), &[("purpose", purpose)]).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
            value(&helen.get(page.location().split('?').next().unwrap()).await, "to")
        };
        house.connect(HELEN).await;
        let robin = [("name", "Robin Hale"), ("emails", "robin@elsewhere.example")];
        helen.post(&format!("{}/contacts", jo.path), &robin).await;
        let before = lists().await;
        for list in &before {
            assert!(list.to_lowercase().contains(&jo.email) || list.contains(&jo.name), "{list}");
        }
        assert_eq!(found(&jo.name).await, [true, true]);
        assert!(to("letter").await.contains(&jo.email), "they are written to first");
        let (record, owed) = (format!("{}/record.csv", jo.path), open(&house, jo.client).await);
        let timeline = helen.get(&record).await.ok();
        assert!(timeline.contains(&jo.name) && 0 < owed, "{timeline}");

        let removed = jo.removed_by(&helen).await;
        let page = helen.get(removed.location()).await.ok();
        assert!(page.contains("What was written with them stays."), "{page}");
        for list in &lists().await[..3] {
            assert!(!list.to_lowercase().contains(&jo.email) && !list.contains(&jo.name), "{list}");
        }
        let people_now = people(&page);
        assert!(!people_now.to_lowercase().contains(&jo.email), "{people_now}");
        assert!(!people_now.contains("on no list"), "{people_now}");
        assert_eq!(found(&jo.name).await, [false, false]);
        let other = to("check_in").await;
        assert!(!other.contains(&jo.email) && other.contains('@'), "{other}");
        assert_eq!(helen.get(&record).await.ok(), timeline, "what happened is told by their name");
        assert_eq!(open(&house, jo.client).await, owed, "and what is owed is owed");
        settle(&house.app.db, FIRM, house.app.now()).await.unwrap();
        assert_eq!(open(&house, jo.client).await, owed, "also when everything is settled anew");

        // Later, on the page.
        let gone = people_now.split("Removed: 1").nth(1).expect("who was removed");
        assert!(gone.contains(&jo.name) && gone.contains("You removed them"), "{gone}");
        assert!(gone.contains(&undoing(&removed)), "{gone}");
        let back = helen.post(&undoing(&removed), &[("back", &jo.path)]).await;
        assert!(back.location().contains("is%20a%20contact%20again"), "{}", back.location());
        let again = helen.post(&undoing(&removed), &[("back", &jo.path)]).await;
        assert!(again.location().contains("had%20been%20undone%20already"), "{}", again.location());
        let after = lists().await;
        assert_eq!(after[..3], before[..3]);
        assert!(!after[3].contains("Removed:") && after[3].contains(&jo.name), "{}", after[3]);
        assert_eq!((found(&jo.name).await, open(&house, jo.client).await), ([true, true], owed));
        assert!(to("thanks").await.contains(&jo.email));
        let log = house.log().await;
        let acts = [("changed", "a contact removed"), ("undid", "a removed contact brought back")];
        for (act, what) in acts {
            let noted = log.iter().filter(|(noted, detail)| noted == act && detail.contains(what)).count();
            assert_eq!(noted, 1, "{what}: {log:?}");
        }
        assert!(log.iter().all(|(_, detail)| !detail.contains(&jo.name)), "{log:?}");
    });
}

#[test]
fn of_two_who_remove_somebody_the_second_finds_it_done_and_nobody_else_may() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person(HELEN).await, house.person(MARCUS).await);
        house.give_access(MARCUS, "read_only").await;
        let jo = Jo::of(&house).await;
        let seen = jo.seen(&helen.get(&jo.path).await);
        let refused = marcus.post(&jo.action, &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(!marcus.get(&jo.path).await.ok().contains("/removing"));
        house.give_access(MARCUS, "staff").await;
        assert_eq!(
            helen.post_bare(&jo.action, &[("mark", "0")]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let stale = marcus.post(&jo.action, &[("seen", "00000000")]).await;
        assert!(stale.location().contains("was%20changed%20since"), "{}", stale.location());
        let board = house.asker(HELEN).await.board;
        let elsewhere = board.firm.clients.values().find(|one| one.id != jo.client && one.is_confirmed());
        let other = jo.action.replace(&jo.path, &format!("/clients/{}", elsewhere.unwrap().id.0));
        assert_eq!(helen.post(&other, &[]).await.status, StatusCode::NOT_FOUND, "nobody there");

        let removed = helen.post(&jo.action, &[("seen", &seen)]).await;
        let second = marcus.post(&jo.action, &[("seen", &seen)]).await;
        assert!(second.location().contains("was%20removed%20already"), "{}", second.location());
        assert!(!second.location().contains("undo="), "{}", second.location());
        // Whoever changes them on an older page is told, and loses nothing that they typed.
        let change = jo.action.replace("/removing", "");
        let typed = [("name", "Jo Newcome"), ("role", "Clerk"), ("emails", &*jo.email), ("seen", &*seen)];
        let late = marcus.post(&change, &typed).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.text.contains("was removed since you opened the page"), "{}", late.text);
        let kept = late.between("value=\"Jo Newcome\"", "</form>");
        assert!(kept.contains(&jo.email) && kept.contains("<button>Add</button>"), "{kept}");
        let nobody = marcus.post(&undoing(&removed), &[("back", &jo.path)]).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "who did it, or an owner");
        assert!(!marcus.get(&jo.path).await.ok().contains("Removed: 1"));

        // Their address is free for whoever comes after them; then they cannot be brought back.
        let added = marcus.post(&format!("{}/contacts", jo.path), &typed[..3]).await;
        assert!(added.location().contains("is%20a%20contact%20now"), "{} {}", added.status, added.text);
        let back = helen.post(&undoing(&removed), &[("back", &jo.path)]).await;
        assert!(back.location().contains("somebody%20else"), "{}", back.location());
        marcus.post(&undoing(&added), &[("back", &jo.path)]).await;
        house.wall(MARCUS, jo.client).await;
        assert_eq!(marcus.post(&jo.action, &[]).await.status, StatusCode::NOT_FOUND);
        house.wall(HELEN, jo.client).await;
        assert_eq!(helen.post(&undoing(&removed), &[]).await.status, StatusCode::NOT_FOUND);
        let removals =
            house.log().await.into_iter().filter(|(_, detail)| detail.contains("a contact removed"));
        assert_eq!(removals.count(), 1);
    });
}

/// Brings in a list or cards as the command does.
async fn bring(house: &House, name: &str, text: &str) -> Enlisted {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    let (db, now) = (&house.app.db, house.app.now());
    let rules = Rules { zone: &TimeZone::UTC, skip_bad: false, columns: None, by: SOMEBODY, called: name };
    let read = enlist(db, FIRM, List::Contacts, &[file], rules, now).await.expect("it is read");
    settle(db, FIRM, now).await.expect("it is settled");
    read
}

#[test]
fn no_card_and_no_list_brings_anybody_back() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let jo = Jo::of(&house).await;
        let key = house.client(VANTAGE).await.key;
        let own = helen.get(&format!("{}/contacts.vcf", jo.path)).await.ok();
        let names = async || {
            let mut tx = house.app.db.read().await.unwrap();
            let contacts = store::contacts_of(&mut tx, FIRM, jo.client).await.unwrap();
            contacts.into_iter().map(|one| one.name).collect::<Vec<_>>()
        };
        let domain = jo.email.split_once('@').unwrap().1;
        let card = |uid: &str, name: &str, email: &str| {
            format!(
                "BEGIN:VCARD\nVERSION:4.0\nUID:{uid}\nFN:{name}\nEMAIL:{email}\nTEL:+44 1632 960701\nEND:VCARD\n"
            )
        };
        // A card that resembles them waits, and waits no more.
        bring(&house, "book.vcf", &card("u1", &jo.name, &format!("private@{domain}"))).await;
        let waiting = helen.get("/clients/proposed").await.ok();
        assert!(waiting.contains("1 card waits"), "{waiting}");
        jo.removed_by(&helen).await;
        let without = names().await;
        let page = helen.get("/clients/proposed").await.ok();
        assert!(!page.contains(&jo.name) && page.contains("Nobody is proposed"), "{page}");
        assert!(!helen.get("/clients").await.ok().contains("contact is proposed"));

        // Their own card, another of theirs, a list: each is known for what it is.
        let again = bring(&house, "own.vcf", &own).await.cards;
        assert_eq!((again.renewed, again.proposed), (0, 0), "{again:?}");
        let theirs = bring(&house, "their.vcf", &card("u2", &jo.name, &jo.email)).await.cards;
        assert_eq!((theirs.renewed, theirs.known, theirs.proposed), (0, 1, 0), "{theirs:?}");
        let list =
            format!("client_id,name,email\n{key},{},{}\n{key},Ann Lister,ann@{domain}\n", jo.name, jo.email);
        let read = bring(&house, "contacts.csv", &list).await;
        let passed: Vec<&str> = read.passed.iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!((read.rows, passed), (1, vec![&*format!("line 2: {} was removed", jo.name)]));
        let mut expected = without.clone();
        expected.push("Ann Lister".to_owned());
        assert_eq!(names().await, expected);
        // Somebody else at the same address is somebody else.
        let list = format!("client_id,name,email\n{key},Zoe Quist,{}\n", jo.email);
        let other = bring(&house, "contacts.csv", &list).await;
        assert_eq!((other.passed.len(), names().await.len()), (0, expected.len() + 1));
    });
}

#[test]
fn whoever_is_removed_is_nobody_whom_another_could_be() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let jo = Jo::of(&house).await;
        let robin = [("name", "Robin Hale"), ("emails", "robin@elsewhere.example")];
        helen.post(&format!("{}/contacts", jo.path), &robin).await;
        let mut tx = house.app.db.read().await.unwrap();
        let number = async |tx: &mut regard::db::Tx, text: &str| {
            regard::record::addresses::find(tx, FIRM, text).await.unwrap().unwrap().0.to_string()
        };
        let (theirs, robins) = (number(&mut tx, &jo.email).await, number(&mut tx, robin[1].1).await);
        drop(tx);
        let join = format!("{}/people/joining", jo.path);
        let removed = jo.removed_by(&helen).await;
        for (who, is) in [(&theirs, &robins), (&robins, &theirs)] {
            let refused = helen.post(&join, &[("who", who), ("is", is)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains("is nobody of this client"), "{}", refused.text);
        }
        helen.post(&undoing(&removed), &[("back", &jo.path)]).await;

        // Who was found to be them goes with them, and comes with them.
        let joined = helen.post(&join, &[("who", &robins), ("is", &theirs)]).await;
        assert!(joined.location().contains("They%20are%20one"), "{}", joined.location());
        let listed = async || {
            people(&helen.get(&jo.path).await.ok())
                .split("<details class=\"keep gone")
                .next()
                .unwrap()
                .to_owned()
        };
        assert!(listed().await.contains("robin@") && !listed().await.contains("Robin Hale</b>"));
        let removed = jo.removed_by(&helen).await;
        let gone = listed().await;
        assert!(!gone.contains("robin@") && !gone.contains("Robin Hale"), "{gone}");
        let taken = helen.post(&format!("{}/contacts", jo.path), &robin).await;
        assert!(taken.text.contains("who is removed; undo one of both first"), "{}", taken.text);
        helen.post(&undoing(&removed), &[("back", &jo.path)]).await;
        assert!(listed().await.contains("robin@"));
    });
}

#[test]
fn no_answer_is_copied_to_whoever_is_removed() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let jo = Jo::of(&house).await;
        let copied = async || {
            let asker = house.asker(HELEN).await;
            let one = |address: &str| Mailbox { address: address.to_owned(), ..Mailbox::default() };
            let cc = vec![one(&jo.email), one("robin@elsewhere.example")];
            let letter = Letter { from: Some(one("kim@elsewhere.example")), cc, ..Letter::default() };
            let mut tx = house.app.db.read().await.unwrap();
            let (copied, others) =
                also_written_to(&mut tx, &asker, jo.client, &letter).await.expect("people");
            [copied, others].map(|people| people.into_iter().map(|one| one.address).collect::<Vec<_>>())
        };
        let robin = "robin@elsewhere.example".to_owned();
        assert_eq!(copied().await, [vec![jo.email.clone()], vec![robin.clone()]]);
        jo.removed_by(&helen).await;
        assert_eq!(copied().await, [vec![], vec![jo.email.clone(), robin]], "unless somebody adds them");
    });
}

#[test]
fn a_program_removes_somebody_once() {
    run(async {
        let house = House::new().await;
        let token = house.token(HELEN, Scope::Act).await;
        let jo = Jo::of(&house).await;
        let list = format!("/api/v1{}/contacts", jo.path);
        let before = house.with_token(&token, &list).await.json();
        let listed = before["contacts"].as_array().unwrap();
        let theirs = listed.iter().find(|one| one["name"] == jo.name.as_str()).unwrap();
        let one = format!("{list}/{}", theirs["id"].as_str().unwrap());
        let delete =
            async |token: &str, path: &str| house.ask_json("DELETE", token, path, &json!(null)).await;
        let stale = delete(&token, &format!("{one}?seen=00000000")).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);
        let read = house.token(HELEN, Scope::Read).await;
        let refused = delete(&read, &one).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        let removed =
            delete(&token, &format!("{one}?seen={}", theirs["seen"].as_str().unwrap())).await.json();
        assert_eq!(removed["contact"], theirs["id"], "{removed}");
        let after = house.with_token(&token, &list).await.json();
        assert_eq!(after["contacts"].as_array().unwrap().len() + 1, listed.len());
        let twice = delete(&token, &one).await;
        assert_eq!((twice.status, &twice.json()["change"]), (StatusCode::OK, &json!(null)), "{}", twice.text);
        let wish = json!({ "name": "Jo Newcome" });
        let late = house.ask_json("PUT", &token, &one, &wish).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
        let undo = format!("/api/v1/decisions/{}/undoing", removed["change"].as_str().unwrap());
        let undone = house.ask_json("POST", &token, &undo, &json!({})).await;
        assert!(undone.json()["words"].as_str().unwrap().contains("is a contact again"), "{}", undone.text);
        assert_eq!(house.with_token(&token, &list).await.json(), before);
        for nobody in ["7", "nonsense"] {
            assert_eq!(delete(&token, &format!("{list}/{nobody}")).await.status, StatusCode::NOT_FOUND);
        }
        house.wall(HELEN, jo.client).await;
        assert_eq!(delete(&token, &one).await.status, StatusCode::NOT_FOUND);
    });
}
