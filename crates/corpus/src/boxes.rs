//! Keeps messages in mbox files or Maildirs.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use memchr::memmem;

use crate::firm::STAFF;
use crate::threads::Folder;

/// How the messages are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Mbox,
    Maildir,
}

pub(crate) enum Boxes {
    /// For each of the staff, the inbox and the sent folder.
    Mbox(Vec<[BufWriter<File>; 2]>),
    Maildir {
        homes: Vec<[PathBuf; 2]>,
        kept: u64,
    },
}

impl Boxes {
    pub(crate) fn create(out: &Path, form: Form) -> Result<Boxes> {
        if fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
            bail!("{} is not empty; name a new directory", out.display());
        }
        let mut boxes = match form {
            Form::Mbox => Boxes::Mbox(Vec::new()),
            Form::Maildir => Boxes::Maildir { homes: Vec::new(), kept: 0 },
        };
        for name in STAFF {
            let name = name.split(' ').next().unwrap_or(name).to_lowercase();
            let home = out.join(&name);
            match &mut boxes {
                Boxes::Mbox(files) => {
                    fs::create_dir_all(&home).with_context(|| format!("making {}", home.display()))?;
                    files.push([open(&home.join("inbox.mbox"))?, open(&home.join("sent.mbox"))?]);
                }
                Boxes::Maildir { homes, .. } => {
                    let folders = [home.join("Maildir"), home.join("Maildir/.Sent")];
                    for directory in
                        folders.iter().flat_map(|folder| ["cur", "new", "tmp"].map(|part| folder.join(part)))
                    {
                        fs::create_dir_all(&directory)
                            .with_context(|| format!("making {}", directory.display()))?;
                    }
                    homes.push(folders);
                }
            }
        }
        Ok(boxes)
    }

    /// Keeps one message.
    pub(crate) fn keep(&mut self, staff: usize, folder: Folder, at: i64, message: &[u8]) -> Result<()> {
        let part = usize::from(folder == Folder::Sent);
        match self {
            Boxes::Mbox(files) => {
                let file = &mut files[staff][part];
                let date = Timestamp::from_second(at)?.strftime("%a %b %e %H:%M:%S %Y");
                writeln!(file, "From MAILER-DAEMON {date}")?;
                write_quoted(file, message)?;
            }
            Boxes::Maildir { homes, kept } => {
                *kept += 1;
                let name = format!("cur/{at}.M{kept}.corpus:2,S");
                let path = homes[staff][part].join(name);
                fs::write(&path, message).with_context(|| format!("writing {}", path.display()))?;
            }
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<()> {
        if let Boxes::Mbox(files) = self {
            for mut file in files.into_iter().flatten() {
                file.flush().context("writing the last messages")?;
            }
        }
        Ok(())
    }
}

fn open(path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("making {}", path.display()))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

/// Writes a message into an mbox: no line of it may be taken for the beginning of the next.
fn write_quoted(file: &mut impl Write, message: &[u8]) -> Result<()> {
    let mut rest = message;
    let mut after_line_end = true;
    while let Some(at) = memmem::find(rest, b"From ") {
        let (before, from) = rest.split_at(at);
        file.write_all(before)?;
        if before.last().map_or(after_line_end, |last| *last == b'\n') {
            file.write_all(b">")?;
        }
        file.write_all(b"From ")?;
        rest = &from[5..];
        after_line_end = false;
    }
    file.write_all(rest)?;
    file.write_all(b"\n")?;
    Ok(())
}
