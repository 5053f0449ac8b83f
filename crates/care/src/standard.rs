//! What the firm promises its clients, by tier.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::hours::WorkCalendar;
use crate::particular::Particulars;

/// A span of working time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum WorkSpan {
    /// So many minutes while the firm is open.
    Minutes(u32),
    /// So many times the longest day of the week: one day after Monday 11:00 is Tuesday 11:00.
    Days(u32),
}

impl WorkSpan {
    /// So many hours while the firm is open.
    pub const fn hours(hours: u32) -> WorkSpan {
        WorkSpan::Minutes(hours.saturating_mul(60))
    }

    /// How long the firm must be open for this span to pass.
    pub fn in_hours_of(self, calendar: &WorkCalendar) -> SignedDuration {
        match self {
            WorkSpan::Minutes(minutes) => SignedDuration::from_mins(i64::from(minutes)),
            WorkSpan::Days(days) => {
                SignedDuration::from_secs(calendar.working_day().as_secs() * i64::from(days))
            }
        }
    }
}

/// Why a span of working time was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no span of working time; write it like “4 hours”, “30 minutes” or “1 day”")]
pub struct SpanError(String);

impl FromStr for WorkSpan {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<WorkSpan, SpanError> {
        let wrong = || SpanError(text.to_owned());
        let text = text.trim();
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, unit) = text.split_at(digits);
        let number: u32 = number.parse().map_err(|_| wrong())?;
        match unit.trim() {
            "m" | "min" | "minute" | "minutes" => Ok(WorkSpan::Minutes(number)),
            "h" | "hour" | "hours" => number.checked_mul(60).map(WorkSpan::Minutes).ok_or_else(wrong),
            "d" | "day" | "days" => Ok(WorkSpan::Days(number)),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for WorkSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match *self {
            WorkSpan::Minutes(minutes) if minutes % 60 == 0 => (minutes / 60, "hour"),
            WorkSpan::Minutes(minutes) => (minutes, "minute"),
            WorkSpan::Days(days) => (days, "day"),
        };
        write!(f, "{number} {unit}{}", if number == 1 { "" } else { "s" })
    }
}

impl TryFrom<String> for WorkSpan {
    type Error = SpanError;

    fn try_from(text: String) -> Result<WorkSpan, SpanError> {
        text.parse()
    }
}

impl From<WorkSpan> for String {
    fn from(span: WorkSpan) -> String {
        span.to_string()
    }
}

/// What the firm promises the clients of one tier.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Standard {
    /// By when a message that needs a reply is answered; also by when a promise or hold without a date is kept.
    pub answer: WorkSpan,
    /// By when a missed call is returned.
    pub callback: WorkSpan,
    /// By when a colleague's question about a client is answered.
    pub question: WorkSpan,
    /// By when a client without a point person has one.
    pub cover: WorkSpan,
    /// How long a client may be quiet.
    pub check_in: Rhythm,
    /// Clients of this tier are valued from their first day; others only by tenure or traffic.
    pub valued: bool,
    /// How many weeks there are to build a second tie with a valued client.
    pub second_tie_weeks: u16,
    /// What a client's record must tell of them.
    pub record: Particulars,
    /// By when a record tells it.
    pub record_gap: WorkSpan,
}

/// How long a client may be quiet, in calendar days, before somebody should write, and before somebody must.
///
/// Loyalty is not taken for granted: both limits shrink with tenure, by a twentieth for every full year, to no less
/// than half. A client of the default tier hears from us after 45 days in the first year (90 at worst),
/// after 34 (68) in the sixth, and after 23 (45) from the eleventh on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rhythm {
    /// After so many quiet days the check-in opens.
    pub wanted_days: u16,
    /// After so many quiet days it is overdue.
    pub worst_days: u16,
}

/// By how much a year of tenure shortens the rhythm, in percent of the first year's.
const SHORTER_PER_YEAR: u32 = 5;
/// No rhythm is shortened to less than this, in percent of the first year's.
const SHORTEST: u32 = 50;

impl Rhythm {
    /// The rhythm for a client who has been one for so many full years.
    pub fn after(self, years: u32) -> Rhythm {
        let percent = 100u32.saturating_sub(years.saturating_mul(SHORTER_PER_YEAR)).max(SHORTEST);
        let shorter = |days: u16| ((u32::from(days) * percent).div_ceil(100)) as u16;
        Rhythm { wanted_days: shorter(self.wanted_days), worst_days: shorter(self.worst_days) }
    }
}

impl Default for Standard {
    /// One working day for an answer, half of one (4 hours) to return a call, one for a colleague's question, five to
    /// name a point person; a word after 45 quiet days, 90 at worst: those who feel forgotten say so after a quarter.
    /// What a record must tell, a firm says itself; it has ten working days to find it out.
    fn default() -> Standard {
        Standard {
            answer: WorkSpan::Days(1),
            callback: WorkSpan::hours(4),
            question: WorkSpan::Days(1),
            cover: WorkSpan::Days(5),
            check_in: Rhythm { wanted_days: 45, worst_days: 90 },
            valued: false,
            second_tie_weeks: 6,
            record: Particulars::NONE,
            record_gap: WorkSpan::Days(10),
        }
    }
}

/// What the firm promises: to everyone, and where a tier is promised something else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Standards {
    /// For clients without a tier, or of a tier without a standard of its own.
    pub default: Standard,
    /// By tier, in lower case.
    pub tiers: BTreeMap<String, Standard>,
}

impl Default for Standards {
    /// Every tier has the same answer times. Tier "a" hears from us more often and is valued from its first day,
    /// tier "c" less often.
    fn default() -> Standards {
        let default = Standard::default();
        let a = Standard { check_in: Rhythm { wanted_days: 28, worst_days: 56 }, valued: true, ..default };
        let c = Standard { check_in: Rhythm { wanted_days: 90, worst_days: 180 }, ..default };
        Standards { default, tiers: BTreeMap::from([("a".to_owned(), a), ("c".to_owned(), c)]) }
    }
}

impl Standards {
    /// Whether the record of anybody must tell anything.
    pub fn demand_a_record(&self) -> bool {
        !self.default.record.is_empty() || self.tiers.values().any(|standard| !standard.record.is_empty())
    }

    /// The standard of a tier, whatever its capitals.
    pub fn of(&self, tier: Option<&str>) -> &Standard {
        let named = tier.and_then(|tier| self.tiers.get(&tier.trim().to_lowercase()));
        named.unwrap_or(&self.default)
    }
}
