//! Signing in by OAuth 2: begun from the page of a mailbox or a calendar, said yes to elsewhere, ended where the answer
//! comes back.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::ways::Ways;
use super::{Nothing, Said, Tab, frame, lead, tabs};
use crate::app::App;
use crate::board::Asker;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId, SubscriptionId};
use crate::mailboxes::oauth::begun::{Mailbox, Subscription, To, Wish};
use crate::mailboxes::oauth::{Issuer, Purpose, Way, store};
use crate::mailboxes::provider::Provider;
use crate::notices::web_address;
use crate::settings::signing::{self, Answer, BACK, Done};
use crate::settings::{connections, subscriptions};
use crate::web::forms::{Path, Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::{Visitor, is_this_machine};

/// At the end of who gives tokens: by a short code.
const CODE: &str = ":code";
const MAILBOXES: &str = "/settings/mailboxes";
const CALENDAR: &str = "/settings/calendar";

/// The form of a mailbox that somebody signs in to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BeginForm {
    /// Who gives tokens; with `:code` at its end, to type a short code elsewhere.
    oauth: String,
    address: String,
    #[serde(flatten)]
    ways: Ways,
    user: String,
    authority: String,
    keeps: String,
    shared: String,
}

/// Begins to sign in to a mailbox that is to be connected.
pub(super) async fn begin(
    State(app): State<App>,
    headers: HeaderMap,
    Posted { visitor, form }: Posted<BeginForm>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let redirect = redirect(&mut app.db.read().await?, asker.firm, &headers).await?;
    let (fetch_by, send_by) = form.ways.read()?;
    let address = form.address.trim().to_lowercase();
    let mut mailbox = Mailbox::new(address, &fetch_by, &send_by);
    mailbox.server_keeps_copy = form.keeps == "1";
    mailbox.is_shared = form.shared == "1";
    let mut wish = Wish::new(To::Mailbox(mailbox), redirect);
    wish.user = form.user.trim().to_owned();
    wish.authority = form.authority.clone();
    let (issuer, way) = chosen(&form.oauth)?;
    let id = signing::begin(&app, asker, issuer, wish, way).await?;
    Ok(ahead_of(id))
}

/// Begins to sign in again to a mailbox that is connected.
pub(super) async fn begin_again(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<BeginForm>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let mut tx = app.db.read().await?;
    let known = connections::own(&mut tx, asker, MailboxId(id)).await?;
    let redirect = redirect(&mut tx, asker.firm, &headers).await?;
    tx.commit().await?;
    let mailbox = Mailbox::new(known.address.clone(), &known.fetch_by, &known.send_by);
    let mut wish = Wish::new(To::Mailbox(mailbox), redirect);
    wish.again = Some(id);
    wish.authority = known.authority.clone().unwrap_or_default();
    let (issuer, way) = chosen(&form.oauth)?;
    let id = signing::begin(&app, asker, issuer, wish, way).await?;
    Ok(ahead_of(id))
}

/// Begins to sign in to calendars or address books that are to be followed.
pub(super) async fn begin_following(
    app: &App,
    asker: &Asker,
    headers: &HeaderMap,
    oauth: &str,
    one: Subscription,
    (user, authority): (&str, &str),
) -> Result<Response> {
    let redirect = redirect(&mut app.db.read().await?, asker.firm, headers).await?;
    let mut wish = Wish::new(To::Subscription(one), redirect);
    wish.user = user.trim().to_owned();
    wish.authority = authority.to_owned();
    let (issuer, way) = chosen(oauth)?;
    Ok(ahead_of(signing::begin(app, asker, issuer, wish, way).await?))
}

/// Begins to sign in again to calendars or address books that are followed.
pub(super) async fn begin_following_again(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<BeginForm>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let mut tx = app.db.read().await?;
    let known = subscriptions::own(&mut tx, asker, SubscriptionId(id)).await?;
    let redirect = redirect(&mut tx, asker.firm, &headers).await?;
    tx.commit().await?;
    let one = Subscription {
        kind: known.kind.name().to_owned(),
        name: known.name,
        address: known.place,
        closes: known.closes,
    };
    let mut wish = Wish::new(To::Subscription(one), redirect);
    wish.again = Some(id);
    wish.user = known.user;
    wish.authority = known.authority.unwrap_or_default();
    let (issuer, way) = chosen(&form.oauth)?;
    Ok(ahead_of(signing::begin(&app, asker, issuer, wish, way).await?))
}

/// Who gives tokens, and in which way somebody says yes, as a button or a list names it.
fn chosen(oauth: &str) -> Result<(i64, Way)> {
    let issuer = oauth.trim_end_matches(CODE).parse().map_err(|_| Error::NotFound)?;
    Ok((issuer, Way::by_code(oauth.ends_with(CODE))))
}

fn ahead_of(id: i64) -> Response {
    Redirect::to(&format!("/settings/signing-in/{id}")).into_response()
}

