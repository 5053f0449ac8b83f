//! How often clients had to ask again, and whom.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Whole;
use super::table::{Cell, Table};

pub(super) fn table(whole: &Whole) -> Table {
    let mut sums: BTreeMap<(String, String, String), (usize, usize)> = BTreeMap::new();
    for owed in whole.obligations.iter().filter(|owed| 0 < owed.chases) {
        let key = (whole.month(owed.opened_at), whole.client(owed.client), whole.staff(owed.owner));
        let (waits, chases) = sums.entry(key).or_default();
        *waits += 1;
        *chases += owed.chases as usize;
    }
    let mut rows: Vec<_> = sums.into_iter().collect();
    rows.sort_by_key(|((month, ..), (_, chases))| (Reverse(month.clone()), Reverse(*chases)));
    let row = |((month, client, person), (waits, chases)): ((String, String, String), (usize, usize))| {
        vec![
            Cell::Text(month),
            Cell::Text(client),
            Cell::Text(person),
            Cell::count(waits),
            Cell::count(chases),
        ]
    };
    Table {
        title: "Chases",
        columns: &["month", "client", "person", "waits", "chases"],
        rows: rows.into_iter().map(row).collect(),
        notes: vec!["Waits: things for which the client asked again. Chases: how often.".to_owned()],
    }
}
