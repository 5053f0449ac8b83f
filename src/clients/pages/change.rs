//! Changing who looks after a client; merging two that are one; and taking changes of clients and contacts back.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::Response;
use care::entry::Verdict;
use care::particular::Particular;
use jiff::Timestamp;
use serde::Deserialize;

use super::client::find;
use super::rows::visible;
use crate::app::App;
use crate::board::{Asker, Card};
use crate::clients::changed::{self, Change, Undone, What};
use crate::clients::contacts::Person;
use crate::clients::details::{Details, touched};
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::ids::StaffId;
use crate::record::{audit, changes};
use crate::report::told::called as what_is_called;
use crate::report::words::{counted, one_line};
use crate::text::line;
use crate::today::acts::{Done, colleague};
use crate::today::decide;
use crate::today::pages::lead_back;
use crate::today::words::When;
use crate::web::forms::{Path, Posted};
use crate::web::trouble::Trouble;

/// So much is said of what stood before, in characters.
const SAID: usize = 80;
/// So many names are offered where several are meant.
const OFFERED: usize = 5;

/// Makes a client, or a contact, as they were before a change: one's own, or, for owners, anybody's.
pub(crate) async fn change_back(app: &App, asker: &Asker, change: &str) -> Result<Done> {
    asker.may_act()?;
    let now = app.now();
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let id = change.parse().map_err(|_| Error::NotFound)?;
    let change = changed::one(&mut tx, asker.firm, id).await?;
    asker.client(change.client)?;
    if change.by != asker.staff {
        asker.may_set_up()?;
    }
    let words = match changed::undo(&mut tx, asker.firm, &change, now).await? {
        Undone::Already => "That had been undone already.".to_owned(),
        Undone::ChangedSince => {
            "Nothing was changed: it was changed again since. Undo that first.".to_owned()
        }
        Undone::GivenAway => {
            "Nothing was changed: an address that they had is somebody else’s by now. Undo that first."
                .to_owned()
        }
        Undone::Yes => {
            let detail = detail(&change, Way::Back);
            audit::note(&mut tx, asker.firm, asker.staff, "undid", &detail, now).await?;
            app.commit(asker.firm, tx).await?;
            format!("Undone. {}", change.what.is_back())
        }
    };
    Ok(Done::Already { words })
}

/// Which way a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    There,
    Back,
}

/// A change for the log, which names nobody: it outlives a client who is erased.
pub(super) fn detail(change: &Change, way: Way) -> String {
    let parts = match (&change.what, way) {
        (What::Client { old, new }, Way::There) | (What::Client { old: new, new: old }, Way::Back) => {
            let [old_tier, new_tier] = [old, new].map(|details| details.tier.as_deref().unwrap_or("none"));
            vec![
                (old.name != new.name).then(|| "another name".to_owned()),
                (old.tier != new.tier).then(|| format!("tier {old_tier} → {new_tier}")),
            ]
            .into_iter()
            .chain(touched(old, new).into_iter().map(|what| Some(told(what, old, new))))
            .collect()
        }
        (What::Contact { old: None, .. }, Way::There) => vec![Some("a contact added".to_owned())],
        (What::Contact { old: None, .. }, Way::Back) => vec![Some("an added contact taken away".to_owned())],
        (What::Removed { .. }, Way::There) => vec![Some("a contact removed".to_owned())],
        (What::Removed { .. }, Way::Back) => vec![Some("a removed contact brought back".to_owned())],
        (What::Contact { old: Some(old), new, .. }, Way::There)
        | (What::Contact { old: Some(new), new: old, .. }, Way::Back) => vec![
            Some("a contact changed".to_owned()),
            (old.name != new.name).then(|| "another name".to_owned()),
            (old.role != new.role).then(|| "another role".to_owned()),
            of_addresses(old, new, "taken off"),
            of_addresses(new, old, "added"),
        ],
    };
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("client {}: {}", change.client.0, parts.join("; "))
}

/// What became of something that a record tells.
fn told(what: Particular, old: &Details, new: &Details) -> String {
    let how = match (old.told.contains_key(&what), new.told.contains_key(&what)) {
        (false, _) => "told",
        (true, true) => "told anew",
        (true, false) => "taken away",
    };
    format!("{} {how}", what.name())
}

/// How many addresses and numbers of somebody they have not any more.
fn of_addresses(of: &Person, not: &Person, what: &str) -> Option<String> {
    let many = of.addresses.iter().filter(|address| !not.addresses.contains(address)).count();
    (0 < many).then(|| format!("{} {what}", counted(many, "address or number", "addresses or numbers")))
}

/// How it was before a change, as the end of a sentence: "it was Acme Ltd, tier B".
pub(super) fn before(what: &What) -> String {
    match what {
        What::Client { old, new } => {
            let is_called = old.called(new).map(|called| format!("it was {called}"));
            let said = touched(old, new).into_iter().map(|what| {
                let words = old.told.get(&what).map(|words| one_line(words, SAID));
                let words = words.map_or_else(|| "empty".to_owned(), |words| format!("“{words}”"));
                format!("“{}” was {words}", what_is_called(what))
            });
            is_called.into_iter().chain(said).collect::<Vec<_>>().join("; ")
        }
        What::Contact { old: None, .. } => "it was nobody".to_owned(),
        What::Contact { old: Some(old), .. } | What::Removed { was: old, .. } => match &old.role {
            Some(role) => format!("it was {}, {role}", old.name),
            None => format!("it was {}", old.name),
        },
    }
}

