//! What happened with a client, as sentences, the newest first.

use care::acts::{Act, ActKind};
use care::entry::{Call, Decision, Entry, Means, Message, Note, NoteKind, Verdict};
use care::people::Who;
use care::record::{in_force, taking_back};
use jiff::{SignedDuration, Timestamp};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::board::Asker;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{AddressId, ClientId, NaturalKey, StaffId};
use crate::record::timeline::{self, Place, Words};
use crate::record::{read, texts};
use crate::report::words::{SUBJECT, counted, how_long, one_line};
use crate::today::words::{self, When};

/// So many entries are on one page.
const A_PAGE: usize = 30;
/// So much of a text is shown on a line.
const GIST: usize = 180;
/// Silence of this length is worth a line of its own.
const SILENCE: SignedDuration = SignedDuration::from_hours(24 * 30);
/// What the reader found with less confidence is not said on a line.
const SURE_ENOUGH: f32 = 0.5;

/// A page of the timeline.
pub(super) struct Timeline {
    pub(super) items: Vec<Item>,
    /// Where the next page begins, as its address says it.
    pub(super) more: Option<String>,
}

/// One entry.
pub(super) struct Item {
    pub(super) id: i64,
    /// `in`, `out`, `call`, `note`, `decision`.
    pub(super) kind: &'static str,
    pub(super) opens: bool,
    pub(super) when: When,
    pub(super) sentence: String,
    pub(super) subject: String,
    pub(super) gist: String,
    pub(super) acts: Vec<&'static str>,
    pub(super) files: String,
    /// What people decided about it.
    pub(super) decided: Vec<String>,
    /// How long nothing had happened before it.
    pub(super) silence: String,
}

/// A place as an address says it: microseconds and entry.
pub(super) fn place(text: &str) -> Place {
    let parse = |text: &str| {
        let (at, entry) = text.split_once('-')?;
        let at = Timestamp::from_microsecond(at.parse().ok()?).ok()?;
        Some(Place { at, entry: crate::ids::EntryId(entry.parse().ok()?) })
    };
    parse(text).unwrap_or(Place::END)
}

/// The page of a client's timeline before a place.
pub(super) async fn page(
    tx: &mut Tx,
    asker: &Asker,
    client: ClientId,
    before: Place,
    now: Timestamp,
) -> Result<Timeline> {
    let house = &asker.board.firm;
    let none = Vec::new();
    let addresses = house.addresses.get(&client).unwrap_or(&none);
    let merged = house.merged.iter().map(|merged| merged.from);
    let is_here = |id: &ClientId| house.book.directory.client(*id) == client;
    let clients: Vec<ClientId> = [client].into_iter().chain(merged.filter(is_here)).collect();
    let places = timeline::places(tx, asker.firm, addresses, &clients, before, A_PAGE + 1).await?;
    let more = (A_PAGE < places.len()).then(|| {
        let last = places[A_PAGE - 1];
        format!("{}-{}", last.at.as_microsecond(), last.entry.0)
    });
    let ids: Vec<_> = places.iter().take(A_PAGE).map(|place| place.entry).collect();
    let found = read::by_ids(tx, asker.firm, &ids).await?;
    let mut entries = asker.visible(tx, found).await?;
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.at(), entry.id())));
    let sayer = Sayer::load(tx, asker, &entries, now).await?;
    let older = places.get(A_PAGE).map(|place| place.at);
    let mut items = Vec::with_capacity(entries.len());
    for (n, entry) in entries.iter().enumerate() {
        let Some(mut item) = sayer.item(entry) else { continue };
        let before = entries.get(n + 1).map(Entry::at).or(older);
        let silence = before.map(|before| entry.at().duration_since(before)).filter(|gap| SILENCE <= *gap);
        item.silence =
            silence.map(|gap| format!("Nothing for {} before that", how_long(gap))).unwrap_or_default();
        items.push(item);
    }
    Ok(Timeline { items, more })
}

