//! Rows of the hashed table: what the model sees of single words, of words near each other, and of cues together.

use super::classes;
use super::features::Analysis;
use super::words::{self, Shape, Token};

/// How many rows the table of hashed features has, as a power of two.
pub(super) const TABLE_BITS: u32 = 16;

/// So many cues of a sentence are seen two by two.
const MOST_PAIRED: usize = 12;
/// So many words before a cue may say of whom it speaks.
const NEAR: usize = 4;
/// Tell the kinds of rows made of cues apart.
const TWO_CUES: u32 = 1 << 16;
const CUE_AND_WHO: u32 = 2 << 16;
const BEFORE: u32 = 3 << 16;
const AFTER: u32 = 4 << 16;
const CUE_AND_YOU: u32 = 5 << 16;
/// A question mark, beside the classes of words.
const ASKED: u8 = u8::MAX;
const START: u32 = words::hash_word("<start>");
const END: u32 = words::hash_word("<end>");
const NAME: u32 = words::hash_word("<name>");

impl Analysis {
    /// Calls `each` with the row of every word, pair, triple and run of four letters of the sentence at this place of the
    /// body, of its classes, and of its cues together.
    pub fn rows(&self, place: usize, mut each: impl FnMut(u32)) {
        let sentence = self.body[place];
        let grams = self.grams_from[sentence] as usize..self.grams_from[sentence + 1] as usize;
        self.grams[grams].iter().for_each(|&row| each(row));
        let (mut before, mut before_that) = (START, START);
        for token in self.tokens_of(sentence) {
            let word = masked(token);
            each(row(word));
            each(row(word.wrapping_mul(3).wrapping_add(before.rotate_left(9))));
            if before_that != START {
                each(row(
                    word.wrapping_mul(5).wrapping_add(before.rotate_left(7)) ^ before_that.rotate_left(19)
                ));
            }
            (before_that, before) = (before, word);
        }
        each(row(END.wrapping_mul(3).wrapping_add(before.rotate_left(9))));
        self.rows_without_words(place, each);
    }

    /// Calls `each` with the row of its classes and of its cues together alone.
    pub fn rows_without_words(&self, place: usize, mut each: impl FnMut(u32)) {
        self.class_rows(self.body[place], &mut each);
        self.cue_rows(place, each);
    }

    /// Calls `each` with the row of every two cues of a sentence, of every cue with whom it speaks of, and of the cues of
    /// the sentences beside it: one cue alone seldom tells who owes what to whom.
    fn cue_rows(&self, place: usize, mut each: impl FnMut(u32)) {
        let sentence = self.body[place];
        let mut cues = [0u32; MOST_PAIRED];
        let mut count = 0;
        for (place, cue) in cues.iter_mut().zip(self.cues[sentence].numbers()) {
            *place = cue as u32 + 1;
            count += 1;
        }
        for (at, &one) in cues[..count].iter().enumerate() {
            for &other in &cues[..at] {
                each(row((one | other << 8 | TWO_CUES).wrapping_mul(0x85eb_ca6b)));
            }
        }
        let tokens = self.tokens_of(sentence);
        for hit in self.hits_of(sentence) {
            let near = &tokens[(hit.from as usize).saturating_sub(NEAR)..=hit.from as usize];
            let who = near.iter().rev().flat_map(|t| t.classes).find(|c| (1..=classes::PEOPLE).contains(c));
            let who = u32::from(who.unwrap_or_default());
            each(row((hit.cue as u32 | who << 8 | CUE_AND_WHO).wrapping_mul(0xc2b2_ae35)));
        }
        // Whom a letter never addresses, it seldom promises anything.
        let to_you = match (self.says_you[sentence], self.you) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        };
        for cue in self.cues[sentence].numbers() {
            each(row((cue as u32 | to_you << 8 | CUE_AND_YOU).wrapping_mul(0xc2b2_ae35)));
        }
        let beside = [(place.checked_sub(1), BEFORE), (Some(place + 1), AFTER)];
        for (other, side) in beside {
            let Some(&other) = other.and_then(|place| self.body.get(place)) else { continue };
            for cue in self.cues[other].numbers() {
                each(row((cue as u32 | side).wrapping_mul(0x27d4_eb2f)));
            }
        }
    }

    /// Calls `each` with the row of every class, and of every two and three that stand near each other.
    fn class_rows(&self, sentence: usize, each: &mut impl FnMut(u32)) {
        let mut before = [[0u8; 2]; 2];
        for token in self.tokens_of(sentence) {
            let classes = match token.shape {
                Shape::Mark if token.first == '?' => [ASKED, 0],
                _ => token.classes,
            };
            for class in classes.into_iter().filter(|&c| c != 0) {
                let one = u32::from(class);
                each(row(one.wrapping_mul(0x85eb_ca6b)));
                for (apart, classes) in before.iter().enumerate() {
                    let near = 1 + apart as u32;
                    for other in classes.iter().filter(|&&c| c != 0) {
                        each(row((one | u32::from(*other) << 8 | near << 16).wrapping_mul(0xc2b2_ae35)));
                    }
                }
                if before[0][0] != 0 && before[1][0] != 0 {
                    let three = one | u32::from(before[0][0]) << 8 | u32::from(before[1][0]) << 16;
                    each(row(three.wrapping_mul(0x27d4_eb2f)));
                }
            }
            if classes[0] != 0 {
                before = [classes, before[0]];
            }
        }
    }
}

/// The word as the model sees it: one name is as good as another, so none is learnt.
pub(super) fn masked(token: &Token) -> u32 {
    if token.word == 0 && token.is_capital() && token.spaced { NAME } else { token.hash }
}

/// The row of the table for a hash.
fn row(hash: u32) -> u32 {
    mixed(hash) >> (32 - TABLE_BITS)
}

/// A hash of which all bits hang on all bits of another.
pub(super) fn mixed(hash: u32) -> u32 {
    let mut h = hash ^ (hash >> 15);
    h = h.wrapping_mul(0x2c1b_3c6d);
    h ^= h >> 12;
    h = h.wrapping_mul(0x297a_2d39);
    h ^ (h >> 15)
}

/// The rows of all runs of four letters of a word, counting a space before and after it. Names have none.
pub(super) fn letters(text: &str, token: &Token, rows: &mut Vec<u32>) {
    if token.shape != Shape::Word || masked(token) == NAME {
        return;
    }
    let word = text.get(token.start as usize..token.end as usize).unwrap_or_default().as_bytes();
    if word.len() < 3 {
        return;
    }
    let mut run = u32::from(b' ');
    for (at, byte) in word.iter().map(u8::to_ascii_lowercase).chain([b' ']).enumerate() {
        run = run << 8 | u32::from(byte);
        if at >= 2 {
            rows.push(row(run.wrapping_mul(0x9e37_79b1)));
        }
    }
}
