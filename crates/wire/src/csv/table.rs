//! The records of a CSV file, by line.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};

use super::RowError;

/// How far the header is looked at to tell how fields are parted.
const LOOK: usize = 16 << 10;
/// A longer line is no list.
const LINE_CAP: u64 = 8 << 20;
/// A field over more lines than this is one whose quote was not closed.
const FIELD_LINES: usize = 100;

/// A CSV file being read.
pub(crate) struct Table<R> {
    reader: BufReader<R>,
    delimiter: u8,
    /// Lines read ahead in search of a closing quote that never came.
    ahead: VecDeque<Vec<u8>>,
    /// The number of the line last taken.
    line: u64,
    ended: bool,
    /// Take what is not UTF-8 as it comes: no person wrote it, and nobody can mend it.
    lossy: bool,
}

/// One record: its fields as text, without the white space around them.
pub(crate) struct Record {
    /// The line on which it begins, counted from 1.
    pub(crate) line: u64,
    pub(crate) fields: Vec<String>,
}

/// Which column of a file is which of the contract.
pub(crate) struct Header {
    /// For each column of the file, its name in the contract, and its own.
    pub(super) columns: Vec<(Option<&'static str>, String)>,
}

impl<R: Read> Table<R> {
    /// Opens a file and tells how its fields are parted.
    pub(crate) fn open(reader: R) -> Result<Table<R>, RowError> {
        let mut reader = BufReader::with_capacity(LOOK, reader);
        let head = reader.fill_buf().map_err(|error| unreadable(1, &error))?;
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            return Err(RowError::of_row(1, "the file is in UTF-16; save it as \"CSV UTF-8\""));
        }
        let first = head.split(|b| *b == b'\n').next().unwrap_or_default();
        let delimiter = delimiter_of(first);
        if head.starts_with(b"\xef\xbb\xbf") {
            reader.consume(3);
        }
        Ok(Table { reader, delimiter, ahead: VecDeque::new(), line: 0, ended: false, lossy: false })
    }

    /// The same for files that a machine wrote.
    pub(crate) fn open_lossy(reader: R) -> Result<Table<R>, RowError> {
        Ok(Table { lossy: true, ..Table::open(reader)? })
    }

    /// The next record that is not empty; an error is that of one record, and the next can be read.
    pub(crate) fn next(&mut self) -> Option<Result<Record, RowError>> {
        while let Some(taken) = self.take_line() {
            let begun = self.line;
            let fields = match taken.and_then(|first| self.record(first)) {
                Ok(fields) => fields,
                Err(error) => return Some(Err(error)),
            };
            if fields.iter().any(|field| !field.trim_ascii().is_empty()) {
                let fields = if self.lossy { Ok(lossy_text(&fields)) } else { text(&fields, begun) };
                return Some(fields.map(|fields| Record { line: begun, fields }));
            }
        }
        None
    }

    /// The record that begins with a line.
    fn record(&mut self, first: Vec<u8>) -> Result<Vec<Vec<u8>>, RowError> {
        let begun = self.line;
        let mut fields = Parts::default();
        fields.add(&first, self.delimiter);
        let mut further = VecDeque::new();
        while fields.in_quotes {
            let next = if further.len() < FIELD_LINES { self.take_line() } else { None };
            let Some(Ok(next)) = next else {
                further.extend(self.ahead.drain(..));
                (self.ahead, self.line) = (further, begun);
                return Err(RowError::of_row(begun, "a quote (\") is opened and not closed"));
            };
            fields.add(&next, self.delimiter);
            further.push_back(next);
        }
        Ok(fields.finish())
    }

    fn take_line(&mut self) -> Option<Result<Vec<u8>, RowError>> {
        if let Some(line) = self.ahead.pop_front() {
            self.line += 1;
            return Some(Ok(line));
        }
        if self.ended {
            return None;
        }
        let mut line = Vec::new();
        let read = (&mut self.reader).take(LINE_CAP).read_until(b'\n', &mut line);
        self.line += 1;
        match read {
            Ok(0) => None,
            Ok(read) if (read as u64) < LINE_CAP => Some(Ok(line)),
            Ok(_) => {
                self.ended = true;
                Some(Err(RowError::of_row(self.line, "a line of more than 8 MiB; this is no list")))
            }
            Err(error) => {
                self.ended = true;
                Some(Err(unreadable(self.line, &error)))
            }
        }
    }

