//! What is owed, as it is kept.

use crate::add;
use crate::people::client;
use crate::support::made::{Mail, at, firm, mail, now};
use crate::support::{Kind as PlaceKind, Place, on_both, run};
use care::entry::Verdict;
use care::ids::NaturalKey;
use care::obligation::{Ended, Ending, Evidence, Kind, Obligation, ObligationId, Role};
use care::people::Who;
use regard::clients::{self, Placement, Scope};
use regard::db::{Db, Durability};
use regard::error::Error;
use regard::ids::{ClientId, FirmId, StaffId};
use regard::record::owed::Changed;
use regard::record::warm::warm_up;
use regard::record::{changes, owed, project, sources};
use regard::today::{decide, verdict};
use sqlx::{Connection, Executor};
use std::cell::Cell;
use std::time::Duration;

fn obligation(firm: FirmId, n: u64, due: &str) -> Obligation {
    let key = NaturalKey(n);
    Obligation {
        id: ObligationId::of(firm, Kind::Answer, key, 0),
        kind: Kind::Answer,
        client: ClientId(7),
        contact: Some(care::ids::AddressId(4)),
        owner: Some(StaffId(1)),
        opened_at: at("2025-08-01T09:00:00Z"),
        due_at: at(due),
        ended: None,
        chases: 2,
        confidence: 0.7,
        first: false,
        evidence: vec![Evidence {
            role: Role::Opened,
            of: care::entry::Of::Message(key),
            passage: Some((3, 9)),
        }],
        continues: None,
    }
}

#[test]
fn what_is_owed_is_kept_in_the_order_of_urgency() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let (late, soon) =
            (obligation(firm, 1, "2025-09-01T09:00:00Z"), obligation(firm, 2, "2025-08-05T09:00:00Z"));
        let mut first = obligation(firm, 3, "2025-12-01T09:00:00Z");
        first.first = true;
        first.owner = None;
        let mut ended = obligation(firm, 4, "2025-08-05T09:00:00Z");
        ended.continues = Some(late.id);
        ended.ended = Some(Ended {
            how: Ending::Moved,
            at: at("2025-08-04T09:00:00Z"),
            proposed: true,
            by: Some(StaffId(2)),
            continued_by: Some(soon.id),
        });
        let given = [late.clone(), soon.clone(), first.clone(), ended.clone()];
        let mut tx = db.write(Durability::Act).await.unwrap();
        let changed = owed::replace(&mut tx, firm, ClientId(7), None, &given).await.unwrap();
        assert_eq!((changed.before, changed.after), (vec![], given.to_vec()));
        let changed = owed::replace(&mut tx, firm, ClientId(7), None, &given).await.unwrap();
        assert_eq!(changed, Changed::default());
        let mut kept = owed::of_client(&mut tx, firm, ClientId(7)).await.unwrap();
        kept.sort_by_key(|o| given.iter().position(|g| g.id == o.id));
        assert_eq!(kept, given);
        assert_eq!(
            owed::open(&mut tx, firm, None, 10).await.unwrap(),
            [first.clone(), soon.clone(), late.clone()]
        );
        assert_eq!(
            owed::open(&mut tx, firm, Some(StaffId(1)), 1).await.unwrap(),
            std::slice::from_ref(&soon)
        );
        assert_eq!(owed::one(&mut tx, firm, late.id).await.unwrap(), late);
        assert!(matches!(owed::one(&mut tx, FirmId(2), late.id).await, Err(Error::NotFound)));
        let open = owed::open_at(&mut tx, firm, ClientId(7)).await.unwrap();
        assert_eq!((open.len(), open.contains(&ended)), (3, false));
        let chased = Obligation { chases: 3, ..late.clone() };
        let fewer = [chased.clone(), soon.clone(), first.clone()];
        let changed = owed::replace(&mut tx, firm, ClientId(7), Some(given.to_vec()), &fewer).await.unwrap();
        let mut before = changed.before;
        before.sort_by_key(|owed| owed.ended.is_some());
        assert_eq!((before, changed.after), (vec![late.clone(), ended], vec![chased.clone()]));
        assert_eq!(owed::one(&mut tx, firm, late.id).await.unwrap(), chased);
        owed::replace(&mut tx, firm, ClientId(7), None, &[]).await.unwrap();
        assert_eq!(owed::all(&mut tx, firm).await.unwrap(), []);
    });
}

