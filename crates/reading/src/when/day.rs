//! Calendar days: "tomorrow", "next Tuesday", "3 March", "the 14th", "the first Monday of May".

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::lexicon::{DAY, WHICH};
use super::read::{Node, Reader, longer};

/// Which one of a recurring name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    This,
    Next,
    Last,
    /// "this past Wednesday": the most recent.
    Past,
    /// "the coming Thursday": the next there is.
    Coming,
}

/// Words with which a sentence goes on after a day: what follows is no thing that the day's number counts.
const GOES_ON: &[&str] = &[
    "and", "or", "if", "so", "but", "when", "because", "since", "though", "unless", "which", "that", "then",
    "it", "we", "you", "i", "please", "thanks", "hahaha", "not",
];
/// Words that tie the day to what it is for, or to another time; articles and owners begin a thing of their own.
const TIES: &[&str] = &[
    "at", "to", "for", "as", "in", "with", "from", "before", "after", "between", "until", "till", "by", "of",
    "around", "through", "on", "onwards", "this", "next", "latest", "my", "our", "your", "their", "a", "the",
];
/// Words by which the day is or does something.
const IS_DONE: &[&str] = &["is", "was", "would", "will", "should", "may", "can", "could", "work", "works"];
/// Parts of the day.
const TELLS_HOURS: &[&str] = &["morning", "afternoon", "evening", "noon"];

