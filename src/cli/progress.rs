//! The progress bar: on a terminal only, with rate and time left.

use std::io::IsTerminal;
use std::time::Duration;

use crate::text::counted;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over bytes, with a count of messages; hidden in a pipe.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for reading `bytes` bytes of mail; hidden where standard error is no terminal.
    pub(super) fn over_bytes(bytes: u64) -> Progress {
        let bar =
            if std::io::stderr().is_terminal() { ProgressBar::new(bytes) } else { ProgressBar::hidden() };
        let style = ProgressStyle::with_template(
            "{msg}  {wide_bar:.dim}  {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left",
        );
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("━━╌"));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress { bar }
    }

    /// A count of rows or items of which nobody knows how many there are.
    pub(super) fn of_rows() -> Progress {
        let bar =
            if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner:.dim} {msg}  {pos}  {per_sec}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress { bar }
    }

    /// Tells what is at work, and how many are done.
    pub(super) fn row(&self, what: &str, done: u64) {
        self.bar.set_message(what.to_owned());
        self.bar.set_position(done);
    }

    /// Tells how far the reading has come.
    pub(super) fn at(&self, bytes: u64, messages: u64) {
        self.bar.set_position(bytes);
        self.bar.set_message(counted(messages as usize, "message", "messages"));
    }

    /// Takes the bar away.
    pub(super) fn done(&self) {
        self.bar.finish_and_clear();
    }
}
