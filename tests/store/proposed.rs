//! Cards that wait for somebody's word, on both databases.

use regard::clients::proposed::{self, Proposed, State, Why, Word};
use regard::clients::{self, Contact};
use regard::db::Durability;
use regard::ids::{CardId, ContactId, NaturalKey, StaffId};
use regard::record::{book, erase};

use crate::people::client;
use crate::support::made::{firm, now};
use crate::support::{Place, on_both};

const JO: ContactId = ContactId(77);

fn card(id: i64, client: regard::ids::ClientId, contact: Option<ContactId>) -> Proposed {
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
    }
}

#[test]
fn a_card_is_joined_or_added_and_taken_back() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let acme = clients::store::save(&mut tx, firm, &client(5, "acme"), now()).await.unwrap();
        let jo = Contact {
            id: JO,
            client: acme,
            name: "Jo Fenn".to_owned(),
            role: None,
            addresses: Vec::new(),
            custom: Default::default(),
        };
        clients::store::save_contact(&mut tx, firm, &jo, now()).await.unwrap();
        let first = card(1, acme, Some(JO));
        proposed::save(&mut tx, firm, &first, now()).await.unwrap();
        proposed::save(&mut tx, firm, &card(2, acme, None), now()).await.unwrap();
        let all = proposed::all(&mut tx, firm).await.unwrap();
        assert_eq!(all, [first.clone(), card(2, acme, None)]);

        let by = StaffId(1);
        let say = async |tx: &mut regard::db::Tx, id: i64, word| {
            proposed::decide(tx, firm, CardId(id), word, by, now()).await.unwrap()
        };
        assert!(!say(&mut tx, 1, Word::TakeBack).await, "there is nothing to take back");
        assert!(!say(&mut tx, 2, Word::Join).await, "there is nobody to join");
        assert!(say(&mut tx, 1, Word::Join).await);
        assert!(!say(&mut tx, 1, Word::Add).await, "once is enough");
        assert!(say(&mut tx, 2, Word::Add).await);
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

        let mut tx = db.write(Durability::Act).await.unwrap();
        assert!(say(&mut tx, 2, Word::TakeBack).await && say(&mut tx, 2, Word::Leave).await);
        let people = clients::store::contacts(&mut tx, firm).await.unwrap();
        assert_eq!(people.len(), 1);
        let known = book::load(&mut tx, firm).await.unwrap();
        erase::erase_client(&mut tx, firm, acme, &known, now()).await.unwrap();
        assert_eq!(proposed::all(&mut tx, firm).await.unwrap(), []);
        tx.commit().await.unwrap();
    });
}
