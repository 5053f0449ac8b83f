//! Clock times: "3pm", "half past seven", "15h30", "12 noon".

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::Grain;
use super::lexicon::CLOCK;
use super::read::Reader;
use super::token::Kind;

/// A time on the clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Clock {
    /// 0 to 24; 24 is the midnight that ends a day.
    pub(super) hour: i8,
    pub(super) minute: i8,
    pub(super) second: i8,
    pub(super) half: Half,
    pub(super) grain: Grain,
    /// The zone, as POSIX rule, where one was named.
    pub(super) zone: Option<&'static str>,
    pub(super) next: usize,
}

/// Which half of the day an hour is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Am,
    Pm,
    /// Said on the 24-hour clock, or with a name like noon.
    Told,
    /// Not said.
    Open,
}

impl Clock {
    fn new(hour: i8, minute: i8, half: Half, grain: Grain, next: usize) -> Clock {
        Clock { hour, minute, second: 0, half, grain, zone: None, next }
    }

    /// The hour of the day with a half chosen for one left open.
    pub(super) fn hour_in(&self, open: Half) -> i8 {
        let half = if self.half == Half::Open { open } else { self.half };
        match half {
            Half::Am if self.hour == 12 => 0,
            Half::Pm if self.hour < 12 => self.hour + 12,
            _ => self.hour,
        }
    }

    /// The half of the day in which people work: seven to noon are before midday, one to six after.
    pub(super) fn office_half(&self) -> Half {
        if (1..=6).contains(&self.hour) || self.hour == 12 { Half::Pm } else { Half::Am }
    }

    /// This time on a day.
    pub(super) fn on(&self, date: Date, open: Half) -> Option<DateTime> {
        let hour = self.hour_in(open);
        if hour == 24 {
            return Some(date.tomorrow().ok()?.to_datetime(Time::midnight()));
        }
        Some(date.to_datetime(Time::new(hour, self.minute, self.second, 0).ok()?))
    }
}

