//! How long reading words of time takes: `cargo bench -p reading --bench when`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use care::hours::WorkCalendar;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reading::when::find;

const PLAIN: &str = "Dear Jonathan,\n\nThank you for your e-mail about the lease and the questions that you raised \
in it. I am attaching a copy of the draft with our comments, and would be grateful if you could look at the second \
schedule, where the landlord has asked for a change that we may not want to accept. It seems to us that the clause \
was never meant to cover repairs to the roof, and that the tenant should not have to pay for them. We have raised \
the point with the other side and they are taking instructions.\n\nIn the meantime, please let me know whether you \
are content with the wording of the guarantee. If you have any other comments, do get in touch; I would be happy to \
talk them through. Our fees for the work so far are within the estimate that we gave you, and I do not expect them \
to go beyond it unless something new turns up on the title. As to the survey, we think that it is fine and that no \
further enquiries are needed, but it is of course a matter for you whether you want a specialist to look at the \
damp in the cellar before you commit yourself.\n\nKind regards,\nMargaret\n";

const DATED: &str = "Dear Jonathan,\n\nThank you for your call on Tuesday. I will send you the draft by Friday at noon, \
and we hope to exchange early next week, at the latest by 14 March 2025. The survey is booked for the 21st at 10.30am \
and the surveyor will report within 5 working days. I am away from Monday to Wednesday, back on Thursday morning.\n";

fn main() {
    let calendar = WorkCalendar::office_hours(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC));
    let said_at = Timestamp::from_second(1_751_450_400).unwrap_or_default();
    let report = |name: &str, text: &str, times: u32| {
        let found = find(text, said_at, &calendar).len();
        let round = || {
            let started = Instant::now();
            for _ in 0..times {
                black_box(find(black_box(text), said_at, &calendar));
            }
            started.elapsed() / times
        };
        // the best of many short rounds: what else the machine does falls out
        let best = (0..50).map(|_| round()).min().unwrap_or(Duration::MAX);
        println!("{name}: {} bytes, {found} found, {best:?}", text.len());
    };
    report("a letter without dates", PLAIN, 200);
    report("a letter with dates", DATED, 20);
    for unit in
        ["x", "next ", "first day of the week of ", "12:", "in two years since ", "3 days after ", "Monday "]
    {
        let text = unit.repeat(1_000_000 / unit.len());
        let started = Instant::now();
        let found = find(&text, said_at, &calendar).len();
        println!("1 MB of {unit:?}: {found} found, {:?}", started.elapsed());
    }
}
