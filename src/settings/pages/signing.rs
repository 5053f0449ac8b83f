//! Signing in by OAuth 2: begun from the page of a mailbox, said yes to elsewhere, ended where the answer comes back; and
//! for owners, the servers that give tokens.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::ways::Ways;
use super::{Nothing, Said, Tab, frame, lead, tabs};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{FirmId, MailboxId};
use crate::mailboxes::oauth::begun::Wish;
use crate::mailboxes::oauth::{Issuer, store};
use crate::mailboxes::provider::Provider;
use crate::notices::web_address;
use crate::settings::connections;
use crate::settings::signing::{self, Answer, BACK, NewIssuer, Way};
use crate::web::forms::Posted;
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::{Visitor, is_this_machine};

/// At the end of who gives tokens: by a short code.
const CODE: &str = ":code";
const MAILBOXES: &str = "/settings/mailboxes";
const ISSUERS: &str = "/settings/sign-ins";

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

impl BeginForm {
    fn issuer(&self) -> Result<i64> {
        self.oauth.trim_end_matches(CODE).parse().map_err(|_| Error::NotFound)
    }

    fn way(&self) -> Way {
        if self.oauth.ends_with(CODE) { Way::Elsewhere } else { Way::Here }
    }
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
    let mut wish = Wish::new(address, &fetch_by, &send_by, redirect);
    wish.user = form.user.trim().to_owned();
    wish.authority = form.authority.clone();
    wish.server_keeps_copy = form.keeps == "1";
    wish.is_shared = form.shared == "1";
    let id = signing::begin(&app, asker, form.issuer()?, wish, form.way()).await?;
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
    let mut wish = Wish::new(known.address.clone(), &known.fetch_by, &known.send_by, redirect);
    wish.again = Some(id);
    wish.authority = known.authority.clone().unwrap_or_default();
    let id = signing::begin(&app, asker, form.issuer()?, wish, form.way()).await?;
    Ok(ahead_of(id))
}

fn ahead_of(id: i64) -> Response {
    Redirect::to(&format!("/settings/signing-in/{id}")).into_response()
}

/// Where answers come back to: the address under which people open Regard; on this machine the one that was asked.
async fn redirect(tx: &mut Tx, firm: FirmId, headers: &HeaderMap) -> Result<String> {
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
    mailbox: String,
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
        tabs: tabs(&visitor, MAILBOXES),
        id,
        mailbox: ahead.begun.wish.address.clone(),
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
    match signing::ask(&app, &visitor.asker, id).await {
        Ok(Some(done)) => Ok(ended(done)),
        Ok(None) => {
            let words = "Nobody has said yes there yet. Do it, then ask again after some seconds.";
            Ok(lead(&format!("/settings/signing-in/{id}"), words))
        }
        Err(Error::Invalid { field, words }) => {
            Ok(lead(MAILBOXES, &format!("Not signed in: {field} {words}.")))
        }
        Err(error) => Err(error.into()),
    }
}

fn ended((id, is_new): (MailboxId, bool)) -> Response {
    match is_new {
        true => Redirect::to(&format!("/settings/connections/{}/folders", id.0)).into_response(),
        false => lead(MAILBOXES, "Signed in. It is fetched again."),
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
    let answer = Answer { state: form.state, code: form.code, error };
    match signing::back(&app, &visitor.asker, answer).await {
        Ok(done) => Ok(ended(done)),
        Err(Error::Invalid { field, words }) => {
            Ok(lead(MAILBOXES, &format!("Not signed in: {field} {words}.")))
        }
        Err(error) => Err(error.into()),
    }
}

/// Who gives tokens for mailboxes like this: the id, what it is called, and whether it gives short codes.
#[derive(Debug, Clone)]
pub(super) struct Door {
    pub(super) id: i64,
    pub(super) name: String,
    provider: Provider,
    pub(super) gives_codes: bool,
}

/// Those who may sign somebody in to mailboxes of a provider.
pub(super) async fn doors(tx: &mut Tx, firm: FirmId, provider: Provider) -> Result<Vec<Door>> {
    let mut doors = all_doors(tx, firm).await?;
    doors.retain(|door| door.provider == provider);
    Ok(doors)
}

/// All who may sign somebody in.
pub(super) async fn all_doors(tx: &mut Tx, firm: FirmId) -> Result<Vec<Door>> {
    let door = |issuer: Issuer| Door {
        id: issuer.id,
        name: issuer.name,
        provider: issuer.provider,
        gives_codes: issuer.device.is_some(),
    };
    Ok(store::issuers(tx, firm).await?.into_iter().map(door).collect())
}

#[derive(Template)]
#[template(path = "settings/sign_ins.html")]
struct IssuersPage {
    frame: Frame,
    tabs: Vec<Tab>,
    issuers: Vec<Line>,
    /// What the firm tells each server: where answers come back to.
    redirect: String,
}

struct Line {
    id: i64,
    name: String,
    client_id: String,
    has_secret: bool,
    token: String,
    gives_codes: bool,
}

pub(super) async fn issuers(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(said): Query<Said>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    asker.may_set_up()?;
    let mut tx = app.db.read().await?;
    let all = store::issuers(&mut tx, asker.firm).await?;
    let redirect = redirect(&mut tx, asker.firm, &headers).await.unwrap_or_default();
    tx.commit().await?;
    let line = |issuer: Issuer| Line {
        id: issuer.id,
        name: issuer.name,
        client_id: issuer.client_id,
        has_secret: issuer.secret.is_some(),
        token: issuer.token,
        gives_codes: issuer.device.is_some(),
    };
    Ok(page(&IssuersPage {
        frame: frame(&visitor, &said),
        tabs: tabs(&visitor, ISSUERS),
        issuers: all.into_iter().map(line).collect(),
        redirect,
    })?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct IssuerForm {
    name: String,
    provider: String,
    client_id: String,
    secret: String,
    authorize: String,
    token: String,
    device: String,
    scopes: String,
}

pub(super) async fn add(
    State(app): State<App>,
    Posted { visitor, form }: Posted<IssuerForm>,
) -> Result<Response, Trouble> {
    let new = NewIssuer {
        name: form.name,
        provider: form.provider,
        client_id: form.client_id,
        secret: form.secret,
        authorize: form.authorize,
        token: form.token,
        device: form.device,
        scopes: form.scopes,
    };
    signing::add_issuer(&app, &visitor.asker, new).await?;
    Ok(lead(ISSUERS, "Kept. Everybody can sign in to their mailbox with it."))
}

pub(super) async fn remove(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    signing::remove_issuer(&app, &visitor.asker, id).await?;
    Ok(lead(ISSUERS, "It is forgotten, with its secret."))
}
