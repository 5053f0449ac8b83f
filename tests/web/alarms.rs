//! What keeps letters from coming or leaving is told by mail, once, and once more when it is well again.

use jiff::{SignedDuration, Timestamp};
use regard::db::Durability;
use regard::ids::{MailboxId, OutgoingId};
use regard::mailboxes::{Fetching, TroubleKind, store};
use regard::notices::alarms;
use regard::outbox::{self, Outgoing, State, Way};

use crate::correspondents::firm;
use crate::house::{FIRM, House, run};

/// Amy's mailbox, beside Bo's, which works.
struct Firm {
    house: House,
    amys: MailboxId,
    begun: Timestamp,
}

/// So many minutes after the beginning.
type Minutes = i64;
const WEEK: Minutes = 7 * 24 * 60;

impl Firm {
    async fn new() -> Firm {
        let house = firm().await;
        house.connect("Bo").await;
        let (amys, begun) = (house.connect("Amy").await, house.app.now());
        let firm = Firm { house, amys, begun };
        firm.is_fetched(0, None).await;
        firm
    }

    fn at(&self, minutes: Minutes) -> Timestamp {
        self.begun + SignedDuration::from_mins(minutes)
    }

    async fn is_fetched(&self, at: Minutes, full: Option<u32>) {
        let mut tx = self.house.app.db.write(Durability::Act).await.expect("a transaction");
        store::fetched(&mut tx, FIRM, self.amys, full, self.at(at)).await.expect("noted");
        tx.commit().await.expect("it is written");
    }

    async fn fails(&self, at: Minutes, words: &str, kind: TroubleKind) {
        let mut tx = self.house.app.db.write(Durability::Act).await.expect("a transaction");
        store::failed(&mut tx, FIRM, self.amys, words, kind, self.at(at)).await.expect("noted");
        tx.commit().await.expect("it is written");
    }

    async fn address(&self) -> String {
        self.house.asker("Amy").await.face().expect("a face").email.clone()
    }

    /// What Amy has been told by now, the first one first; it is looked several times.
    async fn told(&self, at: Minutes) -> Vec<String> {
        for _ in 0..3 {
            alarms::watch(&self.house.app.db, FIRM, self.at(at)).await.expect("watched");
        }
        let told = self.house.outgoing().await;
        let amys = [self.address().await];
        let notices = told.iter().rev().filter(|one| one.by.is_none() && one.recipients == amys);
        let subject = |one: &Outgoing| one.subject.split(" · ").next().unwrap_or_default().to_owned();
        notices.map(subject).collect()
    }

    /// A letter of Amy's to a client that stands like this.
    async fn letter(&self, state: State, made: Minutes, leaves: Minutes) -> Outgoing {
        let mut tx = self.house.app.db.write(Durability::Act).await.expect("a transaction");
        let letter = Outgoing {
            id: OutgoingId(tx.new_id()),
            mailbox: self.amys,
            by: Some(self.house.staff("Amy").await),
            state,
            message_id: format!("<letter-{made}-{leaves}@firm.example>"),
            sender: "amy@firm.example".to_owned(),
            recipients: vec!["jo@acme.example".to_owned()],
            subject: "The lease".to_owned(),
            bytes: b"Subject: The lease\r\n\r\nDear Jo\r\n".to_vec(),
            answers: None,
            draft: None,
            owed: None,
            client: None,
            way: Way::Out,
            only_if_quiet: false,
            made: self.at(made),
            next: self.at(leaves),
            tries: 1,
            trouble: Some("jo@acme.example was not reached (5.1.1)".to_owned()),
            sent: None,
            recorded: true,
            copied: true,
        };
        outbox::store::add(&mut tx, FIRM, &letter).await.expect("added");
        tx.commit().await.expect("it is written");
        letter
    }

    async fn stands(&self, letter: &Outgoing, state: State) {
        let mut tx = self.house.app.db.write(Durability::Act).await.expect("a transaction");
        let changed = Outgoing { state, ..letter.clone() };
        outbox::store::set(&mut tx, FIRM, &changed).await.expect("set");
        tx.commit().await.expect("it is written");
    }
}

const NONE: [&str; 0] = [];
const SILENT: &str = "A mailbox gives no mail";
const WELL: &str = "A mailbox is well again";

