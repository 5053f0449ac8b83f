//! A day and a time of day, in any order: "Tuesday at 3", "9 tomorrow morning", "COB on Friday".

use jiff::civil::{Date, DateTime};

use super::clock::{Clock, Half, zone_of};
use super::daypart::{DayPart, PartName};
use super::lexicon::MOMENT;
use super::read::{Node, Reader, Value, longer};
use super::{Grain, Limit};

/// What has been gathered of a moment.
#[derive(Clone, Copy, Default)]
struct Pieces {
    day: Option<Node>,
    part: Option<DayPart>,
    clock: Option<Clock>,
    until: Option<Clock>,
    limit: Option<Limit>,
    next: usize,
}

/// Words between the pieces of a moment; each is taken only where a piece follows.
const JOINTS: &[&str] = &[
    ",",
    "at",
    "@",
    "on",
    "for",
    "around",
    "about",
    "by",
    "from",
    "between",
    "of",
    "-",
    "(",
    ")",
    "the",
    "in",
    "before",
    "after",
    "circa",
    "approximately",
    "starting",
    "/",
    "sometime",
    "any",
    "time",
    "anytime",
];

/// Words behind which a number alone is an hour.
const HOUR_LEADS: &[&str] = &[
    "at", "@", "by", "until", "till", "before", "after", "around", "about", "from", "than", "circa",
    "between",
];

