//! Connected mailboxes and mail on its way out, as rows of both databases.

use care::obligation::ObligationId;
use jiff::SignedDuration;
use regard::access::walls::{self, Wall};
use regard::db::Durability;
use regard::ids::{ClientId, DraftId, MailboxId, NaturalKey, OutgoingId, StaffId};
use regard::intake::live::Live;
use regard::mailboxes::secret::Keys;
use regard::mailboxes::store::{self, LEASES};
use regard::mailboxes::sync::Fetcher;
use regard::mailboxes::{Connection, FetchBy, Health, SecretKind, SendBy, Server, TroubleKind};
use regard::outbox::send::Sender;
use regard::outbox::{self, Outgoing, State, Way};
use regard::record::sources;
use std::sync::atomic::AtomicBool;
use tokio::sync::Mutex;
use wire::http::Address;
use wire::imap::{FolderState, UidSet};
use wire::net::{Reach, Secret, Security};

use crate::support::made::{firm, now};
use crate::support::on_both;

fn server(host: &str, port: u16, security: Security) -> Server {
    Server { host: host.to_owned(), port, security }
}

#[test]
fn a_connected_mailbox_is_kept_leased_and_forgotten() {
    on_both(|place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let keys = Keys::find(Some(place.folder()), |_| None, true).expect("keys");
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        let id =
            sources::mailbox(&mut tx, firm, "amy@firm.example", None, None, now()).await.expect("a mailbox");
        let kept = Connection {
            id,
            address: "amy@firm.example".to_owned(),
            fetch_by: FetchBy::Imap(server("imap.firm.example", 993, Security::Tls)),
            send_by: SendBy::Smtp(server("smtp.firm.example", 587, Security::StartTls)),
            user: "amy".to_owned(),
            kind: SecretKind::Token,
            secret: keys.seal(firm, id, &Secret::new("token")).expect("sealed"),
            oauth: None,
            signed_in: None,
            authority: Some("PEM".to_owned()),
            reach: Reach::Private,
            folders: Some(vec!["INBOX".to_owned(), "Clients/Acme".to_owned()]),
            signature: None,
            keeps_copy: false,
            paused: false,
            health: Health::default(),
        };
        store::save(&mut tx, firm, &kept, now()).await.expect("saved");
        let [read] = &store::all(&mut tx, firm).await.expect("all")[..] else { panic!("one mailbox") };
        let health = Health { since: Some(now()), ..Health::default() };
        assert_eq!(format!("{read:?}"), format!("{:?}", Connection { health, ..kept.clone() }));
        assert_eq!(keys.open(firm, id, &read.secret).expect("opened").reveal(), "token");
        // By JMAP, and sent by the same.
        let address = Address::parse("https://jmap.firm.example:8443/session?x=1").expect("an address");
        let other = Connection { fetch_by: FetchBy::Jmap(address), send_by: SendBy::Jmap, ..kept.clone() };
        store::save(&mut tx, firm, &other, now()).await.expect("saved");
        let [read] = &store::all(&mut tx, firm).await.expect("all")[..] else { panic!("one mailbox") };
        assert_eq!((&read.fetch_by, &read.send_by), (&other.fetch_by, &other.send_by));
        store::save(&mut tx, firm, &kept, now()).await.expect("saved");

        let minute = SignedDuration::from_mins(1);
        assert!(LEASES.take(&mut tx, firm, id.0, 7, minute, now()).await.expect("asked"));
        assert!(!LEASES.take(&mut tx, firm, id.0, 8, minute, now()).await.expect("asked"), "7 has it");
        assert!(LEASES.take(&mut tx, firm, id.0, 7, minute, now()).await.expect("asked"), "7 keeps it");
        assert!(
            LEASES.take(&mut tx, firm, id.0, 8, minute, now() + minute * 2).await.expect("asked"),
            "it ended"
        );
        LEASES.free(&mut tx, firm, id.0, 8).await.expect("freed");
        assert!(LEASES.take(&mut tx, firm, id.0, 7, minute, now()).await.expect("asked"));

        store::rest(&mut tx, firm, id).await.expect("paused");
        assert!(!LEASES.take(&mut tx, firm, id.0, 7, minute, now()).await.expect("asked"), "it rests");
        store::go_on(&mut tx, firm, id, now()).await.expect("it goes on");

        store::failed(&mut tx, firm, id, "refused", TroubleKind::Login, now()).await.expect("noted");
        store::failed(&mut tx, firm, id, "refused again", TroubleKind::Login, now() + minute)
            .await
            .expect("noted");
        let health = store::all(&mut tx, firm).await.expect("all").remove(0).health;
        let trouble = health.trouble.expect("trouble");
        assert_eq!(
            (trouble.words.as_str(), trouble.kind, trouble.since),
            ("refused again", TroubleKind::Login, now())
        );
        // Whoever chooses folders has read the mailbox before, and changes nothing else of it.
        let renewed = keys.seal(firm, id, &Secret::new("renewed")).expect("sealed");
        let renewed = Connection { secret: renewed, ..kept.clone() };
        store::signed_in(&mut tx, firm, &renewed, now()).await.expect("kept");
        store::sign(&mut tx, firm, id, Some("Amy")).await.expect("kept");
        store::rest(&mut tx, firm, id).await.expect("paused");
        store::failed(&mut tx, firm, id, "refused", TroubleKind::Login, now()).await.expect("noted");
        store::choose(&mut tx, firm, id, Some(&["Clients".to_owned()]), now()).await.expect("chosen");
        let read = store::all(&mut tx, firm).await.expect("all").remove(0);
        assert_eq!(keys.open(firm, id, &read.secret).expect("opened").reveal(), "renewed");
        assert_eq!((read.signature.as_deref(), read.paused, read.health.trouble), (Some("Amy"), false, None));
        assert_eq!(read.folders, Some(vec!["Clients".to_owned()]));
        store::fetched(&mut tx, firm, id, Some(97), now() + minute).await.expect("noted");
        let health = store::all(&mut tx, firm).await.expect("all").remove(0).health;
        assert_eq!((health.trouble, health.fetched, health.full), (None, Some(now() + minute), Some(97)));
        store::remove(&mut tx, firm, id).await.expect("removed");
        assert!(store::all(&mut tx, firm).await.expect("all").is_empty());
    });
}

