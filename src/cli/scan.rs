//! `regard scan`: reads mailboxes and says what is owed; writes nothing.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use care::hours::WorkCalendar;
use jiff::tz::TimeZone;
use reading::acts::Reader;
use wire::calls::Columns;
use wire::mail::{Fault, Listing, sources};

use super::options;
use super::progress::Progress;
use crate::firm::settings::Settings;
use crate::intake::gather::Gathered;
use crate::intake::lists::{self, Files};
use crate::intake::mentions::Mentions;
use crate::intake::read::Desk;
use crate::intake::roster::Roster;
use crate::intake::standing::Standing;
use crate::report::build::{self, Extent};
use crate::report::findings::{Findings, Unreadable};
use crate::report::overview::Overview;
use crate::report::{html, text};

/// Reads mailboxes and says what is owed to whom; writes nothing.
///
/// PATH is an mbox file, a Maildir, a message file (.eml), a folder of any of these, or a tar archive; .gz and .zst are
/// unpacked. Without a staff list, whoever the folders of sent mail belong to is taken for the firm.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  regard scan ~/Mail --clients clients.csv --contacts contacts.csv\n  regard scan backup.tar.zst --zone Europe/London --now 2025-09-03T09:00:00+01:00 --json"
)]
pub(super) struct Args {
    /// Mailboxes
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// The staff: name,email,role,phone
    #[arg(long, value_name = "CSV")]
    pub(super) staff: Option<PathBuf>,
    /// The clients: client_id,name,kind,since,tier,point_person,annual_revenue,
    /// why_came,circumstances,expectations,channel,heard_of_us
    #[arg(long, value_name = "CSV")]
    pub(super) clients: Option<PathBuf>,
    /// Their contacts: client_id,name,email,phone
    #[arg(long, value_name = "CSV")]
    pub(super) contacts: Option<PathBuf>,
    /// The matters: matter_id,client_id,name,kind,handler,opened,closed
    #[arg(long, value_name = "CSV")]
    pub(super) matters: Option<PathBuf>,
    /// Who is away: email,from,to,cover
    #[arg(long, value_name = "CSV")]
    pub(super) absences: Option<PathBuf>,
    /// Telephone calls: Asterisk's Master.csv, or time,from,to,direction,answered,seconds
    #[arg(long, value_name = "CSV")]
    pub(super) calls: Vec<PathBuf>,
    /// Hours, holidays and standards of the firm, as TOML
    #[arg(long, value_name = "FILE")]
    pub(super) standards: Option<PathBuf>,
    /// The zone of the firm, such as Europe/London; without it the machine's
    #[arg(long, value_name = "ZONE")]
    pub(super) zone: Option<String>,
    /// The moment at which the question is asked (RFC 3339); without it now
    #[arg(long, value_name = "MOMENT")]
    pub(super) now: Option<String>,
    /// Prints one JSON object instead of the report
    #[arg(long)]
    pub(super) json: bool,
    /// Writes the report as a self-contained page as well
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<()> {
    let settings = args.standards.as_deref().map(Settings::read).transpose()?.unwrap_or_default();
    let zone = options::zone(args.zone.as_deref().or(settings.zone.as_deref()))?;
    let now = options::now(args.now.as_deref())?;
    let roster = args.files().read()?;
    let calendar = settings.calendar(zone.clone())?;
    let mut gathered = gather(&args.paths, &roster, &calendar)?;
    for path in &args.calls {
        take_calls(path, &zone, &mut gathered)?;
    }
    let standing = Standing::of(gathered, &roster, calendar, settings.standards);
    let extent = if args.json { Extent::Whole } else { Extent::Report };
    let findings = build::findings(&standing, extent, &zone, now);
    print(&findings, args.json)?;
    if let Some(path) = &args.html {
        let page = html::render(&Overview::of(&findings))?;
        std::fs::write(path, page).with_context(|| format!("writing the page {}", path.display()))?;
    }
    Ok(())
}

impl Args {
    fn files(&self) -> Files {
        Files {
            staff: self.staff.clone(),
            clients: self.clients.clone(),
            contacts: self.contacts.clone(),
            matters: self.matters.clone(),
            absences: self.absences.clone(),
        }
    }
}

/// Why nothing was found to read: what stood in the way of each place, else that there is no mail in it.
pub(super) fn no_mail(paths: &[PathBuf], faults: &[Fault]) -> anyhow::Error {
    let mut why: Vec<String> = faults.iter().map(ToString::to_string).collect();
    if why.is_empty() {
        why.extend(paths.iter().map(|path| format!("{}: nothing in this folder is mail", path.display())));
    }
    anyhow!("no mail was found:\n  {}", why.join("\n  "))
}

/// Reads all mail under the paths into memory.
pub(super) fn gather(paths: &[PathBuf], roster: &Roster, calendar: &WorkCalendar) -> Result<Gathered> {
    let Listing { sources, faults } = sources(paths);
    let mut gathered = Gathered::default();
    faults.iter().for_each(|fault| gathered.take_fault(fault));
    if sources.is_empty() {
        return Err(no_mail(paths, &faults));
    }
    let reader = Reader::shipped();
    let mentions = Mentions::of(roster.clients.iter().map(|client| client.name.as_str()));
    let desk = Desk::new(&reader, calendar, &mentions, false);
    let progress = Progress::over_bytes(sources.iter().map(|source| source.bytes()).sum());
    let mut done = 0;
    for source in &sources {
        desk.read(source, None, &mut |turn| {
            turn.outcomes.into_iter().for_each(|outcome| gathered.take(outcome));
            progress.at(done + turn.bytes_read, gathered.counts.messages);
            true
        });
        done += source.bytes();
    }
    progress.done();
    Ok(gathered)
}

fn take_calls(path: &std::path::Path, zone: &TimeZone, gathered: &mut Gathered) -> Result<()> {
    let (calls, errors) = lists::calls(path, zone, &Columns::default())?;
    for call in calls {
        let talked = (call.answered && !call.voicemail).then_some(call.talked);
        gathered.take_call(call.at, &call.from, &call.to, talked);
    }
    for error in errors {
        gathered.counts.unreadable += 1;
        gathered.unreadable.push(Unreadable { path: path.display().to_string(), error: error.to_string() });
    }
    Ok(())
}

/// Prints findings: as JSON, or as the report a partner reads.
pub(super) fn print(findings: &Findings, json: bool) -> Result<()> {
    if json {
        return options::print_json(findings);
    }
    let page = text::write(&Overview::of(findings), options::width())?;
    anstream::stdout().write_all(page.as_bytes()).context("writing to standard output")
}
