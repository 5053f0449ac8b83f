//! Where in a text a date may stand.
//!
//! Every expression of time holds a word of [`CORES`] or a number. One pass over the bytes looks at word beginnings
//! only; what it passes over is never cut into tokens.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::lead::{To, leads, leads_to_any};
use super::phrase::EVENTS;
use super::{feast, holiday};

/// So much of the text on both sides of a core may belong to its expression, or tell its tense.
const BEFORE: usize = 120;
const BEHIND: usize = 120;

/// When a word is enough for a place to be read closely.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Always.
    Always,
    /// With a capital letter, behind a preposition, or in a text of hardly more than itself.
    Named,
    /// A month that is a common word: with a capital letter, or behind "in", "of", "by" and the like.
    Month,
    /// Behind one of these words.
    Behind(&'static [&'static str]),
    /// Before one of these words.
    Before(&'static [&'static str]),
    /// An hour in words: "at three", "nine fifteen".
    Hour,
    /// "by the first", "first thing".
    Ordinal,
    /// Before an event: "until after the hearing".
    Event,
}

const AT: &[&str] = &[
    "at", "past", "half", "by", "until", "till", "around", "about", "before", "after", "between", "from",
    "to",
];
const PRONOUNS: &[&str] =
    &["we", "i", "they", "he", "she", "it", "you", "the", "our", "your", "this", "that", "a"];

/// Words without which (and without a number) nothing is a time.
const CORES: &[(Rule, &str)] = &[
    (
        Rule::Always,
        "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays \
         fridays saturdays sundays tue tues weds thu thur thurs wednsday january february febuary april \
         june july august september october november december feb apr jun jul aug sep sept oct nov \
         today todays otd tomorrow tomorrows tomorow tommorrow tommorow tmrw tmr yesterday yesterdays \
         tonight tonite tonights atm immediately straightaway seconds sec secs minute minutes min mins \
         hour hours hr hrs day days night nights everyday workday workdays weekday weekdays weekend \
         weekends wkend week weeks wk wks workweek midweek fortnight fortnights month months mth mths \
         quarter quarters qtr qtrs year years yr yrs decade decades noon noonish midday midnight \
         morning mornings afternoon afternoonish afternoons evening evenings daytime lunch lunchtime \
         cob eod cop eob eom bom eoy eow eoq wc oclock clock daily nightly weekly fortnightly biweekly \
         monthly bimonthly quarterly annually yearly annual semiannual semiannually biannual biannually \
         twice asap summer winter autumn christmas xmas easter thanksgiving halloween hallowe boxing \
         eve valentines gras juneteenth mlk pentecost epiphany ascension mar",
    ),
    (Rule::Month, "may march"),
    (Rule::Named, "jan dec mon wed fri sat sun"),
    (Rule::Hour, "two three four five six seven eight nine ten eleven twelve"),
    (
        Rule::Ordinal,
        "first third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth \
         fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty thirtieth \
         thirty",
    ),
    (Rule::Behind(&["a", "one", "every", "each"]), "second"),
    (Rule::Behind(&["at", "half", "past"]), "one"),
    (Rule::Behind(&["right", "just", "straight"]), "now away"),
    (Rule::Behind(&["the", "this"]), "moment"),
    (Rule::Behind(&["at"]), "present once"),
    (Rule::Behind(&["this"]), "time"),
    (Rule::Behind(&["two"]), "thousand"),
    (Rule::Behind(&["to", "till", "until", "current"]), "date"),
    (Rule::Behind(&["as"]), "soon"),
    (Rule::Behind(&["earliest"]), "convenience"),
    (Rule::Behind(&["after", "before"]), "work school breakfast"),
    (Rule::Behind(&["of"]), "play business"),
    (Rule::Behind(&["this", "next", "last", "in", "the"]), "spring fall"),
    (Rule::Before(PRONOUNS), "once"),
    (Rule::Behind(&["time"]), "for"),
    (Rule::Event, "before after until till prior ahead following upon by"),
];

