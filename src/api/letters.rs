//! Letters for programs: looked over, sent, and where each stands.

use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use care::obligation::ObligationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Given, Refusal, Refused, fetched};
use crate::app::App;
use crate::board::Asker;
use crate::drafts::check::{self, Found};
use crate::drafts::files::HandedIn;
use crate::drafts::send::{self, OnItsWay, Ready, Turn, Wanted, sees};
use crate::drafts::standing::stands;
use crate::drafts::{self, Purpose};
use crate::error::{Error, Result};
use crate::ids::OutgoingId;
use crate::outbox::{self, Outgoing, Way};
use crate::report::findings::Moment;
use crate::today::acts;
use crate::web::visitor::Visitor;

/// A letter with all files that may go with it, written as base64.
const LONGEST: usize = 26_000_000;
/// So many messages are looked through.
const LISTED: u32 = 400;
/// More are not given at once.
const MOST: usize = 100;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/obligations/{id}/checks", post(look_over))
        .route("/api/v1/obligations/{id}/letters", post(write).layer(DefaultBodyLimit::max(LONGEST)))
        .route("/api/v1/outbox", get(list))
        .route("/api/v1/outbox/{id}/turning", post(turn))
}

/// Words that are to be looked over.
#[derive(Deserialize, ToSchema)]
pub(super) struct Text {
    /// The letter.
    #[schema(max_length = 100_000)]
    text: String,
    /// Files go with it.
    attached: Option<bool>,
}

/// What could be better in a letter. It never holds one back.
#[derive(Serialize, ToSchema)]
pub(super) struct Findings {
    /// In the order of the text.
    findings: Vec<FoundOne>,
}

/// Something that could be better.
#[derive(Serialize, ToSchema)]
pub(super) struct FoundOne {
    /// `excuse`, `promise_collides`, `promise_without_date`, `unanswered_question`, `attachment_missing` or
    /// `vague_hold`.
    kind: &'static str,
    /// The words that it is about; empty for what is missing.
    passage: String,
    /// Where they begin, in Unicode scalar values.
    start: u32,
    /// Where they end.
    end: u32,
    /// What to do.
    words: String,
    /// What could stand in their place.
    better: Option<String>,
}

impl From<Found> for FoundOne {
    fn from(found: Found) -> FoundOne {
        let Found { kind, passage, start, end, words, better } = found;
        FoundOne { kind, passage, start, end, words, better }
    }
}

/// Says what could be better in a letter about something that is owed; keeps and sends nothing.
#[utoipa::path(post, path = "/api/v1/obligations/{id}/checks", tag = "letters", request_body = Text,
    params(("id" = String, Path, description = "16 hexadecimal digits")),
    responses((status = 200, body = Findings), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn look_over(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value }: Given<Text>,
) -> Result<Json<Findings>, Refused> {
    let asker = &visitor.asker;
    let text = drafts::words::typed(&value.text, drafts::LONGEST)?;
    let mut tx = app.db.read().await?;
    let owed = asker.obligation(&mut tx, acts::id(&id)?).await?;
    let answered = drafts::answer_to(&mut tx, asker, &owed).await?;
    let files = value.attached.unwrap_or_default().into();
    let found = check::words(&mut tx, asker, answered.as_ref(), &text, files, app.now()).await?;
    tx.commit().await?;
    Ok(Json(Findings { findings: found.into_iter().map(FoundOne::from).collect() }))
}

