//! The only writer of entries.
//!
//! How an import goes on after it was killed: everything of a batch is written in one transaction, together with the
//! place in the file up to which it was read ([`super::sources::reach`]). What was not committed is read again; a
//! message that is already there is found by its natural key and not added twice.

use std::borrow::Cow;

use care::entry::{Entry, Message};
use care::ids::NaturalKey;
use rustc_hash::FxHashMap;
use sqlx::query;

use super::entry_rows::{People, known, known_by, write_acts};
use super::raw::Packed;
use super::{Added, NewMessage, begins_at, direction_name, facts, read, storable};
use crate::db::rows::{Insert, Value};
use crate::db::{Ts, Tx, dialect, rows, run};
use crate::error::Result;
use crate::ids::{ClientId, EntryId, FirmId};

const KNOWN_CONTENT: &str =
    "SELECT content_key, entry_id FROM message WHERE firm_id = {firm} AND content_key IN {list}";

const WORDS: &str = "SELECT entry_id, subject, body FROM message {whole} WHERE firm_id = $1";
const FORGET_MENTIONS: &str = "DELETE FROM entry_mention WHERE firm_id = {firm} AND entry_id IN {list}";
const CHANGE: &str = "UPDATE entry SET facts = $3 WHERE firm_id = $1 AND entry_id = $2";

const ENTRIES: Insert = Insert {
    into: "entry (firm_id, entry_id, kind, at, natural_key, thread_id, answers_key, facts)",
    then: "",
};
const ENTRY_TIES: Insert = Insert { into: "entry_tie (firm_id, entry_id, facts)", then: "" };
const MESSAGES: Insert = Insert {
    into: "message (firm_id, entry_id, message_id, content_key, subject, people, body, direction, automatic, attachments, \
           reader_version, raw_hash)",
    then: "",
};
const RAWS: Insert =
    Insert { into: "raw (firm_id, hash, size, packed)", then: "ON CONFLICT (firm_id, hash) DO NOTHING" };
const ENTRY_MENTIONS: Insert = Insert {
    into: "entry_mention (firm_id, client_id, entry_id)",
    then: "ON CONFLICT (firm_id, client_id, entry_id) DO NOTHING",
};
const ENTRY_MAILBOXES: Insert = Insert {
    into: "entry_mailbox (firm_id, entry_id, folder_id, source_id, position)",
    then: "ON CONFLICT (firm_id, entry_id, folder_id) DO NOTHING",
};
const THREADS: Insert = Insert {
    into: "thread (firm_id, thread_id, subject, first_at, last_at, last_direction, messages)",
    then: "ON CONFLICT (firm_id, thread_id) DO UPDATE SET
        subject = CASE WHEN excluded.first_at < thread.first_at THEN excluded.subject ELSE thread.subject END,
        first_at = CASE WHEN excluded.first_at < thread.first_at THEN excluded.first_at ELSE thread.first_at END,
        last_direction = CASE WHEN thread.last_at <= excluded.last_at THEN excluded.last_direction
            ELSE thread.last_direction END,
        last_at = CASE WHEN thread.last_at < excluded.last_at THEN excluded.last_at ELSE thread.last_at END,
        messages = thread.messages + excluded.messages",
};

/// Adds messages to the record, in the order given; those that are there already only note where else they lie.
///
/// Addresses must have been saved before in the same transaction. Best called with a few hundred to a few thousand
/// messages at a time.
pub async fn add_messages(tx: &mut Tx, firm: FirmId, messages: &[NewMessage]) -> Result<Vec<Added>> {
    let added = number(tx, firm, messages).await?;
    let new: Vec<(EntryId, &NewMessage)> = added
        .iter()
        .zip(messages)
        .filter(|(added, _)| added.new)
        .map(|(added, message)| (added.entry, message))
        .collect();
    write_messages(tx, firm, &new, &added, messages).await?;
    write_people(tx, firm, &new).await?;
    write_acts(tx, firm, new.iter().map(|(entry, message)| (*entry, &*message.facts.acts))).await?;
    let ids: Vec<i64> = new.iter().map(|(entry, _)| entry.0).collect();
    rows::for_each_of(tx, dialect::index_words(tx), firm, &ids).await?;
    begins_at(tx, firm, new.iter().map(|(_, message)| message.facts.at).min()).await?;
    Ok(added)
}