impl Reader<'_> {
    /// A calendar day, however it is named.
    pub(super) fn day(&self, i: usize) -> Option<Node> {
        if !self.begins(i, DAY) {
            return None;
        }
        let named = longer(self.relative_day(i), self.weekday_day(i));
        let dated = longer(self.dated(i), longer(self.holiday(i), self.feast(i)));
        longer(longer(named, dated), self.nth(i))
    }

    /// "today", "the day after tomorrow".
    fn relative_day(&self, i: usize) -> Option<Node> {
        let start = self.skip(i, &["the"]);
        let (days, next) = match (self.word(start), self.word(start + 1), self.word(start + 2)) {
            ("today" | "todays" | "otd", ..) => (0, start + 1),
            ("tomorrow" | "tomorrows" | "tomorow" | "tommorrow" | "tommorow" | "tmrw" | "tmr", ..) => {
                (1, start + 1)
            }
            ("yesterday" | "yesterdays", ..) => (-1, start + 1),
            ("day", "after", "tomorrow") => (2, start + 3),
            ("day", "before", "yesterday") => (-2, start + 3),
            ("next" | "following", "day", _) if i < start || self.word(i + 2) != "s" => (1, start + 2),
            ("day", "after", next) if i < start && !self.is_word(next) => (1, start + 2),
            ("previous", "day", _) => (-1, start + 2),
            ("current", "date", _) => (0, start + 2),
            ("later", "today", _) => (0, start + 2),
            ("same", "day", _) if self.tokens.len() < 4 => (0, start + 2),
            _ => return None,
        };
        let date = self.days_on(self.today(), days)?;
        let node = Node::day(self.possessive(next), date);
        // "tomorrow, 13/04/21": the date says which day is meant.
        let comma = self.skip(node.next, &[",", "("]);
        match self.numeric_date(comma).or_else(|| self.month_date(comma, None)) {
            Some(dated) if node.next < comma && 0 <= days => {
                Some(dated.ending(self.skip(dated.next, &[")"])))
            }
            _ => Some(Node { past: days < 0, ..node }),
        }
    }

    fn is_word(&self, word: &str) -> bool {
        word.chars().next().is_some_and(char::is_alphanumeric)
    }

    /// "this", "next", "last" and their kin.
    pub(super) fn which(&self, i: usize) -> Option<(Which, usize)> {
        if !self.begins(i, WHICH) {
            return None;
        }
        let i = self.skip(i, &["the", "around"]);
        if self.word(i) == "this" && self.is(i + 1, &["past", "last"]) {
            return Some((Which::Past, i + 2));
        }
        if self.word(i) == "this" && self.is(i + 1, &["coming", "upcoming", "next"]) {
            return Some((Which::Coming, i + 2));
        }
        let which = match self.word(i) {
            "this" | "current" | "present" => Which::This,
            "next" | "following" => Which::Next,
            "coming" | "upcoming" => Which::Coming,
            "last" if self.lasts(i) => return None,
            "last" | "previous" | "prior" => Which::Last,
            "past" => Which::Past,
            _ => return None,
        };
        Some((which, i + 1))
    }

    /// "will last two hours": the verb.
    fn lasts(&self, i: usize) -> bool {
        0 < i
            && self.is(
                i - 1,
                &[
                    "will", "to", "t", "would", "should", "may", "might", "could", "can", "must", "not",
                    "ll", "usually",
                ],
            )
    }

    /// A date with a month or in digits, or the day of a month.
    fn dated(&self, i: usize) -> Option<Node> {
        let (which, at) = match self.which(i) {
            Some((which, at)) => (Some(which), at),
            None => (None, i),
        };
        let reader = Reader { looks_back: self.looks_back || which.is_some_and(|w| w.weeks() < 0), ..*self };
        longer(longer(reader.month_date(at, None), reader.numeric_date(at)), reader.day_of_month(at, None))
    }

    /// "the 15th", "on the 3rd of this month", "15th day of next month".
    pub(super) fn day_of_month(&self, i: usize, weekday: Option<Weekday>) -> Option<Node> {
        let the = self.skip(i, &["the"]);
        let (day, next) = match self.ordinal(the) {
            Some(found) => found,
            None if (weekday.is_some() && self.no_hour(the)) || self.follows_on(i, the) => {
                self.digits(the).map(|(n, _)| (n, the + 1))?
            }
            None => {
                // "20 of this month"
                let (n, next) = self
                    .digits(the)
                    .map(|(n, _)| (n, the + 1))
                    .filter(|(_, next)| self.word(*next) == "of")?;
                return self.day_of_named_month(i8::try_from(n).ok().filter(|d| (1..=31).contains(d))?, next);
            }
        };
        let day = i8::try_from(day).ok().filter(|d| (1..=31).contains(d))?;
        if let Some(node) = self.day_of_named_month(day, next) {
            return Some(node);
        }
        let plain = self.digits(the).is_some() && self.ordinal(the).is_some();
        let preposition = self.is(
            i.max(1) - 1,
            &[
                "by", "on", "before", "after", "until", "till", "from", "to", "and", "for", "since",
                "around", "than", "of", "between", "or", ",", "week",
            ],
        ) && 0 < i;
        // "one of the first" is no day
        let week = 1 < i && self.word(i - 1) == "of" && self.word(i - 2) == "week";
        let preposition =
            preposition && (plain || week || !self.is(i - 1, &["of", "and", "or", ",", "to", "for"]));
        let alone = i == 0 && the < i + 1 + usize::from(plain) && self.tokens.len() <= next + 1;
        if weekday.is_none() && !((plain && (preposition || i < the)) || (preposition && i < the) || alone) {
            return None;
        }
        if self.thing_follows(next) && weekday.is_none() {
            return None;
        }
        let date = self.coming_day_of_month(day, weekday)?;
        Some(Node::day(next, date).floating())
    }

    /// "Thursday 1pm", "Monday 6-8" name hours.
    fn no_hour(&self, i: usize) -> bool {
        self.clock(i, false).is_none() && !self.is(i + 1, &["-", "to", ":", ".", "am", "pm", "until", "till"])
            || (self.word(i + 1) == "." && !self.glued(i + 2) && self.clock(i, false).is_none())
    }

    /// "on the 17", "by the 3": digits after a preposition and "the".
    fn follows_on(&self, i: usize, the: usize) -> bool {
        i < the
            && 0 < i
            && self.is(i - 1, &["on", "by", "before", "until", "after", "than"])
            && self.digits(the).is_some_and(|(_, len)| len <= 2)
            && !self.glued(the + 1)
            && !self.starts_unit(the + 1)
    }

    /// "the 3rd party", "the 14th floor", "the first draft": no day.
    fn thing_follows(&self, i: usize) -> bool {
        let Some(token) = self.tokens.get(i) else { return false };
        if token.kind != super::token::Kind::Word {
            return self.word(i) == "-" && self.glued(i);
        }
        ![GOES_ON, TIES, IS_DONE, TELLS_HOURS].iter().any(|words| self.is(i, words))
    }

    fn day_of_named_month(&self, day: i8, i: usize) -> Option<Node> {
        let i = self.skip(i, &["day"]);
        let of = self.skip(self.skip(i, &["of", "in"]), &["the"]);
        let (which, at) = match self.which(of) {
            Some(found) => found,
            None if i < of && self.word(of.max(1) - 1) == "the" => (Which::This, of),
            None => return None,
        };
        let next = self.after(at, &["month"])?;
        let first = self.add(self.today().first_of_month(), (which.weeks() as i32).months())?;
        let date = Date::new(first.year(), first.month(), day).ok()?;
        Some(Node { past: which.weeks() < 0, ..Node::day(next, date) })
    }

    /// The next such day from today on (looking back: the last until today), on that weekday where one was said.
    fn coming_day_of_month(&self, day: i8, weekday: Option<Weekday>) -> Option<Date> {
        let today = self.today();
        let step = if self.looks_back { -1 } else { 1 };
        let first = today.first_of_month();
        (0..28i32).find_map(|n| {
            let month = self.add(first, (n * step).months())?;
            let date = Date::new(month.year(), month.month(), day).ok()?;
            let in_time = if self.looks_back { date <= today } else { today <= date };
            (in_time && weekday.is_none_or(|w| date.weekday() == w)).then_some(date)
        })
    }
}

impl Which {
    /// Weeks, months or years from the present one.
    pub(super) fn weeks(self) -> i64 {
        match self {
            Which::This => 0,
            Which::Next | Which::Coming => 1,
            Which::Last | Which::Past => -1,
        }
    }
}