#[test]
fn a_fold_of_everything_writes_only_what_differs() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, folder) = firm(&db).await;
        let asks = |n, from, thread| {
            let mut mail = mail(n, from, "amy@firm.example", thread, 0);
            mail.body = "Could you send me the lease, please?".into();
            mail
        };
        add(&db, firm, folder, &[asks(1, "jo@acme.example", 11), asks(2, "kim@acme.example", 12)]).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        clients::store::save(&mut tx, firm, &client(7, "c017"), now()).await.unwrap();
        let who = Who::Client { client: ClientId(7), contact: None };
        let placement =
            Placement { scope: Scope::Domain, text: "acme.example".into(), who, decided_by: None, at: now() };
        clients::store::place(&mut tx, firm, &placement).await.unwrap();
        let first = project::refold(&mut tx, firm, |_| {}).await.unwrap();
        assert_eq!((first.entries, first.difference.missing.len()), (2, first.obligations));
        assert!(2 <= first.obligations, "{first:?}");
        let kept = owed::all(&mut tx, firm).await.unwrap();
        let again = project::refold(&mut tx, firm, |_| {}).await.unwrap();
        assert!(again.difference.is_none(), "{again:?}");
        // One is gone, one is another, one follows from nothing.
        let mut damaged = kept.clone();
        damaged.pop();
        damaged[0].chases += 7;
        let stale = obligation(firm, 99, "2025-09-01T09:00:00Z");
        damaged.push(stale.clone());
        owed::replace(&mut tx, firm, ClientId(7), None, &damaged).await.unwrap();
        let mended = project::refold(&mut tx, firm, |_| {}).await.unwrap().difference;
        assert_eq!((mended.missing.len(), mended.other.len(), mended.stale), (1, 1, vec![stale.id]));
        let sorted = |mut all: Vec<Obligation>| {
            all.sort_by_key(|owed| owed.id);
            all
        };
        assert_eq!(sorted(owed::all(&mut tx, firm).await.unwrap()), sorted(kept));
        tx.commit().await.unwrap();
    });
}

/// A firm of which six letters of one client wait for an answer.
async fn six_who_wait(db: &Db) -> FirmId {
    let (firm, folder) = firm(db).await;
    let asks: Vec<Mail> = (1..=6)
        .map(|n| {
            let mut mail = mail(n, "jo@acme.example", "amy@firm.example", n, 0);
            mail.body = "Could you send me the lease, please?".into();
            mail
        })
        .collect();
    add(db, firm, folder, &asks).await;
    let mut tx = db.write(Durability::Act).await.unwrap();
    for (id, key) in [(7, "c017"), (8, "c018")] {
        clients::store::save(&mut tx, firm, &client(id, key), now()).await.unwrap();
    }
    let who = Who::Client { client: ClientId(7), contact: None };
    let placement =
        Placement { scope: Scope::Domain, text: "acme.example".into(), who, decided_by: None, at: now() };
    clients::store::place(&mut tx, firm, &placement).await.unwrap();
    project::refold(&mut tx, firm, |_| {}).await.unwrap();
    tx.commit().await.unwrap();
    firm
}

#[test]
fn a_row_that_says_another_thing_than_its_facts_is_noticed_and_mended() {
    run(async {
        let place = Place::new(PlaceKind::Embedded);
        let db = place.open().await;
        let firm = six_who_wait(&db).await;
        let regard::db::Location::Folder(data) = &place.location else { panic!("an embedded database") };
        let url = format!("sqlite://{}", data.join("regard.sqlite").display());
        for harm in [
            "client_id = client_id + 90",
            "kind = 'promise'",
            "owner_id = 99",
            "due_at = due_at + 1",
            "ended_at = due_at",
            "first = 1 - first",
            "facts = x'09'",
        ] {
            let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
            let sql = format!(
                "UPDATE obligation SET {harm} WHERE obligation_id = (SELECT MIN(obligation_id) FROM obligation)"
            );
            connection.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
            connection.close().await.unwrap();
            let mut tx = db.write(Durability::Act).await.unwrap();
            let mended = project::refold(&mut tx, firm, |_| {}).await.unwrap().difference;
            assert_eq!(mended.other.len(), 1, "{harm}: {mended:?}");
            let again = project::refold(&mut tx, firm, |_| {}).await.unwrap().difference;
            assert!(again.is_none(), "{harm}: {again:?}");
            tx.commit().await.unwrap();
        }
    });
}

