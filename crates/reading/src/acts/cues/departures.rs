//! What ends the work with us, and who leaves a job.

use super::{Cue, CueDef};
use crate::acts::label::Label::{Departure, Leaving, Request};

#[rustfmt::skip]
pub(super) const TABLE: &[CueDef] = &[
    CueDef {
        cue: Cue::Leaving,
        says: &[(Departure, 4.2)],
        patterns: &[
            "i/we have .. decided to leave/move/go/change/end/stop/terminate/part/switch/transfer/appoint/\
                instruct/discontinue/take/use/close/look/not",
            "decided to move/change/leave/go/take/switch/part/end/stop/bring/use/instruct/appoint .. business/\
                firm/matters/affairs/ways/elsewhere/with/work/relationship/another/to/our",
            "decided not to renew/continue/proceed/go/use/retain/extend/instruct",
            "i/we am/are $adv? leaving you/your/the",
            "i/we will be $adv? leaving/moving/going/switching/taking/changing/transferring/instructing/using/\
                ending/stopping/canceling/terminating .. you/your/elsewhere/another/to/from/our/firm/business/work/\
                matters/accounts",
            "taking/take/moving/move/transferring/placing/place/bring/bringing our/my/the business/work/affairs/\
                matters/account/accounts/file/files/case/custom/instructions/portfolio .. elsewhere/inhouse/away/to",
            "part ways", "parting company", "part company", "parting of the ways",
            "going/go/gone/move/moving/look/looking elsewhere", "time for a change", "time to move on",
            "make a change", "making a change",
            "no longer be using/require/requiring/need/needing/wish/want/instruct/instructing/continue/\
                continuing/working/work/retain",
            "no longer require/need/wish/want/be .. services/you/your/represent/act/instruct/work/to",
            "longer act/acting/represent/representing for? us/me", "cease to act", "cease acting", "disengage",
            "disengagement", "close our/my/the account", "closing our/my account", "dispense with your/the",
            "withdraw our/my instructions/business/matter", "withdrawing our/my", "stop acting/working",
            "end our/the/this/my relationship/engagement/retainer/contract/agreement/arrangement/association",
            "calling it a day", "last year/month/return/job/project with you",
        ],
    },
    CueDef {
        cue: Cue::Terminate,
        says: &[(Departure, 3.2)],
        patterns: &[
            "$end our/my/the/this/your/all/their/his/its .. contract/agreement/engagement/retainer/subscription/\
                membership/services/service/account/relationship/instructions/arrangement/policy",
            "terminate/terminating/canceling/cancel/cancels/ending/discontinue/discontinuing/terminates/\
                terminated/canceled our/my/the/this/your/their/his/its/agency .. contract/contracts/agreement/\
                engagement/retainer/subscription/membership/services/service/account/relationship/instructions/\
                arrangement/policy/agency",
            "wish/want/like/going/intend/need/plan/planning/elected/process/indicated/have to terminate/cancel/\
                end/discontinue",
            "notice of termination/cancelation", "notice to terminate/end/quit/cancel",
            "termination of our/the/my/your .. agreement/contract/engagement/membership/services/retainer/account",
            "giving/give/gives/gave/formal/serve/written/accept/hereby notice", "notice that/period/under",
            "terminating our/their/my/the", "effective .. terminate/cancel/end",
            "please cancel/terminate/close/discontinue my/our/the",
            "please consider/take/treat/accept this .. notice/termination/letter/as", "with effect from",
            "notification that .. terminate",
            "terminate/terminating/canceling my/our membership/account/subscription",
            "notification .. wish to terminate",
        ],
    },
    CueDef {
        cue: Cue::OtherFirm,
        says: &[(Departure, 3.6)],
        patterns: &[
            "instructed/appointed/engaged/hired/retained/chosen/found/signed/selected another/a/an/new/\
                different/other .. $firm",
            "instructing/appointing/engaging/hiring/retaining/switching/using another/a/new/different .. $firm",
            "another/different/other $firm",
            "another/different lawyer/solicitor/accountant/adviser/firm/attorney/agency/counsel/bookkeeper",
            "moving/switching/transferring/move/switch/transfer/changing/change to/over/accountants/lawyers/\
                solicitors/firms/agency/agencies/advisers .. another/a/new/different/the/bigger/smaller/local/$firm",
            "go/going/gone/went/signed/sign with another/a/someone/somebody/different/your",
            "someone else to/will/who/for/now",
            "will be acting/handling/representing/taking/looking .. for/us/over/after",
            "take/takes/taking over from you", "taken over by", "bring/bringing/take/taking/move/moving .. inhouse",
            "bring/bringing/take/taking/move/moving .. in house", "now act/acts/acting for us/me",
            "use/using a different/another/cheaper/local", "quotes/quote from other/another/elsewhere", "competitor",
        ],
    },
    CueDef {
        cue: Cue::SendFile,
        says: &[(Departure, 3.2), (Request, 0.6)],
        patterns: &[
            "send/forward/transfer/release/return/hand/pass/deliver/collect/have/get/give/prepare/ready our/my/\
                the/all/me/us/over/complete/whole/entire .. file/files/papers/paperwork/workpapers/records/deeds \
                to/over/across/on/for/back/so/.$",
            "transfer of our/my/the/all? file/files/papers/records/documents/matter/account",
            "our/my/the complete/entire/whole/full/client? file/files", "handover",
            "hand over .. file/files/papers/matter/case", "professional clearance", "letter of authority",
            "form of authority", "release the/our/my .. file/files/papers/lien",
            "copy of our/my entire/whole/complete/full file", "change of solicitor/agent/accountant/attorney",
            "substitution of attorney/counsel", "authority to release/transfer",
        ],
    },
    CueDef {
        cue: Cue::NotRenew,
        says: &[(Departure, 4.0)],
        patterns: &[
            "not .. renew/renewing/renewed/extend/extending",
            "will/shall/do/are/am/did/would not .. be? renew/renewing/extend/extending/continue/continuing/\
                proceed/proceeding/rehire/reengage/reinstruct/using/use/require/need/continuing .. contract/\
                agreement/retainer/engagement/you/your/with/services/subscription/next/for/our/my/the/lease/\
                membership",
            "let .. lapse/expire", "non renewal", "nonrenewal", "expire and/without",
            "will not be coming/returning back?", "not be using you/your", "do not wish to continue/proceed/renew",
            "no wish to continue", "not continue/continuing with",
        ],
    },
    CueDef {
        cue: Cue::FinalInvoice,
        says: &[(Departure, 1.6)],
        patterns: &[
            "final invoice/bill/account/statement/balance", "settle up", "settle your final", "outstanding fees and",
            "refund .. balance/retainer/unused", "balance of .. retainer", "stop all/any/work/working/billing",
            "do no/not .. further work", "no further work", "remove us/me from",
            "as of/from today/now/<number>/next/the/this/immediate",
            "effective immediately/as/<number>/january/february/march/april/may/june/july/august/september/\
                october/november/december",
            "with immediate effect", "end of the month/year/quarter", "thank you for .. years/past", "over the years",
            "after .. years",
        ],
    },
    CueDef {
        cue: Cue::LastDay,
        says: &[(Leaving, 4.6), (Departure, -1.0)],
        patterns: &[
            "my/his/her/their last/final day", "last/final day with/at/of/here/in/will/is/was",
            "last/final week at/with/here/in", "my departure", "leaving drinks/party/do", "farewell",
            "my/her/his replacement", "my/her/his successor",
        ],
    },
    CueDef {
        cue: Cue::NewJob,
        says: &[(Leaving, 4.2), (Departure, -0.8)],
        patterns: &[
            "new job/role/position/post/challenge/opportunity", "accepted a/an/the .. job/offer/position/role/post",
            "taken/taking/take another/a/up .. job/position/role/post/offer",
            "started/starting/start .. a new? job/role/position", "joining/joined .. as/from/on/in",
            "i/we work at/for/with .. now", "moving on to/from", "move on to pastures", "pastures new",
            "next chapter", "career change/move",
        ],
    },
    CueDef {
        cue: Cue::Resign,
        says: &[(Leaving, 4.4), (Departure, -0.6)],
        patterns: &[
            "resign/resigned/resigning/resigns/resignation", "handed in my/his/her",
            "retire/retiring/retires/retired/retirement", "maternity/parental leave", "made redundant", "redundancy",
            "laid off", "stepping/steps/step/stepped down", "tendered his/her/my", "giving/given my notice",
            "given notice",
        ],
    },
    CueDef {
        cue: Cue::LeavesJob,
        says: &[(Leaving, 4.2), (Departure, -0.8)],
        patterns: &[
            "i/he/she/they am/is/are/will/have/has .. leaving/left/leave/be the/my/our/his/her/their/this \
                company/firm/organization/business/office/post/role/position/team/department",
            "leaving the company/firm/organisation/organization/business/department/team",
            "leave/leaving/left .. at the end of", "leaving for/to a/another/join/pursue/take/start/go",
            "no longer be at/with/working/employed/the/your", "no longer works/work/with/at", "has left",
            "will be leaving", "decided to leave/move on/not stay", "not to stay",
            "takes/taking/take over from me/him/her", "will/is be? replacing me/him/her", "taking over my/his/her",
            "contact after", "your new contact", "my new email/contact/number/address", "after i leave/go",
            "once i have left",
        ],
    },
];
