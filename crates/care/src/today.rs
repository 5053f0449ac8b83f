//! The morning's list: in which group a thing stands, and what comes first because it hurts the client most.

use std::collections::HashMap;
use std::hash::BuildHasher;

use jiff::{SignedDuration, Timestamp};

use crate::ids::StaffId;
use crate::obligation::{Kind, Obligation};

/// Waits that were older than this when the firm's mail was first read stand apart: nobody begins a first morning
/// with last winter's letters.
pub const BEFORE_REGARD: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What was read with less than this confidence is folded away: of what is at least as sure, nine in ten are right.
pub const NINE_IN_TEN: f32 = 0.9;

/// So much upkeep is shown to a person on one day.
pub const UPKEEP_A_DAY: usize = 3;

/// In which part of the list a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Clients wait for it, or were promised it.
    Owed,
    /// What keeps relations sound, and no client waits for.
    Upkeep,
    /// Read with less confidence.
    Perhaps,
    /// Older than a month when the firm's mail was first read.
    BeforeRegard,
}

impl Group {
    /// All groups, in the order of the page.
    pub const ALL: [Group; 4] = [Group::Owed, Group::Upkeep, Group::Perhaps, Group::BeforeRegard];

    /// The word for this group in addresses of pages and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Group::Owed => "owed",
            Group::Upkeep => "upkeep",
            Group::Perhaps => "perhaps",
            Group::BeforeRegard => "before_regard",
        }
    }

    /// The group of that name.
    pub fn named(name: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|group| group.name() == name)
    }
}

/// The moment before which a wait must have opened to stand apart, where the firm's mail was first read at `began_at`.
pub fn before_regard(began_at: Timestamp) -> Timestamp {
    began_at.saturating_sub(BEFORE_REGARD).unwrap_or(Timestamp::MIN)
}

/// The group of something that is owed; what opened before `before_regard` stands apart.
pub fn group(owed: &Obligation, before_regard: Timestamp) -> Group {
    if owed.kind.is_upkeep() {
        return Group::Upkeep;
    }
    if owed.opened_at < before_regard {
        return Group::BeforeRegard;
    }
    if owed.confidence < NINE_IN_TEN { Group::Perhaps } else { Group::Owed }
}

/// Why a thing stands where it stands: the first of these comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hurt {
    /// Our answer before this one came late.
    AfterLateAnswer,
    /// They complained.
    Complaint,
    /// We gave our word, and its date is past.
    BrokenWord,
    /// They had to ask again, and still wait.
    Chased,
    /// They have waited longer than they were told.
    Late,
    /// It falls due before the day ends.
    DueToday,
    /// It falls due later.
    Coming,
}

impl Hurt {
    /// All of them, in order.
    pub const ALL: [Hurt; 7] = [
        Hurt::AfterLateAnswer,
        Hurt::Complaint,
        Hurt::BrokenWord,
        Hurt::Chased,
        Hurt::Late,
        Hurt::DueToday,
        Hurt::Coming,
    ];

    /// The order, in words for the page that shows it.
    pub fn words(self) -> &'static str {
        match self {
            Hurt::AfterLateAnswer => "our last answer to them came late",
            Hurt::Complaint => "they complained",
            Hurt::BrokenWord => "we gave our word and its date is past",
            Hurt::Chased => "they had to ask again",
            Hurt::Late => "they wait longer than they were told",
            Hurt::DueToday => "due today",
            Hurt::Coming => "coming",
        }
    }
}

/// Why something that is owed stands where it stands. `day_ends` is the end of the reader's day.
pub fn hurt(owed: &Obligation, now: Timestamp, day_ends: Timestamp) -> Hurt {
    if owed.first {
        return Hurt::AfterLateAnswer;
    }
    let late = owed.due_at < now;
    match owed.kind {
        Kind::Complaint => Hurt::Complaint,
        // What a record lacks hurts nobody yet: however long it has lacked, other upkeep comes first.
        Kind::RecordGap => Hurt::Coming,
        kind if late && kind.is_word() => Hurt::BrokenWord,
        _ if 0 < owed.chases => Hurt::Chased,
        _ if late => Hurt::Late,
        _ if owed.due_at < day_ends => Hurt::DueToday,
        _ => Hurt::Coming,
    }
}

