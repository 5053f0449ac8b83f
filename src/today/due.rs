//! What somebody owes as moments in a calendar: for the feed that programs subscribe to, and for a calendar elsewhere.

use wire::calendar::feed::Due;

use super::letters::openings;
use super::list::{Filter, Whose, list};
use super::words;
use crate::board::Asker;
use crate::db::Tx;
use crate::error::Result;

/// More than a calendar can show.
const MOST: usize = 1000;

/// What somebody owes at this moment. `pages` is the address under which people reach the pages; empty where nobody said.
pub async fn dues(tx: &mut Tx, asker: &Asker, pages: &str, now: jiff::Timestamp) -> Result<Vec<Due>> {
    let filter = Filter { whose: Whose::Mine, most: MOST, ..Filter::default() };
    let listed = list(asker, &filter, now);
    let owed = listed.shown.iter().map(|shown| &shown.open.owed);
    let openings = openings(tx, asker, owed.clone()).await?;
    let due = owed.map(|owed| {
        let client = asker.board.firm.clients.get(&owed.client).map_or("", |card| card.name.as_str());
        let opening = openings.get(&owed.id.0).cloned().unwrap_or_default();
        Due {
            uid: format!("{}@regard", owed.id),
            summary: format!("{}: {client}", words::kind(owed.kind)),
            description: [opening.contact, opening.subject, opening.passage]
                .iter()
                .filter(|text| !text.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join("\n"),
            at: owed.due_at,
            url: if pages.is_empty() { String::new() } else { format!("{pages}/owed/{}", owed.id) },
        }
    });
    Ok(due.collect())
}
