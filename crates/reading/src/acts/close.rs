//! What a letter closes with: a question at its end is what the letter is for, however much stands before it.

use super::cues::CueSet;
use super::features::Analysis;
use super::label::Label;
use super::model::{Model, WIDTH, log_odds, logistic};
use super::reader;
use super::sentences::{Part, Sentence};

/// So many sentences at the end of the body are its close. With three, one lifted letter in three was right on the
/// development table; with two, two in three.
const SENTENCES: usize = 2;
/// From here on a request, read within its letter, is one that the letter may be for.
const REQUESTS: f32 = 0.6;
/// The same for chases and complaints, read alone: within a long letter these are told less surely the longer it is.
const RARELY: f32 = 0.7;
/// What was ruled out within the letter, or by what people corrected, lifts nothing.
const NOT_RULED_OUT: f32 = 0.15;
/// Notices and newsletters close with requests that nobody waits for an answer to.
const BULK: f32 = 0.3;
/// By how much the close alone is surer than the letter, in log odds: something is said before it.
const LESS_SURE: f32 = 0.3;

/// How likely a letter needs a reply, going by its close; 0 where it does not close with anything asked. `alone` says how
/// likely a letter of nothing but one sentence needs a reply.
pub(super) fn needs_reply(
    analysis: &Analysis,
    sure: &[[f32; WIDTH]],
    bulk: f32,
    model: &Model,
    alone: impl Fn(&Analysis, &[[f32; WIDTH]], &[f32; WIDTH]) -> f32,
) -> f32 {
    let body = analysis.body.len();
    if body < 2 || BULK <= bulk {
        return 0.0;
    }
    let mut most = 0.0f32;
    for (place, kinds) in sure.iter().enumerate().take(body).skip(body.saturating_sub(SENTENCES)) {
        let within = |label: Label| kinds[label as usize];
        let may_be_rare = [Label::Chase, Label::Complaint].into_iter().any(|l| NOT_RULED_OUT <= within(l));
        if within(Label::Request) < REQUESTS && !may_be_rare {
            continue;
        }
        let sentence = analysis.alone(place);
        let (of_sentence, words) = reader::weigh(&sentence, model);
        let rarely = |label: Label| {
            NOT_RULED_OUT <= within(label) && of_sentence.iter().any(|p| RARELY <= p[label as usize])
        };
        if REQUESTS <= within(Label::Request) || rarely(Label::Chase) || rarely(Label::Complaint) {
            let score = log_odds(alone(&sentence, &of_sentence, &words)) - LESS_SURE;
            most = most.max(logistic(score));
        }
    }
    most
}

impl Analysis {
    /// The letter with its greeting and closing, as if the sentence at a place of the body were all that it says.
    fn alone(&self, place: usize) -> Analysis {
        let sentence = self.body[place];
        let grams = self.grams_from[sentence] as usize..self.grams_from[sentence + 1] as usize;
        let said = self.sentences[sentence];
        let frame = |place: Option<&usize>| place.map_or(said, |&sentence| self.sentences[sentence]);
        let before = &self.tokens[..frame(self.body.first()).from];
        let after = &self.tokens[frame(self.body.last()).to..];
        let tokens = [before, &self.tokens[said.from..said.to], after].concat();
        let (from, to) = (before.len(), before.len() + said.to - said.from);
        let (hits, grams) = (self.hits_of(sentence).to_vec(), self.grams[grams].to_vec());
        let (cues, none) = (self.cues[sentence], CueSet::default());
        let (hit, gram) = (hits.len() as u32, grams.len() as u32);
        Analysis {
            sentences: vec![
                Sentence { from: 0, to: from, part: Part::Frame },
                Sentence { from, to, part: Part::Body },
                Sentence { from: to, to: tokens.len(), part: Part::Frame },
            ]
            .into_iter()
            .filter(|s| s.from < s.to)
            .collect(),
            cues: if from == 0 { vec![cues, none] } else { vec![none, cues, none] },
            body: vec![usize::from(0 < from)],
            hits_from: if from == 0 { vec![0, hit, hit] } else { vec![0, 0, hit, hit] },
            grams_from: if from == 0 { vec![0, gram, gram] } else { vec![0, 0, gram, gram] },
            says_you: vec![self.says_you[sentence]; 3],
            you: self.says_you[sentence],
            language: self.language,
            post: None,
            tokens,
            hits,
            grams,
        }
    }
}
