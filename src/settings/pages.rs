//! The pages of the settings.

mod account;
mod agents;
pub(crate) mod alarms;
mod connections;
mod data;
mod firm;
mod issuers;
mod join;
mod links;
mod log;
mod mailboxes;
mod people;
mod reminders;
mod signing;
mod subscriptions;
mod walls;
mod ways;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use crate::access::Access;
use crate::app::App;
use crate::board::Asker;
use crate::web::page::{Frame, Notice};
use crate::web::said::Telling;
use crate::web::visitor::Visitor;

/// The routes of this room.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/settings", get(account::show))
        .route("/settings/password", post(account::password))
        .route("/settings/tokens", post(account::make_token))
        .route("/settings/tokens/{id}/removing", post(account::remove_token))
        .route("/settings/mailboxes", get(mailboxes::show))
        .route("/settings/mailboxes/{id}", post(mailboxes::save))
        .route("/settings/mailboxes/{id}/owner", post(mailboxes::give))
        .route("/settings/connections/new", get(connections::begin))
        .route("/settings/connections", post(connections::connect))
        .route("/settings/connections/{id}/folders", get(connections::folders).post(connections::choose))
        .route("/settings/connections/{id}/test", post(connections::test))
        .route("/settings/connections/{id}/login", post(connections::login))
        .route("/settings/connections/{id}/rest", post(connections::rest))
        .route("/settings/connections/{id}/signature", post(connections::sign))
        .route("/settings/connections/{id}/removing", post(connections::remove))
        .route("/settings/calendar", get(subscriptions::show))
        .route("/settings/subscriptions", post(subscriptions::subscribe))
        .route("/settings/subscriptions/{id}/folders", post(subscriptions::choose))
        .route("/settings/subscriptions/{id}/writing", post(subscriptions::write_to))
        .route("/settings/subscriptions/{id}/login", post(subscriptions::login))
        .route("/settings/subscriptions/{id}/signing-in", post(signing::begin_following_again))
        .route("/settings/subscriptions/{id}/test", post(subscriptions::test))
        .route("/settings/subscriptions/{id}/rest", post(subscriptions::rest))
        .route("/settings/subscriptions/{id}/removing", post(subscriptions::remove))
        .route("/settings/connections/signing-in", post(signing::begin))
        .route("/settings/connections/{id}/signing-in", post(signing::begin_again))
        .route("/settings/signing-in/{id}", get(signing::show))
        .route("/settings/signing-in/{id}/asking", post(signing::ask))
        .route("/settings/signed-in", get(signing::back))
        .route("/settings/sign-ins", get(issuers::show).post(issuers::add))
        .route("/settings/sign-ins/{id}", get(issuers::one).post(issuers::change))
        .route("/settings/sign-ins/{id}/removing", post(issuers::remove))
        .route("/settings/reminders", get(reminders::show).post(reminders::wish))
        .route("/settings/reminders/sender", post(reminders::sender))
        .route("/due", post(reminders::due))
        .route("/settings/mailboxes.csv", get(mailboxes::csv))
        .route("/settings/excluded", post(mailboxes::exclude))
        .route("/settings/excluded.csv", get(mailboxes::excluded_csv))
        .route("/settings/excluded/removing", post(mailboxes::let_in))
        .route("/settings/people", get(people::show).post(people::add))
        .route("/settings/people.csv", get(people::csv))
        .route("/settings/people/{id}", post(people::save))
        .route("/settings/people/{id}/invitation", post(people::invite))
        .route("/settings/absences", post(people::away))
        .route("/settings/absences.csv", get(people::absences_csv))
        .route("/settings/absences/{id}/removing", post(people::here))
        .route("/settings/walls", get(walls::show).post(walls::raise))
        .route("/settings/walls.csv", get(walls::csv))
        .route("/settings/walls/lowering", post(walls::lower))
        .route("/settings/firm", get(firm::show).post(firm::save))
        .route("/settings/standards", get(firm::standards).post(firm::save_standard))
        .route("/settings/history/{id}", post(firm::bring_back))
        .route("/settings/log", get(log::show))
        .route("/settings/log.csv", get(log::csv))
        .route("/settings/data", get(data::show))
        .route("/settings/unreadable.csv", get(data::csv))
        .route("/settings/data/backup", post(data::backup))
        .route("/settings/data/verification", post(data::verify))
        .route("/join/{link}", get(join::show).post(join::join))
}

/// What the address of a settings page may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Said {
    said: String,
}

impl Said {
    /// With what was done.
    pub(crate) fn of(said: &str) -> Said {
        Said { said: said.to_owned() }
    }
}

/// A form without fields.
#[derive(Debug, Deserialize)]
struct Nothing {}

/// A page of the settings, in the list of them.
pub(crate) struct Tab {
    pub(crate) href: &'static str,
    pub(crate) words: &'static str,
    /// It is about the firm, and for its owners.
    pub(crate) is_firms: bool,
    pub(crate) is_here: bool,
}

/// The pages of the settings that somebody finds, with the one they are on.
pub(crate) fn tabs(visitor: &Visitor, here: &str) -> Vec<Tab> {
    let all = [
        ("/settings", "My account", false),
        ("/settings/mailboxes", "My mailboxes", false),
        ("/settings/calendar", "My calendar", false),
        ("/settings/reminders", "Reminders", false),
        ("/settings/texts", "Texts", false),
        ("/settings/firm", "Firm", true),
        ("/settings/people", "People", true),
        ("/settings/standards", "Standards", true),
        ("/settings/holding", "Holding reply", true),
        ("/settings/walls", "Walls", true),
        ("/settings/sign-ins", "Sign-ins", true),
        ("/settings/telephone", "Telephone", true),
        ("/settings/log", "Log", true),
        ("/settings/data", "Data", true),
    ];
    let is_owner = visitor.asker.access == Access::Owner;
    let shown = all.into_iter().filter(|(.., owners)| is_owner || !owners);
    let tab = |(href, words, is_firms)| Tab { href, words, is_firms, is_here: href == here };
    shown.map(tab).collect()
}

/// The frame of a page of the settings.
pub(crate) fn frame(visitor: &Visitor, said: &Said) -> Frame {
    Frame::new(visitor, "settings").with_notice(Notice::said(&said.said, ""))
}

/// Leads to a page of the settings, with what was done.
pub(crate) fn lead(to: &str, said: &str) -> Response {
    Telling::of(said).lead(to)
}

/// Everybody who works here, by name.
fn colleagues(asker: &Asker) -> Vec<(i64, String)> {
    asker.colleagues().into_iter().map(|(staff, name)| (staff.0, name.to_owned())).collect()
}
