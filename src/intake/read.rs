//! The parallel stage: raw messages in, what they say and do out, in the order in which they were found.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use care::entry::Message;
use care::hours::WorkCalendar;
use care::ids::{AddressId, ClientId, EntryId, NaturalKey};
use jiff::tz::TimeZone;
use rayon::prelude::*;
use reading::acts::{Language, Reader, Reading};
use reading::letter::{self, Letter, Mailbox, Sent};
use reading::thread::Facts;
use wire::mail::{Fault, FaultKind, Flags, Folder, Item, Position, Role, Source};

use super::mentions::Mentions;
use super::traffic::People;
use crate::record::raw::{self, Packed};

/// How many bytes of raw mail all cores together take in one turn.
const TURN_BYTES: usize = 8 << 20;
/// And at most so many messages.
const TURN_MESSAGES: usize = 1024;

/// One message, read.
pub struct ReadMessage {
    /// The letter. Of its texts only the new text is kept.
    pub letter: Letter,
    /// What it does.
    pub reading: Reading,
    /// Places in the client list of those that its words name.
    pub mentions: Vec<u32>,
    /// What makes it the same one wherever it is found.
    pub key: NaturalKey,
    /// The hash of its content: equal for copies that were given other Message-IDs.
    pub content: NaturalKey,
    /// What arrived, packed, where it is wanted.
    pub raw: Option<Packed>,
    /// The folder it lies in.
    pub folder: Arc<Folder>,
    /// What its owner's mail program noted.
    pub flags: Flags,
    /// Where it was found.
    pub position: Position,
}

/// What the parallel stage hands over.
pub enum Outcome {
    /// A message.
    Message(Box<ReadMessage>),
    /// Something that could not be read, with what arrived, where that is wanted and there is any.
    Fault(Fault, Option<Packed>),
}

/// What all cores read in one go.
pub struct Turn {
    /// In the order of the source.
    pub outcomes: Vec<Outcome>,
    /// How far the source has been read, in bytes as it lies on disk.
    pub bytes_read: u64,
}

/// What is needed for reading.
pub struct Desk<'a> {
    reader: &'a Reader,
    mentions: &'a Mentions,
    keep_raw: bool,
    calendar: &'a WorkCalendar,
}

impl ReadMessage {
    /// A draft that never left.
    pub fn is_draft(&self) -> bool {
        self.folder.role == Role::Drafts || self.flags.draft
    }

    /// A machine sent it, or had to send it back: it opens and ends nothing.
    pub fn is_automatic(&self) -> bool {
        let letter = &self.letter;
        letter.automatic.is_some_and(|automatic| !automatic.is_personal()) || letter.bounce.is_some()
    }

    /// A person wrote it to a mailing list.
    pub fn is_through_list(&self) -> bool {
        self.letter.automatic.is_some_and(|automatic| automatic.is_personal())
    }

    /// How likely it needs a reply. What is not English is taken by its form alone, and to that belongs that it is
    /// addressed to somebody.
    fn needs_reply(&self) -> f32 {
        let unread = self.reading.language == Language::Other;
        if unread && self.letter.to.is_empty() { 0.0 } else { self.reading.needs_reply }
    }

    /// What threading needs, with the program's numbers for its people.
    pub fn tie(&self, mut number: impl FnMut(&str) -> AddressId) -> Facts {
        let mut tie = Facts::of(&self.letter, |person| number(&address_text(person)));
        tie.key = self.key;
        tie.parents.retain(|parent| *parent != self.key.0);
        tie
    }

    /// What the fold needs; none where it has no date that can be right, or nobody wrote it. `client` gives the
    /// client at a place of the list.
    pub fn facts(
        &self,
        people: People,
        subject: u64,
        client: impl Fn(u32) -> Option<ClientId>,
    ) -> Option<Message> {
        let (from, sent) = (people.from?, self.letter.sent?);
        let reading = &self.reading;
        Some(Message {
            entry: EntryId(0),
            key: self.key,
            at: sent.at,
            thread: 0,
            subject,
            from,
            to: people.to,
            cc: people.cc,
            mailbox: None,
            answers: None,
            mentions: self.mentions.iter().filter_map(|place| client(*place)).collect(),
            automatic: self.is_automatic(),
            needs_reply: self.needs_reply(),
            by_form: reading.language == Language::Other,
            only_holds: reading.only_holds,
            delivers: reading.delivers.clone(),
            acts: reading.acts.clone().into_boxed_slice(),
        })
    }
}