/// The last of some changes that stands: its key, and what it was before; none where somebody else than `asker` made it,
/// unless they are an owner.
pub(super) fn earlier(
    asker: &Asker,
    last: Option<&Change>,
    stands: impl Fn(&What) -> bool,
    now: Timestamp,
) -> Option<(String, String)> {
    let change = last.filter(|change| change.by == asker.staff || asker.may_set_up().is_ok())?;
    if !stands(&change.what) {
        // A list that came again may have said something else since.
        return None;
    }
    let when = When::ago(change.at, now, &asker.zone).words;
    let by = if change.by == asker.staff { "You" } else { asker.name_of(change.by) };
    let words = match &change.what {
        What::Contact { old: None, .. } => format!("{by} added them {when}."),
        What::Removed { .. } => format!("{by} removed them {when}."),
        what => format!("{by} changed this {when}; before, {}.", before(what)),
    };
    Some((change.key(), words))
}

/// The tiers that a client may have: those that were promised times of their own, and those that lists gave.
pub(super) fn tiers(asker: &Asker) -> Vec<String> {
    let promised = asker.board.firm.book.standards.tiers.keys().cloned();
    let given = visible(asker).filter_map(|card| card.tier.as_ref().map(|tier| tier.to_lowercase()));
    promised.chain(given).collect::<BTreeSet<String>>().into_iter().collect()
}

pub(super) fn known_tier(asker: &Asker, typed: &str) -> Result<String> {
    let (typed, known) = (typed.to_lowercase(), tiers(asker));
    match known.contains(&typed) {
        true => Ok(typed),
        false => Err(Error::invalid(
            "the tier",
            format!(
                "“{typed}” is none; there are {}, and an owner makes others under Settings, Standards",
                known.join(", ")
            ),
        )),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct PointPerson {
    staff: String,
}

/// Names the one face that the client knows.
pub(super) async fn point_person(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<PointPerson>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_act()?;
    let card = find(asker, &id)?;
    let done = set_point_person(&app, asker, card, colleague(asker, &form.staff)?).await?;
    Ok(lead_back(&format!("/clients/{}", card.id.0), &done))
}

/// Makes somebody the one face that a client knows.
pub(crate) async fn set_point_person(app: &App, asker: &Asker, card: &Card, staff: StaffId) -> Result<Done> {
    asker.may_act()?;
    if card.point_person == Some(staff) {
        let words = format!("Nothing was changed: {} is it already.", asker.name_of(staff));
        return Ok(Done::Already { words });
    }
    let what = Verdict::PointPerson { client: card.id, staff };
    let words = format!("{} is now the point person of {}.", asker.name_of(staff), card.name);
    let detail = format!("client {}: point person is {}", card.id.0, asker.name_of(staff));
    enter(app, asker, what, &detail, words).await
}

#[derive(Debug, Deserialize)]
pub(super) struct Merging {
    other: String,
}

/// Says that this client is another one: all of it goes there.
pub(super) async fn merge(
    State(app): State<App>,
    Path(id): Path<String>,
    Posted { visitor, form }: Posted<Merging>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_act()?;
    let card = find(asker, &id)?;
    let other = meant(asker, card, &line("the other client", &form.other, 200)?)?;
    let done = merge_into(&app, asker, card, other).await?;
    Ok(lead_back(&format!("/clients/{}", other.id.0), &done))
}

/// Says that one client is another one.
pub(crate) async fn merge_into(app: &App, asker: &Asker, card: &Card, other: &Card) -> Result<Done> {
    asker.may_act()?;
    let what = Verdict::Merged { from: card.id, into: other.id };
    let words = format!("{} is now part of {}.", card.name, other.name);
    let detail = format!("client {} merged into {}", card.id.0, other.id.0);
    enter(app, asker, what, &detail, words).await
}

/// The client whom somebody means by a name, or by a part of it that no other has.
fn meant<'a>(asker: &'a Asker, not: &Card, typed: &str) -> Result<&'a Card> {
    let sought = typed.to_lowercase();
    let others = || visible(asker).filter(|card| card.id != not.id && !sought.is_empty());
    if let Some(exact) = others().find(|card| card.name.to_lowercase() == sought) {
        return Ok(exact);
    }
    let mut alike: Vec<&Card> = others().filter(|card| card.name.to_lowercase().contains(&sought)).collect();
    alike.sort_by(|a, b| a.name.cmp(&b.name));
    match alike.as_slice() {
        [one] => Ok(one),
        [] => Err(Error::invalid("the other client", format!("is not known: nobody is called “{typed}”"))),
        several => {
            let names: Vec<&str> = several.iter().take(OFFERED).map(|card| card.name.as_str()).collect();
            Err(Error::invalid("the other client", format!("may be one of several: {}", names.join("; "))))
        }
    }
}

async fn enter(app: &App, asker: &Asker, what: Verdict, detail: &str, words: String) -> Result<Done> {
    let now = app.now();
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let entered = decide::enter(&mut tx, asker.firm, what, asker.staff, "", now).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "changed", detail, now).await?;
    app.commit(asker.firm, tx).await?;
    Ok(Done::Entered { decision: entered.decision, words })
}
