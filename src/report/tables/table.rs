//! A table: how it is printed as text, CSV, JSON and as a page.

use std::fmt::Write;

use askama::Template;
use jiff::Zoned;
use serde_json::{Map, Value, json};

use crate::clients::Money;
use crate::report::findings::Moment;
use crate::report::words::{grouped, moment};

/// A report as a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What it is called.
    pub title: &'static str,
    /// Names of its columns.
    pub columns: &'static [&'static str],
    /// Its rows, of as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// What the reader should know.
    pub notes: Vec<String>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A count.
    Count(u64),
    /// A share, 0 to 1.
    Share(f64),
    /// Working hours.
    Hours(f64),
    /// An amount.
    Money(Money),
    /// Nothing to say.
    None,
}

impl Cell {
    /// Words.
    pub fn text(words: impl Into<String>) -> Cell {
        Cell::Text(words.into())
    }

    /// A count.
    pub fn count(n: usize) -> Cell {
        Cell::Count(n as u64)
    }

    /// So many of so many; nothing where there are none.
    pub fn share(part: usize, whole: usize) -> Cell {
        if whole == 0 { Cell::None } else { Cell::Share(part as f64 / whole as f64) }
    }

    fn words(&self) -> String {
        match self {
            Cell::Text(words) => words.clone(),
            Cell::Count(n) => grouped(*n),
            Cell::Share(share) => format!("{:.0} %", share * 100.0),
            Cell::Hours(hours) => format!("{hours:.1}"),
            Cell::Money(money) => format!("{} {}", grouped(money.whole()), money.currency),
            Cell::None => String::new(),
        }
    }

    /// As spreadsheets take it: numbers without grouping, shares as fractions.
    fn plain(&self) -> String {
        match self {
            Cell::Text(words) => words.clone(),
            Cell::Count(n) => n.to_string(),
            Cell::Share(share) => format!("{share:.4}"),
            Cell::Hours(hours) => format!("{hours:.2}"),
            Cell::Money(money) => money.plain(),
            Cell::None => String::new(),
        }
    }

    fn json(&self) -> Value {
        match self {
            Cell::Text(words) => json!(words),
            Cell::Count(n) => json!(n),
            Cell::Share(share) => json!((share * 10_000.0).round() / 10_000.0),
            Cell::Hours(hours) => json!((hours * 100.0).round() / 100.0),
            Cell::Money(money) => json!({"minor": money.minor, "currency": money.currency}),
            Cell::None => Value::Null,
        }
    }

    fn is_number(&self) -> bool {
        !matches!(self, Cell::Text(_))
    }
}

#[derive(Template)]
#[template(path = "report/table.html")]
struct Page<'a> {
    title: &'a str,
    when: String,
    columns: Vec<Shown>,
    rows: Vec<Vec<Shown>>,
    notes: &'a [String],
}

struct Shown {
    words: String,
    is_number: bool,
}

impl Table {
    /// For a terminal: aligned columns, numbers to the right.
    pub fn text(&self, now: &Zoned) -> String {
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|at| {
                let cells = self.rows.iter().map(|row| row[at].words().chars().count());
                cells.chain([self.columns[at].chars().count()]).max().unwrap_or(0)
            })
            .collect();
        let is_number = self.numbers();
        let line = |cells: &mut dyn Iterator<Item = String>| {
            let parts: Vec<String> = cells
                .zip(widths.iter().zip(&is_number))
                .map(|(cell, (width, is_number))| match is_number {
                    true => format!("{cell:>width$}"),
                    false => format!("{cell:<width$}"),
                })
                .collect();
            format!("  {}\n", parts.join("  ").trim_end())
        };
        let mut out = format!("{}  ({})\n\n", self.title, moment(now, now));
        out.push_str(&line(&mut self.columns.iter().map(|name| (*name).to_owned())));
        for row in &self.rows {
            out.push_str(&line(&mut row.iter().map(Cell::words)));
        }
        if self.rows.is_empty() {
            out.push_str("  Nothing to tell.\n");
        }
        for note in &self.notes {
            let _ = write!(out, "\n{note}\n");
        }
        out
    }

    /// Which columns hold numbers alone.
    fn numbers(&self) -> Vec<bool> {
        (0..self.columns.len()).map(|at| self.rows.iter().all(|row| row[at].is_number())).collect()
    }

    /// For spreadsheets: RFC 4180 with a header row.
    pub fn csv(&self) -> String {
        let mut out = String::new();
        let mut line = |cells: Vec<String>| {
            let quoted: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            out.push_str(&quoted.join(","));
            out.push_str("\r\n");
        };
        line(self.columns.iter().map(|name| (*name).to_owned()).collect());
        self.rows.iter().for_each(|row| line(row.iter().map(Cell::plain).collect()));
        out
    }

    /// As JSON: each row an object by column.
    pub fn json(&self, name: &str, now: &Zoned) -> Value {
        let row = |row: &Vec<Cell>| -> Map<String, Value> {
            let named = self.columns.iter().zip(row);
            named.map(|(name, cell)| (name.replace(' ', "_"), cell.json())).collect()
        };
        let rows: Vec<Map<String, Value>> = self.rows.iter().map(row).collect();
        let as_of = Moment(now.clone());
        json!({"report": name, "as_of": as_of, "rows": rows, "notes": self.notes})
    }

    /// As one self-contained page.
    pub fn html(&self, now: &Zoned) -> Result<String, askama::Error> {
        let numbers = self.numbers();
        let line = |words: &mut dyn Iterator<Item = String>| -> Vec<Shown> {
            words.zip(&numbers).map(|(words, &is_number)| Shown { words, is_number }).collect()
        };
        let page = Page {
            title: self.title,
            when: moment(now, now),
            columns: line(&mut self.columns.iter().map(|name| (*name).to_owned())),
            rows: self.rows.iter().map(|row| line(&mut row.iter().map(Cell::words))).collect(),
            notes: &self.notes,
        };
        page.render()
    }
}

/// A cell that a spreadsheet takes for words, never for a formula.
fn quoted(cell: &str) -> String {
    let cell =
        if cell.starts_with(['=', '+', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() };
    match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            title: "Test",
            columns: &["who", "kept", "in time"],
            rows: vec![
                vec![Cell::text("Ward, \"Kim\""), Cell::count(1200), Cell::share(3, 4)],
                vec![Cell::text("=Bo"), Cell::count(3), Cell::share(0, 0)],
            ],
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_table_is_the_same_in_every_form() {
        let now: Zoned = "2025-09-03T09:00:00+01:00[Europe/London]".parse().unwrap();
        let text = table().text(&now);
        assert!(text.contains("Ward, \"Kim\"  1,200     75 %"), "{text}");
        assert_eq!(table().csv(), "who,kept,in time\r\n\"Ward, \"\"Kim\"\"\",1200,0.7500\r\n'=Bo,3,\r\n");
        let json = table().json("test", &now);
        assert_eq!(
            json["rows"][0],
            serde_json::json!({"who": "Ward, \"Kim\"", "kept": 1200, "in_time": 0.75})
        );
        assert_eq!(json["as_of"], "2025-09-03T09:00:00+01:00");
        let page = table().html(&now).unwrap();
        assert!(page.contains("Ward, &#34;Kim&#34;") && page.contains("1,200"), "{page}");
    }
}
