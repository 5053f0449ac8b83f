//! The fields of one row, asked for by name; what is wrong with them is gathered.

use jiff::civil::Date;

use super::money::Money;
use super::table::{Header, Record};
use super::{Custom, RowError, Settings};

/// The years that a date in a list may have; anything else is a slip of the keyboard.
const YEARS: std::ops::RangeInclusive<i16> = 1500..=2200;

/// The fields of one row.
pub struct Fields<'a> {
    header: &'a Header,
    record: &'a Record,
    settings: &'a Settings,
    errors: Vec<RowError>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(
        header: &'a Header,
        record: &'a Record,
        settings: &'a Settings,
    ) -> Result<Fields<'a>, RowError> {
        let (wanted, found) = (header.columns.len(), record.fields.len());
        let surplus = record.fields.iter().skip(wanted).any(|field| !field.is_empty());
        if found < wanted || surplus {
            let mut what = format!("{found} fields where the header names {wanted}");
            what += if surplus {
                "; put a field with a comma in it in quotes (\")"
            } else {
                "; leave a field empty rather than out"
            };
            return Err(RowError::of_row(record.line, what));
        }
        Ok(Fields { header, record, settings, errors: Vec::new() })
    }

    /// The line on which the row begins.
    pub(super) fn line(&self) -> u64 {
        self.record.line
    }

    /// What is wrong with the fields that were asked for.
    pub(super) fn finish(self) -> Vec<RowError> {
        self.errors
    }

    pub(super) fn wrong(&mut self, column: &str, what: impl Into<String>) {
        let column = Some(column.to_string());
        self.errors.push(RowError { line: self.record.line, column, what: what.into() });
    }

    /// A field as text; none where it is empty or its column is not there.
    pub(super) fn optional(&self, column: &str) -> Option<String> {
        let at = self.header.columns.iter().position(|(known, _)| *known == Some(column))?;
        self.record.fields.get(at).filter(|field| !field.is_empty()).cloned()
    }

    pub(super) fn required(&mut self, column: &str) -> String {
        self.optional(column).unwrap_or_else(|| {
            self.wrong(column, "empty; fill it in");
            String::new()
        })
    }

    pub(super) fn date(&mut self, column: &str) -> Option<Date> {
        let text = self.optional(column)?;
        match text.parse::<Date>() {
            Ok(date) if YEARS.contains(&date.year()) && text.len() == 10 => return Some(date),
            Ok(date) if text.len() == 10 => {
                self.wrong(column, format!("the year {} cannot be meant", date.year()))
            }
            _ => self.wrong(column, format!("{text:?} is no date; write it as 2025-09-03 (year-month-day)")),
        }
        None
    }

    /// A field that holds one of some words; `hint` says which.
    pub(super) fn named<T>(
        &mut self,
        column: &str,
        named: impl Fn(&str) -> Option<T>,
        hint: impl Fn() -> String,
    ) -> Option<T> {
        let text = self.optional(column)?;
        let found = named(&text);
        if found.is_none() {
            self.wrong(column, format!("{text:?} is not known; {}", hint()));
        }
        found
    }

    pub(super) fn money(&mut self, column: &str) -> Option<Money> {
        let text = self.optional(column)?;
        match Money::parse(&text, &self.settings.currency) {
            Ok(money) if money.minor < 0 => {
                self.wrong(column, format!("{text:?} is less than nothing"));
                None
            }
            Ok(money) => Some(money),
            Err(error) => {
                self.wrong(column, error.to_string());
                None
            }
        }
    }

    /// The addresses of a field, parted by `;`, `,` or spaces.
    pub(super) fn emails(&mut self, column: &str) -> Vec<String> {
        let text = self.optional(column).unwrap_or_default();
        let mut emails = Vec::new();
        for word in text.split([';', ',', ' ']).filter(|word| !word.is_empty()) {
            if is_address(word) {
                emails.push(word.to_string());
            } else {
                self.wrong(
                    column,
                    format!("{word:?} is no e-mail address; write it as name@example.org, alone"),
                );
            }
        }
        emails
    }

    /// The telephone numbers of a field, parted by `;`, `,` or ` / ` (`089/1234` is one).
    pub(super) fn phones(&mut self, column: &str) -> Vec<String> {
        let text = self.optional(column).unwrap_or_default();
        let mut phones = Vec::new();
        for number in text
            .split([';', ','])
            .flat_map(|part| part.split(" / "))
            .map(str::trim)
            .filter(|number| !number.is_empty())
        {
            if number.bytes().filter(u8::is_ascii_digit).count() < 2 {
                self.wrong(
                    column,
                    format!("{number:?} is no telephone number; write digits, best as +44 20 …"),
                );
            } else {
                phones.push(number.to_string());
            }
        }
        phones
    }

    /// The fields whose columns the contract does not name, where they are filled.
    pub(super) fn custom(&self) -> Custom {
        let columns = self.header.columns.iter().zip(&self.record.fields);
        columns
            .filter(|((known, _), value)| known.is_none() && !value.is_empty())
            .map(|((_, name), value)| (name.clone(), value.clone()))
            .collect()
    }
}

fn is_address(word: &str) -> bool {
    let Some((local, domain)) = word.rsplit_once('@') else { return false };
    let plain = |text: &str| !text.is_empty() && !text.contains(['@', '<', '>', '(', ')', '"', ':']);
    plain(local) && plain(domain) && !domain.starts_with('.') && !domain.ends_with('.')
}
