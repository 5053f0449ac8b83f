//! Writes what was read, a batch to a transaction.

use std::sync::Arc;

use care::acts::Direction;
use care::entry::Message;
use jiff::Timestamp;
use reading::letter::{Automatic, Letter};
use reading::thread::Threads;
use rustc_hash::FxHashMap;
use wire::mail::{Fault, FaultKind, Folder, Position, Role};

use super::guess::Guess;
use super::private::Private;
use super::{Tally, Task, place};
use crate::db::{Db, Durability, Tx};
use crate::error::Result;
use crate::ids::{ClientId, EntryId, FirmId, FolderId, SourceId};
use crate::intake::read::{Outcome, ReadMessage};
use crate::intake::traffic::{People, writer};
use crate::record::addresses::{AddressBook, AddressKind};
use crate::record::excluded::Excluded;
use crate::record::raw::Packed;
use crate::record::{Found, NewMessage, THROUGH_LIST, project, sources, store, threads};
use crate::{firm, staff};

/// The version of the reader whose acts are stored.
const READER_VERSION: u32 = 5;

/// What the writer keeps in memory between batches.
pub(in crate::intake) struct Writer {
    db: Db,
    firm: FirmId,
    now: Timestamp,
    pub(in crate::intake) book: AddressBook,
    pub(in crate::intake) threads: Threads,
    /// The clients at the places that mentions speak of.
    mentioned: Vec<ClientId>,
    guess: Guess,
    private: Private,
    /// Folders met; those that are nobody's by the file they are in.
    folders: FxHashMap<(Arc<Folder>, Option<SourceId>), FolderId>,
    messages: Vec<Waiting>,
    faults: Vec<(SourceId, u64, String, Option<Packed>)>,
    /// How far each source was read that has more to say than before.
    reached: FxHashMap<SourceId, sources::Source>,
    pub(in crate::intake) tally: Tally,
}

/// What one transaction wrote.
#[derive(Default)]
pub(in crate::intake) struct Written {
    /// The messages that are new in the record, with their entries.
    pub(in crate::intake) new: Vec<Message>,
    /// Which way each of them went, as far as that could be told before it is known who is who.
    pub(in crate::intake) directions: Vec<Direction>,
    /// Those among them that a person wrote to a mailing list.
    pub(in crate::intake) through_lists: Vec<EntryId>,
    /// Those among them that lie in a folder of sent mail.
    pub(in crate::intake) sent: Vec<EntryId>,
    /// How many messages were met, copies included.
    met: usize,
    /// How many addresses were known before.
    pub(in crate::intake) known_addresses: u32,
}

/// A message that waits for the next transaction.
struct Waiting {
    message: Box<ReadMessage>,
    source: SourceId,
    direction: Direction,
}

impl Writer {
    pub(in crate::intake) async fn open(
        db: &Db,
        firm: FirmId,
        mentioned: Vec<ClientId>,
        now: Timestamp,
    ) -> Result<Writer> {
        let mut tx = db.write(Durability::Import).await?;
        let mut book = AddressBook::default();
        book.refresh(&mut tx, firm).await?;
        let threads = threads::load(&mut tx, firm).await?;
        let domains = firm::store::load(&mut tx, firm).await?.domains;
        let people = staff::store::all(&mut tx, firm).await?;
        let own = people.iter().flat_map(|person| &person.addresses);
        let own = own.map(|address| book.text(*address).to_owned()).collect();
        let private = Private::load(&mut tx, firm).await?;
        tx.commit().await?;
        Ok(Writer {
            db: db.clone(),
            firm,
            now,
            book,
            threads,
            mentioned,
            guess: Guess::of(domains, own),
            private,
            folders: FxHashMap::default(),
            messages: Vec::new(),
            faults: Vec::new(),
            reached: FxHashMap::default(),
            tally: Tally::default(),
        })
    }

    /// Looks again who the clients are whose names are looked for, and whose mail is not kept.
    pub(in crate::intake) async fn look_again(&mut self, mentioned: Vec<ClientId>) -> Result<()> {
        self.private = Private::load(&mut self.db.read().await?, self.firm).await?;
        self.mentioned = mentioned;
        Ok(())
    }

    /// Looks again whom people keep out of their mailboxes: that holds from the moment at which they say it.
    pub(in crate::intake) async fn look_who_is_out(&mut self, tx: &mut Tx) -> Result<()> {
        self.private.excluded = Excluded::load(tx, self.firm).await?;
        Ok(())
    }

    pub(super) fn waiting(&self) -> usize {
        self.messages.len()
    }