/// What sorts the list: what hurts most, then who asked more often, then what fell due first. The id makes the order
/// the same each time.
pub fn order(owed: &Obligation, now: Timestamp, day_ends: Timestamp) -> (Hurt, u32, Timestamp, u64) {
    let hurt = hurt(owed, now, day_ends);
    let chases = if hurt == Hurt::Chased { u32::MAX - owed.chases } else { 0 };
    (hurt, chases, owed.due_at, owed.id.0)
}

/// Keeps of upkeep that is in order only what each person is shown on one day. `done` is how much they have done of it
/// today already.
pub fn few_a_day<T, S: BuildHasher>(
    upkeep: &mut Vec<T>,
    owner: impl Fn(&T) -> Option<StaffId>,
    mut done: HashMap<Option<StaffId>, usize, S>,
) {
    upkeep.retain(|row| {
        let count = done.entry(owner(row)).or_default();
        *count += 1;
        *count <= UPKEEP_A_DAY
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ClientId, FirmId, NaturalKey};
    use crate::obligation::ObligationId;

    const NOW: i64 = 1_800_000_000;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(NOW + hours * 3600).unwrap()
    }

    fn owed(kind: Kind, opened: i64, due: i64) -> Obligation {
        Obligation {
            id: ObligationId::of(FirmId(1), kind, NaturalKey((opened * 1000 + due) as u64), 0),
            kind,
            client: ClientId(1),
            contact: None,
            owner: None,
            opened_at: at(opened),
            due_at: at(due),
            ended: None,
            chases: 0,
            confidence: 1.0,
            first: false,
            evidence: Vec::new(),
            continues: None,
        }
    }

    #[test]
    fn what_hurts_most_comes_first() {
        let list = [
            Obligation { first: true, ..owed(Kind::Answer, -3, 30) },
            owed(Kind::Complaint, -2, 40),
            owed(Kind::Promise, -50, -20),
            Obligation { chases: 3, ..owed(Kind::Answer, -60, -10) },
            Obligation { chases: 1, ..owed(Kind::Answer, -90, -70) },
            owed(Kind::Answer, -80, -60),
            owed(Kind::Callback, -30, -5),
            owed(Kind::Answer, -4, 2),
            owed(Kind::Promise, -4, 200),
        ];
        let mut sorted: Vec<&Obligation> = list.iter().rev().collect();
        sorted.sort_by_key(|owed| order(owed, at(0), at(8)));
        assert!(sorted.iter().zip(&list).all(|(a, b)| a.id == b.id), "{sorted:#?}");
    }

    #[test]
    fn old_waits_upkeep_and_doubtful_readings_stand_apart() {
        let began = before_regard(at(0));
        assert_eq!(group(&owed(Kind::Answer, -24 * 29, 0), began), Group::Owed);
        assert_eq!(group(&owed(Kind::Answer, -24 * 31, 0), began), Group::BeforeRegard);
        assert_eq!(group(&owed(Kind::SecondTie, -24 * 90, 0), began), Group::Upkeep);
        let doubtful = Obligation { confidence: 0.7, ..owed(Kind::Promise, -3, 0) };
        assert_eq!(group(&doubtful, began), Group::Perhaps);
    }

    #[test]
    fn three_pieces_of_upkeep_a_person_and_day_and_what_was_done_counts() {
        let (amy, bob) = (Some(StaffId(1)), Some(StaffId(2)));
        let all = [(amy, 1), (amy, 2), (bob, 3), (amy, 4), (amy, 5), (bob, 6), (bob, 7)];
        let mut rows = all.to_vec();
        few_a_day(&mut rows, |row| row.0, HashMap::from([(bob, 2)]));
        assert_eq!(rows, [(amy, 1), (amy, 2), (bob, 3), (amy, 4)]);
    }

    #[test]
    fn a_day_is_over_at_its_end_and_not_before() {
        assert_eq!(hurt(&owed(Kind::Answer, -3, 7), at(0), at(8)), Hurt::DueToday);
        assert_eq!(hurt(&owed(Kind::Answer, -3, 8), at(0), at(8)), Hurt::Coming);
        assert_eq!(hurt(&owed(Kind::Answer, -3, -1), at(0), at(8)), Hurt::Late);
        assert_eq!(hurt(&owed(Kind::RecordGap, -300, -100), at(0), at(8)), Hurt::Coming);
    }
}
