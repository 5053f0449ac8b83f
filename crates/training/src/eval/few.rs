//! Acts of which the set holds so few that they are counted one by one: excuse, thanks, complaint, departure.

use reading::acts::Label;

use super::acts::told;
use super::cross;
use super::{Asked, Row};

/// excuse, thanks, complaint, departure, leaving, bulk.
pub fn rows(asked: &Asked) -> Vec<Row> {
    let scored = cross::enron(asked);
    if scored.is_empty() {
        return Vec::new();
    }
    let mut rows = vec![excuse(scored)];
    let few = [Label::Complaint, Label::Departure];
    for (label, task, floor, goal, (floor_hit, floor_false), (goal_hit, goal_false)) in [
        (
            Label::Thanks,
            "thanks that is content (enron-message-acts)",
            "8 found, at most 6 false",
            "11, 2",
            (8, 6),
            (11, 2),
        ),
        (Label::Complaint, "complaint (enron-message-acts)", "", "", (0, 0), (0, 0)),
        (Label::Departure, "departure (enron-message-acts)", "", "", (0, 0), (0, 0)),
        (Label::Leaving, "contact leaving (enron-message-acts)", "", "", (0, 0), (0, 0)),
        (Label::Bulk, "bulk or automatic (enron-message-acts)", "", "", (0, 0), (0, 0)),
    ] {
        let told = told(scored, label);
        let c = told.counts;
        rows.push(Row {
            task,
            measure: format!("{} messages, {} do it", c.all(), c.hit + c.miss),
            plain: if label == Label::Thanks { "F1 .28" } else { "" },
            floor,
            goal,
            figure: format!(
                "{} found, {} false (F1 {:.2}); recall at P .9: {:.2}",
                c.hit,
                c.false_alarm,
                c.f1(),
                told.recall_at_90.0
            ),
            met_floor: !floor.is_empty() && c.hit >= floor_hit && c.false_alarm <= floor_false,
            met_goal: !floor.is_empty() && c.hit >= goal_hit && c.false_alarm <= goal_false,
            mistakes: if few.contains(&label) { each(scored, label) } else { told.mistakes },
        });
    }
    rows
}

/// Every message that does it, found or missed, and every one that only seems to: so few that each is read.
fn each(scored: &[cross::Scored], label: Label) -> Vec<String> {
    let mut lines = Vec::new();
    for one in scored.iter().filter(|s| s.sample.truth[label as usize].is_some()) {
        let what = match (one.says(label), one.sample.is(label)) {
            (true, true) => "FOUND ",
            (false, true) => "MISSED",
            (true, false) => "FALSE ",
            (false, false) => continue,
        };
        let sure = one.sure[label as usize];
        lines.push(format!("{what} {sure:.2} [{}] {}", one.sample.note, one.sample.text));
    }
    lines
}

/// Among messages that say sorry or excuse: which of them excuse.
fn excuse(scored: &[cross::Scored]) -> Row {
    let (mut hit, mut wrong, mut miss) = (0, 0, 0);
    let mut mistakes = Vec::new();
    for one in scored.iter().filter(|s| s.sample.is(Label::Apology) || s.sample.is(Label::Excuse)) {
        let (said, truth) = (one.says(Label::Excuse), one.sample.is(Label::Excuse));
        match (said, truth) {
            (true, true) => hit += 1,
            (true, false) => wrong += 1,
            (false, true) => miss += 1,
            (false, false) => {}
        }
        if said != truth {
            let what = if truth { "MISSED" } else { "FALSE " };
            mistakes.push(format!("{what} {:.2} {}", one.sure[Label::Excuse as usize], one.sample.text));
        }
    }
    let all = told(scored, Label::Excuse);
    mistakes.extend(all.mistakes.iter().map(|m| format!("(all outgoing) {m}")));
    Row {
        task: "excuse apart from plain apology (enron-message-acts)",
        measure: format!("{} excuses among apologies", hit + miss),
        plain: "",
        floor: "7 found, at most 3 false",
        goal: "9, 1",
        figure: format!("{hit} found, {wrong} false; on all outgoing mail {} false", all.counts.false_alarm),
        met_floor: hit >= 7 && wrong <= 3,
        met_goal: hit >= 9 && wrong <= 1,
        mistakes,
    }
}
