//! What was sent, fit to be kept and shown, so that no page has to think of it. PostgreSQL takes NUL in no text: it
//! becomes a space, as every control character in a line does. In addresses, which are shown again, marks that turn the
//! direction of writing go.

use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Query, Request};
use axum::http::Uri;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::trouble::{Trouble, form_urlencoded, no_such_page};
use crate::app::App;
use crate::error::Error;
use crate::text::turns;

/// A space as forms may write it.
const IN_FORMS: &[u8] = b"%20";
/// And as JSON may.
const IN_JSON: &[u8] = b"\\u0020";

/// No address of ours is as long, and none that a provider sends somebody back to us by.
const LONGEST_ADDRESS: usize = 16_000;

/// Makes fit what addresses ask for. A path that has a NUL leads nowhere.
pub async fn asked(mut request: Request, next: Next) -> Response {
    if LONGEST_ADDRESS < request.uri().path_and_query().map_or(0, |whole| whole.as_str().len()) {
        let error = Error::invalid("this address", format!("is longer than {LONGEST_ADDRESS} characters"));
        return Trouble::of(error, &request.into_parts().0).into_response();
    }
    if request.uri().path().contains("%00") {
        return no_such_page(request).await;
    }
    if let Some(uri) = rewritten(request.uri()) {
        *request.uri_mut() = uri;
    }
    next.run(request).await
}

/// The address without what is not fit, where it has any of it.
fn rewritten(uri: &Uri) -> Option<Uri> {
    let query = uri.query().filter(|query| query.contains('%') || !query.is_ascii())?;
    let Query(fields) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let is_fit = |text: &str| !text.contains(|c| c == '\0' || turns(c));
    if query.is_ascii() && fields.iter().all(|(name, value)| is_fit(name) && is_fit(value)) {
        return None;
    }
    let fit = |text: &str| {
        form_urlencoded(&text.replace('\0', " ").chars().filter(|c| !turns(*c)).collect::<String>())
    };
    let fields: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", fit(name), fit(value))).collect();
    Uri::try_from(format!("{}?{}", uri.path(), fields.join("&"))).ok()
}

/// The same request with a body that was written anew.
pub async fn with_body(
    request: Request,
    app: &App,
    anew: fn(&[u8]) -> Vec<u8>,
) -> Result<Request, BytesRejection> {
    let (parts, body) = request.into_parts();
    let kept = parts.clone();
    let bytes = Bytes::from_request(Request::from_parts(parts, body), app).await?;
    Ok(Request::from_parts(kept, Body::from(anew(&bytes))))
}

/// A form (`application/x-www-form-urlencoded`) without NUL.
pub fn in_form(written: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(written.len());
    let mut rest = written;
    while let [first, others @ ..] = rest {
        let nul = if *first == 0 { 1 } else { 3 * usize::from(rest.starts_with(b"%00")) };
        if 0 < nul {
            out.extend_from_slice(IN_FORMS);
            rest = &rest[nul..];
        } else {
            out.push(*first);
            rest = others;
        }
    }
    out
}

/// JSON without NUL in its texts; elsewhere it cannot stand.
pub fn in_json(written: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(written.len());
    let mut rest = written;
    while let [first, others @ ..] = rest {
        // A backslash that is escaped itself begins nothing.
        let taken = match others {
            [b'u', b'0', b'0', b'0', b'0', ..] if *first == b'\\' => {
                out.extend_from_slice(IN_JSON);
                IN_JSON.len()
            }
            [second, ..] if *first == b'\\' => {
                out.extend_from_slice(&[*first, *second]);
                2
            }
            _ => {
                out.push(*first);
                1
            }
        };
        rest = &rest[taken..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_becomes_a_space_and_nothing_else_changes() {
        let form = |text: &str| String::from_utf8(in_form(text.as_bytes())).unwrap();
        assert_eq!(form("q=a%00b\0&r=%2500%0"), "q=a%20b%20&r=%2500%0");
        let uri = |text: &str| rewritten(&text.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(uri("/a?q=b%00c&d=%E2%80%AEe%26").unwrap(), "/a?q=b%20c&d=e%26");
        assert_eq!((uri("/a?q=%C3%A9%20+"), uri("/a?q=b")), (None, None));
        let json = |text: &str| String::from_utf8(in_json(text.as_bytes())).unwrap();
        assert_eq!(json(r#"{"a\u0000":"\\u0000\n\\\u0000\""}"#), r#"{"a\u0020":"\\u0000\n\\\u0020\""}"#);
        assert_eq!(json("\"\\"), "\"\\");
    }
}
