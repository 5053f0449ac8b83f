//! The reasons why a client may leave, and what they add up to.
//!
//! The weights are judgements, not measurements: each says how likely that one reason alone makes a loss feel to people
//! who ran client care, and reasons add up as independent chances do. A back-test on a firm's own departures replaces
//! them once there are enough.

use care::ids::NaturalKey;
use care::obligation::{Kind, Obligation, Role, State, state};
use jiff::{SignedDuration, Timestamp};

use crate::quiet::{RECENT, Traffic, writes_less};

/// Risk from here on is high.
const HIGH: f64 = 0.6;
/// Risk from here on is medium.
const MEDIUM: f64 = 0.3;
/// A complaint weighs for so long.
const COMPLAINT_LASTS: SignedDuration = SignedDuration::from_hours(24 * 90);
/// Words of leaving weigh for so long.
const DEPARTURE_LASTS: SignedDuration = SignedDuration::from_hours(24 * 180);
/// Answers that ended within this time say how the client is used to being answered.
const HABIT: SignedDuration = SignedDuration::from_hours(24 * 180);
/// Fewer answers say nothing about a habit.
const HABIT_ANSWERS: usize = 3;
/// Less likely than this, a lull is no chance.
const LULL: f64 = 0.05;

/// What kind of reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReasonKind {
    /// An answer is late.
    Unanswered,
    /// The client had to ask again.
    Chased,
    /// A promise is past its date and not kept.
    BrokenPromise,
    /// A call was not returned.
    MissedCall,
    /// The client has been quiet past the wanted rhythm, and so have we.
    Quiet,
    /// We never wrote to them.
    NeverWritten,
    /// They write less than they used to.
    WritesLess,
    /// They complained lately.
    Complaint,
    /// They spoke of leaving.
    Departure,
    /// Half of their answers or more came late.
    AnsweredLate,
    /// The relation hangs on a single pair of people.
    OneTie,
}

impl ReasonKind {
    /// The word for this reason in tables, pages and JSON.
    pub fn name(self) -> &'static str {
        match self {
            ReasonKind::Unanswered => "unanswered",
            ReasonKind::Chased => "chased",
            ReasonKind::BrokenPromise => "broken_promise",
            ReasonKind::MissedCall => "missed_call",
            ReasonKind::Quiet => "quiet",
            ReasonKind::NeverWritten => "never_written",
            ReasonKind::WritesLess => "writes_less",
            ReasonKind::Complaint => "complaint",
            ReasonKind::Departure => "departure",
            ReasonKind::AnsweredLate => "answered_late",
            ReasonKind::OneTie => "one_tie",
        }
    }
}

/// One reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// What kind.
    pub kind: ReasonKind,
    /// Since when it holds.
    pub since: Timestamp,
    /// How likely it alone makes a loss, 0 to 1.
    pub weight: f64,
    /// The entries that prove it.
    pub evidence: Vec<NaturalKey>,
}

/// How likely a client is to leave or go quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// They are gone already, so nobody weighs whether they will go.
    None,
    /// Nothing speaks for it.
    Low,
    /// Something does.
    Medium,
    /// Much does.
    High,
}

impl Risk {
    /// The word for this risk.
    pub fn name(self) -> &'static str {
        match self {
            Risk::None => "none",
            Risk::Low => "low",
            Risk::Medium => "medium",
            Risk::High => "high",
        }
    }
}

/// The outlook of one client.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The reasons added up, 0 to 1.
    pub score: f64,
    /// The same as a word.
    pub risk: Risk,
    /// Why, the heaviest first.
    pub reasons: Vec<Reason>,
}

impl Outlook {
    /// The outlook of whoever has left: there is none.
    pub fn of_the_gone() -> Outlook {
        Outlook { score: 0.0, risk: Risk::None, reasons: Vec::new() }
    }
}

/// Something the client said that weighs for a while.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said {
    /// When.
    pub at: Timestamp,
    /// In which message.
    pub message: NaturalKey,
    /// How sure the reader is, 0 to 1.
    pub confidence: f32,
}

/// What is known about one client.
#[derive(Debug, Default)]
pub struct Facts<'a> {
    /// What is and was owed to them.
    pub obligations: Vec<&'a Obligation>,
    /// When we were in touch.
    pub traffic: Traffic,
    /// Their complaints.
    pub complaints: Vec<Said>,
    /// Their words of leaving.
    pub departures: Vec<Said>,
    /// How sure it is that they are a client at all, 0 to 1: reasons about a stranger weigh less.
    pub likeness: f64,
}

