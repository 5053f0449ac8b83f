//! What the model sees of a sentence and of a message.

use super::cues::{Cue, CueSet};
use super::label::Label;
use super::language::{self, Language};
use super::lexicon::{Hit, Lexicon};
use super::post::{self, PostFeatures};
use super::rows::letters;
use super::sentences::{self, Part, Sentence};
use super::words::{self, Shape, Token};

/// Features of a sentence that are no cues: numbered after them.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub(super) enum Sign {
    Asks,
    Exclaims,
    First,
    Last,
    Only,
    Short,
    Long,
    HasNumber,
    HasLink,
    HasI,
    HasYou,
    Shouts,
    Fragment,
    AfterApology,
    AfterAsk,
    Listed,
    ChaseAsked,
    ChaseOnly,
    PromiseAsked,
    BadOfYou,
    BadOfOthers,
    PendingOfOthers,
    LeavingYou,
    LeavingOthers,
}

/// What the signs say by hand, in log odds.
pub(super) const SIGNS_SAY: &[(Sign, Label, f32)] = &[
    (Sign::ChaseAsked, Label::Chase, 1.8),
    (Sign::ChaseAsked, Label::Request, 0.6),
    (Sign::ChaseOnly, Label::Chase, 0.3),
    (Sign::PromiseAsked, Label::Promise, -1.2),
    (Sign::BadOfYou, Label::Complaint, 1.0),
    (Sign::BadOfOthers, Label::Complaint, -2.2),
    (Sign::PendingOfOthers, Label::Chase, -1.6),
    (Sign::LeavingYou, Label::Departure, 0.6),
    (Sign::LeavingOthers, Label::Departure, -1.8),
    (Sign::Asks, Label::Promise, -1.0),
    (Sign::Asks, Label::Thanks, -1.0),
    (Sign::Asks, Label::Departure, -0.8),
];

/// Cues that speak of something pending.
pub(super) const PENDING: &[Cue] = &[
    Cue::AnyUpdate,
    Cue::StatusOf,
    Cue::WhereWeStand,
    Cue::HaveYou,
    Cue::StillWaiting,
    Cue::NotReceived,
    Cue::FollowUp,
    Cue::Checking,
    Cue::Reminder,
    Cue::DidYouGet,
    Cue::StillNeed,
    Cue::YouPromised,
    Cue::Pending,
    Cue::NoAnswer,
    Cue::Overdue,
    Cue::WhenWill,
];
/// Cues that find fault.
pub(super) const FAULT: &[Cue] = &[
    Cue::Disappoint,
    Cue::Unacceptable,
    Cue::WrongDone,
    Cue::Failed,
    Cue::Poor,
    Cue::TooLong,
    Cue::NobodyCalls,
    Cue::NotHappy,
    Cue::Worse,
    Cue::Blame,
    Cue::Overcharged,
    Cue::Fault,
    Cue::ShouldHave,
];
/// Cues of going.
pub(super) const GOING: &[Cue] = &[
    Cue::Leaving,
    Cue::Terminate,
    Cue::OtherFirm,
    Cue::SendFile,
    Cue::NotRenew,
    Cue::GoodBye,
    Cue::NewFirm,
    Cue::FinalInvoice,
];
/// Cues that ask.
pub(super) const ASKING: &[Cue] = &[
    Cue::PleaseAct,
    Cue::PleaseDo,
    Cue::CanYou,
    Cue::WouldYou,
    Cue::LetMeKnow,
    Cue::Advise,
    Cue::DoQuestion,
    Cue::Appreciate,
    Cue::Checking,
];

/// How many cues and signs there are.
pub const DENSE: usize = Cue::COUNT + Sign::LeavingOthers as usize + 1;

/// A sentence as the model sees it.
#[derive(Debug, Clone, Default)]
pub struct SentenceFeatures {
    /// Numbers of the cues and signs that it has, below [`DENSE`].
    pub dense: Vec<u16>,
    /// Rows of the hashed table, one for each word, pair and triple.
    pub rows: Vec<u32>,
}

