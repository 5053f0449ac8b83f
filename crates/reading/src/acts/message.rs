//! What the model sees of a whole message: how sure it is of the acts of its sentences, and its outward form.

use super::cues::Cue;
use super::features::Analysis;
use super::label::Label;
use super::model::{OF_MESSAGE, WIDTH};
use super::sentences::Part;
use super::words::{Shape, hash_words};

macro_rules! signs {
    ($($name:ident [$reply:expr, $bulk:expr]),* $(,)?) => {
        /// Features of a message, each with what it says by hand of needs_reply and of bulk.
        #[derive(Debug, Clone, Copy)]
        #[repr(u8)]
        enum Sign { $($name),* }
        const BY_HAND: &[(f32, f32)] = &[$(($reply, $bulk)),*];
    };
}

signs! {
    Request [2.2, 0.0], RequestScore [0.8, 0.0], RequestAny [1.0, 0.0], SecondRequest [0.4, 0.0], Chase [2.0, -0.5],
    Complaint [1.0, -0.5], Departure [0.3, 0.0], Thanks [-0.5, 0.0], Promise [-0.2, 0.0], Leaving [0.0, 0.0],
    Apology [0.0, -0.5], Asks [0.8, -0.3], AsksMore [0.3, 0.0], AsksLast [0.5, 0.0], FirstRequest [0.2, 0.0],
    LastRequest [0.3, 0.0], RequestAsked [0.4, 0.0], RequestUnasked [0.0, 0.0], IfQuestions [-0.2, 0.0],
    NoNeed [-1.5, 0.0], Fyi [-0.6, 0.0], Attached [0.0, 0.0], AutoMark [-2.0, 3.0], Unsubscribe [-2.5, 3.0],
    DoNotReply [-2.0, 3.0], BulkWords [-0.5, 1.2], BulkWordsShare [0.0, 1.0], Words [0.0, 0.6], Few [0.0, -1.0],
    Many [-0.3, 0.6], Greeting [0.2, -0.6], Closing [0.1, -0.6], You [0.4, 0.0], I [0.0, -1.0], Numbers [-0.3, 0.8],
    Links [-0.6, 1.0], Capitals [-0.3, 0.8], ThanksAdvance [0.8, 0.0], Idle [0.0, 0.0], Propose [0.5, 0.0],
    Sentences [0.0, 0.4], NoBody [-0.5, 0.5], NeedYou [0.3, 0.0], LetMeKnow [0.5, 0.0], Short [0.0, 0.0],
}

/// The weights as written by hand.
pub(super) fn by_hand() -> [[f32; OF_MESSAGE + 1]; 2] {
    let mut weights = [[0.0; OF_MESSAGE + 1]; 2];
    for (number, (reply, bulk)) in BY_HAND.iter().enumerate() {
        weights[0][number] = *reply;
        weights[1][number] = *bulk;
    }
    weights[0][OF_MESSAGE] = -2.2;
    weights[1][OF_MESSAGE] = -3.0;
    weights
}

/// The features of a message, given the probabilities of its body's sentences.
pub(super) fn features(analysis: &Analysis, sure: &[[f32; WIDTH]]) -> [f32; OF_MESSAGE] {
    let mut features = [0.0; OF_MESSAGE];
    let mut set = |sign: Sign, value: f32| features[sign as usize] = value;
    let most = |label: Label| sure.iter().map(|p| p[label as usize]).fold(0.0, f32::max);
    of_acts(analysis, sure, &mut set);
    set(Sign::Chase, most(Label::Chase));
    set(Sign::Complaint, most(Label::Complaint));
    set(Sign::Departure, most(Label::Departure));
    set(Sign::Thanks, most(Label::Thanks));
    set(Sign::Promise, most(Label::Promise));
    set(Sign::Leaving, most(Label::Leaving));
    set(Sign::Apology, most(Label::Apology));
    of_cues(analysis, &mut set);
    of_form(analysis, &mut set);
    features
}

fn yes(there: bool) -> f32 {
    f32::from(u8::from(there))
}

