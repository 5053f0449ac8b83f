//! What the people of one firm said of passages: a light layer over the shipped reader, for that firm alone.
//!
//! A correction says that a passage does an act or does not, or that a message needs a reply or not. It is kept as the
//! hashes of its words and word pairs, without text. A passage that is near enough to a corrected one is read as it was
//! corrected; one that shares part of it moves by no more than [`MOST`] in log odds; one that shares nothing with any
//! correction reads exactly as the shipped reader reads it. The order of corrections does not matter, except that of
//! two on the same passage the later one holds.

use care::acts::ActKind;
use rustc_hash::FxHashMap;

use super::features::Analysis;
use super::label::Label;
use super::model::{WIDTH, log_odds, logistic};
use super::reader::Reader;
use super::rows::masked;
use super::words::Shape;

/// From this share of common words on, a passage is read as the corrected one.
pub const NEAR: f32 = 0.75;
/// Up to this share, a correction says nothing of a passage.
pub const FAR: f32 = 0.25;
/// So far at most, in log odds, do all corrections together move a passage that is near none of them.
pub const MOST: f32 = 2.0;

/// How sure the reader is of what people told it.
const SURE: f32 = 0.97;
/// Hashes kept of one passage or message: the smallest ones.
const KEPT: usize = 256;
/// Corrections kept; beyond them the oldest go.
const LIMIT: usize = 10_000;
const MAGIC: &[u8; 4] = b"rgc\x01";

/// What one firm's people corrected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corrections {
    told: Vec<Correction>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Correction {
    label: u8,
    is: bool,
    /// Hashes of words and pairs, in rising order.
    words: Box<[u32]>,
}

impl Corrections {
    /// No corrections: the reader as it is shipped.
    pub fn new() -> Corrections {
        Corrections::default()
    }

    /// Whether nothing was corrected.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// How many corrections are kept.
    pub fn len(&self) -> usize {
        self.told.len()
    }

    /// Forgets everything: the reader is the shipped one again.
    pub fn reset(&mut self) {
        self.told.clear();
    }

    /// Somebody says that the passage at `start..end` (in Unicode scalar values, as in an act) of a message's new text is
    /// or is not this act. The sentences that the passage touches are what is remembered.
    ///
    /// What is no promise is no hold either, and what is a hold is a promise.
    pub fn act(&mut self, reader: &Reader, text: &str, (start, end): (u32, u32), kind: ActKind, is: bool) {
        let analysis = reader.analysis(text);
        let byte = |at: u32| text.char_indices().nth(at as usize).map_or(text.len(), |(byte, _)| byte);
        let (from, to) = (byte(start), byte(end));
        for sentence in 0..analysis.sentences.len() {
            let tokens = analysis.tokens_of(sentence);
            let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { continue };
            if (first.start as usize) < to && from < last.end as usize {
                let words = words_of(&analysis, std::iter::once(sentence));
                self.tell(Label::of(kind), is, &words);
                match (kind, is) {
                    (ActKind::Promise, false) => self.tell(Label::Hold, false, &words),
                    (ActKind::Hold, true) => self.tell(Label::Promise, true, &words),
                    _ => {}
                }
            }
        }
    }

    /// Somebody says that a message with this new text needs a reply or does not.
    pub fn needs_reply(&mut self, reader: &Reader, text: &str, needs: bool) {
        let analysis = reader.analysis(text);
        self.tell(Label::NeedsReply, needs, &words_of(&analysis, 0..analysis.sentences.len()));
    }

    fn tell(&mut self, label: Label, is: bool, words: &[u32]) {
        if words.is_empty() {
            return;
        }
        let label = label as u8;
        self.told.retain(|c| c.label != label || *c.words != *words);
        if self.told.len() >= LIMIT {
            self.told.remove(0);
        }
        self.told.push(Correction { label, is, words: words.into() });
    }

    /// As bytes, to be kept beside the firm's record. They hold no text.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        for correction in &self.told {
            out.extend([correction.label, u8::from(correction.is)]);
            out.extend((correction.words.len() as u16).to_le_bytes());
            correction.words.iter().for_each(|word| out.extend(word.to_le_bytes()));
        }
        out
    }

    /// From the bytes of [`Corrections::to_bytes`]; none where they are no such thing.
    pub fn from_bytes(bytes: &[u8]) -> Option<Corrections> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let mut told = Vec::new();
        while let Some((&[label, is, low, high], after)) = rest.split_first_chunk::<4>() {
            let count = usize::from(u16::from_le_bytes([low, high]));
            let (words, after) = after.split_at_checked(count * 4)?;
            let words: Box<[u32]> = words.as_chunks::<4>().0.iter().map(|&w| u32::from_le_bytes(w)).collect();
            let sorted = words.windows(2).all(|pair| pair[0] < pair[1]);
            if usize::from(label) >= Label::COUNT || is > 1 || words.is_empty() || count > KEPT || !sorted {
                return None;
            }
            told.push(Correction { label, is: is == 1, words });
            rest = after;
        }
        (rest.is_empty() && told.len() <= LIMIT).then_some(Corrections { told })
    }
}

