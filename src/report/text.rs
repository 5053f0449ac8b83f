//! The findings for a terminal.

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};
use jiff::Zoned;

use super::findings::{ClientOutlook, Owed};
use super::overview::{Load, Overview};
use super::words::{counted, day, grouped, how_long, moment, one_line, reason};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const LATE: Style = AnsiColor::Red.on_default();

/// Writes the overview with terminal styles, `width` columns wide. Print it through a stream that takes styles out where
/// they are not wanted.
pub fn write(overview: &Overview<'_>, width: usize) -> Result<String, fmt::Error> {
    let mut page =
        Page { out: String::new(), overview, now: &overview.findings.as_of.0, width: width.clamp(60, 110) };
    page.headline()?;
    page.forgotten()?;
    page.owed("Who waits longest", &overview.waiting, Column::Since)?;
    page.owed("Promises broken", &overview.broken, Column::Due)?;
    page.owed("Promises running", &overview.promises, Column::Due)?;
    page.owed("Not rung back", &overview.callers, Column::Since)?;
    page.people()?;
    page.foot()?;
    Ok(page.out)
}

/// Which moment a list shows in front.
#[derive(Clone, Copy)]
enum Column {
    Since,
    Due,
}

struct Page<'a> {
    out: String,
    overview: &'a Overview<'a>,
    now: &'a Zoned,
    width: usize,
}

