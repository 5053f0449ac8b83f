//! The record as the fold reads it.

use care::book::FirmBook;
use care::entry::{Decision, Entry, Of, Verdict};
use rustc_hash::FxHashSet;
use sqlx::query_scalar;

use super::facts::{self, Row};
use crate::db::{Ts, Tx, rows, sql};
use crate::error::{Error, Result};
use crate::ids::{AddressId, ClientId, EntryId, FirmId, NaturalKey};

/// A row of the record: its id, kind, moment, natural key, thread, the key of what it answers, and its facts. By place
/// and not by name: a firm of many years has a million.
type EntryRow = (i64, String, Ts, i64, i64, Option<i64>, Vec<u8>);

const ALL: &str = "SELECT entry_id, kind, at, natural_key, thread_id, answers_key, facts FROM entry {whole}
    WHERE firm_id = $1";
const BY_ID: &str = "SELECT entry_id, kind, at, natural_key, thread_id, answers_key, facts FROM entry
    WHERE {+}firm_id = {firm} AND entry_id IN {list}";
const BY_KEY: &str = "SELECT entry_id, kind, at, natural_key, thread_id, answers_key, facts FROM entry
    WHERE firm_id = {firm} AND natural_key IN {list}";
const BY_THREAD: &str = "SELECT entry_id, kind, at, natural_key, thread_id, answers_key, facts FROM entry
    WHERE firm_id = {firm} AND thread_id IN {list}";
const OF_ADDRESSES: &str = "SELECT DISTINCT entry_id FROM entry_address
    WHERE firm_id = {firm} AND address IN {list}";
const OF_THREADS: &str = "SELECT entry_id FROM entry WHERE firm_id = {firm} AND thread_id IN {list}";
const OF_CLIENTS: &str = "SELECT n.entry_id FROM note n WHERE n.firm_id = {firm} AND n.client_id IN {list}";
const MENTIONS: &str = "SELECT entry_id FROM entry_mention WHERE firm_id = {firm} AND client_id IN {list}";
const DECISIONS: &str = "SELECT entry_id FROM decision WHERE firm_id = {firm} AND client_id IN {list}";
const DECISIONS_ABOUT: &str = "SELECT d.entry_id, e.natural_key FROM decision d
    JOIN entry e ON e.firm_id = d.firm_id AND e.entry_id = d.entry_id
    WHERE d.firm_id = {firm} AND d.about_key IN {list}";
const NEXT_ADDRESS: &str = "SELECT next_address FROM firm WHERE firm_id = $1";

/// Reads every entry of a firm, in no particular order, one after the other.
pub async fn load_all(tx: &mut Tx, firm: FirmId, mut each: impl FnMut(Entry)) -> Result<()> {
    let mut wrong = None;
    rows::every(tx, ALL, firm, |row: EntryRow| match entry(row) {
        Ok(entry) => each(entry),
        Err(error) => wrong = Some(error),
    })
    .await?;
    wrong.map_or(Ok(()), Err)
}

/// All entries that concern a client: the whole of each thread that its people took part in or that mentions it, its
/// calls and notes, and the decisions about any of these. In no particular order, each once.
pub async fn load_record(tx: &mut Tx, firm: FirmId, client: ClientId, book: &FirmBook) -> Result<Vec<Entry>> {
    let addresses = addresses_of(tx, firm, client, book).await?;
    let clients: Vec<i64> = book
        .all_clients()
        .iter()
        .map(|c| c.id)
        .filter(|c| book.directory.client(*c) == client)
        .map(|c| c.0)
        .collect();
    let mut entries = Entries::default();
    // What colleagues write in a thread that mentions a client is about that client, also where no name falls.
    for (question, keys) in [(OF_ADDRESSES, &addresses), (MENTIONS, &clients)] {
        entries.take_all(tx, firm, question, keys).await?;
    }
    let mut threads: Vec<i64> = entries.all.iter().filter_map(thread_of).collect();
    threads.sort_unstable();
    threads.dedup();
    // Each entry is read once: of those that came already, the index of threads says that they are the same.
    entries.take_all(tx, firm, OF_THREADS, &threads).await?;
    for question in [OF_CLIENTS, DECISIONS] {
        entries.take_all(tx, firm, question, &clients).await?;
    }
    let mut about = entries.keys();
    // A decision may judge a decision ("taken back"), and so on.
    while !about.is_empty() {
        let found: Vec<(i64, i64)> = rows::pick(tx, DECISIONS_ABOUT, firm, &about).await?;
        let known = entries.found.len();
        entries.take_ids(tx, firm, found.iter().map(|(entry, _)| *entry).collect()).await?;
        about = entries.all[known..].iter().map(|entry| entry.key().0.cast_signed()).collect();
    }
    Ok(entries.all)
}

