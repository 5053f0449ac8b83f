//! The letters, calls and notes that prove something owed, as its page shows them.

use care::entry::{Entry, Of};
use care::obligation::{Evidence, Obligation, Role};
use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::board::Asker;
use crate::clients::pages::sentences;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::NaturalKey;
use crate::record::{read, texts};
use crate::report::stored;
use crate::report::words::{SUBJECT, one_line};
use crate::text::scalars;
use crate::today::words::When;

/// So much of a letter is shown before the passage; the rest can be unfolded.
const LONGEST: usize = 20_000;

/// A letter or call that shows something.
pub(super) struct Exhibit {
    pub(super) role: &'static str,
    pub(super) when: When,
    pub(super) people: String,
    pub(super) subject: String,
    pub(super) before: String,
    pub(super) passage: String,
    pub(super) after: String,
    /// The passage stands so far down that it is out of sight at first.
    pub(super) is_far: bool,
}

impl Exhibit {
    /// A text with a passage of it, which may be empty, or beyond its end where its words were cut.
    fn of(role: &'static str, when: When, text: &str, passage: Option<(u32, u32)>) -> Exhibit {
        let length = text.chars().count() as u32;
        let (start, end) = passage.unwrap_or((0, 0));
        let (start, end) = (start.min(length), end.min(length));
        let before = scalars(text, 0, start);
        Exhibit {
            role,
            when,
            people: String::new(),
            subject: String::new(),
            is_far: is_far(before),
            before: before.to_owned(),
            passage: scalars(text, start, end).to_owned(),
            after: scalars(text, end, length).to_owned(),
        }
    }

    /// Whether there is nothing to read of it: a call leaves no words.
    pub(super) fn is_wordless(&self) -> bool {
        self.before.is_empty() && self.passage.is_empty() && self.after.is_empty()
    }
}

/// Whether so much stands before a passage that it begins below the box of its letter.
fn is_far(before: &str) -> bool {
    const LETTERS: usize = 900;
    const LINES: usize = 12;
    LETTERS < before.chars().count() || LINES < before.lines().count()
}

/// What is read of all evidence at once.
struct Shown {
    /// What the asker may see.
    entries: FxHashMap<NaturalKey, Entry>,
    letters: FxHashMap<NaturalKey, texts::Letter>,
    notes: FxHashMap<NaturalKey, String>,
    /// What calls and words of colleagues were.
    sentences: FxHashMap<NaturalKey, String>,
    /// What waits is opened by a whole letter; what it asks for is shown where it stands.
    asked: FxHashMap<NaturalKey, (u32, u32)>,
}

/// The letters and calls that show something, in time order; what the asker may not see is left out.
pub(super) async fn exhibits(
    tx: &mut Tx,
    asker: &Asker,
    owed: &Obligation,
    now: Timestamp,
) -> Result<Vec<Exhibit>> {
    let keys: Vec<NaturalKey> = owed.evidence.iter().map(|evidence| evidence.of.key()).collect();
    let entries = read::entries(tx, asker.firm, &keys).await?;
    let all: FxHashSet<NaturalKey> = entries.iter().map(Entry::key).collect();
    let entries = asker.visible(tx, entries).await?;
    let is_said = |entry: &&Entry| matches!(entry, Entry::Call(_) | Entry::Decision(_));
    let said: Vec<Entry> = entries.iter().filter(is_said).cloned().collect();
    let shown = Shown {
        sentences: sentences(tx, asker, &said, now).await?,
        letters: texts::letters(tx, asker.firm, entries.iter().map(Entry::key)).await?,
        notes: texts::notes(tx, asker.firm, entries.iter().map(Entry::key)).await?,
        asked: stored::asked(tx, asker.firm, &keys).await?,
        entries: entries.into_iter().map(|entry| (entry.key(), entry)).collect(),
    };
    // What lies in a colleague's mailbox alone proves it as well, and is not shown.
    let is_shown = |key: &NaturalKey| !all.contains(key) || shown.entries.contains_key(key);
    let evidence = owed.evidence.iter().filter(|evidence| is_shown(&evidence.of.key()));
    let one = |evidence: &Evidence| {
        let entry = shown.entries.get(&evidence.of.key());
        let when = When::new(entry.map_or(owed.opened_at, Entry::at), now, &asker.zone);
        exhibit(asker, &shown, evidence, when)
    };
    Ok(evidence.map(one).collect())
}

fn exhibit(asker: &Asker, shown: &Shown, evidence: &Evidence, when: When) -> Exhibit {
    let role = match evidence.role {
        Role::Opened => "",
        Role::Joined => "asked again",
        Role::Moved => "told a new date",
        Role::Ended => "ended it",
    };
    let key = evidence.of.key();
    match (evidence.of, shown.letters.get(&key), shown.notes.get(&key)) {
        (Of::Message(_), Some(letter), _) => {
            let body: String = letter.body.chars().take(LONGEST).collect();
            let asked = match evidence.role {
                Role::Opened | Role::Joined => shown.asked.get(&key).copied(),
                Role::Moved | Role::Ended => None,
            };
            Exhibit {
                people: letter.people.lines().next().unwrap_or_default().to_owned(),
                subject: one_line(reading::letter::base_subject(&letter.subject), SUBJECT),
                ..Exhibit::of(role, when, &body, evidence.passage.or(asked))
            }
        }
        (Of::Note(_), _, Some(note)) => {
            let people = match shown.entries.get(&key) {
                Some(Entry::Note(note)) => format!("{} noted", asker.name_of(note.by)),
                _ => "A note".to_owned(),
            };
            Exhibit { people, ..Exhibit::of(role, when, note, evidence.passage) }
        }
        (of, ..) => {
            let what = match of {
                Of::Call(_) => "A call",
                Of::Note(_) => "A note",
                Of::Decision(_) => "A colleague's word",
                Of::Message(_) => "A letter whose words were erased",
            };
            let people = shown.sentences.get(&key).cloned().unwrap_or_else(|| what.to_owned());
            Exhibit { people, ..Exhibit::of(role, when, "", None) }
        }
    }
}
