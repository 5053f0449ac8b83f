//! Praise in the words of a complaint: "You were worth your fee, and I don't say that lightly", "You never let us down".
//!
//! Fees, faults and denials are what complaints are made of, so words and cues alone take these for some. What is looked at
//! here is who is praised for what: a price that was worth it, or a fault that is denied.

use std::sync::LazyLock;

use super::cues::Cue;
use super::features::FAULT;
use super::lexicon::Hit;
use super::words::{Shape, Token, hash_word, hash_words};

/// Each a row of words: `a/b` either, `..` up to two words of any kind.
const PATTERNS: &[&str] = &[
    // A price that was worth it.
    "worth every penny/cent/pound/euro/dollar/bit/minute/moment",
    "worth my/your/his/her/their/its/the/that/all fee/fees/bill/invoice/money/price/cost/costs/rate/rates/retainer",
    "worth what we/i paid/pay/spent/spend",
    "worth .. twice/double the/your/what",
    "money/fee/fees/bill well spent/earned",
    "earned your/their/every/the fee/fees/money/bill/penny/retainer",
    "cheap at the/twice/double price/the",
    "best money/fee/bill we/i have/ever",
    // A fault that is denied.
    "can/could/do not .. fault you/your/the/it/a/them/anything",
    "hard/difficult/impossible to fault",
    "no complaints/complaint",
    "not/nothing/never .. to complain",
    "can/could/not not/to complain",
    "never/not once/ever let us/me/them down",
    "never let us/me/them down",
    "never/not once .. let us/me/them down",
    "not a single/one mistake/error/delay/fault/complaint/slip/problem",
    "not one mistake/error/delay/fault/complaint/slip",
    "without a/any/one/single hitch/mistake/error/fault/delay/hiccup/glitch/problem/slip",
    "never put a foot wrong",
    "nothing .. too much trouble/bother",
    "could not have asked/wished/hoped/done/been/gone/had/handled/wanted",
    "could not ask/wish/hope for",
    "could not be happier/better/prouder/more",
    "did/do/does/has/have not disappoint/disappointed",
    "never disappoint/disappoints/disappointed/missed/failed",
    "not/never a bad word",
    "not a word of/to complaint/fault/change",
];
/// With one of these words before it, or anywhere in the sentence, praise is taken back or never given.
const TAKEN_BACK: [u32; 17] = hash_words(
    "but however yet although though until till except if unless used once wish supposed should would \
     otherwise",
);
/// Before praise these may turn it round: "not worth your fee".
const DENYING: [u32; 9] = hash_words("not never no hardly barely scarcely noone nothing doubt");
/// So far before it a denial may stand.
const NEAR: usize = 5;
/// `..` is at most so long.
const GAP: usize = 2;

/// One word of a pattern: any of these, or any words at all.
enum Step {
    One(Vec<u32>),
    Gap,
}

static COMPILED: LazyLock<Vec<Vec<Step>>> = LazyLock::new(|| {
    let step = |word: &str| match word {
        ".." => Step::Gap,
        _ => Step::One(word.split('/').map(hash_word).collect()),
    };
    PATTERNS.iter().map(|pattern| pattern.split(' ').map(step).collect()).collect()
});

/// Whether a sentence praises, takes nothing of it back, and finds no fault beside it.
pub(super) fn praises(tokens: &[Token], hits: &[Hit]) -> bool {
    // Praise that a denial before it turns round.
    const TURNED: [u32; 6] = hash_words("worth well earned cheap money without");
    let once_denied = |at: usize| {
        let before = at.checked_sub(1).map(|i| tokens[i].hash);
        tokens[at].hash == hash_word("once") && before.is_some_and(|b| DENYING.contains(&b))
    };
    let taken_back = |at: usize| TAKEN_BACK.contains(&tokens[at].hash) && !once_denied(at);
    if tokens.iter().any(|t| t.is_mark('?')) || (0..tokens.len()).any(taken_back) {
        return false;
    }
    let found = (0..tokens.len()).find_map(|at| {
        let denied = TURNED.contains(&tokens[at].hash)
            && tokens[at.saturating_sub(NEAR)..at].iter().any(|t| DENYING.contains(&t.hash));
        let mut ends = COMPILED.iter().filter_map(|steps| matches(steps, tokens, at));
        if denied { None } else { ends.next().map(|end| at..end) }
    });
    // A fault that is denied is among the words of the praise; one beside them is found.
    found.is_some_and(|praise| {
        let beside = |hit: &&Hit| hit.to as usize <= praise.start || praise.end <= hit.from as usize;
        !hits.iter().filter(beside).any(|hit| FAULT.contains(&hit.cue) || hit.cue == Cue::Sarcasm)
    })
}

/// Where a match of these steps at token `at` ends.
fn matches(steps: &[Step], tokens: &[Token], at: usize) -> Option<usize> {
    match steps.split_first() {
        None => Some(at),
        Some((Step::One(words), rest)) => {
            let there = tokens.get(at).is_some_and(|t| words.contains(&t.hash));
            if there { matches(rest, tokens, at + 1) } else { None }
        }
        Some((Step::Gap, rest)) => {
            let words = tokens[at..].iter().take_while(|t| t.shape != Shape::Mark).count();
            (0..=GAP.min(words)).find_map(|skipped| matches(rest, tokens, at + skipped))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{features::Analysis, reader};
    use super::*;

    fn praised(text: &str) -> bool {
        let analysis = Analysis::of(text, &reader::lexicon());
        (0..analysis.sentences.len()).any(|s| praises(analysis.tokens_of(s), analysis.hits_of(s)))
    }

    #[test]
    fn praise_is_told_from_its_opposite() {
        for text in [
            "You were worth your fee, and I don't say that lightly.",
            "You have never once let us down.",
            "There was not a single mistake in the accounts.",
            "It all went without a hitch.",
        ] {
            assert!(praised(text), "{text}");
        }
        for text in [
            "You were not worth your fee, and I don't say that lightly.",
            "You were worth your fee once, but now nobody calls back.",
            "Is this really worth the fee?",
            "You have let us down, and more than once.",
            "I could fault every page of this report.",
            "There was not a single page without a mistake.",
            "The draft was worth your fee, the way it was sent is unacceptable.",
            "It would be worth the fee if somebody answered.",
            "I doubt that you were worth the money.",
            "I don't say this lightly.",
        ] {
            assert!(!praised(text), "{text}");
        }
    }
}
