//! `regard demo`: the main job on a bundled sample firm.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use jiff::civil::time;
use jiff::tz::TimeZone;

use super::{options, scan};

/// Makes a sample firm, a small law firm with nine months of mail, calls and lists, and says what it owes today.
///
/// The firm is invented, and the same on every machine for the same day. Its files stay in the folder, so that every
/// other command can be tried on them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  regard demo\n  regard demo --to ~/sample-firm --html report.html")]
pub(super) struct Args {
    /// The folder to put the firm's files in
    #[arg(long, value_name = "DIR", default_value = "regard-sample")]
    to: PathBuf,
    /// The moment at which the question is asked (RFC 3339); without it 09:00 today
    #[arg(long, value_name = "MOMENT")]
    now: Option<String>,
    /// Prints one JSON object instead of the report
    #[arg(long)]
    json: bool,
    /// Writes the report as a self-contained page as well
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// The sample firm's zone.
const ZONE: &str = "Europe/London";

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<()> {
    let zone = TimeZone::get(ZONE).context("looking up the sample firm's zone")?;
    let now = options::now(args.now.as_deref())?.to_zoned(zone.clone());
    let today = now.date();
    for (path, content) in &sample::firm(today, &zone).files {
        let path = args.to.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("making the folder {}", parent.display()))?;
        }
        fs::write(&path, content).with_context(|| format!("writing {}", path.display()))?;
    }
    let asked = match &args.now {
        Some(moment) => moment.clone(),
        None => {
            today.to_datetime(time(9, 0, 0, 0)).to_zoned(zone)?.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
        }
    };
    let list = |name: &str| Some(args.to.join(name));
    scan::run(&scan::Args {
        paths: vec![args.to.join("mail")],
        staff: list("staff.csv"),
        clients: list("clients.csv"),
        contacts: list("contacts.csv"),
        matters: list("matters.csv"),
        absences: list("absences.csv"),
        calls: vec![args.to.join("calls.csv")],
        standards: list("firm.toml"),
        zone: None,
        now: Some(asked),
        json: args.json,
        html: args.html.clone(),
    })
}
