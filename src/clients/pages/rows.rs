//! Which clients a list shows, and in which order.

use std::cmp::Reverse;
use std::sync::Arc;

use care::people::ClientKind;
use jiff::{SignedDuration, Timestamp};
use outlook::Outlook;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::search::Sought;
use crate::board::{Asker, Card};
use crate::db::Tx;
use crate::departures::{self, Departure};
use crate::error::Result;
use crate::ids::ClientId;
use crate::record::outlook::Contact;
use crate::web::trouble::form_urlencoded;

/// The kinds that are listed apart.
pub(super) const KINDS: [(&str, &str, &[ClientKind]); 4] = [
    ("", "Clients", &[ClientKind::Organisation, ClientKind::Person]),
    ("prospect", "Prospects", &[ClientKind::Prospect]),
    ("partner", "Partners", &[ClientKind::Partner]),
    (FORMER, "Former", &[ClientKind::Former]),
];
/// Those who left.
pub(super) const FORMER: &str = "former";

pub(super) const ORDERS: [(&str, &str); 4] =
    [("", "risk"), ("name", "name"), ("quiet", "longest silence"), ("open", "most open")];
pub(super) const FORMER_ORDERS: [(&str, &str); 3] =
    [("", "when they left"), ("name", "name"), ("quiet", "longest silence")];

/// What the address of the page asks for.
#[derive(Debug, Default, Clone, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) q: String,
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) tier: String,
    #[serde(default)]
    pub(super) person: String,
    #[serde(default)]
    pub(super) risk: String,
    #[serde(default)]
    pub(super) quiet: String,
    #[serde(default)]
    pub(super) by: String,
    #[serde(default)]
    pub(super) page: String,
    #[serde(default)]
    pub(super) said: String,
    #[serde(default)]
    pub(super) undo: String,
}

impl Asked {
    /// What is asked for, as a part of an address, with one thing changed.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let fields = [
            ("q", &self.q),
            ("kind", &self.kind),
            ("tier", &self.tier),
            ("person", &self.person),
            ("risk", &self.risk),
            ("quiet", &self.quiet),
            ("by", &self.by),
        ];
        let mut query = Vec::new();
        for (field, now) in fields {
            let value = if field == name { value } else { now };
            if !value.is_empty() {
                query.push(format!("{field}={}", form_urlencoded(value)));
            }
        }
        if name == "page" && value != "0" {
            query.push(format!("page={value}"));
        }
        query.join("&")
    }

    pub(super) fn href(&self, name: &str, value: &str) -> String {
        match self.with(name, value).as_str() {
            "" => "/clients".to_owned(),
            query => format!("/clients?{query}"),
        }
    }

    /// The risk that is asked for; of those who left, nobody weighs whether they will go.
    fn risk(&self) -> &str {
        if is_kind(self, FORMER) { "" } else { &self.risk }
    }

    /// The order that is asked for, among those that the kind has.
    fn order(&self) -> &str {
        let orders: &[_] = if is_kind(self, FORMER) { &FORMER_ORDERS } else { &ORDERS };
        orders.iter().map(|(order, _)| *order).find(|order| *order == self.by).unwrap_or_default()
    }

    pub(super) fn page(&self) -> usize {
        self.page.parse().unwrap_or(0).min(100_000)
    }
}

pub(super) fn is_kind(asked: &Asked, value: &str) -> bool {
    let known = KINDS.iter().any(|(kind, ..)| *kind == asked.kind);
    value == if known { asked.kind.as_str() } else { "" }
}

/// A client that was found, with what its place in the list depends on.
pub(super) struct Row<'a> {
    pub(super) card: &'a Card,
    pub(super) outlook: Arc<Outlook>,
    pub(super) contact: Arc<Contact>,
    pub(super) open: usize,
    pub(super) late: usize,
    /// When and why they left.
    pub(super) departure: Option<&'a Departure>,
}

/// Who left, when and why.
pub(super) type Departures = FxHashMap<ClientId, Departure>;

/// The departures that a list tells of: those of former clients.
pub(super) async fn departures(tx: &mut Tx, asker: &Asker, asked: &Asked) -> Result<Departures> {
    match is_kind(asked, FORMER) {
        true => departures::store::last(tx, asker.firm).await,
        false => Ok(Departures::default()),
    }
}

/// The clients that somebody sees.
pub(super) fn visible(asker: &Asker) -> impl Iterator<Item = &Card> {
    let house = &asker.board.firm;
    // Who was merged into another is found there.
    house
        .clients
        .values()
        .filter(|card| asker.sees_client(card) && house.book.directory.client(card.id) == card.id)
}

/// The clients that are asked for.
pub(super) fn rows<'a>(
    asker: &'a Asker,
    asked: &Asked,
    departures: &'a Departures,
    now: Timestamp,
) -> Vec<Row<'a>> {
    let kinds =
        KINDS.iter().find(|(kind, ..)| is_kind(asked, kind)).map_or(KINDS[0].2, |(_, _, kinds)| kinds);
    let sought = Sought::of(&asked.q);
    let quiet = asked.quiet.parse::<i64>().ok().filter(|days| (1..=10_000).contains(days));
    let board = &asker.board;
    visible(asker)
        .filter(|card| kinds.contains(&card.kind))
        .filter(|card| sought.is_in(&card.words))
        .filter(|card| asked.tier.is_empty() || card.tier.as_deref() == Some(asked.tier.as_str()))
        .filter(|card| match asked.person.as_str() {
            "" => true,
            "nobody" => card.point_person.is_none(),
            id => card.point_person.is_some_and(|staff| staff.0.to_string() == id),
        })
        .map(|card| {
            let owed = board
                .open_at(card.id)
                .iter()
                .filter(|open| asker.sees(open) && open.owed.opened_at <= now && !open.owed.kind.is_upkeep());
            let (open, late) =
                owed.fold((0, 0), |(open, late), one| (open + 1, late + usize::from(one.owed.due_at < now)));
            let (outlook, contact) = (board.outlook(card.id, now), board.contact_with(card.id));
            Row { card, outlook, contact, open, late, departure: departures.get(&card.id) }
        })
        .filter(|row| asked.risk().is_empty() || row.outlook.risk.name() == asked.risk())
        .filter(|row| {
            let silent = |days: i64| {
                let since = now.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(now);
                last_contact(&row.contact, now).is_none_or(|last| last < since)
            };
            quiet.is_none_or(silent)
        })
        .collect()
}

fn last_contact(contact: &Contact, now: Timestamp) -> Option<Timestamp> {
    contact.last_in(now).max(contact.last_out(now))
}

pub(super) fn sort(rows: &mut [Row<'_>], asked: &Asked, now: Timestamp) {
    match asked.order() {
        "name" => rows.sort_by_cached_key(|row| (row.card.name.to_lowercase(), row.card.id)),
        "quiet" => rows.sort_by_cached_key(|row| (last_contact(&row.contact, now), row.card.id)),
        "open" => rows.sort_by_key(|row| (Reverse((row.open, row.late)), row.card.id)),
        _ => rows.sort_by(|a, b| {
            let quiet = |row: &Row<'_>| (row.contact.last_out(now), row.card.id);
            // Of those who left, whoever left last is first.
            let gone = |row: &Row<'_>| row.departure.map(Departure::gone);
            let by_risk = b.outlook.score.total_cmp(&a.outlook.score).then_with(|| quiet(a).cmp(&quiet(b)));
            gone(b).cmp(&gone(a)).then(by_risk)
        }),
    }
}
