//! Contacts that an address book proposes, as people meet them: joined, added, left out, and taken back.

use axum::http::StatusCode;
use jiff::tz::TimeZone;
use regard::clients::store;
use regard::ids::ClientId;
use regard::intake::enlist::{List, Rules, enlist};
use regard::staff::SOMEBODY;

use crate::correspondents::{SECRET, firm};
use crate::house::{FIRM, House, Page, Person, run};

/// Brings in the cards of a file as the command does.
pub(crate) async fn bring(house: &House, cards: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("book.vcf");
    std::fs::write(&file, cards).unwrap();
    let (db, now) = (&house.app.db, house.app.now());
    let rules =
        Rules { zone: &TimeZone::UTC, skip_bad: false, columns: None, by: SOMEBODY, called: "book.vcf" };
    enlist(db, FIRM, List::Contacts, &[file], rules, now).await.expect("it is read");
    regard::intake::settle::settle(db, FIRM, now).await.expect("it is settled");
}

/// The names and addresses of a client's contacts, as its page shows them.
async fn people(house: &House, client: ClientId) -> Vec<(String, usize)> {
    let contacts = store::contacts_of(&mut house.app.db.read().await.unwrap(), FIRM, client).await.unwrap();
    contacts.into_iter().map(|contact| (contact.name, contact.addresses.len())).collect()
}

/// The fields of the page, each named by its card.
pub(crate) fn ticks(page: &Page) -> Vec<String> {
    let fields = page.text.split("type=\"checkbox\" name=\"").skip(1);
    fields.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

pub(crate) fn card(uid: &str, name: &str, email: &str) -> String {
    format!(
        "BEGIN:VCARD\nVERSION:4.0\nUID:{uid}\nFN:{name}\nEMAIL:{email}\nTEL:+44 1632 9607{uid}\nEND:VCARD\n"
    )
}

#[test]
fn one_key_joins_adds_or_leaves_out_and_each_is_taken_back() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let (client, email) = listed(&house).await;
        let before = people(&house, client).await;
        let (name, domain) = (before[0].0.clone(), email.split_once('@').unwrap().1);
        bring(
            &house,
            &[
                card("11", &name, &format!("other@{domain}")),
                card("12", "New Face", &format!("face@{domain}")),
                card("13", "A Robot", &format!("robot@{domain}")),
            ]
            .concat(),
        )
        .await;
        assert_eq!(people(&house, client).await, before, "nobody is joined or added without a word");
        let brought = ("imported".to_owned(), "contacts: book.vcf".to_owned());
        assert!(house.log().await.contains(&brought), "what brings a list in notes it");
        let page = helen.get("/clients").await;
        assert!(page.text.contains("3 contacts are proposed"), "{}", page.text);
        let page = helen.get("/clients/proposed").await;
        assert!(page.text.contains(&format!("Perhaps the same as <b>{name}")), "{}", page.text);
        let fields = ticks(&page);
        assert_eq!(fields.len(), 3);
        let of = |who: &str| {
            let at = page.text.find(&format!("<b>{who}</b>")).unwrap_or_else(|| panic!("no {who}"));
            let begun = page.text[..at].rfind("name=\"w:").unwrap() + "name=\"".len();
            page.text[begun..].split('"').next().unwrap().to_owned()
        };
        let (same, new, robot) = (of(&name), of("New Face"), of("A Robot"));

        // Nobody resembles a new face, so it cannot be joined with anybody.
        let done = helen.post("/clients/proposed", &[(&new, "1"), ("word", "join")]).await;
        assert!(
            done.location().contains("0+cards") || done.location().contains("0%20cards"),
            "{}",
            done.location()
        );
        for (field, word) in [(&same, "join"), (&new, "add"), (&robot, "leave")] {
            let done = helen.post("/clients/proposed", &[(field, "1"), ("word", word)]).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        }
        let mut wanted = before.clone();
        wanted[0].1 += 2;
        wanted.push(("New Face".to_owned(), 2));
        assert_eq!(people(&house, client).await, wanted);
        let shown = helen.get(&format!("/clients/{}", client.0)).await.ok();
        assert!(shown.contains(&format!("other@{domain}")) && shown.contains("New Face"), "{shown}");

        // The same cards again: what was said of them stands.
        bring(&house, &card("13", "A Robot", &format!("robot@{domain}"))).await;
        assert!(ticks(&helen.get("/clients/proposed").await).len() == 3, "only what can be taken back");
        for field in [&same, &new, &robot] {
            helen.post("/clients/proposed/undoing", &[(field, "1")]).await;
        }
        assert_eq!(people(&house, client).await, before);
        assert_eq!(ticks(&helen.get("/clients/proposed").await).len(), 3);
    });
}

