//! The card of a contact whom somebody removed.

use regard::clients::{removed, store};
use regard::db::{Db, Durability};
use regard::ids::FirmId;
use regard::record::changes;

use crate::beside::{Work, within};
use crate::books::{Books, bob};

/// Removes somebody, as Bob does on the client's page.
async fn remove(db: &Db, firm: FirmId, whom: &str) {
    let bob = bob(db, firm).await;
    let mut tx = changes::begin(db, firm, Durability::Act).await.unwrap();
    let contacts = store::contacts(&mut tx, firm).await.unwrap();
    let contact = contacts.iter().find(|one| one.name == whom).expect("a contact");
    removed::remove(&mut tx, firm, contact, bob, regard::clock::now()).await.unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn the_card_of_whoever_is_removed_goes_and_comes_back_with_them() {
    let books = Books::open();
    books.switch(true);
    let work = Work::begin(&books.office);
    books.contacts("c1,Kim Lee,kim@acme.example,\n");
    within(60, "both cards", || books.stands("Kim Lee") && books.stands("Jo Fenn"));
    books.beside(async |db, firm| remove(db, firm, "Jo Fenn").await);
    within(60, "her card to go", || !books.stands("Jo Fenn"));
    assert!(books.stands("Kim Lee") && books.has_own());
    // A list that names her still brings nobody back, and says so.
    let rows = "client_id,name,email\nc1,Jo Fenn,jo@acme.example\nc1,Lee Ray,lee@acme.example\n";
    let said = books.office.run(&["import", "contacts", &books.office.write("more.csv", rows)]).ok().out;
    for words in ["Imported 1 row.", "1 row lists somebody who was removed", "line 2: Jo Fenn was removed"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    within(60, "whoever comes after her", || books.stands("Lee Ray"));
    books.look();
    assert!(!books.stands("Jo Fenn"));
    assert_eq!(books.proposed(), 0, "what was written here is nobody's to propose");
    let done = books.office.run(&["take-back", "--list", "--json"]).json();
    let removal =
        done["done"].as_array().expect("acts").iter().find(|one| one["what"] == "contact Jo Fenn, removed");
    let id = removal.expect("the removal")["id"].as_str().expect("an id").to_owned();
    let back = books.office.run(&["take-back", &id, "--by", "bob@example.org"]).ok().out;
    assert!(back.contains("Jo Fenn is a contact again."), "{back}");
    within(60, "her card again", || books.stands("Jo Fenn"));
    drop(work);
}
