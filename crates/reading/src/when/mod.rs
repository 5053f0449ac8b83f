//! Dates and times in English words, resolved against the moment of writing and the firm's calendar.
//!
//! The words are read once, left to right: [`scan`] finds where a date may stand (most of a message is skipped
//! byte by byte), [`token`] cuts those places into words, the grammar (`clock`, `day`, `period`, `span`, `moment`)
//! puts small patterns together, and [`due`] says until when a promise made with these words is kept in time.
//!
//! Tastes, each held by a table test: a week runs Monday to Sunday; "next Tuesday" is Tuesday of next week; an hour
//! without am or pm is the one in the working day; "early next week" ends on Tuesday, "mid-week" is Wednesday,
//! and a promise for a week is kept until its Friday.

mod due;

use care::hours::WorkCalendar;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

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
pub fn find(_text: &str, _said_at: Timestamp, _calendar: &WorkCalendar) -> Vec<Found> {
    Vec::new()
}