/// Corrections made ready for reading.
#[derive(Debug)]
pub(super) struct Layer {
    told: Vec<Correction>,
    /// For each hash, the corrections that have it.
    by_word: FxHashMap<u32, Vec<u32>>,
    messages: bool,
}

impl Layer {
    pub fn of(corrections: &Corrections) -> Layer {
        let told = corrections.told.clone();
        let mut by_word: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for (number, correction) in told.iter().enumerate() {
            for &word in &correction.words {
                by_word.entry(word).or_default().push(number as u32);
            }
        }
        let messages = told.iter().any(|c| c.label == Label::NeedsReply as u8);
        Layer { told, by_word, messages }
    }

    /// Moves the probabilities of the body's sentences; tells whether any moved.
    pub fn correct(&self, analysis: &Analysis, sure: &mut [[f32; WIDTH]]) -> bool {
        let mut moved = false;
        for (p, &sentence) in sure.iter_mut().zip(&analysis.body) {
            let words = words_of(analysis, std::iter::once(sentence));
            for (label, verdict) in self.verdicts(&words, |label| label != Label::NeedsReply as u8) {
                let p = &mut p[usize::from(label)];
                *p = verdict.moved(*p);
                moved = true;
            }
        }
        moved
    }

    /// The probability that the message needs a reply, moved.
    pub fn needs_reply(&self, analysis: &Analysis, p: f32) -> f32 {
        if !self.messages {
            return p;
        }
        let words = words_of(analysis, 0..analysis.sentences.len());
        let verdicts = self.verdicts(&words, |label| label == Label::NeedsReply as u8);
        verdicts.into_iter().fold(p, |p, (_, verdict)| verdict.moved(p))
    }

    /// What the corrections say of these words, by label.
    fn verdicts(&self, words: &[u32], wanted: impl Fn(u8) -> bool) -> Vec<(u8, Verdict)> {
        let mut common: FxHashMap<u32, u32> = FxHashMap::default();
        for number in words.iter().filter_map(|word| self.by_word.get(word)).flatten() {
            *common.entry(*number).or_default() += 1;
        }
        let mut verdicts: Vec<(u8, Verdict)> = Vec::new();
        for (number, shared) in common {
            let correction = &self.told[number as usize];
            let all = words.len() as u32 + correction.words.len() as u32 - shared;
            let share = shared as f32 / all as f32;
            if share <= FAR || !wanted(correction.label) {
                continue;
            }
            let at = verdicts.iter().position(|v| v.0 == correction.label).unwrap_or_else(|| {
                verdicts.push((correction.label, Verdict::default()));
                verdicts.len() - 1
            });
            verdicts[at].1.add(share, number, correction.is);
        }
        verdicts
    }
}

/// What corrections together say of one label.
#[derive(Debug, Default, Clone, Copy)]
struct Verdict {
    /// The nearest of those that are near: how near, its number, what it says.
    near: Option<(f32, u32, bool)>,
    /// The sum of the others, in thousandths, so that their order does not matter.
    push: i32,
}

impl Verdict {
    fn add(&mut self, share: f32, number: u32, is: bool) {
        if share >= NEAR {
            let nearer = self.near.is_none_or(|(so_far, later, _)| (share, number) > (so_far, later));
            if nearer {
                self.near = Some((share, number, is));
            }
            return;
        }
        let push = ((share - FAR) / (NEAR - FAR) * MOST * 1000.0) as i32;
        self.push += if is { push } else { -push };
    }

    fn moved(self, p: f32) -> f32 {
        match self.near {
            Some((_, _, true)) => p.max(SURE),
            Some((_, _, false)) => p.min(1.0 - SURE),
            None if self.push == 0 => p,
            None => logistic(log_odds(p) + (self.push as f32 / 1000.0).clamp(-MOST, MOST)),
        }
    }
}

/// The hashes of words and pairs of these sentences, in rising order; names and numbers count as any other.
fn words_of(analysis: &Analysis, sentences: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut words = Vec::new();
    for sentence in sentences {
        let mut before = 0u32;
        for token in analysis.tokens_of(sentence).iter().filter(|t| t.shape != Shape::Mark || t.first == '?')
        {
            let word = masked(token);
            words.push(word);
            words.push(word.wrapping_mul(0x9e37_79b1) ^ before.rotate_left(13));
            before = word;
        }
    }
    words.sort_unstable();
    words.dedup();
    words.truncate(KEPT);
    words
}
