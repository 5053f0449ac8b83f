//! Writing a letter: the page, and everything that its form does.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::shown::{Checked, Composing, checked, composing};
use crate::app::App;
use crate::board::Asker;
use crate::clients;
use crate::drafts::files::HandedIn;
use crate::drafts::send::Wanted;
use crate::drafts::words::Blanks;
use crate::drafts::{self, Draft, Fields, Purpose, files, store};
use crate::error::{Error, Result};
use crate::ids::{DraftId, MailboxId};
use crate::outbox::Way;
use crate::today::acts;
use crate::web::forms::{Filled, Handed, Path, Posted, Query, own_path};
use crate::web::page::{Frame, Notice, page};
use crate::web::said::Telling;
use crate::web::trouble::{Trouble, form_urlencoded, is_part};
use crate::web::visitor::Visitor;

#[derive(Debug, Deserialize)]
pub(super) struct Begun {
    #[serde(default)]
    purpose: String,
    /// The date that a hold or a new date tells, as a browser gives it.
    #[serde(default)]
    until: String,
    #[serde(default)]
    zone: String,
    #[serde(default)]
    back: String,
}

/// Begins a letter about something that is owed, or goes on with it.
pub(super) async fn begin(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<Begun>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let purpose = purpose(&form.purpose)?;
    let until = match form.until.is_empty() {
        true => None,
        false => Some(acts::moment(asker, &form.until, &form.zone)?),
    };
    let draft = drafts::begin(&app, asker, acts::id(&id)?, purpose, until).await?;
    Ok(to_draft(draft, &form.back, ""))
}

/// Begins a letter to a client that nothing asks for, or goes on with it.
pub(super) async fn begin_to(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<Begun>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let card = clients::pages::find(asker, &id)?;
    let draft = drafts::begin_to(&app, asker, card, purpose(&form.purpose)?).await?;
    Ok(to_draft(draft, &form.back, ""))
}

fn purpose(name: &str) -> Result<Purpose> {
    Purpose::named(name).ok_or_else(|| Error::invalid("the purpose", format!("“{name}” is not known")))
}

fn to_draft(draft: DraftId, back: &str, said: &str) -> Response {
    let back = own_path(Some(back)).unwrap_or("/today");
    let answer = Redirect::to(&format!("/drafts/{}?back={}", draft.0, form_urlencoded(back))).into_response();
    if said.is_empty() { answer } else { Telling::of(said).on(answer) }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    back: String,
    #[serde(default)]
    said: String,
    /// The field that is to be mended before it can be sent.
    #[serde(default)]
    wrong: String,
}

#[derive(Template)]
#[template(path = "drafts/show.html")]
struct ComposePage<'a> {
    frame: Frame,
    one: Composing<'a>,
}

/// The part that Today unfolds in place.
#[derive(Template)]
#[template(path = "drafts/_compose.html")]
struct ComposePart<'a> {
    frame: Frame,
    one: Composing<'a>,
}

/// What is told beside a letter, renewed while it is written.
#[derive(Template)]
#[template(path = "drafts/_checked.html")]
struct CheckedPart {
    checked: Checked,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_act()?;
    let mut tx = app.db.read().await?;
    let draft = drafts::find(&mut tx, asker, draft_id(&id)?).await?;
    let back = own_path(Some(&asked.back)).unwrap_or("/today").to_owned();
    let one = composing(&mut tx, asker, draft, back, now).await?;
    tx.commit().await?;
    // Why it was not sent is said beside the button that was pressed, and not far above it.
    let (said, refused) =
        if asked.wrong.is_empty() { (asked.said, String::new()) } else { (String::new(), asked.said) };
    let one = Composing { refused, wrong: asked.wrong, ..one };
    let frame = Frame::new(&visitor, "today").with_notice(Notice::said(&said, ""));
    Ok(match is_part(&headers) {
        true => page(&ComposePart { frame, one })?,
        false => page(&ComposePage { frame, one })?,
    })
}

fn draft_id(id: &str) -> Result<DraftId> {
    id.parse().map(DraftId).map_err(|_| Error::NotFound)
}

/// What the form of a letter holds.
fn filled(fields: &Filled) -> Fields {
    Fields {
        mailbox: fields.get("from").parse().ok().map(MailboxId),
        to: fields.get("to").to_owned(),
        cc: fields.get("cc").to_owned(),
        bcc: fields.get("bcc").to_owned(),
        subject: fields.get("subject").to_owned(),
        words: fields.get("words").to_owned(),
        quotes: fields.has("quotes"),
    }
}

/// Keeps what the form holds, files among it, before anything else is done: nothing that was typed is lost.
async fn kept(app: &App, id: &str, handed: &mut Handed) -> Result<Draft> {
    let asker = &handed.visitor.asker;
    let draft = drafts::save(app, asker, draft_id(id)?, filled(&handed.fields)).await?;
    let files = std::mem::take(&mut handed.files);
    if !files.is_empty() {
        let files = files.into_iter().map(|(name, bytes)| HandedIn { name, bytes }).collect();
        files::attach(app, asker, draft.id, files).await?;
    }
    Ok(draft)
}

