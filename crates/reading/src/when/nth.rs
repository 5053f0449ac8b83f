//! The nth of something: "the first Monday of May", "last day of the month", "third last week of 2018".

use jiff::civil::{Date, Weekday};

use super::Grain;
use super::clock::Clock;
use super::daypart::DayPart;
use super::read::{Node, Reader, Value};
use super::span::Unit;

/// What is counted, and which of it: "the third last week", "the first 2 weeks".
struct Counted {
    what: Counting,
    /// How many stand before it, from the end that is counted from.
    n: i64,
    many: i64,
    from_end: bool,
    next: usize,
}

enum Counting {
    Weekdays(Weekday),
    Units(Unit),
}

/// The hours of a counted weekday: "the first Monday evening of next month", "the first Monday 1pm to 3pm of May".
enum Hours {
    All,
    Part(DayPart),
    Clocks(Clock, Clock),
}

impl Reader<'_> {
    /// "the first Monday of May", "last day of the month", "third last week of 2018", "first 2 weeks of 2021".
    pub(super) fn nth(&self, i: usize) -> Option<Node> {
        let counted = self.which_of(i)?;
        let (hours, next) = self.hours_of(&counted);
        let of = self.past_of(next)?;
        let whole = self
            .inside()?
            .stretch(of, true)
            .filter(|s| matches!(s.grain, Grain::Month | Grain::Quarter | Grain::Year))?;
        let Value::Days(first, last) = whole.value else { return None };
        let Counted { n, many, from_end, .. } = counted;
        let (days, grain) = match counted.what {
            Counting::Weekdays(weekday) => (self.nth_weekday(first, last, weekday, n, from_end)?, Grain::Day),
            Counting::Units(unit) => {
                let grain = if many == 1 { unit.grain() } else { Grain::Day };
                (self.nth_unit((first, last), whole.grain, unit, n, many, from_end)?, grain)
            }
        };
        let node = Node { value: Value::Days(days.0, days.1), grain, limit: super::Limit::On, ..whole };
        match hours {
            Hours::Part(part) => {
                let (from, to) = self.bounds(part.name, days.0)?;
                Some(Node { value: Value::Between(from, to), grain: Grain::PartOfDay, ..node })
            }
            Hours::Clocks(from, to) => {
                let (from, to) = self.halves(from, to, None);
                let value = Value::Between(from.on(days.0, from.half)?, to.on(days.0, to.half)?);
                Some(Node { value, grain: from.grain.min(to.grain), ..node })
            }
            Hours::All => self.on_its_weekday(node, days.0),
        }
    }

    /// Which of what: all before "of".
    fn which_of(&self, i: usize) -> Option<Counted> {
        let start = self.skip(i, &["the"]);
        let last = self.is(start, &["last", "final"]);
        let (n, at) = if last { (1, start + 1) } else { self.ordinal(start)? };
        let from_end = last || self.is(at, &["last", "final"]);
        let at = at + usize::from(from_end && !last);
        let (many, at) = match self.whole(at) {
            Some((many, next)) if n == 1 => (i64::from(many), next),
            _ => (1, at),
        };
        let weekend = || {
            self.after(at, &["week", "-", "end"])
                .or_else(|| self.after(at, &["week", "end"]))
                .or_else(|| self.after(at, &["wkend"]))
        };
        let (what, next) = if let Some((weekday, next)) = self.weekday(at) {
            (Counting::Weekdays(weekday), next)
        } else if let Some(next) = weekend() {
            (Counting::Units(Unit::Weekend), next)
        } else {
            self.unit(at).map(|(unit, next)| (Counting::Units(unit), next))?
        };
        Some(Counted { what, n: i64::from(n.min(400)) - 1, many, from_end, next })
    }

    /// The hours named between a counted weekday and "of", and what is past them.
    fn hours_of(&self, counted: &Counted) -> (Hours, usize) {
        let at = counted.next;
        if let Counting::Units(_) = counted.what {
            return (Hours::All, at);
        }
        if let Some(part) = self.day_part(at).filter(|p| self.past_of(p.next).is_some()) {
            let next = part.next;
            return (Hours::Part(part), next);
        }
        match self.clock_range(at, true).filter(|(_, to)| self.past_of(to.next).is_some()) {
            Some((from, to)) => {
                let next = to.next;
                (Hours::Clocks(from, to), next)
            }
            None => (Hours::All, at),
        }
    }

    fn past_of(&self, at: usize) -> Option<usize> {
        self.after(at, &["of"]).or_else(|| self.after(at, &["in"]))
    }

    /// "1st week of October on Friday"
    fn on_its_weekday(&self, node: Node, first: Date) -> Option<Node> {
        let on = self.skip(self.skip(node.next, &["."]), &["on"]);
        match self.weekday(on) {
            Some((weekday, next)) if node.grain == Grain::Week && node.next < on => {
                let date = self.days_on(first, i64::from(weekday.to_monday_zero_offset()))?;
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
