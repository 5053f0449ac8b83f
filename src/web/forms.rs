//! Forms: taken only from our own pages, and with every text fit to be kept.

use axum::Form;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::trouble::Trouble;
use super::visitor::{Door, Visitor};
use crate::app::App;
use crate::error::{Error, Result};

/// A form that somebody signed in handed in from one of our own pages.
#[derive(Debug)]
pub struct Posted<T> {
    /// Who did.
    pub visitor: Visitor,
    /// What they filled in.
    pub form: T,
}

/// What every form of a session carries beside its own fields.
#[derive(Debug, Deserialize)]
struct Marked<T> {
    #[serde(default)]
    mark: String,
    #[serde(flatten)]
    form: T,
}

impl<T: DeserializeOwned> FromRequest<App> for Posted<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, app: &App) -> Result<Posted<T>, Trouble> {
        let (mut parts, body) = request.into_parts();
        let visitor = match Visitor::from_request_parts(&mut parts, app).await {
            Ok(visitor) => visitor,
            Err(trouble) => return Err(trouble.keeping(kept(&parts, body).await)),
        };
        if !is_same_site(&parts.headers) {
            return Err(Trouble::of(foreign(), &parts));
        }
        let kept = parts.clone();
        let read = Form::<Marked<T>>::from_request(Request::from_parts(parts, body), app).await;
        let Form(Marked { mark, form }) = read.map_err(|refused| {
            Trouble::of(Error::invalid("form", format!("this could not be read: {refused}")), &kept)
        })?;
        match &visitor.door {
            Door::Session(secret) if secret.is_form_mark(&mark) => Ok(Posted { visitor, form }),
            Door::Session(_) => Err(Trouble::of(foreign(), &kept)),
            // A program with a token has no cookie that another site could misuse.
            Door::Token(_) => Ok(Posted { visitor, form }),
        }
    }
}

/// So much of a form goes along while its owner signs in again.
const LONGEST_KEPT: usize = 3000;

/// Fields that hold a password.
const SECRETS: [&str; 2] = ["current", "password"];

/// A form of ours that was handed in when the session had ended: its address and fields, fit for a cookie.
async fn kept(parts: &Parts, body: Body) -> Option<String> {
    if !is_same_site(&parts.headers) {
        return None;
    }
    let body = to_bytes(body, LONGEST_KEPT).await.ok()?;
    let text = format!("{}?{}", parts.uri.path(), std::str::from_utf8(&body).ok()?);
    // Passwords are typed again rather than kept, even for a moment, where they can be read.
    if text.split(['?', '&']).any(|field| SECRETS.contains(&field.split('=').next().unwrap_or_default())) {
        return None;
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.*+%&=/?".contains(c);
    (text.starts_with('/') && text.chars().all(fits)).then_some(text)
}

fn foreign() -> Error {
    Error::invalid(
        "form",
        "this did not come from a page of this session. Nothing was done; go back, load the page again and repeat it",
    )
}

/// Whether a request came from one of our own pages, as far as the browser tells.
pub fn is_same_site(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    match (headers.get(ORIGIN).and_then(|value| value.to_str().ok()), headers.get(HOST)) {
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, origin)| origin.as_bytes() == host.as_bytes())
        }
        _ => true,
    }
}

/// Where a form leads when it is done: the page it came from, if that is one of ours.
pub fn back_to(path: Option<&str>, otherwise: &str) -> Response {
    Redirect::to(own_path(path).unwrap_or(otherwise)).into_response()
}

/// A path of ours: never another site's address.
pub fn own_path(path: Option<&str>) -> Option<&str> {
    path.filter(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_nowhere_but_to_us() {
        assert_eq!(own_path(Some("/today?kind=answer")), Some("/today?kind=answer"));
        for foreign in ["//evil.example", "https://evil.example", "/\\evil.example", "", "today"] {
            assert_eq!(own_path(Some(foreign)), None, "{foreign}");
        }
    }
}
