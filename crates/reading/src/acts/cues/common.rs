//! What turns other cues round (conditions, negation, other people's words), frames, and the marks of machines.

use super::{Cue, CueDef};
use crate::acts::label::Label::{
    Bulk, Chase, Complaint, Departure, Excuse, Hold, NeedsReply, Promise, Request, Thanks,
};

#[rustfmt::skip]
pub(super) const TABLE: &[CueDef] = &[
    CueDef {
        cue: Cue::If,
        says: &[(Promise, -0.6)],
        patterns: &[
            "^ if", "if you/they/he/she/it/this/that/there/the/anyone/someone", "unless", "in case",
            "should you/they/he/she/the", "provided that/you/they", "in the event", "assuming", "depending on",
            "whenever you", "were i/we to", "had i/we",
        ],
    },
    CueDef {
        cue: Cue::Conditional,
        says: &[(Promise, -3.2), (Hold, -2.5), (Departure, -1.0)],
        patterns: &[
            "i/we would $adv? $act", "i/we could $adv? $act", "i/we might $adv? $act", "i/we may $adv? $act",
            "would .. if", "i/we would have", "i/we should probably", "i/we can $adv? $act .. if",
            "i/we will .. if you/they/he/it/necessary/needed/required", "if .. i/we will", "if .. then",
            "might/may/could .. leave/move/switch/look", "thinking/thought of/about", "considering",
        ],
    },
    CueDef {
        cue: Cue::NoNeed,
        says: &[(NeedsReply, -3.0), (Request, -2.0)],
        patterns: &[
            "no need to", "no reply/response/answer/action is? needed/necessary/required",
            "no reply/response/action necessary", "need not reply/respond/answer",
            "do not need to reply/respond/answer/do", "no action", "do not bother", "nothing for you",
            "nothing to do", "for information only", "no rush", "no worries", "no problem", "never mind", "nevermind",
            "please ignore/disregard", "not urgent", "for your information/records/files/reference",
            "no further action",
        ],
    },
    CueDef {
        cue: Cue::NotNeeded,
        says: &[(Request, -1.0)],
        patterns: &[
            "already done/sorted/resolved/fixed/received/have", "all sorted/done/set/good", "got it", "as requested",
            "as discussed", "per your/our request/conversation", "sounds good", "will do", "makes sense",
            "i/we agree", "confirmed",
        ],
    },
    CueDef {
        cue: Cue::ThirdParty,
        says: &[(Promise, -1.6), (Hold, -1.0)],
        patterns: &[
            "$third will $adv? $act", "$third $will be", "$third said/says/promised/told/confirmed/assured",
            "they/he/she have/has promised/agreed/said/confirmed/undertaken", "according to", "the other side will",
            "the court/bank/council/seller/buyer/lender/landlord/insurer/tax/government/judge/tribunal/registry will",
        ],
    },
    CueDef {
        cue: Cue::Reported,
        says: &[(Promise, -2.2), (Complaint, -0.8), (Departure, -0.4), (Thanks, -0.5)],
        patterns: &[
            "$me said/told/promised/wrote/mentioned/explained .. $me $will/would",
            "told him/her/them .. $me $will/would", "you said/told/wrote/asked/promised",
            "he/she/they/client/customer/tenant/buyer/seller said/says/told/complained/complains/complain/wrote/\
                claims/claimed/thinks/feels/is/are/was/were unhappy/disappointed/angry/upset/that/me/us/about/he/\
                she/they?",
            "i/we have already/just $done", "their complaints/complaint/concerns", "his complaints/complaint",
        ],
    },
    CueDef {
        cue: Cue::AutoMark,
        says: &[(Bulk, 4.0), (NeedsReply, -2.0), (Request, -0.8)],
        patterns: &[
            "out of the? office",
            "automatic/automated/auto reply/response/message/notification/acknowledgement/acknowledgment/email",
            "autoreply", "automatically generated", "system generated", "computer generated",
            "this is an automated/automatic", "undeliverable", "delivery failure/status/has",
            "could not be delivered", "returned mail", "your message .. not be? delivered", "has been received and",
            "limited access to email", "i will be out of", "i am out of the", "currently out of",
        ],
    },
    CueDef {
        cue: Cue::Unsubscribe,
        says: &[(Bulk, 4.2), (NeedsReply, -2.5), (Request, -1.5)],
        patterns: &[
            "unsubscribe", "to be removed from", "remove you/yourself from", "opt out", "optout",
            "you are receiving this", "you received this .. because", "mailing list",
            "manage your preferences/subscription", "view this email/message in", "view in browser", "privacy policy",
            "all rights reserved", "terms and conditions", "forward this to a friend", "click here", "click on the",
            "click below", "newsletter", "subscriber", "subscribers", "copyright", "online version",
        ],
    },
    CueDef {
        cue: Cue::DoNotReply,
        says: &[(Bulk, 4.0), (NeedsReply, -2.5), (Request, -1.0)],
        patterns: &[
            "do not reply/respond to this", "please do not reply/respond", "not monitored", "unmonitored",
            "do not respond", "replies to this",
        ],
    },
    CueDef {
        cue: Cue::BulkWord,
        says: &[(Bulk, 1.2), (Request, -0.4)],
        patterns: &[
            "dear customer/member/user/subscriber/colleague/colleagues/all/valued/sir/team/friend/friends/\
                employee/employees/investor",
            "special offer", "free", "limited time", "register", "registration", "visit our", "visit us",
            "log in/on to", "login", "password", "website", "web site", "webinar", "conference", "enrolled",
            "employees", "effective", "please join", "pleased to announce", "proud to announce", "offer expires",
            "order now", "save <number>", "sale", "reservation", "report", "article", "edition", "in this issue",
            "welcome to", "for more information", "<link>", "service desk", "help desk", "helpdesk", "ticket number",
            "case number", "reference number", "notification", "maintenance", "scheduled outage", "system",
        ],
    },
    CueDef {
        cue: Cue::Fyi,
        says: &[(NeedsReply, -1.4), (Request, -1.0)],
        patterns: &[
            "fyi", "for your information/records/files/reference", "just to let you know", "just letting you know",
            "wanted to let you know", "thought you might/would/should", "heads up", "please see below", "see below",
            "see attached", "please join me/us in", "please note", "please be advised/aware/informed/reminded",
            "is/are asked/requested/required/reminded/invited to", "pleased/delighted/happy/proud to announce",
        ],
    },
    CueDef {
        cue: Cue::Attached,
        says: &[(NeedsReply, -0.3), (Promise, -0.8), (Request, -0.3)],
        patterns: &[
            "attached", "enclosed", "attachment", "i/we have attached", "please find",
            "i/we am/are attaching/enclosing/forwarding/sending you?",
        ],
    },
    CueDef {
        cue: Cue::HereIs,
        says: &[(Promise, -0.5)],
        patterns: &[
            "here is/are", "here you go", "below is/are", "as promised", "as requested", "see below", "please see",
        ],
    },
    CueDef {
        cue: Cue::ClosingWord,
        says: &[],
        patterns: &[
            "best/kind/warm/warmest/kindest/with regards", "regards", "sincerely", "yours truly/faithfully/sincerely",
            "best wishes", "all the best", "take care",
        ],
    },
    CueDef {
        cue: Cue::WhenCanI,
        says: &[(Request, 1.0)],
        patterns: &[
            "when can/could/will/may/might/would/should i/we/you/it/this/that/the/they/your ..6",
            "when will/is/are/do/does", "how soon", "how long", "by when", "what date/day/time",
            "expected/estimated .. date", "completion date", "when you/it/they/this .. expect/be/will/can/have",
            "when .. ready/expect/available/hear/receive", "what is the timeline/timescale/timeframe/eta/time", "eta",
            "timescale", "timescales", "time frame", "timeframe", "timeline", "a date for/by/when",
        ],
    },
    CueDef {
        cue: Cue::HopeYou,
        says: &[(Request, -0.8)],
        patterns: &[
            "hope you/all/this/everything/things .. well/good/weekend/holiday/day/great/fine/doing/finds",
            "hope you had/have/are/enjoyed",
        ],
    },
    CueDef {
        cue: Cue::JustWanted,
        says: &[(Chase, 0.5)],
        patterns: &[
            "just wanted/want/wondering/checking/curious/following/to", "i/we wanted to",
        ],
    },
    CueDef {
        cue: Cue::ThirdRequest,
        says: &[(Request, -1.2)],
        patterns: &[
            "he/she/they $will/need/needs/want/wants/would/should/must/can/could to? $act", "asked him/her/them to",
            "i/we asked", "i/we have asked", "told him/her/them to", "he/she/they asked",
        ],
    },
    CueDef {
        cue: Cue::IfQuestions,
        says: &[(Request, -1.6), (NeedsReply, -0.3)],
        patterns: &[
            "any questions", "if you have .. question/questions/queries/problems/concerns",
            "further questions/information/assistance", "questions or comments/concerns/problems",
            "need anything else", "anything else", "with any questions",
            "any additional/further questions/information",
        ],
    },
    CueDef {
        cue: Cue::Negated,
        says: &[(Promise, -0.4), (Departure, -0.6), (Thanks, -0.3)],
        patterns: &[
            "not", "never", "no", "noone", "nothing", "without", "hardly", "neither", "nor",
        ],
    },
    CueDef {
        cue: Cue::AskBack,
        says: &[(Promise, -3.5), (Hold, -2.5)],
        patterns: &[
            "let $us know .. and $me $will", "let $us know and $me", "give $us a? call/ring .. and $me",
            "call/email/ring/send/tell/ask/get/come me/us/to/back .. and $me $will", "if not .. let $us",
            "if so .. $me $will", "if you .. $me $will", "if not ..6 $me $will",
            "if you/they/he/she/it ..12 $me $will", "just ask/call/email/shout .. and",
            "when you get ..8 and $me $will", "unless ..8 $me $will", "otherwise $me $will", "you bet $me",
            "or $me $will",
        ],
    },
    CueDef {
        cue: Cue::PlainState,
        says: &[(Promise, -0.6)],
        patterns: &[
            "$me $will probably/hopefully/maybe", "maybe $me $will", "$me guess/think/suppose $me $will",
            "hopefully $me",
        ],
    },
    CueDef {
        cue: Cue::Offer,
        says: &[(Promise, -2.2), (Hold, -1.6)],
        patterns: &[
            "$me $will be happy/glad/pleased/delighted/available/around to/if/for",
            "happy/glad/pleased to help/discuss/assist/answer/talk/meet/explain/$act",
            "if you need/would/want/like/have/prefer/wish ..6 $me $will/can", "$me can $adv? $act", "do not hesitate",
            "feel free", "let $us know if/and", "just let $us", "just say", "if that/it .. helps/works/suits",
            "always here", "here if you",
        ],
    },
    CueDef {
        cue: Cue::Assured,
        says: &[(Excuse, -0.6), (Hold, 0.2)],
        patterns: &[
            "no problem", "not a problem", "of course", "certainly",
        ],
    },
];