    /// Takes over what was read of a source.
    pub(super) fn take(&mut self, task: &Task<'_>, outcomes: Vec<Outcome>) {
        let mut last = None;
        for outcome in outcomes {
            let position = match &outcome {
                Outcome::Message(message) => &message.position,
                Outcome::Fault(fault, _) => &fault.position,
            };
            // Reading goes on at the item that was the last one before; that one is in the record, but perhaps not that
            // it was cut short, which is told after it.
            let is_told_after =
                matches!(&outcome, Outcome::Fault(fault, _) if fault.kind == FaultKind::CutShort);
            if !is_told_after
                && task
                    .from
                    .as_ref()
                    .is_some_and(|from| from.index == position.index && from.member == position.member)
            {
                continue;
            }
            last = Some(position.clone());
            self.take_one(task.id, outcome);
        }
        if let Some(last) = last {
            self.reached.insert(task.id, place(task.source, task.id, &last, false));
        }
    }

    /// Takes over one thing that was read.
    pub(in crate::intake) fn take_one(&mut self, source: SourceId, outcome: Outcome) {
        match outcome {
            Outcome::Message(message) => self.take_message(source, message),
            Outcome::Fault(fault, raw) => self.take_fault(source, fault, raw),
        }
    }

    fn take_message(&mut self, source: SourceId, message: Box<ReadMessage>) {
        if message.is_draft() {
            self.tally.drafts += 1;
            return;
        }
        // What the program told somebody of the firm is nothing that happened with a client, and may name whom others may
        // not see.
        if message.is_automatic() && message.letter.message_id.as_deref().is_some_and(wire::smtp::is_notice) {
            self.tally.private += 1;
            return;
        }
        let direction = self.guess.direction(&message);
        if self.private.is_all_of(&message.letter, message.folder.mailbox.as_deref(), direction) {
            self.tally.private += 1;
            return;
        }
        self.messages.push(Waiting { message, source, direction });
    }

    fn take_fault(&mut self, source: SourceId, fault: Fault, raw: Option<Packed>) {
        if fault.loses_mail() {
            self.tally.unreadable += 1;
            let place = place_in(&fault.position);
            let words = match &fault.position.member {
                Some(member) => format!("{member}: {}", fault.what),
                None => fault.what,
            };
            self.faults.push((source, place, words, raw));
        }
    }

    /// Notes that a source was read to its end.
    pub(super) fn end(&mut self, task: &Task<'_>) {
        self.tally.sources += 1;
        let read = || place(task.source, task.id, task.from.as_ref().unwrap_or(&Position::default()), true);
        self.reached.entry(task.id).or_insert_with(read).done = true;
    }

    /// Writes all that waits, in one transaction.
    pub(super) async fn write(&mut self) -> Result<()> {
        if self.messages.is_empty() && self.faults.is_empty() && self.reached.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.write(Durability::Import).await?;
        self.book.refresh(&mut tx, self.firm).await?;
        let written = self.write_in(&mut tx).await?;
        for source in std::mem::take(&mut self.reached).into_values() {
            sources::reach(&mut tx, self.firm, &source, self.now).await?;
        }
        if 0 < written.met {
            project::mark_behind(&mut tx, self.firm, true).await?;
        }
        tx.commit().await?;
        self.count(&written);
        Ok(())
    }

    /// Counts what was written, once it stands.
    pub(in crate::intake) fn count(&mut self, written: &Written) {
        self.tally.added += written.new.len() as u64;
        self.tally.copies += (written.met - written.new.len()) as u64;
    }

    /// Writes the messages and faults that wait, in a transaction that refreshed the book of addresses.
    pub(in crate::intake) async fn write_in(&mut self, tx: &mut Tx) -> Result<Written> {
        let known_addresses = self.book.len() as u32;
        let mut batch = Vec::with_capacity(self.messages.len());
        let mut sent = Vec::with_capacity(self.messages.len());
        for waiting in std::mem::take(&mut self.messages) {
            let folder = self.folder(tx, &waiting.message, waiting.source).await?;
            let is_sent = waiting.message.folder.role == Role::Sent;
            self.convert(waiting, folder, &mut batch);
            sent.resize(batch.len(), is_sent);
        }
        self.book.save(tx, self.firm).await?;
        let added = store::add_messages(tx, self.firm, &batch).await?;
        for (source, position, words, raw) in std::mem::take(&mut self.faults) {
            sources::note_unreadable(tx, self.firm, source, position, &words, raw.as_ref()).await?;
        }
        let met = added.len();
        let mut written = Written { met, known_addresses, ..Written::default() };
        for ((added, message), is_sent) in added.iter().zip(batch).zip(sent).filter(|((a, _), _)| a.new) {
            if message.automatic.as_deref() == Some(THROUGH_LIST) {
                written.through_lists.push(added.entry);
            }
            if is_sent {
                written.sent.push(added.entry);
            }
            written.directions.push(message.direction);
            written.new.push(Message { entry: added.entry, ..message.facts });
        }
        Ok(written)
    }

