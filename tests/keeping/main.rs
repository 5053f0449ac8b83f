//! Backup and restore between both databases, verify, export, erase; in [`stopped`] what happens when an import is killed.

mod stopped;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;

use care::entry::{Decision, Entry, Verdict};
use care::ids::{EntryId, NaturalKey};
use care::particular::Particular;
use care::people::{ClientKind, Who};
use regard::clients::details::{self, Details};
use regard::clients::{self, Client, Placement, Scope, export};
use regard::db::backup::{self, Target};
use regard::db::{Db, Durability};
use regard::error::Trouble;
use regard::ids::{ClientId, FirmId, FolderId, SourceId, StaffId};
use regard::intake::settle::settle;
use regard::record::addresses::AddressBook;
use regard::record::changes::{self, Changed};
use regard::record::sources::{self, Source};
use regard::record::{book, erase, others, owed, project, read, store, verify};
use support::made::{Mail, firm, mail, now};
use support::{Kind, Place, on_both, run};

/// Imports mails from a file of mails, in batches, from where the last import stopped, up to `until` batches.
async fn import(db: &Db, firm: FirmId, folder: FolderId, mails: &[Mail], batch: usize, until: usize) {
    let known = sources::sources(&mut db.read().await.unwrap(), firm).await.unwrap();
    let mut source = known.into_iter().next().unwrap_or(Source {
        id: SourceId(0),
        path: "/mail/all.mbox".into(),
        size: mails.len() as u64,
        stamp: 1,
        reached: 0,
        member: None,
        done: false,
        messages: 0,
    });
    let mut addresses = AddressBook::default();
    for _ in 0..until {
        let from = source.reached as usize;
        let some = &mails[from..mails.len().min(from + batch)];
        if some.is_empty() {
            break;
        }
        let mut tx = db.write(Durability::Import).await.unwrap();
        addresses.refresh(&mut tx, firm).await.unwrap();
        let new: Vec<_> = some.iter().map(|mail| mail.arrives(&mut addresses, folder)).collect();
        addresses.save(&mut tx, firm).await.unwrap();
        store::add_messages(&mut tx, firm, &new).await.unwrap();
        source.reached += some.len() as u64;
        source.messages = source.reached;
        source.done = source.reached as usize == mails.len();
        source.id = sources::reach(&mut tx, firm, &source, now()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

fn some_mail(count: u64) -> Vec<Mail> {
    let clients = ["jo@acme.example", "kim@acme.example", "lee@other.example"];
    (0..count)
        .map(|n| {
            let client = clients[(n % 3) as usize];
            let number = if n % 7 == 6 { n - 1 } else { n }; // some copies
            match n % 2 {
                0 => mail(number, client, "amy@firm.example", 100 + n / 4, n as i64),
                _ => mail(number, "amy@firm.example", client, 100 + n / 4, n as i64),
            }
        })
        .collect()
}

/// The record without the numbers that differ from one import to the next.
async fn told(db: &Db, firm: FirmId) -> (BTreeMap<NaturalKey, Entry>, Vec<(String, i64)>) {
    let mut tx = db.read().await.unwrap();
    let mut entries = BTreeMap::new();
    read::load_all(&mut tx, firm, |entry| {
        let Entry::Message(mut message) = entry else { return };
        message.entry = EntryId(0);
        assert!(entries.insert(message.key, Entry::Message(message)).is_none(), "one entry for one key");
    })
    .await
    .unwrap();
    let known = sources::sources(&mut tx, firm).await.unwrap();
    (entries, known.into_iter().map(|source| (source.path, source.reached as i64)).collect())
}

async fn revision(db: &Db, firm: FirmId) -> i64 {
    changes::revision(&mut db.read().await.unwrap(), firm).await.unwrap()
}

async fn is_whole(db: &Db, firm: FirmId) {
    let found = verify::verify(db, firm, |_, _| Vec::new(), |_, _| {}).await.unwrap();
    assert_eq!(found, []);
}

#[test]
fn a_backup_moves_everything_to_the_other_database() {
    run(async {
        for (from, to) in [(Kind::Embedded, Kind::Server), (Kind::Server, Kind::Embedded)] {
            let (from, to) = (Place::new(from), Place::new(to));
            let (one, other) = (from.open().await, to.open().await);
            let (id, folder) = firm(&one).await;
            import(&one, id, folder, &some_mail(40), 7, 99).await;
            let file = from.folder().join("all.regard");
            let rows = backup::backup(&one, &file, |_| {}).await.unwrap();
            assert_eq!(backup::restore(&other, &file, Target::Empty, |_| {}).await.unwrap(), rows);
            assert_eq!(told(&one, id).await, told(&other, id).await);
            is_whole(&other, id).await;
            // What is there is not written over by accident, and once it is, it is all as it was; whoever has read
            // what was there knows that it is no more.
            assert!(backup::restore(&other, &file, Target::Empty, |_| {}).await.is_err());
            let known = revision(&other, id).await;
            assert_eq!(backup::restore(&other, &file, Target::Replace, |_| {}).await.unwrap(), rows);
            is_whole(&other, id).await;
            let then = revision(&other, id).await;
            let since = changes::since(&mut other.read().await.unwrap(), id, known, then).await.unwrap();
            assert_eq!(since, Changed::Everything);
            let again = from.folder().join("again.regard");
            backup::backup(&other, &again, |_| {}).await.unwrap();
            let back = Place::new(Kind::Embedded);
            let back = back.open().await;
            backup::restore(&back, &again, Target::Empty, |_| {}).await.unwrap();
            assert_eq!(told(&one, id).await, told(&back, id).await);
        }
    });
}

#[test]
fn a_backup_of_an_earlier_version_is_taken_and_what_follows_from_it_made_anew() {
    run(async {
        let place = Place::new(Kind::Embedded);
        let db = place.open().await;
        let (id, folder) = firm(&db).await;
        import(&db, id, folder, &some_mail(9), 9, 9).await;
        let regard::db::Location::Folder(data) = &place.location else { panic!("an embedded database") };
        let url = format!("sqlite://{}", data.join("regard.sqlite").display());
        // As it was before version 17.
        for sql in [
            "DROP TABLE obligation",
            "CREATE TABLE obligation (firm_id INTEGER NOT NULL, obligation_id INTEGER NOT NULL,
                opened_at INTEGER NOT NULL, ending TEXT, confidence REAL NOT NULL, facts BLOB NOT NULL,
                PRIMARY KEY (firm_id, obligation_id)) STRICT, WITHOUT ROWID",
            "INSERT INTO obligation VALUES (1, 7, 9, NULL, 0.5, x'09')",
        ] {
            use sqlx::{Connection, Executor};
            let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
            connection.execute(sql).await.unwrap();
            connection.close().await.unwrap();
        }
        let file = place.folder().join("earlier.regard");
        let rows = backup::backup(&db, &file, |_| {}).await.unwrap();
        for kind in [Kind::Embedded, Kind::Server] {
            let place = Place::new(kind);
            let db_then = place.open().await;
            assert_eq!(backup::restore(&db_then, &file, Target::Empty, |_| {}).await.unwrap(), rows);
            assert_eq!(told(&db, id).await, told(&db_then, id).await);
            assert!(project::is_behind(&mut db_then.read().await.unwrap(), id).await.unwrap());
            settle(&db_then, id, now()).await.unwrap();
            assert_eq!(verify::verify(&db_then, id, project::fold_all, |_, _| {}).await.unwrap(), []);
            assert!(!owed::all(&mut db_then.read().await.unwrap(), id).await.unwrap().is_empty());
        }
    });
}

#[test]
fn a_damaged_backup_is_refused_and_changes_nothing() {
    run(async {
        let place = Place::new(Kind::Embedded);
        let db = place.open().await;
        let (id, folder) = firm(&db).await;
        import(&db, id, folder, &some_mail(9), 9, 9).await;
        let file = place.folder().join("all.regard");
        backup::backup(&db, &file, |_| {}).await.unwrap();
        let bytes = std::fs::read(&file).unwrap();
        let before = told(&db, id).await;
        for wrong in [&bytes[..bytes.len() - 1], &bytes[..20], &[]] {
            std::fs::write(&file, wrong).unwrap();
            let error = backup::restore(&db, &file, Target::Replace, |_| {}).await.unwrap_err();
            assert_eq!(error.trouble(), Some(Trouble::NoBackup), "{error}");
        }
        let mut flipped = bytes.clone();
        flipped[bytes.len() / 2] ^= 1;
        std::fs::write(&file, flipped).unwrap();
        assert!(backup::restore(&db, &file, Target::Replace, |_| {}).await.is_err());
        assert_eq!(told(&db, id).await, before);
        let nowhere = place.folder().join("no/such/folder/x");
        let error = backup::backup(&db, &nowhere, |_| {}).await.unwrap_err();
        assert_eq!(error.trouble(), Some(Trouble::CannotOpen), "{error}");
    });
}

#[test]
fn verify_says_what_is_wrong() {
    run(async {
        let place = Place::new(Kind::Embedded);
        let db = place.open().await;
        let (id, folder) = firm(&db).await;
        import(&db, id, folder, &some_mail(9), 9, 9).await;
        is_whole(&db, id).await;
        db.close().await;
        let regard::db::Location::Folder(data) = &place.location else { panic!("an embedded database") };
        let url = format!("sqlite://{}", data.join("regard.sqlite").display());
        let harm = [
            ("UPDATE raw SET packed = zeroblob(9) WHERE rowid = 1", "raw"),
            ("DELETE FROM thread WHERE thread_id = 100", "references"),
            ("DELETE FROM entry_words WHERE rowid = (SELECT MAX(entry_id) FROM message)", "words"),
            ("UPDATE entry SET facts = x'09' WHERE rowid = (SELECT MIN(entry_id) FROM message)", "entries"),
        ];
        for (sql, _) in harm {
            use sqlx::{Connection, Executor};
            let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
            connection.execute(sql).await.unwrap();
            connection.close().await.unwrap();
        }
        let db = place.open().await;
        let found = verify::verify(&db, id, |_, _| Vec::new(), |_, _| {}).await.unwrap();
        for (sql, part) in harm {
            assert!(found.iter().any(|finding| finding.part == part), "{sql} was not noticed: {found:?}");
        }
    });
}

async fn two_clients(db: &Db, firm: FirmId) {
    let mut tx = db.write(Durability::Act).await.unwrap();
    for (id, key, domain) in [(7, "c1", "acme.example"), (8, "c2", "other.example")] {
        let client = Client {
            id: ClientId(id),
            external_key: key.into(),
            name: domain.into(),
            kind: ClientKind::Organisation,
            since: None,
            tier: None,
            point_person: None,
            cover: None,
            revenue: None,
            custom: Default::default(),
        };
        clients::store::save(&mut tx, firm, &client, now()).await.unwrap();
        let who = Who::Client { client: ClientId(id), contact: None };
        let placement =
            Placement { scope: Scope::Domain, text: domain.into(), who, decided_by: None, at: now() };
        clients::store::place(&mut tx, firm, &placement).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[test]
fn a_client_is_exported_whole_and_erased_for_good() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, folder) = firm(&db).await;
        let mut mails = some_mail(12);
        mails[3].to.push("lee@other.example"); // shared with the other client
        import(&db, firm, folder, &mails, 5, 9).await;
        two_clients(&db, firm).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let what = Verdict::NoAnswerNeeded { message: mails[0].key() };
        let decision = Decision { entry: EntryId(0), key: NaturalKey(5), at: now(), by: StaffId(1), what };
        others::add_decision(&mut tx, firm, &decision, "Jo rang").await.unwrap();
        for name in ["Acme of old", "acme.example"] {
            let told = [(Particular::WhyCame, format!("They left Zander & Co as {name}"))].into();
            let new = Details { name: name.into(), tier: None, told };
            let changed = details::change(&mut tx, firm, ClientId(7), new, StaffId(1), now()).await.unwrap();
            assert!(changed.is_some(), "{name}");
        }
        let known = book::load(&mut tx, firm).await.unwrap();
        let out = place.folder().join("acme");
        let count = export::export(&mut tx, firm, ClientId(7), &known, &out, |_, _| {}).await.unwrap();
        let about: serde_json::Value =
            serde_json::from_slice(&std::fs::read(out.join("client.json")).unwrap()).unwrap();
        let words: Vec<&str> =
            about["told"].as_array().unwrap().iter().map(|t| t["words"].as_str().unwrap()).collect();
        assert_eq!(words, ["They left Zander & Co as Acme of old", "They left Zander & Co as acme.example"]);
        let entries: Vec<serde_json::Value> =
            serde_json::from_slice(&std::fs::read(out.join("entries.json")).unwrap()).unwrap();
        assert_eq!(entries.len(), count);
        let first = entries.iter().find(|entry| entry["message_id"] == "<0@made.example>").unwrap();
        let file = out.join(first["file"].as_str().unwrap());
        assert_eq!(std::fs::read(file).unwrap(), mails[0].bytes());

        let erased = erase::erase_client(&mut tx, firm, ClientId(7), &known, now()).await.unwrap();
        assert!(0 < erased.entries && 0 < erased.shared, "{erased:?}");
        let after = book::load(&mut tx, firm).await.unwrap();
        assert!(after.client(ClientId(7)).is_none());
        assert_eq!(read::load_record(&mut tx, firm, ClientId(7), &after).await.unwrap(), []);
        assert_eq!(owed::of_client(&mut tx, firm, ClientId(7)).await.unwrap(), []);
        tx.commit().await.unwrap();
        is_whole(&db, firm).await;
        let file = place.folder().join("after.regard");
        backup::backup(&db, &file, |_| {}).await.unwrap();
        let all = zstd::decode_all(&std::fs::read(&file).unwrap()[..]).unwrap_or_else(|_| {
            let bytes = std::fs::read(&file).unwrap();
            zstd::decode_all(&bytes[..bytes.len() - 32]).unwrap()
        });
        for words in ["kim@acme.example", "number 0 of the lease", "Jo rang", "Acme of old", "Zander"] {
            assert!(!String::from_utf8_lossy(&all).contains(words), "{words} is still there");
        }
        assert!(String::from_utf8_lossy(&all).contains("lee@other.example"), "the other client's mail stays");
        let before = told(&db, firm).await.0.len();
        let mut tx = db.write(Durability::Import).await.unwrap();
        let mut addresses = AddressBook::default();
        addresses.refresh(&mut tx, firm).await.unwrap();
        let again = [mails[0].arrives(&mut addresses, folder)];
        addresses.save(&mut tx, firm).await.unwrap();
        assert!(!store::add_messages(&mut tx, firm, &again).await.unwrap()[0].new, "it does not come back");
        tx.commit().await.unwrap();
        assert_eq!(told(&db, firm).await.0.len(), before);
    });
}
