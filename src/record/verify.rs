//! Looks whether the record is whole, and says what is wrong.

use care::book::FirmBook;
use care::entry::Entry;
use care::obligation::Obligation;
use sqlx::{query_as, query_scalar};

use super::{book, owed, raw, read};
use crate::db::{Db, Tx, dialect, rows, sql};
use crate::error::Result;
use crate::ids::FirmId;
use crate::text::counted;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at: `raw`, `entries`, `threads`, `words`, `references`, `obligations` or `database`.
    pub part: &'static str,
    /// What is wrong with it, as a sentence.
    pub words: String,
}

/// How many of one kind are told one by one; of more only the number is told.
const TOLD: usize = 20;

/// Rows that point at nothing: what is counted, and the sentence.
const LOST: [(&str, &str); 13] = [
    (
        "messages point at a raw item that is not there",
        "SELECT COUNT(*) FROM message a WHERE a.firm_id = $1 AND a.raw_hash IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM raw b WHERE b.firm_id = a.firm_id AND b.hash = a.raw_hash)",
    ),
    (
        "entries of messages have no message",
        "SELECT COUNT(*) FROM entry a WHERE a.firm_id = $1 AND a.kind = 'message' AND NOT EXISTS
            (SELECT 1 FROM message b WHERE b.firm_id = a.firm_id AND b.entry_id = a.entry_id)",
    ),
    (
        "messages have no entry",
        "SELECT COUNT(*) FROM message a WHERE a.firm_id = $1 AND NOT EXISTS
            (SELECT 1 FROM entry b WHERE b.firm_id = a.firm_id AND b.entry_id = a.entry_id)",
    ),
    (
        "messages lie in no mailbox",
        "SELECT COUNT(*) FROM message a WHERE a.firm_id = $1 AND NOT EXISTS
            (SELECT 1 FROM entry_mailbox b WHERE b.firm_id = a.firm_id AND b.entry_id = a.entry_id)",
    ),
    (
        "messages have nothing that ties them to their thread",
        "SELECT COUNT(*) FROM message a WHERE a.firm_id = $1 AND NOT EXISTS
            (SELECT 1 FROM entry_tie b WHERE b.firm_id = a.firm_id AND b.entry_id = a.entry_id)",
    ),
    (
        "entries name an address that is not there",
        "SELECT COUNT(*) FROM entry_address a WHERE a.firm_id = $1 AND NOT EXISTS
            (SELECT 1 FROM address b WHERE b.firm_id = a.firm_id AND b.address = a.address)",
    ),
    (
        "places of mail name a folder that is not there",
        "SELECT COUNT(*) FROM entry_mailbox a WHERE a.firm_id = $1 AND NOT EXISTS
            (SELECT 1 FROM folder b WHERE b.firm_id = a.firm_id AND b.folder_id = a.folder_id)",
    ),
    (
        "acts belong to no entry",
        "SELECT COUNT(*) FROM act a WHERE a.firm_id = $1 AND NOT EXISTS
            (SELECT 1 FROM entry b WHERE b.firm_id = a.firm_id AND b.entry_id = a.entry_id)",
    ),
    (
        "contacts belong to a client that is not there",
        "SELECT COUNT(*) FROM contact a WHERE a.firm_id = $1 AND NOT EXISTS
            (SELECT 1 FROM client b WHERE b.firm_id = a.firm_id AND b.client_id = a.client_id)",
    ),
    (
        "matters belong to a client that is not there",
        "SELECT COUNT(*) FROM matter a WHERE a.firm_id = $1 AND NOT EXISTS
            (SELECT 1 FROM client b WHERE b.firm_id = a.firm_id AND b.client_id = a.client_id)",
    ),
    (
        "obligations are owed to a client that is not there",
        "SELECT COUNT(*) FROM obligation a WHERE a.firm_id = $1 AND NOT EXISTS
            (SELECT 1 FROM client b WHERE b.firm_id = a.firm_id AND b.client_id = a.client_id)",
    ),
    (
        "addresses belong to somebody of the firm who is not there",
        "SELECT COUNT(*) FROM staff_address a WHERE a.firm_id = $1 AND NOT EXISTS
            (SELECT 1 FROM staff b WHERE b.firm_id = a.firm_id AND b.staff_id = a.staff_id)",
    ),
    (
        "threads hold another number of messages than they say",
        "SELECT COUNT(*) FROM thread a WHERE a.firm_id = $1 AND a.messages <> (SELECT COUNT(*) FROM entry b
            WHERE b.firm_id = a.firm_id AND b.thread_id = a.thread_id AND b.kind = 'message')",
    ),
];
const UNTIED: &str = "SELECT COUNT(*) FROM entry a WHERE a.firm_id = $1 AND a.kind = 'message' AND NOT EXISTS
    (SELECT 1 FROM thread b WHERE b.firm_id = a.firm_id AND b.thread_id = a.thread_id)";
