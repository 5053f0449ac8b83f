//! One thing that is owed, opened: the letters that prove it, and what can be done about it.

use std::borrow::Cow;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use care::entry::Of;
use care::obligation::{Evidence, Kind, Obligation, Role, state};
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use super::exhibits::{Exhibit, exhibits};
use super::reach::Reach;
use super::undo::lead_back;
use crate::app::App;
use crate::board::{Asker, Card};
use crate::db::Tx;
use crate::drafts::{self, Purpose};
use crate::error::Result;
use crate::holding;
use crate::ids::NaturalKey;
use crate::mailboxes::junk;
use crate::notes::call::{self, CallForm};
use crate::report::told;
use crate::today::acts::{self, REASONS, Wish, mark};
use crate::today::letters;
use crate::today::words::{self, When};
use crate::web::forms::{Path, Posted, Query, own_path};
use crate::web::page::{Frame, Notice, page};
use crate::web::trouble::{Trouble, form_urlencoded, is_part};
use crate::web::visitor::Visitor;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    undo: String,
    #[serde(default)]
    said: String,
    #[serde(default)]
    back: String,
    /// Until when a hold is to say; as a browser gives it.
    #[serde(default)]
    until: String,
}

/// The whole page.
#[derive(Template)]
#[template(path = "today/opened.html")]
struct OpenedPage<'a> {
    frame: Frame,
    one: Opened<'a>,
}

/// The part that the list unfolds.
#[derive(Template)]
#[template(path = "today/_opened.html")]
struct OpenedPart<'a> {
    frame: Frame,
    one: Opened<'a>,
}