#[test]
fn what_a_card_gave_after_it_was_joined_is_taken_back_with_it() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let (client, email) = listed(&house).await;
        let before = people(&house, client).await;
        let (name, domain) = (before[0].0.clone(), email.split_once('@').unwrap().1);
        let with = |more: &str| card("21", &name, &format!("other@{domain}{more}"));
        bring(&house, &with("")).await;
        let field = ticks(&helen.get("/clients/proposed").await).remove(0);
        helen.post("/clients/proposed", &[(&field, "1"), ("word", "join")]).await;
        assert_eq!(people(&house, client).await[0].1, before[0].1 + 2, "an address and a number");

        // The card comes again and knows more.
        bring(&house, &with(&format!("\nEMAIL:third@{domain}"))).await;
        assert_eq!(people(&house, client).await[0].1, before[0].1 + 3);
        helen.post("/clients/proposed/undoing", &[(&field, "1")]).await;
        assert_eq!(people(&house, client).await, before, "nothing of the card is left");
        helen.post("/clients/proposed", &[(&field, "1"), ("word", "join")]).await;
        assert_eq!(people(&house, client).await[0].1, before[0].1 + 3, "joined again, as it is now");
    });
}

/// A client of the sample firm with a contact, and an address of theirs.
pub(crate) async fn listed(house: &House) -> (ClientId, String) {
    let board = house.app.boards.now(&house.app.db, FIRM).await.unwrap();
    let mut cards: Vec<_> = board.firm.clients.values().filter(|card| card.is_confirmed()).collect();
    cards.sort_by_key(|card| card.id);
    let mut tx = house.app.db.read().await.unwrap();
    for card in cards {
        let contacts = store::contacts_of(&mut tx, FIRM, card.id).await.unwrap();
        let Some(first) = contacts.iter().find_map(|contact| contact.addresses.first().copied()) else {
            continue;
        };
        let texts = regard::record::texts::addresses(&mut tx, FIRM, [first]).await.unwrap();
        let text = texts[&first].0.clone();
        let domain = text.rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default();
        if contacts.len() == 1 && !domain.is_empty() && !regard::clients::domains::is_freemail(&domain) {
            return (card.id, text);
        }
    }
    panic!("the sample firm has a client with one contact at a domain of its own");
}