/// Keeps a letter as it stands, and says what to mend.
pub(super) async fn keep(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    mut handed: Handed,
) -> Result<Response, Trouble> {
    let draft = kept(&app, &id, &mut handed).await?;
    if !is_part(&headers) {
        return Ok(to_draft(
            draft.id,
            handed.fields.get("back"),
            "Kept. Nobody else reads it until you send it.",
        ));
    }
    let mut tx = app.db.read().await?;
    let checked = checked(&mut tx, &handed.visitor.asker, &draft, app.now()).await?;
    tx.commit().await?;
    Ok(page(&CheckedPart { checked })?)
}

pub(super) async fn attach(
    State(app): State<App>,
    Path(id): Path<String>,
    mut handed: Handed,
) -> Result<Response, Trouble> {
    let draft = kept(&app, &id, &mut handed).await?;
    Ok(to_draft(draft.id, handed.fields.get("back"), ""))
}

pub(super) async fn detach(
    State(app): State<App>,
    Path((id, file)): Path<(String, i64)>,
    mut handed: Handed,
) -> Result<Response, Trouble> {
    let draft = kept(&app, &id, &mut handed).await?;
    files::detach(&app, &handed.visitor.asker, draft.id, file).await?;
    Ok(to_draft(draft.id, handed.fields.get("back"), ""))
}

/// Puts a canned text into the letter: where the first empty place is, else at its end.
pub(super) async fn put_in(
    State(app): State<App>,
    Path(id): Path<String>,
    mut handed: Handed,
) -> Result<Response, Trouble> {
    let draft = kept(&app, &id, &mut handed).await?;
    let asker = &handed.visitor.asker;
    let mut tx = app.db.read().await?;
    let wanted: i64 = handed.fields.get("canned").parse().unwrap_or_default();
    let text = store::texts(&mut tx, asker.firm).await?.into_iter().find(|text| text.text_id == wanted);
    let to = draft.fields.to.split(['<', ',']).next().unwrap_or_default().trim().to_owned();
    let blanks = Blanks::of(&mut tx, asker, draft.target.client, &to).await?;
    tx.commit().await?;
    let text = blanks.fill(&text.ok_or(Error::NotFound)?.words);
    let words = &draft.fields.words;
    let words = match words.split_once("\n\n\n\n") {
        Some((before, after)) => format!("{before}\n\n{}\n\n{after}", text.trim()),
        None => format!("{}\n\n{}\n", words.trim_end(), text.trim()),
    };
    drafts::save(&app, asker, draft.id, Fields { words, ..draft.fields.clone() }).await?;
    Ok(to_draft(draft.id, handed.fields.get("back"), ""))
}

pub(super) async fn discard(
    State(app): State<App>,
    Path(id): Path<String>,
    handed: Handed,
) -> Result<Response, Trouble> {
    let asker = &handed.visitor.asker;
    drafts::discard(&app, asker, draft_id(&id)?).await?;
    Ok(lead(handed.fields.get("back"), "The draft is thrown away.", None))
}

/// Sends it: at once with the time to take it back, later, or into one's own drafts.
pub(super) async fn send(
    State(app): State<App>,
    Path(id): Path<String>,
    mut handed: Handed,
) -> Result<Response, Trouble> {
    // What is on its way already is found again below.
    match kept(&app, &id, &mut handed).await {
        Ok(_) | Err(Error::NotFound | Error::Unfit { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let (asker, fields) = (&handed.visitor.asker, &handed.fields);
    let draft = draft_id(&id)?;
    match sending(&app, asker, draft, fields).await {
        Ok((said, undo)) => Ok(lead(fields.get("back"), &said, undo)),
        // Nothing was sent, and the letter is kept: what is wrong is said above it.
        Err(Error::Invalid { field, words }) => {
            let said = format!("Not sent: {field} {words}.");
            let telling = Telling { said, wrong: field, place: "refused", ..Telling::default() };
            Ok(telling.on(to_draft(draft, fields.get("back"), "")))
        }
        Err(error) => Err(error.into()),
    }
}

async fn sending(
    app: &App,
    asker: &Asker,
    draft: DraftId,
    fields: &Filled,
) -> Result<(String, Option<String>)> {
    let at = match fields.get("when") {
        "later" => Some(acts::moment(asker, fields.get("at"), fields.get("zone"))?),
        _ => None,
    };
    let wanted = Wanted { at, way: Way::named(fields.get("way")) };
    let sent = drafts::send::send(app, asker, draft, None, wanted).await?;
    let undo = (!sent.already && wanted.way == Way::Out).then(|| format!("letter-{}", sent.outgoing.0));
    Ok((sent.words, undo))
}

/// Back to where somebody was, with what was done and how it is undone.
fn lead(back: &str, said: &str, undo: Option<String>) -> Response {
    let back = own_path(Some(back)).unwrap_or("/today");
    let undo = undo.unwrap_or_default();
    Telling { said: said.to_owned(), undo, ..Telling::default() }.lead(back)
}
