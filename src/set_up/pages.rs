//! The pages of the first visit.

mod hand_in;

use std::net::{IpAddr, SocketAddr};

use askama::Template;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::bring::{self, What};
use super::{FirmForm, OwnerForm, before, is_needed, make, sample};
use crate::app::App;
use crate::app::limits::tried_too_often;
use crate::error::{Error, Result};
use crate::firm::{holidays, week};
use crate::sign_in::pages::let_in;
use crate::web::assets;
use crate::web::forms::Anybody;
use crate::web::page::page;
use crate::web::trouble::Trouble;

/// The routes of this room.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/set-up", get(show).post(set_up))
        .route("/set-up/sample", post(open_sample))
        .merge(hand_in::routes())
}

/// A choice of a list.
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What it is called.
    pub name: String,
    /// It is the one that is chosen.
    pub is_chosen: bool,
}

/// The parts of the form about the firm, which its settings show as well.
pub struct FirmFields {
    /// What is typed.
    pub form: FirmForm,
    /// Time zones.
    pub zones: Vec<Choice>,
    /// Whose public holidays.
    pub regions: Vec<Choice>,
    /// The weekdays, with the name of each field and what is typed there.
    pub week: Vec<(&'static str, String, String)>,
}

impl FirmFields {
    /// The fields with what was typed.
    pub fn new(form: FirmForm) -> FirmFields {
        let choice = |value: &str, name: &str, chosen: &str| Choice {
            value: value.to_owned(),
            name: name.to_owned(),
            is_chosen: value == chosen,
        };
        let mut zones: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        zones.retain(|name| {
            name == "UTC"
                || (name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/"))
        });
        zones.sort_unstable();
        let none = choice("", "None: only the days below", &form.region);
        let regions = holidays::regions().iter().map(|region| choice(region.code, region.name, &form.region));
        FirmFields {
            zones: zones.iter().map(|name| choice(name, &name.replace('_', " "), &form.zone)).collect(),
            regions: std::iter::once(none).chain(regions).collect(),
            week: week::DAYS
                .iter()
                .zip(form.week())
                .map(|(day, line)| (*day, day.to_lowercase(), line.to_owned()))
                .collect(),
            form,
        }
    }
}

#[derive(Template)]
#[template(path = "set_up/show.html")]
struct SetUpPage {
    style: String,
    icon: String,
    script: String,
    fields: FirmFields,
    owner: OwnerForm,
    asks_code: bool,
    /// A record is there: an import made it.
    is_begun: bool,
    trouble: String,
}

/// The whole form.
#[derive(Debug, Default, Deserialize)]
struct SetUpForm {
    #[serde(flatten)]
    firm: FirmForm,
    #[serde(flatten)]
    owner: OwnerForm,
}

async fn show(State(app): State<App>) -> Result<Response, Trouble> {
    if !is_needed(&mut app.db.read().await?).await? || app.guest.is_some() {
        return Ok(Redirect::to("/").into_response());
    }
    let form = match before(&app.db).await? {
        Some(firm) => FirmForm::of(&firm),
        // The zone of the machine says nothing of where the firm is: its browser does, or a person.
        None => FirmForm::of(&crate::firm::Firm::new(String::new())),
    };
    // What an import took from its machine was nobody's choice either.
    let form = match form.zone.trim_start_matches("Etc/") {
        "UTC" => FirmForm { zone: String::new(), ..form },
        _ => form,
    };
    Ok(page(&set_up_page(&app, form, OwnerForm::default(), String::new()).await?)?)
}

async fn set_up_page(app: &App, firm: FirmForm, owner: OwnerForm, trouble: String) -> Result<SetUpPage> {
    Ok(SetUpPage {
        style: assets::address("regard.css"),
        icon: assets::address("icon.svg"),
        script: assets::address("regard.js"),
        fields: FirmFields::new(firm),
        owner: OwnerForm { password: String::new(), ..owner },
        asks_code: app.works.code().is_some(),
        is_begun: before(&app.db).await?.is_some(),
        trouble,
    })
}

/// What a person can mend stands above the form, with everything that was typed except the password.
async fn again(app: &App, form: SetUpForm, error: Error) -> Result<Response, Trouble> {
    let Error::Invalid { field, words } = error else { return Err(error.into()) };
    let mut words = format!("{field} {words}.");
    if let Some(first) = words.get(..1) {
        words = first.to_uppercase() + &words[1..];
    }
    let shown = page(&set_up_page(app, form.firm, form.owner, words).await?)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

/// Whoever guesses at the code waits, as whoever guesses at a password does.
fn slow_down(app: &App, from: Option<Extension<ConnectInfo<SocketAddr>>>) -> Result<()> {
    let address: Option<IpAddr> = from.map(|Extension(ConnectInfo(from))| from.ip());
    if app.works.code().is_some() {
        let wait = app.limits.count("the set-up code", address);
        wait.map_err(tried_too_often)?;
    }
    Ok(())
}

async fn set_up(
    State(app): State<App>,
    from: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Anybody(form): Anybody<SetUpForm>,
) -> Result<Response, Trouble> {
    if let Err(error) = slow_down(&app, from) {
        return again(&app, form, error).await;
    }
    let made = make(&app, &form.owner, |firm| form.firm.apply(firm)).await;
    match made {
        Ok((firm, staff)) => Ok(let_in(&app, firm, staff, &headers, Some("/bring-in")).await?),
        Err(error) => again(&app, form, error).await,
    }
}

async fn open_sample(
    State(app): State<App>,
    from: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Anybody(owner): Anybody<OwnerForm>,
) -> Result<Response, Trouble> {
    let form = |owner: OwnerForm| {
        let fresh = crate::firm::Firm::new(sample::ZONE.to_owned());
        SetUpForm { firm: FirmForm::of(&fresh), owner }
    };
    if let Err(error) = slow_down(&app, from) {
        return again(&app, form(owner), error).await;
    }
    if before(&app.db).await?.is_some() {
        let error = Error::invalid("the sample firm", "is for an empty record; yours has a firm already");
        return again(&app, form(owner), error).await;
    }
    let zone = TimeZone::get(sample::ZONE).map_err(|e| Error::Unexpected(e.into()))?;
    let (folder, today) = (app.works.folder()?, app.now().to_zoned(zone.clone()).date());
    let files = folder.join(format!("sample-{today}"));
    let to = files.clone();
    let written = tokio::task::spawn_blocking(move || sample::write(&to, today, &zone)).await;
    written.map_err(|e| Error::Unexpected(e.into()))??;
    match make(&app, &owner, |firm| sample::apply(&files, firm)).await {
        Ok((firm, staff)) => {
            let called = "Opening the sample firm".to_owned();
            bring::start(&app, firm, staff, What::Sample(files), called)?;
            Ok(let_in(&app, firm, staff, &headers, Some("/bring-in")).await?)
        }
        Err(error) => again(&app, form(owner), error).await,
    }
}
