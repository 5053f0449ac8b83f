//! What the rules look for: patterns of words, and what each says about the acts.
//!
//! The weights are in log odds. They are the rules as written by hand; training moves them a little, and adds what
//! single words tell. One file for each act or two; [`common`] holds what all share.

mod chases;
mod comments;
mod common;
mod complaints;
mod departures;
mod excuses;
mod promises;
mod requests;
mod thanks;
mod words;

pub(super) use words::{JOINED, PLAIN, group};

use super::label::Label;

/// One thing the rules look for.
pub(super) struct CueDef {
    /// Its name in code.
    pub cue: Cue,
    /// What it says, in log odds.
    pub says: &'static [(Label, f32)],
    /// The patterns that show it.
    pub patterns: &'static [&'static str],
}

/// All tables, as pairs of cue and patterns.
pub(super) fn tables() -> impl Iterator<Item = (Cue, &'static [&'static str])> {
    all().map(|def| (def.cue, def.patterns))
}

/// All definitions.
pub(super) fn all() -> impl Iterator<Item = &'static CueDef> {
    [
        promises::TABLE,
        excuses::TABLE,
        requests::TABLE,
        chases::TABLE,
        complaints::TABLE,
        thanks::TABLE,
        departures::TABLE,
        comments::TABLE,
        common::TABLE,
    ]
    .into_iter()
    .flatten()
}

/// Says by hand how much each cue weighs for each label.
pub(super) fn prior(cue: usize, label: Label) -> f32 {
    all().filter(|d| d.cue as usize == cue).flat_map(|d| d.says).filter(|s| s.0 == label).map(|s| s.1).sum()
}

/// The cues that speak for a label.
pub(super) fn speaking_for(label: Label) -> CueSet {
    let mut set = CueSet::default();
    all().filter(|d| d.says.iter().any(|s| s.0 == label && s.1 > 0.0)).for_each(|d| set.insert(d.cue));
    set
}

/// A set of cues.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct CueSet([u64; 4]);

impl CueSet {
    /// Puts a cue in.
    pub fn insert(&mut self, cue: Cue) {
        let n = cue as usize;
        self.0[n / 64] |= 1 << (n % 64);
    }

    /// Whether a cue is in.
    pub fn has(self, cue: Cue) -> bool {
        let n = cue as usize;
        self.0[n / 64] >> (n % 64) & 1 == 1
    }

    /// Whether any cue is in both.
    pub fn meets(self, other: CueSet) -> bool {
        self.0.iter().zip(other.0).any(|(a, b)| a & b != 0)
    }

    /// Whether any of these is in.
    pub fn any(self, cues: &[Cue]) -> bool {
        cues.iter().any(|&cue| self.has(cue))
    }

    /// The numbers of the cues that are in.
    pub fn numbers(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(block, mut bits)| {
            std::iter::from_fn(move || {
                (bits != 0).then(|| {
                    let n = bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    block * 64 + n
                })
            })
        })
    }
}

macro_rules! cue_names {
    ($($name:ident),* $(,)?) => {
        /// The names of all that the rules look for; the tables say what shows each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Cue { $($name),* }

        impl Cue {
            /// How many there are.
            pub const COUNT: usize = [$(Cue::$name),*].len();
        }
    };
}

cue_names! {
    // ours
    WillDo, WillBring, WillTry, WillState, WillNot, WillSee, GoingTo, AmDoing, LetMe, WillPassive, PromiseWord, Expect, Then,
    InTouch, HearBy, StillWorking, LookInto, OurLoad, OurAbsence, Forgot, Others, DelayNamed, Emergency, Sorry,
    SorryFor, SorryNot, WillAttend, Soon, WillAsk,
    // theirs
    PleaseDo, CanYou, WouldYou, Appreciate, NeedYou, NeedThing, LetMeKnow, LetMeKnowIf, Advise, IWant, Would, AskWhether, WhQuestion,
    DoQuestion, Imperative, PleaseNot, Propose, Thoughts, YouWill, LookForward, FeelFree, Invite, CallMe, Rsvp,
    AnyUpdate, StatusOf, WhereWeStand, HaveYou, StillWaiting, NotReceived, FollowUp, Checking, Reminder, WhenWill, Again, DidYouGet,
    YouPromised, StillNeed, NoAnswer, Overdue,
    Disappoint, Unacceptable, WrongDone, Failed, Poor, TooLong, NobodyCalls, Overcharged, NotHappy, Worse, Blame, Sarcasm, ShouldHave,
    NotWorking, SwearMild, ThirdTime, Regret, Question3,
    ThanksFor, ThanksPlain, ThanksAdvance, ThanksYour, ThanksBut, Praise, Grateful, GreatJob, Enjoyed, Compliment, ThanksMuch,
    Leaving, Terminate, OtherFirm, SendFile, NotRenew, LastDay, NewJob, Resign, LeavesJob, FinalInvoice,
    ChoseYou, LikeMost, Missing, WhyNot, Feedback,
    // common
    If, Conditional, NoNeed, NotNeeded, ThirdParty, Reported, AutoMark, Unsubscribe, DoNotReply, BulkWord, Fyi, Attached,
    HereIs, ClosingWord, WhenCanI, HopeYou, JustWanted, ThirdRequest, IfQuestions, Negated, Idle, Offer, Assured, PleaseAct, ChaseNot, AskBack, PlainState, OtherLeaves, OtherPeople,
    Fault, FaultOfYours, Pending, GoodBye, NewFirm, Ourselves,
}
