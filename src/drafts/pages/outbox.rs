//! The outbox: what is being written, what waits, what is held back and why, what left.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use care::obligation::ObligationId;
use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::app::App;
use crate::board::Asker;
use crate::db::Tx;
use crate::drafts::send::{self, Turn, sees};
use crate::drafts::standing::stands;
use crate::drafts::words::read_people;
use crate::drafts::{Purpose, store};
use crate::error::{Error, Result};
use crate::ids::OutgoingId;
use crate::outbox::{self, Outgoing, State as Stand, Way};
use crate::report::findings::Moment;
use crate::report::words::{SUBJECT, one_line};
use crate::today::words::{When, spoken};
use crate::web::csv::export;
use crate::web::forms::{Path, Posted, Query, own_path};
use crate::web::page::{Frame, Notice, page};
use crate::web::said::Telling;
use crate::web::trouble::{Trouble, form_urlencoded, is_part};
use crate::web::visitor::Visitor;

/// So many messages are looked through.
const LISTED: u32 = 400;
/// So many that left are shown.
const LEFT: usize = 50;
const HEAD: [&str; 7] = ["written", "state", "to", "by", "subject", "leaves_or_left", "trouble"];

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    whose: String,
    #[serde(default)]
    said: String,
}

#[derive(Template)]
#[template(path = "outbox/show.html")]
struct OutboxPage {
    frame: Frame,
    is_firm: bool,
    drafts: Vec<Begun>,
    parts: Vec<(&'static str, Vec<Line>)>,
}

/// A letter that was begun.
struct Begun {
    id: i64,
    what: &'static str,
    to: String,
    subject: String,
    words: String,
    when: When,
}

/// A message, as a line of the list.
struct Line {
    id: i64,
    to: String,
    by: Option<String>,
    subject: String,
    words: String,
    trouble: String,
    when: When,
    /// What can be done with it: the turn, and what its button says.
    turns: Vec<(&'static str, &'static str)>,
    is_wrong: bool,
}

#[derive(Template)]
#[template(path = "outbox/_state.html")]
struct StatePart {
    words: String,
    left: i64,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let is_firm = asked.whose == "firm";
    let mut tx = app.db.read().await?;
    let begun = if asker.may_act().is_ok() { begun(&mut tx, asker, now).await? } else { Vec::new() };
    let all = seen(&mut tx, asker, is_firm, LISTED).await?;
    tx.commit().await?;
    let of = |wanted: &[Stand]| -> Vec<Line> {
        let found = all.iter().filter(|one| wanted.contains(&one.state));
        found.take(LEFT).map(|one| line(asker, one, now)).collect()
    };
    let parts = [
        ("Needs a look", of(&[Stand::Failed, Stand::Held, Stand::Unsure, Stand::Returned])),
        ("On its way", of(&[Stand::Waiting, Stand::Sending])),
        ("Left", of(&[Stand::Sent, Stand::Placed])),
    ];
    Ok(page(&OutboxPage {
        frame: Frame::new(&visitor, "outbox").with_notice(Notice::said(&asked.said, "")),
        is_firm,
        drafts: begun,
        parts: parts.into_iter().filter(|(_, lines)| !lines.is_empty()).collect(),
    })?)
}

/// The messages as they are listed, whole, the newest first; what was taken back among them.
pub(super) async fn csv(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let mut tx = app.db.read().await?;
    let all = seen(&mut tx, asker, asked.whose == "firm", u32::MAX).await?;
    tx.commit().await?;
    let at = |at: Timestamp| Moment::new(at, &asker.zone).to_string();
    let row = |one: &Outgoing| {
        let is_to_leave = matches!(one.state, Stand::Waiting | Stand::Sending);
        vec![
            at(one.made),
            one.state.name().to_owned(),
            one.recipients.join(", "),
            one.by.map_or("Regard, by itself", |by| asker.name_of(by)).to_owned(),
            one.subject.clone(),
            one.sent.or(is_to_leave.then_some(one.next)).map(at).unwrap_or_default(),
            one.trouble.clone().unwrap_or_default(),
        ]
    };
    Ok(export(&app, asker, "outbox.csv", &HEAD, all.iter().map(row).collect()).await?)
}

/// The newest messages that somebody may see: their own, or the firm's.
async fn seen(tx: &mut Tx, asker: &Asker, is_firm: bool, most: u32) -> Result<Vec<Outgoing>> {
    let mut all = outbox::store::all(tx, asker.firm, most).await?;
    all.retain(|one| sees(asker, one.by, one.client) && (is_firm || one.by == Some(asker.staff)));
    Ok(all)
}

async fn begun(tx: &mut Tx, asker: &Asker, now: Timestamp) -> Result<Vec<Begun>> {
    let drafts = store::all(tx, asker.firm, asker.staff).await?;
    let seen = drafts.into_iter().filter(|draft| !asker.is_walled(draft.target.client));
    let begun = seen.map(|draft| Begun {
        id: draft.id.0,
        what: purpose_words(draft.target.purpose),
        to: called(&draft.fields.to),
        subject: one_line(&draft.fields.subject, SUBJECT),
        words: one_line(&draft.fields.words, 120),
        when: When::new(draft.changed.unwrap_or(draft.made), now, &asker.zone),
    });
    Ok(begun.collect())
}

/// Whom a letter goes to, by name where they have one.
fn called(to: &str) -> String {
    let people = read_people("To", to).unwrap_or_default();
    let names: Vec<String> = people.into_iter().map(|person| person.name.unwrap_or(person.address)).collect();
    if names.is_empty() { one_line(to, 80) } else { one_line(&names.join(", "), 80) }
}

fn purpose_words(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Answer => "Answer",
        Purpose::Hold => "Hold",
        Purpose::NewDate => "New date",
        Purpose::CheckIn => "Check-in",
        Purpose::Thanks => "Thanks",
        Purpose::Letter => "Letter",
    }
}

