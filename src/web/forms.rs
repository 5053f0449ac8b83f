//! Forms: taken only from our own pages, and with every text fit to be kept.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN, REFERER};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::fit;
use super::trouble::{Trouble, form_urlencoded};
use super::visitor::{Door, Visitor};
use crate::app::App;
use crate::app::kept::KeptForm;
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
            Err(trouble) => return Err(aside(trouble, Request::from_parts(parts, body), app).await),
        };
        if !is_same_site(&parts.headers) {
            return Err(Trouble::of(foreign(), &parts));
        }
        let kept = parts.clone();
        let read = read::<Marked<T>>(Request::from_parts(parts, body), app).await;
        let Marked { mark, form } = read.map_err(|refused| no_form(&refused, &kept))?;
        match &visitor.door {
            Door::Session(secret) if secret.is_form_mark(&mark) => Ok(Posted { visitor, form }),
            Door::Session(_) => Err(Trouble::of(foreign(), &kept)),
            // A program with a token has no cookie that another site could misuse.
            Door::Token(_) => Ok(Posted { visitor, form }),
        }
    }
}

/// A form that anybody may hand in, signed in or not, from one of our own pages.
#[derive(Debug)]
pub struct Anybody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Anybody<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, app: &App) -> Result<Anybody<T>, Trouble> {
        let (parts, body) = request.into_parts();
        if !is_same_site(&parts.headers) {
            return Err(Trouble::of(foreign(), &parts));
        }
        let kept = parts.clone();
        let read = read::<T>(Request::from_parts(parts, body), app).await;
        read.map(Anybody).map_err(|refused| no_form(&refused, &kept))
    }
}

/// A form that may carry files, as browsers send it with or without them.
#[derive(Debug)]
pub struct Handed {
    /// Who handed it in.
    pub visitor: Visitor,
    /// What they filled in.
    pub fields: Filled,
    /// Files: name and bytes. A field for files that was left empty gives none.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Fields of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled(Vec<(String, String)>);

impl Filled {
    /// What was filled in; empty where nothing was.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Whether the field was there at all.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }
}

impl FromRequest<App> for Handed {
    type Rejection = Trouble;

    async fn from_request(request: Request, app: &App) -> Result<Handed, Trouble> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app).await;
        if !is_same_site(&parts.headers) {
            return Err(Trouble::of(foreign(), &parts));
        }
        let kept = parts.clone();
        let read = read_handed(Request::from_parts(parts, body), app).await;
        let visitor = match visitor {
            Ok(visitor) => visitor,
            // Of a letter nothing is lost but the files, which are still where they came from.
            Err(trouble) if trouble.is_signed_out() => {
                let (fields, _) = read.map_err(|error| Trouble::of(error, &kept))?;
                return Err(put_aside(trouble, app, &kept, fields.0));
            }
            Err(trouble) => return Err(trouble),
        };
        let (fields, files) = read.map_err(|error| Trouble::of(error, &kept))?;
        match &visitor.door {
            Door::Session(secret) if !secret.is_form_mark(fields.get("mark")) => {
                Err(Trouble::of(foreign(), &kept))
            }
            _ => Ok(Handed { visitor, fields, files }),
        }
    }
}

type Files = Vec<(String, Vec<u8>)>;

/// How many bytes the forms of some routes may have, where that is not [`super::LONGEST_FORM`].
#[derive(Debug, Clone, Copy)]
pub struct Most(pub usize);

fn most(extensions: &Extensions) -> usize {
    extensions.get::<Most>().map_or(super::LONGEST_FORM, |most| most.0)
}

/// What an address asks for behind its question mark.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Query<T>, Trouble> {
        match axum::extract::Query::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(asked)) => Ok(Query(asked)),
            Err(refused) => {
                let words = format!("could not be read: {}", refused.body_text());
                Err(Trouble::of(Error::invalid("this address", words), parts))
            }
        }
    }
}

/// What stands in the path of an address. Where that cannot be read, such as letters for a number, nothing is there.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Path<T>, Trouble> {
        match axum::extract::Path::from_request_parts(parts, app).await {
            Ok(axum::extract::Path(named)) => Ok(Path(named)),
            Err(_) => Err(Trouble::of(Error::NotFound, parts)),
        }
    }
}

/// Reads a form, every text of it fit to be kept.
async fn read<T: DeserializeOwned>(request: Request, app: &App) -> Result<T, FormRejection> {
    let request = fit::with_body(request, app, fit::in_form).await?;
    Form::from_request(request, app).await.map(|Form(form)| form)
}

/// What is said of a body that is no form.
fn no_form(refused: &FormRejection, parts: &Parts) -> Trouble {
    Trouble::of(unread(most(&parts.extensions), refused.status(), &refused.body_text()), parts)
}

