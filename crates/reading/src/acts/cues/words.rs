//! Words: other ways to write them, contractions, and groups that patterns name.

/// One word for another way to write it.
#[rustfmt::skip]
pub(in crate::acts) const PLAIN: &[(&str, &str)] = &[
    ("pls", "please"), ("plz", "please"), ("pl", "please"), ("plse", "please"), ("pleas", "please"),
    ("kindly", "please"),
    ("thx", "thanks"), ("thanx", "thanks"), ("tks", "thanks"), ("thks", "thanks"), ("tx", "thanks"), ("ty", "thanks"),
    ("u", "you"), ("ya", "you"), ("yall", "you"), ("ur", "your"), ("r", "are"),
    ("cos", "because"), ("cuz", "because"), ("tho", "though"),
    ("apologise", "apologize"), ("apologises", "apologizes"), ("apologising", "apologizing"),
    ("finalise", "finalize"), ("organise", "organize"), ("authorise", "authorize"), ("realise", "realize"),
    ("recognise", "recognize"), ("summarise", "summarize"), ("finalising", "finalizing"),
    ("cancelled", "canceled"), ("cancelling", "canceling"), ("cancellation", "cancelation"),
    ("favour", "favor"), ("honour", "honor"), ("cheque", "check"),
    ("tmrw", "tomorrow"), ("tomorow", "tomorrow"), ("tommorow", "tomorrow"), ("tmw", "tomorrow"),
    ("recieve", "receive"), ("recieved", "received"), ("rcvd", "received"), ("recd", "received"),
    ("adivse", "advise"), ("avaiable", "available"), ("wether", "whether"),
    ("okay", "ok"), ("somebody", "someone"), ("anybody", "anyone"), ("nobody", "noone"),
    ("nite", "night"), ("tonite", "tonight"), ("emails", "email"), ("mails", "mail"), ("phoning", "calling"),
    ("ringing", "calling"), ("rang", "called"), ("phoned", "called"), ("rung", "called"),
    ("approx", "about"), ("docs", "documents"), ("doc", "document"), ("info", "information"),
    ("gonna", "going"), ("wanna", "want"),
];

/// Two words for a contraction.
#[rustfmt::skip]
pub(in crate::acts) const JOINED: &[(&str, &str, &str)] = &[
    ("i'll", "i", "will"), ("we'll", "we", "will"), ("you'll", "you", "will"), ("they'll", "they", "will"),
    ("he'll", "he", "will"), ("she'll", "she", "will"), ("it'll", "it", "will"), ("that'll", "that", "will"),
    ("there'll", "there", "will"), ("who'll", "who", "will"),
    ("i've", "i", "have"), ("we've", "we", "have"), ("you've", "you", "have"), ("they've", "they", "have"),
    ("i'd", "i", "would"), ("we'd", "we", "would"), ("you'd", "you", "would"), ("they'd", "they", "would"),
    ("he'd", "he", "would"), ("she'd", "she", "would"), ("it'd", "it", "would"),
    ("i'm", "i", "am"), ("we're", "we", "are"), ("you're", "you", "are"), ("they're", "they", "are"),
    ("it's", "it", "is"), ("that's", "that", "is"), ("what's", "what", "is"), ("here's", "here", "is"),
    ("there's", "there", "is"), ("how's", "how", "is"), ("who's", "who", "is"), ("where's", "where", "is"),
    ("when's", "when", "is"), ("he's", "he", "is"), ("she's", "she", "is"), ("let's", "let", "us"),
    ("everyone's", "everyone", "is"), ("how're", "how", "are"), ("what're", "what", "are"),
    ("don't", "do", "not"), ("doesn't", "does", "not"), ("didn't", "did", "not"), ("can't", "can", "not"),
    ("cannot", "can", "not"), ("couldn't", "could", "not"), ("won't", "will", "not"), ("wouldn't", "would", "not"),
    ("shan't", "shall", "not"), ("shouldn't", "should", "not"), ("haven't", "have", "not"), ("hasn't", "has", "not"),
    ("hadn't", "had", "not"), ("isn't", "is", "not"), ("aren't", "are", "not"), ("wasn't", "was", "not"),
    ("weren't", "were", "not"), ("needn't", "need", "not"), ("mustn't", "must", "not"), ("ain't", "is", "not"),
    ("should've", "should", "have"), ("could've", "could", "have"), ("would've", "would", "have"),
    ("dont", "do", "not"), ("doesnt", "does", "not"), ("didnt", "did", "not"), ("cant", "can", "not"),
    ("couldnt", "could", "not"), ("wont", "will", "not"), ("wouldnt", "would", "not"), ("havent", "have", "not"),
    ("hasnt", "has", "not"), ("isnt", "is", "not"), ("arent", "are", "not"), ("wasnt", "was", "not"),
    ("werent", "were", "not"), ("shouldnt", "should", "not"),
    ("im", "i", "am"), ("ive", "i", "have"), ("youre", "you", "are"), ("youve", "you", "have"),
    ("thats", "that", "is"), ("whats", "what", "is"), ("theyre", "they", "are"), ("weve", "we", "have"),
    ("youll", "you", "will"), ("itll", "it", "will"), ("theyll", "they", "will"), ("heres", "here", "is"),
    ("wheres", "where", "is"), ("lets", "let", "us"),
];

