//! Why clients come, stay and go, and what they miss.

use super::{Cue, CueDef};
use crate::acts::label::Label::{Bulk, Comment, Request};

#[rustfmt::skip]
pub(super) const TABLE: &[CueDef] = &[
    CueDef {
        cue: Cue::ChoseYou,
        says: &[(Comment, 4.0)],
        patterns: &[
            "chose/chosen/picked/selected/came/come/turned/hired/instructed/went/stayed/stay you/your/with/to \
                .. because/since/as/after/for/on",
            "reason/reasons i/we/that/why/for .. chose/choose/came/come/picked/stay/stayed/went/use/like/left/\
                hired/instructed/decided/signed/selected/switched",
            "why i/we chose/choose/came/picked/stay/stayed/went/use/like/hired/instructed/selected/signed/\
                switched/keep/come",
            "what made me/us/my/our .. choose/pick/come/decide/stay/switch/sign/call/go/pick",
            "recommended/referred by", "recommended you", "heard about/of you", "found you through/on/via/by",
            "word of mouth", "we/i chose", "i/we went/decided/signed/stuck with you",
            "decided/won/sold/swung/tipped/clinched .. us/me/it/in", "deciding factor", "convinced us/me",
            "what attracted/drew/brought/sold/impressed/convinced/won",
            "a friend/colleague/neighbor/partner .. recommended/suggested/mentioned/told", "on the recommendation of",
            "your reputation", "brought us/me to you",
        ],
    },
    CueDef {
        cue: Cue::LikeMost,
        says: &[(Comment, 3.6)],
        patterns: &[
            "what i/we $adv? $adv? like/liked/value/love/loved/appreciate/enjoy/miss/missed/need/find/found/\
                want most/best/about/is/was/in/here",
            "i/we $adv? $adv? like/liked/love/value/loved/appreciate/prefer/enjoy .. that/how/the way/fact/\
                about/working/when/your",
            "the thing i/we", "one thing i/we/that/you/is", "best thing/part/bit about", "favorite",
            "i/we like that/how/the", "stands/stood out", "what sets you", "strength", "strengths", "good at",
            "better than", "compared to/with", "unlike my/our/other/the/most/previous",
        ],
    },
    CueDef {
        cue: Cue::Missing,
        says: &[(Comment, 2.8)],
        patterns: &[
            "i/we miss/missed the/having/being/your", "would be nice/good/great/better/helpful/useful if/to/for",
            "would help if", "it would be .. if", "would have liked/been/preferred", "would like to see",
            "wish you/there/we/i/the",
            "i/we find/found your/the/it .. easy/hard/difficult/confusing/helpful/useful/clear/slow/a",
            "could be better/improved/clearer/easier/quicker/more", "suggestion", "room for",
            "one criticism/suggestion/improvement/small/thought", "only thing", "the only", "if i/we could change",
            "more regular/frequent/often",
        ],
    },
    CueDef {
        cue: Cue::WhyNot,
        says: &[(Comment, 3.0)],
        patterns: &[
            "did not choose/go/pick/instruct/proceed/sign/use because/with/you/for/as", "reason i/we/why/for .. not",
            "why i/we did/do/are/have/would not",
            "chose/went/picked/gone/decided/opted .. other/another/someone/different/elsewhere/instead/for/\
                against because/as/since/for?",
            "went with another/a/someone/the", "decided against",
            "too expensive/big/small/far/slow/formal/corporate/dear/pricey", "price was", "not for us",
            "right/wrong/better/good/best/poor fit", "came down to", "put us/me off",
        ],
    },
    CueDef {
        cue: Cue::Feedback,
        says: &[(Comment, 1.6)],
        patterns: &[
            "feedback", "honest opinion", "my/our experience", "overall", "my/our impression", "my view",
            "for what it is worth", "personally", "as a client", "since you ask/asked", "you asked",
            "in answer to your/the", "survey", "questionnaire",
        ],
    },
    CueDef {
        cue: Cue::Idle,
        says: &[(Request, -1.6), (Bulk, 0.0)],
        patterns: &[
            "how are you", "how is it going", "how are things", "how have you been", "how do you do", "what is up",
            "how was your", "hope you are", "hope all", "hope this", "is everything ok", "why not ?$", "go figure",
            "you know ?$", "right ?$", "guess what", "remember me ?$",
        ],
    },
];
