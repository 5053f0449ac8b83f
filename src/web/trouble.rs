//! When something cannot be shown or done: a page (or JSON) that says what, and what to do.

use std::any::Any;

use askama::Template;
use axum::Json;
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::header::{ACCEPT, AUTHORIZATION, HOST, LOCATION, REFERER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::assets;
use super::forms::own_path;
use super::page::Frame;
use super::visitor::Visitor;
use crate::app::{App, refused};
use crate::error::Error;
use crate::text::said_back;

/// Why a request did not get what it asked for.
#[derive(Debug)]
pub struct Trouble {
    error: Option<Error>,
    /// A program asked, which wants JSON and no page.
    plain: bool,
    /// Where to go on after signing in.
    to: Option<String>,
    /// A form that was handed in after the session had ended, for whoever signs in again.
    kept: Option<String>,
}

impl Trouble {
    /// Something went wrong while answering this request.
    pub fn of(error: Error, parts: &Parts) -> Trouble {
        Trouble { error: Some(error), plain: wants_json(&parts.uri, &parts.headers), to: None, kept: None }
    }

    /// Nobody is signed in.
    pub fn signed_out(parts: &Parts) -> Trouble {
        // What was asked for is shown after signing in; what was to be done is not done by looking.
        let shown = parts.method == Method::GET && !is_part(&parts.headers);
        let to = if shown { parts.uri.path_and_query().map_or("/", |path| path.as_str()) } else { "/" };
        Trouble {
            error: None,
            plain: wants_json(&parts.uri, &parts.headers),
            to: Some(to.to_owned()),
            kept: None,
        }
    }
}

impl Trouble {
    /// The same, with a form that is offered again after signing in.
    pub fn keeping(self, kept: String) -> Trouble {
        Trouble { to: Some("/again".to_owned()), kept: Some(kept), ..self }
    }

    /// Whether it is that nobody is signed in.
    pub fn is_signed_out(&self) -> bool {
        self.error.is_none()
    }

    /// The same, told as JSON.
    pub fn plain(self) -> Trouble {
        Trouble { plain: true, ..self }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        Trouble { error: Some(error), plain: false, to: None, kept: None }
    }
}

/// The page asks for a part of itself, by script.
pub fn is_part(headers: &HeaderMap) -> bool {
    headers.get("x-part").is_some()
}

fn wants_json(uri: &Uri, headers: &HeaderMap) -> bool {
    let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    uri.path().starts_with("/api/") || accepts.starts_with("application/json")
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct Page<'a> {
    style: String,
    title: &'a str,
    words: &'a str,
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let Some(error) = self.error else { return self.to_sign_in() };
        let (status, title, words) = told(&error);
        if self.plain {
            return (status, Json(json!({ "error": { "title": title, "detail": words } }))).into_response();
        }
        page(status, title, &words)
    }
}

impl Trouble {
    fn to_sign_in(&self) -> Response {
        if self.plain {
            let words = "sign in, or send a token: Authorization: Bearer …";
            let body = json!({ "error": { "title": "Nobody is signed in", "detail": words } });
            return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
        }
        let to = self.to.as_deref().unwrap_or("/");
        let to: String = form_urlencoded(to);
        let mut response = (StatusCode::SEE_OTHER, [(LOCATION, format!("/sign-in?to={to}"))]).into_response();
        let kept = self.kept.as_ref().and_then(|kept| {
            format!("kept={kept}; Path=/again; Max-Age=1800; HttpOnly; SameSite=Lax").parse().ok()
        });
        if let Some(line) = kept {
            response.headers_mut().insert(SET_COOKIE, line);
        }
        response
    }
}

/// A text as part of an address.
pub fn form_urlencoded(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => out.push(byte.into()),
            // Writing into a string cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
        out
    })
}

