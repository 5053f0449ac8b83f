//! One's own mailboxes, and what of them the firm sees.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use super::alarms::{Told, told};
use super::signing::{Door, all_doors};
use super::{Said, Tab, colleagues, frame, lead, tabs};
use crate::access::Access;
use crate::app::App;
use crate::app::work::called;
use crate::board::Asker;
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::ids::MailboxId;
use crate::mailboxes::{Connection, FetchBy, SecretKind, SendBy, junk};
use crate::record::{audit, changes, excluded};
use crate::report::findings::Moment;
use crate::report::words::{SUBJECT, counted, one_line};
use crate::settings::connections::{self, Standing, Theirs};
use crate::settings::{commit, mailboxes};
use crate::today::acts::colleague;
use crate::today::words::When;
use crate::web::csv::export;
use crate::web::forms::{Path, Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const HEAD: [&str; 5] = ["address", "whose", "servers", "standing", "fetched"];

#[derive(Template)]
#[template(path = "settings/mailboxes.html")]
struct MailboxesPage {
    frame: Frame,
    tabs: Vec<Tab>,
    alarms: Vec<Told>,
    mine: Vec<Shown>,
    unowned: Vec<Shown>,
    people: Vec<(i64, String)>,
    /// Those of others, for owners of the firm.
    others: Vec<Other>,
    excluded: Vec<String>,
    held: Vec<Held>,
    /// Why nothing can be connected here; empty where it can.
    cannot: String,
    is_busy: bool,
    has_connected: bool,
}

/// A mailbox of one's own: connected, or brought in from files, or both.
struct Shown {
    id: i64,
    name: String,
    is_chosen: bool,
    /// It is nobody's alone.
    is_shared: bool,
    folders: Vec<mailboxes::Folder>,
    connected: Option<Connected>,
}

/// How a mailbox on a server does.
#[derive(Clone)]
struct Connected {
    standing: Standing,
    servers: String,
    folders: String,
    signature: String,
    is_token: bool,
    /// Who signs in to it: the id, what it is called, whether it gives short codes.
    door: Option<Door>,
    rests: bool,
    is_begun: bool,
}

/// A colleague's mailbox, as an owner of the firm sees it.
struct Other {
    id: i64,
    address: String,
    whose: String,
    standing: Standing,
    rests: bool,
}

/// A client's letter that a server holds back.
struct Held {
    client: String,
    client_id: i64,
    mailbox: String,
    sender: String,
    subject: String,
    when: When,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let mut tx = app.db.read().await?;
    let is_owner = asker.access == Access::Owner;
    let all = mailboxes::folders(&mut tx, asker.firm, asker.staff, is_owner).await?;
    let connected = connections::all(&mut tx, asker.firm).await?;
    let excluded = excluded::of(&mut tx, asker.firm, asker.staff).await?;
    let junk = junk::all(&mut tx, asker.firm).await?;
    let alarms = told(&mut tx, asker, now).await?;
    let doors = all_doors(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let when = |at| When::new(at, now, &asker.zone);
    let (mut mine, unowned) = by_mailbox(all);
    let (others, mut own_names) = place(asker, connected, &mut mine, &doors, now);
    own_names.extend(mine.iter().map(|one| one.name.clone()));
    let held = junk.into_iter().filter(|letter| own_names.contains(&letter.mailbox));
    let held = held.filter(|letter| asker.client(letter.client).is_ok()).map(|letter| Held {
        client: letter.client_name,
        client_id: letter.client.0,
        mailbox: letter.mailbox,
        sender: letter.sender,
        subject: one_line(&letter.subject, SUBJECT),
        when: when(letter.sent),
    });
    Ok(page(&MailboxesPage {
        frame: frame(&visitor, &said),
        tabs: tabs(&visitor, "/settings/mailboxes"),
        alarms,
        held: held.collect(),
        is_busy: mine.iter().any(|one| one.connected.as_ref().is_some_and(|c| c.standing.is_busy)),
        has_connected: !others.is_empty() || mine.iter().any(|one| one.connected.is_some()),
        mine,
        unowned,
        people: colleagues(asker),
        others,
        excluded,
        cannot: app.outside.keys().err().map(|error| words_of(&error)).unwrap_or_default(),
    })?)
}

/// The connected mailboxes that somebody manages, for owners all of the firm, as a file.
pub(super) async fn csv(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    let mut tx = app.db.read().await?;
    let all = connections::all(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let when = |at| When::new(at, now, &asker.zone).words;
    let row = |one: &Theirs| {
        let connection = &one.connection;
        let whose = one.owner.map(|owner| asker.name_of(owner).to_owned()).unwrap_or_default();
        let fetched = connection.health.fetched.map(|at| Moment::new(at, &asker.zone).to_string());
        let words = connections::standing(connection, now, when).words;
        vec![connection.address.clone(), whose, servers(connection), words, fetched.unwrap_or_default()]
    };
    let seen = all.iter().filter(|one| one.is_managed_by(asker) || asker.access == Access::Owner);
    Ok(export(&app, asker, "mailboxes.csv", &HEAD, seen.map(row).collect()).await?)
}

impl Shown {
    fn new(id: i64, name: String, connected: Option<Connected>) -> Shown {
        Shown { id, name, is_chosen: false, is_shared: false, folders: Vec::new(), connected }
    }
}

/// Puts connected mailboxes among those of whoever asks, where they manage them; gives the others, for owners of the firm,
/// and the addresses of their own.
fn place(
    asker: &Asker,
    connected: Vec<Theirs>,
    mine: &mut Vec<Shown>,
    doors: &[Door],
    now: Timestamp,
) -> (Vec<Other>, Vec<String>) {
    let when = |at| When::new(at, now, &asker.zone).words;
    let (mut others, mut own_names) = (Vec::new(), Vec::new());
    for theirs in connected {
        let is_managed = theirs.is_managed_by(asker);
        let Theirs { connection, owner } = theirs;
        let (id, standing) = (connection.id.0, connections::standing(&connection, now, when));
        if is_managed {
            own_names.push(connection.address.clone());
            let door = doors.iter().find(|door| Some(door.id) == connection.oauth).cloned();
            let about = about(&connection, standing, door);
            if mine.iter().all(|one| one.id != id) {
                mine.push(Shown::new(id, connection.address, None));
            }
            for one in mine.iter_mut().filter(|one| one.id == id) {
                one.is_shared = owner.is_none();
                one.connected = Some(about.clone());
            }
        } else if asker.access == Access::Owner {
            let whose = owner.map_or("nobody yet", |owner| asker.name_of(owner)).to_owned();
            let (address, rests) = (connection.address, connection.paused);
            others.push(Other { id, address, whose, standing, rests });
        }
    }
    (others, own_names)
}

/// One's own mailboxes, and those of which nobody knows whose they are.
fn by_mailbox(all: Vec<mailboxes::Folder>) -> (Vec<Shown>, Vec<Shown>) {
    let (mut mine, mut unowned): (Vec<Shown>, Vec<Shown>) = (Vec::new(), Vec::new());
    for folder in all {
        let list = if folder.staff_id.is_some() { &mut mine } else { &mut unowned };
        if list.last().is_none_or(|last| last.id != folder.mailbox_id) {
            let one = Shown::new(folder.mailbox_id, called(&folder.mailbox).to_owned(), None);
            let (is_chosen, is_shared) = (folder.shows == "chosen", folder.was_shared);
            list.push(Shown { is_chosen, is_shared, ..one });
        }
        if let Some(last) = list.last_mut() {
            last.folders.push(folder);
        }
    }
    (mine, unowned)
}

fn about(connection: &Connection, standing: Standing, door: Option<Door>) -> Connected {
    let folders = match &connection.folders {
        None => "the usual folders".to_owned(),
        Some(names) => counted(names.len(), "chosen folder", "chosen folders"),
    };
    Connected {
        standing,
        servers: servers(connection),
        folders,
        signature: connection.signature.clone().unwrap_or_default(),
        is_token: connection.kind == SecretKind::Token,
        door,
        rests: connection.paused,
        is_begun: !connection.paused || connection.health.fetched.is_some(),
    }
}

/// The names of its servers.
fn servers(connection: &Connection) -> String {
    let fetched = match &connection.fetch_by {
        FetchBy::Imap(server) => server.host.clone(),
        FetchBy::Jmap(address) => format!("{} (JMAP)", address.host()),
    };
    match &connection.send_by {
        SendBy::Smtp(server) => format!("{fetched}, {}", server.host),
        SendBy::Jmap => fetched,
    }
}

fn words_of(error: &Error) -> String {
    match error {
        Error::Invalid { words, .. } => format!("A mailbox {words}."),
        error => error.to_string(),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct WhomForm {
    what: String,
}

/// Keeps somebody's letters out of one's own mailboxes.
pub(super) async fn exclude(
    State(app): State<App>,
    Posted { visitor, form }: Posted<WhomForm>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_act()?;
    let what = excluded::what(&form.what)?;
    mailboxes::may_be_left_out(asker, &what)?;
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    excluded::add(&mut tx, asker.firm, asker.staff, &what, app.now()).await?;
    // Whom somebody writes to in private stands in no log.
    audit::note(&mut tx, asker.firm, asker.staff, "left_somebody_out", "", app.now()).await?;
    tx.commit().await?;
    Ok(lead("/settings/mailboxes", &format!("Nothing of {what} is kept from now on.")))
}

/// Whose letters are kept out of one's own mailboxes, as a file. The log says how many these are, and not who.
pub(super) async fn excluded_csv(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let mut tx = app.db.read().await?;
    let all = excluded::of(&mut tx, asker.firm, asker.staff).await?;
    tx.commit().await?;
    let rows = all.into_iter().map(|what| vec![what]).collect();
    Ok(export(&app, asker, "left_out.csv", &["address_or_domain"], rows).await?)
}

pub(super) async fn let_in(
    State(app): State<App>,
    Posted { visitor, form }: Posted<WhomForm>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    excluded::remove(&mut tx, asker.firm, asker.staff, &form.what).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "let_somebody_in", "", app.now()).await?;
    tx.commit().await?;
    Ok(lead("/settings/mailboxes", &format!("What {} writes is kept again from now on.", form.what)))
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
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
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
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    mailboxes::give(&mut tx, asker.firm, MailboxId(id), staff).await?;
    let detail = format!("mailbox {id} to {}", asker.name_of(staff));
    audit::note(&mut tx, asker.firm, asker.staff, "gave_mailbox", &detail, app.now()).await?;
    commit(&app, asker, tx).await?;
    Ok(lead("/settings/mailboxes", &format!("It is the mailbox of {} now.", asker.name_of(staff))))
}
