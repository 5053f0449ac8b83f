//! What the definitions of the acts rule out, whatever single words suggest.
//!
//! The model sees words; these rules see who speaks. What they rule out keeps little of its probability, and what no
//! rule supports keeps some of it.

use std::sync::LazyLock;

use super::cues::{self, Cue, CueSet};
use super::features::{ASKING, Analysis, PENDING};
use super::label::Label;
use super::model::{WIDTH, log_odds, logistic};
use super::praise;
use super::words::{Token, hash_word, hash_words};

/// Left of a probability that the definitions rule out.
const RULED_OUT: f32 = 0.2;
/// Left of a probability that no cue supports.
const UNSUPPORTED: f32 = 0.6;
/// Left of a probability that no cue supports where the words themselves, learnt from many passages, tell most of it.
const DOUBTED: f32 = 0.8;

/// So few words and marks say too little by themselves.
const SHORT: usize = 7;

/// We bind ourselves.
const WE_WILL: &[Cue] = &[
    Cue::WillDo,
    Cue::WillTry,
    Cue::GoingTo,
    Cue::AmDoing,
    Cue::LetMe,
    Cue::PromiseWord,
    Cue::Expect,
    Cue::WillAttend,
];
/// Somebody, most likely we, will do something or be heard of.
const WILL_BE: &[Cue] = &[Cue::WillPassive, Cue::InTouch, Cue::HearBy, Cue::WillBring, Cue::LookInto];
/// Thanks or praise.
const THANKING: &[Cue] = &[
    Cue::ThanksFor,
    Cue::ThanksPlain,
    Cue::Praise,
    Cue::Grateful,
    Cue::Enjoyed,
    Cue::Compliment,
    Cue::ThanksMuch,
];
/// Reasons of ours for a lapse.
const REASONS: &[Cue] = &[Cue::OurLoad, Cue::OurAbsence, Cue::Forgot, Cue::Others];
/// Where something pending stands, said or asked.
const STANDING: &[Cue] = &[Cue::StatusOf, Cue::WhereWeStand, Cue::WhenWill];

/// Words by which a client leaves. The other cues of leaving ("the new firm", "farewell") are said of many things, and
/// count only two together.
const LEAVING: &[Cue] = &[Cue::Leaving, Cue::Terminate, Cue::OtherFirm, Cue::SendFile, Cue::NotRenew];
/// Hints of leaving.
const HINTS: &[Cue] = &[Cue::GoodBye, Cue::NewFirm, Cue::FinalInvoice];
/// Words that find fault with us, also in a question.
const FAULTING: &[Cue] =
    &[Cue::Poor, Cue::NobodyCalls, Cue::Overcharged, Cue::NotHappy, Cue::Failed, Cue::Sarcasm];

/// All cues of a comment.
static COMMENTING: LazyLock<CueSet> = LazyLock::new(|| cues::speaking_for(Label::Comment));

/// All cues of a request.
static REQUESTING: LazyLock<CueSet> = LazyLock::new(|| cues::speaking_for(Label::Request));

/// A newsletter asks nothing of us, and complains and thanks in nobody's name.
pub(super) fn shut_bulk(sure: &mut [[f32; WIDTH]], bulk: f32) {
    if bulk < 0.5 {
        return;
    }
    for p in sure {
        p.iter_mut().take(Label::OF_SENTENCE).for_each(|p| *p *= 1.2 - bulk);
    }
}

/// A chase always needs a reply: where the message as a whole most likely needs none, what reads like a chase is gossip
/// or a report of somebody else's.
pub(super) fn shut_chases(sure: &mut [[f32; WIDTH]], needs_reply: f32) {
    let doubt = (log_odds(needs_reply) + 1.0).min(0.0) / 2.0;
    if doubt < 0.0 {
        for p in sure {
            let chase = &mut p[Label::Chase as usize];
            *chase = logistic(log_odds(*chase) + doubt);
        }
    }
}

/// So likely a complaint is told almost, and worth a second look.
const LIKELY: f32 = 0.2;

