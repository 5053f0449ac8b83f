//! Lists of telephone calls: Asterisk's `Master.csv` or `queue_log`, FreeSWITCH's CSV, or a list with a header row,
//! whose columns may be called what another telephone system calls them ([`Columns`]).
//!
//! [`hear()`] puts calls together from a log that still grows; [`tail`] gives its lines.
//!
//! The records of one call that rang at several desks are given as one call. Times without an offset are local to
//! the given zone; of the two readings of an hour that the clocks repeat the earlier is taken (Asterisk's own call
//! number decides where there is one), and a time that the clocks left out is moved on by the gap.

mod columns;
mod hear;
mod number;
mod queue;
mod switch;
pub mod tail;
mod when;

use std::io::Read;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::csv::{Record, RowError, Table};
pub use columns::Columns;
use columns::Named;
pub use hear::{Heard, LogLine, hear};
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
    /// The voicemail that it came to took no more messages.
    pub mailbox_full: bool,
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
/// `columns` says which column is which where the list calls them otherwise than we do.
pub fn read_all(reader: impl Read, zone: &TimeZone, columns: &Columns) -> (Vec<CallRow>, Vec<RowError>) {
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
        // A comma in a line of a log parts no fields.
        let whole = record.fields.join(",");
        if form.is_none() {
            let begun = Form::of(&record, &whole, columns);
            let is_header = matches!(begun, Form::Named(ref named) if named.has_header());
            form = Some(begun);
            if is_header {
                continue;
            }
        }
        let leg = match form.get_or_insert(Form::Switch) {
            Form::Named(named) => named.call(&record, zone).map(|call| switch::Leg { call, of: None }),
            Form::Switch => switch::leg(&record, zone).map_err(|error| columns.missed(error)),
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

/// How a list is written.
enum Form {
    /// Its columns are known, by a header row or by their numbers.
    Named(Named),
    /// A switch's own file, without a header row.
    Switch,
    /// What happened in a switch's queues.
    Queue(queue::Queue),
}

impl Form {
    /// Told from the first record.
    fn of(record: &Record, whole: &str, columns: &Columns) -> Form {
        match columns.named(record) {
            Some(named) if named.has_header() => Form::Named(named),
            _ if queue::is_event(whole) => Form::Queue(queue::Queue::default()),
            _ if switch::is_leg(record) => Form::Switch,
            Some(named) => Form::Named(named),
            None => Form::Switch,
        }
    }
}

/// Between an extension and a number outside, the call went to or from the extension.
fn direction_by_extension(from: &str, to: &str) -> Option<CallDirection> {
    match (number::is_extension(from), number::is_extension(to)) {
        (true, false) if number::is_outside(to) => Some(CallDirection::Out),
        (false, true) if number::is_outside(from) => Some(CallDirection::In),
        _ => None,
    }
}
