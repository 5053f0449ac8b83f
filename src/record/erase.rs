//! Erasing what must not be kept: what arrived, its text and its words go, and a tombstone stays, so that the same
//! message is not taken in again and what it tied together stays tied.

use care::book::FirmBook;
use care::entry::Entry;
use jiff::Timestamp;
use rustc_hash::FxHashSet;
use sqlx::query;

use super::whose::{self, Reader};
use super::{outlook, read};
use crate::db::{Ts, Tx, dialect, rows, run};
use crate::error::Result;
use crate::ids::{AddressId, ClientId, FirmId, NaturalKey};

/// What was erased, and what was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erased {
    /// Messages, calls and notes whose words are gone.
    pub entries: usize,
    /// Messages that stay, since they are in the record of another client as well.
    pub shared: usize,
}

const RAW: &str = "DELETE FROM raw WHERE firm_id = {firm} AND hash IN
    (SELECT m.raw_hash FROM message m WHERE m.firm_id = raw.firm_id AND m.entry_id IN {list})";
const MESSAGE: &str =
    "UPDATE message SET message_id = '', subject = '', people = '', body = '', raw_hash = NULL
    WHERE {+}firm_id = {firm} AND entry_id IN {list}";
const WITH_WORDS: &str = "SELECT entry_id FROM message WHERE {+}firm_id = {firm} AND entry_id IN {list}
    AND (subject <> '' OR people <> '' OR body <> '' OR raw_hash IS NOT NULL)";
const NOTE: &str = "UPDATE note SET subject = '', body = '' WHERE {+}firm_id = {firm} AND entry_id IN {list}";
const DECISION: &str = "UPDATE decision SET words = '' WHERE {+}firm_id = {firm} AND entry_id IN {list}";
const ACT: &str = "DELETE FROM act WHERE firm_id = {firm} AND entry_id IN {list}";
const THREAD: &str =
    "UPDATE thread SET subject = '', client_id = NULL WHERE firm_id = {firm} AND thread_id IN {list}";
const ADDRESS: &str =
    "UPDATE address SET text = 'erased:' || address, name = '' WHERE firm_id = {firm} AND address IN {list}";
const ADDRESS_NAME: &str = "UPDATE address SET name = '' WHERE firm_id = {firm} AND address IN {list}";
const CONTACT_ADDRESS: &str = "DELETE FROM contact_address WHERE firm_id = {firm} AND address IN {list}";
const CONTACT: &str = "DELETE FROM contact WHERE firm_id = $1 AND client_id = $2";
const PLACEMENT: &str = "DELETE FROM placement WHERE firm_id = $1 AND client_id = $2";
const MATTER: &str = "UPDATE matter SET name = '', stage = NULL, client_status = NULL, custom = '{}'
    WHERE firm_id = $1 AND client_id = $2";
const PARTICULARS: &str = "DELETE FROM client_particular WHERE firm_id = $1 AND client_id = $2";
const CHANGES: &str = "DELETE FROM client_change WHERE firm_id = $1 AND client_id = $2";
const DEPARTURE: &str = "DELETE FROM departure WHERE firm_id = $1 AND client_id = $2";
const JUNK: &str = "DELETE FROM junk_letter WHERE firm_id = $1 AND client_id = $2";
const OUTGOING: &str = "DELETE FROM outgoing WHERE firm_id = {firm} AND answers_key IN
    (SELECT e.natural_key FROM entry e WHERE e.firm_id = outgoing.firm_id AND e.entry_id IN {list})";
const HOLDING: &str = "DELETE FROM holding_look WHERE firm_id = {firm} AND entry_id IN {list}";
const OUTGOING_OF: &str = "DELETE FROM outgoing WHERE firm_id = $1 AND client_id = $2";
const PROPOSED: &str = "DELETE FROM proposed_contact WHERE firm_id = $1 AND client_id = $2";
/// What the cards of its contacts said; where one is being written, that is needed to take it away again.
const SAID: &str = "UPDATE subscribed_item SET said = NULL
    WHERE firm_id = $1 AND said IS NOT NULL AND COALESCE(wrote, 0) <> 1 AND EXISTS
        (SELECT 1 FROM contact c WHERE c.firm_id = subscribed_item.firm_id AND c.client_id = $2
            AND subscribed_item.href LIKE '%/regard-contact-' || c.contact_id || '.vcf')";
const TOLD: &str = "DELETE FROM subscribed_fact WHERE firm_id = $1 AND client_id = $2";
const DRAFT_FILE: &str = "DELETE FROM draft_file WHERE firm_id = $1 AND draft_id IN
    (SELECT d.draft_id FROM draft d WHERE d.firm_id = $1 AND d.client_id = $2)";
const DRAFT: &str = "DELETE FROM draft WHERE firm_id = $1 AND client_id = $2";
const FILE_BYTES: &str = "DELETE FROM file_bytes WHERE firm_id = $1 AND NOT EXISTS
    (SELECT 1 FROM draft_file f WHERE f.firm_id = $1 AND f.hash = file_bytes.hash)";
