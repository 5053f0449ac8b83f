//! The words of entries, for showing them: what the fold does not need.

use rustc_hash::FxHashMap;
use sqlx::FromRow;

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

/// A message that was found by its words.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Hit {
    /// Its entry.
    pub entry_id: i64,
    /// Its subject.
    pub subject: String,
    /// Who wrote to whom.
    pub people: String,
}

/// Messages that hold all these words, the newest first. Who may see which is for the caller to say.
///
/// Words are found whole; quotes around several find them as they stand. At most so many, from the last few thousand
/// that hold them.
pub async fn search(tx: &mut Tx, firm: FirmId, words: &str, most: u32) -> Result<Vec<Hit>> {
    let question = dialect::search(tx);
    let Some(words) = dialect::search_words(tx, words) else { return Ok(Vec::new()) };
    sql!(tx, c => sqlx::query_as(question).bind(firm.0).bind(&words).bind(i64::from(most)).fetch_all(c).await)
}
