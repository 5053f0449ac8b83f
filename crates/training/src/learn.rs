//! Learns the model's weights: logistic regression by AdaGrad, pulled towards the rules written by hand.
//!
//! A text of several sentences is a bag: where it does an act, one of its sentences does (the likeliest so far); where
//! it does not, none of them does. Everything is in a fixed order with fixed seeds, so the same data give the same file.

use std::panic::resume_unwind;
use std::thread::ScopedJoinHandle;

use reading::acts::Label;
use reading::acts::model::{BIAS, Model, OF_MESSAGE, ROWS, WIDTH, in_letter, logistic};
use reading::acts::training::SentenceFeatures;

use crate::data::Sample;
use crate::eval::measure::Random;

/// What training can be told.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Times through all samples.
    pub epochs: usize,
    /// Size of a first step.
    pub step: f32,
    /// Pull of a table weight towards 0.
    pub pull: f32,
    /// Pull of a cue's weight towards the rule written by hand, where texts are few.
    pub pull_dense: f32,
    /// The same for requests and complaints, of which there are thousands.
    pub pull_many: f32,
    /// Parts into which the samples are cut to fit the lines.
    pub folds: u64,
    /// Sum of squares before the first step.
    pub start: f32,
    /// How much longer the steps of the table are.
    pub fast: f32,
    /// In how many orders the texts are learnt; what is learnt is the mean of all.
    pub orders: u64,
    /// The first of them: another is another draw of the same method.
    pub order: u64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            epochs: 14,
            step: 0.12,
            pull: 0.0003,
            pull_dense: 0.12,
            pull_many: 0.002,
            folds: 3,
            start: 0.1,
            fast: 6.0,
            orders: 4,
            order: 0,
        }
    }
}

impl Settings {
    /// The orders whose mean is taken.
    pub fn every_order(&self) -> std::ops::Range<u64> {
        self.orders * self.order..self.orders * (self.order + 1)
    }

    fn pulls(&self) -> [f32; WIDTH] {
        let mut pulls = [self.pull_dense; WIDTH];
        for label in [Label::Request, Label::Complaint] {
            pulls[label as usize] = self.pull_many;
        }
        pulls
    }
}

/// Weights while they are learnt.
#[derive(Default)]
struct Weights {
    bias: [f32; WIDTH],
    dense: Vec<[f32; WIDTH]>,
    table: Vec<[f32; WIDTH]>,
}

/// Sums of squared gradients: frequent features take smaller steps.
struct Paces {
    bias: [f32; WIDTH],
    dense: Vec<[f32; WIDTH]>,
    table: Vec<[f32; WIDTH]>,
}

/// One sentence with what it teaches: for each label the truth and how much it counts (0: nothing).
struct Lesson<'a> {
    features: &'a SentenceFeatures,
    truth: [f32; WIDTH],
    weight: [f32; WIDTH],
    /// How many sentences its text has.
    sentences: usize,
}

/// Learns everything: posts, and of letters sentences, lines and messages.
pub fn learn(samples: &[&Sample], settings: Settings) -> Model {
    let (posts, letters): (Vec<&Sample>, Vec<&Sample>) =
        samples.iter().copied().partition(|s| s.post.is_some());
    let mut model = letters_alone(&letters, settings);
    super::posts::learn(&posts, settings, &mut model);
    model
}

/// Learns what is read in letters.
pub fn letters_alone(samples: &[&Sample], settings: Settings) -> Model {
    let mut model = sentences(samples, settings);
    let unseen = out_of_fold(samples, settings);
    model.line = super::lines::fit(samples, &unseen);
    super::messages::learn(samples, &unseen, &mut model);
    quantised(model)
}

/// A model whose table is not yet in small numbers.
pub struct Learnt {
    /// All but the table.
    pub model: Model,
    /// The table.
    pub table: Vec<[f32; WIDTH]>,
    /// Slope and offset by label.
    pub line: [(f32, f32); WIDTH],
}

impl Learnt {
    /// The scores of a sentence.
    pub fn scores(&self, features: &SentenceFeatures) -> [f32; WIDTH] {
        score(&self.model.bias, &self.model.dense, &self.table, features)
    }
}

