//! Lists as CSV, for spreadsheets. Every download is noted in the audit log.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::app::Handles;
use crate::board::Asker;
use crate::db::Durability;
use crate::error::Result;
use crate::record::audit;
use crate::text::counted;

/// A list as a file that the browser saves, and a note in the log of who took it.
pub async fn export(
    app: &Handles,
    asker: &Asker,
    name: &str,
    head: &[&str],
    rows: Vec<Vec<String>>,
) -> Result<Response> {
    let detail = format!("{name}, {}", counted(rows.len(), "row", "rows"));
    let mut tx = app.db.write(Durability::Act).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "exported", &detail, app.now()).await?;
    tx.commit().await?;
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, written(head, rows)).into_response())
}

/// Rows as RFC 4180. A field that a spreadsheet would take for a formula gets an apostrophe, as OWASP advises.
fn written(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
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
