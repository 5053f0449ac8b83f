//! Connecting a mailbox on a server, choosing its folders, and what can be done with it afterwards.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use wire::folders::Use;
use wire::mail::Role;
use wire::net::{Reach, Secret};

use super::signing::{Door, doors};
use super::ways::{JMAP, Ways};
use super::{Nothing, Said, Tab, frame, lead, tabs};
use crate::app::App;
use crate::error::{Error, Result};
use crate::ids::MailboxId;
use crate::mailboxes::provider::{Provider, suggest};
use crate::mailboxes::{SecretKind, trial};
use crate::settings::connections::{self, Given, Wish};
use crate::text::{counted, typed};
use crate::web::forms::{Path, Posted, Query};
use crate::web::page::{Frame, page};
use crate::web::trouble::Trouble;
use crate::web::visitor::Visitor;

const HERE: &str = "/settings/mailboxes";

#[derive(Template)]
#[template(path = "settings/connecting.html")]
struct ConnectingPage {
    frame: Frame,
    tabs: Vec<Tab>,
    form: Wanted,
    provider: &'static str,
    providers: Vec<(&'static str, &'static str, bool)>,
    trouble: String,
    /// The operator allows servers in the firm's own network, and connections without protection.
    is_private: bool,
    /// Who may sign somebody in without a password.
    doors: Vec<Door>,
}

/// The form of a mailbox. What is not filled in is taken as suggested.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    #[serde(deserialize_with = "typed")]
    address: String,
    #[serde(deserialize_with = "typed")]
    provider: String,
    #[serde(flatten)]
    ways: Ways,
    #[serde(deserialize_with = "typed")]
    user: String,
    #[serde(deserialize_with = "typed")]
    kind: String,
    /// Named so that it is never kept while somebody signs in again.
    password: String,
    #[serde(deserialize_with = "typed")]
    authority: String,
    #[serde(deserialize_with = "typed")]
    keeps: String,
    #[serde(deserialize_with = "typed")]
    shared: String,
}

/// The form with the servers that an address most likely has.
pub(super) async fn begin(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Wanted>,
) -> Result<Response, Trouble> {
    visitor.asker.may_act()?;
    if !asked.address.contains('@') {
        return Ok(Redirect::to(HERE).into_response());
    }
    let form = suggested(&asked.address, Provider::named(&asked.provider), &asked.ways.by);
    Ok(connecting(&app, &visitor, form, String::new()).await?)
}

fn suggested(address: &str, provider: Option<Provider>, by: &str) -> Wanted {
    let known = provider.map_or_else(|| suggest(address), |provider| provider.servers(address));
    Wanted {
        address: address.trim().chars().take(254).collect(),
        provider: known.provider.name().to_owned(),
        ways: Ways::suggested(&known, by),
        kind: match known.provider {
            Provider::Microsoft => "token",
            // It takes no passwords for JMAP.
            Provider::Fastmail if by == JMAP => "token",
            _ => "password",
        }
        .to_owned(),
        keeps: if known.server_keeps_copy { "1" } else { "" }.to_owned(),
        ..Wanted::default()
    }
}

async fn connecting(app: &App, visitor: &Visitor, form: Wanted, trouble: String) -> Result<Response> {
    let here = Provider::named(&form.provider).unwrap_or(Provider::Other);
    let name = |provider| match provider {
        Provider::Google => "Google",
        Provider::Microsoft => "Microsoft",
        Provider::Fastmail => "Fastmail",
        Provider::Other => "Another",
    };
    let providers = Provider::ALL.into_iter().map(|one| (one.name(), name(one), one == here)).collect();
    let status = if trouble.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let is_private = app.outside.allowed()?.reach == Reach::Private;
    let doors = doors(&mut app.db.read().await?, visitor.asker.firm, here).await?;
    let shown = page(&ConnectingPage {
        frame: frame(visitor, &Said::default()),
        tabs: tabs(visitor, HERE),
        provider: here.name(),
        providers,
        // What was typed into a field of a password is typed again.
        form: Wanted { password: String::new(), ..form },
        trouble,
        is_private,
        doors,
    })?;
    Ok((status, shown).into_response())
}

pub(super) async fn connect(
    State(app): State<App>,
    Posted { visitor, form }: Posted<Wanted>,
) -> Result<Response, Trouble> {
    let tried = async {
        let (wish, given) = (wish(&form)?, given(&form)?);
        connections::connect(&app, &visitor.asker, wish, given).await
    };
    match tried.await {
        Ok(id) => Ok(Redirect::to(&format!("/settings/connections/{}/folders", id.0)).into_response()),
        Err(Error::Invalid { field, words }) => {
            Ok(connecting(&app, &visitor, form, format!("{field} {words}")).await?)
        }
        Err(error) => Err(error.into()),
    }
}

fn wish(form: &Wanted) -> Result<Wish> {
    let (fetch_by, send_by) = form.ways.read()?;
    Ok(Wish {
        address: form.address.clone(),
        fetch_by,
        send_by,
        user: form.user.clone(),
        authority: form.authority.clone(),
        server_keeps_copy: form.keeps == "1",
        is_shared: form.shared == "1",
    })
}

