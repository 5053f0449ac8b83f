//! What thanks and praises.

use super::{Cue, CueDef};
use crate::acts::label::Label::{Comment, Complaint, Request, Thanks};

#[rustfmt::skip]
pub(super) const TABLE: &[CueDef] = &[
    CueDef {
        cue: Cue::ThanksFor,
        says: &[(Thanks, 1.8)],
        patterns: &[
            "thanks/thank you? .. for", "thanks/thank you? so/very/ever much? .. for",
            "appreciate/appreciated all/your/the/you/how/that/everything/it/this",
            "grateful for/to you/your/all/the/everything", "thank/thanks you? both/all/everyone/again for",
        ],
    },
    CueDef {
        cue: Cue::ThanksPlain,
        says: &[(Thanks, 1.0)],
        patterns: &[
            "thanks", "thank you/u", "many thanks", "thanks again", "thank you again", "big thanks/thank",
            "gratitude",
        ],
    },
    CueDef {
        cue: Cue::ThanksAdvance,
        says: &[(Thanks, -4.5), (Request, 1.6)],
        patterns: &[
            "thanks/thank you? in advance", "thanking you in", "thank you .. in advance", "thanks .. in advance",
            "in anticipation", "appreciate .. in advance",
        ],
    },
    CueDef {
        cue: Cue::ThanksYour,
        says: &[(Thanks, -1.0)],
        patterns: &[
            "for your/the time/attention/consideration/cooperation/email/mail/message/letter/note/reply/\
                response/call/understanding/patience/interest/order/business/support/participation/inquiry/enquiry/\
                request/update/information/prompt/quick/assistance/help .$",
            "for your/the .. email/mail/message/reply/response/letter/note/call/update/information/inquiry/\
                enquiry/request/order/forward",
            "for .. getting/coming/writing/replying/responding/contacting/calling .. back/to/me/us/so/with",
            "for your help/assistance/cooperation/attention in/with this/the/these matter?",
            "thank/thanks you? for using/choosing/visiting/contacting/shopping/registering/participating/\
                subscribing/flying",
            "for the/this/your opportunity", "for sending/forwarding/letting/passing/copying/providing/sharing",
        ],
    },
    CueDef {
        cue: Cue::ThanksBut,
        says: &[(Thanks, -1.5), (Complaint, 0.6)],
        patterns: &[
            "thanks/thank you? but", "thanks/thank you? .. but", "no thanks", "no thank you", "thanks to",
        ],
    },
    CueDef {
        cue: Cue::Praise,
        says: &[(Thanks, 2.6), (Comment, 0.6)],
        patterns: &[
            "$good job/work/service/result/advice/help/support/effort/outcome/team/news/experience/value/\
                presentation/draft/letter",
            "great/excellent/fantastic/outstanding/superb/brilliant/wonderful/amazing/first-class/exceptional/\
                marvellous .. job/work/service/result/advice/help/support/effort/outcome",
            "good job", "job well done", "well done", "kudos", "hats off", "credit to", "above and beyond",
            "over and above", "extra mile", "could not have done/asked/managed/wished/been",
            "would not have .. without you/your", "without your/you", "lifesaver", "life saver", "star", "legend",
            "you rock", "a pleasure to", "pleasure working/dealing/doing", "impressed with/by",
            "very/really/so/extremely/most/incredibly/super impressed/helpful/pleased/happy/kind/thorough/clear/\
                efficient/professional/grateful/thankful/patient",
            "delighted", "thrilled", "over the moon", "exceeded", "could not be happier", "made .. difference",
            "took .. weight off", "weight off", "relief", "means/meant a lot/so/the", "makes/made my day",
            "well handled", "you handled", "in good hands", "safe hands", "worth every",
            "best .. have/has ever/dealt/worked/had", "highly/happily recommend",
            "will/would recommend/be recommending", "recommend you/your",
        ],
    },
    CueDef {
        cue: Cue::Grateful,
        says: &[(Thanks, 3.0)],
        patterns: &[
            "so/very/truly/extremely/most/deeply/really/eternally/forever/immensely/hugely grateful/thankful/obliged",
            "i/we am/are $adv? grateful", "indebted", "owe you one/a/big/so", "can not thank", "how grateful/much",
            "much/greatly/really/truly/sincerely/deeply/so/certainly appreciate/appreciated",
            "appreciate the effort/efforts/work/way/help/care/speed/time/trouble/thought",
            "appreciate all/everything/how/that you/your", "very kind of", "so kind of", "kind of you",
            "good/nice/sweet/generous/decent/thoughtful of you/your", "kind words",
            "appreciated .. discussion/help/your/the/call/meeting/time/candor", "heartfelt", "from the bottom",
        ],
    },
    CueDef {
        cue: Cue::GreatJob,
        says: &[(Thanks, 1.2)],
        patterns: &[
            "$good", "helpful", "thrilled", "delighted", "pleased", "happy with",
            "love/loved the/your/it/how/what/working", "congratulations", "congrats", "bravo", "compliments",
        ],
    },
    CueDef {
        cue: Cue::Enjoyed,
        says: &[(Thanks, 1.8)],
        patterns: &[
            "i/we $adv? enjoyed",
            "was/were extremely/very/really/most/so/incredibly helpful/useful/kind/professional/efficient/\
                patient/thorough/responsive/supportive/clear",
            "it was good/great/nice/lovely talking/speaking/meeting/seeing/working/to",
            "enjoyed meeting/working/talking/our/the", "pleasure meeting/to/working/doing",
        ],
    },
    CueDef {
        cue: Cue::Compliment,
        says: &[(Thanks, 3.4)],
        patterns: &[
            "compliment you/your/on/the",
            "wanted/want/like to $adv? compliment/commend/thank/praise/recognize/acknowledge/say", "say thanks/thank",
            "pass on/along? our/my/their? thanks", "please pass/convey/give .. thanks", "commend", "special thanks",
            "sincere/heartfelt thanks", "a huge/big/massive/special/heartfelt/sincere/warm thank/thanks",
            "our/my thanks/gratitude/appreciation to/for", "note of thanks", "thank you note", "word of thanks",
        ],
    },
    CueDef {
        cue: Cue::ThanksMuch,
        says: &[(Thanks, 2.0)],
        patterns: &[
            "thanks/thank you? so much", "thanks/thank you? very much",
            "thanks/thank you? a lot/million/bunch/ton/tons/heap",
            "thanks/thank you? .. for all/everything/helping/going/taking/making/being/sorting/saving/staying/\
                fixing/arranging/looking/coming/agreeing/bringing/dealing/the kind/insights/wonderful/great/\
                excellent/lovely/hard",
            "thank you .. for all/everything/the/helping/going/being",
            "thanks .. for your hard/great/excellent/kind/help/time/work/support/quick today/on/with/yesterday/\
                this/last",
            "thanks .. for your/the help/time/assistance/support/work/advice today/on/yesterday/last/with/in/\
                this/earlier",
            "thanks/thank you? .. hard work", "thanks again .. for", "thank you very much indeed",
        ],
    },
];
