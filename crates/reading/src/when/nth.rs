//! The nth of something: "the first Monday of May", "last day of the month", "third last week of 2018".

use jiff::civil::{Date, Weekday};

use super::Grain;
use super::read::{Node, Reader, Value};
use super::span::Unit;

impl Reader<'_> {
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
        let of = |at: usize| self.after(at, &["of"]).or_else(|| self.after(at, &["in"]));
        // "the first Monday evening of next month", "the first Monday 1pm to 3pm of May"
        let part = weekday.and_then(|_| self.day_part(next)).filter(|p| of(p.next).is_some());
        let clocks =
            weekday.and_then(|_| self.clock_range(next, true)).filter(|(_, to)| of(to.next).is_some());
        let next = part.map(|p| p.next).or(clocks.map(|(_, to)| to.next)).unwrap_or(next);
        let of = of(next)?;
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
        if let Some(part) = part {
            let (from, to) = self.bounds(part.name, days.0)?;
            return Some(Node { value: Value::Between(from, to), grain: Grain::PartOfDay, ..node });
        }
        if let Some((from, to)) = clocks {
            let (from, to) = self.halves(from, to, None);
            let value = Value::Between(from.on(days.0, from.half)?, to.on(days.0, to.half)?);
            return Some(Node { value, grain: from.grain.min(to.grain), ..node });
        }
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
