//! How many messages a second one core reads: `speed [DATA] [ROUNDS]`.
//!
//! Beside the reader stands a plain pass over the same texts (cut at white space, hash and count every word), measured
//! in the same run, turn and turn about. The ratio of the two hangs less on the machine than either figure.

use std::path::PathBuf;

use care::hours::WorkCalendar;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reading::acts::Reader;
use reading::acts::training::Seer;
use rustc_hash::FxHashMap;
use training::data;

fn main() {
    let mut words = std::env::args().skip(1);
    let path = PathBuf::from(words.next().unwrap_or_else(|| "../shared/data".to_owned()));
    let rounds: usize = words.next().and_then(|n| n.parse().ok()).unwrap_or(60);
    let texts: Vec<String> = data::enron(&Seer::default(), &path).into_iter().map(|s| s.text).collect();
    if texts.is_empty() {
        eprintln!("no texts under {}", path.display());
        std::process::exit(1);
    }
    let reader = Reader::shipped();
    let (mut acts, mut distinct, mut read, mut plain) = (0, 0, 0.0, 0.0);
    for _ in 0..rounds {
        let begun = cpu_seconds();
        acts += texts.iter().map(|text| acts_of(&reader, text)).sum::<usize>();
        let half = cpu_seconds();
        distinct += texts.iter().map(|text| distinct_words(text)).sum::<usize>();
        read += half - begun;
        plain += cpu_seconds() - half;
    }
    let messages = texts.len() * rounds;
    let bytes: usize = texts.iter().map(String::len).sum::<usize>() / texts.len();
    println!("{messages} messages of {bytes} bytes on average; {acts} acts, {distinct} distinct words");
    println!("reader: {read:.2} s of CPU, {:.0} messages a second", messages as f64 / read);
    println!("plain pass: {plain:.2} s of CPU, {:.0} messages a second", messages as f64 / plain);
    println!("the reader takes {:.1} times as long as the plain pass", read / plain);
}

fn acts_of(reader: &Reader, text: &str) -> usize {
    let calendar = WorkCalendar::office_hours(TimeZone::UTC);
    reader.read(text, Some(Timestamp::UNIX_EPOCH), &calendar).acts.len()
}

fn distinct_words(text: &str) -> usize {
    let mut counts: FxHashMap<String, u32> = FxHashMap::default();
    text.split_whitespace().for_each(|word| *counts.entry(word.to_lowercase()).or_default() += 1);
    counts.len()
}

/// The CPU time of this one thread so far, from the kernel: what others do on the machine does not count.
fn cpu_seconds() -> f64 {
    let figures = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds: f64 = figures.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0.0);
    nanoseconds / 1e9
}
