//! Mail into the record.
//!
//! One thread drives the readers on all cores; this one writes what they hand over, a batch to a transaction, together
//! with how far the file has been read. Killed at any moment, an import loses at most its last batch and goes on there
//! the next time. When all is read, [`settle`](super::settle) finds out who is who and makes what is owed.

pub(super) mod batch;
mod guess;
mod private;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use care::hours::WorkCalendar;
use jiff::Timestamp;
use rustc_hash::FxHashMap;
use tokio::runtime::Handle;
use wire::mail::{Kind, Position, Source};

use super::mentions::Mentions;
use super::read::{Desk, Outcome};
use super::taught;
use crate::clients;
use crate::db::{Db, Durability, Tx};
use crate::error::Result;
use crate::ids::{ClientId, FirmId, SourceId};
use crate::record::sources;

use batch::Writer;

/// Turns of the readers that may wait to be written.
const WAITING: usize = 2;

/// What became of an import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Messages that are new in the record.
    pub added: u64,
    /// Copies of messages that are there.
    pub copies: u64,
    /// What could not be read.
    pub unreadable: u64,
    /// Drafts, which never left and are not kept.
    pub drafts: u64,
    /// Messages of private correspondents, which are not kept.
    pub private: u64,
    /// Sources that were read.
    pub sources: u64,
    /// Sources that have not changed since they were read.
    pub unchanged: u64,
    /// It was stopped before the end, and goes on there the next time.
    pub stopped: bool,
}

/// Who is asked while an import runs.
pub struct Watch<'a> {
    /// Set when the import should stop after the current batch.
    pub stop: &'a AtomicBool,
    /// Told how many bytes were read and how many messages were met.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
    /// How many messages are written at once.
    pub batch: usize,
}

/// A source, and from where on it is to be read.
struct Task<'a> {
    source: &'a Source,
    id: SourceId,
    from: Option<Position>,
}

/// A source that has to be read, and what is known of it from an earlier time.
pub type Changed<'a> = (&'a Source, Option<sources::Source>);

/// The files that have to be read, and how many have not changed since they were.
pub async fn changed<'a>(db: &Db, firm: FirmId, found: &'a [Source]) -> Result<(Vec<Changed<'a>>, u64)> {
    let mut tx = db.read().await?;
    let known = sources::sources(&mut tx, firm).await?;
    let mut known: FxHashMap<String, sources::Source> =
        known.into_iter().map(|source| (source.path.clone(), source)).collect();
    let mut changed = Vec::new();
    let mut unchanged = 0;
    for source in found {
        let old = known.remove(&path_of(source));
        let same = old.as_ref().is_some_and(|old| same_stamp(old, source));
        match same && old.as_ref().is_some_and(|old| old.done) {
            true => unchanged += 1,
            false => changed.push((source, old)),
        }
    }
    Ok((changed, unchanged))
}

fn same_stamp(old: &sources::Source, source: &Source) -> bool {
    (old.stamp, old.size) == (source.stamp.modified, source.stamp.bytes)
}

/// A source as the record names it; single files of one folder are one source.
fn path_of(source: &Source) -> String {
    let path = match &source.kind {
        Kind::Messages(names) if let [only] = names.as_slice() => source.path.join(only),
        Kind::Messages(_) => source.path.join("*"),
        _ => source.path.clone(),
    };
    crate::record::storable(&path.display().to_string()).into_owned()
}