#[test]
fn how_far_a_folder_was_read_is_kept() {
    on_both(|place| async move {
        let db = place.open().await;
        let (firm, folder) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        let mut at =
            sources::server_folder(&mut tx, firm, folder, "imap://x/INBOX", now()).await.expect("new");
        assert_eq!(at.state, FolderState::default());
        at.state = FolderState {
            uidvalidity: u32::MAX,
            uidnext: 12,
            modseq: u64::MAX >> 1,
            known: UidSet::parse("1:5,9,11").expect("numbers"),
        };
        sources::reach_folder(&mut tx, firm, &at, now()).await.expect("kept");
        let again =
            sources::server_folder(&mut tx, firm, folder, "imap://x/INBOX", now()).await.expect("known");
        assert_eq!(again, at);
    });
}

/// One on its way out.
fn message(id: OutgoingId) -> Outgoing {
    Outgoing {
        id,
        mailbox: MailboxId(5),
        by: None,
        state: State::Waiting,
        message_id: "<a@firm.example>".to_owned(),
        sender: "amy@firm.example".to_owned(),
        recipients: vec!["jo@acme.example".to_owned(), "bo@acme.example".to_owned()],
        subject: "Re: The lease".to_owned(),
        bytes: vec![0, 1, 255],
        answers: Some(NaturalKey(u64::MAX)),
        draft: Some(DraftId(3)),
        owed: Some(ObligationId(u64::MAX - 1)),
        client: Some(ClientId(4)),
        way: Way::Drafts,
        only_if_quiet: true,
        made: now(),
        next: now(),
        tries: 0,
        trouble: None,
        sent: None,
        recorded: false,
        copied: false,
    }
}

#[test]
fn a_message_on_its_way_out_is_kept_as_it_is() {
    on_both(|place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        let mut message = message(OutgoingId(tx.new_id()));
        outbox::store::add(&mut tx, firm, &message).await.expect("kept");
        assert_eq!(outbox::store::one(&mut tx, firm, message.id).await.expect("there"), message);
        message.state = State::Sent;
        (message.tries, message.sent, message.recorded) = (2, Some(now()), true);
        message.trouble = Some("no copy yet".to_owned());
        outbox::store::set(&mut tx, firm, &message).await.expect("set");
        assert_eq!(outbox::store::all(&mut tx, firm, 10).await.expect("all"), [message]);
    });
}

#[test]
fn what_left_meanwhile_is_not_held_back() {
    on_both(|place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let keys = Keys::find(Some(place.folder()), |_| None, true).expect("keys");
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        let read = Outgoing {
            by: Some(StaffId(3)),
            way: Way::Out,
            only_if_quiet: false,
            draft: None,
            ..message(OutgoingId(tx.new_id()))
        };
        outbox::store::add(&mut tx, firm, &read).await.expect("kept");
        let wall = Wall {
            staff: StaffId(3),
            client: ClientId(4),
            matter: None,
            reason: "a conflict".to_owned(),
            set_by: StaffId(3),
            set_at: now(),
        };
        walls::raise(&mut tx, firm, &wall).await.expect("raised");
        let left = Outgoing { state: State::Sent, sent: Some(now()), recorded: true, ..read.clone() };
        outbox::store::set(&mut tx, firm, &left).await.expect("set");
        let settings = regard::firm::store::load(&mut tx, firm).await.expect("the firm");
        tx.commit().await.expect("kept");
        let (live, stop) = (Mutex::new(Live::new(&db, &settings).expect("a way in")), AtomicBool::new(false));
        let fetcher = Fetcher::new(&db, &settings, &live, &keys, &stop, &now);
        let sender = Sender { fetcher: &fetcher, holder: 7 };
        assert!(!sender.send(read.clone()).await.expect("looked at"));
        let kept = outbox::store::one(&mut db.read().await.expect("a transaction"), firm, read.id).await;
        assert_eq!(kept.expect("there"), left);
    });
}

