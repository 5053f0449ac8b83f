//! Reports that mail did not arrive: who was not reached, why, and whether ever.

use super::Letter;
use super::mime::Clues;

/// A report about another message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// What kind of report.
    pub kind: BounceKind,
    /// One for each recipient that is named.
    pub failures: Vec<Failure>,
}

/// What kind of report it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BounceKind {
    /// A message was not delivered, or only later.
    Bounce,
    /// A recipient called a message unwanted.
    FeedbackReport,
}

/// One recipient that was not reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Lower case; empty where the report does not say.
    pub recipient: String,
    /// Enhanced status code such as `5.1.1`, as reported.
    pub status: Option<String>,
    /// Why.
    pub reason: Reason,
    /// It will never arrive there.
    pub hard: bool,
}

/// Why a message did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Reason {
    /// Nothing says.
    #[default]
    Undefined,
}

pub(super) fn find(_letter: &Letter, _clues: &Clues) -> Option<Bounce> {
    None
}
