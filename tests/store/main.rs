//! One story of the store, told on both databases.

mod book;
mod cards;
mod drafts;
mod followed;
mod obligations;
mod people;
mod proposed;
mod removed;
mod seals;
mod settled;
#[path = "../support/mod.rs"]
mod support;
mod told;

use care::entry::Entry;
use care::ids::NaturalKey;
use regard::db::{Db, Durability, Location};
use regard::error::{Error, Trouble};
use regard::ids::{FirmId, FolderId, SourceId};
use regard::record::addresses::{self, AddressBook};
use regard::record::sources::{self, Source};
use regard::record::{Added, raw, read, store, texts, threads};
use sqlx::{Connection, Executor};
use support::made::{Mail, firm, mail, now};
use support::{Place, on_both, run};

pub(crate) async fn add(db: &Db, firm: FirmId, folder: FolderId, mails: &[Mail]) -> Vec<Added> {
    let mut tx = db.write(Durability::Import).await.unwrap();
    let mut book = AddressBook::default();
    book.refresh(&mut tx, firm).await.unwrap();
    let new: Vec<_> = mails.iter().map(|mail| mail.arrives(&mut book, folder)).collect();
    book.save(&mut tx, firm).await.unwrap();
    let added = store::add_messages(&mut tx, firm, &new).await.unwrap();
    tx.commit().await.unwrap();
    added
}

pub(crate) async fn all(db: &Db, firm: FirmId) -> Vec<Entry> {
    let mut entries = Vec::new();
    read::load_all(&mut db.read().await.unwrap(), firm, |entry| entries.push(entry)).await.unwrap();
    entries.sort_by_key(Entry::order);
    entries
}

#[test]
fn a_message_is_kept_once_and_read_back_whole() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, folder) = firm(&db).await;
        let first = mail(1, "jo@acme.example", "amy@firm.example", 11, 0);
        let mut odd = mail(2, "amy@firm.example", "JO@acme.example ", 11, 60);
        odd.body = "a NUL \0 and a smile 🙂".into();
        let added = add(&db, firm, folder, &[first.clone(), odd.clone(), first.clone()]).await;
        assert!(added[0].new && added[1].new && !added[2].new);
        assert_eq!(added[0].entry, added[2].entry);
        let again = add(&db, firm, folder, &[odd.clone(), first.clone()]).await;
        assert_eq!(again, [Added { new: false, ..added[1] }, Added { new: false, ..added[0] }]);

        let mut book = AddressBook::default();
        let mut tx = db.write(Durability::Act).await.unwrap();
        book.refresh(&mut tx, firm).await.unwrap();
        assert_eq!(book.len(), 2, "the same address in other capitals is the same");
        let entries = all_in(&mut tx, firm).await;
        let mut wanted: Vec<Entry> = Vec::new();
        for (mail, added) in [(&first, added[0]), (&odd, added[1])] {
            let mut facts = mail.arrives(&mut book, folder).facts;
            facts.entry = added.entry;
            wanted.push(Entry::Message(facts));
        }
        assert_eq!(entries, wanted);
        let packed = raw::pack(&first.bytes()).unwrap();
        assert_eq!(raw::load(&mut tx, firm, &packed.hash).await.unwrap(), first.bytes());
        assert!(matches!(raw::load(&mut tx, firm, &[0; 32]).await, Err(Error::NotFound)));
        assert!(matches!(raw::load(&mut tx, FirmId(1), &packed.hash).await, Err(Error::NotFound)));
        let found = addresses::find(&mut tx, firm, "Jo@Acme.example").await.unwrap();
        assert_eq!(found, book.find("jo@acme.example"));
    });
}

pub(crate) async fn all_in(tx: &mut regard::db::Tx, firm: FirmId) -> Vec<Entry> {
    let mut entries = Vec::new();
    read::load_all(tx, firm, |entry| entries.push(entry)).await.unwrap();
    entries.sort_by_key(Entry::order);
    entries
}

