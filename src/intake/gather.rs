//! Everything that was read, held in memory: what `scan` folds without a database.
//!
//! One message costs a few hundred bytes: what the fold needs, its Message-ID, and the words of its passages. Its text
//! is not kept.

use std::sync::Arc;

use care::acts::{Act, ActKind};
use care::entry::{Call, Entry, Message};
use care::ids::{AddressId, ClientId, EntryId, NaturalKey};
use jiff::Timestamp;
use reading::letter::Letter;
use reading::thread::Threads;
use rustc_hash::{FxHashMap, FxHashSet};
use wire::mail::{Fault, Role};

use super::addresses::Addresses;
use super::lists::call_key;
use super::read::{Outcome, ReadMessage};
use super::tally::{Counts, Unreadable};
use super::traffic::{People, Traffic, has_domain, writer};
use crate::text::scalars;

/// Of a message that asks nothing, so many characters are kept to show what it is about.
pub(crate) const GIST: usize = 140;

/// Stands after each passage kept; the ASCII unit separator occurs in no mail that people read.
const PASSAGE_END: char = '\u{1f}';

/// What is kept of a message beside its facts.
#[derive(Debug, Clone)]
pub struct Slip {
    /// Message-ID without angle brackets; empty where it has none.
    pub message_id: Box<str>,
    /// Its subject as it stands.
    pub subject: Arc<str>,
    /// What it is about, then the words of its acts in their order, each with its end.
    words: Box<str>,
}

impl Slip {
    /// The words of its `n`-th act.
    pub fn passage(&self, n: usize) -> &str {
        self.words.split(PASSAGE_END).nth(n + 1).unwrap_or_default()
    }

    /// What it is about: what it asks, else how it begins.
    pub fn gist<'a>(&'a self, message: &Message) -> &'a str {
        match asking(&message.acts) {
            Some(n) => self.passage(n),
            None => self.words.split(PASSAGE_END).next().unwrap_or_default(),
        }
    }
}

/// Everything that was read.
#[derive(Default)]
pub struct Gathered {
    /// Messages in the order of reading, then calls. The id of an entry is its place here.
    pub entries: Vec<Entry>,
    /// For each message, what is kept beside its facts.
    pub slips: Vec<Slip>,
    /// Calls as their file spells them: who rang whom.
    pub spoken: FxHashMap<NaturalKey, (Box<str>, Box<str>)>,
    /// Telephone numbers as they were first spelled.
    pub spelled: FxHashMap<AddressId, Box<str>>,
    /// Places of messages that came through a mailing list.
    pub through_lists: Vec<usize>,
    /// Threads of all messages.
    pub threads: Threads,
    /// Every address met.
    pub addresses: Addresses,
    /// What the mail tells about each.
    pub traffic: Traffic,
    /// How much was read.
    pub counts: Counts,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Messages that never left: drafts.
    pub drafts: u64,
    /// Messages without a date that can be right.
    pub undated: u64,
    by_content: FxHashSet<NaturalKey>,
    by_key: FxHashSet<NaturalKey>,
    draft_keys: FxHashSet<NaturalKey>,
    in_sent: FxHashSet<NaturalKey>,
    subjects: FxHashMap<u64, Arc<str>>,
}

