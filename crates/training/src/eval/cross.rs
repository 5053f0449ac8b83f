//! Scores of a model that never saw what it scores.

use std::path::Path;
use std::sync::OnceLock;

use reading::acts::{Label, Reader};

use super::Asked;
use crate::data::{self, LABELS, Sample, Source};
use crate::learn::{learn, letters_alone};
use crate::posts;

/// Parts into which a set is cut.
const FOLDS: u64 = 5;

/// A sample with the probabilities given to it by a model that never saw its group.
pub struct Scored {
    /// The sample.
    pub sample: &'static Sample,
    /// The probability of each label: for acts, of its likeliest sentence.
    pub sure: [f32; LABELS],
}

impl Scored {
    /// Whether the reader tells this label.
    pub fn says(&self, label: Label) -> bool {
        self.sure[label as usize] >= reading::acts::training::told_from(label)
    }
}

/// All samples, read once.
pub fn samples(data: &Path) -> &'static [Sample] {
    static SAMPLES: OnceLock<Vec<Sample>> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let own = own();
        let mut all = data::all(data, &own);
        all.extend(data::passages(&Default::default(), &own.join("test"), Source::PassagesTest));
        all.extend(data::consumer(&Default::default(), &own.join("test"), Source::PassagesTest));
        all
    })
}

/// Where our own passages lie.
pub fn own() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("passages")
}

/// The samples of a set, scored part by part by models trained on everything else.
pub fn scored(asked: &Asked, source: Source) -> Vec<Scored> {
    let samples = samples(&asked.data);
    let mut scored = Vec::new();
    if !samples.iter().any(|s| s.source == source) {
        return scored;
    }
    if source == Source::PassagesTest {
        return unseen(asked, source);
    }
    for fold in 0..FOLDS {
        let held = |s: &Sample| same_people(s.source, source) && s.fold(FOLDS) == fold;
        let seen: Vec<&Sample> = samples
            .iter()
            .filter(|s| !matches!(s.source, Source::PassagesTest | Source::Tweets) && !held(s))
            .collect();
        let reader = Reader::with_model(learn(&seen, asked.settings));
        scored.extend(
            samples.iter().filter(|s| s.source == source && held(s)).map(|sample| score(&reader, sample)),
        );
    }
    scored
}

/// The samples of a set, scored by a model that was trained on the other sets alone.
pub fn unseen(asked: &Asked, source: Source) -> Vec<Scored> {
    let samples = samples(&asked.data);
    let seen: Vec<&Sample> = samples
        .iter()
        .filter(|s| {
            !matches!(s.source, Source::PassagesTest | Source::Tweets) && !same_people(s.source, source)
        })
        .collect();
    let reader = Reader::with_model(learn(&seen, asked.settings));
    samples.iter().filter(|s| s.source == source).map(|s| score(&reader, s)).collect()
}

/// The tweets, scored twice: part by part by weights of posts that were learnt with tweets to other trades, and by such as
/// never saw one, as the shipped ones. What is learnt of letters is the same in both.
pub fn tweets(asked: &Asked) -> [Vec<Scored>; 2] {
    let samples = samples(&asked.data);
    let tweet = |s: &Sample| s.source == Source::Tweets;
    if !samples.iter().any(tweet) {
        return [Vec::new(), Vec::new()];
    }
    let (posts, letters): (Vec<&Sample>, Vec<&Sample>) =
        samples.iter().filter(|s| s.source != Source::PassagesTest).partition(|s| s.post.is_some());
    let mut model = letters_alone(&letters, asked.settings);
    let mut scored_by = |seen: &dyn Fn(&Sample) -> bool, held: &dyn Fn(&Sample) -> bool| {
        let seen: Vec<&Sample> = posts.iter().copied().filter(|s| seen(s)).collect();
        posts::learn(&seen, asked.settings, &mut model);
        let reader = Reader::with_model(model.clone());
        let held = samples.iter().filter(|s| tweet(s) && held(s));
        held.map(|s| score(&reader, s)).collect::<Vec<Scored>>()
    };
    let by_trade = (0..FOLDS).flat_map(|fold| {
        let held = |s: &Sample| tweet(s) && s.fold(FOLDS) == fold;
        scored_by(&|s| !held(s), &held)
    });
    let by_trade = by_trade.collect();
    [by_trade, scored_by(&|s| !tweet(s), &|_| true)]
}

/// enron-message-acts, scored once for all tasks on it.
pub fn enron(asked: &Asked) -> &'static [Scored] {
    static SCORED: OnceLock<Vec<Scored>> = OnceLock::new();
    SCORED.get_or_init(|| scored(asked, Source::Enron))
}

/// Two sets cut from the same mailboxes are held out together.
fn same_people(a: Source, b: Source) -> bool {
    let mail = |s| matches!(s, Source::Enron | Source::Mailex);
    a == b || (mail(a) && mail(b))
}

fn score(reader: &Reader, sample: &'static Sample) -> Scored {
    Scored { sample, sure: reader.sure(&sample.seen) }
}
