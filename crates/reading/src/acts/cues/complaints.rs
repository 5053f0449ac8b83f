//! What finds fault.

use super::{Cue, CueDef};
use crate::acts::label::Label::{Chase, Complaint, Departure, Request, Thanks};

#[rustfmt::skip]
pub(super) const TABLE: &[CueDef] = &[
    CueDef {
        cue: Cue::Disappoint,
        says: &[(Complaint, 4.2)],
        patterns: &[
            "disappointed/disappointing/dissatisfied/dismayed/appalled/disgusted/frustrated/frustrating/annoyed/\
                annoying/unhappy/upset/angry/furious/livid/unimpressed/underwhelmed/displeased/exasperated/\
                aggrieved/shocked",
            "disappointment", "frustration", "fed up", "let down", "lost faith/confidence/patience/trust",
            "losing faith/confidence/patience/trust", "at my wits", "sick of", "tired of", "sick and tired",
            "left a bad", "leaves/left .. to be desired", "leaves a bad", "bad experience", "poor show",
            "expected better/more/otherwise", "hoped for better/more", "had .. expected to", "dissatisfaction",
        ],
    },
    CueDef {
        cue: Cue::Unacceptable,
        says: &[(Complaint, 4.2)],
        patterns: &[
            "unacceptable/unprofessional/inexcusable/intolerable/outrageous/ridiculous/disgraceful/shameful/\
                appalling/shambolic/shambles/farce/joke/pathetic/disgusting/abysmal/unsatisfactory/substandard/\
                inadequate/shoddy/sloppy/negligent/incompetent/incompetence/careless/carelessness/scandalous/\
                atrocious/laughable/dire",
            "not acceptable/good/professional/reasonable enough?", "not good enough",
            "not the standard/level/service/way",
            "not what i/we paid/expected/asked/ordered/agreed/was/were/instructed", "not how",
            "below/beneath par/standard/expectations", "not up to", "falls/fell/fallen short", "unreasonable", "rude",
            "make a formal? complaint", "formal complaint", "i/we wish/want/would like/have to complain",
            "complain about", "complaint about/against/regarding", "ombudsman",
            "take/taking/took .. further/elsewhere", "simply/just not good", "no excuse", "inconvenient", "poor form",
            "poor service/communication/quality/work/response/job",
        ],
    },
    CueDef {
        cue: Cue::WrongDone,
        says: &[(Complaint, 2.4)],
        patterns: &[
            "you/your/firm/team/office got .. wrong",
            "wrong name/date/figure/figures/amount/address/version/document/file/number/order/person/item/\
                client/company/spelling",
            "is/are/was/were wrong/incorrect/inaccurate", "full of errors/mistakes/typos",
            "mistake/mistakes/error/errors in/on/with", "another mistake/error",
            "your mistake/error/failure/negligence/oversight", "misspelt/misspelled", "careless mistake/error",
            "got .. mixed", "sent .. to the wrong", "messed/messing up", "screwed/screwing up", "botched",
            "mishandled", "lost our/my/the", "you/they have lost", "misled/misleading",
            "without telling/asking/consulting/informing/checking/warning/notice/my/our/a/so",
            "never told/asked/informed/consulted/mentioned/explained/warned/agreed",
            "noone told/informed/asked/bothered/explained/warned/called/rang",
            "was/were not told/informed/consulted/copied/asked/warned", "wasted my/our/a", "waste of time/money",
        ],
    },
    CueDef {
        cue: Cue::Failed,
        says: &[(Complaint, 2.2)],
        patterns: &[
            "you/firm/team/office/they have/has? failed to", "failed to", "failure to",
            "missed the deadline/filing/date/hearing/appointment/closing", "missed deadline/deadlines", "you missed",
            "did not bother", "has/have not bothered", "did not turn up", "noone turned up", "did not show",
            "never showed", "you have/did not done/do what", "nothing has been/happened/changed",
            "nothing was/gets/happens done?", "nothing is", "has not been done/fixed/resolved/corrected", "you never",
            "never got a",
            "keep/keeps/kept asking/having/getting/changing/missing/sending/telling/saying/explaining/repeating/\
                chasing/being/making/forgetting/moving/putting/ignoring",
            "have to keep", "having to chase/ask/explain/repeat/correct/redo/do/call/wait",
            "had to chase/ask/explain/repeat/correct/redo/wait/find", "should not have to", "i/we should not",
        ],
    },
    CueDef {
        cue: Cue::Poor,
        says: &[(Complaint, 2.6)],
        patterns: &[
            "poor/bad/terrible/awful/horrible/worst/shocking/dreadful/crap/lousy/useless/hopeless service/\
                experience/communication/customer/job/work/quality/response/advice/treatment/standard/support",
            "worst", "terrible", "awful", "horrible", "dreadful", "lousy", "useless", "hopeless", "sucks", "crap",
            "rubbish", "nightmare", "disaster", "shocking", "ripped/rip off", "ripoff", "scam",
        ],
    },
    CueDef {
        cue: Cue::TooLong,
        says: &[(Complaint, 2.2)],
        patterns: &[
            "too long", "far too/far long/slow/late/many",
            "taking/taken/took/takes forever/ages/so/weeks/months/days/too/this", "dragged/dragging on", "so slow",
            "too slow", "very/so/too late", "for weeks/months/days/ages/hours", "weeks/months/days without/of",
            "third week/month/time/attempt", "been waiting .. weeks/months/days/hours/minutes/ages/since/<number>",
            "on hold for", "hours on", "still waiting", "how many times", "how many more", "how much longer",
            "how hard is/can", "over a week/month/year", "late again", "last minute", "at the last",
        ],
    },
    CueDef {
        cue: Cue::NobodyCalls,
        says: &[(Complaint, 3.0), (Chase, 1.0)],
        patterns: &[
            "noone/no one? .. has/have/had/ever/bothered/seems/called/replied/answers/answered/returns/returned/\
                rang/responds/got/gets/picks/is/could/can/will/would/knows",
            "never called/replied/answered/returned/responded/rang/get/got/gets/call/hear/heard",
            "do/does/did not return/answer/reply/respond/call/even",
            "calls/messages/emails/call/email/letters .. ignored/unanswered/unreturned",
            "being/been/feel/felt/are ignored/ignoring", "ignored", "not .. returned my/our", "never returned",
            "passed/passing .. from pillar/person", "pillar to post", "fobbed off", "the runaround",
            "kept in the dark", "in the dark", "left in limbo", "chased/chase/chasing .. times/weeks/every",
            "cannot reach/get anyone/hold/through", "can not reach/get .. anyone/hold/through", "radio silence",
            "deafening silence", "silence from", "wall of silence", "feel/feeling/felt/been/are forgotten",
            "afterthought", "not a priority", "bottom of",
        ],
    },
    CueDef {
        cue: Cue::Overcharged,
        says: &[(Complaint, 2.8)],
        patterns: &[
            "overcharged", "overbilled", "charged twice/for/us/me/double/more/again",
            "billed twice/for/us/double/again", "double the/what/your estimate/quote/quoted?", "twice the/what/as",
            "more than the? quoted/agreed/estimate/estimated/quote/double/twice/expected/we/i/you", "never agreed to",
            "did not agree to", "exceeds/exceeded/over/above the? estimate/quote/budget/agreed", "not what .. quoted",
            "excessive", "extortionate", "exorbitant", "rather steep", "high/expensive for what", "value for money",
            "for that/this/the money/price/fee/kind",
            "bill/invoice/fee/fees/charge/charges .. wrong/incorrect/higher/high/surprise/shock/justify/\
                justified/unreasonable/excessive",
            "dispute/disputing/query/querying/challenge the/this/your/these invoice/bill/charge/charges/fee/fees",
            "not paying/pay for", "refuse to pay", "refund", "paying you/for/a .. and", "hidden fees/charges",
            "paid good", "money back",
        ],
    },
    CueDef {
        cue: Cue::NotHappy,
        says: &[(Complaint, 3.2)],
        patterns: &[
            "not .. happy/pleased/satisfied/impressed/amused/thrilled/comfortable/convinced/content",
            "less than happy/impressed/satisfied/ideal/thrilled/helpful/satisfactory",
            "far from happy/satisfied/ideal/satisfactory/impressed", "no longer confident/trust",
            "hardly/scarcely professional/acceptable/ideal/satisfactory/encouraging/reassuring/the",
            "not .. expect/expected/hoped/hope from/of", "concerned about the/how/your/that", "have concerns",
            "my/our concerns", "do not feel", "am/are not sure .. paying/value",
            "rather/somewhat/quite/bit/little surprised/disappointed/disappointing/concerned/frustrating/\
                frustrated/put",
            "surprised to/that/by/at", "^ i/we must say", "^ i/we have to say", "to be honest/frank", "frankly",
            "quite honestly", "to say the least", "with respect", "perhaps i/we am/are",
            "i/we had/would rather? expected/hoped/thought",
        ],
    },
    CueDef {
        cue: Cue::Worse,
        says: &[(Complaint, 2.0)],
        patterns: &[
            "gone downhill", "getting worse", "gets/got/made/making/make .. worse", "used to be", "not as good",
            "slipped", "slipping", "deteriorated", "gone down", "standards have", "worse than", "not the first time",
            "yet again", "once again", "again and again", "time and again", "time after time", "every single? time",
            "same mistake/error/problem/question/questions/issue/thing", "happened again/before/twice",
            "happens again", "happen again", "pattern", "repeatedly", "repeated",
        ],
    },
    CueDef {
        cue: Cue::Blame,
        says: &[(Complaint, 2.0)],
        patterns: &[
            "because of your/you", "thanks to your/you", "due to your", "cost us/me", "costing us/me",
            "we/i have lost", "we/i lost", "caused us/me/problems/trouble/embarrassment/delay",
            "embarrassing/embarrassed", "put us in", "at our expense", "penalty/fine because/as", "your fault",
            "your responsibility", "hold you responsible/liable", "let us/me down", "you/they have let",
            "explain why/how/to", "explanation", "how is it/this that/possible/acceptable",
            "how can you/this/it/a/they", "how could you/this",
            "why has/have/is/was/were/did/does/do/am/are i/we/it/this/noone/nothing/my/our/the/no/your/not",
            "why should i/we", "why am/are i/we", "what am/are i/we paying", "what exactly",
            "is it normal/too/really/usual/standard", "too much to ask", "am i/we supposed",
        ],
    },
    CueDef {
        cue: Cue::Sarcasm,
        says: &[(Complaint, 3.4), (Thanks, -4.0)],
        patterns: &[
            "thanks/thank for nothing",
            "thanks a lot/bunch/million for not/nothing/the/ruining/making/losing/missing/wasting/ignoring",
            "thanks/thank you? .. for .. not/ignoring/wasting/losing/missing/making/ruining/keeping/leaving/\
                nothing/absolutely",
            "no thanks to", "great job/work/service .. not/ruining/losing/missing/again",
            "well done for/on .. missing/losing/not", "^ so much for", "slow clap",
            "how nice/kind/lovely/wonderful of you to finally", "glad to see/know .. my/our/money/fees",
            "good luck getting/with", "nice one", "yeah right", "as usual", "surprise surprise", "what a surprise",
            "big surprise", "color me", "must be nice",
        ],
    },
    CueDef {
        cue: Cue::ShouldHave,
        says: &[(Complaint, 1.8)],
        patterns: &[
            "should/could/might have been/told/asked/checked/done/let/called/known/warned/had/got/mentioned/\
                informed/sent",
            "would have expected/thought/hoped/appreciated/liked/been/preferred", "at least", "the least you",
            "bare minimum", "basic courtesy", "even a", "expect more/better/a/my/you/an", "would it kill",
            "simple/common courtesy",
        ],
    },
    CueDef {
        cue: Cue::NotWorking,
        says: &[(Complaint, 1.8)],
        patterns: &[
            "not working", "does not work", "did not work", "stopped working", "not/never work/works/worked",
            "broken", "faulty", "defective", "damaged", "broke", "fell apart",
            "keeps/kept crashing/dropping/failing/saying/freezing/breaking/telling",
            "will not let/load/open/work/turn/charge/connect/update/play/start/download",
            "can not log/access/get/open/use/connect/find/even", "missing from", "was/is missing",
            "lost my/luggage/bag/order/package/parcel", "late delivery", "not delivered", "not arrived",
            "canceled my/our", "delayed", "down again", "cold food", "error message", "bug", "glitch", "crash",
            "crashes", "unable to access/log/use/get/open",
        ],
    },
    CueDef {
        cue: Cue::SwearMild,
        says: &[(Complaint, 1.6)],
        patterns: &[
            "hell", "damn", "bloody", "wtf", "ffs", "smh", "ugh", "seriously ?$", "come on", "bullshit", "shit",
            "fuck", "fucking", "absurd", "fail", "shame", "shame on", "sort it/this/yourselves out", "get your act",
            "get it together", "ridiculous", "unreal", "unbelievable", "insane", "stupid", "idiots", "grrr",
        ],
    },
    CueDef {
        cue: Cue::ThirdTime,
        says: &[(Complaint, 1.6), (Chase, 1.0)],
        patterns: &[
            "second/third/fourth/fifth/<number> time/attempt/email/call/letter/reminder/message", "twice/thrice now",
            "three/four/five/several/many/numerous/countless/multiple/repeated times/calls/emails/messages/\
                requests/reminders/attempts/letters",
        ],
    },
    CueDef {
        cue: Cue::Regret,
        says: &[(Complaint, 0.6)],
        patterns: &[
            "unfortunately", "regrettably", "sadly", "i am afraid", "i regret", "however", "but",
            "sorry to say/complain/trouble",
        ],
    },
    CueDef {
        cue: Cue::Question3,
        says: &[(Complaint, 0.8)],
        patterns: &[
            "why ..6 ?$", "seriously", "really ?$", "is this/that a joke", "are you kidding/serious/joking",
        ],
    },
    CueDef {
        cue: Cue::Fault,
        says: &[(Complaint, 1.8)],
        patterns: &[
            "very/rather/really/pretty poor", "uncalled for", "out of order", "hardly inspires", "does not inspire",
            "not what i/we would call", "is this what/how", "this is what/how", "what i/we pay for",
            "what we are paying", "look/looking/looked like fools/idiots/foolish/bad", "patience is",
            "my/our patience", "cost/costs/costing us/me", "has never actually/been/run/worked",
            "was/were never sent/done/filed/told/asked/mentioned/put",
            "ignores/ignored/ignoring everything/what/our/my", "attitude", "dismissive", "clumsy", "slapdash",
            "bad form", "on earth", "zero communication", "no communication", "lack of", "still on the wrong",
            "wrong amount/name/date/side/address/prices/price/figure/figures/number",
            "someone else name/company/details", "half finished", "left sitting/waiting/standing", "put .. off",
            "not hear back", "different answers", "never put through", "no one .. attended", "first i/we heard/knew",
            "had to take/start/pay/redo", "caught/catch out", "slipped through", "not once", "not a word/peep",
            "asked politely/twice", "over and over", "for less", "any longer acceptable", "wearing thin",
            "not one to complain", "cut me off", "hung up", "shame/pity that/it", "it is a shame",
        ],
    },
    CueDef {
        cue: Cue::FaultOfYours,
        says: &[(Complaint, 2.4)],
        patterns: &[
            "you/your/team/firm dropped the ball", "you guys",
            "your own error/mistake/engineer/letter/team/people/fault", "lost by you",
            "how did that/this .. past you", "how could that/this", "how was that allowed",
            "you missed/forgot/ignored/lost/copied/told/overlooked/charged/billed/broke/left/let/promised/\
                failed/ruined/misspelt/mixed/misread",
            "you have ignored/missed/lost/had/sent/charged/billed/failed/told/got",
            "you were to/supposed/meant/asked", "were/was supposed/meant to .. by you",
            "your .. was/were/is/are late/wrong/rude/short/poor/slow/missing/useless/unhelpful/unclear/\
                confusing/careless/sloppy/inaccurate/incorrect/full/unprofessional/arrogant/disappointing",
            "your people/team/staff/office/man/colleague/assistant/receptionist/engineer/technician/associate/\
                trainee has/have/was/were/is/are/told/left/got/sent/lost/forgot/did/does/said/made/spoke/kept/keeps",
            "are we still a client", "you people", "why .. you/your", "explain why", "your silence",
            "from your side/end/office", "you said .. we left", "it was your advice",
            "your bill/invoice/letter/report/portal/advice/draft/work/service/website/system/line",
        ],
    },
    CueDef {
        cue: Cue::Ourselves,
        says: &[(Complaint, -2.0), (Chase, -1.0)],
        patterns: &[
            "with/at/of myself/ourselves/us for", "my own fault/mistake/error", "our own fault/mistake/error/it",
            "i/we regret that i/we", "i/we apologize", "i am sorry for/that/about", "our mistake", "my mistake",
            "i/we forgot", "no hurry", "no rush", "whenever you", "how are you getting", "not your fault",
            "noone could have", "nothing you could", "through no fault", "not a complaint", "no complaints",
            "nothing to complain", "cannot complain",
            "previous/last/former/old accountant/lawyer/solicitor/firm/adviser/agency/provider",
        ],
    },
    CueDef {
        cue: Cue::OtherPeople,
        says: &[(Complaint, -0.6), (Chase, -0.6), (Departure, -0.6)],
        patterns: &[
            "$our/his/her/their/the/your/another $others", "the other side", "other side solicitors/lawyers", "my ex",
            "hmrc", "opposing counsel", "third party", "business partner", "co worker",
            "the airline/hospital/care/insurance/council/court/bank/ministry",
        ],
    },
    CueDef {
        cue: Cue::Pending,
        says: &[(Chase, 3.2), (Request, 0.4)],
        patterns: &[
            "second/third/final request/reminder/email/message/attempt", "^ resending", "sending again in",
            "status please", "when can/should/may i/we count/expect", "become of", "is it/that/this/everything ready",
            "those/the figures ?$", "holdup", "hold up with", "come and gone", "tried you/calling/ringing/reaching",
            "am/are without", "hoped to hear", "expecting a call/reply/answer/word/it", "was/were expecting",
            "despite .. reminders/calls/emails/letters", "following on from",
            "my note/email/message/letter/question/request below/of/from/above",
            "last/previous two/three/several emails/letters/messages", "asked before/for/about .. ago/since/in",
            "i/we had asked", "since then not/nothing", "not a word", "anything came/come of",
            "ever found/sent/arrive/arrived/go/went/came/come/find/get", "last asked", "yes no when",
            "been lodged/sent/filed/signed/done ?$", "me again", "forgotten about/me/us", "owe me/us an?",
            "never got it", "still without", "how matters stand", "how far you have", "gone unheeded/unanswered",
            "you/we said .. its/it is", "were told .. weeks/days it", "you were to send/let/call/get",
            "you had offered/promised", "open since", "raised .. ago", "fell due", "still not ready",
            "without further delay", "as he/she/you said", "any development/developments", "over the line",
            "call me please", "please call back", "refer to our/my", "outstanding answers/answer", "how much longer",
            "patient since",
        ],
    },
    CueDef {
        cue: Cue::GoodBye,
        says: &[(Departure, 3.0)],
        patterns: &[
            "farewell", "goodbye", "good bye", "end of the road", "run its course", "draw a line", "sacked",
            "fire you", "firing you", "my/our file/files/papers/documents back",
            "pick up/collect .. my/our .. file/files/papers/documents", "want my/our/the papers/file/files/documents",
            "represent myself/ourselves", "off the record", "come to an end", "comes to an end",
            "last/final one/project/year/return/job/season with/together", "with you any longer/more",
            "you working for", "not .. need/needing/require/requiring/want/wanting your services/you/any",
            "not be taking/signing it/up", "away from you", "without you from", "no longer with you",
            "leave the/your network/firm/panel/scheme", "not reappoint", "not to reappoint", "revoke", "disinstruct",
            "disinstructing", "dropping all/you", "letting it", "can lapse", "contract runs/ran out",
            "retainer stops/ends/will", "have to stop", "we are out", "move/moving/moved on to another",
            "wind .. contract/arrangement/relationship down/up", "stop .. the retainer", "not be extended",
            "will not be extended", "means the end", "nothing further for you", "ceased trading",
            "not continue with you", "lost .. confidence .. instructed",
        ],
    },
    CueDef {
        cue: Cue::NewFirm,
        says: &[(Departure, 2.6)],
        patterns: &[
            "our/my new/incoming/next/future $firm/host/agents/agent/advisers/auditor/auditors/team/people",
            "change of agent",
            "changing/change/switching/leaving lawyers/accountants/solicitors/advisers/agents/agencies/\
                providers/adviser/firm",
            "have/has appointed/chosen/engaged/selected/instructed/hired/resolved/asked/opted/taken .. to/as/\
                for/on/instead",
            "opted for another", "asked another", "a different/another $firm", "an? different/another one",
            "handled by", "managed by", "looked after by", "placed with", "place .. with",
            "moving .. to my/a/an/our/another", "taking over our/my/the books/accounts/work/matter/case",
            "taken over our/my", "they are taking over", "signed up with", "gone to someone/another", "gone with",
            "followed him/her/them", "closer to home", "use his/her/their own",
            "own advisers/adviser/lawyers/accountant", "panel", "represents us/me", "takes it from here",
            "second firm",
        ],
    },
];
