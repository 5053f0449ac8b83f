//! When all is settled anew.

use std::cell::Cell;
use std::pin::pin;

use crate::support::made::{firm, now};
use crate::support::{Place, on_both};
use futures_util::FutureExt;
use jiff::SignedDuration;
use regard::db::Durability;
use regard::intake::settle::Pace;
use regard::record::project;

#[test]
fn who_waited_for_another_to_settle_looks_again_whether_it_pays() {
    on_both(|place: Place| async move {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let behind = async || {
            let mut tx = db.write(Durability::Act).await.unwrap();
            project::mark_behind(&mut tx, firm, true).await.unwrap();
            tx.commit().await.unwrap();
        };
        let asked = Cell::new(0);
        let clock = || {
            asked.set(asked.get() + 1);
            now() + SignedDuration::from_secs(asked.get())
        };
        let pace = Pace::of(&db, firm);
        let more = pace.more_to_come();
        behind().await;
        let mut first = pin!(pace.settle_if_it_pays(&db, firm, &clock));
        let mut second = pin!(pace.settle_if_it_pays(&db, firm, &clock));
        assert!(first.as_mut().now_or_never().is_none());
        assert!(second.as_mut().now_or_never().is_none());
        assert!(first.await.unwrap());
        behind().await;
        assert!(!second.await.unwrap(), "that was a moment ago, and more is to come");
        drop(more);
        assert!(pace.settle_if_it_pays(&db, firm, &clock).await.unwrap());
        assert!(!pace.settle(&db, firm, &clock).await.unwrap(), "nothing is behind");
    });
}
