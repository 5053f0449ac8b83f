//! What each person wrote and was sent, week by week, against what they owed at the week's end.

use std::collections::BTreeMap;

use care::acts::Direction;
use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};

use super::Whole;
use super::table::{Cell, Table};
use crate::ids::StaffId;

#[derive(Default)]
struct Load {
    inward: usize,
    outward: usize,
    /// A day of the week.
    day: Date,
}

pub(super) fn table(whole: &Whole) -> Table {
    let mut loads: BTreeMap<(String, StaffId), Load> = BTreeMap::new();
    for contact in whole.contacts() {
        let at = contact.message.at;
        for staff in &contact.staff {
            let load = loads.entry((whole.week(at), *staff)).or_default();
            load.day = whole.day(at);
            match contact.direction {
                Direction::In => load.inward += 1,
                _ => load.outward += 1,
            }
        }
    }
    let rows = loads.into_iter().rev().map(|((week, staff), load)| {
        let end = week_end(whole, load.day).min(whole.now);
        let open = whole.obligations.iter().filter(|owed| {
            owed.owner == Some(staff)
                && owed.opened_at <= end
                && owed.ended.is_none_or(|ended| end < ended.at)
        });
        vec![
            Cell::Text(week),
            Cell::Text(whole.staff(Some(staff))),
            Cell::count(load.inward),
            Cell::count(load.outward),
            Cell::count(open.count()),
        ]
    });
    Table {
        title: "Contact and load",
        columns: &["week", "person", "in", "out", "open at its end"],
        rows: rows.collect(),
        notes: vec!["Messages with clients; one to several people of the firm counts for each.".to_owned()],
    }
}

/// The last moment of the week of a day.
fn week_end(whole: &Whole, day: Date) -> Timestamp {
    let left = Weekday::Sunday.since(day.weekday());
    let monday = day.saturating_add(i64::from(left + 1).days());
    whole.book.calendar.instant(monday, jiff::civil::Time::midnight())
}
