//! Seasons, and stretches that something goes on in: "this summer", "for the day".

use jiff::ToSpan;
use jiff::civil::Date;

use super::day::Which;
use super::read::{Node, Reader, Value};
use super::span::Unit;
use super::{Grain, Limit};

impl Reader<'_> {
    /// "this summer", "the spring of 2026", "in autumn 2025": from one turn of the sun to the next, in the north.
    pub(super) fn season(&self, i: usize) -> Option<Node> {
        let (which, at) = match self.which(i) {
            Some((which, at)) => (Some(which), at),
            None => (None, self.skip(i, &["the"])),
        };
        let (month, next) = match self.word(at) {
            "spring" => (3, at + 1),
            "summer" => (6, at + 1),
            "autumn" | "fall" => (9, at + 1),
            "winter" => (12, at + 1),
            _ => return None,
        };
        let today = self.today();
        let dated = self.year(self.skip(next, &["of"]));
        let (year, next) = match (dated, which) {
            (Some(found), _) => found,
            (None, Some(which)) => {
                let over = self.season_of(today.year(), month)?.1 < today;
                let year = match which {
                    Which::Next | Which::Coming if self.season_of(today.year(), month)?.0 <= today => 1,
                    Which::Last | Which::Past if !over => -1,
                    Which::This if over => 1,
                    _ => 0,
                };
                (today.year().checked_add(year)?, next)
            }
            (None, None) => return None,
        };
        let (from, to) = self.season_of(year, month)?;
        Some(Node::new(next, Value::Days(from, to), Grain::Quarter))
    }

    /// From the day on which the sun turns to the day before it turns again.
    fn season_of(&self, year: i16, month: i8) -> Option<(Date, Date)> {
        let turn = |month: i8| match month {
            9 => 24,
            3 => 20,
            _ => 21,
        };
        let from = Date::new(year, month, turn(month)).ok()?;
        let next = self.add(from.first_of_month(), 3.months())?;
        let to = Date::new(next.year(), next.month(), turn(next.month())).ok()?.yesterday().ok()?;
        Some((from, to))
    }

    /// "for the day", "partner of the month", "the year it happened": a stretch that something goes on in.
    pub(super) fn going_on(&self, i: usize) -> Option<Node> {
        let at = self.after(i, &["the"])?;
        let (unit, next) = self.unit(at).filter(|_| !self.word(at).ends_with('s'))?;
        let today = self.today();
        if self.is(next, &["of", "-", "'"]) {
            return None;
        }
        let node = match unit {
            Unit::Day if self.word(at) == "day" => Node::day(next, today),
            Unit::Week | Unit::Fortnight | Unit::Month | Unit::Year => self.of_unit(unit, 0, next)?,
            _ => return None,
        };
        Some(node.limited(Limit::Until))
    }
}
