//! Messages a second, reading the mboxes named by the words on the command line:
//! `cargo bench -p reading --bench letter -- FILE…`.

use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() {
    let files: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    if files.is_empty() {
        println!("skipped: name mbox files to read");
        return;
    }
    let mboxes: Vec<Vec<u8>> = files.iter().filter_map(|f| std::fs::read(f).ok()).collect();
    let mut messages: Vec<&[u8]> = Vec::new();
    for mbox in &mboxes {
        let mut starts: Vec<usize> =
            memchr::memmem::find_iter(mbox, b"\nFrom MAILER-DAEMON ").map(|at| at + 1).collect();
        starts.insert(0, 0);
        starts.push(mbox.len());
        messages.extend(starts.windows(2).map(|pair| &mbox[pair[0]..pair[1]]));
    }
    let bytes: usize = messages.iter().map(|m| m.len()).sum();
    println!("{} messages of {} bytes on average", messages.len(), bytes / messages.len().max(1));
    let parser = mail_parser::MessageParser::new();
    report("the MIME reader alone", &messages, |raw| {
        black_box(parser.parse(raw));
    });
    report("letter::parse", &messages, |raw| {
        black_box(reading::letter::parse(raw).ok());
    });
}

/// The best of five rounds.
fn report(what: &str, messages: &[&[u8]], read: impl Fn(&[u8])) {
    let round = || {
        let start = Instant::now();
        messages.iter().for_each(|raw| read(raw));
        start.elapsed()
    };
    let best = (0..5).map(|_| round()).min().unwrap_or(Duration::MAX);
    let each = best / messages.len().max(1) as u32;
    println!("{what}: {each:?} a message, {:.0} a second", 1.0 / each.as_secs_f64());
}