/// Says what entries are, with all that is needed for it at hand.
pub(super) struct Sayer<'a> {
    asker: &'a Asker,
    now: Timestamp,
    words: Words,
    names: FxHashMap<AddressId, String>,
    /// Decisions in force, by the entry that they are about.
    decided: FxHashMap<NaturalKey, Vec<Decision>>,
    /// Decisions in force among those shown.
    in_force: FxHashSet<NaturalKey>,
    /// What took notes back among those shown, by the note.
    taken_back: FxHashMap<NaturalKey, Decision>,
}

impl<'a> Sayer<'a> {
    pub(super) async fn load(
        tx: &mut Tx,
        asker: &'a Asker,
        entries: &[Entry],
        now: Timestamp,
    ) -> Result<Sayer<'a>> {
        let keys: Vec<NaturalKey> = entries.iter().map(Entry::key).collect();
        let about = read::decisions_about(tx, asker.firm, &keys).await?;
        let shown = entries.iter().filter_map(|entry| match entry {
            Entry::Decision(decision) => Some(decision),
            _ => None,
        });
        let mut decided: FxHashMap<NaturalKey, Vec<Decision>> = FxHashMap::default();
        let mut standing = FxHashSet::default();
        for decision in in_force(about.iter().chain(shown)) {
            standing.insert(decision.key);
            if let Some(of) = decision.what.judges() {
                decided.entry(of.key()).or_default().push(decision.clone());
            }
        }
        let against = |note: NaturalKey| Some((note, taking_back(note, &about).next()?.clone()));
        let notes = entries.iter().filter(|entry| matches!(entry, Entry::Note(_)));
        let taken_back = notes.filter_map(|entry| against(entry.key())).collect();
        let ids: Vec<_> =
            entries.iter().map(Entry::id).chain(about.iter().map(|decision| decision.entry)).collect();
        let words = timeline::words(tx, asker.firm, &ids).await?;
        let names = names(tx, asker, entries).await?;
        Ok(Sayer { asker, now, words, names, decided, in_force: standing, taken_back })
    }

    /// What was decided about an entry.
    pub(super) fn decided(&self, key: NaturalKey) -> &[Decision] {
        self.decided.get(&key).map_or(&[], Vec::as_slice)
    }

    /// What took a note back, where it stands in the record no more.
    pub(super) fn taken_back(&self, note: NaturalKey) -> Option<&Decision> {
        self.taken_back.get(&note)
    }

    fn item(&self, entry: &Entry) -> Option<Item> {
        let mut item = Item {
            id: entry.id().0,
            kind: "",
            opens: false,
            when: When::new(entry.at(), self.now, &self.asker.zone),
            sentence: String::new(),
            subject: String::new(),
            gist: String::new(),
            acts: Vec::new(),
            files: String::new(),
            decided: self.decided(entry.key()).iter().map(|decision| self.decision(decision)).collect(),
            silence: String::new(),
        };
        match entry {
            Entry::Message(message) => self.message(message, &mut item),
            Entry::Call(call) => {
                item.kind = "call";
                item.sentence = self.call(call);
            }
            // What was taken back is no longer said.
            Entry::Note(note) if self.taken_back.contains_key(&note.key) => return None,
            Entry::Note(note) => {
                item.kind = "note";
                item.opens = true;
                item.sentence = self.note(note);
                item.acts = self.acts(entry, &note.acts);
                let (subject, body) = self.words.notes.get(&note.entry).cloned().unwrap_or_default();
                (item.subject, item.gist) = (subject, one_line(&body, 2 * GIST));
            }
            Entry::Decision(decision) if !self.in_force.contains(&decision.key) => return None,
            Entry::Decision(decision) => {
                item.kind = "decision";
                item.sentence = self.decision(decision);
            }
        }
        Some(item)
    }

    fn message(&self, message: &Message, item: &mut Item) {
        let line = self.words.messages.get(&message.entry);
        let automatic = line.is_some_and(|line| line.automatic.is_some());
        let from = self.asker.board.firm.book.directory.who(message.from);
        item.kind = if matches!(from, Who::Staff(_)) { "out" } else { "in" };
        item.opens = true;
        item.sentence = self.wrote(message, automatic);
        let Some(line) = line else { return };
        item.subject = one_line(reading::letter::base_subject(&line.subject), SUBJECT);
        item.gist = one_line(&line.gist, GIST);
        item.acts = self.acts(&Entry::Message(message.clone()), &message.acts);
        item.files = match line.attachments {
            0 => String::new(),
            n => counted(n.unsigned_abs() as usize, "file", "files"),
        };
    }

    /// Who wrote to whom.
    pub(super) fn wrote(&self, message: &Message, automatic: bool) -> String {
        let how = if automatic { "wrote by machine to" } else { "wrote to" };
        let to = self.several(if message.to.is_empty() { &message.cc } else { &message.to });
        capital(&format!("{} {how} {to}", self.name(message.from)))
    }

    fn call(&self, call: &Call) -> String {
        let ended = match call.talked.filter(|talked| talked.is_positive()) {
            Some(talked) => format!("and spoke for {}", how_long(talked.max(SignedDuration::from_mins(1)))),
            None => "and reached nobody".to_owned(),
        };
        capital(&format!("{} rang {} {ended}", self.name(call.from), self.name(call.to)))
    }

    /// Who noted what kind of thing.
    pub(super) fn note(&self, note: &Note) -> String {
        let by = self.staff(note.by);
        let with =
            if note.with.is_empty() { String::new() } else { format!(" with {}", self.several(&note.with)) };
        let what = match note.kind {
            NoteKind::Call => "spoke on the telephone",
            NoteKind::Meeting => "met",
            NoteKind::Text => "noted",
        };
        capital(&format!("{by} {what}{with}"))
    }

    fn acts(&self, entry: &Entry, acts: &[Act]) -> Vec<&'static str> {
        let denied = |act: &Act| {
            self.decided(entry.key()).iter().any(|decision| {
                matches!(decision.what, Verdict::NotThatAct { passage, kind, .. }
                    if kind == act.kind && passage == (act.start, act.end))
            })
        };
        let directory = &self.asker.board.firm.book.directory;
        let ours = match entry {
            Entry::Message(message) => matches!(directory.who(message.from), Who::Staff(_)),
            _ => true,
        };
        let told = |act: &&Act| {
            SURE_ENOUGH <= act.confidence
                && is_ours(act.kind) == ours
                && !denied(act)
                && act.kind != ActKind::Request
        };
        let mut kinds: Vec<&'static str> = acts.iter().filter(told).map(|act| act.kind.name()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// What somebody decided.
    pub(super) fn decision(&self, decision: &Decision) -> String {
        let by = self.staff(decision.by);
        let said = self.verdict(&decision.what);
        let why = self.words.decisions.get(&decision.entry).filter(|words| !words.is_empty());
        let why = why.map(|words| format!(" ({words})")).unwrap_or_default();
        capital(&format!("{by} {said}{why}"))
    }

    fn verdict(&self, verdict: &Verdict) -> String {
        let house = &self.asker.board.firm;
        let client = |id: &ClientId| house.clients.get(id).map_or("another client", |card| &card.name);
        let kind = |kind| words::kind(kind).to_lowercase();
        let when = |at| When::new(at, self.now, &self.asker.zone).words;
        match verdict {
            Verdict::NoAnswerNeeded { .. } => "said that it needs no answer".into(),
            Verdict::AnswerNeeded { .. } => "said that it needs an answer".into(),
            Verdict::NotThatAct { kind, .. } => format!("said that this is no {}", kind.name()),
            Verdict::ThatAct { act, .. } => format!("said that this is a {}", act.kind.name()),
            Verdict::Done { means, .. } => format!("said that it is done{}", by_means(*means)),
            Verdict::NewDate { due, .. } => format!("told them a new date: {}", when(*due)),
            Verdict::Released { .. } => "said that it is not needed".into(),
            Verdict::Owner { staff, .. } => format!("handed it to {}", self.staff(*staff)),
            Verdict::Confirmed { .. } => "said that it ended as it was read".into(),
            Verdict::NotTheEnd { .. } => "said that it is still owed".into(),
            Verdict::Kept { kind: of, .. } => format!("said that it is done: {}", kind(*of)),
            Verdict::Spared { kind: of, .. } => format!("said that it is not needed: {}", kind(*of)),
            Verdict::Planned { kind: of, due, .. } => format!("planned for {}: {}", when(*due), kind(*of)),
            Verdict::PointPerson { staff, .. } => format!("made {} the point person", self.staff(*staff)),
            Verdict::Cover { away, cover, .. } => {
                format!("let {} stand in for {}", self.staff(*cover), self.staff(*away))
            }
            Verdict::Placed { .. } => "said who an address is".into(),
            Verdict::Merged { from, .. } => format!("merged {} into this client", client(from)),
            Verdict::Split { from, .. } => format!("split this client from {}", client(from)),
            Verdict::TakenBack { .. } => "took it back".into(),
        }
    }

    fn staff(&self, staff: StaffId) -> &str {
        if staff == self.asker.staff { "you" } else { self.asker.name_of(staff) }
    }

    /// What somebody is called.
    pub(super) fn name(&self, address: AddressId) -> &str {
        match self.asker.board.firm.book.directory.who(address) {
            Who::Staff(staff) => self.staff(staff),
            _ => self.names.get(&address).map_or("somebody", String::as_str),
        }
    }

    fn several(&self, addresses: &[AddressId]) -> String {
        const NAMED: usize = 3;
        let named: Vec<&str> = addresses.iter().take(NAMED).map(|address| self.name(*address)).collect();
        match (addresses.len().saturating_sub(NAMED), named.as_slice()) {
            (_, []) => "nobody".to_owned(),
            (0, [one]) => (*one).to_owned(),
            (0, [first @ .., last]) => format!("{} and {last}", first.join(", ")),
            (more, named) => format!("{} and {}", named.join(", "), counted(more, "other", "others")),
        }
    }
}

