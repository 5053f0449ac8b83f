//! Trains the reader's weights on labelled passages, and measures what it reads.

pub mod eval;
