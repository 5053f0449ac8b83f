//! Contacts' own cards that come back from somebody's address book, on both databases.

use std::collections::BTreeMap;

use regard::clients::proposed::{self, Desk, Proposed, State, Why, Word};
use regard::clients::said::Said;
use regard::clients::{self, Contact};
use regard::db::{Db, Durability};
use regard::ids::{ContactId, FirmId, StaffId, SubscriptionId};
use regard::intake::enlist::cards::{self, Origin, Sorted};
use regard::notices::elsewhere::may_differ;
use regard::record::addresses::{AddressBook, AddressKind};
use regard::record::{book, changes, erase};
use regard::subscriptions::Kind;
use regard::subscriptions::known::{self, Item};
use wire::contacts::Card;

use crate::people::client;
use crate::support::made::{firm, now};
use crate::support::{Place, on_both};

const JO: ContactId = ContactId(77);
const EMAIL: &str = "jo@acme.example";
const PATH: &str = "/people/regard-contact-77.vcf";
const ORIGIN: Origin = Origin { book: Some(SubscriptionId(7)), staff: Some(StaffId(1)) };

/// A firm that knows one contact.
struct Office {
    db: Db,
    firm: FirmId,
}

impl Office {
    async fn open(place: &Place, name: &str) -> Office {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let office = Office { db, firm };
        office.jo(name, None).await;
        office
    }

