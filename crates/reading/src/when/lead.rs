//! Words that lead to the name of a month or a weekday, and tell "by May" from "may" and "on sat" from "sat".

/// What a word leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    /// A month's name.
    Month,
    /// The name of a month that is a common word, even where it is written small: "in may", but not "this may".
    CommonMonth,
    /// The short name of a weekday that is a common word.
    Weekday,
}

/// Each word, and whether it leads to a month, to one that is a common word, to a weekday.
const LEADS: &[(&str, [bool; 3])] = &[
    ("in", [true, true, false]),
    ("of", [true, true, false]),
    ("since", [true, true, false]),
    ("early", [true, true, false]),
    ("mid", [true, true, false]),
    ("late", [true, true, false]),
    ("end", [true, true, false]),
    ("by", [true, true, true]),
    ("until", [true, true, true]),
    ("till", [true, true, true]),
    ("next", [true, true, true]),
    ("last", [true, true, true]),
    ("this", [true, false, true]),
    ("from", [true, false, true]),
    ("to", [true, false, true]),
    ("before", [true, false, true]),
    ("after", [true, false, true]),
    ("coming", [true, false, true]),
    ("following", [true, false, true]),
    ("through", [true, false, false]),
    ("during", [true, false, false]),
    ("between", [true, false, false]),
    ("on", [false, false, true]),
    ("or", [false, false, true]),
    ("and", [false, false, true]),
    ("every", [false, false, true]),
    ("each", [false, false, true]),
];

/// Whether a word in small letters leads to such a name.
pub(super) fn leads(word: &str, to: To) -> bool {
    LEADS.iter().any(|(lead, tos)| *lead == word && tos[to as usize])
}

/// Whether a word in small letters leads to any such name.
pub(super) fn leads_to_any(word: &str) -> bool {
    LEADS.iter().any(|(lead, _)| *lead == word)
}
