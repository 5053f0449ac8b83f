//! Dates with a month's name or in digits: "3 March 2025", "Mar 3rd", "3/14", "14.3.", "2025-03-14".

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::read::{Node, Reader, longer};
use super::token::Kind;

/// A date without a year that has just passed is meant as past only this many days back.
const JUST_PASSED: i64 = 60;

impl Reader<'_> {
    /// "3 March", "3rd of March 2025", "March 3", "March the 3rd, 2025", "05-Aug-2016", "2019/aug/01".
    pub(super) fn month_date(&self, i: usize, weekday: Option<Weekday>) -> Option<Node> {
        longer(longer(self.day_month(i, weekday), self.month_then_day(i, weekday)), self.year_month_day(i))
    }

    fn day_month(&self, i: usize, weekday: Option<Weekday>) -> Option<Node> {
        let start = self.skip(i, &["the"]);
        let (day, next) = self.month_day(start)?;
        let next = self.skip(next, &["day"]);
        let of = self.skip(self.skip(next, &["of", "-", "/", "."]), &["the"]);
        let (month, next) = self.month(of)?;
        // "one may ask"
        if self.word(of) == "may" && self.digits(start).is_none() && !self.capital(of) && of == start + 1 {
            return None;
        }
        self.with_year(day, month, next, weekday)
    }

    fn month_then_day(&self, i: usize, weekday: Option<Weekday>) -> Option<Node> {
        let (month, next) = self.month(i)?;
        let at = self.skip(self.skip(next, &[",", "-", "/"]), &["the"]);
        if self.word(i) == "may"
            && self.digits(at).is_none()
            && self.ordinal(at).is_none()
            && !self.capital(i)
        {
            return None;
        }
        let (day, after) = self.month_day(at)?;
        // "March 10:30", "May 5pm", "march 2 people" are no days; nor "march one step"
        let clock =
            self.glued(after) && self.is(after, &[":", "am", "pm", "%"]) && self.word(after + 1) != " ";
        if clock && (self.word(after) != ":" || self.glued(after + 1)) {
            return None;
        }
        if next < at
            && self.word(next) == "-"
            && self.glued(at)
            && self.glued(after)
            && self.word(after) == "-"
        {
            return self.with_year(day, month, after, weekday);
        }
        self.with_year(day, month, after, weekday)
    }

    fn with_year(&self, day: i8, month: i8, i: usize, weekday: Option<Weekday>) -> Option<Node> {
        // "22 May (Tue)"
        if let Some((found, next)) =
            self.weekday(i + 1).filter(|(_, next)| self.word(i) == "(" && self.word(*next) == ")")
        {
            return Some(
                Node::day(next + 1, self.coming_date(month, day, weekday.or(Some(found)))?).yearless(),
            );
        }
        // "on, Fri" behind the date
        let (weekday, i) = match weekday {
            Some(_) => (weekday, i),
            None => match self.weekday(self.skip(i, &[","])) {
                Some((found, next)) if self.word(i) == "," && self.tail_weekday(next) => (Some(found), next),
                _ => (None, i),
            },
        };
        let at = self.skip(self.skip(i, &[",", "of", "in", "-", "/", "."]), &["the"]);
        let year = self.year(at).or_else(|| self.late_year(i, at)).filter(|(_, next)| self.year_ends(*next));
        if let Some((year, next)) = year {
            let date = Date::new(year, month, day).ok()?;
            return Some(Node::day(next, date));
        }
        let date = self.coming_date(month, day, weekday)?;
        let node = Node::day(i, date).yearless();
        Some(node)
    }

    fn tail_weekday(&self, next: usize) -> bool {
        self.digits(self.skip(next, &[","])).is_none()
    }

    /// A year in two digits behind the day of a month: "14th April 15", "May 5, 03".
    fn late_year(&self, i: usize, at: usize) -> Option<(i16, usize)> {
        let (year, next) = self.short_year(at)?;
        let ended =
            self.kind(next).is_none_or(|k| k == Kind::Mark) || self.is(next, &["was", "is", "at", "and"]);
        let joined = self.word(next) == ":" || (self.glued(next) && self.is(next, &["-", "/"]));
        // "April 9, 17" may be a list; "9-12 April - 15" a range
        (ended && !joined && (at == i || self.is(i, &["-", "/", "of", "."]))).then_some((year, next))
    }

    fn year_ends(&self, next: usize) -> bool {
        !(self.glued(next) && (self.kind(next) != Some(Kind::Mark) || self.word(next) == ":"))
    }

    fn year_month_day(&self, i: usize) -> Option<Node> {
        let (year, next) = self.year(i).filter(|_| self.digits(i).is_some_and(|(_, len)| len == 4))?;
        let (month, next) = self.month(self.skip(next, &["-", "/", "."]))?;
        let (day, next) = self.month_day(self.skip(next, &["-", "/", "."]))?;
        Some(Node::day(next, Date::new(year, month, day).ok()?))
    }

    /// A month and day without a year: the coming one (today counts), or the one just passed where the words look
    /// back. A weekday said with it decides where it can.
    pub(super) fn coming_date(&self, month: i8, day: i8, weekday: Option<Weekday>) -> Option<Date> {
        let today = self.today();
        let year = today.year();
        let real = |y: i16| Date::new(y, month, day).ok();
        let coming = (year..=year.saturating_add(8)).filter_map(real).find(|d| today <= *d);
        let last = (year.saturating_sub(8)..=year).rev().filter_map(real).find(|d| *d <= today);
        let fits = |d: &Date| weekday.is_none_or(|w| d.weekday() == w);
        if self.looks_back {
            return last.filter(fits).or(coming.filter(fits)).or(last).or(coming);
        }
        if let Some(date) = coming.filter(|d| weekday.is_some() && fits(d)) {
            return Some(date);
        }
        let soonest = self.days_on(today, -JUST_PASSED)?;
        if let Some(date) = last.filter(|d| weekday.is_some() && fits(d) && soonest <= *d) {
            return Some(date);
        }
        let later =
            (1..=3).filter_map(|n| real(year.saturating_add(n))).find(|d| weekday.is_some() && fits(d));
        later.or(coming).or(last)
    }

    /// "3/14", "14.3.", "14/03/2025", "2025-03-14", "20250314".
    pub(super) fn numeric_date(&self, i: usize) -> Option<Node> {
        let (a, len) = self.digits(i)?;
        if len == 8 {
            return self.packed_date(i, a);
        }
        let mark = self.word(i + 1);
        let spaced = mark.is_empty() || self.kind(i + 1) == Some(Kind::Digits);
        if len == 4 && spaced {
            return self.spaced_date(i, a);
        }
        if !matches!(mark, "/" | "-" | ".") || !self.glued(i + 1) || !self.glued(i + 2) {
            return None;
        }
        let (b, b_len) = self.digits(i + 2).filter(|(_, len)| *len <= 2)?;
        let third = (self.word(i + 3) == mark && self.glued(i + 3) && self.glued(i + 4))
            .then(|| self.digits(i + 4))
            .flatten();
        match (len, third) {
            (4, Some((c, 1..=2))) => self.exact_date(a, b, c, i + 5),
            (1..=2, Some((c, 4))) => self.either(a, b, c, i + 5),
            (1..=2, Some((c, 2))) => self.either(a, b, c + if c < 70 { 2000 } else { 1900 }, i + 5),
            (1..=2, None) if b_len <= 2 => self.month_and_day(i, a, b, mark),
            _ => None,
        }
    }

    fn exact_date(&self, year: u32, month: u32, day: u32, next: usize) -> Option<Node> {
        let date = Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
        Some(Node::day(next, date))
    }

    /// Day and month in whichever order is possible; where both are, as the zone's people write.
    fn either(&self, a: u32, b: u32, year: u32, next: usize) -> Option<Node> {
        let month_first = self.exact_date(year, a, b, next);
        let day_first = self.exact_date(year, b, a, next);
        if self.month_first { month_first.or(day_first) } else { day_first.or(month_first) }
    }

    /// "3/14", and "14.3." or "7.6" where nothing else can be meant.
    fn month_and_day(&self, i: usize, a: u32, b: u32, mark: &str) -> Option<Node> {
        let mut next = i + 3;
        let weekday_before = 0 < i && (self.weekday(i - 1).is_some() || self.weekday(i.max(2) - 2).is_some());
        let preposition =
            0 < i && self.is(i - 1, &["on", "by", "until", "till", "before", "from", "since", "to"]);
        match mark {
            "/" if self.is(next, &[".", "/"]) && self.glued(next + 1) && self.digits(next + 1).is_some() => {
                return None;
            }
            "/" => {}
            "." if self.word(next) == "." && self.glued(next) && !self.glued(next + 1) && preposition => {
                next += 1
            }
            "." if weekday_before => {}
            _ => return None,
        }
        // "1/2 hour", "3/4 of the pages"
        if self.starts_unit(next) || self.is(next, &["of", "%"]) {
            return None;
        }
        // "5/7, 2020"
        if let Some((year, after)) =
            self.year(next + 1).filter(|_| self.word(next) == "," && self.digits(next + 1).is_some())
        {
            return self.either(a, b, year as u32, after);
        }
        let order = |month: u32, day: u32| {
            let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
            self.coming_date(month, day, None).filter(|_| (1..=12).contains(&month))
        };
        let date = if self.month_first && (weekday_before || mark != ".") {
            order(a, b).or_else(|| order(b, a))
        } else {
            order(b, a).or_else(|| order(a, b))
        }?;
        Some(Node::day(next, date).yearless())
    }

    fn packed_date(&self, i: usize, digits: u32) -> Option<Node> {
        let year = digits / 10_000;
        let glued_word = self.glued(i + 1) && self.kind(i + 1) != Some(Kind::Mark);
        if !(1900..=2199).contains(&year) || glued_word {
            return None;
        }
        self.exact_date(year, digits / 100 % 100, digits % 100, i + 1)
    }

    fn spaced_date(&self, i: usize, year: u32) -> Option<Node> {
        let (month, m_len) = self.digits(i + 1)?;
        let (day, d_len) = self.digits(i + 2)?;
        if m_len != 2 || d_len != 2 || !(1900..=2199).contains(&year) {
            return None;
        }
        self.exact_date(year, month, day, i + 3)
    }

    /// The same day and month in the year that lies before (or on) `end`.
    pub(super) fn year_before(&self, date: Date, end: Date) -> Option<Date> {
        let same = Date::new(end.year(), date.month(), date.day()).ok()?;
        if same <= end { Some(same) } else { self.add(same, (-1).years()) }
    }
}
