//! The commands as stories from outside: the built program, on small invented mailboxes.

mod calendars;
mod contacts;
mod faults;
mod help;
mod own;
mod run;
mod schema;
mod stories;
#[path = "../support/mod.rs"]
mod support;
mod village;
