//! Who is kept out of what, for owners.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::{Said, Tab, colleagues, frame, lead, tabs};
use crate::access::walls::{self, Wall};
use crate::app::App;
use crate::board::Asker;
use crate::db::{Durability, Tx};
use crate::error::{Error, Result};
use crate::ids::{ClientId, MatterId, StaffId};
use crate::matters;
use crate::record::{audit, changes};
use crate::settings::commit;
use crate::text::line;
use crate::today::acts::colleague;
use crate::today::words::When;
use crate::web::csv::export;
use crate::web::forms::{Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

/// So many clients are offered by name; the others are typed whole.
const OFFERED: usize = 200;
const HEAD: [&str; 5] = ["who", "kept_out_of", "reason", "raised_by", "raised_at"];

#[derive(Template)]
#[template(path = "settings/walls.html")]
struct WallsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    walls: Vec<Line>,
    people: Vec<(i64, String)>,
    /// Clients by name, as many as are offered while one types.
    clients: Vec<String>,
}

struct Line {
    who: String,
    what: String,
    /// Told to whoever sees of what it keeps somebody out.
    reason: String,
    by: String,
    when: When,
    /// Person, client and matter, for whoever may lower it: nobody whom a wall keeps out of the same.
    lowered: Option<(i64, i64, i64)>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    Ok(page(&WallsPage {
        walls: lines(&app, asker).await?,
        frame: frame(&visitor, &said),
        tabs: tabs(&visitor, "/settings/walls"),
        people: colleagues(asker),
        clients: offered(asker),
    })?)
}

/// All walls, as a file.
pub(super) async fn csv(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let row = |wall: Line| vec![wall.who, wall.what, wall.reason, wall.by, wall.when.machine];
    let rows = lines(&app, asker).await?.into_iter().map(row).collect();
    Ok(export(&app, asker, "walls.csv", &HEAD, rows).await?)
}

