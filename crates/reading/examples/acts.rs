//! Reads lines from standard input and prints what each does: a look at the reader by hand.

use std::io::BufRead;

use care::hours::WorkCalendar;
use jiff::tz::TimeZone;
use reading::acts::Reader;

fn main() {
    let reader = Reader::shipped();
    let calendar = WorkCalendar::office_hours(TimeZone::UTC);
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let text = line.replace("\\n", "\n");
        let reading = reader.read(&text, None, &calendar);
        println!(
            "{line}\n  reply {:.2} bulk {:.2} only_holds {} apology {}",
            reading.needs_reply, reading.bulk, reading.only_holds, reading.apology
        );
        for act in &reading.acts {
            let passage: String =
                text.chars().skip(act.start as usize).take((act.end - act.start) as usize).collect();
            println!("  {} {:.2}: {passage}", act.kind.name(), act.confidence);
        }
    }
}
