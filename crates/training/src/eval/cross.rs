//! Scores of a model that never saw what it scores.

use std::path::Path;
use std::sync::OnceLock;

use reading::acts::model::logistic;
use reading::acts::{Label, Reader};

use crate::data::{self, LABELS, Sample, Source};
use crate::learn::{Settings, learn};
use crate::lines::line;

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
pub fn scored(data: &Path, source: Source) -> Vec<Scored> {
    let samples = samples(data);
    let mut scored = Vec::new();
    if !samples.iter().any(|s| s.source == source) {
        return scored;
    }
    if source == Source::PassagesTest {
        return unseen(data, source);
    }
    for fold in 0..FOLDS {
        let held = |s: &Sample| same_people(s.source, source) && s.fold(FOLDS) == fold;
        let seen: Vec<&Sample> = samples
            .iter()
            .filter(|s| {
                s.source != Source::PassagesTest && (s.source != Source::Tweets || source == Source::Tweets)
            })
            .filter(|s| !held(s))
            .collect();
        let reader = Reader::with_model(learn(&seen, Settings::default()));
        scored.extend(
            samples.iter().filter(|s| s.source == source && held(s)).map(|sample| score(&reader, sample)),
        );
    }
    scored
}

/// The samples of a set, scored by a model that was trained on the other sets alone.
pub fn unseen(data: &Path, source: Source) -> Vec<Scored> {
    let samples = samples(data);
    let seen: Vec<&Sample> = samples
        .iter()
        .filter(|s| {
            !matches!(s.source, Source::PassagesTest | Source::Tweets) && !same_people(s.source, source)
        })
        .collect();
    let reader = Reader::with_model(learn(&seen, Settings::default()));
    samples.iter().filter(|s| s.source == source).map(|s| score(&reader, s)).collect()
}

/// The same scores with the line from score to probability drawn anew for one label, for each part on the other parts: the
/// acts of a set may be far more frequent than those of letters.
pub fn in_own_line(scored: Vec<Scored>, label: Label) -> Vec<Scored> {
    let at = label as usize;
    let log_odds =
        |p: f32| f64::from(p.clamp(1e-4, 1.0 - 1e-4)).ln() - f64::from(1.0 - p.clamp(1e-4, 1.0 - 1e-4)).ln();
    let lines: Vec<(f32, f32)> = (0..FOLDS)
        .map(|fold| {
            let others = scored.iter().filter(|s| s.sample.fold(FOLDS) != fold);
            let known = others.filter_map(|s| Some((log_odds(s.sure[at]), s.sample.truth[at]?, 1.0)));
            line(&known.collect::<Vec<_>>())
        })
        .collect();
    // An even chance is where the label is told from.
    let told_from = log_odds(reading::acts::training::told_from(label)) as f32;
    scored
        .into_iter()
        .map(|mut one| {
            let (slope, offset) = lines[one.sample.fold(FOLDS) as usize];
            one.sure[at] = logistic(slope * log_odds(one.sure[at]) as f32 + offset + told_from);
            one
        })
        .collect()
}

/// enron-message-acts, scored once for all tasks on it.
pub fn enron(data: &Path) -> &'static [Scored] {
    static SCORED: OnceLock<Vec<Scored>> = OnceLock::new();
    SCORED.get_or_init(|| scored(data, Source::Enron))
}

/// Two sets cut from the same mailboxes are held out together.
fn same_people(a: Source, b: Source) -> bool {
    let mail = |s| matches!(s, Source::Enron | Source::Mailex);
    a == b || (mail(a) && mail(b))
}

fn score(reader: &Reader, sample: &'static Sample) -> Scored {
    Scored { sample, sure: reader.sure(&sample.seen) }
}