/// Every message of a thread, in no particular order.
pub async fn thread(tx: &mut Tx, firm: FirmId, thread: u64) -> Result<Vec<Entry>> {
    let rows: Vec<EntryRow> = rows::pick(tx, BY_THREAD, firm, &[thread.cast_signed()]).await?;
    rows.into_iter().map(entry).collect()
}

/// Every entry that any of these addresses and numbers takes part in, in no particular order, each once.
pub async fn with_addresses(tx: &mut Tx, firm: FirmId, addresses: &[AddressId]) -> Result<Vec<Entry>> {
    let addresses: Vec<i64> = addresses.iter().map(|address| address.0.into()).collect();
    let mut entries = Entries::default();
    entries.take_all(tx, firm, OF_ADDRESSES, &addresses).await?;
    Ok(entries.all)
}

/// Every letter that an address is on, in no particular order.
pub async fn letters_with(tx: &mut Tx, firm: FirmId, address: AddressId) -> Result<Vec<Entry>> {
    let mut entries = with_addresses(tx, firm, &[address]).await?;
    entries.retain(|entry| matches!(entry, Entry::Message(_)));
    Ok(entries)
}

/// Every address and number that the firm has met.
pub async fn addresses(tx: &mut Tx, firm: FirmId) -> Result<impl Iterator<Item = AddressId>> {
    let next: i64 = sql!(tx, c => query_scalar(NEXT_ADDRESS).bind(firm.0).fetch_one(c).await)?;
    Ok((0..u32::try_from(next).unwrap_or(u32::MAX)).map(AddressId))
}

/// Every address and number that belongs to a client, by the book.
async fn addresses_of(tx: &mut Tx, firm: FirmId, client: ClientId, book: &FirmBook) -> Result<Vec<i64>> {
    let all = addresses(tx, firm).await?;
    let own = all.filter(|address| book.directory.who(*address).client() == Some(client));
    Ok(own.map(|address| address.0.into()).collect())
}

/// The entries with these natural keys, in no particular order; a key that is not there is left out.
pub async fn entries(tx: &mut Tx, firm: FirmId, keys: &[NaturalKey]) -> Result<Vec<Entry>> {
    let keys: Vec<i64> = keys.iter().map(|key| key.0.cast_signed()).collect();
    let rows: Vec<EntryRow> = rows::pick(tx, BY_KEY, firm, &keys).await?;
    rows.into_iter().map(entry).collect()
}

/// The entries of these rows, in no particular order.
pub async fn by_ids(tx: &mut Tx, firm: FirmId, ids: &[EntryId]) -> Result<Vec<Entry>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<EntryRow> = rows::pick(tx, BY_ID, firm, &ids).await?;
    rows.into_iter().map(entry).collect()
}

/// The decisions about entries with these natural keys, the decisions about those decisions, and so on.
pub async fn decisions_about(tx: &mut Tx, firm: FirmId, keys: &[NaturalKey]) -> Result<Vec<Decision>> {
    let mut about: Vec<i64> = keys.iter().map(|key| key.0.cast_signed()).collect();
    let mut entries = Entries::default();
    while !about.is_empty() {
        let found: Vec<(i64, i64)> = rows::pick(tx, DECISIONS_ABOUT, firm, &about).await?;
        let known = entries.found.len();
        entries.take_ids(tx, firm, found.iter().map(|(entry, _)| *entry).collect()).await?;
        about = entries.all[known..].iter().map(|entry| entry.key().0.cast_signed()).collect();
    }
    let decision = |entry| if let Entry::Decision(decision) = entry { Some(decision) } else { None };
    Ok(entries.all.into_iter().filter_map(decision).collect())
}

