//! Parts of weeks, months and years: "early next week", "end of the month", "mid-March".

use jiff::ToSpan;
use jiff::civil::Date;

use super::Grain;
use super::read::{Node, Reader, Value};
use super::span::Unit;

/// Which part of a stretch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Early,
    Mid,
    Late,
    FirstHalf,
    SecondHalf,
    Rest,
    Whole,
    Earlier,
    Later,
}

impl Reader<'_> {
    /// "early next week", "end of the month", "mid-March", "later this week", "EOM".
    pub(super) fn part(&self, i: usize) -> Option<Node> {
        if let Some(node) = self.part_short(i) {
            return Some(node);
        }
        let start = self.skip(self.skip(i, &["at"]), &["the", "very"]);
        let start = self.skip(start, &["very"]);
        if let Some(next) =
            self.after(start, &["mid", "-", "week"]).or_else(|| self.after(start, &["midweek"]))
        {
            return self.whole_part(Part::Mid, self.of_unit(Unit::Week, 0, next)?);
        }
        let (part, at) = self.part_word(start)?;
        // "mid next week", "early next week", "early in the week", "end of next week"
        let of = self.skip(self.skip(at, &["of", "in", "-"]), &["around"]);
        let bare = at < of || matches!(part, Part::Late);
        let whole = self.stretch(of, bare)?;
        self.whole_part(part, whole)
    }

    fn part_word(&self, i: usize) -> Option<(Part, usize)> {
        let part = match (self.word(i), self.word(i + 1)) {
            ("first", "half") => return Some((Part::FirstHalf, i + 2)),
            ("second" | "latter" | "last", "half") => return Some((Part::SecondHalf, i + 2)),
            ("early" | "beginning" | "start", _) => Part::Early,
            ("mid" | "middle", _) => Part::Mid,
            ("late" | "end" | "close", _) => Part::Late,
            ("rest" | "remainder", _) => Part::Rest,
            ("earlier", _) => Part::Earlier,
            ("later", _) => Part::Later,
            ("all" | "throughout" | "whole", _) => Part::Whole,
            _ => return None,
        };
        Some((part, i + 1))
    }

    /// "EOM", "BOM", "EOY", "EOW".
    fn part_short(&self, i: usize) -> Option<Node> {
        let at = self.skip(i, &["the"]);
        let (part, unit) = match self.word(at) {
            "eom" => (Part::Late, Unit::Month),
            "bom" => (Part::Early, Unit::Month),
            "eoy" => (Part::Late, Unit::Year),
            "boy" if i < at && self.tokens.len() < 3 => (Part::Early, Unit::Year),
            "eow" => (Part::Late, Unit::Week),
            "eoq" => (Part::Late, Unit::Quarter),
            _ => return None,
        };
        self.whole_part(part, self.of_unit(unit, 0, at + 1)?)
    }

    fn whole_part(&self, part: Part, whole: Node) -> Option<Node> {
        let Value::Days(from, to) = whole.value else { return None };
        let today = self.today();
        let on = |days: i64| self.days_on(from, days);
        let month = |n: i64| self.add(from, n.months());
        let before = |date: Date| date.yesterday().ok();
        let (from, to) = match (whole.grain, part) {
            (_, Part::Whole) => (from, to),
            (_, Part::Rest) => (from.max(today).min(to), to),
            (_, Part::Earlier) => (from, to.min(today).max(from)),
            (Grain::Week, Part::Later) => (on(3)?, to),
            (_, Part::Later) => (from.max(today).min(to), to),
            (Grain::Week, Part::Early | Part::FirstHalf) => (from, on(1)?),
            (Grain::Week, Part::Mid) => (on(2)?, on(2)?),
            (Grain::Week, Part::Late | Part::SecondHalf) => self.end_of_week(whole)?,
            (Grain::Month, Part::Early) => (from, on(9)?),
            (Grain::Month, Part::Mid) => (on(10)?, on(19)?),
            (Grain::Month, Part::Late) => (on(20)?, to),
            (Grain::Month, Part::FirstHalf) => (from, on(14)?),
            (Grain::Month, Part::SecondHalf) => (on(15)?, to),
            (Grain::Quarter, Part::Early) => (from, before(month(1)?)?),
            (Grain::Quarter, Part::Mid) => (month(1)?, before(month(2)?)?),
            (Grain::Quarter, Part::Late) => (month(2)?, to),
            (Grain::Year, Part::Early) => (from, before(month(3)?)?),
            (Grain::Year, Part::Mid) => (month(5)?, before(month(8)?)?),
            (Grain::Year, Part::Late) => (month(8)?, to),
            (Grain::Year, Part::FirstHalf) => (from, before(month(6)?)?),
            (Grain::Year, Part::SecondHalf) => (month(6)?, to),
            _ => return None,
        };
        let grain = match (whole.grain, part) {
            (grain, Part::Whole) => grain,
            (Grain::Week, Part::Later | Part::Rest) => Grain::Week,
            (Grain::Week, _) => Grain::Day,
            _ => Grain::Part,
        };
        let past = whole.past || part == Part::Earlier;
        Some(Node { value: Value::Days(from, to), grain, past, ..whole })
    }

    /// The end of a week is its Friday; said when that is over, the next one.
    fn end_of_week(&self, whole: Node) -> Option<(Date, Date)> {
        let Value::Days(from, to) = whole.value else { return None };
        let friday = self.days_on(from, 4)?;
        let over = friday < self.today() && self.today() <= to && !self.looks_back;
        let friday = if over { self.days_on(friday, 7)? } else { friday };
        Some((friday, friday))
    }
}
