//! "Attached", with nothing attached.

use super::{Check, Finding, FindingKind};

/// Where the draft says that it carries something, while it carries nothing.
pub(super) fn missing(check: &Check) -> Option<Finding> {
    if 0 < check.situation.attachments {
        return None;
    }
    let words = words(check.draft);
    let at = (0..words.len()).find(|i| says_attached(&words, *i))?;
    let (word, start) = words[at];
    Some(Finding {
        kind: FindingKind::AttachmentMissing,
        start: check.places.scalar(start),
        end: check.places.scalar(start + word.len()),
        confidence: 0.9,
        words: "The draft speaks of an attachment, but nothing is attached yet.".to_owned(),
        better: None,
    })
}

/// The words of a text with their byte offsets.
fn words(text: &str) -> Vec<(&str, usize)> {
    let base = text.as_ptr().addr();
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|w| !w.is_empty())
        .map(|w| (w, w.as_ptr().addr() - base))
        .collect()
}

fn says_attached(words: &[(&str, usize)], i: usize) -> bool {
    let is = |at: Option<usize>, among: &[&str]| {
        let word = at.and_then(|at| words.get(at)).map_or("", |(w, _)| *w);
        among.iter().any(|w| w.eq_ignore_ascii_case(word))
    };
    let before = |n: usize| i.checked_sub(n);
    let told = is(Some(i), &["attached", "enclosed"]);
    let doing =
        is(Some(i), &["attaching", "enclosing"]) && is(before(1), &["am", "are", "i'm", "we're", "also"]);
    let act =
        is(Some(i), &["attach", "enclose"]) && is(before(1), &["i", "we", "also", "hereby", "herewith"]);
    // "the file you attached", "it was attached to your last letter", "attached great weight to"
    let theirs = (1..=2)
        .any(|n| is(before(n), &["you", "he", "she", "they", "was", "were", "had", "be", "not", "no"]));
    let other = is(Some(i + 1), &["great", "little", "much", "importance", "weight", "conditions"])
        || (is(Some(i + 1), &["to"]) && is(Some(i + 2), &["your", "his", "her", "their", "my"]));
    (told && !theirs && !other) || ((doing || act) && !other)
}
