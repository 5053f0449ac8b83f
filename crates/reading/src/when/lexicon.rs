//! What each word can be, looked up once for each token.
//!
//! A pattern asks a bit of the token before it looks further, so that most tokens cost nothing.

use std::sync::LazyLock;

use jiff::civil::Weekday;
use rustc_hash::FxHashMap;

use super::span::Unit;
use super::{feast, holiday};

/// What a word can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Entry {
    /// One to nineteen; 0 for none.
    pub(super) small: u8,
    /// Twenty to ninety; 0 for none.
    pub(super) tens: u8,
    /// First to twentieth, and thirtieth; 0 for none.
    pub(super) ordinal: u8,
    /// January is 1; 0 for none.
    pub(super) month: u8,
    pub(super) weekday: Option<Weekday>,
    /// "Fridays".
    pub(super) weekdays: Option<Weekday>,
    pub(super) unit: Option<Unit>,
    /// Which patterns may begin here: [`DAY`] and its kin.
    pub(super) begins: u16,
}

pub(super) const DAY: u16 = 1;
pub(super) const CLOCK: u16 = 2;
pub(super) const PART: u16 = 4;
pub(super) const PERIOD: u16 = 8;
pub(super) const SET: u16 = 16;
pub(super) const LIMIT: u16 = 32;
pub(super) const AMOUNT: u16 = 64;
pub(super) const COUNTED: u16 = 128;
pub(super) const OPEN: u16 = 256;
pub(super) const HOLIDAY: u16 = 512;
/// Without such a word (or digits) near, nothing is a time.
pub(super) const CORE: u16 = 1024;
/// "this", "next", "last" and the articles.
pub(super) const WHICH: u16 = 2048;
/// Begins a moment: "at", "around".
pub(super) const MOMENT: u16 = 4096;

static LEXICON: LazyLock<FxHashMap<&'static str, Entry>> = LazyLock::new(lexicon);

/// What a word in lower case can be.
pub(super) fn look_up(word: &str) -> Entry {
    if 18 < word.len() { Entry::default() } else { LEXICON.get(word).copied().unwrap_or_default() }
}

/// What a run of digits can begin.
pub(super) const DIGITS: Entry = Entry {
    small: 0,
    tens: 0,
    ordinal: 0,
    month: 0,
    weekday: None,
    weekdays: None,
    unit: None,
    begins: DAY | CLOCK | PERIOD | SET | AMOUNT | COUNTED | CORE | MOMENT,
};

/// What a mark can begin.
pub(super) fn mark(text: &str) -> Entry {
    let begins = match text {
        "@" => MOMENT,
        "½" | "¼" | "¾" => AMOUNT | COUNTED | CORE,
        _ => 0,
    };
    Entry { begins, ..Entry::default() }
}

/// Some pattern begins with it.
pub(super) const ANY: u16 = DAY | CLOCK | PART | PERIOD | SET | LIMIT | AMOUNT | COUNTED | OPEN | MOMENT;

