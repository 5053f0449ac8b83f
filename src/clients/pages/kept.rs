//! Views of the list of clients that somebody keeps.

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::list::PAGE;
use super::rows::Asked;
use crate::app::App;
use crate::clients::views;
use crate::db::Durability;
use crate::error::Error;
use crate::text::line;
use crate::web::forms::{Path, Posted, back_to, own_path};
use crate::web::trouble::Trouble;

#[derive(Debug, Deserialize)]
pub(super) struct Keeping {
    name: String,
    #[serde(default)]
    query: String,
}

pub(super) async fn keep(
    State(app): State<App>,
    Posted { visitor, form }: Posted<Keeping>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let name = line("the name", &form.name, 60)?;
    if name.is_empty() {
        return Err(Error::invalid("the name", "is missing; a word or two are enough").into());
    }
    let address = format!("/clients?{}", form.query).parse().ok();
    let asked = address.and_then(|address| Query::<Asked>::try_from_uri(&address).ok());
    let Some(Query(asked)) = asked else {
        return Err(Error::invalid("the view", "could not be read; open it once more").into());
    };
    // What is kept is put together anew: nothing but what the page can be asked for.
    let query = asked.with("", "");
    let mut tx = app.db.write(Durability::Act).await?;
    views::keep(&mut tx, asker.firm, asker.staff, PAGE, (&name, &query), app.now()).await?;
    tx.commit().await?;
    Ok(back_to(Some(&format!("/clients?{query}")), "/clients"))
}

#[derive(Debug, Deserialize)]
pub(super) struct Forgetting {
    #[serde(default)]
    back: String,
}

pub(super) async fn forget(
    State(app): State<App>,
    Path(view): Path<String>,
    Posted { visitor, form }: Posted<Forgetting>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let view = view.parse().map_err(|_| Error::NotFound)?;
    let mut tx = app.db.write(Durability::Act).await?;
    views::forget(&mut tx, asker.firm, asker.staff, view).await?;
    tx.commit().await?;
    Ok(back_to(own_path(Some(&form.back)), "/clients"))
}
