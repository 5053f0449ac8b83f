//! Regard: what a firm owes its clients today, and who is about to feel forgotten.
//!
//! Modules in reading order: [`cli`] is what a person can ask for; [`web`] serves the pages, [`api`] programs, [`app`]
//! is what they share; [`today`] and [`sign_in`] are pages with their acts; [`intake`] brings mail, calls and lists in,
//! [`mailboxes`] fetches mail from servers, [`forwarding`] takes what is forwarded, [`subscriptions`] follows calendars and
//! address books, [`drafts`] is where letters are written and [`outbox`] sends them, all that goes on
//! by itself in the [`background`]; [`report`] says what they mean; [`board`] holds in
//! memory what is open and who may see it, [`access`] who may come in. [`config`] is what is set. [`error`], [`ids`],
//! [`clock`], [`disk`] and [`text`] are shared by all; [`db`] holds the database; [`record`] the entries and what is
//! owed; [`firm`], [`staff`], [`clients`] and [`matters`] who is who, [`departures`] who left.

pub mod access;
pub mod api;
pub mod app;
pub mod background;
pub mod board;
pub mod calls;
pub mod cli;
pub mod clients;
pub mod clock;
pub mod config;
pub mod correspondents;
pub mod db;
pub mod departures;
pub mod disk;
pub mod drafts;
pub mod error;
pub mod firm;
pub mod forwarding;
pub mod holding;
pub mod ids;
pub mod intake;
pub mod mailboxes;
pub mod matters;
pub mod notes;
pub mod notices;
pub mod outbox;
pub mod packed;
pub mod record;
pub mod report;
pub mod set_up;
pub mod settings;
pub mod sign_in;
pub mod staff;
pub mod subscriptions;
pub mod text;
pub mod today;
pub mod web;
