//! Letters that people write, as rows of both databases.

use care::obligation::ObligationId;
use jiff::SignedDuration;
use regard::db::Durability;
use regard::drafts::store::{self, CannedText, Writing};
use regard::drafts::{Draft, Fields, Purpose, Target};
use regard::error::Error;
use regard::ids::{ClientId, DraftId, MailboxId, NaturalKey, OutgoingId, StaffId};
use regard::outbox::Way;
use regard::record::raw;

use crate::support::made::{firm, now};
use crate::support::{Place, on_both};

fn draft(id: i64, by: i64, owed: Option<u64>) -> Draft {
    Draft {
        id: DraftId(id),
        by: StaffId(by),
        target: Target { client: ClientId(7), owed: owed.map(ObligationId), purpose: Purpose::Answer },
        answers: Some(NaturalKey(u64::MAX)),
        fields: Fields {
            mailbox: Some(MailboxId(3)),
            to: "Jo <jo@acme.example>".into(),
            cc: String::new(),
            bcc: "Bo <bo@acme.example>".into(),
            subject: "Re: The lease".into(),
            words: "Dear Jo,\n\n".into(),
            quotes: true,
        },
        made: now(),
        changed: None,
        open_until: now() + SignedDuration::from_secs(40),
        outgoing: None,
    }
}

#[test]
fn a_draft_is_its_writers_own_and_goes_out_once() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let first = draft(1, 1, Some(u64::MAX));
        store::add(&mut tx, firm, &first).await.unwrap();
        assert_eq!(store::one(&mut tx, firm, first.by, first.id).await.unwrap(), first);
        assert!(matches!(store::one(&mut tx, firm, StaffId(2), first.id).await, Err(Error::NotFound)));
        // Begun a second time, the first one stays.
        store::add(&mut tx, firm, &draft(2, 1, Some(u64::MAX))).await.unwrap();
        assert_eq!(store::of(&mut tx, firm, first.by, &first.target).await.unwrap(), Some(first.clone()));
        assert!(
            store::all(&mut tx, firm, first.by).await.unwrap().is_empty(),
            "nothing was written in it yet"
        );

        let owed = first.target.owed.unwrap();
        let beside = store::others(&mut tx, firm, StaffId(2), owed, now()).await.unwrap();
        assert_eq!(beside, std::slice::from_ref(&first));
        let later = now() + SignedDuration::from_mins(1);
        assert!(
            store::others(&mut tx, firm, StaffId(2), owed, later).await.unwrap().is_empty(),
            "it was closed"
        );
        assert!(store::others(&mut tx, firm, StaffId(1), owed, now()).await.unwrap().is_empty(), "one's own");

        let fields =
            Fields { words: "Dear Jo, 🙂".into(), quotes: false, mailbox: None, ..first.fields.clone() };
        assert!(store::save(&mut tx, firm, &first, &fields, later, later).await.unwrap());
        let [kept] = &store::all(&mut tx, firm, first.by).await.unwrap()[..] else { panic!("one draft") };
        assert_eq!((&kept.fields, kept.changed), (&fields, Some(later)));

        assert!(store::claim(&mut tx, firm, &first, OutgoingId(9)).await.unwrap());
        assert!(!store::claim(&mut tx, firm, &first, OutgoingId(10)).await.unwrap(), "it is on its way");
        assert!(!store::save(&mut tx, firm, &first, &first.fields, later, later).await.unwrap());
        assert!(store::release(&mut tx, firm, OutgoingId(9)).await.unwrap());
        assert!(!store::release(&mut tx, firm, OutgoingId(9)).await.unwrap());
        assert_eq!(store::one(&mut tx, firm, first.by, first.id).await.unwrap().fields, fields);

        // What was opened and not written in goes when it is closed; what was written stays.
        store::add(&mut tx, firm, &draft(3, 1, None)).await.unwrap();
        store::sweep(&mut tx, firm, StaffId(1), later).await.unwrap();
        assert!(store::one(&mut tx, firm, StaffId(1), DraftId(3)).await.is_err());
        assert!(store::one(&mut tx, firm, StaffId(1), first.id).await.is_ok());
    });
}

#[test]
fn files_are_kept_once_and_go_with_their_last_draft() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let (one, two) = (draft(1, 1, None), draft(2, 2, None));
        store::add(&mut tx, firm, &one).await.unwrap();
        store::add(&mut tx, firm, &two).await.unwrap();
        let packed = raw::pack(b"%PDF-1.4 the lease").unwrap();
        store::add_file(&mut tx, firm, one.id, "lease.pdf", "application/pdf", &packed).await.unwrap();
        store::add_file(&mut tx, firm, two.id, "copy.pdf", "application/pdf", &packed).await.unwrap();
        let [file] = &store::files(&mut tx, firm, one.id).await.unwrap()[..] else { panic!("one file") };
        assert_eq!((file.name.as_str(), file.size), ("lease.pdf", 18));
        store::remove_file(&mut tx, firm, one.id, file.id).await.unwrap();
        assert_eq!(store::bytes(&mut tx, firm, &file.hash).await.unwrap(), b"%PDF-1.4 the lease");
        store::remove(&mut tx, firm, two.id).await.unwrap();
        assert!(matches!(store::bytes(&mut tx, firm, &file.hash).await, Err(Error::NotFound)));
    });
}

#[test]
fn texts_and_signatures_are_kept() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        let text = CannedText { text_id: 4, name: "Parking".into(), words: "Behind the house.".into() };
        store::save_text(&mut tx, firm, &text, StaffId(1), now()).await.unwrap();
        let text = CannedText { words: "Before the house.".into(), ..text };
        store::save_text(&mut tx, firm, &text, StaffId(1), now()).await.unwrap();
        assert_eq!(store::texts(&mut tx, firm).await.unwrap(), [text]);
        store::remove_text(&mut tx, firm, 4).await.unwrap();
        assert!(matches!(store::remove_text(&mut tx, firm, 4).await, Err(Error::NotFound)));

        assert_eq!(store::writing(&mut tx, firm, StaffId(1)).await.unwrap(), Writing::default());
        let writing = Writing { signature: "Amy\nPartner".into(), way: Way::Drafts };
        store::save_writing(&mut tx, firm, StaffId(1), &Writing::default()).await.unwrap();
        store::save_writing(&mut tx, firm, StaffId(1), &writing).await.unwrap();
        assert_eq!(store::writing(&mut tx, firm, StaffId(1)).await.unwrap(), writing);
        assert!(store::senders(&mut tx, firm, StaffId(1)).await.unwrap().is_empty());
    });
}
