//! Days with a name: Christmas, Easter, Thanksgiving, bank holidays.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use rustc_hash::FxHashMap;

use super::day::Which;
use super::lexicon::HOLIDAY;
use super::read::{Node, Reader};

/// How a holiday's date is found in a year.
#[derive(Clone, Copy)]
enum Rule {
    Fixed(i8, i8),
    /// The nth such weekday of a month; negative counts from its end.
    Nth(i8, i8, Weekday),
    /// Days after Easter Sunday.
    Easter(i64),
    /// Days after the Easter of the Eastern churches.
    EastEaster(i64),
    /// The working day nearest to a date.
    Nearest(i8, i8),
    /// Days after another rule: the day after Thanksgiving.
    AfterThanksgiving(i64),
}

use Rule::{AfterThanksgiving, EastEaster, Easter, Fixed, Nearest, Nth};
use Weekday::{Monday, Sunday, Thursday};

/// Names in lower case, without apostrophes and "day", longest first where one begins another.
const HOLIDAYS: &[(&str, Rule)] = &[
    ("new years eve", Fixed(12, 31)),
    ("new year eve", Fixed(12, 31)),
    ("new years", Fixed(1, 1)),
    ("new year", Fixed(1, 1)),
    ("christmas eve", Fixed(12, 24)),
    ("xmas eve", Fixed(12, 24)),
    ("christmas", Fixed(12, 25)),
    ("xmas", Fixed(12, 25)),
    ("boxing", Fixed(12, 26)),
    ("st stephens", Fixed(12, 26)),
    ("good friday", Easter(-2)),
    ("easter monday", Easter(1)),
    ("easter sunday", Easter(0)),
    ("easter saturday", Easter(-1)),
    ("easter", Easter(0)),
    ("palm sunday", Easter(-7)),
    ("maundy thursday", Easter(-3)),
    ("ash wednesday", Easter(-46)),
    ("shrove tuesday", Easter(-47)),
    ("pancake tuesday", Easter(-47)),
    ("pancake", Easter(-47)),
    ("mardi gras", Easter(-47)),
    ("ascension", Easter(39)),
    ("pentecost", Easter(49)),
    ("whit sunday", Easter(49)),
    ("whit monday", Easter(50)),
    ("trinity sunday", Easter(56)),
    ("corpus christi", Easter(60)),
    ("orthodox easter monday", EastEaster(1)),
    ("orthodox easter sunday", EastEaster(0)),
    ("orthodox easter", EastEaster(0)),
    ("orthodox good friday", EastEaster(-2)),
    ("orthodox great friday", EastEaster(-2)),
    ("orthodox ash monday", EastEaster(-48)),
    ("clean monday", EastEaster(-48)),
    ("orthodox palm sunday", EastEaster(-7)),
    ("valentines", Fixed(2, 14)),
    ("valentine", Fixed(2, 14)),
    ("st patricks", Fixed(3, 17)),
    ("st patrick", Fixed(3, 17)),
    ("st paddys", Fixed(3, 17)),
    ("saint patricks", Fixed(3, 17)),
    ("saint patrick", Fixed(3, 17)),
    ("saint paddys", Fixed(3, 17)),
    ("st georges", Fixed(4, 23)),
    ("st andrews", Fixed(11, 30)),
    ("st davids", Fixed(3, 1)),
    ("burns night", Fixed(1, 25)),
    ("april fools", Fixed(4, 1)),
    ("earth", Fixed(4, 22)),
    ("anzac", Fixed(4, 25)),
    ("australia", Fixed(1, 26)),
    ("waitangi", Fixed(2, 6)),
    ("canada", Fixed(7, 1)),
    ("bastille", Fixed(7, 14)),
    ("may", Fixed(5, 1)),
    ("international workers", Fixed(5, 1)),
    ("international womens", Fixed(3, 8)),
    ("groundhog", Fixed(2, 2)),
    ("epiphany", Fixed(1, 6)),
    ("all saints", Fixed(11, 1)),
    ("all souls", Fixed(11, 2)),
    ("guy fawkes", Fixed(11, 5)),
    ("bonfire night", Fixed(11, 5)),
    ("remembrance sunday", Nth(2, 11, Sunday)),
    ("remembrance", Fixed(11, 11)),
    ("veterans", Fixed(11, 11)),
    ("armistice", Fixed(11, 11)),
    ("halloween", Fixed(10, 31)),
    ("hallowe en", Fixed(10, 31)),
    ("world vegan", Fixed(11, 1)),
    ("independence", Fixed(7, 4)),
    ("juneteenth", Fixed(6, 19)),
    ("cinco de mayo", Fixed(5, 5)),
    ("flag", Fixed(6, 14)),
    ("tax", Fixed(4, 15)),
    ("rabindra jayanti", Fixed(5, 9)),
    ("rabindranath jayanti", Fixed(5, 9)),
    ("labor", Nth(1, 9, Monday)),
    ("labour", Nth(1, 9, Monday)),
    ("memorial", Nth(-1, 5, Monday)),
    ("victoria", Nth(-1, 5, Monday)),
    ("columbus", Nth(2, 10, Monday)),
    ("indigenous peoples", Nth(2, 10, Monday)),
    ("presidents", Nth(3, 2, Monday)),
    ("washingtons birthday", Nth(3, 2, Monday)),
    ("martin luther king jr", Nth(3, 1, Monday)),
    ("martin luther kings", Nth(3, 1, Monday)),
    ("martin luther king", Nth(3, 1, Monday)),
    ("mlk jr", Nth(3, 1, Monday)),
    ("mlk", Nth(3, 1, Monday)),
    ("thanksgiving", AfterThanksgiving(0)),
    ("black friday", AfterThanksgiving(1)),
    ("cyber monday", AfterThanksgiving(4)),
    ("mothers", Nth(2, 5, Sunday)),
    ("mothering sunday", Easter(-21)),
    ("fathers", Nth(3, 6, Sunday)),
    ("bosss", Nearest(10, 16)),
    ("bosses", Nearest(10, 16)),
    ("boss", Nearest(10, 16)),
    ("early may bank holiday", Nth(1, 5, Monday)),
    ("may bank holiday", Nth(1, 5, Monday)),
    ("spring bank holiday", Nth(-1, 5, Monday)),
    ("august bank holiday", Nth(-1, 8, Monday)),
    ("summer bank holiday", Nth(-1, 8, Monday)),
    ("administrative professionals", Nth(4, 4, Weekday::Wednesday)),
    ("election", Nth(1, 11, Weekday::Tuesday)),
    ("grandparents", Nth(1, 9, Sunday)),
    ("super thursday", Nth(1, 5, Thursday)),
];

