//! How far a passage reaches, and which date it has: sums of money, dashes, brackets and commas cut nothing off.

mod support;

use care::acts::{Act, ActKind};
use proptest::prelude::*;
use support::read;

/// The passage of the first act of a kind, and the day on which it is due. It is read on Wednesday, 2 July 2025.
fn passage(text: &str, kind: ActKind) -> Option<(String, Option<String>)> {
    let reading = read(text);
    let act: &Act = reading.acts.iter().find(|act| act.kind == kind)?;
    let words = text.chars().skip(act.start as usize).take((act.end - act.start) as usize).collect();
    Some((words, act.due.map(|due| due.strftime("%d").to_string())))
}

fn hold(kind: ActKind, table: &[(&str, &str, Option<&str>)]) {
    let wrong = table.iter().filter_map(|(text, words, due)| {
        let found = passage(text, kind);
        let expected = Some(((*words).to_owned(), due.map(str::to_owned)));
        (found != expected).then(|| format!("{text}\n  expected {expected:?}\n  found    {found:?}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}\n{}", kind.name(), wrong.join("\n"));
}

#[test]
fn promises_reach_their_date() {
    let whole = [
        "I'll send the £12,000 to the seller by Tuesday",
        "I'll send the €12,000 to the seller by Tuesday",
        "I'll send the $12,000 to the seller by Tuesday",
        "I'll send the 12.000 € to the seller by Tuesday",
        "I'll send the draft – as you asked – by Tuesday",
        "I'll send the draft — it's nearly done — by Tuesday",
        "I'll send the draft -- it's nearly done -- by Tuesday",
        "I'll send the draft – by Tuesday",
        "I'll send the draft — and the plan — by Tuesday",
        "I'll send the draft and the plan by Tuesday",
        "I'll send the draft, and the plan, by Tuesday",
        "I'll send the draft, the plan and your copy of the deed by Tuesday",
        "I'll send the deed (and the plan) by Tuesday",
        "I'll send the deed (it is signed) by Tuesday",
        "I'll send the deed (with the £500 that you paid) by Tuesday",
        "I'll send the deed, it is signed, by Tuesday",
        "I'll send the balance – £12,000 – by Tuesday",
        "I'll send the draft 🎉 by Tuesday",
        "I'll find out when he comes and what he wants by Tuesday",
        "I'll send the draft, as promised, no later than Tuesday",
        "I'll send the draft, as agreed, on Tuesday",
        "I'll sign the deed and do the rest by Tuesday",
        "I will pay the £850 fee, and send the receipt, by Tuesday",
        "We will return your deposit of £6,800 by Tuesday",
        "By Tuesday I'll send the £12,000 to the seller",
    ];
    let table: Vec<(String, &str)> = whole.iter().map(|text| (format!("{text}."), *text)).collect();
    let table: Vec<_> = table.iter().map(|(text, words)| (text.as_str(), *words, Some("08"))).collect();
    hold(ActKind::Promise, &table);
}

#[test]
fn promises_end_where_something_else_is_said() {
    hold(
        ActKind::Promise,
        &[
            (
                "I'll send you the draft by Friday – sorry for the delay.",
                "I'll send you the draft by Friday",
                Some("04"),
            ),
            (
                "I'll send you the draft by Friday, and the bank will confirm on Monday.",
                "I'll send you the draft by Friday",
                Some("04"),
            ),
            ("I'll send you the draft, and can you sign it by Monday?", "I'll send you the draft", None),
            ("I'll send you the draft, please sign it, by Monday.", "I'll send you the draft", None),
            (
                "I'll send you the draft by Friday, but the hearing is on Monday.",
                "I'll send you the draft by Friday",
                Some("04"),
            ),
            (
                "I'll send you the draft by Friday and we have until Monday to sign it.",
                "I'll send you the draft by Friday",
                Some("04"),
            ),
            (
                "As we agreed on Tuesday, I'll send you the draft.",
                "As we agreed on Tuesday, I'll send you the draft",
                None,
            ),
            (
                "I'll send you the draft by Friday, how soon can you come?",
                "I'll send you the draft by Friday",
                Some("04"),
            ),
        ],
    );
}

#[test]
fn a_sum_at_the_beginning_of_a_line_is_no_new_item() {
    let text = "I'll send the\n£12,000 to the seller by Tuesday.";
    hold(ActKind::Promise, &[(text, text.trim_end_matches('.'), Some("08"))]);
}

#[test]
fn requests_complaints_and_excuses_reach_past_sums() {
    let cases = [
        (ActKind::Request, "Can we send all five back and have our deposit of £6,800 returned?"),
        (ActKind::Request, "Could you send the €400 back to my account – the one in Cork?"),
        (ActKind::Request, "Please send me the lease (and the plan) with the £300 receipt"),
        (ActKind::Complaint, "I am very disappointed that £1,200 was taken twice"),
        (ActKind::Excuse, "I have been swamped with the £4m refinancing this week"),
    ];
    for (kind, text) in cases {
        assert_eq!(passage(text, kind).map(|p| p.0).as_deref(), Some(text), "{}", kind.name());
    }
}

proptest! {
    /// Whatever the sum and wherever it stands, no passage ends before it, and the date behind it is found.
    #[test]
    fn no_passage_ends_before_a_sum(
        sign in "[£€$¥₹₤]",
        sum in 1u32..2_000_000,
        opener in prop::sample::select(vec![
            "I'll send", "We will send you", "I'll transfer", "We'll refund", "I will pay", "Our office will send",
        ]),
        thing in prop::sample::select(vec!["the", "your", "the deposit of", "the draft and the", "all", "the balance –"]),
        rest in prop::sample::select(vec![
            "to the seller", "(and the fee)", "– as agreed –", "— it's ready —", ", and the receipt,", "", "to your account,",
        ]),
        day in prop::sample::select(vec!["by Tuesday", "on Tuesday", "before Wednesday", "no later than Tuesday"]),
    ) {
        let text = format!("{opener} {thing} {sign}{sum} {rest} {day}.");
        // Odd words that make no promise to the model say nothing of where one would end.
        let found = passage(&text, ActKind::Promise);
        prop_assume!(found.is_some());
        let (words, due) = found.unwrap_or_default();
        prop_assert!(words.contains(&sum.to_string()), "{text}: {words}");
        prop_assert!(due.as_deref() == Some("08"), "{text}: {words}: {due:?}");
    }

    /// No act of whatever kind is cut between a currency sign and its sum, or before the sign.
    #[test]
    fn nothing_is_cut_at_a_currency_sign(
        sign in "[£€$¥]",
        text in "(I'll send|Could you refund|Thank you for|I am unhappy with|Sorry, I was away with|Have you sent) (the|our|my) ",
        rest in "( to the bank| and the plan|, as agreed|)( by Friday|)[.?!]",
    ) {
        let text = format!("{text}{sign}400{rest}");
        let at = text.chars().position(|c| c == sign.chars().next().unwrap()).unwrap() as u32;
        for act in read(&text).acts {
            prop_assert!(act.end <= at.saturating_sub(5) || at + 4 <= act.end, "{text}: {act:?}");
        }
    }
}
