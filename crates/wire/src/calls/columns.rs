//! Which column of a list is which: by our own names, by those of another telephone system, or by their numbers.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::when::{self, Order};
use super::{CallDirection, CallRow, direction_by_extension};
use crate::csv::{Record, RowError, plain_name};

const COLUMNS: [&str; 8] =
    ["time", "from", "to", "direction", "answered", "seconds", "voicemail", "mailbox_full"];
const TIME: usize = 0;
const FROM: usize = 1;
const TO: usize = 2;
const DIRECTION: usize = 3;
const ANSWERED: usize = 4;
const SECONDS: usize = 5;
const VOICEMAIL: usize = 6;
const MAILBOX_FULL: usize = 7;
/// The word for the order of day, month and year in a list's dates.
const DATES: &str = "dates";

/// What another telephone system calls its columns: `time=Start,from=Caller,to=Called`.
///
/// A column may be given by its number, counted from 1, where a list has no header row; a time that stands in two
/// columns as `time=Date+Time`; `dates=dmy` or `dates=mdy` says how dates with slashes are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// For each of ours, the names of theirs; more than one are read as one text, parted by a space.
    theirs: [Vec<String>; COLUMNS.len()],
    order: Order,
}

impl FromStr for Columns {
    type Err = String;

    fn from_str(text: &str) -> Result<Columns, String> {
        let mut columns = Columns::default();
        // A name of theirs may hold a comma: then each stands on a line.
        let mark = if text.contains('\n') { '\n' } else { ',' };
        for part in text.split(mark).map(str::trim).filter(|part| !part.is_empty()) {
            let Some((ours, theirs)) = part.split_once('=') else {
                return Err(format!(
                    "{part:?} names no column; write it as time=Start,from=Caller,to=Called"
                ));
            };
            let (ours, theirs) = (ours.trim(), theirs.trim());
            if ours == DATES {
                columns.order = Order::named(theirs)
                    .ok_or_else(|| format!("dates are ymd, dmy or mdy, and not {theirs:?}"))?;
                continue;
            }
            let Some(at) = COLUMNS.iter().position(|known| *known == ours) else {
                return Err(format!("{ours:?} is none of {} and {DATES}", COLUMNS.join(", ")));
            };
            let names: Vec<String> = theirs
                .split('+')
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect();
            if names.is_empty() {
                return Err(format!("{ours} names no column of the list"));
            }
            columns.theirs[at] = names;
        }
        let named = columns.theirs.iter().any(|names| !names.is_empty());
        let missing: Vec<&str> = [TIME, FROM, TO]
            .into_iter()
            .filter(|at| columns.theirs[*at].is_empty())
            .map(|at| COLUMNS[at])
            .collect();
        if named && !missing.is_empty() {
            return Err(format!("{} must be named, too", missing.join(" and ")));
        }
        Ok(columns)
    }
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_comma = self.theirs.iter().flatten().any(|name| name.contains(','));
        let (mut comma, next) = ("", if has_comma { "\n" } else { "," });
        for (ours, theirs) in COLUMNS.iter().zip(&self.theirs).filter(|(_, theirs)| !theirs.is_empty()) {
            write!(f, "{comma}{ours}={}", theirs.join("+"))?;
            comma = next;
        }
        match self.order {
            Order::Year => Ok(()),
            order => write!(f, "{comma}{DATES}={}", order.name()),
        }
    }
}

impl Columns {
    /// What they call a column of ours, as it is written; nothing where nobody said.
    pub fn theirs(&self, ours: &str) -> String {
        match COLUMNS.iter().position(|known| *known == ours) {
            Some(at) => self.theirs[at].join("+"),
            None if ours == DATES => self.order.name().to_owned(),
            None => String::new(),
        }
    }

    /// How the columns of a list stand whose first record this is; none where it is no header row and its columns are
    /// not given by number.
    pub(super) fn named(&self, record: &Record) -> Option<Named> {
        let header: Vec<String> = record.fields.iter().map(|name| plain_name(name)).collect();
        let place =
            |name: &str| header.iter().position(|known| !known.is_empty() && *known == plain_name(name));
        let whole = |columns: &[Vec<usize>; COLUMNS.len()]| {
            [TIME, FROM, TO].iter().all(|column| !columns[*column].is_empty())
        };
        let count = Some(header.len());
        let ours = COLUMNS.map(|name| place(name).into_iter().collect());
        // What was said of the firm's own system counts before a name that happens to be ours.
        let theirs = std::array::from_fn(|at| {
            let places: Option<Vec<usize>> = self.theirs[at].iter().map(|name| place(name)).collect();
            places.unwrap_or_default()
        });
        for columns in [theirs, ours] {
            if whole(&columns) {
                return Some(Named { columns, count, order: self.order });
            }
        }
        let by_number: Option<Vec<Vec<usize>>> = self.theirs.iter().map(|names| numbers(names)).collect();
        let columns: [Vec<usize>; COLUMNS.len()] = by_number?.try_into().ok()?;
        whole(&columns).then_some(Named { columns, count: None, order: self.order })
    }

