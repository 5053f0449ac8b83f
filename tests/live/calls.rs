//! Logs of telephone systems, followed as they grow.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use regard::calls::follow::Follower;
use regard::calls::full;
use regard::calls::logs::{self, Log, Reached, Wrong};
use regard::db::{Db, Durability};
use regard::firm::{self, Firm};
use regard::ids::FirmId;
use regard::staff::SOMEBODY;
use serde_json::Value;
use wire::calls::tail::Place as TailPlace;
use wire::csv::RowError;

use crate::beside::{Served, within};
use crate::office::Office;
use crate::support::on_both;

const FIRM: FirmId = FirmId(1);
const NUMBER: &str = "02079460001";

fn append(path: &Path, text: &str) {
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.expect("the log").write_all(text.as_bytes()).expect("written");
}

/// A missed call in Asterisk's own words; the moment makes it another one.
fn missed(second: i64) -> String {
    let at = Timestamp::from_second(second).expect("a moment").strftime("%Y-%m-%d %H:%M:%S").to_string();
    format!(
        "\"\",\"{NUMBER}\",\"201\",\"in\",\"\",\"SIP/1\",\"SIP/201\",\"Dial\",\"x\",\"{at}\",\"\",\"{at}\",20,0,\"NO ANSWER\",\"DOCUMENTATION\",\"{second}.1\",\"\"\n"
    )
}

struct Desk {
    db: Db,
    log: PathBuf,
    now: Timestamp,
}

impl Desk {
    async fn new(db: Db, log: PathBuf) -> Desk {
        let now: Timestamp = "2026-06-17T09:00:00Z".parse().expect("a moment");
        let mut tx = db.write(Durability::Act).await.expect("a transaction");
        firm::store::save(&mut tx, &Firm::new("UTC".to_owned()), now).await.expect("a firm");
        logs::add(&mut tx, FIRM, log.to_str().expect("text"), SOMEBODY, now).await.expect("followed");
        tx.commit().await.expect("committed");
        Desk { db, log, now }
    }

    async fn look(&mut self, follower: &mut Follower<'_>) -> u64 {
        self.now += SignedDuration::from_secs(11);
        follower.look(self.now).await.expect("looked")
    }

    async fn known(&self) -> (Log, Vec<Wrong>) {
        let mut tx = self.db.read().await.expect("a transaction");
        let log = logs::all(&mut tx, FIRM).await.expect("logs").into_iter().next().expect("a log");
        (log, logs::wrong(&mut tx, FIRM).await.expect("lines"))
    }
}

#[test]
fn nothing_is_lost_and_nothing_counts_twice_whatever_becomes_of_the_file() {
    on_both(|place| async move {
        let db = place.open().await;
        let mut desk = Desk::new(db.clone(), place.folder().join("Master.csv")).await;
        let mut follower = Follower::new(&db, FIRM);
        assert_eq!(desk.look(&mut follower).await, 0);
        assert!(desk.known().await.0.trouble.expect("trouble").0.contains("no such file"));

        // A call waits until its other lines could have come, and half a line for its end.
        let (one, two) = (missed(1_781_683_200), missed(1_781_683_260));
        append(&desk.log, &one);
        append(&desk.log, &two[..40]);
        assert_eq!(desk.look(&mut follower).await, 0);
        assert_eq!(desk.known().await.0.waiting.len(), 1);
        assert_eq!(desk.look(&mut follower).await, 1);
        append(&desk.log, &two[40..]);
        append(&desk.log, "what is this\n");
        desk.look(&mut follower).await;
        assert_eq!(desk.look(&mut follower).await, 1);
        let (log, wrong) = desk.known().await;
        assert_eq!((log.place.line, log.calls, log.trouble), (3, 2, None));
        assert_eq!((wrong.len(), wrong[0].line), (1, 3));
        assert!(wrong[0].error.contains("no call"), "{wrong:?}");

        // Moved away between two looks, by a process that knows only what is stored.
        append(&desk.log, &missed(1_781_683_320));
        fs::rename(&desk.log, desk.log.with_file_name("Master.csv.1")).expect("moved");
        append(&desk.log, &missed(1_781_683_380));
        let mut another = Follower::new(&db, FIRM);
        let mut new = 0;
        for _ in 0..4 {
            new += desk.look(&mut another).await;
            // Two at once do the work of one.
            new += desk.look(&mut follower).await;
        }
        assert_eq!((new, desk.known().await.0.calls), (2, 4));

        // Copied and cut short; then the whole of it is told once more, as after a restored backup.
        fs::copy(&desk.log, desk.log.with_file_name("Master.csv.2")).expect("copied");
        fs::write(&desk.log, "").expect("cut");
        append(&desk.log, &missed(1_781_683_440));
        append(&desk.log, &format!("{one}{two}"));
        let mut new = 0;
        for _ in 0..3 {
            new += desk.look(&mut another).await;
        }
        assert_eq!((new, desk.known().await.0.calls), (1, 5));
    });
}

