//! What is owed today, for a terminal: the groups and the order of the page Today.

use std::collections::HashMap;
use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};
use care::today::{Group, Hurt};
use jiff::Zoned;
use serde::Serialize;

use super::findings::{Moment, Owed};
use super::words::{counted, day, how_long, moment, one_line};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const LATE: Style = AnsiColor::Red.on_default();

/// How many of what does not press are shown; what presses and what is due today are shown whole.
const FEW: usize = 20;

/// What is and was owed at a moment: what `today --json` prints.
#[derive(Debug, Serialize)]
pub struct Today {
    /// The moment at which this is true.
    pub as_of: Moment,
    /// What is owed and what was, the most pressing first.
    pub obligations: Vec<Owed>,
    /// Names of clients by id; for the terminal.
    #[serde(skip)]
    pub clients: HashMap<String, String>,
    /// Names of people by address; for the terminal.
    #[serde(skip)]
    pub names: HashMap<String, String>,
    /// Where what is open stands on the page Today, by its id; for the terminal.
    #[serde(skip)]
    pub places: HashMap<String, Standing>,
    /// What the record of a client lacks, as a sentence, by the id of what is owed; for the terminal.
    #[serde(skip)]
    pub lacks: HashMap<String, String>,
    /// How much upkeep waits for another day; for the terminal.
    #[serde(skip)]
    pub later: usize,
}

/// Where something stands on the page Today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    /// In which group.
    pub group: Group,
    /// Why it stands there.
    pub hurt: Hurt,
    /// After how many others.
    pub at: usize,
}

/// Writes what is owed with terminal styles, `width` columns wide.
pub fn write(today: &Today, width: usize) -> Result<String, fmt::Error> {
    let now = &today.as_of.0;
    let mut page = Page { out: String::new(), today, now, width: width.clamp(60, 110) };
    let mut standing: Vec<(Standing, &Owed)> =
        today.obligations.iter().filter_map(|owed| Some((*today.places.get(&owed.id)?, owed))).collect();
    standing.sort_by_key(|(place, _)| place.at);
    let list = |chosen: &dyn Fn(&Standing) -> bool| -> Vec<&Owed> {
        standing.iter().filter(|(place, _)| chosen(place)).map(|(_, owed)| *owed).collect()
    };
    let owed = |hurts: fn(Hurt) -> bool| list(&|place| place.group == Group::Owed && hurts(place.hurt));
    let pressing = owed(|hurt| hurt < Hurt::DueToday);
    let due = owed(|hurt| hurt == Hurt::DueToday);
    let coming = owed(|hurt| hurt == Hurt::Coming);
    page.headline(pressing.len(), due.len(), coming.len(), standing.is_empty())?;
    page.list("Pressing", &pressing, usize::MAX)?;
    page.list("Due today", &due, usize::MAX)?;
    page.list("Coming", &coming, FEW)?;
    page.list("Upkeep", &list(&|place| place.group == Group::Upkeep), FEW)?;
    if 0 < today.later {
        writeln!(page.out, "  {DIM}{} more wait for another day{DIM:#}", today.later)?;
    }
    page.list("Perhaps", &list(&|place| place.group == Group::Perhaps), FEW)?;
    page.before(list(&|place| place.group == Group::BeforeRegard).len())?;
    Ok(page.out)
}

struct Page<'a> {
    out: String,
    today: &'a Today,
    now: &'a Zoned,
    width: usize,
}

impl Page<'_> {
    fn headline(&mut self, pressing: usize, today: usize, coming: usize, nothing: bool) -> fmt::Result {
        let when = moment(self.now, self.now);
        let title = "What is owed";
        let gap = self.width.saturating_sub(title.len() + when.chars().count()).max(2);
        writeln!(self.out, "{BOLD}{title}{BOLD:#}{:gap$}{DIM}{when}{DIM:#}\n", "")?;
        if nothing {
            return writeln!(
                self.out,
                "  Nothing. Nobody waits for a word, and nothing that was promised is open."
            );
        }
        writeln!(self.out, "  {LATE}{pressing} pressing{LATE:#}, {today} due today, {coming} coming")
    }

    fn list(&mut self, heading: &str, list: &[&Owed], most: usize) -> fmt::Result {
        if list.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\n{BOLD}{heading}{BOLD:#}")?;
        for owed in list.iter().take(most) {
            self.line(owed)?;
        }
        match list.len().saturating_sub(most) {
            0 => Ok(()),
            more => {
                writeln!(self.out, "  {DIM}and {}; --json lists all{DIM:#}", counted(more, "more", "more"))
            }
        }
    }

    /// What was old when the firm's mail was first read is counted, and not shown.
    fn before(&mut self, count: usize) -> fmt::Result {
        if count == 0 {
            return Ok(());
        }
        let things = counted(count, "thing", "things");
        writeln!(
            self.out,
            "\n{BOLD}Before Regard{BOLD:#}\n  {things} older than a month when your mail was first read; \
             the page Today lets them go together"
        )
    }

    fn line(&mut self, owed: &Owed) -> fmt::Result {
        let same_day = owed.due_at.0.date() == self.now.date();
        let due = match same_day {
            true => owed.due_at.0.strftime("%H:%M").to_string(),
            false => day(&owed.due_at.0, self.now),
        };
        let style = if owed.overdue || owed.state == "broken" { LATE } else { Style::new() };
        let kind = owed.kind.replace('_', " ");
        let client = self.today.clients.get(&owed.client).unwrap_or(&owed.client);
        let client = one_line(client, 28);
        let who =
            owed.contact.as_deref().map_or_else(String::new, |contact| one_line(self.person(contact), 28));
        let who = if who.is_empty() || who == client { client } else { format!("{who}, {client}") };
        let owner = one_line(owed.owner.as_deref().map_or("nobody", |owner| self.person(owner)), 28);
        let since = how_long(self.now.timestamp().duration_since(owed.opened_at.0.timestamp()));
        let chased = match owed.chases {
            0 => String::new(),
            1 => " · asked again once".to_owned(),
            n => format!(" · asked again {n} times"),
        };
        writeln!(
            self.out,
            "  {style}{due:>12}{style:#}  {kind:<10}  {who}  {DIM}→ {owner} · since {since}{chased}{DIM:#}"
        )?;
        let words = owed.words().filter(|words| !words.is_empty()).unwrap_or(&owed.subject);
        let lack = self.today.lacks.get(&owed.id);
        let words = match words {
            "" => lack.map_or_else(String::new, |lack| format!("{lack}  ")),
            words => format!("“{}”  ", one_line(words, self.width.saturating_sub(46))),
        };
        writeln!(self.out, "                            {words}{DIM}{}{DIM:#}", owed.id)
    }

    fn person<'b>(&'b self, address: &'b str) -> &'b str {
        self.today.names.get(address).map_or(address, String::as_str)
    }
}
