//! The page to sign in, where several firms have one.

use axum::http::StatusCode;
use regard::access::passwords;
use regard::db::Durability;
use regard::firm::{self, Firm};
use regard::ids::{FirmId, StaffId};
use regard::record::addresses::{AddressBook, AddressKind};
use regard::staff::{self, Person};

use crate::house::{FIRM, House};
use crate::support::run;

pub(crate) const OTHER: FirmId = FirmId(2);
pub(crate) const EMAIL: &str = "both@works.example";

/// Somebody who works for a firm, and may sign in there.
pub(crate) async fn works_for(house: &House, firm: FirmId, password: &str) -> StaffId {
    let now = house.app.now();
    let mut tx = house.app.db.write(Durability::Act).await.unwrap();
    let mut book = AddressBook::default();
    book.refresh(&mut tx, firm).await.unwrap();
    let address = book.number(AddressKind::Email, EMAIL, "");
    book.save(&mut tx, firm).await.unwrap();
    let person = Person {
        id: StaffId(tx.new_id()),
        name: "Bo Both".to_owned(),
        role: String::new(),
        access: "staff".to_owned(),
        left: None,
        proposed: false,
        addresses: vec![address],
        custom: Default::default(),
    };
    staff::store::save(&mut tx, firm, &person, now).await.unwrap();
    let hashed = passwords::hash(password).unwrap();
    passwords::save(&mut tx, firm, person.id, EMAIL, &hashed, now).await.unwrap();
    regard::record::changes::note_everything(&mut tx, firm).await.unwrap();
    tx.commit().await.unwrap();
    person.id
}

#[test]
fn a_door_that_several_firms_share_names_none_and_lets_each_in_to_their_own() {
    run(async {
        let house = House::new().await;
        let nobody = house.nobody();
        let name = house.firm().await.name.replace('&', "&#38;");
        works_for(&house, FIRM, "the first password").await;
        let page = nobody.get("/sign-in").await;
        assert!(page.text.contains(&name), "{name}: {}", page.text);

        let mut tx = house.app.db.write(Durability::Act).await.unwrap();
        let other =
            Firm { id: OTHER, name: "Zebra Partners".to_owned(), ..Firm::new("Europe/Paris".to_owned()) };
        firm::store::save(&mut tx, &other, house.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        works_for(&house, OTHER, "the second password").await;
        let wrong = [("email", EMAIL), ("password", "neither of them")];
        for page in [nobody.get("/sign-in").await, nobody.post_bare("/sign-in", &wrong).await] {
            assert!(!page.text.contains(&name) && !page.text.contains("Zebra"), "{}", page.text);
            assert!(page.text.contains("<h1>Regard</h1>"), "{}", page.text);
        }
        for (firm, password) in [(FIRM, "the first password"), (OTHER, "the second password")] {
            let signed = nobody.post_bare("/sign-in", &[("email", EMAIL), ("password", password)]).await;
            assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
            let who = house.with_cookie_of(&signed).await;
            assert!(who.cookie.starts_with(&format!("regard={}.", firm.0)), "{}", who.cookie);
        }
    });
}
