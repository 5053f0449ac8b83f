//! Keeping the record: backups, whether it is sound, and what could not be read. For owners.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{Nothing, Said, Tab, frame, lead, tabs};
use crate::app::App;
use crate::db::{Durability, backup as copies};
use crate::error::Result;
use crate::record::sources::{self, Unreadable};
use crate::record::verify::{self as looking, Finding};
use crate::record::{audit, project};
use crate::report::words::counted;
use crate::web::csv::export;
use crate::web::forms::{Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

/// So many unreadable items are listed.
const LISTED: usize = 500;

#[derive(Template)]
#[template(path = "settings/data.html")]
struct DataPage {
    frame: Frame,
    tabs: Vec<Tab>,
    place: String,
    unreadable: Vec<Unreadable>,
    total: String,
    /// What a look at the record found; none where nobody looked.
    findings: Option<Vec<Finding>>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    Ok(data(&app, &visitor, &said, None).await?)
}

async fn data(app: &App, visitor: &Visitor, said: &Said, findings: Option<Vec<Finding>>) -> Result<Response> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let mut unreadable = sources::unreadable(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let total = counted(unreadable.len(), "item", "items");
    unreadable.truncate(LISTED);
    page(&DataPage {
        frame: frame(visitor, said),
        tabs: tabs(visitor, "/settings/data"),
        place: app.db.place().to_owned(),
        unreadable,
        total,
        findings,
    })
}

/// All that could not be read, as a file.
pub(super) async fn csv(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let unreadable = sources::unreadable(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let rows = unreadable.into_iter().map(|item| vec![item.path, item.position.to_string(), item.error]);
    Ok(export(&app, asker, "unreadable.csv", &["file", "place", "why"], rows.collect()).await?)
}

pub(super) async fn backup(
    State(app): State<App>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_set_up()?;
    let folder = app.works.beside("backups")?;
    let file = folder.join(format!("regard-{}.backup", now.strftime("%Y-%m-%dT%H-%M-%S")));
    let rows = copies::backup(&app.db, &file, |_| {}).await?;
    let mut tx = app.db.write(Durability::Act).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "backed_up", &file.display().to_string(), now).await?;
    tx.commit().await?;
    let rows = counted(rows as usize, "row is", "rows are");
    let said = format!("{rows} in {}. Copy it to another machine.", file.display());
    Ok(lead("/settings/data", &said))
}

pub(super) async fn verify(
    State(app): State<App>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let found = looking::verify(&app.db, asker.firm, project::fold_all, |_, _| {}).await?;
    Ok(data(&app, &visitor, &Said::default(), Some(found)).await?)
}
