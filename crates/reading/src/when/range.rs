//! From one time to another, and times counted from another.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};

use super::read::{Node, Reader, Value, longer};
use super::span::{Amount, Unit};
use super::{Grain, Limit};

impl Reader<'_> {
    /// "from Monday to Friday", "3-5 March", "March to May 2025", "between now and the 15th", "18 December for 10 days".
    /// `simple` is the time that begins at `i`.
    pub(super) fn range(&self, i: usize, simple: Option<Node>) -> Option<Node> {
        let led = self.is(i, &["from", "between"]);
        let first = if led { self.end_of_range(self.skip(i + 1, &["in"]), true) } else { simple };
        let lasting = first.and_then(|first| self.lasting(i, first));
        let range = first.and_then(|first| self.until_another(i, led, first));
        longer(self.days_of_month(i), longer(range, lasting))
    }

    /// The joint of a range at `i`; "and" only behind "between".
    fn joint(&self, i: usize, between: bool) -> Option<usize> {
        match self.word(i) {
            "to" | "-" | "~" | "until" | "untill" | "till" | "til" | "through" | "thru" => Some(i + 1),
            "and" if between => Some(i + 1),
            _ => None,
        }
    }

    /// "13 to 15 July", "July 13-15", "from the 3rd to the 5th of May 2025", "April ninth through seventeenth".
    fn days_of_month(&self, i: usize) -> Option<Node> {
        let between = self.word(i) == "between";
        let start = self.skip(i, &["from", "between"]);
        let month_first = self.month(start).map(|(_, next)| self.skip(next, &["the"]));
        let at = month_first.unwrap_or_else(|| self.skip(start, &["the"]));
        let (first, next) = self.month_day(at)?;
        let joint = self.skip(self.joint(self.skip(next, &["of"]), between)?, &["the"]);
        let (second, next) = self.month_day(joint)?;
        let last = if let Some(at) = month_first {
            // "July 13 - 15, 2025"; a clock time or another month behind the joint is something else
            if self.month(next).is_some() || self.is(next, &[":", "am", "pm", "/"]) || self.starts_unit(next)
            {
                return None;
            }
            let (month, _) = self.month(start)?;
            let comma = self.skip(next, &[",", "of"]);
            let dated =
                self.year(comma).map(|(year, after)| Date::new(year, month, second).ok().map(|d| (d, after)));
            let _ = at;
            match dated {
                Some(found) => {
                    let (date, after) = found?;
                    Node::day(after, date)
                }
                None => Node::day(next, self.coming_date(month, second, None)?).yearless(),
            }
        } else {
            self.month_date(joint, None).filter(|d| next < d.next)?
        };
        let end = last.one_day()?;
        let begin = Date::new(end.year(), end.month(), first).ok();
        let begin = match begin {
            Some(begin) if begin <= end => begin,
            // "from the 27th to the 3rd of April"
            _ => Date::new(end.year(), end.month(), 1)
                .ok()?
                .yesterday()
                .ok()?
                .with()
                .day(first)
                .build()
                .ok()?,
        };
        Some(Node { value: Value::Days(begin, end), ..last })
    }

    /// Two times of any kind with a joint between them.
    fn until_another(&self, i: usize, from: bool, first: Node) -> Option<Node> {
        let between = self.word(i) == "between";
        let mut first = first;
        if !from && matches!(first.value, Value::Lasting(_) | Value::Every | Value::Unresolved) {
            return None;
        }
        let at = self.joint(self.skip(first.next, &[","]), between).or_else(|| {
            // ISO intervals
            (self.word(first.next) == "/" && self.digits(first.next + 1).is_some_and(|(_, len)| len == 4))
                .then_some(first.next + 1)
        })?;
        if self.until_is_apart(from, first.next, at) {
            return None;
        }
        if self.is(at, &["now", "date", "today"]) {
            let start = if from { self.skip(i + 1, &["in"]) } else { i };
            first = Reader { looks_back: true, ..*self }.end_of_range(start, from)?;
        }
        let anchor = self.first_moment(&first)?;
        let later = match first.floating || !matches!(first.value, Value::Exact(_) | Value::ExactBetween(..))
        {
            true if self.now < anchor => Reader { now: anchor, by: false, ..*self },
            _ => Reader { by: false, ..*self },
        };
        let at = self.skip(at, &["the"]);
        let second = later.end_of_range(at, true).or_else(|| later.end_of_range(at - 1, true))?;
        let first = self.with_year_of(first, &second);
        self.running(self.join(first, second)?)
    }

    /// "from August to October", said in September, is running.
    fn running(&self, node: Node) -> Option<Node> {
        let Value::Days(from, to) = node.value else { return Some(node) };
        let (Some(begun), Some(end)) = (self.add(from, (-1).years()), self.add(to, (-1).years())) else {
            return Some(node);
        };
        let runs = node.yearless && begun <= self.today() && self.today() <= end;
        Some(if runs { Node { value: Value::Days(begun, end), ..node } } else { node })
    }

    /// "Friday until 3" is a range only where "from" says so, or days stand on both sides.
    fn until_is_apart(&self, from: bool, joint: usize, at: usize) -> bool {
        !from && self.word(joint) == "to" && self.month(at).is_none() && self.day(at).is_none() && {
            let clock = self.clock(at, false);
            clock.is_none() && self.period(at).is_none() && !self.is(at, &["date", "now", "the"])
        }
    }

    fn end_of_range(&self, i: usize, led: bool) -> Option<Node> {
        let now = match self.word(i) {
            "now" | "date" | "present" if led => {
                Some(Node::new(i + 1, Value::Exact(self.said_at), Grain::Day))
            }
            _ => None,
        };
        longer(now, self.simple(i))
    }

    /// A time that is no range.
    pub(super) fn simple(&self, i: usize) -> Option<Node> {
        longer(longer(self.counted(i), self.moment(i)), self.period(i))
    }

    fn first_moment(&self, node: &Node) -> Option<DateTime> {
        Some(match node.value {
            Value::Days(from, _) => from.to_datetime(jiff::civil::Time::midnight()),
            Value::At(at) | Value::Between(at, _) => at,
            Value::Exact(at) | Value::ExactBetween(at, _) => self.local(at),
            _ => return None,
        })
    }

    pub(super) fn local(&self, at: Timestamp) -> DateTime {
        at.to_zoned(self.calendar.zone().clone()).datetime()
    }

    /// "Nov 18 to Dec 19, 2025": the year said last holds for both.
    fn with_year_of(&self, first: Node, second: &Node) -> Node {
        let (Value::Days(from, to), Value::Days(_, end)) = (first.value, second.value) else { return first };
        if !first.yearless || second.yearless {
            return first;
        }
        let Some(begin) = self.year_before(from, end) else { return first };
        let shifted =
            if first.grain == Grain::Month { Some(begin.last_of_month()) } else { self.year_before(to, end) };
        Node { value: Value::Days(begin, shifted.unwrap_or(begin).max(begin)), ..first }
    }

    fn join(&self, first: Node, second: Node) -> Option<Node> {
        let value = match (first.value, second.value) {
            (Value::Days(from, _), Value::Days(_, to)) if from <= to => Value::Days(from, to),
            (Value::Days(from, _), Value::Exact(to)) if from <= self.local(to).date() => {
                Value::Days(from, self.local(to).date())
            }
            (Value::Exact(from), Value::Days(_, to)) if self.local(from).date() <= to => {
                Value::Days(self.local(from).date(), to)
            }
            (Value::Between(from, _) | Value::At(from), Value::At(to) | Value::Between(_, to))
                if from <= to =>
            {
                Value::Between(from, to)
            }
            (Value::Exact(from), Value::At(to)) => {
                let from = self.local(from);
                if to < from { return None } else { Value::Between(from, to) }
            }
            (Value::At(from), Value::Exact(to)) => {
                let to = self.local(to);
                if to < from { return None } else { Value::Between(from, to) }
            }
            (Value::Exact(from), Value::Exact(to)) if from <= to => Value::ExactBetween(from, to),
            _ => return None,
        };
        let grain = first.grain.min(second.grain);
        Some(Node { value, grain, yearless: first.yearless && second.yearless, limit: Limit::On, ..second })
    }

    /// Times counted from now or from another: "in two hours", "within 5 working days", "three days after Easter",
    /// "a week on Friday", "two weeks ago", "3 Fridays from now".
    pub(super) fn counted(&self, i: usize) -> Option<Node> {
        longer(
            longer(self.ahead(i), self.counted_from(i)),
            longer(self.nth_weekday_from_now(i), self.starting(i)),
        )
    }

    /// "in three days", "within the hour", "in the next couple of weeks", "after 5 days".
    pub(super) fn ahead(&self, i: usize) -> Option<Node> {
        let within = self.is(i, &["within", "inside"]);
        let at = match self.word(i) {
            "in" | "within" | "inside" | "over" | "during" => self.skip(i + 1, &["of", "under"]),
            "after" => i + 1,
            _ => return None,
        };
        let at = self
            .after(at, &["less", "than"])
            .or_else(|| self.after(at, &["no", "more", "than"]))
            .unwrap_or(at);
        if let Some(node) = self.counted_ahead(at).filter(|_| self.word(i) != "after") {
            return Some(node);
        }
        if self.is(i, &["over", "during"]) {
            return None;
        }
        let the = if within { self.skip(at, &["the"]) } else { at };
        let (amount, unit, next) = match self.unit(the).filter(|_| at < the) {
            Some((unit, next)) => (Amount::of(1.0, unit), unit, next),
            None => self.amount(at)?,
        };
        let next = match self.after(self.possessive(next), &["time"]) {
            Some(after) => after,
            None => self.after(self.possessive(next), &["from", "now"]).unwrap_or(next),
        };
        if within {
            return self.counted_span(&amount, unit, false, next).map(|n| match n.value {
                Value::Days(_, to) => Node { value: Value::Days(self.today(), to), ..n },
                _ => n,
            });
        }
        let node = self.after_now(&amount, unit, next, false)?;
        if self.word(i) == "after" {
            return Some(node.limited(Limit::After));
        }
        // "in 3 days on Friday" names the same day twice; "in two years since 2011" counts from there
        match self.is(next, &["since"]).then(|| self.inside()?.end_of_range(next + 1, true)).flatten() {
            Some(other) => {
                let Value::Days(from, _) = other.value else { return Some(node) };
                Some(Node::day(other.next, self.shift(from, &amount, false)?))
            }
            None => Some(node),
        }
    }

    /// "the next 3 days" behind "in" or "within".
    fn counted_ahead(&self, i: usize) -> Option<Node> {
        let the = self.skip(i, &["the"]);
        if !self.is(the, &["next", "coming", "following"]) {
            return None;
        }
        let node = self.period(i)?;
        // "within the next hour": no number
        Some(node).filter(|n| !n.past)
    }

    /// The moment an amount of time from now; whole days are days, half a day is on the clock.
    fn after_now(&self, amount: &Amount, unit: Unit, next: usize, back: bool) -> Option<Node> {
        if amount.on_the_clock() {
            let length = amount.lasting();
            let at = if back { self.said_at.checked_sub(length) } else { self.said_at.checked_add(length) }
                .ok()?;
            return Some(Node { past: back, ..Node::new(next, Value::Exact(at), unit.grain()) });
        }
        Some(Node { past: back, ..Node::day(next, self.shift(self.today(), amount, back)?) })
    }

    /// "two weeks ago", "3 days from now", "a week from Friday", "three days after Easter", "a fortnight later".
    fn counted_from(&self, i: usize) -> Option<Node> {
        let less = self.after(i, &["less", "than"]).is_some();
        let (start, limit) = match self.after(i, &["more", "than"]) {
            Some(at) => (at, true),
            None => (self.after(i, &["less", "than"]).unwrap_or(i), false),
        };
        let (amount, unit, next) = self.the_one(i).or_else(|| self.amount(start))?;
        match self.word(next) {
            "ago" | "back" => return self.after_now(&amount, unit, next + 1, true),
            "later" if self.is(next + 1, &["this", "in", "today", "on"]) => return None,
            "hence" | "later" => return self.after_now(&amount, unit, next + 1, false),
            "earlier" => return self.after_now(&amount, unit, next + 1, true),
            "from" if self.word(next + 1) == "now" => return self.after_now(&amount, unit, next + 2, false),
            _ => {}
        }
        let (back, at) = match self.word(next) {
            "from" | "after" | "following" => (false, next + 1),
            "before" => (true, next + 1),
            "prior" if self.word(next + 1) == "to" => (true, next + 2),
            "on" if matches!(unit, Unit::Week | Unit::Fortnight) && self.word(start) != "the" => {
                (false, next + 1)
            }
            _ => return None,
        };
        if amount.on_the_clock() && self.word(at) != "now" {
            return None;
        }
        let other = longer(self.day(at), self.stretch(at, false))?;
        let Value::Days(from, _) = other.value else { return None };
        let date = self.shift(from, &amount, back)?;
        let node = Node { next: other.next, floating: other.floating, ..Node::day(other.next, date) };
        if less && !back && from <= date {
            return Some(Node { value: Value::Days(from, date), ..node });
        }
        Some(match (limit, back) {
            (true, true) => node.limited(Limit::Before),
            (true, false) => node.limited(Limit::After),
            _ => node,
        })
    }

    /// "the day before Thanksgiving", "the week after the 14th": one of them.
    fn the_one(&self, i: usize) -> Option<(Amount, Unit, usize)> {
        let at = self.after(i, &["the"])?;
        let (unit, next) = self.unit(at).filter(|(unit, _)| matches!(unit, Unit::Day | Unit::Week))?;
        let single = !self.word(at).ends_with('s') && self.is(next, &["before", "after", "following"]);
        single.then_some((Amount::of(1.0, unit), unit, next))
    }

    /// "3 Fridays from now".
    fn nth_weekday_from_now(&self, i: usize) -> Option<Node> {
        let (n, at) = self.whole(i).filter(|(n, _)| (1..=500).contains(n))?;
        let (weekday, next) = self.weekdays(at).or_else(|| self.weekday(at))?;
        let next = self.after(next, &["from", "now"])?;
        let first = self.first_after(self.today(), weekday)?;
        Some(Node::day(next, self.days_on(first, 7 * (i64::from(n) - 1))?))
    }

    /// "for 10 days from 18 December", "3 days starting on Monday".
    fn starting(&self, i: usize) -> Option<Node> {
        let (amount, unit, next) = self.amount(self.skip(i, &["for"]))?;
        let comma = self.skip(next, &[","]);
        let lead = self.is(comma, &["from", "starting", "beginning"]);
        let at = self.skip(self.skip(comma + 1, &["from", "on"]), &["the"]);
        if !lead || self.word(at) == "now" || (self.word(i) != "for" && self.word(comma) == "from") {
            return None;
        }
        self.lasting_from(self.moment(at).or_else(|| self.hour(at))?, &amount, unit, None)
    }

    /// "18 December for 10 days", "from 2pm for 2 hours".
    fn lasting(&self, i: usize, start: Node) -> Option<Node> {
        if self.word(i) == "between" {
            return None;
        }
        let next = self.after(start.next, &["for"])?;
        let (amount, unit, next) = self.amount(next)?;
        self.lasting_from(start, &amount, unit, Some(next))
    }

    fn hour(&self, i: usize) -> Option<Node> {
        let clock = self.clock(i, true)?;
        let at = clock.on(self.today(), clock.office_half())?;
        Some(Node::new(clock.next, Value::At(at), clock.grain))
    }

    fn lasting_from(&self, start: Node, amount: &Amount, unit: Unit, next: Option<usize>) -> Option<Node> {
        let next = next.unwrap_or(start.next);
        let value = match start.value {
            Value::Days(from, to) if from == to && !amount.on_the_clock() => {
                Value::Days(from, self.shift(from, amount, false)?.yesterday().ok()?.max(from))
            }
            Value::At(from) => {
                let to = from.checked_add(amount.lasting()).ok()?;
                if to.date() <= super::due::LAST_DAY { Value::Between(from, to) } else { return None }
            }
            _ => return None,
        };
        let grain = if matches!(value, Value::Days(..)) { Grain::Day } else { start.grain.min(unit.grain()) };
        Some(Node { next, value, grain, ..start })
    }
}
