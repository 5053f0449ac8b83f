//! Learns whether a post complains: a logistic regression of its own, which moves nothing that is read in letters.

use reading::acts::Label;
use reading::acts::model::{Model, OF_POSTS, logistic};
use reading::acts::training::PostFeatures;

use crate::data::{Sample, Source};
use crate::eval::measure::Random;
use crate::learn::Settings;
use crate::lines;

/// Times through all posts. This and the next two were settled within the parts that models are trained on.
const EPOCHS: usize = 40;
/// Size of a first step.
const STEP: f32 = 0.15;
/// Pull of every weight towards 0.
const PULL: f32 = 0.01;
/// Sum of squares before the first step.
const START: f32 = 0.1;
/// Parts into which the posts are cut to draw the line.
const FOLDS: u64 = 4;

/// A post with its truth and how much it counts.
type Lesson<'a> = (&'a PostFeatures, bool, f32);

/// Learns from all posts of which it is known whether they complain; without any, posts are read as letters are.
pub fn learn(samples: &[&Sample], settings: Settings, model: &mut Model) {
    let known = samples.iter().filter_map(|sample| {
        let truth = sample.truth[Label::Complaint as usize]?;
        Some(((sample.post.as_ref()?, truth, counts(sample.source)), sample.fold(FOLDS)))
    });
    let all: Vec<(Lesson<'_>, u64)> = known.collect();
    if all.is_empty() {
        return;
    }
    let mut unseen = Vec::new();
    for fold in 0..FOLDS {
        let weights =
            Weights::learn(all.iter().filter(|one| one.1 != fold).map(|one| one.0).collect(), settings);
        let held = all.iter().filter(|one| one.1 == fold);
        unseen.extend(
            held.map(|((post, truth, counts), _)| {
                (f64::from(weights.score(post)), *truth, f64::from(*counts))
            }),
        );
    }
    let weights = Weights::learn(all.into_iter().map(|one| one.0).collect(), settings);
    weights.into_model(model);
    model.posts.line = lines::line(&unseen);
}

/// How much a post counts.
fn counts(source: Source) -> f32 {
    if source == Source::Tweets { 1.0 } else { 0.5 }
}

/// The weights while they are learnt.
struct Weights {
    bias: f32,
    table: Vec<f32>,
}

impl Weights {
    fn empty(start: f32) -> Weights {
        Weights { bias: start, table: vec![start; OF_POSTS] }
    }

    /// The mean of what is learnt in several orders.
    fn learn(lessons: Vec<Lesson<'_>>, settings: Settings) -> Weights {
        let mut mean = Weights::empty(0.0);
        for order in settings.every_order() {
            Weights::learn_in_order(lessons.clone(), order, &mut mean, 1.0 / settings.orders as f32);
        }
        mean
    }

    fn learn_in_order(mut lessons: Vec<Lesson<'_>>, order: u64, mean: &mut Weights, share: f32) {
        let (mut weights, mut paces) = (Weights::empty(0.0), Weights::empty(START));
        let mut random = Random::new(20_240_229 + order);
        for epoch in 0..EPOCHS {
            random.shuffle(&mut lessons);
            let step = STEP * (1.0 - epoch as f32 / EPOCHS as f32 * 0.7);
            lessons.iter().for_each(|lesson| weights.step(&mut paces, *lesson, step));
            if EPOCHS <= 2 * epoch {
                mean.add(&weights, share / (EPOCHS / 2) as f32);
            }
        }
    }

    /// How much a post complains, in log odds.
    fn score(&self, post: &PostFeatures) -> f32 {
        let of =
            |part: &[u32]| part.iter().map(|&place| self.table[place as usize]).sum::<f32>() / root(part);
        self.bias + post.parts().map(of).iter().sum::<f32>()
    }

    fn step(&mut self, paces: &mut Weights, (post, truth, counts): Lesson<'_>, step: f32) {
        let wrong = (logistic(self.score(post)) - f32::from(u8::from(truth))) * counts;
        nudge(&mut self.bias, &mut paces.bias, wrong, step);
        for part in post.parts() {
            let slope = wrong / root(part);
            for &place in part {
                let (weight, pace) = (&mut self.table[place as usize], &mut paces.table[place as usize]);
                let slope = slope + PULL * *weight * counts;
                nudge(weight, pace, slope, step);
            }
        }
    }

    fn add(&mut self, other: &Weights, share: f32) {
        self.bias += other.bias * share;
        self.table.iter_mut().zip(&other.table).for_each(|(sum, more)| *sum += more * share);
    }

    fn into_model(self, model: &mut Model) {
        let most = self.table.iter().map(|weight| weight.abs()).fold(0.0, f32::max);
        let unit = if most > 0.0 { most / 127.0 } else { 1.0 };
        model.posts.bias = self.bias;
        model.posts.unit = unit;
        model.posts.weights = self.table.iter().map(|weight| (weight / unit).round() as i8).collect();
    }
}

fn root(part: &[u32]) -> f32 {
    (part.len().max(1) as f32).sqrt()
}

fn nudge(weight: &mut f32, pace: &mut f32, slope: f32, step: f32) {
    *pace += slope * slope;
    *weight -= step * slope / pace.sqrt();
}
