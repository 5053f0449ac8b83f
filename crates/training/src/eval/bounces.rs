//! Bounces: told from people's mail, and read.

use std::path::Path;

use anyhow::Result;
use reading::letter::{Automatic, BounceKind, Letter, parse};

use super::letters::archive;
use super::measure::wilson;
use super::{Asked, Row};

/// Measures the reading of bounces.
pub fn rows(asked: &Asked) -> Vec<Row> {
    measure(&asked.data).map_err(|e| eprintln!("skipped: {e:#}")).into_iter().flatten().collect()
}

/// What is counted for one of the two questions.
#[derive(Default)]
struct Share {
    met: u32,
    all: u32,
    mistakes: Vec<String>,
}

impl Share {
    fn add(&mut self, is_met: bool, mistake: impl FnOnce() -> String) {
        self.all += 1;
        self.met += u32::from(is_met);
        if !is_met {
            self.mistakes.push(mistake());
        }
    }

    fn row(self, task: &'static str, measure: String) -> Row {
        let share = f64::from(self.met) / f64::from(self.all.max(1));
        let (low, high) = wilson(self.met, self.all);
        Row {
            task,
            measure,
            floor: "85 %",
            goal: "95 %",
            figure: format!(
                "{}/{} = {:.1} % ({:.1}–{:.1})",
                self.met,
                self.all,
                share * 100.0,
                low * 100.0,
                high * 100.0
            ),
            met_floor: 0.85 <= share,
            met_goal: 0.95 <= share,
            mistakes: self.mistakes,
            ..Row::default()
        }
    }
}

fn measure(data: &Path) -> Result<Vec<Row>> {
    let folder = data.join("bounces");
    let files = archive(&folder.join("mails.tar.zst"))?;
    let expected = std::fs::read_to_string(folder.join("expected.tsv"))?;
    let (mut kinds, mut reasons) = (Share::default(), Share::default());
    for line in expected.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, kind, wanted, ..] = fields[..] else { continue };
        let Some((_, bytes)) = files.iter().find(|(name, _)| name.ends_with(file)) else { continue };
        let letter = parse(bytes);
        let found = letter.as_ref().map_or("unreadable", kind_of);
        // Those called broken are bounces too, of systems whose tests leave them out.
        let is_met = found == kind || (kind == "broken" && found == "bounce");
        kinds.add(is_met, || format!("{file}: wanted {kind}, found {found}"));
        if wanted.is_empty() || kind == "auto-reply" {
            continue;
        }
        let reason = letter.as_ref().map(reasons_of).unwrap_or_default();
        let mut wanted: Vec<&str> = wanted.split(';').collect();
        wanted.sort_unstable();
        wanted.dedup();
        let is_met = wanted == reason;
        reasons.add(is_met, || {
            format!("{file}: wanted {wanted:?} {}, found {reason:?}", fields.get(3).unwrap_or(&""))
        });
    }
    Ok(vec![
        kinds.row(
            "kind of report (bounces)",
            "bounce, feedback report, auto-reply or ordinary mail".to_owned(),
        ),
        reasons.row("reason of a bounce (bounces)", "the reasons of all its recipients".to_owned()),
    ])
}

fn kind_of(letter: &Letter) -> &'static str {
    match (&letter.bounce, letter.automatic) {
        (Some(bounce), _) if bounce.kind == BounceKind::FeedbackReport => "feedback-report",
        (Some(_), _) => "bounce",
        (None, Some(Automatic::AutoReply)) => "auto-reply",
        _ => "ordinary",
    }
}

fn reasons_of(letter: &Letter) -> Vec<&'static str> {
    let failures = letter.bounce.iter().flat_map(|b| &b.failures);
    let mut reasons: Vec<_> = failures.map(|f| f.reason.name()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}