fn line(asker: &Asker, one: &Outgoing, now: Timestamp) -> Line {
    let is_mine = one.by == Some(asker.staff);
    let at = match one.state {
        Stand::Sent | Stand::Placed => one.sent.unwrap_or(one.next),
        Stand::Waiting | Stand::Sending => one.next,
        _ => one.made,
    };
    let turns: Vec<(&str, &str)> = match one.state {
        _ if asker.may_act().is_err() => Vec::new(),
        Stand::Waiting | Stand::Held | Stand::Failed if !is_mine => {
            if asker.may_set_up().is_ok() {
                vec![("back", "Stop it")]
            } else {
                Vec::new()
            }
        }
        // What nobody wrote, somebody has to have seen come back.
        Stand::Returned if one.by.is_none() && asker.may_set_up().is_ok() => {
            vec![("seen", "I have seen it")]
        }
        _ if !is_mine => Vec::new(),
        Stand::Waiting => vec![("now", "Send it now"), ("back", "Take it back")],
        Stand::Held => vec![("back", "Look at it again"), ("now", "Send it all the same")],
        Stand::Failed => vec![("back", "Change it"), ("now", "Send it again")],
        Stand::Returned => vec![("seen", "I have seen it")],
        Stand::Unsure => vec![("left", "It had left"), ("now", "Send it again")],
        _ => Vec::new(),
    };
    Line {
        id: one.id.0,
        to: one.recipients.join(", "),
        by: match one.by {
            Some(by) => (!is_mine).then(|| asker.name_of(by).to_owned()),
            None => Some("Regard, by itself".to_owned()),
        },
        subject: one_line(&one.subject, SUBJECT),
        words: in_line(&stands(asker, one, now), &one.recipients.join(", ")),
        trouble: one.trouble.clone().filter(|_| one.state != Stand::Held).unwrap_or_default(),
        when: When::new(at, now, &asker.zone),
        turns,
        is_wrong: matches!(one.state, Stand::Failed | Stand::Held | Stand::Unsure | Stand::Returned),
    }
}

