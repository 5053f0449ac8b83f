//! What is wished for, left open, or handed over is no thanks, no promise and no chase.

mod support;

use care::acts::ActKind;
use support::hold_table;

#[test]
fn what_would_please_us_is_no_thanks() {
    hold_table(
        ActKind::Thanks,
        &[
            "You were a great help to me, thank you so much for all your work.",
            "Thank you for everything, I would be lost without you.",
        ],
        &[
            "It would be of great help to me if I could have it by Monday.",
            "It would really help us a lot to know who signs.",
            "I would be very grateful if you could send me the plan.",
        ],
    );
}

#[test]
fn what_is_left_open_is_no_promise() {
    hold_table(
        ActKind::Promise,
        &["I will send you the plan on Friday.", "Perhaps it is late, but I will send it to you on Friday."],
        &[
            "Maybe I will go this weekend.",
            "Perhaps we will move the cupboards.",
            "I will have to tell you the whole story some other time.",
        ],
    );
}

#[test]
fn what_is_handed_over_is_no_chase() {
    hold_table(
        ActKind::Chase,
        &["Any news on the lease? I asked for it two weeks ago.", "I am following up on the lease again."],
        &["The follow-up on the Mill Lane matter is attached."],
    );
}

#[test]
fn a_post_complains_by_all_that_it_says() {
    hold_table(
        ActKind::Complaint,
        &[
            "@parcelgo_care \"delivered to a safe place\". There is no safe place, and no parcel",
            "@harbourtelcare no signal since Sunday and the bill still comes on time",
            "Hey @fenrail why was the 0742 cancelled AGAIN",
        ],
        &[
            "@parcelgo_care the number is PG 3341, thank you",
            "@joan_of_park happy birthday, see you at eight",
            "@harbourtelcare do you sell the new one in green?",
        ],
    );
}
