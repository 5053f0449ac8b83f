//! Runs the program on files of the test, watching its memory and time; and makes such files.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

/// What `regard scan --json` said, and what it cost.
pub(crate) struct Scanned {
    pub(crate) json: Value,
    peak: u64,
    took: Duration,
}

impl Scanned {
    pub(crate) fn count(&self, what: &str) -> u64 {
        self.json["counts"][what].as_u64().unwrap_or_else(|| panic!("no count of {what}: {:#}", self.json))
    }

    /// Something unreadable is told with its path, its position in it, and why.
    pub(crate) fn names(&self, path: &str, position: &str, why: &str) {
        let unreadable = self.json["unreadable"].as_array().map(Vec::as_slice).unwrap_or_default();
        let is_named = unreadable.iter().any(|entry| {
            let place = entry["path"].as_str().unwrap_or_default();
            place.contains(path)
                && place.contains(position)
                && entry["error"].as_str().unwrap_or_default().contains(why)
        });
        assert!(is_named, "{path}, {position}, {why} in {unreadable:#?}");
    }

    /// It took no more memory (its high-water mark) and time than this.
    pub(crate) fn within(&self, bytes: u64, time: Duration) {
        println!("{} MiB, {:?}", self.peak >> 20, self.took);
        assert!(self.peak <= bytes, "{} MiB of memory", self.peak >> 20);
        assert!(self.took <= time, "{:?}", self.took);
    }
}

/// Scans these paths, which must end well.
pub(crate) fn scan<P: AsRef<OsStr>>(paths: &[P]) -> Scanned {
    scan_with(paths, &[])
}

/// Scans these paths with further options.
pub(crate) fn scan_with<P: AsRef<OsStr>>(paths: &[P], options: &[&str]) -> Scanned {
    let begun = Instant::now();
    let (status, out, said, peak) = run(paths, options);
    assert_eq!(status, Some(0), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    let json = serde_json::from_slice(&out).unwrap_or_else(|error| panic!("{error}: {said}"));
    Scanned { json, peak, took: begun.elapsed() }
}

/// Scans what must be refused: the exit status and what was said.
pub(crate) fn refused<P: AsRef<OsStr>>(paths: &[P], options: &[&str]) -> (i32, String) {
    let (status, out, said, _) = run(paths, options);
    assert!(out.is_empty(), "{}", String::from_utf8_lossy(&out));
    (status.expect("a status"), said)
}

fn run<P: AsRef<OsStr>>(paths: &[P], options: &[&str]) -> (Option<i32>, Vec<u8>, String, u64) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_regard"))
        .args(["scan", "--json", "--zone", "Europe/London"])
        .args(options)
        .args(paths)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let (mut out, mut err) = (child.stdout.take().expect("piped"), child.stderr.take().expect("piped"));
    let out = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        out.read_to_end(&mut bytes).map(|_| bytes)
    });
    let err = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        err.read_to_end(&mut bytes).map(|_| bytes)
    });
    let (status, peak) = watch(&mut child);
    let out = out.join().expect("read").expect("read");
    let err = err.join().expect("read").expect("read");
    (status, out, String::from_utf8_lossy(&err).into_owned(), peak)
}

/// Waits for the end; the highest mark of memory that the system showed until then.
fn watch(child: &mut Child) -> (Option<i32>, u64) {
    let mut peak = 0;
    loop {
        peak = peak.max(high_water(child.id()));
        if let Some(status) = child.try_wait().expect("a status") {
            return (status.code(), peak);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// `VmHWM` of a process, in bytes; 0 where the system does not tell.
fn high_water(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kib.unwrap_or(0) << 10
}

/// A letter of this subject.
pub(crate) fn letter(subject: &str) -> String {
    letter_with(subject, "", &format!("Could you let me know about {subject}?\n"))
}

/// A letter of this subject, with further header lines and this body.
pub(crate) fn letter_with(subject: &str, headers: &str, body: &str) -> String {
    let id = subject.replace(' ', "-");
    format!(
        "From: Jo Marsh <jo@acme.example>\nTo: Amy Fell <amy@fell.example>\nSubject: {subject}\n\
         Date: Tue, 3 Jun 2025 10:15:00 +0100\nMessage-ID: <{id}@acme.example>\n{headers}\n{body}"
    )
}

/// An mbox of letters of these subjects.
pub(crate) fn mbox(subjects: &[&str]) -> String {
    let message =
        |subject: &&str| format!("From jo@acme.example Tue Jun  3 10:15:00 2025\n{}\n", letter(subject));
    subjects.iter().map(message).collect()
}

/// Packed with gzip.
pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

/// So many zeros, packed with gzip; a file may be packed in several pieces, one after another.
pub(crate) fn zeros_packed(count: usize) -> Vec<u8> {
    const PIECE: usize = 16 << 20;
    packed(&vec![0; PIECE]).repeat(count / PIECE)
}

/// A tar archive with these names as they are, wherever they lead.
pub(crate) fn tar_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        // By hand, since the library refuses a name that leads outside.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        archive.append(&header, *content).expect("appended");
    }
    archive.into_inner().expect("an archive")
}
