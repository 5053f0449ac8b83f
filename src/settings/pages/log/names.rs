//! What the numbers in the log stand for, in words, as far as whoever reads it may see that.

use care::entry::Entry;
use care::obligation::ObligationId;
use jiff::Timestamp;
use rustc_hash::FxHashMap;

use crate::board::{Asker, Sight};
use crate::clients::pages::sentences;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{EntryId, MatterId, NaturalKey};
use crate::matters;
use crate::record::audit::Noted;
use crate::record::read;
use crate::today::together::Batch;
use crate::today::words::{When, kind};

/// A word of a line of the log.
pub(super) struct Word<'a> {
    /// What it is the number of, where it is one: the word before it.
    pub(super) before: &'a str,
    pub(super) word: &'a str,
    /// What stands between it and the next one.
    pub(super) after: &'a str,
}

/// The words of a line. What was refused is told by its address, of which each part is a word.
pub(super) fn words<'a>(act: &str, detail: &'a str) -> impl Iterator<Item = Word<'a>> {
    let ends = if act == "refused" { [' ', '/'] } else { [' ', ' '] };
    let mut before = "";
    detail.split_inclusive(ends).map(move |piece| {
        let word = piece.trim_end_matches(ends);
        let found = Word { before, word, after: &piece[word.len()..] };
        before = match word {
            "clients" => "client",
            "entries" => "entry",
            "owed" | "obligations" => "obligation",
            "decisions" => "undoing",
            word => word,
        };
        found
    })
}

/// Words for the entries, matters, decisions and things owed that lines of the log name by number.
#[derive(Debug, Default)]
pub(super) struct Names {
    said: FxHashMap<String, String>,
}

/// What the lines name.
#[derive(Default)]
struct Numbers {
    entries: Vec<EntryId>,
    decisions: Vec<NaturalKey>,
    owed: Vec<ObligationId>,
    matters: Vec<MatterId>,
}

impl Numbers {
    fn of(lines: &[Noted]) -> Numbers {
        let mut numbers = Numbers::default();
        for line in lines {
            for Word { before, word, .. } in words(&line.act, &line.detail) {
                match (line.act.as_str(), before) {
                    (_, "entry") => numbers.entries.extend(word.parse().map(EntryId)),
                    (_, "matter") => numbers.matters.extend(matter(before, word)),
                    ("undid", _) | (_, "undoing") => numbers.decisions.extend(hex(word).map(NaturalKey)),
                    ("decided", _) | (_, "obligation") => numbers.owed.extend(hex(word).map(ObligationId)),
                    _ => {}
                }
            }
        }
        numbers
    }
}

impl Names {
    pub(super) async fn load(tx: &mut Tx, asker: &Asker, lines: &[Noted], now: Timestamp) -> Result<Names> {
        let numbers = Numbers::of(lines);
        let mut names = Names::default();
        names.entries(tx, asker, &numbers.entries, now).await?;
        for entry in read::entries(tx, asker.firm, &numbers.decisions).await? {
            names.decided(tx, asker, entry, now).await?;
        }
        for id in numbers.owed {
            names.owed(tx, asker, id).await?;
        }
        if !numbers.matters.is_empty() {
            names.matters(tx, asker, &numbers.matters).await?;
        }
        Ok(names)
    }

    async fn entries(&mut self, tx: &mut Tx, asker: &Asker, ids: &[EntryId], now: Timestamp) -> Result<()> {
        let found = read::by_ids(tx, asker.firm, ids).await?;
        let seen = seen(tx, asker, found).await?;
        let sentences = sentences(tx, asker, &seen, now).await?;
        for entry in &seen {
            let said = sentences.get(&entry.key()).map_or("", String::as_str);
            self.said.insert(entry.id().0.to_string(), format!("“{said}”, {}", when(asker, entry, now)));
        }
        Ok(())
    }

