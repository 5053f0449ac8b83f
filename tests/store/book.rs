//! The firm's book in memory is never another than the one in the database, whoever changed what.

use std::sync::Arc;

use care::book::FirmBook;
use care::entry::Verdict;
use care::ids::AddressId;
use care::people::Who;
use regard::access::walls::{self, Wall};
use regard::clients::{self, Placement, Scope};
use regard::db::{Db, Durability, Tx};
use regard::firm as firms;
use regard::ids::{AbsenceId, ClientId, FirmId, StaffId};
use regard::record::addresses::{AddressBook, AddressKind};
use regard::record::book::{self, AtHand};
use regard::record::{changes, project};
use regard::staff::{self, Absence};
use regard::today::decide;

use crate::people::{client, person};
use crate::support::made::{firm, now};
use crate::support::on_both;

const AMY: StaffId = StaffId(1);
const ACME: ClientId = ClientId(7);
const BETA: ClientId = ClientId(8);

async fn address(tx: &mut Tx, firm: FirmId, text: &str) -> AddressId {
    let mut all = AddressBook::default();
    all.refresh(tx, firm).await.unwrap();
    let number = all.number(AddressKind::Email, text, "");
    all.save(tx, firm).await.unwrap();
    number
}

/// A firm with one person and two clients, whose addresses are known by their domains.
async fn made(db: &Db) -> FirmId {
    let (firm, _) = firm(db).await;
    let mut tx = db.write(Durability::Act).await.unwrap();
    let amy = address(&mut tx, firm, "amy@firm.example").await;
    staff::store::save(&mut tx, firm, &person(AMY.0, "Amy", vec![amy]), now()).await.unwrap();
    for (id, domain) in [(ACME, "acme.example"), (BETA, "beta.example")] {
        clients::store::save(&mut tx, firm, &client(id.0, domain), now()).await.unwrap();
        let who = Who::Client { client: id, contact: None };
        let placement =
            Placement { scope: Scope::Domain, text: domain.into(), who, decided_by: None, at: now() };
        clients::store::place(&mut tx, firm, &placement).await.unwrap();
        address(&mut tx, firm, &format!("jo@{domain}")).await;
    }
    changes::note_everything(&mut tx, firm).await.unwrap();
    tx.commit().await.unwrap();
    firm
}

/// The book as the next letter takes it, which is the one in the database.
async fn taken(db: &Db, firm: FirmId) -> AtHand {
    let mut tx = db.write(Durability::Act).await.unwrap();
    changes::hold(&mut tx, firm).await.unwrap();
    let at_hand = book::at_hand(&mut tx, firm).await.unwrap();
    assert_eq!(*at_hand.book, book::load(&mut tx, firm).await.unwrap());
    let settings = firms::store::load(&mut tx, firm).await.unwrap();
    assert_eq!(*at_hand.domains, settings.domains);
    tx.commit().await.unwrap();
    at_hand
}

fn whose(book: &FirmBook, address: AddressId) -> Option<ClientId> {
    book.directory.who(address).client()
}

#[test]
fn a_book_is_read_again_only_after_what_it_is_made_from_changed() {
    on_both(|place| async move {
        let db = place.open().await;
        let firm = made(&db).await;
        let first = taken(&db, firm).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        changes::note(&mut tx, firm, &[ACME]).await.unwrap();
        tx.commit().await.unwrap();
        let second = taken(&db, firm).await;
        assert!(Arc::ptr_eq(&first.book, &second.book), "only a client's record changed");
        let mut tx = db.write(Durability::Act).await.unwrap();
        changes::note_everything(&mut tx, firm).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!Arc::ptr_eq(&first.book, &taken(&db, firm).await.book));
    });
}

