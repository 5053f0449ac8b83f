//! Settings, Telephone: which systems may tell of calls.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use wire::net::Secret;

use super::hooks;
use crate::access::secret::Secret as Random;
use crate::app::App;
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::ids::MailboxId;
use crate::record::audit;
use crate::settings::pages::{Tab, tabs};
use crate::text::line;
use crate::today::words::When;
use crate::web::forms::Posted;
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const HERE: &str = "/settings/telephone";

/// The routes of this room's pages.
pub(crate) fn routes() -> Router<App> {
    Router::new().route(HERE, get(show).post(make)).route("/settings/telephone/{id}/removing", post(remove))
}

#[derive(Template)]
#[template(path = "settings/telephone.html")]
struct TelephonePage {
    frame: Frame,
    tabs: Vec<Tab>,
    hooks: Vec<(i64, String, String)>,
    /// Made this moment: what it is called by, and its secret.
    fresh: Option<(String, String)>,
}

async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    Ok(telephone(&app, &visitor, None).await?)
}

async fn telephone(app: &App, visitor: &Visitor, fresh: Option<(String, String)>) -> Result<Response> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_set_up()?;
    let all = hooks::all(&mut app.db.read().await?, asker.firm).await?;
    let heard = |hook: &hooks::Hook| match hook.heard_at {
        Some(at) => format!("told of a call {}", When::new(at.into(), now, &asker.zone).words),
        None => "has told of none yet".to_owned(),
    };
    page(&TelephonePage {
        frame: Frame::new(visitor, "settings"),
        tabs: tabs(visitor, HERE),
        hooks: all.iter().map(|hook| (hook.hook_id, hook.name.clone(), heard(hook))).collect(),
        fresh,
    })
}

#[derive(Debug, Deserialize)]
struct MakeForm {
    name: String,
}

/// Makes a secret for a telephone system; it is shown once and never again.
async fn make(
    State(app): State<App>,
    Posted { visitor, form }: Posted<MakeForm>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let name = line("the name", &form.name, 100)?;
    if name.is_empty() {
        return Err(Error::invalid("the name", "is missing").into());
    }
    let secret = Random::new()?.text();
    let mut tx = app.db.write(Durability::Act).await?;
    let id = tx.new_id();
    let sealed = app.outside.keys()?.seal(asker.firm, MailboxId(id), &Secret::new(secret.as_str()))?;
    hooks::add(&mut tx, asker.firm, id, &name, &sealed.0, asker.staff, app.now()).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "made_call_hook", &name, app.now()).await?;
    tx.commit().await?;
    Ok(telephone(&app, &visitor, Some((format!("{}.{id}", asker.firm.0), secret))).await?)
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn remove(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.write(Durability::Act).await?;
    hooks::remove(&mut tx, asker.firm, id).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "removed_call_hook", "", app.now()).await?;
    tx.commit().await?;
    Ok(Redirect::to(HERE).into_response())
}