/// Writes anew what the fold knows of a message: what reading or placing gave, never what happened.
pub async fn change(tx: &mut Tx, firm: FirmId, message: &Message) -> Result<()> {
    let facts = facts::pack_message(message);
    run!(tx, query(CHANGE).bind(firm.0).bind(message.entry.0).bind(facts)).map(drop)
}

/// Looks again which clients messages name: `find` is given subject and body.
pub async fn renew_mentions(
    tx: &mut Tx,
    firm: FirmId,
    find: impl Fn(&str, &str) -> Box<[ClientId]>,
) -> Result<()> {
    let mut known: FxHashMap<EntryId, Message> = FxHashMap::default();
    read::load_all(tx, firm, |entry| {
        if let Entry::Message(message) = entry {
            known.insert(message.entry, message);
        }
    })
    .await?;
    let mut changed: Vec<Message> = Vec::new();
    rows::every(tx, WORDS, firm, |(entry, subject, body): (i64, String, String)| {
        let Some(message) = known.remove(&EntryId(entry)) else { return };
        let mentions = find(&subject, &body);
        if mentions != message.mentions {
            changed.push(Message { mentions, ..message });
        }
    })
    .await?;
    let entries: Vec<i64> = changed.iter().map(|message| message.entry.0).collect();
    rows::for_each_of(tx, FORGET_MENTIONS, firm, &entries).await?;
    let mut values = Vec::new();
    for message in &changed {
        change(tx, firm, message).await?;
        for client in &message.mentions {
            values.extend([Value::int(firm.0), Value::int(client.0), Value::int(message.entry.0)]);
        }
    }
    ENTRY_MENTIONS.rows(tx, &values).await.map(drop)
}

/// Which of the messages are new, and the entry of each. A copy may have been given another Message-ID on its way:
/// it is known by its content then.
async fn number(tx: &mut Tx, firm: FirmId, messages: &[NewMessage]) -> Result<Vec<Added>> {
    let keys: Vec<NaturalKey> = messages.iter().map(|message| message.facts.key).collect();
    let mut by_key = known(tx, firm, &keys).await?;
    let keys: Vec<NaturalKey> = messages.iter().map(|message| message.content).collect();
    let mut by_content = known_by(tx, KNOWN_CONTENT, firm, &keys).await?;
    let added = messages.iter().map(|message| {
        let (key, content) = (message.facts.key, message.content);
        let old = by_key.get(&key).or_else(|| by_content.get(&content)).copied();
        let entry = old.unwrap_or_else(|| EntryId(tx.new_id()));
        by_key.insert(key, entry);
        by_content.insert(content, entry);
        Added { entry, new: old.is_none() }
    });
    Ok(added.collect())
}

type New<'a> = [(EntryId, &'a NewMessage)];

/// Writes what there is one of for each message.
async fn write_messages(
    tx: &mut Tx,
    firm: FirmId,
    new: &New<'_>,
    added: &[Added],
    messages: &[NewMessage],
) -> Result<()> {
    let facts: Vec<Vec<u8>> = new.iter().map(|(_, message)| facts::pack_message(&message.facts)).collect();
    let ties: Vec<Vec<u8>> = new.iter().map(|(_, message)| facts::pack_tie(&message.tie)).collect();
    let texts: Vec<[Cow<'_, str>; 4]> = new
        .iter()
        .map(|(_, m)| [storable(&m.message_id), storable(&m.subject), storable(&m.people), storable(&m.body)])
        .collect();
    let threads = grown(new);
    let entries = new.iter().zip(&facts).flat_map(|(new, facts)| entry_row(firm, new, facts));
    let ties = new.iter().zip(&ties);
    let ties =
        ties.flat_map(|((entry, _), tie)| [Value::int(firm.0), Value::int(entry.0), Value::bytes(tie)]);
    rows::insert_each(
        tx,
        &[
            (&ENTRIES, entries.collect()),
            (&ENTRY_TIES, ties.collect()),
            (&RAWS, new.iter().flat_map(|(_, message)| raw_row(firm, &message.raw)).collect()),
            (
                &MESSAGES,
                new.iter().zip(&texts).flat_map(|(new, texts)| message_row(firm, new, texts)).collect(),
            ),
            (&THREADS, threads.iter().flat_map(|grown| grown.row(firm)).collect()),
            (&ENTRY_MAILBOXES, added.iter().zip(messages).flat_map(|(a, m)| place_row(firm, a, m)).collect()),
        ],
    )
    .await
}

fn entry_row<'a>(
    firm: FirmId,
    (entry, message): &(EntryId, &NewMessage),
    packed: &'a [u8],
) -> [Value<'a>; 8] {
    [
        Value::int(firm.0),
        Value::int(entry.0),
        Value::text("message"),
        Value::at(message.facts.at),
        Value::int(message.facts.key.0.cast_signed()),
        Value::int(message.facts.thread.cast_signed()),
        Value::Int(message.facts.answers.map(|key| key.0.cast_signed())),
        Value::bytes(packed),
    ]
}

