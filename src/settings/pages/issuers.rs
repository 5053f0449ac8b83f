//! The servers that give tokens (OAuth 2), for owners: set up, given a new secret, taken away.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use wire::net::Secret;

use super::signing::redirect;
use super::{Nothing, Said, Tab, frame, lead, tabs};
use crate::app::App;
use crate::error::Result;
use crate::mailboxes::oauth::{store, users};
use crate::settings::issuers::{self, Change, NewIssuer, NewSecret};
use crate::today::words::When;
use crate::web::forms::{Path, Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const ISSUERS: &str = "/settings/sign-ins";

#[derive(Template)]
#[template(path = "settings/sign_ins.html")]
struct IssuersPage {
    frame: Frame,
    tabs: Vec<Tab>,
    issuers: Vec<Line>,
    /// What the firm tells each server: where answers come back to.
    redirect: String,
}

struct Line {
    id: i64,
    name: String,
    client_id: String,
    has_secret: bool,
    token: String,
    gives_codes: bool,
    /// What it signs in to: "mail, calendars".
    opens: String,
    /// That it does not take the firm's id or secret any more, and since when.
    trouble: Option<(String, String)>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let mut issuers = Vec::new();
    for issuer in store::issuers(&mut tx, asker.firm).await? {
        let trouble = users::trouble(&mut tx, asker.firm, issuer.id).await?;
        let since = |since| When::new(since, app.now(), &asker.zone).words;
        issuers.push(Line {
            opens: issuer.opens(),
            id: issuer.id,
            name: issuer.name,
            client_id: issuer.client_id,
            has_secret: issuer.secret.is_some(),
            token: issuer.token,
            gives_codes: issuer.device.is_some(),
            trouble: trouble.map(|trouble| (trouble.words, since(trouble.since))),
        });
    }
    let redirect = redirect(&mut tx, asker.firm, &headers).await.unwrap_or_default();
    tx.commit().await?;
    Ok(page(&IssuersPage {
        frame: frame(&visitor, &said),
        tabs: tabs(&visitor, ISSUERS),
        issuers,
        redirect,
    })?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct IssuerForm {
    name: String,
    provider: String,
    client_id: String,
    secret: String,
    authorize: String,
    token: String,
    device: String,
    scopes: String,
    calendar_scopes: String,
    contact_scopes: String,
}

pub(super) async fn add(
    State(app): State<App>,
    Posted { visitor, form }: Posted<IssuerForm>,
) -> Result<Response, Trouble> {
    let new = NewIssuer {
        name: form.name,
        provider: form.provider,
        client_id: form.client_id,
        secret: form.secret,
        authorize: form.authorize,
        token: form.token,
        device: form.device,
        scopes: form.scopes,
        calendar_scopes: form.calendar_scopes,
        contact_scopes: form.contact_scopes,
    };
    issuers::add_issuer(&app, &visitor.asker, new).await?;
    Ok(lead(ISSUERS, "Kept. Everybody can sign in with it."))
}

#[derive(Template)]
#[template(path = "settings/sign_in.html")]
struct IssuerPage {
    frame: Frame,
    tabs: Vec<Tab>,
    id: i64,
    has_secret: bool,
    /// Where tokens are given.
    token: String,
    /// As it is.
    is: Change,
    /// What signs in again where the firm's id becomes another; empty for nothing.
    users: String,
}

/// One of them, to be changed.
pub(super) async fn one(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<i64>,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let issuer = store::issuer(&mut tx, asker.firm, id).await?;
    let users = users::of(&mut tx, asker.firm, id).await?;
    tx.commit().await?;
    Ok(page(&IssuerPage {
        frame: frame(&visitor, &said),
        tabs: tabs(&visitor, ISSUERS),
        id,
        has_secret: issuer.secret.is_some(),
        is: Change::none(&issuer),
        token: issuer.token,
        users: if users.is_nobody() { String::new() } else { users.words() },
    })?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChangeForm {
    name: String,
    client_id: String,
    secret: String,
    no_secret: String,
    scopes: String,
    calendar_scopes: String,
    contact_scopes: String,
}

pub(super) async fn change(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<ChangeForm>,
) -> Result<Response, Trouble> {
    let secret = match (form.secret.trim(), form.no_secret == "1") {
        ("", true) => NewSecret::Gone,
        ("", false) => NewSecret::Stays,
        (secret, _) => NewSecret::Is(Secret::new(secret)),
    };
    let change = Change {
        name: form.name,
        client_id: form.client_id,
        secret,
        scopes: form.scopes,
        calendar_scopes: form.calendar_scopes,
        contact_scopes: form.contact_scopes,
    };
    let changed = issuers::change_issuer(&app, &visitor.asker, id, change).await?;
    Ok(lead(ISSUERS, &changed.words()))
}

pub(super) async fn remove(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    issuers::remove_issuer(&app, &visitor.asker, id).await?;
    Ok(lead(ISSUERS, "It is forgotten, with its secret."))
}