/// Where answers come back to: the address under which people open Regard; on this machine the one that was asked.
pub(super) async fn redirect(tx: &mut Tx, firm: FirmId, headers: &HeaderMap) -> Result<String> {
    if let Some(web) = web_address(tx, firm).await? {
        return Ok(format!("{web}{BACK}"));
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    match is_this_machine(host) {
        true => Ok(format!("http://{host}{BACK}")),
        false => Err(Error::invalid(
            "this sign-in",
            "needs the address under which people open Regard; an owner sets it under Settings, Reminders",
        )),
    }
}

#[derive(Template)]
#[template(path = "settings/signing_in.html")]
struct SigningPage {
    frame: Frame,
    tabs: Vec<Tab>,
    id: i64,
    /// What is signed in to.
    what: String,
    /// The page that it was begun from.
    from: &'static str,
    issuer: String,
    /// Where to say yes, or where to type the code.
    address: String,
    /// The server's name, so that everybody sees where they go.
    host: String,
    code: Option<String>,
}

/// Where to go, with a link: whoever leaves this program sees to where.
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<i64>,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    let ahead = signing::ahead(&app, &visitor.asker, id).await?;
    let host = ahead.address.split("://").nth(1).and_then(|rest| rest.split(['/', '?']).next());
    Ok(page(&SigningPage {
        frame: frame(&visitor, &said),
        tabs: tabs(&visitor, place_of(&ahead.begun.wish.to)),
        id,
        what: ahead.begun.wish.shown().to_owned(),
        from: place_of(&ahead.begun.wish.to),
        issuer: ahead.issuer,
        host: host.unwrap_or_default().to_owned(),
        code: ahead.begun.device.map(|(code, _)| code),
        address: ahead.address,
    })?)
}

/// Asks whether the code was typed.
pub(super) async fn ask(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let from = signing::begun(&app, &visitor.asker, id).await?;
    match signing::ask(&app, &visitor.asker, id).await {
        Ok(Some(done)) => Ok(ended(done)),
        Ok(None) => {
            let words = "Nobody has said yes there yet. Do it, then ask again after some seconds.";
            Ok(lead(&format!("/settings/signing-in/{id}"), words))
        }
        Err(error) => not_signed_in(from.as_ref(), error),
    }
}

/// The page on which something stands that is signed in to.
fn place_of(to: &To) -> &'static str {
    match to {
        To::Mailbox(_) => MAILBOXES,
        To::Subscription(_) => CALENDAR,
    }
}

/// Leads back to where somebody was, with why they were not let in.
fn not_signed_in(from: Option<&To>, error: Error) -> Result<Response, Trouble> {
    match error {
        Error::Invalid { field, words } => {
            Ok(lead(from.map_or(MAILBOXES, place_of), &format!("Not signed in: {field} {words}.")))
        }
        error => Err(error.into()),
    }
}

fn ended(done: Done) -> Response {
    match done {
        Done::Mailbox(id) => Redirect::to(&format!("/settings/connections/{}/folders", id.0)).into_response(),
        Done::MailboxAgain(_) => lead(MAILBOXES, "Signed in. It is fetched again."),
        Done::Subscription(name) => {
            lead(CALENDAR, &format!("{name} was read once, and is kept in step from now on."))
        }
        Done::SubscriptionAgain(name) => lead(CALENDAR, &format!("Signed in. {name} is kept in step again.")),
    }
}

/// What comes back from the server that gives tokens.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BackForm {
    state: String,
    code: String,
    error: String,
    error_description: String,
}

/// Ends a sign-in with what came back.
pub(super) async fn back(
    State(app): State<App>,
    visitor: Visitor,
    Query(form): Query<BackForm>,
) -> Result<Response, Trouble> {
    let error = match form.error_description.is_empty() {
        true => form.error,
        false => form.error_description,
    };
    let from = signing::begun_with(&app, &visitor.asker, &form.state).await?;
    let answer = Answer { state: form.state, code: form.code, error };
    match signing::back(&app, &visitor.asker, answer).await {
        Ok(done) => Ok(ended(done)),
        Err(error) => not_signed_in(from.as_ref(), error),
    }
}

/// Who may sign somebody in: the id, what it is called, and whether it gives short codes.
#[derive(Debug, Clone)]
pub(super) struct Door {
    pub(super) id: i64,
    pub(super) name: String,
    provider: Provider,
    pub(super) gives_codes: bool,
    is_for_mail: bool,
    is_for_dav: bool,
}

/// Those who may sign somebody in to mailboxes of a provider.
pub(super) async fn doors(tx: &mut Tx, firm: FirmId, provider: Provider) -> Result<Vec<Door>> {
    let mut doors = all_doors(tx, firm).await?;
    doors.retain(|door| door.provider == provider && door.is_for_mail);
    Ok(doors)
}

/// Those who may sign somebody in to calendars or address books.
pub(super) async fn doors_of_calendars(tx: &mut Tx, firm: FirmId) -> Result<Vec<Door>> {
    let mut doors = all_doors(tx, firm).await?;
    doors.retain(|door| door.is_for_dav);
    Ok(doors)
}

/// All who may sign somebody in.
pub(super) async fn all_doors(tx: &mut Tx, firm: FirmId) -> Result<Vec<Door>> {
    let door = |issuer: Issuer| Door {
        is_for_mail: issuer.scopes(Purpose::Mail).is_ok(),
        is_for_dav: [Purpose::Calendars, Purpose::AddressBooks].iter().any(|p| issuer.scopes(*p).is_ok()),
        id: issuer.id,
        name: issuer.name,
        provider: issuer.provider,
        gives_codes: issuer.device.is_some(),
    };
    Ok(store::issuers(tx, firm).await?.into_iter().map(door).collect())
}
