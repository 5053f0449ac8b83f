//! Mail as it arrives, a few messages at a time, into the record.
//!
//! What one batch brings is written in one transaction: the messages, how far their folder was read, who is who and
//! what is owed. Where a few messages change who is who, all is settled anew by whoever brought them
//! ([`Taken::settled`] says so).

use std::path::Path;
use std::sync::Arc;

use care::hours::WorkCalendar;
use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;
use reading::acts::Reader;
use wire::mail::{Fault, FaultKind, Flags, Folder, Item, Position};

use super::import::batch::Writer;
use super::import::names_of_clients;
use super::mentions::Mentions;
use super::read::{Desk, Outcome};
use super::settle::few::settle_few;
use super::taught;
use crate::db::{Db, Durability};
use crate::error::Result;
use crate::firm::{self, Firm};
use crate::ids::{FirmId, SourceId};
use crate::record::accounts::Reached;
use crate::record::{project, threads};

/// What is kept in memory of clients' names and of who is private is looked up again after this time.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

/// A message that arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// Its bytes.
    pub raw: Vec<u8>,
    /// Its number in the folder; zero where it lies in none yet.
    pub number: u32,
    /// What its owner's mail program noted.
    pub flags: Flags,
    /// The folder it lies in.
    pub folder: Arc<Folder>,
    /// What stands for that folder among the files that were read.
    pub source: SourceId,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Messages that are new in the record.
    pub added: u64,
    /// Copies of messages that are there.
    pub copies: u64,
    /// What could not be read.
    pub unreadable: u64,
    /// What is not kept: drafts, and mail of private correspondents.
    pub left_out: u64,
    /// What is owed knows of them.
    pub settled: bool,
}

/// The way into the record for mail as it arrives. It keeps threads and addresses in memory between batches.
pub struct Live {
    db: Db,
    firm: FirmId,
    calendar: WorkCalendar,
    memory: Option<Memory>,
}

struct Memory {
    writer: Writer,
    /// The firm's reader, with what its people taught it by then.
    reader: Reader,
    mentions: Mentions,
    /// The newest entry that its threads hold.
    last: i64,
    opened_at: Timestamp,
}

impl Live {
    /// The way into the record of a firm.
    pub fn new(db: &Db, firm: &Firm) -> Result<Live> {
        let calendar = firm.calendar()?;
        Ok(Live { db: db.clone(), firm: firm.id, calendar, memory: None })
    }

    /// Takes a batch into the record, with the place up to which its folder or mailbox was read, and with what could not be
    /// had.
    /// With `settle`, what is owed is made right at once where that can be done by looking at a part of the record.
    pub async fn take(
        &mut self,
        arrived: Vec<Arrived>,
        lost: Vec<(SourceId, Fault)>,
        reached: Option<Reached<'_>>,
        settle: bool,
        now: Timestamp,
    ) -> Result<Taken> {
        let mut memory = self.memory(now).await?;
        let before = memory.writer.tally;
        let desk = Desk::new(&memory.reader, &self.calendar, &memory.mentions, true);
        let mut read = read_all(&desk, arrived);
        read.extend(lost.into_iter().map(|(source, fault)| (source, Outcome::Fault(fault, None))));
        // Dropped on the way out of an error, the memory is made anew by the next batch.
        let settled = self.write(&mut memory, read, reached, settle, now).await?;
        let after = memory.writer.tally;
        self.memory = Some(memory);
        Ok(Taken {
            added: after.added - before.added,
            copies: after.copies - before.copies,
            unreadable: after.unreadable - before.unreadable,
            left_out: after.drafts + after.private - before.drafts - before.private,
            settled,
        })
    }

    async fn write(
        &self,
        memory: &mut Memory,
        read: Vec<(SourceId, Outcome)>,
        reached: Option<Reached<'_>>,
        settle: bool,
        now: Timestamp,
    ) -> Result<bool> {
        let writer = &mut memory.writer;
        let mut tx = self.db.write(Durability::Act).await?;
        // From here on nobody else adds to this firm until the transaction ends.
        writer.book.refresh(&mut tx, self.firm).await?;
        writer.look_who_is_out(&mut tx).await?;
        read.into_iter().for_each(|(source, outcome)| writer.take_one(source, outcome));
        let last = threads::catch_up(&mut tx, self.firm, &mut writer.threads, memory.last).await?;
        let written = writer.write_in(&mut tx).await?;
        if let Some(reached) = reached {
            reached.save(&mut tx, self.firm, now).await?;
        }
        // Where the program was killed after a message was stored, a copy of it finds that not all is settled.
        let is_behind = project::is_behind(&mut tx, self.firm).await?;
        let mut settled = written.new.is_empty() && !is_behind;
        if !settled && settle && !is_behind {
            settled =
                settle_few(&mut tx, self.firm, &written, &writer.book, &mut writer.threads, now).await?;
        }
        if !settled {
            project::mark_behind(&mut tx, self.firm, true).await?;
        }
        memory.last = written.new.iter().map(|message| message.entry.0).fold(last, i64::max);
        tx.commit().await?;
        writer.count(&written);
        Ok(settled)
    }

    /// What is kept in memory, fresh enough.
    async fn memory(&mut self, now: Timestamp) -> Result<Memory> {
        if let Some(mut memory) = self.memory.take() {
            if now.duration_since(memory.opened_at) < FRESH {
                return Ok(memory);
            }
            // The firm may have moved, or changed its hours.
            self.calendar = firm::store::load(&mut self.db.read().await?, self.firm).await?.calendar()?;
            let (mentions, mentioned) = names_of_clients(&self.db, self.firm).await?;
            memory.writer.look_again(mentioned).await?;
            let reader = taught::reader(&mut self.db.read().await?, self.firm).await?;
            return Ok(Memory { reader, mentions, opened_at: now, ..memory });
        }
        let (mentions, mentioned) = names_of_clients(&self.db, self.firm).await?;
        // Asked for first: what others add meanwhile is caught up with.
        let last = threads::newest(&mut self.db.read().await?, self.firm).await?;
        let mut writer = Writer::open(&self.db, self.firm, mentioned, now).await?;
        // What was joined while they were loaded is stored so.
        writer.threads.take_merged();
        let reader = taught::reader(&mut self.db.read().await?, self.firm).await?;
        Ok(Memory { writer, reader, mentions, last, opened_at: now })
    }

    /// To be called after all was settled anew: everything is stored as it is known here.
    pub fn settled(&mut self) {
        if let Some(memory) = &mut self.memory {
            memory.writer.threads.take_merged();
        }
    }
}

/// Reads messages on all cores where there are many.
fn read_all(desk: &Desk<'_>, arrived: Vec<Arrived>) -> Vec<(SourceId, Outcome)> {
    let read = |arrived: Arrived| {
        let Arrived { raw, number, flags, folder, source } = arrived;
        let number = u64::from(number);
        let position = Position { member: None, offset: number, index: number };
        let path = Path::new(&folder.name).to_owned();
        (source, desk.read_item(&path, Item { raw, position, folder, flags }))
    };
    match arrived.len() {
        0..=3 => arrived.into_iter().map(read).collect(),
        _ => arrived.into_par_iter().map(read).collect(),
    }
}

/// What stands with a message that a server lists and does not give.
pub const WITHHELD: &str = "the server lists this message and does not give it";

/// What is noted of such a message.
pub fn withheld(folder: &str, uid: u32) -> Fault {
    let number = u64::from(uid);
    Fault {
        path: Path::new(folder).to_owned(),
        position: Position { member: None, offset: number, index: number },
        kind: FaultKind::Unreadable,
        what: WITHHELD.to_owned(),
    }
}