#[test]
fn what_is_not_committed_was_never_there() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, folder) = firm(&db).await;
        let mut book = AddressBook::default();
        let mut tx = db.write(Durability::Import).await.unwrap();
        book.refresh(&mut tx, firm).await.unwrap();
        let new = mail(1, "jo@acme.example", "amy@firm.example", 11, 0).arrives(&mut book, folder);
        book.save(&mut tx, firm).await.unwrap();
        store::add_messages(&mut tx, firm, &[new]).await.unwrap();
        let source = Source {
            id: SourceId(0),
            path: "/mail/a".into(),
            size: 9,
            stamp: 1,
            reached: 9,
            member: None,
            done: true,
            messages: 1,
        };
        sources::reach(&mut tx, firm, &source, now()).await.unwrap();
        drop(tx);
        book.forget();
        assert_eq!(all(&db, firm).await, []);
        let mut tx = db.read().await.unwrap();
        assert_eq!(sources::sources(&mut tx, firm).await.unwrap(), []);
        drop(tx);
        let added = add(&db, firm, folder, &[mail(1, "jo@acme.example", "amy@firm.example", 11, 0)]).await;
        assert!(added[0].new, "and the next writer is not kept waiting");
    });
}

#[test]
fn a_file_is_imported_up_to_a_place_and_goes_on_there() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut source = Source {
            id: SourceId(0),
            path: "/mail/a.mbox".into(),
            size: 900,
            stamp: 5,
            reached: 400,
            member: None,
            done: false,
            messages: 2,
        };
        let mut tx = db.write(Durability::Import).await.unwrap();
        let id = sources::reach(&mut tx, firm, &source, now()).await.unwrap();
        let raw = regard::record::raw::pack(b"no header").unwrap();
        sources::note_unreadable(&mut tx, firm, id, 120, "no header", None).await.unwrap();
        sources::note_unreadable(&mut tx, firm, id, 120, "no header at all", Some(&raw)).await.unwrap();
        source.reached = 900;
        source.done = true;
        assert_eq!(sources::reach(&mut tx, firm, &source, now()).await.unwrap(), id, "the same file");
        source.id = id;
        assert_eq!(sources::sources(&mut tx, firm).await.unwrap(), [source]);
        let unreadable = sources::unreadable(&mut tx, firm).await.unwrap();
        assert_eq!(unreadable.len(), 1);
        assert_eq!((unreadable[0].position, unreadable[0].error.as_str()), (120, "no header at all"));
        tx.commit().await.unwrap();
    });
}

#[test]
fn late_mail_joins_threads() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, folder) = firm(&db).await;
        // Both answer a message that is not here yet; each is its own thread until it comes.
        let mails = [
            mail(1, "jo@acme.example", "amy@firm.example", 21, 0),
            mail(2, "amy@firm.example", "jo@acme.example", 22, 5),
        ];
        add(&db, firm, folder, &mails).await;
        let mut tx = db.write(Durability::Import).await.unwrap();
        let mut known = threads::load(&mut tx, firm).await.unwrap();
        assert_eq!(known.len(), 2);
        let mut joining = mail(3, "jo@acme.example", "amy@firm.example", 0, -5);
        joining.body = "the first of them".into();
        let mut facts = joining.arrives(&mut AddressBook::default(), folder).tie;
        facts.parents = vec![21, 22];
        known.add(&facts);
        let changed = threads::retie(&mut tx, firm, &known).await.unwrap();
        assert!(1 <= changed, "{changed}");
        let entries = all_in(&mut tx, firm).await;
        let tied: Vec<u64> = entries
            .iter()
            .filter_map(|e| if let Entry::Message(m) = e { Some(m.thread) } else { None })
            .collect();
        assert_eq!(tied[0], tied[1]);
        assert_eq!(threads::retie(&mut tx, firm, &known).await.unwrap(), 0, "and nothing is left to change");
        tx.commit().await.unwrap();
    });
}

#[test]
fn opening_again_changes_nothing_and_says_what_is_wrong() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, folder) = firm(&db).await;
        add(&db, firm, folder, &[mail(1, "jo@acme.example", "amy@firm.example", 11, 0)]).await;
        let before = all(&db, firm).await;
        db.tidy().await.unwrap();
        db.close().await;
        let db = place.open().await;
        assert_eq!(all(&db, firm).await, before);
        let mut tx = db.write(Durability::Act).await.unwrap();
        assert_eq!(regard::firm::store::all(&mut tx).await.unwrap().len(), 1);
        drop(tx);
        db.close().await;
    });
}

#[test]
fn a_place_that_cannot_be_used_is_named() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("taken");
        std::fs::write(&file, "not a folder").unwrap();
        let error = Db::open(&regard::db::Location::Folder(file.clone())).await.unwrap_err();
        assert!(error.to_string().contains(&file.display().to_string()), "{error}");
        let broken = folder.path().join("broken");
        std::fs::create_dir(&broken).unwrap();
        std::fs::write(broken.join("regard.sqlite"), vec![7u8; 9000]).unwrap();
        let error = Db::open(&regard::db::Location::Folder(broken)).await.unwrap_err();
        assert_eq!(error.trouble(), Some(Trouble::Damaged), "{error}");
        let nobody = regard::db::Location::Url("postgres://app:x@127.0.0.1:1/none".into());
        let error = Db::open(&nobody).await.unwrap_err();
        assert_eq!(error.trouble(), Some(Trouble::Unreachable), "{error}");
        assert!(!error.to_string().contains(":x@"), "no password is shown: {error}");
    });
}

