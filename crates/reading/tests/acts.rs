//! What the reader must and must not find: invented sentences of client mail, most of them awkward on purpose.

use care::acts::ActKind;
use care::hours::WorkCalendar;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reading::acts::{Reader, Reading};

fn read(text: &str) -> Reading {
    let said_at: Timestamp = "2025-07-02T09:00:00Z".parse().expect("a fixed moment");
    Reader::shipped().read(text, Some(said_at), &WorkCalendar::office_hours(TimeZone::UTC))
}

fn finds(text: &str, kind: ActKind) -> bool {
    read(text).acts.iter().any(|act| act.kind == kind)
}

/// Every sentence of `yes` does it, none of `no` does; all that fail are named at once.
fn hold_table(kind: ActKind, yes: &[&str], no: &[&str]) {
    let missed = yes.iter().filter(|text| !finds(text, kind)).map(|text| format!("missed: {text}"));
    let wrong = no.iter().filter(|text| finds(text, kind)).map(|text| format!("wrongly found: {text}"));
    let failures: Vec<String> = missed.chain(wrong).collect();
    assert!(failures.is_empty(), "{}\n{}", kind.name(), failures.join("\n"));
}

#[test]
fn requests() {
    hold_table(
        ActKind::Request,
        &[
            "Could you send me the signed lease?",
            "Please forward the papers to Mr Osei.",
            "I need the completion statement before noon.",
            "Let me know when we can meet.",
            "Can you confirm that the filing went in?",
            "Would you mind calling my sister about the keys?",
            "We would like you to prepare the accounts by the 5th.",
            "What is the deadline for the appeal?",
            "Send it over when you have a moment please",
            "I'd be grateful for your view on clause four.",
            "Please advise whether we should sign.",
            "No need to reply to the rest, but can you tell me who signs for the bank?",
            "How much will the survey cost?",
        ],
        &[
            "How are you?",
            "Please find attached the signed copy.",
            "I hope you had a good weekend.",
            "Thanks, that is all clear now.",
            "The meeting went well and everyone was pleased.",
            "Please do not hesitate to contact me.",
            "I have signed the form and posted it.",
            "He asked his brother to send the keys.",
            "Who knew it would rain all summer!",
            "If you have any questions, feel free to call.",
            "We received the papers this morning.",
            "See you on Thursday.",
        ],
    );
}

#[test]
fn chases() {
    hold_table(
        ActKind::Chase,
        &[
            "Any news on the lease?",
            "I am still waiting for the draft you promised last week.",
            "Just checking in on the status of our claim.",
            "Have you had a chance to look at my question?",
            "Following up on my email of Monday about the deposit.",
            "Could you give me an update on the planning application?",
            "I have not heard back from you about the trust deed.",
            "Did you get my message from Friday?",
            "Where are we with the contract?",
            "This is my second reminder about the tax return.",
            "What is the status of the transfer?",
            "Has the letter gone out yet?",
            "We still have not received the invoice.",
        ],
        &[
            "Could you send me the signed lease?",
            "I wanted to give you an update on the sale.",
            "Please prepare a first draft of the will.",
            "Thanks for the update.",
            "I will follow up with the bank tomorrow.",
            "The status of the building is listed, so the windows stay.",
            "We have received everything, thank you.",
            "Can we meet on Thursday?",
            "What does the survey cost?",
            "I am waiting for my husband to sign before we go on.",
            "My new address is below.",
            "We would like to open a new matter.",
        ],
    );
}

#[test]
fn complaints() {
    hold_table(
        ActKind::Complaint,
        &[
            "I am very disappointed with how this was handled.",
            "Nobody returns my calls.",
            "Thanks for nothing.",
            "This is the third time I have had to correct the same mistake in your letter.",
            "I must say the bill is far higher than you quoted.",
            "Frankly, this is not the standard we expect from your firm.",
            "You missed the deadline and now we have to pay a fine.",
            "It is unacceptable that we hear nothing for six weeks.",
            "With respect, I had hoped for a little more care from a firm of your standing.",
            "Why have I been charged twice for the same meeting?",
            "We feel rather let down by the whole experience.",
            "Your assistant was rude to my mother on the phone.",
            "I wish to make a formal complaint.",
        ],
        &[
            "Could you send me the signed lease?",
            "The other side has been very difficult, as you predicted.",
            "Thank you for your help with the sale.",
            "The tenant complained about the noise again.",
            "Please find my signed form attached.",
            "I am sorry for being so late with the papers.",
            "See you at the hearing on Monday.",
            "Our landlord has put the rent up, which is a nuisance.",
            "We are delighted with the result.",
            "When is the next instalment due?",
            "I will be abroad until the 10th.",
            "Our builder missed the deadline again.",
        ],
    );
}

