//! Stretches of days: weeks, weekends, months, quarters, seasons and years.

use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::day::Which;
use super::lexicon::PERIOD;
use super::read::{Node, Reader, Value, longer};
use super::span::Unit;
use super::{Grain, Limit};

impl Reader<'_> {
    /// A stretch of days, whole or in part, or a count of them.
    pub(super) fn period(&self, i: usize) -> Option<Node> {
        if !self.begins(i, PERIOD) {
            return None;
        }
        longer(
            longer(self.part(i), longer(self.stretch(i, false), self.season(i))),
            longer(longer(self.counted_stretch(i), self.nth(i)), self.feast(i)),
        )
    }

    /// A whole week, weekend, month, quarter or year. `bare` allows "the month" and "month".
    pub(super) fn stretch(&self, i: usize, bare: bool) -> Option<Node> {
        let named = longer(self.unit_stretch(i, bare), self.week_stretch(i));
        let dated = longer(self.month_stretch(i), self.quarter_stretch(i));
        longer(longer(named, dated), longer(self.year_stretch(i, bare), self.weekend_of(i)))
    }

    /// "this week", "next month", "the week after next", "the year".
    fn unit_stretch(&self, i: usize, bare: bool) -> Option<Node> {
        let the = self.skip(i, &["the"]);
        if let Some(node) = self.after_next(the) {
            return Some(node);
        }
        let (which, at) = match self.which(i) {
            Some(found) => found,
            None if self.word(the) == "same" || self.word(the) == "that" => (Which::This, the + 1),
            None if bare => (Which::This, the),
            None => return None,
        };
        let at = self.skip(at, &["calendar"]);
        let (unit, next) = match self.word(at) {
            "workweek" => return self.of_unit(Unit::Week, which.weeks(), at + 1),
            _ => self.unit(at)?,
        };
        let whole = matches!(
            unit,
            Unit::Week | Unit::Fortnight | Unit::Month | Unit::Quarter | Unit::Year | Unit::Weekend
        );
        let single = !self.word(at).ends_with('s') && self.word(at) != "w" && self.word(at) != "d";
        if !whole || !single {
            return None;
        }
        // "next week's" is the week; "this weekend" said on a Sunday is still on.
        let node = self.of_unit(unit, which.weeks(), self.possessive(next))?;
        Some(Node { past: which.weeks() < 0, ..node })
    }

    /// "the week after next".
    fn after_next(&self, i: usize) -> Option<Node> {
        let (unit, at) = self.unit(i)?;
        let next = self.after(at, &["after", "next"]).or_else(|| self.after(at, &["after", "that"]))?;
        self.of_unit(unit, 2, next)
    }

    /// The unit `steps` from the present one.
    pub(super) fn of_unit(&self, unit: Unit, steps: i64, next: usize) -> Option<Node> {
        let today = self.today();
        let first = today.first_of_month();
        let (from, to) = match unit {
            Unit::Week => {
                let from = self.days_on(self.monday(today)?, 7 * steps)?;
                (from, self.days_on(from, 6)?)
            }
            Unit::Fortnight => {
                let from = self.days_on(self.monday(today)?, 14 * steps)?;
                (from, self.days_on(from, 13)?)
            }
            Unit::Weekend => {
                let from = self.days_on(self.monday(today)?, 5 + 7 * steps)?;
                (from, self.days_on(from, 1)?)
            }
            Unit::Month => self.months_from(first, steps, 1)?,
            Unit::Quarter => {
                let start = Date::new(today.year(), (today.month() - 1) / 3 * 3 + 1, 1).ok()?;
                self.months_from(start, 3 * steps, 3)?
            }
            Unit::Year => self.months_from(first.first_of_year(), 12 * steps, 12)?,
            _ => return None,
        };
        Some(Node::new(next, Value::Days(from, to), unit.grain()))
    }

    /// `count` months that begin `skip` months after `first`.
    pub(super) fn months_from(&self, first: Date, skip: i64, count: i64) -> Option<(Date, Date)> {
        let from = self.months_on(first, skip)?;
        let to = self.months_on(from, count)?.yesterday().ok()?;
        Some((from, to))
    }

    /// "week commencing 3 March", "w/c 3 March", "the week of the 18th", "week 10 of 2027".
    fn week_stretch(&self, i: usize) -> Option<Node> {
        let the = self.skip(i, &["the"]);
        let day = self
            .after(the, &["week", "commencing"])
            .or_else(|| self.after(the, &["week", "beginning"]))
            .or_else(|| self.after(the, &["week", "starting"]))
            .or_else(|| self.after(the, &["week", "of"]))
            .or_else(|| self.after(the, &["w", "/", "c"]))
            .or_else(|| self.after(the, &["wc"]));
        if let Some(at) = day {
            let node = self.inside()?.day(self.skip(at, &["on"])).filter(|n| n.one_day().is_some())?;
            let monday = self.monday(node.one_day()?)?;
            return Some(Node {
                value: Value::Days(monday, self.days_on(monday, 6)?),
                grain: Grain::Week,
                ..node
            });
        }
        let at = self.after(the, &["week"]).or_else(|| self.after(the, &["wk"]))?;
        let (n, next) = self.digits(at).map(|(n, _)| (n, at + 1)).filter(|(n, _)| (1..=53).contains(n))?;
        let of = self.skip(next, &["of", ","]);
        let (year, next) = match self.year_stretch(of, false).map(|y| (y.value, y.next)) {
            Some((Value::Days(from, _), after)) => (from.year(), after),
            _ => (self.today().year(), next),
        };
        let monday = ISOWeekDate::new(year, n as i8, Weekday::Monday).ok()?.date();
        Some(Node::new(next, Value::Days(monday, self.days_on(monday, 6)?), Grain::Week))
    }

    /// "March", "March 2025", "this May", "next March", "April of '87", "12-2015", "March after next".
    fn month_stretch(&self, i: usize) -> Option<Node> {
        if let Some(node) = self.month_in_digits(i) {
            return Some(node);
        }
        let (which, at) = match self.which(i) {
            Some((which, at)) => (Some(which), at),
            None => (None, self.skip(i, &["the"])),
        };
        let year_first = self.year(at).filter(|_| self.digits(at).is_some());
        if let Some((year, next)) = year_first {
            let (month, next) = self.month(self.skip(next, &["-", "/"]))?;
            return self.month_of(year, month, next);
        }
        let (month, next) = self.month(at)?;
        let of = self.skip(next, &["of", "in", ",", "-", "/"]);
        let late = || self.short_year(of).filter(|_| self.word(next) == "of");
        if let Some((year, after)) = self.year(of).or_else(late) {
            return self.month_of(year, month, after);
        }
        if let Some((year, after)) = self.year_from_now(next).filter(|_| which.is_none()) {
            return self.month_of(year, month, after);
        }
        let after_next = self.after(next, &["after", "next"]).is_some();
        if !after_next && !self.month_alone(at) || self.no_such_day(next) {
            return None;
        }
        let today = self.today();
        let coming = i64::from(month < today.month());
        let year = match which {
            _ if self.after(next, &["after", "next"]).is_some() => coming + 1,
            Some(Which::Last | Which::Past) => -i64::from(today.month() <= month),
            Some(Which::Next | Which::Coming) => i64::from(month <= today.month()),
            Some(Which::This) => 0,
            None if self.looks_back => -i64::from(today.month() < month),
            None => coming,
        };
        let next = self.after(next, &["after", "next"]).unwrap_or(next);
        let node = self.month_of(today.year().checked_add(year as i16)?, month, next)?;
        Some(if which.is_none() { node.yearless() } else { node })
    }

    /// "Feb 30": a day that no month has.
    fn no_such_day(&self, i: usize) -> bool {
        self.digits(i).is_some_and(|(n, len)| len == 2 && 28 < n && n < 60 && self.word(i + 1) != ":")
    }

    fn month_of(&self, year: i16, month: i8, next: usize) -> Option<Node> {
        let (from, to) = self.months_from(Date::new(year, month, 1).ok()?, 0, 1)?;
        Some(Node::new(next, Value::Days(from, to), Grain::Month))
    }

    /// "2014-10", "2014/10", "12-2015".
    fn month_in_digits(&self, i: usize) -> Option<Node> {
        let (a, a_len) = self.digits(i)?;
        let (b, b_len) = self.digits(i + 2)?;
        let joined = self.is(i + 1, &["-", "/"]) && self.glued(i + 1) && self.glued(i + 2);
        if !joined || (self.is(i + 3, &["-", "/", "."]) && self.glued(i + 3) && self.glued(i + 4)) {
            return None;
        }
        match (a_len, b_len) {
            (4, 2) if (1900..2200).contains(&a) => self.month_of(a as i16, i8::try_from(b).ok()?, i + 3),
            (1..=2, 4) if (1900..2200).contains(&b) => self.month_of(b as i16, i8::try_from(a).ok()?, i + 3),
            _ => None,
        }
    }

    /// "Q3", "q3 2019", "2017-q1", "first quarter of next year", "next year's first quarter", "2019 H2".
    fn quarter_stretch(&self, i: usize) -> Option<Node> {
        let the = self.skip(i, &["the"]);
        let year_first = self.year_stretch(the, false).and_then(|y| {
            self.one_quarter(self.skip(y.next, &["-"])).map(|(q, next)| (Some(y.value), q, next))
        });
        let (year, (first, months), next) = match year_first {
            Some(found) => found,
            None => {
                let (quarter, next) = self.one_quarter(the)?;
                let of = self.skip(next, &["of", "-", "in", ","]);
                match self.year_stretch(of, next < of && self.word(next) == "of") {
                    Some(year) => (Some(year.value), quarter, year.next),
                    None => (None, quarter, next),
                }
            }
        };
        let (start, floating) = match year {
            Some(Value::Days(from, _)) => (from, false),
            _ => (self.today().first_of_year(), true),
        };
        let (mut from, mut to) = self.months_from(start, first, months)?;
        if floating && to < self.today() && !self.looks_back {
            (from, to) = self.months_from(start, first + 12, months)?;
        }
        let node = Node::new(next, Value::Days(from, to), Grain::Quarter);
        Some(if floating { node.yearless() } else { node })
    }

    /// First month (from 0) and length of a quarter or half.
    fn one_quarter(&self, i: usize) -> Option<((i64, i64), usize)> {
        if self.is(i, &["q", "h"]) && self.glued(i + 1) {
            let months = if self.word(i) == "q" { 3 } else { 6 };
            let (n, _) = self.digits(i + 1).filter(|(n, len)| *len == 1 && (1..=12 / months).contains(n))?;
            return Some(((i64::from((n - 1) * months), i64::from(months)), i + 2));
        }
        let (n, at) =
            if self.word(i) == "last" { (4, i + 1) } else { self.ordinal(i).filter(|(n, _)| *n <= 4)? };
        let next = self.after(at, &["quarter"]).or_else(|| self.after(at, &["qtr"]))?;
        Some(((i64::from((n - 1) * 3), 3), next))
    }

    /// "2014", "the year 2008", "1990s", "next year", "in 2014 AD".
    fn year_stretch(&self, i: usize, bare: bool) -> Option<Node> {
        if let Some(node) = self.unit_stretch(i, bare).filter(|n| n.grain == Grain::Year) {
            return Some(node);
        }
        let the = self.skip(i, &["the"]);
        let calendar = self.skip(the, &["calendar"]);
        if self.is(the.max(1) - 1, &["fiscal", "school", "academic", "tax", "financial"]) {
            return None;
        }
        let named = self
            .after(calendar, &["year", "of"])
            .or_else(|| self.after(calendar, &["year"]))
            .or_else(|| self.after(calendar, &["cy"]));
        let at = named.unwrap_or(i);
        let (year, next) =
            self.year(at).filter(|(_, next)| !self.glued(*next) || self.year_may_end(*next))?;
        if named.is_none() && !(1900..2200).contains(&year) {
            return None;
        }
        let first = Date::new(year, 1, 1).ok()?;
        if self.word(next) == "s" && self.glued(next) {
            let (from, to) = self.months_from(first, 0, 120)?;
            return Some(Node::new(next + 1, Value::Days(from, to), Grain::Year));
        }
        let (from, to) = self.months_from(first, 0, 12)?;
        let next =
            self.after(next, &["ad"]).or_else(|| self.after(next, &["a", ".", "d", "."])).unwrap_or(next);
        Some(Node::new(next, Value::Days(from, to), Grain::Year))
    }

    fn year_may_end(&self, next: usize) -> bool {
        let mark =
            self.is(next, &["-", "~", "/", ".", ",", ")", "?", "!", ";", ":", "'", "q", "h", "s", "\""]);
        mark && !(self.is(next, &["/", ".", ",", ":"])
            && self.glued(next + 1)
            && self.digits(next + 1).is_some())
    }

    /// "the weekend of Halloween", "the weekend", "thanksgiving 2023 weekend".
    fn weekend_of(&self, i: usize) -> Option<Node> {
        let the = self.skip(i, &["the"]);
        let hyphen = |at: usize| {
            self.after(at, &["weekend"])
                .or_else(|| self.after(at, &["week", "-", "end"]))
                .or_else(|| self.after(at, &["week", "end"]))
                .or_else(|| self.after(at, &["wkend"]))
        };
        if let Some(next) = hyphen(the) {
            if let Some(day) = self
                .after(next, &["of"])
                .and_then(|at| self.inside()?.day(at))
                .filter(|d| d.one_day().is_some())
            {
                return self.weekend_near(day, day.next);
            }
            return if the == i { None } else { self.of_unit(Unit::Weekend, 0, next) };
        }
        if let Some((which, at)) = self.which(i) {
            let node = self.of_unit(Unit::Weekend, which.weeks(), hyphen(at)?)?;
            return Some(Node { past: which.weeks() < 0, ..node });
        }
        let day = longer(self.holiday(i), self.feast(i)).filter(|d| d.one_day().is_some())?;
        let next = hyphen(day.next)?;
        match self.year(next).and_then(|_| self.holiday_of_year(i, next)) {
            Some(dated) => self.weekend_near(dated, dated.next),
            None => self.weekend_near(day, next),
        }
    }

    fn weekend_near(&self, day: Node, next: usize) -> Option<Node> {
        let date = day.one_day()?;
        let weekday = date.weekday().to_monday_zero_offset();
        let saturday = self.days_on(self.monday(date)?, if weekday == 0 { -2 } else { 5 })?;
        // a long weekend reaches to the feast before or behind it
        let from = if 3 <= weekday { date.min(saturday) } else { saturday };
        let to = self.days_on(saturday, 1)?.max(if weekday == 0 { date } else { saturday });
        Some(Node { next, value: Value::Days(from, to), grain: Grain::Weekend, ..day })
    }

    /// A year's number alone is meant as a year only behind such a word.
    pub(super) fn year_named(&self, i: usize, node: &Node) -> bool {
        let lone = node.next == i + 1
            && node.grain == Grain::Year
            && self.digits(i).is_some_and(|(_, len)| len == 4);
        let fiscal = 1 < i && self.is(i - 2, &["fiscal", "school", "academic", "tax", "financial"]);
        if lone && fiscal && self.word(i - 1) == "year" {
            return false;
        }
        !lone
            || self.tokens.len() == 1
            || node.limit != Limit::On
            || (0 < i
                && self.is(
                    i - 1,
                    &[
                        "in", "of", "during", "for", "and", "or", "year", "fy", "since", "until", "by",
                        "before", "after", "from", "to", "=", "between", "than", "to", "through", "-", "~",
                        "on",
                    ],
                ))
    }
}
