//! The passages of a message's acts: which sentences do what, where they stand in the text, and by when.

use care::acts::{Act, ActKind};
use care::hours::WorkCalendar;
use jiff::Timestamp;

use super::cues::Cue;
use super::features::Analysis;
use super::label::Label;
use super::model::WIDTH;
use super::passage::{self, Speaks};
use super::reader::{Leaving, Reading, told, told_from};
use super::things;
use crate::when;

/// No letter does more; of a text that does, only the first are told, so that no one message can fill a day's list.
const MOST_ACTS: usize = 2_000;

/// The passages of all acts that are told, given the probabilities of each sentence of the body.
pub(super) fn find(text: &str, analysis: &Analysis, speaks: &Speaks, sure: &[[f32; WIDTH]]) -> Vec<Passage> {
    let mut finder = Finder { text, analysis, speaks, sure, found: Vec::new() };
    finder.find();
    finder.found
}

/// A passage found, in bytes.
pub(super) struct Passage {
    label: Label,
    start: usize,
    end: usize,
    confidence: f32,
    things: Box<[u32]>,
    in_touch: bool,
}

struct Finder<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    speaks: &'a Speaks,
    sure: &'a [[f32; WIDTH]],
    found: Vec<Passage>,
}

impl Finder<'_> {
    fn find(&mut self) {
        for (place, &sentence) in self.analysis.body.iter().enumerate() {
            let sure = self.sure[place];
            for label in Label::ALL.into_iter().take(Label::OF_SENTENCE).filter(|&l| l != Label::Apology) {
                let mut confidence = sure[label as usize];
                if label == Label::Promise {
                    // Every hold implies our word.
                    if told(&sure, Label::Hold) {
                        confidence = confidence.max(sure[Label::Hold as usize]);
                    }
                }
                if confidence >= told_from(label) {
                    self.push(sentence, label, confidence);
                }
            }
        }
    }

    fn push(&mut self, sentence: usize, label: Label, confidence: f32) {
        let tokens = self.analysis.tokens_of(sentence);
        // A hold is given as a promise too, over the same passage: both take the promise's.
        let shown = if label == Label::Hold { Label::Promise } else { label };
        let (from, to) = passage::of(shown, tokens, self.analysis.hits_of(sentence), self.speaks);
        let Some(words) = tokens.get(from..to).filter(|w| !w.is_empty()) else { return };
        let ours = matches!(label, Label::Promise | Label::Hold);
        let cues = self.analysis.cues[sentence];
        self.found.push(Passage {
            label,
            start: words[0].start as usize,
            end: words[words.len() - 1].end as usize,
            confidence,
            things: if ours { things::of(self.text, words) } else { Box::default() },
            in_touch: ours && cues.has(Cue::InTouch) && !cues.has(Cue::WillBring),
        });
    }
}

/// Gives each passage its place in scalar values and its date, in the order of the text.
pub(super) fn place_all(
    text: &str,
    mut found: Vec<Passage>,
    said_at: Option<Timestamp>,
    calendar: &WorkCalendar,
    reading: &mut Reading,
) {
    found.sort_by_key(|p| (p.start, p.end, p.label as u8));
    found.truncate(MOST_ACTS);
    let dated = found.iter().any(|p| matches!(p.label, Label::Promise | Label::Hold));
    let times = said_at.filter(|_| dated).map(|at| (at, when::find(text, at, calendar)));
    let mut counter = Counter { text, byte: 0, chars: 0 };
    for passage in found {
        let start = counter.at(passage.start);
        let end = start + text.get(passage.start..passage.end).map_or(0, |t| t.chars().count() as u32);
        if passage.label == Label::Leaving {
            let better = reading.leaving.is_none_or(|l| l.confidence < passage.confidence);
            if better {
                reading.leaving = Some(Leaving { start, end, confidence: passage.confidence });
            }
            continue;
        }
        let Some(kind) = passage.label.act() else { continue };
        let due = times
            .as_ref()
            .filter(|_| matches!(kind, ActKind::Promise | ActKind::Hold))
            .and_then(|(at, times)| due(&passage, times, *at, calendar));
        reading.acts.push(Act {
            kind,
            start,
            end,
            confidence: passage.confidence,
            due,
            things: passage.things,
            in_touch: passage.in_touch,
        });
    }
}

/// The last date named in a passage.
fn due(
    passage: &Passage,
    times: &[when::Found],
    at: Timestamp,
    calendar: &WorkCalendar,
) -> Option<Timestamp> {
    // They stand in the order of the text and do not overlap.
    let first = times.partition_point(|t| t.start < passage.start);
    let inside = times[first..].iter().take_while(|t| t.end <= passage.end);
    inside.filter(|t| !t.past).filter_map(|t| t.due(at, calendar)).max()
}

/// Counts scalar values up to places that only grow.
struct Counter<'t> {
    text: &'t str,
    byte: usize,
    chars: u32,
}

impl Counter<'_> {
    fn at(&mut self, byte: usize) -> u32 {
        self.chars += self.text.get(self.byte..byte).map_or(0, |t| t.chars().count() as u32);
        self.byte = byte;
        self.chars
    }
}
