//! The work in the background ends soon after it is asked to, whoever else writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join;
use regard::background::Background;
use regard::clock;
use regard::db::{Db, Durability, Location};
use regard::mailboxes::secret::Keys;
use tokio::time::{sleep, timeout};

use crate::office::Office;
use crate::support::run;

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
