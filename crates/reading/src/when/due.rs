//! Until when a thing promised with these words is in time.

use care::hours::WorkCalendar;
use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};

use super::{Found, Grain, Limit, Meaning};

impl Found {
    /// The last moment at which a thing promised with these words at `said_at` is in time. None for what has been,
    /// for durations and sets, and where only a beginning is named or an event is awaited. Never before `said_at`.
    pub fn due(&self, said_at: Timestamp, calendar: &WorkCalendar) -> Option<Timestamp> {
        if self.past || matches!(self.limit, Limit::After | Limit::From | Limit::Until) {
            return None;
        }
        let today = calendar.date_of(said_at);
        let before = self.limit == Limit::Before;
        let moment = match self.meaning {
            Meaning::Day(date) if before => day_end(date.yesterday().ok()?, today, said_at, calendar)?,
            Meaning::Day(date) => day_end(date, today, said_at, calendar)?,
            Meaning::Days { from, .. } if before => {
                day_end(from.yesterday().ok()?, today, said_at, calendar)?
            }
            Meaning::Days { to, .. } if self.grain == Grain::Week => {
                day_end(friday_of(to, today)?, today, said_at, calendar)?
            }
            Meaning::Days { to, .. } => day_end(to, today, said_at, calendar)?,
            // "at the moment" says how things stand
            Meaning::At(at) if at == said_at => return None,
            Meaning::At(at) => at,
            Meaning::Between { from, .. } if before => from,
            Meaning::Between { from, to } if self.grain == Grain::PartOfDay => {
                // an afternoon ends with the working day
                let closing = calendar.closing(calendar.date_of(from));
                closing.filter(|c| from < *c && *c < to && said_at < *c).unwrap_or(to)
            }
            Meaning::Between { to, .. } => to,
            Meaning::Lasting(_) | Meaning::Every | Meaning::Unresolved => return None,
        };
        (said_at <= moment).then_some(moment)
    }
}

/// When the hours of a day begin that end at `due`: a promise for "Tuesday between 2 and 4" is in time until 4. None where
/// `text`, said at `said_at`, names no such hours.
pub fn begins(text: &str, said_at: Timestamp, due: Timestamp, calendar: &WorkCalendar) -> Option<Timestamp> {
    let hours = |found: Found| match found.meaning {
        Meaning::Between { from, to } if found.grain <= Grain::Hour && to == due && from < to => Some(from),
        _ => None,
    };
    let from = super::find(text, said_at, calendar).into_iter().find_map(hours)?;
    (calendar.date_of(from) == calendar.date_of(due)).then_some(from)
}

/// The last moment of `date` that is in time; none where the day is over. At 23:59:30 of that day it is now.
fn day_end(date: Date, today: Date, said_at: Timestamp, calendar: &WorkCalendar) -> Option<Timestamp> {
    if date < today || LAST_DAY < date {
        return None;
    }
    Some(calendar.end_of_day(date, said_at).max(said_at))
}

/// A week's work is due on its Friday; where that Friday is over ("this week", said on a Sunday), on the next.
fn friday_of(last_day: Date, today: Date) -> Option<Date> {
    let back = i64::from(last_day.weekday().since(Weekday::Friday));
    let friday = last_day.checked_sub(back.days()).ok()?;
    if friday < today { friday.checked_add(7.days()).ok() } else { Some(friday) }
}

/// Later days have no instant in every zone.
pub(super) const LAST_DAY: Date = Date::constant(9999, 12, 28);