    /// Says what she is called, and what she does.
    async fn jo(&self, name: &str, role: Option<&str>) {
        let mut tx = self.db.write(Durability::Act).await.unwrap();
        let client = clients::store::save(&mut tx, self.firm, &client(5, "acme"), now()).await.unwrap();
        let mut book = AddressBook::default();
        book.refresh(&mut tx, self.firm).await.unwrap();
        let addresses = vec![book.number(AddressKind::Email, EMAIL, name)];
        book.save(&mut tx, self.firm).await.unwrap();
        let (name, role) = (name.to_owned(), role.map(str::to_owned));
        let contact = Contact { id: JO, client, name, role, addresses, custom: Default::default() };
        clients::store::save_contact(&mut tx, self.firm, &contact, now()).await.unwrap();
        changes::note_everything(&mut tx, self.firm).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn contact(&self) -> Contact {
        clients::store::contacts(&mut self.db.read().await.unwrap(), self.firm).await.unwrap().remove(0)
    }

    /// Her card comes back, and said something else before.
    async fn comes(&self, card: &Card, said: Option<&Card>) -> Sorted {
        let cards = BTreeMap::from([(PATH.to_owned(), vec![card.clone()])]);
        let said = said.and_then(Said::of).map(|said| (PATH.to_owned(), said)).into_iter().collect();
        let mut tx = changes::begin(&self.db, self.firm, Durability::Import).await.unwrap();
        let sorted = cards::follow(&mut tx, self.firm, &cards, &said, ORIGIN, now()).await.unwrap();
        tx.commit().await.unwrap();
        sorted
    }

    async fn open_card(&self) -> Proposed {
        let all = proposed::all(&mut self.db.read().await.unwrap(), self.firm).await.unwrap();
        let mut open = all.into_iter().filter(|card| card.state == State::Open);
        let one = open.next().expect("a card that waits");
        assert_eq!(open.next(), None);
        one
    }

    async fn say(&self, card: &Proposed, word: Word) {
        let (mut tx, mut desk) = Desk::begin(&self.db, self.firm).await.unwrap();
        let free = desk.number(&mut tx, &[card.id]).await.unwrap().remove(0).1;
        assert!(desk.decide(&mut tx, card.id, word, &free, StaffId(1), now()).await.unwrap());
        changes::note_everything(&mut tx, self.firm).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// Her card, as it is written, and as a server gives it back.
fn written(name: &str, role: Option<&str>) -> Card {
    let card = Card {
        uid: Some("regard-contact-77".to_owned()),
        name: name.to_owned(),
        organisation: Some("acme".to_owned()),
        role: role.map(str::to_owned),
        emails: vec![EMAIL.to_owned()],
        written_for: Some("1".to_owned()),
        ..Card::default()
    };
    wire::contacts::read(wire::contacts::write(&[card]).as_bytes()).0.remove(0)
}

fn with_number(card: &Card) -> Card {
    Card { phones: vec!["+44 1632 960001".to_owned()], ..card.clone() }
}

#[test]
fn what_changed_here_meanwhile_is_nobodys_change_there() {
    on_both(|place: Place| async move {
        let office = Office::open(&place, "Jo Fenn").await;
        let card = written("Jo Fenn", None);
        office.jo("Jo Marl", Some("Director")).await;
        let known = Sorted { known: 1, ..Sorted::default() };
        assert_eq!(office.comes(&card, Some(&card)).await, known, "it is as it was written");

        // She adds a number there: that alone is meant.
        assert_eq!(office.comes(&with_number(&card), Some(&card)).await.proposed, 1);
        let waits = office.open_card().await;
        assert_eq!((waits.why, waits.contact), (Why::Changed, Some(JO)));
        assert_eq!((waits.name.as_str(), waits.role.as_deref(), waits.emails.len()), ("", None, 0));
        office.say(&waits, Word::Join).await;
        let jo = office.contact().await;
        assert_eq!((jo.name.as_str(), jo.role.as_deref()), ("Jo Marl", Some("Director")));
        assert_eq!(jo.addresses.len(), 2);

        // The number is taken off here, and all cards are looked at anew: it stays off.
        office.jo("Jo Marl", Some("Director")).await;
        assert_eq!(office.comes(&with_number(&card), Some(&card)).await, known);
        assert_eq!(office.contact().await.addresses.len(), 1);
    });
}

#[test]
fn an_address_in_the_place_of_a_name_becomes_no_name_and_a_name_that_is_typed_there_is_proposed() {
    on_both(|place: Place| async move {
        let office = Office::open(&place, "").await;
        let card = written("", None);
        assert_eq!(card.name, EMAIL, "the standard asks for a name");
        for said in [Some(&card), None] {
            assert_eq!(office.comes(&card, said).await.known, 1);
        }
        assert_eq!(office.comes(&with_number(&card), Some(&card)).await.proposed, 1);
        assert_eq!(office.contact().await.name, "", "nobody said anything");
        let waits = office.open_card().await;
        assert_eq!(waits.name, "");
        office.say(&waits, Word::Join).await;
        assert_eq!(office.contact().await.name, "");

        let named = Card { name: "Jo Fenn".to_owned(), ..with_number(&card) };
        assert_eq!(office.comes(&named, Some(&card)).await.proposed, 1);
        assert_eq!(office.contact().await.name, "", "not without a word");
        let waits = office.open_card().await;
        assert_eq!((waits.name.as_str(), waits.phones.len()), ("Jo Fenn", 0));
        office.say(&waits, Word::Join).await;
        assert_eq!(office.contact().await.name, "Jo Fenn");
        office.say(&Proposed { state: State::Joined, ..waits }, Word::TakeBack).await;
        assert_eq!(office.contact().await.name, "");
    });
}

#[test]
fn no_letter_makes_another_address_book() {
    on_both(|place: Place| async move {
        let office = Office::open(&place, "Jo Fenn").await;
        let client = office.contact().await.client;
        let now =
            async || changes::revision(&mut office.db.read().await.unwrap(), office.firm).await.unwrap();
        let differs = async |kind, before| {
            may_differ(&office.db, office.firm, kind, before, now().await).await.unwrap()
        };
        let before = now().await;
        let mut tx = office.db.write(Durability::Act).await.unwrap();
        changes::note(&mut tx, office.firm, &[client]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(differs(Kind::Calendars, before).await && !differs(Kind::AddressBooks, before).await);
        office.jo("Jo Marl", None).await;
        assert!(differs(Kind::Calendars, before).await && differs(Kind::AddressBooks, before).await);
    });
}

#[test]
fn of_whoever_is_erased_nothing_is_known_that_their_card_said() {
    on_both(|place: Place| async move {
        let office = Office::open(&place, "Jo Fenn").await;
        let client = office.contact().await.client;
        let (firm, book, folder) = (office.firm, SubscriptionId(7), "https://dav.example/people/");
        let said = Said::of(&written("Jo Fenn", None));
        let mut tx = changes::begin(&office.db, firm, Durability::Act).await.unwrap();
        for path in [PATH, "/people/regard-contact-78.vcf"] {
            let item = Item { etag: "1".to_owned(), said: said.clone() };
            known::item(&mut tx, firm, book, folder, path, Some(&item)).await.unwrap();
        }
        let firm_book = book::load(&mut tx, firm).await.unwrap();
        erase::erase_client(&mut tx, firm, client, &firm_book, now()).await.unwrap();
        let left = known::said(&mut tx, firm, book, folder).await.unwrap();
        assert_eq!(left.into_keys().collect::<Vec<_>>(), ["/people/regard-contact-78.vcf"]);
    });
}
