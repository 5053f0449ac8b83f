//! Entries that are no messages: calls, notes and decisions.

use care::acts::Direction;
use care::entry::{Call, Decision, Entry, Note, NoteKind, Of, Subject, Verdict};
use rustc_hash::FxHashSet;
use sqlx::query;

use super::{Added, begins_at, direction_name, facts, storable};
use crate::db::rows::{Insert, Value};
use crate::db::{Ts, Tx, rows, run};
use crate::error::Result;
use crate::ids::{AddressId, ClientId, EntryId, FirmId, NaturalKey};

const KNOWN: &str =
    "SELECT natural_key, entry_id FROM entry WHERE firm_id = {firm} AND natural_key IN {list}";
const ENTRY: Insert = Insert {
    into: "entry (firm_id, entry_id, kind, at, natural_key, thread_id, facts)",
    then: "ON CONFLICT (firm_id, natural_key) DO NOTHING",
};
const ADDRESSES: Insert = Insert {
    into: "entry_address (firm_id, address, at, entry_id, role)",
    then: "ON CONFLICT (firm_id, address, at, entry_id) DO NOTHING",
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
const ACTS: Insert =
    Insert { into: "act (firm_id, entry_id, n, kind, start_char, end_char, confidence, due_at)", then: "" };

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
    let keys: Vec<i64> = calls.iter().map(|new| new.facts.key.0.cast_signed()).collect();
    let known: Vec<(i64, i64)> = rows::pick(tx, KNOWN, firm, &keys).await?;
    let mut known: rustc_hash::FxHashMap<i64, i64> = known.into_iter().collect();
    let (mut added, mut values) = (Vec::with_capacity(calls.len()), Vec::new());
    for NewCall { facts: call, direction, from, to } in calls {
        let key = call.key.0.cast_signed();
        if let Some(entry) = known.get(&key) {
            added.push(Added { entry: EntryId(*entry), new: false });
            continue;
        }
        let entry =
            add_entry(tx, firm, &Entry::Call(call.clone()), &[(call.from, "from"), (call.to, "to")]).await?;
        known.insert(key, entry.0);
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

/// Adds a note with its words. The passages of its acts count in `body`.
pub async fn add_note(tx: &mut Tx, firm: FirmId, note: &Note, subject: &str, body: &str) -> Result<EntryId> {
    let with: Vec<(AddressId, &str)> = note.with.iter().map(|address| (*address, "with")).collect();
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
    let mut values = Vec::new();
    for (n, act) in note.acts.iter().enumerate() {
        values.extend([
            Value::int(firm.0),
            Value::int(entry.0),
            Value::int(n as i64),
            Value::text(act.kind.name()),
            Value::int(act.start.into()),
            Value::int(act.end.into()),
            Value::Real(Some(act.confidence.into())),
            Value::At(act.due.map(Ts::from)),
        ]);
    }
    ACTS.rows(tx, &values).await?;
    Ok(entry)
}

/// Adds what a person decided, with the reason in their words. The caller folds the clients it concerns again, in the
/// same transaction.
pub async fn add_decision(tx: &mut Tx, firm: FirmId, decision: &Decision, words: &str) -> Result<EntryId> {
    let entry = add_entry(tx, firm, &Entry::Decision(decision.clone()), &[]).await?;
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

async fn add_entry(
    tx: &mut Tx,
    firm: FirmId,
    entry: &Entry,
    people: &[(AddressId, &str)],
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
    let mut seen = FxHashSet::default();
    let people: Vec<Value<'_>> = people
        .iter()
        .filter(|(address, _)| seen.insert(*address))
        .flat_map(|(address, role)| {
            let at = Value::at(entry.at());
            [Value::int(firm.0), Value::int(address.0.into()), at, Value::int(id.0), Value::text(role)]
        })
        .collect();
    ADDRESSES.rows(tx, &people).await?;
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
