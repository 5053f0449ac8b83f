//! A long letter counts no less than a short one: what it closes with is what it is for.

mod support;

use proptest::prelude::*;
use support::read;

/// Paragraphs that ask nothing.
const NEUTRAL: &[&str] = &[
    "We met the seller on Monday and walked through the building with the surveyor.",
    "The roof was mended in spring, and the boiler is two years old.",
    "My brother has looked at the accounts of the last three years and finds them in order.",
    "The bank has confirmed the loan in principle. Its terms are the ones that we talked about.",
    "There are two tenants on the ground floor, and the flat above has been empty since May.",
    "The price includes the fixtures, the garden shed and the two places to park in the yard.",
    "It has rained here all week, and the river is high.",
    "Our accountant in Leeds keeps the books of both companies.",
    "The survey runs to forty pages and finds nothing that we did not know.",
    "The first meeting of the new board was on the third; all five members came.",
    "The old lease ran for ten years and was never registered.",
    "The seller's agent is a Mr Prior, who has been in the town for thirty years.",
];

const CLOSES: &[&str] = &[
    "Please let me know what you think.",
    "Could you please tell us by Wednesday whether we may sign?",
    "Please send me the signed lease.",
    "Can you call me about this tomorrow?",
    "Have you heard back from the bank yet?",
    "What do you advise?",
];

fn letter(paragraphs: &[&str], close: &str, framed: bool) -> String {
    let mut parts = paragraphs.to_vec();
    parts.push(close);
    let body = parts.join("\n\n");
    if framed { format!("Dear Amy,\n\n{body}\n\nKind regards,\nTom Archer") } else { body }
}

#[test]
fn a_closing_request_counts_whatever_stands_before_it() {
    let mut wrong = Vec::new();
    for close in CLOSES {
        for framed in [false, true] {
            let short = read(&letter(&[], close, framed)).needs_reply;
            for count in 1..=NEUTRAL.len() {
                let long = read(&letter(&NEUTRAL[..count], close, framed)).needs_reply;
                if long < short - 0.1 || (0.6 <= short && long < 0.5) {
                    wrong.push(format!("{close} {framed} {count}: {short:.2} {long:.2}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_long_letter_that_asks_nothing_needs_no_reply() {
    for close in ["All is well here.", "No need to reply.", "Enjoy the weekend."] {
        let needs_reply = read(&letter(NEUTRAL, close, true)).needs_reply;
        assert!(needs_reply < 0.5, "{close}: {needs_reply}");
    }
}

#[test]
fn a_newsletter_that_closes_with_a_request_needs_no_reply() {
    let text = "Welcome to our monthly newsletter!\n\nThis month: new arrivals, our autumn sale with 20% off all orders, and \
        tips for your garden.\n\nVisit our store at www.shop.example or follow us for the latest offers.\n\nTo unsubscribe, \
        click here. This is an automated message, please do not reply.\n\nPlease tell your friends about us.";
    assert!(read(text).needs_reply < 0.5, "{}", read(text).needs_reply);
}

proptest! {
    /// In whatever order they stand, neutral paragraphs before the closing request take no more than .1 off.
    #[test]
    fn neutral_paragraphs_take_little_off(
        paragraphs in prop::collection::vec(prop::sample::select(NEUTRAL), 1..20),
        close in prop::sample::select(CLOSES),
        framed: bool,
    ) {
        let short = read(&letter(&[], close, framed)).needs_reply;
        let long = read(&letter(&paragraphs, close, framed)).needs_reply;
        prop_assert!(short - 0.1 <= long, "{close}: {short} alone, {long} behind {} paragraphs", paragraphs.len());
    }
}