struct Opened<'a> {
    id: String,
    kind: &'static str,
    client: &'a str,
    client_href: String,
    contact: String,
    email: String,
    /// Numbers at which they are reached, and what rings each.
    numbers: Vec<(String, String)>,
    owner: &'a str,
    standin: String,
    due: When,
    why: String,
    state: &'static str,
    is_owed: bool,
    is_upkeep: bool,
    is_promise: bool,
    /// A colleague's question to whoever asks for the page: the client to note the answer at.
    answers_at: Option<i64>,
    /// The form by which a call with them is logged.
    call: Option<CallForm>,
    /// What tells one writing of a note from another.
    once: String,
    is_proposed_end: bool,
    lack: Cow<'static, str>,
    /// Where what a record lacks is told; empty where nothing is.
    tell_href: String,
    /// Who was told by itself that it will take a while, when, and by when they will hear.
    held: Option<(String, When, String)>,
    /// A mail server took what they wrote for unwanted, and it lies there still.
    is_unwanted: bool,
    letters: Vec<Exhibit>,
    /// Letters can be written here: a mailbox is connected.
    writes: bool,
    /// What a letter would be written for, and the words of its button; nothing where none is fitting.
    purposes: Vec<(&'static str, &'static str)>,
    answer_href: String,
    hold_words: String,
    hold_href: String,
    until: String,
    colleagues: Vec<(String, &'a str)>,
    reasons: [&'static str; REASONS.len()],
    seen: String,
    back: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let mut tx = app.db.read().await?;
    let found = asker.obligation(&mut tx, acts::id(&id)?).await?;
    let back = own_path(Some(&asked.back)).unwrap_or("/today").to_owned();
    let until = acts::moment(asker, &asked.until, "").ok().filter(|until| now < *until);
    let until = until.unwrap_or_else(|| next_noon(asker, now));
    let one = opened(&mut tx, asker, &found, back, until, now).await?;
    tx.commit().await?;
    app.seen.note(asker.firm, asker.staff, "saw", format!("client {}", found.client.0), now);
    let notice = Notice::said(&asked.said, &asked.undo);
    let frame = Frame::new(&visitor, "today").with_notice(notice);
    Ok(if is_part(&headers) { page(&OpenedPart { frame, one })? } else { page(&OpenedPage { frame, one })? })
}

#[derive(Debug, Deserialize)]
pub(super) struct Decided {
    #[serde(flatten)]
    wish: Wish,
    #[serde(default)]
    back: String,
}

pub(super) async fn decide(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<Decided>,
) -> Result<Response, Trouble> {
    let done = acts::act(&app, &visitor.asker, acts::id(&id)?, &form.wish).await?;
    Ok(lead_back(&form.back, &done))
}

async fn opened<'a>(
    tx: &mut Tx,
    asker: &'a Asker,
    owed: &Obligation,
    back: String,
    until: Timestamp,
    now: Timestamp,
) -> Result<Opened<'a>> {
    let house = &asker.board.firm;
    let card = house.clients.get(&owed.client);
    let names = letters::names(tx, asker, std::iter::once(owed)).await?;
    let contact = owed.contact.and_then(|address| names.get(&address).cloned()).unwrap_or_default();
    let Reach { email, numbers } = match owed.contact {
        Some(address) => Reach::of(tx, asker, owed.client, address, &contact).await?,
        None => Reach::default(),
    };
    let letters = exhibits(tx, asker, owed, now).await?;
    let stands = state(owed, now.max(owed.opened_at)).map(|(state, _)| state);
    let subject = letters.first().map(|letter| letter.subject.clone()).unwrap_or_default();
    let hold = hold_words(asker, &contact, until);
    let writes = asker.may_act().is_ok() && !drafts::senders(tx, asker).await?.is_empty();
    Ok(Opened {
        id: owed.id.to_string(),
        kind: words::kind(owed.kind),
        client: card.map_or("", |card| &card.name),
        client_href: card.map(record_of).unwrap_or_default(),
        writes,
        purposes: if writes { purposes(owed.kind) } else { Vec::new() },
        answer_href: mailto(&email, &subject, ""),
        hold_href: mailto(&email, &subject, &hold),
        hold_words: hold,
        email,
        numbers,
        owner: owed.owner.map_or("nobody", |owner| asker.name_of(owner)),
        standin: standin(asker, owed, now),
        due: When::due(owed.due_at, now, &asker.zone),
        why: words::why(owed, now, &asker.zone),
        state: stands.map_or("open", words::state),
        is_owed: stands.is_none_or(|state| state.is_owed()),
        is_upkeep: owed.kind.is_upkeep(),
        is_promise: owed.kind == Kind::Promise,
        answers_at: card.filter(|_| is_asked(asker, owed)).map(|card| card.id.0),
        call: CallForm::about(asker, owed, &contact, &back, now),
        once: call::once(now),
        is_proposed_end: owed.ended.is_some_and(|ended| ended.proposed),
        lack: words::lack(owed, &house.book, now),
        tell_href: tell_href(asker, owed, card, &back, now),
        held: held(tx, asker, owed, now).await?,
        is_unwanted: is_unwanted(tx, asker, owed).await?,
        letters,
        until: until.to_zoned(asker.zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string(),
        colleagues: others(asker, owed),
        reasons: REASONS,
        seen: mark(owed),
        contact,
        back,
    })
}

/// Where a client's record is; empty where nobody has confirmed them.
fn record_of(card: &Card) -> String {
    if card.is_confirmed() { format!("/clients/{}", card.id.0) } else { String::new() }
}

/// Where what the record lacks is told, which leads back to where it was opened.
fn tell_href(asker: &Asker, owed: &Obligation, card: Option<&Card>, back: &str, now: Timestamp) -> String {
    let first = told::lacking(&asker.board.firm.book, owed.client, now).iter().next();
    let confirmed = card.filter(|card| owed.kind == Kind::RecordGap && card.is_confirmed());
    confirmed.zip(first).map_or_else(String::new, |(card, first)| {
        format!("/clients/{}?tell={}&back={}", card.id.0, first.name(), form_urlencoded(back))
    })
}

/// Who stands in for whoever owes it, while they are away.
fn standin(asker: &Asker, owed: &Obligation, now: Timestamp) -> String {
    let house = &asker.board.firm;
    let today = now.to_zoned(house.zone.clone()).date();
    let standin = owed.owner.and_then(|owner| house.book.covering(owner, owed.client, today, []));
    standin.map(|staff| asker.name_of(staff).to_owned()).unwrap_or_default()
}