    /// Adds to what is wrong with a first line which columns were looked for.
    pub(super) fn missed(&self, error: RowError) -> RowError {
        match *self == Columns::default() {
            true => error,
            false => {
                RowError { what: format!("{}; nor are its columns those of {self}", error.what), ..error }
            }
        }
    }
}

/// Columns by their numbers, counted from 1.
fn numbers(names: &[String]) -> Option<Vec<usize>> {
    names.iter().map(|name| name.parse::<usize>().ok()?.checked_sub(1)).collect()
}

/// Where the columns of a list are.
#[derive(Debug)]
pub(super) struct Named {
    columns: [Vec<usize>; COLUMNS.len()],
    /// How many fields a header row names.
    count: Option<usize>,
    order: Order,
}

impl Named {
    /// Whether a header row told where they are.
    pub(super) fn has_header(&self) -> bool {
        self.count.is_some()
    }

    pub(super) fn call(&self, record: &Record, zone: &TimeZone) -> Result<CallRow, RowError> {
        if let Some(count) = self.count.filter(|count| record.fields.len() != *count) {
            let what = format!("{} fields where the header names {count}", record.fields.len());
            return Err(RowError::of_row(record.line, what));
        }
        let field = |column: usize| -> String {
            let fields = self.columns[column].iter().filter_map(|at| record.fields.get(*at));
            fields.map(String::as_str).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
        };
        let wrong = |column: usize, what: &str| RowError {
            line: record.line,
            column: Some(COLUMNS[column].to_string()),
            what: format!("{:?} {what}", field(column)),
        };
        let at = when::read_in(&field(TIME), self.order, zone, None)
            .ok_or_else(|| wrong(TIME, "is no time; write it as 2025-09-03 14:05:00 or with an offset"))?;
        let (from, to) = (field(FROM), field(TO));
        let seconds = seconds(&field(SECONDS)).ok_or_else(|| wrong(SECONDS, "is no number of seconds"))?;
        let direction = match field(DIRECTION).to_lowercase().as_str() {
            "" => direction_by_extension(&from, &to),
            "in" | "inbound" | "incoming" => Some(CallDirection::In),
            "out" | "outbound" | "outgoing" => Some(CallDirection::Out),
            "internal" => None,
            _ => return Err(wrong(DIRECTION, "is no direction; write in or out")),
        };
        let said = |column| yes_or_no(&field(column)).ok_or_else(|| wrong(column, "is neither yes nor no"));
        let mailbox_full = said(MAILBOX_FULL)?.unwrap_or(false);
        let voicemail =
            !mailbox_full && said(VOICEMAIL)?.unwrap_or(field(ANSWERED).eq_ignore_ascii_case("voicemail"));
        let answered = !voicemail && !mailbox_full && said(ANSWERED)?.unwrap_or(0 < seconds);
        let talked = SignedDuration::from_secs(if answered { seconds } else { 0 });
        let line = record.line;
        Ok(CallRow { at, from, to, direction, answered, talked, voicemail, mailbox_full, line })
    }
}

/// Whole seconds, or `minutes:seconds`, or `hours:minutes:seconds`; nothing is none.
fn seconds(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    let mut sum: i64 = 0;
    for part in text.split(':') {
        let part = part.split_once('.').map_or(part, |(whole, _)| whole);
        let value = part.parse::<u32>().ok()?;
        sum = sum.checked_mul(60)?.checked_add(i64::from(value))?;
    }
    Some(sum)
}

fn yes_or_no(text: &str) -> Option<Option<bool>> {
    Some(match text.to_lowercase().as_str() {
        "" => None,
        "yes" | "y" | "true" | "1" | "answered" | "connected" | "completed" => Some(true),
        "no" | "n" | "false" | "0" | "missed" | "no answer" | "noanswer" | "no_answer" | "unanswered"
        | "not answered" | "busy" | "failed" | "voicemail" | "abandoned" | "cancelled" | "canceled"
        | "declined" | "rejected" => Some(false),
        _ => return None,
    })
}
