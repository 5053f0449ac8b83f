//! The entries of a client from the newest on, a page at a time: only the rows of the page are read.

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use sqlx::{FromRow, query_as};

use crate::db::{Ts, Tx, rows, sql};
use crate::error::Result;
use crate::ids::{AddressId, ClientId, EntryId, FirmId};

const OF_ADDRESS: &str = "SELECT at, entry_id FROM entry_address
    WHERE firm_id = $1 AND address = $2 AND (at, entry_id) < ($3, $4)
    ORDER BY at DESC, entry_id DESC LIMIT $5";
const NOTES: &str = "SELECT e.at, e.entry_id FROM note n
    JOIN entry e ON e.firm_id = n.firm_id AND e.entry_id = n.entry_id
    WHERE n.firm_id = $1 AND n.client_id = $2 AND (e.at, e.entry_id) < ($3, $4)
    ORDER BY e.at DESC, e.entry_id DESC LIMIT $5";
const MENTIONS: &str = "SELECT e.at, e.entry_id FROM entry_mention m
    JOIN entry e ON e.firm_id = m.firm_id AND e.entry_id = m.entry_id
    WHERE m.firm_id = $1 AND m.client_id = $2 AND (e.at, e.entry_id) < ($3, $4)
    ORDER BY e.at DESC, e.entry_id DESC LIMIT $5";
const DECISIONS: &str = "SELECT e.at, e.entry_id FROM decision d
    JOIN entry e ON e.firm_id = d.firm_id AND e.entry_id = d.entry_id
    WHERE d.firm_id = $1 AND d.client_id = $2 AND (e.at, e.entry_id) < ($3, $4)
    ORDER BY e.at DESC, e.entry_id DESC LIMIT $5";
pub(crate) const MESSAGES: &str =
    "SELECT entry_id, subject, substr(body, 1, 600) AS gist, automatic, attachments FROM message
    WHERE {+}firm_id = {firm} AND entry_id IN {list}";
const NOTE_WORDS: &str =
    "SELECT entry_id, subject, body FROM note WHERE {+}firm_id = {firm} AND entry_id IN {list}";
const DECISION_WORDS: &str =
    "SELECT entry_id, words FROM decision WHERE {+}firm_id = {firm} AND entry_id IN {list}";
const WHOLE: &str = "SELECT entry_id, subject, people, body, automatic, attachments, raw_hash FROM message
    WHERE firm_id = $1 AND entry_id = $2";

/// A place in the order of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When.
    pub at: Timestamp,
    /// Which entry.
    pub entry: EntryId,
}

impl Place {
    /// After everything.
    pub const END: Place = Place { at: Timestamp::MAX, entry: EntryId(i64::MAX) };
}

/// The places of a client's entries before a place, the newest first, at most so many. `addresses` and `clients` are
/// all that the client has, with those merged into it.
pub async fn places(
    tx: &mut Tx,
    firm: FirmId,
    addresses: &[AddressId],
    clients: &[ClientId],
    before: Place,
    most: usize,
) -> Result<Vec<Place>> {
    let addresses = addresses.iter().map(|address| (OF_ADDRESS, i64::from(address.0)));
    let clients = clients.iter().flat_map(|client| [NOTES, MENTIONS, DECISIONS].map(|text| (text, client.0)));
    let mut places: Vec<Place> = Vec::new();
    for (text, of) in addresses.chain(clients) {
        let found: Vec<(Ts, i64)> = sql!(tx, c => query_as(text).bind(firm.0).bind(of)
            .bind(Ts::from(before.at)).bind(before.entry.0).bind(most as i64).fetch_all(c).await)?;
        places.extend(found.into_iter().map(|(at, entry)| Place { at: at.into(), entry: EntryId(entry) }));
    }
    places.sort_unstable_by(|a, b| b.cmp(a));
    places.dedup();
    places.truncate(most);
    Ok(places)
}

/// The words of entries, as a line of the timeline needs them.
#[derive(Debug, Default)]
pub struct Words {
    /// Of messages.
    pub messages: FxHashMap<EntryId, MessageLine>,
    /// Of notes: subject and text.
    pub notes: FxHashMap<EntryId, (String, String)>,
    /// Of decisions.
    pub decisions: FxHashMap<EntryId, String>,
}

/// A message on one line.
#[derive(Debug, Clone, FromRow)]
pub struct MessageLine {
    entry_id: i64,
    /// Its subject.
    pub subject: String,
    /// How it begins.
    pub gist: String,
    /// What kind of machine sent it.
    pub automatic: Option<String>,
    /// How many files it carries.
    pub attachments: i64,
}

/// The words of these entries.
pub async fn words(tx: &mut Tx, firm: FirmId, entries: &[EntryId]) -> Result<Words> {
    let ids: Vec<i64> = entries.iter().map(|entry| entry.0).collect();
    let messages: Vec<MessageLine> = rows::pick(tx, MESSAGES, firm, &ids).await?;
    let notes: Vec<(i64, String, String)> = rows::pick(tx, NOTE_WORDS, firm, &ids).await?;
    let decisions: Vec<(i64, String)> = rows::pick(tx, DECISION_WORDS, firm, &ids).await?;
    Ok(Words {
        messages: messages.into_iter().map(|line| (EntryId(line.entry_id), line)).collect(),
        notes: notes.into_iter().map(|(id, subject, body)| (EntryId(id), (subject, body))).collect(),
        decisions: decisions.into_iter().map(|(id, words)| (EntryId(id), words)).collect(),
    })
}

/// A message with all its words.
#[derive(Debug, Clone, FromRow)]
pub struct Whole {
    /// Its subject.
    pub subject: String,
    /// Who wrote to whom, each on a line.
    pub people: String,
    /// What its writer wrote: what passages count in.
    pub body: String,
    /// What kind of machine sent it.
    pub automatic: Option<String>,
    /// How many files it carries.
    pub attachments: i64,
    /// What arrived; none where it was erased.
    pub raw_hash: Option<Vec<u8>>,
}

/// All words of one message; none where the entry is none.
pub async fn whole(tx: &mut Tx, firm: FirmId, entry: EntryId) -> Result<Option<Whole>> {
    sql!(tx, c => query_as(WHOLE).bind(firm.0).bind(entry.0).fetch_optional(c).await)
}
