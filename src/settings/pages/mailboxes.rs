//! One's own mailboxes, and what of them the firm sees.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::{Said, Tab, colleagues, frame, lead, tabs};
use crate::access::Access;
use crate::app::App;
use crate::db::Durability;
use crate::error::Result;
use crate::ids::MailboxId;
use crate::record::audit;
use crate::settings::{commit, mailboxes};
use crate::today::acts::colleague;
use crate::web::forms::Posted;
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "settings/mailboxes.html")]
struct MailboxesPage {
    frame: Frame,
    tabs: Vec<Tab>,
    mine: Vec<Shown>,
    unowned: Vec<Shown>,
    people: Vec<(i64, String)>,
}

struct Shown {
    id: i64,
    name: String,
    is_chosen: bool,
    folders: Vec<mailboxes::Folder>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let mut tx = app.db.read().await?;
    let is_owner = asker.access == Access::Owner;
    let all = mailboxes::folders(&mut tx, asker.firm, asker.staff, is_owner).await?;
    tx.commit().await?;
    let (mut mine, mut unowned): (Vec<Shown>, Vec<Shown>) = (Vec::new(), Vec::new());
    for folder in all {
        let list = if folder.staff_id.is_some() { &mut mine } else { &mut unowned };
        match list.last_mut() {
            Some(last) if last.id == folder.mailbox_id => last.folders.push(folder),
            _ => list.push(Shown {
                id: folder.mailbox_id,
                name: folder.mailbox.clone(),
                is_chosen: folder.shows == "chosen",
                folders: vec![folder],
            }),
        }
    }
    Ok(page(&MailboxesPage {
        frame: frame(&visitor, &said),
        tabs: tabs(&visitor, "/settings/mailboxes"),
        mine,
        unowned,
        people: colleagues(asker),
    })?)
}

/// The ticks are fields of their own, named by the folder.
pub(super) async fn save(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<BTreeMap<String, String>>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let folders: Vec<i64> = form.keys().filter_map(|name| name.strip_prefix("f:")?.parse().ok()).collect();
    let is_chosen = form.get("shows").is_some_and(|shows| shows == "chosen");
    let chosen = is_chosen.then_some(folders.as_slice());
    let mut tx = app.db.write(Durability::Act).await?;
    mailboxes::show(&mut tx, asker.firm, asker.staff, MailboxId(id), chosen).await?;
    let what = if is_chosen { "chosen folders" } else { "all mail of clients" };
    audit::note(&mut tx, asker.firm, asker.staff, "shows_mailbox", what, app.now()).await?;
    commit(&app, asker, tx).await?;
    Ok(lead("/settings/mailboxes", &format!("The firm sees {what} of it.")))
}

#[derive(Debug, Deserialize)]
pub(super) struct OwnerForm {
    staff: String,
}

pub(super) async fn give(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<OwnerForm>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let staff = colleague(asker, &form.staff)?;
    let mut tx = app.db.write(Durability::Act).await?;
    mailboxes::give(&mut tx, asker.firm, MailboxId(id), staff).await?;
    let detail = format!("mailbox {id} to {}", asker.name_of(staff));
    audit::note(&mut tx, asker.firm, asker.staff, "gave_mailbox", &detail, app.now()).await?;
    commit(&app, asker, tx).await?;
    Ok(lead("/settings/mailboxes", &format!("It is the mailbox of {} now.", asker.name_of(staff))))
}
