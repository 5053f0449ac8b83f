//! How much was read, and what could not be.

use serde::Serialize;

/// How much was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Distinct messages.
    pub messages: u64,
    /// Further copies of messages already counted.
    pub duplicates: u64,
    /// Messages, files and rows that could not be read.
    pub unreadable: u64,
    /// Threads.
    pub threads: u64,
    /// Clients; without a client list, the correspondents that stand in for them.
    pub clients: u64,
    /// Telephone calls.
    pub calls: u64,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unreadable {
    /// Which file, and where in it.
    pub path: String,
    /// What is wrong with it.
    pub error: String,
}
