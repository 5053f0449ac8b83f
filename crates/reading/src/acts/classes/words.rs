//! Which words mean much the same in service mail. A word counts in the first two that name it.
//!
//! `fail/s/ed/ing` stands for the word and the word with each ending.

/// Each class with its words, parted by spaces.
#[rustfmt::skip]
pub(super) const CLASSES: &[(&str, &str)] = &[
    // Who speaks of whom.
    ("me", "i we me us myself ourselves"),
    ("my", "my our mine ours"),
    ("you", "you yourself yourselves"),
    ("your", "your yours"),
    ("they", "he she they him her them himself herself themselves"),
    ("their", "his her their theirs"),
    ("someone",
        "someone anyone everyone people person persons man woman lady gentleman guy guys chap girl boy lad \
            colleague/s"),
    ("noone", "noone none neither nor"),
    ("it", "it this that these those which"),
    // Small words that turn what is said.
    ("not", "not never no without hardly scarcely barely nothing nowhere zero"),
    ("will", "will shall"),
    ("would", "would could should might may ought"),
    ("can", "can able"),
    ("must", "must need/s/ed/ing require/s/d"),
    ("if", "if unless whether assuming provided should otherwise"),
    ("but", "but however although though yet despite unfortunately regrettably sadly instead nevertheless"),
    ("because", "because since as due given so therefore hence reason/s cause/s/d"),
    ("please", "please kindly"),
    ("why", "why how what"),
    ("when", "when where"),
    ("who", "who whom whose which"),
    ("very",
        "very so too really quite rather extremely most truly absolutely completely totally utterly incredibly \
            bit little somewhat far much more less terribly awfully entirely thoroughly hugely"),
    ("only", "only just merely even"),
    ("still", "still yet already again anymore longer"),
    ("again",
        "again twice repeatedly constantly always forever times time another same repeat/ed/s every each keep/s \
            kept continually consistently over once"),
    ("ever", "ever any anything"),
    ("ago", "ago past last previous previously earlier before since yesterday recently lately"),
    ("soon", "soon shortly asap immediately today tonight tomorrow quickly promptly now urgent/ly next"),
    ("unit",
        "minute/s hour/s day/s week/s fortnight/s month/s year/s quarter/s decade/s weekend/s morning/s \
            afternoon/s evening/s ages"),
    ("day",
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun \
            noon midday midnight"),
    ("moment",
        "january february march april may june july august september october november december easter christmas \
            spring summer autumn fall winter jan feb mar apr jun jul aug sept oct nov dec"),
    ("many",
        "two three four five six seven eight nine ten eleven twelve several many few dozen couple half numerous \
            countless hundred/s thousand/s multiple pair second third fourth fifth third"),
    // Good and bad.
    ("bad",
        "bad poor/ly terrible terribly awful awfully dreadful dreadfully horrible horrid appalling abysmal \
            atrocious shocking shoddy sloppy careless/ly rude/ly unprofessional unacceptable unsatisfactory \
            inadequate disgraceful shameful pathetic useless hopeless incompetent ridiculous absurd ludicrous \
            farcical laughable outrageous disappointing frustrating annoying infuriating maddening irritating \
            inexcusable unforgivable insulting offensive patronizing patronising dismissive arrogant abrupt curt \
            offhand unhelpful negligent lousy rubbish crap worst worse weak thin clumsy amateur amateurish \
            slapdash slipshod second-rate substandard unreasonable unfair wrong/ly misleading confusing confused \
            chaotic messy embarrassing humiliating worrying alarming concerning painful miserable ugly nasty dirty \
            filthy cold stale broken faulty defective damaged late slow/ly tardy unreliable inaccurate incorrect \
            incomplete half-baked muddled garbled illegible unreadable unclear vague generic boilerplate recycled \
            cut-and-paste lazy lazily stupid insane disgusting unsafe dangerous unusable lacking lacklustre \
            mediocre underwhelming tiresome"),
    ("hurt",
        "disappointed dissatisfied unhappy annoyed angry upset furious livid frustrated dismayed appalled \
            disgusted aggrieved irritated cross fed embarrassed humiliated ashamed insulted offended ignored \
            neglected forgotten abandoned sidelined unimpressed underwhelmed displeased exasperated worried \
            alarmed shocked stunned astonished baffled puzzled perplexed bewildered confused concerned uneasy \
            uncomfortable tired sick exhausted fobbed patronised patronized misled cheated duped stranded hurt \
            sore bitter disheartened sad sorry disillusioned"),
    ("harm",
        "mess mistake/s error/s typo/s blunder/s slip/s fault/s failing/s failure/s shambles farce joke fiasco \
            disaster nightmare debacle disgrace insult complaint/s complain/s/ed/ing grievance/s problem/s trouble/\
            s issue/s headache/s delay/s setback/s damage/s harm loss/es cost penalty penalties fine/s waste/d/s \
            muddle confusion misunderstanding breach/es flaw/s defect/s glitch/es bug/s hassle inconvenience \
            embarrassment shame pity scandal excuse/s nonsense runaround silence rudeness carelessness negligence \
            incompetence attitude chaos oversight/s omission/s gap/s frustration disappointment dissatisfaction \
            annoyance outage/s"),
    ("fail",
        "fail/s/ed/ing miss/es/ed/ing forget/s/ting forgot forgotten ignore/s/d/ing lose/s losing lost overlook/\
            s/ed/ing neglect/s/ed/ing omit/s/ted/ting botch/ed bungle/d mess/ed/ing screw/ed mishandle/d mislead/s \
            misled misplace/d mislay mislaid mix/ed muddle/d break/s broke ruin/s/ed/ing spoil/s/ed spoilt waste/s/\
            d/ing drop/s/ped drag/s/ged/ging skip/s/ped refuse/s/d/ing decline/d deny denied denies bother/ed \
            contradict/s/ed blame/s/d hang hung bounce/s/d crash/es/ed/ing freeze/s froze slip/s/ped lapse/d wreck/\
            ed misspell misspelled misspelt misread overcharge/d/s/ing overbill/ed breach/es/ed disappear/s/ed \
            vanish/ed lied lie/s stall/s/ed"),
    ("good",
        "good great excellent fantastic wonderful brilliant superb outstanding amazing terrific marvellous \
            marvelous splendid impressive lovely perfect/ly invaluable exceptional/ly fabulous awesome stellar \
            helpful kind/ly kindness patient/ly patience thorough/ly careful/ly clear/ly efficient/ly professional/\
            ly professionalism prompt quick/ly swift/ly smooth/ly calm/ly generous/ly thoughtful/ly considerate \
            attentive reassuring diligent/ly skilful skillful/ly sharp friendly warm/ly gracious/ly sweet nice/ly \
            fine best better first-class flawless/ly faultless/ly spot-on bang-on tireless/ly painless/ly \
            effortless/ly gold treasure gem hero/es star/s legend lifesaver godsend angel wizard magic magician \
            class act masterly masterclass priceless sterling reliable dependable approachable honest honestly \
            human decent humane"),
    ("glad",
        "glad happy pleased delighted thrilled grateful thankful impressed relieved proud touched moved \
            satisfied content comfortable confident reassured overjoyed chuffed blown indebted obliged fortunate \
            lucky blessed spoiled"),
    ("thank",
        "thanks thank thanking thankyou gratitude appreciate/s/d appreciation appreciative grateful cheers \
            kudos bravo credit compliment/s praise/s congratulations congrats hats bless owe/s/d"),
    ("win",
        "win/s won winning success/es successful result/s relief save/s/d saving rescue/d sort/ed solve/d \
            settled settle/s fix/ed secure/d deliver/ed exceed/ed/s beat/en pull/ed nail/ed smash/ed crack/ed \
            transformed changed difference effort/s care/d sleep slept weight burden smile/d stress worry mile \
            above beyond trouble hard hours night weekend late"),
    ("like",
        "like/s/d love/s/d enjoy/s/ed enjoyable value/s/d prefer/s/red favourite favorite admire/d impress/es/\
            ed trust/s/ed rely relied matter/s/ed"),
    ("sorry", "sorry apologies apologize/s/d apologizing apology regret/s/ted forgive pardon excuse"),
    ("feel",
        "feel/s/ing felt think/s thought believe/s/d find/s found seem/s/ed appear/s impression sense opinion \
            view wonder/s/ed/ing suspect/s consider"),
    ("hope",
        "hope/s/d hoping expect/s/ed/ing expectation/s assume/d assuming understood understanding imagine/d \
            suppose/d meant supposed"),
    ("want", "want/s/ed wish/es/ed like love prefer keen eager anxious"),
    // Words and what goes to and fro.
    ("say",
        "say/s said saying tell/s told telling mention/s/ed explain/s/ed/ing explanation inform/s/ed advise/s/d \
            assure/s/d warn/s/ed/ing warning state/s/d confirm/s/ed claim/s/ed announce/d indicated admit/s/ted \
            describe/d"),
    ("promise",
        "promise/s/d/ing undertake/s undertook undertaken commit/s/ted commitment guarantee/d pledge/d agree/s/\
            d agreed swear swore sworn vow/ed"),
    ("call",
        "call/s/ed/ing phone/s/d ring/s rang rung email/s/ed/ing mail/s/ed write/s wrote written writing reply \
            replies replied replying respond/s/ed/ing response/s answer/s/ed/ing contact/s/ed/ing message/s/d \
            messaging text/s/ed voicemail/s letter/s voice telephone/s/d chat dm/s ticket/s"),
    ("talk",
        "talk/s/ed/ing speak/s spoke spoken speaking discuss/es/ed/ing discussion/s conversation/s meet/s met \
            meeting/s meetings visit/s/ed"),
    ("ask",
        "ask/s/ed/ing request/s/ed/ing question/s queries query enquiry enquiries enquire/d inquire/d inquiry \
            inquiries"),
    ("wait",
        "wait/s/ed/ing await/s/ing awaited hold/ing queue/d outstanding pending overdue unanswered stuck limbo \
            chase/s/d/ing chasing reminder/s remind/s/ed/ing nudge nudging prompt/ed follow/ing/ed followup \
            unresolved open"),
    ("news",
        "news word update/s updated progress status development/s sign movement latest information stage \
            position eta timeline state headway"),
    ("hear", "hear/s heard hearing listen/s/ed/ing listening"),
    ("get",
        "get/s got getting gotten receive/s/d receiving arrive/s/d arriving come/s came coming reach/es/ed \
            obtain/ed appear/ed turn/ed land/ed"),
    ("send",
        "send/s sent sending forward/s/ed/ing provide/s/d providing supply supplied supplies share/d give/s \
            gave given giving pass/ed submit/s/ted deliver/s/ed/ing deliveries return/ed/ing post/ed upload/ed \
            circulate/d issue/d fax/ed attach/ed enclose/d produce/d dispatch/ed ship/ped"),
    ("do", "do does did doing done make/s made making handle/s/d handling deal/s dealt dealing work/s/ed/ing"),
    ("finish",
        "finish/es/ed complete/s/d completion ready done finalize/d close/d sign/ed signed file/d lodged \
            prepare/d prepared draft/ed review/ed checked registered paid"),
    ("look",
        "look/s/ed/ing check/s/ed/ing review/s reviewing investigate/s investigating see/s saw seen seeing read/\
            s reading find/ing study consider/ing examine"),
    ("help", "help/s/ed/ing assist/s/ed assistance support/s/ed/ing advice guidance guide/d guiding service/s"),
    ("know", "know/s knew known aware realize/d learn/s/ed/t discover/ed understand/s idea clue clear tell"),
    ("change",
        "change/s/d changing different differently correct/ed/ing correction/s amend/s/ed revise/d redo redone \
            fix"),
    // Work and those who do it.
    ("work",
        "work draft/s report/s advice opinion document/s contract/s agreement/s accounts return/s invoice/s \
            bill/s statement/s proof/s design/s campaign website site filing/s application/s claim/s valuation \
            survey/s audit/s payroll payslips bundle brief presentation deck translation estimate/s quote/s \
            quotation letter copy artwork plan/s drawings minutes note/s analysis figures spreadsheet model tender \
            submission"),
    ("team",
        "secretary assistant/s receptionist reception team staff office junior/s trainee/s associate/s partner/\
            s paralegal clerk engineer/s technician/s consultant/s adviser/s advisor/s manager/s handler desk \
            helpdesk switchboard line department accounts firm company agency practice bookkeeper designer/s \
            courier/s driver/s agent/s rep reps operator team"),
    ("service",
        "service/s customer/s client/s communication quality standard/s level/s experience treatment support \
            attention professionalism care work response job performance conduct handling approach"),
    ("money",
        "money pay/s paid paying payment/s price/s pricing fee/s cost/s costing charge/s/d charging bill/ed \
            billed billing invoice/d rate/s estimate/d quote/d expensive cheap/er dear steep excessive exorbitant \
            extortionate refund/s/ed deposit retainer budget pounds dollars euros thousand grand afford value \
            discount quid bucks <money>"),
    ("firm",
        "firm/s lawyer/s solicitor/s attorney/s accountant/s counsel adviser/s advisor/s agency agencies \
            provider/s bookkeeper/s broker/s auditor/s supplier/s vendor/s consultancy competitor/s rival/s outfit \
            house practice"),
    ("other", "other others another elsewhere different new alternative replacement successor incoming"),
    ("tie",
        "relationship contract/s engagement retainer agreement membership subscription account instructions \
            mandate appointment arrangement association business custom policy services partnership"),
    ("end",
        "end/s/ed/ing terminate/s/d terminating termination cancel/s canceled canceling cancelation stop/s/ped/\
            ping cease/s/d discontinue/d close/s closing finish expire/s/d lapse/s expiry conclude/d quit/s \
            quitting withdraw/s withdrew withdrawing drop revoke/d dispense sever/ed wind"),
    ("go",
        "go/es going gone went leave/s leaving left move/s/d moving switch/es/ed/ing transfer/s/red/ring depart/\
            s departing departure exit part/ing jump/ing ship walk/ing away shift/ing migrate migrating take/s \
            taking took taken bring/ing"),
    ("stay",
        "stay/s/ed/ing remain/s/ed continue/s/d continuing keep renew/s/ed/ing renewal extend/s/ed/ing \
            extension proceed/ing retain/ed"),
    ("notice",
        "notice notify notification formal formally hereby effective effect immediate forthwith final last \
            finally farewell goodbye"),
    ("decide",
        "decide/s/d decision choose/s chose chosen choosing choice opt/ed select/ed pick/s/ed settle/d appoint/\
            s/ed/ing instruct/s/ed/ing hire/d hiring engage/d engaging sign/ed join/ed conclude/d resolve/d"),
    ("file",
        "file/s paper/s papers paperwork document/s documents record/s deeds books folder/s archive handover \
            originals"),
    ("friend",
        "friend/s colleague neighbour/s neighbor/s brother-in-law recommend/s/ed/ing recommendation/s referral/\
            s refer/red referred word-of-mouth reputation review/s google website advert ad seminar article talk \
            podcast"),
    ("compare",
        "than compared unlike whereas rather other cheaper closer bigger smaller better faster nearer easier \
            friendlier local"),
    ("wish",
        "miss wish suggestion/s improve/d improvement/s easier helpful useful nice handy feedback idea option \
            feature portal app dashboard calendar"),
    // Why things slip.
    ("busy",
        "busy swamped snowed overloaded overwhelmed inundated backlog/s workload hectic crazy mad manic \
            pressure pressures stretched flat-out tied caught deadline/s trial short-staffed understaffed \
            shorthanded volume/s juggling firefighting slammed underwater buried plate rushed peak season"),
    ("away",
        "away holiday/s leave vacation travel/s travelling traveling abroad off out absent absence trip flight \
            plane ill illness sick sickness unwell flu cold covid doctor dentist conference course court hearing \
            trial maternity paternity annual"),
    ("tech",
        "system/s server/s network internet email computer/s laptop printer scanner phones software it inbox \
            spam junk password outage update upgrade migration"),
    ("others",
        "tenant/s landlord builder/s contractor/s seller/s buyer/s purchaser defendant claimant employer \
            employee/s insurer/s bank/s hmrc irs council neighbour ex husband wife brother sister mother father \
            mum dad son/s daughter/s partner shareholder/s supplier/s customer/s airline hospital court/s debtor/s \
            police authority agency lender opponent director/s board manager boss surveyor counterparty licensee \
            trustee executor ministry embassy regulator government school university nurse doctor judge witness \
            barrister registry tribunal landlady lodger competitor/s manufacturer/s wholesaler courier"),
    ("thing", "thing/s matter/s case/s file project/s job/s point/s question/s item/s side"),
    ("home",
        "home house flat apartment car baby wedding dinner lunch drink drinks beer pub game movie film party \
            family kids school class concert weather match team birthday gift"),
];
