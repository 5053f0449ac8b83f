//! How long: "three days", "2 years 1 month", "half an hour", "five working days".

use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};

use super::Grain;
use super::lexicon::AMOUNT;
use super::read::{Node, Reader, Value};

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    WorkingDay,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
}

/// An amount of time: months and days are counted on the calendar, seconds on the clock.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Amount {
    pub(super) months: i32,
    pub(super) days: i64,
    pub(super) working: u32,
    pub(super) seconds: i64,
    /// How long that is, with months of 30 days and years of 365.
    nominal: f64,
}

impl Unit {
    pub(super) fn seconds(self) -> f64 {
        const DAY: f64 = 86_400.0;
        match self {
            Unit::Second => 1.0,
            Unit::Minute => 60.0,
            Unit::Hour => 3_600.0,
            Unit::Day | Unit::WorkingDay => DAY,
            Unit::Weekend => 2.0 * DAY,
            Unit::Week => 7.0 * DAY,
            Unit::Fortnight => 14.0 * DAY,
            Unit::Month => 30.0 * DAY,
            Unit::Quarter => 90.0 * DAY,
            Unit::Year => 365.0 * DAY,
            Unit::Decade => 3_650.0 * DAY,
        }
    }

    pub(super) fn grain(self) -> Grain {
        match self {
            Unit::Second | Unit::Minute => Grain::Second,
            Unit::Hour => Grain::Minute,
            Unit::Day | Unit::WorkingDay => Grain::Day,
            Unit::Weekend => Grain::Weekend,
            Unit::Week | Unit::Fortnight => Grain::Week,
            Unit::Month => Grain::Month,
            Unit::Quarter => Grain::Quarter,
            Unit::Year | Unit::Decade => Grain::Year,
        }
    }
}

impl Amount {
    pub(super) fn of(count: f64, unit: Unit) -> Amount {
        let count = count.clamp(0.0, 1_000_000.0);
        let whole = count.fract() == 0.0;
        let mut amount = Amount { nominal: count * unit.seconds(), ..Amount::default() };
        match unit {
            Unit::Month => amount.months = count.round() as i32,
            Unit::Quarter => amount.months = (count * 3.0).round() as i32,
            Unit::Year => amount.months = (count * 12.0).round() as i32,
            Unit::Decade => amount.months = (count * 120.0).round() as i32,
            Unit::WorkingDay => amount.working = count.ceil().min(2_000.0) as u32,
            Unit::Day | Unit::Week | Unit::Fortnight | Unit::Weekend if whole => {
                amount.days = (amount.nominal / 86_400.0) as i64;
            }
            _ => amount.seconds = amount.nominal.round() as i64,
        }
        amount
    }

    pub(super) fn and(self, other: Amount) -> Amount {
        Amount {
            months: self.months.saturating_add(other.months),
            days: self.days.saturating_add(other.days),
            working: self.working.saturating_add(other.working).min(2_000),
            seconds: self.seconds.saturating_add(other.seconds),
            nominal: self.nominal + other.nominal,
        }
    }

    pub(super) fn lasting(&self) -> SignedDuration {
        SignedDuration::try_from_secs_f64(self.nominal).unwrap_or(SignedDuration::MAX)
    }

    /// Nothing but hours, minutes and seconds.
    pub(super) fn on_the_clock(&self) -> bool {
        self.seconds != 0
    }
}