#[test]
fn a_wall_hides_what_is_proposed_and_what_is_exported() {
    run(async {
        let house = House::new().await;
        let (client, email) = listed(&house).await;
        let domain = email.split_once('@').unwrap().1;
        bring(&house, &card("14", "New Face", &format!("face@{domain}"))).await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus Tidd").await);
        let field = ticks(&marcus.get("/clients/proposed").await).remove(0);
        assert!(marcus.get("/clients/contacts.vcf").await.ok().contains(&email));
        assert!(
            marcus.get(&format!("/clients/{}/contacts.vcf", client.0)).await.ok().starts_with("BEGIN:VCARD")
        );
        house.wall("Marcus Tidd", client).await;
        house.give_access("Marcus Tidd", "owner").await;
        let page = marcus.get("/clients/proposed").await.ok();
        assert!(!page.contains("New Face") && !page.contains(domain), "{page}");
        assert!(!marcus.get("/clients").await.ok().contains("is proposed"));
        let refused = marcus.post("/clients/proposed", &[(&field, "1"), ("word", "add")]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        assert!(!marcus.get("/clients/contacts.vcf").await.ok().contains(&email));
        assert_eq!(
            marcus.get(&format!("/clients/{}/contacts.vcf", client.0)).await.status,
            StatusCode::NOT_FOUND
        );
        assert!(
            house
                .log()
                .await
                .iter()
                .any(|(act, detail)| act == "exported" && detail.contains("contacts.vcf"))
        );
        // Whoever may only look says nothing of a card.
        house.give_access("Helen", "read_only").await;
        assert!(helen.get("/clients/proposed").await.ok().contains("New Face"));
        let refused = helen.post("/clients/proposed", &[(&field, "1"), ("word", "add")]).await;
        assert!(refused.status.is_client_error());
    });
}

/// A firm with a client, Acme, whose contact is Jo Ash, who answered Amy; Kim Orr wrote to Bo alone, and nobody has placed
/// them.
async fn with_kim_unplaced() -> (House, ClientId) {
    let house = firm().await;
    house.give_access("Amy", "owner").await;
    let amy = house.person("Amy").await;
    amy.post("/correspondents", &[("w:acme.example", "1"), ("kind", "client")]).await;
    let acme = house.client("acme.example").await.id;
    let jo = [("name", "Jo Ash"), ("role", "Owner"), ("emails", "jo@acme.example")];
    let added = amy.post(&format!("/clients/{}/contacts", acme.0), &jo).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    (house, acme)
}

async fn reads_kims_letter(person: &Person, client: ClientId) -> bool {
    let page = person.get(&format!("/clients/{}", client.0)).await.ok();
    assert!(page.contains(SECRET), "the client's own letters are there: {page}");
    page.contains("Our sale")
}

#[test]
fn a_card_opens_no_letters_that_whoever_says_yes_does_not_see() {
    run(async {
        let (house, acme) = with_kim_unplaced().await;
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        // Somebody of their own, by the name of the client on the card.
        let kim = "BEGIN:VCARD\nVERSION:4.0\nUID:kim\nFN:Kim Orr\nORG:acme.example\n\
             EMAIL:kim@other.example\nEMAIL:kim.orr@new.example\nEND:VCARD\n";
        bring(&house, kim).await;
        let field = ticks(&amy.get("/clients/proposed").await).remove(0);
        let added = amy.post("/clients/proposed", &[(&field, "1"), ("word", "add")]).await;
        assert!(added.location().contains("1%20address%20was%20left%20out"), "{}", added.location());
        assert_eq!(people(&house, acme).await, [("Jo Ash".to_owned(), 1), ("Kim Orr".to_owned(), 1)]);
        assert!(!reads_kims_letter(&amy, acme).await, "it lies in Bo’s mailbox alone");
        // The card comes again: nothing is opened by that either.
        bring(&house, &kim.replace("\nEND", "\nEMAIL:orr@new.example\nEND")).await;
        assert_eq!(people(&house, acme).await[1].1, 2, "what is nobody’s is theirs");
        assert!(!reads_kims_letter(&amy, acme).await);

        amy.post("/clients/proposed/undoing", &[(&field, "1")]).await;
        let added = bo.post("/clients/proposed", &[(&field, "1"), ("word", "add")]).await;
        assert!(!added.location().contains("left%20out"), "{}", added.location());
        assert!(reads_kims_letter(&amy, acme).await, "Bo, whose letter it is, said so");
    });
}

#[test]
fn what_a_contacts_card_says_without_a_word_opens_no_letters_but_is_a_question() {
    run(async {
        let (house, acme) = with_kim_unplaced().await;
        let (amy, bo) = (house.person("Amy").await, house.person("Bo").await);
        let jo = |more: &str| {
            format!("BEGIN:VCARD\nVERSION:4.0\nUID:jo\nFN:Jo Ash\nEMAIL:jo@acme.example\n{more}END:VCARD\n")
        };
        bring(&house, &jo("EMAIL:jo.ash@new.example\n")).await;
        assert_eq!(people(&house, acme).await, [("Jo Ash".to_owned(), 2)], "nobody has letters with that");
        let other = "EMAIL:kim@other.example\nTEL:+44 1632 960099\n";
        bring(&house, &jo(other)).await;
        assert_eq!(people(&house, acme).await[0].1, 2, "it is a question now");
        assert!(!reads_kims_letter(&amy, acme).await);
        let field = ticks(&amy.get("/clients/proposed").await).remove(0);

        let joined = amy.post("/clients/proposed", &[(&field, "1"), ("word", "join")]).await;
        assert!(joined.location().contains("1%20address%20was%20left%20out"), "{}", joined.location());
        assert_eq!(people(&house, acme).await[0].1, 3, "the number is theirs");
        assert!(!reads_kims_letter(&amy, acme).await);
        amy.post("/clients/proposed/undoing", &[(&field, "1")]).await;
        bo.post("/clients/proposed", &[(&field, "1"), ("word", "join")]).await;
        assert!(reads_kims_letter(&amy, acme).await);
    });
}

#[test]
fn a_card_takes_no_address_from_another_client_and_says_so() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let (client, email) = listed(&house).await;
        let domain = email.split_once('@').unwrap().1;
        let before = people(&house, client).await;
        let board = house.app.boards.now(&house.app.db, FIRM).await.unwrap();
        let mut tx = house.app.db.read().await.unwrap();
        let others = board.firm.contacts.keys().copied();
        let texts = regard::record::texts::addresses(&mut tx, FIRM, others).await.unwrap();
        drop(tx);
        let is_others = |text: &&String| {
            text.split_once('@')
                .is_some_and(|(_, of)| of != domain && !regard::clients::domains::is_freemail(of))
        };
        let other = texts.values().map(|(text, _)| text).filter(is_others).min().expect("another client");
        let of = other.split_once('@').unwrap().1;
        bring(&house, &card("31", "New Face", &format!("face@{domain}\nEMAIL:never.seen@{of}"))).await;
        let field = ticks(&helen.get("/clients/proposed").await).remove(0);
        let added = helen.post("/clients/proposed", &[(&field, "1"), ("word", "add")]).await;
        assert!(added.location().contains("1%20address%20was%20left%20out"), "{}", added.location());
        let mut wanted = before;
        wanted.push(("New Face".to_owned(), 2));
        assert_eq!(people(&house, client).await, wanted, "an address and a number");
    });
}

#[test]
fn of_a_contacts_own_card_only_what_was_changed_on_it_is_shown_under_their_name() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let (client, email) = listed(&house).await;
        let contacts =
            store::contacts_of(&mut house.app.db.read().await.unwrap(), FIRM, client).await.unwrap();
        let contact = &contacts[0];
        let own = card("77", &contact.name, &email)
            .replace("UID:77", &format!("UID:regard-contact-{}", contact.id.0));
        bring(&house, &own).await;
        let page = helen.get("/clients/proposed").await;
        let shown = format!("<b>{}</b> <span>+44\u{a0}1632\u{a0}960777</span>", contact.name);
        assert!(page.text.contains(&shown), "{}", page.text);
        assert!(page.text.contains("you changed it there"), "{}", page.text);
    });
}
