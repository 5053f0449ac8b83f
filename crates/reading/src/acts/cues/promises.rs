//! What binds us, and what puts the client off.

use super::{Cue, CueDef};
use crate::acts::label::Label::{Excuse, Hold, Promise, Request};

#[rustfmt::skip]
pub(super) const TABLE: &[CueDef] = &[
    CueDef {
        cue: Cue::WillDo,
        says: &[(Promise, 4.0), (Hold, -0.3)],
        patterns: &[
            "$me both/all? $will $adv? $adv? $adv? $act", "^ $will $adv? $adv? $act",
            "$me $will be $adv? $bringing/calling/contacting/following/reviewing/looking/responding/replying/\
                writing/checking",
            "$me $will $adv? have .. $me/you/to/by/ready/done/back/for/completed/finished",
            "$me $will be sure to $act", "$me $will be back to/with/in",
            "$me $will/can do it/that/so/this/my/our/what/the/.$", "$me $will .. and $me $will $act",
            "$me and .. $will $act", "$me/and/myself $will $adv? $adv? $act",
        ],
    },
    CueDef {
        cue: Cue::WillBring,
        says: &[(Promise, 1.5)],
        patterns: &[
            "$me $will $adv? $adv? $bring", "$me $will $adv? have .. to/with you", "$me $will .. and $bring",
            "$me $will .. $bring .. to? you", "you $will have/get/receive .. by/on/from/tomorrow/$time",
            "$me $will get the/this/that/it/them/a/an/those/these",
        ],
    },
    CueDef {
        cue: Cue::WillTry,
        says: &[(Promise, 3.4)],
        patterns: &[
            "$me $will try/see/do/endeavour", "$me $will do $our best/utmost", "$me $will aim to",
            "$me aim/hope/intend/plan to $adv? $act", "$me am/are aiming/hoping/intending/planning to $act",
        ],
    },
    CueDef {
        cue: Cue::WillState,
        says: &[(Promise, -2.5)],
        patterns: &[
            "$me $will probably? definitely? be in/out/on/at/off/away/here/there/home/traveling/travelling/\
                feeling/needing/using/working/moving/leaving/taking",
            "$me $will have to/no", "$me $will need .. to?",
            "$me $will miss/never/accept/always/love/remember/enjoy/assume/want/like/know/say/think/guess/bet/\
                wait/hold/expect",
            "$me $will see you", "$me $will talk/speak to you soon/later/then", "$me $will tell you",
            "$me $will go out/to/back/ahead", "$me $will be happy/glad/pleased/able",
            "$me $will $adv? be back from/in/on/at/around/soon", "$me $will take you up", "$me $will have to tell",
            "i am sure $me will", "$me $will not? be around/gone/out",
        ],
    },
    CueDef {
        cue: Cue::WillNot,
        says: &[(Promise, -3.5)],
        patterns: &[
            "$me $will not", "$me $will never", "$me $will be unable", "$me can/could not", "promise/promised not",
            "$me owe you",
        ],
    },
    CueDef {
        cue: Cue::WillSee,
        says: &[(Promise, 0.5)],
        patterns: &[
            "$me $will see what/if/whether/to", "see what $me can do",
        ],
    },
    CueDef {
        cue: Cue::GoingTo,
        says: &[(Promise, 4.2)],
        patterns: &[
            "$me am/are going to $act", "$me am/are about to $act", "$me plan/intend to $adv? $act/attend",
            "$me am/are .. will be attending",
        ],
    },
    CueDef {
        cue: Cue::AmDoing,
        says: &[(Promise, 3.4)],
        patterns: &[
            "$me am/are $adv? sending/forwarding/faxing/emailing/posting/calling/meeting/arranging .. $time",
            "$me am/are $adv? sending/forwarding/faxing/emailing/posting .. another/shortly/next/this",
            "$me look/send/call/forward .. $time",
        ],
    },
    CueDef {
        cue: Cue::LetMe,
        says: &[(Promise, 2.4)],
        patterns: &[
            "^ let me $adv? check/look/find/see/ask/get/dig/talk/speak/confirm/investigate/chase/run/think/\
                review/come/take/verify/call",
            "leave it/this/that with me/us", "allow me/us to", "consider it done", "on it .$",
        ],
    },
    CueDef {
        cue: Cue::WillPassive,
        says: &[(Promise, 3.4)],
        patterns: &[
            "$will .. be $done/sent/with", "$will be with you", "$will be on your desk",
            "$will be in your inbox/hands/possession", "you $will have .. by/on/in/tomorrow/today/before",
            "you $will receive", "you $will get $our/a/the", "you $will hear/have an? answer/response/reply",
            "$will go out/off/over .. to?", "$will follow by/on/in/shortly/tomorrow/today/separately/later/under",
            "to follow .. by/on/shortly/tomorrow/.$", "$will reach you", "$will be reaching you",
            "someone/colleague/team/office/assistant/secretary/paralegal $will .. $act",
            "$our .. $will $adv? $act .. you/over/back",
        ],
    },
    CueDef {
        cue: Cue::PromiseWord,
        says: &[(Promise, 3.2)],
        patterns: &[
            "$me promise/undertake/commit/guarantee", "you have $our word",
            "you can count/rely/depend on me/us/it/that/having/receiving", "$me $will make sure/certain",
            "$me $will see to it", "$me $will ensure", "$me owe you", "$me am/are committed",
            "expect .. from me/us by/on/tomorrow/before/within",
            "expect .. by/on/within $time/$days/<number>/close/end/the", "rest assured",
        ],
    },
    CueDef {
        cue: Cue::Expect,
        says: &[(Promise, 1.8)],
        patterns: &[
            "$me expect/anticipate/hope/should/aim to/be .. by/on/in/tomorrow/today/next/this/shortly/within/before",
            "$me should have .. by/on/in/tomorrow/today/next/this/shortly/within/before/for", "$me should be able to",
            "$me can have .. to/for/by/with you", "$me can .. $bring .. by/on/tomorrow/today/$days",
            "should be with you", "should be $done .. by/on/$time",
        ],
    },
    CueDef {
        cue: Cue::Then,
        says: &[(Promise, 0.8)],
        patterns: &[
            "as soon as $me", "once $me have/am/are/get/receive/hear", "when $me have/get/receive/hear/know",
            "$me $will .. as soon as",
        ],
    },
    CueDef {
        cue: Cue::InTouch,
        says: &[(Promise, 2.6), (Hold, 3.6)],
        patterns: &[
            "$will/to .. be in touch", "$will be in contact",
            "$will $adv? $adv? get/come/go/revert/be/report back/right? back? to/with you",
            "get back to/with/in you/touch", "come back to you", "revert to you", "$will revert",
            "$will $adv? $adv? let you guys/all/both/guys? know",
            "let you know .. by/on/tomorrow/soon/shortly/as/when/once/what/if/whether/how/where",
            "$will $adv? $adv? keep you posted/informed/updated/abreast/advised/apprised",
            "$me $will $adv? $adv? $contact you", "$me $will $adv? $adv? give you a? call/ring/shout/buzz/update",
            "$me $will $adv? $adv? reply/respond/answer/write", "$me $will $adv? $adv? update you",
            "$me $will $adv? report back",
            "back to you by/on/tomorrow/today/before/within/shortly/soon/with/next/this/in/later/first/asap",
            "you $will hear from",
            "hear from me/us/$our by/on/before/tomorrow/within/shortly/soon/next/this/in/later",
            "have an? answer/response/reply/update/decision .. for? you by/on/before/tomorrow/today/within/in",
            "$will .. drop you a line", "$will .. follow up with you", "more from me/us",
            "$will reply/respond properly/fully/in", "$will .. touch base",
            "$me $will speak/talk/ring/phone/write to? you", "$me am/are calling/writing .. you .. $time",
            "expect .. reply/answer/call/word/response/update",
        ],
    },
    CueDef {
        cue: Cue::HearBy,
        says: &[(Hold, 1.6), (Promise, 1.0)],
        patterns: &[
            "hear from me/us/$our .. by/on/before/tomorrow/within/shortly/soon/next/this/in",
            "back to you .. by/on/before/tomorrow/within/shortly/soon/next/this/in/later",
            "let you know .. by/on/before/tomorrow/within/shortly/soon/next/this/later",
            "in touch .. by/on/before/tomorrow/within/shortly/soon/next/this/later/again/as/once/when",
            "call you .. by/on/before/tomorrow/within/shortly/next/this/later/back/$days",
            "answer/response/reply/update/decision .. by/on/before/tomorrow/within/next/this/$days",
        ],
    },
    CueDef {
        cue: Cue::StillWorking,
        says: &[(Hold, 2.2), (Excuse, 0.3)],
        patterns: &[
            "$me am/are still working/waiting/looking/chasing/checking/reviewing/trying", "still working on",
            "$me am/are working on", "$me am/are on it", "$me am/are .. looking into", "bear with me/us",
            "need a? little/bit/few/some/more time/longer/days/day", "need more time", "$me have not forgotten",
            "thank/thanks .. for? your patience", "received/got/have your email/message/query/letter/note/mail",
            "acknowledge receipt/your", "confirm/acknowledging receipt", "$me am/are .. waiting for/on/to",
            "please hold/wait",
        ],
    },
    CueDef {
        cue: Cue::LookInto,
        says: &[(Hold, 1.6), (Promise, 0.8)],
        patterns: &[
            "$me $will $adv? look/check/dig into/on", "$me $will $adv? check .. and",
            "let me $adv? check/look/find/see/ask/get/dig/talk/speak/confirm/investigate/think/review",
            "leave it/this/that with me/us", "$me $will $adv? find out",
            "$me need to $adv? $adv? ask/check/speak/talk/confirm/consult/review/discuss/look",
            "$me $will $adv? see what $me",
        ],
    },
    CueDef {
        cue: Cue::WillAttend,
        says: &[(Promise, 2.6)],
        patterns: &[
            "$me $will be attending", "$me .. plan to attend", "$me $will attend/join",
            "$me $will be there .. at/on/by/.$", "count me/us in",
        ],
    },
    CueDef {
        cue: Cue::Soon,
        says: &[(Promise, 0.7), (Hold, 0.5)],
        patterns: &[
            "shortly", "asap", "as soon as possible", "in due course", "by return", "right away", "straight away",
            "immediately", "later today", "first thing", "without delay", "by the? end of", "by close", "by cob",
            "by eod", "by $days/tomorrow/tonight/noon/<number>", "within <number>/the/a",
        ],
    },
    CueDef {
        cue: Cue::WillAsk,
        says: &[(Request, 1.0), (Promise, -1.5)],
        patterns: &[
            "$me $will need you/your/the/a/an", "$me $will require", "$me $will appreciate", "$me $will be grateful",
        ],
    },
];
