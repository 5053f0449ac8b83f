//! The web app at its door: stories told by requests, each on a copy of the sample firm's record.

mod alone;
mod api;
mod calendar;
mod calls;
mod clients;
mod correspondents;
mod csv;
mod drafts;
mod due;
mod first_visit;
mod forwarding;
mod house;
mod letters;
mod mailboxes;
mod notes;
mod proposed;
mod record;
mod reminders;
mod search;
mod settings;
mod today;