const OBLIGATION: &str = "DELETE FROM obligation WHERE firm_id = $1 AND client_id = $2";
const CLIENT: &str =
    "UPDATE client SET external_key = 'erased:' || client_id, name = '', since_day = NULL, tier = NULL,
        revenue_minor = NULL, revenue_currency = NULL, custom = '{}', erased_at = $3
    WHERE firm_id = $1 AND client_id = $2";

/// Erases a client: its people, its mail, what was noted about it. Messages that another client takes part in stay.
/// The caller says so in the audit, and folds again whoever else is touched.
pub async fn erase_client(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    book: &FirmBook,
    now: Timestamp,
) -> Result<Erased> {
    let entries = read::load_record(tx, firm, client, book).await?;
    // Those too with which nobody ever wrote.
    let is_own = |address: &AddressId| book.directory.who(*address).client() == Some(client);
    let own: Vec<i64> =
        read::addresses(tx, firm).await?.filter(is_own).map(|address| address.0.into()).collect();
    let (gone, kept): (Vec<&Entry>, Vec<&Entry>) =
        entries.iter().partition(|entry| parties(entry, book).iter().all(|party| *party == client));
    erase_entries(tx, firm, &gone).await?;
    for text in [CONTACT_ADDRESS, ADDRESS] {
        rows::for_each_of(tx, text, firm, &own).await?;
    }
    let of_client = [SAID, CONTACT, PLACEMENT, MATTER, DEPARTURE, OBLIGATION, JUNK, OUTGOING_OF];
    for text in of_client.into_iter().chain([PARTICULARS, CHANGES, PROPOSED, TOLD, DRAFT_FILE, DRAFT]) {
        run!(tx, query(text).bind(firm.0).bind(client.0))?;
    }
    outlook::replace(tx, firm, client, None).await?;
    run!(tx, query(FILE_BYTES).bind(firm.0))?;
    run!(tx, query(CLIENT).bind(firm.0).bind(client.0).bind(Ts::from(now)))?;
    Ok(Erased { entries: gone.len(), shared: kept.len() })
}

/// Erases the mail of private correspondents, who have these addresses: every message that nobody of a client takes part
/// in. With `only`, those alone that lie in nobody else's mailbox, shared ones included.
pub async fn erase_private(
    tx: &mut Tx,
    firm: FirmId,
    addresses: &[AddressId],
    only: Option<Reader>,
    book: &FirmBook,
) -> Result<Erased> {
    let entries = read::with_addresses(tx, firm, addresses).await?;
    let mut others: FxHashSet<NaturalKey> = FxHashSet::default();
    if let Some(only) = only {
        let keys: Vec<NaturalKey> = entries.iter().map(Entry::key).collect();
        let owners = whose::owners(tx, firm, &keys).await?.into_iter();
        others.extend(owners.filter(|(_, owner)| !only.has(*owner)).map(|(entry, _)| entry));
    }
    let (gone, kept): (Vec<&Entry>, Vec<&Entry>) =
        entries.iter().partition(|entry| parties(entry, book).is_empty() && !others.contains(&entry.key()));
    let ids: Vec<i64> = gone.iter().map(|entry| entry.id().0).collect();
    // Of what was erased earlier, and of calls, no words are lost.
    let with_words: Vec<(i64,)> = rows::pick(tx, WITH_WORDS, firm, &ids).await?;
    erase_entries(tx, firm, &gone).await?;
    let addresses: Vec<i64> = addresses.iter().map(|address| address.0.into()).collect();
    rows::for_each_of(tx, ADDRESS_NAME, firm, &addresses).await?;
    Ok(Erased { entries: with_words.len(), shared: kept.len() })
}

async fn erase_entries(tx: &mut Tx, firm: FirmId, entries: &[&Entry]) -> Result<()> {
    let ids: Vec<i64> = entries.iter().map(|entry| entry.id().0).collect();
    let mut threads: Vec<i64> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Message(message) => Some(message.thread.cast_signed()),
            _ => None,
        })
        .collect();
    threads.sort_unstable();
    threads.dedup();
    let forget = dialect::forget_words(tx);
    for text in [forget, RAW, MESSAGE, NOTE, DECISION, ACT, OUTGOING, HOLDING] {
        rows::for_each_of(tx, text, firm, &ids).await?;
    }
    rows::for_each_of(tx, THREAD, firm, &threads).await.map(drop)
}

/// The clients that take part in an entry.
fn parties(entry: &Entry, book: &FirmBook) -> Vec<ClientId> {
    let of = |address: &AddressId| book.directory.who(*address).client();
    match entry {
        Entry::Message(message) => {
            std::iter::once(message.from).chain(message.recipients()).filter_map(|a| of(&a)).collect()
        }
        Entry::Call(call) => [call.from, call.to].iter().filter_map(of).collect(),
        Entry::Note(note) => vec![book.directory.client(note.client)],
        Entry::Decision(_) => Vec::new(),
    }
}
