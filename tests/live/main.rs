//! Mail as it arrives: from private servers into the record, and out again.

#[path = "../support/mod.rs"]
mod support;

mod few;
