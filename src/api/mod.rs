//! The same acts as the pages, for programs: JSON, with a token or a session; the calendar feed.
//!
//! `/api/openapi.json` describes it, made from these very functions.

mod contacts;
mod correspondents;
mod feed;
mod letters;
mod letting_go;
mod notes;
mod obligations;
mod people;
mod same;

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};

use crate::app::{App, Handles};
use crate::board::Asker;
use crate::error::Error;
use crate::web::fit;
use crate::web::forms::is_same_site;
use crate::web::trouble::Trouble;
use crate::web::visitor::{Door, Visitor};

/// The routes of the API and the feed.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/openapi.json", get(document))
        .merge(obligations::routes())
        .merge(letters::routes())
        .merge(people::routes())
        .merge(contacts::routes())
        .merge(same::routes())
        .merge(notes::routes())
        .merge(correspondents::routes())
        .merge(letting_go::routes())
        .merge(feed::routes())
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Regard",
        description = "What a firm owes its clients today. Times are RFC 3339 in the firm's zone; ids are strings; every answer shows only what the token's owner may see.",
        version = "1"
    ),
    paths(
        obligations::list,
        obligations::one,
        obligations::decide,
        obligations::undo,
        letting_go::let_go,
        notes::ask,
        notes::write,
        letters::look_over,
        letters::write,
        letters::list,
        letters::turn,
        people::me,
        people::clients,
        people::client,
        people::change,
        contacts::list,
        contacts::add,
        contacts::change,
        contacts::remove,
        same::point_person,
        same::merge,
        same::join,
        correspondents::list,
        correspondents::place,
        correspondents::undo,
        crate::calls::api::calls,
    ),
    modifiers(&Token),
    security(("token" = []))
)]
struct Document;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

async fn document() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}

/// What is answered where something cannot be shown or done.
#[derive(Serialize, ToSchema)]
pub(crate) struct Refusal {
    error: RefusalWords,
}

/// What went wrong, and what to do.
#[derive(Serialize, ToSchema)]
pub(crate) struct RefusalWords {
    /// In few words.
    title: String,
    /// In a sentence.
    detail: String,
}

/// An act without a body, by a program with a token or a page of ours: another site's is not done.
struct Bare(Visitor);

impl FromRequestParts<App> for Bare {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Bare, Response> {
        let visitor = Visitor::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        if matches!(visitor.door, Door::Session(_)) && !is_same_site(&parts.headers) {
            return Err(Trouble::of(foreign(), parts).into_response());
        }
        Ok(Bare(visitor))
    }
}

/// Notes that a list was fetched, as a file is that somebody saves.
fn fetched(app: &Handles, asker: &Asker, list: &str) {
    app.seen.note(asker.firm, asker.staff, "exported", list.to_owned(), app.now());
}

fn foreign() -> Error {
    Error::invalid("the request", "comes neither from a page of ours nor with a token")
}

/// A JSON body from a program with a token, or from a page of ours: another site cannot send one.
struct Given<T> {
    visitor: Visitor,
    value: T,
}

impl<T: DeserializeOwned> FromRequest<App> for Given<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Given<T>, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor =
            Visitor::from_request_parts(&mut parts, app).await.map_err(IntoResponse::into_response)?;
        let is_json = parts
            .headers
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
        // A page of another site can make a browser send a form with our cookie, but no JSON without asking first.
        if matches!(visitor.door, Door::Session(_)) && !(is_json && is_same_site(&parts.headers)) {
            return Err(Trouble::of(foreign(), &parts).into_response());
        }
        let kept = parts.clone();
        let read: Result<Json<T>, JsonRejection> =
            match fit::with_body(Request::from_parts(parts, body), app, fit::in_json).await {
                Ok(request) => Json::from_request(request, app).await,
                Err(refused) => Err(refused.into()),
            };
        match read {
            Ok(Json(value)) => Ok(Given { visitor, value }),
            Err(refused) => {
                let error = Error::invalid("the body", format!("cannot be taken: {}", refused.body_text()));
                Err(Trouble::of(error, &kept).into_response())
            }
        }
    }
}

/// What is right in its form, and cannot be done as things are.
fn not_done(error: Error) -> Error {
    match error {
        Error::Invalid { field, words } => Error::unfit(format!("cannot be done: {field} {words}")),
        error => error,
    }
}

/// An error, told as JSON.
struct Refused(Error);

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        Refused(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        Trouble::from(self.0).plain().into_response()
    }
}
