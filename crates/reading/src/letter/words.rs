//! Tables of words in many languages, one file each, parted by `|` and line ends; all in lower case.

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashSet;

fn each(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.split(['|', '\n']).filter(|word| !word.is_empty())
}

/// Words that a text is, as a whole.
pub(super) struct Exact(FxHashSet<&'static str>);

impl Exact {
    pub(super) fn new(table: &'static str) -> Exact {
        Exact(each(table).collect())
    }

    pub(super) fn has(&self, lower: &str) -> bool {
        self.0.contains(lower)
    }
}

/// Words that a text begins with.
pub(super) struct Prefixes {
    words: Vec<&'static str>,
    /// Which first bytes, in either case, can begin one.
    first: [bool; 256],
}

impl Prefixes {
    pub(super) fn new(table: &'static str) -> Prefixes {
        let words: Vec<_> = each(table).collect();
        let mut first = [false; 256];
        for byte in words.iter().filter_map(|word| word.bytes().next()) {
            first[usize::from(byte.to_ascii_lowercase())] = true;
            first[usize::from(byte.to_ascii_uppercase())] = true;
        }
        // Capitals of other scripts begin with other bytes than their small letters.
        first[128..].fill(true);
        Prefixes { words, first }
    }

    /// Whether a text can begin with one, whatever its case: quick, and wrong only by saying yes.
    pub(super) fn may_begin(&self, text: &str) -> bool {
        text.bytes().next().is_some_and(|byte| self.first[usize::from(byte)])
    }

    pub(super) fn begin(&self, lower: &str) -> bool {
        self.may_begin(lower) && self.words.iter().any(|word| lower.starts_with(word))
    }
}

/// Words that a text ends with.
pub(super) struct Suffixes(Vec<&'static str>);

impl Suffixes {
    pub(super) fn new(table: &'static str) -> Suffixes {
        Suffixes(each(table).collect())
    }

    /// The length of the longest one.
    pub(super) fn longest(&self, lower: &str) -> Option<usize> {
        self.0.iter().filter(|word| lower.ends_with(*word)).map(|word| word.len()).max()
    }
}

/// Words that stand anywhere in a text, whatever the case of its ASCII letters.
pub(super) struct Anywhere {
    search: Option<AhoCorasick>,
    words: usize,
}

impl Anywhere {
    pub(super) fn new(table: &'static str) -> Anywhere {
        let words: Vec<_> = each(table).collect();
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostFirst)
            .build(&words)
            .ok();
        Anywhere { search, words: words.len() }
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        self.search.as_ref().is_some_and(|s| s.is_match(text))
    }

    /// Where the first one stands.
    pub(super) fn place(&self, text: &str) -> Option<usize> {
        self.search.as_ref()?.find(text).map(|found| found.start())
    }

    /// How many different ones stand in it.
    pub(super) fn count(&self, text: &str) -> usize {
        let Some(search) = &self.search else { return 0 };
        let mut seen = vec![false; self.words];
        search.find_iter(text).for_each(|found| seen[found.pattern().as_usize()] = true);
        seen.into_iter().filter(|s| *s).count()
    }
}
