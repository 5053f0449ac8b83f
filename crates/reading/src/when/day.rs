//! Calendar days: "tomorrow", "next Tuesday", "3 March", "the 14th", "the first Monday of May".

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Grain;
use super::lexicon::{DAY, WHICH};
use super::read::{Node, Reader, Value, longer};
use super::span::Unit;

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

impl Reader<'_> {
    /// A calendar day, however it is named.
    pub(super) fn day(&self, i: usize) -> Option<Node> {
        if !self.begins(i, DAY) {
            return None;
        }
        let named = longer(self.relative_day(i), self.weekday_day(i));
        let dated = longer(self.dated(i), self.holiday(i));
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

    /// "Friday", "next Tuesday", "Friday week", "Monday of next week", "next week on Tuesday", "a week on Friday".
    fn weekday_day(&self, i: usize) -> Option<Node> {
        if let Some(node) = self.week_then_weekday(i) {
            return Some(node);
        }
        let start = self.skip(i, &["on"]);
        let (which, at) = match self.which(start) {
            Some((which, at)) => (Some(which), at),
            None => (None, self.skip(start, &["the"])),
        };
        let at = self.skip(at, &["one"]);
        let (weekday, next) = self.weekday(at)?;
        if self.is(next, &["'"]) && self.word(next + 1) == "s" && self.digits(next + 2).is_none() {
            return Some(self.named_weekday(which, weekday, next + 2)?);
        }
        if let Some(node) = self.weekday_dated(weekday, which, next) {
            return Some(node);
        }
        self.weekday_tail(weekday, which, next).or_else(|| self.named_weekday(which, weekday, next))
    }

    /// "Friday 3 March", "Friday the 14th", "Friday (3/14)", "Friday-Jun-15".
    fn weekday_dated(&self, weekday: Weekday, which: Option<Which>, i: usize) -> Option<Node> {
        let at = self.skip(self.skip(i, &[",", "(", "-", "."]), &["the"]);
        let node = self.month_date(at, Some(weekday)).or_else(|| self.numeric_date(at)).or_else(|| {
            if matches!(which, None | Some(Which::This)) {
                self.day_of_month(at, Some(weekday))
            } else {
                None
            }
        })?;
        let closed = if self.word(at.max(1) - 1) == "(" { self.skip(node.next, &[")"]) } else { node.next };
        Some(node.ending(closed))
    }

    /// What may follow a weekday: "week", "after next", "of next week".
    fn weekday_tail(&self, weekday: Weekday, which: Option<Which>, i: usize) -> Option<Node> {
        let today = self.today();
        let of = self.skip(self.skip(i, &["of", "from", "in", ",", "-"]), &["the"]);
        if self.word(i) == "week" && which.is_none() && !self.starts_day_of_week(i) {
            let date = self.coming(weekday)?;
            return Some(Node::day(i + 1, self.days_on(date, 7)?));
        }
        if let Some(next) = self.after(i, &["fortnight"]) {
            return Some(Node::day(next, self.days_on(self.coming(weekday)?, 14)?));
        }
        if let Some(next) = self.after(i, &["after", "next"]) {
            return Some(Node::day(next, self.days_on(self.first_after(today, weekday)?, 7)?));
        }
        if let Some((which, at)) = self
            .which(of)
            .or_else(|| (self.word(of) == "week" && self.is(i, &["of", "in"])).then_some((Which::This, of)))
        {
            if self.word(at) == "week" {
                return self.weekday_in(weekday, which, at + 1);
            }
        }
        if self.word(i) == "next"
            && which.is_none()
            && !self.starts_unit(i + 1)
            && self.month(i + 1).is_none()
        {
            return self.named_weekday(Some(Which::Next), weekday, i + 1);
        }
        None
    }

    fn starts_day_of_week(&self, i: usize) -> bool {
        self.is(i + 1, &["of", "commencing", "beginning", "starting"])
    }

    /// "next week on Tuesday", "this week Monday", "last week's Sunday", "previous week - Monday".
    fn week_then_weekday(&self, i: usize) -> Option<Node> {
        let (which, at) = self.which(i)?;
        let after = self.after(at, &["week"])?;
        let at = self.skip(self.skip(self.possessive(after), &[",", "-"]), &["on"]);
        let (weekday, next) = self.weekday(at)?;
        self.weekday_in(weekday, which, next)
    }

    fn weekday_in(&self, weekday: Weekday, which: Which, next: usize) -> Option<Node> {
        let monday = self.days_on(self.monday(self.today())?, 7 * which.weeks())?;
        let date = self.days_on(monday, i64::from(weekday.to_monday_zero_offset()))?;
        Some(Node { past: which.weeks() < 0, ..Node::day(next, date) })
    }

    fn named_weekday(&self, which: Option<Which>, weekday: Weekday, next: usize) -> Option<Node> {
        match which {
            None => Some(Node::day(next, self.coming(weekday)?).floating()),
            Some(Which::This) if !self.looks_back => {
                let date = self.this_weekday(weekday)?;
                Some(Node::day(next, date).floating())
            }
            Some(Which::Coming) => Some(Node::day(next, self.first_after(self.today(), weekday)?)),
            Some(Which::Past | Which::This) => {
                Some(Node { past: true, ..Node::day(next, self.last_before(self.today(), weekday)?) })
            }
            Some(which) => self.weekday_in(weekday, which, next),
        }
    }

    /// "this Friday", said on a Friday, is today; else the coming one.
    fn this_weekday(&self, weekday: Weekday) -> Option<Date> {
        if self.today().weekday() == weekday {
            Some(self.today())
        } else {
            self.first_after(self.today(), weekday)
        }
    }

    /// The next occurrence after the day of sending; with "by", today before closing; looking back, the last one.
    fn coming(&self, weekday: Weekday) -> Option<Date> {
        let today = self.today();
        if self.looks_back {
            return self.last_before(today, weekday);
        }
        let open = self.calendar.closing(today).is_none_or(|closing| self.said_at < closing);
        if self.by && today.weekday() == weekday && open {
            return Some(today);
        }
        self.first_after(today, weekday)
    }

    pub(super) fn first_after(&self, date: Date, weekday: Weekday) -> Option<Date> {
        let days = i64::from(date.weekday().until(weekday));
        self.days_on(date, if days == 0 { 7 } else { days })
    }

    fn last_before(&self, date: Date, weekday: Weekday) -> Option<Date> {
        let days = i64::from(date.weekday().since(weekday));
        self.days_on(date, if days == 0 { -7 } else { -days })
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
    fn day_of_month(&self, i: usize, weekday: Option<Weekday>) -> Option<Node> {
        let the = self.skip(i, &["the"]);
        let (day, next) = match self.ordinal(the) {
            Some(found) => found,
            None if (weekday.is_some() && self.no_hour(the)) || self.follows_on(i, the) => {
                self.digits(the).map(|(n, _)| (n, the + 1))?
            }
            None => {
                let (n, next) = self.digits(the).map(|(n, _)| (n, the + 1))?;
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
        !self.is(
            i,
            &[
                "at",
                "and",
                "or",
                "to",
                "for",
                "if",
                "so",
                "but",
                "when",
                "as",
                "in",
                "is",
                "it",
                "we",
                "you",
                "i",
                "with",
                "from",
                "before",
                "after",
                "between",
                "until",
                "till",
                "because",
                "since",
                "that",
                "this",
                "next",
                "would",
                "will",
                "should",
                "works",
                "work",
                "then",
                "by",
                "of",
                "please",
                "latest",
                "around",
                "though",
                "unless",
                "which",
                "was",
                "through",
                "thanks",
                "morning",
                "afternoon",
                "evening",
                "noon",
                "hahaha",
                "onwards",
                "not",
                "on",
                "my",
                "our",
                "your",
                "their",
                "a",
                "the",
                "may",
                "can",
                "could",
            ],
        )
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

    /// "the first Monday of May", "last day of the month", "third last week of 2018", "first 2 weeks of 2021".
    pub(super) fn nth(&self, i: usize) -> Option<Node> {
        let start = self.skip(i, &["the"]);
        let (n, mut at) =
            if self.is(start, &["last", "final"]) { (1, start + 1) } else { self.ordinal(start)? };
        let from_end = self.is(start, &["last", "final"]) || self.is(at, &["last", "final"]);
        at += usize::from(from_end && !self.is(start, &["last", "final"]));
        let (many, at) = match self.whole(at) {
            Some((many, next)) if n == 1 => (i64::from(many), next),
            _ => (1, at),
        };
        let n = i64::from(n.min(400)) - 1;
        let weekday = self.weekday(at);
        let weekend = self
            .after(at, &["week", "-", "end"])
            .or_else(|| self.after(at, &["week", "end"]))
            .or_else(|| self.after(at, &["wkend"]));
        let (unit, next) = match weekday {
            None if weekend.is_some() => (Some(Unit::Weekend), weekend?),
            Some((_, next)) => (None, next),
            None => self.unit(at).map(|(unit, next)| (Some(unit), next))?,
        };
        let of = self.after(next, &["of"]).or_else(|| self.after(next, &["in"]))?;
        let whole = self
            .inside()?
            .stretch(of, true)
            .filter(|s| matches!(s.grain, Grain::Month | Grain::Quarter | Grain::Year))?;
        let Value::Days(first, last) = whole.value else { return None };
        let days = match (weekday, unit) {
            (Some((weekday, _)), _) => self.nth_weekday(first, last, weekday, n, from_end)?,
            (None, Some(unit)) => self.nth_unit((first, last), whole.grain, unit, n, many, from_end)?,
            (None, None) => return None,
        };
        let grain = match unit {
            Some(unit) if many == 1 => unit.grain(),
            _ => Grain::Day,
        };
        let node = Node { value: Value::Days(days.0, days.1), grain, limit: super::Limit::On, ..whole };
        // "1st week of October on Friday"
        let on = self.skip(self.skip(node.next, &["."]), &["on"]);
        match self.weekday(on) {
            Some((weekday, next)) if grain == Grain::Week && node.next < on => {
                let date = self.days_on(days.0, i64::from(weekday.to_monday_zero_offset()))?;
                Some(Node { grain: Grain::Day, value: Value::Days(date, date), next, ..node })
            }
            _ => Some(node),
        }
    }

    fn nth_weekday(
        &self,
        first: Date,
        last: Date,
        weekday: Weekday,
        n: i64,
        from_end: bool,
    ) -> Option<(Date, Date)> {
        let date = if from_end {
            self.days_on(last, -i64::from(last.weekday().since(weekday)) - 7 * n)?
        } else {
            self.days_on(first, i64::from(first.weekday().until(weekday)) + 7 * n)?
        };
        (first <= date && date <= last).then_some((date, date))
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