impl Gathered {
    /// Takes in one outcome of reading.
    pub fn take(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Message(message) => self.take_message(&message),
            Outcome::Fault(fault, _) => self.take_fault(&fault),
        }
    }

    /// Notes something that could not be read, or not to its end.
    pub fn take_fault(&mut self, fault: &Fault) {
        if fault.loses_mail() {
            self.unreadable.push(Unreadable { path: place(fault), error: fault.what.clone() });
            self.counts.unreadable += 1;
        }
    }

    fn take_message(&mut self, message: &ReadMessage) {
        if message.is_draft() {
            self.take_draft(message);
            return;
        }
        // A copy in another mailbox may have been given another Message-ID on its way.
        if !self.by_key.insert(message.key) | !self.by_content.insert(message.content) {
            self.counts.duplicates += 1;
            self.note_sent(message);
            return;
        }
        self.counts.messages += 1;
        let people = People::of(&message.letter, |person| self.addresses.number(&person.address));
        let tie = message.tie(|text| self.addresses.number(text));
        let client = |place| Some(ClientId(i64::from(place) + 1));
        let Some(mut facts) = message.facts(people, tie.subject, client) else {
            self.undated += u64::from(message.letter.sent.is_none());
            return;
        };
        if message.is_through_list() {
            self.through_lists.push(self.entries.len());
        }
        facts.entry = EntryId(self.entries.len() as i64);
        self.threads.add(&tie);
        self.traffic.note(&facts);
        self.note_sent(message);
        self.note_names(&message.letter);
        let slip = self.slip(message, facts.subject);
        self.slips.push(slip);
        self.entries.push(Entry::Message(facts));
    }

    /// A draft never left. It may have become a message since, so it is no copy of that.
    fn take_draft(&mut self, message: &ReadMessage) {
        if self.draft_keys.insert(message.key) {
            self.counts.messages += 1;
            self.drafts += 1;
        } else {
            self.counts.duplicates += 1;
        }
    }

    /// Whoever wrote what lies in a folder of sent mail is the firm's; each message counts once.
    fn note_sent(&mut self, message: &ReadMessage) {
        if message.folder.role == Role::Sent
            && let Some(from) = writer(&message.letter).filter(|from| has_domain(from))
            && self.in_sent.insert(message.key)
        {
            let from = self.addresses.number(&from.address);
            self.traffic.note_sent(from);
        }
    }

    fn note_names(&mut self, letter: &Letter) {
        for person in writer(letter).into_iter().chain(letter.recipients()).filter(|p| has_domain(p)) {
            if let Some(name) = &person.name {
                let address = self.addresses.number(&person.address);
                self.traffic.note_name(address, name);
            }
        }
    }

    fn slip(&mut self, message: &ReadMessage, subject_key: u64) -> Slip {
        let letter = &message.letter;
        let subject = match self.subjects.get(&subject_key) {
            Some(known) if subject_key != 0 => Arc::clone(known),
            _ => {
                let subject: Arc<str> = letter.base_subject().into();
                self.subjects.insert(subject_key, Arc::clone(&subject));
                subject
            }
        };
        let words = words(&letter.new_text, &message.reading.acts);
        Slip {
            message_id: letter.message_id.as_deref().unwrap_or_default().into(),
            subject,
            words: words.into(),
        }
    }

    /// Takes in a call.
    pub fn take_call(&mut self, at: Timestamp, from: &str, to: &str, talked: Option<jiff::SignedDuration>) {
        let key = call_key(at, from, to);
        if !self.by_key.insert(key) {
            self.counts.duplicates += 1;
            return;
        }
        self.counts.calls += 1;
        let entry = EntryId(self.entries.len() as i64);
        self.spoken.insert(key, (from.into(), to.into()));
        let (from, to) = (self.line(from), self.line(to));
        self.entries.push(Entry::Call(Call { entry, key, at, from, to, talked }));
    }

    /// The address of one end of a call, which may be withheld or a name.
    fn line(&mut self, text: &str) -> AddressId {
        let line = self.addresses.phone(text).unwrap_or_else(|| self.addresses.number(text));
        self.spelled.entry(line).or_insert_with(|| text.into());
        line
    }

    /// Gives every message its thread and the message that it answers. Call once, when all is read: what only reading
    /// needs is let go.
    pub fn thread(&mut self) {
        let threads = std::mem::take(&mut self.threads);
        for keys in [&mut self.by_content, &mut self.by_key, &mut self.draft_keys, &mut self.in_sent] {
            *keys = FxHashSet::default();
        }
        self.subjects = FxHashMap::default();
        let mut seen = FxHashSet::default();
        for entry in &mut self.entries {
            if let Entry::Message(message) = entry {
                message.thread = threads.thread(message.key).map_or(message.key.0, |thread| thread);
                message.answers = threads.answers(message.key);
                seen.insert(message.thread);
            }
        }
        self.counts.threads = seen.len() as u64;
    }
}

/// Where a fault lies: the file, the file inside it, and the byte.
pub(crate) fn place(fault: &Fault) -> String {
    let mut place = fault.path.display().to_string();
    if let Some(member) = &fault.position.member {
        place.push_str(" › ");
        place.push_str(member);
    }
    if 0 < fault.position.offset {
        place.push_str(&format!(" at byte {}", fault.position.offset));
    }
    place
}

/// The act by which a message asks for something, as its place among its acts.
pub(crate) fn asking(acts: &[Act]) -> Option<usize> {
    use ActKind::{Chase, Complaint, Departure, Request};
    [Request, Chase, Complaint, Departure]
        .iter()
        .find_map(|kind| acts.iter().position(|act| act.kind == *kind))
}

fn words(text: &str, acts: &[Act]) -> String {
    let mut words = if asking(acts).is_none() { one_line(text, GIST) } else { String::new() };
    words.push(PASSAGE_END);
    for act in acts {
        words.push_str(scalars(text, act.start, act.end));
        words.push(PASSAGE_END);
    }
    words
}

/// A text on one line with single spaces, at most so many characters.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if most <= line.len() {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}