#[test]
fn words_that_an_earlier_version_put_into_the_index_with_their_accents_are_found_without() {
    run(async {
        let place = Place::new(support::Kind::Server);
        let Location::Url(url) = &place.location else { panic!("a server has an address") };
        let db = place.open().await;
        let (firm, folder) = firm(&db).await;
        let mut letter = mail(1, "jo@acme.example", "amy@firm.example", 11, 0);
        letter.body = "A café at the corner".into();
        add(&db, firm, folder, &[letter]).await;
        db.close().await;
        let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
        for sql in [
            "UPDATE entry_words w SET words = to_tsvector('simple', m.body) FROM message m
                WHERE m.firm_id = w.firm_id AND m.entry_id = w.entry_id",
            "DELETE FROM schema_version WHERE version = 28",
        ] {
            connection.execute(sql).await.unwrap();
        }
        connection.close().await.unwrap();
        let mut tx = place.open().await.read().await.unwrap();
        assert_eq!(texts::search(&mut tx, firm, "cafe corner", 9).await.unwrap().len(), 1);
    });
}

#[test]
fn messages_are_found_by_their_words_within_their_firm() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (one, folder) = firm(&db).await;
        let (other, other_folder) = firm(&db).await;
        let mut first = mail(1, "jo@acme.example", "amy@firm.example", 11, 0);
        first.body = "The quarterly figures of the bakery".into();
        let mut second = mail(2, "kim@acme.example", "amy@firm.example", 12, 90);
        second.body = "Figures for the quarterly return, and a café".into();
        (0..70).for_each(|n| second.body.push_str(&format!(" plum{n}")));
        add(&db, one, folder, &[second.clone(), first.clone()]).await;
        add(&db, other, other_folder, &[mail(3, "lee@acme.example", "amy@firm.example", 13, 0)]).await;
        let mut tx = db.read().await.unwrap();
        let mut found = async |firm: FirmId, words: &str| -> Vec<String> {
            let hits = texts::search(&mut tx, firm, words, 9).await.unwrap();
            let people = texts::people(&mut tx, firm, &hits).await.unwrap();
            hits.iter().map(|hit| people[hit].split('@').next().unwrap_or_default().to_owned()).collect()
        };
        assert_eq!(found(one, "quarterly figures").await, ["kim", "jo"], "the newest first");
        assert_eq!(found(one, "\"quarterly figures\"").await, ["jo"], "words that stand together");
        assert_eq!(found(one, "lease").await.len(), 2, "in the subject");
        assert_eq!(found(other, "quarterly").await, [""; 0], "not those of another firm");
        assert_eq!(found(one, "quart").await, ["kim", "jo"], "by how a word begins");
        assert_eq!(found(one, "Quarterly FIG baker").await, ["jo"], "each of them, however it is written");
        assert_eq!(found(one, "plum").await, ["kim"], "also where many words begin like it");
        assert_eq!(found(one, "CAFE").await, ["kim"], "and whatever stands on its letters");
        assert_eq!(found(one, "cafÉ").await, ["kim"]);
        assert_eq!(found(one, "\"quart\"").await, [""; 0], "between quotes as it stands");
        for none in ["quartz", "quarterly zebra", &format!("f{}", one.0)] {
            assert_eq!(found(one, none).await, [""; 0], "{none}");
        }
        for odd in
            ["", "\"", "(", "a AND", "NEAR(", "*", "firm:f1", "'; --", "\0", "🙂", "\"\"\"", "a:b", "-"]
        {
            found(one, odd).await;
        }
        let letters = texts::letters(&mut tx, one, [first.key(), NaturalKey(1)]).await.unwrap();
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[&first.key()].body, first.body);
        let mut tx = db.write(Durability::Act).await.unwrap();
        let jo = addresses::find(&mut tx, one, "jo@acme.example").await.unwrap().unwrap();
        let named = texts::addresses(&mut tx, one, [jo, jo]).await.unwrap();
        assert_eq!(named[&jo].0, "jo@acme.example");
    });
}
