//! Regard: what a firm owes its clients today, and who is about to feel forgotten.
//!
//! Modules in reading order: [`error`], [`ids`] and [`clock`] are shared by all; [`db`] holds the database;
//! [`record`] the entries and what is owed; [`firm`] whose it is.

pub mod clock;
pub mod db;
pub mod error;
pub mod firm;
pub mod ids;
pub mod record;
