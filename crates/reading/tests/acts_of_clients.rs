//! What clients do: sentences in which the reader must find an act, and others in which it must not.

mod support;

use care::acts::ActKind;
use support::hold_table;

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
