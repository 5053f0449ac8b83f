//! Entries that are no messages: calls, notes and decisions.

use care::acts::Direction;
use care::entry::{Call, Decision, Entry, Note, NoteKind, Of, Subject, Verdict};
use jiff::Timestamp;
use sqlx::{query, query_scalar};

use super::entry_rows::{People, known, write_acts};
use super::{Added, begins_at, direction_name, facts, storable};
use crate::db::rows::{Insert, Value};
use crate::db::{Ts, Tx, run, sql};
use crate::error::Result;
use crate::ids::{AddressId, ClientId, EntryId, FirmId, NaturalKey};

const ENTRY: Insert = Insert {
    into: "entry (firm_id, entry_id, kind, at, natural_key, thread_id, facts)",
    then: "ON CONFLICT (firm_id, natural_key) DO NOTHING",
};
const CALLS: Insert = Insert {
    into: "call (firm_id, entry_id, direction, from_address, to_address, from_spelled, to_spelled, seconds)",
    then: "",
};
const NOTE: &str = "INSERT INTO note (firm_id, entry_id, kind, written_by_id, client_id, subject, body)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const DECISION: &str =
    "INSERT INTO decision (firm_id, entry_id, kind, client_id, decided_by_id, about_key, words)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

const LAST_ABOUT: &str = "SELECT MAX(e.at) FROM decision d
    JOIN entry e ON e.firm_id = d.firm_id AND e.entry_id = d.entry_id
    WHERE d.firm_id = $1 AND d.about_key = $2 AND d.kind = $3";
const LAST_AT_CLIENT: &str = "SELECT MAX(e.at) FROM decision d
    JOIN entry e ON e.firm_id = d.firm_id AND e.entry_id = d.entry_id
    WHERE d.firm_id = $1 AND d.client_id = $2 AND d.kind = $3";
const LAST_PLACED: &str = "SELECT MAX(e.at) FROM decision d
    JOIN entry e ON e.firm_id = d.firm_id AND e.entry_id = d.entry_id
    WHERE d.firm_id = $1 AND d.kind IN ('placed', 'merged', 'split')";
const DECIDED_AT: &str = "SELECT at FROM entry WHERE firm_id = $1 AND natural_key = $2";

/// A call as it comes into the record.
#[derive(Debug, Clone)]
pub struct NewCall {
    /// What the fold needs.
    pub facts: Call,
    /// Which way it went.
    pub direction: Direction,
    /// Who rang, as the list spells it.
    pub from: String,
    /// Who was rung, as the list spells it.
    pub to: String,
}

/// Adds calls to the record; one that is there already (by its natural key) is left as it is.
pub async fn add_calls(tx: &mut Tx, firm: FirmId, calls: &[NewCall]) -> Result<Vec<Added>> {
    let keys: Vec<NaturalKey> = calls.iter().map(|new| new.facts.key).collect();
    let mut known = known(tx, firm, &keys).await?;
    let (mut added, mut values) = (Vec::with_capacity(calls.len()), Vec::new());
    for NewCall { facts: call, direction, from, to } in calls {
        if let Some(entry) = known.get(&call.key) {
            added.push(Added { entry: *entry, new: false });
            continue;
        }
        let entry =
            add_entry(tx, firm, &Entry::Call(call.clone()), &[(call.from, "from"), (call.to, "to")]).await?;
        known.insert(call.key, entry);
        added.push(Added { entry, new: true });
        values.extend([
            Value::int(firm.0),
            Value::int(entry.0),
            Value::text(direction_name(*direction)),
            Value::int(call.from.0.into()),
            Value::int(call.to.0.into()),
            Value::text(from),
            Value::text(to),
            Value::Int(call.talked.map(|talked| talked.as_secs())),
        ]);
    }
    CALLS.rows(tx, &values).await?;
    begins_at(tx, firm, calls.iter().map(|new| new.facts.at).min()).await?;
    Ok(added)
}