impl Reader<'_> {
    /// A clock time. `bare` allows a number alone, as after "at".
    pub(super) fn clock(&self, i: usize, bare: bool) -> Option<Clock> {
        if !self.begins(i, CLOCK) {
            return None;
        }
        let clock = self
            .clock_name(i)
            .or_else(|| self.clock_past(i))
            .or_else(|| self.clock_digits(i, bare))
            .or_else(|| self.clock_words(i, bare))?;
        let mut next = clock.next;
        while self.is(next, &["sharp", "ish", "exactly", "approximately"]) {
            next += 1;
        }
        match self.zone(next) {
            Some((zone, after)) => Some(Clock { zone, next: after, ..clock }),
            None => Some(Clock { next, ..clock }),
        }
    }

    fn clock_name(&self, i: usize) -> Option<Clock> {
        let start = if self.word(i) == "12" { i + 1 } else { self.skip(i, &["the"]) };
        let named = |hour, next| Some(Clock::new(hour, 0, Half::Told, Grain::Hour, next));
        match (self.word(start), self.word(start + 1)) {
            ("noon" | "midday" | "noonish", _) => named(12, start + 1),
            ("midnight", _) => named(24, start + 1),
            ("mid", "day") => named(12, start + 2),
            ("mid", "night") => named(24, start + 2),
            _ => None,
        }
    }

    /// "quarter past two", "20 minutes to 3pm", "half three".
    fn clock_past(&self, i: usize) -> Option<Clock> {
        let start = self.skip(i, &["a"]);
        let (minutes, mut next, strong) = match self.word(start) {
            "quarter" => (15, start + 1, true),
            "half" => (30, start + 1, true),
            _ => {
                let (n, next) = self.whole(start).filter(|(n, _)| (1..60).contains(n))?;
                let named = self.skip(next, &["minutes", "minute", "mins", "min"]);
                (n as i8, named, next < named)
            }
        };
        let back = match self.word(next) {
            "past" | "after" => false,
            "from" if strong => false,
            "to" | "before" | "til" | "till" if strong && minutes != 30 => true,
            _ if minutes == 30 && self.word(start) == "half" => {
                let hour = self.clock_words(next, true).or_else(|| self.clock_digits(next, true))?;
                let whole = hour.minute == 0 && !self.starts_unit(hour.next);
                return whole.then_some(Clock { minute: 30, grain: Grain::Minute, ..hour });
            }
            _ => return None,
        };
        next += 1;
        let hour = self
            .clock_name(next)
            .or_else(|| self.clock_digits(next, true))
            .or_else(|| self.clock_words(next, true))
            .filter(|c| c.minute == 0 && !self.starts_unit(c.next))?;
        let minute = if back { 60 - minutes } else { minutes };
        let whole = if back { (hour.hour + 23) % 24 } else { hour.hour % 24 };
        let whole = if whole == 0 && hour.half != Half::Told { 12 } else { whole };
        // "five to 12pm" is before noon
        let half = match (back && hour.hour == 12, hour.half) {
            (true, Half::Pm) => Half::Am,
            (true, Half::Am) => Half::Pm,
            (_, half) => half,
        };
        Some(Clock { hour: whole, minute, half, grain: Grain::Minute, ..hour })
    }

    fn clock_digits(&self, i: usize, bare: bool) -> Option<Clock> {
        let (n, len) = self.digits(i)?;
        let mut next = i + 1;
        let (mut hour, mut minute, mut second, mut grain) = (n, 0, 0, Grain::Hour);
        let mut told = len == 2 && n < 10;
        let mut sure = false;
        let glued = self.glued(next) && self.glued(next + 1);
        match (self.word(next), self.digits(next + 1)) {
            (":", Some((m, 2))) if glued && len <= 2 => {
                (minute, next, grain, sure) = (m, next + 2, Grain::Minute, true);
                if let Some((s, 2)) = self.digits(next + 1).filter(|_| self.word(next) == ":") {
                    (second, next, grain) = (s, next + 2, Grain::Second);
                    told = told || n == 0;
                }
            }
            (".", Some((m, 2))) if glued && len <= 2 && (bare || self.half(next + 2).is_some()) => {
                (minute, next, grain, sure) = (m, next + 2, Grain::Minute, true);
            }
            ("h", Some((m, 2))) if glued && len <= 2 => {
                (minute, next, grain, sure, told) = (m, next + 2, Grain::Minute, true, true);
            }
            // "at 12 15"
            _ if 0 < i
                && self.word(i - 1) == "at"
                && len <= 2
                && self.digits(next).is_some_and(|(m, len)| len == 2 && m < 60)
                && !self.glued(next)
                && !self.starts_unit(next + 1) =>
            {
                (minute, next, grain, sure) = (self.digits(next)?.0, next + 1, Grain::Minute, true);
            }
            ("h", _) if self.glued(next) && len <= 2 && (bare || self.zone(next + 1).is_some()) => {
                (next, sure, told) = (next + 1, true, true);
            }
            _ if len == 4 && (1900..2100).contains(&n) && self.half_after(next).is_none() => return None,
            _ if (3..=4).contains(&len) => {
                (hour, minute, grain) = (n / 100, n % 100, Grain::Minute);
                sure = self.is(next, &["hrs", "hours", "ish"]) || (bare && self.digits_alone(next));
                told = told || n < 1000 && len == 4 && !bare || self.is(next, &["hrs", "hours"]);
                next = self.skip(next, &["hrs", "hours"]);
            }
            _ if 4 < len => return None,
            _ => {}
        }
        if 24 < hour || 59 < minute || 59 < second || (hour == 24 && 0 < minute) {
            return None;
        }
        let (half, next) = match self.half_after(next) {
            // "4a" is a flat, "at 4a" an hour
            Some((_, after)) if after == next + 1 && self.is(next, &["a", "p"]) && !sure && !bare => {
                return None;
            }
            Some((half, next)) if hour <= 12 => (half, next),
            Some(_) => (Half::Told, next + 1),
            None if !(sure || bare && self.digits_alone(next) && 0 < hour) => return None,
            None => (if told || hour == 0 || 12 < hour { Half::Told } else { Half::Open }, next),
        };
        let clock = Clock::new(hour as i8, minute as i8, half, grain, next);
        Some(Clock { second: second as i8, ..clock })
    }

    /// A bare number may be an hour only where nothing behind it makes it something else.
    fn digits_alone(&self, next: usize) -> bool {
        if self.starts_unit(next)
            || self.is(next, &["%", "st", "nd", "rd", "th", "percent", "people", "pages"])
        {
            return false;
        }
        let mark = self.is(next, &[".", ",", ":", "/", "-"]) && self.glued(next);
        let glued_word = self.glued(next) && self.kind(next) == Some(Kind::Word);
        let joined = mark && self.glued(next + 1) && self.kind(next + 1) == Some(Kind::Digits);
        // "at 713-853-0357", "at 212 713 3989"
        let long = self.digits(next.max(1) - 1).is_some_and(|(_, len)| 3 <= len);
        if long && (joined || self.kind(next) == Some(Kind::Digits)) && !self.range_follows(next) {
            return false;
        }
        !(joined && self.word(next) != "-") && (!glued_word || self.is(next, &["ish", "hrs", "h"]))
    }

    /// "0730-0930": four digits on both sides, and no more.
    fn range_follows(&self, i: usize) -> bool {
        let four = |at: usize| self.digits(at).is_some_and(|(_, len)| len == 4);
        self.word(i) == "-"
            && four(i.max(1) - 1)
            && four(i + 1)
            && !(self.word(i + 2) == "-" && self.glued(i + 2))
    }

    /// "nine fifty nine a m", "seven o'clock", "three" after "at".
    fn clock_words(&self, i: usize, bare: bool) -> Option<Clock> {
        if self.kind(i) != Some(Kind::Word) || tens_word(self.word(i)) {
            return None;
        }
        let (hour, mut next) = self.number_words(i).filter(|(n, _)| *n <= 12)?;
        let (mut minute, mut grain) = (0, Grain::Hour);
        if let Some((m, after)) = self.number_words(next).filter(|(m, _)| (10..60).contains(m)) {
            (minute, next, grain) = (m, self.skip(after, &["minutes"]), Grain::Minute);
        }
        let (half, next) = match self.half_after(next) {
            Some(found) => found,
            None if bare && !self.starts_unit(next) && !self.is(next, &["of", "more", "other"]) => {
                (Half::Open, next)
            }
            None => return None,
        };
        Some(Clock::new(hour as i8, minute as i8, half, grain, next))
    }

    /// "o'clock", "am", "p.m.", "o'clock pm": what makes a number a clock time.
    fn half_after(&self, i: usize) -> Option<(Half, usize)> {
        let i = self.skip(i, &["ish"]);
        let clock = self
            .after(i, &["o", "'", "clock"])
            .or_else(|| self.after(i, &["oclock"]))
            .or_else(|| self.after(i, &["o", "clock"]));
        match clock {
            Some(next) => Some(self.half(next).unwrap_or((Half::Open, next))),
            None => self.half(i),
        }
    }

    /// "am", "p.m.", "a m", and "a" or "p" written onto the number.
    pub(super) fn half(&self, i: usize) -> Option<(Half, usize)> {
        let half = match self.word(i) {
            "am" => return Some((Half::Am, i + 1)),
            "pm" => return Some((Half::Pm, i + 1)),
            "ampm" => return Some((Half::Open, i + 1)),
            "a" => Half::Am,
            "p" => Half::Pm,
            _ => return None,
        };
        let m = self.skip(i + 1, &["."]);
        if self.word(m) == "m" {
            let end = if self.word(m + 1) == "." && i + 1 < m { m + 2 } else { m + 1 };
            return Some((half, end));
        }
        self.glued(i).then_some((half, i + 1))
    }

    /// A zone's name behind a clock time; "our time" is the writer's.
    fn zone(&self, i: usize) -> Option<(Option<&'static str>, usize)> {
        // "10:20:22 -0500", as machines write it: kept as the writer's own
        if self.is(i, &["-", "+"]) && !self.glued(i) && self.digits(i + 1).is_some_and(|(_, len)| len == 4) {
            return self.glued(i + 1).then_some((None, i + 2));
        }
        const WEST: &str = "GMT0BST,M3.5.0/1,M10.5.0";
        const MIDDLE: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
        let zone = match self.word(i) {
            "gmt" | "utc" => "UTC0",
            "bst" => WEST,
            "cet" | "cest" => MIDDLE,
            "est" | "edt" | "et" | "eastern" => "EST5EDT,M3.2.0,M11.1.0",
            "cst" | "cdt" | "ct" => "CST6CDT,M3.2.0,M11.1.0",
            "mst" | "mdt" | "mt" => "MST7MDT,M3.2.0,M11.1.0",
            "pst" | "pdt" | "pt" | "pacific" => "PST8PDT,M3.2.0,M11.1.0",
            "uk" | "london" if self.word(i + 1) == "time" => WEST,
            "central" if self.word(i + 1) == "time" => "CST6CDT,M3.2.0,M11.1.0",
            "mountain" if self.is(i + 1, &["time", "timezone"]) => "MST7MDT,M3.2.0,M11.1.0",
            "our" | "my" | "local" if self.word(i + 1) == "time" => return Some((None, i + 2)),
            _ => return None,
        };
        Some((Some(zone), self.skip(i + 1, &["time", "timezone"])))
    }
}

/// The zone of a POSIX rule.
pub(super) fn zone_of(rule: &str) -> Option<TimeZone> {
    TimeZone::posix(rule).ok()
}

fn tens_word(word: &str) -> bool {
    word.ends_with("ty") || word.ends_with("teen")
}