/// Weighs what is known about a client at a moment.
pub fn assess(facts: &Facts<'_>, now: Timestamp) -> Outlook {
    let mut reasons: Vec<Reason> = Vec::new();
    for owed in &facts.obligations {
        reasons.extend(owed_reasons(owed, now));
    }
    reasons.extend(never_written(&facts.traffic, now));
    reasons.extend(lull(&facts.traffic, now));
    reasons.extend(said(ReasonKind::Complaint, 0.5, COMPLAINT_LASTS, &facts.complaints, now));
    reasons.extend(said(ReasonKind::Departure, 0.7, DEPARTURE_LASTS, &facts.departures, now));
    reasons.extend(answered_late(&facts.obligations, now));
    let mut reasons = one_of_each(reasons);
    for reason in &mut reasons {
        reason.weight *= facts.likeness;
    }
    reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.since.cmp(&b.since)));
    let score = 1.0 - reasons.iter().map(|reason| 1.0 - reason.weight).product::<f64>();
    let risk = match score {
        high if HIGH <= high => Risk::High,
        medium if MEDIUM <= medium => Risk::Medium,
        _ => Risk::Low,
    };
    Outlook { score, risk, reasons }
}

fn owed_reasons(owed: &Obligation, now: Timestamp) -> Vec<Reason> {
    let Some((state, overdue)) = state(owed, now) else { return Vec::new() };
    if !state.is_owed() {
        return Vec::new();
    }
    let late_days = now.duration_since(owed.due_at).as_hours() as f64 / 24.0;
    let reason = |kind, since, weight| Reason { kind, since, weight, evidence: opened_by(owed) };
    let mut reasons = Vec::new();
    match owed.kind {
        Kind::Answer if overdue => {
            reasons.push(reason(ReasonKind::Unanswered, owed.opened_at, (0.3 + late_days * 0.03).min(0.6)));
        }
        Kind::Promise if state == State::Broken => {
            reasons.push(reason(ReasonKind::BrokenPromise, owed.due_at, (0.3 + late_days * 0.02).min(0.5)));
        }
        Kind::Callback if overdue => reasons.push(reason(ReasonKind::MissedCall, owed.opened_at, 0.35)),
        Kind::CheckIn => {
            reasons.push(reason(ReasonKind::Quiet, owed.opened_at, if overdue { 0.5 } else { 0.3 }))
        }
        Kind::SecondTie => reasons.push(reason(ReasonKind::OneTie, owed.opened_at, 0.1)),
        _ => {}
    }
    if 0 < owed.chases {
        let weight = (0.1 + 0.1 * f64::from(owed.chases)).min(0.5);
        reasons.push(reason(ReasonKind::Chased, owed.opened_at, weight));
    }
    reasons
}

fn opened_by(owed: &Obligation) -> Vec<NaturalKey> {
    let opening =
        owed.evidence.iter().filter(|evidence| matches!(evidence.role, Role::Opened | Role::Joined));
    opening.map(|evidence| evidence.of.key()).collect()
}

fn never_written(traffic: &Traffic, now: Timestamp) -> Option<Reason> {
    if traffic.outward.iter().any(|at| *at <= now) {
        return None;
    }
    let since = traffic.since.into_iter().chain(traffic.inward.first().copied()).min()?;
    (since <= now).then(|| Reason {
        kind: ReasonKind::NeverWritten,
        since,
        weight: 0.5,
        evidence: Vec::new(),
    })
}

fn lull(traffic: &Traffic, now: Timestamp) -> Option<Reason> {
    let chance = writes_less(&traffic.inward, now)?;
    let since = traffic.inward.iter().copied().rfind(|at| *at <= now).unwrap_or(now - RECENT);
    (chance < LULL).then(|| Reason {
        kind: ReasonKind::WritesLess,
        since,
        weight: 0.25,
        evidence: Vec::new(),
    })
}

fn said(
    kind: ReasonKind,
    weight: f64,
    lasts: SignedDuration,
    all: &[Said],
    now: Timestamp,
) -> Option<Reason> {
    let recent = |said: &&Said| said.at <= now && now.duration_since(said.at) <= lasts;
    let strongest = all.iter().filter(recent).max_by(|a, b| a.confidence.total_cmp(&b.confidence))?;
    let evidence = all.iter().filter(recent).map(|said| said.message).collect();
    let weight = weight * f64::from(strongest.confidence);
    Some(Reason { kind, since: strongest.at, weight, evidence })
}

fn answered_late(obligations: &[&Obligation], now: Timestamp) -> Option<Reason> {
    let recent: Vec<(&&Obligation, State)> = obligations
        .iter()
        .filter(|owed| owed.kind == Kind::Answer)
        .filter(|owed| owed.ended.is_some_and(|ended| now.duration_since(ended.at) <= HABIT))
        .filter_map(|owed| state(owed, now).map(|(state, _)| (owed, state)))
        .collect();
    let late: Vec<&&Obligation> = recent
        .iter()
        .filter(|(_, state)| matches!(state, State::KeptLate | State::MovedLate))
        .map(|(owed, _)| *owed)
        .collect();
    if recent.len() < HABIT_ANSWERS || late.len() * 2 < recent.len() {
        return None;
    }
    let since = late.iter().map(|owed| owed.due_at).min()?;
    let evidence = late.iter().flat_map(|owed| opened_by(owed)).collect();
    Some(Reason { kind: ReasonKind::AnsweredLate, since, weight: 0.2, evidence })
}

