//! The pages of clients: the list, and each one's record.

mod about;
mod cards;
mod change;
mod client;
mod contact;
mod csv;
mod details;
mod entry;
mod kept;
mod list;
mod people;
mod proposed;
mod removing;
mod rows;
mod search;
mod theirs;
mod timeline;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use change::{change_back, merge_into, set_point_person};
pub(crate) use client::find;
pub(crate) use contact::{Kept, keep};
pub(crate) use details::{Filled, keep as keep_details};
pub(crate) use list::reasons;
pub(crate) use people::{join_people, reached_at};
pub(crate) use removing::remove;
pub(crate) use timeline::sentences;

/// The routes of this room.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/clients", get(list::show))
        .route("/clients.csv", get(csv::clients))
        .route("/clients/contacts.vcf", get(cards::all))
        .route("/clients/contacts.csv", get(cards::csv_of_all))
        .route("/clients/proposed", get(proposed::show).post(proposed::decide))
        .route("/clients/proposed.csv", get(proposed::csv))
        .route("/clients/proposed/undoing", post(proposed::undo))
        .route("/clients/{id}", get(client::show))
        .route("/clients/{id}/contacts.vcf", get(cards::of_client))
        .route("/clients/{id}/contacts.csv", get(cards::csv_of_client))
        .route("/clients/{id}/matters.csv", get(csv::matters))
        .route("/clients/{id}/record.csv", get(csv::record))
        .route("/clients/{id}/details", get(contact::lead).post(details::change))
        .route("/clients/{id}/contacts", get(contact::lead).post(contact::add))
        .route("/clients/{id}/contacts/{contact}", get(contact::lead_from).post(contact::change))
        .route("/clients/{id}/contacts/{contact}/removing", get(contact::lead_from).post(removing::removing))
        .route("/clients/{id}/point-person", post(change::point_person))
        .route("/clients/{id}/people/joining", post(people::join))
        .route("/clients/{id}/merging", post(change::merge))
        .route("/entries/{id}", get(entry::show))
        .route("/entries/{id}/files/{n}", get(entry::file))
        .route("/entries/{id}/reading", post(entry::correct))
        .route("/search", get(search::show))
        .route("/search.csv", get(search::csv))
        .route("/clients/views", post(kept::keep))
        .route("/clients/views/{view}/forgetting", post(kept::forget))
}