/// A bit for each beginning of three letters that some core has.
struct Cores {
    beginnings: [u64; 275],
    words: FxHashMap<&'static str, Rule>,
}

static KNOWN: LazyLock<Cores> = LazyLock::new(|| {
    let mut known = Cores { beginnings: [0; 275], words: FxHashMap::default() };
    for (rule, words) in CORES {
        for word in words.split(' ') {
            let index = beginning(word.as_bytes());
            known.beginnings[index / 64] |= 1 << (index % 64);
            // of two rules the first stands, but for "once"
            known.words.entry(word).or_insert(*rule);
        }
    }
    for word in feast::telling_words() {
        let index = beginning(word.as_bytes());
        known.beginnings[index / 64] |= 1 << (index % 64);
        known.words.entry(word).or_insert(Rule::Always);
    }
    for word in holiday::first_words().chain(feast::first_words()).filter(|w| 3 < w.len()) {
        let index = beginning(word.as_bytes());
        known.beginnings[index / 64] |= 1 << (index % 64);
        known.words.entry(word).or_insert(Rule::Named);
    }
    known
});

/// Stretches of the text, as byte ranges at word boundaries and in order, in which a date may stand.
pub(super) fn places(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let known = &*KNOWN;
    let mut places: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let byte = bytes[at];
        let hit = if byte.is_ascii_alphabetic() {
            while at < bytes.len() && bytes[at].is_ascii_alphabetic() {
                at += 1;
            }
            is_core(known, bytes, start, at)
        } else if byte.is_ascii_digit() {
            while at < bytes.len() && bytes[at].is_ascii_digit() {
                at += 1;
            }
            may_be_time(bytes, start, at)
        } else {
            at += 1;
            byte == 0xc2 && bytes.get(at).is_some_and(|b| (0xbc..=0xbe).contains(b))
        };
        if hit {
            let (from, to) = (back_to_gap(bytes, start), on_to_gap(bytes, at));
            match places.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => places.push((from, to)),
            }
        }
    }
    for place in &mut places {
        place.0 = text.floor_char_boundary(place.0);
        place.1 = text.ceil_char_boundary(place.1);
    }
    places
}

/// The place of a word's first three letters in the table; a shorter word is filled up with a.
fn beginning(word: &[u8]) -> usize {
    let letter = |i: usize| word.get(i).map_or(0, |b| usize::from((b | 0x20).wrapping_sub(b'a')) % 26);
    letter(0) * 676 + letter(1) * 26 + letter(2)
}

fn is_core(known: &Cores, bytes: &[u8], start: usize, end: usize) -> bool {
    let index = beginning(&bytes[start..end]);
    if known.beginnings[index / 64] & (1 << (index % 64)) == 0 {
        return false;
    }
    let mut low = [0; LONGEST];
    let Some(rule) = lower(&bytes[start..end], &mut low).and_then(|word| known.words.get(word)) else {
        return false;
    };
    let before = |words: &[&str]| word_is(bytes, word_before(bytes, start), words);
    let led = |place: (usize, usize)| lowered(bytes, place, leads_to_any);
    let behind = |words: &[&str]| word_is(bytes, word_behind(bytes, end), words);
    match rule {
        Rule::Always => true,
        Rule::Named => {
            bytes[start].is_ascii_uppercase() || bytes.len() < SHORT || led(word_before(bytes, start))
        }
        Rule::Month => {
            let led = lowered(bytes, word_before(bytes, start), |word| leads(word, To::CommonMonth));
            bytes[start].is_ascii_uppercase() || bytes.len() < SHORT || led
        }
        Rule::Behind(words) => before(words) || bytes.len() < SHORT,
        Rule::Before(words) => behind(words),
        Rule::Hour => {
            before(AT) || behind(&["am", "pm", "a", "p", "o", "oclock", "fifteen", "thirty", "forty", "past"])
        }
        Rule::Ordinal => {
            let (the, to) = word_before(bytes, start);
            let named = word_is(bytes, (the, to), &["the"]) && led(word_before(bytes, the));
            named || led((the, to)) || behind(&["thing"])
        }
        Rule::Event => leads_to_event(bytes, end),
    }
}

