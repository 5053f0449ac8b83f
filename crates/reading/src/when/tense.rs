//! Whether the words around a date speak of what has been.

use super::read::Reader;
use super::token::Kind;

/// What a verb says of time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tense {
    Past,
    Ahead,
}

const PAST: &[&str] = &[
    "was",
    "were",
    "had",
    "did",
    "sent",
    "spoke",
    "met",
    "told",
    "said",
    "got",
    "gave",
    "went",
    "wrote",
    "rang",
    "came",
    "left",
    "saw",
    "heard",
    "took",
    "made",
    "paid",
    "held",
    "brought",
    "found",
    "began",
    "felt",
    "knew",
    "thought",
    "bought",
    "sold",
    "won",
    "lost",
    "forgot",
    "chose",
    "spent",
    "sat",
    "ran",
    "happened",
    "didn",
    "wasn",
    "weren",
    "hadn",
    "dropped",
    "received",
    "discussed",
    "agreed",
    "promised",
    "yesterday",
];

const AHEAD: &[&str] = &[
    "will",
    "ll",
    "shall",
    "going",
    "gonna",
    "can",
    "could",
    "would",
    "please",
    "let",
    "lets",
    "may",
    "might",
    "should",
    "must",
    "need",
    "needs",
    "expect",
    "expects",
    "plan",
    "plans",
    "hope",
    "hopes",
    "want",
    "intend",
    "aim",
    "due",
    "able",
    "available",
    "try",
    "by",
    "d",
    "won",
    "schedule",
    "scheduled",
    "book",
    "confirm",
    "is",
    "are",
    "am",
    "deadline",
    "free",
    "does",
    "do",
];

impl Reader<'_> {
    /// The nearest verb before the words decides, else the nearest behind them, within the sentence.
    pub(super) fn speaks_of_past(&self, i: usize, next: usize) -> bool {
        let ends = |at: usize| self.is(at, &[".", "!", "?", ";", "\n"]) && !self.glued(at + 1);
        let before =
            (i.saturating_sub(14)..i).rev().take_while(|at| !ends(*at)).find_map(|at| self.tense(at));
        let tense =
            before.or_else(|| (next..next + 8).take_while(|at| !ends(*at)).find_map(|at| self.tense(at)));
        tense == Some(Tense::Past)
    }

    fn tense(&self, i: usize) -> Option<Tense> {
        let word = self.word(i);
        if self.kind(i) != Some(Kind::Word) {
            return None;
        }
        if word == "won" {
            return Some(if self.word(i + 1) == "'" { Tense::Ahead } else { Tense::Past });
        }
        if AHEAD.contains(&word) {
            return Some(Tense::Ahead);
        }
        let past = PAST.contains(&word) || (4 < word.len() && word.ends_with("ed") && word != "need");
        (past && !self.takes_part(i)).then_some(Tense::Past)
    }

    /// "the signed copy", "will be sent", ", as agreed,": a participle that says nothing of when.
    fn takes_part(&self, i: usize) -> bool {
        let aside = 2 <= i && self.is(i - 1, &["as"]) && self.kind(i - 2) == Some(Kind::Mark);
        if aside && self.kind(i + 1) == Some(Kind::Mark) {
            return true;
        }
        0 < i
            && self.is(
                i - 1,
                &[
                    "be", "the", "a", "an", "your", "our", "my", "their", "to", "get", "being", "fully",
                    "and", "or", "is", "are",
                ],
            )
    }
}
