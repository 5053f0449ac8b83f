//! Stories of the web app in a real browser: by keyboard, on a phone, without script, in the dark, by two people at
//! once, with sessions that end and servers that stop.

mod absences;
mod account;
mod acts;
mod careful;
mod clients;
mod contacts;
mod correspondents;
mod cut;
#[path = "../../crates/wire/tests/support/cyrus.rs"]
mod cyrus;
#[path = "../../crates/wire/tests/support/dovecot.rs"]
mod dovecot;
mod driver;
mod faults;
mod first_visit;
mod forwarding;
mod groups;
mod hostile;
mod house;
mod keyboard;
mod letter_html;
mod letters;
mod mail_between;
mod mailboxes;
mod matters;
mod narrowed;
mod notify;
#[allow(dead_code, reason = "these stories use a part of it")]
#[path = "../live/office.rs"]
mod office;
mod owners;
mod page;
mod plain;
#[path = "../live/postfix.rs"]
mod postfix;
mod record;
mod refused;
mod reminders;
mod rooms;
mod screens;
mod settings;
#[path = "../../crates/wire/tests/support/sink.rs"]
mod sink;
mod spoken;
#[path = "../support/mod.rs"]
mod support;
mod telephone;
mod texts;
mod together;
mod told;
mod triage;
mod whole_way;

use std::sync::{PoisonError, RwLock};

use house::{Door, House};
use support::{after, ports};

/// Stories run beside each other; one that measures time runs alone.
static QUIET: RwLock<()> = RwLock::new(());

/// Tells a story in a firm of its own while no other is told.
fn story_alone<F: Future<Output = ()> + 'static>(door: Door, tell: impl FnOnce(House) -> F) {
    let _alone = QUIET.write().unwrap_or_else(PoisonError::into_inner);
    told(door, tell);
}

/// Tells a story in a firm of its own. Its browsers are closed however it ends.
fn story<F>(door: Door, tell: impl FnOnce(House) -> F)
where
    F: Future<Output = ()> + 'static,
{
    let _beside = QUIET.read().unwrap_or_else(PoisonError::into_inner);
    told(door, tell);
}

fn told<F: Future<Output = ()> + 'static>(door: Door, tell: impl FnOnce(House) -> F) {
    let house = House::open(door);
    let pages = house.closing();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let story = tell(house);
    tokio::task::LocalSet::new().block_on(&runtime, async move {
        let ended = tokio::task::spawn_local(story).await;
        let open: Vec<_> = std::mem::take(&mut *pages.lock().unwrap_or_else(|p| p.into_inner()));
        for page in open {
            // A browser that has ended by itself needs no closing.
            let _ = page.client.close().await;
        }
        if let Err(failed) = ended {
            std::panic::resume_unwind(failed.into_panic());
        }
    });
}
