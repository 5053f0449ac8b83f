//! The people of the firm, for its owners.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::links::{Link, whole};
use super::{Nothing, Said, Tab, frame, lead, tabs};
use crate::access::secret::Secret;
use crate::access::{Access, invitations, passwords};
use crate::app::App;
use crate::board::Asker;
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{AbsenceId, StaffId};
use crate::record::{audit, changes, texts};
use crate::report::words;
use crate::set_up::{mail_address, person};
use crate::settings::people::{self, Change};
use crate::settings::{commit, commit_and_refold};
use crate::staff::{self, Absence};
use crate::text::line;
use crate::today::acts::colleague;
use crate::web::csv::export;
use crate::web::forms::{Path, Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const HEAD: [&str; 6] = ["name", "email", "role", "access", "account", "last_day"];
const ABSENCES: [&str; 4] = ["name", "from", "to", "cover"];

#[derive(Template)]
#[template(path = "settings/people.html")]
struct PeoplePage {
    frame: Frame,
    tabs: Vec<Tab>,
    people: Vec<Line>,
    absences: Vec<Away>,
    /// A link that was made this moment, and for whom.
    invited: Option<Invited>,
}

struct Line {
    id: i64,
    name: String,
    email: String,
    role: String,
    access: &'static str,
    left: String,
    /// The last day in words.
    gone: String,
    state: &'static str,
}

struct Away {
    id: i64,
    name: String,
    /// From when to when, in words.
    days: String,
    cover: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    Ok(list(&app, &visitor, &said, None).await?)
}

/// A link that somebody comes in with.
struct Invited {
    link: Link,
    name: String,
}

async fn invited(
    tx: &mut Tx,
    headers: &HeaderMap,
    asker: &Asker,
    secret: &Secret,
    name: String,
) -> Result<Invited> {
    let path = format!("/join/{}.{}", asker.firm.0, secret.text());
    Ok(Invited { link: whole(tx, headers, asker.firm, &path).await?, name })
}

async fn list(app: &App, visitor: &Visitor, told: &Said, invited: Option<Invited>) -> Result<Response> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let people = lines(&mut tx, asker).await?;
    let absences = absences(&mut tx, asker, app.now()).await?;
    tx.commit().await?;
    let now = app.now().to_zoned(asker.zone.clone());
    let said = |day: Date| day.to_zoned(asker.zone.clone()).map(|day| words::day(&day, &now));
    let name = |id: StaffId| {
        people.iter().find(|person| person.id == id.0).map_or("somebody", |person| &person.name).to_owned()
    };
    let days = |away: &Absence| match (said(away.from), said(away.to)) {
        (Ok(from), Ok(_)) if away.from == away.to => from,
        (Ok(from), Ok(to)) => format!("{from} to {to}"),
        // A day at the end of all time has no hour in every zone.
        _ => format!("{} to {}", away.from, away.to),
    };
    let absences: Vec<Away> = absences
        .iter()
        .map(|away| Away {
            id: away.id.0,
            name: name(away.staff),
            days: days(away),
            cover: away.cover.map(name).unwrap_or_default(),
        })
        .collect();
    page(&PeoplePage {
        frame: frame(visitor, told),
        tabs: tabs(visitor, "/settings/people"),
        people,
        absences,
        invited,
    })
}

/// The absences that are not over yet.
async fn absences(tx: &mut Tx, asker: &Asker, now: Timestamp) -> Result<Vec<Absence>> {
    let today = now.to_zoned(asker.zone.clone()).date();
    let mut all = staff::store::absences(tx, asker.firm).await?;
    all.retain(|away| today <= away.to);
    Ok(all)
}

/// Everybody, those who left at the end.
async fn lines(tx: &mut Tx, asker: &Asker) -> Result<Vec<Line>> {
    let mut all = staff::store::all(tx, asker.firm).await?;
    let accounts = passwords::all(tx, asker.firm).await?;
    let numbers: Vec<_> = all.iter().flat_map(|person| person.addresses.clone()).collect();
    let emails = texts::addresses(tx, asker.firm, numbers).await?;
    all.sort_by_key(|person| (person.left.is_some(), person.proposed, person.name.to_lowercase()));
    let line_of = |person: &staff::Person| {
        let mut known = person.addresses.iter().filter_map(|address| emails.get(address));
        let account = accounts.iter().find(|(staff, _)| *staff == person.id).map(|(_, email)| email.clone());
        let state = match (account.is_some(), person.proposed) {
            (true, _) => "has an account",
            (false, true) => "known by the mail alone; no account yet",
            (false, false) => "no account yet",
        };
        let email =
            account.or_else(|| known.find(|(text, _)| text.contains('@')).map(|(text, _)| text.clone()));
        Line {
            id: person.id.0,
            name: person.name.clone(),
            email: email.unwrap_or_default(),
            role: person.role.clone(),
            access: Access::named(&person.access).name(),
            left: person.left.map(|left| left.to_string()).unwrap_or_default(),
            gone: person.left.map(|left| left.strftime("%-d %b %Y").to_string()).unwrap_or_default(),
            state,
        }
    };
    Ok(all.iter().map(line_of).collect())
}

