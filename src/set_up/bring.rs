//! Mail and lists brought in from a page: in the background, one at a time, told of while it goes on.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::tz::TimeZone;
use tokio::runtime::Handle;
use wire::mail::{FaultKind, sources};

use super::sample;
use crate::app::work::{Work, called as own_name};
use crate::app::{App, Handles};
use crate::config::BATCH;
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::firm;
use crate::ids::{FirmId, StaffId};
use crate::intake::enlist::{List, Rules, enlist};
use crate::intake::import::{self, Tally, Watch};
use crate::intake::settle::settle;
use crate::record::{audit, changes, project, sources as stored};
use crate::report::words::{counted, grouped, name_nobody_known, passed_removed};

/// So many rows with somebody unknown are named; the rest are counted.
const NAMED: usize = 10;

/// What is brought in.
#[derive(Debug, Clone)]
pub enum What {
    /// A mailbox.
    Mail(PathBuf),
    /// One of the firm's lists.
    List(List, PathBuf),
    /// The sample firm, whose files lie there.
    Sample(PathBuf),
    /// Who is who and what is owed, where an import was cut off before it was told.
    Settle,
}

/// The list of that name.
pub fn list_named(name: &str) -> Option<List> {
    List::ALL.into_iter().find(|list| list.name() == name)
}

/// Begins to bring something in for a firm; `by` owns mailboxes of which nothing else says whose they are.
pub fn start(app: &App, firm: FirmId, by: StaffId, what: What, called: String) -> Result<Arc<Work>> {
    let bytes = match &what {
        What::Mail(path) => {
            sources(std::slice::from_ref(path)).sources.iter().map(|source| source.bytes()).sum()
        }
        _ => 0,
    };
    // Whoever handed a file in knows it by its own name, and not by the place where it waits here.
    let place = match &what {
        What::Mail(path) | What::List(_, path) if app.works.is_handed_in(path) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            Some((path.display().to_string(), own_name(&name).to_owned()))
        }
        _ => None,
    };
    let work = app.works.begin(firm, called, bytes)?;
    let (app, doing, runtime) = (Arc::clone(app), Arc::clone(&work), Handle::current());
    let task = tokio::task::spawn_blocking({
        let (app, doing) = (Arc::clone(&app), Arc::clone(&doing));
        move || run(&runtime, &app, firm, by, &what, &doing)
    });
    tokio::spawn(async move {
        let how = match task.await {
            Ok(Ok(words)) => Ok(words),
            Ok(Err(error)) => Err(match &place {
                Some((place, name)) => words_of(&error).replace(place.as_str(), name),
                None => words_of(&error),
            }),
            Err(_) => Err("Something went wrong; the log of the server says more.".to_owned()),
        };
        if let Ok(mut tx) = app.db.read().await
            && let Ok(revision) = changes::revision(&mut tx, firm).await
        {
            app.live.tell(firm, revision);
        }
        doing.end(how);
    });
    Ok(work)
}

/// Goes on where a server that was stopped or killed left off.
pub async fn recover(app: &App) -> Result<()> {
    let firms = firm::store::all(&mut app.db.read().await?).await?;
    for firm in firms {
        if project::is_behind(&mut app.db.read().await?, firm.id).await? {
            let called = "Finding out who is who and what is owed".to_owned();
            start(app, firm.id, crate::staff::SOMEBODY, What::Settle, called)?;
        }
    }
    Ok(())
}

fn words_of(error: &Error) -> String {
    match error {
        Error::Invalid { field, words } => format!("{field} {words}"),
        error => format!("{:#}", anyhow::Error::msg(error.to_string())),
    }
}

fn run(
    runtime: &Handle,
    app: &Handles,
    firm: FirmId,
    by: StaffId,
    what: &What,
    work: &Work,
) -> Result<String> {
    let told = match what {
        What::Mail(path) => mail(runtime, app, firm, by, path, work)?,
        What::List(list, path) => {
            let told = runtime.block_on(one_list(app, firm, by, *list, path, &work.what));
            forget(app, path);
            told?
        }
        What::Sample(folder) => {
            let zone = TimeZone::get(sample::ZONE).map_err(|e| Error::Unexpected(e.into()))?;
            runtime.block_on(sample::enlist_all(&app.db, firm, folder, &zone, by, app.now()))?;
            let told = mail(runtime, app, firm, by, &folder.join("mail"), work)?;
            // What cannot be removed is in nobody's way.
            drop(std::fs::remove_dir_all(folder));
            told
        }
        What::Settle => "It is known again who is who and what is owed.".to_owned(),
    };
    // What changes while this is worked out is worked out after it.
    loop {
        if work.stop.load(Ordering::Relaxed) {
            break;
        }
        runtime.block_on(settle(&app.db, firm, app.now()))?;
        let is_behind = async { project::is_behind(&mut app.db.read().await?, firm).await };
        if !runtime.block_on(is_behind)? {
            break;
        }
    }
    Ok(told)
}