fn of_acts(analysis: &Analysis, sure: &[[f32; WIDTH]], set: &mut impl FnMut(Sign, f32)) {
    let (mut first, mut second, mut none) = (0.0f32, 0.0f32, 1.0f32);
    let (mut asked, mut unasked, mut questions) = (0.0f32, 0.0f32, 0u32);
    for (place, p) in sure.iter().enumerate() {
        let request = p[Label::Request as usize];
        none *= 1.0 - request;
        if request > first {
            (first, second) = (request, first);
        } else if request > second {
            second = request;
        }
        let asks = analysis.tokens_of(analysis.body[place]).iter().rev().take(3).any(|t| t.is_mark('?'));
        questions += u32::from(asks);
        if asks {
            asked = asked.max(request);
        } else {
            unasked = unasked.max(request);
        }
    }
    let at = |p: Option<&[f32; WIDTH]>| p.map_or(0.0, |p| p[Label::Request as usize]);
    let asks_last =
        analysis.body.last().is_some_and(|&s| analysis.tokens_of(s).last().is_some_and(|t| t.is_mark('?')));
    set(Sign::Request, first);
    set(Sign::RequestScore, (first.clamp(0.01, 0.99) / (1.0 - first.clamp(0.01, 0.99))).ln() / 3.0);
    set(Sign::SecondRequest, second);
    set(Sign::RequestAny, 1.0 - none);
    set(Sign::RequestAsked, asked);
    set(Sign::RequestUnasked, unasked);
    set(Sign::Asks, yes(questions > 0));
    set(Sign::AsksMore, questions.min(4) as f32 / 4.0);
    set(Sign::AsksLast, yes(asks_last));
    set(Sign::FirstRequest, at(sure.first()));
    set(Sign::LastRequest, at(sure.last()));
}

fn of_cues(analysis: &Analysis, set: &mut impl FnMut(Sign, f32)) {
    let has = |cue: Cue| yes(analysis.cues.iter().any(|c| c.has(cue)));
    for (sign, cue) in [
        (Sign::IfQuestions, Cue::IfQuestions),
        (Sign::NoNeed, Cue::NoNeed),
        (Sign::Fyi, Cue::Fyi),
        (Sign::Attached, Cue::Attached),
        (Sign::AutoMark, Cue::AutoMark),
        (Sign::Unsubscribe, Cue::Unsubscribe),
        (Sign::DoNotReply, Cue::DoNotReply),
        (Sign::ThanksAdvance, Cue::ThanksAdvance),
        (Sign::Idle, Cue::Idle),
        (Sign::Propose, Cue::Propose),
        (Sign::NeedYou, Cue::NeedYou),
        (Sign::LetMeKnow, Cue::LetMeKnow),
    ] {
        set(sign, has(cue));
    }
    let bulk = analysis.cues.iter().filter(|c| c.has(Cue::BulkWord)).count() as f32;
    set(Sign::BulkWords, bulk.min(5.0) / 5.0);
    set(Sign::BulkWordsShare, bulk / analysis.body.len().max(1) as f32);
}

fn of_form(analysis: &Analysis, set: &mut impl FnMut(Sign, f32)) {
    const YOU: [u32; 2] = hash_words("you your");
    const I: [u32; 3] = hash_words("i me my");
    let tokens = &analysis.tokens;
    let words = tokens.iter().filter(|t| t.shape != Shape::Mark).count().max(1) as f32;
    let share = |n: usize| n as f32 / words;
    let of = |list: &[u32]| tokens.iter().filter(|t| list.contains(&t.hash)).count();
    set(Sign::Words, (words.ln() / 6.0).min(1.5));
    set(Sign::Few, yes(words < 12.0));
    set(Sign::Short, yes(words < 40.0));
    set(Sign::Many, yes(words > 250.0));
    let first = analysis.sentences.first();
    set(Sign::Greeting, yes(first.is_some_and(|s| s.from > 0 || s.part == Part::Frame)));
    set(Sign::Closing, yes(analysis.sentences.iter().skip(1).any(|s| s.part == Part::Frame)));
    set(Sign::You, (share(of(&YOU)) * 10.0).min(1.5));
    set(Sign::I, (share(of(&I)) * 10.0).min(1.5));
    set(Sign::Numbers, (share(tokens.iter().filter(|t| t.shape == Shape::Number).count()) * 5.0).min(1.5));
    set(Sign::Links, (tokens.iter().filter(|t| t.shape == Shape::Link).count() as f32 / 3.0).min(1.0));
    set(Sign::Capitals, share(tokens.iter().filter(|t| t.is_capital()).count()));
    set(Sign::Sentences, (analysis.body.len() as f32 / 12.0).min(1.5));
    set(Sign::NoBody, yes(analysis.body.is_empty()));
}

const _: () = assert!(BY_HAND.len() <= OF_MESSAGE);
