//! Lists of telephone calls: Asterisk's `Master.csv` or `queue_log`, FreeSWITCH's CSV, or a list with a header row.
//!
//! The records of one call that rang at several desks are given as one call. Times without an offset are local to
//! the given zone; of the two readings of an hour that the clocks repeat the earlier is taken (Asterisk's own call
//! number decides where there is one), and a time that the clocks left out is moved on by the gap.

mod number;
mod queue;
mod switch;
mod when;

use std::io::Read;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::csv::{Record, RowError, Table, plain_name};
pub use number::{country_of_zone, normal_number, number_key, same_number};

/// One telephone call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRow {
    /// When it began to ring.
    pub at: Timestamp,
    /// Who rang, as the list has it.
    pub from: String,
    /// Who was rung (and of several, who answered), as the list has it.
    pub to: String,
    /// Which way, where the list says so, or where one side is an extension and the other is not.
    pub direction: Option<CallDirection>,
    /// A person answered; a menu, a tape or voicemail is nobody.
    pub answered: bool,
    /// How long they spoke; zero where nobody answered.
    pub talked: SignedDuration,
    /// It ended in voicemail.
    pub voicemail: bool,
    /// The line of the list on which it first stands.
    pub line: u64,
}

/// Which way a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallDirection {
    /// Into the firm.
    In,
    /// Out of the firm.
    Out,
}

/// Reads a list of calls: those that are right, in the order of the list, and what is wrong with the other lines.
pub fn read_all(reader: impl Read, zone: &TimeZone) -> (Vec<CallRow>, Vec<RowError>) {
    let mut table = match Table::open_lossy(reader) {
        Ok(table) => table,
        Err(error) => return (Vec::new(), vec![error]),
    };
    let mut legs = switch::Legs::default();
    let mut errors = Vec::new();
    let mut form: Option<Form> = None;
    while let Some(record) = table.next() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        if form.is_none()
            && let Some(named) = Named::of_header(&record)
        {
            form = Some(Form::Named(named));
            continue;
        }
        // A comma in a line of a log parts no fields.
        let whole = record.fields.join(",");
        let begun =
            || if queue::is_event(&whole) { Form::Queue(queue::Queue::default()) } else { Form::Switch };
        let leg = match form.get_or_insert_with(begun) {
            Form::Named(named) => named.call(&record, zone).map(|call| switch::Leg { call, of: None }),
            Form::Switch => switch::leg(&record, zone),
            Form::Queue(queue) => {
                errors.extend(queue.add(&whole, record.line).err());
                continue;
            }
        };
        match leg {
            Ok(leg) => legs.add(leg),
            Err(error) => errors.push(error),
        }
    }
    let calls = match form {
        Some(Form::Queue(queue)) => queue.finish(),
        _ => legs.finish(),
    };
    (calls, errors)
}

enum Form {
    /// A header row names the columns.
    Named(Named),
    /// A switch's own file, without one.
    Switch,
    /// What happened in a switch's queues.
    Queue(queue::Queue),
}

/// Where the columns of a list with a header row are.
struct Named {
    columns: [Option<usize>; COLUMNS.len()],
    count: usize,
}

const COLUMNS: [&str; 7] = ["time", "from", "to", "direction", "answered", "seconds", "voicemail"];
const TIME: usize = 0;
const FROM: usize = 1;
const TO: usize = 2;
const DIRECTION: usize = 3;
const ANSWERED: usize = 4;
const SECONDS: usize = 5;
const VOICEMAIL: usize = 6;

impl Named {
    fn of_header(record: &Record) -> Option<Named> {
        let names: Vec<String> = record.fields.iter().map(|name| plain_name(name)).collect();
        let columns = COLUMNS.map(|column| names.iter().position(|name| name == column));
        let whole = [TIME, FROM, TO].iter().all(|column| columns[*column].is_some());
        whole.then_some(Named { columns, count: names.len() })
    }

    fn call(&self, record: &Record, zone: &TimeZone) -> Result<CallRow, RowError> {
        if record.fields.len() != self.count {
            let what = format!("{} fields where the header names {}", record.fields.len(), self.count);
            return Err(RowError::of_row(record.line, what));
        }
        let field = |column: usize| {
            self.columns[column].and_then(|at| record.fields.get(at)).map(String::as_str).unwrap_or_default()
        };
        let wrong = |column: usize, what: &str| RowError {
            line: record.line,
            column: Some(COLUMNS[column].to_string()),
            what: format!("{:?} {what}", field(column)),
        };
        let at = when::read(field(TIME), zone, None)
            .ok_or_else(|| wrong(TIME, "is no time; write it as 2025-09-03 14:05:00 or with an offset"))?;
        let (from, to) = (field(FROM).to_string(), field(TO).to_string());
        let seconds = seconds(field(SECONDS)).ok_or_else(|| wrong(SECONDS, "is no number of seconds"))?;
        let direction = match field(DIRECTION).to_lowercase().as_str() {
            "" => direction_by_extension(&from, &to),
            "in" | "inbound" | "incoming" => Some(CallDirection::In),
            "out" | "outbound" | "outgoing" => Some(CallDirection::Out),
            "internal" => None,
            _ => return Err(wrong(DIRECTION, "is no direction; write in or out")),
        };
        let said = |column| yes_or_no(field(column)).ok_or_else(|| wrong(column, "is neither yes nor no"));
        let voicemail = said(VOICEMAIL)?.unwrap_or(field(ANSWERED).eq_ignore_ascii_case("voicemail"));
        let answered = !voicemail && said(ANSWERED)?.unwrap_or(0 < seconds);
        let talked = SignedDuration::from_secs(if answered { seconds } else { 0 });
        Ok(CallRow { at, from, to, direction, answered, talked, voicemail, line: record.line })
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
        "yes" | "y" | "true" | "1" | "answered" => Some(true),
        "no" | "n" | "false" | "0" | "missed" | "no answer" | "noanswer" | "unanswered" | "busy"
        | "failed" | "voicemail" => Some(false),
        _ => return None,
    })
}

/// Between an extension and a number outside, the call went to or from the extension.
fn direction_by_extension(from: &str, to: &str) -> Option<CallDirection> {
    match (number::is_extension(from), number::is_extension(to)) {
        (true, false) if number::is_outside(to) => Some(CallDirection::Out),
        (false, true) if number::is_outside(from) => Some(CallDirection::In),
        _ => None,
    }
}