/// Of several reasons of one kind the heaviest stands for all, a little heavier for each of them, and holds since
/// the oldest.
fn one_of_each(reasons: Vec<Reason>) -> Vec<Reason> {
    let mut kinds: Vec<Reason> = Vec::new();
    for reason in reasons {
        match kinds.iter_mut().find(|known| known.kind == reason.kind) {
            None => kinds.push(reason),
            Some(known) => {
                let more = known.weight.min(reason.weight) * 0.2;
                known.weight = (known.weight.max(reason.weight) + more).min(0.8);
                known.since = known.since.min(reason.since);
                known.evidence.extend(reason.evidence);
            }
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use care::ids::{ClientId, FirmId, StaffId};
    use care::obligation::{Ended, Ending, ObligationId};

    use super::*;

    fn day(n: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * (20_000 + n))
    }

    fn owed(kind: Kind, opened: i64, due: i64, ended: Option<i64>) -> Obligation {
        Obligation {
            id: ObligationId::of(FirmId(1), kind, NaturalKey(opened as u64), due as u64),
            kind,
            client: ClientId(1),
            contact: None,
            owner: None,
            opened_at: day(opened),
            due_at: day(due),
            ended: ended.map(|n| Ended {
                how: Ending::Kept,
                at: day(n),
                proposed: false,
                by: Some(StaffId(1)),
                continued_by: None,
            }),
            chases: 0,
            confidence: 1.0,
            first: false,
            evidence: Vec::new(),
            continues: None,
        }
    }

    fn outlook(obligations: &[Obligation], outward: &[i64]) -> Outlook {
        let traffic = Traffic {
            outward: outward.iter().map(|n| day(*n)).collect(),
            since: Some(day(0)),
            ..Traffic::default()
        };
        let facts =
            Facts { obligations: obligations.iter().collect(), traffic, likeness: 1.0, ..Facts::default() };
        assess(&facts, day(100))
    }

    fn kinds(outlook: &Outlook) -> Vec<&'static str> {
        outlook.reasons.iter().map(|reason| reason.kind.name()).collect()
    }

    #[test]
    fn a_client_who_is_owed_nothing_and_heard_from_us_is_at_low_risk() {
        let outlook = outlook(&[owed(Kind::Answer, 90, 91, Some(91))], &[91]);
        assert_eq!((outlook.risk, kinds(&outlook)), (Risk::Low, vec![]));
    }

    #[test]
    fn silence_is_bad_data_never_neutral() {
        let outlook = outlook(&[], &[]);
        assert_eq!((outlook.risk, kinds(&outlook)), (Risk::Medium, vec!["never_written"]));
    }

    #[test]
    fn an_answer_that_runs_is_no_reason_and_one_that_is_late_grows() {
        assert_eq!(outlook(&[owed(Kind::Answer, 99, 101, None)], &[98]).risk, Risk::Low);
        let fresh = outlook(&[owed(Kind::Answer, 98, 99, None)], &[97]);
        let old = outlook(&[owed(Kind::Answer, 60, 61, None)], &[59]);
        assert!(fresh.score < old.score);
        assert_eq!((old.risk, old.reasons[0].since), (Risk::High, day(60)));
    }

    #[test]
    fn a_broken_promise_and_a_chase_add_up() {
        let mut promise = owed(Kind::Promise, 80, 90, None);
        promise.chases = 2;
        let outlook = outlook(&[promise], &[80]);
        assert_eq!(kinds(&outlook), ["broken_promise", "chased"]);
        assert_eq!(outlook.risk, Risk::High);
    }

    #[test]
    fn late_answers_become_a_habit_only_when_there_are_several() {
        let late = |n| owed(Kind::Answer, n, n + 1, Some(n + 5));
        assert_eq!(kinds(&outlook(&[late(50), late(60)], &[65])), Vec::<&str>::new());
        assert_eq!(kinds(&outlook(&[late(50), late(60), late(70)], &[75])), ["answered_late"]);
    }

    #[test]
    fn a_stranger_weighs_less_than_a_client() {
        let obligations = [owed(Kind::Answer, 60, 61, None)];
        let facts = Facts { obligations: obligations.iter().collect(), likeness: 0.1, ..Facts::default() };
        assert_eq!(assess(&facts, day(100)).risk, Risk::Low);
    }

    #[test]
    fn old_words_of_leaving_fade() {
        let said = |n| vec![Said { at: day(n), message: NaturalKey(1), confidence: 0.9 }];
        let facts = |n| Facts {
            departures: said(n),
            likeness: 1.0,
            traffic: Traffic { outward: vec![day(90)], ..Traffic::default() },
            ..Facts::default()
        };
        assert_eq!(assess(&facts(95), day(100)).risk, Risk::High);
        assert_eq!(assess(&facts(-100), day(100)).risk, Risk::Low);
    }
}