const RAWS: &str = "SELECT hash, size, packed FROM raw WHERE firm_id = $1";
const WORDED: &str = "SELECT COUNT(*) FROM message WHERE firm_id = $1 AND raw_hash IS NOT NULL";

/// Looks at everything of a firm. `fold` is the fold of all records, as the program does it; `progress` is told what
/// is looked at, and how many raw items were read.
pub async fn verify(
    db: &Db,
    firm: FirmId,
    fold: impl Fn(&[Entry], &FirmBook) -> Vec<Obligation>,
    mut progress: impl FnMut(&str, u64),
) -> Result<Vec<Finding>> {
    let mut tx = db.read().await?;
    let mut found = Vec::new();
    progress("database", 0);
    database(&mut tx, &mut found).await?;
    raws(&mut tx, firm, &mut found, &mut progress).await?;
    progress("references", 0);
    for (sentence, question) in
        LOST.into_iter().chain([("messages belong to a thread that is not there", UNTIED)])
    {
        let count: i64 = sql!(&mut tx, c => query_scalar(question).bind(firm.0).fetch_one(c).await)?;
        if 0 < count {
            found.push(Finding { part: "references", words: format!("{count} {sentence}") });
        }
    }
    progress("words", 0);
    words(&mut tx, firm, &mut found).await?;
    progress("obligations", 0);
    obligations(&mut tx, firm, &mut found, fold).await?;
    Ok(found)
}

async fn database(tx: &mut Tx, found: &mut Vec<Finding>) -> Result<()> {
    let question = dialect::check(tx);
    let said: Vec<(String,)> = sql!(tx, c => query_as(question).fetch_all(c).await)?;
    found.extend(
        said.into_iter().filter(|(words,)| words != "ok").map(|(words,)| Finding { part: "database", words }),
    );
    Ok(())
}

async fn raws(
    tx: &mut Tx,
    firm: FirmId,
    found: &mut Vec<Finding>,
    progress: &mut impl FnMut(&str, u64),
) -> Result<()> {
    let (mut count, mut damaged) = (0, 0);
    let mut told = Vec::new();
    rows::every(tx, RAWS, firm, |(hash, size, packed): (Vec<u8>, i64, Vec<u8>)| {
        if raw::unpack(&hash, size.cast_unsigned(), &packed).is_err() {
            damaged += 1;
            if told.len() < TOLD {
                let hex: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
                let words = format!("the raw item {hex}… does not give what its hash says");
                told.push(Finding { part: "raw", words });
            }
        }
        count += 1;
        if count % 1000 == 0 {
            progress("raw", count);
        }
    })
    .await?;
    if TOLD < damaged {
        told.push(Finding { part: "raw", words: format!("{} raw items more are damaged", damaged - TOLD) });
    }
    found.extend(told);
    Ok(())
}

async fn words(tx: &mut Tx, firm: FirmId, found: &mut Vec<Finding>) -> Result<()> {
    let question = dialect::count_words(tx);
    let indexed: i64 = sql!(tx, c => query_scalar(question).bind(firm.0).fetch_one(c).await)?;
    let messages: i64 = sql!(tx, c => query_scalar(WORDED).bind(firm.0).fetch_one(c).await)?;
    if indexed != messages {
        let words = format!(
            "the index of words holds {}, the record {messages}",
            counted(indexed.unsigned_abs() as usize, "message", "messages")
        );
        found.push(Finding { part: "words", words });
    }
    Ok(())
}

async fn obligations(
    tx: &mut Tx,
    firm: FirmId,
    found: &mut Vec<Finding>,
    fold: impl Fn(&[Entry], &FirmBook) -> Vec<Obligation>,
) -> Result<()> {
    let book = book::load(tx, firm).await?;
    let mut entries = Vec::new();
    if let Err(error) = read::load_all(tx, firm, |entry| entries.push(entry)).await {
        found.push(Finding { part: "entries", words: format!("{error:#}") });
    }
    let owed::Difference { missing, other, stale } = owed::compare(tx, firm, &fold(&entries, &book)).await?;
    for (count, sentence) in [
        (missing.len(), "obligations that the record gives are not kept"),
        (other.len(), "obligations are kept otherwise than the record gives them"),
        (stale.len(), "obligations are kept that the record does not give"),
    ] {
        if 0 < count {
            found.push(Finding { part: "obligations", words: format!("{count} {sentence}") });
        }
    }
    Ok(())
}
