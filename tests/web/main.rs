//! The web app at its door: stories told by requests, each on a copy of the sample firm's record. With
//! `REGARD_TESTS_ON=postgres` all of them are told on a private PostgreSQL instead of SQLite.

#[path = "../../crates/wire/tests/support/cyrus.rs"]
mod cyrus;
#[path = "../../crates/wire/tests/support/sink.rs"]
mod sink;
#[path = "../support/mod.rs"]
mod support;

mod addressed;
mod alarms;
mod alone;
mod api;
mod api_acts;
mod calendar;
mod calls;
mod clients;
mod clocks;
mod contacts;
mod correspondents;
mod csv;
mod csv_lists;
mod doors;
mod drafts;
mod due;
mod ended;
mod fenced;
mod first_visit;
mod forged;
mod forwarding;
mod hostile;
mod house;
mod jmap;
mod later;
mod letters;
mod mailboxes;
mod narrowed;
mod notes;
mod proposed;
mod record;
mod refused;
mod reminders;
mod removed;
mod routes;
mod search;
mod senders;
mod sending;
mod settings;
mod shared;
mod sifted;
mod sign_ins;
mod strangers;
mod today;
mod told;
mod twice;
mod undone;
mod unseen;

use support::{after, ports};