#[test]
fn of_two_who_decide_at_once_the_second_reads_what_the_first_changed() {
    on_both(|place: Place| async move {
        let (one, other) = (place.open().await, place.open().await);
        let firm = six_who_wait(&one).await;
        let open = owed::open_at(&mut one.read().await.unwrap(), firm, ClientId(7)).await.unwrap();
        let answer = open.iter().find(|owed| owed.kind == Kind::Answer).unwrap();
        let what = verdict::no_answer(answer).unwrap();
        let whole = Verdict::Merged { from: ClientId(7), into: ClientId(8) };
        let mut first = changes::begin(&one, firm, Durability::Act).await.unwrap();
        decide::enter(&mut first, firm, whole, StaffId(1), "", now()).await.unwrap();
        let second = async {
            let mut second = changes::begin(&other, firm, Durability::Act).await.unwrap();
            let entered = decide::enter(&mut second, firm, what, StaffId(2), "", now()).await.unwrap();
            second.commit().await.unwrap();
            entered
        };
        let first = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            first.commit().await.unwrap();
        };
        let (entered, ()) = tokio::join!(second, first);
        assert!(entered.changed.after.iter().all(|owed| owed.client == ClientId(8)), "{entered:?}");
        let mut tx = one.write(Durability::Act).await.unwrap();
        let again = project::refold(&mut tx, firm, |_| {}).await.unwrap();
        assert!(again.difference.is_none(), "{again:?}");
    });
}

#[test]
fn two_processes_that_decide_in_turn_give_what_a_fold_of_everything_gives() {
    on_both(|place: Place| async move {
        let (one, other) = (place.open().await, place.open().await);
        let firm = six_who_wait(&one).await;
        let mut decided = Vec::new();
        // Twice each in turn, so that each finds what it kept in memory now as it was and now changed by the other.
        for (n, db) in [&one, &one, &other, &other, &one, &other].into_iter().enumerate() {
            let mut tx = db.write(Durability::Act).await.unwrap();
            let open = owed::open_at(&mut tx, firm, ClientId(7)).await.unwrap();
            let answer = open.iter().find(|owed| owed.kind == Kind::Answer).unwrap();
            let what = match n % 3 {
                2 => Verdict::TakenBack { decision: decided.pop().unwrap() },
                _ => verdict::no_answer(answer).unwrap(),
            };
            let entered = decide::enter(&mut tx, firm, what, StaffId(1), "", now()).await.unwrap();
            assert_eq!(entered.changed.after.len(), 1, "{n}: {:?}", entered.changed);
            decided.push(entered.decision);
            tx.commit().await.unwrap();
            // Only looked at, and not kept.
            let mut tx = db.write(Durability::Act).await.unwrap();
            let again = project::refold(&mut tx, firm, |_| {}).await.unwrap();
            assert!(again.difference.is_none(), "{n}: {again:?}");
        }
    });
}

#[test]
fn what_was_read_into_memory_before_somebody_asked_gives_what_a_fold_of_everything_gives() {
    on_both(|place: Place| async move {
        let (one, other) = (place.open().await, place.open().await);
        let firm = six_who_wait(&one).await;
        let never = || false;
        assert_eq!(warm_up(&one, firm, || true).await.unwrap().kept, 0, "it was told to stop");
        assert!(0 < warm_up(&one, firm, never).await.unwrap().read);
        assert_eq!(warm_up(&one, firm, never).await.unwrap().read, 0, "all is in memory");
        assert!(0 < warm_up(&other, firm, never).await.unwrap().read);
        // The second decides on what the first changed since it read it.
        for (n, db) in [&one, &other, &one].into_iter().enumerate() {
            let mut tx = db.write(Durability::Act).await.unwrap();
            let open = owed::open_at(&mut tx, firm, ClientId(7)).await.unwrap();
            let answer = open.iter().find(|owed| owed.kind == Kind::Answer).unwrap();
            let what = verdict::no_answer(answer).unwrap();
            let entered = decide::enter(&mut tx, firm, what, StaffId(1), "", now()).await.unwrap();
            assert_eq!(entered.changed.after.len(), 1, "{n}: {:?}", entered.changed);
            tx.commit().await.unwrap();
            let mut tx = db.write(Durability::Act).await.unwrap();
            let again = project::refold(&mut tx, firm, |_| {}).await.unwrap();
            assert!(again.difference.is_none(), "{n}: {again:?}");
        }
        let mut tx = one.write(Durability::Act).await.unwrap();
        changes::note_everything(&mut tx, firm).await.unwrap();
        tx.commit().await.unwrap();
        assert!(0 < warm_up(&one, firm, never).await.unwrap().read, "who is who changed");
    });
}

