//! One story of the store, told on both databases.

mod support;

use care::acts::Direction;
use care::entry::{Call, Decision, Entry, Note, NoteKind, Verdict};
use care::ids::{EntryId, NaturalKey};
use care::obligation::{Ended, Ending, Evidence, Kind, Obligation, ObligationId, Role};
use care::people::{ClientKind, Who};
use jiff::SignedDuration;
use regard::clients::{self, Client, Contact, Money, Placement, Scope};
use regard::db::{Db, Durability};
use regard::error::{Error, Trouble};
use regard::ids::{AbsenceId, ClientId, ContactId, FirmId, FolderId, MatterId, SourceId, StaffId};
use regard::matters::{self, Matter};
use regard::record::addresses::{self, AddressBook};
use regard::record::sources::{self, Source};
use regard::record::{Added, book, others, owed, raw, read, store, texts, threads};
use regard::staff::{self, Absence, Person};
use support::made::{Mail, at, firm, mail, now};
use support::{Place, on_both, run};

async fn add(db: &Db, firm: FirmId, folder: FolderId, mails: &[Mail]) -> Vec<Added> {
    let mut tx = db.write(Durability::Import).await.unwrap();
    let mut book = AddressBook::default();
    book.refresh(&mut tx, firm).await.unwrap();
    let new: Vec<_> = mails.iter().map(|mail| mail.arrives(&mut book, folder)).collect();
    book.save(&mut tx, firm).await.unwrap();
    let added = store::add_messages(&mut tx, firm, &new).await.unwrap();
    tx.commit().await.unwrap();
    added
}

