//! Who may come in, told on both databases: passwords, sessions, tokens, walls, and what pages hear of changes.

mod support;

use jiff::{SignedDuration, Timestamp};
use regard::access::secret::Secret;
use regard::access::tokens::Scope;
use regard::access::{passwords, sessions, tokens, walls};
use regard::board::Boards;
use regard::db::{Db, Durability};
use regard::firm::Custom;
use regard::ids::{ClientId, FirmId, StaffId};
use regard::record::changes::{self, Changed};
use regard::staff::{self, Person};
use support::made::{firm, now};
use support::on_both;

fn later(hours: i64) -> Timestamp {
    now().checked_add(SignedDuration::from_hours(hours)).unwrap()
}

async fn somebody(db: &Db, firm: FirmId) -> StaffId {
    let mut tx = db.write(Durability::Act).await.unwrap();
    let person = Person {
        id: StaffId(tx.new_id()),
        name: "Amy Quill".into(),
        role: "Partner".into(),
        access: "owner".into(),
        left: None,
        proposed: false,
        addresses: Vec::new(),
        custom: Custom::default(),
    };
    staff::store::save(&mut tx, firm, &person, now()).await.unwrap();
    tx.commit().await.unwrap();
    person.id
}

#[test]
fn a_session_lasts_while_it_is_used_and_ends_when_it_is_closed() {
    on_both(|place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let amy = somebody(&db, firm).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let one = sessions::open(&mut tx, firm, amy, "a browser\0", now()).await.unwrap();
        let two = sessions::open(&mut tx, firm, amy, "another", now()).await.unwrap();
        let found = sessions::find(&mut tx, firm, &one, later(2)).await.unwrap().expect("it is open");
        assert!(found.staff == amy && found.unnoted);
        sessions::note(&mut tx, firm, &one, later(300)).await.unwrap();
        assert!(
            sessions::find(&mut tx, firm, &one, later(500)).await.unwrap().is_some(),
            "used, it lasts on"
        );
        assert!(sessions::find(&mut tx, firm, &two, later(500)).await.unwrap().is_none(), "unused, it ends");
        assert!(
            sessions::find(&mut tx, FirmId(77), &one, later(2)).await.unwrap().is_none(),
            "of another firm"
        );
        assert_eq!(sessions::all(&mut tx, firm, amy, later(2)).await.unwrap().len(), 2);
        sessions::close(&mut tx, firm, &one).await.unwrap();
        assert!(sessions::find(&mut tx, firm, &one, later(2)).await.unwrap().is_none());
        assert_eq!(sessions::close_all(&mut tx, firm, amy).await.unwrap(), 1);
        tx.commit().await.unwrap();
    });
}

#[test]
fn passwords_and_tokens_are_found_by_their_firm_alone() {
    on_both(|place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let amy = somebody(&db, firm).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        passwords::save(&mut tx, firm, amy, " Amy@Firm.example ", "hash", now()).await.unwrap();
        passwords::save(&mut tx, firm, amy, "amy@firm.example", "new", now()).await.unwrap();
        let found = passwords::find(&mut tx, firm, "AMY@firm.example").await.unwrap();
        assert_eq!(found, Some((amy, "new".to_owned())));
        assert_eq!(passwords::find(&mut tx, FirmId(77), "amy@firm.example").await.unwrap(), None);
        assert_eq!(passwords::of_staff(&mut tx, firm, amy).await.unwrap().unwrap().0, "amy@firm.example");
        let secret = Secret::new().unwrap();
        for is_new in [true, false] {
            let made = tokens::make(&mut tx, firm, amy, &secret, "a report", Scope::Read, now()).await;
            assert_eq!(made.unwrap(), is_new, "one secret is one token");
        }
        let token = tokens::find(&mut tx, firm, &secret).await.unwrap().expect("it is there");
        assert_eq!((token.staff, token.scope), (amy, Scope::Read));
        assert!(tokens::find(&mut tx, FirmId(77), &secret).await.unwrap().is_none());
        let listed = tokens::all(&mut tx, firm, amy).await.unwrap();
        assert_eq!((listed.len(), &*listed[0].name), (1, "a report"));
        assert!(
            tokens::remove(&mut tx, firm, StaffId(1), listed[0].token_id).await.is_err(),
            "not another's"
        );
        tokens::remove(&mut tx, firm, amy, listed[0].token_id).await.unwrap();
        assert!(tokens::find(&mut tx, firm, &secret).await.unwrap().is_none());
        passwords::remove(&mut tx, firm, amy).await.unwrap();
        assert!(passwords::all(&mut tx, firm).await.unwrap().is_empty());
        tx.commit().await.unwrap();
    });
}

#[test]
fn changes_are_told_since_any_revision() {
    on_both(|place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let begun = changes::revision(&mut tx, firm).await.unwrap();
        changes::note(&mut tx, firm, &[ClientId(5), ClientId(6), ClientId(5)]).await.unwrap();
        changes::note(&mut tx, firm, &[]).await.unwrap();
        changes::note(&mut tx, firm, &[ClientId(6)]).await.unwrap();
        let now = changes::revision(&mut tx, firm).await.unwrap();
        assert_eq!(now, begun + 2, "nothing changed is no revision");
        let Changed::Clients(mut clients) = changes::since(&mut tx, firm, begun, now).await.unwrap() else {
            panic!("only clients changed")
        };
        clients.sort();
        assert_eq!(clients, [ClientId(5), ClientId(6)]);
        assert_eq!(changes::since(&mut tx, firm, now, now).await.unwrap(), Changed::Clients(Vec::new()));
        changes::note_besides(&mut tx, firm).await.unwrap();
        let besides = changes::revision(&mut tx, firm).await.unwrap();
        assert_eq!(besides, now + 1, "open pages hear of it");
        assert_eq!(
            changes::since(&mut tx, firm, now, besides).await.unwrap(),
            Changed::Clients(Vec::new()),
            "and no record is read again"
        );
        changes::note_everything(&mut tx, firm).await.unwrap();
        let then = changes::revision(&mut tx, firm).await.unwrap();
        assert_eq!(changes::since(&mut tx, firm, now, then).await.unwrap(), Changed::Everything);
        assert_eq!(
            changes::since(&mut tx, firm, begun, then).await.unwrap(),
            Changed::Everything,
            "forgotten"
        );
        tx.commit().await.unwrap();
    });
}

#[test]
fn a_wall_stands_on_the_next_board_and_is_gone_on_the_one_after() {
    on_both(|place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let amy = somebody(&db, firm).await;
        let boards = Boards::default();
        let asks = || async {
            let board = boards.now(&db, firm).await.unwrap();
            regard::board::Asker::new(firm, amy, board, "2025-09-03".parse().unwrap()).unwrap()
        };
        assert!(!asks().await.is_walled(ClientId(5)));
        let wall = walls::Wall {
            staff: amy,
            client: ClientId(5),
            matter: None,
            reason: "acted for the other side".into(),
            set_by: amy,
            set_at: now(),
        };
        let mut tx = db.write(Durability::Act).await.unwrap();
        walls::raise(&mut tx, firm, &wall).await.unwrap();
        assert_eq!(walls::all(&mut tx, firm).await.unwrap(), [wall]);
        tx.commit().await.unwrap();
        assert!(asks().await.is_walled(ClientId(5)));
        let mut tx = db.write(Durability::Act).await.unwrap();
        walls::lower(&mut tx, firm, amy, ClientId(5), None).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!asks().await.is_walled(ClientId(5)));
    });
}