impl Page<'_> {
    fn headline(&mut self) -> fmt::Result {
        let h = &self.overview.headline;
        let (one, many) = match self.overview.findings.clients_are_known {
            true => ("client", "clients"),
            false => ("correspondent", "correspondents"),
        };
        let when = format!("{} ({})", moment(self.now, self.now), zone_name(self.now));
        let title = "What is owed";
        let gap = self.width.saturating_sub(title.len() + when.chars().count()).max(2);
        writeln!(self.out, "{BOLD}{title}{BOLD:#}{:gap$}{DIM}{when}{DIM:#}\n", "")?;
        let overdue = match h.answers_overdue {
            0 => String::new(),
            n => {
                format!("; {LATE}{} of {} answers late{LATE:#}", grouped(n as u64), grouped(h.answers as u64))
            }
        };
        writeln!(self.out, "  {} waiting for an answer{overdue}", counted(h.clients_waiting, one, many))?;
        writeln!(
            self.out,
            "  {} within a week, {LATE}{} broken{LATE:#}",
            counted(h.promises_soon, "promise falls due", "promises fall due"),
            grouped(h.promises_broken as u64)
        )?;
        writeln!(self.out, "  {} not rung back", counted(h.callbacks, "caller", "callers"))?;
        writeln!(
            self.out,
            "  {} quiet for too long, {} at high risk of feeling forgotten",
            counted(h.quiet, one, many),
            grouped(h.high_risk as u64)
        )
    }

    fn heading(&mut self, words: &str) -> fmt::Result {
        writeln!(self.out, "\n{BOLD}{words}{BOLD:#}")
    }

    fn forgotten(&mut self) -> fmt::Result {
        if self.overview.forgotten.is_empty() {
            return Ok(());
        }
        self.heading("Most likely to feel forgotten")?;
        for (i, client) in self.overview.forgotten.iter().enumerate() {
            self.forgotten_client(i + 1, client)?;
        }
        Ok(())
    }

    fn forgotten_client(&mut self, place: usize, client: &ClientOutlook) -> fmt::Result {
        let heard = match &client.last_out {
            Some(at) => format!("last heard from us {}", day(&at.0, self.now)),
            None => "never heard from us".to_owned(),
        };
        let name = one_line(&client.name, 44);
        writeln!(self.out, "  {place:>2}  {BOLD}{name}{BOLD:#}  {DIM}{} risk · {heard}{DIM:#}", client.risk)?;
        for why in client.reasons.iter().take(3) {
            let since = how_long(self.now.timestamp().duration_since(why.since.0.timestamp()));
            writeln!(
                self.out,
                "      {} {DIM}since {} · {since}{DIM:#}",
                reason(why.reason),
                day(&why.since.0, self.now)
            )?;
        }
        Ok(())
    }

    fn owed(&mut self, heading: &str, list: &[&Owed], column: Column) -> fmt::Result {
        if list.is_empty() {
            return Ok(());
        }
        self.heading(heading)?;
        for owed in list {
            self.owed_line(owed, column)?;
        }
        Ok(())
    }

    fn owed_line(&mut self, owed: &Owed, column: Column) -> fmt::Result {
        let front = match column {
            Column::Since => how_long(self.now.timestamp().duration_since(owed.opened_at.0.timestamp())),
            Column::Due => day(&owed.due_at.0, self.now),
        };
        let style = if owed.overdue || owed.state == "broken" { LATE } else { Style::new() };
        let who = owed.contact.as_deref().map_or_else(String::new, |c| one_line(self.overview.person(c), 28));
        let client = one_line(self.overview.client(&owed.client), 28);
        let owner = owed.owner.as_deref().map_or("nobody", |o| self.overview.person(o));
        let chased = match owed.chases {
            0 => String::new(),
            n => format!(" · asked again {}", if n == 1 { "once".to_owned() } else { format!("{n} times") }),
        };
        let separator = if who.is_empty() || who == client { String::new() } else { format!("{who}, ") };
        writeln!(
            self.out,
            "  {style}{front:>12}{style:#}  {separator}{client}  {DIM}→ {}{chased}{DIM:#}",
            one_line(owner, 28)
        )?;
        let words = owed.words().filter(|words| !words.is_empty()).unwrap_or(&owed.subject);
        if words.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "                “{}”", one_line(words, self.width.saturating_sub(18)))
    }

    fn people(&mut self) -> fmt::Result {
        if self.overview.people.is_empty() {
            return Ok(());
        }
        self.heading("By person")?;
        let width = self
            .overview
            .people
            .iter()
            .map(|(a, _)| self.overview.person(a).chars().count())
            .max()
            .unwrap_or(0);
        let width = width.clamp(8, 34);
        writeln!(
            self.out,
            "  {DIM}{:width$}  {:>8} {:>8} {:>8} {:>8} {:>8}{DIM:#}",
            "", "answers", "late", "promises", "broken", "to ring"
        )?;
        for (address, load) in self.overview.people.iter().take(12) {
            let Load { answers, overdue, promises, broken, callbacks } = load;
            let name = one_line(self.overview.person(address), width);
            writeln!(
                self.out,
                "  {name:width$}  {answers:>8} {LATE}{overdue:>8}{LATE:#} {promises:>8} {LATE}{broken:>8}{LATE:#} {callbacks:>8}"
            )?;
        }
        match self.overview.people.len().saturating_sub(12) {
            0 => Ok(()),
            more => writeln!(self.out, "  {DIM}and {}{DIM:#}", counted(more, "more person", "more people")),
        }
    }

    fn foot(&mut self) -> fmt::Result {
        let counts = &self.overview.findings.counts;
        writeln!(
            self.out,
            "\n{DIM}Read {} in {}, with {}; {}; {} could not be read.{DIM:#}",
            counted(counts.messages as usize, "message", "messages"),
            counted(counts.threads as usize, "thread", "threads"),
            self.overview.clients(),
            counted(counts.duplicates as usize, "further copy", "further copies"),
            grouped(counts.unreadable),
        )?;
        if 0 < counts.calls {
            writeln!(self.out, "{DIM}Read {}.{DIM:#}", counted(counts.calls as usize, "call", "calls"))?;
        }
        for note in &self.overview.findings.notes {
            writeln!(self.out, "{DIM}{note}{DIM:#}")?;
        }
        for unreadable in self.overview.findings.unreadable.iter().take(5) {
            writeln!(self.out, "  {LATE}{}{LATE:#}: {}", unreadable.path, unreadable.error)?;
        }
        match self.overview.findings.unreadable.len().saturating_sub(5) {
            0 => Ok(()),
            more => writeln!(self.out, "  {DIM}and {more} more; --json lists them all{DIM:#}"),
        }
    }
}

fn zone_name(at: &Zoned) -> String {
    at.time_zone().iana_name().map_or_else(|| at.strftime("UTC%:z").to_string(), str::to_owned)
}
