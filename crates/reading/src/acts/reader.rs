//! The reader: from the new text of a message to its acts.

use std::sync::{Arc, LazyLock};

use care::acts::Act;
use care::entry::Delivery;
use care::hours::WorkCalendar;
use jiff::Timestamp;

use super::corrections::{Corrections, Layer};
use super::cues::Cue;
use super::features::Analysis;
use super::label::Label;
use super::language::{self, Language};
use super::lexicon::Lexicon;
use super::model::{self, Model, OF_MESSAGE, Sum, WIDTH, logistic};
use super::passage::Speaks;
use super::{close, found, gates, message, post, things};

/// The confidence from which a label is told: where right and missed ones are best balanced on the development sets.
pub const fn told_from(label: Label) -> f32 {
    match label {
        Label::Request => 0.4,
        Label::Excuse => 0.38,
        // Few of these come, and a missed complaint loses a client.
        Label::Complaint | Label::Departure => 0.42,
        Label::Comment => 0.38,
        // A false chase a day and people stop looking.
        Label::Chase => 0.44,
        Label::Hold => 0.42,
        Label::Promise => 0.38,
        Label::Thanks => 0.56,
        _ => 0.5,
    }
}

pub(super) fn told(sure: &[f32; WIDTH], label: Label) -> bool {
    sure[label as usize] >= told_from(label)
}

/// Reads what messages do. Cheap to clone; made once.
#[derive(Clone)]
pub struct Reader {
    lexicon: Arc<Lexicon>,
    speaks: Arc<Speaks>,
    model: Arc<Model>,
    /// What one firm's people corrected.
    layer: Option<Arc<Layer>>,
}

/// What one message does.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// Its acts, of both directions, in the order of the text. Offsets count Unicode scalar values.
    pub acts: Vec<Act>,
    /// How likely it needs a reply, 0 to 1.
    pub needs_reply: f32,
    /// What it is written in; of another language than English only the form is read.
    pub language: Language,
    /// After greeting, apology, thanks and closing, it is nothing but promise or hold.
    pub only_holds: bool,
    /// What it carries or states, as far as its words tell; the caller adds attachments.
    pub delivers: Delivery,
    /// Says that a contact leaves a job.
    pub leaving: Option<Leaving>,
    /// How much it reads like a newsletter or a notice of a system, 0 to 1.
    pub bulk: f32,
    /// Says sorry.
    pub apology: bool,
    /// A request in it asks for a date ("when can I have it?").
    pub asks_when: bool,
}

/// Somebody leaves a job.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leaving {
    /// First character of the passage, in Unicode scalar values.
    pub start: u32,
    /// Past its last character.
    pub end: u32,
    /// How sure the reader is, 0 to 1.
    pub confidence: f32,
}

static LEXICON: LazyLock<Arc<Lexicon>> = LazyLock::new(|| Arc::new(Lexicon::new()));
static SPEAKS: LazyLock<Arc<Speaks>> = LazyLock::new(|| Arc::new(Speaks::new()));
static SHIPPED: LazyLock<Arc<Model>> = LazyLock::new(|| {
    Arc::new(Model::from_bytes(include_bytes!("../../weights/reader.bin")).unwrap_or_else(Model::by_hand))
});

/// The words and patterns of all readers.
pub(super) fn lexicon() -> Arc<Lexicon> {
    Arc::clone(&LEXICON)
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("model", &self.model).finish_non_exhaustive()
    }
}

impl Reader {
    /// The reader with the weights that come with the program.
    pub fn shipped() -> Reader {
        Reader { lexicon: lexicon(), speaks: Arc::clone(&SPEAKS), model: Arc::clone(&SHIPPED), layer: None }
    }

    /// The reader with other weights.
    pub fn with_model(model: Model) -> Reader {
        Reader { lexicon: lexicon(), speaks: Arc::clone(&SPEAKS), model: Arc::new(model), layer: None }
    }

    /// The same reader with what one firm's people corrected, in place of any corrections it had. Without corrections it
    /// is the reader that is shipped, to the last figure. Make it once for a firm and again after each correction.
    pub fn with_corrections(&self, corrections: &Corrections) -> Reader {
        let layer = (!corrections.is_empty()).then(|| Arc::new(Layer::of(corrections)));
        Reader { layer, ..self.clone() }
    }

    /// A text cut as this reader sees it.
    pub(super) fn analysis(&self, text: &str) -> Analysis {
        Analysis::of(text, &self.lexicon)
    }

    /// Reads the new text of one message.
    ///
    /// `said_at` and `calendar` resolve words of time; without `said_at` no act has a date.
    pub fn read(&self, text: &str, said_at: Option<Timestamp>, calendar: &WorkCalendar) -> Reading {
        let analysis = self.analysis(text);
        let (sure, needs_reply, bulk) = self.weighed(&analysis);
        let mut reading = Reading { needs_reply, bulk, language: analysis.language, ..Reading::default() };
        reading.apology = sure.iter().any(|p| told(p, Label::Apology));
        reading.only_holds = only_holds(&analysis, &sure);
        reading.delivers = delivers(text, &analysis, &sure);
        reading.asks_when = (0..sure.len()).any(|place| {
            let asks = told(&sure[place], Label::Request) || told(&sure[place], Label::Chase);
            asks && analysis.cues[analysis.body[place]].has(Cue::WhenCanI)
        });
        let found = found::find(text, &analysis, &self.speaks, &sure);
        found::place_all(text, found, said_at, calendar, &mut reading);
        reading
    }