/// Names that need "day" behind them: without it they are everyday words.
const NEEDS_DAY: &[&str] = &[
    "boxing",
    "valentine",
    "pancake",
    "earth",
    "australia",
    "canada",
    "may",
    "international workers",
    "international womens",
    "independence",
    "flag",
    "tax",
    "labor",
    "labour",
    "memorial",
    "victoria",
    "columbus",
    "presidents",
    "mothers",
    "fathers",
    "veterans",
    "remembrance",
    "ascension",
    "anzac",
    "waitangi",
    "bastille",
    "groundhog",
    "armistice",
    "election",
    "grandparents",
    "martin luther king",
    "mlk",
    "st georges",
    "st andrews",
    "st davids",
    "saint patricks",
    "administrative professionals",
    "st stephens",
    "indigenous peoples",
    "martin luther king jr",
    "martin luther kings",
    "bosses",
    "boss",
    "april fools",
    "new year",
];

/// The names that begin with a word, or with a word and the s of "valentine's".
static BY_FIRST_WORD: LazyLock<FxHashMap<&str, Vec<(&str, Rule)>>> = LazyLock::new(|| {
    let mut names: FxHashMap<&str, Vec<(&str, Rule)>> = FxHashMap::default();
    for (name, rule) in HOLIDAYS {
        let first = name.split(' ').next().unwrap_or(name);
        let stem = first.strip_suffix('s').filter(|stem| !stem.is_empty());
        for word in [Some(first), stem].into_iter().flatten() {
            names.entry(word).or_default().push((name, *rule));
        }
    }
    names
});

/// The words that holidays' names begin with, also without the s of "valentine's".
pub(super) fn first_words() -> impl Iterator<Item = &'static str> {
    HOLIDAYS.iter().filter_map(|(name, _)| name.split(' ').next()).flat_map(|word| {
        let stem = word.strip_suffix('s').filter(|stem| !stem.is_empty());
        [Some(word), stem].into_iter().flatten()
    })
}