/// All walls, for an owner.
async fn lines(app: &App, asker: &Asker) -> Result<Vec<Line>> {
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let all = walls::all(&mut tx, asker.firm).await?;
    let matters = matters::store::all(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let line = |wall: &Wall| {
        let what = match (asker.client(wall.client), wall.matter) {
            // Whoever is kept out is not told of what.
            (Err(_), _) => "a client whom you do not see".to_owned(),
            (Ok(card), None) => card.name.clone(),
            (Ok(card), Some(matter)) if asker.is_walled_off(matter) => {
                format!("{}: a matter that you do not see", card.name)
            }
            (Ok(card), Some(matter)) => {
                let known = matters.iter().find(|known| known.id == matter);
                format!("{}: {}", card.name, known.map_or("a matter", |known| &known.name))
            }
        };
        let is_out = is_out(asker, wall.client, wall.matter);
        let is_seen = !is_out && asker.client(wall.client).is_ok();
        let matter = wall.matter.map_or(0, |matter| matter.0);
        Line {
            who: asker.name_of(wall.staff).to_owned(),
            what,
            reason: if is_seen { wall.reason.clone() } else { String::new() },
            by: asker.name_of(wall.set_by).to_owned(),
            when: When::new(wall.set_at, app.now(), &asker.zone),
            lowered: (!is_out).then_some((wall.staff.0, wall.client.0, matter)),
        }
    };
    Ok(all.iter().map(line).collect())
}

/// Whether the asker is kept out of what a wall is round, by it or by another one.
fn is_out(asker: &Asker, client: ClientId, matter: Option<MatterId>) -> bool {
    asker.is_walled(client) || matter.is_some_and(|matter| asker.is_walled_off(matter))
}

fn offered(asker: &Asker) -> Vec<String> {
    let all = asker.board.firm.clients.values().filter(|card| asker.sees_client(card));
    let mut names: Vec<String> = all.map(|card| card.name.clone()).collect();
    names.sort_unstable();
    names.truncate(OFFERED);
    names
}

#[derive(Debug, Deserialize)]
pub(super) struct RaiseForm {
    staff: String,
    client: String,
    #[serde(default)]
    matter: String,
    reason: String,
}

pub(super) async fn raise(
    State(app): State<App>,
    Posted { visitor, form }: Posted<RaiseForm>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_set_up()?;
    let reason = line("the reason", &form.reason, 500)?;
    if reason.is_empty() {
        return Err(Error::invalid("the reason", "is missing; say why").into());
    }
    let staff = colleague(asker, &form.staff)?;
    let client = client_named(asker, &form.client)?;
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    let matter = match form.matter.trim() {
        "" => None,
        text => Some(matter_named(&mut tx, asker, client, text).await?),
    };
    let wall = Wall { staff, client, matter, reason, set_by: asker.staff, set_at: now };
    walls::raise(&mut tx, asker.firm, &wall).await?;
    let detail = around(asker, staff, client, matter);
    audit::note(&mut tx, asker.firm, asker.staff, "raised_wall", &detail, now).await?;
    commit(&app, asker, tx).await?;
    Ok(lead("/settings/walls", &format!("{} finds nothing of it any more.", asker.name_of(staff))))
}

/// How the log names a wall: whom it keeps out of what.
fn around(asker: &Asker, staff: StaffId, client: ClientId, matter: Option<MatterId>) -> String {
    let matter = matter.map(|matter| format!(" matter {}", matter.0)).unwrap_or_default();
    format!("{} client {}{matter}", asker.name_of(staff), client.0)
}

/// The client that somebody typed: its name or its id in the firm's list.
fn client_named(asker: &Asker, text: &str) -> Result<ClientId> {
    let text = line("the client", text, 200)?;
    let all = asker.board.firm.clients.values().filter(|card| asker.sees_client(card));
    let mut found =
        all.filter(|card| card.name.eq_ignore_ascii_case(&text) || card.key.eq_ignore_ascii_case(&text));
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one.id),
        (None, _) => {
            Err(Error::invalid("the client", format!("“{text}” is none of the firm's; write its whole name")))
        }
        _ => Err(Error::invalid(
            "the client",
            format!("“{text}” are several; write its id in the client list"),
        )),
    }
}

async fn matter_named(tx: &mut Tx, asker: &Asker, client: ClientId, text: &str) -> Result<MatterId> {
    let all = matters::store::all(tx, asker.firm).await?;
    let is = |matter: &&matters::Matter| {
        matter.client == client
            && !asker.is_walled_off(matter.id)
            && (matter.name.eq_ignore_ascii_case(text) || matter.external_key.eq_ignore_ascii_case(text))
    };
    let found = all.iter().find(is).map(|matter| matter.id);
    found.ok_or_else(|| Error::invalid("the matter", format!("“{text}” is none of that client")))
}

#[derive(Debug, Deserialize)]
pub(super) struct LowerForm {
    staff: String,
    client: String,
    matter: String,
}

pub(super) async fn lower(
    State(app): State<App>,
    Posted { visitor, form }: Posted<LowerForm>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_set_up()?;
    let id = |text: &str| text.parse::<i64>().map_err(|_| Error::NotFound);
    let (staff, client, matter) = (id(&form.staff)?, id(&form.client)?, id(&form.matter)?);
    if staff == asker.staff.0 {
        return Err(Error::invalid("you", "are kept out by it; another owner lowers it").into());
    }
    let (staff, client) = (StaffId(staff), ClientId(client));
    let matter = (matter != 0).then_some(MatterId(matter));
    if is_out(asker, client, matter) {
        return Err(Error::NotFound.into());
    }
    let mut tx = changes::begin(&app.db, asker.firm, Durability::Act).await?;
    walls::lower(&mut tx, asker.firm, staff, client, matter).await?;
    let detail = around(asker, staff, client, matter);
    audit::note(&mut tx, asker.firm, asker.staff, "lowered_wall", &detail, now).await?;
    commit(&app, asker, tx).await?;
    Ok(lead("/settings/walls", &format!("{} sees it again.", asker.name_of(staff))))
}