impl Reader<'_> {
    /// A day with a time of day, or either alone.
    pub(super) fn moment(&self, i: usize) -> Option<Node> {
        if !self.begins(i, MOMENT) {
            return None;
        }
        let mut pieces = self.first_piece(i)?;
        while let Some(more) = self.next_piece(&pieces) {
            pieces = more;
        }
        self.put_together(&pieces)
    }

    fn first_piece(&self, i: usize) -> Option<Pieces> {
        let led = 0 < i && HOUR_LEADS.contains(&self.word(i - 1));
        let lead = self.is(i, &["at", "@", "around", "about", "approximately", "circa", "for"]);
        let at = if lead { self.skip(i + 1, &["around", "about"]) } else { i };
        let bare =
            led || self.is(i, &["at", "@", "around", "approximately", "circa"]) || self.day_follows(at);
        if lead && !bare && self.word(i) != "for" && self.word(i) != "about" {
            return None;
        }
        let led = if lead { self.piece(&Pieces::default(), i, false, None) } else { None };
        // "for 9am" is a time, "for Halloween" is Halloween
        let plain = self.piece(&Pieces::default(), at, bare, None);
        let plain = plain.filter(|p| self.word(i) != "for" || p.clock.is_some());
        match (led, plain) {
            (Some(a), Some(b)) => Some(if a.next < b.next { b } else { a }),
            (a, b) => a.or(b),
        }
    }

    /// "9 tomorrow", "8 this evening", "10, tonight", "6-8 next Monday": the number before is an hour.
    fn day_follows(&self, i: usize) -> bool {
        const THINGS: &[&str] = &[
            "building", "room", "suite", "page", "floor", "number", "no", "unit", "chapter", "item",
            "version", "exhibit", "section", "phase", "part", "option", "gate", "platform", "flight",
            "clause", "only", "counted",
        ];
        let Some((n, mut next)) = self.whole(i) else { return false };
        if 24 < n || (0 < i && THINGS.contains(&self.word(i - 1))) {
            return false;
        }
        if self.is(next, &["-", "to"]) && self.whole(next + 1).is_some() {
            next = self.whole(next + 1).map_or(next, |(_, after)| after);
        }
        let at = self.skip(next, &[","]);
        self.is(at, &["tonight", "tonite", "tomorrow"])
            || (self.is(at, &["this", "in", "on"])
                && at == next
                && self.day_part(at).is_some_and(|p| p.alone && p.name != PartName::Close))
            || (self.word(at) == "next" && at == next && self.weekday(at + 1).is_some())
    }

    fn next_piece(&self, so_far: &Pieces) -> Option<Pieces> {
        let mut at = so_far.next;
        let mut bare = false;
        let mut limit = None;
        let mut best: Option<Pieces> = None;
        for _ in 0..4 {
            if let Some(found) = self.piece(so_far, at, bare, limit) {
                if best.is_none_or(|b| b.next < found.next) {
                    best = Some(found);
                }
                break;
            }
            if let Some((found, next)) = self.limit(at).filter(|_| so_far.day.is_some()) {
                limit = Some(found);
                bare = true;
                at = next;
                continue;
            }
            if !JOINTS.contains(&self.word(at)) {
                break;
            }
            bare = bare || HOUR_LEADS.contains(&self.word(at));
            at += 1;
        }
        best
    }

    /// The longest piece at `at` of a kind that is still wanting.
    fn piece(&self, so_far: &Pieces, at: usize, bare: bool, limit: Option<Limit>) -> Option<Pieces> {
        let mut best: Option<Pieces> = None;
        let mut offer = |found: Pieces| {
            if best.is_none_or(|b| b.next < found.next) {
                best = Some(found);
            }
        };
        let base = Pieces { limit: so_far.limit.or(limit), ..*so_far };
        if so_far.clock.is_none() {
            let loose = bare || so_far.day.is_some() || so_far.part.is_some();
            if let Some((from, to)) = self.clock_range(at, loose) {
                // a range takes no further limit
                offer(Pieces {
                    clock: Some(from),
                    until: Some(to),
                    next: to.next,
                    limit: so_far.limit,
                    ..base
                });
            }
            // "18 July, 19h"
            let told = so_far.day.is_some() && self.word(at + 1) == "h" && self.glued(at + 1);
            if let Some(clock) = self.clock(at, bare || told) {
                offer(Pieces { clock: Some(clock), next: clock.next, ..base });
            }
        }
        if so_far.day.is_none() {
            let counted = if so_far.next == 0 || so_far.clock.is_some() { self.ahead(at) } else { None };
            if let Some(day) = longer(self.day(at), counted).filter(|d| d.one_day().is_some()) {
                offer(Pieces { day: Some(day), next: day.next, ..base });
            }
        }
        if so_far.part.is_none()
            && let Some(part) = self.day_part(at)
        {
            let fits = part.day.is_none() || so_far.day.is_none();
            let of_day = self.is(part.next, &["of", "on"]) && self.day(part.next + 1).is_some();
            if fits && (part.alone || of_day || so_far.day.is_some() || so_far.clock.is_some()) {
                offer(Pieces { part: Some(part), next: part.next, ..base });
            }
        }
        best
    }

    /// "2 to 4pm", "from 9:30 until 11", "9-11am": the half of the day may stand once.
    pub(super) fn clock_range(&self, i: usize, loose: bool) -> Option<(Clock, Clock)> {
        let between = self.skip(i, &["in"]);
        let between = if self.is(between, &["from", "between"]) { between + 1 } else { i };
        let led = i < between || self.is(i.max(1) - 1, &["from", "between"]);
        let first = self.clock(between, true)?;
        let joint = match self.word(first.next) {
            "to" | "-" | "until" | "untill" | "till" | "til" | "through" | "thru" | "~" => first.next + 1,
            "and" if led => first.next + 1,
            "but" if self.word(first.next + 1) == "before" => first.next + 2,
            _ => return None,
        };
        let second = self.clock(self.skip(joint, &["the"]), true)?;
        let told = |c: &Clock| {
            c.half != Half::Open || c.grain != Grain::Hour || self.is(c.next.max(1) - 1, &["clock", "oclock"])
        };
        if !(loose || told(&first) || told(&second)) {
            return None;
        }
        if self.starts_unit(second.next) && self.word(second.next) != "h" {
            return None;
        }
        let goes_on = self.word(second.next) == "-" && self.glued(second.next) && self.glued(second.next + 1);
        if goes_on && self.digits(second.next + 1).is_some() {
            return None;
        }
        let short = |k: usize| self.digits(k).is_some_and(|(_, len)| len == 3) && !self.glued(k);
        if short(between) && !self.is(first.next.max(1) - 1, &["m", "am", "pm", "."]) {
            return None;
        }
        Some((first, second))
    }

    /// Chooses halves of the day that were left open, so that the second time comes soonest after the first.
    pub(super) fn halves(&self, first: Clock, second: Clock, part: Option<PartName>) -> (Clock, Clock) {
        let minutes = |c: &Clock, half| i32::from(c.hour_in(half)) * 60 + i32::from(c.minute);
        let (mut a, mut b) = (first, second);
        if a.half == Half::Open && b.half != Half::Open {
            let end = minutes(&b, b.half);
            let same = if b.half == Half::Told { a.office_half() } else { b.half };
            a.half = if minutes(&a, same) <= end {
                same
            } else if same == Half::Pm {
                Half::Am
            } else {
                Half::Pm
            };
        } else if a.half == Half::Open {
            a.half = part.map_or(a.office_half(), |p| p.half(a.hour));
        }
        if b.half == Half::Open {
            let begin = minutes(&a, a.half);
            b.half = if begin < minutes(&b, Half::Am) { Half::Am } else { Half::Pm };
        }
        (a, b)
    }

    fn put_together(&self, pieces: &Pieces) -> Option<Node> {
        if pieces.part.is_some_and(|p| !p.alone) && pieces.day.is_none() && pieces.clock.is_none() {
            return None;
        }
        let node = match (pieces.day, pieces.part, pieces.clock) {
            (Some(day), None, None) => day,
            (day, part, Some(clock)) => self.timed(day, part, clock, pieces.until)?,
            (day, Some(part), None) => self.part_of(day, part)?,
            (None, None, None) => return None,
        };
        let node = node.ending(pieces.next.max(node.next));
        Some(match pieces.limit {
            Some(limit) => node.limited(limit),
            None => node,
        })
    }

    /// The day a part of a day belongs to; without one, the next there is.
    fn part_date(&self, day: Option<Node>, part: DayPart) -> Option<Date> {
        if let Some(date) = day.and_then(|d| d.one_day()) {
            return Some(date);
        }
        if let Some(days) = part.day {
            return self.days_on(self.today(), days);
        }
        if part.name == PartName::Close {
            return Some(self.today());
        }
        let today = self.today();
        let over = self.bounds(part.name, today)?.1 <= self.now;
        let first_thing = part.name == PartName::FirstThing && self.bounds(part.name, today)?.0 <= self.now;
        if over || first_thing { self.days_on(today, 1) } else { Some(today) }
    }

    fn part_of(&self, day: Option<Node>, part: DayPart) -> Option<Node> {
        let date = self.part_date(day, part)?;
        let base = day.unwrap_or_else(|| Node::day(part.next, date));
        let value = if part.name == PartName::Close {
            Value::Exact(self.calendar.end_of_day(date, self.said_at))
        } else {
            let (from, to) = self.bounds(part.name, date)?;
            Value::Between(from, to)
        };
        Some(Node { value, grain: Grain::PartOfDay, ..base })
    }

    fn timed(
        &self,
        day: Option<Node>,
        part: Option<DayPart>,
        clock: Clock,
        until: Option<Clock>,
    ) -> Option<Node> {
        let (clock, until) = match until {
            Some(until) => {
                let (clock, until) = self.halves(clock, until, part.map(|p| p.name));
                (clock, Some(until))
            }
            None => (clock, None),
        };
        let half = part.map_or(clock.office_half(), |p| p.name.half(clock.hour));
        let named = match (day, part) {
            (None, None) => None,
            (day, Some(part)) => Some(self.timed_date(day, part, clock, half)?),
            (Some(day), None) => day.one_day(),
        };
        let from = match named {
            Some(date) => clock.on(date, half)?,
            None => self.next_time(clock)?,
        };
        let base = day.unwrap_or_else(|| Node::day(clock.next, from.date()));
        let Some(until) = until else {
            // "Wed Oct 26 15:50:06 2016"
            if let (Some(day), Some((year, next))) = (day.filter(|d| d.yearless), self.year(clock.next)) {
                let date = jiff::civil::Date::new(year, from.month(), from.day()).ok()?;
                let value = self.in_zone(clock.on(date, half)?, clock.zone)?;
                return Some(Node { value, grain: clock.grain, floating: false, ..day }.ending(next));
            }
            let value = self.in_zone(from, clock.zone)?;
            return Some(Node { value, grain: clock.grain, ..base });
        };
        let half = part.map_or(until.office_half(), |p| p.name.half(until.hour));
        let mut to = until.on(from.date(), half)?;
        if to < from {
            to = until.on(from.date().tomorrow().ok()?, half)?;
        }
        let zone = until.zone.or(clock.zone);
        let value = match (self.in_zone(from, zone)?, self.in_zone(to, zone)?) {
            (Value::Exact(from), Value::Exact(to)) => Value::ExactBetween(from, to),
            _ => Value::Between(from, to),
        };
        Some(Node { value, grain: clock.grain.min(until.grain), ..base })
    }

    /// "tonight at 1" is tomorrow's early morning by the calendar.
    fn timed_date(&self, day: Option<Node>, part: DayPart, clock: Clock, half: Half) -> Option<Date> {
        if day.is_none() && part.day.is_none() {
            let today = self.today();
            return if clock.on(today, half)? <= self.now { self.days_on(today, 1) } else { Some(today) };
        }
        self.part_date(day, part)
    }

    /// The next time the clock shows this: today in working hours, else today in the evening, else tomorrow.
    fn next_time(&self, clock: Clock) -> Option<DateTime> {
        let today = self.today();
        let office = clock.office_half();
        if self.looks_back {
            return clock.on(today, office);
        }
        let first = clock.on(today, office)?;
        if self.now < first {
            return Some(first);
        }
        let evening = clock.on(today, Half::Pm)?;
        if clock.half == Half::Open && self.now < evening && evening.hour() <= 20 {
            return Some(evening);
        }
        clock.on(self.days_on(today, 1)?, office)
    }

    fn in_zone(&self, at: DateTime, zone: Option<&str>) -> Option<Value> {
        match zone {
            Some(rule) => Some(Value::Exact(zone_of(rule)?.to_timestamp(at).ok()?)),
            None => Some(Value::At(at)),
        }
    }
}