fn given(form: &Wanted) -> Result<Given> {
    match form.password.is_empty() {
        true => Err(Error::invalid("the password", "is missing")),
        false => Ok(Given::typed(kind(&form.kind), Secret::new(form.password.as_str()))),
    }
}

fn kind(name: &str) -> SecretKind {
    if name == "token" { SecretKind::Token } else { SecretKind::Password }
}

#[derive(Template)]
#[template(path = "settings/folders.html")]
struct FoldersPage {
    frame: Frame,
    tabs: Vec<Tab>,
    id: i64,
    address: String,
    is_chosen: bool,
    is_new: bool,
    folders: Vec<Choice>,
    unwanted: Vec<String>,
}

/// A folder that can be chosen.
struct Choice {
    name: String,
    label: String,
    ticked: bool,
    is_usual: bool,
}

/// The folders on the server, with those ticked that are fetched.
pub(super) async fn folders(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<i64>,
) -> Result<Response, Trouble> {
    let asker = &visitor.asker;
    let connection = connections::own(&mut app.db.read().await?, asker, MailboxId(id)).await?;
    let found = connections::folders(&app, asker, &connection).await?;
    // Drafts and what is thrown away are no correspondence; of what is unwanted only headers are looked at.
    let never = |purpose| matches!(purpose, Use::NoMail | Use::Of(Role::Drafts | Role::Trash | Role::Spam));
    let choice = |folder: &wire::folders::Folder| {
        let is_usual = trial::is_usual(&found, folder);
        let ticked = connection.folders.as_ref().map_or(is_usual, |names| folder.is_among(names));
        Choice { name: folder.name.clone(), label: folder.label.clone(), ticked, is_usual }
    };
    let with_mail = || found.iter().filter(|folder| folder.holds_mail);
    Ok(page(&FoldersPage {
        frame: frame(&visitor, &Said::default()),
        tabs: tabs(&visitor, HERE),
        id,
        address: connection.address.clone(),
        is_chosen: connection.folders.is_some(),
        is_new: connection.paused && connection.health.fetched.is_none(),
        folders: with_mail().filter(|folder| !never(folder.purpose)).map(choice).collect(),
        unwanted: with_mail().filter(|f| f.role() == Role::Spam).map(|f| f.label.clone()).collect(),
    })?)
}

/// The ticks are fields of their own, named by the folder.
pub(super) async fn choose(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<BTreeMap<String, String>>,
) -> Result<Response, Trouble> {
    let names = form.keys().filter_map(|name| name.strip_prefix("f:")).map(str::to_owned);
    let chosen = (form.get("which").map(String::as_str) == Some("chosen")).then(|| names.collect());
    let connection = connections::choose(&app, &visitor.asker, MailboxId(id), chosen).await?;
    Ok(lead(HERE, &format!("{} is fetched from now on.", connection.address)))
}

pub(super) async fn test(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let (connection, folders) = connections::test(&app, &visitor.asker, MailboxId(id)).await?;
    let words = format!(
        "Both logins of {} work: to fetch and to send. It has {}.",
        connection.address,
        counted(folders, "folder", "folders")
    );
    Ok(lead(HERE, &words))
}

#[derive(Debug, Deserialize)]
pub(super) struct LoginForm {
    #[serde(default)]
    kind: String,
    password: String,
}

pub(super) async fn login(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<LoginForm>,
) -> Result<Response, Trouble> {
    let given = Given::typed(kind(&form.kind), Secret::new(form.password));
    let changed = connections::new_secret(&app, &visitor.asker, MailboxId(id), given).await?;
    Ok(lead(HERE, &format!("Signed in. {} is fetched again.", changed.address)))
}

#[derive(Debug, Deserialize)]
pub(super) struct RestForm {
    paused: String,
}

pub(super) async fn rest(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<RestForm>,
) -> Result<Response, Trouble> {
    let paused = form.paused == "1";
    let connection = connections::pause(&app, &visitor.asker, MailboxId(id), paused).await?;
    let words = if paused { "rests: nothing is fetched from it" } else { "is fetched again" };
    Ok(lead(HERE, &format!("{} {words}.", connection.address)))
}

#[derive(Debug, Deserialize)]
pub(super) struct SignatureForm {
    signature: String,
}

pub(super) async fn sign(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, form }: Posted<SignatureForm>,
) -> Result<Response, Trouble> {
    let connection = connections::sign(&app, &visitor.asker, MailboxId(id), &form.signature).await?;
    Ok(lead(HERE, &format!("The signature of {} is kept.", connection.address)))
}

pub(super) async fn remove(
    State(app): State<App>,
    Path(id): Path<i64>,
    Posted { visitor, .. }: Posted<Nothing>,
) -> Result<Response, Trouble> {
    let connection = connections::remove(&app, &visitor.asker, MailboxId(id)).await?;
    let words = format!(
        "{} is connected no more, and its password is forgotten. What was fetched stays in the record.",
        connection.address
    );
    Ok(lead(HERE, &words))
}
