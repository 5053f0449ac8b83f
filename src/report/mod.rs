//! What is said of the findings: one overview, in a terminal, as a page, or as JSON.

pub mod build;
mod chart;
pub mod findings;
pub mod html;
pub mod overview;
pub mod owed;
pub mod stored;
pub mod tables;
pub mod text;
pub mod today;
pub mod told;
pub mod words;