/// What each of these entries is, in one sentence. What they are about is for the asker to see.
pub(crate) async fn sentences(
    tx: &mut Tx,
    asker: &Asker,
    entries: &[Entry],
    now: Timestamp,
) -> Result<FxHashMap<NaturalKey, String>> {
    if entries.is_empty() {
        return Ok(FxHashMap::default());
    }
    let sayer = Sayer::load(tx, asker, entries, now).await?;
    let said = |entry: &Entry| match entry {
        Entry::Message(message) => sayer.wrote(message, false),
        Entry::Call(call) => sayer.call(call),
        Entry::Note(note) => sayer.note(note),
        Entry::Decision(decision) => sayer.decision(decision),
    };
    Ok(entries.iter().map(|entry| (entry.key(), said(entry))).collect())
}

/// What people in these entries are called.
async fn names(tx: &mut Tx, asker: &Asker, entries: &[Entry]) -> Result<FxHashMap<AddressId, String>> {
    let mut numbers: FxHashSet<AddressId> = FxHashSet::default();
    for entry in entries {
        match entry {
            Entry::Message(message) => {
                numbers.insert(message.from);
                numbers.extend(message.to.iter().chain(&message.cc).take(4));
            }
            Entry::Call(call) => numbers.extend([call.from, call.to]),
            Entry::Note(note) => numbers.extend(&note.with),
            Entry::Decision(_) => {}
        }
    }
    let contacts = &asker.board.firm.contacts;
    let mut names: FxHashMap<AddressId, String> = FxHashMap::default();
    for (number, (text, name)) in texts::addresses(tx, asker.firm, numbers).await? {
        let known = contacts.get(&number).map_or(texts::called(&text, &name), String::as_str);
        names.insert(number, known.to_owned());
    }
    Ok(names)
}

/// Whether an act is found in what we write.
pub(super) fn is_ours(kind: ActKind) -> bool {
    kind.direction() == care::acts::Direction::Out
}

fn by_means(means: Means) -> &'static str {
    match means {
        Means::Phone => ", by telephone",
        Means::Meeting => ", in person",
        Means::Message => ", by another message",
        Means::Other => "",
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