const SMALL: [&str; 19] = [
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
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS: [&str; 20] = [
    "first",
    "second",
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
];
const MONTHS: [&[&str]; 12] = [
    &["january", "jan"],
    &["february", "feb", "febuary"],
    &["march", "mar"],
    &["april", "apr"],
    &["may"],
    &["june", "jun"],
    &["july", "jul"],
    &["august", "aug"],
    &["september", "sept", "sep"],
    &["october", "oct"],
    &["november", "nov"],
    &["december", "dec"],
];
const WEEKDAYS: [(Weekday, &[&str], &str); 7] = [
    (Weekday::Monday, &["monday", "mon"], "mondays"),
    (Weekday::Tuesday, &["tuesday", "tues", "tue"], "tuesdays"),
    (Weekday::Wednesday, &["wednesday", "weds", "wed", "wednsday"], "wednesdays"),
    (Weekday::Thursday, &["thursday", "thurs", "thur", "thu"], "thursdays"),
    (Weekday::Friday, &["friday", "fri"], "fridays"),
    (Weekday::Saturday, &["saturday", "sat"], "saturdays"),
    (Weekday::Sunday, &["sunday", "sun"], "sundays"),
];
const UNITS: [(Unit, &[&str]); 11] = [
    (Unit::Second, &["second", "seconds", "sec", "secs"]),
    (Unit::Minute, &["minute", "minutes", "min", "mins"]),
    (Unit::Hour, &["hour", "hours", "hr", "hrs", "h"]),
    (Unit::Day, &["day", "days", "night", "nights", "d"]),
    (Unit::WorkingDay, &["bd", "workday", "workdays", "weekday", "weekdays"]),
    (Unit::Weekend, &["weekend", "weekends"]),
    (Unit::Week, &["week", "weeks", "wk", "wks", "w"]),
    (Unit::Fortnight, &["fortnight", "fortnights"]),
    (Unit::Month, &["month", "months", "mth", "mths"]),
    (Unit::Quarter, &["quarter", "quarters", "qtr", "qtrs"]),
    (Unit::Year, &["year", "years", "yr", "yrs"]),
];

/// First words of patterns, beside numbers, months and weekdays.
const FIRST: &[(&[&str], u16)] = &[
    (&["today", "todays", "tomorrow", "tomorrows", "yesterday", "yesterdays"], DAY | PART | CORE | MOMENT),
    (&["otd", "tomorow", "tommorrow", "tommorow", "tmrw", "tmr"], DAY | CORE | MOMENT),
    (&["the"], DAY | CLOCK | PART | PERIOD | SET | WHICH | AMOUNT | MOMENT),
    (&["this", "current", "present"], DAY | PART | PERIOD | WHICH | MOMENT),
    (&["next", "following", "coming", "upcoming"], DAY | PART | PERIOD | WHICH | MOMENT),
    (&["last", "previous", "prior", "past", "final"], DAY | PART | PERIOD | WHICH | MOMENT),
    (&["around"], DAY | PERIOD | WHICH | AMOUNT | MOMENT),
    (&["same", "that"], DAY | PERIOD | WHICH),
    (&["day"], DAY | CORE),
    (&["on"], DAY | PART | MOMENT | LIMIT),
    (&["noon", "noonish", "midday", "midnight"], CLOCK | CORE | MOMENT),
    (&["mid", "middle", "midweek"], CLOCK | PART | PERIOD | MOMENT | CORE),
    (&["half"], CLOCK | AMOUNT | MOMENT | CORE),
    (&["quarter"], CLOCK | AMOUNT | MOMENT | PERIOD | CORE),
    (&["a", "an"], CLOCK | AMOUNT | MOMENT),
    (&["couple", "few", "several", "some", "dozen", "hundred"], AMOUNT),
    (&["about", "approximately", "roughly"], AMOUNT | MOMENT),
    (&["another", "only", "more", "less"], AMOUNT | COUNTED),
    (&["at"], PART | PERIOD | AMOUNT | MOMENT | OPEN),
    (&["circa", "sometime"], MOMENT),
    (&["cob", "eod", "cop", "eob", "e", "c"], PART | CORE | MOMENT),
    (&["close", "end"], PART | PERIOD | CORE | MOMENT),
    (&["early", "earlier", "late", "later"], DAY | PART | PERIOD | MOMENT | LIMIT),
    (&["in", "during"], PART | COUNTED | OPEN | MOMENT | LIMIT),
    (&["morning", "morn", "afternoon", "afternoonish", "arvo", "evening", "eve"], PART | CORE | MOMENT),
    (&["tonight", "tonite", "tonights", "lunch", "lunchtime", "daytime"], PART | CORE | MOMENT),
    (&["breakfast", "school", "work", "thing", "play", "business"], CORE),
    (&["am", "pm"], PART),
    (&["after", "before"], PART | COUNTED | LIMIT | MOMENT | OPEN),
    (&["w", "wc", "wk"], PERIOD | CORE),
    (&["q", "h", "cy", "calendar"], PERIOD),
    (&["eom", "bom", "boy", "eoy", "eow", "eoq"], PERIOD | CORE),
    (&["beginning", "start"], PERIOD | LIMIT),
    (&["rest", "remainder", "throughout", "latter"], PERIOD),
    (&["all"], PERIOD | SET | AMOUNT),
    (&["wkend", "workweek", "week", "weekend", "month", "year", "decade", "decades"], PERIOD | CORE),
    (&["spring", "summer", "autumn", "fall", "winter"], CORE),
    (&["every", "each"], SET),
    (&["any"], SET | LIMIT | MOMENT),
    (&["once", "twice"], SET | OPEN | CORE),
    (&["per"], SET),
    (
        &["everyday", "daily", "nightly", "weekly", "fortnightly", "biweekly", "monthly", "bimonthly"],
        SET | CORE,
    ),
    (
        &["quarterly", "annually", "yearly", "semiannual", "semiannually", "biannual", "biannually"],
        SET | CORE,
    ),
    (&["bi", "semi", "weekends", "mornings", "afternoons", "evenings", "nights"], SET | CORE),
    (&["weekdays"], SET | CORE),
    (&["annual"], CORE),
    (&["by", "no", "not", "as", "latest", "due", "ahead", "sooner", "up", "until", "untill"], LIMIT | OPEN),
    (
        &["till", "til", "through", "greater", "anytime", "with", "starting", "since", "from"],
        LIMIT | COUNTED | OPEN,
    ),
    (&["prior", "earlier", "later", "following"], LIMIT | OPEN),
    (&["within", "inside", "over", "for"], COUNTED | MOMENT),
    (&["between"], COUNTED | LIMIT),
    (&["asap", "immediately", "straightaway", "atm", "soon", "convenience"], OPEN | CORE),
    (&["now", "moment", "date", "away"], OPEN | CORE),
    (&["present", "time", "thousand"], CORE),
    (&["right", "just", "straight", "to", "upon"], OPEN),
    (&["clock", "oclock"], CORE),
];

fn lexicon() -> FxHashMap<&'static str, Entry> {
    let mut words: FxHashMap<&'static str, Entry> = FxHashMap::default();
    let number = CLOCK | DAY | PERIOD | SET | AMOUNT | COUNTED | MOMENT | CORE;
    for (n, word) in SMALL.iter().enumerate() {
        let entry = words.entry(word).or_default();
        (entry.small, entry.begins) = (n as u8 + 1, number);
    }
    for (n, word) in TENS.iter().enumerate() {
        let entry = words.entry(word).or_default();
        (entry.tens, entry.begins) = ((n as u8 + 2) * 10, number);
    }
    let ordinals = ORDINALS.iter().enumerate().map(|(n, word)| (n as u8 + 1, *word));
    for (n, word) in ordinals.chain([(30, "thirtieth")]) {
        let entry = words.entry(word).or_default();
        (entry.ordinal, entry.begins) = (n, DAY | PERIOD | SET | PART | MOMENT | CORE);
    }
    for (month, names) in (1..).zip(MONTHS) {
        for name in names {
            let entry = words.entry(name).or_default();
            (entry.month, entry.begins) = (month, DAY | PERIOD | MOMENT | CORE);
        }
    }
    for (weekday, names, plural) in WEEKDAYS {
        for name in names {
            let entry = words.entry(name).or_default();
            (entry.weekday, entry.begins) = (Some(weekday), DAY | SET | MOMENT | CORE);
        }
        let entry = words.entry(plural).or_default();
        (entry.weekdays, entry.begins) = (Some(weekday), SET | CORE);
    }
    for (unit, names) in UNITS {
        for name in names {
            let entry = words.entry(name).or_default();
            entry.unit = Some(unit);
            entry.begins |= CORE;
        }
    }
    words.entry("decade").or_default().unit = Some(Unit::Decade);
    words.entry("decades").or_default().unit = Some(Unit::Decade);
    for (names, begins) in FIRST {
        for name in *names {
            words.entry(name).or_default().begins |= begins;
        }
    }
    for event in super::phrase::EVENTS {
        words.entry(event).or_default().begins |= CORE;
    }
    for word in holiday::first_words().chain(feast::first_words()) {
        words.entry(word).or_default().begins |= HOLIDAY | DAY | PERIOD | MOMENT | CORE;
    }
    words
}