/// The words of a group, parted by spaces.
pub(in crate::acts) fn group(name: &str) -> &'static str {
    match name {
        "me" => "i we",
        "us" => "me us",
        "our" => "my our",
        "will" => "will shall",
        "be" => "am are is was were be been being",
        // What one does for a client with a result that reaches them.
        "bring" => {
            "send forward email mail fax provide supply share pass submit deliver upload circulate post bring resend \
             copy issue dispatch transfer produce"
        }
        "bringing" => {
            "sending forwarding emailing mailing faxing providing supplying sharing passing submitting delivering \
             uploading circulating posting getting giving bringing preparing drafting working"
        }
        // What one does for a client.
        "act" => {
            "send forward email mail fax provide supply share pass submit deliver upload circulate post get give \
             bring resend copy issue dispatch transfer return produce prepare draft review check look find arrange \
             set schedule book complete finish finalize update revise correct fix resolve handle make put speak talk \
             ask confirm discuss follow take work include change remove pay file sign reply respond investigate \
             chase raise write print report contact call ring phone text reach notify advise inform tell let keep \
             come go drop pick amend redo rework revert answer explain sort sit meet attend join organize add \
             run start begin start move process verify ensure see try help request order cancel cover clear \
             coordinate consult compile calculate buy sell leave attach redraft lodge serve post phone instruct \
             collect read study consider approve refund credit waive deal tackle address escalate feed"
        }
        "done" => {
            "sent forwarded emailed mailed faxed provided supplied shared submitted delivered uploaded circulated \
             posted given issued dispatched returned completed finished ready available done finalized updated \
             signed filed reviewed prepared paid corrected fixed resolved transferred refunded credited"
        }
        "contact" => "call ring phone contact email write text reach",
        "adv" => {
            "also just then now certainly definitely gladly happily of course personally probably likely be sure to \
             make try and again still always get and first immediately promptly gladly surely quickly simply \
             certainly myself ourselves both all soon shortly"
        }
        "time" => {
            "today tonight tomorrow monday tuesday wednesday thursday friday saturday sunday morning afternoon \
             evening noon lunchtime week month shortly soon later asap"
        }
        "days" => {
            "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri"
        }
        // Whom one has trouble with, and is not the firm written to.
        "others" => {
            "tenant tenants landlord builder builders contractor contractors seller buyer purchaser defendant claimant \
             employer employee employees insurer insurers bank hmrc irs council neighbor neighbour neighbours ex husband wife \
             brother sister mother father mum dad son daughter partner shareholder shareholders supplier suppliers customer \
             customers airline hospital court debtor bailiffs police authority agency lender contractor's competitor recruit \
             auditors architects plumber school agent agents manufacturer broker director manager staff cousin uncle aunt boss \
             surveyor counterparty vendor licensee licensor trustee executor ministry embassy"
        }
        "third" => "he she they someone everyone noone it who which",
        "file" => {
            "file files papers paperwork documents records deeds books workpapers document folder archive"
        }
        "thing" => {
            "work draft report letter file documents document matter case invoice bill fee fees service accounts \
             return contract agreement advice filing deadline claim"
        }
        "firm" => {
            "firm lawyer lawyers solicitor solicitors accountant accountants agency adviser advisor advisers \
             advisors counsel consultant consultants attorney attorneys provider practice bookkeeper broker supplier"
        }
        "end" => "terminate end cancel discontinue stop cease close",
        "good" => {
            "great excellent fantastic wonderful brilliant superb outstanding amazing terrific marvellous splendid \
             impressive first-rate lovely perfect invaluable exceptional fabulous awesome stellar"
        }
        "bad" => {
            "unacceptable disappointing disappointed appalling awful terrible dreadful shocking poor unprofessional \
             shoddy sloppy disgraceful ridiculous outrageous hopeless useless frustrating frustrated unhappy annoyed \
             upset angry dissatisfied dismayed fed unsatisfactory substandard inexcusable careless rude pathetic \
             horrible worst joke disgusted disgusting abysmal furious livid unimpressed underwhelmed concerned let \
             inadequate incompetent incompetence negligent negligence farce shambles mess"
        }
        _ => "",
    }
}