impl Reader<'_> {
    /// The unit at `i`, and the token after it. One letter only where it is written onto a number.
    pub(super) fn unit(&self, i: usize) -> Option<(Unit, usize)> {
        if self.is(i, &["working", "business", "work", "office"]) {
            return self.is(i + 1, &["day", "days"]).then_some((Unit::WorkingDay, i + 2));
        }
        let unit = self.entry(i).unit?;
        if self.is(i, &["d", "w"]) && !self.glued(i) {
            return None;
        }
        Some((unit, i + 1))
    }

    pub(super) fn starts_unit(&self, i: usize) -> bool {
        self.unit(i).is_some()
    }

    /// How many: a number, "a", "a couple of", "a few", "half a", "two or three" (the greater counts).
    pub(super) fn count(&self, i: usize) -> Option<(f64, usize)> {
        let start = self.skip(i, &["about", "approximately", "around", "roughly", "another", "only"]);
        let article = self.skip(start, &["a", "an", "the"]);
        let (n, next) = match self.word(article) {
            "couple" => (2.0, self.skip(article + 1, &["of"])),
            "few" => (3.0, article + 1),
            "several" | "some" if article == start => (3.0, article + 1),
            "dozen" => (12.0, article + 1),
            "hundred" => (100.0, article + 1),
            "half" => (0.5, self.skip(self.skip(article + 1, &["of"]), &["a", "an"])),
            "quarter" if self.word(article + 1) == "of" => (0.25, self.skip(article + 2, &["a", "an"])),
            "three" if self.after(self.skip(article + 1, &["-"]), &["quarters", "of"]).is_some() => {
                (0.75, self.skip(self.skip(article + 1, &["-"]) + 2, &["a", "an"]))
            }
            _ if start < article && self.word(start) != "the" => (1.0, article),
            _ if i < start && self.word(i) == "another" => self.number(start).unwrap_or((1.0, start)),
            _ if start == article => self.several(start)?,
            _ => return None,
        };
        Some((n, self.skip(next, &["-", "more", "full", "whole", "short", "additional", "further"])))
    }

    /// "3", "three", "2 to 3", "two or three", "one and a half", "five (5)".
    fn several(&self, i: usize) -> Option<(f64, usize)> {
        let (n, next) = self.number(i)?;
        if self.is(next, &["to", "or", "-"])
            && let Some((m, after)) = self.number(next + 1).filter(|(m, _)| n < *m)
        {
            return Some((m, after));
        }
        let and = self.skip(next, &["and"]);
        let half = self.skip(and, &["a", "an"]);
        if next < and && self.word(half) == "half" {
            return Some((n + 0.5, half + 1));
        }
        if self.word(next) == "(" && self.whole(next + 1).is_some() && self.word(next + 2) == ")" {
            return Some((n, next + 3));
        }
        Some((n, next))
    }

    /// An amount of time, with its finest unit.
    pub(super) fn amount(&self, i: usize) -> Option<(Amount, Unit, usize)> {
        if !self.begins(i, AMOUNT) {
            return None;
        }
        let (mut amount, mut unit, mut next) = self.one_amount(i)?;
        loop {
            let and = self.skip(self.skip(next, &[","]), &["and"]);
            if next < and && self.word(self.skip(and, &["a", "an"])) == "half" {
                let half = self.skip(and, &["a", "an"]) + 1;
                if !self.starts_unit(half) {
                    return Some((amount.and(Amount::of(0.5, unit)), unit, half));
                }
            }
            match self.one_amount(and) {
                Some((more, finer, after))
                    if finer.seconds() < unit.seconds()
                        && !(self.is(after, &["ago", "later", "from"])
                            && self.is(and.max(1) - 1, &["and"])) =>
                {
                    (amount, unit, next) = (amount.and(more), finer, after);
                }
                _ => return Some((amount, unit, next)),
            }
        }
    }

    fn one_amount(&self, i: usize) -> Option<(Amount, Unit, usize)> {
        let (n, next) = self.count(i)?;
        if let Some((unit, after)) = self.unit(next) {
            return Some((Amount::of(self.or_two(n, after), unit), unit, self.after_or(after)));
        }
        // in 5' and in 30"
        let digits = self.digits(i).is_some() && self.glued(next);
        match self.word(next) {
            "'" if digits && self.word(next + 1) == "'" => {
                Some((Amount::of(n, Unit::Second), Unit::Second, next + 2))
            }
            "'" if digits => Some((Amount::of(n, Unit::Minute), Unit::Minute, next + 1)),
            "\"" if digits => Some((Amount::of(n, Unit::Second), Unit::Second, next + 1)),
            _ => None,
        }
    }

    /// "a day or two" is two days; "a week or so" stays a week.
    fn or_two(&self, n: f64, i: usize) -> f64 {
        match (self.word(i), self.word(i + 1)) {
            ("or", "two") if n == 1.0 => 2.0,
            ("or", "three") if n == 2.0 => 3.0,
            _ => n,
        }
    }

    fn after_or(&self, i: usize) -> usize {
        let more = self.word(i) == "or" && self.is(i + 1, &["two", "three", "so"]);
        if more && !self.starts_unit(i + 2) { i + 2 } else { i }
    }

    /// A duration: "for 3 hours", "all day", "more than 2 weeks".
    pub(super) fn duration(&self, i: usize) -> Option<Node> {
        if self.word(i) == "all" && self.is(i + 1, &["day", "week", "month", "year"]) {
            let (unit, next) = self.unit(i + 1)?;
            return Some(Node::new(next, Value::Lasting(Amount::of(1.0, unit).lasting()), unit.grain()));
        }
        let start = self
            .after(i, &["more", "than"])
            .or_else(|| self.after(i, &["less", "than"]))
            .or_else(|| self.after(i, &["at", "least"]))
            .unwrap_or(i);
        if self.word(start) == "the" && self.word(start + 1) == "hour" {
            return Some(Node::new(
                start + 2,
                Value::Lasting(Amount::of(1.0, Unit::Hour).lasting()),
                Grain::Hour,
            ));
        }
        let (amount, unit, next) = self.amount(start)?;
        // "a second opinion"
        if self.word(next.max(1) - 1) == "second" && self.kind(next) == Some(super::token::Kind::Word) {
            let article = start + 2 == next && self.word(start) == "a";
            if article {
                return None;
            }
        }
        Some(Node::new(next, Value::Lasting(amount.lasting()), unit.grain()))
    }

    /// The day this amount after (or before) a date. Working days count from the day after.
    pub(super) fn shift(&self, date: Date, amount: &Amount, back: bool) -> Option<Date> {
        let sign: i64 = if back { -1 } else { 1 };
        let days = amount.days + amount.seconds / 86_400;
        let date = self.add(date, (sign * i64::from(amount.months.min(120_000))).months())?;
        let date = self.days_on(date, sign * days)?;
        match (amount.working, back) {
            (0, _) => Some(date),
            (n, false) => Some(self.calendar.working_days_after(date, n)),
            (n, true) => self.working_days_before(date, n),
        }
    }

    fn working_days_before(&self, date: Date, n: u32) -> Option<Date> {
        let mut day = date;
        let mut left = n;
        // A firm that hardly opens must not hold the reader up.
        for _ in 0..20_000 {
            if left == 0 {
                return Some(day);
            }
            day = self.days_on(day, -1)?;
            left -= u32::from(self.calendar.is_working_day(day));
        }
        None
    }
}