    /// The probabilities of each sentence of the body; of needs_reply; of bulk.
    pub(super) fn weighed(&self, analysis: &Analysis) -> (Vec<[f32; WIDTH]>, f32, f32) {
        let (mut sure, words) = weigh(analysis, &self.model);
        if let Some(complains) = analysis.post.as_ref().and_then(|post| post::complains(post, &self.model)) {
            post::tell(&mut sure, complains);
        }
        let bulk = self.whole(1, Label::Bulk, &message::features(analysis, &sure), &words);
        let needs_reply = self.needs_reply(analysis, &sure, &words, bulk);
        gates::shut_bulk(&mut sure, bulk);
        gates::shut_chases(&mut sure, needs_reply);
        if let Some(layer) = &self.layer {
            let mut needs_reply = needs_reply;
            if layer.correct(analysis, &mut sure) {
                needs_reply = self.needs_reply(analysis, &sure, &words, bulk);
            }
            return (sure, layer.needs_reply(analysis, needs_reply), bulk);
        }
        (sure, needs_reply, bulk)
    }

    /// The probability that a message needs a reply: by the whole of it, or by what it closes with; by its form alone
    /// where it is not English.
    fn needs_reply(
        &self,
        analysis: &Analysis,
        sure: &[[f32; WIDTH]],
        words: &[f32; WIDTH],
        bulk: f32,
    ) -> f32 {
        if analysis.language == Language::Other {
            return language::needs_reply(analysis, bulk);
        }
        let of = |analysis: &Analysis, sure: &[[f32; WIDTH]], words: &[f32; WIDTH]| {
            self.whole(0, Label::NeedsReply, &message::features(analysis, sure), words)
        };
        let whole = of(analysis, sure, words);
        // What is stated already gains nothing by a second look.
        if 0.9 <= whole {
            whole
        } else {
            whole.max(close::needs_reply(analysis, sure, bulk, &self.model, of))
        }
    }

    /// The probability of a label that is told of the whole message.
    fn whole(&self, head: usize, label: Label, features: &[f32; OF_MESSAGE], words: &[f32; WIDTH]) -> f32 {
        let weights = &self.model.message[head];
        let score: f32 = features.iter().zip(weights).map(|(f, w)| f * w).sum();
        let (slope, offset) = self.model.line[label as usize];
        logistic(slope * (score + weights[OF_MESSAGE] + words[label as usize]) + offset)
    }
}

/// The scores of each sentence of the body.
pub(super) fn scores(analysis: &Analysis, model: &Model) -> Vec<[f32; WIDTH]> {
    (0..analysis.body.len()).map(|place| scored(analysis, model, &sum(analysis, model, place))).collect()
}

fn scored(analysis: &Analysis, model: &Model, sum: &Sum) -> [f32; WIDTH] {
    let mut scores = sum.scores(model);
    model::in_letter(&mut scores, analysis.body.len());
    scores
}

fn sum(analysis: &Analysis, model: &Model, place: usize) -> Sum {
    let mut sum = Sum::new(model);
    analysis.dense(place, |n| sum.add_dense(&model.dense[n]));
    analysis.rows(place, |row| sum.add_row(&model.table[row as usize]));
    sum
}

/// The probabilities of each sentence of the body, and what the words of the whole message say.
pub(super) fn weigh(analysis: &Analysis, model: &Model) -> (Vec<[f32; WIDTH]>, [f32; WIDTH]) {
    let mut whole = Sum::new(model);
    let mut sure = Vec::with_capacity(analysis.body.len());
    for place in 0..analysis.body.len() {
        let sum = sum(analysis, model, place);
        whole.add_rows_of(&sum);
        let scores = scored(analysis, model, &sum);
        let mut p = std::array::from_fn(|l| logistic(model.line[l].0 * scores[l] + model.line[l].1));
        gates::shut(analysis, analysis.body[place], &mut p);
        sure.push(p);
    }
    (sure, whole.hashed(model))
}

/// After greeting, apology, thanks and closing, nothing but promise or hold.
fn only_holds(analysis: &Analysis, sure: &[[f32; WIDTH]]) -> bool {
    let mut holds = false;
    for (place, p) in sure.iter().enumerate() {
        let sentence = analysis.body[place];
        let cues = analysis.cues[sentence];
        let tokens = analysis.tokens_of(sentence);
        let told = |label: Label| told(p, label);
        if told(Label::Promise) || told(Label::Hold) {
            if cues.any(&[Cue::Attached, Cue::HereIs]) {
                return false;
            }
            holds = true;
            continue;
        }
        let waits = cues.any(&[Cue::StillWorking, Cue::LookInto]);
        let polite = told(Label::Apology)
            || told(Label::Excuse)
            || cues.any(&[Cue::ThanksPlain, Cue::Sorry, Cue::HopeYou]);
        if !(waits || polite || tokens.len() <= 5) || tokens.iter().any(|t| t.is_mark('?')) {
            return false;
        }
    }
    holds
}

/// What a message of ours brings to its reader.
fn delivers(text: &str, analysis: &Analysis, sure: &[[f32; WIDTH]]) -> Delivery {
    let states = sure.iter().enumerate().any(|(place, p)| {
        let tokens = analysis.tokens_of(analysis.body[place]);
        let told = |label: Label| told(p, label);
        let empty =
            [Label::Promise, Label::Hold, Label::Thanks, Label::Apology, Label::Excuse].into_iter().any(told);
        let asks = tokens.iter().any(|t| t.is_mark('?')) || told(Label::Request);
        let polite = analysis.cues[analysis.body[place]].any(&[
            Cue::ThanksPlain,
            Cue::HopeYou,
            Cue::IfQuestions,
            Cue::FeelFree,
        ]);
        tokens.len() > 4 && !empty && !asks && !polite
    });
    let carries = analysis.cues.iter().any(|c| c.any(&[Cue::Attached, Cue::HereIs]));
    Delivery { carries, states, things: things::of(text, &analysis.tokens) }
}
