//! Trains the reader's weights on labelled passages, and measures what it reads.

pub mod data;
pub mod eval;
pub mod learn;
pub mod lines;
pub mod messages;
pub mod posts;
