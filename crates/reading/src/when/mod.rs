//! Dates and times in English words, resolved against the moment of writing and the firm's calendar.
//!
//! The words are read once, left to right: [`scan`] finds where a date may stand (most of a message is skipped
//! byte by byte), [`token`] cuts those places into words, the grammar (`clock`, `day`, `period`, `span`, `moment`)
//! puts small patterns together, and [`due`] says until when a promise made with these words is kept in time.
//!
//! Tastes, each held by a table test: a week runs Monday to Sunday; "next Tuesday" is Tuesday of next week; an hour
//! without am or pm is the one in the working day; "early next week" ends on Tuesday, "mid-week" is Wednesday,
//! and a promise for a week is kept until its Friday.

mod clock;
mod count;
mod day;
mod daypart;
mod due;
mod feast;
mod hebrew;
mod holiday;
mod lead;
mod lexicon;
mod moment;
mod moon;
mod names;
mod nth;
mod number;
mod numeric;
mod part;
mod period;
mod phrase;
mod range;
mod read;
mod scan;
mod season;
mod set;
mod span;
mod tense;
mod token;
mod weekday;

use care::hours::WorkCalendar;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use self::lexicon::{ANY, CORE};
use self::read::{Node, Reader, Value};

pub use self::due::begins;
pub use self::holiday::easter;

/// Words of time found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Where the words begin, in bytes.
    pub start: usize,
    /// Where they end (exclusive), in bytes.
    pub end: usize,
    /// What they mean.
    pub meaning: Meaning,
    /// How exact they are.
    pub grain: Grain,
    /// Whether they name the time itself or a limit ("by", "before", "after").
    pub limit: Limit,
    /// They speak of what has been: never a due date.
    pub past: bool,
}

/// What words of time mean, in the zone of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// One day.
    Day(Date),
    /// Several days: a week, a month, "early next week".
    Days {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// An instant: "at 3pm tomorrow", "in two hours", "close of business".
    At(Timestamp),
    /// Part of a day, or from one instant to another.
    Between {
        /// The first moment.
        from: Timestamp,
        /// The end.
        to: Timestamp,
    },
    /// How long; nothing said of when. A month counts 30 days, a year 365.
    Lasting(SignedDuration),
    /// Again and again: "every Friday".
    Every,
    /// Bound to an event or left open ("before the hearing", "as soon as possible"): the words are all there is.
    Unresolved,
}

/// How exact words of time are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grain {
    /// To the second, or counted in seconds or minutes from now.
    Second,
    /// A clock time with minutes.
    Minute,
    /// A clock time in full hours.
    Hour,
    /// Morning, afternoon, close of business.
    PartOfDay,
    /// A calendar day.
    Day,
    /// Saturday and Sunday.
    Weekend,
    /// Monday to Sunday.
    Week,
    /// The beginning, middle or end of a month, quarter or year.
    Part,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// A year, half-year or more.
    Year,
}

/// Whether words of time name the time itself, or a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The time itself: "on Friday", "in two days".
    On,
    /// At the latest then: "by Friday", "no later than the 3rd".
    By,
    /// Earlier than that: "before Friday".
    Before,
    /// A state that lasts until then: "I am away until Friday".
    Until,
    /// Later than that: "after Friday".
    After,
    /// From then on: "from Friday", "since May".
    From,
}

/// All words of time in `text`, said at `said_at`, in the order of the text and without overlap.
pub fn find(text: &str, said_at: Timestamp, calendar: &WorkCalendar) -> Vec<Found> {
    let mut found = Vec::new();
    let places = scan::places(text);
    if places.is_empty() {
        return found;
    }
    let now = said_at.to_zoned(calendar.zone().clone()).datetime();
    for (from, to) in places {
        let raw = &text[from..to];
        let low = raw.to_ascii_lowercase();
        let tokens = token::cut(&low);
        let reader = Reader {
            raw,
            tokens: &tokens,
            said_at,
            now,
            calendar,
            month_first: month_first(calendar.zone()),
            looks_back: false,
            by: false,
            depth: 0,
        };
        reader.all(from, &mut found);
    }
    found
}

