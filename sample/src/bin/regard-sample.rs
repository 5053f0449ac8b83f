//! Writes the sample firm to a folder: `regard-sample DIR [--today 2026-03-02] [--zone Europe/London]`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use jiff::civil::Date;
use jiff::tz::TimeZone;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<String> {
    let (mut folder, mut today, mut zone) = (None, None, TimeZone::get("Europe/London")?);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--today" => today = Some(value()?.parse::<Date>().context("--today is a date like 2026-03-02")?),
            "--zone" => zone = TimeZone::get(value()?)?,
            _ if arg.starts_with('-') => {
                bail!("usage: regard-sample DIR [--today 2026-03-02] [--zone Europe/London]")
            }
            _ => folder = Some(arg),
        }
    }
    let folder = folder.context("usage: regard-sample DIR [--today 2026-03-02] [--zone Europe/London]")?;
    let today = today.unwrap_or_else(|| this_day(&zone));
    let firm = sample::firm(today, &zone);
    for (path, bytes) in &firm.files {
        let path = Path::new(folder).join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
        }
        std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(format!("The firm as of {today}, 09:00: {} files in {folder}", firm.files.len()))
}

#[expect(clippy::disallowed_methods, reason = "a command of its own, outside the program and its clock")]
fn this_day(zone: &TimeZone) -> Date {
    jiff::Timestamp::now().to_zoned(zone.clone()).date()
}
