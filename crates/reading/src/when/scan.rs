//! Where in a text a date may stand.
//!
//! Every expression of time holds a word of [`CORES`] or a number. One pass over the bytes looks at word beginnings
//! only; what it passes over is never cut into tokens.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// So much of the text on both sides of a core may belong to its expression, or tell its tense.
const BEFORE: usize = 120;
const BEHIND: usize = 120;

/// Words without which (and without a number) nothing is a time.
const CORES: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mondays",
    "tuesdays",
    "wednesdays",
    "thursdays",
    "fridays",
    "saturdays",
    "sundays",
    "mon",
    "tue",
    "tues",
    "wed",
    "weds",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun",
    "wednsday",
    "january",
    "february",
    "febuary",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "today",
    "todays",
    "otd",
    "tomorrow",
    "tomorrows",
    "tomorow",
    "tommorrow",
    "tommorow",
    "tmrw",
    "tmr",
    "yesterday",
    "yesterdays",
    "tonight",
    "tonite",
    "tonights",
    "now",
    "atm",
    "date",
    "present",
    "moment",
    "once",
    "away",
    "immediately",
    "straightaway",
    "second",
    "seconds",
    "sec",
    "secs",
    "minute",
    "minutes",
    "min",
    "mins",
    "hour",
    "hours",
    "hr",
    "hrs",
    "day",
    "days",
    "night",
    "nights",
    "everyday",
    "workday",
    "workdays",
    "weekday",
    "weekdays",
    "weekend",
    "weekends",
    "wkend",
    "week",
    "weeks",
    "wk",
    "wks",
    "workweek",
    "midweek",
    "fortnight",
    "fortnights",
    "month",
    "months",
    "mth",
    "mths",
    "quarter",
    "quarters",
    "qtr",
    "qtrs",
    "year",
    "years",
    "yr",
    "yrs",
    "decade",
    "decades",
    "noon",
    "noonish",
    "midday",
    "midnight",
    "morning",
    "mornings",
    "afternoon",
    "afternoonish",
    "afternoons",
    "evening",
    "evenings",
    "daytime",
    "lunch",
    "lunchtime",
    "breakfast",
    "work",
    "school",
    "first",
    "cob",
    "eod",
    "cop",
    "eob",
    "play",
    "business",
    "eom",
    "bom",
    "eoy",
    "eow",
    "eoq",
    "wc",
    "oclock",
    "clock",
    "daily",
    "nightly",
    "weekly",
    "fortnightly",
    "biweekly",
    "monthly",
    "bimonthly",
    "quarterly",
    "annually",
    "yearly",
    "annual",
    "semiannual",
    "semiannually",
    "biannual",
    "biannually",
    "twice",
    "asap",
    "soon",
    "convenience",
    "am",
    "pm",
    "summer",
    "winter",
    "spring",
    "autumn",
    "hearing",
    "meeting",
    "trial",
    "call",
    "closing",
    "completion",
    "exchange",
    "deadline",
    "conference",
    "audit",
    "board",
    "filing",
    "launch",
    "event",
    "holidays",
    "holiday",
    "vacation",
    "leave",
    "interview",
    "appointment",
    "mediation",
    "deposition",
    "arbitration",
    "signing",
    "review",
    "session",
    "visit",
    "presentation",
    "workshop",
    "handover",
    "handoff",
    "election",
    "exam",
    "wedding",
    "move",
    "sale",
    "settlement",
    "judgment",
    "judgement",
    "decision",
    "ruling",
    "inspection",
    "survey",
    "valuation",
    "demo",
    "kickoff",
    "release",
    "trip",
    "discussion",
    "negotiations",
    "renewal",
    "expiry",
    "inquest",
    "tribunal",
    "inquiry",
    "assessment",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty",
    "thirtieth",
    "thirty",
    "christmas",
    "xmas",
    "easter",
    "thanksgiving",
    "halloween",
    "hallowe",
    "year's",
    "sunday's",
    "boxing",
    "eve",
    "valentines",
    "valentine",
    "gras",
    "juneteenth",
    "mlk",
    "pentecost",
    "epiphany",
    "ascension",
];

/// A bit for each beginning of three letters that some core has.
struct Cores {
    beginnings: [u64; 275 * 2],
    words: FxHashSet<&'static str>,
}

static KNOWN: LazyLock<Cores> = LazyLock::new(|| {
    let mut known = Cores { beginnings: [0; 550], words: CORES.iter().copied().collect() };
    for word in CORES {
        let index = beginning(word.as_bytes(), 0);
        known.beginnings[index / 64] |= 1 << (index % 64);
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
            is_core(known, &bytes[start..at])
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

/// The place of a word's first three letters in the table; shorter words count as filled up.
fn beginning(word: &[u8], fill: usize) -> usize {
    let letter = |i: usize| word.get(i).map_or(fill, |b| usize::from((b | 0x20).wrapping_sub(b'a')) % 26);
    letter(0) * 676 + letter(1) * 26 + letter(2)
}

fn is_core(known: &Cores, word: &[u8]) -> bool {
    let index = beginning(word, 0);
    if known.beginnings[index / 64] & (1 << (index % 64)) == 0 || 16 < word.len() {
        return false;
    }
    let mut low = [0; 16];
    low[..word.len()].copy_from_slice(word);
    low.make_ascii_lowercase();
    std::str::from_utf8(&low[..word.len()]).is_ok_and(|w| known.words.contains(w))
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
