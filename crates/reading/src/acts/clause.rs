//! Where clauses begin and end, for the patterns of the lexicon.

use super::words::{Shape, Token, hash_words};

/// Whether a clause begins at this token: at the start of a sentence, or after a mark or a joining word.
pub(super) fn begins(tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|i| &tokens[i]) else { return true };
    before.shape == Shape::Mark || before.is_joiner()
}

/// Words that show that somebody acts, in what leads up to a joining word.
const ACTING: [u32; 16] = hash_words("i we he she they it who is are was were has had will would asked");

/// "She will sign it and | send it to the bank": what follows the joining word goes on with what she does.
pub(super) fn has_subject(before: &[Token]) -> bool {
    const JOINERS: [u32; 3] = hash_words("and or then");
    let Some((joiner, led_up)) = before.split_last() else { return false };
    let clause = led_up.iter().rev().take_while(|t| t.shape != Shape::Mark);
    JOINERS.contains(&joiner.hash) && clause.into_iter().any(|t| ACTING.contains(&t.hash))
}

/// Nothing but marks is left; with `question`, one of them is a question mark.
pub(super) fn ended(tokens: &[Token], at: usize, question: bool) -> bool {
    let left = tokens.get(at..).unwrap_or_default();
    left.iter().all(|t| t.shape == Shape::Mark) && (!question || left.iter().any(|t| t.is_mark('?')))
}