/// Status, title and words for an error. What nobody thought of goes to the log, and no word of it to the page.
fn told(error: &Error) -> (StatusCode, &'static str, String) {
    match error {
        Error::NotFound => (
            StatusCode::NOT_FOUND,
            "Not found",
            "There is nothing here, or it is not for you to see. It may have been merged, erased or taken back.".into(),
        ),
        Error::Invalid { field, words } => {
            (StatusCode::UNPROCESSABLE_ENTITY, "That cannot be done", sentence(&format!("{field} {words}")))
        }
        Error::Unfit { words } => {
            (StatusCode::CONFLICT, "That does not fit", sentence(&format!("this {words}")))
        }
        Error::Storage { place, trouble, cause } => {
            eprintln!("regard: {place}: {trouble}: {cause:#}");
            (StatusCode::SERVICE_UNAVAILABLE, "The record cannot be reached", sentence(&trouble.to_string()))
        }
        Error::Unexpected(cause) => {
            eprintln!("regard: {cause:#}");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong",
                "Nothing that was saved before is lost. The log of the server says more.".into(),
            )
        }
    }
}

fn sentence(words: &str) -> String {
    let words = said_back(words);
    let mut chars = words.chars();
    let first = chars.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    let dot = if words.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{dot}", chars.as_str())
}

fn page(status: StatusCode, title: &'static str, words: &str) -> Response {
    let page = Page { style: assets::address("regard.css"), title, words };
    let mut answer = match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => (status, title.to_owned()).into_response(),
    };
    answer.extensions_mut().insert(Told { title, words: words.to_owned() });
    answer
}

/// What a page of trouble says, for showing it to whoever is signed in.
#[derive(Debug, Clone)]
struct Told {
    title: &'static str,
    words: String,
}

#[derive(Template)]
#[template(path = "refused.html")]
struct FramedPage<'a> {
    frame: Frame,
    title: &'a str,
    words: &'a str,
    /// Where they came from; empty where that is not known.
    back: String,
}

/// Shows what is wrong in the frame of all pages to whoever is signed in, with the way back to where they were. What is
/// not there, or not for them, is noted in the log, whatever it is that they asked for.
pub async fn framed(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut asked = Request::new(()).into_parts().0;
    (asked.method, asked.uri) = (request.method().clone(), request.uri().clone());
    asked.headers = request.headers().clone();
    // An address of none of our pages names nothing of the firm; one that is a key itself stands in no log.
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let is_noted = route.is_some_and(|route| KEYS.iter().all(|key| !route.ends_with(key)));
    let answer = next.run(request).await;
    let told = answer.extensions().get::<Told>().cloned();
    let is_noted = is_noted && answer.status() == StatusCode::NOT_FOUND;
    if told.is_none() && !is_noted {
        return answer;
    }
    // Whom nobody knows, or whose trouble is the database, sees the bare page.
    let Ok(visitor) = Visitor::from_request_parts(&mut asked, &app).await else { return answer };
    if is_noted {
        let asker = &visitor.asker;
        refused::note(&app, asker.firm, asker.staff, format!("{} {}", asked.method, asked.uri.path()));
    }
    // A token is a program's.
    let Some(told) = told.filter(|_| !asked.headers.contains_key(AUTHORIZATION)) else { return answer };
    let back = came_from(&asked.headers).unwrap_or_default();
    let frame = Frame::new(&visitor, "");
    let shown = FramedPage { frame, title: told.title, words: &told.words, back }.render();
    match shown {
        Ok(html) => (answer.status(), Html(html)).into_response(),
        Err(_) => answer,
    }
}

/// Ends of routes whose last part is a key.
const KEYS: [&str; 2] = ["{token}", "{link}"];

/// The page of ours from which a request came.
fn came_from(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let (_, rest) = text(REFERER)?.split_once("://")?;
    let path = rest.strip_prefix(text(HOST)?)?;
    own_path(Some(path)).map(str::to_owned)
}

/// For an address that leads nowhere.
pub async fn no_such_page(request: Request) -> Response {
    let (parts, _) = request.into_parts();
    Trouble::of(Error::NotFound, &parts).into_response()
}

/// For a request that made the program panic: the others go on.
pub fn panicked(_: Box<dyn Any + Send>) -> Response {
    Trouble::from(Error::Unexpected(anyhow::anyhow!("a page panicked"))).into_response()
}
