//! What the passages of a message do: its acts, and what the message as a whole wants.
//!
//! One pass: [`words`] cuts the text, [`sentences`] and [`frame`] find what is said between greeting and closing,
//! [`lexicon`] looks for the patterns of [`cues`], [`model`] weighs them together with single words, [`passage`]
//! says which part of the sentence is meant, and [`found`] where in the text it stands, and by when it is due. A [`post`] is no letter: whether it complains is told from
//! all of it.

#![allow(unreachable_pub, reason = "modules below are private; what leaves them is named here")]

mod classes;
mod clause;
mod close;
pub mod corrections;
mod cues;
mod features;
mod found;
mod frame;
mod gates;
mod label;
mod language;
mod lexicon;
mod message;
pub mod model;
mod passage;
mod post;
mod praise;
mod reach;
mod reader;
mod rows;
mod sentences;
mod things;
pub mod training;
mod words;

pub use corrections::Corrections;
pub use label::Label;
pub use language::Language;
pub use reader::{Leaving, Reader, Reading};
