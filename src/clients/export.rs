//! Everything about one client as a folder of plain files: JSON, and each message as it arrived.

use std::fs;
use std::path::Path;

use care::book::FirmBook;
use care::entry::Entry;
use care::obligation::Obligation;
use serde_json::{Value, json};
use sqlx::{FromRow, query_as};

use super::{Contact, kind_name, particulars, removed, store};
use crate::db::{Tx, sql};
use crate::departures;
use crate::disk;
use crate::error::{Error, Result};
use crate::ids::{ClientId, FirmId};
use crate::matters;
use crate::record::{owed, raw, read};

const MESSAGE: &str = "SELECT message_id, subject, people, body, direction, raw_hash FROM message
    WHERE firm_id = $1 AND entry_id = $2";
const NOTE: &str = "SELECT subject, body FROM note WHERE firm_id = $1 AND entry_id = $2";
const DECISION: &str = "SELECT kind, words FROM decision WHERE firm_id = $1 AND entry_id = $2";
const ADDRESS: &str = "SELECT text FROM address WHERE firm_id = $1 AND address = $2";

#[derive(FromRow)]
struct MessageRow {
    message_id: String,
    subject: String,
    people: String,
    body: String,
    direction: String,
    raw_hash: Option<Vec<u8>>,
}

/// Writes into a folder, which is made: `client.json`, `obligations.json`, `entries.json` in the order of time, and
/// `messages/0001.eml` and so on. Gives how many entries. `progress` is told how many are done, and of how many.
pub async fn export(
    tx: &mut Tx,
    firm: FirmId,
    client: ClientId,
    book: &FirmBook,
    folder: &Path,
    mut progress: impl FnMut(usize, usize),
) -> Result<usize> {
    let messages = folder.join("messages");
    disk::private_folder(&messages).map_err(|e| Error::file(&messages, e))?;
    write_json(&folder.join("client.json"), &about(tx, firm, client).await?)?;
    let owed = owed::of_client(tx, firm, client).await?;
    write_json(&folder.join("obligations.json"), &owed.iter().map(obligation).collect::<Vec<_>>().into())?;
    let mut entries = read::load_record(tx, firm, client, book).await?;
    entries.sort_by_key(Entry::order);
    let mut told = Vec::with_capacity(entries.len());
    for (n, entry) in entries.iter().enumerate() {
        let file = format!("messages/{:04}.eml", n + 1);
        told.push(tell(tx, firm, entry, folder, &file).await?);
        progress(n + 1, entries.len());
    }
    write_json(&folder.join("entries.json"), &told.into())?;
    Ok(entries.len())
}

async fn about(tx: &mut Tx, firm: FirmId, client: ClientId) -> Result<Value> {
    let all = store::all(tx, firm).await?;
    let who = all.into_iter().find(|other| other.id == client).ok_or(Error::NotFound)?;
    // Of whoever was removed it is kept who they were, so it is told as well.
    let removed: Vec<Contact> = removed::all(tx, firm).await?.into_iter().map(|one| one.contact).collect();
    let contacts = store::contacts(tx, firm).await?;
    let contacts = people(tx, firm, client, contacts).await?;
    let removed = people(tx, firm, client, removed).await?;
    let matters: Vec<Value> = matters::store::all(tx, firm)
        .await?
        .into_iter()
        .filter(|matter| matter.client == client)
        .map(|matter| {
            json!({"matter": matter.external_key, "name": matter.name, "kind": matter.kind,
                "opened": matter.opened, "closed": matter.closed, "custom": matter.custom})
        })
        .collect();
    let departures: Vec<Value> = departures::store::all(tx, firm)
        .await?
        .into_iter()
        .filter(|departure| departure.client == client)
        .map(|departure| {
            let (reason, evidence) = departure.reason.map(|(why, how)| (why.name(), how.name())).unzip();
            json!({"noticed": departure.noticed, "left": departure.left, "reason": reason,
                "evidence": evidence, "words": departure.words, "custom": departure.custom})
        })
        .collect();
    let told: Vec<Value> = particulars::ever(tx, firm, client)
        .await?
        .into_iter()
        .map(|(told, words)| {
            json!({"what": told.what.name(), "words": words, "from": told.from.map(|at| at.to_string()),
                "until": told.until.map(|at| at.to_string())})
        })
        .collect();
    Ok(json!({"client": who.external_key, "name": who.name, "kind": kind_name(who.kind), "since": who.since,
        "tier": who.tier, "custom": who.custom, "contacts": contacts, "matters": matters,
        "removed_contacts": removed, "departures": departures, "told": told}))
}

/// Those of some people who are of a client.
async fn people(tx: &mut Tx, firm: FirmId, client: ClientId, people: Vec<Contact>) -> Result<Vec<Value>> {
    let mut told = Vec::new();
    for contact in people.into_iter().filter(|contact| contact.client == client) {
        let mut addresses = Vec::new();
        for address in &contact.addresses {
            let number = i64::from(address.0);
            let found: Vec<(String,)> =
                sql!(tx, c => query_as(ADDRESS).bind(firm.0).bind(number).fetch_all(c).await)?;
            addresses.extend(found.into_iter().map(|(text,)| text));
        }
        told.push(json!({"name": contact.name, "role": contact.role, "addresses": addresses,
            "custom": contact.custom}));
    }
    Ok(told)
}

async fn tell(tx: &mut Tx, firm: FirmId, entry: &Entry, folder: &Path, file: &str) -> Result<Value> {
    let (id, at) = (entry.id().0, entry.at().to_string());
    match entry {
        Entry::Message(_) => {
            let row: MessageRow = sql!(tx, c => query_as(MESSAGE).bind(firm.0).bind(id).fetch_one(c).await)?;
            let mut kept = Value::Null;
            if let Some(hash) = &row.raw_hash {
                let path = folder.join(file);
                let bytes = raw::load(tx, firm, hash).await?;
                fs::write(&path, bytes).map_err(|e| Error::file(&path, e))?;
                kept = file.into();
            }
            Ok(json!({"kind": "message", "at": at, "message_id": row.message_id, "subject": row.subject,
                "people": row.people, "direction": row.direction, "text": row.body, "file": kept}))
        }
        Entry::Call(call) => {
            let seconds = call.talked.map(|talked| talked.as_secs());
            Ok(json!({"kind": "call", "at": at, "seconds": seconds}))
        }
        Entry::Note(_) => {
            let (subject, text): (String, String) =
                sql!(tx, c => query_as(NOTE).bind(firm.0).bind(id).fetch_one(c).await)?;
            Ok(json!({"kind": "note", "at": at, "subject": subject, "text": text}))
        }
        Entry::Decision(_) => {
            let (what, words): (String, String) =
                sql!(tx, c => query_as(DECISION).bind(firm.0).bind(id).fetch_one(c).await)?;
            Ok(json!({"kind": "decision", "at": at, "what": what, "words": words}))
        }
    }
}

fn obligation(owed: &Obligation) -> Value {
    let ended = owed.ended.map(|ended| json!({"how": ended.how, "at": ended.at.to_string()}));
    json!({"id": owed.id.to_string(), "kind": owed.kind.name(), "opened_at": owed.opened_at.to_string(),
        "due_at": owed.due_at.to_string(), "chases": owed.chases, "confidence": owed.confidence, "ended": ended})
}

fn write_json(path: &Path, value: &Value) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Error::Unexpected(e.into()))?;
    fs::write(path, text).map_err(|e| Error::file(path, e))
}
