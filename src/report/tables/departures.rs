//! Who left and why, beside the split that is known of firms like this.

use super::Whole;
use super::table::{Cell, Table};
use crate::departures::{Departure, Evidence, Reason, known_share};

/// So many of the last departures are named.
const NAMED: usize = 10;

pub(super) fn table(whole: &Whole) -> Table {
    let coded: Vec<(Reason, Evidence)> = whole.departures.iter().filter_map(|gone| gone.reason).collect();
    let row = |reason: Reason| {
        let by = |how| coded.iter().filter(|coded| **coded == (reason, how)).count();
        let (said, thought) = (by(Evidence::Said), by(Evidence::Think));
        vec![
            Cell::text(reason.name().replace('_', " ")),
            Cell::count(said + thought),
            Cell::share(said + thought, coded.len()),
            Cell::share(usize::from(known_share(reason)), 100),
            Cell::count(said),
            Cell::count(thought),
        ]
    };
    let mut rows: Vec<Vec<Cell>> = Reason::ALL.into_iter().map(row).collect();
    let unknown = whole.departures.len() - coded.len();
    if 0 < unknown {
        let reason = Cell::text("not known");
        rows.push(vec![reason, Cell::count(unknown), Cell::None, Cell::None, Cell::None, Cell::None]);
    }
    Table {
        title: "Departures beside the known split",
        columns: &["reason", "departures", "share", "known split", "they said", "we think"],
        rows,
        notes: notes(whole),
    }
}

fn notes(whole: &Whole) -> Vec<String> {
    let all = &whole.departures;
    if all.is_empty() {
        return vec!["Nobody is known to have left. `regard import departures` takes the list.".to_owned()];
    }
    let mut notes = vec![
        "Shares are of those whose reason is known. The known split: of a hundred clients who leave."
            .to_owned(),
    ];
    let late: Vec<i32> = all
        .iter()
        .filter_map(|gone| Some((gone.noticed - gone.left?).get_days()))
        .filter(|days| 0 < *days)
        .collect();
    if !late.is_empty() {
        let mean = f64::from(late.iter().sum::<i32>()) / late.len() as f64;
        notes.push(format!(
            "{} of {} had gone before anybody noticed, by {mean:.0} days in the mean.",
            late.len(),
            all.len()
        ));
    }
    notes.extend(all.iter().rev().take(NAMED).map(|gone| told(whole, gone)));
    notes
}

fn told(whole: &Whole, gone: &Departure) -> String {
    let why = match gone.reason {
        Some((reason, how)) => format!("{} ({})", reason.name().replace('_', " "), how.name()),
        None => "reason not known".to_owned(),
    };
    let words = if gone.words.is_empty() { String::new() } else { format!(": “{}”", gone.words) };
    format!("{}  {}, {why}{words}", gone.gone(), whole.client(gone.client))
}