/// So many words may stand before the one that makes words a time: "by no later than the end of the".
const MOST_BEFORE_CORE: usize = 9;

/// People in these zones write the month before the day.
fn month_first(zone: &TimeZone) -> bool {
    const CITIES: &[&str] = &[
        "New_York",
        "Chicago",
        "Denver",
        "Los_Angeles",
        "Phoenix",
        "Detroit",
        "Anchorage",
        "Boise",
        "Juneau",
        "Sitka",
        "Nome",
        "Adak",
        "Yakutat",
        "Metlakatla",
        "Menominee",
        "Louisville",
        "Indianapolis",
        "Fort_Wayne",
    ];
    const REGIONS: &[&str] = &["Indiana/", "Kentucky/", "North_Dakota/"];
    // A zone that is but an offset: those of North America.
    const WEST: std::ops::RangeInclusive<i32> = -10 * 3600..=-4 * 3600;
    let Some(name) = zone.iana_name() else {
        return zone.to_fixed_offset().is_ok_and(|offset| WEST.contains(&offset.seconds()));
    };
    match name.strip_prefix("America/") {
        Some(city) => CITIES.contains(&city) || REGIONS.iter().any(|r| city.starts_with(r)),
        None => {
            name.starts_with("US/")
                || matches!(name, "Pacific/Honolulu" | "EST" | "EST5EDT" | "CST6CDT" | "MST7MDT" | "PST8PDT")
        }
    }
}

impl Reader<'_> {
    /// Everything in these tokens, whose text begins at `base`.
    fn all(&self, base: usize, found: &mut Vec<Found>) {
        let mut i = 0;
        let mut core = 0;
        while i < self.tokens.len() {
            // the words before a core are few
            core = core.max(i);
            while core < self.tokens.len() && !self.begins(core, CORE) {
                core += 1;
            }
            i = i.max(core.saturating_sub(MOST_BEFORE_CORE));
            let begins = core < self.tokens.len() && self.begins(i, ANY);
            let Some(mut node) = begins.then(|| self.expression(i)).flatten() else {
                i += 1;
                continue;
            };
            if node.floating && node.limit != Limit::By && self.speaks_of_past(i, node.next) {
                let back = Reader { looks_back: true, ..*self };
                if let Some(past) = back.expression(i) {
                    node = Node { past: true, ..past };
                }
            }
            if let Some((start, end, meaning)) = self.resolved(i, &node) {
                let past = node.past || self.is_over(&meaning);
                let (start, end) = (base + start, base + end);
                found.push(Found { start, end, meaning, grain: node.grain, limit: node.limit, past });
            }
            i = node.next.max(i + 1);
        }
    }

    fn resolved(&self, i: usize, node: &Node) -> Option<(usize, usize, Meaning)> {
        let start = self.tokens.get(i)?.start;
        let end = self.tokens.get(node.next.checked_sub(1)?)?.end;
        let safe = |date: Date| (0 < date.year() && date <= due::LAST_DAY).then_some(date);
        let instant = |at: DateTime| safe(at.date()).map(|date| self.calendar.instant(date, at.time()));
        let meaning = match node.value {
            Value::Days(from, to) if from == to && node.grain <= Grain::Day => Meaning::Day(safe(from)?),
            Value::Days(from, to) => Meaning::Days { from: safe(from)?, to: safe(to)? },
            Value::At(at) => Meaning::At(instant(at)?),
            Value::Between(from, to) => Meaning::Between { from: instant(from)?, to: instant(to)? },
            Value::Exact(at) => Meaning::At(at),
            Value::ExactBetween(from, to) => Meaning::Between { from, to },
            Value::Lasting(length) => Meaning::Lasting(length),
            Value::Every => Meaning::Every,
            Value::Unresolved => Meaning::Unresolved,
        };
        Some((start, end, meaning))
    }

    fn is_over(&self, meaning: &Meaning) -> bool {
        match *meaning {
            Meaning::Day(date) | Meaning::Days { to: date, .. } => date < self.today(),
            Meaning::At(at) => at < self.said_at,
            Meaning::Between { to, .. } => to < self.said_at,
            _ => false,
        }
    }
}
