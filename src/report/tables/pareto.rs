//! Which clients make most of the traffic, and of the revenue.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::Whole;
use super::table::{Cell, Table};
use crate::ids::ClientId;

pub(super) fn table(whole: &Whole) -> Table {
    let mut traffic: FxHashMap<ClientId, usize> = FxHashMap::default();
    for contact in whole.contacts() {
        *traffic.entry(contact.client).or_default() += 1;
    }
    let mut clients: Vec<_> = whole
        .clients()
        .map(|(id, name, revenue)| (traffic.get(&id).copied().unwrap_or(0), name, revenue))
        .filter(|(messages, _, revenue)| 0 < *messages || revenue.is_some())
        .collect();
    clients.sort_by_key(|(messages, name, _)| (Reverse(*messages), (*name).to_owned()));
    let all: usize = clients.iter().map(|(messages, ..)| messages).sum();
    let revenues = || clients.iter().filter_map(|(_, _, revenue)| *revenue);
    // Pounds and euros have no sum.
    let is_one_currency = revenues().zip(revenues().skip(1)).all(|(a, b)| a.currency == b.currency);
    let paid: i64 = if is_one_currency { revenues().map(|money| money.minor).sum() } else { 0 };
    let (mut so_far, mut paid_so_far) = (0, 0);
    let mut rows = Vec::with_capacity(clients.len());
    for (rank, (messages, name, revenue)) in clients.iter().enumerate() {
        so_far += messages;
        paid_so_far += revenue.map_or(0, |money| money.minor);
        rows.push(vec![
            Cell::count(rank + 1),
            Cell::text(*name),
            Cell::count(*messages),
            Cell::share(so_far, all),
            revenue.map_or(Cell::None, |money| Cell::Money(money.clone())),
            if paid == 0 { Cell::None } else { Cell::Share(paid_so_far as f64 / paid as f64) },
        ]);
    }
    Table {
        title: "Clients by traffic and revenue",
        columns: &["rank", "client", "messages", "of all so far", "revenue", "of all revenue so far"],
        rows,
        notes: [
            Some("Shares add up from the top: the row at 80 % ends the clients who make four fifths."),
            (!is_one_currency).then_some("Revenue is in several currencies, and is not added up."),
        ]
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .collect(),
    }
}
