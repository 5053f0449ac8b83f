//! The acts of messages, on enron-message-acts, split by mailbox.

use reading::acts::Label;

use super::cross::{self, Scored};
use super::measure::{Counts, f1_interval, wilson};
use super::{Asked, Row};

/// Reads and counts one label over scored samples.
pub struct Told {
    /// Right and wrong.
    pub counts: Counts,
    /// Said and true, for each.
    pub answers: Vec<(bool, bool)>,
    /// Mistakes, worst first.
    pub mistakes: Vec<String>,
    /// Recall that is left where nine in ten are right, and how many are told then.
    pub recall_at_90: (f64, u32),
    /// How often one that does it is told more surely than one that does not.
    pub area: f64,
    /// How sure the reader is of what it tells, on average: beside the precision it shows whether it boasts.
    pub sure: f64,
}

/// Counts one label over all samples where it is known.
pub fn told(scored: &[Scored], label: Label) -> Told {
    let mut counts = Counts::default();
    let mut answers = Vec::new();
    let mut wrong: Vec<(f32, String)> = Vec::new();
    let mut ranked = Vec::new();
    for one in scored {
        let Some(truth) = one.sample.truth[label as usize] else { continue };
        let said = one.says(label);
        counts.add(said, truth);
        answers.push((said, truth));
        let sure = one.sure[label as usize];
        ranked.push((sure, truth));
        if said != truth {
            let what = if truth { "MISSED" } else { "FALSE " };
            wrong.push((
                (sure - 0.5).abs(),
                format!("{what} {sure:.2} [{}] {}", one.sample.note, one.sample.text),
            ));
        }
    }
    wrong.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mistakes = wrong.into_iter().map(|w| w.1).collect();
    let told = f64::from((counts.hit + counts.false_alarm).max(1));
    let sure: f64 =
        ranked.iter().zip(&answers).filter(|(_, a)| a.0).map(|(r, _)| f64::from(r.0)).sum::<f64>() / told;
    Told { counts, answers, mistakes, area: area(&ranked), recall_at_90: recall_at_90(ranked), sure }
}

/// The area under the curve of right against false alarms; ties count half.
fn area(ranked: &[(f32, bool)]) -> f64 {
    let (mut won, mut pairs) = (0.0, 0.0);
    for (yes, _) in ranked.iter().filter(|r| r.1) {
        for (no, _) in ranked.iter().filter(|r| !r.1) {
            pairs += 1.0;
            won += if yes > no {
                1.0
            } else if yes == no {
                0.5
            } else {
                0.0
            };
        }
    }
    if pairs > 0.0 { won / pairs } else { 0.0 }
}

/// The largest recall at which at least nine in ten are right.
fn recall_at_90(mut ranked: Vec<(f32, bool)>) -> (f64, u32) {
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all = ranked.iter().filter(|r| r.1).count().max(1);
    let (mut right, mut best) = (0u32, (0.0, 0));
    for (told, (_, truth)) in ranked.iter().enumerate() {
        right += u32::from(*truth);
        let told = told as u32 + 1;
        if f64::from(right) >= 0.9 * f64::from(told) {
            best = (f64::from(right) / all as f64, told);
        }
    }
    best
}

/// P, R and F1 with its interval, and what is left at nine in ten.
pub fn figure(told: &Told) -> String {
    let (low, high) = f1_interval(&told.answers);
    let c = told.counts;
    format!(
        "F1 {:.2} ({low:.2}–{high:.2}), P {:.2} (sure {:.2}), R {:.2} ({} right, {} false, {} missed); recall at P .9: {:.2}",
        c.f1(),
        c.precision(),
        told.sure,
        c.recall(),
        c.hit,
        c.false_alarm,
        c.miss,
        told.recall_at_90.0
    )
}

/// needs_reply, chase, promise.
pub fn rows(asked: &Asked) -> Vec<Row> {
    let scored = cross::enron(asked);
    if scored.is_empty() {
        return Vec::new();
    }
    vec![needs_reply(scored), chase(scored), promise(scored)]
}

fn needs_reply(scored: &[Scored]) -> Row {
    let told = told(scored, Label::NeedsReply);
    Row {
        task: "needs reply (enron-message-acts)",
        measure: format!("{} incoming messages, split by mailbox", told.counts.all()),
        plain: "F1 .63",
        floor: "F1 .75 with P ≥ .72",
        goal: "F1 .85",
        figure: figure(&told),
        met_floor: told.counts.f1() >= 0.75 && told.counts.precision() >= 0.72,
        met_goal: told.counts.f1() >= 0.85,
        mistakes: told.mistakes,
    }
}

fn chase(scored: &[Scored]) -> Row {
    let told = told(scored, Label::Chase);
    let mut random = Counts::default();
    for one in scored.iter().filter(|s| s.sample.note.starts_with("random\t")) {
        if let Some(truth) = one.sample.truth[Label::Chase as usize] {
            random.add(one.says(Label::Chase), truth);
        }
    }
    let alarms = f64::from(random.false_alarm) / f64::from(random.all().max(1));
    let (low, high) = wilson(random.false_alarm, random.all());
    Row {
        task: "status chase (enron-message-acts)",
        measure: format!(
            "{} incoming messages, split by mailbox; false alarms on {} random rows",
            told.counts.all(),
            random.all()
        ),
        plain: "F1 .55",
        floor: "F1 .75, ≤ 1 %",
        goal: "F1 .85, ≤ .5 %",
        figure: format!(
            "{}; random rows: {} false alarms, {:.1} % ({:.1}–{:.1})",
            figure(&told),
            random.false_alarm,
            alarms * 100.0,
            low * 100.0,
            high * 100.0
        ),
        met_floor: told.counts.f1() >= 0.75 && alarms <= 0.01,
        met_goal: told.counts.f1() >= 0.85 && alarms <= 0.005,
        mistakes: told.mistakes,
    }
}

fn promise(scored: &[Scored]) -> Row {
    let told = told(scored, Label::Promise);
    Row {
        task: "promise (enron-message-acts)",
        measure: format!("{} outgoing messages, split by mailbox", told.counts.all()),
        plain: "F1 .72",
        floor: "F1 .82, P ≥ .80",
        goal: "F1 .90",
        figure: figure(&told),
        met_floor: told.counts.f1() >= 0.82 && told.counts.precision() >= 0.80,
        met_goal: told.counts.f1() >= 0.90,
        mistakes: told.mistakes,
    }
}
