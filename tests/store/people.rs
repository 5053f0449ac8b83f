//! Who is who, and the record of one client.

use crate::add;
use crate::support::made::{at, firm, mail, now};
use crate::support::{Place, on_both};
use care::acts::Direction;
use care::entry::{Call, Decision, Entry, Note, NoteKind, Verdict};
use care::ids::{EntryId, NaturalKey};
use care::people::{ClientKind, Who};
use jiff::SignedDuration;
use regard::clients::{self, Client, Contact, Money, Placement, Scope};
use regard::db::Durability;
use regard::ids::{AbsenceId, ClientId, ContactId, MatterId, StaffId};
use regard::matters::{self, Matter};
use regard::record::addresses;
use regard::record::{book, others, read};
use regard::staff::{self, Absence, Person};

pub(crate) fn person(id: i64, name: &str, addresses: Vec<care::ids::AddressId>) -> Person {
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

pub(crate) fn client(id: i64, key: &str) -> Client {
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
            asks: Box::default(),
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
