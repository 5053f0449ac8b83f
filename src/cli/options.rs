//! Options that several commands share.

use std::io::{BufWriter, Write};

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::clock;

/// An option that was given wrongly: the program ends with 2, as for every wrong usage.
#[derive(Debug)]
pub(super) struct WrongUsage(String);

impl WrongUsage {
    /// Says what was given wrongly, and what to give.
    pub(super) fn new(words: impl Into<String>) -> WrongUsage {
        WrongUsage(words.into())
    }
}

impl std::fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongUsage {}

/// Reads `--zone`: an IANA name such as `Europe/London`; without it the machine's zone.
pub(super) fn zone(name: Option<&str>) -> Result<TimeZone> {
    match name {
        None => Ok(TimeZone::system()),
        Some(name) => TimeZone::get(name).map_err(|_| {
            let words = "no such time zone; give an IANA name such as Europe/London or America/New_York";
            WrongUsage(format!("--zone {name}: {words}")).into()
        }),
    }
}

/// Reads `--now`; without it the present moment.
pub(super) fn now(text: Option<&str>) -> Result<Timestamp> {
    text.map_or_else(|| Ok(clock::now()), |text| moment("--now", text))
}

/// Reads the moment that an option gives.
pub(super) fn moment(option: &str, text: &str) -> Result<Timestamp> {
    text.parse().map_err(|_| {
        let words = "give a moment with its offset, such as 2025-09-03T09:00:00+01:00";
        WrongUsage(format!("{option} {text}: {words}")).into()
    })
}

/// Prints one JSON object and a line end.
pub(super) fn print_json(value: &impl Serialize) -> Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, value).context("writing to standard output")?;
    writeln!(out).and_then(|()| out.flush()).context("writing to standard output")
}

/// How many columns the terminal has.
pub(super) fn width() -> usize {
    terminal_size::terminal_size().map_or(96, |(width, _)| usize::from(width.0))
}
