//! The labelled sets, each cut into texts with what is known of them.

mod sets;

use std::path::Path;

use reading::acts::Label;
use reading::acts::training::{PostFeatures, Seen, Seer, SentenceFeatures};

pub use sets::{CONSUMER, bc3, consumer, email_intent, enron, mailex, messages, mixed, passages, tweets};

/// How many labels a text can have.
pub const LABELS: usize = Label::COUNT;

/// From which set a text comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// Our own passages, for training.
    Passages,
    /// Our own passages, for scoring only.
    PassagesTest,
    /// email-intent.
    EmailIntent,
    /// bc3-email-acts.
    Bc3,
    /// mailex-events.
    Mailex,
    /// enron-message-acts.
    Enron,
    /// complaint-tweets. Their owners allow measuring only: the shipped weights never see them.
    Tweets,
}

/// One labelled text: a sentence, a passage or a message.
pub struct Sample {
    /// Its set.
    pub source: Source,
    /// The thread, mailbox, domain or the like that it must not be parted from.
    pub group: String,
    /// What is known: whether it does this.
    pub truth: [Option<bool>; LABELS],
    /// How much it counts in training.
    pub weight: f32,
    /// The text itself.
    pub text: String,
    /// The sentences of its body, as the model sees them.
    pub sentences: Vec<SentenceFeatures>,
    /// The text as a post, where it is one: it teaches nothing about letters.
    pub post: Option<PostFeatures>,
    /// The text as the reader cuts it.
    pub seen: Seen,
    /// Remarks of the set: how it was drawn, the number of annotators.
    pub note: String,
}

impl Sample {
    fn new(seer: &Seer, source: Source, group: &str, text: &str) -> Sample {
        let seen = seer.see(text);
        Sample {
            source,
            group: group.to_owned(),
            truth: [None; LABELS],
            weight: 1.0,
            text: text.to_owned(),
            sentences: seen.sentences(),
            post: None,
            seen,
            note: String::new(),
        }
    }

    fn with_post(mut self, seer: &Seer) -> Sample {
        self.post = Some(seer.post(&self.text));
        self
    }

    fn know(mut self, label: Label, truth: bool) -> Sample {
        self.truth[label as usize] = Some(truth);
        self
    }

    /// Whether it is known to do this.
    pub fn is(&self, label: Label) -> bool {
        self.truth[label as usize] == Some(true)
    }

    /// One of `folds` parts, by group; the same in every run.
    pub fn fold(&self, folds: u64) -> u64 {
        let hash = self
            .group
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        ((hash ^ (hash >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) % folds
    }
}

/// Reads all sets that are there.
pub fn all(data: &Path, own: &Path) -> Vec<Sample> {
    let seer = Seer::default();
    let mut samples = Vec::new();
    samples.extend(passages(&seer, &own.join("train"), Source::Passages));
    samples.extend(consumer(&seer, &own.join("train"), Source::Passages));
    samples.extend(mixed(&seer, &own.join("train"), Source::Passages));
    samples.extend(messages(&seer, &own.join("train"), Source::Passages));
    samples.extend(email_intent(&seer, data));
    samples.extend(bc3(&seer, data));
    samples.extend(mailex(&seer, data));
    samples.extend(enron(&seer, data));
    samples.extend(tweets(&seer, data));
    samples
}

/// The lines of a file; none (and a word about it) where it cannot be read.
fn lines(path: &Path) -> Vec<String> {
    match std::fs::read_to_string(path) {
        Ok(text) => text.lines().map(str::to_owned).collect(),
        Err(error) => {
            eprintln!("SKIPPED {}: {error}", path.display());
            Vec::new()
        }
    }
}