/// What a look at each word of a sentence tells.
#[derive(Default)]
struct Form {
    words: usize,
    capitals: usize,
    number: bool,
    link: bool,
    /// Says "I", "we" or "our".
    first: bool,
    /// Says "you" or "your".
    you: bool,
    /// Has a word that a rule names.
    known: bool,
}

impl Form {
    fn of(tokens: &[Token]) -> Form {
        let mut form = Form::default();
        for token in tokens.iter().filter(|t| t.shape != Shape::Mark) {
            form.words += 1;
            form.capitals += usize::from(token.is_capital());
            form.number |= token.shape == Shape::Number;
            form.link |= token.shape == Shape::Link;
            form.known |= token.word != 0 && token.shape == Shape::Word;
            form.first |= FIRST_PERSON.contains(&token.hash);
            form.you |= SECOND_PERSON.contains(&token.hash);
        }
        form
    }
}

/// A text cut into sentences, with what the rules found.
#[derive(Default)]
pub(super) struct Analysis {
    pub tokens: Vec<Token>,
    pub sentences: Vec<Sentence>,
    /// The cues of each sentence.
    pub cues: Vec<CueSet>,
    /// The sentences of the body, by number.
    pub body: Vec<usize>,
    /// Where in `hits` each sentence's hits begin; one more at the end.
    pub hits_from: Vec<u32>,
    pub hits: Vec<Hit>,
    /// Where in `grams` each sentence's runs of letters begin; one more at the end.
    pub grams_from: Vec<u32>,
    /// Rows of the runs of four letters.
    pub grams: Vec<u32>,
    /// For each sentence, whether it says "you" or "your".
    pub says_you: Vec<bool>,
    /// Whether any sentence of the body does.
    pub you: bool,
    /// What it is written in.
    pub language: Language,
    /// What the model sees of it where it is a post.
    pub post: Option<PostFeatures>,
}

impl Analysis {
    /// Cuts a text and looks for cues. Sentences outside the body have none.
    pub fn of(text: &str, lexicon: &Lexicon) -> Analysis {
        let mut analysis = Analysis::default();
        analysis.tokens.reserve(text.len() / 5 + 8);
        words::split(text, lexicon, &mut analysis.tokens);
        sentences::split(&analysis.tokens, &mut analysis.sentences);
        let own = analysis.sentences.iter().filter(|s| s.part != Part::Quoted);
        let own = own.flat_map(|s| &analysis.tokens[s.from..s.to]);
        analysis.language = language::of(text, own);
        for sentence in &analysis.sentences {
            analysis.hits_from.push(analysis.hits.len() as u32);
            analysis.grams_from.push(analysis.grams.len() as u32);
            let mut found = CueSet::default();
            let mut says_you = false;
            if sentence.part == Part::Body {
                analysis.body.push(analysis.cues.len());
                let tokens = &analysis.tokens[sentence.from..sentence.to];
                found = lexicon.find(tokens, &mut analysis.hits);
                let from = analysis.hits_from.last().map_or(0, |&f| f as usize);
                tokens.iter().for_each(|token| letters(text, token, &mut analysis.grams));
                found = without_quoted(tokens, &mut analysis.hits, from, found);
                says_you = tokens.iter().any(|t| SECOND_PERSON.contains(&t.hash));
                analysis.you |= says_you;
            }
            analysis.says_you.push(says_you);
            analysis.cues.push(found);
        }
        analysis.hits_from.push(analysis.hits.len() as u32);
        analysis.grams_from.push(analysis.grams.len() as u32);
        if post::is_post(text, &analysis.tokens, &analysis.sentences) {
            analysis.post = Some(post::features(text, &analysis));
        }
        analysis
    }

    /// The tokens of a sentence.
    pub fn tokens_of(&self, sentence: usize) -> &[Token] {
        let s = self.sentences[sentence];
        &self.tokens[s.from..s.to]
    }

    /// The hits of a sentence.
    pub fn hits_of(&self, sentence: usize) -> &[Hit] {
        &self.hits[self.hits_from[sentence] as usize..self.hits_from[sentence + 1] as usize]
    }

