//! Cards that wait for somebody's word, on both databases.

use regard::clients::proposed::{self, Desk, Gave, Proposed, State, Why, Word};
use regard::clients::{self, Contact};
use regard::db::{Durability, Tx};
use regard::ids::{AddressId, CardId, ContactId, NaturalKey, StaffId, SubscriptionId};
use regard::record::{book, erase};
use regard::subscriptions::{self, Kind, Subscription};

use crate::people::client;
use crate::support::made::{firm, now};
use crate::support::{Place, on_both};

const JO: ContactId = ContactId(77);

pub(crate) fn card(id: i64, client: regard::ids::ClientId, contact: Option<ContactId>) -> Proposed {
    Proposed {
        id: CardId(id),
        origin: NaturalKey::of(format!("card {id}").as_bytes()),
        book: None,
        staff: None,
        client,
        contact,
        name: "Jo Fenn".to_owned(),
        role: Some("Head of sales".to_owned()),
        organisation: None,
        emails: vec!["jo@home.example".to_owned()],
        phones: vec!["01632 960001".to_owned(), "+44 1632 960001".to_owned()],
        why: Why::Name,
        state: State::Open,
        given: Vec::new(),
        gave: Gave::default(),
    }
}

/// A contact of whom nothing but the name is known.
fn jo_at(client: regard::ids::ClientId) -> Contact {
    Contact {
        id: JO,
        client,
        name: "Jo Fenn".to_owned(),
        role: None,
        addresses: Vec::new(),
        custom: Default::default(),
    }
}

/// All addresses and numbers of a card.
async fn addresses(tx: &mut Tx, desk: &mut Desk, card: i64) -> Vec<AddressId> {
    desk.number(tx, &[CardId(card)]).await.unwrap().remove(0).1
}

#[test]
fn a_card_is_joined_or_added_and_taken_back() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let acme = clients::store::save(&mut tx, firm, &client(5, "acme"), now()).await.unwrap();
        let jo = jo_at(acme);
        clients::store::save_contact(&mut tx, firm, &jo, now()).await.unwrap();
        let first = card(1, acme, Some(JO));
        proposed::save(&mut tx, firm, &first, now()).await.unwrap();
        proposed::save(&mut tx, firm, &card(2, acme, None), now()).await.unwrap();
        let all = proposed::all(&mut tx, firm).await.unwrap();
        assert_eq!(all, [first.clone(), card(2, acme, None)]);

        tx.commit().await.unwrap();

        let by = StaffId(1);
        let say = async |tx: &mut Tx, desk: &mut Desk, id: i64, word| {
            let free = addresses(tx, desk, id).await;
            desk.decide(tx, CardId(id), word, &free, by, now()).await.unwrap()
        };
        let (mut tx, mut desk) = Desk::begin(&db, firm).await.unwrap();
        assert!(!say(&mut tx, &mut desk, 1, Word::TakeBack).await, "there is nothing to take back");
        assert!(!say(&mut tx, &mut desk, 2, Word::Join).await, "there is nobody to join");
        assert!(say(&mut tx, &mut desk, 1, Word::Join).await);
        assert!(!say(&mut tx, &mut desk, 1, Word::Add).await, "once is enough");
        assert!(say(&mut tx, &mut desk, 2, Word::Add).await);
        assert_eq!(desk.cards(), proposed::all(&mut tx, firm).await.unwrap(), "what is known here is so");
        let people = clients::store::contacts(&mut tx, firm).await.unwrap();
        assert_eq!(people.len(), 2);
        assert_eq!(people[0].addresses.len(), 2, "an address, and a number that is spelled in two ways");
        assert_eq!(people[0].role.as_deref(), Some("Head of sales"));
        assert_eq!(people[1].addresses, [], "an address has one owner");
        // A card that is kept again, with more on it, stays as it was decided.
        let more = Proposed { emails: vec!["new@home.example".to_owned()], ..first };
        proposed::save(&mut tx, firm, &more, now()).await.unwrap();
        let states: Vec<State> =
            proposed::all(&mut tx, firm).await.unwrap().iter().map(|card| card.state).collect();
        assert_eq!(states, [State::Joined, State::Added]);
        tx.commit().await.unwrap();

        let (mut tx, mut desk) = Desk::begin(&db, firm).await.unwrap();
        assert!(say(&mut tx, &mut desk, 2, Word::TakeBack).await);
        assert!(say(&mut tx, &mut desk, 2, Word::Leave).await);
        let people = clients::store::contacts(&mut tx, firm).await.unwrap();
        assert_eq!(people.len(), 1);

        let known = book::load(&mut tx, firm).await.unwrap();
        erase::erase_client(&mut tx, firm, acme, &known, now()).await.unwrap();
        assert_eq!(proposed::all(&mut tx, firm).await.unwrap(), []);
        tx.commit().await.unwrap();
    });
}

