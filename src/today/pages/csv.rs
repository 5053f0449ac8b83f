//! Today as a spreadsheet.

use axum::extract::State;
use axum::response::Response;

use super::Asked;
use crate::app::App;
use crate::report::findings::Moment;
use crate::today::letters::openings;
use crate::today::list::{Filter, list};
use crate::today::words;
use crate::web::csv::export;
use crate::web::forms::Query;
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const HEAD: [&str; 11] = [
    "id",
    "kind",
    "client",
    "contact",
    "owner",
    "opened_at",
    "due_at",
    "chases",
    "confidence",
    "subject",
    "passage",
];

/// The list as it is filtered, whole.
pub(super) async fn whole(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let filter = Filter { skip: 0, most: usize::MAX, ..asked.filter() };
    let listed = list(asker, &filter, now);
    let mut tx = app.db.read().await?;
    let owed = listed.shown.iter().map(|shown| &shown.open.owed);
    let mut openings = openings(&mut tx, asker, owed.clone()).await?;
    tx.commit().await?;
    let rows = owed.map(|owed| {
        let opening = openings.remove(&owed.id.0).unwrap_or_default();
        vec![
            owed.id.to_string(),
            words::kind(owed.kind).to_owned(),
            asker.board.firm.clients.get(&owed.client).map(|card| card.name.clone()).unwrap_or_default(),
            opening.contact,
            owed.owner.map(|owner| asker.name_of(owner).to_owned()).unwrap_or_default(),
            Moment::new(owed.opened_at, &asker.zone).to_string(),
            Moment::new(owed.due_at, &asker.zone).to_string(),
            owed.chases.to_string(),
            format!("{:.3}", owed.confidence),
            opening.subject,
            opening.passage,
        ]
    });
    Ok(export(&app, asker, "today.csv", &HEAD, rows.collect()).await?)
}
