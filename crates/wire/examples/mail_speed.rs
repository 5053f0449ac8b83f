//! How fast messages come out of mail sources: `cargo run --release -p wire --example mail_speed PATH...`

use std::path::PathBuf;
use std::time::Instant;

fn main() {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let begun = Instant::now();
    let listing = wire::mail::sources(&paths);
    let listed = begun.elapsed();
    let (mut messages, mut bytes, mut faults) = (0u64, 0u64, listing.faults.len());
    for found in listing.sources.iter().flat_map(wire::mail::Source::open) {
        match found {
            Ok(item) => {
                messages += 1;
                bytes += item.raw.len() as u64;
            }
            Err(_) => faults += 1,
        }
    }
    let seconds = (begun.elapsed() - listed).as_secs_f64();
    println!("{} sources listed in {:.3} s", listing.sources.len(), listed.as_secs_f64());
    println!(
        "{messages} messages, {bytes} bytes, {faults} faults in {seconds:.3} s: {:.2} GB/s, {:.0} messages/s",
        bytes as f64 / seconds / 1e9,
        messages as f64 / seconds
    );
}
