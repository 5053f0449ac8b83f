//! Small bar charts, each with the table behind it.

use jiff::ToSpan;
use jiff::civil::Date;

use super::findings::{Findings, Owed};

/// A bar chart; the late share of each bar stands at its foot.
pub(super) struct Chart {
    pub(super) title: &'static str,
    pub(super) column: &'static str,
    pub(super) spoken: String,
    pub(super) width: u32,
    pub(super) bars: Vec<Bar>,
}

/// One bar with its place on the sheet.
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) value: u64,
    pub(super) late: u64,
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) w: u32,
    pub(super) h: u32,
    pub(super) late_y: u32,
    pub(super) late_h: u32,
    pub(super) middle: u32,
    pub(super) value_y: u32,
}

/// The height of the tallest bar, and where the bars stand.
const TALLEST: u64 = 88;
const FOOT: u32 = 106;

/// How long the open answers have waited.
pub(super) fn answers_by_age(findings: &Findings) -> Chart {
    const AGES: [(&str, i64); 5] =
        [("today", 1), ("this week", 7), ("a month", 31), ("a quarter", 92), ("longer", i64::MAX)];
    let now = findings.as_of.0.timestamp();
    let mut values = [(0, 0); AGES.len()];
    for owed in findings.obligations.iter().filter(|o| o.kind == "answer" && o.state == "open") {
        let days = now.duration_since(owed.opened_at.0.timestamp()).as_hours() / 24;
        let place = AGES.iter().position(|(_, below)| days < *below).unwrap_or(AGES.len() - 1);
        values[place].0 += 1;
        values[place].1 += u64::from(owed.overdue);
    }
    let values =
        AGES.iter().zip(values).map(|((label, _), (all, late))| ((*label).to_owned(), all, late)).collect();
    chart("Open answers by how long they wait", "waiting for", values)
}

/// How many answers were owed in each of the last twelve months in which anything was, and how many came late.
pub(super) fn answers_by_month(findings: &Findings) -> Chart {
    let month = |owed: &Owed| owed.opened_at.0.date().first_of_month();
    let answers = || findings.obligations.iter().filter(|o| o.kind == "answer");
    let last: Date = answers().map(month).max().unwrap_or_else(|| findings.as_of.0.date().first_of_month());
    let first = last.saturating_sub(11.months());
    let values = first.series(1.month()).take(12).map(|start| {
        let of_month = || answers().filter(|owed| month(owed) == start);
        let late = of_month().filter(|owed| owed.overdue || matches!(owed.state, "kept_late" | "moved_late"));
        (start.strftime("%b").to_string(), of_month().count() as u64, late.count() as u64)
    });
    chart("Answers owed, by month", "month", values.collect())
}

fn chart(title: &'static str, column: &'static str, values: Vec<(String, u64, u64)>) -> Chart {
    let tallest = values.iter().map(|(_, all, _)| *all).max().unwrap_or(0).max(1);
    let step = 320 / values.len().max(1) as u32;
    let spoken: Vec<String> =
        values.iter().map(|(label, all, late)| format!("{label} {all}, {late} late")).collect();
    let bars = values.into_iter().enumerate().map(|(i, (label, value, late))| {
        let h = (value * TALLEST / tallest) as u32;
        let late_h = (late.min(value) * TALLEST / tallest) as u32;
        let x = i as u32 * step + step / 8;
        let w = step * 3 / 4;
        let y = FOOT - h;
        Bar {
            label,
            value,
            late,
            x,
            y,
            w,
            h,
            late_y: FOOT - late_h,
            late_h,
            middle: x + w / 2,
            value_y: y - 4,
        }
    });
    Chart { title, column, spoken: spoken.join("; "), width: 320, bars: bars.collect() }
}
