//! Coming in by a one-time link: whoever was invited sets their password.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::access::{invitations, passwords, sessions};
use crate::app::App;
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::firm;
use crate::ids::{FirmId, StaffId};
use crate::record::audit;
use crate::sign_in::pages::let_in;
use crate::web::assets;
use crate::web::forms::{Anybody, Path};
use crate::web::page::page;
use crate::web::trouble::Trouble;
use crate::web::visitor::with_firm;

#[derive(Template)]
#[template(path = "settings/join.html")]
struct JoinPage {
    style: String,
    icon: String,
    firm: String,
    email: String,
    link: String,
    trouble: String,
}

/// Whom a link invites; what is no link, or was used, is not found.
async fn invited(app: &App, link: &str) -> Result<(FirmId, StaffId, String, String)> {
    let (id, secret) = with_firm(link).ok_or(Error::NotFound)?;
    let mut tx = app.db.read().await?;
    let found = invitations::find(&mut tx, id, &secret, app.now()).await?;
    let (staff, email) = found.ok_or(Error::NotFound)?;
    let name = firm::store::load(&mut tx, id).await?.name;
    tx.commit().await?;
    Ok((id, staff, email, name))
}

fn join_page(firm: String, email: String, link: &str, trouble: String) -> JoinPage {
    let (style, icon) = (assets::address("regard.css"), assets::address("icon.svg"));
    JoinPage { style, icon, firm, email, link: link.to_owned(), trouble }
}

pub(super) async fn show(State(app): State<App>, Path(link): Path<String>) -> Result<Response, Trouble> {
    let (_, _, email, firm) = invited(&app, &link).await?;
    Ok(page(&join_page(firm, email, &link, String::new()))?)
}

#[derive(Debug, Deserialize)]
pub(super) struct JoinForm {
    password: String,
}

pub(super) async fn join(
    State(app): State<App>,
    Path(link): Path<String>,
    headers: HeaderMap,
    Anybody(form): Anybody<JoinForm>,
) -> Result<Response, Trouble> {
    let (id, staff, email, firm) = invited(&app, &link).await?;
    let hashed = tokio::task::spawn_blocking(move || passwords::hash(&form.password)).await;
    let hashed = match hashed.map_err(|e| Error::Unexpected(e.into()))? {
        Ok(hashed) => hashed,
        Err(Error::Invalid { words, .. }) => {
            let again = page(&join_page(firm, email, &link, format!("The password {words}.")))?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    let now = app.now();
    let mut tx = app.db.write(Durability::Act).await?;
    // Used twice at once, it works once.
    let (_, secret) = with_firm(&link).ok_or(Error::NotFound)?;
    if invitations::find(&mut tx, id, &secret, now).await?.is_none() {
        return Err(Error::NotFound.into());
    }
    invitations::forget(&mut tx, id, staff).await?;
    sessions::close_all(&mut tx, id, staff).await?;
    passwords::save(&mut tx, id, staff, &email, &hashed, now).await?;
    audit::note(&mut tx, id, staff, "joined", &email, now).await?;
    tx.commit().await?;
    Ok(let_in(&app, id, staff, &headers, Some("/today")).await?)
}