/// The entries that these verdicts judge, those that decisions among them judge, and so on, each once.
pub async fn judged_by(tx: &mut Tx, firm: FirmId, verdicts: &[&Verdict]) -> Result<Vec<Entry>> {
    let mut next: Vec<NaturalKey> = verdicts.iter().filter_map(|what| what.judges()).map(Of::key).collect();
    let mut known: FxHashSet<NaturalKey> = FxHashSet::default();
    let mut all = Vec::new();
    loop {
        next.retain(|key| known.insert(*key));
        if next.is_empty() {
            return Ok(all);
        }
        let found = entries(tx, firm, &next).await?;
        next = decisions_in(&found).filter_map(|decision| decision.what.judges()).map(Of::key).collect();
        all.extend(found);
    }
}

/// The decisions among entries.
pub fn decisions_in(entries: &[Entry]) -> impl Iterator<Item = &Decision> {
    entries
        .iter()
        .filter_map(|entry| if let Entry::Decision(decision) = entry { Some(decision) } else { None })
}

#[derive(Default)]
struct Entries {
    all: Vec<Entry>,
    found: FxHashSet<i64>,
}

impl Entries {
    fn take(&mut self, rows: Vec<EntryRow>) -> Result<()> {
        for row in rows {
            if self.found.insert(row.0) {
                self.all.push(entry(row)?);
            }
        }
        Ok(())
    }

    /// Takes the entries whose ids a question gives.
    async fn take_all(
        &mut self,
        tx: &mut Tx,
        firm: FirmId,
        question: &'static str,
        keys: &[i64],
    ) -> Result<()> {
        let found: Vec<(i64,)> = rows::pick(tx, question, firm, keys).await?;
        self.take_ids(tx, firm, found.into_iter().map(|(entry,)| entry).collect()).await
    }

    async fn take_ids(&mut self, tx: &mut Tx, firm: FirmId, mut ids: Vec<i64>) -> Result<()> {
        ids.retain(|id| !self.found.contains(id));
        ids.sort_unstable();
        ids.dedup();
        self.take(rows::pick(tx, BY_ID, firm, &ids).await?)
    }

    fn keys(&self) -> Vec<i64> {
        self.all.iter().map(|entry| entry.key().0.cast_signed()).collect()
    }
}

/// The thread of a message.
fn thread_of(entry: &Entry) -> Option<i64> {
    match entry {
        Entry::Message(message) => Some(message.thread.cast_signed()).filter(|thread| *thread != 0),
        _ => None,
    }
}

fn entry((id, kind, at, key, thread, answers, facts): EntryRow) -> Result<Entry> {
    let columns = Row {
        entry: EntryId(id),
        key: NaturalKey(key.cast_unsigned()),
        at: at.into(),
        thread: thread.cast_unsigned(),
        answers: answers.map(|key| NaturalKey(key.cast_unsigned())),
    };
    facts::unpack(&kind, columns, &facts)
        .map_err(|e| Error::Unexpected(anyhow::Error::new(e).context(format!("reading entry {id}"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Db, Location, dialect};
    use crate::record::timeline;

    /// By an index of the firm, looking up 500 entries of a million reads all of them.
    #[test]
    fn entries_are_looked_up_by_their_ids_and_not_by_their_firm() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let db = Db::open(&Location::Folder(folder.path().to_owned())).await.unwrap();
            let mut tx = db.read().await.unwrap();
            for text in [BY_ID, timeline::MESSAGES, dialect::index_words(&tx)] {
                let plan = rows::plan(&mut tx, text, 500).await;
                assert!(plan.contains("USING INTEGER PRIMARY KEY (rowid=?)"), "{text}: {plan}");
            }
        });
    }
}
