//! Requests and commitments in sentences: email-intent, bc3, mailex; complaints in tweets; our own passages.

use reading::acts::Label;

use super::acts::{figure, told};
use super::cross;
use super::{Asked, Row};
use crate::data::{CONSUMER, Source};

/// Each set with its label: the task, how it is measured, the plain method, floor and goal, in words and as F1.
type Set = (Source, Label, &'static str, &'static str, &'static str, &'static str, &'static str, (f64, f64));

const SETS: [Set; 5] = [
    (
        Source::EmailIntent,
        Label::Request,
        "request in a sentence (email-intent)",
        "verified labels, fifths by hash",
        "F1 .71",
        "F1 .76",
        "F1 .82",
        (0.76, 0.82),
    ),
    (
        Source::Bc3,
        Label::Request,
        "request (bc3, two or more annotators)",
        "split by thread",
        "F1 .46",
        "F1 .60",
        "F1 .70",
        (0.60, 0.70),
    ),
    (
        Source::Bc3,
        Label::Promise,
        "commitment (bc3, two or more annotators)",
        "split by thread",
        "F1 .20",
        "",
        "",
        (2.0, 2.0),
    ),
    (
        Source::Mailex,
        Label::Promise,
        "future deliver (mailex)",
        "split by mailbox owner",
        "F1 .20",
        "F1 .45",
        "F1 .60",
        (0.45, 0.60),
    ),
    (Source::Mailex, Label::Request, "request (mailex)", "split by mailbox owner", "", "", "", (2.0, 2.0)),
];

/// email-intent, bc3, mailex, complaint-tweets.
pub fn rows(asked: &Asked) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut last = None;
    for (source, label, task, measure, plain, floor, goal, (f, g)) in SETS {
        if last.as_ref().is_none_or(|(of, _)| *of != source) {
            last = Some((source, cross::scored(asked, source)));
        }
        let Some((_, scored)) = last.as_ref().filter(|(_, scored)| !scored.is_empty()) else { continue };
        let told = told(scored, label);
        rows.push(Row {
            task,
            measure: format!("{} sentences, {measure}", told.counts.all()),
            plain,
            floor,
            goal,
            figure: figure(&told),
            met_floor: told.counts.f1() >= f,
            met_goal: told.counts.f1() >= g,
            mistakes: told.mistakes,
        });
    }
    rows
}

/// complaint-tweets, by weights that may see tweets to other trades, and as shipped, which see none.
pub fn tweets(asked: &Asked) -> Vec<Row> {
    let mut rows = Vec::new();
    let [by_trade, unseen] = cross::tweets(asked);
    for (task, scored, how, floor, goal) in [
        (
            "complaint wording (complaint-tweets)",
            by_trade,
            "weights of posts learnt with tweets to other trades",
            "acc .83",
            "acc .88",
        ),
        (
            "complaint wording (complaint-tweets), no tweet ever seen",
            unseen,
            "as the shipped reader tells",
            "",
            "",
        ),
    ] {
        if scored.is_empty() {
            continue;
        }
        let told = told(&scored, Label::Complaint);
        let c = told.counts;
        let (low, high) = super::measure::wilson(c.hit + c.silent, c.all());
        rows.push(Row {
            task,
            measure: format!("{} tweets, {how}", c.all()),
            plain: "acc .82",
            floor,
            goal,
            figure: format!(
                "acc {:.3} ({low:.3}–{high:.3}); {}; AUC {:.3}",
                c.accuracy(),
                figure(&told),
                told.area
            ),
            met_floor: !floor.is_empty() && c.accuracy() >= 0.83,
            met_goal: !floor.is_empty() && c.accuracy() >= 0.88,
            mistakes: told.mistakes,
        });
    }
    rows
}

/// Our own passages that no weights ever saw. Their mistakes are not printed: whoever read them would mend the reader
/// for these very passages.
pub fn passages(asked: &Asked) -> Vec<Row> {
    let mut rows = own(&cross::scored(asked, Source::PassagesTest), "passages never trained on");
    rows.iter_mut().for_each(|row| row.mistakes.clear());
    rows
}

/// Our own passages for training, by fifths: their mistakes may be read.
pub fn written(asked: &Asked) -> Vec<Row> {
    own(&cross::scored(asked, Source::Passages), "passages for training, by fifths")
}

fn own(scored: &[cross::Scored], what: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for (label, note, task) in [
        (Label::Request, Label::Request.name(), "own passages: request"),
        (Label::Chase, Label::Chase.name(), "own passages: chase"),
        (Label::Complaint, Label::Complaint.name(), "own passages: complaint"),
        (Label::Complaint, CONSUMER, "own passages: complaint, of customers of shops and lines"),
        (Label::Thanks, Label::Thanks.name(), "own passages: thanks"),
        (Label::Departure, Label::Departure.name(), "own passages: departure"),
        (Label::Comment, Label::Comment.name(), "own passages: comment"),
        (Label::Promise, Label::Promise.name(), "own passages: promise"),
        (Label::Hold, Label::Hold.name(), "own passages: hold"),
        (Label::Excuse, Label::Excuse.name(), "own passages: excuse"),
    ] {
        let all_known = note != CONSUMER;
        let of_task = |s: &&cross::Scored| s.sample.note == note || (all_known && s.sample.note == "mixed");
        let own: Vec<_> = scored.iter().filter(of_task).collect();
        if own.is_empty() {
            continue;
        }
        let own: Vec<cross::Scored> =
            own.into_iter().map(|s| cross::Scored { sample: s.sample, sure: s.sure }).collect();
        let told = told(&own, label);
        rows.push(Row {
            task,
            measure: format!("{} {what}", told.counts.all()),
            figure: format!("acc {:.2}; {}; AUC {:.3}", told.counts.accuracy(), figure(&told), told.area),
            mistakes: told.mistakes,
            ..Row::default()
        });
    }
    rows
}