/// More clients: number, domain, and who wrote.
const OTHERS: [(i64, &str, &str); 4] = [
    (21, "one.example", "jo@one.example"),
    (22, "two.example", "jo@two.example"),
    (23, "three.example", "jo@three.example"),
    (24, "four.example", "jo@four.example"),
];

async fn others_wait(db: &Db, firm: FirmId) {
    let mut tx = db.write(Durability::Act).await.unwrap();
    let mailbox = sources::mailbox(&mut tx, firm, "amy", None, None, now()).await.unwrap();
    let folder = sources::folder(&mut tx, firm, mailbox, "INBOX", "inbox").await.unwrap();
    for (id, domain, _) in OTHERS {
        clients::store::save(&mut tx, firm, &client(id, domain), now()).await.unwrap();
        let who = Who::Client { client: ClientId(id), contact: None };
        let (scope, text) = (Scope::Domain, domain.into());
        let placement = Placement { scope, text, who, decided_by: None, at: now() };
        clients::store::place(&mut tx, firm, &placement).await.unwrap();
    }
    tx.commit().await.unwrap();
    let letters = OTHERS.iter().zip(21..).map(|((.., from), n)| mail(n, from, "amy@firm.example", n, 0));
    add(db, firm, folder, &letters.collect::<Vec<_>>()).await;
    let mut tx = db.write(Durability::Act).await.unwrap();
    project::refold(&mut tx, firm, |_| {}).await.unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn what_is_read_into_memory_while_others_decide_is_not_forgotten() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let firm = six_who_wait(&db).await;
        others_wait(&db, firm).await;
        let (reads, decided) = (Cell::new(true), Cell::new(0));
        let reading = async {
            let warmed = warm_up(&db, firm, || false).await.unwrap();
            reads.set(false);
            warmed
        };
        let deciding = async {
            while reads.get() {
                let mut tx = changes::begin(&db, firm, Durability::Act).await.unwrap();
                let open = owed::open_at(&mut tx, firm, ClientId(7)).await.unwrap();
                let Some(answer) = open.iter().find(|owed| owed.kind == Kind::Answer) else { break };
                let what = verdict::no_answer(answer).unwrap();
                decide::enter(&mut tx, firm, what, StaffId(1), "", now()).await.unwrap();
                tx.commit().await.unwrap();
                decided.set(decided.get() + 1);
            }
        };
        let (warmed, ()) = tokio::join!(reading, deciding);
        assert!(0 < decided.get(), "nobody decided meanwhile");
        assert!(OTHERS.len() <= warmed.kept, "{warmed:?} with {} decisions meanwhile", decided.get());
    });
}

#[test]
fn where_everything_changes_while_records_are_read_they_are_read_again() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let firm = six_who_wait(&db).await;
        others_wait(&db, firm).await;
        let all = warm_up(&place.open().await, firm, || false).await.unwrap().kept;
        // On a fast machine all are read before the change is written: then it is tried again.
        for _ in 0..20 {
            let db = place.open().await;
            let (reads, asked) = (Cell::new(true), Cell::new(0));
            let reading = async {
                // It is asked before each record: one is read when who is who changes.
                let counted = || {
                    asked.set(asked.get() + 1);
                    false
                };
                let warmed = warm_up(&db, firm, counted).await.unwrap();
                reads.set(false);
                warmed
            };
            let changing = async {
                while reads.get() && asked.get() < 2 {
                    tokio::task::yield_now().await;
                }
                let mut tx = changes::begin(&db, firm, Durability::Act).await.unwrap();
                changes::note_everything(&mut tx, firm).await.unwrap();
                tx.commit().await.unwrap();
                reads.get()
            };
            let (warmed, meanwhile) = tokio::join!(reading, changing);
            assert_eq!(warmed.kept, all, "{warmed:?}");
            if meanwhile {
                assert!(all < warmed.read, "{warmed:?}: what was read before is forgotten");
                return;
            }
        }
        panic!("they were always read before anything changed");
    });
}