    /// A decision or a note: in words to whoever sees all that it judges, and itself.
    async fn decided(&mut self, tx: &mut Tx, asker: &Asker, entry: Entry, now: Timestamp) -> Result<()> {
        let mut about = match &entry {
            Entry::Decision(decision) => read::judged_by(tx, asker.firm, &[&decision.what]).await?,
            _ => Vec::new(),
        };
        about.retain(|judged| !matches!(judged, Entry::Decision(_)));
        let all = about.len();
        let is_itself = all == 0;
        let mut told = seen(tx, asker, if is_itself { vec![entry.clone()] } else { about }).await?;
        let is_seen = if is_itself { !told.is_empty() } else { told.len() == all };
        if !is_seen || asker.is_kept_from(tx, std::slice::from_ref(&entry)).await? {
            return Ok(());
        }
        if !is_itself {
            told.push(entry.clone());
        }
        let sentences = sentences(tx, asker, &told, now).await?;
        let said = |of: &Entry| sentences.get(&of.key()).map(|words| format!("“{words}”"));
        let of = told.first().filter(|_| !is_itself).and_then(said);
        let words: Vec<String> = [said(&entry), of].into_iter().flatten().collect();
        let name = format!("{}, {}", words.join(" of "), when(asker, &entry, now));
        self.said.insert(format!("{:016x}", entry.key().0), name);
        Ok(())
    }

    async fn owed(&mut self, tx: &mut Tx, asker: &Asker, id: ObligationId) -> Result<()> {
        let owed = match asker.obligation(tx, id).await {
            Err(Error::NotFound) => return Ok(()),
            found => found?,
        };
        // Whom nobody has confirmed has no name here.
        if let Ok(card) = asker.client(owed.client) {
            let what = kind(owed.kind).to_lowercase();
            self.said.insert(id.to_string(), format!("{what}, “{}”", card.name));
        }
        Ok(())
    }

    async fn matters(&mut self, tx: &mut Tx, asker: &Asker, ids: &[MatterId]) -> Result<()> {
        let mut found = matters::store::all(tx, asker.firm).await?;
        found.retain(|matter| {
            ids.contains(&matter.id) && !asker.is_walled_off(matter.id) && asker.client(matter.client).is_ok()
        });
        self.said
            .extend(found.into_iter().map(|matter| (matter.id.0.to_string(), format!("“{}”", matter.name))));
        Ok(())
    }

    /// What a word behind another one stands for. None where it is no such number, and nothing where it is one that
    /// whoever reads may not see, or that is not here any more.
    pub(super) fn of(&self, before: &str, word: &str) -> Option<Option<&str>> {
        let is_number = before == "entry" || matter(before, word).is_some() || hex(word).is_some();
        is_number.then(|| self.said.get(word).map(String::as_str))
    }
}

/// What of these the asker sees since it is a client's: the log names nobody whom nobody has confirmed.
async fn seen(tx: &mut Tx, asker: &Asker, entries: Vec<Entry>) -> Result<Vec<Entry>> {
    let clear = entries.into_iter().filter(|entry| asker.sight(entry) == Sight::Clear).collect();
    asker.visible(tx, clear).await
}

fn when(asker: &Asker, entry: &Entry, now: Timestamp) -> String {
    When::new(entry.at(), now, &asker.zone).words
}

/// Things that were let go together, by the name of their batch.
pub(super) fn batch(word: &str) -> Option<Batch> {
    let (begins, _) = word.split_once('-')?;
    hex(begins).and_then(|_| Batch::named(word))
}

/// The matter that a word behind another one names by its number. Words that people wrote hold smaller ones.
pub(super) fn matter(before: &str, word: &str) -> Option<MatterId> {
    let id = word.parse().ok().filter(|id| before == "matter" && 4096 < *id);
    id.map(MatterId)
}

/// The number of a decision, or of something owed.
fn hex(word: &str) -> Option<u64> {
    let is_one = word.len() == 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_one.then(|| u64::from_str_radix(word, 16).ok()).flatten()
}