#[test]
fn thanks() {
    hold_table(
        ActKind::Thanks,
        &[
            "Thank you so much for everything you did for my father.",
            "We are so grateful for all your hard work on the purchase.",
            "You did a fantastic job at the hearing.",
            "I really appreciate how patiently you explained it all.",
            "Many thanks for staying late to finish the accounts.",
            "I wanted to say how impressed we were with Anna.",
            "Your advice was invaluable, thank you.",
            "It was a real pleasure working with you.",
            "Thank you for going above and beyond.",
            "Please pass on our thanks to the whole team.",
            "Brilliant work, we are delighted with the outcome.",
            "We could not have done it without you.",
        ],
        &[
            "Thanks in advance.",
            "Thank you for your email.",
            "Please send the form back. Thanks, Tom",
            "Thanks for nothing.",
            "Could you call me? Many thanks, Jo",
            "Thank you for your attention to this matter.",
            "No thanks, we have one already.",
            "Thanks for ignoring my last three letters.",
            "We had a good weekend by the sea.",
            "Could you send the invoice again?",
            "Thank you in advance for your prompt reply.",
            "The great advantage of the plan is its price.",
        ],
    );
}

#[test]
fn departures() {
    hold_table(
        ActKind::Departure,
        &[
            "We have decided to move our business to another firm.",
            "Please send our file to our new solicitors, Hale and Partners.",
            "We will not be renewing our agreement with you.",
            "I wish to terminate your engagement with immediate effect.",
            "After ten years we have decided to part ways.",
            "We have appointed another accountant for next year.",
            "Please treat this letter as notice to end our retainer.",
            "We no longer require your services.",
            "I am taking my business elsewhere.",
            "We have instructed a different firm to act for us from now on.",
            "Please cancel our subscription at the end of the month.",
            "My brother's lawyers will act for us from now on, so please release our papers to them.",
        ],
        &[
            "The purchase is complete, so you can close the file on Mill Lane.",
            "I am leaving for the airport now.",
            "We are very happy with your service.",
            "The tenant has terminated the lease.",
            "Could you send me a copy of the contract?",
            "We are moving house next week.",
            "Please move our meeting to Friday.",
            "The other side has changed its lawyers.",
            "I will leave the keys at reception.",
            "Can we end the call by four?",
            "We would like to renew for another year.",
            "My colleague will join us on Tuesday.",
        ],
    );
}

#[test]
fn comments() {
    hold_table(
        ActKind::Comment,
        &[
            "We chose you because a friend recommended you.",
            "The reason we came to you was your fixed fee.",
            "What I like most is that you always ring back.",
            "In the end we went with another firm because they were closer.",
            "We picked your firm for its experience with family companies.",
            "What I miss is a short summary at the top of the letters.",
            "The main reason we stayed is Anna.",
            "You were recommended by our bank.",
            "What convinced us was the first meeting.",
            "It would be nice to have an online portal for documents.",
            "We decided against you because of the price.",
            "I found you through a colleague who spoke highly of you.",
        ],
        &[
            "Could you send me the signed lease?",
            "The draft is attached.",
            "Please call me tomorrow.",
            "We signed because the deadline was near.",
            "The court chose a new date.",
            "I like tea in the morning.",
            "Thank you for your email.",
            "The reason for the delay is the bank.",
            "He came to the office at nine.",
            "We miss our old house.",
            "They recommended a new roof.",
            "Where are we with the contract?",
        ],
    );
}

