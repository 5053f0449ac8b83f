//! Counts of units: "the next 3 days", "past two weeks", "the last four months of 2021".

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Grain;
use super::day::Which;
use super::read::{Node, Reader, Value};
use super::span::{Amount, Unit};

impl Reader<'_> {
    /// "the next 3 days", "past two weeks", "2 upcoming weeks", "the next few days", "next 4 business days".
    pub(super) fn counted_stretch(&self, i: usize) -> Option<Node> {
        let the = self.skip(i, &["the"]);
        let (which, n, at) = match self.which(the) {
            Some((which, at)) => match self.count(at) {
                Some((n, next)) => (which, n, next),
                // "the next hour", "the next week or two"
                None => {
                    let (unit, next) = self.unit(at)?;
                    let two = self.after(next, &["or", "two"]).is_some();
                    let clock = matches!(unit, Unit::Hour | Unit::Minute | Unit::Second);
                    let single = !self.word(at).ends_with('s');
                    ((two || clock) && single).then_some((which, if two { 2.0 } else { 1.0 }, at))?
                }
            },
            None => {
                let (n, at) = self.whole(the)?;
                let (which, next) = self.which(at)?;
                let many = self.word(next).ends_with('s') || self.word(at) == "upcoming";
                (which, f64::from(n), many.then_some(next)?)
            }
        };
        let (unit, next) = self.unit(at)?;
        let mut amount = Amount::of(n, unit);
        let mut next = self.after(next, &["or", "two"]).unwrap_or(next);
        if let Some((more, _, after)) = self.after(next, &["and"]).and_then(|at| self.amount(at))
            && which.weeks() < 0
            && self.word(after) != "ago"
            && more.lasting() < amount.lasting()
        {
            (amount, next) = (amount.and(more), after);
        }
        let back = match which {
            Which::This => return None,
            which => which.weeks() < 0,
        };
        self.counted_span(&amount, unit, back, next)
    }

    /// "in five years", "six years hence": the year that is meant with a day or month of the year.
    pub(super) fn year_from_now(&self, i: usize) -> Option<(i16, usize)> {
        let at = self.skip(i, &["in"]);
        let (amount, _, next) = self.amount(at).filter(|(_, unit, _)| *unit == Unit::Year)?;
        let next = match self.is(next, &["hence", "later"]) {
            true => next + 1,
            false => self.after(next, &["from", "now"]).or_else(|| (i < at).then_some(next))?,
        };
        let years = i16::try_from(amount.months / 12).ok()?;
        Some((self.today().year().checked_add(years)?, next))
    }

    /// From now (or tomorrow) until an amount of time from now; looking back, until now (or yesterday).
    pub(super) fn counted_span(&self, amount: &Amount, unit: Unit, back: bool, next: usize) -> Option<Node> {
        if unit == Unit::Quarter {
            return self.whole_quarters(amount.months / 3, back, next);
        }
        if amount.on_the_clock() {
            let length = amount.lasting();
            let other =
                if back { self.said_at.checked_sub(length) } else { self.said_at.checked_add(length) }
                    .ok()?;
            let (from, to) = if back { (other, self.said_at) } else { (self.said_at, other) };
            return Some(Node { past: back, ..Node::new(next, Value::ExactBetween(from, to), unit.grain()) });
        }
        let end = self.shift(self.today(), amount, back)?;
        let (from, to) = if back {
            (end, self.days_on(self.today(), -1)?.max(end))
        } else {
            (self.days_on(self.today(), 1)?.min(end), end)
        };
        Some(Node { past: back, ..Node::new(next, Value::Days(from, to), Grain::Day) })
    }

    /// Quarters are those of the calendar, also when counted.
    fn whole_quarters(&self, count: i32, back: bool, next: usize) -> Option<Node> {
        let first = if back { -i64::from(count) } else { 1 };
        let start = Date::new(self.today().year(), (self.today().month() - 1) / 3 * 3 + 1, 1).ok()?;
        let (from, to) = self.months_from(start, 3 * first, 3 * i64::from(count.max(1)))?;
        Some(Node { past: back, ..Node::new(next, Value::Days(from, to), Grain::Quarter) })
    }

    /// The nth day, week, month or quarter of a stretch, or several of them.
    pub(super) fn nth_unit(
        &self,
        (first, last): (Date, Date),
        whole: Grain,
        unit: Unit,
        n: i64,
        many: i64,
        from_end: bool,
    ) -> Option<(Date, Date)> {
        let (skip, many) = (n.min(400), many.clamp(1, 400));
        let by_days = |start: Date, end: Date, step: i64, length: i64| {
            let from = if from_end {
                self.days_on(end, -step * (skip + many - 1))?
            } else {
                self.days_on(start, step * skip)?
            };
            Some((from, self.days_on(from, step * (many - 1) + length - 1)?))
        };
        match unit {
            Unit::Day => by_days(first, last, 1, 1),
            Unit::Week => {
                let start = self.monday(self.days_on(first, 3)?)?;
                let end = self.monday(self.days_on(last, -3)?)?;
                by_days(start, end, 7, 7)
            }
            Unit::Weekend => {
                let start = self.days_on(first, i64::from(first.weekday().until(Weekday::Saturday)))?;
                let end = self.days_on(last, -i64::from(last.weekday().since(Weekday::Saturday)))?;
                by_days(start, end, 7, 2)
            }
            Unit::Month | Unit::Quarter if whole != Grain::Month => {
                let step = if unit == Unit::Month { 1 } else { 3 };
                let after = last.tomorrow().ok()?;
                let start = if from_end { self.add(after, (-step * (skip + many)).months())? } else { first };
                self.months_from(start, if from_end { 0 } else { step * skip }, step * many)
            }
            _ => None,
        }
    }
}
