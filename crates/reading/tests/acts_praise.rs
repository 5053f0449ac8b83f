//! Praise in the words of a complaint, and complaints in the words of praise.

mod support;

use care::acts::ActKind;
use support::hold_table;

#[test]
fn a_price_that_was_worth_it_and_a_fault_that_is_denied_are_praise() {
    hold_table(
        ActKind::Complaint,
        &[
            "You were not worth your fee, and I don't say that lightly.",
            "I don't say this lightly, but your service has been appalling.",
            "Your work was hardly worth the money.",
            "You let us down at the hearing, and it cost us the case.",
            "The service used to be worth every penny; now it is a joke.",
            "I have a complaint about your last invoice.",
            "You could have asked us before you sent it.",
            "The draft was worth your fee, the way it was sent is unacceptable.",
        ],
        &[
            "You were worth your fee, and I don't say that lightly.",
            "You were worth your fee ten times over.",
            "Your team was worth every penny of the bill.",
            "You are worth what we pay you, and I don't say that often.",
            "You have never once let us down.",
            "You never let us down, not even in the week of the strike.",
            "There was not a single mistake in the accounts.",
            "I cannot fault you or the advice.",
            "It is hard to fault the way you ran the case.",
            "Nothing was ever too much trouble for your people.",
            "We could not have asked for more.",
            "You did not disappoint us.",
            "It all went without a hitch.",
            "No complaints from our side.",
            "That was money well spent.",
            "You never missed a deadline in ten years.",
            "There was never a bad word about your team.",
        ],
    );
}
