//! What is done when a test program is no more.

use std::process::{Command, Stdio};

/// Runs a shell's words when this program is no more, even when it was killed: the shell waits for the end of a pipe that
/// only this program holds open.
pub(crate) fn afterwards(words: &str) {
    let guard = Command::new("sh")
        .args(["-c", &format!("cat >/dev/null; {words}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell");
    // The pipe closes when the program ends, whichever way.
    std::mem::forget(guard);
}