async fn one_list(
    app: &Handles,
    firm: FirmId,
    by: StaffId,
    list: List,
    path: &Path,
    called: &str,
) -> Result<String> {
    let settings = firm::store::load(&mut app.db.read().await?, firm).await?;
    let zone = TimeZone::get(&settings.zone).unwrap_or(TimeZone::UTC);
    let rules = Rules { zone: &zone, skip_bad: false, columns: None, by, called };
    let read = enlist(&app.db, firm, list, &[path.to_owned()], rules, app.now()).await;
    match read {
        Ok(read) if 0 < read.cards.proposed => {
            let cards = counted(read.cards.proposed as usize, "contact is proposed", "contacts are proposed");
            Ok(format!("{cards}: say under Clients whether they are."))
        }
        Ok(read) => {
            let rows = counted(read.rows as usize, "row", "rows");
            let unsure = named(&read.unsure, name_nobody_known);
            Ok(format!("{rows} are in the record.{unsure}{}", named(&read.passed, passed_removed)))
        }
        // What is wrong in a list is for whoever wrote it, not for the log.
        Err(Error::Unexpected(cause)) => Err(Error::invalid("the list", format!("was not taken: {cause:#}"))),
        Err(error) => Err(error),
    }
}

/// Some rows of a list after what is to be said of so many; nothing where there are none.
fn named(rows: &[(PathBuf, String)], of_so_many: impl FnOnce(usize) -> String) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut told: Vec<&str> = rows.iter().take(NAMED).map(|(_, words)| words.as_str()).collect();
    let more = format!("and {} more", grouped((rows.len() - told.len()) as u64));
    if told.len() < rows.len() {
        told.push(&more);
    }
    format!(" {}: {}.", of_so_many(rows.len()), told.join("; "))
}

fn mail(
    runtime: &Handle,
    app: &Handles,
    firm: FirmId,
    by: StaffId,
    path: &Path,
    work: &Work,
) -> Result<String> {
    let now = app.now();
    let found = sources(&[path.to_owned()]);
    if found.sources.is_empty() {
        let why: Vec<String> = found.faults.iter().map(|fault| fault.what.clone()).collect();
        forget(app, path);
        return Err(Error::invalid("no mail", format!("was found there: {}", why.join("; "))));
    }
    let lost = found.faults.iter().filter(|fault| fault.kind != FaultKind::Skipped).count();
    let settings = runtime.block_on(async { firm::store::load(&mut app.db.read().await?, firm).await })?;
    let (changed, unchanged) = runtime.block_on(import::changed(&app.db, firm, &found.sources))?;
    let progress = |bytes: u64, messages: u64| {
        work.done.store(bytes, Ordering::Relaxed);
        work.messages.store(messages, Ordering::Relaxed);
    };
    let watch = Watch { stop: &work.stop, progress: &progress, batch: BATCH };
    let tally = match changed.is_empty() {
        true => Tally::default(),
        false => import::mail(runtime, &app.db, firm, &changed, &settings.calendar()?, now, &watch)?,
    };
    runtime.block_on(async {
        let mut tx = app.db.write(Durability::Act).await?;
        if by != crate::staff::SOMEBODY {
            stored::adopt_mailboxes(&mut tx, firm, by, now).await?;
        }
        audit::note(&mut tx, firm, by, "imported", &work.what, now).await?;
        tx.commit().await
    })?;
    if tally.stopped {
        return Err(Error::invalid("reading", "was stopped; it goes on there when it is begun again"));
    }
    forget(app, path);
    Ok(told(&tally, unchanged, lost as u64))
}

fn told(tally: &Tally, unchanged: u64, lost: u64) -> String {
    let mut words =
        format!("{} new in the record.", counted(tally.added as usize, "message is", "messages are"));
    let also = [
        (tally.copies, "was there already", "were there already"),
        (unchanged, "file had not changed since it was read", "files had not changed since they were read"),
        (
            tally.unreadable + lost,
            "could not be read: Settings, Data lists it",
            "could not be read: Settings, Data lists them",
        ),
        (tally.drafts, "is a draft and not kept", "are drafts and not kept"),
        (tally.private, "is private and not kept", "are private and not kept"),
    ];
    for (n, one, many) in also.into_iter().filter(|(n, ..)| 0 < *n) {
        words.push_str(&format!(" {}.", counted(n as usize, one, many)));
    }
    words
}

/// A file that a page handed in has served; one that lay on the machine stays.
fn forget(app: &Handles, path: &Path) {
    if app.works.is_handed_in(path) {
        // What cannot be removed is in nobody's way.
        drop(std::fs::remove_file(path));
    }
}
