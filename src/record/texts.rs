//! The words of entries, for showing them: what the fold does not need.

use rustc_hash::FxHashMap;
use sqlx::{FromRow, query_scalar};

use crate::db::{Tx, dialect, rows, sql};
use crate::error::Result;
use crate::ids::{AddressId, EntryId, FirmId, NaturalKey};

/// A message as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its entry.
    pub entry: EntryId,
    /// Its Message-ID with angle brackets; empty where it has none, or was erased.
    pub message_id: String,
    /// Its subject.
    pub subject: String,
    /// Who wrote to whom.
    pub people: String,
    /// The text that its writer wrote: what passages count in.
    pub body: String,
    /// `in`, `out` or `internal`.
    pub direction: String,
}

#[derive(FromRow)]
struct LetterRow {
    natural_key: i64,
    entry_id: i64,
    message_id: String,
    subject: String,
    people: String,
    body: String,
    direction: String,
}

const LETTERS: &str =
    "SELECT e.natural_key, m.entry_id, m.message_id, m.subject, m.people, m.body, m.direction
    FROM entry e JOIN message m ON m.firm_id = e.firm_id AND m.entry_id = e.entry_id
    WHERE e.firm_id = {firm} AND e.natural_key IN {list}";
const NOTES: &str = "SELECT e.natural_key, n.body FROM entry e
    JOIN note n ON n.firm_id = e.firm_id AND n.entry_id = e.entry_id
    WHERE e.firm_id = {firm} AND e.natural_key IN {list}";
const PEOPLE: &str = "SELECT entry_id, people FROM message WHERE firm_id = {firm} AND entry_id IN {list}";
const ADDRESSES: &str =
    "SELECT address, text, name FROM address WHERE firm_id = {firm} AND address IN {list}";

/// The messages with these natural keys; what is no message, or not there, is left out.
pub async fn letters(
    tx: &mut Tx,
    firm: FirmId,
    keys: impl IntoIterator<Item = NaturalKey>,
) -> Result<FxHashMap<NaturalKey, Letter>> {
    let mut keys: Vec<i64> = keys.into_iter().map(|key| key.0.cast_signed()).collect();
    keys.sort_unstable();
    keys.dedup();
    let rows: Vec<LetterRow> = rows::pick(tx, LETTERS, firm, &keys).await?;
    let letter = |row: LetterRow| {
        let LetterRow { natural_key, entry_id, message_id, subject, people, body, direction } = row;
        let letter = Letter { entry: EntryId(entry_id), message_id, subject, people, body, direction };
        (NaturalKey(natural_key.cast_unsigned()), letter)
    };
    Ok(rows.into_iter().map(letter).collect())
}

/// The texts of the notes with these natural keys, in which their passages count.
pub async fn notes(
    tx: &mut Tx,
    firm: FirmId,
    keys: impl IntoIterator<Item = NaturalKey>,
) -> Result<FxHashMap<NaturalKey, String>> {
    let keys: Vec<i64> = keys.into_iter().map(|key| key.0.cast_signed()).collect();
    let rows: Vec<(i64, String)> = rows::pick(tx, NOTES, firm, &keys).await?;
    Ok(rows.into_iter().map(|(key, body)| (NaturalKey(key.cast_unsigned()), body)).collect())
}

/// Address (or number) and name of each.
pub async fn addresses(
    tx: &mut Tx,
    firm: FirmId,
    numbers: impl IntoIterator<Item = AddressId>,
) -> Result<FxHashMap<AddressId, (String, String)>> {
    let mut numbers: Vec<i64> = numbers.into_iter().map(|number| number.0.into()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let rows: Vec<(i64, String, String)> = rows::pick(tx, ADDRESSES, firm, &numbers).await?;
    let known = rows
        .into_iter()
        .filter_map(|(number, text, name)| Some((AddressId(u32::try_from(number).ok()?), (text, name))));
    Ok(known.collect())
}

/// An address as people write it: of a telephone number the name is how it was spelled.
pub fn as_written<'a>(text: &'a str, name: &'a str) -> &'a str {
    if text.contains('@') || name.is_empty() { text } else { name }
}

/// What somebody is called whose contact nobody named: as their mail names them, else by their address.
pub fn called<'a>(text: &'a str, name: &'a str) -> &'a str {
    if name.is_empty() { text } else { name }
}

/// Where more words than this begin with one that is sought, the database looks for them by itself.
const MOST_BEGINNINGS: usize = 64;

/// Messages that hold all these words, the newest first. Who may see which is for the caller to say.
///
/// Words are found by how they begin; quotes around several find them as they stand. At most so many, from the last few
/// thousand that hold them.
pub async fn search(tx: &mut Tx, firm: FirmId, typed: &str, most: usize) -> Result<Vec<EntryId>> {
    let mut sought = Vec::new();
    for part in dialect::words::parts(typed) {
        let known = match dialect::words::beginnings(tx, &part) {
            Some((from, to)) => beginnings(tx, &from, &to).await?,
            None => None,
        };
        sought.push(match known {
            Some(words) if words.is_empty() => return Ok(Vec::new()),
            Some(words) => dialect::words::any(&words),
            None => dialect::words::sought(tx, &part),
        });
    }
    if sought.is_empty() {
        return Ok(Vec::new());
    }
    let (text, question) = (dialect::words::search(tx), dialect::words::question(tx, &sought));
    let found: Vec<i64> = sql!(tx, c => query_scalar(text).bind(firm.0).bind(&question)
        .bind(most as i64).fetch_all(c).await)?;
    Ok(found.into_iter().map(EntryId).collect())
}

/// The words of the index from one up to another one; none where there are too many.
async fn beginnings(tx: &mut Tx, from: &str, to: &str) -> Result<Option<Vec<String>>> {
    let words: Vec<String> = sql!(tx, c => query_scalar(dialect::words::BEGINNINGS).bind(from).bind(to)
        .bind(MOST_BEGINNINGS as i64 + 1).fetch_all(c).await)?;
    Ok((words.len() <= MOST_BEGINNINGS).then_some(words))
}

/// Who wrote to whom in each of these messages, each on a line.
pub async fn people(tx: &mut Tx, firm: FirmId, entries: &[EntryId]) -> Result<FxHashMap<EntryId, String>> {
    let ids: Vec<i64> = entries.iter().map(|entry| entry.0).collect();
    let rows: Vec<(i64, String)> = rows::pick(tx, PEOPLE, firm, &ids).await?;
    Ok(rows.into_iter().map(|(id, people)| (EntryId(id), people)).collect())
}