#[test]
fn silence_a_refused_login_and_a_full_mailbox_are_each_told_once_and_again_when_it_is_well() {
    run(async {
        let firm = Firm::new().await;
        firm.fails(1, "nobody answers", TroubleKind::Other).await;
        assert_eq!(firm.told(14).await, NONE, "once is nothing");
        assert_eq!(firm.told(16).await, [SILENT]);
        let amys = [firm.address().await];
        let told = firm.house.outgoing().await;
        let notice = told.iter().find(|one| one.recipients == amys).expect("a notice");
        let text = reading::letter::parse(&notice.bytes).expect("a letter").text;
        assert!(text.contains("no mail was fetched for 16 minutes: nobody answers"), "{text}");
        firm.is_fetched(20, None).await;
        assert_eq!(firm.told(20).await, [SILENT, WELL]);

        firm.fails(21, "the server refused the login", TroubleKind::Login).await;
        assert_eq!(firm.told(21).await[2..], [SILENT]);
        firm.is_fetched(25, Some(98)).await;
        assert_eq!(firm.told(25).await[3..], [WELL, "A mailbox is full"]);
        firm.is_fetched(26, Some(80)).await;
        assert_eq!(firm.told(26).await[5..], [WELL]);

        // While it rests it is not silent, nor as long as what came meanwhile is fetched.
        let db = &firm.house.app.db;
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        store::rest(&mut tx, FIRM, firm.amys).await.expect("it rests");
        tx.commit().await.expect("it is written");
        assert_eq!(firm.told(90).await.len(), 6);
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        store::go_on(&mut tx, FIRM, firm.amys, firm.at(90)).await.expect("it goes on");
        tx.commit().await.expect("it is written");
        assert_eq!(firm.told(91).await.len(), 6, "it has just begun");
        let far = Fetching { folder: "INBOX".to_owned(), done: 1200, of: 48_000 };
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        store::fetching(&mut tx, FIRM, firm.amys, &far, firm.at(104)).await.expect("it gets on");
        tx.commit().await.expect("it is written");
        assert_eq!(firm.told(110).await.len(), 6, "it is fetched");
        assert_eq!(firm.told(120).await[6..], [SILENT], "it hangs");
    });
}

#[test]
fn what_lets_nobody_in_and_then_does_not_answer_is_not_well() {
    run(async {
        let firm = Firm::new().await;
        firm.fails(1, "the server refused the login", TroubleKind::Login).await;
        assert_eq!(firm.told(1).await, [SILENT]);
        firm.fails(5, "nobody answers", TroubleKind::Other).await;
        assert_eq!(firm.told(6).await, [SILENT]);
        assert_eq!(firm.told(17).await, [SILENT, SILENT], "that it is silent now, and not that it is well");
        firm.fails(18, "the server refused the login", TroubleKind::Login).await;
        assert_eq!(firm.told(18).await, [SILENT; 3]);
        firm.is_fetched(19, None).await;
        assert_eq!(firm.told(19).await, [SILENT, SILENT, SILENT, WELL]);

        // What rests, or is connected no more, is not well either.
        for way in ["rests", "goes"] {
            firm.fails(20, "the server refused the login", TroubleKind::Login).await;
            let before = firm.told(20).await;
            let mut tx = firm.house.app.db.write(Durability::Act).await.expect("a transaction");
            match way {
                "rests" => store::rest(&mut tx, FIRM, firm.amys).await.expect("it rests"),
                _ => store::remove(&mut tx, FIRM, firm.amys).await.expect("it is gone"),
            }
            tx.commit().await.expect("it is written");
            assert_eq!(firm.told(21).await, before, "it {way}");
            if way == "rests" {
                let mut tx = firm.house.app.db.write(Durability::Act).await.expect("a transaction");
                store::go_on(&mut tx, FIRM, firm.amys, firm.at(21)).await.expect("it goes on");
                tx.commit().await.expect("it is written");
            }
        }
    });
}

#[test]
fn a_letter_that_came_back_or_did_not_leave_is_told_to_its_writer_once_and_again_when_it_is_on_its_way() {
    run(async {
        let firm = Firm::new().await;
        let back = firm.letter(State::Returned, 0, 0).await;
        assert_eq!(firm.told(1).await, ["A letter came back"]);
        // It was for a day more than a week after it was written.
        let late = firm.letter(State::Failed, 0, WEEK + 60).await;
        let given_up = firm.letter(State::Failed, 1, 1).await;
        let told = firm.told(2).await;
        assert_eq!(told[1..], ["A letter did not leave"; 2]);
        firm.stands(&given_up, State::Cancelled).await;
        assert_eq!(firm.told(3).await, told, "nobody is told what they did");
        firm.is_fetched(WEEK + 60, None).await;
        assert_eq!(firm.told(WEEK + 61).await, told, "what lies back so far is not on its way");
        firm.stands(&late, State::Waiting).await;
        assert_eq!(firm.told(WEEK + 62).await[3..], ["A letter is on its way again"]);
        firm.stands(&back, State::Sent).await;
        assert_eq!(firm.told(WEEK + 63).await.len(), 4, "that was over before");
    });
}
