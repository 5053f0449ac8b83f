//! The work in the background ends soon after it is asked to, whoever else writes, and what a server for tokens was asked for
//! is kept before.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join;
use regard::background::Background;
use regard::clock;
use regard::db::{Db, Durability, Location};
use regard::mailboxes::secret::Keys;
use tokio::time::{sleep, timeout};

use crate::beside::{Served, Work, within};
use crate::oauth::{alarm, signed_in};
use crate::office::Office;
use crate::signed_in::Elsewhere;
use crate::support::run;

/// Longer than what is under way gets when the program is to stop.
const LATE: Duration = Duration::from_secs(6);

#[test]
fn a_stop_is_heard_while_another_process_writes() {
    let office = Office::open();
    let place = Location::Folder(office.data());
    run(async {
        let (db, other) = (Db::open(&place).await.unwrap(), Db::open(&place).await.unwrap());
        let writes = other.write(Durability::Act).await.unwrap();
        let keys = Keys::find(Some(&office.data()), |_| None, true).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let every = Duration::from_secs(60);
        let work =
            Background { db: db.patient(), keys, every, now: clock::now, stop: stop.clone(), lmtp: None };
        let asks = async {
            sleep(Duration::from_secs(2)).await;
            stop.store(true, Ordering::Relaxed);
        };
        let ended = timeout(Duration::from_secs(20), join(work.run(), asks)).await;
        assert!(ended.is_ok(), "it waits for whoever writes");
        drop(writes);
    });
}

#[test]
fn a_token_that_the_server_gives_late_while_the_program_stops_is_kept() {
    let (office, issuer, _file) = signed_in();
    office.sync();
    issuer.known().pause = LATE;
    issuer.revoke();
    let served = Served::start(&office, &[]);
    // What it is renewed with is used up there from here on.
    within(30, "the renewal", || issuer.known().renewed == 1);
    let took = served.stop();
    assert!(took < Duration::from_secs(12), "{took:?}");
    issuer.known().pause = Duration::ZERO;
    issuer.revoke();
    office.sync();
    assert_eq!((issuer.known().renewed, alarm(&office)), (2, "null".to_owned()));
}

#[test]
fn a_token_for_a_calendar_that_is_given_late_while_the_work_stops_is_kept() {
    let there = Elsewhere::open(Office::open());
    there.server.make_calendar("work");
    there.follow("caldav");
    there.issuer.known().pause = LATE;
    there.issuer.revoke();
    let work = Work::begin(&there.office);
    within(30, "the renewal", || there.renewed() == 1);
    drop(work);
    there.issuer.known().pause = Duration::ZERO;
    there.issuer.revoke();
    there.look();
    assert_eq!((there.renewed(), there.listed()["trouble"].is_null()), (2, true));
}
