//! Contacts whom somebody removed, on both databases: whose the letters are stays, and each removal is taken back once.

use care::obligation::Kind;
use care::people::Who;
use regard::clients::changed::{self, Change, Undone};
use regard::clients::contacts::{self, Person};
use regard::clients::proposed::{Desk, Proposed, State, Word};
use regard::clients::{self, Contact, removed};
use regard::db::{Db, Durability, Tx};
use regard::ids::{AddressId, ClientId, ContactId, FirmId, FolderId, StaffId};
use regard::intake::settle::settle;
use regard::record::addresses::{AddressBook, AddressKind};
use regard::record::{book, changes, erase, owed, texts};
use regard::staff;

use crate::add;
use crate::people::{client, person};
use crate::support::made::{Mail, firm, mail, now};
use crate::support::{Place, on_both};

const ACME: ClientId = ClientId(7);
const AMY: StaffId = StaffId(1);
const JO: ContactId = ContactId(9);
const NUMBER: &str = "441632960001";

struct Office {
    db: Db,
    firm: FirmId,
    folder: FolderId,
    jo: Contact,
}

fn asks(n: u64) -> Mail {
    let mut mail = mail(n, "jo@elsewhere.example", "amy@firm.example", 10 + n, 0);
    mail.body = "Could you send me the lease, please?".into();
    mail
}

impl Office {
    /// A client of whom only one contact's address says that a letter is theirs.
    async fn open(place: &Place) -> Office {
        let db = place.open().await;
        let (firm, folder) = firm(&db).await;
        add(&db, firm, folder, &[asks(1)]).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let mut numbers = AddressBook::default();
        numbers.refresh(&mut tx, firm).await.unwrap();
        let mail = |book: &mut AddressBook, text: &str| book.number(AddressKind::Email, text, "");
        let amy = mail(&mut numbers, "amy@firm.example");
        let addresses =
            vec![mail(&mut numbers, "jo@elsewhere.example"), numbers.number(AddressKind::Phone, NUMBER, "")];
        numbers.save(&mut tx, firm).await.unwrap();
        staff::store::save(&mut tx, firm, &person(1, "Amy", vec![amy]), now()).await.unwrap();
        clients::store::save(&mut tx, firm, &client(7, "c017"), now()).await.unwrap();
        let jo = Contact {
            id: JO,
            client: ACME,
            name: "Jo Fenn".to_owned(),
            role: Some("Clerk".to_owned()),
            addresses,
            custom: [("birthday".to_owned(), "4 May".to_owned())].into(),
        };
        clients::store::save_contact(&mut tx, firm, &jo, now()).await.unwrap();
        changes::note_everything(&mut tx, firm).await.unwrap();
        tx.commit().await.unwrap();
        settle(&db, firm, now()).await.unwrap();
        Office { db, firm, folder, jo }
    }

    async fn begin(&self) -> Tx {
        changes::begin(&self.db, self.firm, Durability::Act).await.unwrap()
    }

    async fn remove(&self) -> Change {
        let mut tx = self.begin().await;
        let change = removed::remove(&mut tx, self.firm, &self.jo, AMY, now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(self.contacts().await, []);
        change
    }

    async fn undo(&self, change: &Change) -> Undone {
        let mut tx = self.begin().await;
        let change = changed::one(&mut tx, self.firm, change.id).await.unwrap();
        let undone = changed::undo(&mut tx, self.firm, &change, now()).await.unwrap();
        tx.commit().await.unwrap();
        undone
    }

    /// The contacts, by both ways in which they are read.
    async fn contacts(&self) -> Vec<Contact> {
        let mut tx = self.db.read().await.unwrap();
        let all = clients::store::contacts(&mut tx, self.firm).await.unwrap();
        assert_eq!(all, clients::store::contacts_of(&mut tx, self.firm, ACME).await.unwrap());
        all
    }

    async fn whose(&self, address: AddressId) -> Who {
        book::load(&mut self.db.read().await.unwrap(), self.firm).await.unwrap().directory.who(address)
    }

    /// How many answers the client waits for.
    async fn waits(&self) -> usize {
        let mut tx = self.db.read().await.unwrap();
        let all = owed::open_at(&mut tx, self.firm, ACME).await.unwrap();
        all.iter().filter(|owed| owed.kind == Kind::Answer).count()
    }
}

#[test]
fn letters_stay_the_clients_and_whoever_is_brought_back_is_as_before() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let theirs = Who::Client { client: ACME, contact: Some(JO) };
        assert_eq!((office.waits().await, office.whose(office.jo.addresses[0]).await), (1, theirs));
        let change = office.remove().await;
        assert_eq!(office.waits().await, 1);
        for address in &office.jo.addresses {
            assert_eq!(office.whose(*address).await, theirs, "calls and letters are one person's as before");
        }
        let mut tx = office.db.read().await.unwrap();
        let gone = removed::all(&mut tx, office.firm).await.unwrap();
        assert_eq!(gone, [removed::Removed { contact: office.jo.clone(), at: now() }]);
        assert!(book::load(&mut tx, office.firm).await.unwrap().directory.is_removed(office.jo.addresses[1]));
        drop(tx);