async fn all(db: &Db, firm: FirmId) -> Vec<Entry> {
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

async fn all_in(tx: &mut regard::db::Tx, firm: FirmId) -> Vec<Entry> {
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

fn person(id: i64, name: &str, addresses: Vec<care::ids::AddressId>) -> Person {
    Person {
        id: StaffId(id),
        name: name.into(),
        role: "partner".into(),
        access: "staff".into(),
        left: None,
        proposed: false,
        addresses,
        custom: [("desk".to_owned(), "4".to_owned())].into(),
    }
}

fn client(id: i64, key: &str) -> Client {
    Client {
        id: ClientId(id),
        external_key: key.into(),
        name: "Acme".into(),
        kind: ClientKind::Organisation,
        since: Some("2019-04-01".parse().unwrap()),
        tier: Some("A".into()),
        point_person: Some(StaffId(1)),
        cover: None,
        revenue: Some(Money { minor: 1_200_000, currency: "GBP".into() }),
        custom: Default::default(),
    }
}

#[test]
fn people_are_kept_and_found_in_the_book() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, folder) = firm(&db).await;
        add(&db, firm, folder, &[mail(1, "jo@acme.example", "amy@firm.example", 11, 0)]).await;
        add(&db, firm, folder, &[mail(2, "kim@acme.example", "amy@firm.example", 12, 0)]).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let number = async |tx: &mut regard::db::Tx, text: &str| {
            addresses::find(tx, firm, text).await.unwrap().unwrap()
        };
        let (jo, kim, amy) = (
            number(&mut tx, "jo@acme.example").await,
            number(&mut tx, "kim@acme.example").await,
            number(&mut tx, "amy@firm.example").await,
        );
        let amy_herself = person(1, "Amy", vec![amy]);
        staff::store::save(&mut tx, firm, &person(1, "Amie", vec![jo]), now()).await.unwrap();
        staff::store::save(&mut tx, firm, &amy_herself, now()).await.unwrap();
        assert_eq!(staff::store::all(&mut tx, firm).await.unwrap(), [amy_herself]);
        let away = Absence {
            id: AbsenceId(3),
            staff: StaffId(1),
            from: "2025-08-01".parse().unwrap(),
            to: "2025-08-14".parse().unwrap(),
            cover: None,
        };
        staff::store::save_absence(&mut tx, firm, &away).await.unwrap();
        assert_eq!(staff::store::absences(&mut tx, firm).await.unwrap(), [away]);

        let acme = client(7, "c017");
        assert_eq!(clients::store::save(&mut tx, firm, &acme, now()).await.unwrap(), ClientId(7));
        let renamed = Client { id: ClientId(8), name: "Acme Ltd".into(), ..acme };
        assert_eq!(clients::store::save(&mut tx, firm, &renamed, now()).await.unwrap(), ClientId(7));
        let renamed = Client { id: ClientId(7), ..renamed };
        assert_eq!(clients::store::all(&mut tx, firm).await.unwrap(), [renamed]);
        let contact = Contact {
            id: ContactId(9),
            client: ClientId(7),
            name: "Jo".into(),
            role: None,
            addresses: vec![jo],
            custom: Default::default(),
        };
        clients::store::save_contact(&mut tx, firm, &contact, now()).await.unwrap();
        assert_eq!(clients::store::contacts(&mut tx, firm).await.unwrap(), [contact]);
        let matter = Matter {
            id: MatterId(5),
            external_key: "m1".into(),
            client: ClientId(7),
            name: "Lease".into(),
            kind: "property".into(),
            handler: Some(StaffId(1)),
            opened: None,
            closed: None,
            custom: Default::default(),
        };
        assert_eq!(matters::store::save(&mut tx, firm, &matter, now()).await.unwrap(), MatterId(5));
        assert_eq!(matters::store::all(&mut tx, firm).await.unwrap(), [matter]);
        let whole = Who::Client { client: ClientId(7), contact: None };
        let placement = Placement {
            scope: Scope::Domain,
            text: "acme.example".into(),
            who: whole,
            decided_by: None,
            at: now(),
        };
        clients::store::place(&mut tx, firm, &placement).await.unwrap();
        assert_eq!(clients::store::placements(&mut tx, firm).await.unwrap(), [placement]);

        let before = book::load(&mut tx, firm).await.unwrap();
        assert_eq!(
            before.directory.who(jo),
            Who::Client { client: ClientId(7), contact: Some(ContactId(9)) }
        );
        assert_eq!(before.directory.who(kim), whole);
        assert_eq!(before.directory.who(amy), Who::Staff(StaffId(1)));
        assert_eq!(before.client(ClientId(7)).unwrap().matters.len(), 1);
        assert_eq!(before.staff(StaffId(1)).unwrap().absences.len(), 1);
        assert_eq!(before.record_from, Some(at("2025-06-15T15:06:40Z")));
        let what = Verdict::Placed { address: kim, who: Who::ThirdParty };
        let decision = Decision { entry: EntryId(0), key: NaturalKey(77), at: now(), by: StaffId(1), what };
        others::add_decision(&mut tx, firm, &decision, "opposing counsel").await.unwrap();
        let after = book::load(&mut tx, firm).await.unwrap();
        assert_eq!(after.directory.who(kim), Who::ThirdParty, "what somebody decided counts above all");
        tx.commit().await.unwrap();
    });
}