#[test]
fn promises() {
    hold_table(
        ActKind::Promise,
        &[
            "I'll send you the draft by Friday.",
            "We will prepare the accounts and file them on Monday.",
            "The draft will be sent to you on Friday.",
            "You will have our comments by noon tomorrow.",
            "Leave it with me, I'll call the bank.",
            "I am going to send you the figures today.",
            "Let me check with the registry and come back to you.",
            "We'll get the form to you as soon as we have the figures.",
            "I promise to ring you after the hearing.",
            "Will send it tonight.",
            "Our office will post the deeds to you this week.",
            "I will try to get hold of the surveyor next week.",
            "I shall let you know once the bank replies.",
        ],
        &[
            "If they refuse we would go to court.",
            "He will send you the form.",
            "Let me know if you have any questions.",
            "The seller said she will sign on Monday.",
            "I will not be able to send it.",
            "I sent you the draft on Friday.",
            "You wrote: \"I will send the draft by Friday\".",
            "Should you need anything else, we are here to help.",
            "We could look into that if you wish.",
            "I will be on leave next week.",
            "Please send me the form by Friday.",
            "The court will decide next month.",
        ],
    );
}

#[test]
fn holds() {
    hold_table(
        ActKind::Hold,
        &[
            "I will get back to you by Thursday noon.",
            "You will hear from us tomorrow.",
            "Let me look into this and I'll come back to you on Monday.",
            "We have received your question and will reply within two working days.",
            "Leave it with me, I'll let you know by the end of the week.",
            "I am still checking with the bank and will update you on Friday.",
            "I'll be in touch next week.",
            "We will revert in the course of Tuesday.",
            "Please bear with me, I will have an answer for you tomorrow.",
            "I'll call you back this afternoon.",
            "I need to ask my colleague first; you'll hear from me on Wednesday.",
            "Thanks for your message, I will respond properly this evening.",
        ],
        &[
            "I'll send you the draft by Friday.",
            "The answer is yes, you can sign.",
            "Please get back to me by Thursday.",
            "The deadline is Friday.",
            "He will be in touch with you.",
            "Let me know by Monday.",
            "The form is attached.",
            "We filed the return yesterday.",
            "Could you call me tomorrow?",
            "I called you back yesterday.",
            "Let me know if you need anything.",
            "You should hear from the court in June.",
        ],
    );
}

#[test]
fn excuses() {
    hold_table(
        ActKind::Excuse,
        &[
            "Sorry for the delay, I have been swamped.",
            "Apologies, I was on leave last week.",
            "I completely forgot about this, sorry.",
            "We are very short-staffed at the moment.",
            "Your message slipped through the net.",
            "It has been a crazy week here.",
            "I'm afraid my colleague was off sick and nobody passed it on.",
            "I have only just seen your email.",
            "Our system was down all day yesterday.",
            "Sorry it took so long, we are up to our eyes in year end.",
            "I have been tied up in meetings since Monday.",
            "The delay is because the accounts team has a backlog.",
        ],
        &[
            "Sorry for the delay.",
            "I apologise for the mistake in the letter.",
            "We are sorry for your loss.",
            "I will send it tomorrow.",
            "The draft is attached.",
            "Sorry to hear that you are ill.",
            "Please excuse the typing.",
            "The court was closed on Monday.",
            "Thank you for your patience.",
            "You can reach me at the office all day.",
            "I apologise that the draft was late.",
            "The hearing has been moved to June.",
        ],
    );
}

/// Plain talk in which a word of an act stands by chance: each once opened something that nobody owed.
#[test]
fn plain_talk_opens_nothing() {
    let cases = [
        (ActKind::Promise, "I promise not to use Latin."),
        (ActKind::Promise, "I owe you an apology."),
        (ActKind::Departure, "We went with the first, very happy."),
        (ActKind::Departure, "Attached is what the new firm wants me to sign."),
        (ActKind::Departure, "Our client accepts, in order to draw a line."),
        (ActKind::Complaint, "By when do we have to say something?"),
        (ActKind::Complaint, "How does a power of attorney work, and is it too late?"),
        (ActKind::Complaint, "I'd forgotten."),
    ];
    let wrong = cases
        .iter()
        .filter(|(kind, text)| read(text).acts.iter().any(|act| act.kind == *kind && 0.5 <= act.confidence));
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<&(ActKind, &str)>::new());
}

