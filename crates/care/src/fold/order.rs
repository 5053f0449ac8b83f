//! The order in which a record is folded.
//!
//! By time, except that a reply never comes before what it answers: clocks of two machines may differ by hours,
//! while the link between two messages does not lie. Ties go by natural key, so that arrival does not matter.

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use crate::entry::{Decision, Entry, Message, Of, Verdict};
use crate::ids::NaturalKey;

/// A fact of the record, at the moment at which it takes effect.
#[derive(Clone, Copy)]
pub(super) struct Event<'a> {
    pub(super) at: Timestamp,
    /// Among events of one moment: replies after what they answer, decisions last.
    rank: u32,
    pub(super) of: Of,
    pub(super) entry: &'a Entry,
}

impl<'a> Event<'a> {
    /// A fact that took effect when it happened.
    pub(super) fn of(entry: &'a Entry) -> Event<'a> {
        Event { at: entry.at(), rank: 0, of: entry.of(), entry }
    }
}

/// The facts in the order in which they took effect. `decisions` are those in force.
pub(super) fn events<'a>(entries: &[&'a Entry]) -> Vec<Event<'a>> {
    let mut events: Vec<Event<'a>> = entries
        .iter()
        .map(|&entry| Event::of(entry))
        .filter(|event| !matches!(event.of, Of::Decision(_)))
        .collect();
    if mend_clocks(&mut events) {
        events.sort_unstable_by_key(|event| (event.at, event.rank, event.of));
    }
    events
}

/// Puts each decision in force, in the order in which they were made, at the moment at which it takes effect: never before
/// what it judges.
pub(super) fn with_decisions<'a>(facts: &mut Vec<Event<'a>>, decisions: &[(&'a Entry, &'a Decision)]) {
    let mut moments: FxHashMap<Of, Option<Timestamp>> = FxHashMap::default();
    for (_, decision) in decisions {
        moments.extend(decision.what.judges().map(|of| (of, None)));
    }
    if !moments.is_empty() {
        for fact in facts.iter() {
            if let Some(moment) = moments.get_mut(&fact.of) {
                *moment = Some(fact.at);
            }
        }
    }
    // A decision that judges another one comes after it, as a new date told is done only later.
    let (later, first): (Vec<_>, Vec<_>) =
        decisions.iter().partition(|(_, d)| matches!(d.what.judges(), Some(Of::Decision(_))));
    // Of one moment, the one decided last comes last.
    let count = decisions.len() as u32;
    for (n, &(entry, decision)) in (0..).zip(first.into_iter().chain(later)) {
        let judged_at = decision.what.judges().and_then(|of| moments.get(&of).copied().flatten());
        let at = judged_at.map_or(said_at(decision), |judged_at| judged_at.max(said_at(decision)));
        let of = entry.of();
        if let Some(moment) = moments.get_mut(&of) {
            *moment = Some(at);
        }
        facts.push(Event { at, rank: u32::MAX - count + n, of, entry });
    }
    facts.sort_by_key(|event| (event.at, event.rank, event.of));
}

/// When what a decision tells of happened.
fn said_at(decision: &Decision) -> Timestamp {
    match decision.what {
        Verdict::Done { at, .. } | Verdict::NewDate { at, .. } | Verdict::Kept { at, .. } => at,
        _ => decision.at,
    }
}

/// Moves each reply that claims to be older than what it answers to just after it. Whether any moved.
fn mend_clocks(events: &mut [Event<'_>]) -> bool {
    let mut place: FxHashMap<NaturalKey, u32> =
        FxHashMap::with_capacity_and_hasher(events.len(), Default::default());
    for (i, event) in events.iter().enumerate() {
        if let Entry::Message(message) = event.entry {
            place.insert(message.key, i as u32);
        }
    }
    let target = |message: &Message| message.answers.and_then(|key| place.get(&key)).map(|&i| i as usize);
    let mut state = vec![Mending::Ahead; events.len()];
    let mut moved = false;
    let mut path = Vec::new();
    for i in 0..events.len() {
        path.push(i);
        while let Some(&i) = path.last() {
            let Entry::Message(message) = events[i].entry else {
                path.pop();
                continue;
            };
            let answered = target(message);
            if state[i] == Mending::Ahead
                && let Some(j) = answered
                && state[j] == Mending::Ahead
                && i != j
            {
                state[i] = Mending::Waits;
                path.push(j);
                continue;
            }
            path.pop();
            if state[i] == Mending::Done {
                continue;
            }
            state[i] = Mending::Done;
            // Messages that answer one another in a circle are left where their clocks put them.
            if let Some(j) = answered.filter(|&j| state[j] == Mending::Done && i != j)
                && events[i].at <= events[j].at
            {
                (events[i].at, events[i].rank) = (events[j].at, events[j].rank.saturating_add(1));
                moved = true;
            }
        }
    }
    moved
}

#[derive(Clone, Copy, PartialEq)]
enum Mending {
    Ahead,
    Waits,
    Done,
}