#[test]
fn the_record_of_a_client_is_whole_and_nobody_elses() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, folder) = firm(&db).await;
        let mails = [
            mail(1, "jo@acme.example", "amy@firm.example", 11, 0),
            mail(2, "amy@firm.example", "bob@firm.example", 11, 5), // inside the firm, in the client's thread
            mail(3, "lee@other.example", "amy@firm.example", 12, 9),
        ];
        add(&db, firm, folder, &mails).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        clients::store::save(&mut tx, firm, &client(7, "c017"), now()).await.unwrap();
        clients::store::save(&mut tx, firm, &client(8, "c018"), now()).await.unwrap();
        for (text, id) in [("acme.example", 7), ("other.example", 8)] {
            let who = Who::Client { client: ClientId(id), contact: None };
            let placement =
                Placement { scope: Scope::Domain, text: text.into(), who, decided_by: None, at: now() };
            clients::store::place(&mut tx, firm, &placement).await.unwrap();
        }
        let jo = addresses::find(&mut tx, firm, "jo@acme.example").await.unwrap().unwrap();
        let amy = addresses::find(&mut tx, firm, "amy@firm.example").await.unwrap().unwrap();
        let call = Call {
            entry: EntryId(0),
            key: NaturalKey(501),
            at: now(),
            from: jo,
            to: amy,
            talked: Some(SignedDuration::from_secs(90)),
        };
        let new = others::NewCall {
            facts: call,
            direction: Direction::In,
            from: "020 7946 0000".into(),
            to: "12".into(),
        };
        let added = others::add_calls(&mut tx, firm, &[new.clone(), new]).await.unwrap();
        assert!(added[0].new && !added[1].new);
        let note = Note {
            entry: EntryId(0),
            key: NaturalKey(502),
            at: now(),
            by: StaffId(1),
            kind: NoteKind::Meeting,
            client: ClientId(7),
            with: [jo].into(),
            acts: Box::default(),
        };
        others::add_note(&mut tx, firm, &note, "Met Jo", "They like the draft").await.unwrap();
        let released = Verdict::NoAnswerNeeded { message: mails[0].key() };
        let back = Verdict::TakenBack { decision: NaturalKey(503) };
        for (key, what) in [(503, released), (504, back)] {
            let decision =
                Decision { entry: EntryId(0), key: NaturalKey(key), at: now(), by: StaffId(1), what };
            others::add_decision(&mut tx, firm, &decision, "rang me").await.unwrap();
        }
        let book = book::load(&mut tx, firm).await.unwrap();
        let keys = |entries: Vec<Entry>| {
            let mut keys: Vec<NaturalKey> = entries.iter().map(Entry::key).collect();
            keys.sort_unstable();
            keys
        };
        let acme = keys(read::load_record(&mut tx, firm, ClientId(7), &book).await.unwrap());
        let mut wanted = vec![
            mails[0].key(),
            mails[1].key(),
            NaturalKey(501),
            NaturalKey(502),
            NaturalKey(503),
            NaturalKey(504),
        ];
        wanted.sort_unstable();
        assert_eq!(acme, wanted);
        let other = keys(read::load_record(&mut tx, firm, ClientId(8), &book).await.unwrap());
        assert_eq!(other, [mails[2].key()]);
        tx.commit().await.unwrap();
    });
}

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
        owed::replace(&mut tx, firm, ClientId(7), &given).await.unwrap();
        owed::replace(&mut tx, firm, ClientId(7), &given).await.unwrap();
        let mut kept = owed::of_client(&mut tx, firm, ClientId(7)).await.unwrap();
        kept.sort_by_key(|o| given.iter().position(|g| g.id == o.id));
        assert_eq!(kept, given);
        assert_eq!(owed::open(&mut tx, firm, None, 10).await.unwrap(), [first, soon.clone(), late.clone()]);
        assert_eq!(owed::open(&mut tx, firm, Some(StaffId(1)), 1).await.unwrap(), [soon]);
        assert_eq!(owed::one(&mut tx, firm, late.id).await.unwrap(), late);
        assert!(matches!(owed::one(&mut tx, FirmId(2), late.id).await, Err(Error::NotFound)));
        owed::replace(&mut tx, firm, ClientId(7), &[]).await.unwrap();
        assert_eq!(owed::all(&mut tx, firm).await.unwrap(), []);
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
fn messages_are_found_by_their_words_within_their_firm() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (one, folder) = firm(&db).await;
        let (other, other_folder) = firm(&db).await;
        let mut first = mail(1, "jo@acme.example", "amy@firm.example", 11, 0);
        first.body = "The quarterly figures of the bakery".into();
        let mut second = mail(2, "kim@acme.example", "amy@firm.example", 12, 90);
        second.body = "Figures for the quarterly return, and a café".into();
        add(&db, one, folder, &[second.clone(), first.clone()]).await;
        add(&db, other, other_folder, &[mail(3, "lee@acme.example", "amy@firm.example", 13, 0)]).await;
        let mut tx = db.read().await.unwrap();
        let mut found = async |firm: FirmId, words: &str| -> Vec<String> {
            let hits = texts::search(&mut tx, firm, words, 9).await.unwrap();
            hits.into_iter().map(|hit| hit.people.split('@').next().unwrap_or_default().to_owned()).collect()
        };
        assert_eq!(found(one, "quarterly figures").await, ["kim", "jo"], "the newest first");
        assert_eq!(found(one, "\"quarterly figures\"").await, ["jo"], "words that stand together");
        assert_eq!(found(one, "lease").await.len(), 2, "in the subject");
        assert_eq!(found(other, "quarterly").await, [""; 0], "not those of another firm");
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
