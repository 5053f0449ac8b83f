//! What we do: sentences in which the reader must find a promise, a hold or an excuse, and others in which it must not.

mod support;

use care::acts::ActKind;
use support::hold_table;

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
