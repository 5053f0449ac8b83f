//! Reads the texts of enron-message-acts over and over: `speed [DATA] [ROUNDS]`. Take the CPU time with `time`.

use std::path::PathBuf;

use care::hours::WorkCalendar;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reading::acts::Reader;
use reading::acts::training::Seer;
use training::data;

fn main() {
    let mut words = std::env::args().skip(1);
    let path = PathBuf::from(words.next().unwrap_or_else(|| "../shared/data".to_owned()));
    let rounds: usize = words.next().and_then(|n| n.parse().ok()).unwrap_or(100);
    let samples = data::enron(&Seer::default(), &path);
    let reader = Reader::shipped();
    let calendar = WorkCalendar::office_hours(TimeZone::UTC);
    let said_at = Some(Timestamp::UNIX_EPOCH);
    let (mut acts, mut bytes) = (0, 0);
    for _ in 0..rounds {
        for sample in &samples {
            acts += reader.read(&sample.text, said_at, &calendar).acts.len();
            bytes += sample.text.len();
        }
    }
    println!("{} messages, {bytes} bytes, {acts} acts", samples.len() * rounds);
}