fn raw_row(firm: FirmId, raw: &Packed) -> [Value<'_>; 4] {
    [
        Value::int(firm.0),
        Value::bytes(&raw.hash),
        Value::int(raw.size.cast_signed()),
        Value::bytes(&raw.packed),
    ]
}

fn message_row<'a>(
    firm: FirmId,
    (entry, message): &(EntryId, &'a NewMessage),
    [message_id, subject, people, body]: &'a [Cow<'_, str>; 4],
) -> [Value<'a>; 12] {
    [
        Value::int(firm.0),
        Value::int(entry.0),
        Value::text(message_id),
        Value::int(message.content.0.cast_signed()),
        Value::text(subject),
        Value::text(people),
        Value::text(body),
        Value::text(direction_name(message.direction)),
        Value::Text(message.automatic.as_deref()),
        Value::int(message.attachments.into()),
        Value::int(message.reader_version.into()),
        Value::bytes(&message.raw.hash),
    ]
}

fn place_row(firm: FirmId, added: &Added, message: &NewMessage) -> [Value<'static>; 5] {
    let found = message.found;
    [
        Value::int(firm.0),
        Value::int(added.entry.0),
        Value::int(found.folder.0),
        Value::Int(found.source.map(|source| source.0)),
        Value::Int(found.position.map(u64::cast_signed)),
    ]
}

async fn write_people(tx: &mut Tx, firm: FirmId, new: &New<'_>) -> Result<()> {
    let mut people = People::default();
    let mut mentions = Vec::new();
    for (entry, message) in new {
        let facts = &message.facts;
        let to = facts.to.iter().map(|to| (*to, "to"));
        let cc = facts.cc.iter().map(|cc| (*cc, "cc"));
        people.add(firm, *entry, facts.at, std::iter::once((facts.from, "from")).chain(to).chain(cc));
        for client in &facts.mentions {
            mentions.extend([Value::int(firm.0), Value::int(client.0), Value::int(entry.0)]);
        }
    }
    people.write(tx).await?;
    ENTRY_MENTIONS.rows(tx, &mentions).await.map(drop)
}

/// What a batch adds to one thread.
struct Grown<'a> {
    thread: u64,
    subject: Cow<'a, str>,
    first: Ts,
    last: Ts,
    last_direction: &'static str,
    messages: i64,
}

impl Grown<'_> {
    fn row(&self, firm: FirmId) -> [Value<'_>; 7] {
        [
            Value::int(firm.0),
            Value::int(self.thread.cast_signed()),
            Value::text(&self.subject),
            Value::at(self.first),
            Value::at(self.last),
            Value::text(self.last_direction),
            Value::int(self.messages),
        ]
    }
}

/// What a batch adds to threads, in the order of their keys.
fn grown<'a>(new: &New<'a>) -> Vec<Grown<'a>> {
    let mut threads: FxHashMap<u64, Grown<'a>> = FxHashMap::default();
    for (_, message) in new {
        let at = Ts::from(message.facts.at);
        let direction = direction_name(message.direction);
        let grown = threads.entry(message.facts.thread).or_insert_with(|| Grown {
            thread: message.facts.thread,
            subject: storable(&message.subject),
            first: at,
            last: at,
            last_direction: direction,
            messages: 0,
        });
        grown.messages += 1;
        if at < grown.first {
            grown.first = at;
            grown.subject = storable(&message.subject);
        }
        if grown.last <= at {
            grown.last = at;
            grown.last_direction = direction;
        }
    }
    let mut threads: Vec<Grown<'a>> = threads.into_values().collect();
    threads.sort_unstable_by_key(|grown| grown.thread);
    threads
}
