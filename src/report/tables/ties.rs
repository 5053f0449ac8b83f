//! Clients that hang on one tie: one person there and one here who really talk to each other.

use std::collections::BTreeMap;

use care::acts::Direction;
use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::Whole;
use super::table::{Cell, Table};
use crate::ids::{AddressId, ClientId, StaffId};

#[derive(Default, Clone, Copy)]
struct Talk {
    inward: usize,
    outward: usize,
    last: Option<Timestamp>,
}

pub(super) fn table(whole: &Whole) -> Table {
    let mut talks: FxHashMap<ClientId, BTreeMap<(AddressId, StaffId), Talk>> = FxHashMap::default();
    for contact in whole.contacts() {
        let pairs = talks.entry(contact.client).or_default();
        // Whoever was removed from a client's contacts is no tie.
        let theirs = contact.theirs.iter().filter(|address| !whole.book.directory.is_removed(**address));
        for (theirs, staff) in theirs.flat_map(|a| contact.staff.iter().map(move |s| (*a, *s))) {
            let talk = pairs.entry((theirs, staff)).or_default();
            match contact.direction {
                Direction::In => talk.inward += 1,
                _ => talk.outward += 1,
            }
            talk.last = talk.last.max(Some(contact.message.at));
        }
    }
    let mut rows: Vec<(usize, Vec<Cell>)> = Vec::new();
    for (client, pairs) in talks {
        let ties: Vec<_> = pairs.iter().filter(|(_, talk)| 0 < talk.inward && 0 < talk.outward).collect();
        let traffic: usize = pairs.values().map(|talk| talk.inward + talk.outward).sum();
        if 1 < ties.len() {
            continue;
        }
        let mut row = vec![Cell::Text(whole.client(client)), Cell::count(ties.len())];
        match ties.first() {
            Some(((theirs, staff), talk)) => row.extend([
                Cell::Text(whole.person(*theirs)),
                Cell::Text(whole.staff(Some(*staff))),
                Cell::count(talk.inward),
                Cell::count(talk.outward),
                talk.last.map_or(Cell::None, |at| Cell::Text(whole.day(at).to_string())),
            ]),
            None => row.extend([Cell::text(""), Cell::text(""), Cell::None, Cell::None, Cell::None]),
        }
        rows.push((traffic, row));
    }
    rows.sort_by(|(a, a_row), (b, b_row)| {
        b.cmp(a).then_with(|| format!("{a_row:?}").cmp(&format!("{b_row:?}")))
    });
    Table {
        title: "Clients on a single tie",
        columns: &["client", "ties", "there", "here", "in", "out", "last"],
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        notes: vec!["The most traffic first. A tie: each has written to the other.".to_owned()],
    }
}
