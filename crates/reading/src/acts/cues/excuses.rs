//! What excuses us and says sorry.

use super::{Cue, CueDef};
use crate::acts::label::Label::{Apology, Complaint, Excuse};

#[rustfmt::skip]
pub(super) const TABLE: &[CueDef] = &[
    CueDef {
        cue: Cue::OurLoad,
        says: &[(Excuse, 4.0)],
        patterns: &[
            "swamped", "snowed under", "inundated", "shortstaffed", "short staffed", "short of staff/hands/people",
            "$our plate", "backlog",
            "busy/hectic/crazy/mad/manic/frantic/chaotic week/weeks/day/days/time/period/season/month/around/here/at",
            "been so/very/really/extremely/incredibly/unusually/quite/a/too busy/hectic/crazy/manic",
            "really/very/so/too/extremely/super busy", "little hectic", "things/thing .. hectic/crazy/busy/manic",
            "$me am/are/have been tied up", "tied up", "caught up in/with", "buried in/under/with",
            "up to $our eyes/ears/neck/eyeballs", "drowning in", "overloaded", "overwhelmed", "stretched",
            "volume of work/enquiries/emails/calls/requests", "not had a? time/chance/moment/opportunity/minute",
            "$me have not had .. to", "no time", "run/ran out of time", "ran/run out of hours", "firefighting",
            "under pressure", "under/with a lot on", "lot on $our", "juggling", "understaffed", "up against it",
            "bogged down", "flat out", "back to back", "backtoback", "always tough", "bad day/week", "year end rush",
            "distracted", "in meetings/court/trial/training/hearings all/since/for/most/until/yesterday/today",
            "been in meetings/court/trial/training/hearings", "rushed off", "up to here", "mountain of", "pile of",
            "heavy workload", "$our workload", "took longer than", "taken longer than", "taking longer than",
        ],
    },
    CueDef {
        cue: Cue::OurAbsence,
        says: &[(Excuse, 3.4)],
        patterns: &[
            "$me was/were $adv? on leave/holiday/vacation/annual/maternity/paternity/sick",
            "$me have been on leave/holiday/vacation/annual/sick",
            "$me have been $adv? away/off/out/traveling/travelling/abroad/ill/sick/unwell/overseas",
            "$me was/were $adv? away/off/out/traveling/travelling/abroad/ill/sick/unwell/overseas",
            "$me only/just $adv? got/came/returned back", "only just back", "just back from", "only back", "off sick",
            "was/is/been/were on holiday/leave/vacation", "$me am/are .. just back",
            "while $me was/were away/off/out", "due to leave/holidays/absence/illness/sickness", "over the holidays",
            "annual leave", "been off",
        ],
    },
    CueDef {
        cue: Cue::Forgot,
        says: &[(Excuse, 3.4)],
        patterns: &[
            "$me $adv? $adv? completely/totally/simply/clean/just? forgot", "$me had forgotten", "$me have forgotten",
            "totally/completely/clean/simply forgot", "slipped $our mind/through/past", "slipped through",
            "fell through the", "fallen through the", "slip of", "lost track", "lost sight",
            "escaped $our attention/notice", "$me overlooked/missed/misplaced/mislaid", "overlooked", "got lost",
            "got buried", "mislaid", "went into/to .. spam/junk", "in $our spam/junk", "spam/junk folder",
            "did not see your", "only just seen/saw/read/found/noticed/spotted", "oversight on", "an oversight",
            "dropped the ball", "off $our radar", "got past/by me/us", "never reached me", "did not reach me",
            "bottom of .. inbox/pile", "not notice",
        ],
    },
    CueDef {
        cue: Cue::Others,
        says: &[(Excuse, 3.0)],
        patterns: &[
            "because/since/as $our colleague/assistant/secretary/team/it/system/server/accounts/office/partner/boss",
            "$our colleague/assistant/secretary/team/system/server/people/printer/scanner/computer/software/\
                department .. down/ill/sick/off/away/swamped/forgot/failed/failing/crashed/playing/late/left/lost/\
                slow/busy",
            "it people/department/team/guys .. are/is/have/has",
            "system/systems/server/network/email/computer .. down/crashed/crashing/failed/problems/issues/playing",
            "technical/computer/it/system problems/issues/difficulties/glitch/hitch", "held up by/at/with/in/because",
            "held $us up", "let me down", "are/is/were/was .. slow to/in/at/with", "still waiting for/on .. from/to",
            "has/have not got/come/sent/replied back? to? me/us", "waiting on .. before", "blame",
            "beyond $our control", "out of $our hands", "on their end/side", "delayed because/by/due/as",
            "delay was due", "due to .. delay/delays/backlog/workload/volume/volumes/staff/staffing",
            "miscommunication", "mixup", "mix up", "crossed wires", "communication breakdown", "was not told",
            "noone told", "noone passed",
        ],
    },
    CueDef {
        cue: Cue::DelayNamed,
        says: &[(Excuse, 1.0)],
        patterns: &[
            "delay in/replying/responding/getting/sending/with", "the/this/any/my/our delay/silence",
            "late reply/response/answer", "slow reply/response/answer/to", "not got/gotten/getting back",
            "not replied/responded/answered/replying/responding/writing/calling/sending",
            "not $adv? getting back/to/round", "sooner", "earlier", "taken/took me/us? so/this/that? long",
            "hence the", "belated", "not been in touch", "$me missed your",
        ],
    },
    CueDef {
        cue: Cue::Emergency,
        says: &[(Excuse, -1.6)],
        patterns: &[
            "passed away", "bereavement", "funeral", "hospital", "accident", "fire alarm/at/in", "flood", "flooded",
            "heart attack", "surgery", "ambulance", "emergency", "stroke", "died", "death in", "storm", "evacuated",
            "earthquake", "burglary",
        ],
    },
    CueDef {
        cue: Cue::Sorry,
        says: &[(Apology, 4.5), (Excuse, 0.5)],
        patterns: &[
            "sorry", "$our/sincere/humble/many/deepest/deep apologies", "apologies", "$me .. apologize",
            "apologize for", "apology", "forgive me/us", "pardon the/my/our", "mea culpa", "$our bad",
            "regret the/any/this/that",
        ],
    },
    CueDef {
        cue: Cue::SorryFor,
        says: &[(Apology, 0.5), (Excuse, 0.2)],
        patterns: &[
            "sorry for/about/to/that/it/if/not", "apologize for/about", "apologies for/about",
        ],
    },
    CueDef {
        cue: Cue::SorryNot,
        says: &[(Apology, -4.0), (Complaint, 0.8)],
        patterns: &[
            "sorry to hear/say/learn/see", "feel sorry", "not sorry", "no apology", "not .. apologized",
            "without .. apology", "even an apology", "an apology from", "owed an apology", "sorry state",
            "better safe than sorry", "expect/want/demand/deserve an apology",
        ],
    },
];