#[test]
fn of_two_who_read_the_same_lines_at_once_only_one_has_them_stand() {
    on_both(|place| async move {
        let db = place.open().await;
        let mut desk = Desk::new(db.clone(), place.folder().join("Master.csv")).await;
        append(&desk.log, &missed(1_781_683_200));
        let mut follower = Follower::new(&db, FIRM);
        desk.look(&mut follower).await;
        let (before, _) = desk.known().await;
        assert_eq!(before.waiting.len(), 1, "it may go on");

        let now: Timestamp = "2026-06-17T10:00:00Z".parse().expect("a moment");
        let place = TailPlace { reached: before.place.reached + 40, line: 2, ..before.place.clone() };
        let wrong = [RowError { line: 2, column: None, what: "no call".to_owned() }];
        let to = Reached { place: &place, header: None, waiting: &before.waiting, calls: 1, wrong: &wrong };
        let read = async |log: &Log| {
            let mut tx = db.write(Durability::Act).await.expect("a transaction");
            let stands = logs::reach(&mut tx, FIRM, log, &to, now).await.expect("an answer");
            // Longer than the other takes to come as far.
            tokio::time::sleep(Duration::from_millis(200)).await;
            // Whoever comes second throws away what it read; it writes nothing even where it forgets to.
            tx.commit().await.expect("it is written");
            stands
        };
        let (one, other) = tokio::join!(read(&before), read(&before));
        assert_eq!([one, other].iter().filter(|stands| **stands).count(), 1, "{one} {other}");
        let (after, told) = desk.known().await;
        assert_eq!((after.calls, after.place.line, told.len()), (before.calls + 1, 2, 1));

        // The same place, and other lines that wait: somebody read meanwhile that a call has ended.
        let ended = Reached { waiting: &[], calls: 1, wrong: &[], ..to };
        let stale = Log { waiting: Vec::new(), ..after.clone() };
        for (log, stands) in [(&stale, false), (&before, false), (&after, true), (&after, false)] {
            let mut tx = db.write(Durability::Act).await.expect("a transaction");
            assert_eq!(logs::reach(&mut tx, FIRM, log, &ended, now).await.expect("an answer"), stands);
            tx.commit().await.expect("it is written");
        }
        assert_eq!(desk.known().await.0.calls, before.calls + 2);
    });
}

#[test]
fn a_full_voicemail_is_told_until_a_message_is_left_there_again() {
    on_both(|place| async move {
        let db = place.open().await;
        let mut desk = Desk::new(db.clone(), place.folder().join("queue_log")).await;
        let mut follower = Follower::new(&db, FIRM);
        let call = |second: i64, event: &str| {
            format!(
                "{second}|{second}.1|help|NONE|ENTERQUEUE||{NUMBER}|1\n{}|{second}.1|help|NONE|EXITWITHTIMEOUT|1|1|30\n{}|{second}.1|help|201|{event}|\n",
                second + 30,
                second + 31
            )
        };
        let full = async || {
            let mut tx = db.read().await.expect("a transaction");
            full::all(&mut tx, FIRM)
                .await
                .expect("voicemails")
                .into_iter()
                .map(|one| one.line)
                .collect::<Vec<_>>()
        };
        append(&desk.log, &call(1_781_683_200, "MAILBOXFULL"));
        desk.look(&mut follower).await;
        assert_eq!(desk.look(&mut follower).await, 1);
        assert_eq!(full().await, ["201"]);
        append(&desk.log, &call(1_781_683_300, "MAILBOXFULL"));
        append(&desk.log, &call(1_781_683_400, "VOICEMAIL"));
        desk.look(&mut follower).await;
        assert_eq!(desk.look(&mut follower).await, 2);
        assert_eq!(full().await, [""; 0]);
    });
}

#[test]
fn a_missed_call_in_a_log_stands_on_today_seconds_later_and_once_after_a_kill() {
    let office = Office::open();
    let contacts = format!("client_id,name,email,phone\nc1,Jo Fenn,jo@acme.example,{NUMBER}\n");
    office.run(&["import", "contacts", &office.write("contacts.csv", &contacts)]).ok();
    let log = PathBuf::from(office.write("Master.csv", ""));
    office.run(&["calls", "follow", log.to_str().expect("text")]).ok();
    let callbacks =
        || office.owed().into_iter().filter(|owed| owed["kind"] == "callback").collect::<Vec<Value>>();
    let now = regard::clock::now().as_second();
    let mut served = Served::start(&office, &[]);
    append(&log, &missed(now - 60));
    within(30, "a call to give back", || callbacks().len() == 1);
    served.kill();
    append(&log, &missed(now - 40));
    let served = Served::start(&office, &[]);
    within(30, "both calls", || {
        let list = office.run(&["calls", "list", "--json"]).json();
        list["logs"][0]["calls"] == 2 && list["logs"][0]["line"] == 2
    });
    assert_eq!(callbacks().len(), 1, "the same caller is one");
    served.stop();
    office.run(&["calls", "leave", log.to_str().expect("text")]).ok();
    assert_eq!(office.run(&["calls", "list", "--json"]).json()["logs"], Value::Array(Vec::new()));
}
