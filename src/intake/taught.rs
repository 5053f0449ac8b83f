//! The reader of a firm: the shipped one, with what the firm's own people corrected laid over it.
//!
//! Nothing is kept for it: what was corrected stands in the record as decisions, and is read from there. So taking a
//! correction back un-teaches it, and forgetting all is one date before which corrections do not count.

use care::entry::{Decision, Entry, Of, Verdict};
use care::record::in_force;
use jiff::Timestamp;
use reading::acts::{Corrections, Reader};
use rustc_hash::FxHashMap;
use sqlx::{query, query_as, query_scalar};

use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::ids::{FirmId, NaturalKey};
use crate::record::{read, texts};

/// The reason that says: this was read wrongly. Letting go for another reason teaches nothing.
pub const READ_WRONGLY: &str = "Read wrongly";

const TAUGHT: &str = "SELECT e.natural_key, d.words FROM decision d
    JOIN entry e ON e.firm_id = d.firm_id AND e.entry_id = d.entry_id
    WHERE d.firm_id = $1
        AND d.kind IN ('no_answer_needed', 'answer_needed', 'not_that_act', 'that_act', 'taken_back')";
const FROM: &str = "SELECT taught_from_at FROM firm WHERE firm_id = $1";
const FORGET: &str = "UPDATE firm SET taught_from_at = $2 WHERE firm_id = $1";

/// The reader of a firm.
pub async fn reader(tx: &mut Tx, firm: FirmId) -> Result<Reader> {
    let shipped = Reader::shipped();
    let corrections = corrections(tx, firm, &shipped).await?;
    Ok(if corrections.is_empty() { shipped } else { shipped.with_corrections(&corrections) })
}

/// What a firm's people corrected, the oldest first.
pub async fn corrections(tx: &mut Tx, firm: FirmId, shipped: &Reader) -> Result<Corrections> {
    let mut corrections = Corrections::new();
    let rows: Vec<(i64, String)> = sql!(tx, c => query_as(TAUGHT).bind(firm.0).fetch_all(c).await)?;
    if rows.is_empty() {
        return Ok(corrections);
    }
    let from: Option<Ts> = sql!(tx, c => query_scalar(FROM).bind(firm.0).fetch_one(c).await)?;
    let from = from.map_or(Timestamp::MIN, Timestamp::from);
    let reasons: FxHashMap<NaturalKey, String> =
        rows.into_iter().map(|(key, words)| (NaturalKey(key.cast_unsigned()), words)).collect();
    let keys: Vec<NaturalKey> = reasons.keys().copied().collect();
    let entries = read::entries(tx, firm, &keys).await?;
    let decisions = entries.iter().filter_map(|entry| match entry {
        Entry::Decision(decision) => Some(decision),
        _ => None,
    });
    let teaches = |decision: &&Decision| {
        let reason = reasons.get(&decision.key).map_or("", String::as_str);
        from <= decision.at && (reason.is_empty() || reason == READ_WRONGLY)
    };
    let standing: Vec<&Decision> = in_force(decisions).into_iter().filter(teaches).collect();
    let judged = standing.iter().filter_map(|decision| decision.what.judges()).map(Of::key);
    let letters = texts::letters(tx, firm, judged).await?;
    for decision in standing {
        let Some(letter) = decision.what.judges().and_then(|of| letters.get(&of.key())) else { continue };
        let text = &letter.body;
        match &decision.what {
            Verdict::NoAnswerNeeded { .. } => corrections.needs_reply(shipped, text, false),
            Verdict::AnswerNeeded { .. } => corrections.needs_reply(shipped, text, true),
            Verdict::NotThatAct { passage, kind, .. } => {
                corrections.act(shipped, text, *passage, *kind, false);
            }
            Verdict::ThatAct { act, .. } => {
                corrections.act(shipped, text, (act.start, act.end), act.kind, true);
            }
            _ => {}
        }
    }
    Ok(corrections)
}

/// From `now` on the firm's reader is the shipped one again. What was decided stands; it only teaches no more.
pub async fn forget(tx: &mut Tx, firm: FirmId, now: Timestamp) -> Result<()> {
    run!(tx, query(FORGET).bind(firm.0).bind(Ts::from(now))).map(drop)
}