/// What stands for somebody: the address, else the name in their directory, else the name. Never empty for two.
pub fn address_text(person: &Mailbox) -> Cow<'_, str> {
    match (person.address.as_str(), &person.account, &person.name) {
        ("", Some(account), _) => account.into(),
        ("", None, Some(name)) => name.to_lowercase().into(),
        (address, _, _) => address.into(),
    }
}

impl<'a> Desk<'a> {
    /// A desk for a firm with these hours. `keep_raw` hands on what arrived, packed.
    pub fn new(
        reader: &'a Reader,
        calendar: &'a WorkCalendar,
        mentions: &'a Mentions,
        keep_raw: bool,
    ) -> Desk<'a> {
        Desk { reader, mentions, keep_raw, calendar }
    }

    /// Reads a source from its beginning, or from `from` on, and hands the outcomes over in their order, a turn at a
    /// time. `take` says whether to go on.
    pub fn read(&self, source: &Source, from: Option<&Position>, take: &mut dyn FnMut(Turn) -> bool) {
        let mut items = match from {
            None => source.open(),
            Some(position) => source.open_at(position),
        };
        loop {
            let turn = next_turn(&mut items);
            if turn.is_empty() {
                return;
            }
            let outcomes: Vec<Outcome> = turn
                .into_par_iter()
                .map(|item| match item {
                    Ok(item) => self.read_item(&source.path, item),
                    Err(fault) => Outcome::Fault(fault, None),
                })
                .collect();
            if !take(Turn { outcomes, bytes_read: items.bytes_read() }) {
                return;
            }
        }
    }

    /// Reads one message; `path` is where it was found, for words about it.
    pub fn read_item(&self, path: &Path, item: Item) -> Outcome {
        let Item { raw: bytes, position, folder, flags } = item;
        let unreadable = |position: Position, what: String, raw: Option<Packed>| {
            let fault = Fault { path: path.to_owned(), position, kind: FaultKind::Unreadable, what };
            Outcome::Fault(fault, raw)
        };
        let raw = match self.keep_raw.then(|| raw::pack(&bytes)).transpose() {
            Ok(raw) => raw,
            Err(error) => return unreadable(position, error.to_string(), None),
        };
        let mut letter = match letter::parse(&bytes) {
            Ok(letter) => letter,
            Err(error) => return unreadable(position, error.to_string(), raw),
        };
        drop(bytes);
        let content = letter.content_key();
        let key = if letter.message_id.is_some() { letter.key() } else { content };
        let calendar = self.calendar_of(letter.sent);
        let mut reading = self.reader.read(&letter.new_text, letter.sent.map(|sent| sent.at), &calendar);
        reading.delivers.carries |= letter.attachments.iter().any(|attachment| !attachment.inline);
        let mut mentions = self.mentions.find(&letter.subject);
        mentions.extend(self.mentions.find(&letter.new_text));
        mentions.sort_unstable();
        mentions.dedup();
        letter.text = String::new();
        letter.quoted.iter_mut().for_each(|quoted| quoted.text = String::new());
        let read = ReadMessage { letter, reading, mentions, key, content, raw, folder, flags, position };
        Outcome::Message(Box::new(read))
    }

    /// Words of time are meant in the writer's zone, where the message tells it and it is not the firm's own.
    fn calendar_of(&self, sent: Option<Sent>) -> Cow<'_, WorkCalendar> {
        let Some((at, theirs)) = sent.and_then(|sent| Some((sent.at, sent.clock()?))) else {
            return Cow::Borrowed(self.calendar);
        };
        match theirs == self.calendar.zone().to_offset(at) {
            true => Cow::Borrowed(self.calendar),
            false => Cow::Owned(self.calendar.in_zone(TimeZone::fixed(theirs))),
        }
    }
}

fn next_turn(items: &mut wire::mail::Reader) -> Vec<Result<Item, Fault>> {
    let mut turn = Vec::new();
    let mut bytes = 0;
    while bytes < TURN_BYTES && turn.len() < TURN_MESSAGES {
        let Some(item) = items.next() else { break };
        bytes += item.as_ref().map_or(0, |item| item.raw.len());
        turn.push(item);
    }
    turn
}