#[test]
fn what_is_said_by_itself_is_kept_with_what_was_done_about_each_message() {
    use regard::holding::{Setting, store as holding};
    on_both(|place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        assert_eq!(holding::setting(&mut tx, firm).await.expect("none"), Setting::default());
        let by = regard::ids::StaffId(3);
        for on_since in [None, Some(now())] {
            let setting = Setting { words: "By {by when}.".to_owned(), on_since };
            holding::set(&mut tx, firm, &setting, by, now()).await.expect("set");
            assert_eq!(holding::setting(&mut tx, firm).await.expect("kept"), setting);
        }
        let look = holding::Look {
            entry: 9,
            address: "jo@acme.example".to_owned(),
            client: None,
            outcome: "machine",
            told_until: None,
            outgoing: None,
        };
        holding::add(&mut tx, firm, &look, now()).await.expect("kept");
        let told = holding::Look {
            entry: 10,
            client: Some(ClientId(4)),
            outcome: "away",
            told_until: Some(now()),
            outgoing: Some(OutgoingId(5)),
            ..look
        };
        holding::add(&mut tx, firm, &told, now()).await.expect("kept");
        let minute = SignedDuration::from_mins(1);
        let since = holding::told_since(&mut tx, firm, now() - minute).await.expect("told");
        assert_eq!(since, ["jo@acme.example"], "only who was told something");
        assert!(holding::told_since(&mut tx, firm, now() + minute).await.expect("told").is_empty());
        assert!(holding::sent(&mut tx, firm, 9).await.expect("sent").is_empty(), "its message is gone");
    });
}

#[test]
fn a_sign_in_that_was_begun_is_found_by_whoever_began_it_and_used_once() {
    use regard::mailboxes::oauth::begun::{self, Mailbox, New, Proof, To, Wish};
    on_both(|place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let keys = Keys::find(Some(place.folder()), |_| None, true).expect("keys");
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        let (staff, other) = (regard::ids::StaffId(3), regard::ids::StaffId(4));
        let address = Address::parse("https://jmap.firm.example/").expect("an address");
        let fetch_by = FetchBy::Jmap(address);
        let send_by = SendBy::Smtp(server("smtp.firm.example", 465, Security::Tls));
        let to = To::Mailbox(Mailbox::new("amy@firm.example".to_owned(), &fetch_by, &send_by));
        let wish = Wish::new(to, "https://x/back".to_owned());
        let proof = Proof::new().expect("a proof");
        let minute = SignedDuration::from_mins(1);
        let new = New {
            oauth: 9,
            mark: proof.state.hash(),
            secret: proof.text(),
            wish: &wish,
            device: Some(("AB-CD", "https://x/type")),
            every: SignedDuration::from_secs(5),
            until: now() + minute,
        };
        let id = begun::add(&mut tx, &keys, firm, staff, new, now()).await.expect("kept");
        let state = proof.state.text();
        let found =
            begun::by_state(&mut tx, firm, staff, &state, now()).await.expect("asked").expect("there");
        assert_eq!((found.id, found.oauth), (id, 9));
        let To::Mailbox(mailbox) = &found.wish.to else { panic!("{:?}", found.wish) };
        assert_eq!(mailbox.ways().expect("its ways"), (fetch_by.clone(), send_by.clone()));
        assert_eq!(found.device.as_ref().map(|(code, _)| code.as_str()), Some("AB-CD"));
        let opened = found.proof(&keys, firm).expect("opened");
        assert_eq!(opened.verifier.text(), proof.verifier.text());
        assert!(begun::by_state(&mut tx, firm, other, &state, now()).await.expect("asked").is_none());
        let later = now() + minute * 2;
        assert!(begun::by_state(&mut tx, firm, staff, &state, later).await.expect("asked").is_none());
        begun::asked(&mut tx, firm, staff, &found, found.every * 2, now()).await.expect("noted");
        let asked = begun::one(&mut tx, firm, staff, id, now()).await.expect("there");
        assert_eq!((asked.asked, asked.every), (Some(now()), SignedDuration::from_secs(10)));
        assert!(begun::take(&mut tx, firm, staff, id).await.expect("taken"));
        assert!(!begun::take(&mut tx, firm, staff, id).await.expect("taken"), "once");
    });
}