/// Reads these sources into the record.
pub fn mail(
    runtime: &Handle,
    db: &Db,
    firm: FirmId,
    changed: &[Changed<'_>],
    calendar: &WorkCalendar,
    now: Timestamp,
    watch: &Watch<'_>,
) -> Result<Tally> {
    let (mentions, mentioned) = runtime.block_on(names_of_clients(db, firm))?;
    let reader = runtime.block_on(async { taught::reader(&mut db.read().await?, firm).await })?;
    let desk = Desk::new(&reader, calendar, &mentions, true);
    let tasks = runtime.block_on(begin_all(db, firm, changed, now))?;
    let mut writer = runtime.block_on(Writer::open(db, firm, mentioned, now))?;
    let (give, take) = sync_channel(WAITING);
    std::thread::scope(|scope| {
        scope.spawn(|| read_all(&desk, &tasks, give, watch));
        // The readers wait for room while this writes, and this for them: whichever is slower sets the pace.
        runtime.block_on(write_all(&mut writer, &tasks, take, watch))
    })?;
    Ok(writer.tally)
}

/// The names to look for in messages, and the client behind each.
pub(super) async fn names_of_clients(db: &Db, firm: FirmId) -> Result<(Mentions, Vec<ClientId>)> {
    let mut tx = db.read().await?;
    let listed = clients::store::all(&mut tx, firm).await?;
    let listed: Vec<_> = listed.into_iter().filter(|client| !client.is_proposed()).collect();
    let mentions = Mentions::of(listed.iter().map(|client| client.name.as_str()));
    Ok((mentions, listed.iter().map(|client| client.id).collect()))
}

async fn begin_all<'a>(
    db: &Db,
    firm: FirmId,
    changed: &[Changed<'a>],
    now: Timestamp,
) -> Result<Vec<Task<'a>>> {
    let mut tx = db.write(Durability::Import).await?;
    let mut tasks = Vec::with_capacity(changed.len());
    for (source, old) in changed {
        tasks.push(begin(&mut tx, firm, source, old.as_ref(), now).await?);
    }
    tx.commit().await?;
    Ok(tasks)
}

/// Notes that a source is being read: from where it was left, or, where it has changed since, from its beginning.
async fn begin<'a>(
    tx: &mut Tx,
    firm: FirmId,
    source: &'a Source,
    old: Option<&sources::Source>,
    now: Timestamp,
) -> Result<Task<'a>> {
    if let Some(old) = old.filter(|old| same_stamp(old, source)) {
        let member = old.member.as_deref().map(Into::into);
        let position = Position { member, offset: old.reached, index: old.messages };
        return Ok(Task { source, id: old.id, from: (position != Position::default()).then_some(position) });
    }
    let row = place(source, old.map_or(SourceId(0), |old| old.id), &Position::default(), false);
    let id = sources::reach(tx, firm, &row, now).await?;
    sources::forget_unreadable(tx, firm, id).await?;
    Ok(Task { source, id, from: None })
}

/// A source's row, read up to a place.
fn place(source: &Source, id: SourceId, at: &Position, done: bool) -> sources::Source {
    sources::Source {
        id,
        path: path_of(source),
        size: source.stamp.bytes,
        stamp: source.stamp.modified,
        reached: at.offset,
        member: at.member.as_deref().map(str::to_owned),
        done,
        messages: at.index,
    }
}

/// What the readers hand over.
enum Step {
    /// What was read of the source at a place of the list, and how far the bytes of it have been read.
    Turn(usize, Vec<Outcome>, u64),
    /// A source was read to its end.
    End(usize),
}

fn read_all(desk: &Desk<'_>, tasks: &[Task<'_>], give: SyncSender<Step>, watch: &Watch<'_>) {
    for (n, task) in tasks.iter().enumerate() {
        let mut goes_on = true;
        desk.read(task.source, task.from.as_ref(), &mut |turn| {
            goes_on = !watch.stop.load(Ordering::Relaxed)
                && give.send(Step::Turn(n, turn.outcomes, turn.bytes_read)).is_ok();
            goes_on
        });
        if !goes_on || watch.stop.load(Ordering::Relaxed) || give.send(Step::End(n)).is_err() {
            return;
        }
    }
}

async fn write_all(
    writer: &mut Writer,
    tasks: &[Task<'_>],
    take: Receiver<Step>,
    watch: &Watch<'_>,
) -> Result<()> {
    let mut bytes_before = 0;
    let mut finished = 0;
    for step in &take {
        match step {
            Step::Turn(n, outcomes, bytes) => {
                writer.take(&tasks[n], outcomes);
                if watch.batch <= writer.waiting() {
                    writer.write().await?;
                }
                (watch.progress)(bytes_before + bytes, writer.tally.met());
            }
            Step::End(n) => {
                writer.end(&tasks[n]);
                finished += 1;
                bytes_before += tasks[n].source.stamp.bytes;
            }
        }
        if watch.stop.load(Ordering::Relaxed) {
            break;
        }
    }
    drop(take);
    writer.write().await?;
    writer.tally.stopped = finished < tasks.len();
    Ok(())
}

impl Tally {
    /// Everything that was met.
    pub fn met(&self) -> u64 {
        self.added + self.copies + self.unreadable + self.drafts + self.private
    }
}
