//! Learns to tell what a whole message wants, from how sure the reader is of its sentences.

use reading::acts::Label;
use reading::acts::model::{Model, OF_MESSAGE, WIDTH, logistic};

use crate::data::Sample;
use crate::learn::{Learnt, OfMessage};
use crate::lines;

/// What a missed reply costs, where a message looked at in vain costs 1.
const MISSED_COSTS: f64 = 1.2;
const ROUNDS: usize = 400;
const PULL: f32 = 0.6;

/// Learns the heads for needs_reply and bulk; `scores` are of sentences that the scoring model had not seen.
pub fn learn(samples: &[&Sample], scores: &[Vec<[f32; WIDTH]>], learnt: &mut Learnt) {
    let hand = Model::by_hand();
    for (head, label) in [(0, Label::NeedsReply), (1, Label::Bulk)] {
        let mut points = Vec::new();
        for (sample, scores) in samples.iter().zip(scores) {
            let Some(truth) = sample.truth[label as usize] else { continue };
            points.push((features(sample, scores, &learnt.line), truth, sample.fold(5)));
        }
        if points.is_empty() {
            continue;
        }
        learnt.model.message[head] =
            fit(&points.iter().map(|p| (p.0, p.1)).collect::<Vec<_>>(), &hand.message[head]);
        // A question that is missed costs more than a message looked at in vain.
        let asked_for = if label == Label::NeedsReply { MISSED_COSTS } else { 1.0 };
        let mut unseen = Vec::new();
        for fold in 0..5 {
            let seen: Vec<_> = points.iter().filter(|p| p.2 != fold).map(|p| (p.0, p.1)).collect();
            let weights = fit(&seen, &hand.message[head]);
            unseen.extend(
                points
                    .iter()
                    .filter(|p| p.2 == fold)
                    .map(|p| (f64::from(dot(&weights, &p.0)), p.1, if p.1 { asked_for } else { 1.0 })),
            );
        }
        learnt.line[label as usize] = lines::line(&unseen);
    }
}

fn features(sample: &Sample, scores: &[[f32; WIDTH]], line: &[(f32, f32); WIDTH]) -> OfMessage {
    let sure: Vec<[f32; WIDTH]> =
        scores.iter().map(|s| std::array::from_fn(|l| logistic(line[l].0 * s[l] + line[l].1))).collect();
    let mut all = [1.0; OF_MESSAGE + 1];
    all[..OF_MESSAGE].copy_from_slice(&sample.seen.message(&sure));
    all
}

fn dot(weights: &OfMessage, features: &OfMessage) -> f32 {
    weights.iter().zip(features).map(|(w, f)| w * f).sum()
}

/// Logistic regression by plain gradient descent, pulled towards the weights written by hand.
fn fit(points: &[(OfMessage, bool)], hand: &OfMessage) -> OfMessage {
    let mut weights = *hand;
    let count = points.len().max(1) as f32;
    for _ in 0..ROUNDS {
        let mut slope = [0.0; OF_MESSAGE + 1];
        for (features, truth) in points {
            let wrong = logistic(dot(&weights, features)) - f32::from(u8::from(*truth));
            slope.iter_mut().zip(features).for_each(|(s, f)| *s += wrong * f);
        }
        for (at, weight) in weights.iter_mut().enumerate() {
            let pull = if at == OF_MESSAGE { 0.0 } else { PULL * (*weight - hand[at]) };
            *weight -= 1.5 * (slope[at] + pull) / count;
        }
    }
    weights
}