    /// Calls `each` with every cue and sign of the sentence at this place of the body.
    pub fn dense(&self, place: usize, mut each: impl FnMut(usize)) {
        let sentence = self.body[place];
        let tokens = self.tokens_of(sentence);
        self.cues[sentence].numbers().for_each(&mut each);
        let mut sign = |sign: Sign, there: bool| {
            if there {
                each(Cue::COUNT + sign as usize);
            }
        };
        let form = Form::of(tokens);
        let previous = place.checked_sub(1).map(|p| self.cues[self.body[p]]);
        let last = place + 1 == self.body.len();
        let cues = self.cues[sentence];
        let asks = tokens.iter().rev().take(3).any(|t| t.is_mark('?'));
        let pending = cues.any(PENDING) && !cues.has(Cue::ChaseNot);
        sign(Sign::ChaseAsked, pending && (asks || cues.any(ASKING)));
        sign(Sign::ChaseOnly, pending && self.body.len() <= 3);
        let others = cues.any(&[Cue::OtherPeople, Cue::ThirdParty, Cue::Reported]);
        let (fault, going) = (cues.any(FAULT), cues.any(GOING));
        sign(Sign::BadOfYou, form.you && fault);
        sign(Sign::BadOfOthers, others && !form.you && fault);
        sign(Sign::PendingOfOthers, others && !form.you && pending);
        sign(Sign::LeavingYou, form.you && going);
        sign(Sign::LeavingOthers, others && !form.you && going);
        sign(Sign::PromiseAsked, cues.has(Cue::WillDo) && cues.any(&[Cue::LetMeKnow, Cue::CallMe, Cue::If]));
        sign(Sign::Asks, asks);
        sign(Sign::Exclaims, tokens.last().is_some_and(|t| t.is_mark('!')));
        sign(Sign::First, previous.is_none());
        sign(Sign::Last, last);
        sign(Sign::Only, previous.is_none() && last);
        sign(Sign::Short, form.words <= 4);
        sign(Sign::Long, form.words > 30);
        sign(Sign::HasNumber, form.number);
        sign(Sign::HasLink, form.link);
        sign(Sign::HasI, form.first);
        sign(Sign::HasYou, form.you);
        sign(Sign::Shouts, form.words >= 6 && form.capitals * 3 > form.words * 2);
        sign(Sign::Fragment, form.words > 0 && !form.known);
        sign(Sign::AfterApology, previous.is_some_and(|p| p.has(Cue::Sorry)));
        sign(Sign::AfterAsk, previous.is_some_and(|p| p.any(&[Cue::DoQuestion, Cue::PleaseDo])));
        let listed = |t: &Token| t.shape == Shape::Number || t.is_mark('-') || t.is_mark('*');
        sign(Sign::Listed, tokens.first().is_some_and(listed));
    }

    /// The names of the cues of a sentence.
    pub fn names(&self, sentence: usize) -> String {
        let mut names: Vec<String> =
            self.hits_of(sentence).iter().map(|hit| format!("{:?}", hit.cue)).collect();
        names.dedup();
        names.join(" ")
    }

    /// The sentence at a place of the body as the model sees it, for training.
    pub fn features(&self, place: usize) -> SentenceFeatures {
        let mut features = SentenceFeatures::default();
        self.dense(place, |n| features.dense.push(n as u16));
        self.rows(place, |row| features.rows.push(row));
        features
    }
}

pub(super) const FIRST_PERSON: [u32; 7] = words::hash_words("i we me us my our mine");
pub(super) const SECOND_PERSON: [u32; 3] = words::hash_words("you your yours");

/// Cues inside quotation marks are another's words.
fn without_quoted(tokens: &[Token], hits: &mut Vec<Hit>, from: usize, found: CueSet) -> CueSet {
    if tokens.iter().filter(|t| t.is_mark('"')).take(2).count() < 2 {
        return found;
    }
    let mut inside = false;
    let is_inside = |token: &Token| {
        let before = inside;
        inside ^= token.is_mark('"');
        before
    };
    let quoted: Vec<bool> = tokens.iter().map(is_inside).collect();
    let mut kept = CueSet::default();
    let mut at = 0;
    hits.retain(|hit| {
        at += 1;
        let keep = at <= from || !quoted[hit.from as usize];
        if keep && at > from {
            kept.insert(hit.cue);
        }
        keep
    });
    kept
}
