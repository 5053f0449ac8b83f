//! The page to sign in, and signing out.

mod again;

use std::net::{IpAddr, SocketAddr};

use askama::Template;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{RETRY_AFTER, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde::Deserialize;

use crate::access::{passwords, sessions};
use crate::app::App;
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::firm::{self, Firm};
use crate::ids::{FirmId, StaffId};
use crate::record::audit;
use crate::set_up::is_needed;
use crate::text::{counted, typed};
use crate::web::assets;
use crate::web::forms::{Anybody, Posted, Query, own_path};
use crate::web::page::page;
use crate::web::trouble::Trouble;
use crate::web::visitor::{Door, cookie_line, is_secure, no_cookie_line};

/// The routes of this room.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(show).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/again", get(again::show))
}

#[derive(Template)]
#[template(path = "sign_in/show.html")]
struct SignInPage<'a> {
    style: String,
    icon: String,
    firm: &'a str,
    email: &'a str,
    to: &'a str,
    trouble: &'a str,
}

#[derive(Debug, Deserialize)]
struct Target {
    to: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Credentials {
    #[serde(deserialize_with = "typed")]
    email: String,
    password: String,
    to: Option<String>,
}

async fn show(
    State(app): State<App>,
    headers: HeaderMap,
    Query(target): Query<Target>,
) -> Result<Response, Trouble> {
    if let Some((firm, staff)) = app.guest {
        return let_in(&app, firm, staff, &headers, target.to.as_deref()).await.map_err(Trouble::from);
    }
    let mut tx = app.db.read().await?;
    if is_needed(&mut tx).await? {
        return Ok(Redirect::to("/set-up").into_response());
    }
    let firms = firm::store::all(&mut tx).await?;
    let to = own_path(target.to.as_deref()).unwrap_or("/");
    Ok(page(&sign_in_page(called(&firms), "", to, ""))?)
}

/// Whose door this is; nobody's in particular where several firms have one, and who is inside is nobody's business.
fn called(firms: &[Firm]) -> &str {
    if let [only] = firms { &only.name } else { "" }
}

fn sign_in_page<'a>(firm: &'a str, email: &'a str, to: &'a str, trouble: &'a str) -> SignInPage<'a> {
    let (style, icon) = (assets::address("regard.css"), assets::address("icon.svg"));
    SignInPage { style, icon, firm, email, to, trouble }
}

async fn sign_in(
    State(app): State<App>,
    from: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Anybody(given): Anybody<Credentials>,
) -> Result<Response, Trouble> {
    let to = own_path(given.to.as_deref()).unwrap_or("/");
    let address: Option<IpAddr> = from.map(|Extension(ConnectInfo(from))| from.ip());
    if let Err(seconds) = app.limits.count(&given.email, address) {
        let door = note_refused(&app, &given.email).await?;
        let wait = counted(seconds as usize, "second", "seconds");
        let words = format!("Too many tries. Wait {wait}, and try again.");
        let refused = page(&sign_in_page(&door, &given.email, to, &words))?;
        return Ok(
            (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, seconds.to_string())], refused).into_response()
        );
    }
    let Some((firm, staff)) = who(&app, &given).await? else {
        let door = note_refused(&app, &given.email).await?;
        let words = "That address and password do not belong together. Try again, or ask an owner of the firm for a \
                     new password.";
        let refused = page(&sign_in_page(&door, &given.email, to, words))?;
        return Ok((StatusCode::UNAUTHORIZED, refused).into_response());
    };
    Ok(let_in(&app, firm, staff, &headers, given.to.as_deref()).await?)
}

/// Notes that somebody was not let in, and gives whose door this is. What was typed stands in the log only where it is an account's address: it may
/// be a password, in the wrong field.
async fn note_refused(app: &App, email: &str) -> Result<String> {
    let mut tx = app.db.read().await?;
    let firms = firm::store::all(&mut tx).await?;
    let email = email.trim().to_lowercase();
    let mut known = Vec::new();
    for firm in &firms {
        if passwords::find(&mut tx, firm.id, &email).await?.is_some() {
            known.push(firm.id);
        }
    }
    tx.commit().await?;
    let (whose, whom) = match known.is_empty() {
        true => (firms.iter().map(|firm| firm.id).collect(), "an address that nobody here has"),
        false => (known, email.as_str()),
    };
    whose.into_iter().for_each(|firm: FirmId| app.refused.sign_in(firm, whom, app.now()));
    Ok(called(&firms).to_owned())
}

/// Whose address and password these are. Takes the same time whether the address is known or not, but for somebody who
/// has an account at several firms: they come in where the password is right.
async fn who(app: &App, given: &Credentials) -> Result<Option<(FirmId, StaffId)>> {
    let mut found = Vec::new();
    let mut tx = app.db.read().await?;
    for firm in firm::store::all(&mut tx).await? {
        if let Some((staff, hashed)) = passwords::find(&mut tx, firm.id, &given.email).await? {
            found.push((firm.id, staff, hashed));
        }
    }
    drop(tx);
    let password = given.password.clone();
    let checked = tokio::task::spawn_blocking(move || {
        if found.is_empty() {
            passwords::is_right(&password, None);
        }
        found.into_iter().find(|(.., hashed)| passwords::is_right(&password, Some(hashed)))
    });
    let right = checked.await.map_err(|e| Error::Unexpected(e.into()))?;
    Ok(right.map(|(firm, staff, _)| (firm, staff)))
}

/// Opens a session and leads on.
pub async fn let_in(
    app: &App,
    firm: FirmId,
    staff: StaffId,
    headers: &HeaderMap,
    to: Option<&str>,
) -> Result<Response> {
    let now = app.now();
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut tx = app.db.write(Durability::Act).await?;
    let secret = sessions::open(&mut tx, firm, staff, agent, now).await?;
    audit::note(&mut tx, firm, staff, "signed_in", agent, now).await?;
    tx.commit().await?;
    let cookie = cookie_line(firm, &secret, is_secure(headers));
    let to = Redirect::to(own_path(to).unwrap_or("/"));
    Ok(([(SET_COOKIE, cookie)], to).into_response())
}

#[derive(Debug, Deserialize)]
struct Leaving {
    #[serde(default)]
    everywhere: String,
}

async fn sign_out(
    State(app): State<App>,
    Posted { visitor, form }: Posted<Leaving>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let mut tx = app.db.write(Durability::Act).await?;
    let everywhere = !form.everywhere.is_empty();
    match (&visitor.door, everywhere) {
        (Door::Session(secret), false) => sessions::close(&mut tx, asker.firm, secret).await?,
        _ => drop(sessions::close_all(&mut tx, asker.firm, asker.staff).await?),
    }
    let how = if everywhere { "everywhere" } else { "here" };
    audit::note(&mut tx, asker.firm, asker.staff, "signed_out", how, app.now()).await?;
    tx.commit().await?;
    Ok(([(SET_COOKIE, no_cookie_line())], Redirect::to("/sign-in")).into_response())
}
