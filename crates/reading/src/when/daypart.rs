//! Parts of a day: "this afternoon", "first thing", "close of business", "late tonight".

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use super::clock::Half;
use super::lexicon::PART;
use super::read::Reader;

/// A named part of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartName {
    FirstThing,
    Morning,
    EarlyMorning,
    LateMorning,
    BeforeLunch,
    Lunch,
    AfterLunch,
    Afternoon,
    EarlyAfternoon,
    LateAfternoon,
    Daytime,
    AfterWork,
    Evening,
    EarlyEvening,
    LateEvening,
    Night,
    /// Closing time.
    Close,
}

/// A part of a day as it was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct DayPart {
    pub(super) name: PartName,
    /// Days from today, where the words say which day ("this", "tonight", "last night").
    pub(super) day: Option<i64>,
    /// Stands on its own without a day: "in the morning", not "morning".
    pub(super) alone: bool,
    pub(super) next: usize,
}

impl PartName {
    /// The half of the day that an hour said with this part is in.
    pub(super) fn half(self, hour: i8) -> Half {
        match self {
            PartName::FirstThing | PartName::Morning | PartName::EarlyMorning | PartName::LateMorning => {
                Half::Am
            }
            PartName::Night if hour < 5 || hour == 12 => Half::Am,
            PartName::BeforeLunch | PartName::Daytime if 6 < hour && hour < 12 => Half::Am,
            _ => Half::Pm,
        }
    }

    /// From and to, in minutes of the day.
    fn minutes(self) -> (i16, i16) {
        let (from, to) = match self {
            PartName::FirstThing | PartName::EarlyMorning => (8, 10),
            PartName::Morning | PartName::BeforeLunch => (6, 12),
            PartName::LateMorning => (10, 12),
            PartName::Lunch => (12, 14),
            PartName::AfterLunch => (13, 17),
            PartName::Afternoon => (12, 18),
            PartName::EarlyAfternoon => (12, 15),
            PartName::LateAfternoon => (15, 18),
            PartName::Daytime => (8, 18),
            PartName::AfterWork => (17, 21),
            PartName::EarlyEvening => (17, 20),
            PartName::Evening | PartName::Close => (18, 24),
            PartName::LateEvening => (21, 24),
            PartName::Night => (20, 24),
        };
        // a day ends a minute before midnight, so that its end is of the same day
        (from * 60, if to == 24 { to * 60 - 1 } else { to * 60 })
    }
}