/// Where a message stands, below a line that names who gets it already.
fn in_line(words: &str, to: &str) -> String {
    let rest = words.strip_prefix(&format!("Your letter to {to} ")).unwrap_or(words);
    let mut chars = rest.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn outgoing_id(id: &str) -> Result<OutgoingId> {
    id.parse().map(OutgoingId).map_err(|_| Error::NotFound)
}

/// Where one message stands, for the page that counts down to its leaving.
pub(super) async fn state(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let mut tx = app.db.read().await?;
    let found = send::outgoing(&mut tx, asker, outgoing_id(&id)?).await?;
    tx.commit().await?;
    if !is_part(&headers) {
        return Ok(Redirect::to(&format!("/outbox#m-{}", found.id.0)).into_response());
    }
    let left = match found.state {
        Stand::Waiting if now < found.next => found.next.duration_since(now).as_secs() + 1,
        _ => 0,
    };
    Ok(page(&StatePart { words: stands(asker, &found, now), left })?)
}

#[derive(Debug, Deserialize)]
pub(super) struct Turning {
    #[serde(default)]
    what: String,
    #[serde(default)]
    back: String,
}

pub(super) async fn turn(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<Turning>,
) -> Result<Response, Trouble> {
    let turn =
        Turn::named(&form.what).ok_or_else(|| Error::invalid("what", "is nothing that can be done here"))?;
    Ok(turned(&app, &visitor.asker, &id, turn, &form.back).await?)
}

/// Takes a message back whose notice offers it; leads to the draft that it is again.
pub(crate) async fn take_back(app: &App, asker: &Asker, id: &str, back: &str) -> Result<Response> {
    turned(app, asker, id, Turn::TakeBack, back).await
}

async fn turned(app: &App, asker: &Asker, id: &str, turn: Turn, back: &str) -> Result<Response> {
    let done = send::turn(app, asker, outgoing_id(id)?, turn).await?;
    let back = own_path(Some(back)).unwrap_or("/outbox");
    let to = match done.draft {
        Some(draft) => format!("/drafts/{}?back={}", draft.0, form_urlencoded(back)),
        None => "/outbox".to_owned(),
    };
    Ok(Telling::of(&done.words).lead(&to))
}

/// What Today says of letters that have not left.
pub(crate) struct Standings {
    /// What is on its way, by what it was written about.
    pub(crate) leaving: FxHashMap<ObligationId, String>,
    /// One's own letters that need a look: message, and what is wrong.
    pub(crate) wrong: Vec<(i64, String)>,
}

/// What Today says of letters that have not left.
pub(crate) async fn standings(tx: &mut Tx, asker: &Asker, now: Timestamp) -> Result<Standings> {
    let mut standings = Standings { leaving: FxHashMap::default(), wrong: Vec::new() };
    for one in outbox::store::standing(tx, asker.firm).await? {
        if !sees(asker, one.by, one.client) {
            continue;
        }
        let to = one.recipients.join(", ");
        let trouble =
            one.trouble.as_deref().map(|words| format!(": {}", one_line(words, 160))).unwrap_or_default();
        let is_mine = one.by == Some(asker.staff);
        match (one.state, one.owed) {
            (Stand::Waiting | Stand::Sending, Some(owed)) => {
                let who = if is_mine {
                    "your".to_owned()
                } else {
                    format!("{}’s", one.by.map_or("the firm", |by| asker.name_of(by)))
                };
                standings.leaving.insert(owed, leaving(asker, &who, one.way, one.next, now));
            }
            (Stand::Failed, _) if is_mine => {
                standings.wrong.push((one.id.0, format!("Your letter to {to} did not leave{trouble}")));
            }
            (Stand::Returned, _) if is_mine => {
                standings.wrong.push((one.id.0, format!("Your letter to {to} came back{trouble}")));
            }
            (Stand::Held, _) if is_mine => {
                standings.wrong.push((one.id.0, format!("Your letter to {to} is held back{trouble}")));
            }
            (Stand::Unsure, _) if is_mine => {
                standings
                    .wrong
                    .push((one.id.0, format!("Nobody knows whether your letter to {to} left{trouble}")));
            }
            _ => {}
        }
    }
    Ok(standings)
}

fn leaving(asker: &Asker, who: &str, way: Way, next: Timestamp, now: Timestamp) -> String {
    match way {
        Way::Drafts => format!("{who} letter is put among the drafts of the mailbox"),
        Way::Out if next < now + SignedDuration::from_mins(1) => format!("{who} letter leaves in a moment"),
        Way::Out => {
            let at = spoken(&next.to_zoned(asker.zone.clone()), &now.to_zoned(asker.zone.clone()));
            format!("{who} letter leaves {at}")
        }
    }
}
