//! Prints what is expected of the sample firm of a day, one situation a line: `cargo run -p sample --example expected 2026-03-02`.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use sample::Opener;

fn main() -> anyhow::Result<()> {
    let day: Date = std::env::args().nth(1).unwrap_or_default().parse()?;
    for e in sample::firm(day, &TimeZone::get("Europe/London")?).expected {
        let opener = match e.opener {
            Opener::Message(id) => id,
            Opener::Call(call) => format!("call {} {} {}", call.at, call.from, call.to),
            Opener::None => String::new(),
        };
        println!(
            "{}\t{}\t{}\t{}\t{}\t{opener}\t{}\t{}",
            e.kind, e.state, e.overdue, e.client, e.contact, e.chases, e.note
        );
    }
    Ok(())
}
