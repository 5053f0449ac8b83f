//! What training needs to see of the reader's inside.

use std::sync::Arc;

pub use super::features::{DENSE, SentenceFeatures};
use super::label::Label;
use super::lexicon::Lexicon;
use super::model::{Model, OF_MESSAGE, WIDTH};
pub use super::post::PostFeatures;
pub use super::reader::told_from;
use super::reader::{self, Reader};
use super::{features::Analysis, message, post};

/// Cuts texts into what the model sees.
pub struct Seer {
    lexicon: Arc<Lexicon>,
}

/// A text as the model sees it.
pub struct Seen {
    analysis: Analysis,
}

impl Default for Seer {
    fn default() -> Seer {
        Seer { lexicon: reader::lexicon() }
    }
}

impl Seer {
    /// Cuts a text.
    pub fn see(&self, text: &str) -> Seen {
        Seen { analysis: Analysis::of(text, &self.lexicon) }
    }

    /// A text as a post, whether it is one by its form or not.
    pub fn post(&self, text: &str) -> PostFeatures {
        post::features(text, &Analysis::of(text, &self.lexicon))
    }
}

impl Seen {
    /// The sentences of the body.
    pub fn sentences(&self) -> Vec<SentenceFeatures> {
        (0..self.analysis.body.len()).map(|place| self.analysis.features(place)).collect()
    }

    /// The places of the sentences of the body, in bytes.
    pub fn places(&self) -> Vec<(usize, usize)> {
        let tokens = |s: usize| self.analysis.tokens_of(s);
        let place = |s: &usize| {
            (
                tokens(*s).first().map_or(0, |t| t.start as usize),
                tokens(*s).last().map_or(0, |t| t.end as usize),
            )
        };
        self.analysis.body.iter().map(place).collect()
    }

    /// The probabilities of each sentence of the body, by label.
    pub fn sure(&self, model: &Model) -> Vec<[f32; WIDTH]> {
        reader::weigh(&self.analysis, model).0
    }

    /// The scores of each sentence of the body, by label, before they are made probabilities.
    pub fn scores(&self, model: &Model) -> Vec<[f32; WIDTH]> {
        reader::scores(&self.analysis, model)
    }

    /// The features of the message, given the probabilities of its sentences.
    pub fn message(&self, sure: &[[f32; WIDTH]]) -> [f32; OF_MESSAGE] {
        message::features(&self.analysis, sure)
    }

    /// Whether it is a post by its form.
    pub fn is_post(&self) -> bool {
        self.analysis.post.is_some()
    }

    /// Names of the cues of each sentence, for reading mistakes.
    pub fn explain(&self) -> Vec<String> {
        self.analysis.body.iter().map(|&s| self.analysis.names(s)).collect()
    }
}

impl Reader {
    /// For each label, the probability of the likeliest sentence of the body, or of the whole message.
    pub fn sure(&self, seen: &Seen) -> [f32; Label::COUNT] {
        let (sure, needs_reply, bulk) = self.weighed(&seen.analysis);
        let mut most: [f32; Label::COUNT] =
            std::array::from_fn(|l| sure.iter().map(|p| p[l]).fold(0.0, f32::max));
        most[Label::NeedsReply as usize] = needs_reply;
        most[Label::Bulk as usize] = bulk;
        most
    }
}