/// Who works here, and worked here.
pub(super) async fn csv(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let people = lines(&mut tx, asker).await?;
    tx.commit().await?;
    let row = |one: Line| {
        vec![one.name, one.email, one.role, one.access.to_owned(), one.state.to_owned(), one.left]
    };
    Ok(export(&app, asker, "people.csv", &HEAD, people.into_iter().map(row).collect()).await?)
}

/// Who is and will be away.
pub(super) async fn absences_csv(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let all = absences(&mut tx, asker, app.now()).await?;
    tx.commit().await?;
    let name = |staff: StaffId| asker.name_of(staff).to_owned();
    let row = |away: &Absence| {
        let cover = away.cover.map(name).unwrap_or_default();
        vec![name(away.staff), away.from.to_string(), away.to.to_string(), cover]
    };
    Ok(export(&app, asker, "absences.csv", &ABSENCES, all.iter().map(row).collect()).await?)
}

#[derive(Debug, Deserialize)]
pub(super) struct AddForm {
    name: String,
    email: String,
    access: String,
}

/// Adds somebody, and makes the link with which they come in.
pub(super) async fn add(
    State(app): State<App>,
    headers: HeaderMap,
    Posted { visitor, form }: Posted<AddForm>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_set_up()?;
    let name = line("the name", &form.name, 200)?;
    if name.is_empty() {
        return Err(Error::invalid("the name", "is missing").into());
    }
    let email = mail_address(&form.email)?;
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    if passwords::find(&mut tx, asker.firm, &email).await?.is_some() {
        return Err(Error::invalid(email, "has an account already").into());
    }
    let staff = person(&mut tx, asker.firm, &name, &email, Access::named(&form.access), now).await?;
    let secret = invitations::make(&mut tx, asker.firm, staff, &email, asker.staff, now).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "invited", &format!("{name} {email}"), now).await?;
    let link = invited(&mut tx, &headers, asker, &secret, name).await?;
    commit_and_refold(&app, asker, tx).await?;
    Ok(list(&app, &visitor, &Said::default(), Some(link)).await?)
}

#[derive(Debug, Deserialize)]
pub(super) struct SaveForm {
    #[serde(default)]
    role: String,
    access: String,
    #[serde(default)]
    left: String,
}

fn day(field: &str, text: &str) -> Result<Option<Date>> {
    match text.trim() {
        "" => Ok(None),
        text => {
            let wrong = |why| Error::invalid(field, format!("is “{text}”, {why}; write it like 2026-12-24"));
            crate::text::day(text).map(Some).map_err(wrong)
        }
    }
}

fn needed(field: &str, text: &str) -> Result<Date> {
    day(field, text)?.ok_or_else(|| Error::invalid(field, "is missing"))
}

pub(super) async fn save(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<SaveForm>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let left = day("the last day", &form.left)?;
    let change = Change { role: form.role, access: Access::named(&form.access), left };
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let before = people::one(&mut tx, asker.firm, StaffId(id)).await?;
    people::change(&mut tx, asker, StaffId(id), change, app.now()).await?;
    // Who works here is part of what is owed; what somebody may do is not.
    match before.left == left && !before.proposed {
        true => commit(&app, asker, tx).await?,
        false => commit_and_refold(&app, asker, tx).await?,
    }
    Ok(lead("/settings/people", &format!("{} is changed.", before.name)))
}

pub(super) async fn invite(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_set_up()?;
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let known = people::one(&mut tx, asker.firm, StaffId(id)).await?;
    let account = passwords::of_staff(&mut tx, asker.firm, known.id).await?.map(|(email, _)| email);
    let emails = texts::addresses(&mut tx, asker.firm, known.addresses.clone()).await?;
    let email = account.or_else(|| {
        let mut texts = known.addresses.iter().filter_map(|address| emails.get(address));
        texts.find(|(text, _)| text.contains('@')).map(|(text, _)| text.clone())
    });
    let email =
        email.ok_or_else(|| Error::invalid(known.name.clone(), "has no mail address that is known"))?;
    let secret = invitations::make(&mut tx, asker.firm, known.id, &email, asker.staff, now).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "invited", &format!("{} {email}", known.name), now).await?;
    let link = invited(&mut tx, &headers, asker, &secret, known.name).await?;
    tx.commit().await?;
    Ok(list(&app, &visitor, &Said::default(), Some(link)).await?)
}

#[derive(Debug, Deserialize)]
pub(super) struct AwayForm {
    staff: String,
    from: String,
    to: String,
    #[serde(default)]
    cover: String,
}

pub(super) async fn away(
    State(app): State<App>,
    Posted { visitor, form }: Posted<AwayForm>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let absence = Absence {
        id: AbsenceId(tx.new_id()),
        staff: colleague(asker, &form.staff)?,
        from: needed("the first day", &form.from)?,
        to: needed("the last day", &form.to)?,
        cover: if form.cover.is_empty() { None } else { Some(colleague(asker, &form.cover)?) },
    };
    people::away(&mut tx, asker, &absence, app.now()).await?;
    commit_and_refold(&app, asker, tx).await?;
    Ok(lead("/settings/people", "The absence is noted."))
}

pub(super) async fn here(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    people::here_after_all(&mut tx, asker, AbsenceId(id), app.now()).await?;
    commit_and_refold(&app, asker, tx).await?;
    Ok(lead("/settings/people", "The absence is taken back."))
}
