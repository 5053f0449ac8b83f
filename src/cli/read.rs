//! `regard read`: one message, or JSON lines of passages, on standard input → what they do, as JSON.

use std::io::{self, BufRead, Read, Write};

use anyhow::{Context, Result, anyhow, bail};
use care::acts::{Act, Direction};
use care::hours::WorkCalendar;
use jiff::Timestamp;
use reading::acts::{Language, Reader, Reading};
use serde::{Deserialize, Serialize};

use super::options;
use crate::report::findings::Moment;
use crate::report::owed::rounded;
use crate::text::scalars;

/// Reads one message, or JSON lines of passages, on standard input and prints what they do.
///
/// With --jsonl each line is {"id", "text", "direction": "in"|"out", "sent_at": RFC 3339 or left out}, and each line
/// printed is {"id", "acts": [...], "needs_reply": 0..1}, in the same order. Only English is read for acts: a text in
/// another language is told with "language": "other", and its needs_reply comes from its form alone.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  echo '{\"id\":\"1\",\"direction\":\"out\",\"text\":\"I will send the draft by Friday.\",\"sent_at\":\"2025-07-01T10:00:00Z\"}' | regard read --jsonl\n  regard read < letter.eml"
)]
pub(super) struct Args {
    /// One passage a line, as JSON
    #[arg(long)]
    jsonl: bool,
    /// The direction of a single message; without it the acts of both directions are given
    #[arg(long, value_name = "in|out", value_parser = parse_direction, conflicts_with = "jsonl")]
    direction: Option<Direction>,
    /// The zone in which words of time are meant
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Accepted for likeness with the other commands: the output is always JSON
    #[arg(long)]
    json: bool,
}

fn parse_direction(text: &str) -> Result<Direction, String> {
    match text {
        "in" => Ok(Direction::In),
        "out" => Ok(Direction::Out),
        other => Err(format!("{other} is neither `in` nor `out`")),
    }
}

#[derive(Deserialize)]
struct Asked {
    id: String,
    text: String,
    #[serde(default)]
    direction: Option<Direction>,
    #[serde(default)]
    sent_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct Told<'a> {
    id: &'a str,
    acts: Vec<ToldAct<'a>>,
    needs_reply: f64,
    /// Left out of what is English.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'static str>,
}

#[derive(Serialize)]
struct ToldAct<'a> {
    act: &'static str,
    passage: &'a str,
    start: u32,
    end: u32,
    confidence: f64,
    due: Option<Moment>,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<()> {
    let calendar = WorkCalendar::office_hours(options::zone(args.zone.as_deref())?);
    let reader = Reader::shipped();
    let mut out = io::BufWriter::new(io::stdout().lock());
    if args.jsonl {
        read_lines(&reader, &calendar, &mut out)?;
    } else {
        read_message(&reader, &calendar, args.direction, &mut out)?;
    }
    out.flush().context("writing to standard output")
}

fn read_lines(reader: &Reader, calendar: &WorkCalendar, out: &mut impl Write) -> Result<()> {
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let line = line.with_context(|| format!("reading line {} of standard input", number + 1))?;
        if line.trim().is_empty() {
            continue;
        }
        let asked: Asked = serde_json::from_str(&line).map_err(|error| {
            anyhow!(
                "line {}, column {}: {error}; a line is {{\"id\", \"text\", \"direction\": \"in\"|\"out\", \"sent_at\"?}}",
                number + 1,
                error.column()
            )
        })?;
        let reading = reader.read(&asked.text, asked.sent_at, calendar);
        tell(&asked.id, &asked.text, asked.direction, &reading, calendar, out)?;
    }
    Ok(())
}

fn read_message(
    reader: &Reader,
    calendar: &WorkCalendar,
    direction: Option<Direction>,
    out: &mut impl Write,
) -> Result<()> {
    let mut raw = Vec::new();
    io::stdin().lock().read_to_end(&mut raw).context("reading standard input")?;
    if raw.is_empty() {
        bail!("nothing on standard input; give one message, or JSON lines with --jsonl");
    }
    let letter = reading::letter::parse(&raw)?;
    let sent_at = letter.sent.as_ref().map(|sent| sent.at);
    let reading = reader.read(&letter.new_text, sent_at, calendar);
    let id = letter.message_id.as_deref().map(|id| format!("<{id}>")).unwrap_or_default();
    tell(&id, &letter.new_text, direction, &reading, calendar, out)
}

fn tell(
    id: &str,
    text: &str,
    direction: Option<Direction>,
    reading: &Reading,
    calendar: &WorkCalendar,
    out: &mut impl Write,
) -> Result<()> {
    let wanted = |act: &&Act| direction.is_none_or(|direction| act.kind.direction() == direction);
    let acts = reading.acts.iter().filter(wanted).map(|act| ToldAct {
        act: act.kind.name(),
        passage: scalars(text, act.start, act.end),
        start: act.start,
        end: act.end,
        confidence: rounded(act.confidence),
        due: act.due.map(|due| Moment::new(due, calendar.zone())),
    });
    let needs_reply = if direction == Some(Direction::Out) { 0.0 } else { rounded(reading.needs_reply) };
    let language = (reading.language == Language::Other).then_some("other");
    let told = Told { id, acts: acts.collect(), needs_reply, language };
    serde_json::to_writer(&mut *out, &told).context("writing to standard output")?;
    out.write_all(b"\n").context("writing to standard output")
}
