//! What asks where something stands.

use super::{Cue, CueDef};
use crate::acts::label::Label::{Chase, Complaint, Request};

#[rustfmt::skip]
pub(super) const TABLE: &[CueDef] = &[
    CueDef {
        cue: Cue::AnyUpdate,
        says: &[(Chase, 4.6), (Request, 1.6)],
        patterns: &[
            "any further? update/updates/news/word/progress/movement/luck/developments/joy/feedback/decision/\
                response/reply/answer",
            "is/are there any? .. update/updates/news/word/progress/movement", "an? update on/to/from/as/about/of/?$",
            "could/can/may i/we get/have an? .. update", "update me/us", "heard anything/back/from/yet/any",
            "heard .. yet", "hear anything/back .. ?$", "what has/is/was happened/happening .. with/to/on/about",
            "what is happening with/on/about", "what is the latest", "the latest on", "where is my/our/the/that",
            "any sign of", "is there progress", "made any progress", "update .. on the status", "an? update ?$",
        ],
    },
    CueDef {
        cue: Cue::StatusOf,
        says: &[(Chase, 4.4), (Request, 1.0)],
        patterns: &[
            "status of", "status on", "the status", "current status", "status update", "status ?$",
            "what is the status", "state of play", "status as/and/with/for",
            "how is/are .. coming/going/progressing/getting on/along/?$", "how far along", "how far have you",
            "progress of/on/with/has/been", "anything .. happening/moving",
        ],
    },
    CueDef {
        cue: Cue::WhereWeStand,
        says: &[(Chase, 4.0), (Request, 1.0)],
        patterns: &[
            "where we/you/things/this/it/that stand/stands/are/is", "where do/does .. stand",
            "where are we/you/things .. with/on/in/at/?$", "how we are getting/doing/coming",
            "stand with/on the/this/our/your/my", "where .. we are .. with", "where .. got to", "has got to",
            "gotten to with", "what stage", "how long .. take/before/until/it",
        ],
    },
    CueDef {
        cue: Cue::HaveYou,
        says: &[(Chase, 2.8), (Request, 1.2)],
        patterns: &[
            "have/did you .. had/have/get/got/find a? chance/time/opportunity/moment", "had/have a? chance to",
            "had/have an opportunity to", "have/has you/anyone/they/he/she .. yet", "have you had any/a/the",
            "have/has you/anyone/your .. been able to", "were you able to",
            "did you ever send/hear/speak/talk/address/receive/finish/get round/back/an/a", "did you manage",
            "have you managed",
            "have you heard/decided/received/sent/reviewed/finished/completed/spoken/made/found/signed/seen .. ?$",
            "did you .. send/speak/talk/hear/ask/file/finish .. ?$", "get a chance to", "got round to",
            "get around to", "got around to",
            "has/have/did .. been sent/filed/signed/done/paid/completed/approved/issued/submitted/started/dealt \
                .. ?$",
            "has/have ..5 yet ?$", "is/are .. ready/done/finished/completed/sorted .. yet/?$",
        ],
    },
    CueDef {
        cue: Cue::StillWaiting,
        says: &[(Chase, 5.2), (Request, 0.8), (Complaint, 0.3)],
        patterns: &[
            "still waiting", "still awaiting", "i/we am/are waiting for/to/on your/you/the", "been waiting",
            "still do/have/has not have/received/heard/seen/got/had/been/arrived/come/anything",
            "still no word/sign/news/reply/answer/response", "awaiting your/the/a",
            "still outstanding/pending/open/nothing/looking/unresolved", "is/are/remains outstanding",
            "still need your/the/to/an/a .. from/?$",
        ],
    },
    CueDef {
        cue: Cue::NotReceived,
        says: &[(Chase, 3.4), (Request, 0.6)],
        patterns: &[
            "have/has not .. received/heard/seen/got/gotten/had", "have/has not $adv? $adv? received/heard/seen",
            "did not receive/get/hear", "not heard back/from/anything", "not yet received/heard/seen/had",
            "not received", "no reply/response/answer/word/news/sign", "yet to receive/hear/see",
            "never received/heard/got/arrived/came", "has/have not arrived/come", "nothing has/from/yet",
            "heard nothing", "not had a/any/anything", "has/have yet to",
        ],
    },
    CueDef {
        cue: Cue::FollowUp,
        says: &[(Chase, 3.4), (Request, 0.4)],
        patterns: &[
            "following up", "follow up/upon on/with/about/to/regarding", "followup on/to", "just/to/i chasing/chase",
            "chasing up/for/the/my/this/on/you", "to chase", "circling/circle back",
            "touching/touch base on/about/regarding", "further to my/our", "revisit", "picking this/up/back",
            "bumping/bump this/up", "back to the top", "nudge", "nudging",
            "gentle/friendly/quick/little/polite reminder/nudge/chaser", "chaser", "trying you again", "trying again",
        ],
    },
    CueDef {
        cue: Cue::Checking,
        says: &[(Chase, 2.8), (Request, 0.8)],
        patterns: &[
            "just checking", "checking in", "checking on/to/if/whether", "check in/on on/the/this/my/our/with/how",
            "check the status", "wanted to check", "just wondering/wondered",
            "just wanted to see/know/check/find/ask .. if/whether/how/what/where",
            "wanted to see/check/find if/how/whether/where/out",
            "wondering/wondered/wonder .. how/where/when/whether/if .. you/have/had/got/has",
            "i/we wanted/want to know/see if/whether/how/when/where",
        ],
    },
    CueDef {
        cue: Cue::Reminder,
        says: &[(Chase, 2.4), (Request, 0.8)],
        patterns: &[
            "just/a/this/second/third/final/kind reminder", "remind/reminding you", "reminder that/of/to",
            "do not forget", "as i/we asked/requested/mentioned/said",
            "i/we asked/requested .. last/on/in/for/weeks/days/ago/earlier/before",
            "requested .. days/weeks/month/months ago", "asked .. days/weeks/months/times/again", "asked about/again",
            "sent .. weeks/days ago", "my email/letter/message/call/voicemail of/from/on/last",
            "my earlier/previous/last/other/first email/message/letter/note/request/emails/calls/messages",
            "second/third/fourth time/email/request",
        ],
    },
    CueDef {
        cue: Cue::WhenWill,
        says: &[(Chase, 2.6), (Request, 2.0)],
        patterns: &[
            "when will/can/might/should/could/are/is/do/would i/we/you/it/this/that/the/they/your/someone ..6",
            "when will", "when can i/we expect/get/have/see", "how soon", "how much longer",
            "when .. be ready/done/available/finished/completed/sent",
            "expected/estimated completion/date/delivery/return/time", "when do you expect/think/anticipate",
            "by when", "eta", "timeline", "time frame", "timeframe",
        ],
    },
    CueDef {
        cue: Cue::Again,
        says: &[(Chase, 1.2)],
        patterns: &[
            "again", "yet", "still", "by now", "last week/month/friday/monday/tuesday/wednesday/thursday",
            "weeks/days/months ago", "since", "so far", "any closer", "already",
        ],
    },
    CueDef {
        cue: Cue::DidYouGet,
        says: &[(Chase, 3.6), (Request, 1.4)],
        patterns: &[
            "did/have/has you/your/they/anyone $adv? get/got/receive/received/see/seen/read my/our/the/that/this/it",
            "if/whether you/they got/received/have/saw/had .. my/our/the/this/a/chance",
            "did/has my/the/our .. arrive/reach/come/arrived/reached",
            "get my email/message/voicemail/note/letter/fax/call", "got my email/message/voicemail/note",
        ],
    },
    CueDef {
        cue: Cue::YouPromised,
        says: &[(Chase, 3.2), (Complaint, 0.8)],
        patterns: &[
            "you said/promised/told/mentioned/assured/agreed/indicated/were .. would/will/going/by",
            "you promised/assured", "was/were/been promised/told/assured .. by/would/that/it/the", "was supposed to",
            "were supposed to", "was/were due to/by/on/last/yesterday/in", "was/were meant to", "was/were to have",
            "should have been/had/received/arrived", "as promised", "promised .. by",
            "we/i talked/spoke/discussed .. about/last/on ..6 ?$",
        ],
    },
    CueDef {
        cue: Cue::StillNeed,
        says: &[(Chase, 2.6), (Request, 1.2)],
        patterns: &[
            "i/we still need/require/want/await/lack", "still need to/the/a/your/from",
            "outstanding items/information/documents/queries/points/matter",
            "remains/remain outstanding/open/unanswered",
        ],
    },
    CueDef {
        cue: Cue::NoAnswer,
        says: &[(Chase, 2.2), (Complaint, 1.2)],
        patterns: &[
            "no one/noone has/have called/replied/responded/answered/got/come/returned/contacted",
            "without a? reply/response/answer", "unanswered", "left .. messages/message/voicemails/voicemail",
            "gone quiet", "have called/emailed/written/tried/rung .. times/twice/again",
            "not responded/replied/answered/returned", "did not get a response/reply/answer",
        ],
    },
    CueDef {
        cue: Cue::Overdue,
        says: &[(Chase, 2.2)],
        patterns: &[
            "overdue", "past due", "now late", "running late", "long overdue",
            "deadline has/is/was .. passed/gone/approaching/looming", "out of time", "running out of time",
            "is now due", "time is running", "has/have passed/gone .. since",
        ],
    },
];
