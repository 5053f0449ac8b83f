//! Promises by the month in which they fell due, and by person.

use std::collections::BTreeMap;

use care::obligation::{Kind, State, state};

use super::Whole;
use super::table::{Cell, Table};

#[derive(Default)]
struct Sums {
    given: usize,
    kept: usize,
    late: usize,
    moved: usize,
    broken: usize,
    open: usize,
}

pub(super) fn table(whole: &Whole) -> Table {
    let mut sums: BTreeMap<(String, String), Sums> = BTreeMap::new();
    for owed in whole.obligations.iter().filter(|owed| owed.kind == Kind::Promise) {
        let Some((state, _)) = state(owed, whole.now) else { continue };
        let sum = sums.entry((whole.month(owed.due_at), whole.staff(owed.owner))).or_default();
        let counter = match state {
            State::Kept => &mut sum.kept,
            State::KeptLate => &mut sum.late,
            State::Moved | State::MovedLate => &mut sum.moved,
            State::Broken => &mut sum.broken,
            State::Open => &mut sum.open,
            State::Released => continue,
        };
        *counter += 1;
        sum.given += 1;
    }
    let rows = sums.into_iter().map(|((month, person), sum)| {
        let settled = sum.kept + sum.late + sum.broken;
        let counts = [sum.given, sum.kept, sum.late, sum.moved, sum.broken, sum.open].map(Cell::count);
        let mut row = vec![Cell::Text(month), Cell::Text(person)];
        row.extend(counts);
        row.push(Cell::share(sum.kept, settled));
        row
    });
    Table {
        title: "Promises",
        columns: &["due in", "person", "given", "kept", "kept late", "moved", "broken", "open", "in time"],
        rows: rows.collect(),
        notes: vec!["In time: of those kept or broken. What was released is left out.".to_owned()],
    }
}
