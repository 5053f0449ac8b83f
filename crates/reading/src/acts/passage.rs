//! Which part of a sentence an act is: the clauses that show it, without what leads up to them.

use super::cues::{self, Cue};
use super::label::Label;
use super::lexicon::Hit;
use super::reach;
use super::words::{Shape, Token, hash_words};

/// Words that begin a clause of its own after a comma or a joining word.
const SUBJECTS: [u32; 27] = hash_words(
    "i we you they he she it please can could would let thanks thank the this that my our your there what \
     when where how why do",
);

/// A cue that says at least this much for an act marks its clause.
const SPEAKS: f32 = 0.9;

/// The tokens of a sentence that show an act: `from..to`.
pub(super) fn of(label: Label, tokens: &[Token], hits: &[Hit], speaks: &Speaks) -> (usize, usize) {
    let showing = hits.iter().filter(|hit| speaks.says(hit.cue, label));
    let (mut from, mut to) = (usize::MAX, 0);
    for hit in showing {
        from = from.min(hit.from as usize);
        to = to.max(hit.to as usize);
    }
    if to == 0 {
        return trimmed(tokens, 0, tokens.len());
    }
    let start = (0..=from.min(tokens.len().saturating_sub(1)))
        .rev()
        .find(|&at| begins_clause(tokens, at))
        .unwrap_or(0);
    let end = reach::end(tokens, to);
    // A condition or a date before the clause belongs to it: "by Friday, I will …", "as soon as we know, we will …".
    let start = if start <= LEAD_IN || ends_lead_in(tokens, start) { 0 } else { start };
    trimmed(tokens, start, end)
}

/// So many tokens before the clause are not worth cutting off.
const LEAD_IN: usize = 2;

/// The words before this clause are no clause of their own: they have no subject.
fn ends_lead_in(tokens: &[Token], start: usize) -> bool {
    const OPENERS: [u32; 14] =
        hash_words("by on in as once when if after before until while within although since");
    let opener = tokens.first().map_or(0, |t| t.hash);
    OPENERS.contains(&opener) && tokens[..start].iter().filter(|t| t.shape == Shape::Mark).count() <= 1
}

/// Which cues speak for which label, by hand; looked up often.
pub(super) struct Speaks(Vec<u16>);

impl Speaks {
    pub fn new() -> Speaks {
        let mask = |cue: usize| {
            Label::ALL.iter().filter(|&&l| cues::prior(cue, l) >= SPEAKS).fold(0, |m, &l| m | 1 << l as u16)
        };
        Speaks((0..Cue::COUNT).map(mask).collect())
    }

    pub fn says(&self, cue: Cue, label: Label) -> bool {
        self.0[cue as usize] >> (label as u16) & 1 == 1
    }
}

/// Whether a clause of its own begins at this token.
fn begins_clause(tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|i| &tokens[i]) else { return true };
    let Some(token) = tokens.get(at) else { return false };
    let parted = reach::parts(before);
    (parted || reach::JOIN.contains(&before.hash)) && SUBJECTS.contains(&token.hash)
        || (parted && before.is_long())
        || (parted && token.is_joiner() && tokens.get(at + 1).is_some_and(|t| SUBJECTS.contains(&t.hash)))
}

/// Without joining words and marks at the edges; a question mark or exclamation mark stays.
fn trimmed(tokens: &[Token], mut from: usize, mut to: usize) -> (usize, usize) {
    let joins = |t: &Token| reach::JOIN.contains(&t.hash);
    while from + 1 < to
        && (tokens[from].shape == Shape::Mark || joins(&tokens[from]))
        && !tokens[from].is_mark('"')
    {
        from += 1;
    }
    let dropped = |t: &Token| t.shape == Shape::Mark && !matches!(t.first, '?' | '!' | '"' | ')' | '%' | '$');
    while from + 1 < to && (dropped(&tokens[to - 1]) || joins(&tokens[to - 1])) {
        to -= 1;
    }
    (from, to)
}