#[test]
fn every_hold_is_a_promise_over_the_same_passage() {
    let reading = read("Thank you for your note. I will get back to you by Thursday noon.");
    let hold = reading.acts.iter().find(|a| a.kind == ActKind::Hold).expect("a hold");
    let promise = reading.acts.iter().find(|a| a.kind == ActKind::Promise).expect("a promise");
    assert_eq!((hold.start, hold.end), (promise.start, promise.end));
    assert!(promise.in_touch && hold.in_touch);
    assert!(reading.only_holds);
}

#[test]
fn passages_leave_out_greeting_closing_and_other_clauses() {
    let text = "Dear Ms Höfer,\n\nThank you for your patience, and I'll send you the draft by Friday.\n\nKind regards,\nTom";
    let reading = read(text);
    let promise = reading.acts.iter().find(|a| a.kind == ActKind::Promise).expect("a promise");
    let chars: Vec<char> = text.chars().collect();
    let passage: String = chars[promise.start as usize..promise.end as usize].iter().collect();
    assert_eq!(passage, "I'll send you the draft by Friday");
}

#[test]
fn greeting_and_closing_do_nothing() {
    for text in [
        "Dear all,",
        "Kind regards,\nTom",
        "Many thanks in advance,\nJo",
        "Hi Anna",
        "",
        "   \n\n",
        "Thanks!",
    ] {
        assert!(read(text).acts.is_empty(), "{text:?}: {:?}", read(text).acts);
    }
}

#[test]
fn only_holds_needs_nothing_else() {
    assert!(read("Sorry for the delay. I'll get back to you tomorrow.").only_holds);
    assert!(
        !read("The answer is yes, you may sign the lease on Monday. I'll send the form tomorrow.").only_holds
    );
    assert!(!read("I'll get back to you tomorrow. Could you send me the lease?").only_holds);
    assert!(!read("The draft is attached.").only_holds);
}

#[test]
fn asks_when() {
    assert!(read("When can I have the draft?").asks_when);
    assert!(!read("Can I have the draft?").asks_when);
}

#[test]
fn a_contact_who_leaves_is_told() {
    assert!(read("Friday is my last day at Acme; Jo Lund will be my successor.").leaving.is_some());
    assert!(read("I leave the office at five.").leaving.is_none());
}

#[test]
fn invisible_characters_hide_nothing() {
    assert!(finds("Could y\u{200b}ou se\u{ad}nd me the signed lease?", ActKind::Request));
    assert!(finds("\u{202e}Please send me the signed lease.\u{202c}", ActKind::Request));
    assert!(finds("I\u{2019}ll send you the draft by Friday.", ActKind::Promise));
}

#[test]
fn offsets_lie_inside_the_text_whatever_it_is() {
    let long = "I'll send you the draft by Friday and ".repeat(30_000);
    for text in [
        "\0\u{1}\u{feff}",
        "éééé? ¿Qué tal? I'll send it.",
        "\"\"\"\"",
        "I'll I'll I'll'",
        "....",
        "> I'll send it",
        &long,
    ] {
        let count = text.chars().count() as u32;
        for act in read(text).acts {
            assert!(act.start < act.end && act.end <= count, "{act:?}");
        }
    }
}

proptest::proptest! {
    #[test]
    fn nothing_breaks_the_reader(text in "[ a-zA-Z'’.,?!\n\"é\u{200b}0-9@:;()-]{0,300}") {
        let count = text.chars().count() as u32;
        for act in read(&text).acts {
            proptest::prop_assert!(act.start < act.end && act.end <= count);
            proptest::prop_assert!((0.0..=1.0).contains(&act.confidence));
        }
    }
}

/// Would take minutes if each promise looked through all dates of the text.
#[test]
fn a_text_of_very_many_promises_is_read() {
    let text = "Could you let me know by Friday? I will send you the draft tomorrow.\n".repeat(20_000);
    let reading = read(&text);
    assert_eq!(reading.acts.len(), 2_000, "so many are told");
    assert!(reading.acts.iter().any(|act| act.due.is_some()));
    assert!(reading.acts.iter().is_sorted_by_key(|act| act.start));
}
