//! Words of time from which nothing falls due, and words that only look like some.

mod support;

use reading::when::Meaning;
use support::when::{office, read, table};

// 2025-07-02 is a Wednesday, 2025-07-04 a Friday.

#[test]
fn what_has_been_is_never_due() {
    table(
        &office(),
        &[
            ("2025-07-02T10:00", "I sent it on Tuesday", "-"),
            ("2025-07-02T10:00", "On Tuesday I sent you the draft", "-"),
            ("2025-07-02T10:00", "As we discussed last Friday", "-"),
            ("2025-07-02T10:00", "two weeks ago", "-"),
            ("2025-07-02T10:00", "your letter of 12 June 2025", "-"),
            ("2025-07-02T10:00", "Thank you for your e-mail, which we received on Monday.", "-"),
            ("2025-07-02T10:00", "We spoke on 30 June.", "-"),
            ("2025-07-02T10:00", "We met on Monday and I will send the notes by Friday", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "I will send what you asked for on Thursday", "-"),
            ("2025-07-02T10:00", "You will get the signed copy on Friday", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "It will be delivered Friday", "2025-07-04 17:00"),
            ("2025-07-02T10:00", "earlier this week", "-"),
        ],
    );
    let found = read(&office(), "2025-07-02T10:00", "I sent it on Tuesday");
    assert_eq!(found[0].meaning, Meaning::Day("2025-07-01".parse().unwrap()));
    assert!(found[0].past);
}

#[test]
fn durations_sets_beginnings_and_states_are_not_due() {
    table(
        &office(),
        &[
            ("2025-07-02T10:00", "it takes three hours", "-"),
            ("2025-07-02T10:00", "every Friday", "-"),
            ("2025-07-02T10:00", "weekly", "-"),
            ("2025-07-02T10:00", "after Friday", "-"),
            ("2025-07-02T10:00", "from Monday", "-"),
            ("2025-07-02T10:00", "I am away until Thursday", "-"),
            ("2025-07-02T10:00", "before the hearing", "-"),
            ("2025-07-02T10:00", "as soon as we have heard from the bank", "-"),
            ("2025-07-02T10:00", "ASAP", "-"),
            ("2025-07-02T10:00", "at the moment", "-"),
            ("2025-07-02T10:00", "in due course", "-"),
        ],
    );
    let text = "We will file it before the preliminary hearing, I think.";
    let found = read(&office(), "2025-07-02T10:00", text);
    assert_eq!(found[0].meaning, Meaning::Unresolved);
    assert_eq!(&text[found[0].start..found[0].end], "before the preliminary hearing");
}

#[test]
fn nothing_is_read_where_nothing_is_said() {
    let texts = [
        "This may take longer than expected.",
        "You may be right; we march on.",
        "He sat by the sun for a bit.",
        "May I ask what this is for?",
        "Call me on 020 7946 0958.",
        "Tel: +44 (0)20 7946 0018",
        "The fee is $1,200.50 plus 20%.",
        "Matter 2024-118 refers, ref. AB-12/44.",
        "the 3rd party and the second opinion",
        "See clause 4.2 and page 12 of 30.",
        "We came second in a field of seven.",
        "Version 3.1 beats version 2.14.1",
        "Please find enclosed the signed agreement and our invoice.",
        "Thanks for nothing.",
        "10.0.0.1 and fe80::1",
    ];
    for text in texts {
        let found = read(&office(), "2025-07-02T10:00", text);
        assert!(found.is_empty(), "{text:?}: {found:?}");
    }
}

#[test]
fn the_words_are_cut_where_they_begin_and_end() {
    let cases = [
        ("I'll send it by Friday, I promise", "by Friday"),
        ("Können wir — say — next Tuesday at 3pm?", "next Tuesday at 3pm"),
        ("Due: no later than close of business tomorrow.", "no later than close of business tomorrow"),
        ("we’ll talk in a fortnight’s time about it", "in a fortnight’s time"),
        ("hard wrapped by\nthe end of the\nweek and so on", "by\nthe end of the\nweek"),
        ("(18 July 2025)", "18 July 2025"),
    ];
    for (text, want) in cases {
        let found = read(&office(), "2025-07-02T10:00", text);
        let words: Vec<&str> = found.iter().map(|f| &text[f.start..f.end]).collect();
        assert!(words.contains(&want), "{text:?}: {words:?}");
    }
}
