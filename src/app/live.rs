//! Who hears when something of a firm changed: its open pages.

use std::sync::Mutex;
use std::time::Duration;

use rustc_hash::FxHashMap;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::App;
use crate::ids::FirmId;
use crate::record::changes;

/// How often a server looks whether another process wrote something. Its own writes it tells at once.
const LOOKED: Duration = Duration::from_millis(700);

/// Tells open pages the revision that their firm has reached.
#[derive(Debug, Default)]
pub struct Live {
    firms: Mutex<FxHashMap<FirmId, watch::Sender<i64>>>,
}

impl Live {
    /// Tells everybody at a firm's pages.
    pub fn tell(&self, firm: FirmId, revision: i64) {
        let firms = self.firms.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(sender) = firms.get(&firm) {
            sender.send_if_modified(|known| std::mem::replace(known, revision) != revision);
        }
    }

    /// Ends all open streams, so that the server can stop.
    pub fn close(&self) {
        self.firms.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clear();
    }

    /// The revision of a firm from now on.
    pub fn listen(&self, firm: FirmId, revision: i64) -> watch::Receiver<i64> {
        let mut firms = self.firms.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        firms.entry(firm).or_insert_with(|| watch::Sender::new(revision)).subscribe()
    }

    /// Firms with an open page.
    fn listened(&self) -> Vec<FirmId> {
        let mut firms = self.firms.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        firms.retain(|_, sender| 0 < sender.receiver_count());
        firms.keys().copied().collect()
    }
}

/// Looks, as long as pages are open, whether another process wrote something.
pub(crate) fn watch(app: App) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(LOOKED).await;
            for firm in app.live.listened() {
                // A database that does not answer now is asked again in a moment.
                let Ok(mut tx) = app.db.read().await else { continue };
                if let Ok(revision) = changes::revision(&mut tx, firm).await {
                    app.live.tell(firm, revision);
                }
            }
        }
    })
}
