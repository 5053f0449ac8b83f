//! The findings as one self-contained page: no script, nothing loaded from anywhere.

use askama::Template;
use jiff::{SignedDuration, Zoned};

use super::chart::{Chart, answers_by_age, answers_by_month};
use super::findings::{ClientOutlook, Owed, Unreadable};
use super::overview::{Load, Overview};
use super::words::{counted, day, grouped, how_long, moment, one_line, reason};

#[derive(Template)]
#[template(path = "report/page.html")]
struct Page<'a> {
    when: String,
    when_exact: String,
    figures: Vec<Figure>,
    forgotten: Vec<Forgotten<'a>>,
    lists: Vec<List>,
    charts: Vec<Chart>,
    people: Vec<Person<'a>>,
    read: String,
    notes: &'a [String],
    unreadable: &'a [Unreadable],
}

struct Figure {
    number: String,
    words: &'static str,
    alarming: bool,
}

struct Forgotten<'a> {
    name: &'a str,
    risk: &'a str,
    heard: String,
    reasons: Vec<Why<'a>>,
}

struct Why<'a> {
    words: &'a str,
    since: String,
    long: String,
    percent: u32,
}

struct List {
    heading: &'static str,
    lines: Vec<Line>,
    more: usize,
}

struct Line {
    front: String,
    late: bool,
    client: String,
    contact: String,
    owner: String,
    words: String,
    chased: String,
}

struct Person<'a> {
    name: &'a str,
    load: Load,
}

/// Renders the overview as a page.
pub fn render(overview: &Overview<'_>) -> Result<String, askama::Error> {
    let now = &overview.findings.as_of.0;
    let h = &overview.headline;
    let counts = &overview.findings.counts;
    let page = Page {
        when: moment(now, now),
        when_exact: overview.findings.as_of.to_string(),
        figures: figures(overview),
        forgotten: overview.forgotten.iter().map(|client| forgotten(client, now)).collect(),
        lists: [
            list(overview, "Who waits longest", &overview.waiting, h.answers, Front::Since),
            list(overview, "Promises broken", &overview.broken, h.promises_broken, Front::Due),
            list(overview, "Promises running", &overview.promises, overview.promises.len(), Front::Due),
            list(overview, "Not rung back", &overview.callers, h.callbacks, Front::Since),
        ]
        .into_iter()
        .filter(|list| !list.lines.is_empty())
        .collect(),
        charts: vec![answers_by_age(overview.findings), answers_by_month(overview.findings)],
        people: overview
            .people
            .iter()
            .take(20)
            .map(|(a, load)| Person { name: overview.person(a), load: *load })
            .collect(),
        read: format!(
            "Read {} in {}, with {}, {}; {}; {} could not be read.",
            counted(counts.messages as usize, "message", "messages"),
            counted(counts.threads as usize, "thread", "threads"),
            overview.clients(),
            counted(counts.calls as usize, "call", "calls"),
            counted(counts.duplicates as usize, "further copy", "further copies"),
            grouped(counts.unreadable),
        ),
        notes: &overview.findings.notes,
        unreadable: &overview.findings.unreadable,
    };
    page.render()
}

fn figures(overview: &Overview<'_>) -> Vec<Figure> {
    let h = &overview.headline;
    let known = overview.findings.clients_are_known;
    let figure = |n: usize, [one, many]: [&'static str; 2], alarming| Figure {
        number: grouped(n as u64),
        words: if n == 1 { one } else { many },
        alarming: alarming && 0 < n,
    };
    let waiting = match known {
        true => ["client waits for an answer", "clients wait for an answer"],
        false => ["correspondent waits for an answer", "correspondents wait for an answer"],
    };
    vec![
        figure(h.clients_waiting, waiting, false),
        figure(h.answers_overdue, ["answer is late", "answers are late"], true),
        figure(h.promises_broken, ["promise is broken", "promises are broken"], true),
        figure(
            h.promises_soon,
            ["promise falls due within a week", "promises fall due within a week"],
            false,
        ),
        figure(h.callbacks, ["caller was not rung back", "callers were not rung back"], true),
        figure(h.quiet, ["has heard nothing for too long", "have heard nothing for too long"], false),
    ]
}

fn forgotten<'a>(client: &'a ClientOutlook, now: &Zoned) -> Forgotten<'a> {
    let heard = match &client.last_out {
        Some(at) => format!("last heard from us {}", day(&at.0, now)),
        None => "never heard from us".to_owned(),
    };
    let reasons = client.reasons.iter().take(3).map(|why| Why {
        words: reason(why.reason),
        since: day(&why.since.0, now),
        long: how_long(since(now, &why.since.0)),
        percent: (why.weight * 100.0).round().clamp(0.0, 100.0) as u32,
    });
    Forgotten { name: &client.name, risk: client.risk, heard, reasons: reasons.collect() }
}

#[derive(Clone, Copy)]
enum Front {
    Since,
    Due,
}

fn list(overview: &Overview<'_>, heading: &'static str, owed: &[&Owed], all: usize, front: Front) -> List {
    let lines: Vec<Line> = owed.iter().map(|owed| line(overview, owed, front)).collect();
    List { heading, more: all.saturating_sub(lines.len()), lines }
}

fn line(overview: &Overview<'_>, owed: &Owed, front: Front) -> Line {
    let now = &overview.findings.as_of.0;
    let words = owed.words().filter(|words| !words.is_empty()).unwrap_or(&owed.subject);
    Line {
        front: match front {
            Front::Since => how_long(since(now, &owed.opened_at.0)),
            Front::Due => day(&owed.due_at.0, now),
        },
        late: owed.overdue || owed.state == "broken",
        client: overview.client(&owed.client).to_owned(),
        contact: owed.contact.as_deref().map_or_else(String::new, |c| overview.person(c).to_owned()),
        owner: owed.owner.as_deref().map_or("nobody owns it", |o| overview.person(o)).to_owned(),
        words: one_line(words, 240),
        chased: match owed.chases {
            0 => String::new(),
            1 => "asked again once".to_owned(),
            n => format!("asked again {n} times"),
        },
    }
}

fn since(now: &Zoned, then: &Zoned) -> SignedDuration {
    now.timestamp().duration_since(then.timestamp())
}