impl Reader<'_> {
    /// A holiday by name, of a year where one is said, else the coming one.
    pub(super) fn holiday(&self, i: usize) -> Option<Node> {
        let (which, start) = match self.which(i) {
            Some((which, at)) => (Some(which), at),
            None => (None, self.skip(i, &["the"])),
        };
        let (rule, next) = self.holiday_name(start)?;
        self.in_year(which, next, |year| rule.date(self, year))
    }

    /// The holiday at `i` in the year said at `at`: "Halloween weekend 2021".
    pub(super) fn holiday_of_year(&self, i: usize, at: usize) -> Option<Node> {
        let (rule, _) = self.holiday_name(self.skip(i, &["the"]))?;
        let (year, next) = self.year(at)?;
        Some(Node::day(next, rule.date(self, year)?))
    }

    fn holiday_name(&self, i: usize) -> Option<(Rule, usize)> {
        if !self.begins(i, HOLIDAY) {
            return None;
        }
        let mut best: Option<(Rule, usize)> = None;
        for (name, rule) in BY_FIRST_WORD.get(self.word(i))? {
            let Some(next) = self.name(i, name) else { continue };
            let day = self.skip(next, &["day"]);
            if day == next && NEEDS_DAY.contains(name) && !(*name == "new year" || *name == "boss") {
                continue;
            }
            if (*name == "new year" || *name == "boss")
                && day == next
                && !self.is(i.max(1) - 1, &["before", "after"])
            {
                continue;
            }
            if best.is_none_or(|(_, end)| end < day) {
                best = Some((*rule, day));
            }
        }
        best
    }

    /// The words of a name in a row; an apostrophe in the text may stand or be missing.
    pub(super) fn name(&self, i: usize, name: &str) -> Option<usize> {
        let mut at = i;
        for part in name.split(' ') {
            at = if i < at { self.skip(at, &[".", "-", "'"]) } else { at };
            let word = self.word(at);
            if word == part {
                // "workers' day"
                let plural = part.ends_with('s') && self.word(at + 1) == "'" && self.glued(at + 1);
                at += if plural { 2 } else { 1 };
                continue;
            }
            // "valentine's" for "valentines", "boss's" for "bosss"
            let stem = part.strip_suffix('s').filter(|stem| *stem == word)?;
            let end = self.possessive(at + 1);
            if end != at + 3 || stem.is_empty() {
                return None;
            }
            at = end;
        }
        (i < at).then_some(at)
    }

    /// The day of a yearly feast in the year said, else the coming one (or the last, where that is said).
    pub(super) fn in_year(
        &self,
        which: Option<Which>,
        next: usize,
        date_of: impl Fn(i16) -> Option<Date>,
    ) -> Option<Node> {
        let of = self.skip(self.skip(next, &["of", "in", ","]), &["the"]);
        let this = self.today().year();
        if let Some((year, after)) = self.year_from_now(next) {
            return Some(Node::day(after, date_of(year)?));
        }
        if let Some((year, after)) = self.year(of) {
            return Some(Node::day(after, date_of(year)?));
        }
        if let Some((which, at)) = self.which(of)
            && self.word(at) == "year"
        {
            let year = this.checked_add(which.weeks() as i16)?;
            return Some(Node::day(at + 1, date_of(year)?));
        }
        let today = self.today();
        let back = which.is_some_and(|w| w.weeks() < 0);
        let years = this.saturating_sub(1)..=this.saturating_add(2);
        let date = if back || self.looks_back {
            years.rev().filter_map(date_of).find(|d| *d < today)?
        } else {
            let strict = which.is_some_and(|w| 0 < w.weeks());
            years.filter_map(date_of).find(|d| today < *d || (!strict && *d == today))?
        };
        let node = Node { past: back, ..Node::day(next, date) };
        Some(if which.is_some() { node } else { node.floating() })
    }
}

impl Rule {
    fn date(self, reader: &Reader, year: i16) -> Option<Date> {
        match self {
            Fixed(month, day) => Date::new(year, month, day).ok(),
            Nth(n, month, weekday) => nth(year, month, weekday, n),
            Easter(days) => reader.days_on(easter(year)?, days),
            EastEaster(days) => reader.days_on(east_easter(year)?, days),
            Nearest(month, day) => {
                let date = Date::new(year, month, day).ok()?;
                match date.weekday() {
                    Weekday::Saturday => date.yesterday().ok(),
                    Weekday::Sunday => date.tomorrow().ok(),
                    _ => Some(date),
                }
            }
            AfterThanksgiving(days) => reader.days_on(nth(year, 11, Thursday, 4)?, days),
        }
    }
}

fn nth(year: i16, month: i8, weekday: Weekday, n: i8) -> Option<Date> {
    Date::new(year, month, 1).ok()?.nth_weekday_of_month(n, weekday).ok()
}

/// Easter Sunday of the Gregorian calendar, after the anonymous algorithm of 1876.
pub fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - b / 4 - g + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let day = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(day / 31).ok()?, i8::try_from(day % 31 + 1).ok()?).ok()
}

/// Easter Sunday of the Julian calendar, as a date of ours.
pub(super) fn east_easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let d = (19 * (y % 19) + 15) % 30;
    let e = (2 * (y % 4) + 4 * (y % 7) - d + 34) % 7;
    let day = d + e + 114;
    let julian = Date::new(year, i8::try_from(day / 31).ok()?, i8::try_from(day % 31 + 1).ok()?).ok()?;
    let lag = y / 100 - y / 400 - 2;
    julian.checked_add(lag.days()).ok()
}