    /// Reads the header row: which column is which, and what is missing or named twice.
    pub(crate) fn header(
        &mut self,
        known: &[&'static str],
        required: &[&'static str],
    ) -> Result<Header, Vec<RowError>> {
        let expected = known.join(",");
        let record = match self.next() {
            Some(Ok(record)) => record,
            Some(Err(error)) => return Err(vec![error]),
            None => {
                return Err(vec![RowError::of_row(
                    1,
                    format!("the file is empty; its first line is to be {expected}"),
                )]);
            }
        };
        let line = record.line;
        let mut columns: Vec<(Option<&'static str>, String)> = Vec::new();
        let mut errors = Vec::new();
        for name in record.fields {
            let column = known.iter().copied().find(|known| plain_name(known) == plain_name(&name));
            let twice = column.is_some() && columns.iter().any(|(earlier, _)| *earlier == column);
            if let Some(column) = column.filter(|_| twice) {
                let what = "stands twice in the header; rename or remove one".to_string();
                errors.push(RowError { line, column: Some(column.to_string()), what });
            }
            columns.push((column, name));
        }
        for missing in
            required.iter().filter(|name| !columns.iter().any(|(column, _)| column == &Some(**name)))
        {
            let what = format!("this column is missing; the header may name {expected}");
            errors.push(RowError { line, column: Some(missing.to_string()), what });
        }
        if errors.is_empty() { Ok(Header { columns }) } else { Err(errors) }
    }
}

/// How the fields of a list are parted, as its first line tells: by what stands most often outside of quotes.
pub(crate) fn delimiter_of(first: &[u8]) -> u8 {
    let mut is_quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in first {
        is_quoted ^= *byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(mark, _)| mark == byte && !is_quoted) {
            *count += 1;
        }
    }
    // Of two that stand as often, the first.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| mark)
}

impl Record {
    /// The record on one line that a machine wrote.
    pub(crate) fn of_line(text: &str, line: u64, delimiter: u8) -> Result<Record, RowError> {
        let mut parts = Parts::default();
        parts.add(text.as_bytes(), delimiter);
        match parts.in_quotes {
            true => Err(RowError::of_row(line, "a quote (\") is opened and not closed")),
            false => Ok(Record { line, fields: lossy_text(&parts.finish()) }),
        }
    }
}

/// The fields of a record, gathered line by line.
#[derive(Default)]
struct Parts {
    done: Vec<Vec<u8>>,
    field: Vec<u8>,
    in_quotes: bool,
}

impl Parts {
    fn add(&mut self, line: &[u8], delimiter: u8) {
        let line = if self.in_quotes { line } else { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) };
        let mut bytes = line.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' if self.in_quotes => match bytes.next_if_eq(&b'"') {
                    Some(quote) => self.field.push(quote),
                    None => self.in_quotes = false,
                },
                // Only the first character of a field can open a quote; elsewhere it is one like any other.
                b'"' if self.field.trim_ascii().is_empty() => {
                    self.field.clear();
                    self.in_quotes = true;
                }
                _ if byte == delimiter && !self.in_quotes => self.done.push(std::mem::take(&mut self.field)),
                _ => self.field.push(byte),
            }
        }
    }

    /// The fields; the line's end in the last of them goes with the white space around it.
    fn finish(mut self) -> Vec<Vec<u8>> {
        self.done.push(self.field);
        self.done
    }
}

fn text(fields: &[Vec<u8>], line: u64) -> Result<Vec<String>, RowError> {
    let text = |(i, field): (usize, &Vec<u8>)| {
        let wrong = |what: &str| RowError::of_row(line, format!("field {}: {what}", i + 1));
        let text =
            std::str::from_utf8(field).map_err(|_| wrong("not UTF-8; save the file as \"CSV UTF-8\""))?;
        if text.contains('\0') {
            return Err(wrong("holds a NUL character; take it out"));
        }
        Ok(text.trim().to_string())
    };
    fields.iter().enumerate().map(text).collect()
}

fn lossy_text(fields: &[Vec<u8>]) -> Vec<String> {
    fields.iter().map(|field| String::from_utf8_lossy(field).replace('\0', "").trim().to_string()).collect()
}

fn unreadable(line: u64, error: &io::Error) -> RowError {
    match error.kind() {
        io::ErrorKind::IsADirectory => {
            RowError::of_row(line, "this is a folder; give the file that is meant")
        }
        _ => RowError::of_row(line, format!("the file cannot be read further: {error}")),
    }
}

/// A column's name as it is compared: letters and digits only, in lower case.
pub(crate) fn plain_name(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
