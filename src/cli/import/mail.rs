//! `regard import mail`.

use std::io::Write;

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use wire::mail::{FaultKind, Listing, sources};

use super::super::progress::Progress;
use super::super::scan::no_mail;
use super::super::{open, options};
use super::{Paths, absolute};
use crate::clock;
use crate::config::Config;
use crate::intake::import::{self, Tally, Watch};
use crate::intake::own::Told;
use crate::intake::settle::{Settled, settle};
use crate::record::project;
use crate::report::words::counted;

/// What `--json` prints.
#[derive(Serialize)]
struct Done {
    added: u64,
    copies: u64,
    unreadable: u64,
    drafts: u64,
    private: u64,
    sources: u64,
    unchanged: u64,
    stopped: bool,
    clients: usize,
    proposed: usize,
    obligations: usize,
}

pub(super) fn run(args: &Paths, config: &Config) -> Result<()> {
    let Listing { sources: found, faults } = sources(&absolute(&args.paths)?);
    let lost: Vec<String> =
        faults.iter().filter(|fault| fault.kind != FaultKind::Skipped).map(ToString::to_string).collect();
    if found.is_empty() {
        return Err(no_mail(&args.paths, &faults));
    }
    lost.iter().for_each(|fault| eprintln!("regard: {fault}"));
    let runtime = open::runtime()?;
    let stop = open::stop_flag(&runtime, open::AFTER_THIS_BATCH)?;
    let (db, firm) = runtime.block_on(args.open(config))?;
    let now = clock::now();
    let (changed, unchanged) = runtime.block_on(import::changed(&db, firm.id, &found))?;
    let mut tally = Tally::default();
    if !changed.is_empty() {
        let progress = Progress::over_bytes(changed.iter().map(|(source, _)| source.bytes()).sum());
        let watch = Watch {
            stop: &stop,
            progress: &|bytes, messages| progress.at(bytes, messages),
            batch: config.batch.value,
        };
        let calendar = firm.calendar()?;
        tally = import::mail(runtime.handle(), &db, firm.id, &changed, &calendar, now, &watch)?;
        progress.done();
    }
    tally.unchanged = unchanged;
    tally.unreadable += lost.len() as u64;
    let settled = runtime.block_on(async {
        let behind = project::is_behind(&mut db.read().await?, firm.id).await?;
        let settled = match behind && !tally.stopped {
            true => Some(settle(&db, firm.id, now).await?),
            false => None,
        };
        if 0 < tally.added {
            db.tidy().await?;
        }
        db.close().await;
        anyhow::Ok(settled)
    })?;
    tell(args, &tally, settled.as_ref(), config)
}

fn tell(args: &Paths, tally: &Tally, settled: Option<&Settled>, config: &Config) -> Result<()> {
    if args.json {
        let done = Done {
            added: tally.added,
            copies: tally.copies,
            unreadable: tally.unreadable,
            drafts: tally.drafts,
            private: tally.private,
            sources: tally.sources,
            unchanged: tally.unchanged,
            stopped: tally.stopped,
            clients: settled.map_or(0, |settled| settled.clients),
            proposed: settled.map_or(0, |settled| settled.proposed),
            obligations: settled.map_or(0, |settled| settled.obligations),
        };
        options::print_json(&done)?;
    } else {
        let text = words(tally, settled, config);
        std::io::stdout().write_all(text.as_bytes()).context("writing to standard output")?;
    }
    ensure!(!tally.stopped, "stopped before the end; run it again to go on there");
    Ok(())
}

fn words(tally: &Tally, settled: Option<&Settled>, config: &Config) -> String {
    let mut lines = vec![format!(
        "Imported {} from {}; {} here already.",
        counted(tally.added as usize, "message", "messages"),
        counted(tally.sources as usize, "source", "sources"),
        counted(tally.copies as usize, "copy was", "copies were"),
    )];
    let also = [
        (tally.unchanged, ["source has", "sources have"], "not changed"),
        (tally.unreadable, ["item", "items"], "could not be read; `regard doctor` lists them"),
        (tally.drafts, ["draft was", "drafts were"], "left out: they never left"),
        (tally.private, ["message", "messages"], "of private correspondents left out"),
    ];
    let told = also.iter().filter(|(n, ..)| 0 < *n);
    lines.extend(told.map(|(n, [one, many], what)| format!("{} {what}.", counted(*n as usize, one, many))));
    if let Some(settled) = settled {
        lines.extend(settled_words(settled));
    }
    if !tally.stopped {
        let place = match config.data.origin {
            crate::config::Origin::Flag => format!(" --data {}", config.data.value.display()),
            _ => String::new(),
        };
        lines.push(format!("What is owed: regard today{place}"));
    }
    lines.push(
        "Batches are on disk soon after they are written: a loss of power can take the last of them, and importing \
         again brings it back."
            .to_owned(),
    );
    lines.join("\n") + "\n"
}

fn settled_words(settled: &Settled) -> Vec<String> {
    let domains = settled.domains.join(", ");
    let own = match settled.told {
        Told::ByStaffList | Told::Nohow => None,
        Told::BySentFolders => {
            Some(format!("Whoever the folders of sent mail belong to is taken for the firm ({domains})."))
        }
        Told::ByMostWrittenTo => Some(format!(
            "No folder of sent mail was found: the domain most often written to is taken for the firm ({domains}). \
             Import a staff list to say otherwise."
        )),
    };
    let proposed = (0 < settled.proposed).then(|| {
        format!(
            "No client list is here: {} by their traffic. `regard correspondents` lists them.",
            counted(settled.proposed, "correspondent is proposed", "correspondents are proposed")
        )
    });
    own.into_iter().chain(proposed).collect()
}