#[test]
fn what_a_card_filled_in_goes_with_it_unless_somebody_wrote_something_else_since() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let acme = clients::store::save(&mut tx, firm, &client(5, "acme"), now()).await.unwrap();
        let bare = jo_at(acme);
        clients::store::save_contact(&mut tx, firm, &bare, now()).await.unwrap();
        proposed::save(&mut tx, firm, &card(1, acme, Some(JO)), now()).await.unwrap();
        // Written here, and changed by whoever has it: all that it says is meant.
        let changed = Proposed { name: "Jo Marl".to_owned(), why: Why::Changed, ..card(2, acme, Some(JO)) };
        proposed::save(&mut tx, firm, &changed, now()).await.unwrap();
        tx.commit().await.unwrap();
        let say = async |id: i64, word| {
            let (mut tx, mut desk) = Desk::begin(&db, firm).await.unwrap();
            let free = addresses(&mut tx, &mut desk, id).await;
            assert!(desk.decide(&mut tx, CardId(id), word, &free, StaffId(1), now()).await.unwrap());
            assert_eq!(desk.cards(), proposed::all(&mut tx, firm).await.unwrap(), "what is known here is so");
            tx.commit().await.unwrap();
            clients::store::contacts(&mut db.read().await.unwrap(), firm).await.unwrap().remove(0)
        };
        assert_eq!(say(1, Word::Join).await.role.as_deref(), Some("Head of sales"));
        assert_eq!(say(1, Word::TakeBack).await, bare, "nothing of the card is left");
        assert_eq!(say(2, Word::Join).await.name, "Jo Marl");
        assert_eq!(say(2, Word::TakeBack).await, bare);

        let joined = say(1, Word::Join).await;
        let promoted = Contact { role: Some("Director".to_owned()), ..joined };
        let mut tx = db.write(Durability::Act).await.unwrap();
        clients::store::save_contact(&mut tx, firm, &promoted, now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(say(1, Word::TakeBack).await.role.as_deref(), Some("Director"));
    });
}

#[test]
fn of_two_people_who_add_one_card_at_once_one_makes_the_contact() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let acme = clients::store::save(&mut tx, firm, &client(5, "acme"), now()).await.unwrap();
        proposed::save(&mut tx, firm, &card(1, acme, None), now()).await.unwrap();
        tx.commit().await.unwrap();
        let (mut tx, mut desk) = Desk::begin(&db, firm).await.unwrap();
        let first = async {
            // The second has begun meanwhile.
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            let added = desk.decide(&mut tx, CardId(1), Word::Add, &[], StaffId(1), now()).await.unwrap();
            tx.commit().await.unwrap();
            added
        };
        let second = async {
            let (mut tx, mut desk) = Desk::begin(&db, firm).await.unwrap();
            let added = desk.decide(&mut tx, CardId(1), Word::Add, &[], StaffId(2), now()).await.unwrap();
            tx.commit().await.unwrap();
            added
        };
        assert_eq!(futures_util::future::join(first, second).await, (true, false));
        let people = clients::store::contacts(&mut db.read().await.unwrap(), firm).await.unwrap();
        assert_eq!(people.len(), 1);
    });
}

#[test]
fn an_address_book_that_goes_takes_the_cards_along_of_which_nobody_said_anything() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let acme = clients::store::save(&mut tx, firm, &client(5, "acme"), now()).await.unwrap();
        let of = |id, book| Proposed {
            book: Some(SubscriptionId(book)),
            staff: Some(StaffId(1)),
            ..card(id, acme, None)
        };
        for card in [of(1, 7), of(2, 7), of(3, 8), card(4, acme, None)] {
            proposed::save(&mut tx, firm, &card, now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let (mut tx, mut desk) = Desk::begin(&db, firm).await.unwrap();
        assert!(desk.decide(&mut tx, CardId(2), Word::Leave, &[], StaffId(1), now()).await.unwrap());
        let gone = a_book(SubscriptionId(7));
        subscriptions::remove(&mut tx, firm, &gone, now()).await.unwrap();
        let left: Vec<i64> =
            proposed::all(&mut tx, firm).await.unwrap().iter().map(|card| card.id.0).collect();
        assert_eq!(left, [2, 3, 4]);
        let mut open = proposed::open(&mut tx, firm).await.unwrap();
        open.sort();
        assert_eq!(open, [(acme, None, None), (acme, Some(StaffId(1)), None)]);
        tx.commit().await.unwrap();
    });
}

pub(crate) fn a_book(id: SubscriptionId) -> Subscription {
    let place = "https://dav.firm.example/".to_owned();
    let new = Subscription::new(StaffId(1), Kind::AddressBooks, "people".to_owned(), place);
    Subscription { id, user: "amy".to_owned(), ..new }
}
