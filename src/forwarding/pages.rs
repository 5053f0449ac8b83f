//! Settings: secret addresses to which mail is forwarded or journaled.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::{Local, store};
use crate::access::Access;
use crate::app::App;
use crate::board::Asker;
use crate::db::Durability;
use crate::error::{Error, Result};
use crate::notes::call::once;
use crate::record::audit;
use crate::report::findings::Moment;
use crate::report::words::counted;
use crate::settings::pages::{Said, Tab, frame, lead, tabs};
use crate::text::line;
use crate::today::words::When;
use crate::web::csv::export;
use crate::web::forms::{Path, Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const HERE: &str = "/settings/forwarding";
const HEAD: [&str; 5] = ["name", "whose", "letters", "last_letter", "revoked"];

/// The routes of this room's pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(HERE, get(show).post(make))
        .route("/settings/forwarding.csv", get(csv))
        .route("/settings/forwarding/refused.csv", get(refused_csv))
        .route("/settings/forwarding/{id}/revoking", post(revoke))
}

#[derive(Template)]
#[template(path = "settings/forwarding.html")]
struct ForwardingPage {
    frame: Frame,
    tabs: Vec<Tab>,
    /// Nothing listens for such mail.
    is_off: bool,
    is_owner: bool,
    /// What tells one form for an address from another.
    once: String,
    /// Made this moment: its name, and the address.
    fresh: Option<(String, String)>,
    addresses: Vec<Shown>,
    /// For owners: addresses that were refused, how often and when last.
    refused: Vec<(String, String, String)>,
}

struct Shown {
    id: i64,
    name: String,
    whose: String,
    words: String,
    is_revoked: bool,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    Ok(forwarding(&app, &visitor, &said, None).await?)
}

async fn forwarding(
    app: &App,
    visitor: &Visitor,
    said: &Said,
    fresh: Option<(String, String)>,
) -> Result<Response> {
    let (asker, now) = (&visitor.asker, app.now());
    let is_owner = asker.access == Access::Owner;
    let mut tx = app.db.read().await?;
    let all = store::all(&mut tx, asker.firm).await?;
    let refused = if is_owner { store::refused(&mut tx, asker.firm).await? } else { Vec::new() };
    tx.commit().await?;
    let when = |at| When::new(at, now, &asker.zone).words;
    let shown = |address: store::Address| {
        let letters = counted(usize::try_from(address.letters).unwrap_or(usize::MAX), "letter", "letters");
        let came = match address.heard {
            Some(at) => format!("{letters}, the last {}", when(at)),
            None => "nothing came to it yet".to_owned(),
        };
        Shown {
            id: address.id,
            whose: match address.staff {
                Some(staff) => asker.name_of(staff).to_owned(),
                None => "of the firm".to_owned(),
            },
            words: match address.revoked {
                Some(at) => format!("takes nothing since {}; {came}", when(at)),
                None => came,
            },
            is_revoked: address.revoked.is_some(),
            name: address.name,
        }
    };
    page(&ForwardingPage {
        frame: frame(visitor, said),
        tabs: tabs(visitor, "/settings/mailboxes"),
        is_off: app.outside.forwarded().is_none(),
        is_owner,
        once: once(now),
        fresh,
        addresses: all.into_iter().filter(|one| may_see(asker, one)).map(shown).collect(),
        refused: refused
            .into_iter()
            .map(|one| {
                let times = counted(usize::try_from(one.times).unwrap_or(usize::MAX), "time", "times");
                (one.address, times, when(one.last))
            })
            .collect(),
    })
}

/// Whether somebody is told of an address: whose it is, and owners.
fn may_see(asker: &Asker, address: &store::Address) -> bool {
    asker.access == Access::Owner || address.staff == Some(asker.staff)
}

/// The addresses that were made, as a file; never what they are.
async fn csv(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let mut tx = app.db.read().await?;
    let all = store::all(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let at = |at: Option<_>| at.map(|at| Moment::new(at, &asker.zone).to_string()).unwrap_or_default();
    let row = |one: store::Address| {
        let whose = one.staff.map(|staff| asker.name_of(staff).to_owned()).unwrap_or_default();
        vec![one.name, whose, one.letters.to_string(), at(one.heard), at(one.revoked)]
    };
    let rows = all.into_iter().filter(|one| may_see(asker, one)).map(row).collect();
    Ok(export(&app, asker, "forwarding.csv", &HEAD, rows).await?)
}

/// The addresses that were refused, as a file.
async fn refused_csv(State(app): State<App>, visitor: Visitor) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let refused = store::refused(&mut tx, asker.firm).await?;
    tx.commit().await?;
    let last = |at| Moment::new(at, &asker.zone).to_string();
    let rows = refused.into_iter().map(|one| vec![one.address, one.times.to_string(), last(one.last)]);
    Ok(export(&app, asker, "refused.csv", &["address", "times", "last"], rows.collect()).await?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MakeForm {
    name: String,
    /// `firm`: its letters are everybody's.
    whose: String,
    once: String,
}

/// Makes an address; it is shown once and never again.
async fn make(
    State(app): State<App>,
    Posted { visitor, form }: Posted<MakeForm>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_act()?;
    let is_shared = form.whose == "firm";
    if is_shared {
        asker.may_set_up()?;
    }
    let name = line("the name", &form.name, 100)?;
    let secret = visitor.secret_of_form(&form.once, &[&form.name, &form.whose])?;
    let local = Local::new(asker.firm, &secret.text());
    let mut tx = app.db.write(Durability::Act).await?;
    let staff = (!is_shared).then_some(asker.staff);
    if store::add(&mut tx, asker.firm, &name, staff, &local, asker.staff, now).await? {
        audit::note(&mut tx, asker.firm, asker.staff, "made_forwarding", &name, now).await?;
    }
    tx.commit().await?;
    let domain = app.outside.forwarded().flatten();
    let address = match domain {
        Some(domain) => format!("{}@{domain}", local.text()),
        None => local.text(),
    };
    Ok(forwarding(&app, &visitor, &Said::default(), Some((name, address))).await?)
}

#[derive(Debug, Deserialize)]
struct Nothing {}

/// Takes nothing for an address from now on: said by whose it is, or by an owner of the firm.
async fn revoke(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let (asker, now) = (&visitor.asker, app.now());
    asker.may_act()?;
    let mut tx = app.db.write(Durability::Act).await?;
    let all = store::all(&mut tx, asker.firm).await?;
    let is_owner = asker.access == Access::Owner;
    let may = |one: &&store::Address| one.id == id && (is_owner || one.staff == Some(asker.staff));
    let one = all.iter().find(may).ok_or(Error::NotFound)?;
    store::revoke(&mut tx, asker.firm, id, now).await?;
    audit::note(&mut tx, asker.firm, asker.staff, "revoked_forwarding", &one.name, now).await?;
    tx.commit().await?;
    Ok(lead(HERE, "Nothing is taken for it any more. What came stays."))
}
