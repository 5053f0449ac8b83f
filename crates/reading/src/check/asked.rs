//! Whether a reply comes back to what was asked.

use care::acts::ActKind;
use rustc_hash::FxHashSet;

use super::{Check, Finding, FindingKind};
use crate::when::{self, Meaning};

/// Words that say nothing of the matter asked about.
const PLAIN: &[&str] = &[
    "about",
    "after",
    "again",
    "also",
    "answer",
    "anything",
    "because",
    "been",
    "before",
    "being",
    "best",
    "both",
    "call",
    "come",
    "confirm",
    "could",
    "dear",
    "does",
    "doing",
    "done",
    "each",
    "else",
    "ever",
    "every",
    "from",
    "give",
    "given",
    "going",
    "good",
    "happy",
    "have",
    "having",
    "hear",
    "hello",
    "help",
    "here",
    "hope",
    "into",
    "just",
    "kind",
    "know",
    "know",
    "know",
    "let",
    "like",
    "look",
    "looking",
    "made",
    "make",
    "many",
    "matter",
    "mean",
    "might",
    "more",
    "most",
    "much",
    "must",
    "need",
    "next",
    "only",
    "other",
    "over",
    "please",
    "possible",
    "question",
    "quick",
    "quickly",
    "really",
    "regards",
    "said",
    "same",
    "say",
    "send",
    "sent",
    "shall",
    "should",
    "some",
    "something",
    "soon",
    "still",
    "such",
    "sure",
    "take",
    "tell",
    "than",
    "thank",
    "thanks",
    "that",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "thing",
    "think",
    "this",
    "those",
    "time",
    "today",
    "together",
    "want",
    "well",
    "were",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "will",
    "with",
    "wonder",
    "wondering",
    "would",
    "writing",
    "your",
    "yours",
    "yourself",
    "able",
    "advise",
    "back",
    "get",
    "got",
    "how",
    "who",
    "why",
    "can",
    "you",
    "our",
    "are",
    "any",
    "the",
    "and",
    "for",
    "not",
    "but",
    "was",
    "has",
    "had",
    "did",
    "out",
    "may",
    "it's",
    "i'm",
];

/// How much of what was asked must come up again.
const ENOUGH: f32 = 0.3;

/// One finding for each passage asked that the draft does not come back to, at the draft's end.
pub(super) fn unanswered(check: &Check) -> Vec<Finding> {
    let asked = check.situation.asked;
    if asked.is_empty() || says_when(check) || is_point_by_point(check.draft, asked.len()) {
        return Vec::new();
    }
    let draft: FxHashSet<String> = content(check.draft).into_iter().collect();
    let mut findings = Vec::new();
    for (index, question) in asked.iter().enumerate() {
        let words = content(question);
        let found = words.iter().filter(|w| draft.contains(*w)).count();
        let share = if words.is_empty() { 0.0 } else { found as f32 / words.len() as f32 };
        if ENOUGH <= share || is_answered_by_form(check, question) {
            continue;
        }
        // A question with few words of its own may be answered in others.
        let telling = if words.len() < 2 { 0.5 } else { 0.9 };
        let mark = if question.contains('?') { 1.0 } else { 0.85 };
        findings.push(Finding {
            kind: FindingKind::UnansweredQuestion { asked: index },
            start: check.places.last(),
            end: check.places.last(),
            confidence: telling * mark * (1.0 - share),
            words: format!("They also asked: “{}” Answer it, or say by when you will.", shortened(question)),
            better: None,
        });
    }
    findings
}

/// The draft says when they will hear: the whole answer is put off, openly.
fn says_when(check: &Check) -> bool {
    check.reading.only_holds
        || check
            .reading
            .acts
            .iter()
            .any(|a| a.kind == ActKind::Hold || (a.kind == ActKind::Promise && a.in_touch))
}

/// "1. …  2. …": as many points as were asked.
fn is_point_by_point(draft: &str, asked: usize) -> bool {
    let points = draft
        .lines()
        .map(str::trim_start)
        .filter(|line| {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            let number = rest.len() < line.len() && line.len() < rest.len() + 3;
            (number && rest.starts_with(['.', ')', ':'])) || line.starts_with("- ") || line.starts_with("* ")
        })
        .count();
    1 < asked && asked <= points
}

/// Some questions are answered by the form of the reply: yes or no, a date, an amount, a file.
fn is_answered_by_form(check: &Check, question: &str) -> bool {
    let asks = question.to_lowercase();
    let draft = check.draft.to_lowercase();
    let has = |text: &str, words: &[&str]| words.iter().any(|w| holds_word(text, w));
    let dated = || {
        let times = &check.times;
        times.iter().any(|t| !t.past && !matches!(t.meaning, Meaning::Lasting(_) | Meaning::Unresolved))
    };
    if has(&asks, &["when", "what time", "by when", "what date", "how soon", "deadline"]) && dated() {
        return true;
    }
    if has(&asks, &["how much", "how many", "what would it cost", "fee", "fees", "price", "cost"]) {
        return draft.chars().any(|c| c.is_ascii_digit());
    }
    let sends = has(&asks, &["send", "forward", "attach", "let me have", "provide", "share", "copy"]);
    if sends && (check.reading.delivers.carries || 0 < check.situation.attachments) {
        return true;
    }
    // A time they propose is taken up by naming it or by agreeing.
    let offers = !when::find(question, check.situation.said_at, check.situation.calendar).is_empty();
    let yes_no =
        ["can ", "could ", "would ", "will ", "do ", "does ", "did ", "is ", "are ", "have ", "has ", "may "];
    let open = yes_no.iter().any(|w| asks.trim_start().starts_with(w)) || offers || asks.contains(" if ");
    open && agrees(&draft)
}

/// The draft begins a sentence with yes, no or their kin.
fn agrees(draft: &str) -> bool {
    const WORDS: &[&str] = &[
        "yes",
        "no",
        "of course",
        "certainly",
        "sure",
        "agreed",
        "confirmed",
        "i confirm",
        "we confirm",
        "i can confirm",
        "we can confirm",
        "absolutely",
        "indeed",
        "correct",
        "that is right",
        "that's right",
        "that is fine",
        "that's fine",
        "that works",
        "that suits",
        "fine with",
        "happy to",
        "i am happy to",
        "we are happy to",
        "unfortunately",
        "i am afraid",
        "i'm afraid",
        "not yet",
        "we do",
        "we have",
        "i have",
        "i did",
        "it is",
        "it does",
        "we can",
        "i can",
        "we cannot",
        "i cannot",
    ];
    draft.split(['.', '!', '?', '\n', ',', ';', ':', '-', '–']).map(str::trim_start).any(|start| {
        WORDS
            .iter()
            .any(|w| start.strip_prefix(w).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
    })
}

fn holds_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// The words that say what a text is about, without endings.
fn content(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(str::to_lowercase)
        .filter(|w| 2 < w.chars().count() && !PLAIN.contains(&w.as_str()))
        .map(|w| stem(&w))
        .collect();
    words.sort();
    words.dedup();
    words
}

/// A word without its ending, so that "charges", "charged" and "charging" are one.
fn stem(word: &str) -> String {
    let word = word.strip_suffix("'s").unwrap_or(word);
    for ending in ["ations", "ation", "ings", "ing", "ies", "ied", "ed", "es", "s", "e", "y"] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| 2 < stem.chars().count()) {
            return stem.to_owned();
        }
    }
    word.to_owned()
}

/// A question on one line, and not too long for one.
fn shortened(question: &str) -> String {
    const MOST: usize = 90;
    let line = question.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
        None => line,
    }
}
