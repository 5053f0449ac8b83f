//! What a client's record tells beside what happened, and what it lacks, in words.

use care::book::FirmBook;
use care::ids::ClientId;
use care::particular::{self, Particular, Particulars};
use jiff::Timestamp;

/// A particular as pages head it.
pub fn called(what: Particular) -> &'static str {
    match what {
        Particular::WhyCame => "Why they came",
        Particular::Circumstances => "Circumstances",
        Particular::Expectations => "Expectations",
        Particular::Channel => "Preferred channel",
        Particular::HeardOfUs => "How they heard of us",
    }
}

/// What a record lacks, as a sentence; nothing where it lacks nothing.
pub fn lack(lacks: Particulars) -> String {
    let asked: Vec<&str> = lacks.iter().map(asked).collect();
    match asked.split_last() {
        None => String::new(),
        Some((last, [])) => format!("The record does not say {last}."),
        Some((last, others)) => format!("The record does not say {} and {last}.", others.join(", ")),
    }
}

/// The question that a particular answers, as the end of a sentence.
fn asked(what: Particular) -> &'static str {
    match what {
        Particular::WhyCame => "why they came",
        Particular::Circumstances => "what their circumstances are",
        Particular::Expectations => "what they expect of us",
        Particular::Channel => "how they like to be reached",
        Particular::HeardOfUs => "how they heard of us",
    }
}

/// What the record of a client lacks of what their tier demands.
pub fn lacking(book: &FirmBook, client: ClientId, now: Timestamp) -> Particulars {
    let profile = book.client(book.directory.client(client));
    profile.map_or(Particulars::NONE, |profile| {
        particular::lacking(book.standard(profile).record, &profile.told, now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lacks_is_said_as_a_sentence() {
        let lacks = |some: &[Particular]| lack(some.iter().copied().collect());
        assert_eq!(lacks(&[]), "");
        assert_eq!(lacks(&[Particular::Channel]), "The record does not say how they like to be reached.");
        assert_eq!(
            lacks(&Particular::ALL[..3]),
            "The record does not say why they came, what their circumstances are and what they expect of us."
        );
    }
}