    async fn folder(&mut self, tx: &mut Tx, message: &ReadMessage, source: SourceId) -> Result<FolderId> {
        let folder = &*message.folder;
        let place = (Arc::clone(&message.folder), folder.mailbox.is_none().then_some(source));
        if let Some(folder) = self.folders.get(&place) {
            return Ok(*folder);
        }
        // Mail that lies in nobody's folder is a mailbox of its own for each file.
        let own = format!("file {}", source.0);
        let name = folder.mailbox.as_deref().unwrap_or(&own);
        let mailbox = sources::mailbox(tx, self.firm, name, None, None, self.now).await?;
        let id = sources::folder(tx, self.firm, mailbox, &folder.name, role_word(folder.role)).await?;
        self.folders.insert(place, id);
        Ok(id)
    }

    /// Makes a message ready for the record; one that opens nothing, since it has no date or nobody wrote it, is kept
    /// with what could not be read.
    fn convert(&mut self, waiting: Waiting, folder: FolderId, batch: &mut Vec<NewMessage>) {
        let Waiting { mut message, source, direction } = waiting;
        let position = place_in(&message.position);
        let Some(raw) = message.raw.take() else { return };
        let people = People::of(&message.letter, |person| {
            self.book.number(AddressKind::Email, &person.address, person.name.as_deref().unwrap_or_default())
        });
        let tie = message.tie(|text| self.book.number(AddressKind::Email, text, ""));
        let client = |place: u32| self.mentioned.get(place as usize).copied();
        let Some(mut facts) = message.facts(people, tie.subject, client) else {
            let why = match message.letter.sent {
                None => "it has no date that can be right",
                Some(_) => "nobody is named who wrote it",
            };
            self.tally.unreadable += 1;
            self.faults.push((source, position, why.to_owned(), Some(raw)));
            return;
        };
        self.threads.add(&tie);
        facts.thread = self.threads.thread(facts.key).unwrap_or(facts.key.0);
        facts.answers = self.threads.answers(facts.key);
        let letter = message.letter;
        batch.push(NewMessage {
            facts,
            tie,
            content: message.content,
            message_id: letter.message_id.as_ref().map(|id| format!("<{id}>")).unwrap_or_default(),
            people: people_lines(&letter),
            automatic: letter.automatic.map(|automatic| automatic_name(automatic).to_owned()),
            attachments: letter.attachments.len() as u32,
            subject: letter.subject,
            body: letter.new_text,
            direction,
            raw,
            reader_version: READER_VERSION,
            found: Found { folder, source: Some(source), position: Some(position) },
        });
    }
}

/// The one number that says where in its source an item lies: the byte in a file, else its place among the files.
fn place_in(position: &Position) -> u64 {
    if position.member.is_some() { position.index } else { position.offset }
}

fn people_lines(letter: &Letter) -> String {
    let mut lines = String::new();
    for person in writer(letter).into_iter().chain(letter.recipients()) {
        if !lines.is_empty() {
            lines.push('\n');
        }
        match &person.name {
            Some(name) if person.address.is_empty() => lines.push_str(name),
            Some(name) => lines.extend([name.as_str(), " <", person.address.as_str(), ">"]),
            None => lines.push_str(&person.address),
        }
    }
    lines
}

/// The word for what a folder is for, in tables.
pub(in crate::intake) fn role_word(role: Role) -> &'static str {
    match role {
        Role::Sent => "sent",
        Role::Inbox => "inbox",
        Role::Drafts => "drafts",
        Role::Trash => "trash",
        Role::Spam => "spam",
        Role::Archive => "archive",
        Role::Other => "other",
    }
}

fn automatic_name(automatic: Automatic) -> &'static str {
    match automatic {
        Automatic::AutoReply => "auto_reply",
        Automatic::List { personal: true } => THROUGH_LIST,
        Automatic::List { personal: false } => "list",
        Automatic::Bounce => "bounce",
        Automatic::NoReply => "no_reply",
        Automatic::Calendar => "calendar",
        Automatic::Newsletter => "newsletter",
        Automatic::Receipt => "receipt",
        Automatic::System => "system",
    }
}
