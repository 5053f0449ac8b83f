//! What the reader says of whole messages, and what it never says whatever the text is.

mod support;

use care::acts::ActKind;
use support::{finds, read};

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

/// Would take minutes if each promise looked through all dates of the text.
#[test]
fn a_text_of_very_many_promises_is_read() {
    let text = "Could you let me know by Friday? I will send you the draft tomorrow.\n".repeat(20_000);
    let reading = read(&text);
    assert_eq!(reading.acts.len(), 2_000, "so many are told");
    assert!(reading.acts.iter().any(|act| act.due.is_some()));
    assert!(reading.acts.iter().is_sorted_by_key(|act| act.start));
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

/// Plans told to friends, announcements, jokes, and what others do: nobody waits for any of it.
#[test]
fn what_others_do_and_what_is_only_told_opens_nothing() {
    let told = [
        "I am going to see my sister in Leeds at the weekend and then we'll drive up to the coast.",
        "I'll probably go to the gym after work and then meet Sam for a beer.",
        "My plan is to sell the boat in spring and buy a smaller one.",
        "Please join me in welcoming Priya Nair, who starts with us on Monday as office manager.",
        "The car park will be closed on Friday. Please use the entrance in Mill Street.",
        "Please note that reception closes at four on Christmas Eve.",
        "All members are asked to return their keys by the end of the month.",
        "Why did the lawyer cross the road? Because the bill was on the other side.",
        "Send this to ten friends and make a wish before midnight.",
        "The seller will send you the keys by courier.",
        "Her accountant is going to prepare the figures and send them to the bank.",
        "He asked me to send him the lease, which I did.",
        "They'll let us know by Friday whether they accept.",
        "She left the firm in March and set up on her own.",
        "My nephew is leaving his job at the bank and wants to travel.",
        "The gym membership was terminated in May.",
        "Our landlord has still not answered my letter, so I'm going to ring him.",
        "I'm still waiting for the builder to come back to me about the roof.",
    ];
    let opens = |text: &&&str| {
        let reading = read(text);
        0.5 <= reading.needs_reply || reading.acts.iter().any(|act| 0.5 <= act.confidence)
    };
    assert_eq!(told.iter().filter(opens).collect::<Vec<_>>(), Vec::<&&str>::new());
}

/// The question is in the middle of gossip, or ends in a kiss.
#[test]
fn a_question_in_a_chatty_letter_needs_a_reply() {
    for text in [
        "Hi Kate, the boys are well and the garden's a jungle. We saw the Hendersons on Sunday, they send their love. \
         By the way, has the search come back? Speak soon, Jo x",
        "A magazine would like to print the pictures of our shop and the owner of the building has gone shy. Whose are \
         they, ours or his? x",
        "Could you tell me whether the hearing still stands? Take care, Bea",
    ] {
        assert!(0.5 <= read(text).needs_reply, "{text}: {}", read(text).needs_reply);
    }
}

/// Nothing but a question mark, after silence or above something that was passed on: somebody wants to know.
#[test]
fn a_question_mark_alone_needs_a_reply() {
    assert!(0.5 <= read("?").needs_reply && 0.5 <= read("???").needs_reply);
    assert!(read("!").needs_reply < 0.5 && read(".").needs_reply < 0.5);
}
