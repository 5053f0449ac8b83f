//! Again and again: "every Friday", "weekly", "once a year", "each day at 3pm", "Friday mornings".

use super::lexicon::SET;
use super::read::{Node, Reader, Value};
use super::{Grain, span::Unit};

impl Reader<'_> {
    /// A set of times.
    pub(super) fn set(&self, i: usize) -> Option<Node> {
        if !self.begins(i, SET) {
            return None;
        }
        let (next, grain) = self.set_core(i)?;
        // "every day at 7pm", "everyday 6am", "each Monday at 4pm"
        let at = self.skip(self.skip(next, &["in", "at"]), &["the"]);
        let next = match self.moment(at).or_else(|| self.moment(next)) {
            Some(node)
                if matches!(node.grain, Grain::Second | Grain::Minute | Grain::Hour | Grain::PartOfDay) =>
            {
                node.next
            }
            _ => next,
        };
        Some(Node::new(next, Value::Every, grain))
    }

    fn set_core(&self, i: usize) -> Option<(usize, Grain)> {
        match self.word(i) {
            "every" | "each" => return self.every(i + 1),
            "any" | "all" if self.is(i + 1, &["weekend", "weekends", "weekday", "weekdays"]) => {
                return Some((i + 2, Grain::Day));
            }
            "once" | "twice" | "one" | "per" => {
                let at = if self.word(i) == "per" {
                    i + 1
                } else {
                    self.skip(i + 1, &["a", "per", "every", "each"])
                };
                if at == i + 1 && self.word(i) != "per" || self.word(i) == "per" {
                    return None;
                }
                return self
                    .unit(at)
                    .filter(|(u, _)| *u != Unit::Second)
                    .map(|(unit, next)| (next, unit.grain()));
            }
            "everyday" | "daily" | "nightly" => return Some((i + 1, Grain::Day)),
            "weekly" | "fortnightly" | "biweekly" => return Some((i + 1, Grain::Week)),
            "monthly" | "bimonthly" => return Some((i + 1, Grain::Month)),
            "quarterly" => return Some((i + 1, Grain::Quarter)),
            "annually" | "yearly" | "semiannual" | "semiannually" | "biannual" | "biannually" => {
                return Some((i + 1, Grain::Year));
            }
            "bi" | "semi" if self.word(i + 1) == "-" => {
                return self
                    .set_core(i + 2)
                    .or_else(|| self.after(i + 2, &["annual"]).map(|n| (n, Grain::Year)));
            }
            "weekends" | "weekdays" => return Some((i + 1, Grain::Day)),
            "mornings" | "afternoons" | "evenings" | "nights" if !self.number_before(i) => {
                return Some((i + 1, Grain::PartOfDay));
            }
            _ => {}
        }
        if let Some((_, next)) = self.weekdays(i) {
            let possessive = self.word(next) == "'";
            let counted = self.number_before(i);
            return (!possessive && !counted).then_some((next, Grain::Day));
        }
        let plural = |at: usize| self.is(at, &["mornings", "afternoons", "evenings", "nights"]);
        if let Some((_, next)) = self.weekday(i).filter(|(_, next)| plural(*next)) {
            return Some((next + 1, Grain::PartOfDay));
        }
        self.time_of_each(i)
    }

    fn number_before(&self, i: usize) -> bool {
        0 < i && (self.whole(i - 1).is_some() || self.is(i - 1, &["few", "of", "the"]))
    }

    fn every(&self, i: usize) -> Option<(usize, Grain)> {
        let at = self.skip(i, &["other", "single", "second"]);
        if let Some((_, next)) = self.weekday(at) {
            return Some((next, Grain::Day));
        }
        if self.is(at, &["morning", "afternoon", "evening", "night", "lunchtime"]) {
            return Some((at + 1, Grain::PartOfDay));
        }
        let counted = self.count(at).map_or(at, |(_, next)| next);
        if let Some((_, next)) = self.month(counted) {
            return Some((next, Grain::Month));
        }
        self.unit(counted).map(|(unit, next)| (next, unit.grain()))
    }

    /// "3pm each day", "the 19th of every month".
    fn time_of_each(&self, i: usize) -> Option<(usize, Grain)> {
        let at = match self.ordinal(self.skip(i, &["the"])) {
            Some((_, next)) => self.skip(next, &["of", "day"]),
            None => self.clock(i, false)?.next,
        };
        if !self.is(at, &["every", "each"]) {
            return None;
        }
        self.every(at + 1)
    }
}