/// Takes from the probabilities of a sentence what the definitions rule out.
pub(super) fn shut(analysis: &Analysis, sentence: usize, sure: &mut [f32; WIDTH]) {
    let cues = analysis.cues[sentence];
    let tokens = analysis.tokens_of(sentence);
    let asks = tokens.iter().rev().take(3).any(|t| t.is_mark('?'));
    if LIKELY <= sure[Label::Complaint as usize] && praise::praises(tokens, analysis.hits_of(sentence)) {
        sure[Label::Complaint as usize] *= RULED_OUT;
    }
    let mut keep = |label: Label, share: f32| sure[label as usize] *= share;
    let promise = if leaves_open(tokens) { RULED_OUT } else { promise(cues, asks) };
    keep(Label::Promise, promise);
    keep(Label::Hold, promise);
    if wishes(tokens) {
        keep(Label::Thanks, RULED_OUT);
    } else if !cues.any(THANKING) {
        keep(Label::Thanks, DOUBTED);
    }
    keep(Label::Departure, departure(cues));
    if !cues.any(FAULTING) {
        let share = match cues.has(Cue::TooLong) {
            true if !asks => 1.0,
            _ if asks => UNSUPPORTED,
            _ => DOUBTED,
        };
        keep(Label::Complaint, share);
    }
    if !cues.any(REASONS) {
        keep(Label::Excuse, DOUBTED);
    }
    if cues.has(Cue::ThanksYour) {
        keep(Label::Comment, RULED_OUT);
    } else if !cues.meets(*COMMENTING) {
        keep(Label::Comment, DOUBTED);
    }
    let pending = cues.any(PENDING);
    let only_standing =
        cues.any(STANDING) && !PENDING.iter().any(|&cue| !STANDING.contains(&cue) && cues.has(cue));
    let speaks = asks || cues.any(ASKING);
    if !pending || (only_standing && !speaks) {
        keep(Label::Chase, UNSUPPORTED);
    }
    if !asks && (cues.has(Cue::ChaseNot) || (!speaks && brings(cues, tokens))) {
        keep(Label::Chase, RULED_OUT);
    }
    if !speaks && tokens.len() <= SHORT && !cues.meets(*REQUESTING) {
        keep(Label::Request, UNSUPPORTED);
    }
}

/// "It would be of great help", "we would appreciate": what would please us has not been done.
fn wishes(tokens: &[Token]) -> bool {
    const WOULD: [u32; 3] = hash_words("would could might");
    const OF_HELP: [u32; 4] = hash_words("be appreciate mean help");
    // Whoever thanks, thanks; and "I would be lost without you" praises.
    const THANKS: [u32; 3] = hash_words("thank thanks without");
    let denied = |token: &Token| token.hash == hash_word("not");
    let would = |w: &[Token]| {
        WOULD.contains(&w[0].hash)
            && (OF_HELP.contains(&w[1].hash) || (!denied(&w[1]) && OF_HELP.contains(&w[2].hash)))
    };
    !tokens.iter().any(|t| THANKS.contains(&t.hash)) && tokens.windows(3).any(would)
}

/// "Maybe I will go", "we will tell you some other time": nobody can wait for it.
fn leaves_open(tokens: &[Token]) -> bool {
    const WE: [u32; 2] = hash_words("i we");
    const MAYBE: [u32; 2] = hash_words("maybe perhaps");
    const SOME_OTHER_TIME: [u32; 3] = hash_words("some other time");
    const SOME_DAY: [u32; 2] = hash_words("some day");
    let we_will = |w: &[Token]| WE.contains(&w[0].hash) && w[1].hash == hash_word("will");
    let says = |w: &[Token], words: &[u32]| w.iter().map(|t| t.hash).eq(words.iter().copied());
    let maybe = |w: &[Token]| MAYBE.contains(&w[0].hash) && we_will(&w[1..]);
    let mut threes = tokens.windows(3);
    let once = tokens.windows(2).filter(|w| we_will(w)).count() == 1;
    once && (threes.any(|w| maybe(w) || says(w, &SOME_OTHER_TIME))
        || tokens.windows(2).any(|w| says(w, &SOME_DAY)))
}

/// "The follow-up on the lease is attached": what was asked for is here.
fn brings(cues: CueSet, tokens: &[Token]) -> bool {
    const IS: [u32; 2] = hash_words("is are");
    const HERE: [u32; 2] = hash_words("attached enclosed");
    const REPORTED: [Cue; 3] = [Cue::FollowUp, Cue::StatusOf, Cue::Reminder];
    let others = PENDING.iter().any(|&cue| !REPORTED.contains(&cue) && cues.has(cue));
    !others && tokens.windows(2).any(|w| IS.contains(&w[0].hash) && HERE.contains(&w[1].hash))
}

/// How much of the probability of a departure is kept.
fn departure(cues: CueSet) -> f32 {
    let hints = HINTS.iter().filter(|&&cue| cues.has(cue)).count();
    match hints {
        _ if cues.any(LEAVING) => 1.0,
        0 | 1 => DOUBTED,
        _ => 1.0,
    }
}

/// How much of the probability of a promise or hold is kept.
fn promise(cues: CueSet, asks: bool) -> f32 {
    let ours = cues.any(WE_WILL);
    let told = ours || cues.any(WILL_BE);
    // What we will not do, nobody can wait for.
    let does = WE_WILL.iter().any(|&cue| cue != Cue::PromiseWord && cues.has(cue));
    if cues.has(Cue::WillNot) && !does {
        return RULED_OUT;
    }
    if !ours && cues.has(Cue::ThirdParty) {
        return RULED_OUT;
    }
    if !told
        && (asks || cues.any(&[Cue::WillNot, Cue::WillState, Cue::PleaseAct, Cue::Offer, Cue::Conditional]))
    {
        return RULED_OUT;
    }
    if told { 1.0 } else { UNSUPPORTED }
}