/// A letter about something that is owed.
#[derive(Deserialize, ToSchema)]
pub(super) struct Letter {
    /// Tells this letter from any other: asked again with the same words here, it is not sent again.
    #[schema(min_length = 1, max_length = 200)]
    once: String,
    /// `answer` (as it is without), `hold`, `new_date`, `check_in` or `thanks`.
    #[schema(pattern = "^(answer|hold|new_date|check_in|thanks)$")]
    purpose: Option<String>,
    /// The letter, without signature.
    #[schema(max_length = 100_000)]
    text: String,
    /// About what; without it what it answers is about.
    #[schema(max_length = 500)]
    subject: Option<String>,
    /// To whom, such as `Jo Fenn <jo@acme.example>`; without it whoever waits.
    #[schema(max_length = 2000)]
    to: Option<String>,
    /// Who gets a copy; without it those of the firm and of the client to whom their letter went as well.
    #[schema(max_length = 4000)]
    cc: Option<String>,
    /// Who gets a copy that nobody else knows of.
    #[schema(max_length = 4000)]
    bcc: Option<String>,
    /// Their letter stands below, quoted; so it is without.
    quotes: Option<bool>,
    /// When it leaves; without it 15 seconds later. It is held back if they write first.
    #[schema(format = DateTime)]
    at: Option<String>,
    /// `smtp` (as it is without), or `drafts`: into the drafts of one's own mailbox.
    #[schema(pattern = "^(smtp|drafts)$")]
    way: Option<String>,
    /// Files that go with it.
    #[schema(max_items = 40)]
    attachments: Option<Vec<Attached>>,
}

/// A file.
#[derive(Deserialize, ToSchema)]
pub(super) struct Attached {
    /// Its name.
    #[schema(max_length = 200)]
    name: String,
    /// Its bytes, as base64.
    content: String,
}

/// What became of a letter.
#[derive(Serialize, ToSchema)]
pub(super) struct Leaving {
    /// The message, for taking it back.
    id: String,
    /// What was done.
    words: String,
    /// It was on its way already, so nothing was done.
    already: bool,
}

impl From<OnItsWay> for Leaving {
    fn from(sent: OnItsWay) -> Leaving {
        Leaving { id: sent.outgoing.0.to_string(), words: sent.words, already: sent.already }
    }
}

/// Sends a letter about something that is owed, from the mailbox of the token's owner.
#[utoipa::path(post, path = "/api/v1/obligations/{id}/letters", tag = "letters", request_body = Letter,
    params(("id" = String, Path, description = "16 hexadecimal digits")),
    responses((status = 200, body = Leaving), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 413, description = "The files are too large."), (status = 422, body = Refusal)))]
pub(super) async fn write(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value }: Given<Letter>,
) -> Result<Json<Leaving>, Refused> {
    let asker = &visitor.asker;
    let owed = acts::id(&id)?;
    let purpose = value.purpose.as_deref().unwrap_or("answer");
    let purpose = Purpose::named(purpose)
        .ok_or_else(|| Error::invalid("purpose", format!("“{purpose}” is not known")))?;
    if value.once.is_empty() || 200 < value.once.chars().count() {
        return Err(Error::invalid("once", "takes 1 to 200 characters").into());
    }
    let sent = hand_in(&app, asker, owed, purpose, value).await;
    let sent = sent.map_err(|error| match error {
        // It is read well and cannot be sent as things are: no mailbox, an address that is none.
        Error::Invalid { field, words } => Error::unfit(format!("cannot be sent: {field} {words}")),
        error => error,
    })?;
    Ok(Json(sent.into()))
}

async fn hand_in(
    app: &App,
    asker: &Asker,
    owed: ObligationId,
    purpose: Purpose,
    letter: Letter,
) -> Result<OnItsWay> {
    let at = letter.at.as_deref().map(|at| acts::moment(asker, at, "")).transpose()?;
    let ready = Ready {
        text: letter.text,
        subject: letter.subject,
        to: letter.to,
        cc: letter.cc,
        bcc: letter.bcc.unwrap_or_default(),
        quotes: letter.quotes.unwrap_or(true),
        files: letter.attachments.unwrap_or_default().into_iter().map(file).collect::<Result<_>>()?,
    };
    let wanted = Wanted { at, way: Way::named(letter.way.as_deref().unwrap_or_default()) };
    send::write(app, asker, owed, purpose, ready, &letter.once, wanted).await
}

