//! The lists a firm brings along: clients, contacts, staff, matters, absences and departures, as CSV.
//!
//! UTF-8 with a header row, RFC 4180; the order of the columns is free, their names are compared without case,
//! spaces, `_` and `-`. A file whose header has no comma may be parted by `;` or tabs instead. Columns that are not
//! known are kept with each row. A row that cannot be read is reported by line and column, and the others are read.

mod departures;
mod fields;
mod money;
mod rows;
mod table;

use std::fmt;
use std::io::Read;

pub use departures::{DepartureRow, Evidence, Reason};
pub use fields::Fields;
pub use money::{Money, MoneyError, currency};
pub use rows::{AbsenceRow, ClientKind, ClientRow, ContactRow, MatterRow, Row, StaffRow};
pub(crate) use table::{Record, Table, delimiter_of, plain_name};

/// A field whose column is not known: the column's name as it stands in the header, and the value.
pub type Custom = Vec<(String, String)>;

/// What the files leave open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The currency of amounts that name none, as its three letters (`GBP`).
    pub currency: String,
}

/// What is wrong with a row, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The line on which the row begins, counted from 1 (the header's).
    pub line: u64,
    /// The column's name as the contract has it; none where the whole row or file is meant.
    pub column: Option<String>,
    /// What is wrong and what to do.
    pub what: String,
}

impl RowError {
    /// About a whole row.
    pub(crate) fn of_row(line: u64, what: impl Into<String>) -> RowError {
        RowError { line, column: None, what: what.into() }
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "line {}, column {column}: {}", self.line, self.what),
            None => write!(f, "line {}: {}", self.line, self.what),
        }
    }
}

impl std::error::Error for RowError {}

/// Reads a whole file of one kind: the rows that are right, in order, and what is wrong with the others.
pub fn read_all<R: Row>(reader: impl Read, settings: &Settings) -> (Vec<R>, Vec<RowError>) {
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let mut table = match Table::open(reader) {
        Ok(table) => table,
        Err(error) => return (rows, vec![error]),
    };
    let header = match table.header(R::COLUMNS, R::REQUIRED) {
        Ok(header) => header,
        Err(faults) => return (rows, faults),
    };
    let mut keys = std::collections::HashMap::new();
    while let Some(record) = table.next() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let mut fields = match Fields::new(&header, &record, settings) {
            Ok(fields) => fields,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let row = R::read(&mut fields);
        let faults = fields.finish();
        let taken = R::KEY.and_then(|column| {
            let earlier = keys.insert(row.key().to_string(), record.line)?;
            let what = format!("{:?} stands on line {earlier} already; each may stand once", row.key());
            Some(RowError { line: record.line, column: Some(column.to_string()), what })
        });
        if faults.is_empty() && taken.is_none() {
            rows.push(row);
        }
        errors.extend(faults);
        errors.extend(taken);
    }
    (rows, errors)
}
