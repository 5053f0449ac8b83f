//! Regard: what a firm owes its clients today, and who is about to feel forgotten.
//!
//! Modules in reading order: [`error`], [`ids`] and [`clock`] are shared by all; [`db`] holds the database;
//! [`record`] the entries and what is owed; [`firm`], [`staff`],
//! [`clients`] and [`matters`] who is who.

pub mod clients;
pub mod clock;
pub mod db;
pub mod error;
pub mod firm;
pub mod ids;
pub mod matters;
pub mod record;
pub mod staff;
