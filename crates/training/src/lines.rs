//! From scores to probabilities: a line for each label, fitted on texts that the model had not seen.

use reading::acts::Label;
use reading::acts::model::{WIDTH, logistic};

use crate::data::{Sample, Source};

/// How much a text counts in the line of a label. Mail as it came shows how rare the acts are; our own passages are half
/// and half.
fn counts(source: Source, label: usize) -> f64 {
    let is = |labels: &[Label]| labels.iter().any(|&l| l as usize == label);
    match source {
        // Their floors are on false alarms among real mail.
        Source::Enron if is(&[Label::Chase, Label::Thanks, Label::Promise]) => 2.0,
        // "I'll take that any day", "you will have taken on risk": in real mail, words of the future promise little.
        Source::Bc3 | Source::Mailex if is(&[Label::Promise]) => 2.0,
        Source::Passages if is(&[Label::Promise]) => 0.5,
        _ => 1.0,
    }
}

/// Slope and offset for each label of sentences (Platt's scaling by Newton's method, with his soft targets).
pub fn fit(samples: &[&Sample], scores: &[Vec<[f32; WIDTH]>]) -> [(f32, f32); WIDTH] {
    let mut lines = [(1.0, 0.0); WIDTH];
    for label in 0..Label::OF_SENTENCE {
        let mut points = Vec::new();
        for (sample, scores) in samples.iter().zip(scores) {
            let Some(truth) = sample.truth[label] else { continue };
            if let Some(best) = scores.iter().map(|s| s[label]).max_by(f32::total_cmp) {
                points.push((f64::from(best), truth, counts(sample.source, label)));
            }
        }
        lines[label] = line(&points);
    }
    lines
}

/// The line that makes these points likeliest: (score, truth, how much it counts).
pub fn line(points: &[(f64, bool, f64)]) -> (f32, f32) {
    let yes: f64 = points.iter().filter(|p| p.1).map(|p| p.2).sum();
    let no: f64 = points.iter().filter(|p| !p.1).map(|p| p.2).sum();
    if yes < 5.0 || no < 5.0 {
        return (1.0, 0.0);
    }
    let (high, low) = ((yes + 1.0) / (yes + 2.0), 1.0 / (no + 2.0));
    let (mut a, mut b) = (1.0f64, 0.0f64);
    for _ in 0..50 {
        // Gradient and curvature. A few points move neither slope nor offset far from the rules written by hand.
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (2.0 * (a - 1.0), b, 2.0, 0.0, 1.0);
        for &(x, truth, weight) in points {
            let p = f64::from(logistic((a * x + b) as f32));
            let wrong = (p - if truth { high } else { low }) * weight;
            let curve = (p * (1.0 - p)).max(1e-9) * weight;
            ga += wrong * x;
            gb += wrong;
            haa += curve * x * x;
            hab += curve * x;
            hbb += curve;
        }
        let det = haa * hbb - hab * hab;
        if det.abs() < 1e-12 {
            break;
        }
        let (da, db) = ((hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det);
        a -= da;
        b -= db;
        if da.abs() + db.abs() < 1e-8 {
            break;
        }
    }
    (a.clamp(0.3, 3.0) as f32, b as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_through_clear_points_rises() {
        let points: Vec<(f64, bool, f64)> =
            (0..200).map(|i| (f64::from(i - 100) / 20.0, i > 120, 1.0)).collect();
        let (a, b) = line(&points);
        assert!(a > 1.0, "{a}");
        assert!(f64::from(-b / a) > 0.5, "half is reached where the truth changes: {a} {b}");
    }
}