/// Scores of every sample's sentences by a model that never saw its group.
fn out_of_fold(samples: &[&Sample], settings: Settings) -> Vec<Vec<[f32; WIDTH]>> {
    let mut scores = vec![Vec::new(); samples.len()];
    for fold in 0..settings.folds {
        let seen: Vec<&Sample> = samples.iter().filter(|s| s.fold(settings.folds) != fold).copied().collect();
        let learnt = sentences(&seen, settings);
        for (sample, scores) in
            samples.iter().zip(&mut scores).filter(|(s, _)| s.fold(settings.folds) == fold)
        {
            *scores = sample.sentences.iter().map(|f| learnt.scores(f)).collect();
            let sentences = scores.len();
            scores.iter_mut().for_each(|scores| in_letter(scores, sentences));
        }
    }
    scores
}

/// Learns to weigh sentences: the mean of what is learnt in several orders, since weights that are learnt in one hang on
/// which texts came last and on which sentence of a text was likeliest first.
fn sentences(samples: &[&Sample], settings: Settings) -> Learnt {
    let means: Vec<Mean> = std::thread::scope(|scope| {
        let threads: Vec<_> = settings
            .every_order()
            .map(|order| scope.spawn(move || in_order(samples, settings, order)))
            .collect();
        let joined = |thread: ScopedJoinHandle<'_, Mean>| thread.join().unwrap_or_else(|e| resume_unwind(e));
        threads.into_iter().map(joined).collect()
    });
    let mut mean = Mean::default();
    means.into_iter().for_each(|one| mean.add_all(one));
    let weights = mean.weights();
    let hand = Model::by_hand();
    let model = Model { bias: weights.bias, dense: weights.dense, ..hand };
    Learnt { model, table: weights.table, line: [(1.0, 0.0); WIDTH] }
}

/// What is learnt in one order.
fn in_order(samples: &[&Sample], settings: Settings, order: u64) -> Mean {
    let hand = Model::by_hand();
    let mut weights = Weights { bias: hand.bias, dense: hand.dense.clone(), table: vec![[0.0; WIDTH]; ROWS] };
    let mut paces = Paces {
        bias: [1.0; WIDTH],
        dense: vec![[1.0; WIDTH]; hand.dense.len()],
        table: vec![[settings.start; WIDTH]; ROWS],
    };
    let mut random = Random::new(20_240_229 + order);
    let mut mean = Mean::default();
    for epoch in 0..settings.epochs {
        let mut lessons = lessons(samples, &weights);
        random.shuffle(&mut lessons);
        let step = settings.step * (1.0 - epoch as f32 / settings.epochs as f32 * 0.7);
        for lesson in &lessons {
            weights.learn(lesson, &mut paces, &hand, step, settings);
        }
        if settings.epochs <= 2 * epoch {
            mean.add(&weights);
        }
    }
    mean
}

/// The mean of weights at several moments: it hangs less on the last texts seen than any of them.
#[derive(Default)]
struct Mean {
    sum: Weights,
    count: f32,
}

impl Mean {
    fn add(&mut self, weights: &Weights) {
        self.count += 1.0;
        self.sum.add(weights);
    }

    fn add_all(&mut self, other: Mean) {
        self.count += other.count;
        self.sum.add(&other.sum);
    }

    fn weights(self) -> Weights {
        let Mean { mut sum, count } = self;
        let all = std::iter::once(&mut sum.bias).chain(&mut sum.dense).chain(&mut sum.table);
        all.flatten().for_each(|weight| *weight /= count);
        sum
    }
}

/// What each sentence teaches, given the weights so far.
fn lessons<'a>(samples: &[&'a Sample], weights: &Weights) -> Vec<Lesson<'a>> {
    let mut lessons = Vec::new();
    for sample in samples {
        let scores: Vec<[f32; WIDTH]> = sample
            .sentences
            .iter()
            .map(|f| score(&weights.bias, &weights.dense, &weights.table, f))
            .collect();
        let first = lessons.len();
        lessons.extend(sample.sentences.iter().map(|features| Lesson {
            features,
            truth: [0.0; WIDTH],
            weight: [0.0; WIDTH],
            sentences: sample.sentences.len(),
        }));
        for label in 0..Label::OF_SENTENCE {
            let Some(truth) = sample.truth[label] else { continue };
            let count = sample.sentences.len().max(1) as f32;
            let best = (0..scores.len()).max_by(|&a, &b| scores[a][label].total_cmp(&scores[b][label]));
            for (place, lesson) in lessons[first..].iter_mut().enumerate() {
                lesson.truth[label] = f32::from(u8::from(truth && best == Some(place)));
                lesson.weight[label] = match (truth, best == Some(place)) {
                    (_, true) => sample.weight,
                    // The other sentences of a text that does it may do it as well.
                    (true, false) => 0.0,
                    (false, false) => sample.weight / count.sqrt(),
                };
            }
        }
    }
    lessons
}

