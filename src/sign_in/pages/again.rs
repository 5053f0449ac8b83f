//! What somebody handed in after their session had ended: offered once more when they have signed in again.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Redirect, Response};

use crate::app::App;
use crate::web::forms::own_path;
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::{Visitor, cookie};

/// Fields that say nothing to a reader: marks, and numbers that stand for somebody.
const SILENT: [&str; 11] =
    ["mark", "seen", "back", "zone", "count", "once", "quotes", "with", "staff", "who", "is"];

#[derive(Template)]
#[template(path = "sign_in/again.html")]
struct AgainPage {
    frame: Frame,
    action: String,
    fields: Vec<(String, String)>,
    told: Vec<(String, String)>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let text = cookie(&headers, "kept").unwrap_or_default();
    // What is too long for a cookie lies in the memory, and the cookie says where.
    let found = match text.starts_with('~') {
        true => app.kept.take(text, app.now()).map(|form| (form.action, form.fields)),
        false => kept(text),
    };
    let Some((action, fields)) = found else { return Ok(Redirect::to("/").into_response()) };
    let told = fields.iter().filter(|(name, value)| !SILENT.contains(&name.as_str()) && !value.is_empty());
    let told = told.map(|(name, value)| (name.replace('_', " "), value.replace('_', " "))).collect();
    let frame = Frame::new(&visitor, "");
    let shown = page(&AgainPage { frame, action, fields, told })?;
    // It is offered once: whoever comes later to this browser does not find it.
    Ok(([(SET_COOKIE, "kept=; Path=/again; Max-Age=0; HttpOnly; SameSite=Lax")], shown).into_response())
}

/// The address and the fields of a form that was kept.
fn kept(text: &str) -> Option<(String, Vec<(String, String)>)> {
    let uri: Uri = own_path(Some(text))?.parse().ok()?;
    let Query(mut fields) = Query::<Vec<(String, String)>>::try_from_uri(&uri).ok()?;
    fields.retain(|(name, _)| name != "mark");
    Some((uri.path().to_owned(), fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_form_is_read_without_its_mark() {
        let (action, fields) = kept("/owed/1f/decisions?mark=x&what=kept&reason=a+b%26c").unwrap();
        assert_eq!(action, "/owed/1f/decisions");
        let expected = [("what", "kept"), ("reason", "a b&c")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(fields, expected);
        assert_eq!(kept("//evil.example/?a=b"), None);
    }
}