/// To whom it may be handed, or who may be asked about it: everybody but whoever owes it.
fn others<'a>(asker: &'a Asker, owed: &Obligation) -> Vec<(String, &'a str)> {
    let others = asker.colleagues().into_iter().filter(|(staff, _)| Some(*staff) != owed.owner);
    others.map(|(staff, name)| (staff.0.to_string(), name)).collect()
}

/// Whether it is a question that a colleague asked of whoever looks.
fn is_asked(asker: &Asker, owed: &Obligation) -> bool {
    let is_noted = |evidence: &Evidence| matches!(evidence.of, Of::Note(_));
    let is_theirs = owed.owner == Some(asker.staff) && owed.ended.is_none();
    owed.kind == Kind::Question && is_theirs && owed.evidence.iter().any(is_noted)
}

/// What the firm said by itself to whoever waits.
async fn held(
    tx: &mut Tx,
    asker: &Asker,
    owed: &Obligation,
    now: Timestamp,
) -> Result<Option<(String, When, String)>> {
    let mut told = holding::store::told(tx, asker.firm, std::iter::once(owed)).await?;
    Ok(told.remove(&owed.id).map(|told| {
        let until = told.until.map(|until| When::new(until, now, &asker.zone).words).unwrap_or_default();
        (told.address, When::new(told.at, now, &asker.zone), until)
    }))
}

/// Whether a mail server holds a letter for unwanted for which somebody waits.
async fn is_unwanted(tx: &mut Tx, asker: &Asker, owed: &Obligation) -> Result<bool> {
    let is_theirs = |evidence: &&Evidence| matches!(evidence.role, Role::Opened | Role::Joined);
    let letters: Vec<NaturalKey> =
        owed.evidence.iter().filter(is_theirs).map(|evidence| evidence.of.key()).collect();
    junk::holds_one(tx, asker.firm, &letters).await
}

/// Letters that fit something owed, the usual one first; a hold and a new date have a form of their own.
fn purposes(kind: Kind) -> Vec<(&'static str, &'static str)> {
    let words = |purpose: Purpose| match purpose {
        Purpose::CheckIn => "Write a short word",
        Purpose::Thanks => "Write thanks",
        Purpose::Answer if kind == Kind::Promise => "Write",
        _ => "Answer",
    };
    let all = [Purpose::Answer, Purpose::CheckIn, Purpose::Thanks];
    all.into_iter()
        .filter(|p| p.suits(kind) && kind != Kind::Question)
        .map(|p| (p.name(), words(p)))
        .collect()
}

/// Noon of the next working day: what a hold offers first.
fn next_noon(asker: &Asker, now: Timestamp) -> Timestamp {
    let book = &asker.board.firm.book;
    let mut day = now.to_zoned(asker.zone.clone()).date();
    for _ in 0..30 {
        day = day.saturating_add(1.day());
        if book.calendar.is_working_day(day) {
            break;
        }
    }
    day.at(12, 0, 0, 0).to_zoned(asker.zone.clone()).map_or(now, |noon| noon.timestamp())
}

fn hold_words(asker: &Asker, contact: &str, until: Timestamp) -> String {
    let by = until.to_zoned(asker.zone.clone()).strftime("%A %-d %B, %H:%M");
    let name = contact.split_whitespace().next().filter(|name| !name.contains('@')).unwrap_or("all");
    let me = asker.name_of(asker.staff);
    format!(
        "Dear {name},\n\nThank you for your message. You will hear from us by {by}.\n\nKind regards\n{me}\n"
    )
}

/// A link that opens the reader's own mail program.
fn mailto(email: &str, subject: &str, body: &str) -> String {
    if email.is_empty() {
        return String::new();
    }
    let subject = if subject.is_empty() { String::new() } else { format!("Re: {subject}") };
    let body = body.replace('\n', "\r\n");
    format!("mailto:{email}?subject={}&body={}", form_urlencoded(&subject), form_urlencoded(&body))
}
