//! What somebody owes as moments in a calendar: for the feed that programs subscribe to, and for a calendar elsewhere.

use care::hours::WorkCalendar;
use care::obligation::{Kind, Obligation};
use jiff::Timestamp;
use reading::when::begins;
use wire::calendar::feed::Due;

use super::letters::openings;
use super::list::{Filter, Whose, list};
use super::words;
use crate::board::Asker;
use crate::db::Tx;
use crate::error::Result;

/// More than a calendar can show.
const MOST: usize = 1000;

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Whoever owes it alone.
    Oneself,
    /// Perhaps colleagues, too: of clients from whom a wall keeps somebody it says only that something is due, and where to
    /// read what.
    Others,
}

/// What somebody owes at this moment. `pages` is the address under which people reach the pages; empty where nobody said.
pub async fn dues(
    tx: &mut Tx,
    asker: &Asker,
    readers: Readers,
    pages: &str,
    now: Timestamp,
) -> Result<Vec<Due>> {
    let filter = Filter { whose: Whose::Mine, most: MOST, ..Filter::default() };
    let listed = list(asker, &filter, now);
    let owed = listed.shown.iter().map(|shown| &shown.open.owed);
    let openings = openings(tx, asker, owed.clone()).await?;
    let house = &asker.board.firm;
    let due = owed.map(|owed| {
        let is_told = readers == Readers::Oneself || !house.has_wall(owed.client);
        let client = house.clients.get(&owed.client).filter(|_| is_told);
        let opening = openings.get(&owed.id.0).filter(|_| is_told).cloned().unwrap_or_default();
        let from = hours(asker, owed, &opening.passage);
        let kind = words::kind(owed.kind);
        Due {
            uid: format!("{}@regard", owed.id),
            summary: client.map_or_else(|| kind.to_owned(), |card| format!("{kind}: {}", card.name)),
            description: [opening.contact, opening.subject, opening.passage]
                .iter()
                .filter(|text| !text.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join("\n"),
            from,
            at: owed.due_at,
            url: if pages.is_empty() { String::new() } else { format!("{pages}/owed/{}", owed.id) },
        }
    });
    Ok(due.collect())
}

/// When the hours begin that were told with a promise: "I'll call you on Tuesday between 2 and 4". They are read in the
/// firm's zone, else in that of whoever owes it; none where they end at another moment in both.
fn hours(asker: &Asker, owed: &Obligation, passage: &str) -> Option<Timestamp> {
    if owed.kind != Kind::Promise {
        return None;
    }
    let calendar = &asker.board.firm.book.calendar;
    let begins = |calendar: &WorkCalendar| begins(passage, owed.opened_at, owed.due_at, calendar);
    begins(calendar).or_else(|| begins(&calendar.in_zone(asker.zone.clone())))
}
