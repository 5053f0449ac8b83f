//! `regard-corpus --messages 100000 --seed 1 --out DIR [--maildir]`: the mailboxes of an invented firm, as many
//! messages as asked for, the same for the same seed. For measuring speed only; nobody should read these letters.
//!
//! Read in this order: `threads` plans who writes to whom and when; `letter` writes one message; `text` and `phrases`
//! give it words; `firm` gives it people; `boxes` keeps it in mbox files or Maildirs.

mod boxes;
mod chance;
mod firm;
mod letter;
mod phrases;
mod text;
mod threads;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use boxes::{Boxes, Form};

const USAGE: &str = "\
Makes the mailboxes of an invented firm, for measuring speed.

usage: regard-corpus --messages N --out DIR [--seed S] [--maildir]

  --messages N   how many messages to write, copies in several mailboxes counted each
  --out DIR      where to write them; must not exist or be empty
  --seed S       another seed gives other letters (default 1)
  --maildir      Maildirs rather than mbox files

example: regard-corpus --messages 100000 --seed 1 --out /tmp/corpus";

struct Settings {
    messages: usize,
    seed: u64,
    out: PathBuf,
    form: Form,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--help" || arg == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let settings = match parse(&args) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("{error:#}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match write(&settings) {
        Ok(written) => {
            let (count, bytes) = (written.messages, written.bytes);
            let average = bytes.checked_div(count as u64).unwrap_or(0);
            println!(
                "{count} messages ({} different), {bytes} bytes, {average} bytes each on average, in {} mailboxes",
                written.different,
                firm::STAFF.len()
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn parse(args: &[String]) -> Result<Settings> {
    let (mut messages, mut out, mut seed, mut form) = (None, None, 1, Form::Mbox);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--maildir" {
            form = Form::Maildir;
            continue;
        }
        let value = args.next().with_context(|| format!("{arg} needs a value"))?;
        match arg.as_str() {
            "--messages" => messages = Some(value.parse().with_context(|| format!("--messages {value}"))?),
            "--seed" => seed = value.parse().with_context(|| format!("--seed {value}"))?,
            "--out" => out = Some(PathBuf::from(value)),
            _ => bail!("unknown option {arg}"),
        }
    }
    let messages = messages.context("--messages is missing")?;
    Ok(Settings { messages, seed, out: out.context("--out is missing")?, form })
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Written {
    messages: usize,
    different: usize,
    bytes: u64,
}

fn write(settings: &Settings) -> Result<Written> {
    let firm = firm::Firm::new(settings.seed);
    let letters = letter::Writer::new(settings.seed, &firm);
    let mut boxes = Boxes::create(&settings.out, settings.form)?;
    firm.write_lists(&settings.out)?;
    let mut written = Written::default();
    let mut message = Vec::new();
    for planned in threads::plan(settings.seed, settings.messages, &firm) {
        message.clear();
        letters.write(&planned, &mut message);
        written.different += 1;
        for (staff, folder) in planned.kept_in() {
            if written.messages < settings.messages {
                boxes.keep(staff, folder, planned.at, &message)?;
                written.messages += 1;
                written.bytes += message.len() as u64;
            }
        }
        if settings.messages <= written.messages {
            break;
        }
    }
    boxes.finish()?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corpus(messages: usize, seed: u64, form: Form) -> (tempfile::TempDir, Written) {
        let home = tempfile::TempDir::new().unwrap();
        let out = home.path().join("corpus");
        let written = write(&Settings { messages, seed, out, form }).unwrap();
        (home, written)
    }

    fn read(home: &tempfile::TempDir) -> Vec<Vec<u8>> {
        let listing = wire::mail::sources(&[home.path().join("corpus")]);
        let mut raws: Vec<Vec<u8>> = listing
            .sources
            .iter()
            .flat_map(wire::mail::Source::open)
            .map(|found| found.unwrap().raw)
            .collect();
        raws.sort();
        raws
    }

    #[test]
    fn as_many_messages_as_asked_for_of_the_size_of_real_ones() {
        let (home, written) = corpus(3000, 1, Form::Mbox);
        assert_eq!((written.messages, read(&home).len()), (3000, 3000));
        let average = written.bytes / 3000;
        assert!((9_500..12_500).contains(&average), "{average}");
        assert!(written.different < 3000 && 2400 < written.different, "{}", written.different);
    }

    #[test]
    fn the_same_seed_gives_the_same_letters_in_either_form() {
        let (one, _) = corpus(400, 7, Form::Mbox);
        let (two, _) = corpus(400, 7, Form::Maildir);
        let (other, _) = corpus(400, 8, Form::Mbox);
        assert!(read(&one) == read(&two));
        assert!(read(&one) != read(&other));
    }

    #[test]
    fn replies_name_what_they_answer() {
        let (home, _) = corpus(2000, 1, Form::Mbox);
        let texts: Vec<String> =
            read(&home).iter().map(|raw| String::from_utf8_lossy(raw).into_owned()).collect();
        let field = |text: &str, name: &str| {
            text.lines()
                .take_while(|line| !line.is_empty())
                .find_map(|line| line.strip_prefix(name).map(str::to_string))
        };
        let ids: std::collections::HashSet<String> =
            texts.iter().filter_map(|text| field(text, "Message-ID: ")).collect();
        let answered: Vec<String> = texts.iter().filter_map(|text| field(text, "In-Reply-To: ")).collect();
        assert!(1000 < answered.len(), "{}", answered.len());
        assert!(answered.iter().all(|id| ids.contains(id)));
        assert!(texts.iter().any(|text| text.contains("Content-Type: multipart/alternative")));
        assert!(texts.iter().any(|text| text.contains("Content-Disposition: attachment")));
        assert!(texts.iter().any(|text| text.contains("\n> > ")));
    }
}
