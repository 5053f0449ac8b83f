//! Where clauses begin and end, for the patterns of the lexicon.

use super::words::{Shape, Token, hash_word};

/// Whether a clause begins at this token: at the start of a sentence, or after a mark or a joining word.
pub(super) fn begins(tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|i| &tokens[i]) else { return true };
    before.shape == Shape::Mark || before.is_joiner()
}

/// Words that show that somebody acts, in what leads up to a joining word.
const ACTING: [u32; 16] = [
    hash_word("i"),
    hash_word("we"),
    hash_word("he"),
    hash_word("she"),
    hash_word("they"),
    hash_word("it"),
    hash_word("who"),
    hash_word("is"),
    hash_word("are"),
    hash_word("was"),
    hash_word("were"),
    hash_word("has"),
    hash_word("had"),
    hash_word("will"),
    hash_word("would"),
    hash_word("asked"),
];

/// "She will sign it and | send it to the bank": what follows the joining word goes on with what she does.
pub(super) fn has_subject(before: &[Token]) -> bool {
    const JOINERS: [u32; 3] = [hash_word("and"), hash_word("or"), hash_word("then")];
    let Some((joiner, led_up)) = before.split_last() else { return false };
    let clause = led_up.iter().rev().take_while(|t| t.shape != Shape::Mark);
    JOINERS.contains(&joiner.hash) && clause.into_iter().any(|t| ACTING.contains(&t.hash))
}

/// Nothing but marks is left; with `question`, one of them is a question mark.
pub(super) fn ended(tokens: &[Token], at: usize, question: bool) -> bool {
    let left = tokens.get(at..).unwrap_or_default();
    left.iter().all(|t| t.shape == Shape::Mark) && (!question || left.iter().any(|t| t.is_mark('?')))
}