/// Adds a note with its words; one that is there already (by its natural key) is left as it is. The passages of its
/// acts count in `body`.
pub async fn add_note(tx: &mut Tx, firm: FirmId, note: &Note, subject: &str, body: &str) -> Result<Added> {
    if let Some(entry) = known(tx, firm, &[note.key]).await?.remove(&note.key) {
        return Ok(Added { entry, new: false });
    }
    let with: Vec<(AddressId, &'static str)> = note.with.iter().map(|address| (*address, "with")).collect();
    let entry = add_entry(tx, firm, &Entry::Note(note.clone()), &with).await?;
    let kind = match note.kind {
        NoteKind::Call => "call",
        NoteKind::Meeting => "meeting",
        NoteKind::Text => "text",
    };
    let (subject, body) = (storable(subject), storable(body));
    run!(
        tx,
        query(NOTE)
            .bind(firm.0)
            .bind(entry.0)
            .bind(kind)
            .bind(note.by.0)
            .bind(note.client.0)
            .bind(subject.as_ref())
            .bind(body.as_ref())
    )?;
    write_acts(tx, firm, [(entry, &*note.acts)]).await?;
    Ok(Added { entry, new: true })
}

/// Adds what a person decided, with the reason in their words: at its moment, and after the decisions that it comes after.
/// The caller folds the clients it concerns again, in the same transaction.
pub async fn add_decision(tx: &mut Tx, firm: FirmId, decision: &Decision, words: &str) -> Result<EntryId> {
    let at = decided_at(tx, firm, decision).await?;
    let entry = add_entry(tx, firm, &Entry::Decision(Decision { at, ..decision.clone() }), &[]).await?;
    let (kind, about, client) = terms(&decision.what);
    let words = storable(words);
    run!(
        tx,
        query(DECISION)
            .bind(firm.0)
            .bind(entry.0)
            .bind(kind)
            .bind(client.map(|client| client.0))
            .bind(decision.by.0)
            .bind(about.map(|key| key.0.cast_signed()))
            .bind(words.as_ref())
    )?;
    Ok(entry)
}

/// The moment of a decision: after the last one of its kind about the same, which it replaces, and after the one that it
/// judges, also where the clock was put back between them.
async fn decided_at(tx: &mut Tx, firm: FirmId, decision: &Decision) -> Result<Timestamp> {
    let (kind, about, client) = terms(&decision.what);
    let judged: Option<Ts> = match decision.what.judges() {
        Some(Of::Decision(key)) => {
            let key = key.0.cast_signed();
            sql!(tx, c => query_scalar(DECIDED_AT).bind(firm.0).bind(key).fetch_optional(c).await)?
        }
        _ => None,
    };
    // Only these are decided by the last one. What ends something is not put off: it would stand open until then.
    let of = match decision.what {
        Verdict::Owner { .. } => about.map(|key| (LAST_ABOUT, key.0.cast_signed())),
        Verdict::PointPerson { .. } | Verdict::Cover { .. } | Verdict::Planned { .. } => {
            client.map(|client| (LAST_AT_CLIENT, client.0))
        }
        _ => None,
    };
    let replaced: Option<Ts> = match of {
        Some((last, of)) => {
            sql!(tx, c => query_scalar(last).bind(firm.0).bind(of).bind(kind).fetch_one(c).await)?
        }
        None => None,
    };
    Ok(after(judged.max(replaced), decision.at))
}

/// The moment of decisions about who is who, which come after all earlier ones.
pub async fn placed_at(tx: &mut Tx, firm: FirmId, now: Timestamp) -> Result<Timestamp> {
    let last = sql!(tx, c => query_scalar(LAST_PLACED).bind(firm.0).fetch_one(c).await)?;
    Ok(after(last, now))
}

fn after(last: Option<Ts>, now: Timestamp) -> Timestamp {
    last.map_or(now, |last| now.max(Ts(last.0.saturating_add(1)).into()))
}

async fn add_entry(
    tx: &mut Tx,
    firm: FirmId,
    entry: &Entry,
    people: &[(AddressId, &'static str)],
) -> Result<EntryId> {
    let id = EntryId(tx.new_id());
    let packed = facts::pack(entry);
    ENTRY
        .rows(
            tx,
            &[
                Value::int(firm.0),
                Value::int(id.0),
                Value::text(facts::kind(entry)),
                Value::at(entry.at()),
                Value::int(entry.key().0.cast_signed()),
                Value::int(0),
                Value::bytes(&packed),
            ],
        )
        .await?;
    let mut seen = People::default();
    seen.add(firm, id, entry.at(), people.iter().copied());
    seen.write(tx).await?;
    Ok(id)
}

/// The word for a verdict, the entry that it judges, and the client that it names.
fn terms(verdict: &Verdict) -> (&'static str, Option<NaturalKey>, Option<ClientId>) {
    let of = |of: &Of| Some(of.key());
    let subject = |subject: &Subject| Some(subject.of.key());
    match verdict {
        Verdict::NoAnswerNeeded { message } => ("no_answer_needed", Some(*message), None),
        Verdict::AnswerNeeded { message } => ("answer_needed", Some(*message), None),
        Verdict::NotThatAct { of: about, .. } => ("not_that_act", of(about), None),
        Verdict::ThatAct { of: about, .. } => ("that_act", of(about), None),
        Verdict::Done { subject: about, .. } => ("done", subject(about), None),
        Verdict::NewDate { subject: about, .. } => ("new_date", subject(about), None),
        Verdict::Released { subject: about } => ("released", subject(about), None),
        Verdict::Owner { subject: about, .. } => ("owner", subject(about), None),
        Verdict::Confirmed { opened, .. } => ("confirmed", of(opened), None),
        Verdict::NotTheEnd { opened, .. } => ("not_the_end", of(opened), None),
        Verdict::Kept { client, .. } => ("kept", None, Some(*client)),
        Verdict::Spared { client, .. } => ("spared", None, Some(*client)),
        Verdict::Planned { client, .. } => ("planned", None, Some(*client)),
        Verdict::PointPerson { client, .. } => ("point_person", None, Some(*client)),
        Verdict::Cover { client, .. } => ("cover", None, Some(*client)),
        Verdict::Placed { who, .. } => ("placed", None, who.client()),
        Verdict::Merged { into, .. } => ("merged", None, Some(*into)),
        Verdict::Split { into, .. } => ("split", None, Some(*into)),
        Verdict::TakenBack { decision } => ("taken_back", Some(*decision), None),
    }
}