fn file(attached: Attached) -> Result<HandedIn> {
    let bytes = STANDARD.decode(attached.content.as_bytes());
    let bytes =
        bytes.map_err(|e| Error::invalid("content", format!("of {} is no base64: {e}", attached.name)))?;
    Ok(HandedIn { name: attached.name, bytes })
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `mine` (as it is without) or `firm`.
    #[param(pattern = "^(mine|firm)$")]
    whose: Option<String>,
}

/// Messages on their way out, the newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct Outbox {
    messages: Vec<Message>,
}

/// A message on its way out.
#[derive(Serialize, ToSchema)]
pub(super) struct Message {
    /// Its id.
    id: String,
    /// `waiting`, `sending`, `sent`, `placed`, `unsure`, `failed`, `held`, `returned` or `cancelled`.
    state: &'static str,
    /// Where it stands, as a sentence.
    words: String,
    /// Everybody who gets it.
    to: Vec<String>,
    /// About what.
    subject: String,
    /// What it was written about, if anything is owed.
    obligation: Option<String>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    written_at: Moment,
    /// When it leaves, or is tried again.
    #[schema(value_type = String, format = DateTime)]
    next_at: Moment,
    /// When it left.
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Moment>,
    /// What went wrong.
    trouble: Option<String>,
}

/// Where messages stand on their way out: one's own, or all that one may know of.
#[utoipa::path(get, path = "/api/v1/outbox", params(Asked), tag = "letters",
    responses((status = 200, body = Outbox), (status = 401, body = Refusal), (status = 422, body = Refusal), (status = 400, description = "The query cannot be read.")))]
pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Json<Outbox>, Refused> {
    let (asker, now) = (&visitor.asker, app.now());
    let is_firm = match asked.whose.as_deref() {
        Some("firm") => true,
        Some("mine") | None => false,
        Some(other) => return Err(Error::invalid("whose", format!("“{other}” is not known")).into()),
    };
    let mut all = outbox::store::all(&mut app.db.read().await?, asker.firm, LISTED).await?;
    all.retain(|one| sees(asker, one.by, one.client) && (is_firm || one.by == Some(asker.staff)));
    all.truncate(MOST);
    let message = |one: Outgoing| {
        let moment = |at| Moment::new(at, &asker.zone);
        Message {
            id: one.id.0.to_string(),
            state: one.state.name(),
            words: stands(asker, &one, now),
            obligation: one.owed.map(|owed| owed.to_string()),
            written_at: moment(one.made),
            next_at: moment(one.next),
            sent_at: one.sent.map(moment),
            to: one.recipients,
            subject: one.subject,
            trouble: one.trouble,
        }
    };
    fetched(&app, asker, "letters on their way, by the API");
    Ok(Json(Outbox { messages: all.into_iter().map(message).collect() }))
}

/// What to do with a message that has not left.
#[derive(Deserialize, ToSchema)]
pub(super) struct Turning {
    /// `back`: it is a draft again. `now`: it leaves now. `left`: of one of which nobody knew, that it had left.
    /// `seen`: of one that came back, that it needs no look any more.
    #[schema(pattern = "^(back|now|left|seen)$")]
    what: String,
}

/// What that did.
#[derive(Serialize, ToSchema)]
pub(super) struct Turned {
    /// In a sentence.
    words: String,
}

/// Takes a message back, sends it now, or says that it had left.
#[utoipa::path(post, path = "/api/v1/outbox/{id}/turning", tag = "letters", request_body = Turning,
    params(("id" = String, Path, description = "A whole number")),
    responses((status = 200, body = Turned), (status = 401, body = Refusal), (status = 404, body = Refusal), (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(super) async fn turn(
    State(app): State<App>,
    Path(id): Path<String>,
    Given { visitor, value }: Given<Turning>,
) -> Result<Json<Turned>, Refused> {
    let turn =
        Turn::named(&value.what).ok_or_else(|| Error::invalid("what", "says back, now, left or seen"))?;
    let id = id.parse().map(OutgoingId).map_err(|_| Error::NotFound)?;
    let done = send::turn(&app, &visitor.asker, id, turn).await?;
    Ok(Json(Turned { words: done.words }))
}
