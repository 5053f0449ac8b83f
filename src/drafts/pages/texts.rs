//! What a firm and its people set for their letters: canned texts, one's own signature, where letters go.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::app::App;
use crate::board::Asker;
use crate::db::{Durability, Tx};
use crate::drafts::store::{self, CannedText, Writing};
use crate::drafts::words::BLANKS;
use crate::error::Error;
use crate::ids::NaturalKey;
use crate::notes::call::once;
use crate::outbox::Way;
use crate::record::audit;
use crate::settings::pages::{Said, Tab, frame, lead, tabs};
use crate::text;
use crate::web::csv::export;
use crate::web::forms::{Path, Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

/// A longer text is a document.
const LONGEST: usize = 10_000;
/// So many texts are kept; nobody finds one among more.
const MANY: usize = 200;

#[derive(Template)]
#[template(path = "settings/texts.html")]
struct TextsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    texts: Vec<CannedText>,
    blanks: [&'static str; BLANKS.len()],
    /// What tells one form for a new text from another.
    once: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    let mut tx = app.db.read().await?;
    let texts = store::texts(&mut tx, visitor.asker.firm).await?;
    tx.commit().await?;
    let (tabs, frame) = (tabs(&visitor, "/settings/texts"), frame(&visitor, &said));
    Ok(page(&TextsPage { frame, tabs, texts, blanks: BLANKS, once: once(app.now()) })?)
}

/// All texts, as a file.
pub(super) async fn csv(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let mut tx = app.db.read().await?;
    let texts = store::texts(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let rows = texts.into_iter().map(|text| vec![text.name, text.words]).collect();
    Ok(export(&app, asker, "texts.csv", &["name", "words"], rows).await?)
}

#[derive(Debug, Deserialize)]
pub(super) struct TextForm {
    name: String,
    words: String,
    #[serde(default)]
    once: String,
}

impl TextForm {
    fn read(&self, text_id: i64) -> Result<CannedText, Error> {
        let name = text::line("the name", &self.name, 100)?;
        let words = text::text("the text", &self.words, LONGEST)?;
        if name.is_empty() || words.is_empty() {
            return Err(Error::invalid("a text", "needs a name and some words"));
        }
        Ok(CannedText { text_id, name, words })
    }

    /// The id of a new text: the same where its form is handed in twice, by a double click or from the page before.
    fn new_id(&self, asker: &Asker, tx: &Tx) -> i64 {
        if self.once.is_empty() {
            return tx.new_id();
        }
        let form = (asker.firm.0, asker.staff.0, &self.once, &self.name, &self.words);
        (NaturalKey::of(format!("text {form:?}").as_bytes()).0 >> 1).cast_signed()
    }
}

pub(super) async fn add(
    State(app): State<App>,
    Posted { visitor, form }: Posted<TextForm>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_act()?;
    let mut tx = app.db.write(Durability::Act).await?;
    let known = store::texts(&mut tx, asker.firm).await?;
    let text = form.read(form.new_id(asker, &tx))?;
    if known.iter().any(|one| one.text_id == text.text_id) {
        return Ok(lead("/settings/texts", "It was kept already."));
    }
    if MANY <= known.len() {
        return Err(Error::invalid("the texts", "are too many already; throw one away first").into());
    }
    store::save_text(&mut tx, asker.firm, &text, asker.staff, now).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "made_text", &text.name, now).await?;
    tx.commit().await?;
    Ok(lead("/settings/texts", "Kept. Everybody of the firm finds it when they write."))
}

pub(super) async fn save(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<TextForm>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_act()?;
    let mut tx = app.db.write(Durability::Act).await?;
    let known = store::texts(&mut tx, asker.firm).await?;
    if known.iter().all(|text| text.text_id != id) {
        return Err(Error::NotFound.into());
    }
    let text = form.read(id)?;
    store::save_text(&mut tx, asker.firm, &text, asker.staff, now).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "changed_text", &text.name, now).await?;
    tx.commit().await?;
    Ok(lead("/settings/texts", "Kept."))
}

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn remove(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_act()?;
    let mut tx = app.db.write(Durability::Act).await?;
    let name = store::remove_text(&mut tx, asker.firm, id).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "removed_text", &name, app.now()).await?;
    tx.commit().await?;
    Ok(lead("/settings/texts", "The text is thrown away."))
}

#[derive(Debug, Deserialize)]
pub(super) struct WritingForm {
    #[serde(default)]
    signature: String,
    #[serde(default)]
    way: String,
}

/// How one's own letters end, and where they go.
pub(super) async fn writing(
    State(app): State<App>,
    Posted { visitor, form }: Posted<WritingForm>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_act()?;
    let signature = text::text("the signature", &form.signature, 2000)?;
    let mut tx = app.db.write(Durability::Act).await?;
    let writing = Writing { signature, way: Way::named(&form.way) };
    store::save_writing(&mut tx, asker.firm, asker.staff, &writing).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "changed_signature", "", now).await?;
    tx.commit().await?;
    Ok(lead("/settings", "Kept. Your next letter has it."))
}