impl Reader<'_> {
    /// The beginning and end of a part of a day. What is wanted first thing is there an hour after opening.
    pub(super) fn bounds(&self, name: PartName, date: Date) -> Option<(DateTime, DateTime)> {
        if name == PartName::FirstThing {
            let opening = self.calendar.periods(date).first().map_or(Time::constant(9, 0, 0, 0), |p| p.from);
            let from = date.to_datetime(opening);
            return Some((from, from.checked_add(1.hour()).ok()?));
        }
        let (from, to) = name.minutes();
        let at =
            |minutes: i16| date.to_datetime(Time::midnight()).checked_add(i64::from(minutes).minutes()).ok();
        Some((at(from)?, at(to)?))
    }

    /// A part of a day at `i`.
    pub(super) fn day_part(&self, i: usize) -> Option<DayPart> {
        if !self.begins(i, PART) {
            return None;
        }
        self.closing_words(i).or_else(|| self.first_thing(i)).or_else(|| self.named_part(i))
    }

    /// "close of business", "COB", "EOD", "end of play", "end of the working day", "end of tomorrow".
    fn closing_words(&self, i: usize) -> Option<DayPart> {
        let start = self.skip(i, &["the"]);
        let close = |next| Some(DayPart { name: PartName::Close, day: None, alone: true, next });
        match self.word(start) {
            "cob" | "eod" | "cop" | "eob" | "coB" => return close(start + 1),
            "e" | "c" if self.after(start + 1, &[".", "o", ".", "b"]).is_some() => {
                return close(self.skip(start + 5, &["."]));
            }
            "close" | "end" => {}
            _ => return None,
        }
        let of = self.after(start + 1, &["of"])?;
        let of = self.skip(of, &["the", "our", "my"]);
        let work = self.skip(of, &["business", "working", "work", "trading", "office"]);
        if let Some(next) = self.after(work, &["day"]).or_else(|| self.after(of, &["play"])) {
            return close(next);
        }
        if of < work && self.word(of) != "office" {
            return close(work);
        }
        // "end of tomorrow", "end of Friday": the day follows as a piece of its own
        let day = self
            .day(of)
            .filter(|d| d.one_day().is_some() && self.holiday(of).is_none_or(|h| h.next != d.next));
        day.and_then(|_| close(of))
    }

    /// "first thing", "first thing in the morning".
    fn first_thing(&self, i: usize) -> Option<DayPart> {
        let next = self.after(i, &["first", "thing"])?;
        let morning = self.after(next, &["in", "the", "morning"]);
        let next = morning.unwrap_or(next);
        Some(DayPart { name: PartName::FirstThing, day: None, alone: true, next })
    }

    fn named_part(&self, i: usize) -> Option<DayPart> {
        let mut at = i;
        let (mut early, mut late) = (false, false);
        let mut led = false;
        // "later on in the afternoon", "late in the evening", "early this morning"
        for _ in 0..2 {
            match self.word(at) {
                "early" | "earlier" => early = true,
                "late" | "later" => late = true,
                "mid" if self.word(at + 1) != "night" => {}
                "in" | "during" | "at" | "on" => {
                    led = self.is(at + 1, &["the"]) || self.is(at, &["at"]) || self.word(at) == "in";
                    at = self.skip(at + 1, &["the"]);
                    continue;
                }
                _ => break,
            }
            at = self.skip(at + 1, &["-"]);
        }
        let (day, at) = match self.word(at) {
            "this" if self.word(at + 1) != "lunch" => (Some(0), at + 1),
            "today" | "todays" => (Some(0), self.possessive(at + 1)),
            "last" | "yesterday" => (Some(-1), self.possessive(at + 1)),
            "next" => (Some(1), at + 1),
            "the" if led => (None, at + 1),
            _ => (None, at),
        };
        let at = match self.word(at) {
            "early" => {
                early = true;
                at + 1
            }
            "late" => {
                late = true;
                at + 1
            }
            "mid" if self.word(at + 1) != "night" => self.skip(at + 1, &["-"]),
            _ => at,
        };
        let (name, next, own_day) = self.part_name(at, led)?;
        let name = refined(name, early, late);
        let day = day.or(own_day);
        let next = self.skip(next, &["ish"]);
        let named = self.is(at, &["after", "before", "lunchtime"]);
        Some(DayPart { name, day, alone: led || named || day.is_some() || early || late, next })
    }

    fn part_name(&self, i: usize, led: bool) -> Option<(PartName, usize, Option<i64>)> {
        let name = match self.word(i) {
            "morning" | "morn" => PartName::Morning,
            "afternoon" | "afternoonish" | "arvo" => PartName::Afternoon,
            "evening" | "eve"
                if self.word(i) == "evening" || self.is(i.max(1) - 1, &["this", "tomorrow"]) =>
            {
                PartName::Evening
            }
            "night" if !self.is(i + 1, &["-"]) => PartName::Night,
            "tonight" | "tonite" | "tonights" => {
                return Some((PartName::Evening, self.possessive(i + 1), Some(0)));
            }
            "lunch" | "lunchtime" => {
                let next = self.skip(i + 1, &["time"]);
                return Some((PartName::Lunch, next, None));
            }
            "daytime" => PartName::Daytime,
            "am" if led => PartName::Morning,
            "pm" if led => PartName::Afternoon,
            "after" if self.is(i + 1, &["lunch", "breakfast"]) => {
                let name =
                    if self.word(i + 1) == "lunch" { PartName::AfterLunch } else { PartName::LateMorning };
                return Some((name, i + 2, None));
            }
            "after" if self.is(i + 1, &["work", "school"]) => {
                return Some((PartName::AfterWork, i + 2, None));
            }
            "before" if self.word(i + 1) == "lunch" => return Some((PartName::BeforeLunch, i + 2, None)),
            _ => return None,
        };
        Some((name, i + 1, None))
    }
}

fn refined(name: PartName, early: bool, late: bool) -> PartName {
    match (name, early, late) {
        (PartName::Morning, true, _) => PartName::EarlyMorning,
        (PartName::Morning, _, true) => PartName::LateMorning,
        (PartName::Afternoon, true, _) => PartName::EarlyAfternoon,
        (PartName::Afternoon, _, true) => PartName::LateAfternoon,
        (PartName::Evening, true, _) => PartName::EarlyEvening,
        (PartName::Evening | PartName::Night, _, true) => PartName::LateEvening,
        _ => name,
    }
}
