//! What the program mails to the firm's own people: everybody's wish, and, for owners, by which mailbox.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Nothing, Said, Tab, frame, lead, tabs};
use crate::access::Access;
use crate::app::App;
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::mailboxes::store;
use crate::notices::digests::{self, Wish};
use crate::notices::{due, named_sender, web_address};
use crate::record::audit;
use crate::web::forms::{Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const HERE: &str = "/settings/reminders";

#[derive(Template)]
#[template(path = "settings/reminders.html")]
struct RemindersPage {
    frame: Frame,
    tabs: Vec<Tab>,
    wish: Wish,
    zone: String,
    firm_zone: String,
    is_owner: bool,
    /// Mailboxes by which they may be sent: id, address, chosen.
    senders: Vec<(i64, String, bool)>,
    web: String,
    /// No mailbox can send to whoever looks.
    is_mute: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let mut tx = app.db.read().await?;
    let wish = digests::wish(&mut tx, asker.firm, asker.staff).await?;
    let named = named_sender(&mut tx, asker.firm).await?;
    let web = web_address(&mut tx, asker.firm).await?.unwrap_or_default();
    let is_mute = !digests::reaches(&mut tx, asker.firm, asker.staff).await?;
    let all = store::all(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let sender = |one: crate::mailboxes::Connection| (one.id.0, one.address, Some(one.id) == named);
    Ok(page(&RemindersPage {
        frame: frame(&visitor, &said),
        tabs: tabs(&visitor, HERE),
        zone: wish.zone.clone().unwrap_or_default(),
        firm_zone: asker.board.firm.firm.zone.clone(),
        wish,
        is_owner: asker.access == Access::Owner,
        senders: all.into_iter().map(sender).collect(),
        web,
        is_mute,
    })?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct WishForm {
    morning: String,
    weekly: String,
    zone: String,
    browser: String,
}

pub(super) async fn wish(
    State(app): State<App>,
    Posted { visitor, form }: Posted<WishForm>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let zone = Some(form.zone.trim().to_owned()).filter(|zone| !zone.is_empty());
    let [morning, weekly, browser] = [&form.morning, &form.weekly, &form.browser].map(|said| said == "1");
    let wish = Wish { morning, weekly, zone, browser };
    let mut tx = app.db.write(Durability::Act).await?;
    digests::set_wish(&mut tx, asker.firm, asker.staff, &wish).await?;
    app.commit(asker.firm, tx).await?;
    Ok(lead(HERE, "It is kept."))
}

/// What falls due now, for the browser that asks to tell: no other is told of it that day.
pub(super) async fn due(
    State(app): State<App>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let mut tx = app.db.write(Durability::Act).await?;
    let all = due::tell(&mut tx, &visitor.asker, app.now()).await?;
    tx.commit().await?;
    Ok(Json(all).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SenderForm {
    mailbox: String,
    web: String,
}

pub(super) async fn sender(
    State(app): State<App>,
    Posted { visitor, form }: Posted<SenderForm>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let web = digests::web(&form.web)?;
    let mut tx = app.db.write(Durability::Act).await?;
    let chosen = match form.mailbox.as_str() {
        "" => None,
        id => {
            let all = store::all(&mut tx, asker.firm).await?;
            let known = all.into_iter().find(|one| one.id.0.to_string() == id);
            Some(known.ok_or_else(|| Error::invalid("the mailbox", "is not connected"))?)
        }
    };
    digests::set_sender(&mut tx, asker.firm, chosen.as_ref().map(|one| one.id.0), web.as_deref()).await?;
    let detail = chosen.map_or_else(|| "each by their own".to_owned(), |one| one.address);
    audit::note(&mut tx, asker.firm, asker.staff, "chose_sender", &detail, app.now()).await?;
    tx.commit().await?;
    Ok(lead(HERE, "It is kept."))
}
