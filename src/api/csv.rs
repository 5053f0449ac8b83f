//! Lists as CSV, for spreadsheets. Every download is noted in the audit log.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::db::Durability;
use crate::error::Result;
use crate::record::audit;
use crate::today::letters::openings;
use crate::today::list::list;
use crate::today::pages::Asked;
use crate::today::words;
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/today.csv", get(today))
}

const TODAY: [&str; 11] = [
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

/// The list of Today as it is filtered, whole.
async fn today(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let filter = crate::today::list::Filter { skip: 0, most: usize::MAX, ..asked.filter() };
    let listed = list(asker, &filter, now);
    let mut tx = app.db.read().await?;
    let owed = listed.shown.iter().map(|shown| &shown.open.owed);
    let openings = openings(&mut tx, asker, owed.clone()).await?;
    tx.commit().await?;
    let at =
        |at: jiff::Timestamp| at.to_zoned(asker.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    let rows = owed.map(|owed| {
        let opening = openings.get(&owed.id.0).cloned().unwrap_or_default();
        vec![
            owed.id.to_string(),
            words::kind(owed.kind).to_owned(),
            asker.board.firm.clients.get(&owed.client).map(|card| card.name.clone()).unwrap_or_default(),
            opening.contact,
            owed.owner.map(|owner| asker.name_of(owner).to_owned()).unwrap_or_default(),
            at(owed.opened_at),
            at(owed.due_at),
            owed.chases.to_string(),
            format!("{:.3}", owed.confidence),
            opening.subject,
            opening.passage,
        ]
    });
    let text = written(&TODAY, rows);
    let mut tx = app.db.write(Durability::Act).await?;
    let detail = format!("today.csv, {} rows", listed.shown.len());
    audit::note(&mut tx, asker.firm, asker.staff, "exported", &detail, now).await?;
    tx.commit().await?;
    Ok(download("today.csv", text))
}

/// A file that the browser saves.
pub(super) fn download(name: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)], text)
        .into_response()
}

/// Rows as RFC 4180. A field that a spreadsheet would take for a formula gets an apostrophe, as OWASP advises.
pub(crate) fn written(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut out = String::new();
    let mut line = |fields: &mut dyn Iterator<Item = &str>| {
        for (n, field) in fields.enumerate() {
            if 0 < n {
                out.push(',');
            }
            let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
            let quoted = is_formula || field.contains(['"', ',', '\n', '\r']);
            if quoted {
                out.push('"');
                if is_formula {
                    out.push('\'');
                }
                out.push_str(&field.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(field);
            }
        }
        out.push_str("\r\n");
    };
    line(&mut head.iter().copied());
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_formulas_disarmed() {
        let row =
            vec!["plain".to_owned(), "a \"b\", c".to_owned(), "=1+1".to_owned(), "two\nlines".to_owned()];
        assert_eq!(written(&["x"], [row]), "x\r\nplain,\"a \"\"b\"\", c\",\"'=1+1\",\"two\nlines\"\r\n");
    }
}
