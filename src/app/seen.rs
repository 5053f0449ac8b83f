//! Who looked at which client's record: noted in the audit log a little later, so that looking costs no write.

use std::sync::Mutex;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{App, refused};
use crate::db::Durability;
use crate::error::Result;
use crate::ids::{FirmId, StaffId};
use crate::record::audit;

/// How long a note may wait to be written.
const WRITTEN: Duration = Duration::from_secs(2);
/// Looking again within this time is the same look.
const SAME_LOOK: SignedDuration = SignedDuration::from_mins(30);
/// Programs fetch lists again and again: within this time it is noted once.
const SAME_FETCH: SignedDuration = SignedDuration::from_hours(1);

type Look = (FirmId, StaffId, &'static str, String);

/// Looks that are not written yet, and when each was last noted.
#[derive(Debug, Default)]
pub struct SeenNotes {
    noted: Mutex<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    last: FxHashMap<Look, Timestamp>,
    waiting: Vec<(Look, Timestamp)>,
}

impl SeenNotes {
    /// Notes that somebody did `act` with `what`: saw a client, was refused something.
    pub fn note(&self, firm: FirmId, staff: StaffId, act: &'static str, what: String, now: Timestamp) {
        let mut noted = self.noted.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let look = (firm, staff, act, what);
        let same = if act == "exported" { SAME_FETCH } else { SAME_LOOK };
        let again = noted.last.get(&look).is_some_and(|last| now.duration_since(*last) < same);
        if !again {
            noted.last.insert(look.clone(), now);
            noted.waiting.push((look, now));
        }
        if 100_000 < noted.last.len() {
            noted.last.retain(|_, last| now.duration_since(*last) < SAME_FETCH);
        }
    }

    fn take(&self) -> Vec<(Look, Timestamp)> {
        let mut noted = self.noted.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        std::mem::take(&mut noted.waiting)
    }
}

/// Writes what was noted, and who was not let in.
pub async fn write(app: &App) -> Result<()> {
    refused::write(app).await?;
    let notes = app.seen.take();
    if notes.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.write(Durability::Import).await?;
    for ((firm, staff, act, what), at) in &notes {
        audit::note(&mut tx, *firm, *staff, act, what, *at).await?;
    }
    tx.commit().await
}

/// The task that writes notes from time to time.
pub(crate) struct Writing {
    task: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Writing {
    /// Writes what is left, and ends.
    pub(crate) async fn stop(self) {
        // Whoever does not listen any more has ended already.
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}

pub(crate) fn write_on(app: App) -> Writing {
    let (stop, mut stopped) = oneshot::channel();
    let task = tokio::spawn(async move {
        loop {
            let ended = tokio::time::timeout(WRITTEN, &mut stopped).await.is_ok();
            if let Err(error) = write(&app).await {
                eprintln!("regard: who looked at what could not be noted: {error}");
            }
            if ended {
                break;
            }
        }
    });
    Writing { task, stop }
}
