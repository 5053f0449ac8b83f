//! `regard check`: a draft on standard input → what to mend before sending. It never blocks.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use care::acts::ActKind;
use jiff::civil::Date;
use reading::acts::Reader;
use reading::check::{Finding, Situation, check};
use serde::Serialize;

use super::options;
use crate::drafts::check::kind_name;
use crate::firm::settings::Settings;
use crate::intake::lists::Files;
use crate::report::owed::rounded;
use crate::report::words::one_line;
use crate::text::scalars;

/// Reads a draft on standard input and says what to mend before sending: excuses, promises that collide with an absence
/// or a closed day, questions left open, a file that is missing.
///
/// It never blocks: the exit status is 0 whatever was found.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard check < draft.txt\n  regard check --answers their-letter.eml --writer amy@firm.example --absences absences.csv < draft.txt"
)]
pub(super) struct Args {
    /// The message that the draft answers
    #[arg(long, value_name = "EML")]
    answers: Option<PathBuf>,
    /// How many files are attached
    #[arg(long, value_name = "N", default_value_t = 0)]
    attached: usize,
    /// Who writes, for looking up absences
    #[arg(long, value_name = "EMAIL", requires = "absences")]
    writer: Option<String>,
    /// Who is away: email,from,to,cover
    #[arg(long, value_name = "CSV", requires = "writer")]
    absences: Option<PathBuf>,
    /// Hours and holidays of the firm, as TOML
    #[arg(long, value_name = "FILE")]
    standards: Option<PathBuf>,
    /// The zone of the firm, such as Europe/London; without it the machine's
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// The moment at which the draft is sent (RFC 3339); without it now
    #[arg(long, value_name = "MOMENT")]
    now: Option<String>,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Told<'a> {
    findings: Vec<ToldFinding<'a>>,
}

#[derive(Serialize)]
struct ToldFinding<'a> {
    kind: &'static str,
    passage: &'a str,
    start: u32,
    end: u32,
    confidence: f64,
    words: &'a str,
    better: Option<&'a str>,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<()> {
    let settings = args.standards.as_deref().map(Settings::read).transpose()?.unwrap_or_default();
    let zone = options::zone(args.zone.as_deref().or(settings.zone.as_deref()))?;
    let calendar = settings.calendar(zone)?;
    let said_at = options::now(args.now.as_deref())?;
    let draft = draft("regard check < draft.txt")?;
    let reader = Reader::shipped();
    let asked = args.asked(&reader, &calendar)?;
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let situation = Situation {
        said_at,
        calendar: &calendar,
        absences: &args.absent_days()?,
        promised: &[],
        capacity: None,
        asked: &asked,
        attachments: args.attached,
    };
    let reading = reader.read(&draft, Some(said_at), &calendar);
    let findings = check(&draft, &reading, &situation);
    if args.json { print_json(&draft, &findings) } else { print_text(&draft, &findings) }
}

/// The draft on standard input; `usage` says how it is given.
pub(super) fn draft(usage: &str) -> Result<String> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).context("reading the draft on standard input")?;
    let draft = String::from_utf8(bytes).map_err(|error| {
        anyhow!("the draft is no UTF-8 text: byte {} is wrong", error.utf8_error().valid_up_to())
    })?;
    if draft.trim().is_empty() {
        bail!("nothing on standard input; give its text: {usage}");
    }
    Ok(draft)
}

impl Args {
    /// What the message asks that the draft answers.
    fn asked(&self, reader: &Reader, calendar: &care::hours::WorkCalendar) -> Result<Vec<String>> {
        let Some(path) = &self.answers else { return Ok(Vec::new()) };
        let raw = std::fs::read(path).with_context(|| format!("reading the message {}", path.display()))?;
        let letter =
            reading::letter::parse(&raw).with_context(|| format!("{} is no message", path.display()))?;
        let reading = reader.read(&letter.new_text, letter.sent.map(|sent| sent.at), calendar);
        let requests =
            reading.acts.iter().filter(|act| matches!(act.kind, ActKind::Request | ActKind::Chase));
        Ok(requests.map(|act| scalars(&letter.new_text, act.start, act.end).to_owned()).collect())
    }

    fn absent_days(&self) -> Result<Vec<(Date, Date)>> {
        let (Some(writer), Some(_)) = (&self.writer, &self.absences) else { return Ok(Vec::new()) };
        let roster = Files { absences: self.absences.clone(), ..Files::default() }.read()?;
        let own = roster.absences.iter().filter(|absence| absence.email.eq_ignore_ascii_case(writer));
        Ok(own.map(|absence| (absence.from, absence.to)).collect())
    }
}

fn print_json(draft: &str, findings: &[Finding]) -> Result<()> {
    let findings = findings.iter().map(|finding| ToldFinding {
        kind: kind_name(&finding.kind),
        passage: scalars(draft, finding.start, finding.end),
        start: finding.start,
        end: finding.end,
        confidence: rounded(finding.confidence),
        words: &finding.words,
        better: finding.better.as_deref(),
    });
    options::print_json(&Told { findings: findings.collect() })
}

/// Prints what to mend, for people.
pub(super) fn print_text(draft: &str, findings: &[Finding]) -> Result<()> {
    let mut out = anstream::stdout().lock();
    let (underline, dim) = (anstyle::Style::new().underline(), anstyle::Style::new().dimmed());
    if findings.is_empty() {
        writeln!(out, "Nothing to mend.")?;
    }
    for finding in findings {
        let passage = one_line(scalars(draft, finding.start, finding.end), 200);
        if !passage.is_empty() {
            writeln!(out, "{underline}{passage}{underline:#}")?;
        }
        writeln!(out, "  {}", finding.words)?;
        if let Some(better) = &finding.better {
            writeln!(out, "  {dim}Better:{dim:#} {better}")?;
        }
    }
    Ok(())
}