fn score(
    bias: &[f32; WIDTH],
    dense: &[[f32; WIDTH]],
    table: &[[f32; WIDTH]],
    features: &SentenceFeatures,
) -> [f32; WIDTH] {
    let mut sum = *bias;
    let mut hashed = [0.0; WIDTH];
    for &n in &features.dense {
        (0..WIDTH).for_each(|l| sum[l] += dense[usize::from(n)][l]);
    }
    for &row in &features.rows {
        (0..WIDTH).for_each(|l| hashed[l] += table[row as usize][l]);
    }
    let root = (features.rows.len().max(1) as f32).sqrt();
    std::array::from_fn(|l| sum[l] + hashed[l] / root)
}

impl Weights {
    fn add(&mut self, other: &Weights) {
        self.dense.resize(other.dense.len(), [0.0; WIDTH]);
        self.table.resize(other.table.len(), [0.0; WIDTH]);
        let add = |sum: &mut [f32; WIDTH], more: &[f32; WIDTH]| (0..WIDTH).for_each(|l| sum[l] += more[l]);
        add(&mut self.bias, &other.bias);
        self.dense.iter_mut().zip(&other.dense).for_each(|(sum, more)| add(sum, more));
        self.table.iter_mut().zip(&other.table).for_each(|(sum, more)| add(sum, more));
    }

    fn learn(&mut self, lesson: &Lesson<'_>, paces: &mut Paces, hand: &Model, step: f32, settings: Settings) {
        let mut scores = score(&self.bias, &self.dense, &self.table, lesson.features);
        in_letter(&mut scores, lesson.sentences);
        let wrong: [f32; WIDTH] =
            std::array::from_fn(|l| (logistic(scores[l]) - lesson.truth[l]) * lesson.weight[l]);
        if wrong.iter().all(|w| w.abs() < CLEAR) {
            return;
        }
        let root = (lesson.features.rows.len().max(1) as f32).sqrt();
        nudge(&mut self.bias, &mut paces.bias, &[BIAS; WIDTH], wrong, step, settings.pulls(), &lesson.weight);
        for &n in &lesson.features.dense {
            let n = usize::from(n);
            nudge(
                &mut self.dense[n],
                &mut paces.dense[n],
                &hand.dense[n],
                wrong,
                step,
                settings.pulls(),
                &lesson.weight,
            );
        }
        let part = wrong.map(|w| w / root);
        for &row in &lesson.features.rows {
            let row = row as usize;
            nudge(
                &mut self.table[row],
                &mut paces.table[row],
                &[0.0; WIDTH],
                part,
                step * settings.fast,
                [settings.pull; WIDTH],
                &lesson.weight,
            );
        }
    }
}

/// What is told this well teaches nothing more.
const CLEAR: f32 = 0.02;

/// One step down the slope, with a pull towards `home`.
fn nudge(
    weights: &mut [f32; WIDTH],
    paces: &mut [f32; WIDTH],
    home: &[f32; WIDTH],
    slope: [f32; WIDTH],
    step: f32,
    pull: [f32; WIDTH],
    counts: &[f32; WIDTH],
) {
    for l in 0..WIDTH {
        let slope = slope[l] + pull[l] * (weights[l] - home[l]) * counts[l].min(1.0);
        paces[l] += slope * slope;
        weights[l] -= step * slope / paces[l].sqrt();
    }
}

/// The table in small whole numbers.
fn quantised(learnt: Learnt) -> Model {
    let Learnt { mut model, table, line } = learnt;
    for label in 0..WIDTH {
        let most = table.iter().map(|row| row[label].abs()).fold(0.0, f32::max);
        model.scale[label] = most / 127.0;
        for (small, row) in model.table.iter_mut().zip(&table) {
            small[label] = if most > 0.0 { (row[label] / model.scale[label]).round() as i8 } else { 0 };
        }
    }
    model.line = line;
    model
}

/// The features of a message with its bias.
pub type OfMessage = [f32; OF_MESSAGE + 1];