/// A form that could not be read; where it was too large, with how large it may be.
fn unread(most: usize, status: StatusCode, words: &str) -> Error {
    if status != StatusCode::PAYLOAD_TOO_LARGE {
        return Error::invalid("this form", format!("could not be read: {words}"));
    }
    let words = format!("is too large: all of it together, files and all, may have {} MB", most / 1_000_000);
    Error::invalid("what you sent", words)
}

async fn read_handed(request: Request, app: &App) -> Result<(Filled, Files)> {
    let most = most(request.extensions());
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let read = read(request, app).await;
        return read
            .map(|fields| (Filled(fields), Vec::new()))
            .map_err(|e| unread(most, e.status(), &e.body_text()));
    }
    let mut form =
        Multipart::from_request(request, app).await.map_err(|e| unread(most, e.status(), &e.body_text()))?;
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(|e| unread(most, e.status(), &e.body_text()))? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            None => {
                let text = field.text().await.map_err(|e| unread(most, e.status(), &e.body_text()))?;
                fields.push((name, text.replace('\0', " ")));
            }
            Some(called) => {
                let bytes = field.bytes().await.map_err(|e| unread(most, e.status(), &e.body_text()))?;
                if !(called.is_empty() && bytes.is_empty()) {
                    files.push((called, bytes.to_vec()));
                }
            }
        }
    }
    Ok((Filled(fields), files))
}

/// So long a form goes along in a cookie while its owner signs in again, and is there also where the server is started anew
/// meanwhile; a longer one waits in memory.
const LONGEST_IN_COOKIE: usize = 3000;

/// Fields that hold a password, or another secret that somebody types.
const SECRETS: [&str; 3] = ["current", "password", "secret"];

/// A form of ours that was handed in when the session had ended: read, and kept for whoever signs in again.
async fn aside(trouble: Trouble, request: Request, app: &App) -> Trouble {
    let (parts, body) = request.into_parts();
    if !trouble.is_signed_out() || !is_same_site(&parts.headers) {
        return trouble;
    }
    let kept = parts.clone();
    match read::<Vec<(String, String)>>(Request::from_parts(parts, body), app).await {
        Ok(fields) => put_aside(trouble, app, &kept, fields),
        Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => no_form(&refused, &kept),
        // What is no form came from no page of ours.
        Err(_) => trouble,
    }
}

/// Keeps a form for whoever signs in again at this browser: where it is short in a cookie, else in memory.
fn put_aside(trouble: Trouble, app: &App, parts: &Parts, mut fields: Vec<(String, String)>) -> Trouble {
    // Passwords are typed again rather than kept, even for a moment, where they can be read.
    if fields.iter().any(|(name, _)| SECRETS.contains(&name.as_str())) {
        return trouble;
    }
    let mark = fields.iter().position(|(name, _)| name == "mark").map(|place| fields.remove(place).1);
    fields.retain(|(name, _)| name != "mark");
    if let Some(text) = in_cookie(parts.uri.path(), &fields) {
        return trouble.keeping(text);
    }
    // Whoever has no mark has no page of ours that they could go back to.
    let Some(mark) = mark.filter(|mark| !mark.is_empty()) else { return trouble };
    let form = KeptForm { action: parts.uri.path().to_owned(), fields };
    let mut random = [0; 16];
    if getrandom::fill(&mut random).is_err() {
        return Trouble::of(too_long_to_keep(), parts);
    }
    let secret = format!("~{:032x}", u128::from_be_bytes(random));
    match app.kept.put(&secret, &mark, form, app.now()) {
        true => trouble.keeping(secret),
        false => Trouble::of(too_long_to_keep(), parts),
    }
}

/// The address and the fields of a form, as a cookie can hold them.
fn in_cookie(path: &str, fields: &[(String, String)]) -> Option<String> {
    let field =
        |(name, value): &(String, String)| format!("{}={}", form_urlencoded(name), form_urlencoded(value));
    let text = format!("{path}?{}", fields.iter().map(field).collect::<Vec<_>>().join("&"));
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.*+%&=/?".contains(c);
    (text.len() <= LONGEST_IN_COOKIE && text.starts_with('/') && text.chars().all(fits)).then_some(text)
}

fn too_long_to_keep() -> Error {
    Error::invalid(
        "you",
        "were signed out, and this is too long to be kept while you sign in again. Nothing was done; go back, copy what you \
         wrote, sign in, and hand it in once more",
    )
}

fn foreign() -> Error {
    Error::invalid(
        "this form",
        "did not come from a page of this session. Nothing was done; go back, load the page again and repeat it",
    )
}

/// Whether a request came from one of our own pages, as far as the browser tells: of old ones only some name the page.
pub fn is_same_site(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let from = headers.get(ORIGIN).or_else(|| headers.get(REFERER)).and_then(|value| value.to_str().ok());
    match (from, headers.get(HOST)) {
        (Some(from), Some(host)) => {
            let place = from.split_once("://").and_then(|(_, rest)| rest.split('/').next());
            place.is_some_and(|place| place.as_bytes() == host.as_bytes())
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