        // A new letter of theirs is owed an answer, and settling everything anew changes nothing.
        add(&office.db, office.firm, office.folder, &[asks(2)]).await;
        settle(&office.db, office.firm, now()).await.unwrap();
        assert_eq!(office.waits().await, 2);

        assert_eq!(office.undo(&change).await, Undone::Yes);
        assert_eq!(office.contacts().await, std::slice::from_ref(&office.jo), "with all that a list told");
        assert_eq!(office.undo(&change).await, Undone::Already);
        assert_eq!((office.waits().await, office.whose(office.jo.addresses[0]).await), (2, theirs));
        assert!(removed::all(&mut office.db.read().await.unwrap(), office.firm).await.unwrap().is_empty());
        settle(&office.db, office.firm, now()).await.unwrap();
        assert_eq!(office.contacts().await, std::slice::from_ref(&office.jo));
    });
}

#[test]
fn an_address_goes_to_whoever_comes_after_them_and_back() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let removal = office.remove().await;
        let mail = office.jo.addresses[0];
        let new = Person { name: "Kim Lee".to_owned(), role: None, addresses: vec![mail] };
        let mut tx = office.begin().await;
        let added = contacts::change(&mut tx, office.firm, ACME, None, new, AMY, now()).await.unwrap();
        tx.commit().await.unwrap();
        let kim = office.contacts().await.remove(0).id;
        assert_eq!(office.whose(mail).await, Who::Client { client: ACME, contact: Some(kim) });
        assert_eq!(office.undo(&removal).await, Undone::GivenAway);
        assert_eq!(office.contacts().await.len(), 1, "nothing was changed");
        assert_eq!(office.undo(&added.unwrap()).await, Undone::Yes);
        assert_eq!(office.whose(mail).await, Who::Client { client: ACME, contact: Some(JO) });
        assert_eq!(office.waits().await, 1, "a letter is the client’s, whoever wrote it");
        assert_eq!(office.undo(&removal).await, Undone::Yes);
        assert_eq!(office.contacts().await, std::slice::from_ref(&office.jo));
    });
}

#[test]
fn a_card_that_became_them_is_not_taken_back_before_they_are_a_contact_again() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let card = crate::proposed::card(1, ACME, Some(JO));
        let mut tx = office.begin().await;
        clients::proposed::save(&mut tx, office.firm, &card, now()).await.unwrap();
        tx.commit().await.unwrap();
        let say = async |word| {
            let (mut tx, mut desk) = Desk::begin(&office.db, office.firm).await.unwrap();
            let done = desk.decide(&mut tx, card.id, word, &[], AMY, now()).await.unwrap();
            changes::note_everything(&mut tx, office.firm).await.unwrap();
            tx.commit().await.unwrap();
            done
        };
        assert!(say(Word::Join).await);
        let change = office.remove().await;
        assert!(!say(Word::TakeBack).await);
        office.undo(&change).await;
        assert!(say(Word::TakeBack).await);
        let all = clients::proposed::all(&mut office.db.read().await.unwrap(), office.firm).await.unwrap();
        let states: Vec<State> = all.into_iter().map(|Proposed { state, .. }| state).collect();
        assert_eq!(states, [State::Open]);
    });
}

#[test]
fn of_a_client_who_is_erased_nobody_who_was_removed_is_left() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        office.remove().await;
        let mut tx = office.begin().await;
        let known = book::load(&mut tx, office.firm).await.unwrap();
        erase::erase_client(&mut tx, office.firm, ACME, &known, now()).await.unwrap();
        changes::note_everything(&mut tx, office.firm).await.unwrap();
        assert!(removed::with_contacts(&mut tx, office.firm).await.unwrap().is_empty());
        assert!(changed::of_client(&mut tx, office.firm, ACME).await.unwrap().is_empty());
        // The number too, by which nobody ever rang.
        let addresses = office.jo.addresses.iter().copied();
        for (text, name) in texts::addresses(&mut tx, office.firm, addresses).await.unwrap().into_values() {
            assert!(text.starts_with("erased:") && name.is_empty(), "{text} {name}");
        }
        tx.commit().await.unwrap();
        assert_eq!(office.whose(office.jo.addresses[0]).await, Who::Unplaced);
    });
}
