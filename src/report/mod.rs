//! What is said of the findings: one digest, in a terminal, as a page, or as JSON.

pub mod build;
mod chart;
pub mod digest;
pub mod findings;
pub mod html;
pub mod owed;
pub mod stored;
pub mod tables;
pub mod text;
pub mod today;
pub mod words;
