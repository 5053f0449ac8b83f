//! Texts that are awkward on purpose: quoted words, marks written out, odd characters, lines without end.

mod support;

use std::time::{Duration, Instant};

use care::acts::ActKind;
use support::{finds, hold_table, read};

/// Nothing of a megabyte takes longer, on a machine that has other work too.
const LONG: Duration = Duration::from_secs(10);

#[test]
fn what_is_quoted_was_said_by_another() {
    for text in [
        "> Could you please send me the signed lease?\nThat is done.",
        "&gt; Could you please send me the signed lease?\nThat is done.",
        "&gt;&gt; Could you please send me the signed lease?\n&gt; Any news on it?\nThat is done.",
        ">>>> Could you please send me the signed lease?\nThat is done.",
    ] {
        assert!(read(text).acts.is_empty(), "{text}: {:?}", read(text).acts);
    }
    assert!(!finds("You wrote \"I will send you the draft by Friday\" on Monday.", ActKind::Promise));
}

#[test]
fn marks_written_out_hide_nothing() {
    assert!(finds("Could you send me the &quot;signed&quot; lease &amp; the plan?", ActKind::Request));
}

#[test]
fn promises_in_the_passive() {
    for text in [
        "The corrected invoice will be sent to you tomorrow.",
        "The signed contract will be with you by Friday.",
        "Your documents will be posted to you this afternoon.",
    ] {
        assert!(finds(text, ActKind::Promise), "{text}");
    }
    assert!(!finds("The meeting will be held in room 4.", ActKind::Promise));
}

#[test]
fn no_need_to_reply_stands_beside_a_question() {
    let text = "No need to reply to my first point. But who signs for the bank on Thursday?";
    assert!(finds(text, ActKind::Request));
    assert!(!finds("No need to reply, this is only for your files.", ActKind::Request));
}

#[test]
fn requests_without_a_question_mark() {
    for text in [
        "I need the keys from you by Friday.",
        "Take us off the list, please.",
        "it would be good if you sent me the plan",
    ] {
        assert!(finds(text, ActKind::Request), "{text}");
    }
}

#[test]
fn characters_that_turn_or_hide_letters() {
    let plain = "Could you send me the signed lease?";
    let odd: String = plain.chars().flat_map(|c| [c, '\u{200b}']).collect();
    assert!(finds(&odd, ActKind::Request), "zero-width spaces between all letters");
    let turned = format!("\u{202e}{plain}\u{202c} \u{5e9}\u{5dc}\u{5d5}\u{5dd}");
    assert!(finds(&turned, ActKind::Request), "turned to the left, beside Hebrew");
    assert!(finds("\u{feff}Could you\u{a0}send me the signed lease\u{ff1f}", ActKind::Request));
    // What was once another encoding.
    assert!(finds("Could you send me the signed lease, I\u{e2}\u{20ac}\u{2122}d be glad?", ActKind::Request));
}

#[test]
fn a_line_of_a_megabyte_is_read() {
    let units = [
        "a",
        "ab ",
        "?",
        ">",
        "&gt;",
        "I will send you the draft by Friday, and ",
        "\u{200f}",
        "\"I will send it\" and ",
        "I will send ( it ",
    ];
    for unit in units {
        let text = unit.repeat(1_000_000 / unit.len());
        let begun = Instant::now();
        let reading = read(&text);
        // Where it looks at each part again for each part, it takes minutes.
        assert!(begun.elapsed() < LONG, "{unit:?} took {:?}", begun.elapsed());
        let length = text.chars().count() as u32;
        assert!(reading.acts.iter().all(|act| act.start < act.end && act.end <= length));
    }
}

#[test]
fn sarcasm_is_no_thanks() {
    hold_table(
        ActKind::Complaint,
        &[
            "Thanks for nothing.",
            "Thank you so much for losing my file again.",
            "Well done, you have now sent it to the wrong address three times.",
        ],
        &["Thank you so much for finding my file again."],
    );
    for text in ["Thanks for nothing.", "Thanks a lot for ignoring my last three letters."] {
        assert!(!finds(text, ActKind::Thanks), "{text}");
    }
}

#[test]
fn polite_complaints() {
    hold_table(
        ActKind::Complaint,
        &[
            "With respect, I had hoped for a little more care from a firm of your standing.",
            "I do not wish to make a fuss, but this is the second time that the wrong papers were sent to me.",
            "I am sure it was an oversight, yet nobody told us that the hearing had been moved.",
        ],
        &[
            "I do not wish to make a fuss, I only need a copy of the plan.",
            "I am sure it was an oversight on the bank's side.",
        ],
    );
}

#[test]
fn promises_in_the_passive_of_others_are_none_of_ours() {
    for text in
        ["The rent will be reviewed in five years.", "The keys will be handed over by the seller on Friday."]
    {
        assert!(!finds(text, ActKind::Promise), "{text}");
    }
}