#[test]
fn what_another_program_changed_is_in_the_book() {
    on_both(|place| async move {
        let (db, beside) = (place.open().await, place.open().await);
        let firm = made(&db).await;
        let before = taken(&db, firm).await;
        taken(&beside, firm).await;

        // Amy is away.
        let mut tx = beside.write(Durability::Act).await.unwrap();
        let day = "2025-09-03".parse().unwrap();
        let away = Absence { id: AbsenceId(3), staff: AMY, from: day, to: day, cover: None };
        staff::store::save_absence(&mut tx, firm, &away).await.unwrap();
        changes::note_everything(&mut tx, firm).await.unwrap();
        tx.commit().await.unwrap();
        assert!(before.book.is_here(AMY, day) && !taken(&db, firm).await.book.is_here(AMY, day));

        // Jo of Acme is somebody at Beta after all, and then is not.
        let mut tx = beside.write(Durability::Act).await.unwrap();
        let jo = address(&mut tx, firm, "jo@acme.example").await;
        let what = Verdict::Placed { address: jo, who: Who::Client { client: BETA, contact: None } };
        let entered = decide::enter(&mut tx, firm, what, AMY, "", now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(whose(&before.book, jo), Some(ACME));
        assert_eq!(whose(&taken(&db, firm).await.book, jo), Some(BETA));
        let mut tx = beside.write(Durability::Act).await.unwrap();
        let back = Verdict::TakenBack { decision: entered.decision };
        decide::enter(&mut tx, firm, back, AMY, "", now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(whose(&taken(&db, firm).await.book, jo), Some(ACME));

        // The firm says when it is open and what its own domains are.
        let mut tx = beside.write(Durability::Act).await.unwrap();
        let mut settings = firms::store::load(&mut tx, firm).await.unwrap();
        settings.holidays.insert(day);
        settings.domains.insert("firm.test".to_owned());
        firms::store::save(&mut tx, &settings, now()).await.unwrap();
        changes::note_everything(&mut tx, firm).await.unwrap();
        tx.commit().await.unwrap();
        let after = taken(&db, firm).await;
        assert_ne!(before.book.calendar, after.book.calendar);
        assert!(after.domains.contains("firm.test"));

        // A wall says nothing about who is who, and what it says is noted.
        let mut tx = beside.write(Durability::Act).await.unwrap();
        let wall = Wall {
            staff: AMY,
            client: ACME,
            matter: None,
            reason: String::new(),
            set_by: AMY,
            set_at: now(),
        };
        walls::raise(&mut tx, firm, &wall).await.unwrap();
        tx.commit().await.unwrap();
        taken(&db, firm).await;
    });
}

#[test]
fn while_what_is_owed_is_behind_the_book_is_read_each_time() {
    on_both(|place| async move {
        let (db, beside) = (place.open().await, place.open().await);
        let firm = made(&db).await;
        taken(&db, firm).await;
        // A list that is read in notes nothing before all is settled.
        for (id, key) in [(21, "c1"), (22, "c2")] {
            let mut tx = beside.write(Durability::Act).await.unwrap();
            let new = client(id, key);
            let id = clients::store::save(&mut tx, firm, &new, now()).await.unwrap();
            project::mark_behind(&mut tx, firm, true).await.unwrap();
            tx.commit().await.unwrap();
            assert!(taken(&db, firm).await.book.client(id).is_some());
        }
    });
}

#[test]
fn addresses_met_since_are_placed_where_their_domain_is_now() {
    on_both(|place| async move {
        let (db, beside) = (place.open().await, place.open().await);
        let firm = made(&db).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let merged = Verdict::Merged { from: ACME, into: BETA };
        decide::enter(&mut tx, firm, merged, AMY, "", now()).await.unwrap();
        tx.commit().await.unwrap();
        let before = taken(&db, firm).await;
        taken(&beside, firm).await;
        let mut tx = beside.write(Durability::Act).await.unwrap();
        let kim = address(&mut tx, firm, "kim@acme.example").await;
        let stranger = address(&mut tx, firm, "sam@elsewhere.example").await;
        tx.commit().await.unwrap();
        assert_eq!(whose(&before.book, kim), None);
        for db in [&db, &beside] {
            let after = taken(db, firm).await;
            assert_eq!(whose(&after.book, kim), Some(BETA), "Acme is part of Beta");
            assert_eq!(after.book.directory.who(stranger), Who::Unplaced);
        }
    });
}

#[test]
fn what_was_undone_is_not_in_the_book() {
    on_both(|place| async move {
        let db = place.open().await;
        let firm = made(&db).await;
        taken(&db, firm).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let kim = address(&mut tx, firm, "kim@acme.example").await;
        let gone = client(9, "gamma.example");
        let gone = clients::store::save(&mut tx, firm, &gone, now()).await.unwrap();
        changes::note_everything(&mut tx, firm).await.unwrap();
        let inside = book::at_hand(&mut tx, firm).await.unwrap();
        assert!(inside.book.client(gone).is_some());
        assert_eq!(whose(&inside.book, kim), Some(ACME));
        drop(tx);
        // The number of the address that was never met is another's now.
        let mut tx = db.write(Durability::Act).await.unwrap();
        assert_eq!(address(&mut tx, firm, "lee@beta.example").await, kim);
        tx.commit().await.unwrap();
        let after = taken(&db, firm).await;
        assert!(after.book.client(gone).is_none());
        assert_eq!(whose(&after.book, kim), Some(BETA));
    });
}
