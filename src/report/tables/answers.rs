//! How long answers took, in the firm's working hours.

use std::collections::BTreeMap;

use care::obligation::{Ending, Kind};
use jiff::SignedDuration;

use super::Whole;
use super::table::{Cell, Table};

#[derive(Default)]
struct Times {
    hours: Vec<f64>,
    in_time: usize,
    open: usize,
}

pub(super) fn table(whole: &Whole) -> Table {
    let mut groups: BTreeMap<(u8, &'static str, String), Times> = BTreeMap::new();
    for owed in whole.obligations.iter().filter(|owed| owed.kind == Kind::Answer) {
        let ended = owed.ended.filter(|ended| ended.at <= whole.now);
        if ended.is_some_and(|ended| ended.how == Ending::Released) {
            continue;
        }
        let keys = [
            (0, "all", String::new()),
            (1, "person", whole.staff(owed.owner)),
            (2, "client", whole.client(owed.client)),
            (3, "month", whole.month(owed.opened_at)),
        ];
        for key in keys {
            let times = groups.entry(key).or_default();
            let Some(ended) = ended else {
                times.open += 1;
                continue;
            };
            times.hours.push(hours(whole.book.calendar.working_between(owed.opened_at, ended.at)));
            times.in_time += usize::from(ended.at <= owed.due_at);
        }
    }
    let rows = groups.into_iter().map(|((_, by, who), mut times)| {
        times.hours.sort_by(f64::total_cmp);
        vec![
            Cell::text(by),
            Cell::Text(who),
            Cell::count(times.hours.len()),
            quantile(&times.hours, 0.5),
            quantile(&times.hours, 0.9),
            Cell::share(times.in_time, times.hours.len()),
            Cell::count(times.open),
        ]
    });
    Table {
        title: "Answers",
        columns: &["by", "who", "answered", "median hours", "90 % hours", "in time", "open"],
        rows: rows.collect(),
        notes: vec![
            "Hours are working hours of the firm. A word when they will hear counts as an answer.".to_owned(),
        ],
    }
}

fn hours(span: SignedDuration) -> f64 {
    span.as_secs_f64() / 3600.0
}

/// The nearest rank of sorted times.
fn quantile(sorted: &[f64], share: f64) -> Cell {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).map_or(Cell::None, |hours| Cell::Hours(*hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_times_that_were_measured() {
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(quantile(&ten, 0.5), Cell::Hours(5.0));
        assert_eq!(quantile(&ten, 0.9), Cell::Hours(9.0));
        assert_eq!(quantile(&[7.0], 0.9), Cell::Hours(7.0));
        assert_eq!(quantile(&[], 0.5), Cell::None);
    }
}
