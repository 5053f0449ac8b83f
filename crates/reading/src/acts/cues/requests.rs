//! What asks for something.

use super::{Cue, CueDef};
use crate::acts::label::Label::{Chase, Departure, NeedsReply, Request};

#[rustfmt::skip]
pub(super) const TABLE: &[CueDef] = &[
    CueDef {
        cue: Cue::PleaseDo,
        says: &[(Request, 3.0)],
        patterns: &[
            "please", "please $act", "could/can/would/will you please",
        ],
    },
    CueDef {
        cue: Cue::PleaseAct,
        says: &[(Request, 2.2), (NeedsReply, 0.5)],
        patterns: &[
            "please $adv? $adv? $act",
            "please have/be/do/use/allow/hold/stop/remind/consult/schedule/assign/initial/execute/distribute/\
                disseminate/pull/turn/enter/post/mark/bear/thank/convey",
            "please .. me/us/him/her/them .. by/asap/today/tomorrow", "$me would appreciate it? if you",
        ],
    },
    CueDef {
        cue: Cue::ChaseNot,
        says: &[(Chase, -3.6), (Request, -0.6)],
        patterns: &[
            "give/giving/provide/providing/send/sending/have you an? update/status",
            "$me $will .. follow/check/revisit/update/see/ask/chase", "update you on", "an update on what",
            "wanted to give/update/let/provide/send you", "$me have not revisited",
            "spoke/talked/discussed .. about the status", "check the status of your", "ways to check",
            "you can/may check/track/view", "your order", "heard from you in", "have not heard from you",
            "if you have not", "did you ever see/get/watch/find", "since you/we have not heard/seen/talked",
            "so you missed", "see how you are", "$me am/are still trying/working", "status code/report/field",
            "thank you for your order", "just to give/let/update", "they/he/she has/have not", "currently scheduled",
            "reminder that you are", "you have not yet read/seen/tried/been", "have you ever",
        ],
    },
    CueDef {
        cue: Cue::OtherLeaves,
        says: &[(Departure, -1.6)],
        patterns: &[
            "my/his/her/their lease/car/mortgage/flat/apartment", "the board", "the meeting",
            "was/were/been terminated/canceled", "has/have terminated/canceled", "terminated employees", "class",
            "flight", "if you terminate", "the decision not",
        ],
    },
    CueDef {
        cue: Cue::CanYou,
        says: &[(Request, 3.6)],
        patterns: &[
            "can/could/would/will you $adv? $adv? $act",
            "can/could/may/might i/we $adv? $adv? have/get/ask/see/borrow/meet/speak/trouble/request/please",
            "can/could/would/will someone/anyone/one/your", "can you .. ?$", "could you",
            "would you $adv? please/be/kindly/mind/consider/like/let/$act", "are you able to", "is it possible",
            "would it be possible", "is there any/a way/chance", "any chance", "you could $act", "you can $act",
            "you might $act", "can i have/get", "may i have/ask/get/see",
        ],
    },
    CueDef {
        cue: Cue::WouldYou,
        says: &[(Request, 2.4)],
        patterns: &[
            "would you mind", "do you mind", "would you be able/so/willing/interested/available/kind",
            "if you could/would/can", "mind if i/we",
            "i/we wonder/wondered/wondering/was/am .. if/whether you/we/i/there", "wondering if/whether",
            "i would be grateful/obliged", "we would be grateful/obliged", "grateful if",
            "be great/good/nice/helpful/useful/lovely/wonderful/ideal if/to/for you", "it would help",
        ],
    },
    CueDef {
        cue: Cue::Appreciate,
        says: &[(Request, 2.0)],
        patterns: &[
            "appreciate .. if",
            "appreciate your/any/a help/input/thoughts/comments/advice/assistance/feedback/response/reply/\
                answer/guidance/prompt/quick/early/call",
            "would appreciate", "would be appreciated", "be much/greatly/most/highly? appreciated",
            "look forward to your/receiving/hearing/a .. reply/response/answer/from/comments/the",
            "your .. would be .. helpful/welcome/appreciated", "comments/thoughts/input/feedback welcome/appreciated",
        ],
    },
    CueDef {
        cue: Cue::NeedYou,
        says: &[(Request, 3.2)],
        patterns: &[
            "i/we $adv? need you", "need you/your/someone to", "i/we would like/want/love you to",
            "i/we want/expect/require/ask/asked/request/urge/beg you", "you need/have to $act", "you must $act",
            "you should $act", "make sure/certain you/that/to/it/the/this", "be sure to/and/you", "do not forget to",
            "remember to", "ask/asking you to/for/that/if/whether", "am asking for/that", "i/we am/are requesting",
            "i/we request", "requests that", "requesting that", "wants/want/would like you/us to",
        ],
    },
    CueDef {
        cue: Cue::NeedThing,
        says: &[(Request, 2.0)],
        patterns: &[
            "i/we $adv? $adv? need/require $our/a/an/the/this/that/to/it/some/more/your/copies/copy/all/another/\
                confirmation/help/further/written",
            "i/we will $adv? need .. from you", "needs your/to/a/the", "needed by/from/for/asap", "required by/from",
            "i/we would need", "looking for a/an/the/your/some/help/advice/guidance",
            "i/we am/are $adv? $adv? looking for/to",
        ],
    },
    CueDef {
        cue: Cue::LetMeKnow,
        says: &[(Request, 2.6)],
        patterns: &[
            "^ let $us know", "please let $us know", "let $us/me have your/a/the",
            "let $us know .. what/when/where/how/who/which/whether/your/by/asap/the/about", "drop $us a line",
            "get back to $us", "give $us a call/ring/shout/buzz", "shoot $us",
            "keep $us posted/informed/updated/advised", "write back", "fill me/us in", "advise $us", "tell $us",
            "call me/us/you/and", "get in touch with/.$", "hear back from you",
        ],
    },
    CueDef {
        cue: Cue::LetMeKnowIf,
        says: &[(Request, -2.2)],
        patterns: &[
            "let $us know if you/there .. any/need/have/questions/anything/problems/further/would/want/wish/require",
            "if you have/should/need .. any/questions/further/anything/more", "should you have/need/require/wish",
            "if there is/are any/anything", "if anything", "if you have .. questions",
            "any questions/problems/queries/concerns .. let/call/please/contact/do/feel/give",
            "let $us know of/about? any", "let $us know if anyone/anybody/someone/somebody",
            "call/ring/contact/email .. if needed/necessary/required",
            "if you ..6 want/need/prefer ..6 let $us know",
            "call/contact/email .. if/with .. question/questions/problem/problems/need/any",
            "if you need .. anything/any/more/further", "let $us know .. questions/problems/concerns",
        ],
    },
    CueDef {
        cue: Cue::Advise,
        says: &[(Request, 2.4)],
        patterns: &[
            "please advise/confirm/clarify/explain/comment/respond/reply",
            "advise $us? .. when/if/whether/how/on/as/what/where/who", "^ confirm .. that/whether/if/receipt/by",
            "kindly $act", "please be",
            "your thoughts/comments/input/view/views/instructions/approval/advice/opinion",
            "need/awaiting/await/want/seeking your", "for your review/approval/signature/comments/consideration",
        ],
    },
    CueDef {
        cue: Cue::IWant,
        says: &[(Request, 1.6)],
        patterns: &[
            "i/we would $adv? $adv? like/love/want/prefer to/a/an/the/your/some/you/it/copy/if",
            "i/we $adv? want to/a/the/you/it/this/that/your/my", "i/we am/are $adv? interested in",
            "i/we would welcome", "i/we am/are keen/anxious/eager", "i/we hope you can/could/will/would",
            "hoping you/to/for/that/we", "i/we .. hear from you",
        ],
    },
    CueDef {
        cue: Cue::Would,
        says: &[(Request, 0.6)],
        patterns: &[
            "would like", "would you", "should i/we", "shall i/we", "do i/we need/have/want", "must i/we",
        ],
    },
    CueDef {
        cue: Cue::AskWhether,
        says: &[(Request, 2.2)],
        patterns: &[
            "do/does/did you/anyone/someone/your/he/she/they/it/the/that/this/we/i .. ?$",
            "do you have/know/think/want/need/remember/agree/happen/anticipate/see/still",
            "are/is/were/was you/there/it/he/she/they/this/that/the/these/those .. ?$", "are you",
            "is that/this/it ok/fine/right/correct/possible/alright/acceptable",
            "have/has you/anyone/he/she/they/we/it/the .. ?$",
            "can/should/shall/will/would/may we/i/it/they/he/she/this/that/the ..6 ?$",
        ],
    },
    CueDef {
        cue: Cue::WhQuestion,
        says: &[(Request, 2.2)],
        patterns: &[
            "^ what/when/where/who/how/which/why/whose ..6 ?$", "^ so/and/but what/when/where/who/how/which/why",
            "^ what/when/where/who/how/which/why is/are/do/does/did/was/were/can/could/will/would/should/has/\
                have/about/much/many/long/soon/time/day/date",
            "tell $us what/when/where/who/how/which/why/if/whether",
            "know what/when/where/who/how/which/why/if/whether you/we/i/it/the/this/that/they/your ..6 .$",
            "what/how about",
        ],
    },
    CueDef {
        cue: Cue::DoQuestion,
        says: &[(Request, 1.2), (NeedsReply, 0.5)],
        patterns: &[
            "?$",
        ],
    },
    CueDef {
        cue: Cue::Imperative,
        says: &[(Request, 2.4)],
        patterns: &[
            "^^ send/forward/email/mail/fax/provide/call/ring/phone/contact/check/find/arrange/set/schedule/book/\
                prepare/draft/review/update/revise/correct/fix/resolve/ask/confirm/take/add/change/remove/pay/file/\
                sign/return/reply/respond/print/copy/get/give/tell/show/explain/bring/use/meet/talk/speak/put/do/\
                try/read/let/resend/complete/submit/verify/ensure/write/note/help/cancel/order/arrange/advise/\
                follow/look/come/remind/delete/include/save/make/keep/pull/plug/run/work me/us/him/her/them/it/\
                this/that/the/a/an/your/my/our/to/with/if/whether/back/all/these/those/and/over/any/some/for/in/on/\
                at/up/out/<number>",
            "^ please .. $act",
        ],
    },
    CueDef {
        cue: Cue::PleaseNot,
        says: &[(Request, 0.2)],
        patterns: &[
            "please do not", "please ignore/disregard/excuse/accept/forgive/find/see/note/be/refer/feel",
        ],
    },
    CueDef {
        cue: Cue::Propose,
        says: &[(Request, 1.4)],
        patterns: &[
            "how about/does/is/would", "what about", "shall we", "why do not we/you", "do you want to",
            "would you like to", "are you free/available/around/interested/ok/able/coming/going", "let us $act",
            "let us meet/talk/discuss/speak/do/have/schedule/set", "we should/could/need $act/to",
            "does .. work for/?$", "works for you", "get together", "can we $act", "suggest that? we/you/i",
            "propose that? we/to",
        ],
    },
    CueDef {
        cue: Cue::Thoughts,
        says: &[(Request, 1.8)],
        patterns: &[
            "any thoughts/ideas/comments/suggestions/objections/word/idea/interest/questions ?$", "what do you think",
            "your thoughts", "thoughts ?$", "comments ?$", "ideas ?$", "opinion ?$",
        ],
    },
    CueDef {
        cue: Cue::YouWill,
        says: &[(Request, 0.8)],
        patterns: &[
            "you $will need/have to", "you $will please", "trust/hope/assume you $will/can",
        ],
    },
    CueDef {
        cue: Cue::LookForward,
        says: &[(Request, -0.6)],
        patterns: &[
            "look/looking forward to seeing/meeting/working/it/the/our/talking/speaking/a",
        ],
    },
    CueDef {
        cue: Cue::FeelFree,
        says: &[(Request, -2.4)],
        patterns: &[
            "feel free", "do not hesitate", "at your convenience", "if you like/wish/want/would/prefer",
            "please find", "please see", "please note", "please be advised/aware/informed/assured", "please accept",
            "please refer", "please join", "please welcome", "please visit", "please excuse",
        ],
    },
    CueDef {
        cue: Cue::Invite,
        says: &[(Request, 0.6)],
        patterns: &[
            "invite you", "invited to", "join us/me", "you are invited", "hope you can make/come/join/attend",
        ],
    },
    CueDef {
        cue: Cue::CallMe,
        says: &[(Request, 1.4)],
        patterns: &[
            "call/ring/phone/email/text/contact/page me/us", "give $us a? call/ring", "speak/talk to/with? you",
            "stop by", "set up a? call/meeting/time",
        ],
    },
    CueDef {
        cue: Cue::Rsvp,
        says: &[(Request, 2.0)],
        patterns: &[
            "rsvp", "respond/reply by", "regrets only", "your response/reply/answer by", "by return",
        ],
    },
];