/// No core is longer.
const LONGEST: usize = 16;

/// A text this short may be nothing but a time.
const SHORT: usize = 16;

fn lower<'b>(word: &[u8], low: &'b mut [u8; LONGEST]) -> Option<&'b str> {
    let low = low.get_mut(..word.len())?;
    low.copy_from_slice(word);
    low.make_ascii_lowercase();
    std::str::from_utf8(low).ok()
}

fn word_is(bytes: &[u8], place: (usize, usize), words: &[&str]) -> bool {
    lowered(bytes, place, |word| words.contains(&word))
}

/// Whether there is a word at this place that, in small letters, is as asked.
fn lowered(bytes: &[u8], (from, to): (usize, usize), is: impl Fn(&str) -> bool) -> bool {
    let mut low = [0; LONGEST];
    from < to && lower(&bytes[from..to], &mut low).is_some_and(is)
}

/// The word that ends before `at`, with nothing but blanks between; empty where there is none.
fn word_before(bytes: &[u8], at: usize) -> (usize, usize) {
    let end = (0..at).rev().take(4).find(|i| !bytes[*i].is_ascii_whitespace()).map_or(at, |i| i + 1);
    let from =
        (0..end).rev().take(LONGEST).take_while(|i| bytes[*i].is_ascii_alphabetic()).last().unwrap_or(end);
    (from, end)
}

fn word_behind(bytes: &[u8], at: usize) -> (usize, usize) {
    let from = (at..bytes.len()).take(4).find(|i| !bytes[*i].is_ascii_whitespace()).unwrap_or(at);
    let to = (from..bytes.len()).take(LONGEST).take_while(|i| bytes[*i].is_ascii_alphabetic()).last();
    (from, to.map_or(from, |i| i + 1))
}

/// Whether one of the next five words is an event.
fn leads_to_event(bytes: &[u8], at: usize) -> bool {
    let mut end = at;
    for _ in 0..5 {
        let (from, to) = word_behind(bytes, end);
        if from == to {
            return false;
        }
        if word_is(bytes, (from, to), EVENTS) {
            return true;
        }
        end = to;
    }
    false
}

/// Digits that may be part of a time: not too many, and no price.
fn may_be_time(bytes: &[u8], start: usize, end: usize) -> bool {
    let len = end - start;
    let price = 0 < start && matches!(bytes[start - 1], b'$' | b'#');
    len <= 8 && !price
}

/// A gap between words at least [`BEFORE`] bytes back, or so far back as may be.
fn back_to_gap(bytes: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(BEFORE);
    let gap = (from.saturating_sub(40)..from).rev().find(|i| bytes[*i].is_ascii_whitespace());
    if from == 0 { 0 } else { gap.unwrap_or(from) }
}

fn on_to_gap(bytes: &[u8], at: usize) -> usize {
    let to = (at + BEHIND).min(bytes.len());
    let limit = (to + 40).min(bytes.len());
    (to..limit).find(|i| bytes[*i].is_ascii_whitespace()).unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn everyday_words_are_passed_over() {
        let texts = [
            "Thank you for your e-mail about the lease and the questions that you raised in it.",
            "I am attaching a copy of the draft with our comments, and may call you when it is signed.",
            "It seems to us that the second schedule was never meant to cover repairs to the roof.",
            "We sat with the other side before they had any instructions; the call was short.",
            "Please let me know at the earliest whether you are content with the first draft.",
            "Our fees for the work so far are within the estimate, and play no part in the review.",
            "He said one thing, then two others, and for the meeting there was no agenda.",
        ];
        for text in texts {
            let found: Vec<&str> = places(text).iter().map(|(from, to)| &text[*from..*to]).collect();
            assert!(found.is_empty(), "{found:?}");
        }
    }
}
